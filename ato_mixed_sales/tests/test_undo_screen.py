# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_tours import LATENCY, PlannerTourCommon
from .typist import AtTheKeyboard

ROWS = ".modal .o_data_row"
UNDO = "button[name='action_open_assembly_undo']"
AGAIN = "button[name='action_undo_assembly']"


@tagged("post_install", "-at_install")
class TestUndoScreen(AtTheKeyboard, PlannerTourCommon):
    """A delivery is undone, and an assembly made again, by hand on a slow network."""

    browser_size = "1366x768"

    def _wait_for_row(self, typist, number, words):
        row = f"document.querySelectorAll(`{ROWS}`)[{number}]"
        typist.wait(f"{row}?.innerText.includes(`{words}`)")

    def _enter_first_row(self, typist, quantity):
        """Once the cursor is there: Tab has left it in the same column of the next."""
        typist.click(f"{ROWS} td[name='qty_to_undo']")
        cell = f"document.querySelector(`{ROWS} [name='qty_to_undo']`)"
        typist.wait(f"{cell}?.contains(document.activeElement)")
        typist.ask("document.activeElement.select?.()")
        typist.type(quantity, "Tab")

    def test_part_of_a_delivery(self):
        """6 from stock and 4 assembled have left: 2 and 4 are typed, and come back."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4), (self.lamp, 2, 0))
        order.action_confirm()
        line, picking = order.order_line[0], order.picking_ids
        self._produce(line.assembly_order_ids, 1)
        shipment = self.env["assembly.shipment"].create({"picking_id": picking.id})
        shipment.action_ship()
        path = f"/odoo/action-stock.action_picking_tree_all/{picking.id}"
        with self._sit_down(self.planner) as typist:
            typist.open(path, UNDO)
            typist.slow_down(LATENCY)
            typist.click(UNDO)
            for row, words in enumerate(
                ("back to", "taken apart again by", "2.00 Units: back to")
            ):
                self._wait_for_row(typist, row, words)
            self._enter_first_row(typist, "20")
            typist.wait(
                "document.querySelector('.modal .alert')?.innerText"
                ".includes('20.00 Units are to come back, 6.00 are delivered')"
            )
            self._enter_first_row(typist, "2")
            self._wait_for_row(typist, 0, "2.00 Units from stock: back to")
            typist.wait("!document.querySelector('.modal .alert')")
            typist.click(".modal-footer button[name='action_undo']")
            typist.wait("!document.querySelector('.modal')")
            typist.wait(f"!document.querySelector(`{UNDO}`)")
            typist.slow_down(0)
        order.invalidate_recordset()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [4, 0])
        self.assertEqual(line.qty_to_assemble_to_order, 4)
        self.assertInvariants(line)

    def test_make_again(self):
        """4 were made and wait: one click and a yes, and they are to be made again."""
        line = self._sell_mixed(stock=6)
        made = line.assembly_order_ids
        self._produce(made)
        path = f"/odoo/action-mrp.mrp_production_action/{made.id}"
        with self._sit_down(self.planner) as typist:
            typist.open(path, AGAIN)
            typist.slow_down(LATENCY)
            typist.click(AGAIN)
            typist.click(".modal-footer .btn-primary")
            typist.wait("!document.querySelector('.modal')")
            typist.wait(f"!document.querySelector(`{AGAIN}`)")
            typist.slow_down(0)
        line.invalidate_recordset()
        self.assertEqual(line.qty_assembled, 0)
        self.assertEqual(made.unbuild_ids.mapped("product_qty"), [4])
        self.assertInvariants(line)
