# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """What is refused of a reservation, with the way out."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _check_has_stock_part(self):
        """:raises UserError: when the line is none for which units are held"""
        self.ensure_one()
        reason = ""
        if self.state == "cancel":
            reason = self.env._("the order is cancelled.")
        elif not self._can_be_assembled():
            reason = self._get_not_assembled_reason()
        elif not self._is_taken_from_stock():
            reason = self._get_not_taken_reason()
        if reason:
            raise UserError(
                self.env._(
                    "Stock cannot be reserved for %(product)s on %(order)s: %(reason)s",
                    product=self.product_id.display_name or self.name,
                    order=self.order_id.name,
                    reason=reason,
                )
            )

    def _get_not_taken_reason(self):
        """Why nothing is to be taken from stock, and the way out if there is one."""
        self.ensure_one()
        unasked = 0.0
        if self.state == "sale":
            facts = self._get_facts()[self]
            unasked = facts.undelivered_stock - facts.stock.open
        if self.product_id.uom_id.compare(unasked, 0.0) <= 0:
            return self.env._(
                "nothing more of it is to be taken from stock. What is assembled to "
                "order is reserved by its assembly order."
            )
        return self.env._(
            "no delivery asks for the %(quantity)s that are left, as it was cancelled, "
            "its rest was given up, or they were returned. Change the ordered quantity "
            "or Qty. to Assemble to Order to have them delivered, then reserve.",
            quantity=self._format_units(unasked),
        )

    def _is_taken_from_stock(self):
        """Whether units are held for the line, or still could be."""
        self.ensure_one()
        is_zero = self.product_id.uom_id.is_zero
        if not is_zero(self._get_held_units()):
            return True
        return bool(self._get_shelf()[0]) and not is_zero(self._get_needed_units())

    def _check_can_reserve_stock(self):
        """:raises UserError: when there is nothing to hold units for"""
        self._check_has_stock_part()
        if self.product_id.uom_id.compare(self._get_open_units(), 0.0) <= 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: all %(held)s to be taken from stock "
                    "are reserved already.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                    held=self._format_line_qty(self.reserved_stock_qty),
                )
            )

    def _check_quant(self, quant, quantity, places):
        """Whether `quantity` of `quant` may be asked for.

        :return: its place
        :raises UserError: when it cannot serve the line, or the quantity is negative
        """
        self.ensure_one()
        # whether it is among `places`, and nothing else, is told
        quant = quant.with_env(self._with_documents().env).exists()
        place = quant and quant._get_place()
        if quant.product_id != self.product_id or place not in places:
            raise UserError(
                self.env._(
                    "What was chosen cannot serve %(product)s on %(order)s: it is "
                    "another product's, in another warehouse, of another owner, "
                    "expired, or gone. Open the dialog again.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )
        if self.product_id.uom_id.compare(quantity, 0.0) < 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: %(quantity)s cannot be reserved. Enter "
                    "0 or more; to let go of what is held, use Let Go.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                    quantity=self._format_units(quantity),
                )
            )
        return place

    def _check_wanted_places(self, wanted, places):
        """:raises UserError: when nothing, more than free or more than needed is asked

        :param wanted: {place: quantity, in the unit of the product}
        """
        self.ensure_one()
        compare, total = self.product_id.uom_id.compare, sum(wanted.values())
        for place, units in wanted.items():
            if compare(units, places[place].free) > 0:
                free = places[place].free
                raise UserError(self._get_not_free_message(place, units, free))
        lacking = self._get_open_units()
        if compare(total, 0.0) > 0 and compare(total, lacking) <= 0:
            return
        raise UserError(
            self.env._(
                "%(product)s on %(order)s: %(lacking)s are still to be reserved, "
                "%(chosen)s are chosen. Choose at least something and no more than "
                "that.",
                product=self.product_id.display_name,
                order=self.order_id.name,
                lacking=self._format_units(lacking),
                chosen=self._format_units(total),
            )
        )

    def _get_not_free_message(self, place, units, free):
        """That less is free at `place` than was chosen, in the product's unit."""
        self.ensure_one()
        names = [
            part.with_env(self._with_documents().env).display_name for part in place
        ]
        return self.env._(
            "%(product)s on %(order)s: %(units)s were chosen from %(place)s, where "
            "%(free)s are free now. Open the dialog again to see what is left.",
            product=self.product_id.display_name,
            order=self.order_id.name,
            units=self._format_units(units),
            place=", ".join(filter(None, names)),
            free=self._format_units(free),
        )
