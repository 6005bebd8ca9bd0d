# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ReportStockReport_Reception(models.AbstractModel):
    """Odoo's _Allocation_ of what is made, or comes in, to those who wait for it."""

    _inherit = "report.stock.report_reception"

    def action_unassign(self, move_id, qty, in_ids):
        """Leave to a line what is assembled for it (R62).

        :raises UserError: with the way out
        """
        moves = self.env["stock.move"].browse
        moves(move_id)._check_is_not_taken_from(moves(in_ids))
        return super().action_unassign(move_id, qty, in_ids)
