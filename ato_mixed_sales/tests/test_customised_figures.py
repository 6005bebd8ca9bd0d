# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_availability import AvailabilityCommon
from .test_customised import CustomisedCommon
from .test_roll_up_cost import CHANGED as COST
from .test_roll_up_cost import CostCommon
from .test_roll_up_offer import CHANGED as PRICE


@tagged("post_install", "-at_install")
class TestFiguresOfChanged(AvailabilityCommon, CustomisedCommon):
    """Lines that no order makes yet: by what they will be made of, not by the bill.

    Anna has sold desks with 5 legs each, and a lamp in place of the top. There are 3
    lamps, and no top: by the bill none of 4 could be made, as they are sold 3 can.
    """

    def _quote_changed(self, *lines):
        """A quotation with those components; its copies have no order."""
        order = self._quote(*lines)
        self._change(order.order_line)
        self.company.assembly_order_creation = "confirmation"
        self._set_stock(self.top, 0)
        self._set_stock(self.lamp, 3)
        return order

    def _copy(self, order):
        line = order.with_user(self.anna).copy().order_line
        self.assertFalse(self._get_orders(line), "no order makes it yet")
        return line

    def assertCovered(self, line, able=3, day=False):
        """`able` of 4 can be made in time, all of it is there on `day`, as searched."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertLine(line, 10, 6, 4)
        self.assertRecordValues(
            line,
            [
                {
                    "able_to_assemble_qty": able,
                    "components_short_qty": 4 - able,
                    "availability_date": day,
                }
            ],
        )
        [row] = line.order_id.with_user(self.anna).get_assembly_availability()
        self.assertEqual(
            {c["product"]: c["required_qty"] for c in row["components"]},
            {"Table Leg": 20, "Desk Lamp": 4},
        )
        found = line.search([("id", "=", line.id), ("components_short_qty", ">", 0)])
        self.assertEqual(bool(found), able < 4)

    def test_copy(self):
        """3 of 4; all of them when a lamp comes in 5 days; then made of those."""
        line = self._copy(self._quote_changed())
        self.assertCovered(line)
        self.assertTrue(self._told(line))
        self._set_stock(self.top, 1000)  # by the bill nothing lacks: it is found anyway
        self.assertCovered(line)
        self._receive(self.lamp, 1, days=5)
        self.assertCovered(line, 3, self._day(5))
        line.order_id.commitment_date = self._noon(6)
        self.assertCovered(line, 4, self._day(5))
        line.order_id.action_confirm()
        self.assertMadeOf(line, 4)

    def test_opened_again(self):
        """An order that was cancelled, and is a quotation again."""
        order = self._quote_changed()
        order.action_confirm()
        self.assertMadeOf(order.order_line, 4)
        order._action_cancel()
        order.action_draft()
        self.assertFalse(self._get_orders(order.order_line))
        self.assertCovered(order.order_line)

    def test_lines_share(self):
        """3 lamps for a plain line and ours: the first one has 2, 1 is left."""
        order = self._quote_changed()
        copied = self._copy(order)
        copied.sequence = 10
        plain = self.env["sale.order.line"].create(
            {
                **self._prepare_line_vals(self.lamp, 2),
                "order_id": copied.order_id.id,
                "sequence": 1,
            }
        )
        self.assertEqual(plain.missing_qty, 0)
        self.assertCovered(copied, 1)
        # while it is typed, and nothing is saved
        with Form(copied.order_id.with_user(self.anna)) as form:
            with form.order_line.edit(0) as row:
                row.product_uom_qty = 3
            with form.order_line.edit(1) as row:
                self.assertEqual(row.assembly_figures["able_to_assemble_qty"], 0)
            with form.order_line.edit(0) as row:
                row.product_uom_qty = 2

    def test_what_is_missing(self):
        """Nothing to assemble, 4 missing: they could be made when the lamp is there."""
        order = self._quote_changed()
        line = self._copy(order)
        self._receive(self.lamp, 1, days=2)
        line.qty_to_assemble_to_order = 0
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.missing_qty, 4)
        day = self._day(2).isoformat()
        self.assertEqual(line.assembly_figures["missing_date"], day)
        # the bill asks for tops: nobody knows when
        plain = self._create_order((self.desk, 10, 0)).order_line
        self.assertFalse(plain.assembly_figures["missing_date"])

    def test_gone_from_the_bill(self):
        """The bill has a shade more now, and no top: what was chosen is asked for."""
        order = self._quote_changed()
        bom, shade = self.desk.bom_ids, self._create_product("Shade")
        self._set_stock(shade, 8)
        bom.bom_line_ids.filtered(lambda o: o.product_id == self.leg).unlink()
        bom.bom_line_ids = [Command.create({"product_id": shade.id, "product_qty": 4})]
        line = self._copy(order)
        self.assertEqual(line.able_to_assemble_qty, 2)
        self._set_stock(shade, 16)
        self._set_stock(self.leg, 6)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.able_to_assemble_qty, 1, "6 of 20 legs")
        line.order_id.action_confirm()
        self.assertComponents(
            self._get_orders(line), {self.leg: 20, self.lamp: 4, shade: 16}
        )

    def test_other_variant(self):
        """Another colour, typed and saved: of what was chosen for the first one."""
        black, white = self._create_boards()
        self._create_bom(black, {self.leg: 4, self.top: 1})
        self._set_stock(black, 6)
        self._set_stock(white, 6)
        line = self._copy(self._quote_changed((black, 10, 4)))
        other = self._copy(self._quote((black, 10, 4)))
        with Form(line.order_id.with_user(self.anna)) as form:
            with form.order_line.edit(0) as row:
                row.product_id = white
                self.assertEqual(row.assembly_figures["able_to_assemble_qty"], 3)
        self.assertEqual(line.product_id, white)
        self.assertCovered(line)
        self.assertTrue(line.component_changes)
        other.product_id = white
        self.assertEqual(other.able_to_assemble_qty, 0, "by the bill: no tops")

    def test_queries(self):
        """Figures of ten such lines ask for as much as those of two."""
        order = self._quote_changed()
        counts = []
        for count in (2, 2, 10):
            copied = self._copy(order).order_id
            for _line in range(count - 1):
                copied.order_line[0].copy({"order_id": copied.id})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            copied.get_assembly_availability()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestWorthOfChanged(CostCommon):
    """What a copy is worth that no order makes yet: with the top of glass."""

    def test_copy(self):
        line = self._sell()
        self._take_glass(line)
        self.company.assembly_order_creation = "confirmation"
        plain = self._sell()
        copied = line.order_id.copy().order_line.with_user(self.seller)
        self.assertFalse(copied.sudo().assembly_order_ids)
        row = self._get_row(copied)
        self.assertEqual(row["price"]["text"], PRICE)
        self.assertEqual(row["cost"]["text"], COST)
        self._roll_up(copied)
        self.assertPrice(copied, 102.8)
        self._roll_up_cost(copied)
        self.assertCost(copied, 61.2)
        # a line that nobody has changed is worth what its bill says
        self.assertFalse(self._get_row(plain)["price"])
        self._roll_up(plain)
        self.assertPrice(plain, 86)
        copied.order_id.sudo().action_confirm()
        self.assertEqual(self._get_row(copied)["price"]["text"], PRICE)
        self.assertEqual(self._get_row(copied)["cost"]["text"], COST)
