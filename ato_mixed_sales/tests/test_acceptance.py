# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from . import oracle
from .common import AssembleToOrderCommon


class AcceptanceCommon(AssembleToOrderCommon):
    """A bookcase of two shelves and a back, as in the scenarios."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls._create_product("Shelf")
        cls.back = cls._create_product("Back")
        cls.box = cls._create_product("Box", components={cls.shelf: 2, cls.back: 1})
        cls.box_to_order = cls._create_product(
            "Box to Order",
            components={cls.shelf: 2, cls.back: 1},
            assembly_policy="assemble_to_order",
        )
        for component in (cls.shelf, cls.back):
            cls._set_stock(component, 1000)

    def _confirm(self, *line):
        """The line of a new order: (product, quantity[, to assemble])."""
        sale = self._create_order(line)
        sale.action_confirm()
        self.assertInvariants(sale.order_line)
        return sale.order_line

    def _change(self, line, **figures):
        """Change a line as on the screen; a confirmed one stays in balance."""
        line.write(figures)
        if line.state == "sale" and line._is_split_by_source():
            self.assertInvariants(line)

    def _set_assembled(self, line, to_assemble):
        self._change(line, qty_to_assemble_to_order=to_assemble)

    def _make(self, line, quantity=None):
        """Produce for a line, all that is open unless told."""
        order = line._get_assembly_orders("confirmed", "progress")
        self._produce(order, quantity)
        self.assertInvariants(line)

    def _ship(self, line, **quantities):
        """Deliver for a line, all that is open unless told by source."""
        open_pickings = line.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        self._deliver(open_pickings, **quantities)
        self.assertInvariants(line)

    def _on_hand(self, product):
        product.invalidate_recordset()
        return product.with_context(warehouse_id=self.warehouse.id).qty_available

    def _forecast(self, product):
        product.invalidate_recordset()
        return product.with_context(warehouse_id=self.warehouse.id).virtual_available

    def assertPer(self, order, quantity):
        """The components of so many boxes."""
        self.assertComponents(order, {self.shelf: 2 * quantity, self.back: quantity})

    def assertReserved(self, line, reserved, from_stock):
        self.env.invalidate_all()
        self.assertRecordValues(
            line, [{"reserved_qty": reserved, "reserved_stock_qty": from_stock}]
        )

    def assertShipped(self, line, delivered, assembled):
        self.env.invalidate_all()
        self.assertEqual(
            (line.qty_delivered, oracle.count_parts(line)["assembly"].delivered),
            (delivered, assembled),
        )

    def assertOpen(self, line, stock, assembly):
        """What is still asked for, by source."""
        self.env.invalidate_all()
        parts = oracle.count_parts(line)
        self.assertEqual(
            (parts["stock"].open, parts["assembly"].open), (stock, assembly)
        )


@tagged("post_install", "-at_install")
class TestAcceptance(AcceptanceCommon):
    """Scenarios of the acceptance catalogue, with their own numbers."""

    def test_policy_creates_the_assembly_order(self):
        """T001, T002, T003: Q 5 → one order of 5, 10 + 5 components, by RPC too."""
        form = self._order_form((self.box_to_order, 5), user=self.seller)
        [by_rpc] = call_kw(
            self.env["sale.order"].with_user(self.seller),
            "create",
            [
                [
                    {
                        "partner_id": self.customer.id,
                        "warehouse_id": self.warehouse.id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": self.box_to_order.id,
                                    "product_uom_qty": 5,
                                }
                            )
                        ],
                    }
                ]
            ],
            {},
        )
        for sale in (form.save(), self.env["sale.order"].browse(by_rpc)):
            line = sale.sudo().order_line
            self.assertLine(line, 5, 0, 5)
            order = line.assembly_order_ids
            self.assertRecordValues(
                order, [{"product_qty": 5, "ato_sale_line_id": line.id}]
            )
            self.assertPer(order, 5)
            line.order_id.action_confirm()
            self.assertInvariants(line)
            self.assertEqual(line.assembly_order_ids, order)
            self._make(line)
            self.assertEqual(
                order._get_finished_moves_for_line().move_dest_ids,
                self._moves(line, "assembly"),
                "bound to this line only",
            )
            self.assertEqual(self._free(self.box_to_order), 0)

    def test_raise_from_stock(self):
        """T004, T006: stock 6, Q 10: no order; A 4 → one order of 4, demand 10."""
        self._set_stock(self.box, 6)
        for state in ("draft", "sale"):
            sale = self._create_order((self.box, 10))
            line = sale.order_line
            self.assertLine(line, 10, 10, 0)
            self.assertFalse(line.assembly_order_ids)
            if state == "sale":
                sale.action_confirm()
            self._set_assembled(line, 4)
            self.assertRecordValues(line.assembly_order_ids, [{"product_qty": 4}])
            if state == "draft":
                sale.action_confirm()
            self.assertOpen(line, 6, 4)
            sale._action_cancel()

    def test_lower_on_an_order_to_assemble(self):
        """T025: stock 4, Q 10 → order of 10; A 6 → the same one of 6, reserved 6."""
        self.warehouse.out_type_id.reservation_method = "manual"
        self._set_stock(self.box_to_order, 4)
        line = self._confirm(self.box_to_order, 10)
        order = line.assembly_order_ids
        self.assertPer(order, 10)
        self._set_assembled(line, 6)
        self.assertLine(line, 10, 4, 6)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual((order.product_qty, order.state), (6, "confirmed"))
        self.assertPer(order, 6)
        self.assertReserved(line, 6, 0)

    def test_ship_and_invoice_everything(self):
        """T138: Q 15, stock 6, A 9: 15 delivered and invoiced, components of 9."""
        self._set_stock(self.box, 6)
        line = self._confirm(self.box, 15, 9)
        self._make(line)
        self._ship(line)
        self.assertShipped(line, 15, 9)
        invoice = line.order_id._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.quantity, 15)
        self.assertEqual(line.qty_invoiced, 15)
        self.assertEqual(self._on_hand(self.box), 0)
        self.assertEqual(self._on_hand(self.shelf), 1000 - 18)
        self.assertEqual(self._on_hand(self.back), 1000 - 9)

    def test_assembled_half_then_stock_half(self):
        """T124: Q 10, A 5, stock 5: the order's output, then stock; no more orders."""
        self._set_stock(self.box, 5)
        line = self._confirm(self.box, 10, 5)
        self._make(line)
        self._ship(line, stock=0, assembly=5)
        self.assertShipped(line, 5, 5)
        self.assertEqual(self._on_hand(self.box), 5)
        self._ship(line)
        self.assertShipped(line, 10, 5)
        self.assertEqual(self._on_hand(self.box), 0)
        self.assertEqual(line.assembly_order_ids.mapped("product_qty"), [5])

    def test_stock_first_on_purpose(self):
        """T077: Q 20, stock 10, A 10: 10 from stock, the order of 10 untouched."""
        self.warehouse.out_type_id.reservation_method = "manual"
        self._set_stock(self.box, 10)
        line = self._confirm(self.box, 20, 10)
        order = line.assembly_order_ids
        line.action_reserve_stock()
        self.assertReserved(line, 20, 10)
        self._ship(line, stock=10, assembly=0)
        self.assertShipped(line, 10, 0)
        self.assertEqual(self._on_hand(self.box), 0)
        self.assertEqual((order.product_qty, order.state), (10, "confirmed"))
        self.assertPer(order, 10)
        self._make(line)
        self._ship(line)
        self.assertShipped(line, 20, 10)

    def test_less_than_the_part_to_assemble(self):
        """T075: Q 50, stock 10, A 40, 10 shipped: stock 10, 30 to make, 40 open."""
        self._set_stock(self.box, 10)
        line = self._confirm(self.box, 50, 40)
        self._make(line, 10)
        self._ship(line, stock=0, assembly=10)
        self.assertShipped(line, 10, 10)
        self.assertEqual(self._on_hand(self.box), 10)
        self.assertEqual(line._get_producing_units(), 30)
        self.assertOpen(line, 10, 30)

    def test_a_little_more_than_the_part_to_assemble(self):
        """T076: Q 50, stock 10, A 40, 43 shipped: 40 + 3, stock 7, 7 open."""
        self._set_stock(self.box, 10)
        line = self._confirm(self.box, 50, 40)
        self._make(line)
        self._ship(line, stock=3, assembly=40)
        self.assertShipped(line, 43, 40)
        self.assertEqual(self._on_hand(self.box), 7)
        self.assertEqual(line.assembly_order_ids.mapped("state"), ["done"])
        self.assertOpen(line, 7, 0)

    def test_nothing_to_assemble_any_more(self):
        """T030: Q 10 to order; A 0: no order, 10 from stock, no component used."""
        self._set_stock(self.box_to_order, 10)
        for state in ("draft", "sale"):
            sale = self._create_order((self.box_to_order, 10))
            line = sale.order_line
            order = line.assembly_order_ids
            if state == "sale":
                sale.action_confirm()
            self._set_assembled(line, 0)
            if state == "draft":
                self.assertFalse(order.exists())
                sale.action_confirm()
            else:
                self.assertEqual(order.state, "cancel")
            self.assertEqual(line.sudo().order_id.assembly_order_count, 0)
            self._ship(line)
            self.assertShipped(line, 10, 0)
            self.assertEqual(self._on_hand(self.box_to_order), 0)
            self.assertEqual(self._on_hand(self.shelf), 1000)
            self._set_stock(self.box_to_order, 10)

    def test_picking_of_a_mixed_line(self):
        """T170: Q 10, A 7; stock 0, 1, 3, 4 → 7 to be made beside 0, 1, 3, 3."""
        for stock, reserved in ((0, 0), (1, 1), (3, 3), (4, 3)):
            with self.subTest(stock=stock):
                box = self._create_product(f"Box {stock}", {self.shelf: 2})
                if stock:
                    self._set_stock(box, stock)
                line = self._confirm(box, 10, 7)
                self.assertRecordValues(
                    line.order_id.picking_ids.move_ids.sorted("ato_supply"),
                    [
                        {
                            "ato_supply": "assembly",
                            "product_uom_qty": 7,
                            "quantity": 0,
                            "state": "waiting",
                        },
                        {
                            "ato_supply": "stock",
                            "product_uom_qty": 3,
                            "quantity": reserved,
                            "state": {0: "confirmed", 3: "assigned"}.get(
                                reserved, "partially_available"
                            ),
                        },
                    ],
                )

    def test_components_missing(self):
        """T047: Q 10 to order, components of 5: nothing to deliver, no change."""
        self._set_stock(self.shelf, 10)
        self._set_stock(self.back, 5)
        line = self._confirm(self.box_to_order, 10)
        order = line.assembly_order_ids
        self.assertEqual(order.components_availability_state, "unavailable")
        with self.assertRefused("zero quantity"):
            line.order_id.picking_ids.button_validate()
        self.assertInvariants(line)
        self.assertShipped(line, 0, 0)
        self.assertEqual((order.state, order.product_qty), ("confirmed", 10))
        self.assertEqual(self._on_hand(self.box_to_order), 0)
        self.assertEqual(self._on_hand(self.shelf), 10)

    def test_line_or_order_removed(self):
        """T050, T051: the order is gone, what was bound is free, no orphan."""
        for removed in ("line", "order"):
            sale = self._create_order((self.box_to_order, 10))
            order = sale.order_line.assembly_order_ids
            moves = order.move_raw_ids | order.move_finished_ids
            (sale.order_line if removed == "line" else sale).unlink()
            self.assertFalse(order.exists())
            self.assertFalse(moves.exists())

    def test_confirmed_order_cancelled_and_removed(self):
        """T051 of an order: cancelled first, bound units are free, no orphan."""
        line = self._confirm(self.box_to_order, 10)
        self._make(line, 4)
        orders, sale = line.assembly_order_ids, line.order_id
        self.assertEqual(self._free(self.box_to_order), 0)
        with self.assertRefused("must first cancel"):
            sale.unlink()
        sale._action_cancel()
        self.assertEqual(self._free(self.box_to_order), 4)
        self.assertEqual(sorted(orders.mapped("state")), ["cancel", "done"])
        sale.unlink()
        self.assertFalse(orders.ato_sale_line_id)
        self.assertFalse(orders.filtered("is_assemble_to_order"))

    def test_the_order_is_the_lines(self):
        """T040: product, quantity, date, unit, warehouse and deletion refused."""
        other = self._create_warehouse("Shop", "SHP")
        sale = self._create_order((self.box, 10, 4))
        order = sale.order_line.assembly_order_ids
        for state in ("draft", "confirmed"):
            if state == "confirmed":
                sale.action_confirm()
            self.assertEqual(order.state, state)
            for vals in (
                {"product_id": self.desk.id},
                {"product_qty": 3},
                {"date_deadline": order.date_deadline + timedelta(days=3)},
                {"product_uom_id": self.dozen.id},
                {"picking_type_id": other.manu_type_id.id},
            ):
                with self.assertRefused(f"Box for {sale.name}"):
                    order.write(vals)
            with self.assertRefused(f"assembled for {sale.name}"):
                order.unlink()
        self.assertInvariants(sale.order_line)

    def test_change_after_confirmation(self):
        """T111: confirmed, A 100 → 10 on the line: the order makes 10."""
        line = self._confirm(self.box_to_order, 100)
        order = line.assembly_order_ids
        with self.assertRefused(f"for {line.order_id.name}"):
            order.product_qty = 10
        self._set_assembled(line, 10)
        self.assertEqual((order.state, order.product_qty), ("confirmed", 10))
        self.assertPer(order, 10)
        self.assertOpen(line, 90, 10)

    def test_raise_the_quantity(self):
        """T032: Q 10, A 9; Q 11: A stays 9, one order, linked once."""
        for state in ("draft", "sale"):
            sale = self._create_order((self.box, 10, 9))
            line, order = sale.order_line, sale.order_line.assembly_order_ids
            if state == "sale":
                sale.action_confirm()
            self._change(line, product_uom_qty=11)
            self.assertLine(line, 11, 2, 9)
            self.assertEqual(line.assembly_order_ids, order)
            self.assertEqual(order.product_qty, 9)

    def test_product_replaced(self):
        """T037, T052, T053, T054: one order for the new product, none for the old."""
        sale = self._create_order((self.box_to_order, 10))
        line = sale.order_line
        for product, to_assemble in (
            (self.desk_to_order, 10),
            (self.desk, 0),
            (self.box_to_order, 10),
            (self.lamp, 0),
            (self.desk_to_order, 10),
        ):
            old = line.assembly_order_ids
            line.product_id = product
            self.assertFalse(old.exists())
            self.assertEqual(line.qty_to_assemble_to_order, to_assemble)
            orders = self.env["mrp.production"].search(
                [("ato_sale_line_id", "=", line.id)]
            )
            self.assertEqual(
                [(order.product_id, order.product_qty) for order in orders],
                [(product, 10.0)] if to_assemble else [],
            )
        sale.action_confirm()
        with self.assertRefused("cannot modify the product"):
            line.product_id = self.box_to_order
        self.assertInvariants(line)

    def test_serials_partial_delivery(self):
        """T184: S1 to S5 are made, S4 and S5 leave, S1 to S3 stay bound."""
        box = self._create_product("Serial Box", {self.shelf: 2}, tracking="serial")
        line = self._confirm(box, 5, 5)
        serials = self.env["stock.lot"].create(
            [{"name": f"S{number}", "product_id": box.id} for number in range(1, 6)]
        )
        order = line.assembly_order_ids
        order.lot_producing_ids = serials
        self._produce(order)
        self.assertInvariants(line)
        picking = line.order_id.picking_ids
        move = self._moves(line, "assembly")
        self.assertEqual(move.lot_ids, serials)
        move.move_line_ids.filtered(lambda ml: ml.lot_id in serials[:3]).unlink()
        self._deliver(picking)
        self.assertInvariants(line)
        self.assertShipped(line, 2, 2)
        self.assertEqual(move.lot_ids, serials[3:])
        rest = self._moves(line, "assembly") - move
        self.assertEqual(rest.lot_ids, serials[:3])
        self.assertEqual(self._free(box), 0)
        self._ship(line)
        self.assertShipped(line, 5, 5)

    def test_sales_unit(self):
        """T194, T036: 2 dozen → 24; in units → 2; 0.001 dozen is refused."""
        vals = self._prepare_line_vals(
            self.box_to_order, 2, product_uom_id=self.dozen.id
        )
        sale = self._create_order(order_line=[Command.create(vals)])
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        self.assertRecordValues(
            order, [{"product_qty": 24, "product_uom_id": self.unit.id}]
        )
        self.assertPer(order, 24)
        line.product_uom_id = self.unit
        self.assertEqual(order.product_qty, 2)
        line.product_uom_id = self.dozen
        self.assertEqual(order.product_qty, 24)
        with self.assertRefused("less than can be counted"):
            line.write({"qty_to_assemble_to_order": 0.001})
        sale.action_confirm()
        self.assertInvariants(line)
        with self.assertRefused("less than can be counted"):
            line.write({"qty_to_assemble_to_order": 0.001})
        self._make(line)
        self._ship(line)
        self.assertEqual(line.qty_delivered, 2)

    def test_components_of_the_order_edited(self):
        """T236: Q 10, A 4; with 2 lamps: they are consumed, the recipe is not."""
        self._set_stock(self.box, 6)
        sale = self._create_order((self.box, 10, 4))
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        order.move_raw_ids = [
            Command.create(
                {
                    "product_id": self.lamp.id,
                    "product_uom_qty": 2,
                    "product_uom": self.lamp.uom_id.id,
                    "location_id": order.location_src_id.id,
                    "location_dest_id": order.production_location_id.id,
                }
            )
        ]
        sale.action_confirm()
        self.assertInvariants(line)
        self._make(line)
        self._ship(line)
        self.assertShipped(line, 10, 4)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(self._on_hand(self.lamp), 998)
        self.assertEqual(self._on_hand(self.shelf), 992)
        self.assertNotIn(self.lamp, self.box.bom_ids.bom_line_ids.product_id)

    def test_short_in_stock(self):
        """E19: 2 on hand, Q 10, A 6: 8 can leave, 2 are missing, never taken twice."""
        self._set_stock(self.box, 2)
        line = self._confirm(self.box, 10, 6)
        self._make(line)
        self.assertReserved(line, 8, 2)
        self._ship(line)
        self.assertShipped(line, 8, 6)
        self.assertOpen(line, 2, 0)
        self.assertEqual(self._on_hand(self.box), 0)


@tagged("post_install", "-at_install")
class TestSeedFlows(AcceptanceCommon):
    """The two flows of the documentation, figure by figure (E1 to E9, E13 to E20)."""

    def setUp(self):
        super().setUp()
        # the salesperson reserves, not the confirmation
        self.warehouse.out_type_id.reservation_method = "manual"

    def _flow_from_stock(self):
        """E1: assemble to stock, 4 on hand, Q 10."""
        self._set_stock(self.box, 4)
        sale = self._create_order((self.box, 10), commitment_date=self._noon(96))
        sale.action_confirm()
        return sale.order_line

    def _flow_to_order(self):
        """E4, E5, E6: assemble to order, 3 on hand, Q 10, A 7, 3 reserved."""
        self._set_stock(self.box_to_order, 3)
        line = self._confirm(self.box_to_order, 10)
        self._set_assembled(line, 7)
        line.action_reserve_stock()
        self.assertInvariants(line)
        return line

    def _flow_partly_shipped(self):
        """E12: of E6, 4 are assembled and shipped, none from stock."""
        line = self._flow_to_order()
        self._make(line, 4)
        self._ship(line, stock=0, assembly=4)
        return line

    def test_e1_from_stock(self):
        """E1: A 0, no assembly order, V 0, 6 short."""
        line = self._flow_from_stock()
        self.assertLine(line, 10, 10, 0)
        self.assertFalse(line.assembly_order_ids)
        self.assertReserved(line, 0, 0)
        self.assertEqual(self._forecast(self.box), -6)

    def test_e2_assemble_the_missing(self):
        """E2: A 6: order of 6 (12, 6) due for the delivery; V 6; 4 needed; 0 short."""
        line = self._flow_from_stock()
        self._set_assembled(line, 6)
        order = line.assembly_order_ids
        self.assertRecordValues(
            order,
            [{"product_qty": 6, "date_deadline": line.order_id.commitment_date}],
        )
        self.assertPer(order, 6)
        self.assertReserved(line, 6, 0)
        self.assertOpen(line, 4, 6)
        self.assertEqual(self._forecast(self.box), 0)

    def test_e3_reserve_the_rest(self):
        """E3: reserve 4 from stock: V 10, A 6, nothing left to reserve."""
        line = self._flow_from_stock()
        self._set_assembled(line, 6)
        line.action_reserve_stock()
        self.assertInvariants(line)
        self.assertReserved(line, 10, 4)
        self.assertEqual(line.qty_to_assemble_to_order, 6)
        with self.assertRefused("all 4.00 Units .* reserved already"):
            line.action_reserve_stock()

    def test_e4_to_order(self):
        """E4: A 10, order of 10, V 10; the 3 on hand stay free."""
        self._set_stock(self.box_to_order, 3)
        line = self._confirm(self.box_to_order, 10)
        self.assertLine(line, 10, 0, 10)
        self.assertEqual(line.assembly_order_ids.product_qty, 10)
        self.assertReserved(line, 10, 0)
        self.assertEqual(self._free(self.box_to_order), 3)

    def test_e5_take_from_stock(self):
        """E5: A 7: order of 7 (14, 7), V 7, 3 needed, nothing reserved by itself."""
        self._set_stock(self.box_to_order, 3)
        line = self._confirm(self.box_to_order, 10)
        self._set_assembled(line, 7)
        self.assertPer(line.assembly_order_ids, 7)
        self.assertReserved(line, 7, 0)
        self.assertOpen(line, 3, 7)
        self.assertEqual(self._free(self.box_to_order), 3)

    def test_e6_reserve(self):
        """E6, R56: 3 reserved from stock: V 10, A 7."""
        line = self._flow_to_order()
        self.assertReserved(line, 10, 3)
        self.assertLine(line, 10, 3, 7)
        self.assertEqual(self._free(self.box_to_order), 0)

    def test_e7_raise(self):
        """E7, R57: A 9: V 10 = 9 + 1; 2 units are free again, and it is said."""
        line = self._flow_to_order()
        self._set_assembled(line, 9)
        self.assertReserved(line, 10, 1)
        self.assertEqual(self._free(self.box_to_order), 2)
        self.assertIn(
            "2.00 Units reserved in stock were let go",
            line.order_id.message_ids[0].body,
        )

    def test_e8_order_less(self):
        """E8, R58: Q 8: A 7, V 8 = 7 + 1."""
        line = self._flow_to_order()
        self._change(line, product_uom_qty=8)
        self.assertLine(line, 8, 1, 7)
        self.assertReserved(line, 8, 1)
        self.assertEqual(self._free(self.box_to_order), 2)

    def test_e9_order_less_than_assembled(self):
        """E9, R9: Q 5: A 5, V 5 = 5 + 0."""
        line = self._flow_to_order()
        self._change(line, product_uom_qty=5)
        self.assertLine(line, 5, 0, 5)
        self.assertReserved(line, 5, 0)
        self.assertPer(line.assembly_order_ids, 5)
        self.assertEqual(self._free(self.box_to_order), 3)

    def test_e12_assembled_and_shipped(self):
        """E12, R52: S 4, D 4, R 3, O 6, N 3, V 6 = 3 + 3; A stays 7."""
        line = self._flow_partly_shipped()
        self.assertShipped(line, 4, 4)
        self.assertEqual(line.qty_assembled, 4)
        self.assertEqual(line._get_producing_units(), 3)
        self.assertOpen(line, 3, 3)
        self.assertReserved(line, 6, 3)
        self.assertEqual(line.qty_to_assemble_to_order, 7)

    def test_e13_not_below_what_is_assembled(self):
        """E13, R17: A 3 is refused; A 4 leaves nothing to make."""
        line = self._flow_partly_shipped()
        with self.assertRefused("from 4.00 Units, already assembled, to 10.00 Units"):
            line.qty_to_assemble_to_order = 3
        self.assertInvariants(line)
        self._set_assembled(line, 4)
        self.assertEqual(line._get_producing_units(), 0)
        self.assertOpen(line, 6, 0)

    def test_e13_nothing_more(self):
        """E13, R21: A 0 cancels the remaining 3."""
        line = self._flow_partly_shipped()
        self._set_assembled(line, 0)
        self.assertEqual(line._get_producing_units(), 0)
        self.assertEqual(line.qty_assembled, 4)
        self.assertOpen(line, 6, 0)

    def test_e14_not_above_what_is_outstanding(self):
        """E14: A 11 is more than ordered."""
        line = self._flow_partly_shipped()
        with self.assertRefused("11.00 Units cannot be assembled"):
            line.qty_to_assemble_to_order = 11
        self.assertInvariants(line)

    def test_e16_after_confirmation(self):
        """E16: A 7 on a confirmed order is followed, on a locked one refused."""
        line = self._confirm(self.box_to_order, 10)
        line.order_id.action_lock()
        with self.assertRefused("locked order"):
            line.qty_to_assemble_to_order = 7
        self.assertInvariants(line)
        self.assertEqual(line.assembly_order_ids.product_qty, 10)
        line.order_id.action_unlock()
        self._set_assembled(line, 7)
        self.assertEqual(line.assembly_order_ids.product_qty, 7)

    def test_e20_line_removed(self):
        """E20: order cancelled, line removed: all is gone, stock 3 free again."""
        line = self._flow_to_order()
        sale, order = line.order_id, line.assembly_order_ids
        with self.assertRefused("can't remove one of its lines"):
            line.unlink()
        sale._action_cancel()
        line.unlink()
        self.assertEqual(order.state, "cancel")
        self.assertFalse(order.ato_sale_line_id)
        self.assertEqual(self._free(self.box_to_order), 3)
        self.assertFalse(
            self.env["stock.move"].search(
                [
                    ("product_id", "in", (self.box_to_order | self.shelf).ids),
                    ("state", "not in", ("done", "cancel")),
                ]
            )
        )

    def test_e21_mixed_quotation(self):
        """E21: a quotation may be mixed, unlike elsewhere (design, decision 2)."""
        line = self._create_order((self.box_to_order, 10)).order_line
        self._set_assembled(line, 7)
        self.assertLine(line, 10, 3, 7)
        self.assertEqual(line.assembly_order_ids.product_qty, 7)

    def test_three_equal_shipments(self):
        """R53: Q 12, A 6, four at a time: 4 + 0, 2 + 2, 0 + 4."""
        self._set_stock(self.box, 6)
        line = self._confirm(self.box, 12, 6)
        line.action_reserve_stock()
        self._make(line)
        for stock, assembly in ((0, 4), (2, 2), (4, 0)):
            parts = {"stock": stock}
            if self._moves(line, "assembly").filtered(lambda m: m.state != "done"):
                parts["assembly"] = assembly
            self._ship(line, **parts)
        self.assertShipped(line, 12, 6)
        self.assertRecordValues(line, [{"reserved_qty": 0, "qty_assembled": 6}])

    def test_quantity_matrix(self):
        """R9, R10: what becomes of A when Q changes, on quotation and order."""
        for product, to_assemble, quantity, expected in (
            (self.box_to_order, 7, 12, 7),
            (self.box_to_order, 7, 8, 7),
            (self.box_to_order, 7, 5, 5),
            (self.box_to_order, 10, 6, 6),
            (self.box, 10, 12, 12),
            (self.box_to_order, 0, 12, 0),
        ):
            for state in ("draft", "sale"):
                with self.subTest(a=to_assemble, q=quantity, state=state):
                    line = self._create_order((product, 10, to_assemble)).order_line
                    if state == "sale":
                        line.order_id.action_confirm()
                    self._change(line, product_uom_qty=quantity)
                    self.assertLine(line, quantity, quantity - expected, expected)
