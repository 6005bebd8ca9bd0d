# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _sell_alone(self, places):
        """Have this transaction alone sell what is there, until it ends.

        Who pays changes no stock before the order is confirmed, and PostgreSQL refuses
        a transaction only what has been changed: so the rows are written as they are,
        and who has waited for them runs again, and sees what was sold.

        :param places: {(id of a warehouse, id of a product)}
        """
        if not places:
            return
        warehouse_ids, product_ids = map(set, zip(*places, strict=True))
        products = self.env["product.product"].browse(product_ids)
        warehouses = self.env["stock.warehouse"].browse(warehouse_ids)
        self._lock_stock(products, warehouses)
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_quant SET write_date = write_date
                 WHERE product_id IN %s
                   AND location_id IN (
                       SELECT id FROM stock_location WHERE warehouse_id IN %s
                   )
                """,
                tuple(product_ids),
                tuple(warehouse_ids),
            )
        )
