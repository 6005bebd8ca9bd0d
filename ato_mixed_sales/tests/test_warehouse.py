# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestWarehouse(CheckedStories, AssembleToOrderCommon):
    """What happens to the goods after the order is confirmed."""

    def setUp(self):
        super().setUp()
        self._set_stock(self.desk, 20)
        self.sale = self._create_order((self.desk, 10, 4))
        self.sale.action_confirm()
        self.line = self.sale.order_line
        self.order = self.line.assembly_order_ids

    def _open_picking(self):
        return self.sale.picking_ids.filtered(
            lambda p: p.picking_type_code == "outgoing"
            and p.state not in ("done", "cancel")
        )

    def _deliver_and_close(self, **quantities):
        """Deliver these and give up the rest."""
        picking = self._open_picking()
        self._deliver(
            picking.with_context(picking_ids_not_to_backorder=picking.ids),
            **quantities,
        )

    def _return(self, picking, refund=True, **quantities):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        for row in wizard.product_return_moves:
            row.quantity = quantities.get(row.move_id.ato_supply, 0)
        action = wizard.action_create_returns()
        incoming = self.env["stock.picking"].browse(action["res_id"])
        incoming.move_ids.to_refund = refund
        incoming.move_ids.picked = True
        incoming.button_validate()
        return incoming

    def test_stock_part_first(self):
        self._deliver(self._open_picking(), assembly=0)
        self.assertEqual(self.line.qty_delivered, 6)
        self.assertInvariants(self.line)
        self._produce(self.order)
        self._deliver(self._open_picking())
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertInvariants(self.line)

    def test_assembly_part_first(self):
        """T124"""
        self._produce(self.order)
        self._deliver(self._open_picking(), stock=0)
        self.assertEqual(self.line._get_shipped_assembled(), 4)
        self.assertInvariants(self.line)
        self._deliver(self._open_picking())
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(len(self.line.assembly_order_ids), 1)

    def test_mixed_in_three_deliveries(self):
        """R53: 4 + 0, 2 + 2, 0 + 4, here with 6 from stock and 4 assembled."""
        self._produce(self.order)
        for stock, assembly in ((2, 1), (2, 2), (2, 1)):
            self._deliver(self._open_picking(), stock=stock, assembly=assembly)
            self.assertInvariants(self.line)
        self.assertEqual(self.line.qty_delivered, 10)

    def test_rest_given_up(self):
        """5 of 6 leave from stock, 1 of 2 that are made: the rest is not assembled."""
        self._produce(self.order, 2)
        rest = self.line.assembly_order_ids - self.order
        self._deliver_and_close(stock=5, assembly=1)
        self.assertEqual(self.line.qty_delivered, 6)
        self.assertEqual(rest.state, "cancel")
        self.assertEqual(self.line.qty_to_assemble_to_order, 1)
        self.assertEqual(self.line.qty_assembled, 1)
        self.assertInvariants(self.line)
        self.assertEqual(self._free(self.desk), 16)
        self.assertIn("3.00 Units of Desk", self.sale.activity_ids.note)

    def test_rest_given_up_while_assembling(self):
        """What has started goes on for stock, and is nobody's order any more."""
        self.order.qty_producing = 2
        self.order._set_qty_producing()
        self._deliver_and_close(stock=6, assembly=0)
        self.assertEqual(self.line.qty_to_assemble_to_order, 0)
        self.assertFalse(self.line.assembly_order_ids)
        self.assertEqual(self.order.state, "progress")
        self.assertInvariants(self.line)
        self._produce(self.order)
        self.assertEqual(self._free(self.desk), 18)

    def test_more_from_stock_than_asked(self):
        """8 leave from stock where 6 were asked for: 2 are left to assemble."""
        self._deliver(self._open_picking(), stock=8, assembly=0)
        self.assertEqual(self.line.qty_delivered, 8)
        self.assertEqual(self.line.qty_to_assemble_to_order, 2)
        self.assertEqual(self.order.product_qty, 2)
        self.assertInvariants(self.line)
        self._produce(self.order)
        self._deliver(self._open_picking())
        self.assertEqual(self.line.qty_delivered, 10)

    def test_more_from_stock_while_assembling(self):
        """8 leave from stock; the order of 4 has started: 2 are ordered anew."""
        self.order.qty_producing = 1
        self.order._set_qty_producing()
        self._deliver(self._open_picking(), stock=8, assembly=0)
        self.assertLine(self.line, 10, 8, 2)
        self.assertInvariants(self.line)
        anew = self.line.assembly_order_ids
        self.assertRecordValues(anew, [{"product_qty": 2, "state": "confirmed"}])
        self.assertFalse(self.order.ato_sale_line_id)
        free = self._free(self.desk)
        self._produce(self.order)
        self.assertEqual(self._free(self.desk), free + 4, "it goes on for stock")
        self._produce(anew)
        self.assertEqual(self._free(self.desk), free + 4)
        self._deliver(self._open_picking())
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(self.line.qty_assembled, 2)

    def test_more_from_stock_with_one_made(self):
        """1 is made and waits, 3 are under way, 8 leave from stock: 1 more is made."""
        self._produce(self.order, 1)
        started = self.line.assembly_order_ids - self.order
        started.qty_producing = 2
        self._deliver(self._open_picking(), stock=8, assembly=0)
        self.assertLine(self.line, 10, 8, 2)
        self.assertEqual(self.line.reserved_qty, 2)
        self.assertFalse(started.ato_sale_line_id)
        self._produce(self.line.assembly_order_ids - self.order)
        self._deliver(self._open_picking())
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(self.line.qty_assembled, 2)

    def test_more_than_ordered(self):
        """12 leave where 10 were ordered: nothing is assembled any more."""
        self._deliver(self._open_picking(), stock=12, assembly=0)
        self.assertEqual(self.line.qty_delivered, 12)
        self.assertEqual(self.line.qty_to_assemble_to_order, 0)
        self.assertEqual(self.order.state, "cancel")
        self.assertInvariants(self.line)
        self.line.product_uom_qty = 14
        self.assertEqual(self._moves(self.line, "stock")[-1].product_uom_qty, 2)
        self.assertInvariants(self.line)

    def test_return_of_the_stock_part(self):
        self._produce(self.order)
        self._deliver(self._open_picking())
        self._return(self.sale.picking_ids, stock=2)
        self.assertEqual(self.line.qty_delivered, 8)
        self.assertEqual(self.line._get_outstanding_parts(), (2, 0))
        self.assertInvariants(self.line)

    def test_return_without_refund(self):
        """The customer has paid for it and keeps the right to it: nothing changes."""
        self._produce(self.order)
        self._deliver(self._open_picking())
        self._return(self.sale.picking_ids, refund=False, stock=1, assembly=1)
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(self.line._get_outstanding_parts(), (0, 0))
        self.assertInvariants(self.line)

    def test_return_of_an_assembled_unit(self):
        """It is ordinary stock now; nothing is assembled a second time."""
        self._produce(self.order)
        self._deliver(self._open_picking())
        free = self._free(self.desk)
        incoming = self._return(self.sale.picking_ids, assembly=1)
        self.assertFalse(incoming.move_ids.ato_supply)
        self.assertEqual(self._free(self.desk), free + 1)
        self.assertEqual(self.line.qty_assembled, 4)
        self.assertEqual(self.line._get_outstanding_parts(), (1, 0))
        self.assertInvariants(self.line)
        self.line.product_uom_qty = 11
        self.assertInvariants(self.line)
        self._deliver(self._open_picking())
        self.assertEqual(self.line.qty_delivered, 11)
        self.assertEqual(len(self.line.assembly_order_ids), 1)

    def test_returned_for_the_next_order(self):
        """Seed 2: what came back is taken before more is assembled."""
        self._produce(self.order)
        self._deliver(self._open_picking())
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, -self._free(self.desk)
        )
        self._return(self.sale.picking_ids, assembly=1)
        line = self._create_order((self.desk, 3, 2)).order_line
        line.order_id.action_confirm()
        self.assertEqual(self._moves(line, "stock").quantity, 1)
        self.assertInvariants(line)

    def _scrap(self, quantity, **values):
        self.env["stock.scrap"].create(
            {
                "product_id": self.desk.id,
                "scrap_qty": quantity,
                "location_id": self.stock.id,
                **values,
            }
        ).do_scrap()

    def test_scrap_of_a_component(self):
        """The line is not concerned."""
        self.env["stock.scrap"].create(
            {
                "product_id": self.leg.id,
                "scrap_qty": 1,
                "production_id": self.order.id,
                "location_id": self.stock.id,
            }
        ).do_scrap()
        self.assertLine(self.line, 10, 6, 4)
        self.assertInvariants(self.line)

    def test_scrap_of_an_assembled_unit(self):
        """T11: nothing is free; one of four is lost, the line takes it from stock."""
        self._produce(self.order)
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, -self._free(self.desk)
        )
        self._moves(self.line, "stock").picked = True
        self._scrap(1)
        self.assertLine(self.line, 10, 7, 3)
        self.assertEqual(self.line.qty_assembled, 3)
        self.assertInvariants(self.line)
        self.assertIn(
            "1.00 Units of Desk no longer come from", self.sale.activity_ids.note
        )

    def test_scrap_of_free_stock(self):
        self._produce(self.order)
        self._scrap(5)
        self.assertLine(self.line, 10, 6, 4)
        self.assertInvariants(self.line)

    def test_unbuild(self):
        """All four are taken apart: nothing is assembled, all is taken from stock."""
        self._produce(self.order)
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, -self._free(self.desk)
        )
        self._moves(self.line, "stock").picked = True
        self.env["mrp.unbuild"].create(
            {
                "product_id": self.desk.id,
                "mo_id": self.order.id,
                "product_qty": 4,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
            }
        ).action_unbuild()
        self.assertLine(self.line, 10, 10, 0)
        self.assertEqual(self.line.qty_assembled, 0)
        self.assertInvariants(self.line)

    def test_demand_is_changed_on_the_line(self):
        """In every step and by every form; what is done stays the warehouse's."""
        self.warehouse.delivery_steps = "pick_ship"
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        self._deliver(sale.picking_ids, stock=6, assembly=0)
        for picking in self.sale.picking_ids | sale.picking_ids:
            if picking.state == "done":
                continue
            picking.is_locked = False
            for move in picking.move_ids:
                self.assertFalse(move.is_initial_demand_editable)
                self._check_demand_refused(move)
        self.assertInvariants(sale.order_line)
        move = self._moves(self.line, "stock")
        move.picking_id.write(
            {"move_ids": [Command.update(move.id, {"product_uom_qty": 6})]}
        )
        with Form(move.picking_id) as form, form.move_ids.edit(0) as row:
            row.quantity = 7
        self.assertEqual((move.product_uom_qty, move.quantity), (6, 7))

    def _check_demand_refused(self, move):
        asked = move.product_uom_qty + 1
        message = (
            rf"{asked:.2f} Units of Desk cannot be asked for instead of "
            rf"{asked - 1:.2f}.*on the order line of {move.sale_line_id.order_id.name}"
        )
        with self.assertRefused(message):
            move.picking_id.write(
                {"move_ids": [Command.update(move.id, {"product_uom_qty": asked})]}
            )
        with self.assertRefused(message):
            move.web_save({"product_uom_qty": asked}, {})
