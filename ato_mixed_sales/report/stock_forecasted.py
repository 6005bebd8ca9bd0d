# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_date


class StockForecastedProductProduct(models.AbstractModel):
    _inherit = "stock.forecasted_product_product"

    def _prepare_report_line(
        self,
        quantity,
        move_out=None,
        move_in=None,
        replenishment_filled=True,
        product=False,
        reserved_move=False,
        in_transit=False,
        read=True,
    ):
        """Say of a hold which quotation has it, and until when."""
        line = super()._prepare_report_line(
            quantity,
            move_out=move_out,
            move_in=move_in,
            replenishment_filled=replenishment_filled,
            product=product,
            reserved_move=reserved_move,
            in_transit=in_transit,
            read=read,
        )
        if move_out and move_out._get_holds():
            line["document_out"] = self._prepare_hold_document(move_out)
        return line

    def _prepare_hold_document(self, hold):
        """The quotation of a hold; the hold itself for those who may not read it."""
        document = hold._get_hold_order() or hold
        return {
            "_name": document._name,
            "id": document.id,
            "name": self._get_hold_title(hold._get_hold_order()),
        }

    def _get_hold_title(self, order):
        """:param order: the quotation, empty when the user may not read it"""
        if not order:
            return self.env._("Quotation")
        if not order.validity_date:
            return self.env._("%s (quotation)", order.name)
        return self.env._(
            "%(quotation)s (quotation, until %(date)s)",
            quotation=order.name,
            date=format_date(self.env, order.validity_date),
        )

    def _add_product_quantities(
        self,
        res,
        product_template_ids,
        product_ids,
        var_name,
        qty_in=None,
        qty_out=None,
    ):
        """Count what quotations hold among what leaves, not as a wish besides."""
        qty_in, qty_out = qty_in or {}, qty_out or {}
        if var_name == "draft_sale_qty":
            products = self._get_products(product_template_ids, product_ids)
            held = self._get_held_by_quotations(products)
            qty_out = {
                product: quantity - held.get(product, 0.0)
                for product, quantity in qty_out.items()
            }
        return super()._add_product_quantities(
            res,
            product_template_ids,
            product_ids,
            var_name,
            qty_in=qty_in,
            qty_out=qty_out,
        )

    def _get_held_by_quotations(self, products):
        """{product id: quantity, in its unit, that quotations hold}"""
        domain = [
            ("ato_is_hold", "=", True),
            ("product_id", "in", products.ids),
        ]
        if self.env.context.get("warehouse_id"):
            warehouse = self.env.context["warehouse_id"]
            domain.append(("location_id.warehouse_id", "=", warehouse))
        groups = self.env["stock.move"]._read_group(
            domain, groupby=["product_id"], aggregates=["product_qty:sum"]
        )
        return {product.id: quantity for product, quantity in groups}
