# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from datetime import datetime, timedelta

from lxml import etree

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..models.mrp_production.link import FILL_SALE_ORDER
from .common import AssembleToOrderCommon, CheckedStories
from .test_tours import TourCommon


class PlannerCommon(AssembleToOrderCommon):
    """Orders for two customers, and one for stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env, login="ato_floor", groups="mrp.group_mrp_user"
        )
        cls.other_customer = cls.env["res.partner"].create({"name": "Deco Addict"})
        cls.sale = cls._create_order((cls.desk, 10, 4), (cls.desk_to_order, 2, 2))
        cls.other_sale = cls._create_order(
            (cls.desk, 3, 3),
            partner_id=cls.other_customer.id,
            commitment_date=datetime.now() + timedelta(days=9),
        )
        (cls.sale | cls.other_sale).action_confirm()
        cls.orders = cls.sale.order_line.assembly_order_ids
        cls.other = cls.other_sale.order_line.assembly_order_ids
        cls.for_stock = cls.env["mrp.production"].create(
            {"product_id": cls.desk.id, "product_qty": 1}
        )
        cls.for_stock.action_confirm()

    def _rpc(self, user, method, *args, **kwargs):
        model = self.env["mrp.production"].with_user(user)
        return call_kw(model, method, args, kwargs)


@tagged("post_install", "-at_install")
class TestPlannerLists(CheckedStories, PlannerCommon):
    """A planner finds orders by whom they are for, and when (U12)."""

    def _search(self, *domain, user=None):
        ids = self._rpc(user or self.planner, "search", [*domain])
        ours = self.orders | self.other | self.for_stock
        return self.env["mrp.production"].browse(ids) & ours

    def test_search(self):
        self.assertEqual(
            self._search(("ato_partner_id", "ilike", "deco addict")), self.other
        )
        self.assertEqual(
            self._search(("ato_partner_id", "child_of", self.customer.id)), self.orders
        )
        self.assertEqual(
            self._search(("ato_sale_order_id", "ilike", self.sale.name)), self.orders
        )

    def test_group(self):
        """By customer and by sales order; what is for stock is in a group of its own"""
        ids = (self.orders | self.other | self.for_stock).ids
        for field, groups in (
            (
                "ato_partner_id",
                {self.customer.id: 2, self.other_customer.id: 1, False: 1},
            ),
            ("ato_sale_order_id", {self.sale.id: 2, self.other_sale.id: 1, False: 1}),
        ):
            found = self._rpc(
                self.planner,
                "web_read_group",
                [("id", "in", ids)],
                [field],
                aggregates=["__count"],
            )["groups"]
            counted = {g[field] and g[field][0]: g["__count"] for g in found}
            self.assertEqual(counted, groups)

    def test_seller_finds_own(self):
        """Salespeople search among the orders that they see, and no others."""
        self.sale.user_id = self.seller
        self.other_sale.user_id = self.env.ref("base.user_admin")
        self.assertEqual(
            self._search(("ato_partner_id", "!=", False), user=self.seller), self.orders
        )

    def test_customer_of_the_order_changes(self):
        self.sale.partner_id = self.other_customer
        self.assertEqual(self.orders.ato_partner_id, self.other_customer)
        found = self._search(("ato_partner_id", "=", self.other_customer.id))
        self.assertEqual(found, self.orders | self.other)

    def test_backorder(self):
        order = self.orders[0]
        self._produce(order, 1)
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(backorder.ato_partner_id, self.customer)
        self.assertEqual(backorder.ato_sale_order_id, self.sale)

    def test_nobody_writes_it(self):
        for name, value in (
            ("ato_partner_id", self.other_customer.id),
            ("ato_sale_order_id", self.other_sale.id),
        ):
            with self.assertRaises(AccessError):
                self._rpc(self.planner, "write", self.orders.ids, {name: value})
            with self.assertRaises(AccessError):
                vals = {"product_id": self.desk.id, name: value}
                self._rpc(self.planner, "create", [vals])
        self.assertEqual(self.orders.ato_partner_id, self.customer)

    def test_update_fills_it(self):
        """What was linked by an earlier version is found as well."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mrp_production SET ato_partner_id = NULL, ato_sale_order_id = NULL"
        )
        self.env.cr.execute(FILL_SALE_ORDER)
        self.env.invalidate_all()
        self.assertEqual(self.orders.ato_partner_id, self.customer)
        self.assertEqual(self.other.ato_sale_order_id, self.other_sale)
        self.assertFalse(self.for_stock.ato_partner_id)

    def _get_filter(self, name):
        view = self.env.ref("mrp.view_mrp_production_filter").get_combined_arch()
        node = etree.fromstring(view).xpath(f"//filter[@name='{name}']")[0]
        return literal_eval(node.get("domain"))

    def test_to_assemble_today(self):
        """Customers' orders that begin today or should have, and are not done."""
        today = self._get_filter("assemble_today")
        late, due = self.orders
        late.date_start = self._noon(-2)
        due.date_start = self._noon(0)
        self.other.date_start = self._noon(1)
        self.for_stock.date_start = self._noon(0)
        self.assertEqual(self._search(*today), late | due)
        self._produce(due)
        self.assertEqual(self._search(*today), late)

    def test_what_lists_show(self):
        """Each kind of user opens list and search; the deadline is there."""
        for user in self.planner | self.seller:
            views = self._rpc(
                user, "get_views", [(False, "list"), (False, "search")], {}
            )["views"]
            deadline = etree.fromstring(views["list"]["arch"]).xpath(
                "//field[@name='date_deadline']"
            )
            self.assertEqual(deadline[0].get("optional"), "show")
            search = etree.fromstring(views["search"]["arch"])
            for name in ("ato_partner_id", "ato_sale_order_id"):
                self.assertTrue(search.xpath(f"//field[@name='{name}']"), name)

    def test_who_is_waiting(self):
        """Said before it is cancelled, and in the order's chatter afterwards."""
        order = self.orders[0]
        note = f"Azure Interior is waiting for 4.00 Units of Desk ({self.sale.name})"
        [before] = self._rpc(self.planner, "get_cancellation_notes", order.ids)
        self.assertIn(note, before)
        order.with_user(self.planner).action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertIn(note, order.message_ids.mapped("body")[0])
        self.assertFalse(self._rpc(self.planner, "get_cancellation_notes", order.ids))
        self.assertLine(self.sale.order_line[0], 10, 10, 0)

    def test_what_is_left_to_be_made(self):
        order = self.orders[0]
        self._produce(order, 1)
        backorder = order.production_group_id.production_ids - order
        notes = self._rpc(self.planner, "get_cancellation_notes", backorder.ids)
        self.assertEqual(len(notes), 1)
        self.assertIn("waiting for 3.00 Units", notes[0])

    def test_nobody_is_waiting(self):
        """For stock; and a line that cancels its own order says nothing."""
        ids = self.for_stock.ids
        self.assertFalse(self._rpc(self.planner, "get_cancellation_notes", ids))
        self.for_stock.action_cancel()
        self.sale.order_line[0].qty_to_assemble_to_order = 0
        self.assertEqual(self.orders[0].state, "cancel")
        for order in self.for_stock | self.orders[0]:
            bodies = " ".join(order.message_ids.mapped("body"))
            self.assertNotIn("waiting for", bodies)


@tagged("post_install", "-at_install")
class TestPlannerTours(PlannerCommon, TourCommon):
    def test_cancel(self):
        """It is said who waits; kept, then cancelled. One for stock as in Odoo."""
        order = self.orders[0]
        url = "/odoo/action-mrp.mrp_production_action"
        self.start_tour(
            f"{url}/{order.id}", "ato_cancel_for_customer", login=self.planner.login
        )
        self.assertEqual(order.state, "cancel")
        self.start_tour(
            f"{url}/{self.for_stock.id}", "ato_cancel_for_stock", login="ato_floor"
        )
        self.assertEqual(self.for_stock.state, "cancel")
        self.start_tour(url, "ato_plan_for_customers", login=self.planner.login)
        self.assertEqual(self.other.state, "cancel")
