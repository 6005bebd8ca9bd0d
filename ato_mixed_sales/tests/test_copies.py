# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..hooks import uninstall_hook
from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestCopies(CheckedStories, AssembleToOrderCommon):
    """A duplicate is nobody's: no line, no label, ordinary stock (E18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="ato_worker",
            # without the last one Odoo itself copies no manufacturing order
            groups="mrp.group_mrp_user,stock.group_stock_user,"
            "account.group_account_readonly",
            company_id=cls.company.id,
        )
        cls._set_stock(cls.desk, 6)

    def _copy(self, record, *default):
        """As the action of the form does, or a client that has something different."""
        record = record.with_user(self.user)
        result = call_kw(record.browse(), "copy", [record.ids, *default], {})
        return record.sudo().browse(result)

    def _sell(self, *steps, **step):
        self._set_steps(*steps, **step)
        return self._sell_mixed()

    def _get_figures(self, line):
        """What the panel and the line say."""
        self.env.invalidate_all()
        [panel] = line.order_id.get_assembly_availability()
        return panel, line.qty_assembled, line.reserved_qty, line.move_ids

    def assertNobodys(self, moves):
        for move in moves:
            self.assertFalse(move.ato_supply)
            self.assertFalse(move.sale_line_id)
            self.assertFalse(move.move_orig_ids | move.move_dest_ids)
            self.assertFalse(move.created_production_id)

    def test_delivery(self):
        """Before and after what is to be assembled is made, and delivered."""
        for delivery in ("ship_only", "pick_ship"):
            with self.subTest(steps=delivery), self.env.cr.savepoint() as undo:
                line = self._sell(delivery)
                self._test_duplicate(line, line.move_ids.picking_id).action_cancel()
                self._produce(line.assembly_order_ids)
                copy = self._test_duplicate(line, line.move_ids.picking_id)
                # 2 more in stock are all that it gets
                self._set_stock(self.desk, 12)
                copy.action_assign()
                self.assertEqual(sum(copy.move_ids.mapped("quantity")), 2)
                self._deliver(line.move_ids.picking_id)
                done = line.move_ids.picking_id.filtered(lambda p: p.state == "done")
                self._test_duplicate(line, done)
                undo.close(rollback=True)

    def _test_duplicate(self, line, picking):
        before = self._get_figures(line)
        copy = self._copy(picking)
        self.assertEqual(sorted(copy.move_ids.mapped("product_uom_qty")), [4, 6])
        self.assertNobodys(copy.move_ids)
        copy.action_confirm()
        copy.action_assign()
        self.assertNobodys(copy.move_ids)
        self.assertEqual(sum(copy.move_ids.mapped("quantity")), 0)
        self.assertEqual(self._get_figures(line), before)
        self.assertInvariants(line)
        return copy

    def test_linked_order(self):
        """Of a quotation, confirmed, half made, made: the copy makes 4 for stock."""
        sale = self._create_order((self.desk, 10, 4))
        line = sale.order_line
        self._test_order_duplicate(line)
        sale.action_confirm()
        self._test_order_duplicate(line)
        self._produce(line.assembly_order_ids, 1)
        self._test_order_duplicate(line, 3)
        self._produce(line.assembly_order_ids.sorted("id")[1])
        self._test_order_duplicate(line, 3)

    def _test_order_duplicate(self, line, quantity=4):
        before = self._get_figures(line)
        copy = self._copy(line.assembly_order_ids.sorted("id")[-1:])
        self.assertEqual((copy.product_qty, copy.state), (quantity, "draft"))
        self.assertFalse(copy.ato_sale_line_id or copy.ato_bom_basis)
        self.assertNobodys(copy.move_finished_ids)
        with self.env.cr.savepoint() as undo:
            copy.action_confirm()
            self._produce(copy)
            self.assertEqual(copy.state, "done")
            self.assertNobodys(copy.move_finished_ids)
            self.assertEqual(line.qty_assembled, before[1])
            if line.state == "sale":
                self.assertInvariants(line)
            undo.close(rollback=True)
        self.assertEqual(self._get_figures(line), before)
        if line.state == "sale":
            self.assertInvariants(line)

    def test_transfer_of_made_units(self):
        """Where what was made is stored by a transfer of its own."""
        line = self._sell(manufacture="pbm_sam")
        order = line.assembly_order_ids
        for bringing in order.picking_ids.filtered(lambda p: p.state == "assigned"):
            self._deliver(bringing)
        self._produce(order)
        storing = order.move_finished_ids.move_dest_ids.picking_id
        copy = self._copy(storing)
        self.assertNobodys(copy.move_ids)
        self.assertInvariants(line)

    def test_row_alone(self):
        """A client duplicates one row of a delivery."""
        line = self._sell("pick_ship")
        before = self._get_figures(line)
        for move in self._moves(line, "assembly") | self._moves(line, "stock"):
            for default in (
                (),
                ({"product_uom_qty": 3},),
                ({"ato_supply": False},),
                ({"picking_id": False, "procure_method": "make_to_order"},),
            ):
                self.assertNobodys(self._copy(move, *default))
            with self.assertRaises(AccessError):
                self._copy(move, {"ato_supply": "assembly"})
        self.assertEqual(self._get_figures(line), before)
        self.assertInvariants(line)

    def test_row_as_a_return(self):
        """A client says that its copy brings the row back: it has no source."""
        line = self._sell()
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        for move in self._moves(line, "assembly") | self._moves(line, "stock"):
            copy = self._copy(move, {"origin_returned_move_id": move.id})
            self.assertFalse(copy.ato_supply)

    def test_what_is_split_off_is_the_lines(self):
        """Backorders of deliveries and orders are no duplicates."""
        line = self._sell()
        self._produce(line.assembly_order_ids, 1)
        self.assertEqual(sorted(line.assembly_order_ids.mapped("product_qty")), [1, 3])
        self._deliver(line.order_id.picking_ids, stock=2, assembly=1)
        for supply, quantities in {"stock": [2, 4], "assembly": [1, 3]}.items():
            moves = self._moves(line, supply)
            self.assertEqual(sorted(moves.mapped("product_uom_qty")), quantities)


@tagged("post_install", "-at_install")
class TestUninstall(AssembleToOrderCommon):
    """What quotations have made goes with the add-on (E23)."""

    def test_draft_orders(self):
        """Those of quotations go, changed by planners or not; others stay."""
        self._set_stock(self.desk, 6)
        quotation = self._create_order((self.desk, 10, 4), (self.desk_to_order, 3))
        quotation.order_line[0].action_reserve_stock()
        sent = self._create_order((self.desk, 2, 2))
        sent.action_quotation_sent()
        confirmed = self._create_order((self.desk, 5, 2))
        confirmed.action_confirm()
        drafts = (quotation | sent).order_line.assembly_order_ids
        self.assertEqual(drafts.mapped("state"), ["draft"] * 3)
        drafts[0].move_raw_ids[0].product_uom_qty = 20
        own = self.env["mrp.production"].create(
            {"product_id": self.desk.id, "product_qty": 1}
        )
        kept = confirmed.order_line.assembly_order_ids | own
        moves = drafts.move_raw_ids | drafts.move_finished_ids
        uninstall_hook(self.env)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(drafts.exists())
        self.assertFalse(moves.exists())
        self.assertEqual(kept.exists(), kept)
        self.assertEqual(kept.mapped("state"), ["confirmed", "draft"])
        self.assertFalse(quotation.order_line.sudo().hold_move_ids)
        self.assertInvariants(confirmed.order_line)
