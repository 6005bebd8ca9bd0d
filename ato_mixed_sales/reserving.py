# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stock that many moves take: their move lines are made all at once.

Odoo decides what a move takes and makes the move line of that, which reserves the
stock; then it goes on to the next move. Here it decides as it does, in its own order,
and the stock is reserved by then. Only the move lines wait, until something else makes
or changes one.
"""

from collections import defaultdict
from contextlib import contextmanager

# in what a cursor keeps as long as the transaction
RESERVING, RESERVED = "ato_reserving", "ato_reserved"


@contextmanager
def reserving_together(moves):
    """Have the move lines of what `moves` take wait, at most until the end of this."""
    data = moves.env.cr.postcommit.data
    if RESERVING in data:
        data[RESERVING].end()
    reserving = data[RESERVING] = _Reserving(moves)
    try:
        yield
        reserving.end()
    finally:
        data.pop(RESERVING, None)


class _Reserving:
    """Move lines that wait to be made."""

    def __init__(self, moves):
        self.is_taking = False
        """Whether it is a reservation that makes a move line now."""
        self._moves = moves
        self._data = moves.env.cr.postcommit.data
        self._quants = None
        # values of move lines by the environment that makes them, in Odoo's order
        self._waiting = defaultdict(list)

    def take(self, reserve, *args, **kwargs):
        """What `reserve` takes, whose move line waits."""
        self.is_taking = True
        try:
            return reserve(*args, **kwargs)
        finally:
            self.is_taking = False

    def add(self, lines, vals_list):
        """Reserve what move lines with these values will hold, and make them later.

        :param lines: no move lines; theirs is the environment that makes them
        """
        self._waiting[lines.env].extend(vals_list)
        known, stock = self._get_quants(), lines.env["stock.quant"]
        at_hand = stock.with_context(quants_cache=known)
        for vals in vals_list:
            product, place, units = lines._prepare_reservation(vals)
            # other code may take it from elsewhere than the moves do; and of several
            # of one place, the strategy of removal says which comes first
            key = product.id, *(record.id for record in place)
            is_known = len(known.get(key) or ()) == 1
            quants = at_hand if is_known else stock
            quants._update_reserved_quantity(product, place[0], units, *place[1:])

    def _get_quants(self):
        """Those of all the moves, by place, as Odoo has them at hand when it moves.

        But for what has lots: there may be thousands, of which few are taken.
        """
        if self._quants is None:
            products = self._moves.product_id
            # sudo: as Odoo looks for them, whoever reserves
            quants = self._moves.env["stock.quant"].sudo()
            self._quants = quants._get_quants_by_products_locations(
                products.filtered(lambda product: product.tracking == "none"),
                self._moves.location_id,
            )
        return self._quants

    def make(self):
        """Make the move lines that wait; what follows from that waits for nobody."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        reserving = self._data.pop(RESERVING, None)
        for env, vals_list in waiting.items():
            env["stock.move.line"]._create_reserved(vals_list)
        if reserving:
            self._data[RESERVING] = reserving

    def end(self):
        """Make the move lines that wait, and have no other one wait."""
        self.make()
        self._data.pop(RESERVING, None)
