# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


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
        chosen = self.env["stock.location"]
        if not strict:
            chosen, lot_id = self._get_chosen_bin(), lot_id or self._get_chosen_lot()
        place = {"lot_id": lot_id, "package_id": package_id, "owner_id": owner_id}
        taken = 0.0
        if chosen and chosen != location_id and chosen._child_of(location_id):
            taken = reserve(need, chosen, strict=False, **place)
        if taken and self.product_id.uom_id.compare(taken, need) >= 0:
            return taken
        return taken + reserve(need - taken, location_id, strict=strict, **place)

    def _get_chosen_bin(self):
        """The bin that somebody chose for the stock part of the line."""
        self.ensure_one()
        move = self._with_line()
        line = move.sale_line_id or move.ato_hold_line_id
        if not line or self.ato_supply == "assembly" or not line._has_chosen_bin():
            return self.env["stock.location"]
        return line.bin_location_id.with_env(self.env)

    def _get_chosen_lot(self):
        """The lot that the stock part of the line is to be taken from, if any is."""
        self.ensure_one()
        line = self._with_line().sale_line_id
        is_from_stock = line and self.ato_supply == "stock"
        return line._get_chosen_lot().with_env(self.env) if is_from_stock else None

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
        to_assembly = warehouse._get_assembly_bin("to_assembly_location_id")
        orders = to_assembly and move.move_dest_ids.raw_material_production_id
        if (
            orders
            and all(order.ato_sale_line_id for order in orders)
            and move.location_dest_id == orders.location_src_id
        ):
            return to_assembly
        return self.env["stock.location"]
