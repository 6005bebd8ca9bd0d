# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    assembly_order_creation = fields.Selection(
        related="company_id.assembly_order_creation",
        readonly=False,
    )
    reserve_stock_at_once = fields.Boolean(
        related="company_id.reserve_stock_at_once",
        readonly=False,
    )
    uncovered_confirmation = fields.Selection(
        related="company_id.uncovered_confirmation",
        readonly=False,
    )
    ready_mail_template_id = fields.Many2one(
        related="company_id.ready_mail_template_id",
        readonly=False,
    )
