# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models

from .. import split


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_quantity_breaks(self):
        """Quantities at which a price of this list may change, in units of products.

        Those of the lists that it is based on are among them.
        """
        items, lists, level = self.env["product.pricelist.item"], self, self
        while level:
            based = items._read_group(
                [("pricelist_id", "in", level.ids), ("base", "=", "pricelist")],
                ["base_pricelist_id"],
            )
            level = self.browse().union(*(found for [found] in based)) - lists
            lists |= level
        breaks = items._read_group(
            [("pricelist_id", "in", lists.ids)], ["min_quantity"]
        )
        return [0.0, *(quantity for [quantity] in breaks)]

    def _get_prices_of_quantities(self, quantities, **kwargs):
        """What one unit costs by this list, and by which rule, of many at once.

        Odoo looks for the prices of one quantity of many products: those that have
        the same price are asked for together, so that the number of queries depends
        on the list, not on the products.

        :param quantities: set of (product, quantity in its unit)
        :param kwargs: of `_compute_price_rule`: currency, date, compute_price
        :return: {(product, quantity): (price, id of the rule)}
        """
        self and self.ensure_one()
        breaks, together = self._get_quantity_breaks(), defaultdict(set)
        for product, quantity in quantities:
            together[split.break_at(quantity, breaks)].add((product, quantity))
        prices = {}
        for at_break, wanted in together.items():
            products = self.env["product.product"].union(*(p for p, _qty in wanted))
            found = self._compute_price_rule(products, at_break, **kwargs)
            prices.update({key: found[key[0].id] for key in wanted})
        return prices
