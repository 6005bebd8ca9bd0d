# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ChangeProductionQty(models.TransientModel):
    _inherit = "change.production.qty"

    def change_prod_qty(self):
        """Change the quantity, except of orders that follow a sales order line.

        :raises UserError: with a pointer to the sales order (R37)
        """
        for wizard in self:
            wizard.mo_id._check_owned_by_line({"product_qty": wizard.product_qty})
        return super().change_prod_qty()

    @api.model
    def _need_quantity_propagation(self, move, qty):
        """Ask for more, or less, by the finished move that a linked order has.

        What its deliveries ask for is the line's. Odoo confirms a second move, to be
        merged with the first where both are due at the same time.
        """
        if move.ato_supply == "assembly":
            return False
        return super()._need_quantity_propagation(move, qty)
