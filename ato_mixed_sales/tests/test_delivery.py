# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import product

from lxml import etree

from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestDelivery(AssembleToOrderCommon):
    """From the confirmed order to the customer, whatever the number of steps."""

    def _run_through(self, warehouse, sale):
        """Work off every transfer and assembly order until nothing is left."""
        line = sale.order_line
        for _step in range(12):
            orders = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
            pickings = (
                self.env["stock.picking"]
                .search([("picking_type_id.warehouse_id", "=", warehouse.id)])
                .filtered(lambda p: p.state == "assigned")
            )
            self.assertInvariants(line)
            if pickings:
                self._deliver(pickings[0])
            elif orders and set(orders.move_raw_ids.mapped("state")) == {"assigned"}:
                self._produce(orders[0])
            else:
                break

    def test_every_number_of_steps(self):
        """Nine warehouses: 1, 2, 3 steps to deliver by 1, 2, 3 steps to make."""
        shapes = product(
            ("ship_only", "pick_ship", "pick_pack_ship"),
            ("mrp_one_step", "pbm", "pbm_sam"),
        )
        for number, (delivery, manufacture) in enumerate(shapes):
            with self.subTest(delivery=delivery, manufacture=manufacture):
                self._check_steps(f"W{number}", delivery, manufacture)

    def _check_steps(self, code, delivery, manufacture):
        warehouse = self._create_warehouse(
            f"Hall {code}",
            code,
            delivery_steps=delivery,
            manufacture_steps=manufacture,
        )
        for item, quantity in ((self.desk, 6), (self.leg, 99), (self.top, 99)):
            self._set_stock(item, quantity, warehouse.lot_stock_id)
        sale = self._create_order((self.desk, 10, 4), warehouse_id=warehouse.id)
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        order.move_raw_ids[0].product_uom_qty = 20
        sale.action_confirm()
        self.assertEqual(line.assembly_order_ids, order)
        self.assertComponents(order, {self.leg: 20, self.top: 4})
        self.assertEqual(len(sale.picking_ids.filtered("sale_id.id")), 1)
        self._run_through(warehouse, sale)
        self.assertEqual(order.state, "done")
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 4)
        self.assertEqual(set(line.move_ids.mapped("ato_supply")), {"stock", "assembly"})

    def test_labelled_rows(self):
        """The warehouse sees one delivery with two rows, each with its source."""
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4), (self.lamp, 1))
        sale.action_confirm()
        self.env.invalidate_all()
        picking = sale.picking_ids
        self.assertTrue(picking.has_assembly_part)
        self.assertEqual(
            [(m.product_id, m.ato_supply, m.product_uom_qty) for m in picking.move_ids],
            [
                (self.desk, "stock", 6),
                (self.desk, "assembly", 4),
                (self.lamp, False, 1),
            ],
        )

    def test_labelled_cards(self):
        """On a phone the rows are cards: they say their source where it is set."""
        # the form has no cards of its own: the client loads those of moves
        view = self.env["stock.move"].get_view(view_type="kanban", mobile=True)
        [source] = etree.fromstring(view["arch"]).xpath(
            "//t[@t-name='card']/field[@name='ato_supply']"
        )
        self.assertEqual(source.get("invisible"), "not ato_supply")

    def test_order_without_assembly_is_untouched(self):
        """With nothing to assemble Odoo does what it does without us."""
        self._set_stock(self.desk, 20)
        sale = self._create_order((self.desk, 10))
        sale.action_confirm()
        self.assertFalse(sale.picking_ids.has_assembly_part)
        self.assertEqual(sale.picking_ids.move_ids.mapped("ato_supply"), [False])
        self.assertFalse(sale.order_line.assembly_order_ids)

    def test_one_delivery_for_all_orders_at_once(self):
        """All orders of a sale are confirmed in one call."""
        self._set_stock(self.desk, 6)
        sale = self._create_order(*[(self.desk, 2, 1)] * 5)
        orders = sale.order_line.assembly_order_ids
        Production = self.env.registry["mrp.production"]
        calls, confirm = [], Production.action_confirm

        def counting_confirm(records):
            calls.append(records)
            return confirm(records)

        self.patch(Production, "action_confirm", counting_confirm)
        sale.action_confirm()
        self.assertEqual(calls, [orders])
        self.assertEqual(len(sale.picking_ids), 1)
        self.assertEqual(set(orders.mapped("state")), {"confirmed"})

    def test_reordering_sees_the_stock_part_only(self):
        """T230: Q 10, A 7, nothing in stock: 3 are short, not 10."""
        sale = self._create_order((self.desk, 10, 7))
        sale.action_confirm()
        desk = self.desk.with_context(warehouse_id=self.warehouse.id)
        desk.invalidate_recordset()
        self.assertEqual(desk.virtual_available, -3)
        self.assertEqual(desk.outgoing_qty - desk.incoming_qty, 3)

    def test_make_to_order_product(self):
        """T2: the route of the product does not make the stock part again."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        self.desk.route_ids = route
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        line = sale.order_line
        orders = self.env["mrp.production"].search([("product_id", "=", self.desk.id)])
        self.assertEqual(orders, line.assembly_order_ids)
        self.assertEqual(self._moves(line, "stock").quantity, 6)
