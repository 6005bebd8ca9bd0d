# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import formatLang

from ...private_context import sanitized
from ...sent import check_records
from ...turns import in_turn


class MrpProduction(models.Model):
    """What the planner decides, and the line follows."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    @in_turn
    def action_cancel(self):
        """While nobody else decides on the same stock."""
        return super().action_cancel()

    @in_turn
    def button_mark_done(self):
        """While nobody else decides on the same stock."""
        return super().button_mark_done()

    def _action_cancel(self):
        self._check_not_quotations_own()
        decided = self._get_planner_decided()
        for order, note in decided._get_notes_of_waiting().items():
            order._message_log(body=note)
        decided._follow_planner()
        return super()._action_cancel()

    def get_cancellation_notes(self):
        """Who waits for what these orders make, for whoever is about to cancel them.

        :return: a sentence for each of the orders that a customer waits for
        """
        check_records(self)
        self.check_access("read")
        return list(self._get_planner_decided()._get_notes_of_waiting().values())

    def _get_notes_of_waiting(self):
        """{order: who waits for what it is still to make, as a sentence}"""
        notes = {}
        for order in self.filtered(lambda order: order.state not in ("done", "cancel")):
            units = order._get_producing_units()
            if order.product_id.uom_id.compare(units, 0.0) > 0:
                notes[order] = order.env._(
                    "%(customer)s is waiting for %(quantity)s %(uom)s of %(product)s "
                    "(%(order)s), which %(assembly_order)s makes.",
                    customer=order.ato_partner_id.display_name,
                    quantity=formatLang(order.env, units, dp="Product Unit"),
                    uom=order.product_id.uom_id.name,
                    product=order.product_id.display_name,
                    order=order.ato_sale_order_id.name,
                    assembly_order=order.name,
                )
        return notes

    def _post_inventory(self, cancel_backorder=False):
        self._check_output_of_moves()
        res = super()._post_inventory(cancel_backorder=cancel_backorder)
        self._get_planner_decided()._follow_planner()
        return res

    def _follow_planner(self):
        """Have the lines do without what these orders do not make after all."""
        if self:
            self.ato_sale_line_id._follow_production(self)

    def _get_planner_decided(self):
        """Those of the orders that a confirmed sales order line counts on."""
        if self._is_step():
            return self.browse()
        # what the planner decides is carried out on documents of the seller
        orders = sanitized(self)._get_linked()
        return orders.filtered(lambda o: o.ato_sale_line_id.state == "sale")
