# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import models
from odoo.fields import Domain

# in what a cursor keeps while moves are done
LOSSES = "ato_losses"

LACKING = (
    Domain("ato_supply", "!=", False)
    & Domain("sale_line_id", "!=", False)
    & Domain("state", "in", ("confirmed", "waiting", "partially_available"))
)


@contextmanager
def losing_afterwards(moves):
    """Have lines go on without what they lose once `moves` are done, not before.

    What they ask for instead might be asked of the very rows that are done just then,
    which bring no more than they hold: nobody would ask for it any more.
    """
    data = moves.env.cr.postcommit.data
    if LOSSES in data:
        yield
        return
    losses = data[LOSSES] = []
    try:
        yield
    finally:
        del data[LOSSES]
    for move, units, sources in losses:
        move._lose_units(units, sources)


class StockMove(models.Model):
    """What somebody takes away from a step of a delivery."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _is_bound(self):
        """Whether no other units can take the place of those that the move holds.

        From stock, units on the shelf are Odoo's to replace; behind it, there are none.
        """
        self.ensure_one()
        return self.ato_supply == "assembly" or self._is_later_step()

    def _lose_afterwards(self, quantity, sources):
        """As `_lose_units`; where moves are being done, once they are."""
        self.ensure_one()
        losses = self.env.cr.postcommit.data.get(LOSSES)
        if losses is None:
            self._lose_units(quantity, sources)
        else:
            losses.append((self, quantity, sources))

    def _lose_units(self, quantity, sources):
        """Go on without `quantity`, in the product's unit, that somebody took away.

        :param sources: the moves that had brought them
        """
        self.ensure_one()
        if self._get_holds():
            self._lose_held_units(quantity)
            return
        if self.ato_supply == "assembly":
            quantity -= self._hold_others_made(quantity, sources)
        if self.product_id.uom_id.compare(quantity, 0.0) > 0:
            if self.ato_supply == "assembly":
                self._lose_assembled_units(quantity, sources)
            else:
                self._lose_picked_units(quantity, sources)

    def _hold_others_made(self, units, sources):
        """Hold lots that were made for the line as well, and are free on the shelf.

        As where the number of what was picked is corrected: one lot comes back for
        the other.

        :return: how many of `units`, of the product, the move holds so
        """
        self.ensure_one()
        held, lots = 0.0, sources.move_line_ids.lot_id
        if not lots or not self.sale_line_id or self._is_later_step():
            return held
        self._chain_again(sources)
        for place, free in self._get_free_places(lots).items():
            held += self._reserve_place(place, min(units - held, free))
        return held

    def _get_rows_that_wait_there(self):
        """Later steps of mixed lines that lack units where these moves took some."""
        taken = self.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "internal"
        )
        places = taken.location_id
        places -= places._filter_shelves()
        if not places:
            return self.browse()
        there = Domain("product_id", "in", taken.product_id.ids)
        there &= Domain("location_id", "parent_of", places.ids)
        # whoever takes them away, the line that loses them is to be told
        waiting = self._with_line().search(there & LACKING, order="id")
        return waiting.filtered(lambda move: move._is_later_step())

    def _lose_what_is_gone(self):
        """Go on without what was brought, was held by nobody, and is gone.

        Who takes what somebody has let go of takes it from no row: Odoo does not
        notice, and has the step wait for it.
        """
        for move, units in self._get_units_gone().items():
            move._lose_units(units, move.move_orig_ids)

    def _get_units_gone(self):
        """What was brought for the moves, and is neither held nor free there any more.

        What is free is for one of them only.

        :return: {move: units of the product}
        """
        left, gone = {}, {}
        for move in self:
            held, brought = move._get_held_places(), 0.0
            wanted = lacking = move._get_lacking_units()
            for place, units in move._get_units_brought().items():
                units, key = max(units - held[place], 0.0), (move.product_id, place)
                free = left.setdefault(key, move._get_free_at(place))
                taken = min(units, free, lacking)
                left[key] -= taken
                lacking -= taken
                brought += units
            lots = move.move_orig_ids.move_line_ids.lot_id
            # what was moved there, or unpacked
            for place, units in move._get_free_places(lots).items():
                key = move.product_id, place
                taken = min(left.setdefault(key, units), lacking)
                left[key] -= taken
                lacking -= taken
            gone[move] = min(wanted, brought) - (wanted - lacking)
        return gone

    def _lose_assembled_units(self, quantity, sources):
        """Go on without `quantity`, in the product's unit, that somebody took away.

        The line takes as many from stock instead, and its salesperson is told.

        :param sources: the moves that had brought them: Odoo has cut the chain
        """
        self.ensure_one()
        self._chain_again(sources)
        line = self.sale_line_id or self.move_dest_ids.sale_line_id
        line = line or self._get_line_that_made()
        is_behind = self._is_later_step()
        if self not in line._get_first_open_moves("assembly"):
            # on their way to the shelf, or from it: nobody brings others there (E5)
            self._filter_open()._take_back(quantity)
        line._lose_assembled_units(quantity, is_behind)

    def _lose_unstored_units(self):
        """Go on without what these moves were to store of made units, and do not.

        They are about to be cancelled, or done for less. It stays on the floor, as
        ordinary stock.
        """
        for move in self._filter_storing()._with_line():
            line = move._get_line_that_made()
            units = line and move._get_unstored_units(line)
            if move.product_id.uom_id.compare(units, 0.0) > 0:
                line._lose_assembled_units(units)

    def _get_unstored_units(self, line):
        """What the move does not store for `line`, and nothing else brings there."""
        self.ensure_one()
        stored = self._get_procured_units() if self.state == "done" else 0.0
        others = sum((line._get_storing_moves() - self).mapped("product_qty"))
        floor = line._get_assembled_on_shelf(self) - others
        return min(self.product_qty - stored, floor)

    def _lose_picked_units(self, quantity, sources):
        """The same for units from stock, in a later step of the delivery."""
        self.ensure_one()
        self._chain_again(sources)
        self._give_up_here(quantity)
        self.sale_line_id._lose_picked_units(quantity)

    def _get_line_that_made(self):
        """The line whose linked orders have made what these moves have brought."""
        chain = self.browse(self._rollup_move_origs())
        return chain.production_id.ato_sale_line_id[:1]
