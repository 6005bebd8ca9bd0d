# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request


class Website(models.Model):
    _inherit = "website"

    def _get_product_available_qty(self, product, **kwargs):
        """What can be sold of it: from stock, and as many as can be assembled.

        Beside what other lines of the visitor's cart take; what the cart has of the
        product itself Odoo deducts.
        """
        free = super()._get_product_available_qty(product, **kwargs)
        share = self._get_share_of_shop(product, free)
        return share.total if share else free

    def _get_share_of_shop(self, product, free):
        """What can be sold of `product`, and how: Share, None where nobody delivers."""
        cart = self._get_cart_of_visitor()
        warehouse = self._get_shop_warehouse(cart)
        if not (product and warehouse):
            return None
        return product._get_share_of_shop(free, warehouse, cart)

    def _get_cart_of_visitor(self):
        """The cart of who asks, none where nobody does: in jobs, in the back office."""
        cart = getattr(request, "cart", None) if request else None
        carts = self.env["sale.order"]
        return cart if cart and cart.website_id == self else carts

    def _get_shop_warehouse(self, cart):
        """Where an order of this website is delivered from, `cart` if there is one."""
        self.ensure_one()
        if cart:
            return cart._get_shop_warehouse()
        # sudo: visitors see no warehouses; which one it is, is told nobody
        website = self.sudo()
        order = website.env["sale.order"].new(
            {
                "company_id": website.company_id.id,
                "user_id": website.salesperson_id.id,
                "website_id": website.id,
            }
        )
        return order._get_shop_warehouse()

    def _get_share_and_days(self, product):
        """What can be sold of `product`, and in how many days more is ready.

        :return: (Share, days); (None, None) where nothing is assembled
        """
        # sudo: visitors see no stock; what the page says of it leaves
        product = product.sudo()
        warehouse = self._get_shop_warehouse(self._get_cart_of_visitor())
        days = product._get_days_to_assemble(warehouse) if warehouse else None
        if days is None:
            return None, None
        # what Odoo counts, without what ours adds to it
        free = super()._get_product_available_qty(  # pylint: disable=super-method-mismatch
            product
        )
        return self._get_share_of_shop(product, free), days
