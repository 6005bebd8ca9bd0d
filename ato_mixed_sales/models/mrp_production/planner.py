# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...private_context import sanitized


class MrpProduction(models.Model):
    """What the planner decides, and the line follows."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _action_cancel(self):
        self._check_not_quotations_own()
        self._get_planner_decided()._follow_planner()
        return super()._action_cancel()

    def _post_inventory(self, cancel_backorder=False):
        self._check_output_of_moves()
        res = super()._post_inventory(cancel_backorder=cancel_backorder)
        self._get_planner_decided()._follow_planner()
        return res

    def _follow_planner(self):
        """Have the lines do without what these orders do not make after all."""
        if self:
            self.ato_sale_line_id._follow_production(self)

    def _get_planner_decided(self):
        """Those of the orders that a confirmed sales order line counts on."""
        if self._is_step():
            return self.browse()
        # what the planner decides is carried out on documents of the seller
        orders = sanitized(self)._get_linked()
        return orders.filtered(lambda o: o.ato_sale_line_id.state == "sale")
