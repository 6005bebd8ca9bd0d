# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re

from odoo.tests import tagged

from .test_keyboard_entry import ADD_LINE, PRODUCT, TO_ASSEMBLE, TO_QUANTITY
from .test_tours import TourCommon
from .typist import AtTheKeyboard

ROWS = ".o_field_widget[name='order_line'] .o_data_row"
CHIP = ".o_assembly_chip_button"
ANSWER = ".o_popover .o_assembly_answer"

# Columns of the order lines: {name: [width, whether all of it is seen]}; the column of
# Odoo's icon has no name
COLUMNS = """
    (() => {
        const table = document.querySelector("[name='order_line'] .o_list_table");
        const {right} = table.parentElement.getBoundingClientRect();
        return Object.fromEntries(
            [...table.querySelectorAll("thead th")].map((th) => {
                const box = th.getBoundingClientRect();
                const isSeen = box.right <= right + 1;
                return [th.dataset.name || th.className, [box.width, isSeen]];
            })
        );
    })()
"""
# What the chips say, and whether each is on one line, and whole
CHIPS = """
    [...document.querySelectorAll(".o_data_row .o_assembly_chip")].map((chip) => {
        const box = chip.getBoundingClientRect();
        const cell = chip.closest("td").getBoundingClientRect();
        const isWhole = chip.scrollWidth <= chip.offsetWidth && box.right <= cell.right;
        return [chip.innerText, isWhole && box.height < 24];
    })
"""


@tagged("post_install", "-at_install")
class TestColumns(AtTheKeyboard, TourCommon):
    """Beside our columns all of Odoo's are seen, with the chatter beside the form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        modules = ["sale", "sale_stock", "ato_mixed_sales"]
        cls.env["ir.module.module"]._load_module_terms(modules, ["de_DE"])
        cls.view = cls.env.ref("ato_mixed_sales.view_order_form")

    def _create_orders(self):
        """Lines of all kinds, on a quotation and on an order."""
        slow = self._create_product("Slow Cabinet", components={self.leg: 1})
        slow.bom_ids.produce_delay = 9
        self._set_stock(self.leg, 900)
        self._set_stock(self.top, 900)
        self._set_stock(self.desk, 106)
        lines = (
            (self.desk, 50, 0),
            (self.desk, 100, 44),
            (self.desk, 10, 0),
            (slow, 12, 12),
            (self.desk_to_order, 99, 0),
            (self.lamp, 3),
        )
        quotation, order = (
            self._create_order(*lines, user_id=self.seller.id) for _count in range(2)
        )
        order.action_confirm()  # and takes all that there is
        return {1440: quotation, 1536: order}

    def test_columns(self):
        """At 1440 pixels on a quotation, at 1536 on an order: also as Odoo alone."""
        orders = self._create_orders()
        self.view.active = False
        alone = self._look(orders)
        self.view.active = True
        for lang in ("en_US", "de_DE"):
            self.seller.lang = lang
            ours = self._look(orders)
            for width in orders:
                with self.subTest(lang=lang, width=width):
                    self._check_columns(alone[width][0], *ours[width])

    def _check_columns(self, alone, ours, chips):
        self.assertTrue(alone["price_subtotal"][1])
        unseen = [
            name
            for name, (_width, is_seen) in alone.items()
            if is_seen and not ours[name][1]
        ]
        self.assertFalse(unseen)
        added = set(ours) - set(alone)
        self.assertEqual(added, {"qty_to_assemble_to_order"})
        [icon] = [name for name in alone if not name.strip()]
        extra = ours["qty_to_assemble_to_order"][0] + ours[icon][0] - alone[icon][0]
        self.assertLessEqual(extra, 110)
        self.assertEqual(len(chips), 5)
        for text, is_whole in chips:
            self.assertTrue(is_whole, text)
        said = [text for text, _is_whole in chips]
        if "qty_delivered" in ours:
            self.assertIn("56 + 44", said)
        self.assertTrue(any(re.fullmatch(r"10 \w+", text) for text in said), said)

    def _look(self, orders):
        """The columns and the chips, as they are seen: {width of the window: both}"""
        seen = {}
        with self._sit_down() as typist:
            for width, order in orders.items():
                self._resize(typist, width)
                typist.open(f"/odoo/sales/{order.id}", ROWS)
                typist.wait("document.querySelector('.o-mail-Form-chatter.o-aside')")
                chips = typist.ask_settled(CHIPS)
                seen[width] = typist.ask_settled(COLUMNS), chips
        return seen

    def _resize(self, typist, width):
        typist.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": 900,
                "deviceScaleFactor": 1,
                "mobile": False,
            },
        )


@tagged("post_install", "-at_install")
class TestChipKeys(AtTheKeyboard, TourCommon):
    """From the figure to its answer: Alt+Down, Enter, on a slow network."""

    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self._set_stock(self.desk, 6)

    def test_new_quotation(self):
        """10 ordered, 6 in stock, nothing saved: the other 4 by two keys."""
        name = self.desk.name
        with self._sit_down() as typist:
            typist.open("/odoo/sales/new", "[name='partner_id'] input")
            typist.ask("document.querySelector(`[name='partner_id'] input`).focus()")
            typist.choose("[name='partner_id'] input", "Northwind Offices")
            typist.type("Enter")
            typist.wait(
                "document.querySelector(`[name='partner_id'] .o_external_button`)"
            )
            typist.click(ADD_LINE)
            typist.choose(PRODUCT.format("product_template_id"), name)
            typist.slow_down(300)
            typist.take("Enter")
            typist.type(*TO_QUANTITY, "10", "Tab")
            self._wait_for_chip(typist, "4 missing")
            self._answer(typist, "4")
            typist.wait(f"document.querySelector(`{TO_ASSEMBLE}`).value === '4.00'")
            self._wait_for_chip(typist, "6 + 4")
            typist.slow_down(0)
            self._save(typist)
        order = self.env["sale.order"].search([("user_id", "=", self.seller.id)])
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)

    def test_saved_order(self):
        """What is typed is answered, not what was saved; the chip keeps the focus."""
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        order.action_confirm()
        order_id = order.id
        with self._sit_down() as typist:
            typist.open(f"/odoo/sales/{order_id}", f"{ROWS} {CHIP}")
            typist.slow_down(300)
            typist.click(f"{ROWS} td[name='qty_to_assemble_to_order']")
            typist.wait(f"document.activeElement.matches(`{TO_ASSEMBLE}`)")
            typist.type("1")
            self._answer(typist, "3")
            self._wait_for_chip(typist, "6 + 4")
            typist.wait(f"document.activeElement.matches(`{ROWS} {CHIP}`)")
        order.invalidate_recordset()
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)

    def _answer(self, typist, quantity):
        """Open the answers to the figure that has the focus, and take the first."""
        typist.wait(f"document.activeElement.matches(`{TO_ASSEMBLE}`)")
        down = {"key": "ArrowDown", "code": "ArrowDown", "windowsVirtualKeyCode": 40}
        for event in ("rawKeyDown", "keyUp"):
            typist.browser._websocket_request(
                "Input.dispatchKeyEvent", params={**down, "type": event, "modifiers": 1}
            )
        typist.wait(f"document.activeElement.matches(`{ANSWER}`)")
        label = typist.ask("document.activeElement.innerText")
        self.assertEqual(label.split()[-1], quantity)
        typist.type("Enter")

    def _wait_for_chip(self, typist, words):
        chip = f"document.querySelector(`{ROWS} .o_assembly_chip`)"
        typist.wait(f"{chip}?.innerText === {json.dumps(words)}")

    def _save(self, typist):
        typist.click(".o_form_button_save")
        typist.wait("document.querySelector('.o_form_saved')")
