# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models

from ... import split
from ...reading import read_columns
from ..product_product import OPEN_STATES


class SaleOrderLine(models.Model):
    """What each line of an order is waiting for: see `split.order_state`."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_assembled_states(self):
        """What assembled lines are waiting for.

        :return: {line: split.LineState}, by a number of queries that does not depend
            on the number of lines
        """
        opened = self.filtered(lambda line: line._is_outstanding())
        # these are all that share: what orders have in common is looked at once
        figures = opened.order_id.order_line._get_figures_among()
        states = dict.fromkeys(self, split.LineState())
        for line in opened:
            if line in figures:
                states[line] = line._get_assembled_state(figures[line])
        return states

    def _is_outstanding(self):
        """Whether goods of the line are ordered and not delivered."""
        self.ensure_one()
        return (
            self.product_id.type == "consu"
            and not self.display_type
            and self.product_uom_id.compare(self.product_uom_qty, self.qty_delivered)
            > 0
        )

    def _get_assembled_state(self, figures):
        """:param figures: of the line, as from `_get_figures_among`"""
        self.ensure_one()
        needed, assembly = self._get_open_parts(figures)
        there = min(figures["stock_on_hand_qty"], figures["free_stock_qty"])
        there += figures["stock_held_qty"]
        return split.LineState(
            is_open=needed + assembly > 0 or self._is_asked_for(),
            to_decide=self._is_to_decide(figures),
            to_assemble=figures["remaining_qty"] > 0,
            leaves_now=(
                self.product_uom_id.compare(there, needed) >= 0
                and not self._awaits_own_supply()
            ),
        )

    def _is_to_decide(self, figures):
        """Whether somebody is to decide what becomes of it.

        :param figures: of the line, as from `_get_figures_among`
        """
        self.ensure_one()
        return (
            figures["missing_qty"] > 0
            or figures["components_short_qty"] > 0
            or figures["is_late"]
        )

    @api.model
    def _get_lines_to_decide(self, beside):
        """Lines about which something is to be decided, whichever user's they are.

        :param beside: lines that are looked at after it, and read together with them
        :return: (lines that may be among them, those that are)
        """
        doubted = self._with_documents().browse(self._find_candidates(["is_late"]))
        together = doubted | beside
        read_columns(together)
        figures = together._get_figures_among()
        decided = doubted.filtered(
            lambda line: line._is_outstanding()
            and line in figures
            and line._is_to_decide(figures[line])
        )
        return doubted, decided

    def _is_asked_for(self):
        """Whether a delivery is still to bring it; of a quotation, it will be asked.

        As in Odoo, nobody asks for what came back, or what was cancelled.
        """
        self.ensure_one()
        return self.state != "sale" or bool(self._get_open_moves())

    def _get_open_moves(self):
        return self.move_ids.filtered(
            lambda move: move.state in OPEN_STATES
            and not move.production_id
            and not move._is_incoming()
        )

    def _awaits_own_supply(self):
        """Whether Odoo buys or makes something for this very line, not there yet."""
        self.ensure_one()
        if self.state != "sale":
            by_route = self._is_replenished_on_order()
            return by_route and not self._is_split_by_source()
        return any(
            origin.state in OPEN_STATES
            and (origin.production_id or origin.sale_line_id != self)
            for move in self._get_open_moves()
            if move.state != "assigned" and move.ato_supply != "assembly"
            for origin in move.move_orig_ids
        )

    def _get_plain_states(self):
        """What lines that are not assembled are waiting for: as `_get_assembled_states`

        Lines of one order that take of the same share it, the first line first.
        """
        opened = self.filtered(lambda o: o._is_outstanding() and o._is_asked_for())
        quotations = opened.filtered(lambda line: line.state != "sale")
        free = quotations._get_free_of_quotations()
        stock = (opened - quotations)._get_stock_of_plain()
        states, taken = dict.fromkeys(self, split.LineState()), defaultdict(float)
        for line in opened:
            takes = stock.asked.get(line, {})
            if line in quotations and line.product_id.is_storable:
                units = line._to_product_units(
                    line.product_uom_qty - line.qty_delivered
                )
                takes = {(line.warehouse_id, line.product_id): units}
            leaves = not line._awaits_own_supply()
            for place, units in takes.items():
                there = free[place] if line in quotations else stock.places[place][0]
                taken[line.order_id, place] += units
                wanted = taken[line.order_id, place]
                leaves &= place[1].uom_id.compare(there, wanted) >= 0
            states[line] = split.LineState(is_open=True, leaves_now=leaves)
        return states

    def _get_free_of_quotations(self):
        """{(warehouse, product): free now}, of kits what their components allow"""
        free = {}
        for warehouse, lines in self.grouped("warehouse_id").items():
            products = lines.product_id.with_context(warehouse_id=warehouse.id)
            for product, counted in zip(lines.product_id, products, strict=True):
                free[warehouse, product] = counted.free_qty
        return free

    def _get_stock_of_plain(self):
        """What there is of what the deliveries of these lines ask for: Stock"""
        places = defaultdict(self.env["product.product"].browse)
        for line in self:
            places[line.warehouse_id] |= line._get_open_moves().product_id
        return self._get_stock(places)
