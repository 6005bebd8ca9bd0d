# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged

from .test_availability import AvailabilityCommon


class ExpectedCommon(AvailabilityCommon):
    """6 desks on the shelf; assembling takes 9 days. It is November 25."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls.desk.bom_ids.produce_delay = 9
        cls.warehouse.manufacture_steps = "mrp_one_step"

    def _day_text(self, days):
        day = self._day(days)
        return f"{day:%b} {day.day}"

    def _print(self, order, report="sale.action_report_saleorder", lang=None):
        """{product: what the print says of its delivery}"""
        reports = self.env["ir.actions.report"].with_user(self.seller)
        if lang:
            order.partner_id.lang = lang
        self.env.flush_all()
        self.env.invalidate_all()
        content, _type = reports._render_qweb_html(report, order.ids)
        return self._read(content)

    def _read(self, content):
        told = {}
        for cell in html.fromstring(content).xpath("//td[@name='td_product_name']"):
            name = "".join(cell.xpath("./span//text()")).strip()
            texts = cell.xpath("./div[@name='expected_delivery']//text()")
            told[name] = re.sub(r"\s+", " ", "".join(texts)).strip() or None
        return told


@tagged("post_install", "-at_install")
class TestExpected(ExpectedCommon):
    """What quotation and order print of when it comes (U14)."""

    def _check(self, order, *texts, **how):
        told = self._print(order, **how)
        texts = [text and f"Expected delivery: {text}" for text in texts]
        self.assertEqual([*told.values()], texts)

    def test_in_parts(self):
        """6 now, 4 when they are assembled: before and after the confirmation."""
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        for _state in self._quotation_and_order(order):
            self._check(order, f"6 now, 4 by {self._day_text(9)}")
        assembly = order.order_line.assembly_order_ids
        self._deliver(order.picking_ids, stock=6, assembly=0)
        self._check(order, f"4 by {self._day_text(9)}")
        self._produce(assembly)
        self._check(order, "4 now")
        self._deliver(order.picking_ids.filtered(lambda p: p.state != "done"))
        self._check(order, None)

    def test_at_once(self):
        """An order that ships whole comes when its last line is there."""
        order = self._create_order(
            (self.desk, 10, 4), (self.lamp, 2), user_id=self.seller.id
        )
        order.picking_policy = "one"
        for _state in self._quotation_and_order(order):
            self._check(order, self._day_text(9), self._day_text(9))

    def test_as_promised(self):
        """What is there earlier does not leave before the promised day."""
        order = self._create_order(
            (self.desk, 10, 4),
            (self.lamp, 2),
            user_id=self.seller.id,
            commitment_date=self._noon(20),
        )
        for _state in self._quotation_and_order(order):
            self._check(order, self._day_text(20), self._day_text(20))

    def test_later_than_promised(self):
        order = self._create_order(
            (self.desk, 10, 4), user_id=self.seller.id, commitment_date=self._noon(3)
        )
        self._check(order, f"6 by {self._day_text(3)}, 4 by {self._day_text(9)}")

    def test_from_receipts(self):
        """What is missing comes with a receipt, or nobody knows when."""
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        self._check(order, "6 now, 4 to be confirmed")
        self._receive(self.desk, 20, 5)
        self._check(order, f"6 now, 4 by {self._day_text(5)}")
        order.order_line.product_uom_qty = 30
        self._check(order, "6 now, 24 to be confirmed")

    def test_unknown_as_a_whole(self):
        self._set_stock(self.leg, 0)
        order = self._create_order((self.desk_to_order, 10), user_id=self.seller.id)
        self._check(order, "to be confirmed")

    def test_in_dozens(self):
        order = self._create_order(user_id=self.seller.id)
        order.order_line = [
            Command.create(
                self._prepare_line_vals(self.desk, 2, 1.5, product_uom_id=self.dozen.id)
            )
        ]
        self._check(order, f"0.5 now, 1.5 by {self._day_text(9)}")

    def test_nothing_of_ours(self):
        """Orders without an assembled line print as in Odoo; so do cancelled ones."""
        plain = self._create_order((self.lamp, 2), user_id=self.seller.id)
        self._check(plain, None)
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        order._action_cancel()
        self._check(order, None)

    def test_services_do_not_come(self):
        service = self.env["product.product"].create(
            {"name": "Assembly Hour", "type": "service"}
        )
        order = self._create_order(
            (self.desk, 10, 4), (service, 1), user_id=self.seller.id
        )
        self._check(order, f"6 now, 4 by {self._day_text(9)}", None)

    def test_pro_forma(self):
        order = self._create_order((self.desk, 10, 10), user_id=self.seller.id)
        self._check(
            order, self._day_text(9), report="sale.action_report_pro_forma_invoice"
        )

    def test_queries(self):
        """As many for ten lines as for two."""
        counts = []
        for count in (2, 2, 10):
            order = self._create_order(*[(self.desk, 2, 1)] * count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line._get_expected_deliveries()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestExpectedOnline(ExpectedCommon, HttpCase):
    """The same on the customer's pages, and no name of the house."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "ato_customer", "base.group_portal")

    def _open(self, order):
        self.env.flush_all()
        response = self.url_open(f"/my/orders/{order.id}")
        self.assertEqual(response.status_code, 200)
        return response.text

    def test_customer(self):
        order = self._create_order(
            (self.desk, 10, 4),
            (self.lamp, 2),
            partner_id=self.portal.partner_id.id,
            state="sent",
        )
        text = f"Expected delivery: 6 now, 4 by {self._day_text(9)}"
        assembly = order.order_line.assembly_order_ids
        self.authenticate(self.portal.login, self.portal.login)
        for _state in self._quotation_and_order(order):
            page = self._open(order)
            told = [*self._read(page).values()]
            self.assertEqual(told, [text, f"Expected delivery: {self._day_text(0)}"])
            for secret in (assembly.name, "Manufacturing Orders", "Table Leg"):
                self.assertNotIn(secret, page)
        self.assertIn(order.picking_ids.name, page, "a slip that goes to the customer")
        # left to the floor, it is still none of the customer's
        assembly.qty_producing = 1
        order.order_line[0]._take_all_from_stock()
        self.assertFalse(assembly.ato_sale_line_id)
        self.assertNotIn(assembly.name, self._open(order))

    def test_by_link(self):
        """Who has the link of the mail reads the same, on the page and as a print."""
        order = self._create_order((self.desk, 10, 4), state="sent")
        url = order.get_portal_url()
        for report in ("", "&report_type=html"):
            self.env.flush_all()
            response = self.url_open(f"{url}{report}")
            self.assertEqual(response.status_code, 200)
            text = f"Expected delivery: 6 now, 4 by {self._day_text(9)}"
            self.assertEqual([*self._read(response.text).values()], [text])

    def test_reads_nothing_else(self):
        """The page tells a day; figures and documents stay closed."""
        order = self._create_order(
            (self.desk, 10, 4), partner_id=self.portal.partner_id.id, state="sent"
        )
        assembly = order.order_line.assembly_order_ids
        for record, method, args in (
            (order, "get_assembly_availability", ()),
            (order, "get_uncovered_rows", ()),
            (order.order_line, "read", (["missing_qty"],)),
            (order.order_line, "read", (["assembly_figures"],)),
            (order.order_line, "_get_expected_deliveries", ()),
            (assembly, "read", (["name"],)),
        ):
            model = self.env[record._name].with_user(self.portal)
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(model, method, [record.ids, *args], {})

    def test_orders_without_us(self):
        """A product that Odoo makes for an order: its order is shown as ever."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        self.desk.route_ids = route
        order = self._create_order(
            (self.desk, 10, 0), partner_id=self.portal.partner_id.id, state="sent"
        )
        order.action_confirm()
        self.assertTrue(order.mrp_production_ids)
        self.authenticate(self.portal.login, self.portal.login)
        self.assertIn(order.mrp_production_ids[0].name, self._open(order))
