# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMove(models.Model):
    """What the delivery slip says was ordered: both parts in one row."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _get_slip_key(self):
        """What has to be the same to be told in one row; a plain move has its own."""
        self.ensure_one()
        if not self.ato_supply or not self.sale_line_id:
            return (self.id,)
        return (self.sale_line_id, self.product_uom, self.description_picking)

    def _get_slip_rows(self):
        """The rows that tell what is asked for: one for both parts of a line.

        :return: {move: {"ordered", "quantity"}}, in the unit of the move
        """
        rows = {}
        for moves in self.grouped(lambda move: move._get_slip_key()).values():
            move, live = moves[0], moves.filtered(lambda m: m.state != "cancel")
            ordered, quantity = move.product_uom_qty, move.quantity
            if move.ato_supply:
                ordered = moves._get_slip_ordered()
                quantity = sum(live.mapped("quantity"))
            if ordered:
                rows[move] = {"ordered": ordered, "quantity": quantity}
        return rows

    def _get_slip_ordered(self, told_elsewhere=None):
        """What was ordered with these moves, of one row of a slip, in their unit.

        :param told_elsewhere: move lines that another row tells
        """
        units = sum(
            moves._get_slip_units(line)
            for line, moves in self._with_line().grouped("sale_line_id").items()
        )
        if told_elsewhere:
            units -= sum(told_elsewhere.mapped("quantity_product_uom"))
        return self.product_id.uom_id._compute_quantity(
            units, self.product_uom, rounding_method="HALF-UP"
        )

    def _get_slip_units(self, line):
        """What was ordered by `line` with these moves, in the product's unit.

        What was undone, or put back, and is asked for once more by a rest of theirs,
        was ordered once.
        """
        live = self.filtered(lambda move: move.state != "cancel")
        units = live._get_procured_units() + self._get_given_up_units()
        back = live._get_put_backs()._get_procured_units()
        if back and any(self.mapped("ato_supply")):
            before = line.move_ids & self.picking_id._get_transfers_before().move_ids
            ordered = before._get_units_beside(line)
            units -= max(min(units - ordered, back), 0.0)
        return units

    def _get_given_up_units(self):
        """What was ordered and is no longer delivered, in the product's unit.

        A line cancels demand as well when it moves it to its other part.
        """
        given_up = 0.0
        for line, moves in self._with_line().grouped("sale_line_id").items():
            units = sum(move._get_dropped_units() for move in moves)
            if any(moves.mapped("ato_supply")):
                units = min(units, moves._get_unserved_units(line))
            given_up += units
        return given_up

    def _get_dropped_units(self):
        """What was asked for and will not come, in the product's unit.

        A part that is short of what was asked for has no rest when it is given up.
        """
        self.ensure_one()
        if self.state == "cancel":
            return self.product_qty
        if self.state == "done" and self.ato_supply:
            return max(self.product_qty - self._get_procured_units(), 0.0)
        return 0.0

    def _get_unserved_units(self, line):
        """What is ordered by `line` and no transfer of the moves' kind stands for."""
        served = line.move_ids.filtered(
            lambda move: move.picking_type_id in self.picking_type_id
        )
        return served._get_units_beside(line)

    def _get_units_beside(self, line):
        """What is ordered by `line` beside what these moves stand for.

        Of what was undone, or put back, none of them does any more.
        """
        live = self.filtered(lambda move: move.state != "cancel")
        units = live._get_procured_units()
        units -= live._get_put_backs()._get_procured_units()
        return max(line._to_product_units(line.product_uom_qty) - units, 0.0)
