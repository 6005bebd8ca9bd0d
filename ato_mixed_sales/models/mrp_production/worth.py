# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models


class MrpProduction(models.Model):
    """What linked orders are made of, for what that is worth."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _get_worth_units(self):
        """How many the order makes, or has made, in the product's unit."""
        self.ensure_one()
        made = self.qty_produced if self.state == "done" else self.product_qty
        return self.product_uom_id._compute_quantity(
            made, self.product_id.uom_id, round=False
        )

    def _get_worth_components(self):
        """What these orders are made of as they are now, untracked products as well.

        What is asked for until they are done, then what was used.

        :return: {component: quantity in its unit}
        """
        quantities = defaultdict(float)
        for order in self:
            moves = order.move_raw_ids.filtered(lambda move: move.state != "cancel")
            for move in moves:
                quantity = move.product_uom._compute_quantity(
                    move.quantity if order.state == "done" else move.product_uom_qty,
                    move.product_id.uom_id,
                    round=False,
                )
                quantities[move.product_id] += quantity
        return {component: qty for component, qty in quantities.items() if qty > 0}
