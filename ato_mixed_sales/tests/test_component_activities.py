# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestComponentActivities(CheckedStories, AssembleToOrderCommon):
    """Who buys, or makes, components to order is told of a change, by Odoo (E22).

    A desk has a lamp, bought to order, and a drawer, made to order of two legs.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        routes = cls.warehouse.mto_pull_id.route_id
        routes.active = True
        vendor = cls.env["res.partner"].create({"name": "Lamp Vendor"})
        buy = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.bought = cls._create_product(
            "Bought Lamp",
            route_ids=[Command.set((routes | buy).ids)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 3})],
        )
        make = cls.warehouse.manufacture_pull_id.route_id
        cls.drawer = cls._create_product(
            "Drawer", {cls.leg: 2}, route_ids=[Command.set((routes | make).ids)]
        )
        cls.cabinet = cls._create_product(
            "Cabinet", {cls.top: 1, cls.bought: 1, cls.drawer: 1}
        )
        cls._set_stock(cls.cabinet, 6)

    def _sell(self):
        sale = self._create_order((self.cabinet, 10, 4), user_id=self.seller.id)
        sale.action_confirm()
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        request = order.move_raw_ids.created_purchase_line_ids.order_id
        child = order.move_raw_ids.move_orig_ids.production_id
        self.assertEqual(request.order_line.product_qty, 4)
        self.assertEqual((child.product_id, child.product_qty), (self.drawer, 4))
        return line, request, child

    def _count_told(self, request, child):
        self.env.invalidate_all()
        return len(request.activity_ids), len(child.activity_ids)

    def assertSellerIsNotTold(self, line):
        """They have made the change: nothing of it is left for them to do."""
        self.assertFalse(line.order_id.activity_ids)
        self.assertFalse(line.order_id.picking_ids.activity_ids)

    def test_less(self):
        """A 4 to 3, to 1: the buyer, and the planner of the drawers, see each."""
        line, request, child = self._sell()
        for number, to_assemble in enumerate((3, 1), start=1):
            line.qty_to_assemble_to_order = to_assemble
            self.assertEqual(self._count_told(request, child), (number, number))
            self.assertSellerIsNotTold(line)
            self.assertInvariants(line)
        self.assertIn("Bought Lamp", request.activity_ids[0].note)
        self.assertIn("Drawer", child.activity_ids[0].note)

    def test_nothing(self):
        """A 4 to 0: the order is cancelled."""
        line, request, child = self._sell()
        line.qty_to_assemble_to_order = 0
        self.assertEqual(line.assembly_order_ids.state, "cancel")
        self.assertEqual(self._count_told(request, child), (1, 1))
        self.assertSellerIsNotTold(line)

    def test_ordered_less(self):
        """Q 10 to 3 makes A 3."""
        line, request, child = self._sell()
        line.product_uom_qty = 3
        self.assertEqual(line.qty_to_assemble_to_order, 3)
        self.assertEqual(self._count_told(request, child), (1, 1))
        self.assertSellerIsNotTold(line)

    def test_cancelled(self):
        """The sales order is cancelled."""
        line, request, child = self._sell()
        line.order_id._action_cancel()
        self.assertEqual(line.assembly_order_ids.state, "cancel")
        self.assertEqual(self._count_told(request, child), (1, 1))
        self.assertSellerIsNotTold(line)

    def test_more(self):
        """A 4 to 5: one more of each is procured, as Odoo does it."""
        line, request, child = self._sell()
        line.qty_to_assemble_to_order = 5
        order = line.assembly_order_ids
        bought = order.move_raw_ids.created_purchase_line_ids
        children = order.move_raw_ids.move_orig_ids.production_id
        self.assertEqual(sum(bought.mapped("product_qty")), 5)
        self.assertEqual(sum(children.mapped("product_qty")), 5)
        self.assertSellerIsNotTold(line)

    def test_nothing_procured(self):
        """Components that lie in stock concern nobody."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        line = sale.order_line
        before = self.env["mail.activity"].search_count([])
        line.qty_to_assemble_to_order = 2
        line.qty_to_assemble_to_order = 0
        self.assertEqual(self.env["mail.activity"].search_count([]), before)
