# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    ato_supply = fields.Selection(
        related="move_id.ato_supply",
        related_sudo=False,
        string="Source",
        help="Where the units that left came from; what comes back is ordinary stock.",
    )

    def _check_not_asked_again(self):
        """:raises UserError: with the transfer that asks for what was put back"""
        for move in self.move_id._with_line():
            asking = move._get_steps_that_ask_again()
            if asking:
                raise UserError(
                    self.env._(
                        "%(product)s was put back for %(order)s, and %(transfer)s asks "
                        "for it again: take it by that transfer.",
                        product=move.product_id.display_name,
                        order=asking.sale_line_id.order_id.name,
                        transfer=asking.picking_id[:1].name,
                    )
                )

    def _check_has_not_come_back(self):
        """:raises UserError: when a shipment was undone, whose units are to return"""
        self.ensure_one()
        # sudo: the warehouse returns, only what was undone of its move is read
        move = self.move_id._with_line()
        if not move._get_reversals():  # a row that was added by hand is of no move
            return
        left = sum(move._get_lines_left().values())
        asked = move._to_product_units(self.quantity)
        if move.product_id.uom_id.compare(asked, left) > 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: %(transfer)s was undone, and these "
                    "units are back. No more than %(left)s of them can be returned.",
                    product=move.product_id.display_name,
                    order=move.sale_line_id.order_id.name,
                    transfer=move.picking_id.name,
                    left=formatLang(self.env, left, dp="Product Unit"),
                )
            )

    def _prepare_move_default_values(self, new_picking):
        """What comes back is ordinary stock, and leaves again as such."""
        values = super()._prepare_move_default_values(new_picking)
        values["ato_supply"] = False
        # NO_ACCESS: whoever undoes a shipment is elevated, and told so by no client
        if self.env.su and self.wizard_id.ato_is_undo:
            values.update(self._prepare_reversal_values())
        return values

    def _prepare_reversal_values(self):
        """All the way the units go back the way that they have come."""
        move = self.move_id
        is_back = move.location_dest_id._is_outgoing()
        return {
            "ato_is_undo": is_back,
            # what is only put back inside the warehouse was never delivered
            "to_refund": is_back,
            "location_id": move.location_dest_id.id,
            "location_dest_id": move.location_id.id,
        }

    def _prepare_again(self):
        """The procurement that asks for the units once more: they are there by now."""
        picking = self.wizard_id.picking_id
        return self.env["stock.rule"].Procurement(
            self.product_id,
            self.quantity,
            self.uom_id,
            self.move_id.location_dest_id,
            self.product_id.display_name,
            picking.origin,
            picking.company_id,
            # whatever was made, or bought, for them before
            {**self.wizard_id._get_proc_values(self), "ato_is_made": True},
        )
