# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools
import json

from odoo.tests import tagged

from .test_tours import TourCommon
from .typist import AtTheKeyboard

QUANTITY = "[name='order_line'] .o_data_row td[name='product_uom_qty']"
INPUT = "[name='order_line'] .o_selected_row [name='product_uom_qty'] input"
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

    def _type_quantity(self, typist, quantity):
        typist.click(QUANTITY)
        typist.wait(f"document.querySelector({json.dumps(INPUT)})")
        typist.ask(f"document.querySelector({json.dumps(INPUT)}).select()")
        typist.type(quantity, "Tab")

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
