# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

BEGINS_TO_PAY = ("/shop/payment/transaction/", "/shop/payment/validate")
HAS_PAID = "/payment/status/poll"


class IrHttp(models.AbstractModel):
    """Customers that pay for the same products take turns, as salespeople do."""

    _inherit = "ir.http"

    @classmethod
    def _get_lines_to_decide(cls):
        if lines := super()._get_lines_to_decide():
            return lines
        path = request.httprequest.path
        if path == HAS_PAID:
            return cls._get_lines_that_are_paid()
        is_paying = any(route in path for route in BEGINS_TO_PAY)
        cart = getattr(request, "cart", None) if is_paying else None
        return cart.order_line if cart else None

    @classmethod
    def _get_lines_that_are_paid(cls):
        """Lines of the order that Odoo confirms, if its payment has come."""
        payment_id = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY)
        # sudo: the payment that the server has noted for this visitor; none is told
        payment = request.env["payment.transaction"].sudo().browse(payment_id).exists()
        return None if payment.is_post_processed else payment.sale_order_ids.order_line
