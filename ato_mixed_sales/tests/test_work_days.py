# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import split
from .decimal_unit import DecimalUnit
from .properties import effort

UNIT = DecimalUnit(2)
TODAY = date(2026, 11, 25)  # a Wednesday
NEVER = date.max
days = st.integers(-30, 60).map(lambda number: TODAY + timedelta(days=number))
leads = st.integers(0, 25)


@st.composite
def off_days(draw):
    """Which days are off: some weekdays, not all, and some holidays."""
    weekdays = draw(st.sets(st.integers(0, 6), max_size=6))
    holidays = draw(st.sets(days, max_size=8))
    return lambda day: day.weekday() in weekdays or day in holidays


@tagged("post_install", "-at_install")
class TestWorkDays(BaseCase):
    """Lead times are counted in working days (20.2)."""

    def test_weekend(self):
        """Begun on Friday the 27th; the 30th is a holiday, and 5 days are a week."""
        holiday = date(2026, 11, 30)
        work = split.WorkDays(lambda day: day.weekday() > 4 or day == holiday)
        for start, lead, end in (
            ("2026-11-27", 0, "2026-11-27"),
            ("2026-11-27", 1, "2026-12-01"),
            ("2026-11-28", 0, "2026-12-01"),
            ("2026-11-28", 1, "2026-12-02"),
            ("2026-11-27", 5, "2026-12-07"),
        ):
            found = work.after(date.fromisoformat(start), lead)
            self.assertEqual(found, date.fromisoformat(end), (start, lead))
        for end, lead, start in (
            ("2026-12-07", 5, "2026-11-27"),
            ("2026-12-06", 5, "2026-11-27"),
            ("2026-12-01", 1, "2026-11-27"),
            ("2026-11-29", 0, "2026-12-01"),
        ):
            found = work.before(date.fromisoformat(end), lead)
            self.assertEqual(found, date.fromisoformat(start), (end, lead))

    def test_every_day(self):
        self.assertEqual(split.EVERY_DAY.after(TODAY, 9), date(2026, 12, 4))
        self.assertEqual(split.EVERY_DAY.before(TODAY, 9), date(2026, 11, 16))
        never = split.WorkDays(lambda _day: True)
        self.assertEqual(never.on_or_after(TODAY), TODAY, "says nothing")

    @effort(300)
    @given(off_days(), days, leads)
    def test_never_on_a_day_off(self, is_off, day, lead):
        work = split.WorkDays(is_off)
        for found in (work.after(day, lead), work.before(day, lead)):
            self.assertFalse(is_off(found))
        end = work.after(day, lead)
        self.assertGreaterEqual(end, day + timedelta(days=lead))
        between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
        worked = sum(not is_off(day) for day in between)
        self.assertEqual(worked, lead + is_off(day), "counted day by day")

    @effort(300)
    @given(off_days(), days, days, leads, leads)
    def test_monotone(self, is_off, day, other, lead, more):
        work = split.WorkDays(is_off)
        [day, other], [lead, more] = sorted((day, other)), sorted((lead, more))
        self.assertLessEqual(work.after(day, lead), work.after(other, lead))
        self.assertLessEqual(work.after(day, lead), work.after(day, more))
        self.assertLessEqual(work.before(day, lead), work.before(other, lead))
        self.assertLessEqual(work.before(day, more), work.before(day, lead))

    @effort(300)
    @given(off_days(), days, leads)
    def test_there_and_back(self, is_off, day, lead):
        """What is begun on the last day is there in time, and not what begins later."""
        work = split.WorkDays(is_off)
        last, due = work.before(day, lead), work.on_or_after(day)
        self.assertEqual(work.after(last, lead), due)
        self.assertGreater(work.after(last + timedelta(days=1), lead), due)


@tagged("post_install", "-at_install")
class TestDaysOfAssembly(BaseCase):
    """When what is assembled is there, by whatever arrives when."""

    def _cover(self, quantity, work, lead, free, receipts, wanted):
        """4 legs and a top for each, of which `free` and `receipts` are there."""
        ledgers = {
            "desk": split.Ledger(0, [], TODAY, UNIT),
            "leg": split.Ledger(free, receipts, TODAY, UNIT),
            "top": split.Ledger(1000, [], TODAY, UNIT),
        }
        demand = split.Demand(
            "desk",
            wanted,
            remaining=quantity,
            reducible=quantity,
            components=(
                split.Component("leg", 4 * quantity),
                split.Component("top", quantity),
            ),
            lead=lead,
            calendar=work,
        )
        [cover] = split.share([demand], ledgers)
        return cover

    @effort(300)
    @given(
        off_days(),
        st.integers(1, 20),
        leads,
        st.integers(0, 60),
        st.lists(st.tuples(days, st.integers(1, 40)), max_size=5),
        st.integers(0, 40).map(lambda number: TODAY + timedelta(days=number)),
    )
    def test_days(self, is_off, quantity, lead, free, receipts, wanted):
        """On no day off, never before a component, no earlier for more."""
        work = split.WorkDays(is_off)
        cover = self._cover(quantity, work, lead, free, receipts, wanted)
        more = self._cover(quantity + 1, work, lead, free, receipts, wanted)
        self.assertLessEqual(cover.assembled or NEVER, more.assembled or NEVER)
        there = free + sum(arriving for _day, arriving in receipts)
        self.assertEqual(bool(cover.assembled), there >= 4 * quantity)
        if not cover.assembled:
            return
        self.assertFalse(is_off(cover.assembled))
        arrived = [day for day in [TODAY, *(d for d, _n in receipts)] if day >= TODAY]
        enough = min(
            day
            for day in arrived
            if free + sum(n for d, n in receipts if max(d, TODAY) <= day)
            >= 4 * quantity
        )
        self.assertEqual(cover.assembled, work.after(enough, lead))
        if cover.able < quantity:
            self.assertGreater(cover.assembled, work.on_or_after(wanted), "short: late")
