# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command


class StockPicking(models.Model):
    _inherit = "stock.picking"

    has_assembly_part = fields.Boolean(
        compute="_compute_has_assembly_part",
        help="Units of this transfer come from assembly orders made for their sales "
        "order.",
    )

    def write(self, vals):
        """Refuse other demand for the rows of a mixed line.

        Only what comes from a form is refused: when it splits, merges or completes
        moves, Odoo writes their demand directly.

        :raises UserError: with a pointer to the order line
        """
        for command in vals.get("move_ids") or ():
            if command[0] == Command.UPDATE and "product_uom_qty" in command[2]:
                move = self.env["stock.move"].browse(command[1])
                move._check_demand_of_line(command[2]["product_uom_qty"])
        return super().write(vals)

    def action_cancel(self):
        """Assemble no more for a delivery that is cancelled."""
        # sudo: the warehouse decides, the documents are the seller's and the planner's
        lines = self.sudo().move_ids._get_open_assembly_demand().sale_line_id
        res = super().action_cancel()
        lines._stop_undelivered_assembly()
        return res

    def _create_backorder(self, backorder_moves=None):
        """Hold assembled units for the rest too, whenever stock is reserved."""
        backorders = super()._create_backorder(backorder_moves=backorder_moves)
        bound = backorders.move_ids._get_open_assembly_demand()
        bound._get_suppliable()._action_assign()
        return backorders

    def do_unreserve(self):
        """Let go of stock, but not of what is bound to its assembly order (R62)."""
        keeping = self.with_context(ato_keep_bound=True)
        return super(StockPicking, keeping).do_unreserve()

    @api.depends("move_ids.ato_supply")
    def _compute_has_assembly_part(self):
        for picking in self:
            picking.has_assembly_part = "assembly" in picking.move_ids.mapped(
                "ato_supply"
            )
