# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestAnswers(AssembleToOrderCommon):
    """What is answered for a whole order at once, and what is taken back."""

    def _call(self, record, method, *args, user=None):
        """As a client calls it, who gets what was said."""
        records = record.browse().with_user(user or self.seller)
        answer = call_kw(records, method, [record.ids, *args], {})
        self.env.invalidate_all()
        return answer

    def _create_desks(self, *quantities):
        lines = [(self.desk, *quantity) for quantity in quantities]
        return self._create_order(*lines, (self.lamp, 2), user_id=self.seller.id)

    def test_assemble_all_missing(self):
        """6 free, lines of 4, 5 and 7: 3 and 7 are assembled, on an order too."""
        self._set_stock(self.desk, 6)
        for confirm in (False, True):
            order = self._create_desks((4, 0), (5, 0), (7, 0))
            if confirm:
                order.action_confirm()
            self._call(order, "action_assemble_all_missing")
            parts = order.order_line.mapped("qty_to_assemble_to_order")
            self.assertEqual(parts, [0, 3, 7, 0])
            self.assertFalse(any(order.order_line.mapped("missing_qty")))
            with self.assertRaisesRegex(UserError, f"missing on {order.name}"):
                self._call(order, "action_assemble_all_missing")
            order._action_cancel()

    def test_take_all_from_stock(self):
        """5 and 4 to assemble, 6 come in: 5 and 1 are taken, and held on an order."""
        for confirm in (False, True):
            order = self._create_desks((5, 5), (4, 4))
            if confirm:
                order.action_confirm()
            self._set_stock(self.desk, 6)
            self._call(order, "action_take_all_from_stock")
            lines = order.order_line
            self.assertEqual(lines.mapped("qty_to_assemble_to_order"), [0, 3, 0])
            held = [5, 1] if confirm else [0, 0]
            self.assertEqual(lines[:2].mapped("reserved_stock_qty"), held)
            with self.assertRaisesRegex(UserError, f"assembled for {order.name}"):
                self._call(order, "action_take_all_from_stock")
            order._action_cancel()
            self.env["stock.quant"].search([("product_id", "=", self.desk.id)]).unlink()

    def test_reserve_all(self):
        """6 free for lines of 4, 5 and 7: 4 and 2 are held, nothing for the third."""
        self._set_stock(self.desk, 6)
        order = self._create_desks((4, 0), (5, 0), (7, 0))
        self._call(order, "action_reserve_all_stock")
        held = order.order_line.mapped("reserved_stock_qty")
        self.assertEqual(held, [4, 2, 0, 0])
        with self.assertRaisesRegex(UserError, "nothing is free"):
            self._call(order, "action_reserve_all_stock")

    def test_closed_orders(self):
        """Neither a locked order nor a cancelled one is changed."""
        self._set_stock(self.desk, 6)
        order = self._create_desks((4, 0), (9, 2))
        order.action_confirm()
        order.locked = True
        for method in ("action_assemble_all_missing", "action_take_all_from_stock"):
            with self.assertRaisesRegex(UserError, "locked"):
                self._call(order, method)
        self.assertEqual(order.order_line[1].qty_to_assemble_to_order, 2)

    def test_counted_in_one_call(self):
        """As many queries for figures, whatever the number of lines."""
        self._set_stock(self.desk, 6)
        counted = []
        for count in (2, 6):
            order = self._create_desks(*[(4, 0)] * count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order._get_lines_to_answer()._get_figures_to_follow()
            counted.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counted[1], counted[0] + 2)

    def test_undo(self):
        """4 assembled and taken back; what was 2 before is 2 again."""
        self._set_stock(self.desk, 6)
        line = self._create_desks((10, 2)).order_line[0]
        name = "qty_to_assemble_to_order"
        self._call(line, "action_assemble_missing")
        self.assertEqual(line[name], 4)
        self._call(line, "undo_answer", name, 4, 2)
        self.assertEqual(line[name], 2)

    def test_undo_of_what_a_colleague_has_changed(self):
        """5 of a colleague stay 5, and it is said who has changed it."""
        self._set_stock(self.desk, 6)
        line = self._create_desks((10, 0)).order_line[0]
        name = "qty_to_assemble_to_order"
        self._call(line, "action_assemble_missing")
        admin = self.env.ref("base.user_admin")
        self._call(line, "write", {name: 5}, user=admin)
        with self.assertRaisesRegex(UserError, f"5.00.*4.00.*{admin.name}"):
            self._call(line, "undo_answer", name, 4, 0)
        self.assertEqual(line[name], 5)

    def test_undo_of_a_reservation(self):
        """Let go is what was reserved, and not what somebody has added to it."""
        self._set_stock(self.desk, 3)
        line = self._create_desks((10, 0)).order_line[0]
        self._call(line, "action_reserve_stock")
        self._set_stock(self.desk, 8)
        undo = ("undo_answer", "reserved_stock_qty", 3, 0)
        self._call(line, "action_reserve_stock", user=self.env.ref("base.user_admin"))
        self.assertEqual(line.reserved_stock_qty, 8)
        with self.assertRaisesRegex(UserError, "8.00.*3.00"):
            self._call(line, *undo)
        self.assertEqual(line.reserved_stock_qty, 8)
        self._call(line, "undo_answer", "reserved_stock_qty", 8, 0)
        self.assertEqual(line.reserved_stock_qty, 0)

    def test_nothing_else_is_taken_back(self):
        line = self._create_desks((10, 2)).order_line[0]
        for values in (("price_unit", 100, 1), ("qty_assembled", 0, 4), ()):
            with self.assertRaisesRegex(UserError, "cannot be taken back"):
                self._call(line, "undo_answer", *values)
        with self.assertRaisesRegex(UserError, "no quantity"):
            self._call(line, "undo_answer", "qty_to_assemble_to_order", 2, "many")
