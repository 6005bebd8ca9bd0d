# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_units_delivered_elsewhere(self):
        """What customers took away at the point of sale: no move of the line tells.

        Counted as Odoo counts it among what is delivered.
        """
        # sudo: the documents of the shop are closed to salespeople
        sold = self.sudo().pos_order_line_ids
        return (
            super()._get_units_delivered_elsewhere()
            + sold._get_delivered_units()
            + sold.refund_orderline_ids._get_delivered_units()
        )
