# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import LazyTranslate, formatLang

from .roll_up_cost import COST

_lt = LazyTranslate(__name__)

OFFERS = {
    "action_roll_up_price": _lt("Price %s"),
    "action_split_at_both_prices": _lt("Two lines, %s assembled"),
    "action_take_list_price": _lt("List price %s"),
    "action_roll_up_cost": _lt("Cost %s"),
    "action_take_product_cost": _lt("Cost of the product"),
}

# what worth and offers follow from, as far as it is known of orders and components
FOLLOWS = (
    "state",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_to_assemble_to_order",
    "qty_invoiced",
    "price_unit",
    "rolled_up_price",
    "rolled_up_cost",
    "component_changes",
    "order_id.date_order",
    "order_id.fiscal_position_id",
    "order_id.locked",
    "order_id.pricelist_id",
    "assembly_order_ids.state",
    "assembly_order_ids.product_qty",
    "assembly_order_ids.move_raw_ids.product_id",
    "assembly_order_ids.move_raw_ids.product_uom_qty",
    "assembly_order_ids.move_raw_ids.quantity",
    "assembly_order_ids.move_raw_ids.state",
)


class SaleOrderLine(models.Model):
    """What a line says where it is made of something else than the bill (W13)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    assembly_price = fields.Json(
        compute="_compute_assembly_price",
        compute_sudo=True,
        groups="base.group_user",
        help="By how much the components of the line, as they are now, make its price "
        "another one, in the currency and for the unit of the line, and what can be "
        "done about it: a `panel.Offer`. Empty where it is made as its bill of "
        "materials says, and sold as by the price list; and for who sees no prices.",
    )

    assembly_cost = fields.Json(
        compute="_compute_assembly_price",
        compute_sudo=True,
        groups="base.group_user",
        help="What the line costs as it is made, in the currency and for the unit of "
        "the line, and what can be done about it: a `panel.Offer`. Empty where it is "
        "made as its bill of materials says, and where it is made and costs what the "
        "line says; for who sees no costs; and without Odoo's margins.",
    )

    @api.depends_context("uid", "lang")
    @api.depends(lambda self: (*FOLLOWS, *self._get_cost_fields()))
    def _compute_assembly_price(self):
        """Both at once: what lines are made of is read once."""
        self.assembly_price = self.assembly_cost = False
        priced = self._filter_seen("price_unit")
        costed = self._filter_seen(COST)
        made_of = (priced | costed)._get_made_of()
        prices = {
            line: made
            for line, made in made_of.items()
            if line in priced and (made.is_changed or line._is_rolled_up())
        }
        for line, worth in self._get_price_worths(prices).items():
            line.assembly_price = line._prepare_price_offer(made_of[line], worth)
        costs = {
            line: made
            for line, made in made_of.items()
            if line in costed and line._has_cost_to_tell(made)
        }
        for line, worth in self._get_cost_worths(costs).items():
            line.assembly_cost = line._prepare_cost_offer(made_of[line], worth)

    def _filter_seen(self, name):
        """None of them for a user from whom an add-on hides field `name`, or has none.

        Odoo's own add-ons have costs of lines, or have not.
        """
        if name not in self._fields:
            return self.browse()
        # sudo: we are asked with all rights, for whoever reads it
        user_lines = self.sudo(False)
        may_see = user_lines._has_field_access(self._fields[name], "read")
        return self if may_see else self.browse()

    def _is_rolled_up(self):
        """Whether the line has the price that was rolled up for it last."""
        self.ensure_one()
        return bool(self.rolled_up_price) and self._is_same_price(
            self.price_unit, self.rolled_up_price
        )

    def _has_typed_price(self, worth):
        """Whether somebody wants the price: it is neither the list's nor ours.

        Odoo, too, takes for typed what is not what it has computed last; but not what
        an import, or another program, has brought.
        """
        self.ensure_one()
        is_own = self._is_same_price(self.price_unit, worth.own)
        return not (is_own or self._is_rolled_up())

    def _prepare_price_offer(self, made, worth):
        """One `panel.Offer`, of what the line is made of and what that is worth."""
        self.ensure_one()
        is_typed = self._has_typed_price(worth)
        question = self._get_typed_question() if is_typed else ""
        is_other = not self._is_same_price(self.price_unit, worth.together)
        return {
            "text": self._get_worth_text(made, worth),
            "suggestions": [
                self._prepare_offer(action, price, question)
                for action, price in self._get_price_answers(worth).items()
            ],
            "is_to_decide": is_other
            and not is_typed
            and self.state in ("draft", "sent"),
        }

    def _get_worth_text(self, made, worth):
        """What it is worth part by part, and how much more than by the bill."""
        self.ensure_one()
        figures = {
            name: self._format_amount(amount)
            for name, amount in worth._asdict().items()
        }
        texts = []
        if made.is_changed:
            more = worth.assembled - worth.by_bill
            amount = self._format_amount(abs(more))
            sign = "-" if more < 0 else "+"
            texts.append(self.env._("%(more)s components", more=f"{sign} {amount}"))
        parts = [self.env._("assembled %(assembled)s", **figures)]
        if self._is_mixed():
            parts.append(self.env._("from stock %(own)s", **figures))
            parts.append(self.env._("together %(together)s", **figures))
        return "; ".join([*texts, ", ".join(parts)])

    def _get_price_answers(self, worth):
        """What can be done about the price: {action: the price that it is about}"""
        self.ensure_one()
        if self._is_closed() or self.combo_item_id or self.qty_invoiced:
            return {}
        answers = {}
        if not self._is_same_price(self.price_unit, worth.together):
            answers["action_roll_up_price"] = worth.together
        if self._can_split_by_source():
            answers["action_split_at_both_prices"] = worth.assembled
        if not self._is_same_price(self.price_unit, worth.own):
            answers["action_take_list_price"] = worth.own
        return answers

    def _prepare_offer(self, action, amount, question):
        """One `panel.Suggestion`.

        :param question: what is asked first, as something typed would be gone
        """
        self.ensure_one()
        label, text = self.env._(OFFERS[action]), self._format_amount(amount)
        suggestion = {
            "action": action,
            "label": label % text if "%s" in label else label,
            "qty": amount,
            "to_assemble": False,
        }
        if question:
            suggestion["confirm"] = question
        return suggestion

    def _format_amount(self, amount):
        return formatLang(self.env, amount, dp="Product Price")

    def _get_typed_question(self):
        return self.env._(
            "%(product)s is sold for %(price)s, which somebody has typed: it is not "
            "what the price list says. Replace it?",
            product=self.product_id.display_name,
            price=self._format_price(self.price_unit),
        )
