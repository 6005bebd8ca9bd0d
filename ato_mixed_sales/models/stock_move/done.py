# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockMove(models.Model):
    """What leaves, and what follows for its line."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _action_done(self, cancel_backorder=False):
        """Assemble no more for a delivery of which the rest is given up.

        Nor take from stock what left as assembled beyond what was asked for.

        :raises UserError: when stock leaves before assembled units that have to leave
            first (R130)
        """
        self._lock_stock()
        lines = self._get_mixed_lines()
        done = super()._action_done(cancel_backorder=cancel_backorder)
        lines._follow_delivery()
        done._check_assembled_first()
        return done

    def _check_assembled_first(self):
        """Let no stock leave while assembled units stay behind, where that is the rule.

        :raises UserError: naming what has to leave first (R130)
        """
        left = self._with_line().filtered(
            lambda move: move.ato_supply != "assembly"
            and move.state == "done"
            and move._is_outgoing()
            and move.location_id.warehouse_id.ato_ship_first == "strict"
        )
        for line in left.sale_line_id:
            behind = line._get_figures().undelivered_assembly
            if line.product_id.uom_id.compare(behind, 0.0) > 0:
                raise UserError(line._get_assembled_first_message(behind))

    def _lose_assembled_units(self, quantity, sources):
        """Go on without `quantity`, in the product's unit, that somebody took away.

        The line takes as many from stock instead, and its salesperson is told.

        :param sources: the moves that had brought them
        """
        self.ensure_one()
        if self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return
        # Odoo has cut the chain
        self.write(
            {
                "procure_method": "make_to_order",
                "move_orig_ids": [Command.set(sources.ids)],
            }
        )
        line = self.sale_line_id or self.move_dest_ids.sale_line_id
        if self not in line._get_first_open_moves("assembly"):
            # on their way to the shelf, or from it: nobody brings others there
            self._set_demand(self.product_qty - quantity)
        line._lose_assembled_units(quantity)

    def _ship_exactly(self, units):
        """Have `units` of the product, and no more, leave with these moves.

        What else they hold goes to the backorder.

        :return: the units that they do not hold
        """
        self.picked = False
        for move in self:
            product_uom = move.product_id.uom_id
            taken = min(units, move._get_held_quantity())
            if product_uom.compare(taken, 0.0) <= 0:
                continue
            move._let_go(move._get_held_quantity() - taken)
            move.picked = True
            units -= taken
        return units
