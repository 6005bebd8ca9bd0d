# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is in the tables, read by plain SQL."""

from odoo.tools import SQL

MOVE = "SELECT id FROM stock_move WHERE product_id = ANY(%(products)s)"
# everything that a step may change: {table: condition}
CONCERNED = {
    "sale_order": "id = %(order)s",
    "sale_order_line": "order_id = %(order)s",
    "mrp_production": "product_id = ANY(%(products)s)",
    "stock_move": "product_id = ANY(%(products)s)",
    "stock_move_line": "product_id = ANY(%(products)s)",
    "stock_move_move_rel": f"move_orig_id IN ({MOVE})",
    "stock_picking": "id IN (SELECT picking_id FROM stock_move"
    " WHERE product_id = ANY(%(products)s))",
    "stock_quant": "product_id = ANY(%(products)s)",
    "stock_lot": "product_id = ANY(%(products)s)",
    "stock_scrap": "product_id = ANY(%(products)s)",
    "mail_activity": "res_model = 'sale.order' AND res_id = %(order)s",
    "mail_message": "model = 'sale.order' AND res_id = %(order)s",
    "stock_warehouse": "id = %(warehouse)s",
}
# what a neighbour has, whoever touches the row: {name: statement}
OWNED = {
    "lines": "SELECT id, product_uom_qty, qty_to_assemble_to_order, qty_delivered"
    " FROM sale_order_line WHERE order_id = %(order)s",
    "moves": "SELECT id, state, product_uom_qty, quantity, ato_supply, picking_id"
    " FROM stock_move WHERE sale_line_id IN"
    " (SELECT id FROM sale_order_line WHERE order_id = %(order)s)",
    "held": "SELECT ml.id, ml.quantity, ml.lot_id, ml.location_id"
    " FROM stock_move_line ml JOIN stock_move m ON m.id = ml.move_id"
    " JOIN sale_order_line l ON l.id = m.sale_line_id WHERE l.order_id = %(order)s",
    "orders": "SELECT id, state, product_qty FROM mrp_production WHERE"
    " ato_sale_line_id IN (SELECT id FROM sale_order_line WHERE order_id = %(order)s)",
}


def read_concerned(env, **ids):
    """A mark of every byte that a step may change: {table: mark}"""
    return _read(
        env,
        {
            table: "SELECT md5(string_agg(row, ',')) FROM (SELECT t::text AS row"
            f" FROM {table} t WHERE {condition} ORDER BY 1) rows"
            for table, condition in CONCERNED.items()
        },
        ids,
    )


def read_owned(env, **ids):
    """What another order has: {name: text}"""
    return _read(
        env,
        {
            name: f"SELECT string_agg(o::text, ' ' ORDER BY o.id) FROM ({statement}) o"
            for name, statement in OWNED.items()
        },
        ids,
    )


def _read(env, statements, ids):
    env.flush_all()
    columns = ", ".join(f"({statement})" for statement in statements.values())
    [row] = env.execute_query(SQL(f"SELECT {columns}", **ids))
    return dict(zip(statements, row, strict=True))
