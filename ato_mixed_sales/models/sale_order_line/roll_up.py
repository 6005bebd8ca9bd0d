# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, formatLang

from ...sent import check_records


class SaleOrderLine(models.Model):
    """Prices that follow what is really sold, when somebody wants it (R149 to R153).

    Never by themselves: changed components change no price (R152).
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    rolled_up_price = fields.Float(
        min_display_digits="Product Price",
        readonly=True,
        groups="base.group_user",
        help="Unit price, in the currency and for the unit of the line, that was last "
        "rolled up from components. While the line has it, nobody has typed its price.",
    )

    def action_roll_up_price(self):
        """Sell the assembled part for what its components cost the customer (R149).

        What is taken from stock is sold at the price list's price; the unit price of
        the line is the average of both, so that doing it once more changes nothing.

        :raises UserError: when nothing is ordered or assembled, the line is invoiced or
            belongs to a combo, or the order is locked or cancelled
        """
        check_records(self)
        worths = self._get_worths_to_follow()
        with self._tell_prices():
            for line in self:
                worth = worths[line]
                line._set_price(worth.together, worth.together)
        return True

    def action_split_at_both_prices(self):
        """Make two lines of each: from stock at the list's price, assembled at its own.

        :raises UserError: as `action_roll_up_price` and `action_split_by_source`
        """
        check_records(self)
        worths = self._get_worths_to_follow()
        for line in self:
            others = line.split_line_ids
            line.action_split_by_source()
            own, assembled = worths[line].own, worths[line].assembled
            made = line.split_line_ids - others
            with (line | made)._tell_prices():
                line._set_price(own, own)
                made._set_price(assembled, assembled)
        return True

    def action_take_list_price(self):
        """Sell the line at the price list's price again, whatever it is made of.

        :raises UserError: as `action_roll_up_price`
        """
        check_records(self)
        self._check_may_price()
        for line in self:
            line._check_can_be_priced()
        with self._tell_prices():
            for line in self:
                line._reset_price_unit()
            self.rolled_up_price = 0.0
        return True

    def _get_worths_to_follow(self):
        """What these lines are to be sold for, for somebody who may: {line: Worth}

        :raises UserError: as `action_roll_up_price`
        """
        self._check_may_price()
        for line in self:
            line._check_can_be_priced()
            line._check_can_be_rolled_up()
        made_of = self._get_made_of()
        for line in self.filtered(lambda line: line not in made_of):
            line._refuse_price(line._get_not_assembled_reason())
        return self._get_price_worths(made_of)

    def _check_may_price(self):
        """:raises UserError: when the order is locked or cancelled"""
        self._check_may_follow()
        self._check_field_access(self._fields["price_unit"], "write")

    def _check_can_be_priced(self):
        """:raises UserError: with the reason and the way out"""
        self.ensure_one()
        if self.combo_item_id:
            self._refuse_price(
                self.env._("it belongs to a combo. Change the price of the combo.")
            )
        if self.qty_invoiced:
            self._refuse_price(
                self.env._(
                    "%s are invoiced. Cancel the invoice, or credit it, first.",
                    self._format_line_qty(self.qty_invoiced),
                )
            )

    def _check_can_be_rolled_up(self):
        """:raises UserError: where nothing is sold that is made of components"""
        self.ensure_one()
        if self.product_uom_id.compare(self.product_uom_qty, 0.0) <= 0:
            self._refuse_price(
                self.env._("nothing is ordered. Enter the quantity first.")
            )
        if self.product_uom_id.compare(self.qty_to_assemble_to_order, 0.0) <= 0:
            self._refuse_price(
                self.env._(
                    "nothing of it is assembled. Set Qty. to Assemble to Order, or "
                    "keep the price of the price list."
                )
            )

    def _refuse_price(self, reason):
        """:raises UserError: with `reason`, a sentence"""
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(product)s on %(order)s cannot be priced by what it is made of: "
                "%(reason)s",
                product=self.product_id.display_name or self.name,
                order=self.order_id.display_name,
                reason=reason,
            )
        )

    def _set_price(self, price, rolled_up):
        """Sell one unit for `price`, where it is another one."""
        self.ensure_one()
        if self._is_same_price(self.price_unit, price) and self._is_same_price(
            self.rolled_up_price, rolled_up
        ):
            return
        self.write({"price_unit": price, "rolled_up_price": rolled_up})

    @contextmanager
    def _tell_prices(self):
        """Say once, on each order, which lines are sold for something else now."""
        before = {line: line.price_unit for line in self}
        yield
        for order, lines in self.grouped("order_id").items():
            texts = [
                line._get_price_text(before[line])
                for line in lines
                if not line._is_same_price(before[line], line.price_unit)
            ]
            if texts:
                order.message_post(body=Markup("<br/>").join(texts))

    def _get_price_text(self, before):
        self.ensure_one()
        return self.env._(
            "%(product)s: %(after)s instead of %(before)s for one %(uom)s.",
            product=self.product_id.display_name,
            after=self._format_price(self.price_unit),
            before=self._format_price(before),
            uom=self.product_uom_id.name,
        )

    def _is_same_price(self, left, right):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_compare(left, right, precision_digits=digits) == 0

    def _format_price(self, price):
        """`price` as the user reads it, with its currency."""
        self.ensure_one()
        return formatLang(
            self.env, price, dp="Product Price", currency_obj=self.currency_id
        )
