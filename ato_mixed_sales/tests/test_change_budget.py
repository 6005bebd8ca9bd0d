# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import sys
from datetime import timedelta

from odoo.tests import tagged

from .common import AssembleToOrderCommon

_logger = logging.getLogger(__name__)


def is_ours(code):
    """Whether `code` is a function of the add-on, and no comprehension in one."""
    path, name = code.co_filename, code.co_name
    is_test = "/tests/" in path
    return "ato_mixed_sales/" in path and not is_test and not name.startswith("<")


@tagged("post_install", "-at_install")
class TestChangeBudget(AssembleToOrderCommon):
    """What one change of a confirmed line of 10 costs a salesperson (issue 15)."""

    # calls of functions of ours, by Odoo as well: they are what has to be read. Of the
    # last, 18 are of `_compute_field_value`: Odoo calls that for each computed field
    BUDGET = (
        # (Q, A), what is changed, queries, calls
        ((10, 4), {"qty_to_assemble_to_order": 6}, 204, 452),
        ((10, 6), {"qty_to_assemble_to_order": 3}, 192, 478),
        ((10, 4), {"product_uom_qty": 12, "qty_to_assemble_to_order": 6}, 191, 416),
    )

    def _measure(self, quantities, change):
        """What it costs to write `change`: (queries, calls of functions of ours)"""
        order = self._create_order((self.desk, *quantities), user_id=self.seller.id)
        order.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        line, calls = order.order_line.with_user(self.seller), []

        def count(frame, event, _argument):
            if event == "call" and is_ours(frame.f_code):
                calls.append(frame.f_code.co_name)

        before = self.env.cr.sql_log_count
        sys.setprofile(count)
        try:
            line.with_context(tracking_disable=False).write(change)
            self.env.flush_all()
        finally:
            sys.setprofile(None)
        queries = self.env.cr.sql_log_count - before
        self.assertInvariants(order.order_line)
        return queries, len(calls)

    def test_change_of_confirmed_line(self):
        """Queries and calls of ours of one change: they are not to creep up again."""
        self._set_stock(self.desk, 100)
        for quantities, change, most_queries, most_calls in self.BUDGET:
            self._measure(quantities, change)  # warms the caches
            queries, calls = self._measure(quantities, change)
            _logger.info("%s: %s SQL, %s calls", change, queries, calls)
            with self.subTest(**change):
                self.assertLessEqual(queries, most_queries)
                self.assertLessEqual(calls, most_calls)

    def _get_stock_rows(self, line):
        return line.move_ids.filtered(lambda move: move.ato_supply == "stock")

    def test_rows_that_differ(self):
        """Of 6 from stock come 8: a row of its own for 2 where its text was changed.

        One that was put off is due as the line is again, as Odoo merges rows.
        """
        line = self._create_order((self.desk, 10, 4)).order_line
        line.order_id.action_confirm()
        row = self._get_stock_rows(line)
        due, row.date = row.date, row.date + timedelta(days=3)
        line.product_uom_qty = 12
        self.assertEqual(self._get_stock_rows(line), row)
        self.assertEqual((row.product_uom_qty, row.date), (8, due))
        row.description_picking = "To the top floor"
        line.product_uom_qty = 14
        rows = self._get_stock_rows(line).sorted("id")
        self.assertEqual(rows.mapped("product_uom_qty"), [8, 2])
        self.assertInvariants(line)
