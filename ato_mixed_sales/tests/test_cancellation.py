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

    def _cancel_started(self):
        """Cancel while the planner makes the 4; its order is left to him."""
        self.sale.action_confirm()
        order = self.line.assembly_order_ids
        order.qty_producing = 4
        self.sale._action_cancel()
        self.assertEqual(order.state, "to_close")
        self.assertFalse(order.ato_sale_line_id)
        self.assertFalse(any(order.move_finished_ids.mapped("ato_supply")))
        return order

    def test_started_order_is_left_to_its_planner(self):
        """Who cancelled, and who makes the units, are told; they are free stock."""
        order = self._cancel_started()
        self.assertTrue(order.activity_ids, "the planner is told")
        self.assertIn(
            f"{order.name} has started: what it makes of {self.desk.name}",
            "".join(self.sale.message_ids.mapped("preview")),
        )
        self._produce(order)
        self.assertEqual(self._free(self.desk), 10)
        self.assertEqual(self.line.qty_assembled, 0)

    def test_rest_of_a_started_order(self):
        """1 of 4 is made, 2 are under way: the 1 and the 2 are stock."""
        self.sale.action_confirm()
        first = self.line.assembly_order_ids
        self._produce(first, 1)
        rest = self.line.assembly_order_ids - first
        rest.qty_producing = 2
        self.sale._action_cancel()
        self.assertEqual(self.line.assembly_order_ids, first)
        self.assertEqual(self._free(self.desk), 7)
        self._produce(rest, 2, backorder=False)
        self.assertEqual(self._free(self.desk), 9)

    def test_second_life_starts_anew(self):
        """Made while it was cancelled, sold to somebody else: 4 more are made."""
        self._produce(self._cancel_started())
        self.sale.action_draft()
        draft = self.line.assembly_order_ids
        self.assertRecordValues(draft, [{"product_qty": 4, "state": "draft"}])
        other = self._create_order((self.desk, 10, 0))
        other.action_confirm()
        self.assertEqual(self._free(self.desk), 0)
        self.sale.action_confirm()
        self.assertInvariants(self.line)
        self._produce(draft)
        self.assertEqual(self._moves(self.line, "assembly").quantity, 4)

    def test_second_life_without_assembly(self):
        """What was started for the first life is nothing to the second."""
        self._cancel_started()
        self.sale.action_draft()
        self.line.qty_to_assemble_to_order = 0
        self.assertFalse(self.line.assembly_order_ids)
        self.sale.action_confirm()
        self.assertLine(self.line, 10, 10, 0)

    def test_removed_after_it_was_started(self):
        order = self._cancel_started()
        self.sale.unlink()
        self._produce(order)
        self.assertEqual(self._free(self.desk), 10)
