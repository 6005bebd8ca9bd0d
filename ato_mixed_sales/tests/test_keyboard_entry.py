# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools

from odoo.tests import tagged

from .test_tours import TourCommon
from .typist import AtTheKeyboard

PRODUCT = ".o_selected_row [name='{}'] input"
TO_QUANTITY = ("Tab", "Tab")  # there is a button beside the product
ADD_LINE = "[name='order_line'] .o_field_x2many_list_row_add :is(a, button)"
COLUMNS = "[name='order_line'] .o_optional_columns_dropdown button"
SUBTOTAL = ".o_selected_row [name='price_subtotal']"
TO_ASSEMBLE = ".o_selected_row [name='qty_to_assemble_to_order'] input"


@tagged("post_install", "-at_install")
class TestKeyboardEntry(AtTheKeyboard, TourCommon):
    """Product, Tab, 10, Tab, 4, Tab: typed blind, on a fast and on a slow network."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp.name = "Brass Reading Lamp"
        cls.desk.list_price = 678.5

    def test_new_quotation(self):
        """On the first line and on later ones, whatever the product is."""
        latencies = (0, 300, 800)  # milliseconds
        quotations = (
            (self.desk, self.desk_to_order, self.lamp),
            (self.lamp, self.desk),
        )
        named = [[product.name for product in products] for products in quotations]
        with self._sit_down() as typist:
            for latency in latencies:
                for names in named:
                    self._enter_quotation(typist, names, latency)
        entered = itertools.product(latencies, quotations)
        orders = self._get_orders_of_seller()
        for order, (latency, products) in zip(orders, entered, strict=True):
            with self.subTest(latency=latency, products=products):
                self.assertEntered(order, products)

    def test_other_ways(self):
        """Other keys, other columns, other lines, other answers."""
        before = ((self.lamp, 3), (self.desk, 5, 2), (self.desk, 5, 2))
        after = (self.desk, self.lamp, self.desk_to_order)
        names = [product.name for product in after]
        order_id = self._create_order(*before, user_id=self.seller.id).id
        with self._sit_down() as typist:
            self._change_products(typist, order_id, names, 800)
            self._enter_quotation(typist, names[:1], 300, take="Tab")
            self._enter_quotation(typist, names[2:], 800, figure="0")
            self._wait_for_answer(typist, names[2], 800)
            self._show_column_of_variants(typist)
            self._enter_quotation(typist, names, 300, product_field="product_id")
        changed, with_tab, zero, late, variants = self._get_orders_of_seller()
        with self.subTest("lines that were there have got another product"):
            self.assertEntered(changed, after)
        with self.subTest("Tab takes the suggestion"):
            self.assertEntered(with_tab, after[:1])
        with self.subTest("zero typed ahead stays, though 10 are proposed"):
            self.assertEntered(zero, after[2:], figure=0)
        with self.subTest("4 replaces the proposal that came into the cell"):
            self.assertEntered(late, after[2:])
        with self.subTest("variants are chosen: one request instead of two"):
            self.assertEntered(variants, after)

    # Steps

    def _enter_quotation(self, typist, names, latency, **kwargs):
        self._open_quotation(typist)
        for name in names:
            typist.click(ADD_LINE)
            self._enter(typist, name, latency, **kwargs)
        self._save(typist)

    def _open_quotation(self, typist):
        typist.open("/odoo/sales/new", "[name='partner_id'] input")
        typist.ask("document.querySelector(`[name='partner_id'] input`).focus()")
        typist.choose("[name='partner_id'] input", "Northwind Offices")
        typist.type("Enter")
        typist.wait("document.querySelector(`[name='partner_id'] .o_external_button`)")

    def _change_products(self, typist, order_id, names, latency):
        typist.open(f"/odoo/sales/{order_id}", ".o_data_row")
        for number, name in enumerate(names):
            typist.click(".o_data_row td[name='product_template_id']", number)
            self._enter(typist, name, latency)
        self._save(typist)

    def _wait_for_answer(self, typist, name, latency):
        """Type the figure when the proposal has come, while the cell has the focus."""
        self._open_quotation(typist)
        typist.click(ADD_LINE)
        typist.choose(PRODUCT.format("product_template_id"), name)
        typist.slow_down(latency)
        typist.take("Enter")
        typist.type(*TO_QUANTITY, "10", "Tab")
        typist.wait(f"document.activeElement.matches(`{TO_ASSEMBLE}`)")
        typist.wait("document.activeElement.value === '10.00'")
        typist.slow_down(0)
        typist.type("4", "Tab")
        self._save(typist)

    def _show_column_of_variants(self, typist):
        typist.open("/odoo/sales/new", COLUMNS)
        typist.click(COLUMNS)
        typist.click(".o-dropdown--menu input[name='product_id']")
        typist.wait("document.querySelector(`th[data-name='product_id']`)")

    def _enter(
        self,
        typist,
        name,
        latency,
        take="Enter",
        figure="4",
        product_field="product_template_id",
    ):
        """The suggestion of the product is seen; all the rest is typed blind."""
        typist.choose(PRODUCT.format(product_field), name)
        typist.slow_down(latency)
        typist.take(take)
        typist.type(*TO_QUANTITY, "10", "Tab", figure, "Tab")
        typist.slow_down(0)
        amount = f"document.querySelector(`{SUBTOTAL}`).innerText"
        typist.wait(f"!{amount}.endsWith(' 0.00')")

    def _save(self, typist):
        typist.click(".o_form_button_save")
        typist.wait("document.querySelector('.o_form_saved')")

    def _get_orders_of_seller(self):
        self.env.invalidate_all()
        return self.env["sale.order"].search(
            [("user_id", "=", self.seller.id)], order="id"
        )

    def assertEntered(self, order, products, figure=4):
        """10 of each product at its own price, `figure` of it to assemble if it can."""
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": 10,
                    "qty_to_assemble_to_order": 0 if product == self.lamp else figure,
                    "price_unit": product.list_price,
                    "price_subtotal": 10 * product.list_price,
                }
                for product in products
            ],
        )
