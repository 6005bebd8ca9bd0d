# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from . import oracle
from .chain import PICK, SHIP, ChainCommon
from .test_tracking import TrackingCommon
from .test_undo import UndoCommon, ValuedUndoCommon


class UndoPartCommon(UndoCommon):
    """Chosen rows of a done delivery come back."""

    def _open_undo(self, picking, user=None):
        user = user or self.shipper
        action = picking.with_user(user).action_open_assembly_undo()
        model = self.env[action["res_model"]].with_user(user)
        return Form(model.with_context(**action["context"]))

    def _find_row(self, dialog, product, supply):
        """Which row of the dialog stands for what."""
        rows = dialog.line_ids
        for number in range(len(rows)):
            with rows.edit(number) as row:
                if (row.product_id, row.ato_supply) == (product, supply):
                    return number
        raise AssertionError("no such row")

    def _undo_part(self, picking, **quantities):
        """Undo these quantities by source, nothing else.

        :return: the transfer that is open again
        """
        dialog = self._open_undo(picking)
        for number in range(len(dialog.line_ids)):
            with dialog.line_ids.edit(number) as row:
                row.qty_to_undo = quantities.get(row.ato_supply, 0)
        return self._confirm_undo(dialog, picking)

    def _confirm_undo(self, dialog, picking):
        action = dialog.save().action_undo()
        self.env.flush_all()
        self.env.invalidate_all()
        self._check_lines(picking.sudo().move_ids.sale_line_id)
        return self.env["stock.picking"].browse(action["res_id"])

    def _read_rows(self, dialog):
        """{source: (delivered, to undo, what comes back)}"""
        return {
            row["ato_supply"]: (row["left_qty"], row["qty_to_undo"], row["comes_back"])
            for row in dialog.line_ids._records
        }


@tagged("post_install", "-at_install")
class TestUndoPart(UndoPartCommon):
    """10 desks, 6 from stock and 4 assembled, have left in one step."""

    def test_whole(self):
        """The dialog proposes all, says where it goes, and does as the action does."""
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        self._produce(order, 1)
        self._open_orders(line).action_assign()
        second = self._open_orders(line)
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        dialog = self._open_undo(picking)
        place = self.stock.display_name
        self.assertEqual(
            self._read_rows(dialog),
            {
                "stock": (6, 6, f"6.00 Units from stock: back to {place}"),
                "assembly": (
                    4,
                    4,
                    f"3.00 Units assembled: taken apart again by {second.name}, "
                    f"components to {place}; "
                    f"1.00 Units assembled before: wait again in {place}",
                ),
            },
        )
        self.assertFalse(dialog.remarks)
        again = self._confirm_undo(dialog, picking)
        self.assertAsBefore(line, before)
        self.assertEqual(again.state, "assigned")
        note = line.order_id.message_ids.filtered(lambda m: "was undone" in m.body)
        self.assertIn(f"taken apart again by {second.name}", note.body)
        self.assertIn("6.00 Units from stock", note.body)

    def test_part_after_part(self):
        """2 from stock and 3 assembled, then all else: as before the shipment."""
        line = self._sell_mixed(stock=6)
        first = line.assembly_order_ids
        first.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        again = self._undo_part(picking, stock=2, assembly=3)
        now = self._count(line)
        figures = {key: now[key] for key in ("A", "S", "Sa", "D", "R", "P", "N")}
        expected = {"A": 4, "S": 5, "Sa": 1, "D": 1, "R": 3, "P": 3, "N": 2}
        self.assertEqual(figures, expected)
        self.assertEqual(first.unbuild_ids.mapped("product_qty"), [3])
        self.assertEqual(self._open_orders(line).product_qty, 3)
        self.assertEqual(self._free(self.leg), 1000 - 16)
        self.assertNotEqual(again, picking)
        self._undo(picking)
        self.assertAsBefore(line, before)
        self.assertEqual(self._open_orders(line).mapped("product_qty"), [4])
        self._ship(again)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_part_is_shipped_again(self):
        """1 of each comes back, leaves again, and the whole of it is undone."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        again = self._undo_part(picking, stock=1, assembly=1)
        self._ship(again)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))
        self._undo(again)
        self._undo(picking)
        now = self._count(line)
        self.assertEqual((now["S"], now["Sa"], now["D"], now["R"]), (0, 0, 0, 4))
        self.assertEqual((now["P"], now["N"]), (4, 6))

    def test_quantities(self):
        """More than has left, less than nothing, nothing at all: told, and refused."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        for quantity, told in (
            (7, "7.00 Units are to come back, 6.00 are delivered"),
            (-1, "-1.00 Units cannot come back. Enter up to 6.00"),
        ):
            dialog = self._open_undo(picking)
            with dialog.line_ids.edit(0) as row:
                row.qty_to_undo = quantity
            self.assertIn(told, dialog.remarks)
            with self.assertRefused(told):
                dialog.save().action_undo()
        with self.assertRefused("nothing is to be undone. Enter what comes back"):
            self._undo_part(picking)
        self.assertEqual(line.qty_delivered, 10)

    def test_dozens(self):
        """Half a dozen of two, half of it assembled: quantities in dozens."""
        self._set_stock(self.desk, 12)
        order = self._create_order((self.desk, 2, 1))
        line = order.order_line
        line.product_uom_id = self.dozen
        order.action_confirm()
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), order.picking_ids
        self._ship(picking)
        dialog = self._open_undo(picking)
        rows = self._read_rows(dialog)
        self.assertEqual(rows["stock"][:2], (1, 1))
        self.assertIn("1.00 Dozens assembled", rows["assembly"][2])
        self._undo_part(picking, assembly=0.5)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (1.5, 0.5))
        self.assertEqual(self._open_orders(line).product_qty, 6)
        self._undo(picking)
        self.assertAsBefore(line, before)

    def test_invoiced(self):
        """10 are invoiced: nothing comes back; 6 are once they are credited."""
        self.desk.invoice_policy = "delivery"
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        invoice = line.order_id._create_invoices()
        invoice.invoice_line_ids.quantity = 4
        invoice.action_post()
        with self.assertRefused("1.00 Units are invoiced.*Credit them first"):
            self._undo_part(picking, stock=6, assembly=1)
        self._undo_part(picking, stock=6)
        self.assertEqual((line.qty_delivered, line.qty_invoiced), (4, 4))
        with self.assertRefused("4.00 Units are invoiced"):
            self._undo(picking)
        invoice._reverse_moves(cancel=True)
        self._undo(picking)
        self.assertEqual(line.qty_delivered, 0)

    def test_cancelled(self):
        """The order is cancelled since: refused; confirmed again, it is undone."""
        line = self._sell_mixed(stock=6)
        order, picking = line.order_id, line.order_id.picking_ids
        self._ship(picking)
        order._action_cancel()
        with self.assertRefused("is no confirmed order any more.*confirm the order"):
            self._undo(picking)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(line.qty_delivered, 10)
        again = self._undo(picking)
        now = self._count(line)
        self.assertEqual((now["S"], now["D"], now["P"], now["N"]), (0, 0, 4, 6))
        self._ship(again)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_way_is_not_known(self):
        """2 units in Output that no pick has brought left too: back by hand."""
        self._set_steps("pick_ship")
        line = self._sell_mixed(stock=6)
        output = self.warehouse.wh_output_stock_loc_id
        self._ship(line.order_id.picking_ids)
        out = line.order_id.picking_ids.filtered(oracle.is_open)
        self._set_stock(self.desk, 12, output)
        row = out.move_ids.filtered(lambda m: m.ato_supply == "stock")
        row.quantity = 8
        # more than is ordered leaves, in a step where nothing was brought for it
        out.move_ids.picked = True
        out.button_validate()
        self.assertEqual(line.qty_delivered, 12)
        dialog = self._open_undo(out)
        self.assertIn("is not known any more. Return them", dialog.remarks)
        with self.assertRefused("is not known any more. Return them to the shelf by"):
            self._undo(out)
        wizard = self.env["stock.return.picking"].create({"picking_id": out.id})
        for row in wizard.product_return_moves:
            row.quantity = row.move_id.quantity
        back = out.browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(line.qty_delivered, 0)

    def test_by_product(self):
        """2 chips of 4 are sold: 2 units can be taken apart, 3 cannot."""
        chip = self._create_product("Wood Chips")
        self.desk.bom_ids.byproduct_ids = [
            (0, 0, {"product_id": chip.id, "product_qty": 1, "product_uom_id": 1})
        ]
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        self._ship(picking)
        self._scrap(chip, 2, self.stock)
        with self.assertRefused("Wood Chips, made by the way, is not free"):
            self._undo_part(picking, assembly=3)
        self._undo_part(picking, assembly=2)
        self.assertEqual((line.qty_delivered, self._free(chip)), (8, 0))

    def test_rights(self):
        """Only who ships opens it; rows of another transfer, or twice, are refused."""
        line = self._sell_mixed(stock=6)
        picking = line.order_id.picking_ids
        with self.assertRefused("has delivered nothing"):
            self._open_undo(picking)
        other = self._sell_mixed(stock=6)
        self._ship(other.order_id.picking_ids)
        self._ship(picking)
        left = line.qty_delivered, other.qty_delivered
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._open_undo(picking, user=self.seller)
        dialogs = self.env["assembly.undo"].with_user(self.shipper)
        for move in (self._moves(other, "stock"), self._moves(line, "stock")):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                dialog = dialogs.create({"picking_id": picking.id})
                dialog.line_ids = [(0, 0, {"move_id": move.id, "qty_to_undo": 1})]
                dialog.action_undo()
        self.assertEqual((line.qty_delivered, other.qty_delivered), left)

    def test_two_companies(self):
        """Undone by somebody who is at work in another company: all is the order's."""
        other = self.env["res.company"].create({"name": "Sister"})
        both = other | self.company
        user = new_test_user(
            self.env,
            "ato_both",
            "stock.group_stock_user",
            company_id=other.id,
            company_ids=[Command.set(both.ids)],
        )
        line = self._sell_mixed(stock=6)
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        self._ship(picking)
        dialog = self._open_undo(picking, user=user)
        again = self._confirm_undo(dialog, picking)
        self.assertAsBefore(line, before)
        orders = line.assembly_order_ids
        documents = (*line.order_id.picking_ids, *again, *orders, *orders.unbuild_ids)
        self.assertEqual({record.company_id for record in documents}, {self.company})


@tagged("post_install", "-at_install")
class TestUndoPartValuation(UndoPartCommon, ValuedUndoCommon):
    """3 of 6 from stock, and 2 of 4 assembled, come back; the rest is invoiced.

    Then all leaves, and is invoiced: journal items of both invoices.
    """

    def _undo_valued(self, category, kept, total):
        """:param kept: what desks are worth that are in stock then
        :param total: cost of sales of all 10, in the books
        """
        line = self._sell_valued(category)
        before = self._get_values()
        picking = line.order_id.picking_ids
        self._ship(picking)
        again = self._undo_part(picking, stock=3, assembly=2)
        undone = self._get_values()
        self.assertEqual(undone[0], kept)
        self.assertEqual(before[1] - undone[1], 50, "components of 2 are back")
        invoices = line.order_id._create_invoices()
        invoices.action_post()
        self._ship(again)
        self.assertEqual(self.desk.total_value, 0)
        rest = line.order_id._create_invoices()
        rest.action_post()
        self.assertEqual(line.qty_invoiced, 10)
        self.assertCostOfSales(invoices | rest, total)

    def test_standard(self):
        """3 are worth 120 again; all cost 40, whatever they are made of."""
        self._undo_valued(self.category_standard_auto, 120, 400)

    def test_average(self):
        """All left at 34: 3 are worth 102; 2 at 34 were made of 50, and are again.

        18 stay in production. 152 are there for the last 5: Odoo's cost of all sales is
        10 at 30.40, what one costs in stock as it is invoiced.
        """
        self._undo_valued(self.category_avco_auto, 102, 304)

    def test_first_in_first_out(self):
        """3 at 40 and 2 at 25 are back; Odoo's unbuild takes 2 at 40, the oldest.

        30 stay in production. Odoo's cost of all sales is 10 at what all moves of the
        line are worth on average, those back among them: (340 + 170 + 140) / 20.
        """
        self._undo_valued(self.category_fifo_auto, 90, 325)


@tagged("post_install", "-at_install")
class TestUndoPlain(UndoPartCommon, ChainCommon):
    """What is never assembled leaves, and comes back, with the rest of a transfer."""

    def _sell_both(self):
        """10 desks, 4 of them assembled, and 3 lamps, on the shelf Lamps."""
        self._set_stock(self.desk, 6)
        bin_ = self.env["stock.location"].create(
            {"name": "Lamps", "location_id": self.stock.id}
        )
        bulb = self._create_product("Bulb")
        self._set_stock(bulb, 3, bin_)
        self._set_stock(bulb, 5)
        order = self._create_order((self.desk, 10, 4), (bulb, 3, 0))
        order.action_confirm()
        order.order_line.assembly_order_ids.action_assign()
        plain = order.order_line[1]
        move = plain.move_ids
        move._do_unreserve()
        move._update_reserved_quantity(3, bin_)
        return order, order.order_line[0], plain

    def test_whole(self):
        """All is back in its bin, asked for and held again: desks and lamps."""
        order, line, plain = self._sell_both()
        picking = order.picking_ids
        before = self._count(line), self._count(plain)
        self._ship(picking)
        self.assertEqual((line.qty_delivered, plain.qty_delivered), (10, 3))
        again = self._undo(picking)
        self.assertAsBefore(line, before[0])
        self.assertAsBefore(plain, before[1])
        self.assertEqual(again, plain.move_ids.filtered(oracle.is_open).picking_id)
        self._ship(again)
        self.assertEqual((line.qty_delivered, plain.qty_delivered), (10, 3))
        with self.assertRefused("has delivered nothing"):
            self._undo(picking)

    def test_chosen(self):
        """2 lamps and no desk; then all desks and no lamp: one stays delivered."""
        order, line, plain = self._sell_both()
        before = self._count(line)
        picking = order.picking_ids
        self._ship(picking)
        dialog = self._open_undo(picking)
        number = self._find_row(dialog, plain.product_id, False)
        for row_number in range(3):
            with dialog.line_ids.edit(row_number) as row:
                row.qty_to_undo = 2 if row_number == number else 0
        rows = self._read_rows(dialog)
        self.assertEqual(rows["stock"][2], "Stays delivered")
        self.assertRegex(rows[False][2], "^2.00 Units: back to .*/Lamps$")
        again = self._confirm_undo(dialog, picking)
        self.assertEqual((line.qty_delivered, plain.qty_delivered), (10, 1))
        self.assertEqual(again.move_ids.mapped("product_uom_qty"), [2])
        self._undo_part(picking, stock=6, assembly=4)
        self.assertAsBefore(line, before)
        self.assertEqual(plain.qty_delivered, 1)

    def test_becomes_mixed(self):
        """A line that was plain when it was undone is assembled after all."""
        order, _line, plain = self._sell_both()
        self._ship(order.picking_ids)
        self._undo(order.picking_ids)
        plain.product_id.bom_ids = [
            (0, 0, {"bom_line_ids": [(0, 0, {"product_id": self.leg.id})]})
        ]
        plain.invalidate_recordset()
        plain.qty_to_assemble_to_order = 2
        self.assertInvariants(plain)
        parts = oracle.count_parts(plain)
        self.assertEqual((parts["stock"].open, parts["assembly"].open), (1, 2))

    def test_kit_and_two_steps(self):
        """Two kits of a leg and a top, picked and shipped with the desks."""
        self._set_steps("pick_ship")
        kit = self._create_product("Kit", {self.leg: 2, self.top: 1})
        kit.bom_ids.type = "phantom"
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4), (kit, 2, 0))
        order.action_confirm()
        line, plain = order.order_line
        self.assertEqual(plain.move_ids.product_id, self.leg | self.top)
        line.assembly_order_ids.action_assign()
        before = self._count(line), self._count(plain)["held"]
        self.assertEqual(sum(before[1].values()), 6)
        self._ship(self._get_step(order, PICK))
        out = self._get_step(order, SHIP)
        self.assertCountEqual(
            [(row.product_id, row.state, row.quantity) for row in out.move_ids],
            [
                (self.desk, "assigned", 6),
                (self.desk, "assigned", 4),
                (self.leg, "assigned", 4),
                (self.top, "assigned", 2),
            ],
        )
        self._deliver(out)
        self.assertEqual((line.qty_delivered, plain.qty_delivered), (10, 2))
        self._undo(out)
        self.assertEqual((line.qty_delivered, plain.qty_delivered), (0, 0))
        self.assertAsBefore(line, before[0])
        self.assertEqual(self._count(plain)["held"], before[1])
        self._ship(self._get_step(order, PICK))
        self._deliver(self._get_step(order, SHIP))
        self.assertEqual((line.qty_delivered, plain.qty_delivered), (10, 2))


@tagged("post_install", "-at_install")
class TestUndoPartTracked(UndoPartCommon, TrackingCommon):
    """Which of the lots and serial numbers come back is chosen."""

    def test_serials(self):
        """OLD1, OLD2 and NEW1 to NEW3 have left: OLD2 and NEW3 come back."""
        cog = self._create_tracked("Cog", "serial")
        self._stock_lots(self._create_lots(cog, "C1", "C2", "C3"))
        clock = self._create_tracked("Clock", "serial", {cog: 1})
        old = self._create_lots(clock, "OLD1", "OLD2")
        self._stock_lots(old)
        line = self._sell_mixed(5, 3, clock)
        line.assembly_order_ids.action_assign()
        before, picking = self._count(line), line.order_id.picking_ids
        new = self._create_lots(clock, "NEW1", "NEW2", "NEW3")
        shipment = self._open(picking)
        with shipment.line_ids.edit(0) as row:
            for lot in new:
                row.lot_ids.add(lot)
        shipment.save().action_ship()
        dialog = self._open_undo(picking)
        with dialog.line_ids.edit(self._find_row(dialog, clock, "assembly")) as row:
            self.assertEqual(row.lot_ids[:], new)
            row.qty_to_undo = 1
        self.assertIn("numbers of 3.00 are chosen", dialog.remarks)
        with dialog.line_ids.edit(self._find_row(dialog, clock, "assembly")) as row:
            row.lot_ids.remove(new[0].id)
            row.lot_ids.remove(new[1].id)
            self.assertEqual(row.qty_to_undo, 1)
        with dialog.line_ids.edit(self._find_row(dialog, clock, "stock")) as row:
            row.lot_ids.remove(old[0].id)
        self.assertFalse(dialog.remarks)
        self._confirm_undo(dialog, picking)
        back = line.move_ids.filtered("ato_is_undo")
        self.assertEqual(back.move_line_ids.lot_id, new[2] | old[1])
        self.assertEqual((line.qty_delivered, line.qty_assembled), (3, 2))
        self._undo(picking)
        now = self._count(line)
        for name in set(before) - {"held", "stock"}:
            self.assertEqual(now[name], before[name], name)
        self.assertEqual(now["stock"].keys(), before["stock"].keys())

    def test_resold(self):
        """NEW2 is not with the customer any more: NEW1 comes back without it."""
        clock = self._create_tracked("Clock", "serial", {self.leg: 1})
        line = self._sell_mixed(2, 2, clock)
        picking = line.order_id.picking_ids
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2")
        self._deliver(picking)
        first, second = self._moves(line, "assembly").lot_ids.sorted("name")
        customers = self.env.ref("stock.stock_location_customers")
        self._scrap(clock, 1, customers, lot_id=second.id)
        dialog = self._open_undo(picking)
        self.assertIn("NEW2 are not with the customer any more", dialog.remarks)
        with self.assertRefused("NEW2 are not with the customer any more"):
            self._undo(picking)
        with dialog.line_ids.edit(0) as row:
            row.lot_ids.remove(second.id)
        self.assertFalse(dialog.remarks)
        self._confirm_undo(dialog, picking)
        self.assertEqual(line.qty_delivered, 1)
        held = line.move_ids.filtered(oracle.is_open).move_line_ids.lot_id
        self.assertEqual(held, first)
