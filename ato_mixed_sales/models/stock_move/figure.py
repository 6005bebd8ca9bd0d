# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ... import split


class StockMove(models.Model):
    """What moves ask for, hold and have moved, in units of the product."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _get_open_assembly_demand(self):
        """Those of the moves that still ask for assembled units."""
        return self.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.sale_line_id
            and not move.production_id
            and move.state not in ("done", "cancel")
        )

    def _get_procured_units(self):
        """What the moves stand for, in the product's unit: done, else demanded."""
        # `product_qty` is the demand in that unit
        return sum(
            move._to_product_units(move.quantity)
            if move.state == "done"
            else move.product_qty
            for move in self
        )

    def _get_stage_facts(self, under_way=False):
        """These moves as one step of a delivery: split.Stage

        :param under_way: the step is behind another one: what that is not still to
            bring has left the shelf
        """
        opened, left, delivered = self._filter_open(), 0.0, 0.0
        asked, lines = opened._get_procured_units(), opened.move_line_ids
        if under_way:
            # orders, and what is stored of them, bring nothing off the shelf
            bringing = opened.move_orig_ids._filter_open()._get_delivery_steps()
            left = max(asked - bringing._get_procured_units(), 0.0)
        if moved := self - opened:
            put_back = moved._get_put_backs()._get_procured_units()
            delivered = moved._get_procured_units() - put_back
        held = sum(lines.mapped("quantity_product_uom"))
        picked = sum(lines.filtered("picked").mapped("quantity_product_uom"))
        return split.Stage(asked, held, picked, left, delivered)

    def _get_awaited_units(self):
        """What these later steps ask for that is not there, nor about to be brought."""
        bringing, going = (
            moves.filtered(lambda move: move.state != "cancel")
            ._get_delivery_steps()
            ._get_stage_facts()
            for moves in (self.move_orig_ids, self.move_orig_ids.move_dest_ids)
        )
        there = max(bringing.delivered - going.delivered, 0.0)
        return max(self._get_procured_units() - there - bringing.asked, 0.0)

    def _get_units_behind(self, later):
        """What has joined those that these moves have brought, less what has left.

        Somebody has packed, or shipped, more than was asked for there: of what lay
        behind the shelf for nobody.

        :param later: moves of the steps behind these
        """
        done = (self | later).filtered(lambda move: move.state == "done")
        gone = done.filtered(lambda move: move._is_outgoing())
        joined = (done & later)._get_surplus_units()
        back = gone._get_reversals()._get_procured_units()
        return joined + back - gone._get_procured_units()

    def _get_surplus_units(self, put_back=None):
        """What done moves have moved beyond what they were asked for.

        What was put back of it is first of what was put back at all. What is undone
        goes back through the steps before, and so is nothing of it.

        :param put_back: a move that is left out, as if it had put nothing back
        """
        surplus = 0.0
        for move in self:
            moved, asked = move._get_procured_units(), move.product_qty
            if move.product_id.uom_id.compare(moved, asked) > 0:
                back = move._get_put_backs() - move._get_reversals()
                back -= put_back or self.browse()
                surplus += max(moved - asked - back._get_procured_units(), 0.0)
        return surplus

    def _get_put_backs(self):
        """Moves that have put back what these had moved: no returns by customers."""
        done = self.filtered(lambda move: move.state == "done")
        return done.returned_move_ids.filtered(
            lambda move: move._is_put_back() or move._is_reversal()
        )

    def _get_reversals(self):
        """Moves that have undone what had left for the customer by these."""
        return self.returned_move_ids.filtered(lambda move: move._is_reversal())

    def _is_reversal(self):
        """Whether the move has undone a shipment: its units have never left."""
        self.ensure_one()
        return self.ato_is_undo and self.state == "done"

    def _is_put_back(self):
        """Whether the move has brought units back from a later step of a delivery."""
        self.ensure_one()
        return (
            self.state == "done"
            and bool(self.origin_returned_move_id.ato_supply)
            and bool(self.origin_returned_move_id.sale_line_id)
            and self.location_id.usage == self.location_dest_id.usage == "internal"
        )

    def _get_steps_that_ask_again(self):
        """Open moves that ask for what this one has put back, where it has."""
        self.ensure_one()
        taken = self.origin_returned_move_id
        if not (self._is_put_back() or self._is_reversal()):
            return self.browse()
        return taken.sale_line_id.move_ids._filter_open().filtered(
            lambda move: move.picking_id
            and move.ato_supply == taken.ato_supply
            and move.location_id == self.location_dest_id
        )

    def _is_later_step(self):
        """Whether an earlier step of the delivery brings what this one moves."""
        self.ensure_one()
        return bool(self.move_orig_ids._get_delivery_steps())

    def _filter_open(self):
        return self.filtered(lambda move: move.state not in ("done", "cancel"))

    def _to_product_units(self, quantity):
        """`quantity`, in the unit of the move, in units of the product."""
        self.ensure_one()
        unit, product_uom = self.product_uom, self.product_id.uom_id
        if unit == product_uom:
            return quantity
        return unit._compute_quantity(quantity, product_uom, rounding_method="HALF-UP")

    def _from_product_units(self, units):
        """`units` of the product, in the unit of the move."""
        self.ensure_one()
        return self.product_id.uom_id._compute_quantity(
            units, self.product_uom, rounding_method="HALF-UP"
        )

    def _get_held_units(self):
        """What the moves hold on units in stock, in the product's unit."""
        return sum(self.move_line_ids.mapped("quantity_product_uom"))

    def _get_obtainable_units(self):
        """What the move holds and could still hold, in the product's unit."""
        self.ensure_one()
        held = self._get_held_units()
        if self.move_orig_ids:
            brought = self._get_available_move_lines(set(), set())  # held ones included
            return max(held, sum(brought.values()))
        return held + self.env["stock.quant"]._get_available_quantity(
            self.product_id, self.location_id
        )

    def _get_reserved_units(self):
        """What open moves hold, in the product's unit, by their own figure.

        As `_get_held_units`, for many moves whose move lines nobody has read.
        """
        return sum(
            (move._to_product_units(held) for move in self if (held := move.quantity)),
            0.0,
        )

    def _get_picked_units(self):
        """What somebody has picked already, in the product's unit."""
        lines = self.move_line_ids.filtered("picked")
        return sum(lines.mapped("quantity_product_uom"))
