# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...reading import get_columns

# What lies in a warehouse and is held by nobody, and what is asked for there and not
# held: `taking` is each move that `product.product` counts as such, `place` the sums.
PLACES = """
    taking AS MATERIALIZED (
        SELECT move.id, move.warehouse_id, move.product_id,
               GREATEST(CASE WHEN move.product_uom = template.uom_id
                             THEN move.product_qty::float8 - move.quantity::float8
                             ELSE move.product_qty::float8 + %(step)s
                                  - move.quantity::float8 * unit.factor::float8
                                  / own.factor::float8 END, 0) AS units
          FROM (%(moves)s) AS move (
               id, warehouse_id, product_id, product_uom, product_qty, quantity)
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN uom_uom own ON own.id = template.uom_id
    ),
    place AS MATERIALIZED (
        SELECT warehouse_id, product_id, SUM(free) AS free, SUM(units) AS taken
          FROM (
               SELECT warehouse_id, product_id, free, 0 FROM (%(quants)s) AS quant (
                      warehouse_id, product_id, free)
                UNION ALL
               SELECT warehouse_id, product_id, 0, units FROM taking
               ) AS part (warehouse_id, product_id, free, units)
         GROUP BY warehouse_id, product_id
    )
"""


class SaleOrderLine(models.Model):
    """What lies free where and is asked for there, counted by the database.

    By what the figures of products count, warehouse by warehouse.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_places_counted(self, warehouses, step):
        """SQL of `taking` and `place`, for a query that goes on with them.

        :param warehouses: as from `_get_all_warehouses`
        :param step: SQL of what rounding may add to a quantity
        """
        moves, quants = self._get_moves(warehouses), self._get_quants(warehouses)
        return SQL(PLACES, moves=moves, quants=quants, step=step)

    @api.model
    def _get_moves(self, warehouses):
        """Moves that take what is free, as the figures of products count them."""
        products, moves = self._get_all_products(), self.env["stock.move"]
        return self._select_by_warehouse(
            warehouses,
            moves,
            lambda warehouse: products._get_flows(warehouse, Domain.TRUE).free_out,
            *("id", "warehouse_id"),
            *("product_id", "product_uom", "product_qty", "quantity"),
        )

    @api.model
    def _get_quants(self, warehouses):
        """What is free, as the figures of products count it."""
        products, quants = self._get_all_products(), self.env["stock.quant"]
        return self._select_by_warehouse(
            warehouses,
            quants,
            lambda warehouse: products._get_salable_domain(warehouse)
            & products._get_flows(warehouse, Domain.TRUE).located,
            *("warehouse_id", "product_id", "free"),
        )

    @api.model
    def _get_all_warehouses(self):
        """Archived ones too: lines of any may be among those that are looked for."""
        warehouses = self._get_all_products().env["stock.warehouse"]
        return warehouses.search_fetch(Domain.TRUE, get_columns(warehouses))

    @api.model
    def _get_all_products(self):
        products = self._with_documents().env["product.product"]
        return products.with_context(active_test=False)

    @api.model
    def _select_by_warehouse(self, warehouses, model, get_domain, *columns):
        """Rows of `model` in each of the warehouses, with the warehouse: SQL

        :param get_domain: what says which of them count in a warehouse
        """
        records = model.with_env(self._get_all_products().env)
        found = []
        for warehouse in warehouses:
            query = records._search(get_domain(warehouse))
            names = {
                "warehouse_id": SQL("%s", warehouse.id),
                "free": SQL("quantity::float8 - reserved_quantity::float8"),
            }
            query.order = None
            found.append(
                query.select(
                    *(
                        names.get(name) or SQL.identifier(query.table, name)
                        for name in columns
                    )
                )
            )
        return SQL(" UNION ALL ").join(found)
