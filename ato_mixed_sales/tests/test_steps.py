# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestSteps(AssembleToOrderCommon):
    """Units that are counted where they are, along the whole chain (E3, E4, E6)."""

    def _start(self):
        """10 desks in two steps of delivery: 6 from stock, 4 assembled and waiting."""
        self.warehouse.delivery_steps = "pick_ship"
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids)
        return order

    def _get_open_pickings(self, order, code):
        return order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == code
            and picking.state not in ("done", "cancel")
        )

    def _pick(self, order, **quantities):
        self._deliver(self._get_open_pickings(order, "internal"), **quantities)

    def test_no_assembly_any_more_with_units_under_way(self):
        """E4: 3 assembled are in Output: A to 0 is refused, with the way out."""
        order = self._start()
        line = order.order_line
        self._pick(order, stock=2, assembly=3)
        with self.assertRefused("3.00 Units that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)

    def test_last_step_cancelled(self):
        """E6: 2 and 4 in Output, nobody delivers them: A falls to 0, and is told."""
        order = self._start()
        self._pick(order, stock=2, assembly=4)
        self._get_open_pickings(order, "outgoing").action_cancel()
        self.assertLine(order.order_line, 10, 10, 0)
        self.assertTrue(order.activity_ids)
        self.assertInvariants(order.order_line)

    def test_rest_of_last_step_given_up(self):
        """E6: 2 and 1 of 2 and 4 are delivered, the rest given up: A falls to 1."""
        order = self._start()
        self._pick(order, stock=2, assembly=4)
        shipping = self._get_open_pickings(order, "outgoing")
        closing = shipping.with_context(picking_ids_not_to_backorder=shipping.ids)
        self._deliver(closing, stock=2, assembly=1)
        self.assertLine(order.order_line, 10, 9, 1)
        self.assertTrue(order.activity_ids)
        self.assertInvariants(order.order_line)

    def test_more_to_assemble_after_some_were_stored(self):
        """E3: 2 of 4 are made and stored, A rises to 6: all reach the shelf."""
        self.warehouse.manufacture_steps = "pbm_sam"
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        order.action_confirm()
        line = order.order_line
        self._make_in_steps(line.assembly_order_ids, 2)
        line.qty_to_assemble_to_order = 6
        opened = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        for production in opened:
            self._make_in_steps(production)
        self.assertInvariants(line)
        left = self.env["stock.quant"].search(
            [
                ("location_id", "=", self.warehouse.sam_loc_id.id),
                ("product_id", "=", self.desk.id),
            ]
        )
        self.assertFalse(sum(left.mapped("quantity")), "in Post-Production")
        self._deliver(self._get_open_pickings(order, "outgoing"))
        self.assertEqual(line.qty_delivered, 10)

    def _make_in_steps(self, production, quantity=None):
        """Pick components, make, and store what is made."""
        for step in ("before", "after"):
            for picking in production.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            ):
                picking.action_assign()
                self._deliver(picking)
            if step == "before":
                self._produce(production, quantity)
