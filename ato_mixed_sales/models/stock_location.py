# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _is_shelf(self):
        """Whether a warehouse keeps its stock here: no step of a delivery ends here."""
        self.ensure_one()
        shelf = self.warehouse_id.lot_stock_id
        return bool(shelf) and self._child_of(shelf)
