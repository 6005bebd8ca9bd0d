# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _free_reservation(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        ml_ids_to_ignore=None,
    ):
        """Tell the line that loses assembled units: scrapped, unbuilt, taken away.

        Odoo would have its delivery wait for other stock under the old label. A
        quotation that loses what it held is told as well.
        """
        bound = self._get_bound_moves(product_id, location_id)
        holds = self._get_losing_holds(product_id, location_id)
        held = {move: move._get_held_quantity() for move in bound | holds}
        losing = self.with_context(ato_losing_moves=bound.ids, ato_holds_lose=True)
        res = super(StockMoveLine, losing)._free_reservation(
            product_id,
            location_id,
            quantity,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            ml_ids_to_ignore=ml_ids_to_ignore,
        )
        for move in bound:
            move._lose_assembled_units(held[move] - move._get_held_quantity())
        for hold in holds:
            hold._lose_held_units(held[hold] - hold._get_held_quantity())
        return res

    def _apply_putaway_strategy(self):
        """Bring what is, or is to be, assembled to order to the bin that is set for it.

        Putaway rules of that bin apply.
        """
        res = super()._apply_putaway_strategy()
        if self.env.context.get("avoid_putaway_rules"):
            return res
        for move, lines in self.grouped("move_id").items():
            location = move and move._get_bin_on_arrival().with_env(self.env)
            for line in lines if location else ():
                line.location_dest_id = location._get_putaway_strategy(
                    line.product_id, quantity=line.quantity_product_uom
                )
        return res

    def _get_bound_moves(self, product_id, location_id):
        """Deliveries that hold assembled units of `product_id` in `location_id`."""
        # sudo: whoever moves goods, the line that loses them is to be told
        lines = self.sudo().search(
            [
                ("product_id", "=", product_id.id),
                ("location_id", "=", location_id.id),
                ("move_id.ato_supply", "=", "assembly"),
                ("move_id.production_id", "=", False),
                ("state", "not in", ("done", "cancel")),
                ("picked", "=", False),
                ("id", "not in", self.ids),
            ]
        )
        return lines.move_id

    def _get_losing_holds(self, product_id, location_id):
        """Quotations' holds of `product_id` in `location_id`."""
        # sudo: whoever moves goods, the quotation that loses them is to be told
        lines = self.sudo().search(
            [
                ("product_id", "=", product_id.id),
                ("location_id", "=", location_id.id),
                ("move_id.ato_hold_line_id", "!=", False),
            ]
        )
        return lines.move_id
