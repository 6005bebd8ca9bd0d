# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestAssemblyOrder(AssembleToOrderCommon):
    """The draft order of a quotation line: created with it, following it."""

    def test_created_with_the_line(self):
        """R26, R27: one order, for the part to assemble, for the delivery date."""
        date = self._noon(96)
        line = self._create_order((self.desk, 10, 4), commitment_date=date).order_line
        order = line.assembly_order_ids
        self.assertRecordValues(
            order,
            [
                {
                    "product_id": self.desk.id,
                    "product_qty": 4,
                    "product_uom_id": self.unit.id,
                    "state": "draft",
                    "origin": line.order_id.name,
                    "date_deadline": date,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "is_assemble_to_order": True,
                    "ato_sale_order_id": line.order_id.id,
                    "ato_partner_id": self.customer.id,
                    "sale_line_id": False,
                }
            ],
        )
        self.assertComponents(order, {self.leg: 16, self.top: 4})

    def test_nothing_without_assembly(self):
        line = self._create_order((self.desk, 10)).order_line
        self.assertFalse(line.assembly_order_ids)

    def test_created_in_one_batch(self):
        """n new lines, one create; each line has its own order (invariant 6)."""
        Production = self.env.registry["mrp.production"]
        calls = []
        create = Production.create

        def counting_create(records, vals_list):
            calls.append(len(vals_list))
            return create(records, vals_list)

        with patch.object(Production, "create", counting_create):
            order = self._create_order(
                (self.desk, 10, 4), (self.desk, 5, 5), (self.desk_to_order, 3)
            )
        self.assertEqual(calls, [3])
        orders = [line.assembly_order_ids for line in order.order_line]
        self.assertEqual([o.product_qty for o in orders], [4, 5, 3])

    def test_typed_in_the_form(self):
        form = self._order_form((self.desk, 10))
        with form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 4
        order = form.save()
        self.assertEqual(order.order_line.assembly_order_ids.product_qty, 4)
        self.assertEqual(order.assembly_order_count, 1)

    def test_only_at_confirmation(self):
        self.company.assembly_order_creation = "confirmation"
        order = self._create_order((self.desk, 10, 4))
        self.assertFalse(order.order_line.assembly_order_ids)
        order.action_confirm()
        self.assertRecordValues(
            order.order_line.assembly_order_ids,
            [{"product_qty": 4, "state": "confirmed"}],
        )

    def test_follows_the_quantity(self):
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        line.qty_to_assemble_to_order = 6
        self.assertEqual(line.assembly_order_ids, order, "the same order")
        self.assertComponents(order, {self.leg: 24, self.top: 6})
        self.assertEqual(order.move_finished_ids.product_uom_qty, 6)
        line.product_uom_qty = 3
        self.assertEqual(order.product_qty, 3)
        self.assertComponents(order, {self.leg: 12, self.top: 3})

    def test_follows_the_unit(self):
        """A dozen, of it half to assemble: 6 units, whatever the line counts in."""
        line = self._create_order((self.desk, 12, 6)).order_line
        order = line.assembly_order_ids
        line.write({"product_uom_id": self.dozen.id, "product_uom_qty": 2})
        self.assertLine(line, 2, 0, 2)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertRecordValues(
            order, [{"product_qty": 24, "product_uom_id": self.unit.id}]
        )
        line.qty_to_assemble_to_order = 0.5
        self.assertEqual(order.product_qty, 6)

    def test_follows_the_delivery_date(self):
        date = self._noon(96)
        sale = self._create_order((self.desk, 10, 4), commitment_date=date)
        order = sale.order_line.assembly_order_ids
        start = order.date_start
        later = date + timedelta(days=7, hours=2)
        sale.commitment_date = later
        self.assertEqual(order.date_deadline, later)
        self.assertEqual(order.date_start, start + timedelta(days=7))
        self.assertEqual(order.move_raw_ids.mapped("date"), [order.date_start] * 2)
        self.assertEqual(order.move_finished_ids.date_deadline, later)

    def test_follows_the_warehouse(self):
        shop = self._create_warehouse("Shop", "SHP", manufacture_steps="pbm")
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        self._edit_components(order)
        sale.warehouse_id = shop
        self.assertEqual(sale.order_line.assembly_order_ids, order)
        self.assertRecordValues(
            order,
            [
                {
                    "picking_type_id": shop.manu_type_id.id,
                    "location_src_id": shop.pbm_loc_id.id,
                    "location_dest_id": shop.lot_stock_id.id,
                }
            ],
        )
        self.assertComponents(order, {self.leg: 10, self.lamp: 4})
        self.assertEqual(order.move_raw_ids.location_id, shop.pbm_loc_id)
        self.assertEqual(order.move_raw_ids.warehouse_id, shop)
        self.assertEqual(order.move_finished_ids.location_dest_id, shop.lot_stock_id)

    def test_another_product_another_order(self):
        """T053: exactly one order for the new product, none for the old one."""
        line = self._create_order((self.desk_to_order, 10)).order_line
        old = line.assembly_order_ids
        chair = self._create_product(
            "Chair", components={self.leg: 4}, assembly_policy="assemble_to_order"
        )
        line.product_id = chair
        self.assertFalse(old.exists())
        self.assertRecordValues(
            line.assembly_order_ids, [{"product_id": chair.id, "product_qty": 10}]
        )
        line.product_id = self.lamp
        self.assertFalse(line.assembly_order_ids)

    def _edit_components(self, order):
        """More legs, no top, and a lamp."""
        leg, top = order.move_raw_ids.sorted(lambda m: m.product_id != self.leg)
        order.move_raw_ids = [
            Command.update(leg.id, {"product_uom_qty": 10}),
            Command.delete(top.id),
            Command.create(
                {
                    "product_id": self.lamp.id,
                    "product_uom_qty": 4,
                    "product_uom": self.lamp.uom_id.id,
                    "location_id": order.location_src_id.id,
                    "location_dest_id": order.production_location_id.id,
                }
            ),
        ]

    def test_component_edits_are_scaled(self):
        """T5, W18: what a user changed follows the quantity, and comes back."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        self._edit_components(order)
        for to_assemble, legs, lamps in ((8, 20, 8), (3, 7.5, 3), (4, 10, 4)):
            line.qty_to_assemble_to_order = to_assemble
            self.assertComponents(order, {self.leg: legs, self.lamp: lamps})

    def test_component_edits_survive_everything(self):
        """T5: date, bill of materials, quantity, lead time, confirmation."""
        sale = self._create_order((self.desk, 10, 4))
        line = sale.order_line
        order = line.assembly_order_ids
        self._edit_components(order)
        edited = {self.leg: 10, self.lamp: 4}
        sale.commitment_date = self._noon(96)
        self.assertComponents(order, edited)
        self.desk.bom_ids.bom_line_ids[0].product_qty = 5
        line.product_uom_qty = 11
        self.assertComponents(order, edited)
        line.customer_lead = 12
        self.assertComponents(order, edited)
        sale.action_confirm()
        self.assertComponents(order, edited)

    def test_unedited_components_do_not_drift(self):
        """A third of a unit and back is what the bill of materials says."""
        self.desk.bom_ids.product_qty = 3
        line = self._create_order((self.desk, 10, 3)).order_line
        order = line.assembly_order_ids
        for to_assemble in (1, 7, 2, 3):
            line.qty_to_assemble_to_order = to_assemble
        self.assertComponents(order, {self.leg: 4, self.top: 1})

    def test_by_products_are_kept(self):
        """T6: Odoo makes finished moves anew when the order is linked or resized."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        order.move_finished_ids = [
            Command.create(
                {
                    "product_id": self.lamp.id,
                    "product_uom_qty": 2,
                    "product_uom": self.lamp.uom_id.id,
                    "location_id": order.production_location_id.id,
                    "location_dest_id": order.location_dest_id.id,
                }
            )
        ]
        line.qty_to_assemble_to_order = 8
        line.order_id.commitment_date = self._noon(96)
        line.order_id.action_confirm()
        finished = {m.product_id: m.product_uom_qty for m in order.move_finished_ids}
        self.assertEqual(finished, {self.desk: 8, self.lamp: 4})
        self.assertEqual(line.qty_assembled, 0)

    def test_removed_with_zero(self):
        """R21: back to stock, and nothing is left behind."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order, reference = (
            line.assembly_order_ids,
            line.assembly_order_ids.reference_ids,
        )
        line.qty_to_assemble_to_order = 0
        self.assertFalse(order.exists())
        self.assertFalse(reference.exists())
        line.qty_to_assemble_to_order = 2
        self.assertEqual(line.assembly_order_ids.product_qty, 2)

    def test_removed_with_the_line(self):
        """T050: no orphan."""
        sale = self._create_order((self.desk, 10, 4), (self.desk, 5, 5))
        first, second = (line.assembly_order_ids for line in sale.order_line)
        with Form(sale) as form:
            form.order_line.remove(0)
        self.assertFalse(first.exists())
        self.assertTrue(second.exists())

    def test_removed_with_the_order(self):
        """T051: Odoo deletes the lines in the database, without their code."""
        sale = self._create_order((self.desk, 10, 4), (self.desk, 5, 5))
        orders = sale.order_line.assembly_order_ids
        sale.unlink()
        self.assertFalse(orders.exists())
        self.assertFalse(orders.move_raw_ids.exists())

    def test_two_lines_two_orders(self):
        sale = self._create_order((self.desk, 10, 4), (self.desk, 5, 2))
        first, second = sale.order_line
        orders = first.assembly_order_ids, second.assembly_order_ids
        sale.action_confirm()
        first.qty_to_assemble_to_order = 5
        self.assertEqual([o.product_qty for o in orders], [5, 2])
        self.assertFalse(orders[0] & orders[1])
