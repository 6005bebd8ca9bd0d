# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request

from ..turns import TURNS, get_lines_to_decide, take_turn


class IrHttp(models.AbstractModel):
    """Requests that decide on the same stock take turns, see `turns`."""

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        take_turn(cls._get_lines_to_decide())
        return super()._dispatch(endpoint)

    @classmethod
    def _get_lines_to_decide(cls):
        """Lines on whose stock the request is about to decide: none of most."""
        model, method, ids = cls._get_called()
        # other routes call by these names whatever they like
        if not (isinstance(model, str) and isinstance(method, str)):
            return None
        _path, methods = TURNS.get(model, ("", ()))
        if method not in methods or not isinstance(ids, list):
            return None
        records = request.env[model].browse(i for i in ids if type(i) is int)
        return get_lines_to_decide(records)

    @classmethod
    def _get_called(cls):
        """What the web client, or the external API, calls: (model, method, ids)"""
        params = request.params
        if "__model__" in params:
            return params["__model__"], params.get("__method__"), params.get("ids")
        args = params.get("args")
        ids = args[0] if isinstance(args, list) and args else None
        return params.get("model"), params.get("method"), ids
