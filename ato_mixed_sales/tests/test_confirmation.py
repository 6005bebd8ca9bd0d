# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestConfirmation(AssembleToOrderCommon):
    def test_mixed_line_from_quotation_to_delivery(self):
        """6 on the shelf, 10 sold: take 6, make 4, deliver 10."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        assembly = line.assembly_order_ids
        self.assertRecordValues(assembly, [{"state": "draft", "product_qty": 4}])

        order.action_confirm()

        self.assertEqual(line.assembly_order_ids, assembly, "the very same order")
        self.assertEqual(assembly.state, "confirmed")
        picking = order.picking_ids
        self.assertEqual(len(picking), 1, "one delivery")
        stock, made = self._moves(line, "stock"), self._moves(line, "assembly")
        self.assertRecordValues(
            stock | made,
            [
                {"product_uom_qty": 6, "quantity": 6, "state": "assigned"},
                {"product_uom_qty": 4, "quantity": 0, "state": "waiting"},
            ],
        )
        self.assertEqual(made.move_orig_ids, assembly.move_finished_ids)

        self._produce(assembly)
        self.assertRecordValues(made, [{"quantity": 4, "state": "assigned"}])
        self.assertEqual(line.qty_assembled, 4)

        self._deliver(picking)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(order.delivery_status, "full")

    def test_kit_among_components(self):
        """Kits are looked for at once: what is one is taken apart, nothing else is."""
        kit = self._create_product("Fittings")
        self._create_bom(kit, {self.lamp: 2}, type="phantom")
        order = self._create_order((self.desk, 10, 4), (self.desk_to_order, 2, 2))
        assembly, other = order.order_line.assembly_order_ids
        assembly.move_raw_ids = [
            Command.create({"product_id": kit.id, "product_uom_qty": 3})
        ]
        order.action_confirm()
        self.assertComponents(assembly, {self.leg: 16, self.top: 4, self.lamp: 6})
        self.assertComponents(other, {self.leg: 8, self.top: 2})
        self.assertEqual(len(order.picking_ids), 1, "one delivery for all parts")
        for line in order.order_line:
            self.assertInvariants(line)

    def test_chatter_of_assembly_orders(self):
        """Their planner reads which order had them confirmed; followers are told."""
        self.env = self.env(context={**self.env.context, "tracking_disable": False})
        order = self.env["sale.order"].browse(
            self._create_order((self.desk, 10, 4), (self.desk_to_order, 2, 2)).id
        )
        followed, other = order.order_line.assembly_order_ids
        followed.message_subscribe(self.customer.ids)
        self.env.cr.flush()
        order.action_confirm()
        self.env.cr.flush()
        self.assertEqual(
            followed.message_ids[0].subtype_id,
            self.env.ref("mrp.mrp_mo_in_confirmed"),
        )
        self.assertIn(f"together with {order.name}", other.message_ids[0].body)
        self.assertFalse(other.message_ids.tracking_value_ids)
