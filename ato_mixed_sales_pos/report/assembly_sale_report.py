# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# below zero: the others have the ids of moves
SETTLED = """
    SELECT
        -sold.id AS id, shop_order.date_order AS date, NULL::integer AS picking_id,
        COALESCE(sold.sale_order_line_id, refunded.sale_order_line_id)
            AS sale_line_id,
        sold.product_id,
        'stock' AS source, FALSE AS is_mixed,
        sold.qty::float8 AS quantity,
        (
            COALESCE(sold.total_cost, 0)
            / COALESCE(NULLIF(shop_order.currency_rate, 0), 1)
        )::float8 AS value
    FROM pos_order_line sold
    JOIN pos_order shop_order ON shop_order.id = sold.order_id
    LEFT JOIN pos_order_line refunded ON refunded.id = sold.refunded_orderline_id
    WHERE shop_order.state NOT IN ('cancel', 'draft')
        AND COALESCE(sold.sale_order_line_id, refunded.sale_order_line_id) IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM stock_picking picking
            WHERE picking.pos_order_id = shop_order.id AND picking.state <> 'done'
        )
"""


class AssemblySaleReport(models.Model):
    _inherit = "assembly.sale.report"

    _depends = {
        "pos.order": ["currency_rate", "date_order", "state"],
        "pos.order.line": [
            *("order_id", "product_id", "qty", "refunded_orderline_id"),
            *("sale_order_line_id", "total_cost"),
        ],
        "stock.picking": ["pos_order_id", "state"],
    }

    @api.model
    def _get_deliveries(self):
        """Add what customers took away at the point of sale, and brought back there.

        It is taken from the shelf, by no move of the line: as Odoo counts it among
        what is delivered.
        """
        return SQL("%s UNION ALL %s", super()._get_deliveries(), SQL(SETTLED))
