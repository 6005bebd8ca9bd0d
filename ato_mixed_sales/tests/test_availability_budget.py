# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
from functools import partial
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon

_logger = logging.getLogger(__name__)

COUNTS = (1, 10, 100, 300)
LIMIT = 40


@tagged("post_install", "-at_install")
class TestAvailabilityBudget(AssembleToOrderCommon):
    """As many queries for 300 lines as for one, and 40 of them at most."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls._create_product("Frame", components={cls.leg: 4})
        cls.products = cls.env["product.product"].create(
            [
                {"name": f"Desk {number}", "is_storable": True}
                for number in range(max(COUNTS))
            ]
        )
        cls.env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "bom_line_ids": [
                        Command.create({"product_id": cls.part.id, "product_qty": 1}),
                        Command.create({"product_id": cls.top.id, "product_qty": 1}),
                    ],
                }
                for product in cls.products
            ]
        )
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

    def _create_orders(self, counts=COUNTS):
        """An order of our seller with as many mixed lines for each of `counts`."""
        return [
            self._create_order(
                *[(product, 10, 4) for product in self.products[:count]],
                user_id=self.seller.id,
            )
            for count in counts
        ]

    def _get_panels(self, orders):
        """As the browser asks for them: {number of lines: function}"""
        orders = [
            order.with_user(self.seller).with_context(lang="en_US", tz="Asia/Tokyo")
            for order in orders
        ]
        return {len(o.order_line): o.get_assembly_availability for o in orders}

    def _measure(self, what, action):
        """How many queries `action` takes with nothing in memory."""
        self.env.flush_all()
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, time.process_time()
        action()
        seconds = time.process_time() - start
        queries = self.env.cr.sql_log_count - before
        _logger.info("%s: %s SQL, %.3f s", what, queries, seconds)
        return queries

    def _assert_constant(self, what, actions):
        """:param actions: {number of lines: function}"""
        self._measure("warming the caches", actions[1])
        sql = [
            self._measure(f"{what} of {count} lines", action)
            for count, action in actions.items()
        ]
        self.assertLessEqual(max(sql), LIMIT)
        self.assertLessEqual(max(sql), sql[0] + 2)

    def test_panel_of_quotations(self):
        orders = self._create_orders()
        self._assert_constant("panel", self._get_panels(orders))

    def test_panel_of_quotations_without_assembly_orders(self):
        """Components by the bills of materials, exploded all at once."""
        self.company.assembly_order_creation = "confirmation"
        orders = self._create_orders()
        self.assertFalse(orders[0].order_line.assembly_order_ids)
        self._assert_constant("panel", self._get_panels(orders))

    def test_panel_of_orders(self):
        orders = self._create_orders(COUNTS[:3])
        for order in orders:
            order.action_confirm()
        self._assert_constant("panel", self._get_panels(orders))

    def test_fields(self):
        """What the lines of a form show, and Odoo's popover on them."""
        names = ["assembly_status", "assembly_status_text", "missing_qty"]
        lines = self._create_orders(COUNTS[2:3])[0].order_line
        self._assert_constant(
            "status",
            {n: partial(lines[:n].read, names) for n in COUNTS[:3]},
        )

    def test_lines_of_many_orders(self):
        """A list of one line of each order, as of one order with as many lines.

        What the others of each order are made of differs.
        """
        names = ["assembly_status", "assembly_status_text", "missing_qty"]
        orders = [
            self._create_order(
                *[(product, 10, 4) for product in self.products[first : first + 4]]
            )
            for first in range(0, 120, 4)
        ]
        lines = self.env["sale.order.line"].union(
            *(order.order_line[0] for order in orders)
        )
        self._assert_constant(
            "status", {n: partial(lines[:n].read, names) for n in (1, 10, 30)}
        )

    SHOWN = (
        "name",
        "product_uom_qty",
        "qty_delivered",
        "price_subtotal",
        "tax_ids",
        "analytic_distribution",
        "product_updatable",
        "display_qty_widget",
        "free_qty_today",
        "forecast_expected_date",
        "is_mto",
        "qty_available_today",
        "qty_to_deliver",
        "scheduled_date",
        "virtual_available_at_date",
    )
    SHOWN_BY_US = (
        "is_assembled",
        "qty_from_stock",
        "qty_to_assemble_to_order",
        "reserved_qty",
        "assembly_status",
        "assembly_status_text",
    )

    def test_open_order(self):
        """Mixed lines are shown in 1.25 times what plain lines take, at the most."""
        count = COUNTS[2]
        plain = self.env["product.product"].create(
            [{"name": f"Lamp {n}", "is_storable": True} for n in range(count)]
        )
        self._set_stock(plain[0], 1)
        core = self._create_order(*[(product, 10) for product in plain])
        [ours] = self._create_orders((count,))
        for state in ("draft", "sale"):
            sql = {}
            shown = {core: self.SHOWN, ours: self.SHOWN + self.SHOWN_BY_US}
            for order, names in shown.items():
                read = partial(lambda o, names: o.order_line.read(names), order, names)
                # Odoo alone looks for a kit on every line
                kits = plain.product_tmpl_id.ids if order == core else []
                with patch.object(
                    type(self.env["mrp.bom"]),
                    "_get_kit_template_ids",
                    lambda _boms, kits=kits: frozenset(kits),
                ):
                    self._measure("warming the caches", read)
                    sql[order] = self._measure(f"{state} of {count} lines", read)
            self.assertLessEqual(sql[ours], 1.25 * sql[core])
            self.assertLessEqual(sql[ours], 36)
            (core | ours).filtered(lambda o: o.state == "draft").action_confirm()

    def test_search(self):
        """Many orders of a line each are looked at together."""
        orders = self.env["sale.order"].union(
            *(self._create_order((product, 10)) for product in self.products[:50])
        )
        search = orders.search
        domain = [("order_line.missing_qty", ">", 0)]
        self.assertEqual(search(domain) & orders, orders)
        sql = self._measure("search 50 orders", lambda: search(domain))
        self.assertLessEqual(sql, LIMIT + 5)
