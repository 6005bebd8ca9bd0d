# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.ato_mixed_sales.tests.test_tours import PlannerTourCommon

from .test_shop import ShopCommon


class ShopVisitCommon(ShopCommon):
    """The website of the database, and a customer who has an account there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].get_current_website()
        cls.website.warehouse_id = cls.warehouse
        cls.desk.show_availability = True
        cls.desk.available_threshold = 6
        cls.desk.bom_ids.produce_delay = 4
        # one way to pay, and one to deliver
        carriers = cls.env["delivery.carrier"].search([("id", "!=", cls.carrier.id)])
        carriers.active = False
        cls.env["payment.provider"].search([]).state = "disabled"
        cls.demo = cls.env.ref("payment.payment_provider_demo")
        cls.demo.write({"state": "test", "is_published": True})
        cls.visitor = new_test_user(
            cls.env, login="ato_visitor", groups="base.group_portal"
        )
        cls.visitor.partner_id.write(
            {
                "name": "Northwind Offices",
                "email": "offices@example.com",
                "phone": "+32 2 000 00 00",
                "street": "Rue des Bourlottes 9",
                "city": "Ramillies",
                "zip": "1367",
                "country_id": cls.env.ref("base.be").id,
            }
        )

    def _get_order_of_visitor(self):
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.visitor.partner_id.id)]
        )
        self.assertEqual((len(order), order.website_id), (1, self.website))
        return order


@tagged("post_install", "-at_install")
class TestShopTours(ShopVisitCommon, PlannerTourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who ships to carriers: Odoo has the form read where they go to
        cls.planner.group_ids += cls.env.ref("base.group_partner_manager")

    def test_bought_made_and_delivered(self):
        """10 in the shop: paid, split by policy, 4 made, all of it delivered."""
        self.start_tour(
            "/shop?search=Oak", "ato_web_shop_buy", login=self.visitor.login
        )
        order = self._get_order_of_visitor()
        self.assertEqual(order.state, "sale")
        line = order.order_line.filtered("is_assembled")
        self.assertLine(line, ordered=10, from_stock=6, to_assemble=4)
        self.assertInvariants(line)
        self.assertEqual(line.components_short_qty, 0)
        assembly, picking = line.assembly_order_ids, order.picking_ids
        self._start_as_planner("mrp.mrp_production_action", assembly, "ato_produce")
        self.assertEqual(assembly.state, "done")
        self._start_as_planner(
            "stock.action_picking_tree_all", picking, "ato_take_from_stock_deliver"
        )
        self.assertEqual(picking.state, "done")
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)
        self.assertEqual(self._free(self.leg), 0)


@tagged("post_install", "-at_install")
class TestShopTurns(ShopVisitCommon, HttpCase):
    """Who pays waits for the others who pay for the same products."""

    def _get_turn(self):
        """What requests have waited for: {(product, warehouse)}

        All requests of a test share one transaction, which lets go at its end.
        """
        self.env.cr.execute(
            """
            SELECT classid, objid FROM pg_locks
             WHERE locktype = 'advisory' AND objsubid = 2 AND pid = pg_backend_pid()
            """
        )
        return set(self.env.cr.fetchall())

    def test_turns(self):
        """Nobody waits while a cart is filled; who pays does, for components too."""
        self.authenticate(self.visitor.login, self.visitor.login)
        desk, template = self.desk, self.desk.product_tmpl_id
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": template.id,
                "product_id": desk.id,
                "quantity": 12,
            },
        )
        order = self._get_order_of_visitor()
        self.assertEqual(order.order_line.product_uom_qty, 10)
        self.make_jsonrpc_request(
            "/shop/set_delivery_method", {"dm_id": self.carrier.id}
        )
        self.assertFalse(self._get_turn())
        payment = self.make_jsonrpc_request(
            f"/shop/payment/transaction/{order.id}",
            {
                "access_token": None,
                "provider_id": self.demo.id,
                "payment_method_id": self.demo.payment_method_ids[:1].id,
                "token_id": None,
                "amount": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
            },
        )
        sold = desk | self.leg | self.top
        turn = {(product.id, self.warehouse.id) for product in sold}
        self.assertEqual(self._get_turn(), turn)
        self.make_jsonrpc_request(
            "/payment/demo/simulate_payment",
            {"reference": payment["reference"], "simulated_state": "done"}
            | {"payment_details": "4242"},
        )
        self.make_jsonrpc_request("/payment/status/poll", {})
        self.assertEqual(order.state, "sale")
        line = order.order_line.filtered("is_assembled")
        self.assertLine(line, ordered=10, from_stock=6, to_assemble=4)
