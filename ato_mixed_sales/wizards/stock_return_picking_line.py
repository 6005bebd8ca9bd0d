# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    ato_supply = fields.Selection(
        related="move_id.ato_supply",
        related_sudo=False,
        string="Source",
        help="Where the units that left came from; what comes back is ordinary stock.",
    )

    def _prepare_move_default_values(self, new_picking):
        """What comes back is ordinary stock, and leaves again as such."""
        values = super()._prepare_move_default_values(new_picking)
        values["ato_supply"] = False
        return values
