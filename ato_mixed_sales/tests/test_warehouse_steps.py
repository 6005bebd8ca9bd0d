# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestWarehouseSteps(CheckedStories, AssembleToOrderCommon):
    """The steps of a warehouse change while orders are open (E2, E10)."""

    def _get_open(self, line):
        moves = line.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        return moves.picking_id

    def _pick(self, line, **quantities):
        for move in self._get_open(line).move_ids:
            move.quantity = quantities.get(move.ato_supply, 0)
            move.picked = bool(move.quantity)
        self._get_open(line).with_context(skip_backorder=True).button_validate()

    def _count(self, line):
        """What is asked for from where: {(place, source): units}"""
        counted = {}
        for move in line.move_ids.filtered(lambda m: m.state not in ("done", "cancel")):
            key = move.location_id, move.ato_supply
            counted[key] = counted.get(key, 0) + move.product_qty
        return counted

    def test_quotations_follow(self):
        """Components are taken from where they are brought, or a planner has said."""
        self.warehouse.manufacture_steps = "pbm"
        places = self.warehouse.pbm_loc_id, self.stock
        order = self._create_order((self.desk, 5, 4), (self.desk, 3, 2))
        usual, chosen = order.order_line.assembly_order_ids
        self.assertEqual((usual | chosen).location_src_id, places[0])
        shelf = self.stock.create({"name": "Top shelf", "location_id": self.stock.id})
        chosen.location_src_id = shelf
        self.warehouse.manufacture_steps = "pbm_sam"
        after = self.warehouse.sam_loc_id
        self.assertEqual((usual | chosen).location_dest_id, after)
        self.warehouse.manufacture_steps = "mrp_one_step"
        for made, place in ((usual, self.stock), (chosen, shelf)):
            self.assertEqual(made.location_src_id, place)
            self.assertEqual(made.move_raw_ids.location_id, place)
            self.assertEqual(made.location_dest_id, self.stock)
            self.assertEqual(made.move_finished_ids.location_dest_id, self.stock)
        order.action_confirm()
        self._produce(usual)
        self.assertEqual(order.order_line[0].qty_assembled, 4)

    def test_what_is_picked_goes_on(self):
        """By the steps that it was asked for by, to the customer."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        order.action_confirm()
        line = order.order_line
        self._produce(line.assembly_order_ids)
        self.warehouse.delivery_steps = "ship_only"
        self._pick(line, stock=5, assembly=3)
        self.assertInvariants(line)
        packing, output = (
            self.warehouse.wh_pack_stock_loc_id,
            self.warehouse.wh_output_stock_loc_id,
        )
        left = {(self.stock, "stock"): 1, (self.stock, "assembly"): 1}
        for place in (packing, output):
            asked = {(place, "stock"): 5, (place, "assembly"): 3}
            self.assertEqual(self._count(line), {**left, **asked})
            moves = self._get_open(line).move_ids
            moves = moves.filtered(lambda m, p=place: m.location_id == p)
            self.assertEqual(set(moves.mapped("state")), {"assigned"})
            self._deliver(moves.picking_id)
        self.assertEqual(line.qty_delivered, 8)
        line.product_uom_qty = 12
        self.assertInvariants(line)

    def test_surplus_stays_behind(self):
        """Who picks more than is asked for picks ordinary stock."""
        for supply in ("stock", "assembly"):
            with self.subTest(supply):
                self.warehouse.delivery_steps = "pick_ship"
                self._set_stock(self.desk, 20)
                order = self._create_order((self.desk, 10, 4))
                order.action_confirm()
                line = order.order_line
                asked = {"stock": 6, "assembly": 4}
                self._pick(line, **{supply: asked[supply] + 3})
                output = self.warehouse.wh_output_stock_loc_id
                other = {"stock": "assembly", "assembly": "stock"}[supply]
                expected = {
                    (output, supply): asked[supply],
                    (self.stock, other): asked[other],
                }
                self.assertEqual(self._count(line), expected)
                self.assertInvariants(line)
                order._action_cancel()
