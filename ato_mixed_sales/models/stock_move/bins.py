# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import models

from ...reserving import RESERVING


class StockMove(models.Model):
    """The bins that units are brought to, and taken from."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _compute_location_dest_id(self):
        """By-products stay out of the bin of what is assembled to order."""
        res = super()._compute_location_dest_id()
        for move in self:
            order = move.production_id
            if order.ato_sale_line_id and move.product_id != order.product_id:
                move.location_dest_id = order._get_by_product_location()
        return res

    def _update_reserved_quantity(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        """Take the stock part from the bin chosen on its line first, then elsewhere.

        No other lot than the one that is chosen there.
        """
        reserve = super()._update_reserved_quantity
        if reserving := self.env.cr.postcommit.data.get(RESERVING):
            reserve = partial(reserving.take, reserve)
        chosen, is_component = None, bool(self.raw_material_production_id)
        if not (strict or is_component) and (line := self._get_supplied_stock_part()):
            chosen = line._has_chosen_bin() and line.bin_location_id.with_env(self.env)
            if self.ato_supply == "stock" or line._takes_one_lot():
                if reserving and self.product_id.tracking == "lot":
                    reserving.make()  # it may be the one that the line holds already
                lot_id = lot_id or line._get_chosen_lot().with_env(self.env)
        place = {"lot_id": lot_id, "package_id": package_id, "owner_id": owner_id}
        taken = 0.0
        if chosen and chosen != location_id and chosen._child_of(location_id):
            taken = reserve(need, chosen, strict=False, **place)
        if taken and self.product_id.uom_id.compare(taken, need) >= 0:
            return taken
        return taken + reserve(need - taken, location_id, strict=strict, **place)

    def _get_supplied_stock_part(self):
        """The line of which the move delivers, or holds, what is taken from stock."""
        self.ensure_one()
        move = self._with_line()
        if self.ato_supply == "assembly":
            return move.sale_line_id.browse()
        return move.sale_line_id or move.ato_hold_line_id

    def _prefer_bin(self, location):
        """Hold in `location` what is held elsewhere, as far as it is free there."""
        self.ensure_one()
        outside = self.move_line_ids.filtered(
            lambda line: not line.picked and not line.location_id._child_of(location)
        )
        free = self.env["stock.quant"]._get_available_quantity(
            self.product_id, location
        )
        held = sum(outside.mapped("quantity_product_uom"))
        if self.product_id.uom_id.compare(min(held, free), 0.0) > 0:
            outside.unlink()
            self._update_reserved_quantity(held, self.location_id, strict=False)
            self._recompute_state()

    def _get_bin_on_arrival(self):
        """The bin that a transfer brings assembled units, or their components, to.

        Where they come straight from the floor, or are taken from the shelf, the
        assembly order itself says so.
        """
        self.ensure_one()
        move = self._with_line()
        warehouse = move.location_dest_id.warehouse_id
        if move.ato_supply == "assembly" and not move.production_id:
            line = move.move_dest_ids.sale_line_id[:1]
            if (
                line.warehouse_id == warehouse
                and move.location_dest_id == warehouse.lot_stock_id
            ):
                return line._get_output_bin()
        orders = move.move_dest_ids.raw_material_production_id
        if (
            orders
            and all(order.ato_sale_line_id for order in orders)
            and move.location_dest_id == orders.location_src_id
        ):
            return warehouse._get_assembly_bin("to_assembly_location_id")
        return self.env["stock.location"]
