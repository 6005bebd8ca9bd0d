# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestComponents(AssembleToOrderCommon):
    """The dialog with the components, opened from the line by a salesperson."""

    def setUp(self):
        super().setUp()
        self.sale = self._order_form((self.desk_to_order, 4), user=self.seller).save()
        self.line = self.sale.order_line

    def _open(self, line=None):
        action = (line or self.line).action_open_assembly_components()
        record = self.env[action["res_model"]].with_user(self.seller)
        record = record.with_context(**action["context"]).browse(action["res_id"])
        return Form(record, view=action["views"][0][0])

    def _order(self):
        return self.line.sudo().assembly_order_ids

    def test_opens_the_linked_order(self):
        action = self.line.action_open_assembly_components()
        self.assertEqual(action["res_model"], "mrp.production")
        self.assertEqual(action["res_id"], self._order().id)
        self.assertEqual(action["target"], "new")

    def test_change_a_quantity(self):
        with self._open() as form, form.move_raw_ids.edit(0) as move:
            move.product_uom_qty = 20
        self.assertComponents(self._order(), {self.leg: 20, self.top: 4})

    def test_add_a_component(self):
        with self._open() as form, form.move_raw_ids.new() as move:
            move.product_id = self.lamp
            move.product_uom_qty = 2
        self.assertComponents(self._order(), {self.leg: 16, self.top: 4, self.lamp: 2})

    def test_remove_a_component(self):
        with self._open() as form:
            form.move_raw_ids.remove(1)
        self.assertComponents(self._order(), {self.leg: 16})

    def test_substitute_a_component(self):
        """The glass top in place of the wooden one, no bill of materials touched."""
        glass = self._create_product("Glass Top")
        with self._open() as form, form.move_raw_ids.edit(1) as move:
            move.product_id = glass
        self.assertComponents(self._order(), {self.leg: 16, glass: 4})
        self.line.product_uom_qty = 8
        self.assertComponents(self._order(), {self.leg: 32, glass: 8})
        self.assertEqual(
            self.desk_to_order.bom_ids.bom_line_ids.product_id, self.leg | self.top
        )

    def test_consumed_as_edited(self):
        """T236: sold, made and delivered with what the salesperson chose."""
        with self._open() as form:
            form.move_raw_ids.remove(1)
            with form.move_raw_ids.new() as move:
                move.product_id = self.lamp
                move.product_uom_qty = 2
        self.sale.action_confirm()
        order = self._order()
        self.assertComponents(order, {self.leg: 16, self.lamp: 2})
        before = {p: p.qty_available for p in (self.leg, self.top, self.lamp)}
        self._produce(order)
        self._deliver(self.sale.sudo().picking_ids)
        used = {p: before[p] - p.qty_available for p in before}
        self.assertEqual(used, {self.leg: 16, self.top: 0, self.lamp: 2})
        self.assertEqual(self.line.qty_delivered, 4)

    def test_after_confirmation(self):
        self.sale.action_confirm()
        with self._open() as form, form.move_raw_ids.edit(0) as move:
            move.product_uom_qty = 20
        self.assertComponents(self._order(), {self.leg: 20, self.top: 4})

    def test_nothing_to_open(self):
        self.line.qty_to_assemble_to_order = 0
        with self.assertRefused("no open assembly order"):
            self.line.action_open_assembly_components()

    def test_of_a_colleague(self):
        """Nobody edits the components of an order that they may not edit."""
        colleague = new_test_user(
            self.env, login="ato_colleague", groups="sales_team.group_sale_salesman"
        )
        line = self.line.with_user(colleague)
        with self.assertRaises(AccessError):
            line.action_open_assembly_components()
        order = self._order()
        with self.assertRaises(AccessError):
            order.with_user(colleague).move_raw_ids = [
                Command.delete(order.move_raw_ids[0].id)
            ]
