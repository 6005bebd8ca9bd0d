# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class MrpProduction(models.Model):
    """Where what is made comes out: inside the place that its chain takes it from."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _follow_output_place(self):
        """Have what is made come out where a planner wants it, inside its chain.

        :raises UserError: when it was sent anywhere else
        """
        if self._is_step():
            return
        for order in self._get_making():
            order._check_comes_out_in(order.location_dest_id)
            # Odoo leaves the rows of confirmed orders as they were
            made = order._get_linked_finished_moves().move_line_ids
            made._apply_putaway_strategy()

    def _check_output_of_moves(self):
        """:raises UserError: when what is made is sent out of the chain by its moves"""
        for order in self._get_making():
            made = order._get_linked_finished_moves()
            places = made.location_dest_id | made.move_line_ids.location_dest_id
            for place in places:
                if not place._child_of(order.location_dest_id):
                    order._check_comes_out_in(place)

    def _get_making(self):
        """Those of the orders that are linked, and still to make something."""
        return self._get_linked().filtered(
            lambda order: order.state not in ("done", "cancel")
        )

    def _check_comes_out_in(self, place):
        """:raises UserError: naming where what is made can come out instead"""
        self.ensure_one()
        chain = self._get_chain_places()
        if not any(place._child_of(location) for location in chain):
            raise UserError(
                self.env._(
                    "%(assembly_order)s assembles %(product)s for %(order)s: it comes "
                    "out in %(chain)s, where the delivery takes it from, and not in "
                    "%(place)s. Choose a location inside.",
                    assembly_order=self.name,
                    product=self.product_id.display_name,
                    order=self.ato_sale_order_id.name,
                    chain=", ".join(chain.mapped("display_name")),
                    place=place.display_name,
                )
            )

    def _get_chain_places(self):
        """Where the next step takes what is made from, the bin of the line included."""
        self.ensure_one()
        operation = self.picking_type_id
        place = operation.default_location_dest_id
        _source, out = self.ato_sale_line_id._put_in_bins(
            operation.warehouse_id, self.location_src_id, place
        )
        return place | out
