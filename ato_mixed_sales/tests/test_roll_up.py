# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


class RollUpCommon(AssembleToOrderCommon):
    """A desk at 100.00 of four legs at 10.00 and a top at 25.00, and a glass top.

    By its bill of materials the components cost 65.00; with the glass top 107.00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        products = cls.desk | cls.leg | cls.top | cls.lamp
        cls.glass = cls._create_product("Glass Top")
        products |= cls.glass
        products.taxes_id = False
        for product, price, cost in (
            (cls.desk, 100.0, 50.0),
            (cls.leg, 10.0, 4.0),
            (cls.top, 25.0, 12.0),
            (cls.glass, 67.0, 42.0),
            (cls.lamp, 5.0, 2.0),
        ):
            product.write({"list_price": price, "standard_price": cost})
        cls.customer.property_product_pricelist = False

    def _sell(self, quantity=10, to_assemble=4, uom=None, **values):
        """A quotation of our seller: 10 desks, 4 of them assembled."""
        vals = self._prepare_line_vals(
            self.desk, quantity, to_assemble, product_uom_id=(uom or self.unit).id
        )
        order = self._create_order(
            user_id=self.seller.id, order_line=[Command.create(vals)], **values
        )
        return order.order_line.with_user(self.seller)

    def _take_glass(self, line):
        """The glass top in place of the wooden one, as the seller does it."""
        order = line.sudo().assembly_order_ids.filtered(lambda o: o.state != "cancel")
        move = order.move_raw_ids.filtered(lambda m: m.product_id == self.top)
        self.assertTrue(move)
        dialog = self.env["mrp.production"].with_user(self.seller).browse(order.ids)
        dialog.write(
            {"move_raw_ids": [Command.update(move.id, {"product_id": self.glass.id})]}
        )

    def _roll_up(self, line, method="action_roll_up_price", user=None):
        """As a client calls it."""
        model = self.env["sale.order.line"].with_user(user or self.seller)
        result = call_kw(model, method, [line.ids], {})
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def assertPrice(self, line, price, places=6):
        self.assertAlmostEqual(line.price_unit, price, places)


@tagged("post_install", "-at_install")
class TestRollUpPrice(RollUpCommon):
    """The unit price follows what is really sold, when somebody wants it."""

    def test_blended_over_both_parts(self):
        """(6 x 100.00 + 4 x 107.00) / 10 = 102.80, and it is said."""
        line = self._sell()
        self._take_glass(line)
        self.assertPrice(line, 100)
        self._roll_up(line)
        self.assertPrice(line, 102.8)
        self.assertEqual(line.price_subtotal, 1028)
        self.assertIn("102.80", line.order_id.message_ids[0].body)

    def test_second_press(self):
        """It changes nothing, and says nothing."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        told = len(line.order_id.message_ids)
        self._roll_up(line)
        self.assertPrice(line, 102.8)
        self.assertEqual(len(line.order_id.message_ids), told)

    def test_as_the_bill(self):
        """(6 x 100.00 + 4 x 65.00) / 10: what is sold is what it costs."""
        line = self._sell()
        self._roll_up(line)
        self.assertPrice(line, 86)

    def test_wholly_assembled(self):
        line = self._sell(4, 4)
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 107)

    def test_without_assembly_order(self):
        """Where orders are made at confirmation, by the bill of materials."""
        self.company.assembly_order_creation = "confirmation"
        line = self._sell()
        self.assertFalse(line.sudo().assembly_order_ids)
        self._roll_up(line)
        self.assertPrice(line, 86)

    def test_never_automatic(self):
        """R152: neither components nor quantities change the price by themselves."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.qty_to_assemble_to_order = 5
        self.assertPrice(line, 102.8)
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.product_uom_qty = 20
        self.assertPrice(line, 102.8)
        self._roll_up(line)
        self.assertPrice(line, 101.75)

    def test_back_to_the_list_price(self):
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        self._roll_up(line, "action_take_list_price")
        self.assertPrice(line, 100)
        self.assertFalse(line.rolled_up_price)
        self.desk.list_price = 120
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.product_uom_qty = 12
        self.assertPrice(line, 120)

    def test_confirmed(self):
        line = self._sell()
        line.order_id.action_confirm()
        self._take_glass(line)
        self.assertPrice(line, 100)
        self._roll_up(line)
        self.assertPrice(line, 102.8)

    def test_dozens(self):
        """Two dozen desks, one of them assembled: 12 x (100.00 + 107.00) / 2."""
        line = self._sell(2, 1, self.dozen)
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 1242)
        self.assertEqual(line.price_subtotal, 2484)

    def test_a_third_of_a_dozen(self):
        """0.33 dozen are 4 of 12 desks: (8 x 100.00 + 4 x 107.00) for a dozen."""
        line = self._sell(1, 0.33, self.dozen)
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 1228)

    def test_component_sold_by_the_dozen(self):
        """Legs in dozens on the bill and in the order: the price is that of a leg."""
        bill_line = self.desk.bom_ids.bom_line_ids[0]
        bill_line.write({"product_qty": 0.5, "product_uom_id": self.dozen.id})
        line = self._sell()
        self._roll_up(line)
        self.assertPrice(line, 94)  # 6 x 10.00 + 25.00 = 85.00

    def test_untracked_component(self):
        """Glue is not counted, and is paid all the same."""
        glue = self._create_product("Glue", is_storable=False, list_price=3)
        glue.taxes_id = False
        self.desk.bom_ids.bom_line_ids = [Command.create({"product_id": glue.id})]
        line = self._sell(4, 4)
        self._roll_up(line)
        self.assertPrice(line, 68)

    def _sell_by(self, pricelist, **values):
        line = self._sell(pricelist_id=pricelist.id, **values)
        self.assertEqual(line.order_id.pricelist_id, pricelist)
        return line

    def _create_pricelist(self, *items, **values):
        return self.env["product.pricelist"].create(
            {"name": "Ours", "item_ids": [*map(Command.create, items)], **values}
        )

    def test_price_list_of_the_customer(self):
        """All at 10 % less, the glass top at 50.00: (6 x 90.00 + 4 x 86.00) / 10."""
        pricelist = self._create_pricelist(
            {"compute_price": "formula", "price_discount": 10},
            {
                "applied_on": "0_product_variant",
                "product_id": self.glass.id,
                "fixed_price": 50,
            },
        )
        line = self._sell_by(pricelist)
        self._take_glass(line)
        self.assertPrice(line, 90)
        self._roll_up(line)
        self.assertPrice(line, 88.4)

    def test_price_of_many(self):
        """16 legs are had at 8.00 each, those of one desk are not."""
        pricelist = self._create_pricelist(
            {
                "applied_on": "0_product_variant",
                "product_id": self.leg.id,
                "fixed_price": 8,
                "min_quantity": 16,
            },
            {
                "applied_on": "0_product_variant",
                "product_id": self.desk.id,
                "fixed_price": 80,
                "min_quantity": 10,
            },
        )
        line = self._sell_by(pricelist)
        self._roll_up(line)
        self.assertPrice(line, 70.8)  # (6 x 80.00 + 4 x 57.00) / 10

    def test_shown_discount_counts_once(self):
        """10 % less on all, shown beside: 102.80 less 10 %, as without showing it."""
        group = self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user").implied_ids = [Command.link(group.id)]
        pricelist = self._create_pricelist(
            {"compute_price": "percentage", "percent_price": 10}
        )
        line = self._sell_by(pricelist)
        self._take_glass(line)
        self._roll_up(line)
        self.assertEqual(line.discount, 10)
        self.assertPrice(line, 102.8)
        self.assertAlmostEqual(line.price_subtotal, 925.2)

    def test_discount_that_somebody_gives(self):
        """R149: what is discounted is the rolled up price."""
        line = self._sell()
        line.discount = 5
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 102.8)
        self.assertAlmostEqual(line.price_subtotal, 976.6)

    def test_currency_of_the_customer(self):
        """Two for one: 205.60, on the day of the order."""
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
        line = self._sell_by(self._create_pricelist(currency_id=currency.id))
        self._take_glass(line)
        self.assertPrice(line, 200)
        self._roll_up(line)
        self.assertPrice(line, 205.6)

    def _create_tax(self, amount, **values):
        return self.env["account.tax"].create(
            {
                "name": f"{amount} %",
                "amount": amount,
                "price_include_override": "tax_included",
                **values,
            }
        )

    def test_taxes_included(self):
        """Of the same tax: gross prices add up."""
        tax = self._create_tax(20)
        (self.desk | self.leg | self.top | self.glass).taxes_id = tax
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 102.8)
        self.assertEqual(line.price_total, 1028)

    def test_component_of_another_tax(self):
        """The glass top is 67.00 with 0 % included: 80.40 with the 20 % of desks."""
        (self.desk | self.leg | self.top).taxes_id = self._create_tax(20)
        line = self._sell(4, 4)
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 120.4)

    def test_taxes_not_included(self):
        """Net prices add up, whatever is added to them."""
        tax = self._create_tax(20, price_include_override="tax_excluded")
        (self.desk | self.leg | self.top | self.glass).taxes_id = tax
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 102.8)
        self.assertAlmostEqual(line.price_subtotal, 1028)
        self.assertAlmostEqual(line.price_total, 1233.6)

    def test_component_with_the_tax_in_its_price(self):
        """The glass top is 67.00 with 20 % in it: 55.83 where they are added."""
        desks = self.desk | self.leg | self.top
        desks.taxes_id = self._create_tax(20, price_include_override="tax_excluded")
        self.glass.taxes_id = self._create_tax(20, name="20 % in it")
        line = self._sell(4, 4)
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 95.83)

    def test_price_list_of_another_company(self):
        """All at half there, asked by somebody who is at work in the first company."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= other
        self.desk.bom_ids.company_id = False
        half = self._create_pricelist(
            {"compute_price": "formula", "price_discount": 50}, company_id=other.id
        )
        there = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        order = there["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "pricelist_id": half.id,
                "order_line": [
                    Command.create(self._prepare_line_vals(self.desk, 10, 4))
                ],
            }
        )
        line = order.order_line
        self.assertPrice(line, 50)
        line.with_context(
            allowed_company_ids=(self.company | other).ids
        ).action_roll_up_price()
        self.assertPrice(line, 43)  # (6 x 50.00 + 4 x 32.50) / 10

    def test_fiscal_position(self):
        """20 % in the price become 10 %: all is 110 / 120 of what it was."""
        old, new = self._create_tax(20), self._create_tax(10)
        (self.desk | self.leg | self.top | self.glass).taxes_id = old
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        new.write({"fiscal_position_ids": position.ids, "original_tax_ids": old.ids})
        line = self._sell(fiscal_position_id=position.id)
        self.assertEqual(line.tax_ids, new)
        self.assertPrice(line, 91.67, places=2)
        self._take_glass(line)
        self._roll_up(line)
        self.assertPrice(line, 94.23)  # 102.80 / 1.2 x 1.1

    def test_price_precision(self):
        """A third of a leg more: what is written has the digits of prices."""
        self.leg.list_price = 10 / 3
        line = self._sell(3, 1)
        self._roll_up(line)
        self.assertPrice(line, 79.44)

    def test_two_lines(self):
        """Each at its own price: 6 x 100.00 + 4 x 107.00, as 10 x 102.80."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line, "action_split_at_both_prices")
        assembly = line.split_line_ids
        self.assertRecordValues(
            line | assembly,
            [
                {"product_uom_qty": 6, "price_unit": 100, "price_subtotal": 600},
                {"product_uom_qty": 4, "price_unit": 107, "price_subtotal": 428},
            ],
        )
        self._roll_up(assembly)
        self.assertPrice(assembly, 107)
        self._roll_up(assembly, "action_take_list_price")
        self._roll_up(assembly, "action_merge_sources")
        self.assertPrice(line, 100)
        self.assertLine(line, 10, 6, 4)

    # What is refused, by whom

    def test_nothing_assembled(self):
        line = self._sell(10, 0)
        with self.assertRefused("Desk on S.*: nothing of it is assembled. Set Qty"):
            line.action_roll_up_price()

    def test_nothing_ordered(self):
        line = self._sell(0, 0)
        with self.assertRefused("nothing is ordered. Enter the quantity"):
            line.action_roll_up_price()

    def test_locked_and_cancelled(self):
        for end in ("action_lock", "_action_cancel"):
            line = self._sell()
            line.order_id.action_confirm()
            getattr(line.order_id.sudo(), end)()
            for method in (
                "action_roll_up_price",
                "action_take_list_price",
                "action_split_at_both_prices",
            ):
                with self.subTest(method, end=end), self.assertRefused("back to quo"):
                    getattr(line, method)()

    def test_invoiced(self):
        """Refused while it is; credited, it can be sold for something else."""
        line = self._sell()
        self.desk.invoice_policy = "order"
        line.order_id.action_confirm()
        self._take_glass(line)
        invoice = line.order_id.sudo()._create_invoices()
        invoice.action_post()
        for method in ("action_roll_up_price", "action_take_list_price"):
            with self.assertRefused("10.00 Units are invoiced. Cancel the invoice, or"):
                getattr(line, method)()
        self.assertPrice(line, 100)
        invoice._reverse_moves([{"invoice_date": invoice.date}], cancel=True)
        self._roll_up(line)
        self.assertPrice(line, 102.8)

    def test_several_lines_or_none(self):
        """One that cannot be priced: none is."""
        first, second = self._sell(), self._sell(10, 0)
        with self.assertRefused("nothing of it is assembled"):
            (first | second).action_roll_up_price()
        self.assertPrice(first, 100)
        self._roll_up(first | self._sell())
        self.assertPrice(first, 86)

    def test_of_a_colleague(self):
        line = self._sell()
        colleague = new_test_user(
            self.env, "ato_colleague", "sales_team.group_sale_salesman"
        )
        for method in ("action_roll_up_price", "action_take_list_price"):
            with self.assertRaises(AccessError):
                self._roll_up(line, method, user=colleague)
        self.assertPrice(line, 100)
