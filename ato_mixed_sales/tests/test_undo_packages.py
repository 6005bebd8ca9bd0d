# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .chain import PICK, SHIP, ChainCommon
from .test_undo_part import UndoPartCommon


class PackagesCommon(UndoPartCommon, ChainCommon):
    """What is told of packages is counted in quants, by no method of ours."""

    def _count_packed(self, product=None):
        """{(bin, package): (on hand, reserved)} of the product in the warehouse."""
        self.env.flush_all()
        self.env.invalidate_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", (product or self.desk).id),
                ("location_id", "child_of", self.warehouse.view_location_id.id),
            ]
        )
        return {
            (q.location_id.name, q.package_id.name or ""): (
                q.quantity,
                q.reserved_quantity,
            )
            for q in quants
            if q.quantity or q.reserved_quantity
        }

    def _create_pallet(self, name, place, *contents):
        pallet = self.env["stock.package"].create({"name": name})
        for product, units in contents:
            self.env["stock.quant"]._update_available_quantity(
                product, place, units, package_id=pallet
            )
        return pallet

    def _create_bins(self, names):
        return self.env["stock.location"].create(
            [{"name": name, "location_id": self.stock.id} for name in names]
        )

    def _pick_packed(self, order, name, **quantities):
        """Pick, by source, into one package."""
        picking = self._get_step(order, PICK)
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = quantities[move.ato_supply]
        picking.move_ids.picked = True
        picking.action_put_in_pack()
        picking.move_line_ids.result_package_id.name = name
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def _bring_to(self, pallet, place):
        """Have the pallet lie in `place`, as a worker moves it."""
        pallet.quant_ids.move_quants(location_dest_id=place, message="Moved")

    def _count_delivered(self, line):
        return line.qty_delivered, self._count(line)["Sa"]


@tagged("post_install", "-at_install")
class TestUndoPallet(PackagesCommon):
    """6 desks on a pallet, in one step, with 4 that were made before."""

    def _ship_pallet(self, *others):
        pallet = self._create_pallet("Pallet", self.stock, (self.desk, 6), *others)
        order = self._create_order((self.desk, 10, 4), *others)
        order.action_confirm()
        line = order.order_line[0]
        self._produce(line.assembly_order_ids)
        order.picking_ids.action_assign()
        before = self._count_packed()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.assertEqual(line.qty_delivered, 10)
        return pallet, line, before

    def test_whole(self):
        """All is undone: 6 lie on the pallet again, and are held there."""
        _pallet, line, before = self._ship_pallet()
        self.assertEqual(before["Stock", "Pallet"], (6, 6))
        again = self._undo(line.order_id.picking_ids)
        self.assertEqual(self._count_packed(), before)
        self._deliver(again)
        self.assertEqual(self._count_delivered(line), (10, 4))

    def test_a_part(self):
        """2 of 6 come back: beside the pallet, which has stayed with the customer."""
        _pallet, line, _before = self._ship_pallet()
        again = self._undo_part(line.order_id.picking_ids, stock=2)
        self.assertEqual(self._count_packed(), {("Stock", ""): (2, 2)})
        self.assertEqual(self._count_delivered(line), (8, 4))
        self._deliver(again)
        self.assertEqual(self._count_delivered(line), (10, 4))

    def test_one_part_after_the_other(self):
        """2 of 6, then the others with all: the pallet is empty then, and is back."""
        _pallet, line, _before = self._ship_pallet()
        picking = line.order_id.picking_ids
        self._undo_part(picking, stock=2)
        self._undo(picking)
        self.assertEqual(
            self._count_packed(), {("Stock", ""): (6, 6), ("Stock", "Pallet"): (4, 4)}
        )
        self.assertEqual(self._count_delivered(line), (0, 0))

    def test_something_else_on_it(self):
        """Desks alone come back, of a pallet with lamps: beside it."""
        lamp = self._create_product("My Lamp")
        _pallet, line, before = self._ship_pallet((lamp, 3))
        picking = line.order_id.picking_ids
        self._undo_part(picking, stock=6, assembly=4)
        self.assertEqual(self._count_packed(), {("Stock", ""): (10, 10)})
        self.assertEqual(before["Stock", "Pallet"], (6, 6))
        self._undo(picking)
        self.assertEqual(self._count_packed(lamp), {("Stock", "Pallet"): (3, 3)})

    def test_moved_since(self):
        """9 were on it; it was brought to B with 3: the 6 lie loose where they lay."""
        pallet = self._create_pallet("Pallet", self.stock, (self.desk, 9))
        line = self._sell_mixed()
        self._produce(line.assembly_order_ids)
        picking = line.order_id.picking_ids
        picking.action_assign()
        self._deliver(picking)
        self._bring_to(pallet, self._create_bins("B"))
        self._undo(picking)
        self.assertEqual(
            self._count_packed(), {("Stock", ""): (10, 10), ("B", "Pallet"): (3, 0)}
        )

    def test_still_there(self):
        """9 were on it, 3 are: the 6 are put with them."""
        self._create_pallet("Pallet", self.stock, (self.desk, 9))
        line = self._sell_mixed()
        self._produce(line.assembly_order_ids)
        picking = line.order_id.picking_ids
        picking.action_assign()
        before = self._count_packed()
        self._deliver(picking)
        self._undo(picking)
        self.assertEqual(self._count_packed(), before)
        self.assertEqual(before["Stock", "Pallet"], (9, 6))


@tagged("post_install", "-at_install")
class TestUndoPacked(PackagesCommon):
    """Units are put into a package with the pick."""

    def test_whole_and_part(self):
        """10 in a box; 2, or all, come back from it to where they were picked."""
        for steps in ("pick_ship", "pick_pack_ship"):
            for stock, assembly in ((2, 0), (0, 1), (2, 1), (6, 4)):
                with self.subTest(steps=steps, stock=stock, assembly=assembly):
                    self._set_stock(self.desk, 0)
                    self._undo_boxed(steps, stock, assembly)

    def _undo_boxed(self, steps, stock, assembly):
        order, line = self._start(steps)
        self._pick_packed(order, "Box", stock=6, assembly=4)
        self._deliver_all(order)
        self.assertEqual(self._count_packed(), {})
        out = self._get_step(order, SHIP, "done")
        self._undo_part(out, stock=stock, assembly=assembly)
        back = stock + assembly
        self.assertEqual(self._count_packed(), {("Stock", ""): (back, back)})
        self.assertEqual(self._count_delivered(line), (10 - back, 4 - assembly))
        self._deliver_all(order)
        self.assertEqual(self._count_delivered(line), (10, 4))
        self.env["stock.package"].search([("name", "=", "Box")]).name = "Former Box"

    def test_pallet_all_the_way(self):
        """6 on a pallet are picked and shipped as they are: on it in A, or beside."""
        [place] = self._create_bins("A")
        for stock, expected in (
            (6, {("A", "Pallet 6"): (6, 6)}),
            (2, {("A", ""): (2, 2)}),
        ):
            with self.subTest(stock=stock):
                self._create_pallet(f"Pallet {stock}", place, (self.desk, 6))
                order, _line = self._start(stock=0)
                self._deliver_all(order)
                self._undo_part(self._get_step(order, SHIP, "done"), stock=stock)
                self.assertEqual(self._count_packed(), expected)
                self._deliver_all(order)
                self.assertEqual(self._count_packed(), {})

    def test_two_boxes_the_second_leaves(self):
        """3 of A and 2 in a box, 3 of B and 2 in another, which leaves and is back.

        The first box waits in Output still: 3 of B come back, not those of A.
        """
        order, line = self._start_with_two_boxes()
        out = self._get_step(order, SHIP)
        rows = out.move_line_ids.filtered(lambda row: row.package_id.name == "Second")
        rows.picked = True
        rows.picking_id.with_context(skip_backorder=True).button_validate()
        self.assertEqual(line.qty_delivered, 5)
        self._undo(rows.picking_id)
        self.assertEqual(
            self._count_packed(),
            {("Output", "First"): (5, 5), ("B", ""): (3, 3), ("Stock", ""): (2, 2)},
        )
        self._deliver_all(order)
        self.assertEqual(self._count_delivered(line), (10, 4))

    def test_two_boxes_undone_in_turn(self):
        """Both have left: 3 of the second, then all else come back, each to its bin."""
        order, line = self._start_with_two_boxes()
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)
        out = self._get_step(order, SHIP, "done")
        self._undo_part(out, stock=3)
        self.assertEqual(sum(held for held, _r in self._count_packed().values()), 3)
        self._undo(out)
        self.assertEqual(
            self._count_packed(),
            {("A", ""): (3, 3), ("B", ""): (3, 3), ("Stock", ""): (4, 4)},
        )

    def _start_with_two_boxes(self):
        for place in self._create_bins("AB"):
            self._set_stock(self.desk, 3, place)
        order, line = self._start(stock=0)
        pick = self._get_step(order, PICK)
        pick.action_assign()
        rows = pick.move_line_ids.filtered(lambda row: row.location_id.name == "B")
        rows.unlink()
        self._pick_packed(order, "First", stock=3, assembly=2)
        self._pick_packed(order, "Second", stock=3, assembly=2)
        return order, line
