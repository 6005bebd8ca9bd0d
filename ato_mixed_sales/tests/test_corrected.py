# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from . import oracle
from .chain import PACK, PICK, SHIP, ChainCommon
from .test_tracking import TrackingCommon

STEPS = {
    "ship_only": (SHIP,),
    "pick_ship": (PICK, SHIP),
    "pick_pack_ship": (PICK, PACK, SHIP),
}


@tagged("post_install", "-at_install")
class TestCorrected(TrackingCommon, ChainCommon):
    """Somebody corrects what was said to be done: it is asked for again."""

    def _correct(self, steps, wrong, supply, quantity):
        """10 go through the steps up to `wrong`, which had `quantity` of one part."""
        self._set_stock(self.desk, 0)
        order, line = self._start(steps)
        for step in STEPS[steps]:
            picking = self._do_step(order, step)
            if step == wrong:
                break
        move = picking.move_ids.filtered(lambda m: m.ato_supply == supply)
        move.move_line_ids.quantity = quantity
        return order, line, picking

    def _get_asked(self, order, places):
        """{source: demand} of open moves that take from `places`."""
        asked = {}
        for move in order.picking_ids.move_ids.filtered(oracle.is_open):
            if move.location_id == places:
                asked.setdefault(move.ato_supply, 0)
                asked[move.ato_supply] += move.product_uom_qty
        return asked

    def test_fewer(self):
        """3 of the 4, or 5 of the 6, were moved: 1 is asked for where it lies."""
        for steps, names in STEPS.items():
            for wrong in names:
                for supply, quantity in (("assembly", 3), ("stock", 4)):
                    with self.subTest(steps=steps, wrong=wrong, supply=supply):
                        order, line, picking = self._correct(
                            steps, wrong, supply, quantity
                        )
                        self.assertLine(line, 10, 6, 4)
                        self.assertInvariants(line)
                        less = {"assembly": 4, "stock": 6}[supply] - quantity
                        self.assertEqual(
                            self._get_asked(order, picking.location_id), {supply: less}
                        )
                        self.assertFalse(self._get_warnings(order))
                        self._deliver_all(order)
                        self.assertEqual(line.qty_delivered, 10)
                        self.assertEqual(line.qty_assembled, 4)
                        self.assertInvariants(line)
                        self.assertNothingBroken()

    def test_not_at_all(self):
        """What is asked for again is cancelled: it is taken to be given up, and told."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps):
                wrong = STEPS[steps][0]
                order, line, _picking = self._correct(steps, wrong, "assembly", 3)
                self._get_step(order, wrong).action_cancel()
                self.assertLine(line, 10, 7, 3)
                self.assertTrue(self._get_warnings(order))

    def test_other_number(self):
        """N1 was said to be picked, it was N2: the line keeps all three."""
        clock = self._create_tracked("Clock", "serial", {self.leg: 1})
        self.warehouse.delivery_steps = "pick_ship"
        line = self._sell_mixed(3, 3, clock)
        order = line.order_id
        lots = self._produce_lots(line.assembly_order_ids, "N1", "N2", "N3")
        pick = self._get_step(order, PICK)
        pick.move_line_ids[1:].unlink()
        self._deliver(pick)
        self.assertEqual(pick.move_line_ids.lot_id, lots[0])
        pick.move_line_ids.lot_id = lots[1]
        self.assertLine(line, 3, 0, 3)
        self.assertFalse(self._get_warnings(order))
        rest, ship = self._get_step(order, PICK), self._get_step(order, SHIP)
        self.assertEqual(rest.move_line_ids.lot_id, lots[0] | lots[2])
        self.assertEqual(ship.move_line_ids.lot_id, lots[1])
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (3, 3))
        self.assertInvariants(line)
        self.assertNothingBroken()
