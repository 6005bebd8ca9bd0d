# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...private_context import tell
from ...turns import in_turn

# another salesperson may deliver from another warehouse; of another customer Odoo looks
# for both anew
FOLLOWED = frozenset(
    {"warehouse_id", "commitment_date", "company_id", "user_id", "partner_id"}
)


class SaleOrder(models.Model):
    """What follows when orders change, are confirmed, cancelled, and go."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        if not self.env.su:
            self._check_guarded(vals)
        ending = vals.get("state") == "cancel" and self.order_line._get_ending()
        follows = FOLLOWED.intersection(vals)
        before = self.order_line._describe_assembly_parts() if follows else {}
        res = super().write(vals)
        if ending:
            ending._leave_nothing()
        if vals.get("state") in ("draft", "sent"):
            self.order_line._stop_assembly_without_bill()
            self.order_line._sync_draft_assembly_orders()
        if follows:
            self.order_line._sync_draft_assembly_orders()
            self.order_line._tell_not_assembled(before)
        if {"commitment_date", "date_order"}.intersection(vals):
            self.order_line._follow_deadlines()
        if follows:
            self.order_line._fit_holds()
        return res

    def _action_confirm(self):
        res = super()._action_confirm()
        self.order_line._review_bins()
        return res

    def unlink(self):
        self.order_line._let_go_all_holds(self.env._("the order was removed"))
        orders = self.order_line._get_draft_assembly_orders()
        res = super().unlink()
        orders._remove_from_quotation()
        return res

    @in_turn
    def action_cancel(self):
        """While nobody else decides on the same stock."""
        return super().action_cancel()

    def _action_cancel(self):
        self.order_line._let_go_all_holds(self.env._("the order was cancelled"))
        self.order_line._cancel_assembly()
        # the deliveries are cancelled by the plan, not by the warehouse
        cancelling = tell(self, ato_step=True)
        return super(SaleOrder, cancelling)._action_cancel()
