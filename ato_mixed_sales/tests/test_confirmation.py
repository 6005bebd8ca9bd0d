# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestConfirmation(AssembleToOrderCommon):
    def test_mixed_line_from_quotation_to_delivery(self):
        """6 on the shelf, 10 sold: take 6, make 4, deliver 10."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        assembly = line.assembly_order_ids
        self.assertRecordValues(assembly, [{"state": "draft", "product_qty": 4}])

        order.action_confirm()

        self.assertEqual(line.assembly_order_ids, assembly, "the very same order")
        self.assertEqual(assembly.state, "confirmed")
        picking = order.picking_ids
        self.assertEqual(len(picking), 1, "one delivery")
        stock, made = self._moves(line, "stock"), self._moves(line, "assembly")
        self.assertRecordValues(
            stock | made,
            [
                {"product_uom_qty": 6, "quantity": 6, "state": "assigned"},
                {"product_uom_qty": 4, "quantity": 0, "state": "waiting"},
            ],
        )
        self.assertEqual(made.move_orig_ids, assembly.move_finished_ids)

        self._produce(assembly)
        self.assertRecordValues(made, [{"quantity": 4, "state": "assigned"}])
        self.assertEqual(line.qty_assembled, 4)

        self._deliver(picking)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(order.delivery_status, "full")
