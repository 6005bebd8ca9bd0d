# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models
from odoo.tools import formatLang

from ... import split


class SaleOrderLine(models.Model):
    """What of a line comes back when a shipment is undone, and is asked for again."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_undone_assembly(self, shelf, shipments):
        """What `shipments` have assembled of what comes back.

        :param shelf: parcels, as they have left the shelf
        :return: {line: {order: {place: units of the product}}}
        """
        apart = {line: {} for line in self}
        for line in self:
            orders = line.assembly_order_ids.filtered(
                lambda order: order.state == "done"
                and order.ato_shipment_id in shipments
            )
            left = {order: order._get_units_to_take_apart() for order in orders}
            for parcel in shelf:
                move = parcel.line.move_id
                if (move.sale_line_id, move.ato_supply) == (line, "assembly"):
                    line._share_parcel(parcel, left, apart[line])
        return apart

    def _share_parcel(self, parcel, left, apart):
        """Have orders that made the units of `parcel` take them apart.

        :param left: {order: units that it has made and nobody took apart}
        :param apart: {order: {place: units}}, to which they are added
        """
        units, lot = parcel.units, parcel.line.lot_id
        for order in left:
            taken = min(units, left[order])
            if lot and lot not in order._get_made_lots():
                continue
            if self.product_id.uom_id.compare(taken, 0.0) > 0:
                places = apart.setdefault(order, defaultdict(float))
                places[parcel.place] += taken
                left[order] -= taken
                units -= taken

    def _take_apart(self, apart):
        """Take apart, and count as assembled no more.

        :param apart: {line: {order: {place: units of the product}}}
        """
        for line, orders in apart.items():
            for order, places in orders.items():
                order._take_apart(places)
                line._as_superuser().qty_given_up += sum(places.values())

    def _get_orders_to_remake(self, apart):
        """What was taken apart, of orders that no other one can make more for.

        :param apart: {line: {order: {place: units of the product}}}
        :return: {line: tuple of split.Order}
        """
        undone = {}
        for line, orders in apart.items():
            fresh = line._get_open_assembly_orders().filtered(
                lambda order: order._has_not_started()
            )
            undone[line] = tuple(
                split.Order(order, sum(places.values()))
                for order, places in orders.items()
                if not any(order._is_made_of_the_same(other) for other in fresh)
            )
        return undone

    def _hold_undone(self, shelf, held):
        """Hold again what came back for the stock part, and components.

        :param shelf: parcels, as they have left the shelf
        :param held: {place: units of the product} that were held before that
        """
        self.ensure_one()
        places = defaultdict(float)
        for parcel in shelf:
            move = parcel.line.move_id
            if (move.sale_line_id, move.ato_supply) == (self, "stock"):
                places[parcel.place] += parcel.units
        self._get_first_open_moves("stock")._hold_as_before(places, held)
        later = self.move_ids._filter_open()._get_delivery_steps()
        later.filtered(lambda move: move._is_later_step())._action_assign()
        self._get_confirmed_orders().action_assign()

    def _get_undo_obstacle(self, units):
        """Why `units` of the product that were delivered cannot be undone, or nothing.

        A sentence with the way out.
        """
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "order": self.order_id.name,
        }
        if self.state != "sale":
            return self.env._(
                "%(product)s: %(order)s is no confirmed order any more. Have the units "
                "returned, or confirm the order again.",
                **figures,
            )
        return self._get_invoice_obstacle(self._to_line_unit(units), figures)

    def _get_invoice_obstacle(self, quantity, figures):
        """What is invoiced, and is not delivered any more without `quantity`."""
        stays = self.qty_delivered - quantity
        beyond = self.qty_invoiced_posted - max(stays, 0.0)
        if self.product_uom_id.compare(beyond, 0.0) <= 0:
            return ""
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s %(uom)s are invoiced that would "
            "not be delivered any more. Credit them first.",
            quantity=formatLang(self.env, beyond, dp="Product Unit"),
            uom=self.product_uom_id.name,
            **figures,
        )
