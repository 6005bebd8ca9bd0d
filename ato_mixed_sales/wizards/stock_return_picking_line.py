# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    def _prepare_move_default_values(self, new_picking):
        """What comes back is ordinary stock, and leaves again as such."""
        values = super()._prepare_move_default_values(new_picking)
        values["ato_supply"] = False
        return values
