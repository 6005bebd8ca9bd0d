# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import split
from .decimal_unit import DecimalUnit
from .properties import effort

UNIT = DecimalUnit(2)

TODAY = date(2026, 11, 22)


def day(number):
    return TODAY + timedelta(days=number)


def ledger(free=0, **changes):
    """Free today, then what changes on d1, d2 and so on."""
    return split.Ledger(
        free,
        [(day(int(name[1:])), quantity) for name, quantity in changes.items()],
        TODAY,
        UNIT,
    )


@tagged("post_install", "-at_install")
class TestDayOfWork(BaseCase):
    def test_last_hour(self):
        """What is begun before midnight, as far as an hour goes, is of that day."""
        for end, expected in (
            (datetime(2026, 11, 22, 18), 22),
            (datetime(2026, 11, 22, 23, 59, 59), 22),
            (datetime(2026, 11, 23, 0), 22),
            (datetime(2026, 11, 23, 0, 59, 59), 22),
            (datetime(2026, 11, 23, 1), 23),
            (datetime(2026, 11, 23, 8), 23),
        ):
            self.assertEqual(split.day_of_work(end), date(2026, 11, expected))
        for end, day_before in (
            (datetime(2027, 1, 1, 0, 30), date(2026, 12, 31)),
            (datetime(2028, 3, 1, 0, 30), date(2028, 2, 29)),
        ):
            self.assertEqual(split.day_of_work(end), day_before)


def share(demands, **ledgers):
    return split.share([split.Demand(**demand) for demand in demands], ledgers)


@tagged("post_install", "-at_install")
class TestLedger(BaseCase):
    """What is free of one product, day by day: no database."""

    def test_available(self):
        stock = ledger(5, d2=-3, d4=6)
        self.assertEqual(
            [stock.available(day(n)) for n in range(6)], [5, 5, 2, 2, 8, 8]
        )

    def test_lasting(self):
        """What nobody asks for, whenever: of 5, 3 go before 6 come."""
        self.assertEqual(ledger(5, d2=-3, d4=6).lasting(), 2)
        self.assertEqual(ledger(5, d2=3, d4=-6).lasting(), 2)
        self.assertEqual(ledger(5, d2=3).lasting(), 5)
        self.assertEqual(ledger(5, d2=-9).lasting(), 0)

    def test_never_negative(self):
        self.assertEqual(ledger(2, d1=-9).available(day(3)), 0)

    def test_date(self):
        """Not before others have theirs, if they want it before."""
        stock = ledger(5, d2=-3, d4=6)
        self.assertEqual(stock.date_for(2, day(9)), TODAY)
        self.assertEqual(stock.date_for(4, day(1)), TODAY)
        self.assertEqual(stock.date_for(4, day(9)), day(4))
        self.assertEqual(stock.date_for(8, TODAY), day(4))
        self.assertIsNone(stock.date_for(9, TODAY))

    def test_earlier_claims_are_kept(self):
        """What was set aside for later is not there for somebody sooner."""
        stock = ledger(5, d4=6)
        self.assertEqual(stock.claim(8, day(5)), (8, day(4)))
        self.assertEqual(stock.available(TODAY), 3)
        self.assertEqual(stock.free, 0)
        self.assertEqual(stock.claim(4, TODAY), (3, None))

    def test_the_rest_is_set_aside_when_it_comes(self):
        stock = ledger(1, d4=3)
        self.assertEqual(stock.claim(2, day(1)), (1, day(4)))
        self.assertEqual(stock.available(day(9)), 2)

    def test_claim_free(self):
        """Free today, and nobody waits for it until then."""
        stock = ledger(5, d2=-3)
        self.assertEqual(stock.claim_free(9, day(3)), 2)
        self.assertEqual(ledger(5, d2=-3).claim_free(9, day(1)), 5)
        self.assertEqual(ledger(0, d2=8).claim_free(9, day(3)), 0)

    @effort(200)
    @given(
        free=st.integers(0, 9),
        changes=st.lists(st.tuples(st.integers(-3, 9), st.integers(-5, 5)), max_size=6),
        claims=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5),
    )
    def test_never_given_twice(self, free, changes, claims):
        """Whatever is claimed, by day, never exceeds what is there without claims."""
        changes = [(day(number), quantity) for number, quantity in changes]
        stock = split.Ledger(free, changes, TODAY, UNIT)
        bare = split.Ledger(free, changes, TODAY, UNIT)
        given_out = {}
        for quantity, number in claims:
            covered, ready = stock.claim(quantity, day(number))
            self.assertLessEqual(covered, quantity)
            if covered and covered == quantity:
                self.assertLessEqual(ready, day(number))
                given_out[ready] = given_out.get(ready, 0) + covered
        for until in given_out:
            total = sum(q for ready, q in given_out.items() if ready <= until)
            self.assertLessEqual(total, bare.balance(until))


@tagged("post_install", "-at_install")
class TestShare(BaseCase):
    """The lines of one order together: no database."""

    def test_needs_before_wishes(self):
        first, second = share(
            [
                {"place": "desk", "day": TODAY, "remaining": 4, "reducible": 4},
                {"place": "desk", "day": TODAY, "stock": 5},
            ],
            desk=ledger(6),
        )
        self.assertEqual((first.deductible, second.missing), (1, 0))

    def test_held_beyond_what_is_needed(self):
        """Units held for the stock part that is no more can replace assembly."""
        [cover] = share(
            [
                {
                    "place": "desk",
                    "day": TODAY,
                    "held": 3,
                    "remaining": 2,
                    "reducible": 2,
                }
            ],
            desk=ledger(0),
        )
        self.assertEqual((cover.deductible, cover.held), (2, 0))

    def test_lead(self):
        """Components are wanted as many days before as the assembly takes."""
        demand = {
            "place": "desk",
            "day": day(5),
            "remaining": 2,
            "lead": 3,
            "components": (split.Component("leg", 8.0),),
        }
        for arrival, able, ready in (("d2", 2, day(5)), ("d3", 0, day(6))):
            [cover] = share([demand], desk=ledger(), leg=ledger(**{arrival: 8}))
            self.assertEqual((cover.able, cover.ready), (able, ready))

    def test_round_down(self):
        for quantity, step, expected in (
            (3.5, 1, 3),
            (2.9999999999, 1, 3),
            (1.5, 1 / 12, 1.5),
            (0.307, 0.01, 0.3),
            (0, 1, 0),
        ):
            self.assertAlmostEqual(split.round_down(quantity, step), expected)
