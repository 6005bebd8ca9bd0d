# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..sellable import Asked

# So long somebody who pays elsewhere is waited for, before others may buy it.
MINUTES_TO_PAY = 30


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        carts = self.browse()
        if vals.get("state") == "sent":
            carts = self.filtered(lambda order: order._is_cart())
        res = super().write(vals)
        # quotations hold from the beginning, a cart from when it is one
        lines = carts.order_line
        lines.filtered(lambda o: o.qty_to_assemble_to_order > 0)._reserve_at_once()
        return res

    def _is_cart(self):
        """Whether the order is a cart of the web shop, that nobody has sent or paid."""
        return bool(self.website_id) and self.state == "draft"

    def _get_shop_warehouse(self):
        """Where the order is delivered from, and so where it is looked for stock.

        Odoo counts stock of all warehouses where the website has none: an order is
        delivered from one, and assembled for it there.
        """
        self.ensure_one()
        chosen = self.env["stock.warehouse"].browse(self._get_shop_warehouse_id())
        return chosen or self.warehouse_id

    def _get_free_qty(self, product):
        """What can be sold of it: from stock, and as many as can be assembled."""
        free = super()._get_free_qty(product)
        warehouse = self._get_shop_warehouse()
        if not (product and warehouse):
            return free
        return product._get_share_of_shop(free, warehouse, self).total

    def _get_unavailable_quantity_from_kits(self, product):
        """Nothing: kits of the cart count in `_get_free_qty`, as all others do."""
        return 0.0

    def _get_shop_units(self, but=()):
        """What lines ask for and do not hold, in the units of their products: Asked

        :param but: products that are left out
        """
        asked = Asked(defaultdict(float), defaultdict(float))
        # sudo: visitors do not see what is held; only a sum of it counts
        for line in self.sudo().order_line:
            if line.product_id.type == "consu" and line.product_id not in but:
                parts = line._get_part_units()
                held = line._get_holds()._get_held_units()
                units = asked.one_source if line._takes_one_source() else asked.mixed
                units[line.product_id.id] += max(sum(parts) - held, 0.0)
        return asked

    def _takes_one_source(self, product):
        """Whether the customer takes all of `product` from stock, or all assembled."""
        if not self:
            return False
        line = self.env["sale.order.line"].new(
            {"order_id": self.id, "product_id": product.id}
        )
        return line._takes_one_source()

    @api.model
    def _get_paying_orders(self, warehouse):
        """Orders of the web shop that are being paid, or wait for their payment.

        They are sold, and not confirmed yet: nothing is reserved for them.
        """
        since = fields.Datetime.now() - timedelta(minutes=MINUTES_TO_PAY)
        started = Domain("state", "=", "draft") & Domain("create_date", ">=", since)
        paid = Domain("state", "in", ("pending", "authorized", "done"))
        return self.search(
            Domain("website_id", "!=", False)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("warehouse_id", "=", warehouse.id)
            & Domain("transaction_ids", "any", started | paid)
        )

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kw):
        self.env["product.product"].invalidate_model(["shop_supply"])
        return super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kw
        )

    def _check_cart_is_ready_to_be_paid(self):
        """Decide alone on what is sold, from here until the payment is noted."""
        checked = self.order_line.filtered(
            lambda line: line.product_id.is_storable
            and not line.product_id.allow_out_of_stock_order
        )
        if checked:
            self.env["stock.quant"]._sell_alone(checked._get_places_of_shop())
            self.env["product.product"].invalidate_model(["shop_supply"])
        return super()._check_cart_is_ready_to_be_paid()
