# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.stock.models.stock_location import StockLocation

from .common import AssembleToOrderCommon

_logger = logging.getLogger(__name__)

ANSWERS = ("action_assemble_all_missing", "action_take_all_from_stock")


@tagged("post_install", "-at_install")
class TestQueryBudget(AssembleToOrderCommon):
    """SQL of ours beside SQL of Odoo's own netting rule, in one run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mto_route = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto_route.active = True
        cls.warehouse.mto_pull_id.procure_method = "mts_else_mto"
        cls.products = cls.env["product.product"]
        for number in range(100):
            product = cls._create_product(
                f"Desk {number}", components={cls.leg: 4, cls.top: 1}
            )
            cls.products |= product
        cls.env["stock.quant"].with_context(inventory_mode=True).create(
            [
                {
                    "product_id": product.id,
                    "location_id": cls.stock.id,
                    "inventory_quantity": 6,
                }
                for product in cls.products
            ]
        ).action_apply_inventory()
        cls._set_stock(cls.leg, 100000)
        cls._set_stock(cls.top, 100000)

    @contextmanager
    def _undone(self):
        """Run something and leave no trace of it."""
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.close(rollback=True)

    def _count_sql(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _sql_of_confirmation(self, count, to_assemble=None):
        """Queries of confirming `count` lines of 10 with 6 in stock, by line."""
        products = self.products[:count]
        if to_assemble is None:
            products.route_ids = self.mto_route
        order = self._create_order(*[(p, 10, to_assemble) for p in products])
        self._make_older(order.order_line.assembly_order_ids)
        sql = self._count_sql(order.action_confirm)
        orders = self.env["mrp.production"].search(
            [("product_id", "in", products.ids), ("state", "=", "confirmed")]
        )
        self.assertEqual(orders.mapped("product_qty"), [4.0] * count)
        return sql / count

    def _make_older(self, orders):
        """Quotations are confirmed some days later: dates have to follow."""
        for order in orders:
            order._as_step().write(
                {
                    "date_deadline": order.date_deadline - timedelta(days=1),
                    "date_start": order.date_start - timedelta(days=1),
                }
            )

    def _assert_confirmation_budget(self, count):
        with self._undone():
            self._sql_of_confirmation(1, 4)  # warms the caches of the registry
        with self._undone():
            ours = self._sql_of_confirmation(count, 4)
        # alone, Odoo asks the database where a move leads to; ours does not
        alone = patch.object(
            self.registry["stock.location"], "_is_outgoing", StockLocation._is_outgoing
        )
        with self._undone(), alone:
            core = self._sql_of_confirmation(count)
        _logger.info("confirm %s lines: %.1f SQL, core %.1f", count, ours, core)
        self.assertLessEqual(ours, 0.8 * core)

    def test_confirm_10_lines(self):
        """With draft orders adopted, at most 0.8 times what Odoo needs alone."""
        self._assert_confirmation_budget(10)

    def test_confirm_100_lines(self):
        self._assert_confirmation_budget(100)

    def test_create_quotation_lines(self):
        """Draft orders included, at most 25 queries a line, however many lines."""
        with self._undone():
            self._create_order((self.products[0], 10, 4))
        sql = {}
        for count in (10, 50, 100):
            lines = [(product, 10, 4) for product in self.products[:count]]
            with self._undone():
                sql[count] = self._count_sql(lambda: self._create_order(*lines))  # noqa: B023
            _logger.info("create %s lines: %.1f SQL", count, sql[count] / count)
            self.assertLessEqual(sql[count], 25 * count)
        growth = (sql[100] - sql[50]) / 50
        self.assertLessEqual(growth, 1.1 * (sql[50] - sql[10]) / 40)

    def test_cancel_lines(self):
        """Assembly orders included, at most 35 queries a line, however many lines."""
        sql = {}
        for count in (1, 10, 50, 100):
            order = self._create_order(*[(p, 10, 4) for p in self.products[:count]])
            order.action_confirm()
            orders = order.order_line.assembly_order_ids
            sql[count] = self._count_sql(order._action_cancel)
            self.assertEqual(orders.mapped("state"), ["cancel"] * count)
            self.assertEqual(order.picking_ids.state, "cancel")
        _logger.info("cancel: %s", sql)
        self.assertGrowth(sql, 35)

    def assertGrowth(self, sql, most):
        """Each line more costs no more than `most`, of many lines as of few.

        :param sql: {number of lines: queries}
        """
        for less, more in ((10, 50), (50, 100)):
            growth = (sql[more] - sql[less]) / (more - less)
            self.assertLessEqual(growth, most)

    def test_answer_lines(self):
        """One click on an order, for what all its lines miss, or could take from stock.

        At most 88 queries a line, however many lines, and one message.
        """
        sql = {name: {} for name in ANSWERS}
        for count in (1, 10, 50, 100):
            products = self.products[:count]
            for product in products:
                self._set_stock(product, 6)
            order = self._create_order(*[(p, 10, 2) for p in products])
            order.action_confirm()
            parts = []
            for name in ANSWERS:
                messages = order.message_ids
                sql[name][count] = self._count_sql(getattr(order, name))
                parts.append(order.order_line.mapped("qty_to_assemble_to_order"))
                self.assertEqual(len(order.message_ids - messages), 1)
                for product in products:
                    self._set_stock(product, 7)
            self.assertEqual(parts, [[4.0] * count, [3.0] * count])
            order._action_cancel()
        _logger.info("answers: %s", sql)
        for name in ANSWERS:
            with self.subTest(name):
                self.assertGrowth(sql[name], 88)

    CHANGES = (
        {"qty_to_assemble_to_order": 5},
        {"qty_to_assemble_to_order": 3},
        {"qty_to_assemble_to_order": 0},
        {"product_uom_qty": 11},
        {"product_uom_qty": 9},
        {"product_uom_qty": 11, "qty_to_assemble_to_order": 5},
    )

    def _sql_of_changes(self, count, to_assemble, *changes):
        """Queries of each of `changes` of one line of `count` confirmed lines."""
        sql = []
        with self._undone():
            order = self._create_order(
                *[(product, 10, to_assemble) for product in self.products[:count]]
            )
            order.action_confirm()
            line = order.order_line[count // 2]
            for figures in changes:
                with self._undone():
                    sql.append(self._count_sql(lambda: line.write(figures)))  # noqa: B023
                    if to_assemble:
                        self.assertInvariants(line)
                        self.assertInvariants(order.order_line[0])
        return sql

    def test_change_one_line_of_many(self):
        """Re-splitting one of 100 lines costs what it costs in an order of one.

        Odoo's own cost of a change grows with the lines; ours is to be no more.
        """
        self._sql_of_changes(1, 4, *self.CHANGES)  # warms the caches
        alone = self._sql_of_changes(1, 4, *self.CHANGES)
        among = self._sql_of_changes(100, 4, *self.CHANGES)
        for figures, one, many in zip(self.CHANGES, alone, among, strict=True):
            _logger.info("%s: %s SQL alone, %s of 100", figures, one, many)
            with self.subTest(**figures):
                self.assertLessEqual(many, one + 15)
        change = {"product_uom_qty": 11}
        [core] = self._sql_of_changes(100, None, change)
        ours = among[self.CHANGES.index(change)]
        _logger.info("raise one of 100 lines: %s SQL, core %s", ours, core)
        self.assertLessEqual(ours, core)

    def test_read_figures(self):
        """Figures of 1, 10 and 100 lines are read in as many queries."""
        order = self._create_order(*[(product, 10, 4) for product in self.products])
        order.action_confirm()
        names = [
            "qty_assembled",
            "reserved_qty",
            "reserved_stock_qty",
            "is_assembled",
            "assembly_policy",
        ]
        order.order_line.read(names)  # warms the caches
        for name in (*names, "all of them"):
            asked = [name] if name in names else names
            sql = [
                self._count_sql(lambda: order.order_line[:count].read(asked))  # noqa: B023
                for count in (1, 10, 100)
            ]
            _logger.info("read %s of 1, 10, 100 lines: %s SQL", name, sql)
            with self.subTest(name=name):
                self.assertLessEqual(sql[1], sql[0] + 3)
                self.assertLessEqual(sql[2], sql[1])
