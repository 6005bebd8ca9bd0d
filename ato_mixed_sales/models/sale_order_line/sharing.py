# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools
from typing import NamedTuple

from odoo import api, fields, models

from ... import split
from .availability import Assembly


class Shares(NamedTuple):
    """How the lines of one order share what there is, the first line first."""

    lines: list  # of each demand, several of a kit
    demands: list
    covers: list
    ledgers: dict  # what is left


class SaleOrderLine(models.Model):
    """How the lines of an order share stock and components, the first line first."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _share_stock(self, supplies, assemblies, made_of, stock, from_stock=()):
        """How the lines of one order are covered together.

        :param supplies: {line: Supply} of lines that are, or could be, assembled
        :param assemblies: as from `_get_assemblies`
        :param made_of: as from `_get_components_of_components`; False where nobody
            asks for the components
        :param stock: as from `_get_stock`
        :param from_stock: lines that are looked at as if all came from stock
        :return: Shares
        """
        lines, demands = [], []
        for line in self:
            if line in supplies:
                assembly = assemblies.get(line) or Assembly({})
                ask = line._get_assembled_demand
                if line in from_stock:
                    ask = line._get_demand_from_stock
                of_line = [ask(supplies[line], assembly, stock)]
            else:
                of_line = line._get_plain_demands(stock)
            lines += [line] * len(of_line)
            demands += of_line
        ledgers = self._get_ledgers(demands, made_of, stock)
        return Shares(lines, demands, split.share(demands, ledgers), ledgers)

    @api.model
    def _prepare_shares(self, shared, supplies):
        """{line: figures} of the lines that are, or could be, assembled"""
        return {
            line: line._leave_out_unaccepted(
                line._prepare_availability(demand, cover, supplies[line].promised)
            )
            for line, demand, cover in zip(
                shared.lines, shared.demands, shared.covers, strict=True
            )
            if line in supplies
        }

    @api.model
    def _answer(self, shared, answered, assemblies, stock, figures):
        """Say of `answered` when what is missing is there if it is assembled.

        :param shared: Shares of one order
        :param answered: lines of which `assemblies` have an answer
        :param figures: {line: figures}, to be completed
        """
        demands = []
        for line, demand in zip(shared.lines, shared.demands, strict=True):
            if line in answered:
                answer = assemblies[line].answer.items()
                demand = demand._replace(
                    answer=tuple(itertools.starmap(split.Component, answer)),
                    answer_lead=assemblies[line].answer_lead,
                )
            demands.append(demand)
        order = shared.lines[0].order_id._origin
        places = {c.place for demand in demands for c in demand.answer or ()}
        ledgers = self._draw_up_ledgers(places - shared.ledgers.keys(), order, stock)
        shared.ledgers.update(ledgers)
        days = split.answer(demands, shared.ledgers)
        for line, day in zip(shared.lines, days, strict=True):
            if line in answered:
                figures[line]["missing_date"] = day or False

    @api.model
    def _add_components(self, shared, made_of, figures):
        """Add to the figures of lines what their components are, one by one."""
        for line, demand, cover in zip(
            shared.lines, shared.demands, shared.covers, strict=True
        ):
            if line in figures:
                figures[line]["components"] = line._prepare_components(
                    demand, cover, made_of, shared.ledgers
                )

    def _get_ledgers(self, demands, made_of, stock):
        """What is free for this order, and when: {(warehouse, product): Ledger}"""
        places = {demand.place for demand in demands}
        for demand in demands:
            for component in demand.components:
                warehouse = component.place[0]
                places.add(component.place)
                parts = made_of and made_of.get(component.place) or ()
                places.update((warehouse, part) for part in parts)
        return self._draw_up_ledgers(places, self.order_id._origin, stock)

    @api.model
    def _draw_up_ledgers(self, places, order, stock):
        """What there is at `places`, what `order` asks for left out: {place: Ledger}"""
        today = fields.Date.context_today(self)
        return {
            place: split.Ledger(
                stock.places[place][0],
                [*stock.places[place][1], *stock.own.get((order, place), ())],
                today,
                split.QuickUnit(place[1].uom_id),
            )
            for place in places
        }
