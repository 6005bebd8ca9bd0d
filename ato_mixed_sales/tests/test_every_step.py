# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form, tagged

from . import oracle
from .chain import PACK, PICK, SHIP
from .flow import ONE, THREE, TWO, FlowCommon

ONE_STORED, TWO_STORED = ("ship_only", "pbm_sam"), ("pick_ship", "pbm_sam")


@tagged("post_install", "-at_install")
class TestEveryStep(FlowCommon):
    """Each in one, two and three steps, by serial number and in dozens."""

    def _get_some(self, line):
        """2 units, or half a dozen."""
        return 2 if line.product_uom_id == self.unit else 0.5

    # There and back again

    def test_return_of_a_return(self):
        """2 of each part come back, and leave again; then all come back for good."""
        self._in_every_way(
            self._test_return_of_a_return,
            (ONE, "serial"),
            (TWO, "dozens"),
            (THREE, "units"),
        )

    def _test_return_of_a_return(self, line):
        self._make(line)
        self._deliver_all(line.order_id)
        ordered, parts = line.product_uom_qty, self._get_parts_now(line)
        shipping = self._get_step(line.order_id, SHIP, "done")
        back = self._return_rows(shipping, 2)
        self.assertEqual(self._units(line, line.qty_delivered), sum(parts) - 4)
        again = self._return_rows(back, 2)
        self.assertEqual(self._units(line, line.qty_delivered), sum(parts))
        self.assertEqual(self._get_parts_now(line), parts)
        self.assertFalse(self._get_warnings(line.order_id), "nothing is lost")
        self._return_rows(again, 1)
        self.assertEqual(self._units(line, line.qty_delivered), sum(parts) - 2)
        # asked for when the line is changed, as for a plain line
        line.product_uom_qty += 1
        self.assertInvariants(line)
        more = 1 if line.product_uom_id == self.unit else 12
        self._stock_units(line.product_id, more)
        for _step in range(3):
            self._deliver_all(line.order_id)
        # each move is rounded to dozens by Odoo
        self.assertAlmostEqual(line.qty_delivered, ordered + 1, delta=0.011)

    def _get_parts_now(self, line):
        parts = line.qty_from_stock, line.qty_to_assemble_to_order
        return tuple(self._units(line, part) for part in parts)

    def _return_rows(self, picking, quantity):
        """`quantity` of each row of a transfer goes back where it came from."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for row in wizard.product_return_moves:
            row.quantity = min(quantity, row.move_quantity)
        action = wizard.action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        self._validate(back)
        self._check_lines(picking.move_ids.sale_line_id)
        return back

    # Put back

    def test_put_back_from_output(self):
        """3 assembled ones are put back, and are the line's; then A falls and rises."""
        self._in_every_way(
            self._test_put_back_from_output, (TWO, "serial"), (THREE, "dozens")
        )

    def _test_put_back_from_output(self, line):
        sale, (stock, assembly) = line.order_id, self._get_parts(line)
        self._make(line)
        made = self._get_lots(line, "assembly")
        picking = self._do_step(sale, PICK)
        steps = [picking]
        if self.warehouse.delivery_steps == "pick_pack_ship":
            steps.append(self._do_step(sale, PACK))
        with self.assertRefused("that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        for step in reversed(steps):
            self._put_back(step, assembly=assembly)
        self.assertParts(line, stock, assembly)
        self.assertEqual(self._count_asked(sale, PICK), (0, assembly))
        self.assertEqual(self._count_asked(sale, SHIP)[1], 0)
        self.assertEqual(self._get_lots(line, "assembly"), made)
        self.assertFalse(self._get_warnings(sale), "nothing is lost")
        other = self._create_order((line.product_id, 3, 0))
        other.action_confirm()
        self.assertFalse(sum(other.order_line.move_ids.mapped("quantity")))
        other._action_cancel()
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(sale, PICK), (assembly, 0))
        line.qty_to_assemble_to_order = self._get_some(line)
        self.assertInvariants(line)
        self._finish(line)

    # Lost on the way

    def test_lost_in_post_production(self):
        """Of what is made and not stored, 3 are lost: A falls, the seller is told."""
        self._in_every_way(
            self._test_lost_in_post_production,
            (ONE_STORED, "dozens"),
            (TWO_STORED, "serial"),
        )

    def _test_lost_in_post_production(self, line):
        order = self._make(line, store=False)
        self._lose_some(line, order.location_dest_id)
        self._move_ready(order.picking_ids)
        self._finish_after_loss(line)

    def test_lost_in_packing(self):
        self._in_every_way(
            lambda line: self._test_lost_at(line, "wh_pack_stock_loc_id", PICK),
            (THREE, "dozens"),
        )

    def test_lost_in_output(self):
        self._in_every_way(
            lambda line: self._test_lost_at(line, "wh_output_stock_loc_id", PICK, PACK),
            (TWO, "dozens"),
            (THREE, "lot"),
        )

    def _test_lost_at(self, line, place, *steps):
        """What is assembled goes there, and 3 of it are lost."""
        self._make(line)
        for step in steps:
            if self._get_step(line.order_id, step):
                assembly = self._get_parts(line)[1]
                self._do_step(line.order_id, step, stock=0, assembly=assembly)
        self._lose_some(line, self.warehouse[place])
        self._finish_after_loss(line)

    def _lose_some(self, line, location):
        stock, assembly = self._get_parts(line)
        self._lose(line, location, 3)
        self.assertParts(line, stock + 3, assembly - 3)
        self.assertInvariants(line)
        self.assertTrue(line.order_id.activity_ids, "the seller is told")

    def _finish_after_loss(self, line):
        self._stock_units(line.product_id, 3)
        self._finish(line)
        self.assertEqual(
            self._units(line, line.qty_assembled), self._get_parts(line)[1] - 3
        )

    # Planner and seller

    def test_planner_moves_the_start(self):
        """In the form of a quotation's draft: it is not doubled (E1)."""
        self._in_every_way(
            self._test_planner_moves,
            (TWO, "serial"),
            (THREE, "dozens"),
            start=self._quote,
        )

    def _test_planner_moves(self, line):
        order = line.assembly_order_ids
        with Form(order, "mrp.mrp_production_form_view") as form:
            form.date_start = self._noon(3)
        line.order_id.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(order.move_finished_ids.mapped("ato_supply"), ["assembly"])
        self.assertEqual(order.product_qty, self._get_parts(line)[1])
        self._finish(line)
        self.assertEqual(self._count_in(self.stock, line.product_id), (0, 0))

    def test_more_after_some_are_made(self):
        """2 are made and stored, more are wished for: all of them leave (E3)."""
        self._in_every_way(self._test_more_after_some, (TWO, "dozens"), (THREE, "lot"))

    def _test_more_after_some(self, line):
        self._make(line, 2)
        more = self._get_some(line)
        line.qty_to_assemble_to_order += more
        self.assertInvariants(line)
        self._finish(line)
        left = self._units(line, more)
        self.assertEqual(self._count_in(self.stock, line.product_id), (left, 0))

    def test_last_step_cancelled(self):
        """All is there to be shipped, and the transfer is cancelled: A falls (E6)."""
        self._in_every_way(
            self._test_last_step_cancelled, (ONE, "dozens"), (THREE, "serial")
        )

    def _test_last_step_cancelled(self, line):
        sale, total = line.order_id, sum(self._get_parts(line))
        self._make(line)
        self._bring_to_output(line)
        self._get_step(sale, SHIP).action_cancel()
        self._check_lines(line)
        self.assertParts(line, total, 0)
        self.assertTrue(sale.activity_ids, "the seller is told")
        self._stock_units(line.product_id, 12 + total)
        line.product_uom_qty += 1
        self._finish(line)

    def test_rest_given_up(self):
        """2 and 1 leave, no backorder is made: A falls to 1 (E6)."""
        self._in_every_way(self._test_rest_given_up, (TWO, "lot"), (THREE, "dozens"))

    def _test_rest_given_up(self, line):
        sale, total = line.order_id, sum(self._get_parts(line))
        self._make(line)
        self._bring_to_output(line)
        shipping = self._get_step(sale, SHIP)
        for move in shipping.move_ids:
            self._set_done(move, 1 if move.ato_supply == "assembly" else 2)
        shipping.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=shipping.ids
        ).button_validate()
        self._check_lines(line)
        self.assertParts(line, total - 1, 1)
        self.assertEqual(self._units(line, line.qty_delivered), 3)
        self.assertTrue(sale.activity_ids, "the seller is told")

    def _set_done(self, move, quantity):
        """`quantity` of what a row holds is in the hands of the picker."""
        for held in move.move_line_ids:
            taken = min(quantity, held.quantity)
            quantity -= taken
            if taken:
                held.quantity = taken
            else:
                held.unlink()
        move.picked = True

    def test_reopened(self):
        """2 and 1 have left, cancelled and confirmed again: the rest leaves (E8, E11).

        What is picked is nobody's then.
        """
        self._in_every_way(
            self._test_reopened, (ONE, "dozens"), (TWO, "serial"), (THREE, "lot")
        )

    def _test_reopened(self, line):
        sale = line.order_id
        self._make(line)
        for step in (PICK, PACK, SHIP):
            for transfer in self._get_step(sale, step):
                if step != PICK or self.warehouse.delivery_steps == "ship_only":
                    for move in transfer.move_ids:
                        self._set_done(move, 1 if move.ato_supply == "assembly" else 2)
                self._deliver_as_is(transfer)
        self.assertEqual(self._units(line, line.qty_delivered), 3)
        sale._action_cancel()
        sale.action_draft()
        self.env.flush_all()
        self.env.invalidate_all()
        [row] = sale.get_assembly_availability()
        bar = sum(segment["qty"] for segment in row["segments"])
        self.assertAlmostEqual(bar, line.product_uom_qty, 2)
        sale.action_confirm()
        self.assertInvariants(line)
        self._stock_units(line.product_id, sum(self._get_parts(line)))
        self._finish(line)

    def _deliver_as_is(self, transfer):
        transfer.move_ids.filtered("quantity").picked = True
        transfer.with_context(skip_backorder=True).button_validate()
        self._check_lines(transfer.move_ids.sale_line_id)

    # Other people

    def test_duplicates(self):
        """Of a transfer of each step, and of the order: they are nobody's (E18)."""
        self._in_every_way(self._test_duplicates, (THREE, "serial"))

    def _test_duplicates(self, line):
        self._make(line)
        for step in (PICK, PACK, SHIP):
            for transfer in self._get_step(line.order_id, step):
                copy = transfer.copy()
                self.assertFalse(any(copy.move_ids.mapped("ato_supply")))
                self.assertFalse(copy.move_ids.sale_line_id)
                self._do_step(line.order_id, step)
                self.assertFalse(any(copy.move_ids.mapped("quantity")))
        copy = line.assembly_order_ids.copy()
        self.assertFalse(copy.ato_sale_line_id)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, line.product_uom_qty)

    def test_becomes_a_kit(self):
        """Of a quotation A falls to 0; of an order it is refused (E17)."""
        self._in_every_way(
            self._test_becomes_a_kit,
            (TWO, "serial"),
            (THREE, "dozens"),
            start=self._quote,
        )

    def _test_becomes_a_kit(self, line):
        bom, sale = line.product_id.bom_ids, line.order_id
        with self.env.cr.savepoint() as undo:
            bom.type = "phantom"
            sale.action_confirm()
            self.assertEqual(line.qty_to_assemble_to_order, 0)
            self.assertFalse(line.assembly_order_ids)
            self.assertTrue(sale.activity_ids)
            undo.close(rollback=True)
        self.env.invalidate_all()
        sale.action_confirm()
        with self.assertRefused(sale.name):
            bom.type = "phantom"
        self.env.invalidate_all()
        self._make(line)
        with self.assertRefused(sale.name):
            bom.type = "phantom"
        self.env.invalidate_all()
        self._finish(line)

    def test_more_left_than_was_ordered(self):
        """10 of 6 leave as assembled, 1 returns, 2 leave where 1 was asked (E21)."""
        self._in_every_way(
            self._test_more_left,
            *((steps, "units") for steps in (ONE, TWO)),
            start=lambda kind: self._create_order((self.desk, 6, 6)).order_line,
        )

    def _open_rows(self, transfer):
        return transfer.move_ids.filtered(oracle.is_open)

    def _test_more_left(self, line):
        sale = line.order_id
        sale.action_confirm()
        self._make(line)
        self._stock_units(self.desk, 10)
        for step in (PICK, PACK, SHIP):
            for transfer in self._get_step(sale, step):
                self._open_rows(transfer).quantity = 10
                self._deliver(transfer)
        self.assertEqual(line.qty_delivered, 10)
        shipping = self._get_step(sale, SHIP, "done")
        self._return_rows(shipping, 1)
        line.product_uom_qty = 10
        self.assertInvariants(line)
        for step in (PICK, PACK, SHIP):
            for transfer in self._get_step(sale, step):
                self._open_rows(transfer).quantity = 2
                self._deliver(transfer)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 11)
