# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestTours(AssembleToOrderCommon, HttpCase):
    """Both flows in the browser: sold by a seller, made and shipped by a planner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # names that no demo data have: tours choose by name
        cls.customer.name = "Northwind Offices"
        cls.desk.name = "Oak Writing Desk"
        cls.desk_to_order.name = "Bespoke Counter"
        cls.seller.property_warehouse_id = cls.warehouse
        cls.planner = new_test_user(
            cls.env,
            login="ato_planner",
            groups="stock.group_stock_user,mrp.group_mrp_user",
            company_id=cls.company.id,
        )

    def test_take_six_make_four(self):
        """Assembled to stock, 6 on the shelf: 10 ordered, 4 typed, 10 delivered."""
        self._set_stock(self.desk, 6)
        self.start_tour("/odoo/sales/new", "ato_take_from_stock_sell", login="ato_seller")
        order = self._get_order_of_seller()
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)

        self._produce_and_deliver(order, "ato_take_from_stock_deliver")
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)

    def test_make_six_take_the_four_that_came_back(self):
        """Assembled to order: 10 to make, 4 came back, 6 typed, 10 delivered."""
        self.warehouse.out_type_id.reservation_method = "manual"
        self.start_tour("/odoo/sales/new", "ato_make_to_order_quote", login="ato_seller")
        order = self._get_order_of_seller()
        self.assertLine(order.order_line, ordered=10, from_stock=0, to_assemble=10)
        self._set_stock(self.desk_to_order, 4)

        self.start_tour(
            f"/odoo/sales/{order.id}", "ato_make_to_order_sell", login="ato_seller"
        )
        self.assertLine(order.order_line, ordered=10, from_stock=4, to_assemble=6)

        self._produce_and_deliver(order, "ato_make_to_order_deliver")
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk_to_order), 0)

    def _get_order_of_seller(self):
        order = self.env["sale.order"].search([("user_id", "=", self.seller.id)])
        self.assertEqual(len(order), 1)
        self.assertEqual(order.warehouse_id, self.warehouse)
        return order

    def _produce_and_deliver(self, order, delivery_tour):
        """The planner's part, on the one assembly order and the one delivery."""
        assembly, picking = order.order_line.assembly_order_ids, order.picking_ids
        self.start_tour(
            f"/odoo/action-mrp.mrp_production_action/{assembly.id}",
            "ato_produce",
            login="ato_planner",
        )
        self.assertEqual(assembly.state, "done")
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            delivery_tour,
            login="ato_planner",
        )
        self.assertEqual(picking.state, "done")
        order.invalidate_recordset()
