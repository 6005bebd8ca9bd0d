# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from . import oracle
from .chain import PICK, ChainCommon
from .test_tracking import TrackingCommon


@tagged("post_install", "-at_install")
class TestTakenByOwnRow(ChainCommon, TrackingCommon):
    """Assembled units leave by a row from stock: what is outstanding is asked for.

    4 of 10 desks are made, 3 lie in stock.
    """

    def _sell(self, steps="ship_only", stock=3):
        self._set_steps(steps)
        line = self._sell_mixed(stock=stock)
        self._produce(line.assembly_order_ids)
        return line

    def _ship_rows(self, picking, quantities, **context):
        """Validate `picking` with {row: quantity}, nothing else of it."""
        picking.move_ids.picked = False
        for row, quantity in quantities.items():
            row.quantity = quantity
            row.picked = True
        picking.with_context(skip_backorder=True, **context).button_validate()
        self.env.flush_all()

    def _get_row(self, picking, supply, line=None):
        return picking.move_ids.filtered(
            lambda m: m.ato_supply == supply
            and m.sale_line_id in (line or m.sale_line_id)
        )

    def assertAskedFor(self, line, quantity):
        """What is outstanding, on the shelf, by no figure of ours."""
        first = line.move_ids.filtered(
            lambda m: oracle.is_open(m)
            and not m.production_id
            and m.location_id == self.stock
        )
        self.assertEqual(sum(first.mapped("product_uom_qty")), quantity)

    def test_with_a_backorder(self):
        """5, or 6, leave by the row from stock: the other 5, or 4, are asked for."""
        for quantity in (5, 6):
            with self.subTest(quantity=quantity):
                self._set_stock(self.desk, 0)
                line = self._sell()
                picking = line.order_id.picking_ids
                self._ship_rows(picking, {self._get_row(picking, "stock"): quantity})
                self.assertEqual(line.qty_delivered, quantity)
                self.assertAskedFor(line, 10 - quantity)
                self._set_stock(self.desk, 10)
                for order in line.assembly_order_ids.filtered(oracle.is_open):
                    self._produce(order)
                self._deliver_all(line.order_id)
                self.assertEqual(line.qty_delivered, 10)
                self.assertInvariants(line)

    def test_rest_given_up(self):
        """6 leave by the row from stock, and the rest is given up: 6 of 10."""
        line = self._sell()
        picking = line.order_id.picking_ids
        self._ship_rows(
            picking,
            {self._get_row(picking, "stock"): 6},
            picking_ids_not_to_backorder=picking.ids,
        )
        self.assertEqual(line.qty_delivered, 6)
        self.assertAskedFor(line, 0)
        self.assertNothingBroken()

    def test_first_step(self):
        """5 are picked by the row from stock: 5 are to be picked still."""
        line = self._sell("pick_ship")
        pick = self._get_step(line.order_id, PICK)
        self._ship_rows(pick, {self._get_row(pick, "stock"): 5})
        self.assertAskedFor(line, 5)
        self._set_stock(self.desk, 10)
        self._deliver_all(line.order_id)
        self.assertEqual(line.qty_delivered, 10)

    def test_another_line(self):
        """2 made for the first line leave by the second one's row, with the first."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4), (self.desk, 5, 1))
        order.action_confirm()
        first, second = order.order_line
        self._produce(first.assembly_order_ids)
        picking = order.picking_ids
        self._ship_rows(
            picking,
            {
                self._get_row(picking, "stock", first): 6,
                self._get_row(picking, "stock", second): 2,
            },
        )
        for line in (first, second):
            self.assertAskedFor(line, line.product_uom_qty - line.qty_delivered)

    def test_serial_number(self):
        """NEW1, which was made, is scanned in the row from stock: 2 of 4 are left."""
        clock = self._create_tracked("My Clock", "serial", {self.leg: 1})
        self._stock_lots(self._create_lots(clock, "OLD1", "OLD2"))
        line = self._sell_mixed(4, 2, clock)
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2")
        picking = line.order_id.picking_ids
        row = self._get_row(picking, "stock")
        made = self._get_row(picking, "assembly").move_line_ids[0].lot_id
        row.move_line_ids[0].lot_id = made
        self._ship_rows(picking, {row: 2})
        self.assertEqual(line.qty_delivered, 2)
        self.assertAskedFor(line, 2)
