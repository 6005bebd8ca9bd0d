# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from odoo import fields, models

from ... import split
from ...reading import compute_together, read_columns, read_linked


class Supply(NamedTuple):
    """What is still to be delivered of a line, in units of its product."""

    stock: float  # N
    waiting: float  # W
    remaining: float  # R
    promised: date | None = None  # the day on which the line is to be delivered
    held: float = 0.0  # units in stock that are held for the line


class Assembly(NamedTuple):
    """How what is still to be assembled for a line is made."""

    needs: dict  # {(warehouse, component): (required, held)}, in units of components
    started: float = 0.0  # what cannot be taken back, in units of the product
    lead: int = 0  # days that it takes
    planned: date | None = None  # when it is planned to be finished, if it is planned
    answer: dict | None = None  # {(warehouse, component): required} for what is missing
    answer_lead: int = 0  # days that assembling this takes


class Stock(NamedTuple):
    """What there is for some lines; a place is (warehouse, product)."""

    places: dict  # {place: (free today, [(day, change)])}
    own: dict  # {(order, place): [(day, change)]}, to leave out what the order asks for
    asked: dict  # {line: {place: what its deliveries ask for and do not hold}}
    lots: dict  # {line: the only lot that it takes, empty where there is none}

    def update(self, other):
        """Add what there is in other places."""
        self.places.update(other.places)
        self.own.update(other.own)
        for line, asked in other.asked.items():
            self.asked[line].update(asked)


class SaleOrderLine(models.Model):
    """What covers the lines, and when: one calculation for all their figures.

    Data flows one way: what the lines ask for, how it is assembled, what there is of
    it, and how it is shared.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_availability(self, with_components=False, among=False):
        """How these lines are covered by their delivery dates (R69 to R78).

        Lines of one order share stock and components, the first line first: all that
        take of the same are looked at. Orders do not see each other.

        :param with_components: add what the components are, one by one
        :param among: these are all that share what may be too little: leave out others
        :return: {line: figures, in the unit of the line} of lines that are assembled,
            or can be, by a number of queries that does not depend on their number
        """
        batches = self._with_documents()._get_lines_by_order(among)
        lines = self._with_documents().browse().union(*batches.values())
        supplies, assemblies, made_of, stock = lines._read_availability(
            with_components=with_components
        )
        shares = [
            batch._share_stock(supplies, assemblies, made_of, stock)
            for batch in batches.values()
        ]
        figures = {}
        for shared in shares:
            figures.update(self._prepare_shares(shared, supplies))
        if among:  # nobody asks how what is missing could be assembled
            return figures
        assembled = lines.filtered(lambda line: line in supplies)
        answered = assembled._add_answers(figures, assemblies)
        places = answered._get_places(assemblies, {}, stock)
        if places:
            stock.update(lines._get_stock(places))
        for shared in shares:
            if any(line in answered for line in shared.lines):
                self._answer(shared, answered, assemblies, stock, figures)
            if with_components:
                self._add_components(shared, made_of, figures)
        return figures

    def _read_availability(self, following=(), with_components=False):
        """What these lines ask for, how it is assembled, of what, and what there is.

        :param following: those that are assembled whatever their product is by now
        """
        self._origin._read_documents()
        compute_together(self, "is_assembled")
        assembled = self.filtered(
            lambda line: line in following
            or line.is_assembled
            or line.qty_to_assemble_to_order > 0
        )
        moves = assembled._origin._group_stock_part_moves()
        supplies = {
            line: line._get_supply()._replace(
                held=moves[line._get_saved()]._get_reserved_units()
            )
            for line in assembled
        }
        assemblies = assembled._get_assemblies(supplies)
        made_of = with_components and self._get_components_of_components(assemblies)
        stock = self._get_stock(assembled._get_places(assemblies, made_of))
        assembled._add_only_lots(stock)
        return supplies, assemblies, made_of, stock

    def _get_lines_by_order(self, among=False):
        """Lines that are still open, by order, what is being typed included.

        :param among: whether to leave out the other lines of the orders
        :return: {order: its lines in their order}
        """
        lines_of_orders = self if among else self | self.order_id.order_line
        batches = {}
        for order, lines in self.grouped("order_id").items():
            # a line that is being typed stands for the saved one
            others = (self.browse() if among else order.order_line).filtered(
                lambda o, saved={*lines._origin._ids}: o._origin.id not in saved
            )
            batch = (lines | others).with_prefetch(lines_of_orders._ids)
            batches[order] = batch.filtered(
                lambda o: o.product_id and o.state != "cancel"
            )
        batches.update(self._filter_shared(batches))
        # what is read of a line is read of the lines of all orders, and of no others
        ids = [line_id for batch in batches.values() for line_id in batch._ids]
        return {
            order: batch.with_prefetch(ids).sorted(
                lambda o: (o.sequence, not o._origin, o._origin.id)
            )
            for order, batch in batches.items()
        }

    def _read_documents(self):
        """Read what belongs to the lines in one go, not line by line."""
        # of more than a thousand, following a link reads each alone
        read_columns(self)
        read_columns(self.order_id)
        read_linked((self, "assembly_order_ids"))
        orders = self.assembly_order_ids
        orders.mapped("bom_id.produce_delay")
        read_linked(
            (self, "move_ids"),
            (self, "hold_move_ids"),
            (orders, "move_finished_ids"),
            (orders, "move_raw_ids"),
        )
        raw = orders.move_raw_ids
        moves = self.move_ids | self.hold_move_ids | orders.move_finished_ids | raw
        (moves.location_id | moves.location_dest_id).mapped("usage")
        products = self.product_id | raw.product_id
        read_columns(products)
        read_columns(products.product_tmpl_id)
        products.mapped("product_tmpl_id.uom_id")

    def _get_saved(self):
        """The line as it is saved, empty when it is new or of another product now."""
        self.ensure_one()
        saved = self._origin
        if saved == self or saved.product_id == self.product_id:
            return saved
        return saved.browse()

    def _get_supply(self):
        """What is still to be delivered by source, in units of the product.

        A quotation that was an order before may have been delivered in part.
        """
        self.ensure_one()
        parts, saved = self._get_part_units(), self._get_saved()
        promised = self._get_promised_day()
        if not saved:
            return Supply(parts.stock, 0.0, parts.assembly, promised)
        figures = saved._get_figures(parts)
        waiting = max(figures.assembled - figures.shipped_assembled, 0.0)
        needed = max(figures.undelivered_stock, 0.0)
        return Supply(needed, waiting, figures.remaining, promised)

    def _is_replenished_on_order(self):
        """Whether Odoo buys or makes for each order, so that stock does not matter."""
        self.ensure_one()
        return self.warehouse_id.mto_pull_id.route_id in self._get_routes()

    # What there is

    def _get_places(self, assemblies, made_of, known=None):
        """Which products are to be looked for where: {warehouse: products}

        :param known: Stock, of which the places are left out
        """
        places = {(line.warehouse_id, line.product_id) for line in self}
        for line in self.filtered(assemblies.get):
            places.update(assemblies[line].needs, assemblies[line].answer or ())
        for (warehouse, _product), needs in (made_of or {}).items():
            places.update((warehouse, component) for component in needs)
        products = defaultdict(set)
        for warehouse, product in places.difference(known.places if known else ()):
            products[warehouse].add(product.id)
        return {
            warehouse: self.env["product.product"].browse(product_ids)
            for warehouse, product_ids in products.items()
        }

    def _get_stock(self, products_by_warehouse):
        """What there is of these products, and what the orders of the lines ask for.

        :return: Stock
        """
        lines = self._origin
        moves = lines.move_ids | lines._get_open_assembly_orders().move_raw_ids
        stock = Stock(
            {}, defaultdict(list), defaultdict(lambda: defaultdict(float)), {}
        )
        get_day = cache(partial(fields.Date.context_today, self))
        for warehouse, products in products_by_warehouse.items():
            expected = products._get_expected_stock(warehouse, moves)
            for product in products:
                stock.places[warehouse, product] = (
                    expected.free.get(product, 0.0),
                    expected.changes.get(product, []),
                )
            for move, asked in expected.asked.items():
                line, place = move._get_supplied_line(), (warehouse, move.product_id)
                stock.own[line.order_id, place].append((get_day(move.date), asked))
                stock.asked[line][place] += asked
            for move, arrivals in expected.bound.items():
                line, place = move._get_supplied_line(), (warehouse, move.product_id)
                stock.own[line.order_id, place] += arrivals
        return stock

    def _get_plain_demands(self, stock):
        """What a line that is not assembled takes of what assembled lines need.

        :param stock: as from `_get_stock`
        :return: list of split.Demand, several for a kit
        """
        self.ensure_one()
        asked = {}
        if self.state == "sale":
            asked = stock.asked.get(self._origin, {})
        elif not self._is_replenished_on_order():
            asked = {(self.warehouse_id, self.product_id): self._get_supply().stock}
        return [
            split.Demand(place, self._get_delivery_day(), stock=quantity)
            for place, quantity in asked.items()
            if place in stock.places
        ]

    def _get_assembled_demand(self, supply, assembly, stock):
        """What an assembled line asks for, of its own product and of components.

        :param supply: as from `_get_supply`
        :param assembly: how what is to be assembled is made
        :param stock: as from `_get_stock`
        """
        self.ensure_one()
        place, held = self._get_stock_place(stock), supply.held
        needed = supply.stock - self._get_own_supply(supply, stock)
        return split.Demand(
            place,
            max(supply.promised, fields.Date.context_today(self)),
            stock=max(needed, 0.0),
            held=held,
            waiting=supply.waiting,
            remaining=supply.remaining,
            reducible=max(supply.remaining - assembly.started, 0.0),
            components=tuple(
                split.Component(place, required, held)
                for place, (required, held) in assembly.needs.items()
            ),
            lead=assembly.lead,
            planned=assembly.planned,
            whole=self.product_id._round_down_to_units,
            calendar=self.warehouse_id._get_work_days(),
        )

    def _get_own_supply(self, supply, stock):
        """What of the stock part needs no stock, in units of the product.

        Odoo makes or buys it for this very line, by a route that replenishes on
        order; or no delivery asks for it, as for what came back from the customer.
        """
        self.ensure_one()
        if self.state != "sale":
            split_by_source = self._is_split_by_source()
            by_route = not split_by_source and self._is_replenished_on_order()
            return supply.stock if by_route else 0.0
        saved, place = self._get_saved(), (self.warehouse_id, self.product_id)
        asked = stock.asked.get(saved, {}).get(place, 0.0)
        needed = supply.stock
        if saved != self:  # being typed: its deliveries ask for what is saved
            needed = saved._get_supply().stock if saved else 0.0
        unasked = max(needed - supply.held - asked, 0.0)
        # in dozens, Odoo may have asked for 11.04 where it means 11
        return unasked and self._to_product_units(self._to_line_unit(unasked))

    def _get_promised_day(self):
        """The day on which the line is to be delivered, where the user is."""
        self.ensure_one()
        return fields.Date.context_today(self, self._get_assembly_deadline())

    def _get_delivery_day(self):
        """The day by which the line can still be delivered: as promised, or today."""
        return max(self._get_promised_day(), fields.Date.context_today(self))

    # What it means for the line

    def _prepare_availability(self, demand, cover, promised):
        """The figures of the line, in its unit.

        :param demand: split.Demand
        :param cover: split.Cover, how it is covered
        :param promised: the day on which the line is to be delivered
        """
        self.ensure_one()
        held = min(demand.held, demand.stock)
        figures = {
            "reserved_stock_qty": held,
            "free_stock_qty": cover.free,
            "expected_stock_qty": cover.expected,
            "able_to_assemble_qty": cover.able,
            "components_short_qty": demand.remaining - cover.able,
            "missing_qty": cover.missing,
            "deductible_qty": cover.deductible,
            "stock_needed_qty": demand.stock,
            "stock_held_qty": cover.held,
            "stock_on_hand_qty": cover.on_hand,
            "stock_due_qty": cover.due,
            "waiting_qty": demand.waiting,
            "remaining_qty": demand.remaining,
        }
        bound = demand.waiting + demand.remaining if self.state == "sale" else 0.0
        figures["reserved_qty"] = held + bound
        figures = self._to_line_units(figures)
        is_open = demand.stock > 0 or demand.waiting or demand.remaining
        figures.update(
            delivery_date=promised,
            availability_date=is_open and cover.ready or False,
            stock_date=demand.stock > 0 and cover.in_stock or False,
            assembly_date=demand.remaining > 0 and cover.assembled or False,
            missing_date=False,
        )
        return figures
