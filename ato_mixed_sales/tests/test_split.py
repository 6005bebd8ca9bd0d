# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal
from itertools import product

from odoo.tests import BaseCase, tagged

from .. import split


def compare(left, right):
    """As a unit of measure with two decimals compares."""
    cents = Decimal("0.01")
    left, right = (Decimal(str(q)).quantize(cents) for q in (left, right))
    return (left > right) - (left < right)


@tagged("post_install", "-at_install")
class TestSplit(BaseCase):
    """The arithmetic alone: no database."""

    def _default(self, quantity, to_order, previous=None, **kwargs):
        decision = split.Decision(*previous) if previous else None
        return split.default_to_assemble(
            quantity, to_order, compare, previous=decision, **kwargs
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

    def test_bounds_of_a_quotation(self):
        self.assertEqual(split.assembly_bounds(10), (0, 10))

    def test_bounds_of_an_order(self):
        """R17's example: 10 ordered, 3 assembled and shipped, 1 from stock."""
        bounds = split.assembly_bounds(10, assembled=3, shipped_stock=1)
        self.assertEqual(bounds, (3, 9))
        allowed = [a for a in range(12) if split.is_allowed(a, bounds, compare)]
        self.assertEqual(allowed, [0, 3, 4, 5, 6, 7, 8, 9])

    def test_bounds_after_a_return(self):
        """A return beyond what left from stock does not raise the limit."""
        self.assertEqual(split.assembly_bounds(10, 4, shipped_stock=-2), (4, 10))

    def test_parts_add_up(self):
        for quantity, percent in product((1, 3, 10, 0.1, 12.35), range(0, 101, 7)):
            parts = split.parts(quantity, quantity * percent / 100)
            self.assertEqual(compare(parts.stock + parts.assembly, quantity), 0)

    def test_whole_units(self):
        """A third of a dozen, 0.33, is 4 units; a bag of 2.99 kg is itself."""
        for typed, units in ((0.33, 4), (0.67, 8), (0.08, 1), (0.42, 5), (1.25, 15)):
            self.assertEqual(split.whole_units(typed * 12, 0.005 * 12), units)
        self.assertEqual(split.whole_units(2.99, 0.005), 2.99)
        self.assertEqual(split.whole_units(1.5, 0.005), 1.5)

    def test_demands(self):
        """Units that left from assembly stay assembled when A becomes zero."""
        self.assertEqual(split.demands(10, 4, 0), (6, 4))
        self.assertEqual(split.demands(10, 0, 2), (8, 2))
        self.assertEqual(split.demands(10, 4, 4), (6, 4))

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
                self.assertEqual(
                    split.outstanding(10, 7, shipped, assembled), (stock, assembly)
                )
