# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ...turns import in_turn

# a planner who writes one of these has begun
BEGUN = frozenset({"state", "qty_producing"})


class MrpProduction(models.Model):
    """The draft order of a quotation is confirmed, made and cancelled with it (T7).

    Start, responsible, components and lots are the planner's before that as well.
    """

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _get_quotations_own(self):
        """Those of the orders that only a quotation asks for."""
        return self._with_line().filtered(
            lambda order: order.ato_sale_line_id
            and order.state == "draft"
            and order.ato_sale_line_id.state != "sale"
        )

    def _check_not_quotations_own(self):
        """Leave what a quotation asks for to the quotation.

        :raises AccessError: for who may not change the orders anyway
        :raises UserError: with a pointer to the quotation
        """
        own = self._get_quotations_own()
        if own:
            # the message names the quotation
            self.check_access("write")
            raise UserError(own[:1]._get_quotations_own_message())

    def _get_quotations_own_message(self):
        self.ensure_one()
        return self.env._(
            "%(assembly_order)s belongs to quotation %(order)s. It is confirmed "
            "together with the quotation, and not started, made, split or cancelled "
            "before that. What it makes is decided there, by Qty. to Assemble to "
            "Order.",
            assembly_order=self.name,
            order=self.ato_sale_order_id.name,
        )

    def _check_not_begun(self, vals):
        """:raises UserError: when `vals` have a quotation's order begin, or end"""
        for order in self._get_quotations_own():
            if any(order._is_changed_by(name, vals[name]) for name in BEGUN & {*vals}):
                self._check_not_quotations_own()

    def _compute_state(self):
        """Whatever begins, or ends: work, components that are picked, moves.

        :raises UserError: for the order of a quotation
        """
        own = self.filtered(lambda o: o.ato_sale_line_id and o.state == "draft")
        own = own and own._get_quotations_own()
        res = super()._compute_state()
        for order in own.filtered(lambda order: order.state != "draft"):
            raise UserError(order._get_quotations_own_message())
        return res

    @in_turn
    def action_confirm(self):
        """:raises UserError: for the order of a quotation"""
        self._check_not_quotations_own()
        res = super().action_confirm()
        # from now on Odoo's own links and reports know the line (O10), and its customer
        # may. Finished moves do not: they would be counted among its deliveries (T1)
        linked = self._get_linked()
        for order in linked:
            order._as_step().sale_line_id = order.ato_sale_line_id
        linked.move_finished_ids.sale_line_id = False
        linked.ato_sale_line_id._keep_unasked_units()
        return res

    def action_start(self):
        """:raises UserError: for the order of a quotation"""
        self._check_not_quotations_own()
        return super().action_start()

    @in_turn
    def action_assign(self):
        """:raises UserError: for the order of a quotation"""
        self._check_not_quotations_own()
        return super().action_assign()

    def set_qty_producing(self):
        """:raises UserError: for the order of a quotation"""
        self._check_not_quotations_own()
        return super().set_qty_producing()

    def pre_button_mark_done(self):
        """:raises UserError: for the order of a quotation"""
        self._check_not_quotations_own()
        return super().pre_button_mark_done()
