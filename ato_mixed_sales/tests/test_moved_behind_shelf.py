# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .chain import PICK, SHIP, ChainCommon


@tagged("post_install", "-at_install")
class TestMovedBehindShelf(ChainCommon):
    """10 that were picked lie at the gate, or out of their box: they still are ours."""

    def _pick(self, how):
        """10 are picked, and lie elsewhere in Output since: (line, step that ships)"""
        order, line = self._start()
        pick = self._get_step(order, PICK)
        pick.action_assign()
        if how == "unpack":
            pick.action_put_in_pack()
        boxes = pick.move_line_ids.result_package_id
        self._deliver(pick)
        ship = self._get_step(order, SHIP)
        if how == "unpack":
            boxes.unpack()
        else:
            gate = self.env["stock.location"].create(
                {"name": "Gate", "location_id": ship.location_id.id}
            )
            quants = ship.move_line_ids.move_id.product_id.stock_quant_ids.filtered(
                lambda quant: quant.location_id == ship.location_id
            )
            quants.move_quants(location_dest_id=gate, message="To the gate")
        return line, ship

    def _count_held(self, ship):
        return sum(ship.move_ids.move_line_ids.mapped("quantity_product_uom"))

    def test_reserved_again(self):
        """Let go of and reserved once more: all 10 are, as of a plain line."""
        for how in ("move", "unpack"):
            with self.subTest(how=how):
                line, ship = self._pick(how)
                self.assertEqual(self._count_held(ship), 10)
                ship.do_unreserve()
                ship.action_assign()
                self.assertEqual(self._count_held(ship), 10)
                self.assertInvariants(line)
                self._deliver(ship)
                self.assertEqual(line.qty_delivered, 10)

    def test_others_ship_their_own(self):
        """Let go of; another order ships its own 5 of Output: nothing is lost."""
        for how in ("move", "unpack"):
            with self.subTest(how=how):
                line, ship = self._pick(how)
                ship.do_unreserve()
                self._set_stock(self.desk, 5)
                other = self._create_order((self.desk, 5, 0))
                other.action_confirm()
                self._deliver_all(other)
                self.assertEqual(other.order_line.qty_delivered, 5)
                self.assertLine(line, 10, 6, 4)
                self.assertFalse(self._get_warnings(line.order_id))
                self._deliver_all(line.order_id)
                self.assertEqual(line.qty_delivered, 10)
