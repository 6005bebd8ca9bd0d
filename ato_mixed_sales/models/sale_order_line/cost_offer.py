# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .roll_up_cost import COST


class SaleOrderLine(models.Model):
    """What a line says of its cost, where Odoo's margins are installed (W13)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_cost_fields(self):
        """Fields of other add-ons that say what a line costs."""
        return (COST,) if COST in self._fields else ()

    def _has_cost_to_tell(self, made):
        """Whether the line may cost something else than what Odoo has said."""
        self.ensure_one()
        return (
            made.is_changed
            or self._has_rolled_up_cost()
            or any(order.state == "done" for order in made.bills)
        )

    def _prepare_cost_offer(self, made, worth):
        """One `panel.Offer`, or False where nothing is to be said.

        :param worth: as from `_get_cost_worths`
        """
        self.ensure_one()
        answers = self._get_cost_answers(worth)
        if not (made.is_changed or answers):
            return False
        question = self._get_cost_question()
        return {
            "text": self._get_worth_text(made, worth),
            "suggestions": [
                self._prepare_offer(action, cost, question)
                for action, cost in answers.items()
            ],
            # no customer waits for it
            "is_to_decide": False,
        }

    def _get_cost_answers(self, worth):
        """What can be done about the cost: {action: the cost that it is about}

        Also once it is invoiced or locked: no customer is told what it costs.
        """
        self.ensure_one()
        if self.state == "cancel":
            return {}
        answers = {}
        if not self._is_same_price(self[COST], worth.together):
            answers["action_roll_up_cost"] = worth.together
        if self._has_rolled_up_cost():
            answers["action_take_product_cost"] = worth.own
        return answers

    def _get_cost_question(self):
        """What to ask first where the cost is neither the product's nor ours."""
        self.ensure_one()
        line = self.with_company(self.company_id)
        is_product_cost = self._is_same_price(
            self[COST], line._convert_cost(line.product_id.standard_price)
        )
        if is_product_cost or self._has_rolled_up_cost():
            return ""
        return self.env._(
            "%(product)s costs %(cost)s here, which is neither what the product costs "
            "now nor what was rolled up: somebody may have typed it. Replace it?",
            product=self.product_id.display_name,
            cost=self._format_price(self[COST]),
        )
