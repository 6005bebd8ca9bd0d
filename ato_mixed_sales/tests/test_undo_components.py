# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from . import oracle
from .test_tracking import TrackingCommon
from .test_undo_part import UndoPartCommon


@tagged("post_install", "-at_install")
class TestUndoComponents(UndoPartCommon, TrackingCommon):
    """Components of what is taken apart are back in the bins that they came from."""

    def setUp(self):
        super().setUp()
        self.bins = self.env["stock.location"].create(
            [{"name": name, "location_id": self.stock.id} for name in "AB"]
        )

    def _create_screwed(self, screw):
        """A desk of a dozen of screws."""
        desk = self._create_product("Screwed Desk", {self.top: 1})
        desk.bom_ids.bom_line_ids = [
            Command.create(
                {
                    "product_id": screw.id,
                    "product_qty": 1,
                    "product_uom_id": self.dozen.id,
                }
            )
        ]
        return desk

    def _sell_screwed(self, screw, to_assemble):
        line = self._sell_mixed(10, to_assemble, self._create_screwed(screw), stock=9)
        for picking in line.assembly_order_ids.picking_ids:
            picking.action_assign()
            self._deliver(picking)
        line.assembly_order_ids.action_assign()
        return line

    def test_dozen_of_two_bins(self):
        """A dozen of screws, 7 of A and 5 of B, where the bill has dozens."""
        screw = self._create_product("Screw")
        for place, units in zip(self.bins, (7, 30), strict=True):
            self._set_stock(screw, units, place)
        line = self._sell_screwed(screw, 1)
        before = self._count(line)["stock"]
        self.assertEqual(before[screw, self.bins[0], self.env["stock.lot"]], (7, 7))
        self._ship_and_undo(line, screw)

    def _ship_and_undo(self, line, screw):
        """A dozen of 37 screws is used, and back where it was."""
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        self.assertEqual(self._free(screw), 25)
        self._undo(picking)
        self.assertAsBefore(line, before)

    def test_dozen_of_two_lots(self):
        """The same of two lots."""
        screw = self._create_product("Screw", tracking="lot")
        lots = self._create_lots(screw, "S1", "S2")
        for lot, units in zip(lots, (7, 30), strict=True):
            self._stock_lots(lot, units)
        self._ship_and_undo(self._sell_screwed(screw, 1), screw)

    def test_dozens_in_two_goes(self):
        """3 desks of 3 dozens: one is undone, then the others."""
        screw = self._create_product("Screw")
        for place, units in zip(self.bins, (7, 40), strict=True):
            self._set_stock(screw, units, place)
        line = self._sell_screwed(screw, 3)
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        self._undo_part(picking, assembly=1)
        self.assertEqual(self._count_screws(screw), (7, 16))
        self._undo(picking)
        self.assertAsBefore(line, before)

    def _count_screws(self, screw):
        """On hand in A and in B."""
        quants = self.env["stock.quant"].search([("product_id", "=", screw.id)])
        return tuple(
            sum(quants.filtered(lambda q, o=o: q.location_id == o).mapped("quantity"))
            for o in self.bins
        )

    def test_brought_to_the_floor_from_two_bins(self):
        """7 of A and 29 of B were brought: each is back there, in one go or in two."""
        for goes in ((3,), (1, 2)):
            with self.subTest(goes=goes):
                line, screw = self._sell_brought("pbm")
                picking = line.order_id.picking_ids
                self._ship(picking)
                for units in goes:
                    self._undo_part(picking, assembly=units)
                self.assertEqual(self._count_screws(screw), (7, 40))

    def test_made_again_in_three_steps(self):
        """3 desks are stored and wait: they are to be made again, A and B are full."""
        line, screw = self._sell_brought("pbm_sam")
        order = line.assembly_order_ids
        self._produce(order)
        self._deliver(order.picking_ids.filtered(oracle.is_open))
        order.action_undo_assembly()
        self.assertEqual(self._count_screws(screw), (7, 40))

    def _sell_brought(self, manufacture):
        """Screws for 3 desks are on the floor."""
        self._set_steps("ship_only", manufacture)
        screw = self._create_product("Screw")
        for place, units in zip(self.bins, (7, 40), strict=True):
            self._set_stock(screw, units, place)
        line = self._sell_screwed(screw, 3)
        self.assertEqual(self._count_screws(screw), (0, 11))
        return line, screw
