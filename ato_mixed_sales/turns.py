# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who decides on the same stock takes turns, and none is turned away.

PostgreSQL refuses a transaction that has read, and then wants to change, what somebody
else has changed meanwhile. Odoo runs it again up to five times, and sleeps in between;
where many want the same stock, that is not enough for some, and long for all. To wait
before anything is read costs nothing but the wait.
"""

import functools

from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from .snapshot import waits_to_be_written

# What decides on stock when a client calls it: {model: (where its lines of orders are,
# methods)}. Whatever else decides on it, Odoo runs again when need be.
TURNS = {
    "sale.order": (
        "order_line",
        {
            "action_assemble_all_missing",
            "action_cancel",
            "action_confirm",
            "action_reserve_all_stock",
            "action_take_all_from_stock",
        },
    ),
    "sale.order.line": (
        "",
        {
            "action_assemble_missing",
            "action_reserve_stock",
            "action_take_from_stock",
            "action_unreserve_stock",
        },
    ),
    "stock.picking": (
        "move_ids.sale_line_id",
        {
            "action_assign",
            "action_cancel",
            "action_undo_assembly_shipment",
            "button_validate",
            "do_unreserve",
        },
    ),
    "assembly.shipment": ("picking_id.move_ids.sale_line_id", {"action_ship"}),
    "assembly.undo": ("picking_id.move_ids.sale_line_id", {"action_undo"}),
    "sale.line.reservation": ("sale_line_id", {"action_reserve"}),
    "mrp.production": (
        "ato_sale_line_id",
        {
            "action_assign",
            "action_cancel",
            "action_confirm",
            "action_undo_assembly",
            "button_mark_done",
        },
    ),
}


def get_lines_to_decide(records):
    """Lines on whose stock `records` are about to decide, None where nobody waits.

    :param records: of a model of `TURNS`; some may be gone
    """
    # who may not change them is refused by what is called, and waits for nobody
    records = records.exists()
    if not records or not records.has_access("write"):
        return None
    path, _methods = TURNS[records._name]
    # sudo: which stock it is, of which nothing is told
    return records.sudo().mapped(path)


def take_turn(lines):
    """Wait for others that decide on the stock of these lines.

    To be called before anything is done: the transaction begins anew.

    :param lines: of orders, or None
    """
    if lines:
        lines.env["stock.quant"]._take_turn(lines._get_stock_to_decide())


def in_turn(method):
    """Have a method of `TURNS` take its turn where nothing has been done before.

    That is what a job, or the external API, calls first of all. Of a request of the
    web client something has been read by then, see `ir.http`.
    """

    @functools.wraps(method)
    def taking_turn(self, *args, **kwargs):
        if _has_not_begun(self.env):
            take_turn(get_lines_to_decide(self))
        return method(self, *args, **kwargs)

    return taking_turn


def _has_not_begun(env):
    """Whether the transaction has asked the database for nothing, and nothing waits."""
    status = env.cr.connection.info.transaction_status
    return status == TRANSACTION_STATUS_IDLE and not waits_to_be_written(env)
