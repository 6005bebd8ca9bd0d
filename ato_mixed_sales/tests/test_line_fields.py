# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from itertools import product

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon

COMMITMENT = datetime(2031, 3, 1, 12)
ORDER_DATE = datetime(2031, 1, 15, 8)


@tagged("post_install", "-at_install")
class TestLineFields(AssembleToOrderCommon):
    """What the line owns follows from every field that it depends on.

    Deadlines of order, finished move and delivery, and what is made, whichever field
    is changed, alone or with the quantities, before and after confirmation.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 20)

    def _confirm(self, *lines, **values):
        sale = self._create_order(*lines, **values)
        sale.action_confirm()
        return sale.order_line

    # Oracles, which count documents

    def _get_deadline(self, line):
        """When the line is promised, as its order says."""
        sale = line.order_id
        lead = timedelta(days=line.customer_lead)
        return sale.commitment_date or sale.date_order + lead

    def _get_orders(self, line):
        self.env.flush_all()
        return self.env["mrp.production"].search(
            [("ato_sale_line_id", "=", line.id), ("state", "!=", "cancel")]
        )

    def _get_finished(self, order):
        return self.env["stock.move"].search(
            [
                ("production_id", "=", order.id),
                ("product_id", "=", order.product_id.id),
                ("state", "!=", "cancel"),
            ]
        )

    def _get_open_moves(self, line):
        return self.env["stock.move"].search(
            [
                ("sale_line_id", "=", line.id),
                ("production_id", "=", False),
                ("state", "not in", ("done", "cancel")),
            ]
        )

    def assertFollows(self, line, made=0):
        """One open order for what is not made, due when the line is, with its link."""
        orders = self._get_orders(line)
        self.env.invalidate_all()
        deadline = self._get_deadline(line)
        order = orders.filtered(lambda o: o.state != "done")
        to_make = line.qty_to_assemble_to_order - made
        self.assertRecordValues(
            order, [{"product_qty": to_make, "date_deadline": deadline}]
        )
        finished = self._get_finished(order)
        self.assertRecordValues(
            finished,
            [
                {
                    "ato_supply": "assembly",
                    "product_uom_qty": to_make,
                    "date_deadline": deadline,
                }
            ],
        )
        moves = self._get_open_moves(line)
        self.assertEqual(
            moves.mapped("date_deadline"), [deadline] * len(moves), "both parts"
        )
        if line.state == "sale":
            assembly = moves.filtered(lambda m: m.ato_supply == "assembly")
            self.assertEqual(len(assembly), 1, "one row")
            self.assertIn(assembly, finished.move_dest_ids)
            stock = moves - assembly
            self.assertLessEqual(len(stock), 1, "one row")
            self.assertInvariants(line)

    def _count_desks(self, warehouse):
        self.env.flush_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.desk.id),
                ("location_id", "child_of", warehouse.view_location_id.id),
                ("location_id.usage", "=", "internal"),
            ]
        )
        return sum(quants.mapped("quantity"))

    def _make_all(self, line):
        """Work off transfers of components, orders and transfers to the store."""
        warehouse = line.warehouse_id
        floor = warehouse.pbm_type_id | warehouse.sam_type_id
        for _step in range(12):
            pickings = self.env["stock.picking"].search(
                [("picking_type_id", "in", floor.ids), ("state", "=", "assigned")]
            )
            orders = self._get_orders(line).filtered(lambda o: o.state != "done")
            if pickings:
                self._deliver(pickings[0])
            elif orders:
                self._produce(orders[0])
            else:
                return

    def _deliver_all(self, line):
        for _step in range(12):
            pickings = self.env["stock.picking"].search(
                [
                    ("picking_type_id.warehouse_id", "=", line.warehouse_id.id),
                    ("state", "in", ("assigned", "confirmed")),
                    ("reference_ids", "in", line.order_id.stock_reference_ids.ids),
                ]
            )
            if not pickings:
                return
            self._deliver(pickings[0])

    def assertMadeAndDelivered(self, line, made=0):
        """What is made lies in stock, and all that was ordered leaves."""
        before = self._count_desks(line.warehouse_id)
        to_leave = line.product_uom_qty - line.qty_delivered
        to_make = line.qty_to_assemble_to_order - made
        self._make_all(line)
        self.assertEqual(self._count_desks(line.warehouse_id), before + to_make)
        self._deliver_all(line)
        self.assertEqual(line.qty_delivered, line.product_uom_qty)
        left = before + to_make - to_leave
        self.assertEqual(self._count_desks(line.warehouse_id), left)

    # The fields

    def _change_lead(self, line, **vals):
        line.write({"customer_lead": line.customer_lead + 7, **vals})

    def _change_commitment(self, line, **vals):
        """As the form of the order sends it: date and lines in one call."""
        later = (line.order_id.commitment_date or COMMITMENT) + timedelta(days=3)
        self._change_order(line, {"commitment_date": later}, vals)

    def _clear_commitment(self, line, **vals):
        self._change_order(line, {"commitment_date": False}, vals)

    def _change_date(self, line, **vals):
        later = line.order_id.date_order + timedelta(days=2)
        self._change_order(line, {"date_order": later}, vals)

    def _change_order(self, line, vals, line_vals):
        if line_vals:
            vals["order_line"] = [Command.update(line.id, line_vals)]
        line.order_id.write(vals)

    def _get_changes(self):
        return (
            self._change_lead,
            self._change_commitment,
            self._clear_commitment,
            self._change_date,
        )

    def test_seen(self):
        """E2: Q 10, A 10, lead, Q 12: producing 12 puts 12 in stock, not 24."""
        line = self._confirm((self.desk, 10, 10))
        line.customer_lead = 9
        self.assertFollows(line)
        line.write({"product_uom_qty": 12, "qty_to_assemble_to_order": 12})
        self.assertFollows(line)
        self.assertMadeAndDelivered(line)

    def test_seen_in_the_form(self):
        """Lead time and quantity, typed into the form of the order at once."""
        line = self._confirm((self.desk, 10, 4))
        sale = line.order_id
        with Form(sale) as form:
            form.commitment_date = COMMITMENT
            with form.order_line.edit(0) as row:
                row.product_uom_qty = 12
                row.qty_to_assemble_to_order = 6
        self.assertLine(line, 12, 6, 6)
        self.assertFollows(line)
        with Form(sale) as form:
            form.commitment_date = False
        self.assertFollows(line)
        self.assertMadeAndDelivered(line)

    def test_each_field_after_confirmation(self):
        """Alone, with Q, with A up and down; from a date and from the lead time."""
        quantities = (
            {},
            {"product_uom_qty": 12},
            {"qty_to_assemble_to_order": 6},
            {"qty_to_assemble_to_order": 3},
            {"product_uom_qty": 12, "qty_to_assemble_to_order": 7},
        )
        for number, (change, vals) in enumerate(
            product(self._get_changes(), quantities)
        ):
            commitment = number % 2 and COMMITMENT  # each field and quantity by turns
            with (
                self.subTest(change=change.__name__, vals=vals, commitment=commitment),
                self.env.cr.savepoint() as undo,
            ):
                line = self._confirm((self.desk, 10, 4), commitment_date=commitment)
                change(line, **vals)
                self.assertFollows(line)
                # and what is changed later meets documents that are in step
                line.write({"product_uom_qty": 14, "qty_to_assemble_to_order": 8})
                self.assertFollows(line)
                self.assertMadeAndDelivered(line)
                undo.close(rollback=True)

    def test_each_field_while_it_is_made(self):
        """1 of 4 is made, 3 are left: they are due when the line is."""
        for change, vals in product(
            self._get_changes(), ({}, {"qty_to_assemble_to_order": 6})
        ):
            with (
                self.subTest(change=change.__name__, vals=vals),
                self.env.cr.savepoint() as undo,
            ):
                line = self._confirm((self.desk, 10, 4))
                self._produce(self._get_orders(line), 1)
                change(line, **vals)
                self.assertFollows(line, made=1)
                self.assertMadeAndDelivered(line, made=1)
                undo.close(rollback=True)

    def test_after_a_partial_delivery(self):
        """2 of 10 have left: what is done keeps its date, the rest follows."""
        for change in self._get_changes():
            with (
                self.subTest(change=change.__name__),
                self.env.cr.savepoint() as undo,
            ):
                line = self._confirm((self.desk, 10, 4), commitment_date=COMMITMENT)
                self._deliver(line.order_id.picking_ids, stock=2, assembly=0)
                change(line, qty_to_assemble_to_order=6)
                self.assertFollows(line)
                self.assertMadeAndDelivered(line)
                undo.close(rollback=True)

    def test_each_field_on_a_quotation(self):
        for change, vals in product(
            self._get_changes(),
            ({}, {"product_uom_qty": 12, "qty_to_assemble_to_order": 7}),
        ):
            with (
                self.subTest(change=change.__name__, vals=vals),
                self.env.cr.savepoint() as undo,
            ):
                line = self._create_order((self.desk, 10, 4)).order_line
                change(line, **vals)
                order = self._get_orders(line)
                self.assertEqual(order.product_qty, line.qty_to_assemble_to_order)
                self.assertEqual(len(self._get_finished(order)), 1)
                line.order_id.action_confirm()
                self.assertFollows(line)
                self.assertMadeAndDelivered(line)
                undo.close(rollback=True)

    def test_every_number_of_steps(self):
        """Nine warehouses; every field before and after confirmation, in a row."""
        shapes = product(
            ("ship_only", "pick_ship", "pick_pack_ship"),
            ("mrp_one_step", "pbm", "pbm_sam"),
        )
        for number, (delivery, manufacture) in enumerate(shapes):
            with self.subTest(delivery=delivery, manufacture=manufacture):
                warehouse = self._create_warehouse(
                    f"Hall {number}",
                    f"W{number}",
                    delivery_steps=delivery,
                    manufacture_steps=manufacture,
                )
                self._check_steps(warehouse)

    def _check_steps(self, warehouse):
        for item, quantity in ((self.desk, 20), (self.leg, 99), (self.top, 99)):
            self._set_stock(item, quantity, warehouse.lot_stock_id)
        sale = self._create_order((self.desk, 10, 4), warehouse_id=warehouse.id)
        line = sale.order_line
        self._change_lead(line, qty_to_assemble_to_order=5)
        sale.action_confirm()
        self.assertFollows(line)
        self._change_lead(line)
        self.assertFollows(line)
        self._change_lead(line, product_uom_qty=11)
        self.assertFollows(line)
        self._change_date(line)
        self.assertFollows(line)
        self._change_commitment(line)
        self.assertFollows(line)
        self._change_commitment(line, product_uom_qty=12, qty_to_assemble_to_order=7)
        self.assertFollows(line)
        self._clear_commitment(line, qty_to_assemble_to_order=6)
        self.assertFollows(line)
        self.assertMadeAndDelivered(line)

    def test_later_steps(self):
        """Picked and not shipped yet: the step that is left is due in time as well."""
        self.warehouse.delivery_steps = "pick_ship"
        line = self._confirm((self.desk, 10, 4))
        self._produce(self._get_orders(line))
        self._deliver(line.order_id.picking_ids.filtered(lambda p: p.state != "done"))
        for change in self._get_changes():
            change(line)
            moves = self._get_open_moves(line)
            self.assertEqual(
                moves.mapped("date_deadline"), [self._get_deadline(line)] * 2
            )

    def test_delay_of_the_rule(self):
        """Picked two days before it is shipped: due that much earlier, also later."""
        self.warehouse.delivery_steps = "pick_ship"
        rules = self.warehouse.delivery_route_id.rule_ids
        rules.filtered(lambda rule: rule.action == "pull").delay = 2
        line = self._confirm((self.desk, 10, 4))
        for vals in ({}, {"customer_lead": 9}, {"product_uom_qty": 12}):
            line.write(vals)
            picks = self._get_open_moves(line)
            self.assertEqual(len(picks), 2)
            deadline = self._get_deadline(line)
            self.assertEqual(
                picks.mapped("date_deadline"), [deadline - timedelta(days=2)] * 2
            )
            order = self._get_orders(line)
            self.assertEqual(order.date_deadline, deadline)
            self.assertInvariants(line)

    def test_other_lines_keep_their_dates(self):
        """Invariant 6: the lead time of one line is not the other's."""
        first, second = self._confirm((self.desk, 10, 4), (self.desk, 5, 2))
        before = self._get_deadline(second)
        self._change_lead(first)
        self.assertFollows(first)
        self.assertFollows(second)
        self.assertEqual(self._get_orders(second).date_deadline, before)

    def test_plain_lines_are_as_in_odoo(self):
        """With nothing to assemble, dates are written by Odoo alone."""
        line = self._confirm((self.desk, 10))
        move = self._get_open_moves(line)
        self._change_lead(line)
        self.assertEqual(move.date_deadline, self._get_deadline(line))
        told = move.date_deadline
        self._change_date(line)
        self.assertEqual(move.date_deadline, told, "Odoo leaves it")

    def test_planner_may_leave_the_deadline(self):
        """The start that a planner chose stays when the deadline of an order moves."""
        line = self._confirm((self.desk, 10, 4))
        order = self._get_orders(line)
        start = order.date_start + timedelta(days=1)
        order.date_start = start
        for change in self._get_changes():
            change(line)
            self.assertFollows(line)
            self.assertEqual(order.date_start, start)

    def test_other_warehouse(self):
        """Changed with lead time and quantities on a quotation, then confirmed."""
        shop = self._create_warehouse("Shop", "SHP", delivery_steps="pick_ship")
        for item, quantity in ((self.desk, 20), (self.leg, 99), (self.top, 99)):
            self._set_stock(item, quantity, shop.lot_stock_id)
        line = self._create_order((self.desk, 10, 4)).order_line
        self._change_order(
            line,
            {"warehouse_id": shop.id, "commitment_date": COMMITMENT},
            {"product_uom_qty": 12, "qty_to_assemble_to_order": 7},
        )
        line.order_id.action_confirm()
        self.assertEqual(self._get_orders(line).warehouse_id, shop)
        self.assertFollows(line)
        self.assertMadeAndDelivered(line)

    def test_other_warehouse_of_a_confirmed_order(self):
        """Q 10, A 4 in the hall; then the shop, Q 13 and A 6: 2 of it are made there.

        What was asked for before stays where it is, as in Odoo. Neither part waits
        for what comes out elsewhere.
        """
        shop = self._create_warehouse("Shop", "SHP")
        for item, quantity in ((self.desk, 20), (self.leg, 99), (self.top, 99)):
            self._set_stock(item, quantity, shop.lot_stock_id)
        line = self._confirm((self.desk, 10, 4))
        self._change_order(
            line,
            {"warehouse_id": shop.id},
            {"product_uom_qty": 13, "qty_to_assemble_to_order": 6},
        )
        self.assertInvariants(line)
        self.assertNothingBroken()
        for warehouse, quantities in (
            (self.warehouse, {"stock": 6, "assembly": 4}),
            (shop, {"stock": 1, "assembly": 2}),
        ):
            moves = self._get_open_moves(line).filtered(
                lambda m, w=warehouse: m.location_id.warehouse_id == w
            )
            self.assertEqual(
                {m.ato_supply: m.product_uom_qty for m in moves}, quantities
            )
            assembly = moves.filtered(lambda m: m.ato_supply == "assembly")
            order = self._get_orders(line).filtered(
                lambda o, w=warehouse: o.warehouse_id == w
            )
            self.assertEqual(order.mapped("product_qty"), [quantities["assembly"]])
            self.assertEqual(self._get_finished(order).move_dest_ids, assembly)
            before = self._count_desks(warehouse)
            self._produce(order)
            self.assertEqual(self._count_desks(warehouse), before + order.product_qty)
            self.assertEqual(assembly.quantity, order.product_qty)
        for picking in line.order_id.picking_ids:
            self._deliver(picking)
        self.assertEqual(line.qty_delivered, 13)
