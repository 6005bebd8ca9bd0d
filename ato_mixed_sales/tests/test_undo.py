# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.stock_account.tests.common import TestStockValuationCommon

from . import oracle
from .chain import PICK, SHIP, ChainCommon
from .common import CheckedStories
from .test_shipment import ShipmentCommon
from .test_tracking import TrackingCommon


class UndoCommon(CheckedStories, ShipmentCommon):
    """What is there before a shipment is there again once it is undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = new_test_user(
            cls.env, "ato_shipper", "stock.group_stock_user", company_id=cls.company.id
        )

    def _undo(self, picking, user=None):
        """Undo a shipment; the transfer that is open again."""
        action = picking.with_user(user or self.shipper).action_undo_assembly_shipment()
        self.env.flush_all()
        self.env.invalidate_all()
        self._check_lines(picking.sudo().move_ids.sale_line_id)
        return self.env["stock.picking"].browse(action["res_id"])

    def _count(self, line):
        """What stands in quants and documents, by no method of ours."""
        self.env.flush_all()
        self.env.invalidate_all()
        parts, (made, coming) = oracle.count_parts(line), oracle.count_made(line)
        products = line.product_id | line.assembly_order_ids.move_raw_ids.product_id
        return {
            "Q": line.product_uom_qty,
            "A": line.qty_to_assemble_to_order,
            "S": line.qty_delivered,
            "Sa": parts["assembly"].delivered,
            "D": made - line.qty_given_up,
            "R": coming,
            "P": parts["assembly"].open,
            "N": parts["stock"].open,
            "held": self._count_held(line),
            "stock": self._count_stock(products),
        }

    def _count_held(self, line):
        """{(source, bin, lot): units} that open rows of the line hold."""
        held = {}
        for row in line.move_ids.filtered(oracle.is_open).move_line_ids:
            key = (row.move_id.ato_supply, row.location_id, row.lot_id)
            held[key] = held.get(key, 0) + row.quantity_product_uom
        return held

    def _count_stock(self, products):
        """{(product, bin, lot): (on hand, reserved)} in the warehouse."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", self.warehouse.view_location_id.id),
            ]
        )
        return {
            (q.product_id, q.location_id, q.lot_id): (q.quantity, q.reserved_quantity)
            for q in quants
            if q.quantity or q.reserved_quantity
        }

    def assertAsBefore(self, line, before):
        now = self._count(line)
        for name, value in before.items():
            self.assertEqual(now[name], value, name)

    def _open_orders(self, line):
        return line.assembly_order_ids.filtered(oracle.is_open)


@tagged("post_install", "-at_install")
class TestUndo(UndoCommon):
    """10 desks, 6 from stock and 4 assembled, have left in one step."""

    def test_assembled_by_the_shipment(self):
        """4 are assembled as they leave: taken apart, 16 legs are back, R is 4."""
        line = self._sell_mixed(stock=6)
        picking, first = line.order_id.picking_ids, line.assembly_order_ids
        first.action_assign()
        before = self._count(line)
        self._ship(picking)
        self.assertEqual(self._count(line)["S"], 10)
        again = self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertEqual(first.unbuild_ids.mapped("product_qty"), [4])
        self.assertEqual(first.unbuild_ids.state, "done")
        self.assertEqual(self._open_orders(line).product_qty, 4)
        self.assertEqual(picking.state, "done")
        self.assertEqual(again.move_ids.mapped("state"), ["assigned", "waiting"])
        self._ship(again)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))
        self.assertEqual(self._free(self.leg), 1000 - 16)

    def test_made_before(self):
        """4 were made before: they wait again, nothing is taken apart."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        self._produce(order)
        before, picking = self._count(line), line.order_id.picking_ids
        self._deliver(picking)
        again = self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertFalse(order.unbuild_ids)
        self.assertFalse(self._open_orders(line))
        self.assertEqual(again.state, "assigned")
        self._deliver(again)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_both(self):
        """1 of 4 was made before, 3 with the shipment: 1 waits, 3 are made again."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids, 1)
        line.assembly_order_ids.filtered(oracle.is_open).action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertEqual((line.qty_assembled, before["R"]), (1, 3))

    def test_customised_components(self):
        """3 legs and a lamp instead of 4 legs: these are back, and made of again."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        legs = order.move_raw_ids.filtered(lambda m: m.product_id == self.leg)
        legs.product_uom_qty = 12
        order.move_raw_ids = [
            (0, 0, order._get_move_raw_values(self.lamp, 4, self.unit))
        ]
        order.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        self.assertEqual(self._free(self.lamp), 996)
        self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertComponents(
            self._open_orders(line), {self.leg: 12, self.top: 4, self.lamp: 4}
        )

    def test_bins(self):
        """Legs from A and B, desks from C: all are back in their own bins."""
        bins = [
            self.env["stock.location"].create(
                {"name": name, "location_id": self.stock.id}
            )
            for name in "ABC"
        ]
        pole = self._create_product("Pole")
        desk = self._create_product("Pole Desk", {pole: 4})
        for product, quantity, place in (
            (pole, 10, bins[0]),
            (pole, 10, bins[1]),
            (desk, 6, bins[2]),
        ):
            self._set_stock(product, quantity, place)
        line = self._sell_mixed(product=desk)
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        self._undo(picking)
        self.assertAsBefore(line, before)

    def test_first_of_two_shipments(self):
        """2 of 4 assembled left with 3 from stock: one order for 4 is open again."""
        line = self._sell_mixed(stock=6)
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking, qty_to_ship=2)
        self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertEqual(self._open_orders(line).mapped("product_qty"), [4])

    def test_last_of_two_shipments(self):
        """The first 2 stay delivered: Sa 2, D 2, R 2."""
        line = self._sell_mixed(stock=6)
        self._ship(line.order_id.picking_ids, qty_to_ship=2)
        self._open_orders(line).action_assign()
        before, picking = self._count(line), self._open_picking(line.order_id)
        self._ship(picking)
        self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertEqual((before["Sa"], before["D"], before["R"]), (2, 2, 2))

    def test_nobody_else_gets_what_is_back(self):
        """Another order lacks 10: it gets none of the 6 and 4 that are back."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        before, picking = self._count(line), line.order_id.picking_ids
        self._deliver(picking)
        other = self._create_order((self.desk, 10, 0))
        other.action_confirm()
        self._undo(picking)
        other.picking_ids.action_assign()
        self.assertAsBefore(line, before)
        self.assertEqual(sum(other.order_line.move_ids.mapped("quantity")), 0)

    def test_twice(self):
        """Shipped, undone, shipped, undone: as at first; no third time."""
        line = self._sell_mixed(stock=6)
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        again = self._undo(picking)
        with self.assertRefused(f"{picking.name} has delivered nothing"):
            self._undo(picking)
        self._ship(again)
        self._undo(again)
        self.assertAsBefore(line, before)

    def test_no_way_round(self):
        """What is back is not returned once more; what brought it back neither."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        again = self._undo(picking)
        back = line.order_id.picking_ids.filtered("return_id")
        for transfer, message in (
            (picking, f"{picking.name} was undone"),
            (back, f"{again.name} asks for it again"),
        ):
            wizard = self.env["stock.return.picking"].with_user(self.shipper)
            wizard = wizard.create({"picking_id": transfer.id})
            wizard.product_return_moves[0].quantity = 1
            with self.assertRefused(message):
                wizard.action_create_returns()

    def test_dozens(self):
        """A dozen, half of it assembled, leaves and is back."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 1, 0.5))
        line = order.order_line
        line.product_uom_id = self.dozen
        self.assertLine(line, 1, 0.5, 0.5)
        order.action_confirm()
        line.assembly_order_ids.action_assign()
        before = self._count(line)
        self._ship(order.picking_ids)
        self.assertEqual(line.qty_delivered, 1)
        self._undo(order.picking_ids)
        self.assertAsBefore(line, before)

    def test_returned(self):
        """2 came back from the customer: refused, all else stays."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves[0].quantity = 2
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        with self.assertRefused(f"{back.name} is to bring units back. Cancel it"):
            self._undo(picking)
        with self.env.cr.savepoint() as undo:
            back.action_cancel()
            self._undo(picking)
            self.assertEqual(line.qty_delivered, 0)
            undo.close(rollback=True)
        self.env.invalidate_all()
        self._deliver(back)
        with self.assertRefused(
            f"have been returned by {back.name}. Have the others returned as well"
        ):
            self._undo(picking)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for row in wizard.product_return_moves:
            left = row.move_id._get_lines_left()
            row.quantity = sum(left.values())
        self._deliver(picking.browse(wizard.action_create_returns()["res_id"]))
        self.assertEqual(line.qty_delivered, 0)

    def test_returned_of_both(self):
        """1 of each source came back: that is said, and refused, in one sentence."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        back = picking.browse(wizard.action_create_returns()["res_id"])
        self._deliver(back)
        undo = self.env["assembly.undo"].create({"picking_id": picking.id})
        told = undo.remarks.splitlines()
        self.assertEqual(len(told), 1, told)
        with self.assertRefused("^" + re.escape(told[0]) + "$"):
            undo.action_undo()

    def test_invoiced(self):
        """10 are invoiced: refused until they are credited."""
        self.desk.invoice_policy = "delivery"
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        invoice = line.order_id._create_invoices()
        invoice.action_post()
        with self.assertRefused("10.00 Units are invoiced.*Credit them first"):
            self._undo(picking)
        invoice._reverse_moves(cancel=True)
        self._undo(picking)
        self.assertEqual(line.qty_delivered, 0)

    def test_by_product(self):
        """A by-product of the shipment is sold: refused; it is back: taken apart."""
        chip = self._create_product("Wood Chips")
        bom = self.desk.bom_ids
        bom.byproduct_ids = [
            (0, 0, {"product_id": chip.id, "product_qty": 1, "product_uom_id": 1})
        ]
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        self.assertEqual(self._free(chip), 4)
        self._scrap(chip, 1, self.stock)
        with self.assertRefused("Wood Chips, made by the way, is not free"):
            self._undo(picking)
        self._set_stock(chip, 4)
        self._undo(picking)
        self.assertEqual(self._free(chip), 0)

    def test_rights(self):
        """A seller may not, nor is an open transfer undone."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        with self.assertRefused("has delivered nothing"):
            self._undo(picking)
        self._ship(picking)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._undo(picking, user=self.seller)
        self.assertEqual(line.qty_delivered, 10)


@tagged("post_install", "-at_install")
class TestUndoSteps(UndoCommon, ChainCommon):
    """Back to the shelf in one go."""

    def test_two_steps(self):
        """Assembled with the pick, shipped from Output: both are undone at once."""
        self._set_steps("pick_ship")
        line = self._sell_mixed(stock=6)
        order = line.order_id
        line.assembly_order_ids.action_assign()
        before = self._count(line)
        self._ship(self._get_step(order, PICK))
        out = self._get_step(order, SHIP)
        self._deliver(out)
        self._undo(out)
        self.assertAsBefore(line, before)
        self._ship(self._get_step(order, PICK))
        self._deliver(self._get_step(order, SHIP))
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_three_steps_made_before(self):
        """Pick, pack and ship: 4 that were made early wait on the shelf again."""
        order, line = self._start("pick_pack_ship")
        before = self._count(line)
        self._deliver_all(order)
        out = order.picking_ids.filtered(
            lambda p: p.picking_type_id == self.warehouse.out_type_id
        )
        self._undo(out)
        self.assertAsBefore(line, before)
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_a_part_is_still_on_its_way(self):
        """3 of the stock part are in Output: they stay there, and are asked for."""
        order, line = self._start("pick_ship")
        self._do_step(order, PICK)
        out = self._get_step(order, SHIP)
        self._deliver(out, stock=3, assembly=4)
        self._undo(out)
        self.assertEqual(self._count_asked(order, SHIP), (3, 0))
        self.assertEqual(self._count_asked(order, PICK), (3, 4))
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_components_brought_to_the_floor(self):
        """Components had been brought to the floor: they go back to the shelf."""
        self._set_steps("ship_only", "pbm")
        line = self._sell_mixed(stock=6)
        bring = line.assembly_order_ids.picking_ids
        bring.action_assign()
        bring.move_ids.picked = True
        bring.button_validate()
        self._ship(line.order_id.picking_ids)
        self.assertEqual(self._free(self.leg), 984)
        self._undo(line.order_id.picking_ids[:1])
        on_shelf = self.env["stock.quant"]._get_available_quantity(self.leg, self.stock)
        self.assertEqual(on_shelf + 16, 1000, "16 are reserved for the new order")


@tagged("post_install", "-at_install")
class TestUndoTracked(UndoCommon, TrackingCommon):
    """The very lots and serial numbers."""

    def test_serials(self):
        """OLD1 and OLD2 from stock, NEW1 made before, NEW2 and NEW3 as they leave."""
        cog = self._create_tracked("Cog", "serial")
        cogs = self._create_lots(cog, "C1", "C2", "C3", "C4", "C5")
        self._stock_lots(cogs)
        clock = self._create_tracked("Clock", "serial", {cog: 1})
        self._stock_lots(self._create_lots(clock, "OLD0", "OLD1", "OLD2"))
        line = self._sell_mixed(5, 3, clock)
        self._produce_lots(line.assembly_order_ids, "NEW1")
        before, picking = self._count(line), line.order_id.picking_ids
        made = self._create_lots(clock, "NEW2", "NEW3")
        shipment = self._open(picking)
        with shipment.line_ids.edit(0) as row:
            for lot in made:
                row.lot_ids.add(lot)
        shipment.save().action_ship()
        self._undo(picking)
        self.assertAsBefore(line, before)
        orders = line.assembly_order_ids.filtered("unbuild_ids")
        consumed = orders.unbuild_ids.produce_line_ids.filtered(
            lambda m: m.product_id == clock
        )
        self.assertEqual(consumed.move_line_ids.lot_id, made)

    def test_lot_of_components(self):
        """Legs of two lots, used by one order: each lot is back as it was."""
        oak = self._create_tracked("Oak Leg", "lot")
        self._stock_lots(self._create_lots(oak, "OAK1", "OAK2"), 5)
        stool = self._create_tracked("Stool", "lot", {oak: 3})
        line = self._sell_mixed(3, 3, stool)
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        shipment = self._open(picking)
        with shipment.line_ids.edit(0) as row:
            row.lot_ids.add(self._create_lots(stool, "S1"))
        shipment.save().action_ship()
        self._undo(picking)
        self.assertAsBefore(line, before)

    def test_resold_serial(self):
        """A serial number is not with the customer any more: refused."""
        line = self._sell_mixed(2, 1, self._create_stocked_clock())
        picking = line.order_id.picking_ids
        self._produce_lots(line.assembly_order_ids, "NEW")
        self._deliver(picking)
        lot = self._moves(line, "assembly").lot_ids
        self._bring(lot, self.env.ref("stock.stock_location_customers"), self.stock)
        with self.assertRefused("NEW are not with the customer any more"):
            self._undo(picking)
        self._bring(lot, self.stock, self.env.ref("stock.stock_location_customers"))
        self._undo(picking)
        self.assertEqual(line.qty_delivered, 0)

    def _create_stocked_clock(self):
        clock = self._create_tracked("Clock", "serial", {self.leg: 1})
        self._stock_lots(self._create_lots(clock, "OLD"))
        return clock

    def _bring(self, lot, source, target):
        """A transfer of nobody's."""
        move = self.env["stock.move"].create(
            {
                "product_id": lot.product_id.id,
                "product_uom_qty": 1,
                "location_id": source.id,
                "location_dest_id": target.id,
            }
        )
        move._action_confirm()
        move.move_line_ids = [
            (5,),
            (0, 0, {"product_id": lot.product_id.id, "lot_id": lot.id, "quantity": 1}),
        ]
        move.picked = True
        move._action_done()


class ValuedUndoCommon(UndoCommon, TestStockValuationCommon):
    """6 desks are on the shelf at 40; of 4 legs and a top at 5 each one costs 25. What
    components cost does not change.
    """

    @classmethod
    def _create_company(cls, **values):
        """No charts of accounts for companies that have no part in this."""
        return cls.env["res.company"].create(values)

    def _sell_valued(self, category):
        self.desk.write(
            {
                "categ_id": category.id,
                "standard_price": 40,
                "taxes_id": False,
                "invoice_policy": "delivery",
            }
        )
        (self.leg | self.top).categ_id = self.category_standard_auto
        self.leg.standard_price = self.top.standard_price = 5
        return self._sell_mixed(stock=6)

    def _get_values(self):
        """What desks and components are worth in stock."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.desk.total_value, self.leg.total_value + self.top.total_value

    def assertCost(self, line, again, most):
        """Shipped once more and invoiced: in the books is what is worth 0 in stock."""
        self._ship(again)
        self.assertEqual(self.desk.total_value, 0)
        invoice = line.order_id._create_invoices()
        invoice.action_post()
        self.assertCostOfSales(invoice, most)

    def assertCostOfSales(self, invoices, most):
        """What journal items say that was sold has cost."""
        costs = invoices.line_ids.filtered(lambda item: item.display_type == "cogs")
        self.assertEqual(sum(costs.mapped("debit")), most)
        self.assertEqual(sum(costs.mapped("balance")), 0)


@tagged("post_install", "-at_install")
class TestUndoValuation(ValuedUndoCommon):
    """What a reversal is worth: as Odoo's own return and unbuild value it."""

    def _undo_valued(self, category):
        """Ship, undo: (before, shipped, undone), each (desks, components)"""
        line = self._sell_valued(category)
        values = [self._get_values()]
        self._ship(line.order_id.picking_ids)
        values.append(self._get_values())
        again = self._undo(line.order_id.picking_ids)
        values.append(self._get_values())
        return line, again, values

    def test_standard(self):
        """Desks at 40, whatever they are made of: to the cent as before."""
        _line, _again, values = self._undo_valued(self.category_standard_auto)
        before, shipped, undone = values
        self.assertEqual(before, undone)
        self.assertEqual((before[0], shipped[0]), (240, 0))
        self.assertEqual(before[1] - shipped[1], 100)

    def test_average(self):
        """All 10 left at 34: 4 of them are taken apart at 34, 6 stay at 34, not 40.

        The 36 are in production, which got 136 for components of 100: as whenever
        units are taken apart, Odoo knows the average only.
        """
        line, again, values = self._undo_valued(self.category_avco_auto)
        before, shipped, undone = values
        self.assertEqual((before[0], shipped[0], undone[0]), (240, 0, 204))
        self.assertEqual(before[1], undone[1], "components are back at their cost")
        apart = line.assembly_order_ids.unbuild_ids.produce_line_ids
        apart = apart.filtered(lambda move: move.product_id == self.desk)
        self.assertEqual(apart.value, 136)
        self.assertEqual(before[0] - undone[0], apart.value - 100)
        self.assertCost(line, again, 204 + 100)

    def test_first_in_first_out(self):
        """6 at 40 and 4 at 25 are back as they left; the first 4 are taken apart.

        Odoo's unbuild takes the oldest value, 160 for components of 100: 60 stay in
        production, and 2 at 40 with 4 at 25 on the shelf.
        """
        line, again, values = self._undo_valued(self.category_fifo_auto)
        before, _shipped, undone = values
        back = line.move_ids.filtered("ato_is_undo")
        self.assertEqual(sum(back.mapped("value")), 340)
        self.assertEqual((before[0], undone[0]), (240, 180))
        self.assertEqual(before[1], undone[1])
        self.assertCost(line, again, 320)
