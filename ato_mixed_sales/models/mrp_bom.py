# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.constrains("type", "active", "product_tmpl_id")
    def _check_assembly_policy(self):
        """Keep what is assembled to order able to be assembled (R2).

        :raises ValidationError: when a product assembled to order becomes a kit
            or subcontracted
        """
        self.product_tmpl_id._check_assembly_policy()
