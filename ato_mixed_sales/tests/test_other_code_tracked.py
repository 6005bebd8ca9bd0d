# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from . import oracle
from .chain import SHIP
from .flow import ONE, THREE, TWO, FlowCommon


@tagged("post_install", "-at_install")
class TestOtherCodeTracked(FlowCommon):
    """What other code does to a line, with serial numbers and lots (O1, O3, O8, O9)."""

    def _get_free(self, line):
        return sum(
            self.env["stock.quant"]
            .search(
                [
                    ("product_id", "=", line.product_id.id),
                    ("location_id", "child_of", self.warehouse.view_location_id.id),
                ]
            )
            .mapped("available_quantity")
        )

    def test_moved_line(self):
        """O1: the very numbers that are held go with the line, and leave with it."""
        self._in_every_way(
            self._test_moved_line, (TWO, "serial"), (THREE, "lot"), start=self._quote
        )

    def _test_moved_line(self, line):
        line.action_reserve_stock()
        held = line.sudo().hold_move_ids.move_line_ids.lot_id
        former, target = line.order_id, self._create_order(user_id=self.seller.id)
        line.order_id = target
        former._action_cancel()
        self.assertEqual(line.sudo().hold_move_ids.move_line_ids.lot_id, held)
        target.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._get_lots(line, "stock"), held)
        self._finish(line)
        left = self._get_step(target, SHIP, "done").move_line_ids.lot_id
        self.assertLessEqual(held, left)

    def test_cancelled_by_its_state(self):
        """O3: cancelled when all is made: all is free; a second life is complete."""
        self._in_every_way(
            self._test_cancelled_by_its_state, (TWO, "serial"), (THREE, "dozens")
        )

    def _test_cancelled_by_its_state(self, line):
        self._make(line)
        total = self._units(line, line.product_uom_qty)
        self.assertEqual(self._get_free(line), 0)
        line.order_id.write({"state": "cancel"})
        self.assertFalse(line.move_ids.filtered(oracle.is_open))
        self.assertEqual(self._get_free(line), total)
        line.order_id.write({"state": "draft"})
        line.order_id.action_confirm()
        self.assertInvariants(line)
        self._finish(line)
        self.assertEqual(self._get_free(line), self._units(line, line.qty_assembled))

    def test_split_transfer(self):
        """O8: 2 are made, the rest is another transfer; then more is wished of both."""
        self._in_every_way(self._test_split_transfer, (ONE, "serial"), (TWO, "lot"))

    def _test_split_transfer(self, line):
        self._make(line, 2)
        made = self._get_lots(line, "assembly")
        first = line.order_id.picking_ids.filtered("is_assembly_shipment")
        first.action_split_transfer()
        self.assertInvariants(line)
        second = line.order_id.picking_ids.filtered("is_assembly_shipment") - first
        self.assertEqual(len(second), 1)
        line.product_uom_qty += 1
        line.qty_to_assemble_to_order += 1
        self.assertInvariants(line)
        self.assertLessEqual(made, self._get_lots(line, "assembly"))
        self._finish(line)

    def test_back_to_draft(self):
        """O9: a delivery that was cancelled, then an order, come back; A rises."""
        self._in_every_way(self._test_back_to_draft, (ONE, "serial"), (THREE, "lot"))

    def _test_back_to_draft(self, line):
        order = line.assembly_order_ids
        assembly = line.qty_to_assemble_to_order
        picking = line.order_id.picking_ids
        picking.action_cancel()
        self.assertEqual(line.qty_to_assemble_to_order, 0)
        picking.move_ids.write({"state": "draft"})
        self.assertInvariants(line)
        picking.action_confirm()
        (order.move_raw_ids | order.move_finished_ids).write({"state": "draft"})
        self.assertFalse(order.ato_sale_line_id)
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = assembly
        self.assertInvariants(line)
        self._finish(line)
