# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval

from lxml import etree

from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import AssembleToOrderCommon
from .test_tours import TourCommon

ACTION = "ato_mixed_sales.sale_order_line_action_to_promise"


class ToPromiseCommon(AssembleToOrderCommon):
    """Three orders that nothing covers, of one seller, not entered in their order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = {"user_id": cls.seller.id}
        cls.later = cls._create_order((cls.desk, 5, 0), **own)
        cls.later.order_line.customer_lead = 12
        cls.sooner = cls._create_order((cls.desk, 3, 0), **own)
        cls.sooner.order_line.customer_lead = 2
        cls.promised = cls._create_order((cls.desk, 4, 0), **own)
        cls.promised.order_line.customer_lead = 30
        cls.orders = cls.later | cls.sooner | cls.promised


@tagged("post_install", "-at_install")
class TestLinesToPromise(ToPromiseCommon):
    """The list of what is to be decided (U11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.today
        cls.promised.commitment_date = f"{today} 12:00:00"

    def _list(self, order="promised_date, order_id, sequence, id"):
        """[(order, promised day)] as the list of the seller shows them"""
        lines = self.env["sale.order.line"].with_user(self.seller)
        found = call_kw(
            lines,
            "web_search_read",
            [],
            {
                "domain": [("order_id", "in", self.orders.ids)],
                "specification": {"order_id": {}, "promised_date": {}},
                "order": order,
            },
        )
        return [
            (row["order_id"], str(row["promised_date"])) for row in found["records"]
        ]

    def test_in_order_of_their_dates(self):
        """Promised by date, or by lead time, quotations and orders alike."""
        expected = [
            (self.promised.id, str(self._day(0))),
            (self.sooner.id, str(self._day(2))),
            (self.later.id, str(self._day(12))),
        ]
        self.assertEqual(self._list(), expected)
        self.sooner.action_confirm()
        self.assertEqual(self._list(), expected)
        self.assertEqual(self._list("promised_date desc"), expected[::-1])
        self.sooner.date_order = self._noon(20)
        self.assertEqual([order for order, _day in self._list()][-1], self.sooner.id)

    def _get_filter(self, name):
        action = self.env.ref(ACTION)
        self.assertTrue(literal_eval(action.context)[f"search_default_{name}"])
        lines = self.env["sale.order.line"].with_user(self.seller)
        view = lines.get_view(action.search_view_id.id, "search")
        [node] = etree.fromstring(view["arch"]).xpath(f"//filter[@name='{name}']")
        return literal_eval(node.get("domain"))

    def test_late(self):
        """All is covered, 4 of it after the promised day; once promised later, none."""
        self._set_stock(self.desk_to_order, 6)
        self.desk_to_order.bom_ids.produce_delay = 9
        line = self._create_order(
            (self.desk_to_order, 10, 4), user_id=self.seller.id
        ).order_line
        found = self._get_filter("late")
        late = [*found, ("order_id", "in", (self.orders | line.order_id).ids)]
        lines = self.env["sale.order.line"].with_user(self.seller)
        self.assertEqual(line.missing_qty, 0)
        self.assertIn(line.id, call_kw(lines, "search", [late], {}))
        line.order_id.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(line.missing_qty, 0)
        self.assertIn(line.id, call_kw(lines, "search", [late], {}))
        line.order_id.commitment_date = self._noon(9)
        self.env.invalidate_all()
        self.assertNotIn(line.id, call_kw(lines, "search", [late], {}))

    def test_what_is_first(self):
        """Date, customer, order, product; clicked, a row opens its order."""
        action = self.env.ref(ACTION)
        lines = self.env["sale.order.line"].with_user(self.seller)
        view = lines.get_view(action.view_id.id, "list")
        arch = etree.fromstring(view["arch"])
        names = [
            node.get("name") for node in arch.xpath("./field[not(@column_invisible)]")
        ]
        self.assertEqual(
            names[:3], ["promised_date", "order_partner_id", "order_id"], names
        )
        self.assertEqual(arch.get("default_order").split(",")[0], "promised_date")
        opened = call_kw(lines, arch.get("action"), [self.sooner.order_line.ids], {})
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("sale.order", self.sooner.id)
        )


@tagged("post_install", "-at_install")
class TestToPromiseTours(ToPromiseCommon, TourCommon):
    def test_open_the_order(self):
        """The first is the soonest; answered there, another one is opened."""
        self.env.ref(ACTION).path = "ato-lines-to-promise"
        self._start_as_seller("/odoo/ato-lines-to-promise", "ato_lines_to_promise")
        lines = self.orders.order_line
        self.assertEqual(lines.mapped("qty_to_assemble_to_order"), [0, 3, 0])
