# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from odoo.addons.ato_mixed_sales.tests.test_tours import PlannerTourCommon

from .test_shop import ShopCommon


@tagged("post_install", "-at_install")
class TestShopTours(ShopCommon, PlannerTourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].get_current_website()
        cls.website.warehouse_id = cls.warehouse
        cls.desk.show_availability = True
        cls.desk.available_threshold = 6
        cls.desk.bom_ids.produce_delay = 4
        # who ships to carriers: Odoo has the form read where they go to
        cls.planner.group_ids += cls.env.ref("base.group_partner_manager")
        # tours find one way to pay, and one to deliver
        cls.env["delivery.carrier"].search(
            [("id", "!=", cls.carrier.id)]
        ).active = False
        providers = cls.env["payment.provider"]
        providers.search([]).state = "disabled"
        demo = cls.env.ref("payment.payment_provider_demo")
        demo.write({"state": "test", "is_published": True})
        visitor = new_test_user(
            cls.env, login="ato_visitor", groups="base.group_portal"
        )
        visitor.partner_id.write(
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
        cls.visitor = visitor

    def test_bought_made_and_delivered(self):
        """10 in the shop: paid, split by policy, 4 made, all of it delivered."""
        self.start_tour(
            "/shop?search=Oak", "ato_web_shop_buy", login=self.visitor.login
        )
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.visitor.partner_id.id)]
        )
        self.assertEqual((order.state, order.website_id), ("sale", self.website))
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
