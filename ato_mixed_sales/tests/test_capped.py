# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestCapped(CheckedStories, AssembleToOrderCommon):
    """E20: a quantity to assemble that was too large comes back to what was typed."""

    # ordered → to assemble, one change after the other, of 12 ordered and 4 typed
    STORY = ((3, 3), (12, 4), (4, 4), (12, 4), (2, 2), (3, 3), (5, 4), (0, 0), (12, 4))

    def _check_story(self, line, change):
        for quantity, expected in self.STORY:
            change(line, quantity)
            self.assertLine(line, quantity, quantity - expected, expected)

    def test_by_write(self):
        """Of each policy; the draft order follows."""
        for product in (self.desk, self.desk_to_order):
            line = self._create_order((product, 12, 4)).order_line
            self._check_story(line, lambda o, q: o.write({"product_uom_qty": q}))
            self.assertEqual(line.assembly_order_ids.product_qty, 4)

    def test_by_rpc(self):
        line = self._create_order((self.desk, 12, 4)).order_line
        lines = line.with_user(self.seller)
        line.order_id.user_id = self.seller
        self._check_story(
            line,
            lambda o, q: call_kw(lines, "write", [o.ids, {"product_uom_qty": q}], {}),
        )

    def test_by_the_order(self):
        line = self._create_order((self.desk, 12, 4)).order_line
        self._check_story(
            line,
            lambda o, q: o.order_id.write(
                {"order_line": [Command.update(o.id, {"product_uom_qty": q})]}
            ),
        )

    def test_in_the_form(self):
        """Typed in one go, before the line was ever saved, and saved each time."""
        form = self._order_form((self.desk, 12))
        with form.order_line.edit(0) as row:
            row.qty_to_assemble_to_order = 4
            for quantity, expected in self.STORY:
                row.product_uom_qty = quantity
                self.assertEqual(row.qty_to_assemble_to_order, expected)
            row.product_uom_qty = 3
        order = form.save()
        self.assertLine(order.order_line, 3, 0, 3)
        self._check_story(order.order_line, self._change_in_form)

    def _change_in_form(self, line, quantity):
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.product_uom_qty = quantity

    def test_on_an_order(self):
        """Nothing started: raised and lowered with its order; both parts follow."""
        line = self._create_order((self.desk, 12, 4)).order_line
        line.order_id.action_confirm()
        for quantity, expected in ((3, 3), (12, 4), (4, 4), (12, 4), (5, 4)):
            for change in (self._change_in_form, self._write):
                change(line, quantity)
                self.assertLine(line, quantity, quantity - expected, expected)
                self.assertInvariants(line)
        self.assertEqual(line.assembly_order_ids.mapped("product_qty"), [4])

    def _write(self, line, quantity):
        line.product_uom_qty = quantity

    def test_on_an_order_within_its_bounds(self):
        """Q 10, A 7, 3 gone from stock: Q 8 leaves room for 5, Q 9 for 6, Q 12 for 7"""
        self._set_stock(self.desk, 10)
        line = self._create_order((self.desk, 10, 7)).order_line
        line.order_id.action_confirm()
        self._deliver(line.order_id.picking_ids, stock=3, assembly=0)
        for quantity, expected in ((8, 5), (9, 6), (12, 7), (8, 5)):
            line.product_uom_qty = quantity
            self.assertLine(line, quantity, quantity - expected, expected)
            self.assertInvariants(line)

    def test_another_decision(self):
        """2 typed while 3 were possible: 2 it is; all of 3 by one write: all it is."""
        line = self._create_order((self.desk, 12, 4)).order_line
        line.product_uom_qty = 3
        line.qty_to_assemble_to_order = 2
        line.product_uom_qty = 12
        self.assertLine(line, 12, 10, 2)
        line.write({"product_uom_qty": 3, "qty_to_assemble_to_order": 3})
        line.product_uom_qty = 12
        self.assertLine(line, 12, 0, 12)
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.product_uom_qty = 3
            row.qty_to_assemble_to_order = 1
            row.product_uom_qty = 12
            self.assertEqual(row.qty_to_assemble_to_order, 1)
        self.assertLine(line, 12, 11, 1)

    def test_all_and_nothing(self):
        """Wholly to order follows, cleared stays cleared: quotation and order."""
        sale = self._create_order(
            (self.desk, 12, 12), (self.desk, 12, 0), (self.desk_to_order, 12, 0)
        )
        for confirm in (False, True):
            if confirm:
                sale.action_confirm()
            for quantity in (3, 12, 5):
                sale.order_line.product_uom_qty = quantity
                self.assertEqual(
                    sale.order_line.mapped("qty_to_assemble_to_order"),
                    [quantity, 0, 0],
                )

    def test_cleared_while_capped(self):
        line = self._create_order((self.desk_to_order, 12, 4)).order_line
        line.product_uom_qty = 3
        line.qty_to_assemble_to_order = 0
        line.product_uom_qty = 12
        self.assertLine(line, 12, 12, 0)

    def test_lost_on_the_floor(self):
        """What the planner cancelled does not come back by itself."""
        line = self._create_order((self.desk, 12, 4)).order_line
        line.order_id.action_confirm()
        line.product_uom_qty = 3
        line.assembly_order_ids.action_cancel()
        self.assertLine(line, 3, 3, 0)
        line.product_uom_qty = 12
        self.assertLine(line, 12, 12, 0)
        self.assertInvariants(line)

    def test_in_dozens(self):
        """1 dozen of 3: ordered half a dozen gives half, 4 dozen give 1 again."""
        self.desk.uom_ids |= self.dozen
        vals = self._prepare_line_vals(self.desk, 3, 1, product_uom_id=self.dozen.id)
        line = self._create_order(order_line=[Command.create(vals)]).order_line
        for quantity, expected in ((0.5, 0.5), (4, 1), (1, 1), (2, 1)):
            line.product_uom_qty = quantity
            self.assertLine(line, quantity, quantity - expected, expected)
            self.assertEqual(line.assembly_order_ids.product_qty, 12 * expected)

    def test_copy(self):
        """A copy knows what was typed as well."""
        line = self._create_order((self.desk, 12, 4)).order_line
        line.product_uom_qty = 3
        copied = line.order_id.copy().order_line
        self.assertLine(copied, 3, 0, 3)
        copied.product_uom_qty = 12
        self.assertLine(copied, 12, 8, 4)

    def test_nonsense_from_a_client(self):
        """What cannot be read is no decision."""
        line = self._create_order((self.desk, 12, 4)).order_line
        line.product_uom_qty = 3
        for nonsense in ("4", None, [4], float("nan")):
            basis = {**line.assembly_basis, "wanted": nonsense}
            line.assembly_basis = basis
            line.product_uom_qty = 12
            self.assertLine(line, 12, 12, 0)
            line.write({"product_uom_qty": 12, "qty_to_assemble_to_order": 4})
            line.product_uom_qty = 3
