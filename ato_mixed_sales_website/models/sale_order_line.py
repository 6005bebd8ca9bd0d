# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _needs_draft_assembly_order(self):
        """Make none for a cart: most of them are left behind."""
        return not self.order_id._is_cart() and super()._needs_draft_assembly_order()

    def _reserve_at_once(self):
        """Hold nothing for a cart: whoever fills one would take it from who pays."""
        quotations = self.filtered(lambda line: not line.order_id._is_cart())
        return super(SaleOrderLine, quotations)._reserve_at_once()

    def _is_assembled_in_shop(self):
        """Whether what the shop sells on this line is assembled by its policy.

        What Odoo makes or buys for each order needs neither stock nor assembly.
        """
        self.ensure_one()
        by_route = (
            self.assembly_policy == "assemble_missing"
            and self._is_replenished_on_order()
        )
        return bool(self.assembly_bom_id) and not by_route

    def _get_stock_to_decide(self):
        """Add what orders of the shop are to be assembled of, by no order yet."""
        stock = super()._get_stock_to_decide()
        for order, lines in self.grouped("order_id").items():
            if order.website_id and order.state in ("draft", "sent"):
                stock |= {
                    (product_id, warehouse_id)
                    for warehouse_id, product_id in lines._get_places_of_shop()
                }
        return stock

    def _get_places_of_shop(self):
        """Where these lines of one cart take from: {(id of warehouse, of product)}"""
        warehouse = self.order_id._get_shop_warehouse()
        products = self.product_id.filtered(lambda product: product.type == "consu")
        # sudo: visitors of the shop see no bills; nothing of them is told
        offers = products.sudo()._get_offers(warehouse)
        return {
            place for offer in offers.values() for place in (offer.place, *offer.needs)
        }
