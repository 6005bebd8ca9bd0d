# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .chain import PACK, PICK, SHIP, ChainCommon
from .common import CheckedStories


@tagged("post_install", "-at_install")
class TestStepsChanged(CheckedStories, ChainCommon):
    """The steps of the warehouse are changed while orders are open (E10)."""

    def _start_both(self, steps, before, **taken):
        """A mixed order and a plain one of 10, of which 5 have left the shelf, or 0.

        :param before: the first step
        """
        self._set_stock(self.desk, 30)
        mixed, line = self._start(steps, stock=0)
        plain = self._create_order((self.desk, 10, 0))
        plain.action_confirm()
        if taken:
            self._do_step(mixed, before, **taken)
            picking = self._get_step(plain, before)
            picking.move_ids.quantity = sum(taken.values())
            self._deliver(picking)
        return mixed, line, plain

    def _count_all(self, order):
        """What the open transfers of each step ask for, of both parts together."""
        moves = order.picking_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        return {
            picking_type: sum(rows.mapped("product_uom_qty"))
            for picking_type, rows in moves.grouped("picking_type_id").items()
        }

    def _check_change(self, mixed, line, plain):
        """Q to 12 asks for what Odoo asks for; then A and Q go up and down."""
        (mixed | plain).order_line.product_uom_qty = 12
        self.assertInvariants(line)
        self.assertEqual(self._count_all(mixed), self._count_all(plain))
        for vals in (
            {"qty_to_assemble_to_order": 6},
            {"product_uom_qty": 11},
            {"qty_to_assemble_to_order": 5},
            {"product_uom_qty": 13},
        ):
            line.write(vals)
            self.assertInvariants(line)
        self._produce(
            line.assembly_order_ids.filtered(lambda order: order.state == "confirmed")
        )
        for _step in range(3):
            self._deliver_all(mixed)
        self.assertInvariants(line)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (13, 5))
        self.assertFalse(self._count_all(mixed), "nothing is left to be done")

    def test_from_one_to_two(self):
        """2 and 3 have been delivered in one step."""
        mixed, line, plain = self._start_both("ship_only", SHIP, stock=2, assembly=3)
        self.warehouse.delivery_steps = "pick_ship"
        self._check_change(mixed, line, plain)

    def test_from_two_to_three(self):
        """2 and 3 are in Output."""
        mixed, line, plain = self._start_both("pick_ship", PICK, stock=2, assembly=3)
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._check_change(mixed, line, plain)

    def test_from_three_to_one(self):
        """Nothing is picked: Odoo closes no location that has something."""
        mixed, line, plain = self._start_both("pick_pack_ship", PICK)
        self.warehouse.delivery_steps = "ship_only"
        (mixed | plain).order_line.product_uom_qty = 12
        self.assertInvariants(line)
        self.assertEqual(self._count_all(mixed), self._count_all(plain))
        line.qty_to_assemble_to_order = 6
        line.product_uom_qty = 11
        self.assertInvariants(line)
        self.assertEqual(sum(self._count_all(mixed).values()), 11)

    def test_less_after_one_became_two(self):
        """Nobody has picked anything: Q to 3 needs nothing to be put back."""
        mixed, line, _plain = self._start_both("ship_only", SHIP)
        self.warehouse.delivery_steps = "pick_ship"
        line.product_uom_qty = 12
        line.write({"product_uom_qty": 5})
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(sum(self._count_all(mixed).values()), 5)


@tagged("post_install", "-at_install")
class TestWaysOut(CheckedStories, ChainCommon):
    """Each refusal names a way out, and the way works."""

    def _start_order(self, producing):
        """A line of which the planner has started to make `producing` of 4."""
        order, line = self._start("ship_only", made=0)
        production = line.assembly_order_ids
        production.qty_producing = producing
        with self.assertRefused("started. Let it finish, or have it cancelled"):
            line.qty_to_assemble_to_order = 2
        with self.assertRefused("started. Let it finish, or have it cancelled"):
            line.qty_to_assemble_to_order = 0
        return order, line, production

    def test_started_and_cancelled(self):
        """The planner cancels: A falls to 0, and 2 can be assembled after all."""
        _order, line, production = self._start_order(2)
        production.action_cancel()
        self.assertLine(line, 10, 10, 0)
        line.qty_to_assemble_to_order = 2
        self.assertInvariants(line)

    def test_started_and_finished(self):
        """It is finished: 4 are assembled, and A may be 0."""
        _order, line, production = self._start_order(4)
        self._produce(production)
        with self.assertRefused("Choose from 4.00 .* to 10.00 .*, or 0 to stop"):
            line.qty_to_assemble_to_order = 2
        for to_assemble in (4, 10, 0):
            line.qty_to_assemble_to_order = to_assemble
            self.assertInvariants(line)
        self.assertEqual(self._free(self.desk), 0, "the 4 are held for the stock part")

    def test_others_were_picked(self):
        """4 of the shelf are picked in place of what is to be made: no cancelling."""
        for is_put_back in (True, False):
            with self.subTest(is_put_back=is_put_back):
                order, line = self._start(stock=30, made=0)
                production = line.assembly_order_ids
                picking = self._do_step(order, PICK, stock=0, assembly=4)
                refusal = rf"{order.name}: 4.00 Units are picked.*{production.name}"
                for cancel in (production.action_cancel, production._action_cancel):
                    with self.assertRefused(f"{refusal}.*put back first"):
                        cancel()
                self.assertLine(line, 10, 6, 4)
                if is_put_back:
                    self._put_back(picking, assembly=4)
                else:
                    self._do_step(order, SHIP, stock=0, assembly=4)
                production.action_cancel()
                self.assertLine(line, 10, 10, 0)
                self.assertInvariants(line)
                self._deliver_all(order)
                self.assertEqual(line.qty_delivered, 10)
                self.assertInvariants(line)

    def test_others_were_picked_and_it_is_closed_short(self):
        """1 of 4 is made and no more is to be: 3 are on their way in their place."""
        order, line = self._start(stock=30, made=0)
        production = line.assembly_order_ids
        self._do_step(order, PICK, stock=0, assembly=4)
        production.qty_producing = 1
        production._set_qty_producing()
        with self.assertRefused("are picked.*put back first"):
            production.with_context(
                skip_backorder=True, mo_ids_to_backorder=[]
            ).button_mark_done()
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)

    def test_fewer_ordered_than_assembled(self):
        """4 are assembled: Q to 3 is refused; with A 0 it is possible."""
        _order, line = self._start("ship_only")
        with self.assertRefused("Choose from 4.00"):
            line.product_uom_qty = 3
        line.qty_to_assemble_to_order = 0
        line.product_uom_qty = 3
        self.assertInvariants(line)

    def test_picked_and_not_moved(self):
        """All rows are marked as picked: they are, until the picker takes that back."""
        for steps, step in (("ship_only", SHIP), ("pick_ship", PICK)):
            with self.subTest(steps):
                order, line = self._start(steps)
                rows = self._get_step(order, step).move_ids
                rows.picked = True
                for vals, message in (
                    ({"product_uom_qty": 5}, "5.00 Units too many are picked"),
                    ({"qty_to_assemble_to_order": 0}, "4.00 Units .* picked"),
                    ({"qty_to_assemble_to_order": 5}, "1.00 Units too many are"),
                ):
                    with self.assertRefused(f"{message}.*put back first"):
                        line.write(vals)
                rows.picked = False
                line.qty_to_assemble_to_order = 5
                line.qty_to_assemble_to_order = 4
                line.qty_to_assemble_to_order = 0
                line.product_uom_qty = 5
                self.assertInvariants(line)
                order._action_cancel()

    def test_delivered(self):
        """7 are delivered: Q to 5 is refused, as by Odoo, until 2 are returned."""
        order, line = self._start("ship_only")
        shipping = self._do_step(order, SHIP, stock=3, assembly=4)
        with self.assertRefused("below the amount already delivered.*return"):
            line.product_uom_qty = 5
        back = self._put_back(shipping, stock=2)
        line.product_uom_qty = 5
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, SHIP), (0, 0))
        opened = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        self.assertFalse(opened, "no more is to come back")
        self.assertEqual(order.picking_ids & back, back)

    def test_delivered_from_stock(self):
        """6 left from stock: A to 5 is refused; more ordered, it is possible."""
        order, line = self._start("ship_only")
        self._do_step(order, SHIP, stock=6, assembly=0)
        with self.assertRefused("to 4.00 .*, ordered and not delivered from stock"):
            line.qty_to_assemble_to_order = 5
        line.write({"product_uom_qty": 11, "qty_to_assemble_to_order": 5})
        self.assertInvariants(line)

    def test_locked(self):
        """A locked order keeps its split until it is unlocked."""
        order, line = self._start("ship_only")
        order.action_lock()
        with self.assertRefused("locked order .* Unlock it first"):
            line.qty_to_assemble_to_order = 5
        order.action_unlock()
        line.qty_to_assemble_to_order = 5
        self.assertInvariants(line)

    def test_up_and_down_at_every_point(self):
        """In three steps: A and Q change after each step, and all is delivered."""
        order, line = self._start("pick_pack_ship", stock=20, made=2)
        changes = iter(
            (
                {"qty_to_assemble_to_order": 6},
                {"product_uom_qty": 9},
                {"product_uom_qty": 14},
                {"qty_to_assemble_to_order": 5},
                {"product_uom_qty": 12, "qty_to_assemble_to_order": 7},
            )
        )
        for step in (PICK, PACK, SHIP):
            self._do_step(order, step, stock=2, assembly=1)
            line.write(next(changes))
            self.assertInvariants(line)
        opened = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        self._produce(opened[:1], 1)
        for vals in changes:
            line.write(vals)
            self.assertInvariants(line)
        for opened in line.assembly_order_ids.filtered(lambda o: o.state != "done"):
            self._produce(opened)
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (12, 7))
