# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Assemble nothing for what is settled here.

        From then on Odoo sets the demand of every delivery row of the line to all
        that is left of it: there may be one only. Cashiers need no rights for it, as
        for what Odoo does to the order.
        """
        lines = super().create(vals_list)
        # sudo: which lines are settled; those of another company are not, by anybody
        settled = lines.sudo().filtered(
            lambda line: line.sale_order_line_id.company_id == line.company_id
        )
        settled.sale_order_line_id.with_env(self.env)._take_all_from_stock()
        return lines

    def _get_delivered_units(self):
        """What left the shop by these lines, in the unit of the product."""
        lines = self.filtered(
            lambda line: line.order_id.state not in ("cancel", "draft")
        )
        pickings = lines.order_id.picking_ids
        if any(picking.state != "done" for picking in pickings):
            return 0.0
        return sum(lines.mapped("qty"))
