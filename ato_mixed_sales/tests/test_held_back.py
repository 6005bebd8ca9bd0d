# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestHeldBack(CheckedStories, AssembleToOrderCommon):
    """Deliveries that somebody keeps back, or asks for bit by bit (O4).

    As add-ons do that block an order, or have its deliveries asked for by hand.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocked = cls.env["sale.order"]
        cls._set_stock(cls.desk, 6)

    def _block(self, *orders, below=False):
        """Keep these orders from being delivered.

        :param below: by an add-on that Odoo asks after this one, not before
        """
        self.blocked = self.env["sale.order"].union(*orders)
        Line = self.registry["sale.order.line"]
        if below:
            [Line] = [
                c
                for c in Line.__mro__
                if c.__module__.endswith("sale_stock.models.sale_order_line")
            ]
        launch = Line._action_launch_stock_rule

        def launch_but_blocked(lines, **kwargs):
            left = lines.filtered(lambda line: line.order_id not in self.blocked)
            return launch(left, **kwargs)

        self.patch(Line, "_action_launch_stock_rule", launch_but_blocked)

    def _launch_by_hand(self, line, quantity, uom=None):
        """Ask for a part of a line, as an add-on does that launches by itself."""
        if not line.order_id.stock_reference_ids:
            self.env["stock.reference"].create(line._prepare_reference_vals())
        values = line._prepare_procurement_values()
        procurements = line._create_procurements(
            quantity, uom or line.product_uom_id, values
        )
        self.env["stock.rule"].run(procurements)
        self.launched[line.id] = self.launched.get(line.id, 0) + quantity

    launched = None

    def setUp(self):
        super().setUp()
        self.launched = {}

    def _count_held_back(self, line):
        if line.order_id not in self.blocked:
            return 0.0
        kept = line.product_uom_qty - self.launched.get(line.id, 0)
        return line.product_uom_id._compute_quantity(kept, line.product_id.uom_id)

    def _asked(self, line):
        """What is asked for of both parts: (stock, assembly)"""
        moves = line.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and not m.production_id
        )
        return tuple(
            sum(moves.filtered(lambda m, s=s: m.ato_supply == s).mapped("product_qty"))
            for s in ("stock", "assembly")
        )

    def _check(self, line, stock=0, assembly=0):
        self.assertEqual(self._asked(line), (stock, assembly))
        self.assertInvariantsHeldBack(line)

    def assertInvariantsHeldBack(self, line):
        if self._asked(line) != (0, 0):
            self.assertInvariants(line)
        self.assertNothingBroken()

    def assertLossIsSeen(self, line):
        """A unit less that somebody asks for is no unit that is held back."""
        for supply, rule in (("stock", "b03"), ("assembly", "b01")):
            moves = self._moves(line, supply).filtered(
                lambda m: m.state != "done" and not m.move_dest_ids
            )
            if not moves:
                continue
            with self.env.cr.savepoint() as undo:
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE stock_move SET product_qty = product_qty - 1,"
                    " product_uom_qty = product_uom_qty - 1 WHERE id = %s",
                    moves[-1].ids,
                )
                rules = {row[0][:3] for row in self._get_broken()}
                self.assertIn(rule, rules)
                undo.close(rollback=True)
            self.env.invalidate_all()

    def _quote_blocked(self, below=False):
        """10, 4 of them assembled with one lamp more each, 6 reserved; blocked."""
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        line.action_reserve_stock()
        line.assembly_order_ids.move_raw_ids.filtered(
            lambda m: m.product_id == self.leg
        ).product_uom_qty = 20
        self._block(order, below=below)
        order.action_confirm()
        return line

    def _check_blocked(self, line, to_assemble=4, held=6, legs=20):
        """Nothing but the draft and what is held, as on the quotation."""
        self.assertEqual(line.state, "sale")
        self.assertFalse(line.move_ids)
        made = self.env["mrp.production"].search([("product_id", "=", self.desk.id)])
        self.assertEqual(made, line.assembly_order_ids)
        if to_assemble:
            self.assertRecordValues(
                made, [{"state": "draft", "product_qty": to_assemble}]
            )
            self.assertComponents(made, {self.leg: legs, self.top: to_assemble})
        self.assertEqual(sum(line.sudo().hold_move_ids.mapped("quantity")), held)
        self.assertEqual(line.reserved_stock_qty, held)
        self.assertNothingBroken()

    def _test_blocked(self, below):
        line = self._quote_blocked(below)
        order = line.assembly_order_ids
        self._check_blocked(line)
        line.qty_to_assemble_to_order = 6
        self._check_blocked(line, 6, 4, 30)
        line.product_uom_qty = 12
        self._check_blocked(line, 6, 4, 30)
        line.write({"product_uom_qty": 10, "qty_to_assemble_to_order": 5})
        self._check_blocked(line, 5, 4, 25)
        self.blocked -= line.order_id
        line._action_launch_stock_rule()
        self._check(line, 5, 5)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(order.state, "confirmed")
        self.assertComponents(order, {self.leg: 25, self.top: 5})
        self.assertEqual(line.reserved_stock_qty, 5)
        self._produce(order)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 1)

    def test_blocked(self):
        """Nothing is made or let go until the block is lifted."""
        self._test_blocked(below=False)

    def test_blocked_below(self):
        """The same, by an add-on that comes after this one."""
        self._test_blocked(below=True)

    def test_blocked_and_nothing_assembled(self):
        """A to 0 and back to 3: no order is made before the delivery asks for it."""
        line = self._quote_blocked()
        line.qty_to_assemble_to_order = 0
        self._check_blocked(line, 0)
        line.qty_to_assemble_to_order = 3
        self._check_blocked(line, 0)
        self.blocked -= line.order_id
        line._action_launch_stock_rule()
        self._check(line, 7, 3)
        self.assertEqual(line.assembly_order_ids.product_qty, 3)

    def test_blocked_and_cancelled(self):
        line = self._quote_blocked()
        line.order_id._action_cancel()
        self.assertFalse(line.sudo().hold_move_ids)
        self.assertFalse(
            line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
        )
        self.assertEqual(self._free(self.desk), 6)
        self.assertNothingBroken()

    def test_blocked_beside_another(self):
        """One order of two is blocked: the other one is delivered as ever."""
        blocked, other = (self._create_order((self.desk, 3, 2)) for _order in range(2))
        self._block(blocked, below=True)
        (blocked | other).action_confirm()
        self.assertEqual(self._asked(blocked.order_line), (0, 0))
        self._check(other.order_line, 1, 2)

    def test_launched_later(self):
        """Blocked only after it was confirmed: Q and A change, no more is asked for."""
        order = self._create_order((self.desk, 10, 4))
        order.action_confirm()
        line = order.order_line
        self._block(order)
        self.launched[line.id] = 10
        line.product_uom_qty = 12
        self._check(line, 6, 4)
        line.qty_to_assemble_to_order = 5
        self._check(line, 6, 4)
        self.assertEqual(line.assembly_order_ids.product_qty, 5)
        line.product_uom_qty = 8
        self.launched[line.id] = 8
        self._check(line, 3, 5)
        self.assertLossIsSeen(line)
        line.qty_to_assemble_to_order = 0
        self._check(line, 8, 0)
        self.blocked -= order
        line.product_uom_qty = 9
        self._check(line, 9, 0)

    # Bit by bit

    def test_by_hand(self):
        """3, 5 and 2 of 10 are asked for, assembled units first; all leave."""
        line = self._quote_blocked()
        order = line.assembly_order_ids
        self._launch_by_hand(line, 3)
        self._check(line, 0, 3)
        self.assertRecordValues(order, [{"state": "confirmed", "product_qty": 4}])
        self.assertEqual(line.reserved_stock_qty, 6)
        self.assertLossIsSeen(line)
        self._launch_by_hand(line, 5)
        self._check(line, 4, 4)
        self.assertLossIsSeen(line)
        self.assertEqual(line.reserved_stock_qty, 6)
        self._launch_by_hand(line, 2)
        self._check(line, 6, 4)
        self.assertEqual(line.reserved_stock_qty, 6)
        self.assertFalse(line.sudo().hold_move_ids)
        self._produce(order)
        for picking in line.order_id.picking_ids:
            self._deliver(picking)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)

    def test_by_hand_in_dozens(self):
        """A dozen of two: half of it is asked for."""
        values = {"product_uom_id": self.dozen.id}
        vals = self._prepare_line_vals(self.desk, 2, 0.5, **values)
        order = self._create_order(order_line=[(0, 0, vals)])
        self._block(order)
        order.action_confirm()
        line = order.order_line
        self._launch_by_hand(line, 0.75)
        self._check(line, 3, 6)
        self._launch_by_hand(line, 1.25)
        self._check(line, 18, 6)

    def test_units_wait_for_their_delivery(self):
        """3 of 4 are asked for, all 4 are made: nobody else gets the fourth."""
        line = self._quote_blocked()
        self._launch_by_hand(line, 3)
        self._produce(line.assembly_order_ids)
        self.assertEqual(self._free(self.desk), 0)
        other = self._create_order((self.desk, 5, 0))
        other.action_confirm()
        other.picking_ids.action_assign()
        self.assertEqual(sum(other.picking_ids.move_ids.mapped("quantity")), 0)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 3)
        self._launch_by_hand(line, 7)
        self._check(line, 6, 1)
        for picking in line.order_id.picking_ids.filtered(lambda p: p.state != "done"):
            self._deliver(picking)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)

    def _launch_three(self):
        """3 of 10 are asked for, all of them assembled; 4 are made, 6 are held."""
        line = self._quote_blocked()
        self._launch_by_hand(line, 3)
        self._produce(line.assembly_order_ids)
        self._check(line, 0, 3)
        return line

    def test_by_hand_and_no_assembly_any_more(self):
        """A to 0: 3 are still asked for, from stock; the 4 that were made are free."""
        line = self._launch_three()
        line.qty_to_assemble_to_order = 0
        self._check(line, 3, 0)
        self.assertEqual(line.reserved_stock_qty, 6)
        self.assertEqual(self._free(self.desk), 4)
        self._launch_by_hand(line, 7)
        self._check(line, 10, 0)

    def test_by_hand_and_more_to_assemble(self):
        """A to 6: no more is asked for before somebody does, and what is made stays."""
        line = self._launch_three()
        line.qty_to_assemble_to_order = 6
        self.assertEqual(self._asked(line), (0, 3))
        self.assertLossIsSeen(line)
        self.assertEqual(self._free(self.desk), 2)
        self._launch_by_hand(line, 7)
        self._check(line, 4, 6)
        self.assertEqual(sum(line.assembly_order_ids.mapped("product_qty")), 6)

    def test_by_hand_and_less_to_assemble(self):
        """3 of 10 are asked for, A from 4 to 2: still 3, and 7 are held back."""
        line = self._quote_blocked()
        self._launch_by_hand(line, 3)
        line.qty_to_assemble_to_order = 2
        self._check(line, 1, 2)
        self.assertEqual(line.qty_held_back, 7)
        self.assertEqual(line.assembly_order_ids.product_qty, 2)
        self.assertLossIsSeen(line)
        self._launch_by_hand(line, 7)
        self._check(line, 8, 2)
        self.assertEqual(line.qty_held_back, 0)

    def test_by_hand_and_nothing_lacks_any_more(self):
        """All but one are asked for; that one is asked for by a change, or is not."""
        for is_blocked, asked, held_back in ((True, (6, 3), 1), (False, (7, 3), 0)):
            with self.subTest(is_blocked=is_blocked):
                line = self._quote_blocked()
                self._launch_by_hand(line, 9)
                self._check(line, 5, 4)
                self.assertEqual(line.qty_held_back, 1)
                if not is_blocked:
                    self.blocked -= line.order_id
                line.qty_to_assemble_to_order = 3
                self._check(line, *asked)
                self.assertEqual(line.qty_held_back, held_back)
                self.assertLossIsSeen(line)
                line.qty_to_assemble_to_order = 0
                self._check(line, sum(asked), 0)
                self.assertEqual(line.qty_held_back, held_back)
                self.blocked -= line.order_id
                line.order_id._action_cancel()

    def test_by_hand_and_no_more_ordered(self):
        """3 are asked for and 3 ordered, then fewer assembled: nothing is held back."""
        line = self._quote_blocked()
        self._launch_by_hand(line, 3)
        self.launched[line.id] = 3
        line.write({"product_uom_qty": 3, "qty_to_assemble_to_order": 3})
        self._check(line, 0, 3)
        self.assertEqual(line.qty_held_back, 0)
        line.qty_to_assemble_to_order = 1
        self._check(line, 2, 1)
        self.assertEqual(line.qty_held_back, 0)
        self.assertLossIsSeen(line)

    def test_by_hand_and_cancelled(self):
        """Everything is free again."""
        line = self._launch_three()
        line.order_id._action_cancel()
        self.assertEqual(self._free(self.desk), 10)
        self.assertNothingBroken()

    def test_by_hand_and_delivery_cancelled(self):
        """The warehouse cancels the 3: A falls to 1, which is made and still kept."""
        line = self._launch_three()
        line.order_id.picking_ids.action_cancel()
        self.assertLine(line, 10, 9, 1)
        self.assertEqual(self._asked(line), (0, 0))
        self.assertEqual(self._free(self.desk), 3)

    def test_by_hand_and_planner_cancels(self):
        """No order makes the 3 that were asked for: as many are taken from stock."""
        line = self._quote_blocked()
        self._launch_by_hand(line, 3)
        line.assembly_order_ids.action_cancel()
        self.assertLine(line, 10, 10, 0)
        self._check(line, 3, 0)

    def test_by_hand_and_units_lost(self):
        """Of the 4 in a bin 1 is missing, then 2 more: stock takes their place."""
        place = self.env["stock.location"].create(
            {"name": "Assembled", "location_id": self.stock.id}
        )
        self.warehouse.from_assembly_location_id = place
        line = self._launch_three()
        self._set_stock(self.desk, 3, place)
        self.assertLine(line, 10, 7, 3)
        self._check(line, 0, 3)
        self._set_stock(self.desk, 1, place)
        self.assertLine(line, 10, 9, 1)
        self._check(line, 2, 1)
        self.assertEqual(line.reserved_stock_qty, 6)
        self.assertEqual(self._free(self.desk), 0)

    def test_by_hand_in_several_steps(self):
        """The same in three steps of delivery and of manufacturing."""
        self._set_steps("pick_pack_ship", "pbm_sam")
        line = self._quote_blocked()
        self._launch_by_hand(line, 3)
        order = line.assembly_order_ids
        self._move_all(order.picking_ids)
        self._produce(order)
        self._move_all(order.picking_ids)
        self._check(line, 0, 3)
        self.assertEqual(self._free(self.desk), 0)
        self._move_all(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 3)
        self._launch_by_hand(line, 7)
        self._check(line, 6, 1)
        self.assertEqual(self._free(self.desk), 0)
        self._move_all(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 10)

    def _move_all(self, pickings):
        """Validate these transfers, and those that follow, while they are ready."""
        for _step in range(4):
            orders = pickings.sale_id
            for picking in pickings | orders.picking_ids:
                if picking.state == "assigned":
                    self._deliver(picking)

    def test_planner_is_early(self):
        """The order of a blocked line is confirmed and made: nobody else gets it."""
        line = self._quote_blocked()
        order = line.assembly_order_ids
        order.action_confirm()
        self._produce(order)
        self.assertEqual(self._free(self.desk), 0)
        self.assertEqual(self._asked(line), (0, 0))
        self.blocked -= line.order_id
        line._action_launch_stock_rule()
        self._check(line, 6, 4)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 0)
