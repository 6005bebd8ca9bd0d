# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestOrderLife(AssembleToOrderCommon):
    """What else happens to quotations and orders."""

    def test_bill_of_materials_archived(self):
        """The order at hand is still made; a new one is refused with the reason."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        self.desk.bom_ids.active = False
        self.assertFalse(line.is_assembled)
        line.product_uom_qty = 11
        line.qty_to_assemble_to_order = 5
        self.assertEqual(line.assembly_order_ids, order)
        self.assertComponents(order, {self.leg: 20, self.top: 5})
        line.order_id.action_confirm()
        line.qty_to_assemble_to_order = 6
        self.assertInvariants(line)
        self._produce(order)
        self._deliver(line.order_id.picking_ids)
        with self.assertRefused("no bill of materials"):
            self._create_order((self.desk, 10, 4))

    def test_archived_after_everything_is_made(self):
        """No order is left to raise, and there is nothing to make one from."""
        line = self._create_order((self.desk, 10, 4)).order_line
        line.order_id.action_confirm()
        self._produce(line.assembly_order_ids)
        self.desk.bom_ids.active = False
        with self.assertRefused("no bill of materials"):
            line.qty_to_assemble_to_order = 5
        self.assertInvariants(line)
        line.product_uom_qty = 12
        self.assertLine(line, 12, 8, 4)
        self.assertInvariants(line)

    def test_another_bill_of_materials(self):
        """A newer bill of materials is for new lines; the user's order stays."""
        line = self._create_order((self.desk, 10, 4)).order_line
        bom = self.desk.bom_ids
        bom.active = False
        self._create_bom(self.desk, {self.leg: 3, self.top: 1})
        line.product_uom_qty = 12
        self.assertComponents(line.assembly_order_ids, {self.leg: 16, self.top: 4})
        new = self._create_order((self.desk, 10, 4)).order_line
        self.assertComponents(new.assembly_order_ids, {self.leg: 12, self.top: 4})

    def test_becomes_a_kit(self):
        """Existing quotations are not changed behind anybody's back."""
        line = self._create_order((self.desk, 10, 4)).order_line
        self.desk.bom_ids.type = "phantom"
        self.assertLine(line, 10, 6, 4)
        line.qty_to_assemble_to_order = 0
        self.assertFalse(line.assembly_order_ids)
        with self.assertRefused("sold as a kit"):
            line.qty_to_assemble_to_order = 4

    def test_policy_changed(self):
        """Lines that are there keep what was decided."""
        line = self._create_order((self.desk_to_order, 10)).order_line
        self.desk_to_order.assembly_policy = "assemble_to_stock"
        self.assertLine(line, 10, 0, 10)

    def test_customer_changed(self):
        """376713, 378720: one assembly order, of the same line, for the new one."""
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        other = self.env["res.partner"].create({"name": "Deco Addict"})
        with Form(sale) as form:
            form.partner_id = other
        self.assertEqual(sale.order_line.assembly_order_ids, order)
        self.assertEqual(order.ato_partner_id, other)

    def test_quotation_template(self):
        template = self.env["sale.order.template"].create(
            {
                "name": "Office",
                "sale_order_template_line_ids": [
                    Command.create(
                        {"product_id": self.desk_to_order.id, "product_uom_qty": 5}
                    ),
                    Command.create({"product_id": self.desk.id, "product_uom_qty": 5}),
                ],
            }
        )
        group = self.env.ref("sale_management.group_sale_order_template")
        self.env.user.group_ids += group
        form = self._order_form()
        form.sale_order_template_id = template
        sale = form.save()
        self.assertEqual(sale.order_line.mapped("qty_to_assemble_to_order"), [5.0, 0.0])
        self.assertEqual(sale.assembly_order_count, 1)

    def test_import(self):
        """A file with the two figures makes lines and orders like the screen."""
        result = self.env["sale.order"].load(
            [
                "partner_id/.id",
                "warehouse_id/.id",
                "order_line/product_id/.id",
                "order_line/product_uom_qty",
                "order_line/qty_to_assemble_to_order",
            ],
            [
                [self.customer.id, self.warehouse.id, self.desk.id, "10", "4"],
                ["", "", self.desk_to_order.id, "3", "3"],
            ],
        )
        self.assertFalse(result["messages"])
        sale = self.env["sale.order"].browse(result["ids"])
        self.assertEqual(
            sale.order_line.mapped("assembly_order_ids.product_qty"), [4.0, 3.0]
        )

    def test_import_of_nonsense(self):
        result = self.env["sale.order"].load(
            [
                "partner_id/.id",
                "order_line/product_id/.id",
                "order_line/product_uom_qty",
                "order_line/qty_to_assemble_to_order",
            ],
            [[self.customer.id, self.desk.id, "10", "11"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("from 0 to 10", result["messages"][0]["message"])

    def test_several_lines_at_once(self):
        """Multi-edit: the same figure for lines of several quotations."""
        lines = self.env["sale.order.line"].union(
            *[self._create_order((self.desk, 10)).order_line for _number in range(3)]
        )
        lines.write({"qty_to_assemble_to_order": 4})
        self.assertEqual(
            [line.assembly_order_ids.product_qty for line in lines], [4.0] * 3
        )

    def test_sent_quotation(self):
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        sale.action_quotation_sent()
        sale.order_line.product_uom_qty = 3
        self.assertEqual(order.product_qty, 3)
        sale.action_confirm()
        self.assertEqual(order.state, "confirmed")

    def test_negative_line(self):
        line = self._create_order((self.desk_to_order, -2)).order_line
        self.assertLine(line, -2, -2, 0)
        with self.assertRefused("from 0 to 0.00 Units"):
            line.qty_to_assemble_to_order = 1

    def test_locked_after_confirmation(self):
        """Orders that lock themselves at confirmation are delivered all the same."""
        self.env["res.config.settings"].create(
            {"group_auto_done_setting": True}
        ).execute()
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        self.assertTrue(sale.locked)
        self._produce(sale.order_line.assembly_order_ids)
        self._deliver(sale.picking_ids)
        self.assertEqual(sale.order_line.qty_delivered, 10)
