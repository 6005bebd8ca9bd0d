# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from . import oracle
from .flow import THREE, FlowCommon


@tagged("post_install", "-at_install")
class TestDeleted(FlowCommon):
    """Documents of a line that somebody deletes, and what takes it away from them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "ato_deletes",
            groups="stock.group_stock_manager,mrp.group_mrp_manager",
            company_id=cls.company.id,
        )

    def test_transfer(self):
        """10 sold, 4 to assemble: a transfer that is deleted is cancelled first."""
        for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                self._set_stock(self.desk, 0)
                order, line = self._start(steps, made=0)
                made = line.assembly_order_ids
                order.picking_ids.with_user(self.manager).unlink()
                self.assertFalse(order.picking_ids)
                self.assertEqual(
                    (line.qty_to_assemble_to_order, made.state), (0, "cancel")
                )
                self.assertEqual(line.reserved_qty, 0)
                self.assertTrue(self._get_warnings(order))
                made.with_user(self.manager).unlink()
                self.assertFalse(made.exists())

    def test_transfer_of_what_is_made(self):
        """4 are made: they are anybody's stock, and the line does not claim them."""
        self._set_stock(self.desk, 0)
        order, line = self._start("ship_only", made=4)
        order.picking_ids.unlink()
        self.assertEqual((line.qty_to_assemble_to_order, line.reserved_qty), (0, 0))
        other = self._create_order((self.desk, 10, 0))
        other.action_confirm()
        held = sum(other.order_line.move_ids.mapped("quantity"))
        self.assertEqual(held, 10)

    def test_transfer_that_nobody_may_delete(self):
        """A worker without that right: refused, and nothing is cancelled."""
        self._set_stock(self.desk, 0)
        order, line = self._start("ship_only", made=0)
        worker = new_test_user(self.env, "ato_none", groups="base.group_user")
        with self.assertRaises(AccessError):
            order.picking_ids.with_user(worker).unlink()
        self.assertEqual(line.qty_to_assemble_to_order, 4)
        self.assertInvariants(line)

    def test_allocation(self):
        """What is made, or will be, for a line is not taken from it in _Allocation_."""
        report = self.env["report.stock.report_reception"].with_user(self.manager)
        for steps in (("ship_only", "mrp_one_step"), ("pick_ship", "pbm"), THREE):
            for made in (0, 4):
                with self.subTest(steps=steps, made=made):
                    self._set_stock(self.desk, 0)
                    self._set_steps(*steps)
                    line = self._sell("units")
                    if made:
                        self._make(line)
                    row = self._moves(line, "assembly").filtered(oracle.is_open)
                    with self.assertRefused("Lower Qty. to Assemble to Order there"):
                        report.action_unassign(row.id, 4, row.move_orig_ids.ids)
                    self.assertInvariants(line)
