# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time

from odoo.fields import Command
from odoo.tests import tagged

from .properties import SOAK
from .test_assembly_sale_report import ReportCommon

_logger = logging.getLogger(__name__)
# to make and ship 100 lines takes too long for each run
COUNTS = (1, 10, 100 if SOAK else 40)


@tagged("post_install", "-at_install")
class TestUndoBudget(ReportCommon):
    """SQL of an undone delivery beside Odoo's own return, and own unbuild, of it."""

    def _count_sql(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, time.process_time()
        action()
        self.env.flush_all()
        self.seconds = time.process_time() - start
        return self.env.cr.sql_log_count - before

    def _create_products(self, count):
        """All at once: 10 of each on the shelf, and what they are made of."""
        products = self.env["product.product"].create(
            [{"name": f"Desk {number}", "is_storable": True} for number in range(count)]
        )
        components = [
            Command.create({"product_id": self.leg.id, "product_qty": 4}),
            Command.create({"product_id": self.top.id, "product_qty": 1}),
        ]
        self.env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "bom_line_ids": components,
                }
                for product in products
            ]
        )
        for product, units in (
            *((product, 10) for product in products),
            *((self.leg, 16 * count), (self.top, 4 * count)),
        ):
            self.env["stock.quant"]._update_available_quantity(
                product, self.stock, units
            )
        return products

    def _count_undo(self, count):
        """(all of it, the dialog before that, the report of it)"""
        products = self._create_products(count)
        order = self._create_order(*[(product, 10, 4) for product in products])
        order.action_confirm()
        picking = order.picking_ids
        shipment = self.env["assembly.shipment"].create({"picking_id": picking.id})
        shipment.action_ship()
        dialogs, dialog = self.env["assembly.undo"], []

        def open_dialog():
            dialog.append(dialogs.create({"picking_id": picking.id}))
            dialog[0].line_ids.mapped("comes_back")
            dialog[0].mapped("remarks")

        told = self._count_sql(lambda: self._read(order.order_line))
        shown = self._count_sql(open_dialog)
        undone = self._count_sql(lambda: dialog[0].action_undo())
        _logger.info("undo of %s lines: %.1f s", count, self.seconds)
        self.assertEqual(set(order.order_line.mapped("qty_delivered")), {0})
        self.assertEqual(set(order.order_line.mapped("reserved_qty")), {10})
        return undone, shown, told

    def _count_core(self, count):
        """As by hand: 10 of each are returned, and asked for again; 4 taken apart.

        And 4 are to be made again, with their components reserved.
        """
        products = self._create_products(count)
        order = self._create_order(*[(product, 10, 0) for product in products])
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        made = self.env["mrp.production"].create(
            [
                {
                    "product_id": product.id,
                    "product_qty": 4,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                }
                for product in products
            ]
        )
        made.action_confirm()
        for production in made:
            production.qty_producing = 4
            production._set_qty_producing()
        made.with_context(skip_backorder=True).button_mark_done()

        def undo():
            wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
            wizard.product_return_moves.quantity = 10
            back = picking.browse(wizard.action_create_exchanges()["res_id"])
            back.move_ids.picked = True
            back.button_validate()
            for production in made:
                vals = {
                    "mo_id": production.id,
                    "product_qty": 4,
                    "location_id": self.stock.id,
                    "location_dest_id": self.stock.id,
                }
                self.env["mrp.unbuild"].create(vals).action_unbuild()
            again = made.copy()
            again.action_confirm()
            again.action_assign()
            self.assertEqual(set(again.mapped("reservation_state")), {"assigned"})

        queries = self._count_sql(undo)
        _logger.info("core's of %s lines: %.1f s", count, self.seconds)
        return queries

    def test_undo(self):
        """A line more costs no more than in Odoo, where it is several steps by hand.

        The report of what was delivered is asked for with as many queries for all of
        them.
        """
        self._count_undo(1)  # warms the caches of the registry
        self._count_core(1)
        ours, shown, told = zip(*map(self._count_undo, COUNTS), strict=True)
        core = [*map(self._count_core, COUNTS)]
        _logger.info(
            "undo of %s lines: %s SQL, core %s, dialog %s, report %s",
            *(COUNTS, ours, core, shown, told),
        )
        for few, many in ((0, 1), (1, 2)):
            lines = COUNTS[many] - COUNTS[few]
            growth, of_core, of_dialog = (
                (counts[many] - counts[few]) / lines for counts in (ours, core, shown)
            )
            with self.subTest(lines=COUNTS[many]):
                self.assertLessEqual(growth, of_core)
                self.assertLessEqual(growth, ours[0])
                self.assertLessEqual(of_dialog, 30)
        self.assertEqual(len(set(told)), 1)
