# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestCatalog(AssembleToOrderCommon):
    """The catalog of an order says what could be assembled of each product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drawer = cls._create_product("Drawer")
        cls.cabinet = cls._create_product("Cabinet", components={cls.drawer: 4})
        cls._set_stock(cls.drawer, 27)

    def _read(self, products, user=None, warehouse=None):
        """{product: quantity}, as the catalog of an order in `warehouse` reads it."""
        context = {
            "product_catalog_order_model": "sale.order",
            "warehouse_id": (warehouse or self.warehouse).id,
        }
        rows = call_kw(
            self.env["product.product"].with_user(user or self.seller),
            "web_read",
            [products.ids, {"able_to_assemble_qty": {}}],
            {"context": context},
        )
        return {row["id"]: row["able_to_assemble_qty"] for row in rows}

    def test_whole_units(self):
        """27 drawers, 4 for each: 6 cabinets, none of what has no bill of materials."""
        products = self.cabinet | self.lamp | self.drawer
        able = self._read(products)
        self.assertEqual(able, {self.cabinet.id: 6, self.lamp.id: 0, self.drawer.id: 0})

    def test_what_is_held_is_not_free(self):
        """An order of 3 cabinets holds 12 of 27 drawers: 3 could be assembled."""
        order = self._create_order((self.cabinet, 3, 3))
        order.action_confirm()
        order.order_line.assembly_order_ids.action_assign()
        self.assertEqual(self._read(self.cabinet)[self.cabinet.id], 3)

    def test_of_the_orders_warehouse(self):
        """There is nothing in another warehouse, nor does its company tell."""
        other = self.env["stock.warehouse"].create({"name": "North", "code": "NRT"})
        self.assertEqual(self._read(self.cabinet, warehouse=other)[self.cabinet.id], 0)
        company = self.env["res.company"].create({"name": "Competitor"})
        outsider = new_test_user(
            self.env,
            "ato_catalog_outsider",
            "sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertEqual(self._read(self.cabinet, outsider)[self.cabinet.id], 0)

    def test_catalog_shows_it(self):
        """Where the catalog of a sales order shows the stock, in the same card."""
        view = self.env["product.product"].get_view(
            self.env.ref("product.product_view_kanban_catalog").id, "kanban"
        )
        self.assertIn("able_to_assemble_qty", view["arch"])
        self.assertIn("can be assembled", view["arch"])

    def test_queries(self):
        """As many for a page of products as for one."""
        products = self.env["product.product"].union(
            *(
                self._create_product(f"Box {n}", components={self.drawer: n})
                for n in range(1, 9)
            )
        )
        counted = []
        for some in (products[:1], products):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_context(warehouse_id=self.warehouse.id).mapped(
                "able_to_assemble_qty"
            )
            counted.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counted[1], counted[0] + 2)
