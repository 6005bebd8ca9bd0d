# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.modules import module
from odoo.tests import Form, tagged

from .common import CheckedStories
from .test_shipment import ShipmentCommon


@tagged("post_install", "-at_install")
class TestShipmentStory(CheckedStories, ShipmentCommon):
    """Ten desks, six of them on the shelf and four assembled, on their way out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)

    def setUp(self):
        super().setUp()
        self.order = self._confirm((self.desk, 10, 4))
        self.line = self.order.order_line
        self.assembly_order = self.line.assembly_order_ids

    def assertShipped(self, stock, assembly):
        self.assertEqual(
            (self._done(self.line, "stock"), self._done(self.line, "assembly")),
            (stock, assembly),
        )

    def _return(self, picking, exchange=False, **quantities):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        for row in wizard.product_return_moves:
            row.quantity = quantities.get(row.move_id.ato_supply, 0)
        if exchange:
            action = wizard.action_create_exchanges()
        else:
            action = wizard.action_create_returns()
        self._deliver(self.env["stock.picking"].browse(action["res_id"]))

    def test_by_hand_and_by_dialog(self):
        """Made early or at once, shipped by hand or dialog: each unit leaves once."""
        self._produce(self.assembly_order, 2)
        self._deliver(self._open_picking(self.order), stock=2, assembly=1)
        self.assertShipped(stock=2, assembly=1)
        shipment = self._open(self._open_picking(self.order), qty_to_ship=3)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual((row.qty_from_assembly, row.qty_to_assemble), (3, 2))
            row.qty_from_assembly = 2
            self.assertEqual(row.qty_to_assemble, 1)
        shipment.save().action_ship()
        self.assertShipped(stock=3, assembly=3)
        self.assertEqual(self.line._get_producing_units(), 1)
        self._deliver(self._open_picking(self.order), stock=1, assembly=0)
        self._ship(self._open_picking(self.order))
        self.assertShipped(stock=6, assembly=4)
        self.assertEqual(self._free(self.leg), 1000 - 16)

    def test_more_made_than_asked(self):
        """6 are made instead of 4: 4 are the line's, 2 are free, none is made later."""
        self._produce(self.assembly_order, 6, backorder=False)
        self.assertEqual(self._free(self.desk), 2)
        shipment = self._open(self.order.picking_ids)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual((row.qty_from_assembly, row.qty_to_assemble), (4, 0))
        shipment.save().action_ship()
        self.assertShipped(stock=6, assembly=4)
        self.assertEqual(self._free(self.desk), 2)

    def test_more_left_than_the_part_to_assemble(self):
        """5 leave as assembled where 4 are the line's: 5, not 6, from stock then."""
        self._produce(self.assembly_order, 6, backorder=False)
        self._deliver(self.order.picking_ids, assembly=5, stock=0)
        self.assertInvariants(self.line)
        self.assertEqual(self.line._get_outstanding_parts(), (5, 0))
        self._ship(self._open_picking(self.order))
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 2)

    def test_left_before_it_was_made(self):
        """4 leave as assembled, taken from the shelf: A 4 → 3 has 3 made for them."""
        self._set_stock(self.desk, 20)
        self._deliver(self.order.picking_ids, assembly=4, stock=0)
        self.line.qty_to_assemble_to_order = 3
        self.assertEqual(self.assembly_order.product_qty, 3)
        self.assertInvariants(self.line)
        self.order.action_cancel()
        self.assertEqual(self.assembly_order.state, "cancel")
        self.assertEqual(self.line.qty_assembled, 0)

    def test_odoo_asks_first(self):
        """Odoo's question about text messages comes before anything is entered."""
        self.customer.phone = "+1 555 0100"
        self.company.write(
            {
                "stock_text_confirmation": True,
                "stock_confirmation_type": "sms",
                "has_received_warning_stock_sms": False,
            }
        )
        self.patch(module, "current_test", False)  # Odoo asks nothing in tests
        picking = self.order.picking_ids
        action = picking.action_open_assembly_shipment()
        self.assertEqual(action["res_model"], "confirm.stock.sms")
        question = self.env["confirm.stock.sms"].browse(action["res_id"])
        question.with_context(**action["context"]).dont_send_sms()
        self.assertNotEqual(picking.state, "done")
        self._ship(picking)
        self.assertShipped(stock=6, assembly=4)

    def test_rest_of_what_left_before_it_was_made(self):
        """2 leave as assembled, taken from the shelf: all 4 are made for the rest."""
        self._set_stock(self.desk, 20)
        self._deliver(self.order.picking_ids, assembly=2, stock=0)
        picking = self._open_picking(self.order)
        self.assertEqual(picking.ato_qty_to_assemble, 4)
        shipment = self._open(picking)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual((row.qty_to_ship, row.qty_from_assembly), (8, 2))
            self.assertEqual(row.qty_to_assemble, 4)
            self.assertFalse(row.remark)
            row.qty_from_assembly = 1
            self.assertEqual(row.qty_to_assemble, 3)
            row.qty_to_ship, row.qty_from_assembly = 6, 0
            self.assertEqual(row.qty_to_assemble, 0)
            row.qty_to_ship, row.qty_from_assembly = 8, 2
        shipment.save().action_ship()
        self.assertShipped(stock=6, assembly=4)
        self.assertEqual(self._free(self.desk), 14)

    def test_rest_of_what_cannot_be_made(self):
        """The same with components for 3: 1 of the 2 can leave as assembled."""
        self._set_stock(self.desk, 20)
        self._set_stock(self.leg, 12)
        self._deliver(self.order.picking_ids, assembly=2, stock=0)
        shipment = self._open(self._open_picking(self.order))
        with shipment.line_ids.edit(0) as row:
            self.assertEqual((row.qty_to_ship, row.qty_from_assembly), (7, 1))
            self.assertEqual(row.qty_to_assemble, 3)
        shipment.save().action_ship()
        self.assertShipped(stock=6, assembly=3)

    def test_less_than_ordered(self):
        """4 leave by dialog, then 3 more and no backorder: nothing else is made."""
        self._ship(self.order.picking_ids, qty_to_ship=4, qty_from_assembly=1)
        picking = self._open_picking(self.order)
        self._deliver(
            picking.with_context(picking_ids_not_to_backorder=picking.ids),
            stock=3,
            assembly=0,
        )
        self.assertLine(self.line, 10, 9, 1)
        self.assertFalse(self.line._get_producing_units())
        self.assertFalse(self._open_picking(self.order))
        self.assertEqual(self._free(self.leg), 1000 - 4)

    def test_scrapped_before_shipping(self):
        """1 of the 4 assembled is scrapped, nothing is free: 7 from stock, 6 there."""
        self._produce(self.assembly_order)
        self._moves(self.line, "stock").picked = True  # nobody takes those
        self.env["stock.scrap"].create(
            {
                "product_id": self.desk.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
            }
        ).do_scrap()
        self.assertLine(self.line, 10, 7, 3)
        shipment = self._open(self.order.picking_ids).save()
        self.assertEqual(shipment.line_ids.qty_to_ship, 9, "what can leave")
        shipment.line_ids.qty_to_ship = 10
        with self.assertRefused("7.00 Units needed from stock, 6.00 available"):
            shipment.action_ship()
        self._ship(self.order.picking_ids, qty_to_ship=9)
        self.assertShipped(stock=6, assembly=3)

    def test_returned_for_the_next_order(self):
        """2 from stock and 1 assembled come back: free for the next, none made anew."""
        self._ship(self.order.picking_ids)
        self._return(self.order.picking_ids, stock=2, assembly=1)
        self.assertEqual(self._free(self.desk), 3)
        self.assertInvariants(self.line)
        self.assertEqual(self.line._get_outstanding_parts(), (3, 0))
        following = self._confirm((self.desk, 5, 2))
        self.assertEqual(following.order_line.reserved_stock_qty, 3)
        self._ship(following.picking_ids)
        self.assertEqual(following.order_line.qty_delivered, 5)
        self.assertEqual(self.line.assembly_order_ids, self.assembly_order)
        self.assertEqual(self._free(self.leg), 1000 - 4 * (4 + 2))

    def test_exchanged(self):
        """1 assembled unit comes back for another one: that is taken from stock."""
        self._ship(self.order.picking_ids)
        self._return(self.order.picking_ids, exchange=True, assembly=1)
        self.assertInvariants(self.line)
        self.assertEqual(self.line.qty_delivered, 9)
        self._deliver(
            self.order.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )
        )
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertEqual(self.line._get_outstanding_parts(), (0, 0))
        self.assertEqual(self.line.assembly_order_ids, self.assembly_order)
