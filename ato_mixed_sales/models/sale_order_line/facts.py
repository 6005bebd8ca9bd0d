# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models

from ... import split


class SaleOrderLine(models.Model):
    """What is true of the lines: nobody else reads moves and orders for the plan."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_facts(self):
        """The facts of these lines, in units of their products.

        :return: {line: split.Line}, its orders known by their records, by a number of
            queries that does not depend on the number of lines
        """
        lines = self._with_documents()
        lines._read_for_facts()
        return {line: line._get_line_facts() for line in lines}

    def _read_for_facts(self):
        """Read what belongs to the lines in one go, not line by line."""
        moves, orders = self.move_ids, self.assembly_order_ids
        (moves | orders.move_finished_ids).filtered("state")
        moves.move_orig_ids.filtered("state")
        moves._get_put_backs()
        moves.move_line_ids.mapped("quantity_product_uom")

    def _get_line_facts(self):
        counted = self._get_outgoing_incoming_moves(strict=False)
        return self._get_figures()._replace(
            returning=self._get_returning_units(counted),
            orders=self._get_order_facts(),
            **self._get_delivery_parts(counted),
        )

    def _get_figures(self, parts=None):
        """What is ordered, shipped and made, whatever state the line is in.

        :param parts: split.Parts that are ordered, in units of the product; what the
            line says unless told
        :return: split.Line without what deliveries and orders still ask for
        """
        self.ensure_one()
        line = self._with_documents()
        quantities = parts or line._get_part_units()
        shipped, shipped_assembled = line._get_shipped_units()
        return split.Line(
            unit=line.product_id.uom_id,
            ordered=sum(quantities),
            to_assemble=quantities.assembly,
            shipped=shipped,
            shipped_assembled=shipped_assembled,
            made=line._get_made_units(),
            given_up=line.qty_given_up,
        )

    def _get_made_units(self):
        """What linked orders have made for the line, given up or not."""
        return sum(
            order._get_made_units()
            for order in self.assembly_order_ids
            if "done" in order.move_finished_ids.mapped("state")
        )

    def _get_order_facts(self):
        """Linked orders that are still to make something: a tuple of split.Order"""
        self.ensure_one()
        opened = self._get_open_assembly_orders().sorted("id")
        here = self._get_orders_where_it_assembles(opened)
        return tuple(
            split.Order(
                order,
                order._get_producing_units(),
                has_started=order._is_under_way(),
                is_elsewhere=order not in here,
            )
            for order in opened
        )

    def _get_shipped_units(self):
        """S and Sa, counted from the moves: (net of returns, ever from assembly)"""
        self.ensure_one()
        shipped = self._get_units_delivered_elsewhere()
        if "done" not in self.move_ids.mapped("state"):
            return shipped, 0.0
        outgoing, incoming = (
            moves.filtered(lambda move: move.state == "done")
            for moves in self._get_outgoing_incoming_moves(strict=True)
        )
        shipped += outgoing._get_procured_units() - incoming._get_procured_units()
        return shipped, self._get_shipped_assembled_units()

    def _get_returning_units(self, counted):
        """What is asked back from the customer and has not come.

        For Odoo, what is put back from a later step of the delivery is incoming too.

        :param counted: (outgoing, incoming) moves, as Odoo counts them
        """
        self.ensure_one()
        _outgoing, incoming = counted
        asked_back = incoming.filtered(
            lambda move: move.state != "done" and move.location_id._is_outgoing()
        )
        return asked_back._get_procured_units()

    def _get_delivery_parts(self, counted=None):
        """The delivery of each part, step by step: {supply: split.Part}

        :param counted: (outgoing, incoming) moves, as Odoo counts them
        """
        self.ensure_one()
        stages, parts = self._get_delivery_stages(counted), {}
        for supply in ("stock", "assembly"):
            shelf, *later = (
                moves.filtered(lambda m, s=supply: (m.ato_supply or "stock") == s)
                for moves in stages
            )
            passed = shelf._get_stage_facts()
            if later:
                behind = shelf.browse().union(*later)
                between = passed.delivered + shelf._get_units_behind(behind)
                later = split.cap_under_way(
                    [moves._get_stage_facts(under_way=True) for moves in later],
                    between,
                )
            parts[supply] = split.Part((passed, *later))
        return parts

    def _get_delivery_stages(self, counted=None):
        """The moves of the delivery by step, the shelf first: a list of moves

        Those behind the first step are told by the chain.
        """
        first, later = self._get_shelf_and_later(counted)
        by_depth = defaultdict(self.env["stock.move"].browse)
        for move in later:
            by_depth[move._get_depth_among(later)] |= move
        return [first, *(by_depth[depth] for depth in sorted(by_depth))]

    def _get_shelf_stage(self):
        """The moves by which the line's units leave the shelf."""
        shelf, _later = self._get_shelf_and_later()
        return shelf

    def _get_shelf_and_later(self, counted=None):
        """The moves by which the line's units leave the shelf, and those behind.

        Those that Odoo counts as the demand of the line, and those by which others
        leave the same shelf since the steps of the warehouse were changed (E10). By
        pull rules Odoo counts the last step: the first one is what it was pulled from.
        """
        self.ensure_one()
        counted = counted or self._get_outgoing_incoming_moves(strict=False)
        moves = self.move_ids.filtered(
            lambda move: move.state != "cancel" and move.product_id == self.product_id
        )._get_delivery_steps()
        shelf = counted[0].location_id
        first = counted[0] | moves.filtered(lambda move: move.location_id in shelf)
        steps = first
        while pulled := steps.move_orig_ids & (moves - steps):
            steps |= pulled
        if steps != first:
            first = steps.filtered(lambda move: not move.move_orig_ids & steps)
        return first, moves - first

    def _get_put_backs(self, supply, warehouse):
        """What has put units of one part back on the shelf of `warehouse`."""
        self.ensure_one()
        taken = self.move_ids.filtered(
            lambda move: move.returned_move_ids
            and move.ato_supply == supply
            and move.location_id.warehouse_id == warehouse
        )
        # seldom is there one
        return taken and (taken & self._get_shelf_stage())._get_put_backs()
