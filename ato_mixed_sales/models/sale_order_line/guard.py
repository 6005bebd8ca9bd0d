# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SaleOrderLine(models.Model):
    """What no user writes on a line: it follows from what is done to the line."""

    _name = "sale.order.line"
    _inherit = ["ato.guarded.mixin", "sale.order.line"]

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "assembly_order_ids",
            "hold_move_ids",
            "qty_given_up",
            "split_from_line_id",
            "split_line_ids",
        }
