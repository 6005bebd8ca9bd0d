# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models


class MrpProduction(models.Model):
    """What linked orders are made of, for what that is worth."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _get_worth_units(self):
        """How many the order makes, or has made, in the product's unit."""
        self.ensure_one()
        made = self.qty_produced if self.state == "done" else self.product_qty
        return self.product_uom_id._compute_quantity(
            made, self.product_id.uom_id, round=False
        )

    def _get_worth_components(self):
        """What these orders are made of as they are now, untracked products as well.

        What is asked for until they are done, then what was used.

        :return: {component: quantity in its unit}
        """
        quantities = defaultdict(float)
        for order in self:
            moves = order.move_raw_ids.filtered(lambda move: move.state != "cancel")
            for move in moves:
                quantity = move.product_uom._compute_quantity(
                    move.quantity if order.state == "done" else move.product_uom_qty,
                    move.product_id.uom_id,
                    round=False,
                )
                quantities[move.product_id] += quantity
        return {component: qty for component, qty in quantities.items() if qty > 0}

    def _get_worth_units_left(self):
        """Of what the order makes, or has made, what nobody took apart again."""
        self.ensure_one()
        units = self._get_worth_units()
        if self.state != "done":
            return units
        return min(units, self._get_units_to_take_apart())

    def _get_components_cost(self, costs):
        """What the components cost: those of a done order what their moves say.

        :param costs: {component: what one costs now}
        :return: in the currency of the company, for all that the order makes
        """
        self.ensure_one()
        if self.state == "done":
            used = self.move_raw_ids.filtered(lambda move: move.state == "done")
            return sum(used.mapped("value"))
        needed = self._get_worth_components()
        return sum(costs[component] * needed[component] for component in needed)

    def _get_work_cost(self):
        """What the work costs: done, by Odoo's own count, else by its estimate."""
        self.ensure_one()
        works = self.workorder_ids.filtered(lambda work: work.state != "cancel")
        if self.state == "done":
            return works._cal_cost()
        done = works.filtered(lambda work: work.state == "done")
        planned = sum(work._compute_expected_operation_cost() for work in works - done)
        return done._cal_cost() + planned

    def _get_other_costs(self):
        """What work and anything else costs that is no component, for all units."""
        self.ensure_one()
        return self._get_work_cost() + self.extra_cost * self._get_worth_units()

    def _get_own_cost_share(self):
        """What share of its cost the product bears: by-products bear the rest."""
        self.ensure_one()
        others = self.move_byproduct_ids.filtered(lambda move: move.state != "cancel")
        return 1.0 - sum(others.mapped("cost_share")) / 100.0
