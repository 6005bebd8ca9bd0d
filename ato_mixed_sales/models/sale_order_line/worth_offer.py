# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import LazyTranslate, formatLang

_lt = LazyTranslate(__name__)

OFFERS = {
    "action_roll_up_price": _lt("Price %s"),
    "action_split_at_both_prices": _lt("Two lines, %s assembled"),
    "action_take_list_price": _lt("List price %s"),
}


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

    @api.depends_context("uid", "lang")
    @api.depends(
        "state",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
        "qty_invoiced",
        "price_unit",
        "rolled_up_price",
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
    def _compute_assembly_price(self):
        self.assembly_price = False
        made_of = {
            line: made
            for line, made in self._filter_price_seen()._get_made_of().items()
            if made.is_changed or line._is_rolled_up()
        }
        for line, worth in self._get_price_worths(made_of).items():
            line.assembly_price = line._prepare_price_offer(made_of[line], worth)

    def _filter_price_seen(self):
        """None of them for a user from whom an add-on hides prices."""
        # sudo: we are asked with all rights, for whoever reads it
        user_lines = self.sudo(False)
        may_see = user_lines._has_field_access(self._fields["price_unit"], "read")
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
        is_other = not self._is_same_price(self.price_unit, worth.together)
        return {
            "text": self._get_worth_text(made, worth),
            "suggestions": [
                self._prepare_offer(action, price, is_typed)
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
            name: formatLang(self.env, amount, dp="Product Price")
            for name, amount in worth._asdict().items()
        }
        texts = []
        if made.is_changed:
            more = worth.assembled - worth.by_bill
            amount = formatLang(self.env, abs(more), dp="Product Price")
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

    def _prepare_offer(self, action, price, is_typed):
        """One `panel.Suggestion`, which asks before a typed price is gone."""
        self.ensure_one()
        label = self.env._(OFFERS[action])
        suggestion = {
            "action": action,
            "label": label % formatLang(self.env, price, dp="Product Price"),
            "qty": price,
            "to_assemble": False,
        }
        if is_typed:
            suggestion["confirm"] = self._get_typed_question()
        return suggestion

    def _get_typed_question(self):
        return self.env._(
            "%(product)s is sold for %(price)s, which somebody has typed: it is not "
            "what the price list says. Replace it?",
            product=self.product_id.display_name,
            price=self._format_price(self.price_unit),
        )
