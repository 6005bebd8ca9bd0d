# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from . import oracle
from .chain import ChainCommon


@tagged("post_install", "-at_install")
class TestUnstored(ChainCommon):
    """What is made for a line and not stored after all: ordinary stock on the floor."""

    def _make(self, delivery, quantity=None, **values):
        """10 are sold, 6 in stock; 4 are made, to be stored: (line, transfer)"""
        self._set_stock(self.desk, 0)
        self._set_steps(delivery, "pbm_sam")
        line = self._sell_mixed(stock=6, **values)
        made = line.assembly_order_ids
        self._deliver(made.picking_ids.filtered(lambda p: p.state == "assigned"))
        self._produce(made, quantity)
        store = made.picking_ids.filtered(lambda p: p.state == "assigned")
        return line, store

    def _get_asked(self, line, supply):
        """What the shelf is asked for."""
        moves = line.move_ids.filtered(
            lambda m: oracle.is_open(m)
            and oracle.is_of(m, supply)
            and m.location_id == self.stock
        )
        return oracle.demand(moves)

    def _check_lost(self, line, units):
        """`units` of the 4 are asked of stock instead, and that is told once."""
        self.assertLine(line, 10, 6 + units, 4 - units)
        self.assertEqual(self._get_asked(line, "stock"), 6 + units)
        self.assertEqual(self._get_asked(line, "assembly"), 4 - units)
        warning = self._get_warnings(line.order_id)
        self.assertEqual(len(warning), 1)
        self.assertIn(f"{units}.00 Units of", warning.note)
        self.assertInvariants(line)
        self.assertNothingBroken()

    def _bring_to_shelf(self, units, source):
        """Somebody stores after all what lies on the floor."""
        picking_type = self.warehouse.int_type_id
        moved = self.env["stock.move"].create(
            {
                "product_id": self.desk.id,
                "product_uom_qty": units,
                "product_uom": self.desk.uom_id.id,
                "location_id": source.id,
                "location_dest_id": self.stock.id,
                "picking_type_id": picking_type.id,
            }
        )
        moved._action_confirm()
        moved._action_assign()
        self.assertEqual(moved.quantity, units)
        moved.picked = True
        moved._action_done()

    def test_cancelled(self):
        """The transfer is cancelled: the 4 are free on the floor, and A falls to 0."""
        for delivery in ("ship_only", "pick_ship", "pick_pack_ship"):
            with self.subTest(delivery=delivery):
                line, store = self._make(delivery)
                floor = store.location_id
                store.action_cancel()
                self._check_lost(line, 4)
                self._bring_to_shelf(4, floor)
                self._deliver_all(line.order_id)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 0))

    def test_stored_in_part(self):
        """3 are stored and no backorder is asked for: 3 are from assembly."""
        for delivery in ("ship_only", "pick_ship"):
            with self.subTest(delivery=delivery):
                line, store = self._make(delivery)
                floor = store.location_id
                store.move_ids.quantity = 3
                store.move_ids.picked = True
                store.with_context(
                    skip_backorder=True, picking_ids_not_to_backorder=store.ids
                ).button_validate()
                self._check_lost(line, 1)
                self._bring_to_shelf(1, floor)
                self._deliver_all(line.order_id)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 3))

    def test_stored_in_part_with_backorder(self):
        """3 are stored, 1 later: nothing is lost until that is cancelled."""
        line, store = self._make("pick_ship")
        store.move_ids.quantity = 3
        store.move_ids.picked = True
        store.with_context(skip_backorder=True).button_validate()
        self.assertLine(line, 10, 6, 4)
        self.assertFalse(self._get_warnings(line.order_id))
        self.assertInvariants(line)
        store.backorder_ids.action_cancel()
        self._check_lost(line, 1)

    def test_made_in_part(self):
        """2 of the 4 are made and not stored: the other 2 are still made."""
        line, store = self._make("pick_ship", quantity=2)
        store.action_cancel()
        self._check_lost(line, 2)
        rest = line.assembly_order_ids.filtered(oracle.is_open)
        self._deliver(rest.picking_ids.filtered(lambda p: p.state == "assigned"))
        self._produce(rest)
        self._deliver(rest.picking_ids.filtered(lambda p: p.state == "assigned"))
        self.assertEqual(self._get_asked(line, "assembly"), 2)
        self.assertInvariants(line)

    def test_rest_is_cancelled(self):
        """2 of the 4 are made, to be stored; the planner cancels the other 2."""
        line, store = self._make("pick_ship", quantity=2)
        line.assembly_order_ids.filtered(oracle.is_open).action_cancel()
        self.assertLine(line, 10, 8, 2)
        self.assertEqual(store.state, "assigned")
        self.assertInvariants(line)

    def test_less_is_assembled(self):
        """2 of the 4 are made, to be stored; A falls to 2: these are stored."""
        line, store = self._make("pick_ship", quantity=2)
        line.qty_to_assemble_to_order = 2
        self.assertEqual(store.state, "assigned")
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = 0
        store.action_cancel()
        self.assertLine(line, 10, 10, 0)
        self.assertFalse(self._get_warnings(line.order_id))
        self.assertInvariants(line)

    def test_order_is_cancelled(self):
        """Nothing is told of a line that is cancelled."""
        line, store = self._make("pick_ship")
        line.order_id._action_cancel()
        self.assertEqual(line.order_id.state, "cancel")
        store.action_cancel()
        self.assertFalse(self._get_warnings(line.order_id))
        self.assertEqual(line.qty_to_assemble_to_order, 4)
        self.assertNothingBroken()
