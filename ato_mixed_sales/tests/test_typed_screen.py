# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools
import json

from odoo.fields import Command
from odoo.tests import tagged

from .test_tours import TourCommon
from .typist import AtTheKeyboard

QUANTITY = "[name='order_line'] .o_data_row td[name='product_uom_qty']"
TO_ASSEMBLE = "[name='order_line'] .o_data_row td[name='qty_to_assemble_to_order']"
TEXTS = "[...document.querySelectorAll('.o_assembly_row')].map((row) => [...row"
STATUS = ".querySelectorAll('.o_assembly_status, .o_assembly_unknown')]"
STATUS += ".map((text) => text.innerText.trim()).join())"
ANSWER = ".o_assembly_row [data-action='action_assemble_missing']"
COLOURS = "document.querySelectorAll('.o_assembly_row .text-success, "
COLOURS += ".o_assembly_row .bg-success').length"
UNKNOWN = "document.querySelectorAll('.o_assembly_unknown').length"


@tagged("post_install", "-at_install")
class TestTypedScreen(AtTheKeyboard, TourCommon):
    """Never a figure that is not true: on a slow network it is unknown meanwhile."""

    browser_size = "1366x768"

    def test_shared_stock(self):
        """20 free, lines of 5 and 15, 8 typed: unknown, then 8 and 3 missing.

        Each state of the screen is looked at, however long this machine takes.
        """
        self._set_stock(self.desk, 20)
        order = self._create_order(
            (self.desk, 5), (self.desk, 15), user_id=self.seller.id
        )
        with self._sit_down() as typist:
            for latency, quantity, texts in (
                (300, "8", ["8 in stock", "3 missing"]),
                (800, "5", ["5 in stock", "15 in stock"]),
                (0, "9", ["9 in stock", "4 missing"]),
            ):
                typist.open(f"/odoo/sales/{order.id}", ".o_assembly_show_all")
                typist.click(".o_assembly_show_all")
                self._wait_for_texts(typist, ["5 in stock", "15 in stock"])
                # something else is typed first: nothing is back as it was saved
                self._type_quantity(typist, "6")
                self._wait_for_texts(typist, ["6 in stock", "1 missing"])
                if latency:
                    typist.slow_down(latency)
                typist.watch(f"[{TEXTS}{STATUS}, {COLOURS}]")
                self._type_quantity(typist, quantity)
                self._wait_for_texts(typist, texts)
                self._check_seen(typist.get_watched(), texts, latency)
                typist.slow_down(0)
                typist.click(".o_form_button_cancel")
                typist.wait("document.querySelector('.o_form_saved')")
        order.invalidate_recordset()
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [5, 15])

    def test_dates(self):
        """The expected date stays while something is typed; nothing is promised then.

        What is assembled takes 7 days; Odoo alone expects it at once.
        """
        for product in self.desk | self.desk.bom_ids.bom_line_ids.product_id:
            self._set_stock(product, 100)
        self.desk.bom_ids.produce_delay = 7
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        promise = "document.querySelector('[name=action_promise_earliest]')"
        expected = "document.querySelector('[name=expected_date]').innerText"
        lines, others = (
            f".nav-link[name='{name}']" for name in ("order_lines", "other_information")
        )
        with self._sit_down() as typist:
            typist.open(f"/odoo/sales/{order.id}", others)
            typist.click(others)
            typist.wait(promise)
            before = typist.ask(expected)
            typist.click(lines)
            self._type_quantity(typist, "12")
            typist.click(others)
            typist.wait(f"document.querySelector('[name=expected_date]') && !{promise}")
            self.assertEqual(typist.ask(expected), before)
            typist.click(".o_form_button_cancel")
            typist.wait(promise)
            self.assertEqual(typist.ask(expected), before)

    def test_one_load_of_figures(self):
        """An answer, saved or typed before: the figures are asked for once."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        with self._sit_down() as typist:
            typist.open(f"/odoo/sales/{order.id}", ANSWER)
            done = "document.querySelector('.o_assembly_done')?.innerText"
            for missing in (4, 3):
                if missing == 3:
                    self._type_quantity(typist, "13")
                    typist.wait(f'document.querySelector("{ANSWER}")')
                    typist.wait(f"!{UNKNOWN}")
                typist.ask("performance.clearResourceTimings()")
                typist.click(ANSWER)
                typist.wait(f"{done}?.includes('Assemble {missing}')")
                asked = typist.ask(
                    "performance.getEntriesByType('resource').map((e) => e.name)"
                )
                loads = [url for url in asked if "get_assembly_availability" in url]
                self.assertEqual(len(loads), 1, asked)
                reads = [url for url in asked if "sale.order/web_read" in url]
                self.assertEqual(len(reads), 1, asked)
        self.env.invalidate_all()
        self.assertEqual(order.order_line.qty_to_assemble_to_order, 7)

    def test_what_is_missing(self):
        """6 of 10 in stock, the policy decides: 12 are 6 and 6, and 5 need nothing.

        3 are typed: they are kept, whatever is ordered then, and confirmed.
        """
        self._set_stock(self.desk, 6)
        self.desk.assembly_policy = "assemble_missing"
        values = {"product_id": self.desk.id, "product_uom_qty": 10}
        order = self._create_order(user_id=self.seller.id)
        order.order_line = [Command.create(values)]
        with self._sit_down() as typist:
            typist.open(f"/odoo/sales/{order.id}", QUANTITY)
            typist.slow_down(300)
            for quantity, to_assemble in (
                ("12", "6.00"),
                ("5", "0.00"),
                ("11", "5.00"),
            ):
                self._type_quantity(typist, quantity)
                self._wait_for_figure(typist, to_assemble)
            self._type_into(typist, "qty_to_assemble_to_order", "3")
            self._wait_for_figure(typist, "3.00")
            self._type_quantity(typist, "13")
            typist.wait(f"{self._get_text(QUANTITY)} === '13.00'")
            self._wait_for_figure(typist, "3.00")
            typist.click(".o_form_button_save")
            typist.wait("document.querySelector('.o_form_saved')")
        order.invalidate_recordset()
        self.assertLine(order.order_line, 13, 10, 3)

    def _wait_for_figure(self, typist, to_assemble):
        typist.wait(f"{self._get_text(TO_ASSEMBLE)} === '{to_assemble}'")

    def _get_text(self, cell):
        """JavaScript: what is in the cell of the first line, typed there or not."""
        cell = f"document.querySelector({json.dumps(cell)})"
        return f"({cell}.querySelector('input')?.value ?? {cell}.innerText).trim()"

    def _type_quantity(self, typist, quantity):
        self._type_into(typist, "product_uom_qty", quantity)

    def _type_into(self, typist, name, figure):
        cell = f"[name='order_line'] .o_data_row td[name='{name}']"
        field = json.dumps(f"[name='order_line'] .o_selected_row [name='{name}'] input")
        typist.click(cell)
        typist.wait(f"document.querySelector({field})")
        typist.ask(f"document.querySelector({field}).focus()")
        typist.ask(f"document.querySelector({field}).select()")
        typist.type(figure, "Tab")

    def _wait_for_texts(self, typist, texts):
        texts = json.dumps(texts)
        typist.wait(f"JSON.stringify({TEXTS}{STATUS}) === JSON.stringify({texts})")

    def _check_seen(self, seen, texts, latency):
        """First what was typed before, then unknown and not green, then the truth."""
        before, unknown = ["6 in stock", "1 missing"], ["…", "…"]
        said = [texts for texts, _colours in seen]
        later = list(itertools.dropwhile(lambda texts: texts == before, said))
        self.assertEqual([said for said in later if said not in (unknown, texts)], [])
        self.assertEqual(later[-1], texts)
        self.assertTrue(unknown in later or not latency, seen)
        for said, colours in seen:
            self.assertFalse(colours and said == unknown, seen)
