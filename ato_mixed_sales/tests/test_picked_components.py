# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestPickedComponents(AssembleToOrderCommon):
    """Components that are picked before they are used count once."""

    def setUp(self):
        super().setUp()
        self._set_steps("pick_ship", "pbm_sam")
        self._set_stock(self.leg, 16)

    def assertCanAssemble(self, line, able, short):
        line.invalidate_recordset()
        self.assertEqual(line.able_to_assemble_qty, able)
        self.assertEqual(line.components_short_qty, short)

    def test_of_others(self):
        """16 legs, 8 of them for another order: held first, then picked, then used."""
        other = self._create_order((self.desk, 2, 2))
        other.action_confirm()
        order = other.order_line.assembly_order_ids
        picking = order.picking_ids.filtered(
            lambda transfer: transfer.picking_type_id == self.warehouse.pbm_type_id
        )
        enough = self._create_order((self.desk, 2, 2)).order_line
        short = self._create_order((self.desk, 3, 3)).order_line
        picking.action_assign()
        [held] = picking.move_ids.filtered(lambda move: move.product_id == self.leg)
        self.assertEqual(held.quantity, 8)
        for step in ("held", "picked"):
            with self.subTest(step=step):
                self.assertCanAssemble(enough, 2, 0)
                self.assertCanAssemble(short, 2, 1)
                self.assertCanAssemble(other.order_line, 2, 0)
            picking.button_validate()
        self._produce(order)
        self.assertCanAssemble(enough, 2, 0)
        self.assertCanAssemble(short, 2, 1)

    def test_held_in_part(self):
        """10 legs, 8 for another order, of which it holds 4: 2 are left."""
        other = self._create_order((self.desk, 2, 2))
        other.action_confirm()
        picking = other.order_line.assembly_order_ids.picking_ids[:1]
        [held] = picking.move_ids.filtered(lambda move: move.product_id == self.leg)
        held.quantity = 4
        self._set_stock(self.leg, 10)
        line = self._create_order((self.desk, 1, 1)).order_line
        self.assertCanAssemble(line, 0, 1)
        self._set_stock(self.leg, 12)
        self.assertCanAssemble(line, 1, 0)
