# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .chain import PICK, SHIP, ChainCommon
from .test_undo_part import UndoPartCommon


@tagged("post_install", "-at_install")
class TestSlipUndone(UndoPartCommon, ChainCommon):
    """What was undone, or put back, is asked for once more, and was ordered once.

    The slip of what had left says what had left by it, as after a return of Odoo's own.
    """

    def _sell_made(self, stock=6):
        line = self._sell_mixed(stock=stock)
        self._produce(line.assembly_order_ids)
        return line

    def _ship_open(self, line, **parts):
        """Ship these quantities of what is open; the transfer"""
        picking = self._get_step(line.order_id, SHIP)
        self._deliver(picking, **parts)
        return picking

    def assertSlip(self, picking, ordered, delivered):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = picking.move_line_ids._get_aggregated_product_quantities()
        told = [(row["qty_ordered"], row["quantity"]) for row in rows.values()]
        self.assertEqual(told, [(ordered, delivered)])

    def _count_open(self, line):
        """What the slip of the open transfer says is ordered."""
        rows = self._get_step(line.order_id, SHIP).move_ids._get_slip_rows()
        return [row["ordered"] for row in rows.values()]

    def test_as_odoo_returns(self):
        """10 ordered, 5 delivered, 3 come back: 10 ordered, 5 delivered."""
        lamps = self._create_order((self.lamp, 10))
        self._set_stock(self.lamp, 10)
        lamps.action_confirm()
        plain = lamps.picking_ids
        plain.move_ids.write({"quantity": 5, "picked": True})
        plain.with_context(skip_backorder=True).button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": plain.id})
        wizard.product_return_moves.quantity = 3
        self._validate(plain.browse(wizard.action_create_returns()["res_id"]))
        self.assertSlip(plain, 10, 5)
        line = self._sell_made()
        picking = self._ship_open(line, stock=1, assembly=4)
        self._undo_part(picking, assembly=3)
        self.assertSlip(picking, 10, 5)
        self.assertEqual(self._count_open(line), [8])

    def test_undone_and_shipped_again(self):
        """Whatever becomes of the rest: it is shipped in parts, undone or cancelled."""
        line = self._sell_made()
        first = self._ship_open(line, stock=1, assembly=4)
        self._undo_part(first, assembly=3)
        second = self._ship_open(line, stock=3, assembly=1)
        self.assertSlip(first, 10, 5)
        self.assertSlip(second, 8, 4)
        self._undo_part(second, stock=2)
        self.assertSlip(first, 10, 5)
        self.assertSlip(second, 8, 4)
        self._get_step(line.order_id, SHIP).action_cancel()
        self.assertSlip(first, 10, 5)
        self.assertSlip(second, 8, 4)

    def test_undone_when_all_had_left(self):
        """Another transfer, no rest of this one, asks for what is undone."""
        for shipped in ((6, 4), (1, 4)):
            with self.subTest(shipped=shipped):
                line = self._sell_made()
                stock, assembly = shipped
                picking = self._ship_open(line, stock=stock, assembly=assembly)
                if stock < 6:
                    self._ship_open(line)
                self._undo_part(picking, assembly=3)
                self.assertSlip(picking, 10, stock + assembly)
                self.assertEqual(self._count_open(line), [3])
                again = self._ship_open(line)
                self.assertSlip(again, 3, 3)
                self.assertSlip(picking, 10, stock + assembly)

    def test_rest_given_up(self):
        """10 were ordered, though nobody ships the rest."""
        line = self._sell_made()
        picking = self._get_step(line.order_id, SHIP)
        for move in picking.move_ids:
            move.quantity = 4 if move.ato_supply == "assembly" else 1
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertSlip(picking, 10, 5)
        self._undo_part(picking, assembly=3)
        self.assertSlip(picking, 10, 5)

    def test_put_back(self):
        """Of what was picked, 2 are put back, and picked again with the rest."""
        order, line = self._start()
        pick = self._do_step(order, PICK, stock=2, assembly=3)
        self._put_back(pick, stock=1, assembly=1)
        self.assertSlip(pick, 10, 5)
        self._do_step(order, PICK)
        self.assertSlip(pick, 10, 5)
