# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import product

from odoo.tests import BaseCase, tagged

from .. import split
from .decimal_unit import DecimalUnit

UNIT = DecimalUnit(2)


@tagged("post_install", "-at_install")
class TestSplit(BaseCase):
    """The arithmetic alone: no database."""

    def _default(self, quantity, to_order, previous=None, **kwargs):
        decision = split.Decision(*previous) if previous else None
        return split.default_to_assemble(
            quantity, to_order, UNIT, previous=decision, **kwargs
        )

    def test_default_of_a_new_line(self):
        self.assertEqual(self._default(10, to_order=True), 10)
        self.assertEqual(self._default(10, to_order=False), 0)

    def test_default_when_the_quantity_changes(self):
        """R10, row by row; the last but one corrected by W7."""
        rows = [
            # to order, Q0, A0, shipped, Q, A
            (True, 10, 7, 0, 12, 7),
            (True, 10, 7, 0, 8, 7),
            (True, 10, 7, 0, 5, 5),
            (True, 10, 10, 0, 6, 6),
            (False, 10, 10, 0, 12, 12),
            (False, 10, 6, 0, 12, 6),
            (True, 10, 0, 0, 11, 0),
            (True, 10, 0, 2, 11, 0),
        ]
        for to_order, old, assembled, shipped, new, expected in rows:
            with self.subTest(old=old, assembled=assembled, new=new):
                self.assertEqual(
                    self._default(
                        new, to_order, (old, assembled, to_order), shipped=shipped
                    ),
                    expected,
                )

    def test_default_when_the_policy_changes(self):
        """R11: an untouched line follows, a full one stays full, a mixed one too."""
        self.assertEqual(self._default(10, True, (10, 0, False)), 10)
        self.assertEqual(self._default(10, True, (10, 0, False), shipped=2), 0)
        self.assertEqual(self._default(10, False, (10, 10, True)), 10)
        self.assertEqual(self._default(10, False, (10, 7, True)), 7)

    def test_default_after_zero(self):
        """A line that asked for nothing starts again by its policy."""
        self.assertEqual(self._default(10, True, (0, 0, True)), 10)
        self.assertEqual(self._default(0, True, (10, 10, True)), 0)

    def test_default_is_capped(self):
        """What left from stock cannot be assembled any more."""
        self.assertEqual(self._default(8, True, (10, 7, True), upper=5), 5)
        self.assertEqual(self._default(8, True, (10, 7, True), upper=-1), 0)

    def test_default_in_another_unit(self):
        """1.5 of 2.5 kg to assemble, then 2 pieces: half a piece is none."""
        previous = split.Decision(2.5, 1.5, False)
        pieces = DecimalUnit(0)
        self.assertEqual(split.default_to_assemble(2, False, pieces, previous), 2)
        self.assertEqual(split.default_to_assemble(9, False, pieces, previous), 2)

    def test_bounds_of_a_quotation(self):
        self.assertEqual(split.assembly_bounds(10, UNIT), (0, 10))

    def test_bounds_of_an_order(self):
        """R17's example: 10 ordered, 3 assembled and shipped, 1 from stock."""
        bounds = split.assembly_bounds(10, UNIT, assembled=3, shipped_stock=1)
        self.assertEqual(bounds, (3, 9))
        allowed = [a for a in range(12) if split.is_allowed(a, bounds, UNIT)]
        self.assertEqual(allowed, [0, 3, 4, 5, 6, 7, 8, 9])

    def test_bounds_after_a_return(self):
        """A return beyond what left from stock does not raise the limit."""
        bounds = split.assembly_bounds(10, UNIT, assembled=4, shipped_stock=-2)
        self.assertEqual(bounds, (4, 10))

    def test_parts_add_up(self):
        for quantity, percent in product((1, 3, 10, 0.1, 12.35), range(0, 101, 7)):
            parts = split.parts(quantity, quantity * percent / 100)
            self.assertEqual(UNIT.compare(sum(parts), quantity), 0)

    def test_whole_units(self):
        """A third of a dozen, 0.33, is 4 units; a bag of 2.99 kg is itself."""
        for typed, units in ((0.33, 4), (0.67, 8), (0.08, 1), (0.42, 5), (1.25, 15)):
            self.assertEqual(split.whole_units(typed * 12, 0.005 * 12), units)
        self.assertEqual(split.whole_units(2.99, 0.005), 2.99)
        self.assertEqual(split.whole_units(1.5, 0.005), 1.5)

    def test_demands(self):
        """Units that left from assembly stay assembled when A becomes zero."""
        for to_assemble, shipped, stock, assembly in (
            (4, 0, 6, 4),
            (0, 2, 8, 0),
            (4, 4, 6, 0),
        ):
            line = split.Line(UNIT, 10, to_assemble, shipped, shipped, made=shipped)
            wanted = {supply: units for supply, _p, units in split.wanted_demands(line)}
            self.assertEqual(wanted, {"stock": stock, "assembly": assembly})

    def test_outstanding(self):
        """Q 10, A 7: by source, as deliveries and a return go by."""
        steps = [
            # shipped net of returns, ever shipped from assembly, N, P
            (0, 0, 3, 7),
            (1, 0, 2, 7),
            (2, 1, 2, 6),
            (10, 7, 0, 0),
            (9, 7, 1, 0),
        ]
        for shipped, assembled, stock, assembly in steps:
            with self.subTest(shipped=shipped, assembled=assembled):
                outstanding = split.outstanding(10, 7, shipped, assembled, UNIT)
                self.assertEqual(outstanding, (stock, assembly))

    def test_bounds_of_a_shipment(self):
        """R51, first table: Q 10, A 7; every quantity to ship in three states."""
        table = {
            # (N, P): largest and smallest from assembly, for T from all to nothing
            (3, 7): "7/7 7/6 7/5 7/4 6/3 5/2 4/1 3/0 2/0 1/0 0/0",
            (2, 7): "7/7 7/6 7/5 6/4 5/3 4/2 3/1 2/0 1/0 0/0",
            (2, 6): "6/6 6/5 6/4 5/3 4/2 3/1 2/0 1/0 0/0",
        }
        for state, row in table.items():
            outstanding = split.Parts(*state)
            cells = row.split()
            self.assertEqual(len(cells), sum(state) + 1)
            for to_ship, cell in zip(range(sum(state), -1, -1), cells, strict=True):
                with self.subTest(state=state, to_ship=to_ship):
                    upper, lower = (int(bound) for bound in cell.split("/"))
                    bounds = split.shipment_bounds(to_ship, outstanding, UNIT)
                    self.assertEqual(bounds, (lower, upper))
                    strict = split.shipment_bounds(
                        to_ship, outstanding, UNIT, assembled_first=True
                    )
                    self.assertEqual(strict, (upper, upper), "R130")

    def test_states_of_the_table(self):
        """R51: 1 leaves from stock, then 1 assembled."""
        states = [(0, 0, (3, 7)), (1, 0, (2, 7)), (2, 1, (2, 6))]
        for shipped, assembled, outstanding in states:
            self.assertEqual(
                split.outstanding(10, 7, shipped, assembled, UNIT), outstanding
            )

    def test_shipment_after_too_much(self):
        """5 left from stock where 3 were asked for: all the rest is assembled."""
        outstanding = split.Parts(-2, 5)
        self.assertEqual(split.shipment_bounds(4, outstanding, UNIT), (4, 4))

    def test_nearest(self):
        """W10: an entry is kept while it is possible, else moved to the bound."""
        bounds = split.Bounds(1, 4)
        moved = [split.nearest(quantity, bounds, UNIT) for quantity in (0, 1, 3, 4, 6)]
        self.assertEqual(moved, [1, 1, 3, 4, 4])

    def test_to_assemble_now(self):
        """W units wait already; where others left in their place, these come first."""
        for from_assembly, waiting, expected in ((7, 0, 7), (7, 5, 2), (4, 5, 0)):
            now = split.to_assemble_now(from_assembly, waiting, UNIT)
            self.assertEqual(now, expected)
        self.assertEqual(split.to_assemble_now(3, -1, UNIT), 4)
        self.assertEqual(split.to_assemble_now(0, -1, UNIT), 0)
