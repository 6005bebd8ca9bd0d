# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestCancellation(AssembleToOrderCommon):
    def setUp(self):
        super().setUp()
        self._set_stock(self.desk, 6)
        self.sale = self._create_order((self.desk, 10, 4))
        self.line = self.sale.order_line

    def test_quotation(self):
        """Nothing is left of a quotation that is cancelled, and all comes back."""
        order = self.line.assembly_order_ids
        self.sale._action_cancel()
        self.assertFalse(order.exists())
        self.sale.action_draft()
        self.assertLine(self.line, 10, 6, 4)
        self.assertRecordValues(
            self.line.assembly_order_ids, [{"product_qty": 4, "state": "draft"}]
        )

    def test_order(self):
        """Invariant 7: stock, reservations and orders are as before."""
        components = self._free(self.leg), self._free(self.top)
        self.sale.action_confirm()
        order = self.line.assembly_order_ids
        self.assertEqual(self._free(self.desk), 0)
        self.sale._action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._free(self.desk), 6)
        self.assertEqual((self._free(self.leg), self._free(self.top)), components)
        self.assertEqual(set(self.sale.picking_ids.mapped("state")), {"cancel"})
        self.assertFalse(order.activity_ids, "nobody is told of what was expected")
        self.assertEqual(self.line.reserved_qty, 0)

    def test_back_to_quotation_and_again(self):
        """The second life is like the first: one delivery, one open order."""
        self.sale.action_confirm()
        first = self.line.assembly_order_ids
        self.sale._action_cancel()
        self.sale.action_draft()
        second = self.line.assembly_order_ids - first
        self.assertRecordValues(second, [{"product_qty": 4, "state": "draft"}])
        self.sale.action_confirm()
        self.assertEqual(second.state, "confirmed")
        self.assertEqual(self._moves(self.line, "stock").product_uom_qty, 6)
        self.assertEqual(self._moves(self.line, "assembly").product_uom_qty, 4)
        self._produce(second)
        self._deliver(self.sale.picking_ids.filtered(lambda p: p.state != "cancel"))
        self.assertEqual(self.line.qty_delivered, 10)

    def test_back_to_quotation_after_a_delivery(self):
        """2 assembled and 1 from stock have left: 2 to 9 can be assembled, or 0."""
        self.sale.action_confirm()
        first = self.line.assembly_order_ids
        self._produce(first, 2)
        self._deliver(self.sale.picking_ids, stock=1, assembly=2)
        self.sale._action_cancel()
        self.sale.action_draft()
        draft = self.line.assembly_order_ids.filtered(lambda o: o.state == "draft")
        self.assertEqual(draft.product_qty, 2, "2 of 4 are made")
        for wrong in (1, 10):
            with self.assertRefused("Choose from 2.00 .* to 9.00"):
                self.line.qty_to_assemble_to_order = wrong
        self.line.qty_to_assemble_to_order = 2
        self.assertFalse(draft.exists(), "nothing is left to assemble")
        self.sale.action_confirm()
        self.assertInvariants(self.line)
        self.assertEqual(self.line._get_outstanding_parts(), (7, 0))

    def test_assembled_units_become_stock(self):
        """What is made stays; it is free for anybody."""
        self.sale.action_confirm()
        self._produce(self.line.assembly_order_ids)
        self.assertEqual(self._free(self.desk), 0)
        self.sale._action_cancel()
        self.assertEqual(self.line.qty_assembled, 0)
        self.assertEqual(self._free(self.desk), 10)

    def test_started_order_is_left_to_its_planner(self):
        self.sale.action_confirm()
        order = self.line.assembly_order_ids
        self._produce(order, 1)
        started = self.line.assembly_order_ids - order
        started.qty_producing = 1
        self.sale._action_cancel()
        self.assertEqual(started.state, "progress")
        self.assertTrue(started.activity_ids, "the planner is told")
