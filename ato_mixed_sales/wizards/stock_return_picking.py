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

    ato_is_undo = fields.Boolean(
        string="Undone Shipment",
        groups=fields.NO_ACCESS,
        help="A shipment is undone: this is no return by the customer.",
    )

    def _prepare_picking_default_values_based_on(self, picking):
        """Say in words what brings the units back."""
        values = super()._prepare_picking_default_values_based_on(picking)
        if self.env.su and self.ato_is_undo:
            values["origin"] = self.env._("Undo of %s", picking.name)
        return values

    def _get_proc_values(self, line):
        """What is exchanged, whatever it is exchanged for, is taken from stock."""
        values = super()._get_proc_values(line)
        # sudo: the warehouse exchanges, only how the line is split is read
        sale_line = line.move_id._with_line().sale_line_id
        if sale_line and sale_line._is_split_by_source():
            values["ato_supply"] = "stock"
        return values

    def _create_return(self):
        """Leave what was put back to the step that asks for it again (E7).

        Odoo lets go of all that goes on with a transfer of which a part is returned:
        of mixed lines, what is not returned is held again.

        :raises UserError: with the transfer by which it goes on
        """
        rows = self.product_return_moves.filtered(
            lambda row: row.uom_id.compare(row.quantity, 0.0) > 0
        )
        rows._check_not_asked_again()
        if not self.env.su:
            for row in rows:
                row._check_has_not_come_back()
        res = super()._create_return()
        ahead = self.product_return_moves.move_id.move_dest_ids
        ahead._filter_open().filtered("ato_supply")._action_assign()
        return res

    def _ask_again(self):
        """Ask once more for what was undone, by what Odoo's own exchange asks."""
        rows = self.product_return_moves.filtered(
            lambda row: not row.uom_id.is_zero(row.quantity)
        )
        self.env["stock.rule"].run([row._prepare_again() for row in rows])
