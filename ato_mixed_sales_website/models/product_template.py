# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.ato_mixed_sales import split


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_additionnal_combination_info(
        self, product_or_template, quantity, uom, date, website
    ):
        """Say what of it is in stock, and when what is assembled is ready."""
        info = super()._get_additionnal_combination_info(
            product_or_template, quantity, uom, date, website
        )
        if "free_qty" in info and product_or_template.is_product_variant:
            share, days = website._get_share_and_days(product_or_template)
            if share and share.assembled and info["free_qty"] > info["cart_qty"]:
                in_stock = product_or_template.uom_id._compute_quantity(
                    share.from_stock, uom, round=False
                )
                in_stock = max(split.round_down(in_stock, 1.0) - info["cart_qty"], 0.0)
                info["stock_qty"] = in_stock
                info["assembly_message"] = self._get_assembly_message(
                    in_stock, uom, days
                )
        return info

    def _get_assembly_message(self, in_stock, uom, days):
        """What the page of a product says where more of it can be assembled.

        :param in_stock: whole units of `uom`
        :param days: until more is ready
        """
        if in_stock <= 0:
            if days <= 0:
                return self.env._("Available today")
            if days == 1:
                return self.env._("Available in 1 day")
            return self.env._("Available in %(days)s days", days=days)
        quantity = f"{in_stock:g}"
        if uom != self.env.ref("uom.product_uom_unit", raise_if_not_found=False):
            quantity = f"{quantity} {uom.name}"
        if days <= 0:
            return self.env._("%(quantity)s in stock, more today", quantity=quantity)
        if days == 1:
            return self.env._("%(quantity)s in stock, more in 1 day", quantity=quantity)
        return self.env._(
            "%(quantity)s in stock, more in %(days)s days", quantity=quantity, days=days
        )
