# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import product
from uuid import uuid4

from odoo.fields import Command, Datetime
from odoo.tests import tagged

from odoo.addons.ato_mixed_sales.tests.common import (
    AssembleToOrderCommon,
    CheckedStories,
)


@tagged("post_install", "-at_install")
class TestPointOfSale(CheckedStories, AssembleToOrderCommon):
    """10 ordered, 4 of them to assemble, 20 in stock, settled in a shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journal = cls.env["account.journal"].create(
            {"name": "Cash Desk", "code": "CDSK", "type": "cash"}
        )
        cls.method = cls.env["pos.payment.method"].create(
            {"name": "Cash Desk", "journal_id": journal.id}
        )
        cls.shop = cls.env["pos.config"].create(
            {
                "name": "Shop",
                "picking_type_id": cls.warehouse.pos_type_id.id,
                "payment_method_ids": [Command.set(cls.method.ids)],
                "ship_later": True,
                "warehouse_id": cls.warehouse.id,
            }
        )
        cls.shop.open_ui()
        cls.desk.taxes_id = False
        cls._set_stock(cls.desk, 20)

    def _order(self):
        return self._create_order((self.desk, 10, 4)).order_line

    def _confirm(self):
        line = self._order()
        line.order_id.action_confirm()
        return line

    def _sell(self, quantity, line=None, refunded=None, **values):
        """Sell desks in the shop, those of an order line if one is told."""
        amount = 100.0 * quantity
        row = {
            "product_id": self.desk.id,
            "qty": quantity,
            "price_unit": 100.0,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "sale_order_line_id": line and line.id,
            "sale_order_origin_id": line and line.order_id.id,
            "refunded_orderline_id": refunded and refunded.id,
        }
        payment = {
            "amount": amount,
            "name": Datetime.now(),
            "payment_method_id": self.method.id,
        }
        order = {
            "uuid": str(uuid4()),
            "session_id": self.shop.current_session_id.id,
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "lines": [Command.create(row)],
            "payment_ids": [Command.create(payment)],
            **values,
        }
        data = self.env["pos.order"].sync_from_ui([order])
        return self.env["pos.order"].browse(data["pos.order"][0]["id"])

    def assertTakenFromStock(self, line, delivered):
        """Nothing is assembled any more, one row asks for what is left."""
        self.assertInvariants(line)
        ordered = line.product_uom_qty
        self.assertLine(line, ordered, ordered, 0)
        self.assertEqual(line.qty_delivered, delivered)
        rows = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        self.assertEqual(sum(rows.mapped("product_uom_qty")), ordered - delivered)

    def test_sold_in_the_shop(self):
        """Not for us: what is bought there is taken from the shelf."""
        self.desk.assembly_policy = "assemble_to_order"
        sold = self._sell(3)
        self.assertEqual(sold.state, "paid")
        self.assertFalse(any(sold.picking_ids.move_ids.mapped("ato_supply")))
        self.assertEqual(self._free(self.desk), 17)
        self.assertFalse(
            self.env["mrp.production"].search([("product_id", "=", self.desk.id)])
        )

    def test_settled(self):
        """All 10 are taken along: the assembly order is cancelled, and told."""
        line = self._confirm()
        self._sell(10, line)
        self.assertTakenFromStock(line, 10)
        self.assertEqual(line.assembly_order_ids.state, "cancel")
        self.assertEqual(line.order_id.picking_ids.state, "cancel")
        self.assertEqual(self._free(self.desk), 10)
        self.assertIn("assembly was stopped", line.order_id.activity_ids.note)
        line.product_uom_qty = 12
        self.assertTakenFromStock(line, 10)

    def test_settled_when_assembled(self):
        """The 4 that wait are taken along, or are stock."""
        line = self._confirm()
        self._produce(line.assembly_order_ids)
        self._sell(10, line)
        self.assertTakenFromStock(line, 10)
        self.assertEqual(self._free(self.desk), 14)

    def test_settled_while_assembling(self):
        """An order that has started goes on for stock."""
        line = self._confirm()
        order = line.assembly_order_ids
        order.qty_producing = 2
        order._set_qty_producing()
        self._sell(10, line)
        self.assertTakenFromStock(line, 10)
        self.assertFalse(line.assembly_order_ids)
        self._produce(order)
        self.assertEqual(self._free(self.desk), 14)

    def test_settled_in_part(self):
        """5 now, 5 later from stock; then 2 more are ordered, 1 to assemble."""
        line = self._confirm()
        self._sell(5, line)
        self.assertTakenFromStock(line, 5)
        line.product_uom_qty = 12
        self.assertTakenFromStock(line, 5)
        line.qty_to_assemble_to_order = 1
        self.assertInvariants(line)
        order = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        self._produce(order)
        for picking in line.order_id.picking_ids:
            if picking.state == "assigned":
                self._deliver(picking)
        self.assertEqual(line.qty_delivered, 12)
        self.assertInvariants(line)
        self.assertEqual(self._free(self.desk), 20 + 1 - 12)

    def test_settled_after_a_delivery(self):
        """2 assembled and 3 from stock have left: the other 5 are settled."""
        line = self._confirm()
        self._produce(line.assembly_order_ids, 2)
        self._deliver(line.order_id.picking_ids, stock=3, assembly=2)
        self._sell(5, line)
        self.assertInvariants(line)
        self.assertLine(line, 10, 8, 2)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 20 + 2 - 10)

    def _pick(self, steps, *picked, to_assemble=4):
        """10 in steps, of which (from stock, assembled) units are moved in each."""
        self._set_stock(self.desk, 20)
        self.warehouse.delivery_steps = steps
        line = self._create_order((self.desk, 10, to_assemble)).order_line
        line.order_id.action_confirm()
        for order in line.assembly_order_ids:
            self._produce(order)
        for stock, assembly in picked:
            pickings = line.order_id.picking_ids
            ready = pickings.filtered(lambda picking: picking.state == "assigned")
            self._deliver(ready.sorted("id")[-1], stock=stock, assembly=assembly)
        return line

    def _deliver_rest(self, line):
        """Move what is there to be moved, as often as there is something."""
        while ready := line.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
            and sum(picking.move_ids.mapped("quantity"))
        ):
            for picking in ready:
                self._deliver(picking)
            pickings = line.order_id.picking_ids
            pickings.move_ids.filtered(
                lambda move: move.state in ("confirmed", "waiting")
            )._action_assign()

    def _count_asked(self, line):
        """{supply: units} that open rows ask for, whatever the step."""
        rows = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        rows = rows.filtered("product_uom_qty")
        return {
            supply: sum(moves.mapped("product_uom_qty"))
            for supply, moves in rows.grouped("ato_supply").items()
        }

    def test_settled_when_picked(self):
        """All are picked, 3 or 5 are settled: 4 assembled and 3 or 1 are left."""
        for steps, sold in product(("pick_ship", "pick_pack_ship"), (3, 5)):
            with self.subTest(steps=steps, sold=sold):
                line = self._pick(steps, (6, 4))
                self._sell(sold, line)
                self.assertLine(line, 10, 6, 4)
                asked = {"stock": 6 - sold, "assembly": 4}
                self.assertEqual(self._count_asked(line), asked)
                self.assertInvariants(line)
                self._deliver_rest(line)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))
                self.assertInvariants(line)

    def test_settled_as_odoo_does(self):
        """Nothing is assembled: Odoo alone asks for the 7 that are left."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                line = self._pick(steps, (10, 0), to_assemble=0)
                self._sell(3, line)
                self.assertEqual([*self._count_asked(line).values()], [7])
                self._deliver_rest(line)
                self.assertEqual(line.qty_delivered, 10)

    def test_settled_when_picked_in_part(self):
        """2 and 3 are on their way, 3 are settled: 2 more are picked."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                line = self._pick(steps, (2, 3))
                self._sell(3, line)
                self.assertEqual(self._count_asked(line), {"stock": 4, "assembly": 3})
                self.assertLine(line, 10, 7, 3)
                self.assertInvariants(line)
                self._deliver_rest(line)
                self.assertEqual(line.qty_delivered, 10)

    def test_settled_when_packed_in_part(self):
        """What is nearest to the customer goes on."""
        line = self._pick("pick_pack_ship", (6, 4), (1, 2))
        self._sell(3, line)
        self.assertEqual(self._count_asked(line), {"stock": 3, "assembly": 4})
        packed = line.move_ids.filtered(
            lambda move: move.picking_type_id == self.warehouse.out_type_id
            and move.state != "cancel"
        )
        self.assertEqual(
            {move.ato_supply: move.product_uom_qty for move in packed},
            {"stock": 1, "assembly": 2},
        )
        self.assertInvariants(line)
        self._deliver_rest(line)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_settled_more_than_is_not_assembled(self):
        """8 are settled while 4 assembled are picked: 2 of these are stock."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                line = self._pick(steps, (6, 4))
                self._sell(8, line)
                self.assertLine(line, 10, 8, 2)
                self.assertEqual(self._count_asked(line), {"assembly": 2})
                self.assertInvariants(line)
                self._deliver_rest(line)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 2))

    def test_settled_twice(self):
        """3 and 2 are settled after all are picked: 4 assembled and 1 are left."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                line = self._pick(steps, (6, 4))
                self._sell(3, line)
                self._sell(2, line)
                self.assertEqual(self._count_asked(line), {"stock": 1, "assembly": 4})
                self.assertInvariants(line)
                self._deliver_rest(line)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_settled_and_shipped_later(self):
        """The shop's own delivery brings them."""
        line = self._confirm()
        sold = self._sell(10, line, shipping_date=self._day(96))
        self.assertEqual(line.assembly_order_ids.state, "cancel")
        self.assertFalse(any(sold.picking_ids.move_ids.mapped("ato_supply")))
        self._deliver(sold.picking_ids)
        self.assertTakenFromStock(line, 10)
        self.assertEqual(self._free(self.desk), 10)

    def _read_analysis(self, line):
        """{source: (quantity, revenue, cost)}, and as many as are delivered"""
        rows = self.env["assembly.sale.report"]._read_group(
            [("sale_line_id", "=", line.id)],
            ["source"],
            ["quantity:sum", "revenue:sum", "cost:sum"],
        )
        self.assertEqual(sum(row[1] for row in rows), line.qty_delivered)
        return {source: values for source, *values in rows}

    def test_analysis(self):
        """2 assembled and 3 from stock have left; 5 are settled, 1 comes back."""
        self.desk.standard_price = 50
        self.leg.standard_price = self.top.standard_price = 13
        line = self._confirm()
        self._produce(line.assembly_order_ids, 2)
        self._deliver(line.order_id.picking_ids, stock=3, assembly=2)
        assembled = {"assembly": [2, 200, 130]}
        self.assertEqual(
            self._read_analysis(line), {"stock": [3, 300, 150], **assembled}
        )
        sold = self._sell(5, line)
        self.assertEqual(
            self._read_analysis(line), {"stock": [8, 800, 400], **assembled}
        )
        self._sell(-1, refunded=sold.lines)
        self.assertEqual(
            self._read_analysis(line), {"stock": [7, 700, 350], **assembled}
        )

    def test_analysis_of_what_is_shipped_later(self):
        """Not before the shop has delivered it."""
        line = self._confirm()
        sold = self._sell(10, line, shipping_date=self._day(96))
        self.assertEqual(self._read_analysis(line), {})
        self._deliver(sold.picking_ids)
        self.assertEqual([*self._read_analysis(line)], ["stock"])

    def test_settled_in_dozens(self):
        """4 of 12, a third of a dozen, are nowhere asked for again."""
        line = self._create_order((self.desk, 1, 0.5)).order_line
        line.write({"product_uom_id": self.dozen.id, "qty_to_assemble_to_order": 0.5})
        line.order_id.action_confirm()
        self._sell(4, line)
        line.product_uom_qty = 2
        rows = line.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sum(rows.mapped("product_uom_qty")), 20)

    def _count_returned_elsewhere(self, line):
        refunds = line.pos_order_line_ids.refund_orderline_ids
        return -sum(refunds.mapped("qty"))

    def test_settled_and_refunded(self):
        """All 10 come back to the shop: they are missing until asked for."""
        line = self._confirm()
        self._sell(-10, refunded=self._sell(10, line).lines)
        self.assertEqual(line.qty_delivered, 0)
        self.assertInvariants(line)
        self.assertEqual(self._free(self.desk), 20)

    def test_settled_quotation(self):
        line = self._order()
        order = line.assembly_order_ids
        self._sell(10, line)
        self.assertFalse(order.exists())
        self.assertEqual(line.state, "sale")
        self.assertTakenFromStock(line, 10)

    def test_parked(self):
        """Not paid yet: the order is as it was, and from stock."""
        line = self._confirm()
        self._sell(10, line, state="draft", payment_ids=[], amount_paid=0)
        self.assertTakenFromStock(line, 0)
        self.assertEqual(self._free(self.desk), 10)
