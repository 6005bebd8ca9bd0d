# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class StockBackorderConfirmation(models.TransientModel):
    _inherit = "stock.backorder.confirmation"

    ato_to_assemble = fields.Text(
        string="Still to Be Assembled",
        compute="_compute_ato_to_assemble",
        help="What of the transfers is left because nobody has assembled it yet.",
    )

    @api.depends("pick_ids")
    def _compute_ato_to_assemble(self):
        for confirmation in self:
            # a client may name any transfer
            pickings = confirmation.pick_ids._origin._filtered_access("read")
            sentences = pickings.move_ids._get_to_assemble_sentences()
            confirmation.ato_to_assemble = "\n".join(sentences)
