# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestUnits(AssembleToOrderCommon):
    """The line is sold in another unit than the product is counted in."""

    def _create_dozens(self, quantity, to_assemble):
        vals = self._prepare_line_vals(
            self.desk, quantity, to_assemble, product_uom_id=self.dozen.id
        )
        return self._create_order(order_line=[Command.create(vals)]).order_line

    def test_two_dozen(self):
        """T194: 2 dozen to order is an assembly order of 24 units."""
        line = self._create_dozens(2, 2)
        self.assertEqual(line.assembly_order_ids.product_qty, 24)
        line.write({"product_uom_id": self.unit.id, "product_uom_qty": 2})
        self.assertEqual(line.assembly_order_ids.product_qty, 2)

    def test_units_of_what_is_counted_in_dozens(self):
        """7 of a shelf that is counted in dozens, 0.58: all 7 may be assembled."""
        shelf = self._create_product(
            "Shelf", components={self.leg: 1}, uom_id=self.dozen.id
        )
        vals = self._prepare_line_vals(shelf, 7, 7, product_uom_id=self.unit.id)
        line = self._create_order(order_line=[Command.create(vals)]).order_line
        self.assertLine(line, 7, 0, 7)
        line.qty_to_assemble_to_order = 3
        self.assertLine(line, 7, 4, 3)
        with self.assertRefused("8.00 Units cannot be assembled"):
            line.qty_to_assemble_to_order = 8

    def test_a_third_of_a_dozen(self):
        """4 of 12 units: 4 are made, 8 are taken, 12 are delivered."""
        self._set_stock(self.desk, 8)
        line = self._create_dozens(1, 0.33)
        order = line.assembly_order_ids
        self.assertEqual(order.product_qty, 4)
        line.order_id.action_confirm()
        self.assertEqual(self._moves(line, "stock").product_qty, 8)
        self.assertEqual(self._moves(line, "assembly").product_qty, 4)
        self.assertInvariants(line)
        self._produce(order)
        self.assertEqual(line.qty_assembled, 0.33)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 1)
        self.assertEqual(line.reserved_qty, 0)

    def test_every_share_of_a_dozen(self):
        """Whatever is typed, both parts are whole units and add up."""
        line = self._create_dozens(1, 0)
        for units in range(13):
            line.qty_to_assemble_to_order = units / 12
            parts = line._get_part_units()
            self.assertEqual(parts, (12 - units, units))

    def test_answers_in_dozens(self):
        """A third of a dozen more is two thirds: 8 units, not 7.92; and back to 4."""
        self._set_stock(self.desk, 4)
        line = self._create_dozens(1, 0.33)
        line.order_id.action_confirm()
        line.action_assemble_missing()
        self.assertEqual(line.qty_to_assemble_to_order, 0.67)
        self.assertEqual(line.assembly_order_ids.product_qty, 8)
        self.assertInvariants(line)
        self._set_stock(self.desk, 8)
        line.action_take_from_stock()
        self.assertEqual(line.qty_to_assemble_to_order, 0.33)
        self.assertEqual(line.assembly_order_ids.product_qty, 4)
        self.assertInvariants(line)

    def test_closed_short_in_dozens(self):
        """3 of 4 are made: a quarter of a dozen, nothing is left over."""
        line = self._create_dozens(1, 0.33)
        line.order_id.action_confirm()
        self._produce(line.assembly_order_ids, 3, backorder=False)
        self.assertEqual(line.qty_to_assemble_to_order, 0.25)
        self.assertEqual(self._moves(line, "stock").product_qty, 9)
        self.assertEqual(self._moves(line, "assembly").product_qty, 3)
        self.assertInvariants(line)

    def test_changed_in_dozens(self):
        line = self._create_dozens(2, 0.5)
        line.order_id.action_confirm()
        for to_assemble, units in ((1, 12), (0.08, 1), (0.42, 5)):
            line.qty_to_assemble_to_order = to_assemble
            self.assertEqual(line._get_producing_units(), units)
            self.assertEqual(self._moves(line, "stock").product_qty, 24 - units)
            self.assertInvariants(line)

    def test_typed_unit_is_told(self):
        """Figures name their unit: forms have none for who sees no units."""
        dozens = self._create_product(
            "Shelf", components={self.leg: 1}, uom_id=self.dozen.id
        )
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        self.assertFalse(self.seller.has_group("uom.group_uom"))
        with Form(order.with_user(self.seller)) as form:
            with form.order_line.edit(0) as line:
                line.product_id = dozens
                self.assertEqual(line.assembly_figures["uom"], "Dozens")
            with form.order_line.new() as line:
                line.product_id = self.desk
                self.assertEqual(line.assembly_figures["uom"], "Units")
        self.seller.group_ids += self.env.ref("uom.group_uom")
        with Form(order.with_user(self.seller)) as form:
            with form.order_line.edit(1) as line:
                line.product_uom_id = self.dozen
                self.assertEqual(line.assembly_figures["uom"], "Dozens")
                self.assertEqual(line.assembly_figures["uom_id"], self.dozen.id)

    def test_rounds_to_nothing(self):
        """T036: what cannot be counted is refused, not forgotten."""
        line = self._create_dozens(2, 1)
        with self.assertRefused("0.001 Dozens to assemble"):
            line.write({"qty_to_assemble_to_order": 0.001})
        self.assertEqual(line.qty_to_assemble_to_order, 1)
        with self.assertRefused("less than can be counted"):
            self._create_order((self.desk, 10, 0.004))
