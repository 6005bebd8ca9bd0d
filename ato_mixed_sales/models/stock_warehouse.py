# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _get_assembly_rule(self):
        """The rule by which this warehouse assembles, empty when it does not."""
        self.ensure_one()
        return self.manufacture_pull_id.filtered("active")
