# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .pos_order_line import SETTLED


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """Have all rows of a settled line together ask for what is left of it.

        Odoo has each of them ask for all of that.
        """
        before = self.env.cr.postcommit.data[SETTLED] = {}
        try:
            data = super().sync_from_ui(orders)
        finally:
            del self.env.cr.postcommit.data[SETTLED]
        sold = self.browse(row["id"] for row in data.get("pos.order", ()))
        sold.lines._get_settled_lines()._share_what_is_left(before)
        return data
