# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ... import split
from .worth import Worth


class SaleOrderLine(models.Model):
    """What the parts of a line cost: the product's cost, and that of what is made.

    Until it is there, by the costs of components and work centres as they are now;
    then what it has really cost. Odoo keeps no cost of lines without `sale_margin`.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_cost_worths(self, made_of):
        """What units cost: {line: Worth}

        :param made_of: as from `_get_made_of`
        """
        lines = self._with_documents().browse().union(*made_of)
        costs = lines._get_component_costs(made_of)
        boms = lines.assembly_bom_id
        kits = boms._get_kits()
        orders = lines.browse().assembly_order_ids.union(
            *(order for made in made_of.values() for order in made.bills)
        )
        # read in one go, not order by order
        orders.workorder_ids.mapped("workcenter_id.costs_hour")
        orders.workorder_ids.mapped("time_ids.date_end")
        return {
            line: line._get_cost_worth(made, costs, kits)
            for line, made in made_of.items()
        }

    def _get_component_costs(self, made_of):
        """What one of each component costs now: {company: {component: cost}}"""
        costs = {}
        for company, lines in self.grouped("company_id").items():
            components = self.env["product.product"].union(
                *(part for line in lines for part in made_of[line].bill),
                *(part for line in lines for part in made_of[line].now),
            )
            costs[company] = {
                component: component.with_company(company).standard_price
                for component in components
            }
        return costs

    def _get_cost_worth(self, made, costs, kits):
        """What one unit costs, in the unit and the currency of the line: a Worth

        :param costs: as from `_get_component_costs`
        :param kits: as from `mrp.bom._get_kits`
        """
        self.ensure_one()
        line, costs = self.with_company(self.company_id), costs[self.company_id]
        own = line._get_stock_cost()
        get_costs = line._get_made_costs if made.bills else line._get_estimated_costs
        assembled, by_bill = get_costs(made, costs, kits)
        together = split.blended(line._get_part_units(), own, assembled)
        return Worth(*map(line._convert_cost, (own, assembled, by_bill, together)))

    def _convert_cost(self, cost):
        """`cost` of a unit of the product in the company's currency, for the line."""
        self.ensure_one()
        return self._convert_to_sol_currency(
            self._convert_worth(cost), self.company_id.currency_id
        )

    def _get_estimated_costs(self, made, costs, kits):
        """What a unit costs that no linked order makes yet: (now, by the bill)"""
        self.ensure_one()
        bom = self.assembly_bom_id
        work = bom._get_work_cost(
            self.product_id,
            made.units,
            kits,
            self.product_no_variant_attribute_value_ids,
        )
        share = bom._get_own_cost_share()
        now, by_bill = (
            share * (split.rolled_up(needs, costs, made.units) + work / made.units)
            for needs in (made.now, made.bill)
        )
        return now, by_bill

    def _get_made_costs(self, made, costs, _kits):
        """What a unit of the linked orders costs: (as they are, by their bills)

        What was taken apart again does not count.
        """
        self.ensure_one()
        now = by_bill = units = 0.0
        for order, needs in made.bills.items():
            left = order._get_worth_units_left()
            share = order._get_own_cost_share() * left / order._get_worth_units()
            other = order._get_other_costs()
            now += share * (order._get_components_cost(costs) + other)
            by_bill += share * (split.rolled_up(needs, costs) + other)
            units += left
        return now / units, by_bill / units

    def _get_stock_cost(self):
        """What a unit from stock costs: one that has left by its inventory value."""
        self.ensure_one()
        cost, saved = self.product_id.standard_price, self._get_saved()
        left, value = saved._get_value_from_stock() if saved else (0.0, 0.0)
        if self.product_id.uom_id.compare(left, 0.0) <= 0:
            return cost
        stays = max(self._get_part_units().stock - left, 0.0)
        return (value + stays * cost) / (left + stays)

    def _get_value_from_stock(self):
        """(units of the product, their value) delivered from stock, net of returns"""
        self.ensure_one()
        units = value = 0.0
        if "done" not in self.move_ids.mapped("state"):
            return units, value
        for moves, sign in zip(
            self._get_outgoing_incoming_moves(), (1, -1), strict=True
        ):
            moves = moves.filtered(lambda move: move.state == "done")
            for move in moves:
                left = move if sign > 0 else move.origin_returned_move_id
                if left.ato_supply != "assembly":
                    units += sign * move._get_procured_units()
                    value += sign * move.value
        return units, value
