# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestPolicy(AssembleToOrderCommon):
    def _override(self, product, policy, warehouse=None, variant=False):
        return self.env["product.assembly.policy"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_id": product.id if variant else False,
                "warehouse_id": (warehouse or self.warehouse).id,
                "policy": policy,
            }
        )

    def test_default_policy(self):
        """Nobody is surprised by an installation: products are made to stock."""
        self.assertEqual(self.lamp.assembly_policy, "assemble_to_stock")

    def test_only_goods_tracked_in_stock(self):
        service = self.env["product.product"].create(
            {"name": "Delivery", "type": "service"}
        )
        untracked = self.env["product.product"].create(
            {"name": "Screws", "type": "consu", "is_storable": False}
        )
        for product in (service, untracked):
            with self.assertRefused(product.name):
                product.assembly_policy = "assemble_to_order"

    def test_no_kit(self):
        kit = self._create_product("Kit")
        bom = self._create_bom(kit, {self.leg: 1}, type="phantom")
        with self.assertRefused("kit"):
            kit.assembly_policy = "assemble_to_order"
        bom.type = "normal"
        kit.assembly_policy = "assemble_to_order"

    def test_kept_while_assembled_to_order(self):
        """The other way round: policy first, then the product stops fitting."""
        with self.assertRefused("Desk to Order"):
            self.desk_to_order.bom_ids.type = "phantom"
        with self.assertRefused("inventory is not tracked"):
            self.desk_to_order.is_storable = False
        self.desk_to_order.assembly_policy = "assemble_to_stock"
        self.desk_to_order.bom_ids.type = "phantom"

    def test_form_without_manufacturing(self):
        """Who may not read all of manufacturing opens products, and sets the policy."""
        manager = new_test_user(
            self.env,
            login="ato_product_manager",
            groups="stock.group_stock_user,product.group_product_manager",
        )
        for product in (self.desk, self.desk.product_tmpl_id):
            self.assertFalse(Form(self.lamp.with_user(manager)).has_assembly_bom)
            with Form(product.with_user(manager)) as form:
                self.assertTrue(form.has_assembly_bom)
                form.assembly_policy = "assemble_to_order"
            self.assertEqual(product.assembly_policy, "assemble_to_order")
            product.assembly_policy = "assemble_to_stock"
            seller = product.with_user(self.seller)
            fields = {"has_assembly_bom": {}, "assembly_policy": {}}
            self.assertTrue(seller.web_read(fields)[0]["has_assembly_bom"])

    def test_before_the_bill_of_materials(self):
        """A product may be set up in any order; nothing is assembled until then."""
        desk = self._create_product("New Desk", assembly_policy="assemble_to_order")
        line = self._create_order((desk, 10)).order_line
        self.assertFalse(line.is_assembled)
        self.assertLine(line, 10, 10, 0)

    def test_override_by_warehouse(self):
        """R3: in one warehouse to order, in the other one from stock."""
        other = self._create_warehouse("Shop", "SHP")
        self._override(self.desk, "assemble_to_order", other)
        order = self._create_order((self.desk, 10))
        self.assertEqual(order.order_line.assembly_policy, "assemble_to_stock")
        self.assertLine(order.order_line, 10, 10, 0)
        order = self._create_order((self.desk, 10), warehouse_id=other.id)
        self.assertEqual(order.order_line.assembly_policy, "assemble_to_order")
        self.assertLine(order.order_line, 10, 0, 10)

    def test_override_of_a_variant_wins(self):
        """R3: the most specific row, even when it goes back to stock."""
        colour = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [
                    Command.create({"name": "Black"}),
                    Command.create({"name": "White"}),
                ],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Coloured Desk",
                "is_storable": True,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": colour.id,
                            "value_ids": [Command.set(colour.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        black, white = template.product_variant_ids
        self._create_bom(black, {self.top: 1})
        self._override(black, "assemble_to_order")
        self._override(white, "assemble_to_stock", variant=True)
        lines = self._create_order((black, 10), (white, 10)).order_line
        self.assertRecordValues(
            lines,
            [
                {
                    "assembly_policy": "assemble_to_order",
                    "qty_to_assemble_to_order": 10,
                },
                {"assembly_policy": "assemble_to_stock", "qty_to_assemble_to_order": 0},
            ],
        )

    def test_override_follows_the_same_checks(self):
        kit = self._create_product("Kit")
        self._create_bom(kit, {self.leg: 1}, type="phantom")
        with self.assertRefused("Kit"):
            self._override(kit, "assemble_to_order")

    def test_override_of_a_foreign_variant(self):
        with self.assertRefused("not a variant of"):
            self.env["product.assembly.policy"].create(
                {
                    "product_tmpl_id": self.desk.product_tmpl_id.id,
                    "product_id": self.lamp.id,
                    "warehouse_id": self.warehouse.id,
                }
            )
