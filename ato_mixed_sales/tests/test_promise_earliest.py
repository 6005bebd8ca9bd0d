# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

import freezegun
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.service.model import call_kw
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .test_availability import AvailabilityCommon

# Wednesday, noon in Brussels
WEDNESDAY = datetime(2026, 11, 25, 11)
ZONE = "Europe/Brussels"


@freeze_time(WEDNESDAY)
class WeekCommon(AvailabilityCommon):
    """People work from Monday to Friday; assembling takes 5 working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tz": ZONE})
        cls.calendar = cls._create_calendar(range(5))
        cls.company.resource_calendar_id = cls.calendar
        cls._set_stock(cls.desk, 6)
        cls.desk.bom_ids.produce_delay = 5

    def _add_holiday(self, day):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 23:59:59",
            }
        )

    def _sell(self, *lines, **values):
        lines = lines or ((self.desk, 10, 4),)
        order = self._create_order(*lines, user_id=self.seller.id, **values)
        return order.with_context(tz=ZONE)

    def _promise(self, order):
        seller = order.with_user(self.seller).with_context(tz=ZONE)
        call_kw(
            seller, "action_promise_earliest", [order.ids], {"context": {"tz": ZONE}}
        )
        self.env.invalidate_all()

    def assertPromised(self, order, day):
        promised = order.commitment_date
        self.assertEqual(Date.context_today(order, promised), date.fromisoformat(day))


@tagged("post_install", "-at_install")
class TestWorkingDays(WeekCommon):
    """Wednesday, November 25, and 5 working days: December 2, not November 30."""

    def assertAvailable(self, order, day):
        self.assertFigures(
            order.order_line, availability_date=day and date.fromisoformat(day)
        )

    def test_weekends_and_holidays(self):
        order = self._sell()
        for _state in self._quotation_and_order(order):
            self.assertAvailable(order, "2026-12-02")
        holiday = self._add_holiday("2026-11-27")
        self.assertAvailable(order, "2026-12-03")
        holiday.date_from = "2026-11-26 00:00:00"
        self.assertAvailable(order, "2026-12-04")
        holiday.unlink()
        self.assertAvailable(order, "2026-12-02")
        self.calendar.attendance_ids[-1].unlink()
        self.assertAvailable(order, "2026-12-03")
        self.company.resource_calendar_id = self._create_calendar(range(7))
        self.assertAvailable(order, "2026-11-30")

    def test_others_holidays(self):
        """A day off of one person, or of another company, is none of the hall."""
        order = self._sell()
        resource = self.env["resource.resource"].create(
            {"name": "Ann", "calendar_id": self.calendar.id}
        )
        self._add_holiday("2026-11-27").resource_id = resource
        self.assertAvailable(order, "2026-12-02")

    def test_after_components(self):
        """Legs arrive on Saturday: begun on Monday, done the Monday after."""
        self._set_stock(self.leg, 0)
        order = self._sell()
        self.assertAvailable(order, False)
        self._receive(self.leg, 16, 3)
        for _state in self._quotation_and_order(order):
            self.assertAvailable(order, "2026-12-07")

    def test_late_by_working_days(self):
        """Promised for Sunday: who ships on Monday is in time."""
        self.desk.bom_ids.produce_delay = 3
        order = self._sell(commitment_date="2026-11-29 11:00:00")
        line = order.order_line
        search = self.env["sale.order.line"].with_context(tz=ZONE).search
        for _state in self._quotation_and_order(order):
            self.assertFigures(line, is_late=False, components_short_qty=0)
            self.desk.bom_ids.produce_delay = 4
            self.assertFigures(line, is_late=True)
            self.assertEqual(
                search([("id", "=", line.id), ("is_late", "=", True)]), line
            )
            self.desk.bom_ids.produce_delay = 3

    def test_on_a_sunday(self):
        """What lies on the shelf, ordered on a Sunday, is not late."""
        with freeze_time("2026-11-29 10:00:00"):
            order = self._sell((self.desk, 6, 0))
            self.assertFigures(order.order_line, is_late=False)
            self._promise(order)
            self.assertPromised(order, "2026-11-30")


@tagged("post_install", "-at_install")
class TestPromiseEarliest(WeekCommon):
    """The earliest day is promised at one click, and kept (R160, W21)."""

    def test_promise(self):
        """6 in stock, 4 made by December 2: that is the day of all."""
        order = self._sell()
        self.assertEqual(order.earliest_promise_date, date(2026, 12, 2))
        self.assertTrue(order.order_line.is_late)
        self._promise(order)
        self.assertPromised(order, "2026-12-02")
        self.assertFalse(order.order_line.is_late)
        self.assertFalse(order.earliest_promise_date, "nothing better to say")
        with self.assertRefused("promised for Dec 2 already"):
            self._promise(order)

    def test_of_an_order(self):
        """Once confirmed, its documents are due on that day."""
        order = self._sell()
        order.action_confirm()
        self._promise(order)
        self.assertPromised(order, "2026-12-02")
        due = order.commitment_date
        moves = order.order_line.move_ids
        self.assertEqual(set(moves.mapped("date_deadline")), {due})
        assembly = order.order_line.assembly_order_ids
        self.assertEqual(assembly.date_deadline, due)
        self.assertInvariants(order.order_line)

    def test_plain_lines_take_their_lead(self):
        order = self._sell((self.desk, 10, 4), (self.lamp, 1))
        order.order_line[1].customer_lead = 10
        self._promise(order)
        self.assertPromised(order, "2026-12-07")  # the 5th is a Saturday

    def test_services_do_not_wait(self):
        service = self.env["product.product"].create({"name": "H", "type": "service"})
        order = self._sell((self.desk, 10, 4), (service, 1))
        order.order_line[1].customer_lead = 99
        self._promise(order)
        self.assertPromised(order, "2026-12-02")

    def test_unknown(self):
        """4 desks are missing: nobody knows when, and nothing is promised."""
        order = self._sell((self.lamp, 1), (self.desk, 10, 0))
        self.assertFalse(order.earliest_promise_date)
        with self.assertRefused("4.00 Units of Desk"):
            self._promise(order)
        self.assertFalse(order.commitment_date)
        self._receive(self.desk, 4, 10)  # on Saturday
        self._promise(order)
        self.assertPromised(order, "2026-12-07")

    def test_two_levels(self):
        """Legs are made, and planned for Friday: desks follow 5 days later."""
        self._set_stock(self.leg, 0)
        wood = self._create_product("Wood")
        self._set_stock(wood, 100)
        self._create_bom(self.leg, {wood: 1})
        order = self._sell()
        with self.assertRefused("Desk"):
            self._promise(order)
        production = self.env["mrp.production"].create(
            {
                "product_id": self.leg.id,
                "product_qty": 16,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        production.action_confirm()
        production.date_finished = "2026-11-27 12:00:00"
        self.env.invalidate_all()
        self._promise(order)
        self.assertPromised(order, "2026-12-04")

    def test_closed(self):
        order = self._sell()
        order.action_confirm()
        order.action_lock()
        self.assertFalse(order.earliest_promise_date)
        with self.assertRefused("cancelled or locked"):
            self._promise(order)
        order.action_unlock()
        self._produce(order.order_line.assembly_order_ids)
        self._deliver(order.picking_ids)
        with self.assertRefused("nothing is to be delivered"):
            self._promise(order)
        order = self._sell()
        order._action_cancel()
        with self.assertRefused("cancelled or locked"):
            self._promise(order)

    def test_nobody_moves_it(self):
        """Legs are scrapped, time passes, it is confirmed: the promise stays."""
        order = self._sell()
        self._promise(order)
        given = order.commitment_date
        order.action_confirm()
        self._scrap(self.leg, 990, self.stock)
        self.assertEqual(order.commitment_date, given)
        self.assertFigures(order.order_line, is_late=True)
        order.order_line.qty_to_assemble_to_order = 2
        order.order_line.product_uom_qty = 12
        with freeze_time("2027-01-04 10:00:00"):
            self.env.invalidate_all()
            self.assertTrue(order.order_line.is_late)
            self.env["sale.order"]._cron_release_expired_reservations()
        self.assertEqual(order.commitment_date, given)

    def test_rights(self):
        order = self._sell()
        other = new_test_user(self.env, "o", "sales_team.group_sale_salesman")
        portal = new_test_user(self.env, "p", "base.group_portal")
        for user in (other, portal):
            with self.assertRaises(AccessError):
                order.with_user(user).action_promise_earliest()
        self.assertFalse(order.commitment_date)

    def test_button(self):
        """The form has it beside the delivery date, with its day."""
        arch = self.env["sale.order"].with_user(self.seller).get_view(view_type="form")
        [button] = etree.fromstring(arch["arch"]).xpath(
            "//button[@name='action_promise_earliest']"
        )
        self.assertEqual(button.get("invisible"), "not earliest_promise_date")
        self.assertTrue(button.xpath("./field[@name='earliest_promise_date']"))

    def test_typed_in_the_form(self):
        order = self._sell()
        form = Form(order.with_user(self.seller))
        self.assertEqual(form.earliest_promise_date, "2026-12-02")
        with form.order_line.edit(0) as line:
            line.product_uom_qty = 12
            line.qty_to_assemble_to_order = 6
        form.save()
        self.assertEqual(form.earliest_promise_date, "2026-12-02")
        form.commitment_date = "2026-12-02 12:00:00"
        form.save()
        self.assertFalse(form.earliest_promise_date)


@tagged("post_install", "-at_install")
class TestExpectedDate(WeekCommon):
    """Odoo's own expected date is never before what is assembled can be there."""

    def assertExpected(self, order, day):
        self.env.invalidate_all()
        expected = Date.context_today(order, order.expected_date)
        self.assertEqual(expected, date.fromisoformat(day))

    def test_as_assembled(self):
        order = self._sell()
        for _state in self._quotation_and_order(order):
            self.assertExpected(order, "2026-12-02")
        order.order_line.customer_lead = 20
        self.assertExpected(order, "2026-12-15")
        order.order_line.customer_lead = 0
        self._produce(order.order_line.assembly_order_ids)
        self.assertExpected(order, "2026-11-25")

    def _type(self, order, **values):
        """What a client is told while it types `values` in the line of the order."""
        names = "assembly_figures", "customer_lead", "product_uom_qty"
        return order.onchange(
            {"order_line": [Command.update(order.order_line.id, values)]},
            ["order_line"],
            {
                "expected_date": {},
                "earliest_promise_date": {},
                "order_line": {"fields": {name: {} for name in names}},
            },
        )["value"]

    def test_typed(self):
        """As it was saved, but where what is typed moves Odoo's; nothing is offered."""
        order = self._sell()
        told = self._type(order, product_uom_qty=12)
        self.assertNotIn("expected_date", told)
        self.assertIs(told["earliest_promise_date"], False)
        told = self._type(order, customer_lead=20)
        self.assertEqual(Date.to_date(told["expected_date"]), date(2026, 12, 15))
        self.assertExpected(order, "2026-12-02")

    def test_typed_while_time_passes(self):
        """A second later Odoo counts from a second later: nothing new is expected."""
        order = self._sell()
        with freezegun.freeze_time(WEDNESDAY, auto_tick_seconds=1):
            told = self._type(order, product_uom_qty=12)
            self.assertNotIn("expected_date", told)
            told = self._type(order, customer_lead=20)
            self.assertEqual(Date.to_date(told["expected_date"]), date(2026, 12, 15))
        order.order_line.customer_lead = 30
        with freezegun.freeze_time(WEDNESDAY, auto_tick_seconds=1):
            told = self._type(order, customer_lead=20)
            self.assertEqual(Date.to_date(told["expected_date"]), date(2026, 12, 15))

    def test_policy(self):
        """As available, the first line counts; all at once, the last one."""
        order = self._sell((self.desk, 10, 4), (self.lamp, 1))
        self.assertExpected(order, "2026-11-25")
        order.picking_policy = "one"
        self.assertExpected(order, "2026-12-02")

    def test_unknown_and_plain(self):
        """Where nobody knows, and without assembled lines, as Odoo has it."""
        order = self._sell((self.desk, 10, 0))
        self.assertExpected(order, "2026-11-25")
        plain = self._sell((self.lamp, 1))
        self.assertExpected(plain, "2026-11-25")
        self.assertFalse(plain.earliest_promise_date)

    def test_in_parts(self):
        """The customer reads it per part, or one day: 6 now, 4 by December 2."""
        order = self._sell()
        line = order.order_line
        texts = line.with_context(tz=ZONE)._get_expected_deliveries()
        self.assertEqual(texts[line.id], "6 now, 4 by Dec 2")
        order.picking_policy = "one"
        texts = line.with_context(tz=ZONE)._get_expected_deliveries()
        self.assertEqual(texts[line.id], "Dec 2")
        order.picking_policy = "direct"
        self._promise(order)
        texts = line.with_context(tz=ZONE)._get_expected_deliveries()
        self.assertEqual(texts[line.id], "Dec 2")

    def test_customers_may_read_it(self):
        portal = new_test_user(self.env, "p", "base.group_portal")
        order = self._sell(partner_id=portal.partner_id.id, state="sent")
        expected = order.with_user(portal).expected_date
        self.assertEqual(Date.context_today(order, expected), date(2026, 12, 2))

    def test_queries(self):
        """As many for 20 orders as for 2."""
        orders = self.env["sale.order"].union(*(self._sell() for _n in range(20)))
        counts = []
        for some in (orders[:2], orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            some = self.env["sale.order"].browse(some.ids)
            before = self.env.cr.sql_log_count
            some.read(["expected_date", "earliest_promise_date"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)
