# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from . import oracle
from .test_tracking import TrackingCommon
from .test_undo_packages import PackagesCommon


@tagged("post_install", "-at_install")
class TestWholePackages(PackagesCommon, TrackingCommon):
    """A box of 6 is held as a whole, and a part of it is let go: no hand is needed."""

    def _sell_box(self, steps="ship_only"):
        self._set_steps(steps)
        self._create_pallet("Box", self.stock, (self.desk, 6))
        line = self._sell_mixed()
        self._produce(line.assembly_order_ids)
        line.order_id.picking_ids.action_assign()
        return line

    def _finish(self, line):
        for order in line.assembly_order_ids.filtered(oracle.is_open):
            self._produce(order)
        self._deliver_all(line.order_id)
        self.assertEqual(line.qty_delivered, line.product_uom_qty)
        self.assertInvariants(line)

    def test_more_is_assembled(self):
        """A 4 to 6: 4 of the box leave, 2 stay in it."""
        line = self._sell_box()
        line.qty_to_assemble_to_order = 6
        self._finish(line)
        self.assertEqual(self._count_packed(), {("Stock", "Box"): (2, 0)})

    def test_less_is_ordered(self):
        """Q 10 to 8, in one step and in two: 2 stay in the box."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps):
                self._set_stock(self.desk, 0)
                line = self._sell_box(steps)
                line.product_uom_qty = 8
                self._finish(line)
                left = {place: n for place, n in self._count_packed().items() if n[0]}
                self.assertEqual(left, {("Stock", "Box"): (2, 0)})
                self.env["stock.package"].search([("name", "=", "Box")]).unpack()

    def test_held_by_the_quotation(self):
        """The quotation holds the box; it is confirmed, then Q falls by 1."""
        self._create_pallet("Box", self.stock, (self.desk, 6))
        line = self._create_order((self.desk, 10, 4)).order_line
        line.action_reserve_stock()
        line.order_id.action_confirm()
        line.product_uom_qty = 9
        self._finish(line)
        self.assertEqual(self._count_packed(), {("Stock", "Box"): (1, 0)})

    def test_still_whole(self):
        """Q 14 to 12 lets go of 2 loose ones: the box leaves as it is."""
        self._set_stock(self.desk, 4)
        self._create_pallet("Box", self.stock, (self.desk, 6))
        line = self._sell_mixed(14, 4)
        self._produce(line.assembly_order_ids)
        line.order_id.picking_ids.action_assign()
        line.product_uom_qty = 12
        boxes = line.order_id.picking_ids.move_line_ids.result_package_id
        kept = sum(
            row.quantity
            for row in line.order_id.picking_ids.move_line_ids
            if row.package_id
        )
        self.assertEqual(boxes.mapped("name"), ["Box"] if kept == 6 else [])
        self._finish(line)

    def test_dialog_ships_a_part(self):
        """6 of 10 are shipped, 4 assembled and 2 of the box; then the other 4."""
        line = self._sell_box()
        self._ship(line.order_id.picking_ids, qty_to_ship=6)
        self.assertEqual(line.qty_delivered, 6)
        self._finish(line)

    def test_dialog_ships_what_is_assembled(self):
        """Both parts are in one box, and what is assembled leaves alone."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        box = self.env["stock.package"].create({"name": "Box"})
        self.desk.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.stock
        ).move_quants(
            location_dest_id=self.stock, package_dest_id=box, message="Packed"
        )
        picking = line.order_id.picking_ids
        picking.do_unreserve()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.result_package_id, box)
        self._ship(picking, qty_to_ship=4)
        self.assertEqual((line.qty_delivered, self._count(line)["Sa"]), (4, 4))
        self._finish(line)

    def test_one_of_two_boxes(self):
        """One of two boxes of a pallet is let go: the other leaves alone."""
        boxes = [self._create_pallet(name, self.stock, (self.desk, 3)) for name in "AB"]
        boxes = boxes[0] | boxes[1]
        pallet = self.env["stock.package"].create({"name": "Pallet"})
        boxes.parent_package_id = pallet
        line = self._sell_mixed(8, 2)
        self._produce(line.assembly_order_ids)
        line.order_id.picking_ids.action_assign()
        self.assertEqual(boxes.package_dest_id, pallet)
        line.product_uom_qty = 5
        self._finish(line)
        self.assertEqual(len(boxes.filtered(lambda o: o.location_id == self.stock)), 1)
