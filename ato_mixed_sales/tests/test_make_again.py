# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from . import oracle
from .flow import FlowCommon
from .test_tracking import TrackingCommon
from .test_undo import UndoCommon


class MakeAgainCommon(UndoCommon, FlowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env, "ato_planner", "mrp.group_mrp_user", company_id=cls.company.id
        )

    def _make_again(self, order, user=None):
        """Take apart what an order has made; the order that makes it again."""
        action = order.with_user(user or self.planner).action_undo_assembly()
        self.env.flush_all()
        self.env.invalidate_all()
        self._check_lines(order.ato_sale_line_id)
        self.assertNothingBroken()
        return order.browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestMakeAgain(MakeAgainCommon):
    """4 of 10 desks were assembled early, and wait; 6 are on the shelf."""

    def test_made_again(self):
        """4 are taken apart, R is 4 again; they are made and leave as ever."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        order.action_assign()
        before = self._count(line)
        self._produce(order)
        self.assertTrue(order.can_be_made_again)
        again = self._make_again(order)
        self.assertAsBefore(line, before)
        self.assertEqual((again.state, again.product_qty), ("confirmed", 4))
        self.assertEqual(order.unbuild_ids.mapped("product_qty"), [4])
        self.assertFalse(order.can_be_made_again)
        self.assertIn("taken apart again", line.order_id.message_ids[0].body)
        with self.assertRefused("nothing that .* has made waits for its delivery"):
            self._make_again(order)
        self._produce(again)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_a_fresh_order_is_there(self):
        """3 of 4 were made, of lamps too: the order of the rest makes 4."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        order.move_raw_ids = [
            (0, 0, order._get_move_raw_values(self.lamp, 4, self.unit))
        ]
        order.action_assign()
        before = self._count(line)
        self._produce(order, 3)
        again = self._make_again(order)
        self.assertAsBefore(line, before)
        self.assertEqual(self._open_orders(line), again)
        self.assertComponents(again, {self.leg: 16, self.top: 4, self.lamp: 4})

    def test_changed_in_between(self):
        """The rest is made without lamps: another order makes 3 with lamps again."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        order.move_raw_ids = [
            (0, 0, order._get_move_raw_values(self.lamp, 4, self.unit))
        ]
        self._produce(order, 3)
        rest = self._open_orders(line)
        rest.move_raw_ids.filtered(lambda m: m.product_id == self.lamp).unlink()
        again = self._make_again(order)
        self.assertNotEqual(again, rest)
        self.assertComponents(again, {self.leg: 12, self.top: 3, self.lamp: 3})
        self.assertEqual(self._count(line)["R"], 4)

    def test_some_have_left(self):
        """1 of 4 has left: the 3 that wait are made again, it stays delivered."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        self._produce(order)
        self._deliver(line.order_id.picking_ids, stock=2, assembly=1)
        again = self._make_again(order)
        now = self._count(line)
        figures = {name: now[name] for name in ("A", "S", "Sa", "D", "R", "P", "N")}
        expected = {"A": 4, "S": 3, "Sa": 1, "D": 1, "R": 3, "P": 3, "N": 4}
        self.assertEqual(figures, expected)
        self.assertEqual(again.product_qty, 3)

    def test_have_left(self):
        """All have left: refused, with the way out, which is walked."""
        line = self._sell_mixed(stock=6)
        order, picking = line.assembly_order_ids, line.order_id.picking_ids
        self._produce(order)
        self._deliver(picking)
        self.assertFalse(order.can_be_made_again)
        with self.assertRefused(f"has left by {picking.name}. Undo the shipment"):
            self._make_again(order)
        self._undo(picking)
        self._make_again(order)
        self.assertEqual(self._count(line)["R"], 4)

    def test_picked(self):
        """All are in Output: refused until they are put back."""
        order, line = self._start("pick_ship")
        made = line.assembly_order_ids
        pick = self._do_step(order, "pick_type_id")
        with self.assertRefused(f"has left by {pick.name}.*put the units back"):
            self._make_again(made)
        self._put_back(pick, assembly=4, stock=6)
        self._make_again(made)
        self.assertEqual(self._count(line)["R"], 4)

    def test_by_product(self):
        """A by-product is gone: refused until it is back."""
        chip = self._create_product("Wood Chips")
        self.desk.bom_ids.byproduct_ids = [
            (0, 0, {"product_id": chip.id, "product_qty": 1, "product_uom_id": 1})
        ]
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        self._scrap(chip, 1, self.stock)
        with self.assertRefused("Wood Chips, made by the way, is not free"):
            self._make_again(line.assembly_order_ids)
        self._set_stock(chip, 4)
        self._make_again(line.assembly_order_ids)
        self.assertEqual(self._free(chip), 0)

    def test_refused(self):
        """Who moves goods only may not; open orders, and others, are no case."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        with self.assertRefused("is not done: change, or cancel, it instead"):
            self._make_again(order)
        self._produce(order)
        for user in (self.shipper, self.seller):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._make_again(order, user=user)
        plain = self.env["mrp.production"].create(
            {"product_id": self.desk.id, "product_qty": 1}
        )
        with self.assertRefused("assembles for no sales order: use Unbuild"):
            plain.with_user(self.planner).action_undo_assembly()
        self.assertEqual(line.qty_assembled, 4)


@tagged("post_install", "-at_install")
class TestMakeAgainSteps(MakeAgainCommon, TrackingCommon):
    """Manufacturing in three steps, serial numbers, lots, dozens."""

    def test_in_steps(self):
        """Components were brought; units are stored, or still to be stored."""
        for kind, store in (
            ("units", False),
            ("serial", True),
            ("lot", False),
            ("dozens", True),
        ):
            self._in_every_way(
                lambda line, store=store: self._tell(line, store),
                (("pick_ship", "pbm_sam"), kind),
            )

    def _tell(self, line, store):
        self._move_ready(line.assembly_order_ids.picking_ids)
        names = ("Q", "A", "S", "Sa", "D", "R", "P", "N")
        before = self._count(line)
        order = self._make(line, store=store)
        lots = order.lot_producing_ids
        again = self._make_again(order)
        now = self._count(line)
        for name in names:
            self.assertEqual(now[name], before[name], name)
        self.assertTrue(oracle.is_open(again))
        taken = order.unbuild_ids.produce_line_ids.filtered(
            lambda move: move.product_id == line.product_id
        )
        self.assertEqual(taken.move_line_ids.lot_id, lots)
        leg = self.env["stock.quant"]._get_available_quantity(self.leg, self.stock)
        needed = sum(
            again.move_raw_ids.filtered(lambda m: m.product_id == self.leg).mapped(
                "product_qty"
            )
        )
        self.assertEqual(leg + needed, 1000, "the legs are back on the shelf")
        self._finish(line)
