# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..ato_company_mixin import AtoCompanyMixin


class SaleOrderLine(models.Model):
    """What no user writes on a line: it follows from what is done to the line."""

    _name = "sale.order.line"
    _inherit = ["ato.guarded.mixin", AtoCompanyMixin._name, "sale.order.line"]
    _guarded_fields = frozenset(
        {
            "assembly_order_ids",
            "component_changes",
            "hold_move_ids",
            "qty_given_up",
            "qty_held_back",
            "split_from_line_id",
            "split_line_ids",
        }
    )

    def _with_documents(self):
        """The lines, with what follows them: deliveries, holds, assembly orders.

        sudo: these are the warehouse's and the planner's, and closed to salespeople.
        No client calls what comes here; figures leave, or what the plan does with the
        documents of these very lines. Odoo leaves a client's defaults behind.
        """
        return self.sudo()
