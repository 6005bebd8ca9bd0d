# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, new_test_user, tagged

from .common import AssembleToOrderCommon
from .typist import Typist

LATENCY = 300  # milliseconds


class TourCommon(AssembleToOrderCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # names that no demo data have: tours choose by name
        cls.customer.name = "Northwind Offices"
        cls.desk.name = "Oak Writing Desk"
        cls.desk_to_order.name = "Bespoke Counter"
        cls.seller.property_warehouse_id = cls.warehouse

    def _start_as_seller(self, url, tour):
        self.start_tour(url, tour, login=self.seller.login)


class PlannerTourCommon(TourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env,
            login="ato_planner",
            groups="stock.group_stock_user,mrp.group_mrp_user",
            company_id=cls.company.id,
        )

    def _start_as_planner(self, action, record, tour):
        url = f"/odoo/action-{action}/{record.id}"
        self.start_tour(url, tour, login=self.planner.login)

    def _get_order_of_seller(self):
        order = self.env["sale.order"].search([("user_id", "=", self.seller.id)])
        self.assertEqual(len(order), 1)
        self.assertEqual(order.warehouse_id, self.warehouse)
        return order

    def _produce_and_deliver(self, order, delivery_tour):
        """The planner's part, on the one assembly order and the one delivery."""
        assembly, picking = order.order_line.assembly_order_ids, order.picking_ids
        self._start_as_planner("mrp.mrp_production_action", assembly, "ato_produce")
        self.assertEqual(assembly.state, "done")
        self._start_as_planner("stock.action_picking_tree_all", picking, delivery_tour)
        self.assertEqual(picking.state, "done")
        order.invalidate_recordset()


class FlowStories:
    """Both flows in the browser: sold by a seller, made and shipped by a planner."""

    def test_take_six_make_four(self):
        """Assembled to stock, 6 on the shelf: 10 ordered, 4 typed, 10 delivered."""
        self._set_stock(self.desk, 6)
        self._start_as_seller("/odoo/sales/new", "ato_take_from_stock_sell")
        order = self._get_order_of_seller()
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)

        self._produce_and_deliver(order, "ato_take_from_stock_deliver")
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)

    def test_make_six_take_the_four_that_came_back(self):
        """Assembled to order: 10 to make, 4 came back, 6 typed, 10 delivered."""
        self.warehouse.out_type_id.reservation_method = "manual"
        self._start_as_seller("/odoo/sales/new", "ato_make_to_order_quote")
        order = self._get_order_of_seller()
        self.assertLine(order.order_line, ordered=10, from_stock=0, to_assemble=10)
        self._set_stock(self.desk_to_order, 4)

        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_make_to_order_sell")
        self.assertLine(order.order_line, ordered=10, from_stock=4, to_assemble=6)

        self._produce_and_deliver(order, "ato_make_to_order_deliver")
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk_to_order), 0)


@tagged("post_install", "-at_install")
class TestSlowTours(FlowStories, PlannerTourCommon):
    """Where each request takes a third of a second more."""

    def start_tour(self, url_path, tour_name, **kwargs):
        return super().start_tour(url_path, tour_name, timeout=180, **kwargs)

    def authenticate(self, user, password, *, browser=None, **kwargs):
        if browser:
            Typist(browser, self.base_url()).make_slow(LATENCY)
        return super().authenticate(user, password, browser=browser, **kwargs)


@tagged("post_install", "-at_install")
class TestTours(FlowStories, PlannerTourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = new_test_user(
            cls.env,
            login="ato_shipper",
            groups="sales_team.group_sale_salesman_all_leads,stock.group_stock_user",
            company_id=cls.company.id,
        )

    def test_edit_components(self):
        """A seller: another quantity, one more, one less, on quotation and order."""
        self.lamp.name, self.top.name = "Bespoke Lamp", "Bespoke Top"
        sale = self._create_order((self.desk_to_order, 4), user_id=self.seller.id)
        order = sale.order_line.assembly_order_ids
        self._start_as_seller(f"/odoo/sales/{sale.id}", "ato_edit_components")
        self.assertComponents(order, {self.leg: 20, self.lamp: 3})
        sale.action_confirm()
        self._start_as_seller(f"/odoo/sales/{sale.id}", "ato_add_component")
        self.assertComponents(order, {self.leg: 22, self.lamp: 3, self.top: 4})

    def test_ship_what_the_customer_needs_now(self):
        """Q 10, A 7, 3 in stock: 4 leave, all assembled, then 6; or the stock first."""
        self._set_stock(self.desk, 6)
        for tour, first in (
            ("ato_ship_four_then_six", {"assembly": 4, "stock": 0}),
            ("ato_ship_stock_first", {"assembly": 0, "stock": 3}),
        ):
            order = self._create_order((self.desk, 10, 7))
            order.action_confirm()
            url = f"/odoo/sales/{order.id}"
            self.start_tour(url, tour, login=self.shipper.login)
            line = order.order_line
            self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 7))
            self.assertInvariants(line)
            moves = order.picking_ids.sorted("id")[0].move_ids
            for supply, quantity in first.items():
                part = moves.filtered(lambda m, supply=supply: m.ato_supply == supply)
                self.assertEqual(sum(part.mapped("quantity")), quantity)

    def test_choose_the_four_that_came_back(self):
        """Flow two with the dialog: 1 of one shelf, 3 of another, delivered 10."""
        self.warehouse.out_type_id.reservation_method = "manual"
        shelves = self.env["stock.location"].create(
            [
                {"name": f"Shelf {number}", "location_id": self.stock.id}
                for number in range(1, 9)
            ]
        )
        for shelf in shelves:
            self._set_stock(self.desk_to_order, 5, shelf)
        order = self._create_order((self.desk_to_order, 10), user_id=self.seller.id)
        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_choose_stock")
        self.assertLine(order.order_line, ordered=10, from_stock=4, to_assemble=6)
        self._produce_and_deliver(order, "ato_make_to_order_deliver")
        self.assertEqual(shelves[0].quant_ids.quantity, 4)
        self.assertEqual(shelves[6].quant_ids.quantity, 2)

    def test_planner_starts_later(self):
        """Start changed on the draft order of a quotation: 4 are made of it, not 8."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        assembly = order.order_line.assembly_order_ids
        start, finished = assembly.date_start, assembly.move_finished_ids
        self._start_as_planner("mrp.mrp_production_action", assembly, "ato_start_later")
        self.assertGreater(assembly.date_start, start)
        self.assertEqual(assembly.move_finished_ids, finished)
        self.assertRecordValues(
            finished, [{"ato_supply": "assembly", "product_uom_qty": 4}]
        )
        order.action_confirm()
        self.assertEqual(order.order_line.assembly_order_ids, assembly)
        self.assertEqual(assembly.product_qty, 4)
        self._produce(assembly)
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)
        self._deliver(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)

    def test_wrong_bin(self):
        """The bin is wrong, it is said, one click mends it; then two lines of one."""
        self.env.ref("base.group_user").implied_ids |= self.env.ref(
            "stock.group_stock_multi_locations"
        )
        shelf, assembled = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.stock.id}
                for name in ("B1", "Assembled")
            ]
        )
        self.warehouse.ato_shipment_location_id = assembled
        self._set_stock(self.desk, 6, shelf)
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        order.order_line.bin_location_id = assembled
        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_mend_the_bin")
        self.assertEqual(order.order_line.bin_location_id, shelf)
        self.assertEqual(order.state, "sale")
        production = order.order_line.assembly_order_ids

        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_split_by_source")
        stock, assembly = order.order_line.sorted()
        self.assertLine(stock, ordered=6, from_stock=6, to_assemble=0)
        self.assertLine(assembly, ordered=4, from_stock=0, to_assemble=4)
        self.assertEqual(assembly.assembly_order_ids, production)
        self.assertEqual(assembly.bin_location_id, assembled)
        for line in (stock, assembly):
            self.assertInvariants(line)


@tagged("post_install", "-at_install")
class TestAvailabilityTours(TourCommon):
    """What is suggested in the panel under the lines, followed by a seller."""

    def test_answers(self):
        drawer = self._create_product("Drawer")
        cabinet = self._create_product("Filing Cabinet", components={drawer: 1})
        self._set_stock(self.desk, 6)
        self._set_stock(self.desk_to_order, 3)
        self._set_stock(drawer, 2)
        order = self._create_order(
            (self.desk, 10),
            (self.desk_to_order, 5),
            (cabinet, 5, 5),
            (self.lamp, 2),
            user_id=self.seller.id,
        )
        desk, counter, _cabinet, _lamp = order.order_line

        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_answer")
        self.assertLine(desk, ordered=12, from_stock=6, to_assemble=6)
        self.assertLine(counter, ordered=5, from_stock=3, to_assemble=2)

    def test_answers_to_what_is_not_saved(self):
        """A new quotation: 4 of 10 at one click, taken back, then all missing."""
        self._set_stock(self.desk, 6)
        self._start_as_seller("/odoo/sales/new", "ato_answer_unsaved")
        order = self.env["sale.order"].search([("user_id", "=", self.seller.id)])
        desk, counter = order.order_line
        self.assertLine(desk, ordered=10, from_stock=6, to_assemble=4)
        self.assertLine(counter, ordered=1, from_stock=0, to_assemble=1)


@tagged("post_install", "-at_install")
class TestPhoneTours(TourCommon):
    browser_size = "375x667"
    touch_enabled = True

    def test_answer_on_phone(self):
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_answer_on_phone")
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)
