# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.tests import freeze_time
from odoo.tools import html2plaintext

from .test_availability import AvailabilityCommon

LATE = "ato_mixed_sales.mail_activity_type_late"
READY = "ato_mixed_sales.mail_activity_type_ready"


class WatchCommon(AvailabilityCommon):
    """Orders that were promised, and what their salesperson is told of them."""

    def _sell(self, *lines, days=5, **values):
        """A confirmed order of our seller, promised in so many days."""
        promised = {"commitment_date": self._noon(days)} if days is not None else {}
        order = self._create_order(*lines, user_id=self.seller.id, **promised, **values)
        order.action_confirm()
        self._end()
        return order

    def _sell_desks(self, stock=6, **values):
        """10 desks, 6 from stock and 4 to be assembled: on time."""
        self._set_stock(self.desk, stock)
        return self._sell((self.desk, 10, 4), **values)

    def _end(self):
        """What happens when the transaction ends, as in `commit`."""
        self.env.flush_all()
        self.env.cr.flush()

    def _run_job(self):
        self.env["sale.order"]._cron_watch_promises()
        self._end()

    @contextmanager
    def _days_later(self, days):
        """So many days from now, for Odoo; days of tests are still counted from now."""
        with freeze_time(datetime.now() + timedelta(days=days)):
            yield

    def _plan(self, order, days):
        """The planner has the assembly begin at noon, in so many days."""
        order.order_line.assembly_order_ids.date_start = self._noon(days)
        self._end()

    def _get_activities(self, order, kind=LATE, done=False):
        """Counted by what is in the table."""
        self.env.flush_all()
        domain = [
            ("res_model", "=", "sale.order"),
            ("res_id", "=", order.id),
            ("activity_type_id", "=", self.env.ref(kind).id),
            ("active", "=", not done),
        ]
        return self.env["mail.activity"].search(domain)

    def _read(self, activity):
        return " ".join(html2plaintext(activity.note).split())

    def assertTold(self, order, *texts, kind=LATE):
        """One open activity, of the salesperson, that says all of this."""
        [activity] = self._get_activities(order, kind)
        self.assertEqual(activity.user_id, order.user_id)
        note = self._read(activity)
        for text in texts:
            self.assertIn(text, note)
        return activity

    def assertNotTold(self, order, kind=LATE):
        self.assertFalse(self._get_activities(order, kind).mapped("note"))

    def _named(self, days):
        day = self.today + timedelta(days=days)
        year = "" if day.year == self.today.year else f", {day.year}"
        return f"{day:%b} {day.day}{year}"

    def _late(self, days, promised=5):
        return f"late: {self._named(days)} instead of {self._named(promised)}"
