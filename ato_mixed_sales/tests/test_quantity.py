# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestQuantity(AssembleToOrderCommon):
    """What a salesperson sees and types on the line of a quotation."""

    def test_typing_a_quantity(self):
        """R10: by policy, before anything is saved."""
        form = self._order_form((self.desk, 10), (self.desk_to_order, 10))
        with form.order_line.edit(0) as line:
            self.assertTrue(line.is_assembled)
            self.assertEqual(line.qty_to_assemble_to_order, 0)
            self.assertEqual(line.qty_from_stock, 10)
        with form.order_line.edit(1) as line:
            self.assertEqual(line.qty_to_assemble_to_order, 10)
            self.assertEqual(line.qty_from_stock, 0)

    def test_a_split_survives_typing(self):
        """10/7 → 12/7 → 5/5 → 6/6: kept, capped, then wholly to order."""
        form = self._order_form((self.desk_to_order, 10))
        with form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 7
            self.assertEqual(line.qty_from_stock, 3)
            for quantity, expected in ((12, 7), (5, 5), (6, 6)):
                line.product_uom_qty = quantity
                self.assertEqual(line.qty_to_assemble_to_order, expected)
        order = form.save()
        self.assertLine(order.order_line, 6, 0, 6)

    def test_a_cleared_quantity_stays_cleared(self):
        """W7: what somebody decided is not undone by the next change."""
        form = self._order_form((self.desk_to_order, 10))
        with form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 0
            line.product_uom_qty = 11
            self.assertEqual(line.qty_to_assemble_to_order, 0)
        order = form.save()
        self.assertLine(order.order_line, 11, 11, 0)
        order.order_line.product_uom_qty = 12
        self.assertLine(order.order_line, 12, 12, 0)

    def test_the_same_by_rpc(self):
        order = self._create_order((self.desk_to_order, 10))
        line = order.order_line
        self.assertLine(line, 10, 0, 10)
        line.qty_to_assemble_to_order = 7
        for quantity, expected in ((12, 7), (8, 7), (5, 5), (6, 6)):
            line.product_uom_qty = quantity
            self.assertLine(line, quantity, quantity - expected, expected)
        line.write({"product_uom_qty": 10, "qty_to_assemble_to_order": 6})
        line.product_uom_qty = 11
        self.assertLine(line, 11, 5, 6)

    def test_saved_and_reopened(self):
        """The memory of a decision is the document's, not the screen's."""
        order = self._order_form((self.desk, 10)).save()
        with Form(order) as form, form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 10
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 12
        self.assertLine(order.order_line, 12, 0, 12)

    def test_another_product(self):
        """R12: the quantity stays, what is assembled follows the new product."""
        order = self._create_order((self.desk_to_order, 10, 7))
        line = order.order_line
        line.product_id = self.desk
        self.assertLine(line, 10, 10, 0)
        line.product_id = self.desk_to_order
        self.assertLine(line, 10, 0, 10)
        line.product_id = self.lamp
        self.assertLine(line, 10, 10, 0)

    def test_another_warehouse(self):
        """R11: an untouched line follows the policy there, a mixed one is kept."""
        other = self._create_warehouse("Shop", "SHP")
        self.env["product.assembly.policy"].create(
            {
                "product_tmpl_id": self.desk.product_tmpl_id.id,
                "warehouse_id": other.id,
                "policy": "assemble_to_order",
            }
        )
        order = self._create_order((self.desk, 10), (self.desk, 10, 4))
        order.warehouse_id = other
        self.assertEqual(
            order.order_line.mapped("qty_to_assemble_to_order"), [10.0, 4.0]
        )

    def test_copy_keeps_the_split(self):
        order = self._create_order((self.desk, 10, 4))
        copied = order.copy()
        self.assertLine(copied.order_line, 10, 6, 4)
        self.assertEqual(copied.order_line.assembly_order_ids.product_qty, 4)
        self.assertNotEqual(
            copied.order_line.assembly_order_ids, order.order_line.assembly_order_ids
        )

    def test_not_more_than_ordered(self):
        order = self._create_order((self.desk, 10, 4))
        with self.assertRefused(r"Desk on .*11.*from 0 to 10"):
            order.order_line.qty_to_assemble_to_order = 11
        with self.assertRefused("from 0 to 10"):
            order.order_line.qty_to_assemble_to_order = -1
        with self.assertRefused("from 0 to 10"):
            self._create_order((self.desk, 10, 10.01))
        self.assertLine(order.order_line, 10, 6, 4)

    def test_the_screen_refuses_too(self):
        form = self._order_form((self.desk, 10))
        with form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 11
        with self.assertRefused("from 0 to 10"):
            form.save()

    def test_not_assembled(self):
        """Services, goods without bill of materials, kits: refused with a reason."""
        service = self.env["product.product"].create(
            {"name": "Assembly at Home", "type": "service"}
        )
        kit = self._create_product("Desk Kit")
        self._create_bom(kit, {self.leg: 4}, type="phantom")
        for product, reason in (
            (service, "inventory is not tracked"),
            (self.lamp, "no bill of materials"),
            (kit, "sold as a kit"),
        ):
            with self.subTest(product=product.name):
                line = self._create_order((product, 10)).order_line
                self.assertFalse(line.is_assembled)
                self.assertLine(line, 10, 10, 0)
                with self.assertRefused(reason):
                    line.qty_to_assemble_to_order = 1

    def test_warehouse_that_does_not_manufacture(self):
        shop = self._create_warehouse("Shop", "SHP", manufacture_to_resupply=False)
        line = self._create_order((self.desk, 10), warehouse_id=shop.id).order_line
        self.assertFalse(line.is_assembled)
        with self.assertRefused("Shop does not manufacture"):
            line.qty_to_assemble_to_order = 4

    def test_bill_of_materials_of_another_warehouse(self):
        """What only another warehouse can make is not assembled here."""
        shop = self._create_warehouse("Shop", "SHP")
        self.desk.bom_ids.picking_type_id = shop.manu_type_id
        line = self._create_order((self.desk, 10)).order_line
        self.assertFalse(line.is_assembled)

    def test_sections_and_notes(self):
        order = self._create_order((self.desk, 10, 4))
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Office"}),
            Command.create({"display_type": "line_note", "name": "By the door"}),
        ]
        self.assertEqual(
            order.order_line.mapped("qty_to_assemble_to_order"), [4.0, 0.0, 0.0]
        )

    def test_locked_order(self):
        """T12: Odoo would write the figure and move nothing."""
        order = self._create_order((self.desk, 10, 4))
        order.action_confirm()
        order.action_lock()
        with self.assertRefused("Qty. to Assemble to Order"):
            order.order_line.qty_to_assemble_to_order = 3

    def test_columns_only_where_something_is_assembled(self):
        order = self._create_order((self.lamp, 10))
        self.assertFalse(order.has_assembled_lines)
        order.order_line.product_id = self.desk
        self.assertTrue(order.has_assembled_lines)
