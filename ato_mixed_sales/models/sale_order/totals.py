# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What an order costs, which is the same however its lines are split."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _get_split_totals(self):
        """What splitting or merging lines is not to change, as far as it is counted."""
        self.ensure_one()
        names = ("amount_untaxed", "amount_tax", "amount_total", "margin")
        return {name: self[name] for name in names if name in self._fields}

    def _check_split_totals(self, totals, line):
        """:raises UserError: when the rounding of each line has changed the totals"""
        self.ensure_one()
        for name, before in totals.items():
            # Odoo adds up what each line is rounded to, also where totals are not: one
            # line more may be a cent more of margin, which nobody pays
            tolerance = self.currency_id.rounding if name == "margin" else 0.0
            difference = abs(self[name] - before)
            if self.currency_id.compare_amounts(difference, tolerance) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s on %(order)s: each line is rounded by itself, so "
                        "that the order would cost %(after)s instead of %(before)s. "
                        "The lines are left as they are.",
                        product=line.product_id.display_name,
                        order=self.display_name,
                        after=self.currency_id.format(self[name]),
                        before=self.currency_id.format(before),
                    )
                )
