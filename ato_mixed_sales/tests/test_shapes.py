# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestShapes(CheckedStories, AssembleToOrderCommon):
    """The same story in every shape that a product or a warehouse can have."""

    def _confirm(self, *lines, **values):
        """Confirm an order of such lines, every invariant holds for each of them."""
        sale = self._create_order(*lines, **values)
        sale.action_confirm()
        self._check(sale.order_line)
        return sale.order_line

    def _check(self, lines):
        for line in lines.filtered(lambda line: line._is_split_by_source()):
            self.assertInvariants(line)

    def _deliver_all(self, lines):
        """Validate every transfer that is ready until none is left."""
        for _step in range(9):
            ready = self._open_pickings(lines).filtered(lambda p: p.state == "assigned")
            for picking in ready[:1]:
                self._deliver(picking)
        self._check(lines)

    def _open_pickings(self, lines):
        return lines.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _other_orders(self, line):
        """Manufacturing orders of the product that are no line's."""
        return self.env["mrp.production"].search(
            [
                ("product_id", "=", line.product_id.id),
                ("state", "!=", "cancel"),
                ("is_assemble_to_order", "=", False),
            ]
        )

    def assertParts(self, line, stock, assembly, held=None, bound=None):
        """Open demand of each part of the delivery, and what each one holds."""
        moves = [line._get_first_open_moves(part) for part in ("stock", "assembly")]
        demands = [sum(part.mapped("product_uom_qty")) for part in moves]
        self.assertEqual(demands, [stock, assembly])
        for part, quantity in zip(moves, (held, bound), strict=True):
            if quantity is not None:
                self.assertEqual(part._get_held_units(), quantity)

    # How a warehouse ships and reserves

    def test_all_at_once(self):
        """Nothing is ready until everything is: 6 on hand wait for 4 assembled."""
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4), picking_policy="one")
        picking = line.order_id.picking_ids
        self.assertParts(line, 6, 4, held=6, bound=0)
        self.assertNotEqual(picking.state, "assigned")
        self._produce(line.assembly_order_ids, 3)
        self._check(line)
        self.assertParts(line, 6, 4, held=6, bound=3)
        self.assertNotEqual(picking.state, "assigned")
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"))
        self._check(line)
        self.assertEqual(picking.state, "assigned")
        self._deliver(picking)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)

    def test_as_soon_as_possible(self):
        """6 on hand leave at once, 4 assembled follow."""
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4), picking_policy="direct")
        picking = line.order_id.picking_ids
        self.assertEqual(picking.state, "assigned")
        self._deliver(picking, stock=6, assembly=0)
        self._check(line)
        self.assertEqual(line.qty_delivered, 6)
        self.assertParts(line, 0, 4, bound=0)
        self._produce(line.assembly_order_ids)
        self._check(line)
        self._deliver(self._open_pickings(line))
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 4)

    def test_reserved_by_hand(self):
        """The stock part waits for a hand; what is assembled is bound all the same."""
        self.warehouse.out_type_id.reservation_method = "manual"
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        self.assertParts(line, 6, 4, held=0, bound=0)
        self._produce(line.assembly_order_ids)
        self._check(line)
        self.assertParts(line, 6, 4, held=0, bound=4)
        self.assertEqual(self._free(self.desk), 6)
        line.action_reserve_stock()
        self._check(line)
        self.assertParts(line, 6, 4, held=6, bound=4)
        line.qty_to_assemble_to_order = 5
        self._check(line)
        self.assertParts(line, 5, 5, held=5, bound=4)
        line.order_id.picking_ids.do_unreserve()
        self._check(line)
        self.assertParts(line, 5, 5, held=0, bound=4)

    def test_reserved_by_date(self):
        """The stock part is held two days before; what is assembled at once."""
        self.warehouse.out_type_id.write(
            {"reservation_method": "by_date", "reservation_days_before": 2}
        )
        self._set_stock(self.desk, 6)
        line = self._confirm(
            (self.desk, 10, 4), commitment_date=Datetime.now() + timedelta(days=10)
        )
        self._produce(line.assembly_order_ids)
        self._check(line)
        self.assertParts(line, 6, 4, held=0, bound=4)
        with freeze_time(Datetime.now() + timedelta(days=5)):
            self.env["stock.rule"]._run_scheduler_tasks()
        self._check(line)
        self.assertParts(line, 6, 4, held=0, bound=4)
        with freeze_time(Datetime.now() + timedelta(days=9)):
            self.env["stock.rule"]._run_scheduler_tasks()
        self._check(line)
        self.assertParts(line, 6, 4, held=6, bound=4)
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)

    # How a product is replenished

    def _make_to_order(self, procure_method):
        """Give the desk the make-to-order route, with rules of this method."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        rules = route.rule_ids.filtered(
            lambda rule: rule.location_src_id == self.stock and rule.action == "pull"
        )
        rules.procure_method = procure_method
        self.desk.route_ids |= route

    def test_make_to_order_route(self):
        """T2: the route of the product makes neither part a second time."""
        for procure_method in ("make_to_order", "mts_else_mto"):
            with self.subTest(procure_method=procure_method):
                self._make_to_order(procure_method)
                self._check_split_product_of_a_route()

    def _check_split_product_of_a_route(self):
        """12 of 6 on hand: 8 from stock are 2 short, whatever the route."""
        before = self._free(self.desk)
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 12, 4))
        self.assertParts(line, 8, 4, held=6, bound=0)
        self.assertFalse(self._other_orders(line))
        line.write({"product_uom_qty": 13, "qty_to_assemble_to_order": 6})
        self._check(line)
        self.assertParts(line, 7, 6, held=6, bound=0)
        self.assertEqual(line.assembly_order_ids.product_qty, 6)
        self.assertFalse(self._other_orders(line))
        line.product_uom_qty = 12
        self._check(line)
        self.assertParts(line, 6, 6, held=6, bound=0)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 12)
        self.assertEqual(self._free(self.desk), before)

    def test_make_to_order_route_split_after_confirmation(self):
        """T2: A raised only after the route's own rule has delivered the line.

        The route's order of 10 makes the stock part from then on, whatever it is.
        """
        self._make_to_order("make_to_order")
        self._check_split_after_confirmation((10, 6, 5, 6, 8, 6), left=6)

    def test_make_to_stock_else_order_split_after_confirmation(self):
        """T2: as above, when the route makes what is short of the stock part."""
        self._make_to_order("mts_else_mto")
        self._check_split_after_confirmation((4, 0, 0, 0, 2, 0), left=0)

    def test_make_to_order_route_and_several_steps(self):
        """T2: as above, where the goods are made, picked, packed and shipped."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.warehouse.manufacture_steps = "pbm_sam"
        self._make_to_order("make_to_order")
        self._check_split_after_confirmation((10, 6, 5, 6, 8, 6), left=6)

    def _check_split_after_confirmation(self, made, left):
        """6 on hand, 10 ordered: what is `made` by the route after each change.

        Nothing is supplied twice: what is `left` in the end was not needed before.
        """
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10))
        made = iter(made)
        self.assertMadeByRoute(line, next(made))
        for quantity, to_assemble in ((10, 4), (10, 5), (11, 5), (11, 3), (9, 3)):
            line.write(
                {"product_uom_qty": quantity, "qty_to_assemble_to_order": to_assemble}
            )
            self._check(line)
            self.assertParts(line, quantity - to_assemble, to_assemble)
            orders = line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
            self.assertEqual(orders.product_qty, to_assemble)
            self.assertMadeByRoute(line, next(made))
        orders = self._other_orders(line) | line.assembly_order_ids
        for order in orders:
            self._produce(order)
        for picking in self.env["stock.picking"].search(
            [("picking_type_id", "=", self.warehouse.sam_type_id.id)]
        ):
            self._deliver(picking)
        self._check(line)
        line.order_id.picking_ids.action_assign()
        self._deliver_all(line)
        self.assertEqual(line.qty_delivered, 9)
        self.assertEqual(self._free(self.desk), left)

    def test_make_to_order_route_and_back(self):
        """Set back to 0, by steps and at once, the route makes all 10 again."""
        self._make_to_order("make_to_order")
        self._check_split_and_back(10)

    def test_make_to_stock_else_order_and_back(self):
        """As above, when the route makes what is short."""
        self._make_to_order("mts_else_mto")
        self._check_split_and_back(4)

    def _check_split_and_back(self, made):
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10))
        self.assertMadeByRoute(line, made)
        for to_assemble in (4, 0, 10, 0):
            line.qty_to_assemble_to_order = to_assemble
            self._check(line)
            self.assertParts(line, 10 - to_assemble, to_assemble)
        self.assertMadeByRoute(line, made)
        self._produce(self._other_orders(line))
        self._deliver_all(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 6 + made - 10)

    def test_make_to_order_route_has_started(self):
        """What it makes too much is free stock, is told, and is taken from there."""
        self._make_to_order("make_to_order")
        line = self._confirm((self.desk, 10))
        order = self._other_orders(line)
        order.qty_producing = 2
        order._set_qty_producing()
        line.qty_to_assemble_to_order = 4
        self._check(line)
        self.assertMadeByRoute(line, 10, brought=6)
        messages = "".join(line.order_id.message_ids.mapped("body"))
        self.assertIn(f"{order.name} had started: up to 4.00 Units of Desk", messages)
        line.qty_to_assemble_to_order = 0
        self._check(line)
        self.assertParts(line, 10, 0)
        self.assertMadeByRoute(line, 10, brought=6)
        self._produce(order)
        line.order_id.picking_ids.action_assign()
        self._deliver_all(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)

    def test_make_to_order_route_made_in_part(self):
        """3 of 10 are made and held: the order of the rest follows, 7 → 3 → 0."""
        self._make_to_order("make_to_order")
        line = self._confirm((self.desk, 10))
        first = self._other_orders(line)
        self._produce(first, 3)
        rest = self._other_orders(line) - first
        self.assertEqual(rest.product_qty, 7)
        line.qty_to_assemble_to_order = 4
        self._check(line)
        self.assertEqual(rest.product_qty, 3)
        self.assertParts(line, 6, 4, held=3, bound=0)
        line.qty_to_assemble_to_order = 8
        self._check(line)
        self.assertEqual(rest.state, "cancel")
        self.assertParts(line, 2, 8, held=2, bound=0)
        self.assertEqual(self._free(self.desk), 1)

    def test_make_to_order_route_for_two_lines(self):
        """What one line gives up, the other one's order keeps making."""
        for procure_method in ("make_to_order", "mts_else_mto"):
            with self.subTest(procure_method=procure_method):
                self._make_to_order(procure_method)
                lines = self._confirm((self.desk, 10), (self.desk, 5))
                self.assertEqual(
                    sum(self._other_orders(lines).mapped("product_qty")), 15
                )
                lines[0].qty_to_assemble_to_order = 4
                self._check(lines)
                self.assertEqual(
                    sum(self._other_orders(lines).mapped("product_qty")), 11
                )
                self.assertEqual(lines[1].move_ids.mapped("product_uom_qty")[0], 5)
                lines.order_id._action_cancel()
                self._other_orders(lines).action_cancel()

    def test_split_and_raised_at_once(self):
        """T4: 10 → 11 and 0 → 4 in one go, on a line that was never split."""
        self._set_stock(self.desk, 11)
        line = self._confirm((self.desk, 10))
        line.write({"product_uom_qty": 11, "qty_to_assemble_to_order": 4})
        self._check(line)
        self.assertParts(line, 7, 4, held=7, bound=0)

    def assertMadeByRoute(self, line, quantity, brought=None):
        """What Odoo's own orders make, and bring to the stock part of the line."""
        orders = self._other_orders(line)
        self.assertEqual(sum(orders.mapped("product_qty")), quantity)
        chained = orders.move_finished_ids.move_dest_ids
        if chained:
            demand = sum(chained.mapped("product_uom_qty"))
            self.assertEqual(demand, quantity if brought is None else brought)

    def test_reordering_rule_at_zero(self):
        """12 = 8 + 4 with 6 on hand: the rule makes the 2 short, the line its 4."""
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.desk.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.stock.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
                "trigger": "auto",
            }
        )
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 12, 4))
        other = self._other_orders(line)
        self.assertEqual(other.mapped("product_qty"), [2])
        self.assertRecordValues(
            line.assembly_order_ids, [{"product_qty": 4, "state": "confirmed"}]
        )
        self.env["stock.rule"]._run_scheduler_tasks()
        self._check(line)
        self.assertEqual(self._other_orders(line).mapped("product_qty"), [2])
        line.qty_to_assemble_to_order = 3
        self._check(line)
        self.env["stock.rule"]._run_scheduler_tasks()
        self._check(line)
        self.assertEqual(sum(self._other_orders(line).mapped("product_qty")), 3)
        self.assertEqual(line.assembly_order_ids.product_qty, 3)
        other = self._other_orders(line)
        other.action_confirm()
        for order in other | line.assembly_order_ids:
            self._produce(order)
        self._check(line)
        self.assertEqual(line.qty_assembled, 3)
        line.order_id.picking_ids.action_assign()
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 12)

    # How a product is made

    def test_batch_size(self):
        """The line has one order of 5, where the route would make lots of 2."""
        self.desk.bom_ids.write({"enable_batch_size": True, "batch_size": 2})
        self._set_stock(self.desk, 5)
        line = self._confirm((self.desk, 10, 5))
        order = line.assembly_order_ids
        self.assertRecordValues(order, [{"product_qty": 5, "state": "confirmed"}])
        self.assertComponents(order, {self.leg: 20, self.top: 5})
        line.qty_to_assemble_to_order = 7
        self._check(line)
        self.assertEqual(line.assembly_order_ids.mapped("product_qty"), [7])
        self._produce(order, 4)
        self._check(line)
        self.assertEqual(line.qty_assembled, 4)
        line.qty_to_assemble_to_order = 8
        self._check(line)
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"))
        self._check(line)
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertFalse(self._other_orders(line))

    def test_bill_of_materials_for_several(self):
        """A bill of materials in dozens makes 4 units of 10, not 4 dozen."""
        self.desk.bom_ids.write(
            {"product_qty": 1, "product_uom_id": self.dozen.id, "produce_delay": 3}
        )
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        order = line.assembly_order_ids
        self.assertEqual(order.product_uom_qty, 4)
        legs = order.move_raw_ids.filtered(lambda move: move.product_id == self.leg)
        self.assertAlmostEqual(legs.product_uom_qty, 4 * 4 / 12, places=1)
        line.qty_to_assemble_to_order = 6
        self._check(line)
        self.assertEqual(order.product_uom_qty, 6)
        self._produce(order)
        self._check(line)
        self.assertEqual(line.qty_assembled, 6)

    def _add_operations(self):
        centre = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.desk.bom_ids.operation_ids = [
            Command.create(
                {
                    "name": name,
                    "workcenter_id": centre.id,
                    "time_mode": "manual",
                    "time_cycle_manual": 15,
                }
            )
            for name in ("Saw", "Glue")
        ]

    def test_work_orders(self):
        """Planned, changed, started: what has started is not taken back."""
        self._add_operations()
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        order = line.assembly_order_ids
        self.assertEqual(order.workorder_ids.mapped("name"), ["Saw", "Glue"])
        order.button_plan()
        self._check(line)
        line.qty_to_assemble_to_order = 5
        self._check(line)
        self.assertRecordValues(line.assembly_order_ids, [{"product_qty": 5}])
        self.assertEqual(order.workorder_ids.mapped("qty_production"), [5, 5])
        saw, glue = order.workorder_ids
        saw.button_start()
        self._check(line)
        self.assertEqual(order.state, "progress")
        with self.assertRefused("which has started"):
            line.qty_to_assemble_to_order = 4
        self._check(line)
        line.qty_to_assemble_to_order = 6
        self._check(line)
        second = line.assembly_order_ids - order
        self.assertRecordValues(order | second, [{"product_qty": q} for q in (5, 1)])
        self.assertEqual(len(second.workorder_ids), 2)
        saw.button_finish()
        glue.button_start()
        glue.button_finish()
        self._check(line)
        order.with_context(skip_backorder=True).button_mark_done()
        self._check(line)
        self.assertEqual(line.qty_assembled, 5)
        second.workorder_ids.button_finish()
        second.with_context(skip_backorder=True).button_mark_done()
        self._check(line)
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)

    def test_work_orders_take_their_time(self):
        """What is made is there when the work is done, in each life of the order."""
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        # longer than what Odoo plans without work orders
        work = {"name": "Saw", "workcenter_id": centre.id, "time_cycle_manual": 90}
        self.desk.bom_ids.operation_ids = [Command.create(work)]
        frame = self._create_product("Frame", components={self.leg: 2})
        order = self._create_order((self.desk, 10, 4), (frame, 3, 3))
        for _life in range(2):
            drafts = order.order_line.assembly_order_ids.filtered(
                lambda made: made.state == "draft"
            )
            self.assertEqual(drafts.product_id, self.desk | frame)
            for made in drafts:
                self.assertEqual(len(made.move_finished_ids), 1)
                self.assertEqual(made.move_finished_ids.date, made.date_finished)
            order.action_confirm()
            order._action_cancel()
            order.action_draft()

    def test_work_orders_of_a_quotation(self):
        """The draft order's work orders follow the quantity."""
        self._add_operations()
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        self.assertEqual(order.workorder_ids.mapped("qty_production"), [4, 4])
        line.qty_to_assemble_to_order = 6
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(order.workorder_ids.mapped("qty_production"), [6, 6])
        self.assertEqual(order.workorder_ids.mapped("duration_expected"), [90, 90])

    def test_by_products(self):
        """One lamp falls off each desk: it is stock, and nobody's delivery."""
        self.desk.bom_ids.byproduct_ids = [
            Command.create({"product_id": self.lamp.id, "product_qty": 1})
        ]
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        order = line.assembly_order_ids
        self.assertEqual(
            {
                m.product_id: (m.product_qty, m.ato_supply)
                for m in order.move_finished_ids
            },
            {self.desk: (4, "assembly"), self.lamp: (4, False)},
        )
        line.qty_to_assemble_to_order = 6
        self._check(line)
        self.assertEqual(order.move_byproduct_ids.product_uom_qty, 6)
        self._produce(order, 2)
        self._check(line)
        self.assertEqual(line.qty_assembled, 2)
        self.assertEqual(self._free(self.lamp), 1002)
        rest = line.assembly_order_ids - order
        self._produce(rest)
        self._check(line)
        self.assertEqual(self._free(self.lamp), 1006)
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 6)

    def test_several_bills_of_materials(self):
        """The first by sequence that this warehouse may use."""
        self.desk.bom_ids.sequence = 5
        elsewhere = self._create_warehouse("Elsewhere", "ELS")
        self._create_bom(
            self.desk,
            {self.leg: 1},
            sequence=1,
            picking_type_id=elsewhere.manu_type_id.id,
        )
        self._create_bom(self.desk, {self.leg: 2}, sequence=9)
        first = self._create_bom(self.desk, {self.leg: 3}, sequence=2)
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        self.assertEqual(line.assembly_order_ids.bom_id, first)
        self.assertComponents(line.assembly_order_ids, {self.leg: 12})
        other = self._confirm((self.desk, 10, 4), warehouse_id=elsewhere.id)
        self.assertComponents(other.assembly_order_ids, {self.leg: 4})
        self.assertEqual(other.assembly_order_ids.warehouse_id, elsewhere)

    def test_bill_of_materials_of_another_warehouse_only(self):
        """It is none here: nothing to assemble, refused with the warehouse's name."""
        elsewhere = self._create_warehouse("Elsewhere", "ELS")
        self.desk.bom_ids.picking_type_id = elsewhere.manu_type_id
        with self.assertRefused("for warehouse Assembly Hall"):
            self._create_order((self.desk, 10, 4))
        line = self._confirm((self.desk, 10, 4), warehouse_id=elsewhere.id)
        self.assertEqual(line.assembly_order_ids.warehouse_id, elsewhere)

    def _create_never_variants(self):
        """A table in two finishes that make no variants; only oak needs a lamp."""
        template = self._create_choice(
            "Table", "Finish", ("Oak", "Birch"), create_variant="no_variant"
        )
        table = template.product_variant_ids
        values = template.attribute_line_ids.product_template_value_ids
        bom = self._create_bom(table, {self.leg: 4, self.lamp: 1})
        bom.bom_line_ids[1].bom_product_template_attribute_value_ids = values[0]
        return table, *values

    def _create_finished(self, table, finish, quantity=10, to_assemble=4):
        vals = self._prepare_line_vals(
            table,
            quantity,
            to_assemble,
            product_no_variant_attribute_value_ids=[Command.set(finish.ids)],
        )
        return self._create_order(order_line=[Command.create(vals)]).order_line

    def test_never_variants(self):
        """A component applies for its value only; another value, another order."""
        table, oak, birch = self._create_never_variants()
        self._set_stock(table, 6)
        line = self._create_finished(table, oak)
        first = line.assembly_order_ids
        self.assertComponents(first, {self.leg: 16, self.lamp: 4})
        line.product_no_variant_attribute_value_ids = birch
        second = line.assembly_order_ids
        self.assertFalse(first.exists())
        self.assertComponents(second, {self.leg: 16})
        line.qty_to_assemble_to_order = 5
        self.assertComponents(second, {self.leg: 20})
        line.order_id.action_confirm()
        self._check(line)
        self.assertEqual(line.assembly_order_ids, second)
        line.qty_to_assemble_to_order = 6
        self._check(line)
        self.assertComponents(second, {self.leg: 24})
        self._produce(second)
        self._deliver(line.order_id.picking_ids)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)

    def test_never_variants_after_confirmation(self):
        """A raised from 0 after confirmation: the value is known as well."""
        table, oak, _birch = self._create_never_variants()
        line = self._create_finished(table, oak, to_assemble=0)
        line.order_id.action_confirm()
        line.qty_to_assemble_to_order = 4
        self._check(line)
        self.assertComponents(line.assembly_order_ids, {self.leg: 16, self.lamp: 4})
        self.assertFalse(self._other_orders(line))

    # More than one of something

    def test_two_lines_with_different_dates(self):
        """Each has its own order and date; making one serves that one only."""
        self._set_stock(self.desk, 12)
        vals = [
            self._prepare_line_vals(self.desk, quantity, part, customer_lead=days)
            for quantity, part, days in ((10, 4, 3), (8, 2, 20))
        ]
        sale = self._create_order(order_line=[Command.create(v) for v in vals])
        soon, later = sale.order_line
        sale.action_confirm()
        self._check(sale.order_line)
        days = (
            later.assembly_order_ids.date_deadline
            - soon.assembly_order_ids.date_deadline
        ).days
        self.assertEqual(days, 17)
        self.assertParts(soon, 6, 4, held=6, bound=0)
        self.assertParts(later, 6, 2, held=6, bound=0)
        self._produce(later.assembly_order_ids)
        self._check(sale.order_line)
        self.assertParts(soon, 6, 4, held=6, bound=0)
        self.assertParts(later, 6, 2, held=6, bound=2)
        soon.qty_to_assemble_to_order = 5
        self._check(sale.order_line)
        self.assertLine(later, 8, 6, 2)
        self.assertEqual(soon.assembly_order_ids.product_qty, 5)
        self._produce(soon.assembly_order_ids)
        for picking in self._open_pickings(sale.order_line):
            self._deliver(picking)
        self._check(sale.order_line)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [10, 8])
        self.assertEqual([ln._get_shipped_assembled() for ln in (soon, later)], [5, 2])

    def test_two_orders_with_different_dates(self):
        """The order that is promised later never eats the earlier one's units."""
        self._set_stock(self.desk, 6)
        now = Datetime.now()
        soon = self._confirm((self.desk, 10, 4), commitment_date=now + timedelta(5))
        later = self._confirm((self.desk, 4, 4), commitment_date=now + timedelta(30))
        self._produce(soon.assembly_order_ids)
        self._check(soon | later)
        self.assertParts(soon, 6, 4, held=6, bound=4)
        self.assertParts(later, 0, 4, bound=0)
        later.qty_to_assemble_to_order = 2
        later.order_id.picking_ids.action_assign()
        self._check(soon | later)
        self.assertParts(later, 2, 2, held=0, bound=0)
        self.assertParts(soon, 6, 4, held=6, bound=4)

    def test_two_warehouses_on_one_order(self):
        """Each line is split in the warehouse that its route delivers from."""
        branch = self._create_warehouse("Branch", "BRA")
        branch.delivery_route_id.sale_selectable = True
        for location, quantity in ((self.stock, 6), (branch.lot_stock_id, 3)):
            self._set_stock(self.desk, quantity, location)
        for component in (self.leg, self.top):
            self._set_stock(component, 100, branch.lot_stock_id)
        vals = [
            self._prepare_line_vals(self.desk, 10, 4),
            self._prepare_line_vals(
                self.desk, 8, 5, route_ids=[Command.set(branch.delivery_route_id.ids)]
            ),
        ]
        sale = self._create_order(order_line=[Command.create(v) for v in vals])
        here, there = sale.order_line
        self.assertEqual(sale.order_line.warehouse_id, self.warehouse | branch)
        sale.action_confirm()
        self._check(sale.order_line)
        for line, warehouse in ((here, self.warehouse), (there, branch)):
            self.assertEqual(line.assembly_order_ids.warehouse_id, warehouse)
            self.assertEqual(line.move_ids.warehouse_id, warehouse)
            self.assertEqual(line.move_ids.location_id, warehouse.lot_stock_id)
        self.assertParts(here, 6, 4, held=6, bound=0)
        self.assertParts(there, 3, 5, held=3, bound=0)
        there.write({"product_uom_qty": 9, "qty_to_assemble_to_order": 6})
        self._check(sale.order_line)
        self.assertEqual(there.assembly_order_ids.product_qty, 6)
        self._produce(there.assembly_order_ids)
        self._check(sale.order_line)
        self.assertParts(here, 6, 4, held=6, bound=0)
        self._produce(here.assembly_order_ids)
        for picking in sale.picking_ids:
            self._deliver(picking)
        self._check(sale.order_line)
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [10, 9])

    def test_quotation_line_moves_to_another_warehouse(self):
        """A route chosen on the line of a quotation moves its draft order."""
        branch = self._create_warehouse("Branch", "BRA")
        branch.delivery_route_id.sale_selectable = True
        line = self._create_order((self.desk, 10, 4)).order_line
        line.assembly_order_ids.move_raw_ids[0].product_uom_qty = 20
        line.route_ids = branch.delivery_route_id
        order = line.assembly_order_ids
        self.assertEqual(order.warehouse_id, branch)
        self.assertEqual(order.location_src_id, branch.lot_stock_id)
        self.assertComponents(order, {self.leg: 20, self.top: 4})
        line.order_id.action_confirm()
        self._check(line)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(line.move_ids.location_id, branch.lot_stock_id)

    # A warehouse that delivers and does not assemble

    def _create_shop(self, **values):
        """A shop that is supplied by the assembly hall and makes nothing itself."""
        return self._create_warehouse(
            "Shop",
            "SHP",
            manufacture_to_resupply=False,
            resupply_wh_ids=[Command.set(self.warehouse.ids)],
            **values,
        )

    def test_warehouse_that_does_not_manufacture(self):
        """Nobody assembles for it: refused with the name of the warehouse."""
        shop = self._create_warehouse("Shop", "SHP", manufacture_to_resupply=False)
        with self.assertRefused("warehouse Shop does not manufacture"):
            self._create_order((self.desk, 10, 4), warehouse_id=shop.id)
        self._set_stock(self.desk, 10, shop.lot_stock_id)
        line = self._confirm((self.desk, 10), warehouse_id=shop.id)
        self.assertEqual(line.move_ids.mapped("ato_supply"), [False])
        with self.assertRefused("warehouse Shop does not manufacture"):
            line.qty_to_assemble_to_order = 4

    def test_resupplied_warehouse(self):
        """6 in the shop, 4 made in the hall, brought to the shop and delivered."""
        shop = self._create_shop()
        self._set_stock(self.desk, 6, shop.lot_stock_id)
        self._set_stock(self.desk, 50)
        line = self._create_order((self.desk, 10, 4), warehouse_id=shop.id).order_line
        order = line.assembly_order_ids
        self.assertEqual(order.warehouse_id, self.warehouse)
        line.order_id.action_confirm()
        self._check(line)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertParts(line, 6, 4, held=6, bound=0)
        self._produce(order, 3)
        self._check(line)
        self.assertEqual(line.qty_assembled, 3)
        self._produce(line.assembly_order_ids - order)
        self._check(line)
        self.assertEqual(self._free(self.desk), 50)
        self._deliver_all(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 4)
        self.assertEqual(self._free(self.desk), 50)

    def test_resupplied_warehouse_changes(self):
        """Every step of the way follows: 4 → 6 → 3 → 0 → 2, and the cancellation."""
        shop = self._create_shop()
        self._set_stock(self.desk, 6, shop.lot_stock_id)
        line = self._confirm((self.desk, 10, 4), warehouse_id=shop.id)
        for to_assemble in (6, 3, 0, 2):
            line.qty_to_assemble_to_order = to_assemble
            self._check(line)
            steps = line.move_ids._get_open_assembly_demand()
            demands = [to_assemble] * 3 if to_assemble else []
            self.assertEqual(steps.mapped("product_uom_qty"), demands)
        line.product_uom_qty = 11
        self._check(line)
        self.assertParts(line, 9, 2)
        line.order_id._action_cancel()
        moves = line.move_ids
        self.assertEqual(set(moves.mapped("state")), {"cancel"})
        self.assertEqual(set(line.assembly_order_ids.mapped("state")), {"cancel"})

    def test_resupplied_warehouse_planner_cancels(self):
        """The planner in the hall cancels: all is taken from the stock of the shop."""
        shop = self._create_shop()
        line = self._confirm((self.desk, 10, 4), warehouse_id=shop.id)
        self._produce(line.assembly_order_ids, 1)
        self._check(line)
        line.assembly_order_ids.filtered(lambda o: o.state != "done").action_cancel()
        self._check(line)
        self.assertLine(line, 10, 9, 1)
        steps = line.move_ids._get_open_assembly_demand()
        self.assertEqual(steps.mapped("product_uom_qty"), [1, 1, 1])
        self._set_stock(self.desk, 9, shop.lot_stock_id)
        line.order_id.picking_ids.action_assign()
        self._deliver_all(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 1)

    def test_resupplied_warehouse_given_up_under_way(self):
        """A to 0 with 2 between the warehouses, 1 in the hall, 1 not made yet.

        The 2 arrive and are stock of the shop, the 1 is stock of the hall.
        """
        shop = self._create_shop()
        line = self._confirm((self.desk, 10, 4), warehouse_id=shop.id)
        self._produce(line.assembly_order_ids, 2)
        leaving = line.move_ids.filtered(lambda m: m.location_id == self.stock)
        self._deliver(leaving.picking_id)
        self._check(line)
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"), 1)
        self._check(line)
        self.assertLine(line, 10, 6, 4)
        line.qty_to_assemble_to_order = 0
        self._check(line)
        self.assertParts(line, 10, 0)
        self.assertEqual(self._free(self.desk), 1)
        arriving = self._open_pickings(line).filtered(
            lambda picking: picking.picking_type_id == shop.in_type_id
        )
        self.assertEqual(arriving.move_ids.mapped("product_uom_qty"), [2])
        self._deliver(arriving)
        self._check(line)
        line.order_id.picking_ids.action_assign()
        self.assertParts(line, 10, 0, held=2)

    def test_resupplied_warehouse_in_several_steps(self):
        """Both warehouses pick before they ship; made in three steps."""
        shop = self._create_shop(delivery_steps="pick_ship")
        self.warehouse.write(
            {"delivery_steps": "pick_ship", "manufacture_steps": "pbm_sam"}
        )
        self._set_stock(self.desk, 6, shop.lot_stock_id)
        line = self._confirm((self.desk, 10, 4), warehouse_id=shop.id)
        self.assertParts(line, 6, 4, held=6, bound=0)
        for _step in range(12):
            order = line.assembly_order_ids
            ready = self.env["stock.picking"].search(
                [
                    ("picking_type_id.warehouse_id", "in", (self.warehouse | shop).ids),
                    ("state", "=", "assigned"),
                ],
                limit=1,
            )
            if ready:
                self._deliver(ready)
            elif order.state == "confirmed" and order.reservation_state == "assigned":
                self._produce(order)
        self._check(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 4)
