# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Public holidays; what one person takes off is nobody else's day off."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._forget_days_off()
        return leaves

    def write(self, vals):
        self._forget_days_off()
        res = super().write(vals)
        self._forget_days_off()
        return res

    def unlink(self):
        self._forget_days_off()
        return super().unlink()

    def _forget_days_off(self):
        if any(not leave.resource_id for leave in self):
            self.env["stock.warehouse"]._forget_days_off()
