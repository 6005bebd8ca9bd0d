# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ...private_context import get_ignored_orders, get_told, tell

OWNED_BY_LINE = frozenset(
    {
        "product_id",
        "product_qty",
        "product_uom_id",
        "picking_type_id",
        "date_deadline",
        "location_final_id",
        "sale_line_id",
    }
)


class MrpProduction(models.Model):
    """What is the sales order line's: changed there, and nowhere else (R37)."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _check_owned_by_line(self, vals):
        """Leave to the sales order line what is the line's (R37).

        :raises AccessError: for who may not change the orders anyway
        :raises UserError: when something else than the line changes it
        """
        owned = OWNED_BY_LINE.intersection(vals)
        if not owned or get_told(self, "ato_step"):
            return
        # the message names the sales order
        self.check_access("write")
        for production in self._get_linked():
            changed = [o for o in owned if production._is_changed_by(o, vals[o])]
            if changed and production.state not in ("done", "cancel"):
                raise UserError(production._get_owned_by_line_message(changed))

    def _is_changed_by(self, name, value):
        field = self._fields[name]
        old, new = (field.convert_to_cache(v, self) for v in (self[name], value))
        return old != new

    def _check_makes_for_line(self):
        """Have linked orders make for their lines what these ask for, no more.

        :raises UserError: when a client has changed what an order makes, or where
        """
        self._check_output_of_moves()
        for order in self._get_making():
            if order.state not in ("draft", "confirmed"):
                continue
            made = order._get_finished_moves_for_line().filtered(
                lambda move, order=order: move.product_id == order.product_id
            )
            less = order._get_demanded_units() - made._get_procured_units()
            if not order.product_id.uom_id.is_zero(less):
                raise UserError(order._get_owned_by_line_message(["product_qty"]))

    def _is_step(self):
        """Whether a plan is carried out, so that nothing happens that asks for one."""
        return bool(get_told(self, "ato_step"))

    def _as_step(self):
        """These orders as plans change them: component edits are left alone.

        To be taken of all orders at once: what Odoo recomputes for one of them, it
        recomputes for every one that it has read.
        """
        return tell(self, ato_step=True).with_context(
            skip_compute_move_raw_ids=True,
            ignore_mo_ids=get_ignored_orders(self.env) + self.ids,
        )

    def _get_owned_by_line_message(self, field_names):
        self.ensure_one()
        labels = self.fields_get(sorted(field_names), ["string"])
        return self.env._(
            "%(assembly_order)s assembles %(product)s for %(order)s: %(fields)s can "
            "only be changed there, on the order line.",
            assembly_order=self.name,
            product=self.product_id.display_name,
            order=self.ato_sale_order_id.name,
            fields=", ".join(label["string"] for label in labels.values()),
        )

    def _compute_product_qty(self):
        return super(MrpProduction, self._get_unlinked())._compute_product_qty()

    def _compute_uom_id(self):
        return super(MrpProduction, self._get_unlinked())._compute_uom_id()

    def _compute_picking_type_id(self):
        return super(MrpProduction, self._get_unlinked())._compute_picking_type_id()

    def _get_unlinked(self):
        return self.filtered(lambda order: not order.ato_sale_line_id)
