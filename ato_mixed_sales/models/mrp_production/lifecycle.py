# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import UserError

from .owner import OWNED_BY_LINE
from .quotation import BEGUN

# by-products are moves of the same kind
MADE = frozenset({"move_finished_ids", "move_byproduct_ids"})
# by these a user has the order be made of something else
COMPONENTS = frozenset({"bom_id", "move_raw_ids"})
WATCHED = frozenset(
    {
        *OWNED_BY_LINE,
        *BEGUN,
        *MADE,
        *COMPONENTS,
        "ato_sale_line_id",
        "location_dest_id",
    }
)


class MrpProduction(models.Model):
    """What follows when linked orders change and go: nothing else overrides these."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        if not self.env.su:
            self._check_guarded(vals)
        if not WATCHED.intersection(vals):
            return super().write(vals)
        self._check_owned_by_line(vals)
        if BEGUN.intersection(vals):
            self._check_not_begun(vals)
        made = MADE.intersection(vals)
        if "ato_sale_line_id" in vals:
            # by this Odoo's own links and reports know the line, once it is confirmed
            is_known = "draft" not in self.mapped("state")
            vals = {**vals, "sale_line_id": is_known and vals["ato_sale_line_id"]}
        is_changed = COMPONENTS.intersection(vals)
        with self._telling_component_changes() if is_changed else nullcontext():
            # what is left, the user writes as the user
            if "move_raw_ids" in vals:
                vals = self._write_components(vals)
            res = super().write(vals) if vals else True
        if "bom_id" in vals:
            self._follow_new_bill(vals)
        if "location_dest_id" in vals:
            self._follow_output_place()
        if made and not self.env.su:
            self._check_makes_for_line()
        return res

    def unlink(self):
        # Odoo cancels them first
        self._unlink_except_linked()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_linked(self):
        for production in self._get_linked().filtered(lambda o: o.state != "cancel"):
            raise UserError(
                self.env._(
                    "%(assembly_order)s cannot be deleted: it is assembled for "
                    "%(order)s. Set Qty. to Assemble to Order to 0 there.",
                    assembly_order=production.name,
                    order=production.ato_sale_order_id.name,
                )
            )
