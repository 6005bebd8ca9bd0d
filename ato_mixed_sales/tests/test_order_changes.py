# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestOrderChanges(AssembleToOrderCommon):
    """The split of a confirmed order is changed: both parts follow."""

    def setUp(self):
        super().setUp()
        self._set_stock(self.desk, 20)

    def _confirm(self, *lines):
        sale = self._create_order(*lines)
        sale.action_confirm()
        return sale.order_line

    def test_up_and_down_and_back(self):
        line = self._confirm((self.desk, 12, 4))
        order = line.assembly_order_ids
        self.assertInvariants(line)
        for quantity, to_assemble in ((12, 6), (12, 1), (12, 4), (5, 4), (5, 2)):
            line.write(
                {"product_uom_qty": quantity, "qty_to_assemble_to_order": to_assemble}
            )
            self.assertLine(line, quantity, quantity - to_assemble, to_assemble)
            self.assertInvariants(line)
            self.assertComponents(
                order, {self.leg: 4 * to_assemble, self.top: to_assemble}
            )
        self.assertEqual(line.assembly_order_ids, order)

    def test_to_zero_and_back(self):
        line = self._confirm((self.desk, 12, 4))
        first = line.assembly_order_ids
        line.qty_to_assemble_to_order = 0
        self.assertEqual(first.state, "cancel")
        self.assertInvariants(line)
        self.assertEqual(self._moves(line, "stock").quantity, 12)
        line.qty_to_assemble_to_order = 3
        self.assertRecordValues(
            line.assembly_order_ids - first, [{"product_qty": 3, "state": "confirmed"}]
        )
        self.assertInvariants(line)

    def test_raised_quantity_is_taken_from_stock(self):
        """T1, T032: 10/4 → 12/4, one order; core once made 18 + 8 of it."""
        line = self._confirm((self.desk, 10, 4))
        line.product_uom_qty = 12
        self.assertLine(line, 12, 8, 4)
        self.assertInvariants(line)

    def test_wholly_to_order_stays_so(self):
        line = self._confirm((self.desk_to_order, 10))
        line.product_uom_qty = 12
        self.assertLine(line, 12, 0, 12)
        self.assertInvariants(line)
        self.assertEqual(len(self._moves(line, "assembly")), 1)

    def test_line_that_was_not_mixed(self):
        """T4: only the split changes, and what was reserved goes down."""
        line = self._confirm((self.desk, 10))
        line.qty_to_assemble_to_order = 4
        self.assertInvariants(line)
        self.assertEqual(self._moves(line, "stock").quantity, 6)

    def test_new_line_on_a_confirmed_order(self):
        line = self._confirm((self.desk, 10, 4))
        sale = line.order_id
        sale.order_line = [(0, 0, self._prepare_line_vals(self.desk_to_order, 3))]
        new = sale.order_line - line
        self.assertInvariants(new)
        self.assertEqual(new.assembly_order_ids.state, "confirmed")
        self.assertInvariants(line)

    def test_raised_while_assembling(self):
        """What has started keeps its quantity; the rest is a second order."""
        line = self._confirm((self.desk, 10, 4))
        first = line.assembly_order_ids
        first.qty_producing = 2
        first._set_qty_producing()
        line.qty_to_assemble_to_order = 6
        self.assertEqual(first.product_qty, 4)
        second = line.assembly_order_ids - first
        self.assertRecordValues(second, [{"product_qty": 2, "state": "confirmed"}])
        self.assertInvariants(line)

    def test_lowered_while_assembling(self):
        line = self._confirm((self.desk, 10, 4))
        order = line.assembly_order_ids
        order.qty_producing = 2
        order._set_qty_producing()
        with self.assertRefused(rf"2.00 Units cannot be taken back .*{order.name}"):
            line.qty_to_assemble_to_order = 2
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)

    def test_not_below_what_is_assembled(self):
        """R17, T3: 2 of 4 are made; 1 is refused, 2 and 0 are possible."""
        line = self._confirm((self.desk, 10, 4))
        self._produce(line.assembly_order_ids, 2)
        self.assertEqual(line.qty_assembled, 2)
        with self.assertRefused("from 2.00 Units, already assembled, to 10.00 Units"):
            line.qty_to_assemble_to_order = 1
        line.qty_to_assemble_to_order = 2
        self.assertInvariants(line)
        self.assertEqual(line.qty_assembled, 2)

    def test_not_above_what_did_not_leave_from_stock(self):
        line = self._confirm((self.desk, 10, 4))
        self._deliver(line.order_id.picking_ids, stock=3, assembly=0)
        self.assertEqual(line.qty_delivered, 3)
        with self.assertRefused("to 7.00 Units, ordered and not delivered from stock"):
            line.qty_to_assemble_to_order = 8
        line.qty_to_assemble_to_order = 7
        self.assertInvariants(line)

    def test_lowered_quantity_caps(self):
        """Q 10, A 7, 3 gone from stock; Q 8 → A 5."""
        line = self._confirm((self.desk, 10, 7))
        self._deliver(line.order_id.picking_ids, stock=3, assembly=0)
        line.product_uom_qty = 8
        self.assertEqual(line.qty_to_assemble_to_order, 5)
        self.assertInvariants(line)

    def test_partial_production_and_delivery(self):
        """Made 2 + 2, delivered 8 + 2; each unit has one source."""
        line = self._confirm((self.desk, 10, 4))
        sale, order = line.order_id, line.assembly_order_ids
        self._produce(order, 2)
        rest = line.assembly_order_ids - order
        self.assertRecordValues(
            rest, [{"product_qty": 2, "is_assemble_to_order": True}]
        )
        self.assertInvariants(line)
        self._deliver(sale.picking_ids, stock=6, assembly=2)
        self.assertEqual(line.qty_delivered, 8)
        self.assertEqual(line._get_shipped_assembled(), 2)
        self.assertInvariants(line)
        self._produce(rest)
        self._deliver(sale.picking_ids.filtered(lambda p: p.state != "done"))
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 4)
        self.assertInvariants(line)

    def test_waiting_units_become_stock(self):
        """R21: 4 are made and wait; A 0 makes them ordinary stock, for good."""
        line = self._confirm((self.desk, 10, 4))
        self._produce(line.assembly_order_ids)
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(line.qty_assembled, 0)
        self.assertFalse(self._moves(line, "assembly"))
        self.assertEqual(self._moves(line, "stock").quantity, 10)
        self.assertEqual(self._free(self.desk), 14)
        line.qty_to_assemble_to_order = 3
        self.assertInvariants(line)
        self.assertEqual(line._get_producing_units(), 3)

    def test_zero_after_some_have_left(self):
        """2 of 4 assembled units are gone: they stay assembled, 2 become stock."""
        line = self._confirm((self.desk, 10, 4))
        sale = line.order_id
        self._produce(line.assembly_order_ids)
        self._deliver(sale.picking_ids, stock=0, assembly=2)
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(line.qty_assembled, 2)
        self.assertFalse(sale.picking_ids.filtered(lambda p: "IN" in p.name))
        self._deliver(sale.picking_ids.filtered(lambda p: p.state != "done"))
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(line._get_shipped_assembled(), 2)

    def test_only_the_surplus_is_let_go(self):
        """W8: 6 held by hand; A 4 → 6 lets go of 2 and says so."""
        self.warehouse.out_type_id.reservation_method = "manual"
        line = self._confirm((self.desk, 10, 4))
        line.action_reserve_stock()
        line.qty_to_assemble_to_order = 6
        self.assertEqual(line.reserved_stock_qty, 4)
        self.assertInvariants(line)
        message = line.order_id.message_ids[0].body
        self.assertIn("to assemble 4.00 Units → 6.00 Units", message)
        self.assertIn("2.00 Units reserved in stock were let go", message)

    def test_what_is_picked_stays(self):
        line = self._confirm((self.desk, 10, 4))
        move = self._moves(line, "stock")
        move.quantity = 6
        move.picked = True
        with self.assertRefused("2.00 Units too many are picked"):
            line.qty_to_assemble_to_order = 6
        self.assertEqual(move.quantity, 6)
        self.assertInvariants(line)

    def test_unreserving_a_delivery(self):
        """R62: the warehouse lets go of stock, not of what was made for the line."""
        line = self._confirm((self.desk, 10, 4))
        self._produce(line.assembly_order_ids)
        line.order_id.picking_ids.do_unreserve()
        self.assertEqual(self._moves(line, "stock").quantity, 0)
        self.assertEqual(self._moves(line, "assembly").quantity, 4)

    def test_after_a_cancelled_delivery(self):
        """What nobody asks for is not assembled; the line can ask for it again."""
        line = self._confirm((self.desk, 10, 4))
        first = line.assembly_order_ids
        self._produce(first, 1)
        rest = line.assembly_order_ids - first
        line.order_id.picking_ids.action_cancel()
        self.assertEqual(rest.state, "cancel")
        self.assertEqual(line.qty_to_assemble_to_order, 0)
        self.assertIn("assembly was stopped", line.order_id.activity_ids.note)
        self.assertInvariants(line)
        line.write({"product_uom_qty": 11, "qty_to_assemble_to_order": 4})
        self.assertInvariants(line)
        self.assertEqual(self._moves(line, "stock").quantity, 7)
        self._produce(line.assembly_order_ids - first - rest)
        self.assertEqual(self._moves(line, "assembly").quantity, 4)

    def test_one_row_for_two_orders(self):
        """A second order feeds the same row of the delivery."""
        line = self._confirm((self.desk, 10, 4))
        first = line.assembly_order_ids
        first.qty_producing = 2
        first._set_qty_producing()
        line.qty_to_assemble_to_order = 6
        second = line.assembly_order_ids - first
        self.assertRecordValues(
            self._moves(line, "assembly"),
            [
                {
                    "product_uom_qty": 6,
                    "move_orig_ids": (first | second).move_finished_ids.ids,
                }
            ],
        )
        self._produce(second)
        self.assertEqual(self._moves(line, "assembly").quantity, 2)
        self._produce(first)
        self.assertEqual(self._moves(line, "assembly").quantity, 6)
