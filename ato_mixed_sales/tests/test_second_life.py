# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .chain import PICK, SHIP, ChainCommon
from .common import CheckedStories


@tagged("post_install", "-at_install")
class TestSecondLife(CheckedStories, ChainCommon):
    """A cancelled order that is confirmed again starts from the facts (E8, E11)."""

    def _reopen(self, order):
        order._action_cancel()
        order.action_draft()
        self.env.flush_all()
        self.env.invalidate_all()

    def _get_row(self, line):
        """What the panel says of a line, whose bar always adds up to Q."""
        [row] = line.order_id.get_assembly_availability()
        bar = {segment["key"]: segment["qty"] for segment in row["segments"]}
        self.assertEqual(sum(bar.values()), line.product_uom_qty, bar)
        return row, bar

    def assertNothingMissing(self, line):
        row, _bar = self._get_row(line)
        self.assertEqual((row["missing_qty"], line.missing_qty), (0, 0))
        with self.assertRaisesRegex(UserError, "nothing is missing"):
            line.action_assemble_missing()

    def test_all_was_delivered(self):
        """Q 10 A 4 S 10: nothing is missing, nor made, nor asked for again."""
        order, line = self._start("ship_only")
        self._do_step(order, SHIP)
        self._reopen(order)
        self.assertNothingMissing(line)
        row, bar = self._get_row(line)
        self.assertEqual(bar, {"delivered": 10})
        self.assertEqual(row["suggestions"], [])
        self.assertEqual((line.deductible_qty, line.reserved_qty), (0, 0))
        order.action_confirm()
        self.assertInvariants(line)
        self.assertFalse(self._get_step(order, SHIP))
        self.assertEqual(line.assembly_order_ids.mapped("state"), ["done"])

    def _deliver_five(self, stock):
        """5 of 10 have left, nothing is assembled; `stock` were on the shelf."""
        line = self._sell_mixed(10, 0, stock=stock)
        line.order_id.picking_ids.move_ids.quantity = 5
        self._deliver(line.order_id.picking_ids)
        return line.order_id, line

    def test_half_was_delivered_from_stock(self):
        """Q 10 S 5, 5 free, nothing assembled: nothing is missing."""
        order, line = self._deliver_five(10)
        self._reopen(order)
        self.assertNothingMissing(line)
        self.assertEqual(self._get_row(line)[1], {"delivered": 5, "free": 5})
        line.action_reserve_stock()
        self.assertEqual(self._get_row(line)[1], {"delivered": 5, "reserved": 5})
        order.action_confirm()
        self.assertEqual(line.reserved_stock_qty, 5)

    def test_less_was_delivered_than_is_free(self):
        """Q 10 A 4, 3 and 2 delivered: 3 from stock, 2 to assemble, 2 free besides."""
        order, line = self._start("ship_only")
        self._do_step(order, SHIP, stock=3, assembly=2)
        self._reopen(order)
        self.assertNothingMissing(line)
        row, bar = self._get_row(line)
        self.assertEqual(bar, {"delivered": 5, "free": 3, "able": 2})
        self.assertEqual(row["remaining_qty"], 2)
        self.assertEqual(line.deductible_qty, 2, "made for the first life")
        line.action_take_from_stock()
        self.assertLine(line, 10, 8, 2)
        order.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, SHIP), (5, 0))
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)

    def test_what_is_missing_of_the_rest(self):
        """Q 10 A 0, 5 delivered, 2 left: 3 are missing; 3 more are assembled."""
        order, line = self._deliver_five(7)
        self._reopen(order)
        self.assertEqual(self._get_row(line)[0]["missing_qty"], 3)
        line.action_assemble_missing()
        self.assertLine(line, 10, 7, 3)
        self.assertEqual(line.assembly_order_ids.product_qty, 3)
        order.action_confirm()
        self.assertInvariants(line)
        self._produce(line.assembly_order_ids)
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)

    def test_some_came_back(self):
        """Q 10 A 4 S 10, 3 returned: 3 from stock, which are there; none assembled."""
        order, line = self._start("ship_only")
        shipping = self._do_step(order, SHIP)
        self._put_back(shipping, stock=2, assembly=1)
        self.assertEqual(line.qty_delivered, 7)
        self._reopen(order)
        self.assertNothingMissing(line)
        self.assertEqual(self._get_row(line)[1], {"delivered": 7, "free": 3})
        order.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, SHIP), (3, 0))
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_less_than_was_delivered(self):
        """Q 4 of S 10: as Odoo does for a plain line, 6 are to come back."""
        for steps in ("ship_only", "pick_ship"):
            asked_back = {}
            for to_assemble in (0, 4):
                product = self._create_product(
                    f"Desk {steps} {to_assemble}", components={self.leg: 4}
                )
                self.warehouse.delivery_steps = steps
                self._set_stock(product, 10)
                order = self._create_order((product, 10, to_assemble))
                line = order.order_line
                order.action_confirm()
                if to_assemble:
                    self._produce(line.assembly_order_ids)
                self._deliver_all(order)
                self._reopen(order)
                line.product_uom_qty = 4
                self.assertEqual(self._get_row(line)[1], {"delivered": 4})
                order.action_confirm()
                opened = order.picking_ids.filtered(lambda p: p.state != "done")
                asked_back[to_assemble] = [
                    (
                        move.picking_type_id,
                        move.location_id,
                        move.location_dest_id,
                        move.product_uom_qty,
                        move.state,
                    )
                    for move in opened.move_ids
                    if move.state != "cancel"
                ]
            self.assertEqual(asked_back[4], asked_back[0], steps)
            self.assertLine(line, 4, 4, 0)
            if steps == "ship_only":
                [(_type, origin, _dest, quantity, _state)] = asked_back[4]
                self.assertEqual((origin.usage, quantity), ("customer", 6))
                self._validate(opened)
                self.assertEqual(line.qty_delivered, 4)
                self.assertLine(line, 4, 4, 0)
                self.assertInvariants(line)
                line.product_uom_qty = 6
                self.assertInvariants(line)
                self.assertEqual(self._count_asked(order, SHIP), (2, 0))

    def test_asked_back_once(self):
        """6 are to come back: a change of the line asks for no more, nor less."""
        order, line = self._start("ship_only")
        self._do_step(order, SHIP)
        self._reopen(order)
        line.product_uom_qty = 4
        order.action_confirm()
        back = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        self.assertEqual(back.move_ids.product_uom_qty, 6)
        order.order_line.qty_to_assemble_to_order = 0
        self.assertEqual(sum(back.move_ids.mapped("product_uom_qty")), 6)
        self.assertEqual(len(order.picking_ids), 2)

    def test_more_before_they_came_back(self):
        """6 of 10 are to come back, Q to 12: those are sent again, and 2 more."""

        def count_asked(line):
            opened = line.move_ids.filtered(
                lambda m: m.state not in ("done", "cancel")
                and m.location_id == self.stock
            )
            return sum(opened.mapped("product_qty"))

        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps):
                order, line = self._start(steps)
                self._deliver_all(order)
                self._reopen(order)
                line.product_uom_qty = 4
                order.action_confirm()
                self.assertInvariants(line)
                self.assertNothingBroken()
                self._set_stock(self.desk, 8)
                line.product_uom_qty = 12
                self.assertEqual(count_asked(line), 8)
                self.assertInvariants(line)
                self.assertNothingBroken()
                going = order.picking_ids.filtered(
                    lambda p: p.picking_type_code == "incoming" and p.state != "done"
                )
                self.assertEqual(sum(going.move_ids.mapped("product_uom_qty")), 6)
                # they do not come back after all
                going.action_cancel()
                self.assertEqual(count_asked(line), 2)
                self.assertInvariants(line)
                self.assertNothingBroken()
                order.action_cancel()

    def test_more_left_than_was_ordered(self):
        """12 of 10 have left: who changes A has nothing asked back."""
        order, line = self._start("ship_only", stock=8)
        shipping = self._get_step(order, SHIP)
        shipping.move_ids.filtered(lambda m: m.ato_supply == "stock").quantity = 8
        self._deliver(shipping)
        self.assertEqual(line.qty_delivered, 12)
        line.qty_to_assemble_to_order = 0
        self.assertEqual(order.picking_ids, shipping)

    def test_some_was_picked(self):
        """2 and 3 are in Output, cancelled, confirmed again: all 10 are asked for."""
        order, line = self._start()
        self._do_step(order, PICK, stock=2, assembly=3)
        self._reopen(order)
        self.assertEqual(self._get_row(line)[1], {"free": 6, "able": 4})
        order.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (6, 4))
        second = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        self._produce(second)
        held = self._moves(line, "assembly").filtered(lambda m: m.state == "assigned")
        self.assertEqual(held.quantity, 4, "those made for the second life")
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (9, 4))
        output = self.warehouse.wh_output_stock_loc_id
        self.assertEqual(self._count_in(output), (5, 0), "nobody's, as in Odoo")

    def test_part_was_made(self):
        """1 of 4 is made, nothing delivered: it is stock; 4 are made anew, or 3."""
        order, line = self._start("ship_only", made=1)
        self._reopen(order)
        draft = line.assembly_order_ids.filtered(lambda o: o.state == "draft")
        self.assertEqual((draft.product_qty, line.deductible_qty), (4, 1))
        line.action_take_from_stock()
        self.assertEqual(draft.product_qty, 3)
        order.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, SHIP), (7, 3))

    def test_three_lives(self):
        """Confirmed three times; each time 1 and 1 leave: 10 in the end."""
        order, line = self._start("pick_ship", made=0)
        for _life in range(2):
            opened = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
            self._produce(opened, 1)
            self._do_step(order, PICK, stock=1, assembly=1)
            self._do_step(order, SHIP)
            self._reopen(order)
            self.assertNothingMissing(line)
            order.action_confirm()
            self.assertInvariants(line)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (4, 2))
        self.assertEqual(self._count_asked(order, PICK), (4, 2))
        self._produce(
            line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        )
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))
