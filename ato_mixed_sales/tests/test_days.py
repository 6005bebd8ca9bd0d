# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from pytz import UTC, timezone

from odoo.tests import freeze_time, tagged

from .test_availability import AvailabilityCommon

# ends of months and years, and nights in which clocks change
LATE_EVENINGS = (
    ("UTC", "2026-11-25"),
    ("UTC", "2028-02-29"),
    ("Europe/Brussels", "2026-10-24"),
    ("Europe/Brussels", "2027-03-27"),
    ("America/New_York", "2027-02-28"),
    ("America/New_York", "2027-03-13"),
    ("Asia/Kolkata", "2026-12-31"),
    ("Pacific/Auckland", "2027-04-03"),
)


@tagged("post_install", "-at_install")
class TestDays(AvailabilityCommon):
    """A line is late by days, where the user is, against what was promised.

    What is said here of days is written out, and no figure is computed from another.
    """

    def _at(self, zone, moment):
        """The moment that clocks in `zone` show, as it is stored."""
        local = timezone(zone).localize(datetime.fromisoformat(moment))
        return local.astimezone(UTC).replace(tzinfo=None)

    def _as_seen_in(self, zone, line):
        return line.with_context(tz=zone)

    def assertReady(self, line, day, late):
        """When the line is ready, late or not; Odoo's own popover says the same."""
        day = date.fromisoformat(day)
        self.assertFigures(line, availability_date=day, is_late=late)
        red = line.forecast_expected_date > line.scheduled_date
        self.assertEqual(red, late, "as in Odoo's popover")

    def test_an_hour_of_work_past_midnight(self):
        """At 23:30 one of 4 is made: the others are of today, as a minute ago."""
        self._set_stock(self.desk, 6)
        for zone, day in LATE_EVENINGS:
            with (
                self.subTest(zone=zone, day=day),
                freeze_time(self._at(zone, f"{day} 23:30:00")),
            ):
                sale = self._create_order((self.desk, 10, 4))
                line = self._as_seen_in(zone, sale.order_line)
                line.order_id.action_confirm()
                self.assertReady(line, day, late=False)
                self._produce(line.assembly_order_ids, 1)
                [rest] = line.assembly_order_ids.filtered(lambda o: o.state != "done")
                ends = UTC.localize(rest.date_finished).astimezone(timezone(zone))
                tomorrow = date.fromisoformat(day) + timedelta(days=1)
                self.assertEqual(ends.date(), tomorrow, "it ends at 00:30")
                self.assertReady(line, day, late=False)
                line.order_id._action_cancel()

    def test_more_than_an_hour_past_midnight(self):
        """Work that goes on into the day after is of the day after."""
        for zone, today, tomorrow in (
            ("Europe/Brussels", "2026-10-24", "2026-10-25"),
            ("Asia/Kolkata", "2026-12-31", "2027-01-01"),
        ):
            with freeze_time(self._at(zone, f"{today} 17:00:00")):
                sale = self._create_order((self.desk, 4, 4))
                line = self._as_seen_in(zone, sale.order_line)
                line.order_id.action_confirm()
                self.assertReady(line, today, late=False)
                order = line.assembly_order_ids
                order.date_finished = self._at(zone, f"{tomorrow} 00:59:59")
                self.assertReady(line, today, late=False)
                for end in ("01:00:00", "08:00:00"):
                    order.date_finished = self._at(zone, f"{tomorrow} {end}")
                    self.assertReady(line, tomorrow, late=True)

    def test_the_day_after_the_promise(self):
        """Promised for the 31st, and not shipped: late at midnight, not before."""
        zone = "America/New_York"
        with freeze_time(self._at(zone, "2026-12-30 09:00:00")):
            promised = self._at(zone, "2026-12-31 08:00:00")
            sale = self._create_order((self.desk, 10, 10), commitment_date=promised)
            sale.action_confirm()
        line = self._as_seen_in(zone, sale.order_line)
        for now, day, late in (
            ("2026-12-30 23:59:59", "2026-12-31", False),
            ("2026-12-31 07:00:00", "2026-12-31", False),
            ("2026-12-31 23:59:59", "2026-12-31", False),
            ("2027-01-01 00:00:00", "2027-01-01", True),
            ("2027-01-02 12:00:00", "2027-01-02", True),
        ):
            with self.subTest(now=now), freeze_time(self._at(zone, now)):
                self.assertReady(line, day, late)
                self.assertFigures(line, delivery_date=date(2026, 12, 31))

    def test_promised_by_lead_time(self):
        """A quotation promises from today; once it is confirmed, the day is fixed."""
        zone = "Europe/Brussels"
        with freeze_time(self._at(zone, "2028-02-27 23:30:00")):
            sale = self._create_order((self.desk, 10, 10))
        line = self._as_seen_in(zone, sale.order_line)
        line.customer_lead = 2
        with freeze_time(self._at(zone, "2028-02-28 00:30:00")):
            self.assertFigures(line, delivery_date=date(2028, 3, 1), is_late=False)
            line.order_id.action_confirm()
        moments = ("2028-03-01 23:00:00", False), ("2028-03-02 01:00:00", True)
        for now, late in moments:
            with self.subTest(now=now), freeze_time(self._at(zone, now)):
                self.assertFigures(line, delivery_date=date(2028, 3, 1), is_late=late)

    def test_where_the_user_is(self):
        """Promised 23:00, ready 03:00 UTC: one day in New York and in India."""
        with freeze_time("2026-11-25 10:00:00"):
            sale = self._create_order(
                (self.desk, 4, 4), commitment_date=datetime(2026, 11, 25, 23)
            )
            sale.action_confirm()
            line = sale.order_line
            line.assembly_order_ids.date_finished = datetime(2026, 11, 26, 3)
            for zone, promised, ready, late in (
                ("America/New_York", 25, "2026-11-25", False),
                ("Asia/Kolkata", 26, "2026-11-26", False),
                ("UTC", 25, "2026-11-26", True),
            ):
                with self.subTest(zone=zone):
                    seen = self._as_seen_in(zone, line)
                    self.assertReady(seen, ready, late)
                    self.assertFigures(seen, delivery_date=date(2026, 11, promised))

    def test_users_time_zone(self):
        """Without one in the context it is the user's; without any it is UTC."""
        with freeze_time("2026-11-25 23:30:00"):
            sale = self._create_order((self.desk, 4, 4), user_id=self.seller.id)
            line = sale.order_line.with_user(self.seller)
            for zone, day in (("Asia/Kolkata", 26), (False, 25), ("Asia/Tokyo", 26)):
                self.seller.tz = zone
                # Odoo looks at the user once for each environment
                seen = line.with_context(tz=None, environment=zone)
                self.assertFigures(seen, availability_date=date(2026, 11, day))

    def test_receipts_by_day(self):
        """What arrives at 23:30 is there that day, at 01:30 it is the next."""
        for zone, day, next_day in (
            ("America/New_York", "2026-10-31", "2026-11-01"),
            ("Pacific/Auckland", "2026-09-26", "2026-09-27"),
            ("Africa/Cairo", "2027-04-29", "2027-04-30"),
        ):
            with (
                self.subTest(zone=zone),
                freeze_time(self._at(zone, f"{day} 08:00:00")),
            ):
                desk = self._create_product("Desk", {self.leg: 4})
                arrival = self._at(zone, f"{day} 23:30:00")
                receipt = self._receive(desk, 8, 0, date=arrival)
                sale = self._create_order((desk, 10, 2))
                line = self._as_seen_in(zone, sale.order_line)
                line.order_id.commitment_date = self._at(zone, f"{day} 09:00:00")
                line.order_id.action_confirm()
                self.assertFigures(line, missing_qty=0)
                self.assertReady(line, day, late=False)
                receipt.date = self._at(zone, f"{next_day} 01:30:00")
                self.assertFigures(line, missing_qty=8)
                self.assertReady(line, next_day, late=True)
                line.order_id.commitment_date = self._at(zone, f"{next_day} 01:00:00")
                self.assertFigures(line, missing_qty=0)
                self.assertReady(line, next_day, late=False)

    def test_a_delivery_date_later_the_same_day(self):
        """The draft order starts as many days later as people count."""
        zone = "Pacific/Auckland"
        with freeze_time(self._at(zone, "2026-11-25 10:00:00")):
            morning = self._at(zone, "2026-12-01 09:00:00")
            sale = self._create_order((self.desk, 10, 4), commitment_date=morning)
            sale = sale.with_context(tz=zone)
            order = sale.order_line.assembly_order_ids
            start = order.date_start
            for moment, days in (
                ("2026-12-01 15:00:00", 0),
                ("2026-12-02 08:00:00", 1),
                ("2026-12-01 23:00:00", 0),
            ):
                sale.commitment_date = self._at(zone, moment)
                self.assertEqual(order.date_start, start + timedelta(days=days))
