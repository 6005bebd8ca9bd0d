# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_guard import GuardCommon

# what our methods have ever told each other, and what of Odoo's own we look at
KEYS = (
    "ato_asked",
    "ato_by_customer",
    "ato_holds_lose",
    "ato_keep_bound",
    "ato_step",
    "ato_losing_moves",
    "ato_no_kits",
    "ato_order_cancelled",
    "ato_parts_kept",
    "ato_resupplied_ids",
    "ato_source_split",
    "ignore_mo_ids",
    "skip_compute_move_raw_ids",
    "skip_procurement",
)


@tagged("post_install", "-at_install")
class TestGuardContext(GuardCommon):
    """What a client says in the context decides nothing (R6)."""

    def _get_contexts(self):
        """True, texts, lists and numbers for all keys at once."""
        ids = [*self.sale.order_line.assembly_order_ids.ids, *self.warehouse.ids]
        for value in (True, "text", ["x"], ids, {"value": True}, 7):
            yield dict.fromkeys(KEYS, value)

    def _write(self, **context):
        def write(**vals):
            return self._rpc(self.seller, self.line, "write", vals, **context)

        return write

    def test_quotation(self):
        """The draft order comes, follows and goes, with all of its components."""
        for context in self._get_contexts():
            with self.subTest(context=str(context)):
                write = self._write(**context)
                write(qty_to_assemble_to_order=0)
                self.assertFalse(self.line.assembly_order_ids)
                write(qty_to_assemble_to_order=3)
                order = self.line.assembly_order_ids
                self.assertComponents(order, {self.leg: 12, self.top: 3})
                self.assertEqual(order.move_finished_ids.product_uom_qty, 3)
                write(product_uom_qty=11, qty_to_assemble_to_order=4)
                self.assertComponents(order, {self.leg: 16, self.top: 4})
                self.assertEqual(order.move_finished_ids.ato_supply, "assembly")
                write(product_uom_qty=10)

    def test_dates(self):
        for month, context in enumerate(self._get_contexts(), 1):
            with self.subTest(context=str(context)):
                date = f"2031-0{month}-03 12:00:00"
                vals = {"commitment_date": date}
                self._rpc(self.seller, self.sale, "write", vals, **context)
                order = self.line.assembly_order_ids
                self.assertEqual(str(order.date_deadline), date)
                self.assertEqual(
                    order.move_finished_ids.date_deadline, order.date_deadline
                )

    def test_order(self):
        """Both parts follow, and the chatter tells each change."""
        self.sale.action_confirm()
        for context in self._get_contexts():
            with self.subTest(context=str(context)):
                write = self._write(**context)
                told = len(self.sale.message_ids)
                write(qty_to_assemble_to_order=6)
                self.assertInvariants(self.line)
                self.assertGreater(len(self.sale.message_ids), told)
                write(product_uom_qty=12)
                self.assertInvariants(self.line)
                self.assertLine(self.line, 12, 6, 6)
                write(product_uom_qty=10, qty_to_assemble_to_order=4)
                self.assertInvariants(self.line)

    def test_confirmation(self):
        for context in self._get_contexts():
            sale = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
            with self.subTest(context=str(context)):
                self._rpc(self.seller, sale, "action_confirm", **context)
                self.assertInvariants(sale.order_line)
                self.assertEqual(sale.order_line.assembly_order_ids.state, "confirmed")
                sale._action_cancel()

    def test_line_on_an_order(self):
        """A line that is added to an order gets its rows, whatever is said."""
        self.sale.action_confirm()
        for context in self._get_contexts():
            row = Command.create(self._prepare_line_vals(self.desk, 5, 2))
            with self.subTest(context=str(context)):
                vals = {"order_line": [row]}
                self._rpc(self.seller, self.sale, "write", vals, **context)
                self.assertInvariants(self.sale.order_line[-1])
                self.assertLine(self.sale.order_line[-1], 5, 3, 2)

    def test_locked(self):
        self.sale.action_confirm()
        self.sale.locked = True
        for context in self._get_contexts():
            with self.subTest(context=str(context)):
                write = self._write(**context)
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    write(qty_to_assemble_to_order=6)
        self.assertLine(self.line, 10, 6, 4)

    def test_delivery_cancelled(self):
        """The assembly part falls, and the salesperson is told."""
        for context in self._get_contexts():
            sale = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
            sale.action_confirm()
            self._produce(sale.order_line.assembly_order_ids, 1)
            with self.subTest(context=str(context)):
                self._rpc(self.packer, sale.picking_ids, "action_cancel", **context)
                self.assertInvariants(sale.order_line)
                self.assertEqual(sale.order_line.qty_to_assemble_to_order, 0)
                self.assertEqual(sale.activity_ids.user_id, self.seller)
                self.assertFalse(sale.picking_ids.move_ids.move_line_ids)

    def test_reservation(self):
        """The transfer reserves, and lets go of all but what is assembled."""
        self.sale.action_confirm()
        self._produce(self.line.assembly_order_ids, 2)
        picking = self.sale.picking_ids
        for context in self._get_contexts():
            with self.subTest(context=str(context)):
                context["ato_losing_moves"] = picking.move_ids.ids
                self._rpc(self.packer, picking, "do_unreserve", **context)
                self.assertEqual(sum(picking.move_ids.mapped("quantity")), 2)
                self._rpc(self.packer, picking, "action_assign", **context)
                self.assertEqual(sum(picking.move_ids.mapped("quantity")), 8)
                self.assertInvariants(self.line)

    def test_hold(self):
        """A hold asks for what it holds, however it came to hold less."""
        self.line.with_user(self.seller).action_reserve_stock()
        hold = self.line.hold_move_ids
        quant = hold.move_line_ids.mapped("location_id").quant_ids.filtered(
            lambda quant: quant.product_id == hold.product_id
        )
        for left, context in zip((5, 4, 3, 2, 1), self._get_contexts(), strict=False):
            with self.subTest(context=str(context)):
                counted = {"inventory_quantity": left}
                mode = {**context, "inventory_mode": True}
                self._rpc(self.packer, quant, "write", counted, **mode)
                self._rpc(self.packer, quant, "action_apply_inventory", **mode)
                self.assertEqual((hold.quantity, hold.product_uom_qty), (left, left))

    def test_figures(self):
        """What is read is the same, and is never a traceback."""
        names = ["is_assembled", "qty_delivered", "missing_qty", "availability_date"]
        expected = self._rpc(self.seller, self.line, "read", names)
        for context in self._get_contexts():
            with self.subTest(context=str(context)):
                found = self._rpc(self.seller, self.line, "read", names, **context)
                self.assertEqual(found, expected)

    def test_planner(self):
        """Nobody makes another quantity, confirms, or cancels in the line's name."""
        self.sale.action_confirm()
        order = self.line.assembly_order_ids
        for context in self._get_contexts():
            if not isinstance(context["ignore_mo_ids"], list):
                # Odoo itself looks into this one, and stumbles
                del context["ignore_mo_ids"]
            with self.subTest(context=str(context)):
                with self.assertRefused(f"for {self.sale.name}"):
                    self._rpc(
                        self.planner, order, "write", {"product_qty": 2}, **context
                    )
                with self.assertRefused(self.foreign.name):
                    draft = self.foreign.order_line.assembly_order_ids
                    self._rpc(self.planner, draft, "action_confirm", **context)
        self._rpc(
            self.planner, order, "action_cancel", **dict.fromkeys(KEYS[:10], True)
        )
        self.assertInvariants(self.line)
        self.assertLine(self.line, 10, 10, 0)
        self.assertTrue(self.sale.activity_ids)

    def test_split(self):
        """Lines are split by their action only: another change is told."""
        self._rpc(self.seller, self.line, "action_split_by_source")
        stock, assembly = self.sale.order_line
        self.assertLine(stock, 6, 6, 0)
        self.assertLine(assembly, 4, 0, 4)
        self.sale.action_confirm()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._rpc(self.seller, assembly, "unlink", ato_asked=True)
        self._rpc(self.seller, assembly, "action_merge_sources")
        self.assertLine(self.sale.order_line, 10, 6, 4)
        self.assertInvariants(self.sale.order_line)

    def test_uncovered(self):
        """A seller is refused, also who says to be the customer."""
        self.company.uncovered_confirmation = "refuse"
        self.line.qty_to_assemble_to_order = 0
        context = {"send_email": True, "ato_by_customer": True}
        with self.assertRefused("cannot be confirmed"):
            self._rpc(self.seller, self.sale, "action_confirm", **context)
        with self.assertRefused("cannot be confirmed"):
            self.sale.with_context(**context).sudo().action_confirm()
        self.sale.sudo()._validate_order()
        self.assertEqual(self.sale.state, "sale")
