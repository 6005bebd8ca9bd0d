# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import pairwise

from odoo import models


class SaleOrderLine(models.Model):
    """Steps of a delivery that pull rules have asked for all at once.

    Odoo leaves the others as they are when the warehouse cancels one of them, or gives
    up its rest: they would wait for ever, or bring units for nobody.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _fit_pulled_steps(self):
        """Have each step ask for what the one before it brings, or has brought."""
        # where nothing is open, as usual, nothing waits
        for line in self._with_documents().filtered(lambda o: o._get_open_moves()):
            for supply in ("stock", "assembly"):
                stages = line._get_delivery_stages()
                parts = [
                    moves.filtered(lambda m, s=supply: (m.ato_supply or "stock") == s)
                    for moves in stages
                ]
                for before, step in pairwise(parts):
                    line._fit_pulled_step(before, step)
            line._get_pulled_for_nobody()._drop_demand()

    def _fit_pulled_step(self, before, step):
        """:param before: moves of one part, those of the step before `step`"""
        self.ensure_one()
        brought, gone = before._get_stage_facts(), step._get_stage_facts()
        there = max(brought.delivered - gone.delivered, 0.0)
        surplus = gone.asked - brought.asked - there
        pulled = step._filter_open().filtered(lambda m: m.rule_id.action == "pull")
        if self.product_id.uom_id.compare(surplus, 0.0) > 0:
            pulled._take_back(surplus)

    def _get_pulled_for_nobody(self):
        """Open earlier steps of deliveries that nobody goes on with."""
        self.ensure_one()
        return self.move_ids._filter_open().filtered(
            lambda move: move.ato_supply
            and move.rule_id.action == "pull"
            and move.location_dest_id.warehouse_id == move.location_id.warehouse_id
            and not move.location_dest_id._is_shelf()
            and not move._is_delivery_step()
            and not move._is_gone_on_with()
        )
