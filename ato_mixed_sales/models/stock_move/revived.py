# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...private_context import get_told


class StockMove(models.Model):
    """Moves that other code cancels, or sets back to draft, without their documents."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _action_cancel(self):
        """Have lines do without an order whose finished move is cancelled (O9).

        And without what is made for them and is not stored after all.
        """
        if not self:
            return True
        if not get_told(self, "ato_step"):
            self._filter_open()._lose_unstored_units()
        made = self.filtered(lambda m: m.ato_supply == "assembly" and m.production_id)
        if made:
            orders = made._filter_open().production_id
            orders = orders.filtered(lambda order: order._has_not_started())
            orders._get_planner_decided()._follow_planner()
        return super()._action_cancel()

    def _get_cancelled(self):
        """Those of the moves of mixed lines that are cancelled, with their lines."""
        cancelled = self.filtered(lambda m: m.state == "cancel" and m.ato_supply)
        return cancelled and cancelled._with_line()

    def _follow_revival(self):
        """Be of the stock part, as the line has done without them (O9).

        Nothing is chained to them any more. What a linked order makes after all is
        free stock.
        """
        for order in self.production_id.filtered("ato_sale_line_id"):
            order._as_step()._leave_line()
        deliveries = self.filtered(lambda move: not move.production_id)
        deliveries.write({"ato_supply": "stock", "created_production_id": False})
        deliveries.sale_line_id._follow_delivery()
