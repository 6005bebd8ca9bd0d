# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import os

from odoo.tests import tagged

from .common import AssembleToOrderCommon

_logger = logging.getLogger(__name__)
# measured with more lines as well: to ship them takes too long for each run
COUNTS = tuple(map(int, (os.environ.get("ATO_UNDO_LINES") or "1 10").split()))


@tagged("post_install", "-at_install")
class TestUndoBudget(AssembleToOrderCommon):
    """SQL of an undone delivery beside Odoo's own return, and own unbuild, of it."""

    def _count_sql(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _create_products(self, count):
        products = self.env["product.product"]
        for number in range(count):
            product = self._create_product(
                f"Desk {number}", components={self.leg: 4, self.top: 1}
            )
            self._set_stock(product, 10)
            products |= product
        return products

    def _count_undo(self, count):
        """(all of it, the dialog before that)"""
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

        shown = self._count_sql(open_dialog)
        undone = self._count_sql(lambda: dialog[0].action_undo())
        self.assertEqual(set(order.order_line.mapped("qty_delivered")), {0})
        return undone, shown

    def _count_core(self, count):
        """As by hand: 10 of each are returned, and asked for again; 4 taken apart.

        And 4 are to be made again, with their components reserved.
        """
        products = self._create_products(count)
        order = self._create_order(*[(product, 10, 0) for product in products])
        order.action_confirm()
        picking, made = order.picking_ids, self.env["mrp.production"]
        picking.move_ids.picked = True
        picking.button_validate()
        for product in products:
            vals = {"product_id": product.id, "product_qty": 4}
            made |= made.create(vals)
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
                vals = {"mo_id": production.id, "product_qty": 4}
                self.env["mrp.unbuild"].create(vals).action_unbuild()
            again = made.copy()
            again.action_confirm()
            again.action_assign()

        return self._count_sql(undo)

    def test_undo(self):
        """A line more costs as much as any other, and at most 1.7 times what it does in
        Odoo, where nobody plans, and nothing is chained or held for its line.
        """
        self._count_undo(1)  # warms the caches of the registry
        self._count_core(1)
        ours, shown, core = [], [], []
        for count in COUNTS:
            undone, dialog = self._count_undo(count)
            ours.append(undone)
            shown.append(dialog)
            core.append(self._count_core(count))
        _logger.info(
            "undo of %s lines: %s SQL, core %s, dialog %s", COUNTS, ours, core, shown
        )
        lines = COUNTS[-1] - COUNTS[0]
        growth, of_core, of_dialog = (
            (counts[-1] - counts[0]) / lines for counts in (ours, core, shown)
        )
        self.assertLessEqual(growth, 1.7 * of_core)
        self.assertLessEqual(growth, ours[0])
        self.assertLessEqual(of_dialog, 30)
