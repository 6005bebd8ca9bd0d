# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from . import test_availability_budget as budget
from .test_roll_up_offer import OfferCommon

MOST_QUERIES = 60

CHANGED = "+ 30.00 components; assembled 63.00, from stock 60.00, together 61.20"


class CostCommon(OfferCommon):
    """A desk costs 60.00 in stock, four legs of 4.00, a top of 12.00, work of 5.00.

    By its bill 33.00; with the glass top, of 42.00 instead of 12.00, 63.00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "purchase_price" not in cls.env["sale.order.line"]._fields:
            cls.skipTest(cls, "Odoo's margins (sale_margin) are not installed")
        cls.desk.standard_price = 60
        cls.bench = cls.env["mrp.workcenter"].create(
            {"name": "Bench", "costs_hour": 30, "time_efficiency": 100}
        )
        cls.desk.bom_ids.operation_ids = [
            Command.create(
                {
                    "name": "Glue",
                    "workcenter_id": cls.bench.id,
                    "time_cycle_manual": 10,
                }
            )
        ]

    def _roll_up_cost(self, line, user=None):
        self._roll_up(line, "action_roll_up_cost", user)

    def assertCost(self, line, cost, places=6):
        self.assertAlmostEqual(line.purchase_price, cost, places)

    def _get_cost(self, line):
        return self._get_row(line)["cost"]


@tagged("post_install", "-at_install")
class TestRollUpCost(CostCommon):
    """The cost behind the margin follows what is really sold (R150)."""

    def test_blended_over_both_parts(self):
        """(6 x 60.00 + 4 x 63.00) / 10 = 61.20: a margin of 1,028.00 - 612.00."""
        line = self._sell()
        self._take_glass(line)
        self.assertCost(line, 60)
        self._roll_up_cost(line)
        self.assertCost(line, 61.2)
        self._roll_up(line)
        self.assertAlmostEqual(line.margin, 416, 2)
        self.assertAlmostEqual(line.order_id.margin, 416, 2)

    def test_second_press(self):
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        self._roll_up_cost(line)
        self.assertCost(line, 61.2)
        self.assertFalse(
            line.order_id.message_ids.filtered(lambda m: "61.20" in (m.body or "")),
            "no cost is told in the chatter",
        )

    def test_as_the_bill(self):
        line = self._sell(4, 4)
        self._roll_up_cost(line)
        self.assertCost(line, 33)

    def test_without_assembly_order(self):
        """By the bill, its work estimated by Odoo: 4 x 10 minutes at 30.00 an hour."""
        self.company.assembly_order_creation = "confirmation"
        line = self._sell(4, 4)
        self.assertFalse(line.sudo().assembly_order_ids)
        self._roll_up_cost(line)
        self.assertCost(line, 33)

    def test_kit_among_components(self):
        """Two feet of 1.00 and 2 minutes of work, 1.00, for each desk."""
        foot = self._create_product("Foot", standard_price=1)
        feet = self._create_product("Feet")
        kit = self._create_bom(feet, {foot: 2}, type="phantom")
        kit.operation_ids = [
            Command.create(
                {
                    "name": "Screw",
                    "workcenter_id": self.bench.id,
                    "time_cycle_manual": 2,
                }
            )
        ]
        self.desk.bom_ids.bom_line_ids = [Command.create({"product_id": feet.id})]
        for creation in ("quotation", "confirmation"):
            with self.subTest(creation):
                self.company.assembly_order_creation = creation
                line = self._sell(4, 4)
                self._roll_up_cost(line)
                self.assertCost(line, 36)

    def test_by_products_bear_their_share(self):
        """A tenth of the cost goes with the sawdust: 29.70 of 33.00."""
        dust = self._create_product("Sawdust")
        self.desk.bom_ids.byproduct_ids = [
            Command.create({"product_id": dust.id, "product_qty": 1, "cost_share": 10})
        ]
        for creation in ("quotation", "confirmation"):
            with self.subTest(creation):
                self.company.assembly_order_creation = creation
                line = self._sell(4, 4)
                self._roll_up_cost(line)
                self.assertCost(line, 29.7)

    def test_dozens(self):
        """Two dozen desks, one assembled: 12 x (60.00 + 63.00) / 2."""
        line = self._sell(2, 1, self.dozen)
        self._take_glass(line)
        self.assertCost(line, 720)
        self._roll_up_cost(line)
        self.assertCost(line, 738)

    def test_currency_of_the_customer(self):
        """Two for one, on the day of the order: 122.40."""
        currency = self.env["res.currency"].create(
            {
                "name": "ATO",
                "symbol": "T",
                "rate_ids": [
                    Command.create({"name": "2000-01-01", "rate": 2.0}),
                    Command.create({"name": "2099-01-01", "rate": 3.0}),
                ],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Ours", "currency_id": currency.id}
        )
        line = self._sell(pricelist_id=pricelist.id)
        self._take_glass(line)
        self._roll_up_cost(line)
        self.assertCost(line, 122.4)

    def test_costs_of_the_company(self):
        """Another company pays 100.00 for a desk, 10.00 for a leg."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= other
        costs = {self.desk: 100, self.leg: 10, self.top: 10}
        for product, cost in costs.items():
            product.with_company(other).standard_price = cost
        self.desk.bom_ids.company_id = False
        self.desk.bom_ids.operation_ids.unlink()
        env = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "order_line": [
                    Command.create(self._prepare_line_vals(self.desk, 10, 4))
                ],
            }
        )
        line = order.order_line
        self.assertEqual(line.company_id, other)
        self.assertCost(line, 100)
        # asked by somebody who is at work in the first company
        line.with_context(
            allowed_company_ids=(self.company | other).ids
        ).action_roll_up_cost()
        self.assertCost(line, 80)  # (6 x 100.00 + 4 x 50.00) / 10

    def test_never_automatic(self):
        """R152; what Odoo computes anew, for each move, leaves it alone."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        self.leg.standard_price = 40
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.product_uom_qty = 12
        self.assertCost(line, 61.2)
        self._set_stock(self.desk, 8)
        line.order_id.action_confirm()
        self.env.flush_all()
        self.assertCost(line, 61.2)
        sale = line.sudo().order_id
        self._produce(line.sudo().assembly_order_ids)
        self._deliver(sale.picking_ids)
        self.env.flush_all()
        self.assertCost(line, 61.2)

    def test_never_automatic_where_costs_are_averages(self):
        """Odoo computes it anew for each move; a plain line has the product's cost."""
        self.desk.categ_id = self.env["product.category"].create(
            {"name": "Averages", "property_cost_method": "average"}
        )
        self.desk.standard_price = 60
        self._set_stock(self.desk, 6)
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        cost = line.purchase_price
        line.order_id.action_confirm()
        self.env.flush_all()
        self.assertCost(line, cost)
        self._produce(line.sudo().assembly_order_ids)
        self._deliver(line.sudo().order_id.picking_ids)
        self.env.flush_all()
        self.assertCost(line, cost)

    def test_of_other_units_now(self):
        """Another unit, another product: it costs what Odoo says."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        line.product_uom_id = self.dozen
        self.env.flush_all()
        self.assertCost(line, 720)
        self.assertFalse(line.rolled_up_cost)

    def test_typed_cost(self):
        """It is nobody's business but his who types it; Odoo goes on with its own."""
        line = self._sell()
        self._roll_up_cost(line)
        line.purchase_price = 55
        self.env.flush_all()
        self.assertCost(line, 55)
        line.order_id.action_confirm()
        self.env.flush_all()
        plain = self._sell(10, 0)
        plain.purchase_price = 55
        plain.order_id.action_confirm()
        self.env.flush_all()
        self.assertCost(line, plain.purchase_price)

    def test_back_to_the_product(self):
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        self._roll_up(line, "action_take_product_cost")
        self.assertCost(line, 60)
        self.assertFalse(line.rolled_up_cost)

    def test_copy(self):
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        copy = line.order_id.copy().order_line
        self.assertCost(copy, 60)
        self.assertFalse(copy.rolled_up_cost)

    def test_two_lines(self):
        """Split by source, each has what the line had: the margin is the same."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        margin = line.order_id.margin
        line.action_split_by_source()
        assembled = line.split_line_ids
        self.assertCost(line, 61.2)
        self.assertCost(assembled, 61.2)
        self.assertAlmostEqual(line.order_id.margin, margin, 2)
        self._roll_up_cost(assembled)
        self.assertCost(assembled, 63)
        self._roll_up(line, "action_take_product_cost")
        self.assertCost(line, 60)

    # After production

    def _make(self, line, minutes=0):
        """Make what is open, with `minutes` of work."""
        order = line.sudo().assembly_order_ids.filtered(lambda o: o.state != "done")
        order.workorder_ids.duration = minutes
        self._produce(order)
        return order

    def test_real_cost(self):
        """Two hours for four desks, 60.00: 58.00 of components and 15.00 each."""
        line = self._sell()
        self._take_glass(line)
        line.order_id.action_confirm()
        self._make(line, 120)
        self.leg.standard_price = 400  # too late
        self._roll_up_cost(line)
        # 6 x 60.00 + 4 x 73.00
        self.assertCost(line, 65.2)

    def test_extra_cost(self):
        """3.00 for each desk, paid to somebody else."""
        line = self._sell(4, 4)
        line.sudo().assembly_order_ids.extra_cost = 3
        self._roll_up_cost(line)
        self.assertCost(line, 36)
        line.order_id.action_confirm()
        self._make(line, 40)
        self._roll_up_cost(line)
        self.assertCost(line, 36)

    def test_made_in_part(self):
        """2 made at 28.00 and 10.00 of work, 2 open at costs of today, 33.00."""
        line = self._sell(4, 4)
        line.order_id.action_confirm()
        order = line.sudo().assembly_order_ids
        order.workorder_ids.duration = 40
        self._produce(order, 2)
        self._roll_up_cost(line)
        made = order.workorder_ids._cal_cost()
        self.assertEqual(made, 20)
        self.assertCost(line, (2 * 28 + 20 + 2 * 33) / 4)

    def test_from_stock_by_inventory_value(self):
        """3 left when a desk was worth 60.00, 3 are to leave at 70.00: 65.00."""
        self._set_stock(self.desk, 6)
        line = self._sell()
        line.order_id.action_confirm()
        self._deliver(line.sudo().order_id.picking_ids, stock=3, assembly=0)
        self.desk.standard_price = 70
        self._roll_up_cost(line)
        self.assertCost(line, (3 * 60 + 3 * 70 + 4 * 33) / 10)

    def test_taken_apart(self):
        """What was made at 73.00 and undone does not count; what is made next does."""
        self._set_stock(self.desk, 6)
        line = self._sell()
        line.order_id.action_confirm()
        self._make(line, 200)
        sale = line.sudo().order_id
        first = line.sudo().assembly_order_ids
        self._roll_up_cost(line)
        self.assertCost(line, (6 * 60 + 4 * 28 + 100) / 10)
        picking = sale.picking_ids
        first.ato_shipment_id = picking  # as if made by the shipment itself
        self._deliver(picking)
        picking.action_undo_assembly_shipment()
        self.assertEqual(first._get_units_to_take_apart(), 0)
        self._roll_up_cost(line)
        self.assertCost(line, (6 * 60 + 4 * 33) / 10)
        self._make(line, 40)
        self._roll_up_cost(line)
        self.assertCost(line, (6 * 60 + 4 * 28 + 20) / 10)

    def test_as_the_analysis(self):
        """Made, delivered and rolled up: the margin of the line is the analysis'."""
        self._set_stock(self.desk, 6)
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        line.order_id.action_confirm()
        self._make(line, 97)
        self._deliver(line.sudo().order_id.picking_ids)
        self._roll_up_cost(line)
        rows = self.env["assembly.sale.report"]._read_group(
            [("sale_line_id", "=", line.id)], [], ["cost:sum", "margin:sum"]
        )
        self.assertAlmostEqual(rows[0][0], line.purchase_price * 10, 2)
        self.assertAlmostEqual(rows[0][1], line.margin, 2)

    # What is refused, by whom

    def test_nothing_assembled(self):
        line = self._sell(10, 0)
        with self.assertRefused("cost of Desk on S.*: nothing of it is assembled. Set"):
            line.action_roll_up_cost()

    def test_nothing_ordered(self):
        line = self._sell(0, 0)
        with self.assertRefused("nothing is ordered. Enter the quantity"):
            line.action_roll_up_cost()

    def test_cancelled(self):
        line = self._sell()
        line.order_id.sudo()._action_cancel()
        for method in ("action_roll_up_cost", "action_take_product_cost"):
            with self.assertRefused("the order is cancelled. Set it back"):
                getattr(line, method)()

    def test_locked_and_invoiced(self):
        """No customer is told what it costs."""
        line = self._sell()
        self.desk.invoice_policy = "order"
        line.order_id.action_confirm()
        line.order_id.sudo()._create_invoices().action_post()
        line.order_id.sudo().action_lock()
        self._roll_up_cost(line)
        self.assertCost(line, 49.2)  # (6 x 60.00 + 4 x 33.00) / 10

    def test_of_a_colleague(self):
        line = self._sell()
        colleague = new_test_user(
            self.env, "ato_colleague", "sales_team.group_sale_salesman"
        )
        for method in ("action_roll_up_cost", "action_take_product_cost"):
            with self.assertRaises(AccessError):
                self._roll_up(line, method, user=colleague)
        self.assertCost(line, 60)

    def test_who_may_not_see_costs(self):
        """An add-on hides costs: nothing is told of them, nothing written."""
        line = self._sell()
        self._take_glass(line)
        field = line._fields["purchase_price"]
        with patch.object(field, "groups", "base.group_no_one"):
            self.env.invalidate_all()
            row = self._get_row(line)
            self.assertIs(row["cost"], False)
            self.assertTrue(row["price"])
            with self.assertRaises(AccessError):
                self._roll_up_cost(line)
        self.env.invalidate_all()
        self.assertEqual(self._get_cost(line)["text"], CHANGED)


@tagged("post_install", "-at_install")
class TestRollUpCostOffer(CostCommon):
    """What the line says of its cost, and the answers to it."""

    def _get_cost_offers(self, line):
        return self._get_offers(line, "cost")

    def test_as_the_bill(self):
        self.assertIs(self._get_cost(self._sell()), False)

    def test_changed(self):
        line = self._sell()
        self._take_glass(line)
        self.assertEqual(self._get_cost(line)["text"], CHANGED)
        self.assertFalse(self._get_cost(line)["is_to_decide"])
        self.assertEqual(line.assembly_cost, self._get_cost(line))
        offers = self._get_cost_offers(line)
        self.assertEqual([*offers], ["action_roll_up_cost"])
        label, cost, question = offers["action_roll_up_cost"]
        self.assertEqual((label, question), ("Cost 61.20", None))
        self.assertAlmostEqual(cost, 61.2, 6)

    def test_rolled_up(self):
        """The way back is there."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up_cost(line)
        self.assertEqual(self._get_cost(line)["text"], CHANGED)
        [(label, cost, question)] = self._get_cost_offers(line).values()
        self.assertEqual((label, cost, question), ("Cost of the product", 60, None))

    def test_typed_cost(self):
        """It stays whatever changes, and the answer asks first."""
        line = self._sell()
        line.purchase_price = 47
        self._take_glass(line)
        self.assertCost(line, 47)
        [(_label, _cost, question)] = self._get_cost_offers(line).values()
        self.assertRegex(question, "Desk costs .*47.00 here, which is neither")

    def test_real_cost_is_offered(self):
        """As the bill says, and made: it may have cost something else."""
        line = self._sell()
        line.order_id.action_confirm()
        self.assertIs(self._get_cost(line), False)
        order = line.sudo().assembly_order_ids
        order.workorder_ids.duration = 120
        self._produce(order)
        offer = self._get_cost(line)
        self.assertEqual(
            offer["text"], "assembled 43.00, from stock 60.00, together 53.20"
        )
        self.assertEqual([*self._get_cost_offers(line)], ["action_roll_up_cost"])

    def test_live(self):
        """While A and the cost are typed, before they are saved."""
        line = self._sell()
        self._take_glass(line)
        with Form(line.order_id) as form:
            with form.order_line.edit(0) as row:
                self.assertEqual(row.assembly_cost["text"], CHANGED)
                row.qty_to_assemble_to_order = 5
                self.assertIn("together 61.50", row.assembly_cost["text"])
                row.purchase_price = 61.5
                self.assertFalse(row.assembly_cost["suggestions"])

    def test_nothing_to_answer(self):
        line = self._sell()
        line.order_id.action_confirm()
        self._take_glass(line)
        line.order_id.sudo()._action_cancel()
        offer = line.assembly_cost
        self.assertFalse(offer and offer["suggestions"])


@tagged("post_install", "-at_install")
class TestRollUpCostBudget(CostCommon):
    """As many queries for 10 lines that are made as for two, to tell real costs.

    For 100 lines, which are not made: see `TestRollUpBudget`.
    """

    _measure = budget.TestAvailabilityBudget._measure

    def _sell_made(self, count):
        self._set_stock(self.desk, 6 * count)
        order = self._create_order(
            *[(self.desk, 10, 4) for _number in range(count)], user_id=self.seller.id
        )
        for line in order.order_line:
            self._take_glass(line)
        order.action_confirm()
        for line in order.order_line:
            self._produce(line.assembly_order_ids)
        return order.with_user(self.seller).order_line

    def test_constant(self):
        # the first one warms the caches
        orders = {count: self._sell_made(count or 1) for count in (0, 2, 10)}
        measured = {}
        for count, lines in orders.items():
            lines = lines.with_prefetch()
            read = partial(lines.read, ["assembly_price", "assembly_cost"])
            measured[count] = [
                self._measure(f"costs of {count} made lines", read),
                self._measure(f"roll up {count} costs", partial(self._apply, lines)),
            ]
            self.assertIn("+ 30.00", lines[-1].assembly_cost["text"])
        for few, many in zip(measured[2], measured[10], strict=True):
            self.assertLessEqual(many, few + 3)
            self.assertLessEqual(few, MOST_QUERIES)

    def _apply(self, lines):
        lines.action_roll_up_cost()
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestWithoutMargins(OfferCommon):
    """No costs are known where Odoo's margins are not installed."""

    def test_refused(self):
        line = self._sell()
        self._take_glass(line)
        names = {n: f for n, f in line._fields.items() if n != "purchase_price"}
        with patch.object(type(line), "_fields", names):
            self.assertIs(line.assembly_cost, False)
            self.assertTrue(line.assembly_price)
            with self.assertRefused("Have Margins switched on in the settings"):
                line.action_roll_up_cost()
