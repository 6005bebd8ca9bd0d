# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestNotForUs(AssembleToOrderCommon):
    """Lines of which nothing can be assembled to order are Odoo's alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Wood Corner"})
        cls.kit = cls._create_product("Office Kit")
        cls._create_bom(cls.kit, {cls.lamp: 2, cls.desk: 1}, type="phantom")
        cls.service = cls._create_product("Advice", is_storable=False, type="service")
        cls.paper = cls._create_product("Paper", {cls.leg: 1}, is_storable=False)
        cls.dropshipped = cls._create_product(
            "Sofa",
            {cls.leg: 4},
            seller_ids=[Command.create({"partner_id": cls.vendor.id, "price": 10})],
            route_ids=[
                Command.set(cls.env.ref("stock_dropshipping.route_drop_shipping").ids)
            ],
        )
        cls.subcontracted = cls._create_product("Cushion")
        cls._create_bom(
            cls.subcontracted,
            {cls.leg: 1},
            type="subcontract",
            subcontractor_ids=[Command.set(cls.vendor.ids)],
        )
        cls.bought = cls._create_product("Bin")

    def _prepare_others(self):
        """{what it is: (values of a line that is not for us, why)}"""
        prepare = self._prepare_line_vals
        return {
            "kit": (prepare(self.kit, 3), "sold as a kit"),
            "service": (prepare(self.service, 3), "inventory is not tracked"),
            "consumable": (prepare(self.paper, 3), "inventory is not tracked"),
            "dropshipped": (prepare(self.dropshipped, 3), "delivered by its vendor"),
            "dropshipped by the line": (
                prepare(
                    self.desk,
                    3,
                    route_ids=[Command.set(self.dropshipped.route_ids.ids)],
                ),
                "delivered by its vendor",
            ),
            "subcontracted": (
                prepare(self.subcontracted, 3),
                "made by a subcontractor",
            ),
            "bought": (prepare(self.bought, 3), "no bill of materials"),
            "negative": (prepare(self.desk, -3), "Choose from 0 to 0.00 Units"),
            "nothing": (prepare(self.desk, 0), "Choose from 0 to 0.00 Units"),
            "down payment": (
                prepare(self.desk, 3, is_downpayment=True),
                "nothing is delivered",
            ),
            "expense": (
                prepare(self.desk, 3, is_expense=True),
                "nothing is delivered",
            ),
            "section": (
                {"display_type": "line_section", "name": "Part 1"},
                "not a product",
            ),
            "note": (
                {"display_type": "line_note", "name": "By night only"},
                "not a product",
            ),
        }

    def test_refused(self):
        """Created, written, imported: refused, always with the reason."""
        for what, (vals, reason) in self._prepare_others().items():
            asked = {**vals, "qty_to_assemble_to_order": 1}
            with self.subTest(what, by="create"), self.assertRefused(reason):
                self._create_order(order_line=[Command.create(asked)])
            line = self._create_order(order_line=[Command.create(vals)]).order_line
            with self.subTest(what, by="write"):
                self.assertEqual(line.qty_to_assemble_to_order, 0)
                with self.assertRefused(reason):
                    line.qty_to_assemble_to_order = 1
                self.assertEqual(line.qty_to_assemble_to_order, 0)
                self.assertFalse(line.assembly_order_ids)
            with self.subTest(what, by="write on the order"):
                command = Command.update(line.id, {"qty_to_assemble_to_order": 1})
                with self.assertRefused(reason):
                    line.order_id.write({"order_line": [command]})
            with self.subTest(what, by="import"):
                result = line.load(
                    [".id", "qty_to_assemble_to_order"], [[str(line.id), "1"]]
                )
                self.assertFalse(result["ids"])
                self.assertRegex(result["messages"][0]["message"], reason)

    def test_refused_when_new_lines_are_imported(self):
        """An order with such a line is not imported; without it, it is."""
        fields = [
            "partner_id",
            "order_line/product_id",
            "order_line/product_uom_qty",
            "order_line/qty_to_assemble_to_order",
        ]
        products = {
            self.kit: "sold as a kit",
            self.service: "inventory is not tracked",
            self.dropshipped: "delivered by its vendor",
            self.subcontracted: "made by a subcontractor",
        }
        for product, reason in products.items():
            rows = [
                [self.customer.name, self.desk_to_order.name, "5", "5"],
                ["", product.name, "3", "1"],
            ]
            with self.subTest(product.name):
                result = self.env["sale.order"].load(fields, rows)
                self.assertFalse(result["ids"])
                self.assertRegex(result["messages"][0]["message"], reason)
                rows[1][3] = "0"
                result = self.env["sale.order"].load(fields, rows)
                lines = self.env["sale.order"].browse(result["ids"]).order_line
                self.assertEqual(lines.mapped("qty_to_assemble_to_order"), [5, 0])

    def test_confirmed_orders_refuse_as_well(self):
        """After confirmation the reason is the same, and nothing has moved."""
        for what in ("kit", "dropshipped", "subcontracted", "service"):
            vals, reason = self._prepare_others()[what]
            sale = self._create_order(order_line=[Command.create(vals)])
            sale.action_confirm()
            line, before = sale.order_line, self._snapshot(sale.order_line)
            with self.subTest(what), self.assertRefused(reason):
                line.qty_to_assemble_to_order = 1
            self.assertEqual(self._snapshot(line), before)

    def _snapshot(self, line):
        """What a confirmed line has set in motion, as far as it can be compared."""
        self.env.flush_all()
        self.env.invalidate_all()
        moves = line.move_ids.sorted("id")
        references = line.order_id.stock_reference_ids
        orders = references.production_ids.filtered(
            lambda order: not order.is_assemble_to_order
        )
        return {
            "line": (line.product_uom_qty, line.qty_delivered, line.is_assembled),
            "moves": [
                (
                    move.product_id,
                    move.product_uom_qty,
                    move.quantity,
                    move.procure_method,
                    move.state,
                    move.rule_id,
                    move.location_id,
                    move.location_dest_id,
                    move.picking_id.picking_type_id,
                    len(move.move_orig_ids),
                    move.ato_supply,
                )
                for move in moves
            ],
            "purchases": sum(line.purchase_line_ids.mapped("product_qty")),
            "orders": sorted(orders.mapped(lambda o: (o.product_id.id, o.product_qty))),
        }

    def test_beside_a_mixed_line(self):
        """Whatever stands beside it in the order, such a line moves as ever."""
        for what, (vals, _reason) in self._prepare_others().items():
            with self.subTest(what):
                alone, beside = (
                    self._create_order(
                        order_line=[Command.create(values) for values in lines]
                    )
                    for lines in (
                        [vals],
                        [vals, self._prepare_line_vals(self.desk_to_order, 5, 2)],
                    )
                )
                mixed = beside.order_line[1]
                snapshots = []
                for line in alone.order_line | beside.order_line[0]:
                    line.order_id.action_confirm()
                    confirmed = self._snapshot(line)
                    if line.product_uom_qty > 0 and not line.is_downpayment:
                        line.product_uom_qty += 1
                    snapshots.append((confirmed, self._snapshot(line)))
                    line.order_id._action_cancel()
                    snapshots[-1] += (self._snapshot(line),)
                self.assertEqual(*snapshots)
                self.assertFalse(alone.order_line.assembly_order_ids)
                self.assertFalse(beside.order_line[0].assembly_order_ids)
                self.assertFalse(alone.assembly_order_count)
                supplies = (alone | beside).order_line.move_ids.filtered(
                    lambda move, mixed=mixed: move.sale_line_id != mixed
                )
                self.assertFalse(any(supplies.mapped("ato_supply")))

    def test_kit(self):
        """T10: 3 kits are 6 lamps and 3 desks: the desk inside is taken from stock."""
        self._set_stock(self.desk, 5)
        sale = self._create_order((self.kit, 3), (self.desk, 4, 2))
        kit, mixed = sale.order_line
        self.assertFalse(kit.is_assembled)
        sale.action_confirm()
        self.assertInvariants(mixed)
        self.assertEqual(
            {m.product_id: m.product_uom_qty for m in kit.move_ids},
            {self.lamp: 6, self.desk: 3},
        )
        kit.product_uom_qty = 4
        self.assertInvariants(mixed)
        self.assertEqual(sum(kit.move_ids.mapped("product_uom_qty")), 12)
        mixed.qty_to_assemble_to_order = 3
        self.assertInvariants(mixed)
        self.assertEqual(sum(kit.move_ids.mapped("product_uom_qty")), 12)
        self._produce(mixed.assembly_order_ids)
        self.assertInvariants(mixed)
        self._deliver(sale.picking_ids)
        self.assertInvariants(mixed)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [4, 4])

    def test_service(self):
        """Nothing moves, delivered by hand."""
        sale = self._create_order((self.service, 3))
        sale.action_confirm()
        self.assertFalse(sale.picking_ids)
        sale.order_line.qty_delivered = 2
        self.assertEqual(sale.order_line.qty_delivered, 2)
        self.assertEqual(sale.order_line.reserved_qty, 0)

    def test_dropshipped(self):
        """A request for quotation for all of it; no assembly order, no delivery."""
        sale = self._create_order((self.dropshipped, 3), (self.desk, 4, 2))
        sale.action_confirm()
        line, mixed = sale.order_line
        self.assertInvariants(mixed)
        self.assertEqual(line.purchase_line_ids.product_qty, 3)
        self.assertEqual(sale.picking_ids.move_ids.product_id, self.desk)
        purchase = line.purchase_line_ids.order_id
        purchase.button_confirm()
        picking = purchase.picking_ids
        self.assertEqual(picking.move_ids.mapped("ato_supply"), [False])
        self._deliver(picking)
        self.assertInvariants(mixed)
        self.assertEqual(line.qty_delivered, 3)
        self.assertEqual(mixed.qty_delivered, 0)

    def test_subcontracted(self):
        """Bought from the subcontractor and delivered from stock, as ever."""
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        self.subcontracted.write(
            {
                "seller_ids": [Command.create({"partner_id": self.vendor.id})],
                "route_ids": [Command.set(buy.ids)],
            }
        )
        self._set_stock(self.subcontracted, 3)
        sale = self._create_order((self.subcontracted, 3))
        self.assertFalse(sale.order_line.is_assembled)
        sale.action_confirm()
        move = sale.order_line.move_ids
        self.assertRecordValues(
            move, [{"product_uom_qty": 3, "quantity": 3, "ato_supply": False}]
        )
        self._deliver(sale.picking_ids)
        self.assertEqual(sale.order_line.qty_delivered, 3)
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.subcontracted.id, "product_qty": 4}
                    )
                ],
            }
        )
        purchase.button_confirm()
        order = purchase.picking_ids._get_subcontract_production()
        self.assertFalse(order.is_assemble_to_order)
        self.assertEqual(order.move_finished_ids.mapped("ato_supply"), [False])

    def test_both_made_here_and_subcontracted(self):
        """A product that can be made here is ours, whoever else makes it too."""
        self._create_bom(
            self.desk,
            {self.leg: 1},
            type="subcontract",
            sequence=-1,
            subcontractor_ids=[Command.set(self.vendor.ids)],
        )
        sale = self._create_order((self.desk, 10, 4))
        line = sale.order_line
        self.assertEqual(line.assembly_order_ids.bom_id.type, "normal")
        self.assertComponents(line.assembly_order_ids, {self.leg: 16, self.top: 4})
        sale.action_confirm()
        self.assertInvariants(line)

    def test_negative_line(self):
        """A line of -3 beside a mixed one is a return of 3, and nobody's assembly."""
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4), (self.desk, -3))
        mixed, negative = sale.order_line
        sale.action_confirm()
        self.assertInvariants(mixed)
        self.assertFalse(negative.assembly_order_ids)
        back = negative.move_ids
        self.assertEqual(back.mapped("ato_supply"), [False])
        self.assertEqual(back.picking_id.picking_type_id.code, "incoming")
        self.assertEqual(sum(back.mapped("product_uom_qty")), 3)
        self.assertEqual(negative.reserved_qty, 0)

    def test_line_becomes_negative(self):
        """A mixed quotation line that becomes a return has nothing to assemble."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        line.product_uom_qty = -3
        self.assertEqual(line.qty_to_assemble_to_order, 0)
        self.assertFalse(order.exists())

    def test_down_payment(self):
        """Invoiced in advance: the mixed line is as it was."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        line = sale.order_line
        moves = sale.picking_ids.move_ids
        self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 50,
                "sale_order_ids": [Command.set(sale.ids)],
            }
        ).create_invoices()
        down_payment = sale.order_line.filtered("is_downpayment")
        self.assertTrue(down_payment)
        self.assertFalse(any(down_payment.mapped("qty_to_assemble_to_order")))
        self.assertFalse(any(down_payment.mapped("is_assembled")))
        self.assertEqual(sale.picking_ids.move_ids, moves)
        self.assertInvariants(line)
        self.assertLine(line, 10, 6, 4)

    def test_expense(self):
        """An expense that is invoiced to the customer is nothing to assemble."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        mixed = sale.order_line
        pickings = sale.picking_ids
        sale.order_line = [
            Command.create(
                self._prepare_line_vals(self.service, 1, is_expense=True, sequence=99)
            )
        ]
        self.assertInvariants(mixed)
        self.assertEqual(sale.picking_ids, pickings)
        expense = sale.order_line - mixed
        self.assertFalse(expense.is_assembled)
        self.assertFalse(expense.assembly_order_ids)
