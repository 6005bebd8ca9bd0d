# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from . import oracle
from .chain import PACK, PICK, SHIP, ChainCommon
from .common import CheckedStories


@tagged("post_install", "-at_install")
class TestPutBack(CheckedStories, ChainCommon):
    """Units on their way are put back, and are asked for where they are (E7)."""

    def test_way_out_of_assembled_units_under_way(self):
        """3 of 4 assembled are in Output: A to 0 is refused until they are put back."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=3)
        with self.assertRefused("3.00 Units that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        self._put_back(picking, assembly=3)
        self.assertLine(line, 10, 6, 4)
        self.assertEqual(self._count_asked(order, PICK), (4, 4))
        self.assertEqual(self._count_asked(order, SHIP), (2, 0))
        self.assertFalse(self._get_warnings(order), "nothing is lost")
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (8, 0))
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._count_in(self.warehouse.view_location_id), (0, 0))

    def test_way_out_of_picked_stock(self):
        """2 from stock are in Output: Q to 4 is refused until they are put back."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=3)
        with self.assertRefused("2.00 Units too many are picked.*put back"):
            line.product_uom_qty = 4
        self._put_back(picking, stock=2)
        line.product_uom_qty = 4
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (0, 1))
        self.assertEqual(self._count_asked(order, SHIP), (0, 3))
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 4)
        self.assertEqual(self._count_in(self.stock), (6, 0))

    def test_what_is_put_back_is_picked_again(self):
        """3 of 4 are put back: a return of that return is no way, the pick is."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=4)
        self._put_back(picking, assembly=3)
        back = order.picking_ids.filtered("return_id")
        asking = line.move_ids.filtered(
            lambda m: m.location_id == self.stock and m.state == "assigned"
        ).picking_id
        wizard = self.env["stock.return.picking"].create({"picking_id": back.id})
        wizard.product_return_moves.quantity = 3
        with self.assertRefused(f"Desk .*{order.name}.*{asking.name} asks for it"):
            wizard.action_create_returns()
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_put_back_units_stay_their_lines(self):
        """All 4 are put back: another order, that lacks 10, gets none of them."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=6, assembly=4)
        self._put_back(picking, assembly=4)
        other = self._create_order((self.desk, 10, 0))
        other.action_confirm()
        other.picking_ids.action_assign()
        self.assertEqual(sum(other.order_line.move_ids.mapped("quantity")), 0)
        self.assertEqual(self._count_in(self.stock), (4, 4))
        self.assertEqual(line.reserved_qty, 10)
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_more_is_assembled_after_a_put_back(self):
        """3 of 4 are put back, A rises to 6: one row asks for what is on the shelf."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=4)
        self._put_back(picking, assembly=3)
        line.qty_to_assemble_to_order = 6
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (2, 5))
        self.assertEqual(self._count_asked(order, SHIP), (2, 1))
        second = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        self.assertEqual(second.product_qty, 2)
        self._produce(second)
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 6))

    def test_ordered_after_a_put_back(self):
        """Q 10 to 12 and to 7 while 2 are back and 4 are in Output."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=4)
        self._put_back(picking, stock=1, assembly=1)
        for ordered, picked in ((12, 7), (7, 2)):
            line.product_uom_qty = ordered
            self.assertInvariants(line)
            self.assertEqual(self._count_asked(order, PICK), (picked, 1))
            self.assertEqual(self._count_asked(order, SHIP), (1, 3))
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 7)

    def test_a_return_that_is_not_done_yet(self):
        """Odoo counts a return that waits as coming in: Q to 12 asks for 2, not 5."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=3)
        back = self._prepare_return(picking, assembly=3)
        line.product_uom_qty = 12
        self.assertEqual(self._count_asked(order, PICK), (6, 1))
        self.assertEqual(self._count_asked(order, SHIP), (2, 3))
        self._validate(back)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (6, 4))

    def _carry_back(self, quantity):
        """Bring desks from Output to the shelf by an ordinary transfer."""
        output = self.warehouse.wh_output_stock_loc_id
        transfer = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": output.id,
                "location_dest_id": self.stock.id,
            }
        )
        move = self.env["stock.move"].create(
            {
                "product_id": self.desk.id,
                "product_uom_qty": quantity,
                "picking_id": transfer.id,
                "location_id": output.id,
                "location_dest_id": self.stock.id,
            }
        )
        transfer.action_confirm()
        move.quantity = quantity
        move.picked = True
        transfer.with_context(skip_backorder=True).button_validate()
        self.assertEqual(transfer.state, "done")

    def test_carried_back(self):
        """All 4 are carried back by ordinary transfers: as by a return."""
        order, line = self._start()
        self._do_step(order, PICK, stock=0, assembly=4)
        self._carry_back(3)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (6, 3))
        self.assertEqual(self._count_asked(order, SHIP), (0, 1))
        self._carry_back(1)
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (6, 4))
        self.assertEqual(self._count_asked(order, SHIP), (0, 0))
        self.assertEqual(self._count_in(self.stock), (10, 10), "held for the line")
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = 3
        self.assertInvariants(line)
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"))
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)

    def test_stock_carried_back(self):
        """2 from stock are carried back: picked again, nothing is lost."""
        order, line = self._start()
        self._do_step(order, PICK, stock=2, assembly=0)
        self._carry_back(2)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (6, 4))
        self.assertFalse(self._get_warnings(order), "nothing is lost")
        line.product_uom_qty = 4
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (0, 4))

    def test_step_by_step(self):
        """In three steps: from Output to Packing, and from there to the shelf."""
        order, line = self._start("pick_pack_ship")
        picking = self._do_step(order, PICK, stock=2, assembly=3)
        packing = self._do_step(order, PACK, stock=2, assembly=3)
        self._put_back(packing, assembly=2)
        self.assertEqual(self._count_asked(order, PICK), (4, 1))
        self.assertEqual(self._count_asked(order, PACK), (0, 2))
        self.assertEqual(self._count_asked(order, SHIP), (2, 1))
        with self.assertRefused("3.00 Units that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        self._put_back(picking, assembly=2)
        self.assertEqual(self._count_asked(order, PICK), (4, 3))
        self.assertEqual(self._count_asked(order, PACK), (0, 0))
        with self.assertRefused("1.00 Units that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        self._put_back(packing, assembly=1)
        self._put_back(picking, assembly=1)
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (8, 0))

    def test_packed_again(self):
        """What is back in Packing is packed again: 2 rows there, one delivery."""
        order, line = self._start("pick_pack_ship")
        self._do_step(order, PICK, stock=2, assembly=3)
        packing = self._do_step(order, PACK, stock=1, assembly=2)
        self._put_back(packing, stock=1, assembly=2)
        self.assertEqual(self._count_asked(order, PACK), (2, 3))
        self.assertEqual(self._count_asked(order, SHIP), (0, 0))
        self._deliver_all(order)
        self.assertInvariants(line)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_second_life_after_a_put_back(self):
        """Put back, cancelled, confirmed again: what is made anew is what leaves."""
        order, line = self._start()
        picking = self._do_step(order, PICK, stock=2, assembly=3)
        self._put_back(picking, stock=2, assembly=3)
        order._action_cancel()
        self.assertEqual(self._count_in(self.stock), (10, 0))
        order.action_draft()
        order.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (6, 4))
        second = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        self._produce(second)
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._count_in(self.stock), (4, 0), "of the first life")

    def test_by_serial_number(self):
        """The very serials that are put back are picked again, by nobody else."""
        product = self._create_product(
            "Serial Desk", components={self.leg: 4}, tracking="serial"
        )
        order, line = self._start(stock=0, made=0, product=product)
        production = line.assembly_order_ids
        serials = self.env["stock.lot"].create(
            [{"name": f"D{number}", "product_id": product.id} for number in range(4)]
        )
        production.lot_producing_ids = serials
        self._produce(production)
        picking = self._do_step(order, PICK)
        taken = picking.move_ids.move_line_ids.lot_id
        self._put_back(picking, assembly=4)
        again = self._moves(line, "assembly").filtered(lambda m: m.state == "assigned")
        self.assertEqual(again.move_line_ids.lot_id, taken)
        self.assertEqual(again.product_uom_qty, 4)

    def test_in_dozens(self):
        """1 dozen of 2 is made and picked, 7 units are put back: 7 are picked again."""
        self.warehouse.delivery_steps = "pick_ship"
        self._set_stock(self.desk, 12)
        order = self._create_order((self.desk, 2, 1))
        line = order.order_line
        line.product_uom_id = self.dozen
        line.write({"product_uom_qty": 2, "qty_to_assemble_to_order": 1})
        order.action_confirm()
        self._produce(line.assembly_order_ids)
        picking = self._do_step(order, PICK, stock=0, assembly=12)
        self._put_back(picking, assembly=7)
        moves = self._moves(line, "assembly").filtered(lambda m: m.state != "done")
        self.assertEqual(sorted(moves.mapped("product_qty")), [5, 7])
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 2)

    def test_storing_is_put_back(self):
        """2 of 4 that were stored go back to the floor: they are asked for as before.

        As of a plain line; stored once more, all 10 leave.
        """
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps):
                self._set_stock(self.desk, 0)
                self._set_steps(steps, "pbm_sam")
                line = self._sell_mixed(stock=6)
                order, made = line.order_id, line.assembly_order_ids
                for step in ("bring", "store"):
                    picking = made.picking_ids.filtered(lambda p: p.state == "assigned")
                    self._deliver(picking)
                    if step == "bring":
                        self._produce(made)
                back = self._return(picking, 2)
                first = order.picking_ids.filtered(oracle.is_open).sorted("id")[:1]
                self.assertEqual(self._asks(first), {"stock": 6, "assembly": 4})
                self._return(back, 2)
                first.action_assign()
                self._deliver_all(order)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))
                self.assertInvariants(line)

    def _return(self, picking, quantity):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        back = picking.browse(wizard.action_create_returns()["res_id"])
        back.action_assign()
        self._deliver(back)
        return back

    def _asks(self, picking):
        return {move.ato_supply: move.product_uom_qty for move in picking.move_ids}
