# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon, CheckedStories


class MissingCommon(CheckedStories, AssembleToOrderCommon):
    """Six desks on the shelf; what is missing of ten is assembled unasked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.assembly_policy = "assemble_missing"
        cls._set_stock(cls.desk, 6)

    def _receive(self, quantity, days):
        """A receipt of desks that is expected in so many days."""
        move = self.env["stock.move"].create(
            {
                "product_id": self.desk.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "date": self._noon(days),
            }
        )
        move._action_confirm()
        return move


@tagged("post_install", "-at_install")
class TestMissingAtEntry(MissingCommon):
    """What is proposed follows quantity and stock, until somebody types a figure."""

    def test_form(self):
        """10: 4; 12: 6; 5: none. 3 typed: 3, whatever is ordered then."""
        form = self._order_form(user=self.seller)
        with form.order_line.new() as line:
            line.product_id = self.desk
            for ordered, to_assemble in ((10, 4), (12, 6), (5, 0), (10, 4)):
                line.product_uom_qty = ordered
                self.assertEqual(line.qty_to_assemble_to_order, to_assemble)
        order = form.save()
        self.assertLine(order.order_line, 10, 6, 4)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 11
            self.assertEqual(line.qty_to_assemble_to_order, 5)
            line.qty_to_assemble_to_order = 3
            line.product_uom_qty = 12
            self.assertEqual(line.qty_to_assemble_to_order, 3)
        self.assertLine(order.order_line, 12, 9, 3)
        order.order_line.product_uom_qty = 14
        self.assertLine(order.order_line, 14, 11, 3)

    def test_by_other_code(self):
        """Two lines of 10 share 6: 4 and 10; a figure that was sent is kept."""
        values = {
            "partner_id": self.customer.id,
            "warehouse_id": self.warehouse.id,
            "order_line": [
                Command.create({"product_id": self.desk.id, "product_uom_qty": 10}),
                Command.create({"product_id": self.desk.id, "product_uom_qty": 10}),
                Command.create(
                    {
                        "product_id": self.desk.id,
                        "product_uom_qty": 5,
                        "qty_to_assemble_to_order": 1,
                    }
                ),
            ],
        }
        orders = self.env["sale.order"].with_user(self.seller)
        [order_id] = call_kw(orders, "create", [[values]], {})
        first, second, third = self.env["sale.order"].browse(order_id).order_line
        self.assertLine(first, 10, 6, 4)
        self.assertLine(second, 10, 0, 10)
        self.assertLine(third, 5, 4, 1)
        self.assertFalse((first | second).assembly_order_ids, "decided once more")
        self.assertEqual(third.assembly_order_ids.product_qty, 1)

    def test_cleared(self):
        """Nothing is to be assembled, somebody says: it stays so."""
        line = self._create_order((self.desk, 10)).order_line
        self.assertLine(line, 10, 6, 4)
        line.qty_to_assemble_to_order = 0
        line.product_uom_qty = 12
        self.assertLine(line, 12, 12, 0)
        line.order_id.action_confirm()
        self.assertLine(line, 12, 12, 0)
        self.assertInvariants(line)

    def test_receipts(self):
        """3 that come in time are not assembled; those that are late are."""
        self._receive(3, 2)
        soon = self._create_order((self.desk, 10), commitment_date=self._noon(1))
        later = self._create_order((self.desk, 10), commitment_date=self._noon(3))
        self.assertLine(soon.order_line, 10, 6, 4)
        self.assertLine(later.order_line, 10, 9, 1)

    def test_components_short(self):
        """There are legs for one desk only: 4 are to be assembled nevertheless."""
        self._set_stock(self.leg, -996)
        line = self._create_order((self.desk, 10)).order_line
        self.assertLine(line, 10, 6, 4)

    def test_warehouse(self):
        """A warehouse of another policy; and none without stock."""
        other = self._create_warehouse("Annex", "ANX")
        self.env["product.assembly.policy"].create(
            {
                "product_tmpl_id": self.desk.product_tmpl_id.id,
                "warehouse_id": other.id,
                "policy": "assemble_to_stock",
            }
        )
        line = self._create_order((self.desk, 10)).order_line
        self.assertLine(line, 10, 6, 4)
        line.order_id.warehouse_id = other
        self.assertLine(line, 10, 10, 0)
        line.order_id.warehouse_id = self.warehouse
        self.assertLine(line, 10, 6, 4)

    def test_policy_of_later(self):
        """A quotation from before follows when it is changed, if nobody decided."""
        self.desk.assembly_policy = "assemble_to_stock"
        line, typed = self._create_order((self.desk, 10), (self.desk, 10, 2)).order_line
        self.desk.assembly_policy = "assemble_missing"
        self.assertLine(line, 10, 10, 0)
        line.product_uom_qty = 9
        typed.product_uom_qty = 9
        self.assertLine(line, 9, 6, 3)
        self.assertLine(typed, 9, 7, 2)

    def test_dozens(self):
        """A dozen: half of it."""
        order = self._create_order()
        order.order_line = [
            Command.create(
                {
                    "product_id": self.desk.id,
                    "product_uom_id": self.dozen.id,
                    "product_uom_qty": 1,
                }
            )
        ]
        line = order.order_line
        self.assertLine(line, 1, 0.5, 0.5)
        line.order_id.action_confirm()
        self.assertEqual(line.assembly_order_ids.product_qty, 6)
        self.assertInvariants(line)

    def test_copies(self):
        """A copy is decided anew, unless somebody typed the figure."""
        line, typed = self._create_order((self.desk, 10), (self.desk, 10, 2)).order_line
        self.assertLine(line, 10, 6, 4)
        self._set_stock(self.desk, 2)
        copied, typed_copy = line.order_id.copy().order_line
        self.assertLine(copied, 10, 2, 8)
        self.assertLine(typed_copy, 10, 8, 2)

    def test_cost(self):
        """Queries do not grow with the lines."""
        counts = []
        for number in (1, 10, 30):
            order = self._create_order(*[(self.desk, 1)] * number)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            order.order_line._get_figures_of_following()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[2], counts[1], counts)


@tagged("post_install", "-at_install")
class TestMissingAtConfirmation(MissingCommon):
    """What is missing is decided once more, and for good, under the stock lock."""

    def assertDecided(self, order, *words):
        [message] = order.message_ids.filtered(
            lambda message: "What is missing at confirmation" in (message.body or "")
        )
        for word in words:
            self.assertIn(word, message.body)

    def test_two_quotations(self):
        """Both count the same 6: the first gets them, the second assembles 10."""
        first, second = (self._create_order((self.desk, 10)) for _count in range(2))
        self.assertLine(first.order_line, 10, 6, 4)
        self.assertLine(second.order_line, 10, 6, 4)
        first.action_confirm()
        second.action_confirm()
        self.assertLine(first.order_line, 10, 6, 4)
        self.assertLine(second.order_line, 10, 0, 10)
        self.assertDecided(first, "4.00 Units assembled", "6.00 Units free now")
        self.assertDecided(second, "10.00 Units assembled", "0.00 Units free now")
        for order in first | second:
            self.assertInvariants(order.order_line)
        made = (first | second).order_line.assembly_order_ids
        self.assertEqual(sorted(made.mapped("product_qty")), [4, 10])

    def test_together(self):
        """The same when both are confirmed at one click, with a plain order between."""
        first, plain, second = (
            self._create_order((product, 10))
            for product in (self.desk, self.lamp, self.desk)
        )
        self.assertTrue((first | plain | second).action_confirm())
        self.assertEqual(set((first | plain | second).mapped("state")), {"sale"})
        self.assertLine(first.order_line, 10, 6, 4)
        self.assertLine(second.order_line, 10, 0, 10)

    def test_stock_gone(self):
        """4 of the 6 are gone since: 8 are assembled."""
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        self._set_stock(self.desk, 2)
        call_kw(order.with_user(self.seller), "action_confirm", [order.ids], {})
        self.assertLine(order.order_line, 10, 2, 8)
        self.assertInvariants(order.order_line)
        self.assertEqual(order.order_line.reserved_stock_qty, 2)

    def test_nothing_to_ask(self):
        """No question before: what is missing is assembled; a typed figure is asked."""
        following, typed = (
            self._create_order((self.desk, 10), user_id=self.seller.id)
            for _count in range(2)
        )
        typed.order_line.qty_to_assemble_to_order = 1
        self._set_stock(self.desk, 2)
        self.assertFalse(following.get_uncovered_rows())
        [row] = typed.get_uncovered_rows()
        self.assertEqual(row["missing_qty"], 7)

    def test_refused_where_uncovered(self):
        """The company refuses: following lines are covered, typed ones are not."""
        self.company.uncovered_confirmation = "refuse"
        following, typed = (self._create_order((self.desk, 10)) for _count in range(2))
        typed.order_line.qty_to_assemble_to_order = 1
        with self.assertRefused("3.00 Units of 10.00 Units are missing"):
            typed.action_confirm()
        self._set_stock(self.desk, 0)
        following.action_confirm()
        self.assertLine(following.order_line, 10, 0, 10)

    def test_held(self):
        """What the quotation has reserved is its own: 6 stay from stock."""
        order = self._create_order((self.desk, 10))
        order.order_line.action_reserve_stock()
        other = self._create_order((self.desk, 3))
        self.assertLine(other.order_line, 3, 0, 3)
        order.action_confirm()
        self.assertLine(order.order_line, 10, 6, 4)
        self.assertInvariants(order.order_line)

    def test_steps(self):
        """In two and three steps, with lots."""
        for delivery, manufacture in (
            ("pick_ship", "pbm"),
            ("pick_pack_ship", "pbm_sam"),
        ):
            with self.subTest(delivery=delivery):
                self._set_steps(delivery, manufacture)
                order = self._create_order((self.desk, 10))
                before = order.order_line.qty_from_stock
                order.action_confirm()
                self.assertLine(order.order_line, 10, before, 10 - before)
                self.assertInvariants(order.order_line)

    def test_web_order(self):
        """As a shop confirms what was paid."""
        order = self._create_order((self.desk, 10))
        self._set_stock(self.desk, 1)
        order.sudo()._validate_order()
        self.assertLine(order.order_line, 10, 1, 9)


@tagged("post_install", "-at_install")
class TestMissingOnOrder(MissingCommon):
    """On an order it follows a change of what is ordered, never below what is made."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order((self.desk, 10))
        self.order.action_confirm()
        self.line = self.order.order_line

    def test_quantity(self):
        """12: 6; 9: 3; 5: none; 10 again: 4. Each time from the documents."""
        for ordered, to_assemble in ((12, 6), (9, 3), (5, 0), (10, 4)):
            self.line.product_uom_qty = ordered
            self.assertLine(self.line, ordered, ordered - to_assemble, to_assemble)
            self.assertInvariants(self.line)

    def test_form(self):
        with Form(self.order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 12
            self.assertEqual(line.qty_to_assemble_to_order, 6)
        self.assertLine(self.line, 12, 6, 6)
        self.assertInvariants(self.line)

    def test_made(self):
        """4 are made: 8 of them ordered, 4 stay assembled, and 4 from stock."""
        self._produce(self.line.assembly_order_ids)
        self.line.product_uom_qty = 8
        self.assertLine(self.line, 8, 4, 4)
        self.assertInvariants(self.line)
        self.line.product_uom_qty = 11
        self.assertLine(self.line, 11, 6, 5)
        self.assertInvariants(self.line)

    def test_begun(self):
        """What is begun is made: 4 of 8, not 2."""
        self.line.assembly_order_ids.action_start()
        self.line.product_uom_qty = 8
        self.assertLine(self.line, 8, 4, 4)
        self.assertInvariants(self.line)

    def test_stock_comes(self):
        """More stock changes nothing by itself; an answer is a figure that is typed."""
        self._set_stock(self.desk, 10)
        self.assertLine(self.line, 10, 6, 4)
        self.line.action_take_from_stock()
        self.assertLine(self.line, 10, 10, 0)
        self.line.product_uom_qty = 13
        self.assertLine(self.line, 13, 13, 0)
        self.assertInvariants(self.line)

    def test_another_line(self):
        """A line that is added is decided, the other one is left alone."""
        self._set_stock(self.desk, 8)
        self.order.order_line = [
            Command.create({"product_id": self.desk.id, "product_uom_qty": 5})
        ]
        self.assertLine(self.line, 10, 6, 4)
        self.assertLine(self.order.order_line - self.line, 5, 2, 3)
        self.assertInvariants(self.order.order_line - self.line)

    def test_delivered_and_returned(self):
        """All has left, 2 came back: with 12 ordered 4 are missing, 2 are there."""
        self._produce(self.line.assembly_order_ids)
        self._deliver(self.order.picking_ids)
        self.line.product_uom_qty = 13
        self.assertLine(self.line, 13, 6, 7)
        self.assertInvariants(self.line)
