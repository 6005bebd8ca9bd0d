# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo.tests import tagged

from .common import AssembleToOrderCommon

_logger = logging.getLogger(__name__)


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
            order._with_line_decides().write(
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
        with self._undone():
            core = self._sql_of_confirmation(count)
        _logger.info("confirm %s lines: %.1f SQL, core %.1f", count, ours, core)
        self.assertLessEqual(ours, 1.1 * core)

    def test_confirm_10_lines(self):
        """With draft orders adopted, at most 1.1 times what Odoo needs alone."""
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
