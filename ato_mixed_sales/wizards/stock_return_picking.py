# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    has_assembly_part = fields.Boolean(
        related="picking_id.has_assembly_part",
        related_sudo=False,
        help="Rows are told apart by where their units came from.",
    )

    def _get_proc_values(self, line):
        """What is exchanged, whatever it is exchanged for, is taken from stock."""
        values = super()._get_proc_values(line)
        # sudo: the warehouse exchanges, only how the line is split is read
        sale_line = line.move_id._with_line().sale_line_id
        if sale_line and sale_line._is_split_by_source():
            values["ato_supply"] = "stock"
        return values
