# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .chain import PACK, PICK, SHIP, ChainCommon
from .common import CheckedStories
from .pulling import Pulling


@tagged("post_install", "-at_install")
class TestPulledPutBack(Pulling, CheckedStories, ChainCommon):
    """Put back in steps that pull rules have asked for: the later ones wait for it."""

    def _start_packed(self, **packed):
        """10, 6 from stock and 4 assembled, are picked and, unless told, packed."""
        self._set_stock(self.desk, 0)
        self._pull(3)
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        self._do_step(line.order_id, PICK)
        return line, self._do_step(line.order_id, PACK, **packed)

    def _count_steps(self, line):
        return [self._count_asked(line.order_id, step) for step in (PICK, PACK, SHIP)]

    def _finish(self, line, quantity=10):
        """Nothing is left in the warehouse of what was sold."""
        self.assertInvariants(line)
        self._deliver_all(line.order_id)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (quantity, 4))
        self.assertInvariants(line)

    def test_packed_again(self):
        """1 of each source is packed again, and leaves with the others."""
        for stock, assembly in ((1, 0), (0, 1), (2, 3)):
            with self.subTest(stock=stock, assembly=assembly):
                line, pack = self._start_packed()
                self._put_back(pack, stock=stock, assembly=assembly)
                self.assertEqual(
                    self._count_steps(line), [(0, 0), (stock, assembly), (6, 4)]
                )
                self._finish(line)
                self.assertEqual(self._count_in(self.warehouse.view_location_id)[0], 0)

    def test_packed_again_bit_by_bit(self):
        """Twice 1, beside 2 that wait to be packed; the others are shipped before."""
        line, pack = self._start_packed(stock=4, assembly=4)
        for number in (1, 2):
            self._put_back(pack, stock=1)
            self.assertEqual(self._count_steps(line), [(0, 0), (2 + number, 0), (6, 4)])
        self._do_step(line.order_id, SHIP)
        self.assertEqual(line.qty_delivered, 6)
        self.assertEqual(self._count_steps(line), [(0, 0), (4, 0), (4, 0)])
        self._finish(line)

    def test_put_back_to_the_shelf(self):
        """From Output to Packing, and from there to the shelf: all steps ask again."""
        line, pack = self._start_packed()
        pick = self._get_step(line.order_id, PICK, "done")
        self._put_back(pack, stock=1, assembly=2)
        self._put_back(pick, stock=1, assembly=1)
        self.assertEqual(self._count_steps(line), [(1, 1), (1, 2), (6, 4)])
        with self.assertRefused("3.00 Units that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        line.product_uom_qty = 9
        self.assertEqual(self._count_steps(line), [(0, 1), (0, 2), (5, 4)])
        self._finish(line, 9)

    def test_not_packed_again(self):
        """What is not packed again is not waited for."""
        line, pack = self._start_packed()
        self._put_back(pack, stock=1)
        self._get_step(line.order_id, PACK).action_cancel()
        self.assertEqual(self._count_steps(line), [(0, 0), (0, 0), (5, 4)])
        self._do_step(line.order_id, SHIP)
        self.assertEqual(line.qty_delivered, 9)

    def test_shipped_less(self):
        """What is not asked for behind any more, 1 of 6, is not packed again."""
        line, pack = self._start_packed()
        ship = self._get_step(line.order_id, SHIP)
        ship.move_ids.filtered(lambda m: m.ato_supply == "stock").quantity = 3
        ship.move_ids.filtered(lambda m: m.ato_supply == "assembly").quantity = 4
        ship.move_ids.picked = True
        ship.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=ship.ids
        ).button_validate()
        self._put_back(pack, stock=1)
        self.assertEqual(self._count_steps(line), [(0, 0), (0, 0), (0, 0)])
