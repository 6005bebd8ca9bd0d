# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestCheckStories(AssembleToOrderCommon):
    """`check_invariants` is silent after each step of what people really do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 30)

    def _check_lines(self, lines):
        res = super()._check_lines(lines)
        self.assertNothingBroken()
        return res

    def _confirm(self, *line, **values):
        """A quotation that is saved, holds what it can, and is confirmed."""
        order = self._create_order(line, **values)
        self.assertNothingBroken()
        order.order_line.action_reserve_stock()
        self.assertNothingBroken()
        order.action_confirm()
        self.assertNothingBroken()
        return order.order_line

    def _open_pickings(self, line):
        return line.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _finish(self, line):
        """Make and move what is left, step by step."""
        orders = line.assembly_order_ids
        for order in orders.filtered(lambda o: o.state not in ("done", "cancel")):
            for transfer in order.picking_ids:
                self._validate(transfer)
            self._produce(order)
            for transfer in order.picking_ids:
                self._validate(transfer)
        for _step in range(9):
            for picking in self._open_pickings(line):
                self._validate(picking)
        self.assertFalse(self._open_pickings(line))
        self.assertEqual(line.qty_delivered, line.product_uom_qty)

    def _validate(self, picking):
        if picking.state == "assigned":
            self._deliver(picking)

    def _return(self, picking, quantity, exchange=False):
        """`quantity` of each row of a delivery comes back."""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        create = "action_create_exchanges" if exchange else "action_create_returns"
        action = getattr(wizard, create)()
        self.assertNothingBroken()
        self._deliver(self.env["stock.picking"].browse(action["res_id"]))

    def _test_steps(self, delivery, manufacture):
        warehouse = self._create_warehouse(
            f"{delivery} {manufacture}",
            "STP",
            delivery_steps=delivery,
            manufacture_steps=manufacture,
        )
        for product in (self.desk, self.leg, self.top):
            self._set_stock(product, 100, warehouse.lot_stock_id)
        line = self._confirm(self.desk, 10, 4, warehouse_id=warehouse.id)
        line.qty_to_assemble_to_order = 6
        self.assertNothingBroken()
        line.product_uom_qty = 12
        self.assertNothingBroken()
        line.qty_to_assemble_to_order = 5
        self.assertNothingBroken()
        order = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        for transfer in order.picking_ids:
            self._validate(transfer)
        self._produce(order, 2)
        self._finish(line)

    def test_one_step_of_both(self):
        """10, of them 4, 6, then 5 of 12 assembled; 2 are made first."""
        self._test_steps("ship_only", "mrp_one_step")

    def test_two_steps_of_both(self):
        """The same, picked before it is shipped or assembled."""
        self._test_steps("pick_ship", "pbm")

    def test_three_steps_of_both(self):
        """The same, packed before it is shipped, stored after it is assembled."""
        self._test_steps("pick_pack_ship", "pbm_sam")

    def test_three_steps_of_manufacture(self):
        """The same, stored after it is assembled, shipped at once."""
        self._test_steps("ship_only", "pbm_sam")

    def test_dozens(self):
        """2 dozens, of them a third of one assembled, then half of one."""
        line = self._create_order((self.desk, 2, 0.33)).order_line
        line.product_uom_id = self.dozen
        line.qty_to_assemble_to_order = 0.33
        self.assertNothingBroken()
        line.order_id.action_confirm()
        self.assertNothingBroken()
        line.qty_to_assemble_to_order = 0.5
        self.assertNothingBroken()
        self._finish(line)

    def test_returned_and_exchanged(self):
        """1 of each part comes back, then 1 for another one; 1 more is ordered."""
        line = self._confirm(self.desk, 10, 4)
        self._finish(line)
        delivery = line.order_id.picking_ids
        self._return(delivery, 1)
        self._return(delivery, 1, exchange=True)
        line.product_uom_qty = 11
        self.assertNothingBroken()
        self._finish(line)

    def test_rest_given_up(self):
        """5 and 1 leave, the rest is not sent; 3 more of 12 are sent later."""
        line = self._confirm(self.desk, 10, 4)
        self._produce(line.assembly_order_ids, 1)
        picking = self._open_pickings(line)
        for move in picking.move_ids:
            move.quantity = 1 if move.ato_supply == "assembly" else 5
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self._check_lines(line)
        line.product_uom_qty = 12
        self.assertNothingBroken()

    def test_delivery_cancelled(self):
        """Nothing is sent any more, then 12 are ordered instead of 10."""
        line = self._confirm(self.desk, 10, 4)
        self._open_pickings(line).action_cancel()
        self._check_lines(line)
        line.product_uom_qty = 12
        self._check_lines(line)
        self._finish(line)

    def test_more_than_ordered(self):
        """8 of 6 from stock leave, and 5 of 4 assembled."""
        line = self._confirm(self.desk, 10, 4)
        self._produce(line.assembly_order_ids)
        self._deliver(self._open_pickings(line), stock=8, assembly=4)
        self.assertEqual(line.qty_delivered, 12)
        self.assertNothingBroken()

    def test_surplus_made(self):
        """7 are made of 4: 3 are free stock."""
        line = self._confirm(self.desk, 10, 4)
        self._produce(line.assembly_order_ids, 7, backorder=False)
        self.assertEqual(line.qty_assembled, 4)
        self._finish(line)

    def test_cancelled_and_ordered_again(self):
        """1 is made, 1 has left, and all of it begins anew."""
        line = self._confirm(self.desk, 10, 4)
        self._produce(line.assembly_order_ids, 1)
        self._deliver(self._open_pickings(line), stock=1, assembly=0)
        line.order_id._action_cancel()
        self.assertNothingBroken()
        line.order_id.action_draft()
        self.assertNothingBroken()
        line.order_id.action_confirm()
        self.assertNothingBroken()
        self._finish(line)

    def test_planner_cancels(self):
        """2 of 4 are made, the rest is cancelled: 8 are taken from stock."""
        line = self._confirm(self.desk, 10, 4)
        self._produce(line.assembly_order_ids, 2)
        opened = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        opened.action_cancel()
        self._check_lines(line)
        self.assertLine(line, 10, 8, 2)
        self._finish(line)

    def test_assembled_unit_scrapped(self):
        """1 of 4 made is lost: 7 are taken from stock."""
        line = self._confirm(self.desk, 34, 4)
        self._produce(line.assembly_order_ids)
        self._moves(line, "stock").picked = True  # nobody takes those
        self.env["stock.scrap"].create(
            {
                "product_id": self.desk.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
            }
        ).do_scrap()
        self._check_lines(line)
        self.assertEqual(line.qty_to_assemble_to_order, 3)

    def test_scrapped_from_its_order(self):
        """1 of 4 made is lost, as its planner says, and one that nobody had made."""
        line = self._confirm(self.desk, 10, 4)
        order = line.assembly_order_ids
        self._produce(order, 2)
        self._scrap(self.desk, 1, self.stock, production_id=order.id)
        self.assertNothingBroken()
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"))
        self._scrap(self.desk, 1, self.stock, production_id=order.id)
        self._check_lines(line)
        self._finish(line)
        self.assertNothingBroken()

    def test_others_in_place_of_what_is_to_be_stored(self):
        """4 are made and not stored: 4 of the shelf are picked, then leave, instead."""
        for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self._set_steps(steps, "pbm_sam")
                line = self._confirm(self.desk, 10, 4)
                order = line.assembly_order_ids
                self._validate(order.picking_ids)
                self._produce(order)
                self.assertNothingBroken()
                picking = self._moves(line, "assembly").picking_id
                first = picking.sorted("id")[:1]
                row = self._moves(line, "assembly").filtered(
                    lambda move, first=first: move.picking_id == first
                )
                row.quantity = 4
                self.assertNothingBroken()
                self._deliver(first)
                self.assertNothingBroken()
                self._finish(line)

    def test_more_made_than_is_stored(self):
        """6 are made of an order of 4: nothing is wrong before they are stored."""
        for steps in ("ship_only", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self._set_steps(steps, "pbm_sam")
                line = self._confirm(self.desk, 10, 4)
                order = line.assembly_order_ids
                self._validate(order.picking_ids)
                order.qty_producing = 6
                order._set_qty_producing()
                order.button_mark_done()
                self.assertEqual(order.state, "done")
                self.assertNothingBroken()
                for transfer in order.picking_ids:
                    self._validate(transfer)
                self._finish(line)

    def test_split_and_merged(self):
        """A quotation as two lines, one per source, as one again, as two ordered."""
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        line.action_reserve_stock()
        for action in ("split_by_source", "merge_sources", "split_by_source"):
            getattr(line, f"action_{action}")()
            self.assertNothingBroken()
        order.action_confirm()
        self.assertNothingBroken()
        self._produce(order.order_line.assembly_order_ids)
        self._finish(order.order_line[0])
        self.assertEqual(order.order_line.mapped("qty_delivered"), [6, 4])

    def test_make_to_order_route(self):
        """The route has made 5 of 10 orders when 4 are to be assembled, then none."""
        manufacture = self.warehouse.manufacture_pull_id.route_id
        to_order = self.env.ref("stock.route_warehouse0_mto")
        to_order.active = True
        self.desk.route_ids = manufacture | to_order
        line = self._create_order((self.desk, 10, 0)).order_line
        line.order_id.action_confirm()
        self.assertNothingBroken()
        for quantity in (4, 2, 0):
            line.qty_to_assemble_to_order = quantity
            self._check_lines(line)

    def test_promise_and_lead(self):
        """Promised for another day, in another week, or not at all."""
        quotation = self._create_order((self.desk, 10, 4))
        quotation.order_line.customer_lead = 7
        self.assertNothingBroken()
        quotation.commitment_date = "2030-01-07 12:00:00"
        self.assertNothingBroken()
        quotation.action_confirm()
        self.assertNothingBroken()
        quotation.commitment_date = "2030-01-09 12:00:00"
        self.assertNothingBroken()
