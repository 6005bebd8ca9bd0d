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
        if not owned or self._is_line_deciding():
            return
        # the message names the sales order
        self.check_access("write")
        for production in self.sudo().filtered("ato_sale_line_id"):
            changed = [
                name
                for name in owned
                if production._fields[name].convert_to_cache(vals[name], production)
                != production._fields[name].convert_to_cache(
                    production[name], production
                )
            ]
            if changed and production.state not in ("done", "cancel"):
                raise UserError(production._get_owned_by_line_message(changed))

    def _is_line_deciding(self):
        """Whether the sales order line makes the change: nobody can say so by RPC."""
        return self.env.su and get_told(self, "ato_line_decides")

    def _with_line_decides(self):
        """These orders as their lines change them: component edits are left alone.

        To be taken of all orders at once: what Odoo recomputes for one of them, it
        recomputes for every one that it has read.
        """
        return tell(self, ato_line_decides=True).with_context(
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

    def action_confirm(self):
        """Confirm, except what a quotation still asks for.

        :raises AccessError: for who may not change the orders anyway
        :raises UserError: for the assembly order of a quotation
        """
        # the message names the quotation
        self.check_access("write")
        for production in self.sudo().filtered("ato_sale_line_id"):
            if production.ato_sale_line_id.state != "sale":
                raise UserError(
                    self.env._(
                        "%(assembly_order)s belongs to quotation %(order)s. It is "
                        "confirmed together with the quotation.",
                        assembly_order=production.name,
                        order=production.ato_sale_order_id.name,
                    )
                )
        res = super().action_confirm()
        # as Odoo's own reports know the order: but a finished move that is known by
        # the line would be counted among its deliveries (T1)
        self.sudo().filtered("ato_sale_line_id").move_finished_ids.sale_line_id = False
        return res

    def _compute_product_qty(self):
        return super(MrpProduction, self._get_unlinked())._compute_product_qty()

    def _compute_uom_id(self):
        return super(MrpProduction, self._get_unlinked())._compute_uom_id()

    def _compute_picking_type_id(self):
        return super(MrpProduction, self._get_unlinked())._compute_picking_type_id()

    def _get_unlinked(self):
        return self.filtered(lambda order: not order.ato_sale_line_id)
