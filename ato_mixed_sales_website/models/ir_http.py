# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request

PAYING = ("/shop/payment/transaction/", "/shop/payment/validate")


class IrHttp(models.AbstractModel):
    """Customers that pay for the same products take turns, as salespeople do."""

    _inherit = "ir.http"

    @classmethod
    def _get_lines_to_decide(cls):
        if lines := super()._get_lines_to_decide():
            return lines
        path = request.httprequest.path
        is_paying = any(route in path for route in PAYING)
        cart = getattr(request, "cart", None) if is_paying else None
        return cart.order_line if cart else None
