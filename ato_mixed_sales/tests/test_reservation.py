# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestReservation(AssembleToOrderCommon):
    """Stock held for the stock part of confirmed orders."""

    def setUp(self):
        super().setUp()
        # the salesperson reserves, not the confirmation
        self.warehouse.out_type_id.reservation_method = "manual"

    def _confirm(self, *lines):
        order = self._order_form(user=self.seller).save()
        order.order_line = [(0, 0, self._prepare_line_vals(*line)) for line in lines]
        order.action_confirm()
        return order.order_line

    def test_flow_of_the_seed(self):
        """R56: A 10 → V 10; A 7 → V 7; reserve 3 → V 10 while A stays 7."""
        self._set_stock(self.desk_to_order, 3)
        line = self._confirm((self.desk_to_order, 10))
        self.assertRecordValues(line, [{"reserved_qty": 10, "reserved_stock_qty": 0}])
        line.qty_to_assemble_to_order = 7
        self.assertRecordValues(line, [{"reserved_qty": 7, "reserved_stock_qty": 0}])
        action = line.action_reserve_stock()
        self.assertRecordValues(line, [{"reserved_qty": 10, "reserved_stock_qty": 3}])
        self.assertLine(line, 10, 3, 7)
        self.assertIn("3.00 Units of 3.00 Units", action["params"]["message"])

    def test_takes_what_is_free(self):
        """Never steals: what another order holds stays theirs."""
        self._set_stock(self.desk, 5)
        other = self._confirm((self.desk, 3))
        other.action_reserve_stock()
        line = self._confirm((self.desk, 10, 4))
        action = line.action_reserve_stock()
        self.assertIn("2.00 Units of 6.00 Units", action["params"]["message"])
        self.assertEqual(line.reserved_stock_qty, 2)
        self.assertEqual(other.reserved_stock_qty, 3)
        with self.assertRefused(r"nothing is free.*2.00 Units of 6.00 Units"):
            line.action_reserve_stock()

    def test_nothing_more_to_reserve(self):
        self._set_stock(self.desk, 20)
        line = self._confirm((self.desk, 10, 4))
        line.action_reserve_stock()
        with self.assertRefused("all 6.00 Units .* reserved already"):
            line.action_reserve_stock()

    def test_not_for_us(self):
        """Only for what is assembled, and open: the reason is told."""
        self._set_stock(self.lamp, 6)
        line = self._confirm((self.lamp, 4))
        with self.assertRefused("Desk Lamp on .*: it has no bill of materials"):
            line.action_reserve_stock()
        with self.assertRefused("Desk Lamp on .*: it has no bill of materials"):
            line.action_open_reservation()
        line = self._confirm((self.desk, 4, 4))
        with self.assertRefused("nothing more of it is to be taken from stock"):
            line.action_reserve_stock()
        line.order_id.sudo()._action_cancel()
        with self.assertRefused("the order is cancelled"):
            line.action_reserve_stock()

    def test_let_go(self):
        """R62: only the stock part; what is bound to assembly stays bound."""
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        line.action_reserve_stock()
        self._produce(line.sudo().assembly_order_ids)
        self.assertEqual(line.reserved_qty, 10)
        line.action_unreserve_stock()
        self.assertRecordValues(line, [{"reserved_qty": 4, "reserved_stock_qty": 0}])
        self.assertEqual(self._free(self.desk), 6)
        self.assertEqual(self._moves(line.sudo(), "assembly").quantity, 4)
        with self.assertRefused("no stock is held"):
            line.action_unreserve_stock()

    def test_let_go_where_several_rows_are_one_place(self):
        """What was reserved is free again, whichever row Odoo would take it from.

        People who move the same goods at the same moment leave such rows.
        """
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10, 4)).order_line
        line.action_reserve_stock()
        quant = self.stock.quant_ids.filtered(lambda q: q.product_id == self.desk)
        self.assertEqual(quant.reserved_quantity, 6)
        values = {"quantity": 3, "in_date": quant.in_date - timedelta(days=1)}
        older = quant.create(
            {"product_id": self.desk.id, "location_id": self.stock.id, **values}
        )
        older.in_date = values["in_date"]
        self.assertEqual(quant._gather(self.desk, self.stock)[0], older)
        line.action_unreserve_stock()
        self.assertEqual((quant | older).mapped("reserved_quantity"), [0, 0])

    def test_assembled_units_are_nobody_elses(self):
        """Invariant 4: another order cannot have what was made for this line."""
        line = self._confirm((self.desk, 4, 4))
        self._produce(line.sudo().assembly_order_ids)
        self.assertEqual(self._free(self.desk), 0)
        other = self._confirm((self.desk, 4))
        with self.assertRefused("nothing is free"):
            other.action_reserve_stock()

    def test_after_deliveries(self):
        """V counts what is still to be delivered: 10 → 6 → 0."""
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        line.action_reserve_stock()
        self._produce(line.sudo().assembly_order_ids)
        picking = line.order_id.sudo().picking_ids
        self._deliver(picking, stock=0)
        line.invalidate_recordset()
        self.assertRecordValues(line, [{"reserved_qty": 6, "reserved_stock_qty": 6}])
        self._deliver(line.order_id.sudo().picking_ids - picking)
        self.assertRecordValues(line, [{"reserved_qty": 0, "qty_delivered": 10}])

    def test_picker_takes_more(self):
        """V <= O: 8 typed where 6 are asked for are no reservation of 8."""
        self._set_stock(self.desk, 9)
        line = self._confirm((self.desk, 10, 4))
        self._moves(line.sudo(), "stock").quantity = 8
        self.assertRecordValues(line, [{"reserved_qty": 10, "reserved_stock_qty": 6}])
        [figures] = line.order_id.get_assembly_availability()
        self.assertEqual(figures["reserved_stock_qty"], 6)
        self.assertEqual(figures["free_stock_qty"], 1)
        self.assertEqual(figures["deductible_qty"], 3)
        self._moves(line.sudo(), "stock").quantity = 5
        self.assertRecordValues(line, [{"reserved_qty": 9, "reserved_stock_qty": 5}])

    def test_delivery_cancelled(self):
        """Nobody asks for the 10 any more: nothing is held before somebody does."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps):
                self._set_steps(steps)
                self.warehouse.pick_type_id.reservation_method = "manual"
                self._set_stock(self.desk, 20)
                line = self._confirm((self.desk, 10, 4))
                line.order_id.sudo().picking_ids.action_cancel()
                self.assertNotHeld(line, 10)
                line.qty_to_assemble_to_order = 4
                line.action_reserve_stock()
                self.assertEqual(line.reserved_stock_qty, 6)
                self.assertInvariants(line)
                self.assertNothingBroken()

    def test_rest_given_up(self):
        """7 of 10 have left and the rest was given up, then 1 more is ordered."""
        self._set_stock(self.desk, 20)
        line = self._confirm((self.desk, 10, 4))
        self._produce(line.sudo().assembly_order_ids)
        picking = line.order_id.sudo().picking_ids
        picking = picking.with_context(picking_ids_not_to_backorder=picking.ids)
        self._deliver(picking, stock=3, assembly=4)
        self.assertNotHeld(line, 3)
        line.product_uom_qty = 11
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 4)
        self.assertInvariants(line)

    def assertNotHeld(self, line, unasked):
        """What no delivery asks for is not offered to be held, and refused."""
        [figures] = line.order_id.get_assembly_availability()
        actions = {suggestion["action"] for suggestion in figures["suggestions"]}
        self.assertFalse(actions & {"action_reserve_stock", "action_open_reservation"})
        refusal = f"Desk on .*: no delivery asks for the {unasked}.00 Units .* Change"
        for action in (line.action_reserve_stock, line.action_open_reservation):
            with self.assertRefused(refusal):
                action()
        self.assertInvariants(line)
        self.assertNothingBroken()
        # as it would be if it was not refused
        quoted = self._create_order((self.desk, 1, 0)).order_line
        quoted.action_reserve_stock()
        with self.env.cr.savepoint() as undo:
            quoted.sudo().hold_move_ids.flush_recordset()
            self.env.cr.execute(
                "UPDATE stock_move SET ato_hold_line_id = %s WHERE id IN %s",
                [line.id, quoted.sudo().hold_move_ids._ids],
            )
            self.env.invalidate_all()
            self.assertIn("d03", {row[0][:3] for row in self._get_broken()})
            with self.assertRaises(AssertionError):
                self.assertInvariants(line)
            undo.close(rollback=True)
        self.env.invalidate_all(flush=False)
        quoted.order_id.unlink()

    def test_multi_step_delivery(self):
        """Held once, in whichever step of the delivery it is."""
        self.warehouse.delivery_steps = "pick_ship"
        self.warehouse.pick_type_id.reservation_method = "manual"
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 6)
        pick = line.order_id.sudo().picking_ids
        self._deliver(pick)
        line.invalidate_recordset()
        self.assertRecordValues(line, [{"reserved_qty": 10, "reserved_stock_qty": 6}])

    def test_unit_of_the_line(self):
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 12, 6))
        line.order_id.sudo()._action_cancel()
        order = self._create_order((self.desk, 1, 0.5), warehouse_id=self.warehouse.id)
        order.order_line.product_uom_id = self.dozen
        order.order_line.qty_to_assemble_to_order = 0.5
        order.action_confirm()
        order.order_line.action_reserve_stock()
        self.assertEqual(order.order_line.reserved_stock_qty, 0.5)

    def test_of_a_colleague(self):
        colleague = new_test_user(
            self.env, login="ato_colleague", groups="sales_team.group_sale_salesman"
        )
        self._set_stock(self.desk, 6)
        line = self._confirm((self.desk, 10, 4))
        with self.assertRaises(AccessError):
            line.with_user(colleague).action_reserve_stock()
        line.action_reserve_stock()
        with self.assertRaises(AccessError):
            line.with_user(colleague).action_unreserve_stock()
        self.assertEqual(line.reserved_stock_qty, 6)

    def test_sections_and_new_lines(self):
        """A confirmed order with a section opens, and takes one more line."""
        line = self._confirm((self.desk, 10, 4))
        order = line.order_id
        section = {"display_type": "line_section", "name": "Furniture"}
        order.order_line = [Command.create(section)]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.order_line.mapped("reserved_qty"), [4, 0])
        with Form(order) as form, form.order_line.new() as new_line:
            new_line.product_id = self.desk
        self.assertEqual(len(order.order_line), 3)
