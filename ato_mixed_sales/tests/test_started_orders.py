# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestStartedOrders(CheckedStories, AssembleToOrderCommon):
    """What cannot be taken back of started orders: the right figure (E19)."""

    def _start(self, order, quantity=1):
        order.qty_producing = quantity
        order._set_qty_producing()
        self.assertEqual(order.state, "progress")

    def test_rest_of_a_partial_production(self):
        """A 8, 4 are made, the order of the other 4 has started."""
        line = self._sell_mixed(to_assemble=8)
        self._produce(line.assembly_order_ids, 4)
        first, rest = line.assembly_order_ids.sorted("id")
        self._start(rest)
        for to_assemble, quantity in ((4, 4), (0, 4), (6, 2)):
            with (
                self.subTest(to_assemble=to_assemble),
                self.assertRefused(f" {quantity}.00 Units .* from .*{rest.name}, "),
            ):
                line.qty_to_assemble_to_order = to_assemble
        self.assertEqual(first.state, "done")
        self.assertLine(line, 10, 2, 8)
        self.assertInvariants(line)

    def test_one_of_three_has_started(self):
        """A 8 in orders of 2, 2 and 4: what has not started makes less first."""
        line = self._sell_mixed(to_assemble=8)
        order = line.assembly_order_ids
        order._split_productions({order: [2, 2, 4]})
        orders = line.assembly_order_ids.sorted("id")
        self.assertEqual(orders.mapped("product_qty"), [2, 2, 4])
        self._start(orders[0])
        for to_assemble, quantity in ((1, 1), (0, 2)):
            with self.assertRefused(
                f" {quantity}.00 Units .* from .*{orders[0].name}, "
            ):
                line.qty_to_assemble_to_order = to_assemble
        line.qty_to_assemble_to_order = 2
        self.assertEqual(orders.mapped("state"), ["progress", "cancel", "cancel"])
        self.assertInvariants(line)

    def test_two_have_started(self):
        """A 8 in orders of 3 and 5, both started: 8 in all, and both are named."""
        line = self._sell_mixed(to_assemble=8)
        order = line.assembly_order_ids
        order._split_productions({order: [3, 5]})
        first, second = line.assembly_order_ids.sorted("id")
        self._start(first)
        self._start(second)
        with self.assertRefused(f" 8.00 Units .*{first.name}, {second.name}, "):
            line.qty_to_assemble_to_order = 0
        with self.assertRefused(" 6.00 Units "):
            line.product_uom_qty = 2

    def test_in_dozens(self):
        """The figure is in the unit of the product, which it names."""
        sale = self._create_order()
        vals = self._prepare_line_vals(self.desk, 2, 1, product_uom_id=self.dozen.id)
        sale.order_line = [(0, 0, vals)]
        sale.action_confirm()
        line = sale.order_line
        self._start(line.assembly_order_ids)
        with self.assertRefused(" 6.00 Units "):
            line.qty_to_assemble_to_order = 0.5
