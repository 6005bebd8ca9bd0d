# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request

# What decides on stock when the web client calls it: {model: (where its lines of
# orders are, methods)}. Whatever else decides on it, Odoo runs again when need be.
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


class IrHttp(models.AbstractModel):
    """Requests that decide on the same stock take turns, and none is turned away.

    PostgreSQL refuses a transaction that has read, and then wants to change, what
    somebody else has changed meanwhile. Odoo runs it again up to five times, and
    sleeps in between; where many want the same stock, that is not enough for some. To
    wait before anything is read costs nothing but the wait.
    """

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        if lines := cls._get_lines_to_decide():
            request.env["stock.quant"]._take_turn(lines._get_stock_to_decide())
        return super()._dispatch(endpoint)

    @classmethod
    def _get_lines_to_decide(cls):
        """Lines on whose stock the request is about to decide: none of most."""
        params = request.params
        path, methods = TURNS.get(params.get("model"), ("", ()))
        ids = next(iter(params.get("args") or ()), None)
        if params.get("method") not in methods or not isinstance(ids, list):
            return None
        records = request.env[params["model"]].browse(i for i in ids if type(i) is int)
        # who may not change them is refused by what is called, and waits for nobody
        records = records.exists()
        if not records or not records.has_access("write"):
            return None
        # sudo: which stock it is, of which nothing is told
        return records.sudo().mapped(path)
