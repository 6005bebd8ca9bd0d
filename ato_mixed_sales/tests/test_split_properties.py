# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import split
from .decimal_unit import DecimalUnit
from .properties import effort


class Line(NamedTuple):
    """A line somewhere on its way, and a quantity that could be shipped of it."""

    unit: DecimalUnit
    quantity: float
    to_assemble: float
    shipped_stock: float
    shipped_assembled: float
    to_ship: float

    @property
    def outstanding(self):
        return split.outstanding(
            self.quantity,
            self.to_assemble,
            self.shipped_stock + self.shipped_assembled,
            self.shipped_assembled,
            self.unit,
        )

    @property
    def bounds(self):
        return split.shipment_bounds(self.to_ship, self.outstanding, self.unit)

    @property
    def default(self):
        """Assembled units leave first (R41)."""
        return self.unit.round(min(self.to_ship, self.outstanding.assembly))


@st.composite
def lines(draw):
    """0 <= A <= Q, 0 <= Ss <= Q - A, 0 <= Sa <= A, 0 <= T <= O, in whole steps."""
    unit = DecimalUnit(draw(st.sampled_from((0, 2, 3))))
    quantity = draw(st.integers(1, 10**6))
    to_assemble = draw(st.integers(0, quantity))
    shipped_stock = draw(st.integers(0, quantity - to_assemble))
    shipped_assembled = draw(st.integers(0, to_assemble))
    to_ship = draw(st.integers(0, quantity - shipped_stock - shipped_assembled))
    steps = (quantity, to_assemble, shipped_stock, shipped_assembled, to_ship)
    return Line(unit, *map(unit.quantity, steps))


@tagged("post_install", "-at_install")
class TestSplitProperties(BaseCase):
    """What the arithmetic keeps for every quantity in every unit: no database."""

    def assertOrder(self, unit, *quantities):
        """Each quantity is no more than the next one."""
        for left, right in zip(quantities, quantities[1:], strict=False):
            self.assertLessEqual(unit.compare(left, right), 0, quantities)

    @effort(300)
    @given(lines())
    def test_outstanding_adds_up(self, line):
        """N + P = Q - S, to the last step of the unit; neither is negative."""
        unit = line.unit
        stock, assembly = line.outstanding
        shipped = unit.steps(line.shipped_stock) + unit.steps(line.shipped_assembled)
        self.assertEqual(
            unit.steps(stock) + unit.steps(assembly),
            unit.steps(line.quantity) - shipped,
        )
        self.assertOrder(unit, 0, stock, line.quantity)
        self.assertOrder(unit, 0, assembly, line.to_assemble)

    @effort(300)
    @given(lines())
    def test_bounds_are_never_empty(self, line):
        """0 <= min <= default = max <= P; the strict rule allows the default alone."""
        lower, upper = line.bounds
        self.assertOrder(line.unit, 0, lower, line.default, upper)
        self.assertOrder(line.unit, upper, line.outstanding.assembly)
        strict = split.shipment_bounds(
            line.to_ship, line.outstanding, line.unit, assembled_first=True
        )
        self.assertEqual(strict, (line.default, line.default))

    @effort(300)
    @given(lines(), st.floats(0, 1))
    def test_parts_of_a_shipment(self, line, share):
        """Whatever is allowed to come from assembly, the parts are T and there."""
        unit = line.unit
        lower, upper = map(unit.steps, line.bounds)
        from_assembly = unit.quantity(lower + round(share * (upper - lower)))
        stock, assembly = split.parts(line.to_ship, from_assembly)
        self.assertEqual(
            unit.steps(stock) + unit.steps(assembly), unit.steps(line.to_ship)
        )
        self.assertOrder(unit, 0, stock, line.outstanding.stock)
        self.assertOrder(unit, 0, assembly, line.outstanding.assembly)

    @effort(300)
    @given(lines(), st.floats(0, 1))
    def test_monotone(self, line, share):
        """Who ships more ships no less of either part."""
        unit = line.unit
        less = line._replace(
            to_ship=unit.quantity(round(unit.steps(line.to_ship) * share))
        )
        pairs = zip(
            (*less.bounds, less.default), (*line.bounds, line.default), strict=True
        )
        for small, large in pairs:
            self.assertOrder(unit, small, large)
            self.assertOrder(unit, less.to_ship - small, line.to_ship - large)

    @effort(300)
    @given(lines(), st.integers(-(10**6), 10**6))
    def test_nearest(self, line, steps):
        """What is entered is kept where it is allowed, and always made allowed."""
        unit, bounds = line.unit, line.bounds
        entered = unit.quantity(steps)
        nearest = split.nearest(entered, bounds, unit)
        self.assertOrder(unit, bounds.lower, nearest, bounds.upper)
        if unit.steps(bounds.lower) <= steps <= unit.steps(bounds.upper):
            self.assertEqual(nearest, entered)

    @effort(300)
    @given(lines(), st.floats(0, 1))
    def test_to_assemble_now(self, line, share):
        """What waits and what is made now are what leaves, or more waits than that."""
        unit = line.unit
        waiting = unit.quantity(round(share * unit.steps(line.to_assemble)))
        now = split.to_assemble_now(line.default, waiting, unit)
        used = min(unit.steps(waiting), unit.steps(line.default))
        self.assertEqual(unit.steps(now) + used, unit.steps(line.default))

    @effort(200)
    @given(lines(), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=12))
    def test_step_by_step(self, line, shipments):
        """However it is shipped, in the end every unit has left once.

        Sums are kept as floats, with the errors that floats have.
        """
        unit = line.unit
        for share, share_assembled in [*shipments, (1, 1)]:
            outstanding = unit.steps(sum(line.outstanding))
            to_ship = unit.quantity(round(outstanding * share))
            lower, upper = map(unit.steps, line._replace(to_ship=to_ship).bounds)
            assembled = unit.quantity(lower + round((upper - lower) * share_assembled))
            line = line._replace(
                shipped_stock=line.shipped_stock
                + split.parts(to_ship, assembled).stock,
                shipped_assembled=line.shipped_assembled + assembled,
            )
        self.assertEqual(
            unit.steps(line.shipped_assembled), unit.steps(line.to_assemble)
        )
        stock = unit.steps(line.quantity) - unit.steps(line.to_assemble)
        self.assertEqual(unit.steps(line.shipped_stock), stock)
        self.assertEqual(line.outstanding, (0, 0))

    @effort(300)
    @given(lines(), lines(), st.booleans(), st.booleans())
    def test_default_is_allowed(self, line, before, to_order, was_to_order):
        """R9 proposes nothing that R17 and R18 forbid; asked again, the same."""
        unit = line.unit
        upper = split.assembly_bounds(
            line.quantity, unit, shipped_stock=line.shipped_stock
        ).upper
        previous = split.Decision(before.quantity, before.to_assemble, was_to_order)
        default = split.default_to_assemble(
            line.quantity, to_order, unit, previous=previous, upper=upper
        )
        self.assertTrue(split.is_allowed(default, split.Bounds(0, upper), unit))
        decision = split.Decision(line.quantity, default, to_order)
        again = split.default_to_assemble(
            line.quantity, to_order, unit, previous=decision, upper=upper
        )
        self.assertEqual(again, default)


amounts = st.floats(-1e6, 1e6).map(lambda amount: round(amount, 4))
positive = st.floats(1e-3, 1e6).map(lambda quantity: round(quantity, 3))


@tagged("post_install", "-at_install")
class TestBlendProperties(BaseCase):
    """What a blended price keeps, for all quantities, prices and units."""

    @effort(200)
    @given(positive, st.floats(0, 1), amounts, amounts)
    def test_both_parts_pay_their_own(self, quantity, share, own, assembled):
        """The line costs what both parts cost, and no more than the dearer of them."""
        parts = split.parts(quantity, quantity * share)
        price = split.blended(parts, own, assembled)
        total = parts.stock * own + parts.assembly * assembled
        self.assertAlmostEqual(price * quantity, total, delta=1e-9 * (1 + abs(total)))
        slack = 1e-9 * (1 + abs(own) + abs(assembled))
        self.assertLessEqual(min(own, assembled) - slack, price)
        self.assertLessEqual(price, max(own, assembled) + slack)

    @effort(200)
    @given(positive, st.floats(0, 1), amounts, amounts, st.sampled_from((12, 0.001)))
    def test_of_one_source_and_in_any_unit(self, quantity, share, own, assembled, unit):
        """All from one source: its price, exactly; the same however it is counted."""
        self.assertEqual(split.blended(split.parts(1, 0), own, assembled), own)
        self.assertEqual(split.blended(split.parts(1, 1), own, assembled), assembled)
        price, converted = (
            split.blended(split.parts(q, q * share), own, assembled)
            for q in (quantity, quantity * unit)
        )
        self.assertAlmostEqual(price, converted, delta=1e-6)

    @effort(100)
    @given(st.dictionaries(st.integers(), st.tuples(positive, amounts)), positive)
    def test_rolled_up(self, components, units):
        """What is made of twice as much is worth twice as much; of nothing, nothing."""
        quantities = {key: quantity for key, (quantity, _worth) in components.items()}
        worth = {key: amount for key, (_quantity, amount) in components.items()}
        once = split.rolled_up(quantities, worth, units)
        doubled = {key: 2 * quantity for key, quantity in quantities.items()}
        twice = split.rolled_up(doubled, worth, units)
        self.assertAlmostEqual(twice, 2 * once, delta=1e-9 * (1 + abs(twice)))
        self.assertEqual(split.rolled_up({}, worth, units), 0)

    @effort(100)
    @given(st.lists(positive), st.floats(0, 1e6))
    def test_break(self, breaks, quantity):
        """No price changes between a quantity and its break."""
        found = split.break_at(quantity, breaks)
        self.assertLessEqual(found, quantity)
        self.assertFalse([b for b in breaks if found < b <= quantity])
