# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_availability import AvailabilityCommon


@tagged("post_install", "-at_install")
class TestPromise(AvailabilityCommon):
    """On time or late against the promise, and when the rest could be there."""

    def _named(self, days):
        day = self._day(days)
        year = "" if day.year == self.today.year else f", {day.year}"
        return f"{day:%b} {day.day}{year}"

    def _sell(self, *lines, days):
        order = self._create_order(*lines, commitment_date=self._noon(days))
        return order.order_line

    def test_the_same_before_and_after(self):
        """Promised in 6 days, made in one: on time, whatever has been made of it."""
        self.desk.bom_ids.produce_delay = 1
        self._set_stock(self.desk, 6)
        line = self._sell((self.desk, 10, 4), days=6)
        on_time = {"promise_text": f"on time for {self._named(6)}", "is_late": False}
        for _state in self._quotation_and_order(line.order_id):
            self.assertFigures(line, status="assemble", status_parts=[6, 4], **on_time)
        self._produce(line.assembly_order_ids, 1)
        self.assertFigures(line, status="assemble", status_parts=[6, 4], **on_time)
        [rest] = line.assembly_order_ids.filtered(lambda order: order.state != "done")
        self._produce(rest)
        self.assertFigures(line, status="covered", status_parts=[6, 4], **on_time)

    def test_late_before_and_after(self):
        """Promised in 3 days, made in 9: the 4 are late, and stay so."""
        self.desk.bom_ids.produce_delay = 9
        self._set_stock(self.desk, 6)
        line = self._sell((self.desk, 10, 4), days=3)
        late = f"late: {self._named(9)} instead of {self._named(3)}"
        for _state in self._quotation_and_order(line.order_id):
            self.assertFigures(
                line,
                status="late",
                status_parts=[4],
                status_text="6 in stock + 4 to assemble",
                promise_text=late,
                is_late=True,
            )

    def test_promised_in_the_past(self):
        """All that is open is late, also what lies on the shelf."""
        self._set_stock(self.desk, 10)
        line = self._sell((self.desk, 10), days=-2)
        self.assertFigures(line, status="late", status_parts=[10], is_late=True)

    def test_missing_if_assembled(self):
        """4 of 10 are missing: there in 2 days, when legs are, or nobody knows when."""
        self.desk.bom_ids.produce_delay = 2
        self._set_stock(self.desk, 6)
        line = self._sell((self.desk, 10), days=1)
        for _state in self._quotation_and_order(line.order_id):
            self.assertFigures(
                line,
                status="missing",
                status_parts=[4],
                status_text="4 missing",
                promise_text=f"assembled by {self._named(2)}",
                missing_date=self._day(2),
                is_late=True,
            )
        self._set_stock(self.leg, 0)
        self.assertFigures(line, promise_text="not known when", missing_date=False)
        self._receive(self.leg, 16, 5)
        self.assertFigures(line, promise_text=f"assembled by {self._named(7)}")

    def test_missing_of_lines_that_share(self):
        """Legs for the first line only: the second one waits for more of them."""
        self._set_stock(self.leg, 8)
        self._receive(self.leg, 8, 5)
        first, second = self._sell((self.desk, 2, 1), (self.desk, 2, 1), days=1)
        self.assertFigures(first, missing_qty=1, missing_date=self._day(5))
        self.assertFigures(second, missing_qty=1, missing_date=self._day(5))
        second.product_uom_qty = 1
        self.assertFigures(second, missing_qty=0, missing_date=False)
        self._set_stock(self.leg, 12)
        self.assertFigures(first, missing_qty=1, missing_date=self.today)

    def test_search(self):
        """Late lines are found, and the others."""
        self._set_stock(self.desk, 6)
        lines = self._sell((self.desk, 4), (self.desk, 5), (self.lamp, 1), days=1)
        on_time, late, plain = lines
        search = self.env["sale.order.line"].search
        domain = [("id", "in", lines.ids)]
        self.assertEqual(search([*domain, ("is_late", "=", True)]), late)
        self.assertEqual(search([*domain, ("is_late", "=", False)]), on_time | plain)
        self.assertEqual(search([*domain, ("is_late", "!=", True)]), on_time | plain)
