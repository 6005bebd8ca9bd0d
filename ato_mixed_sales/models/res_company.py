# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    assembly_order_creation = fields.Selection(
        selection=[
            ("quotation", "With the quotation"),
            ("confirmation", "At confirmation"),
        ],
        default="quotation",
        required=True,
        help="When the assembly order of a sales order line is created.\n"
        "With the quotation: a draft order follows the line from its first save, so "
        "that its components can be changed for the customer.\n"
        "At confirmation: only when the sales order is confirmed.",
    )
    reserve_stock_at_once = fields.Boolean(
        help="Reserve what is free for the stock part of a sales order line whenever "
        "its split between stock and assembly changes, on quotations too.",
    )
    uncovered_confirmation = fields.Selection(
        selection=[
            ("nothing", "Confirm without a word"),
            ("warn", "Ask before confirming"),
            ("refuse", "Refuse to confirm"),
        ],
        default="warn",
        required=True,
        help="What happens when a sales order is confirmed of which some quantity is "
        "covered neither by stock nor by assembly on its delivery date.\n"
        "Ask before confirming: the form shows the lines and what can be done; who "
        "confirms all the same is told so in the chatter.\n"
        "Refuse to confirm: it has to be assembled, taken out, or delivered later. "
        "What a customer signs or pays online is confirmed all the same.",
    )

    ready_mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Mail When Ready",
        domain=[("model", "=", "sale.order")],
        help="Sent to the customer when all of an order, or of a line of it that is "
        "assembled and may leave by itself, is ready to leave. No mail is sent when "
        "empty.",
    )

    def write(self, vals):
        res = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["stock.warehouse"]._forget_days_off()
        return res
