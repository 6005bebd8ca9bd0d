# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models
from odoo.tools import formatLang

from ... import split
from ...private_context import tell

# sources of what is taken from the shelf as it is: plain lines have none
NOT_ASSEMBLED = ("stock", False)


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
                line._let_go_of_undone(sum(places.values()))
                order._take_apart(places)
                line._as_superuser().qty_given_up += sum(places.values())

    def _let_go_of_undone(self, units):
        """Hold no more than what waits without `units`, which are to be taken apart.

        When they came back, Odoo had what still waits for others reserve them.
        """
        self.ensure_one()
        for move in self._get_first_open_moves("assembly"):
            may_hold = max(self._get_assembled_on_shelf(move) - units, 0.0)
            beyond = move._get_held_units() - may_hold
            if self.product_id.uom_id.compare(beyond, 0.0) > 0:
                move._let_go(beyond)

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

    def _get_moves_before_leaving(self):
        """Open moves that hold what is assembled and has not left the shelf."""
        self.ensure_one()
        bound = self._get_storing_moves() | self._get_keeping_moves()
        return bound | self._get_first_open_moves("assembly")

    def _undo_assembly(self, order, waiting):
        """Take apart what `order` has made and waits, and have it made again.

        :param waiting: [(move that holds them, place, units of the product)]
        """
        self.ensure_one()
        before, places = self._get_facts(), defaultdict(float)
        storing = self._get_storing_moves()
        for move, place, units in waiting:
            move._let_go(units, place)
            places[place] += units
        apart = {self: {order: places}}
        self._take_apart(apart)
        self._follow_undo(before, self._get_orders_to_remake(apart))
        for move, _place, units in waiting:
            if move in storing:
                # the order that makes them again stores them itself
                tell(move, ato_step=True)._take_back(units)
        self._get_confirmed_orders().action_assign()
        self._tell_assembly_undone(order, sum(places.values()))

    def _get_gone_assembly(self):
        """Moves by which what is assembled has left the shelf, and is not back."""
        return self.move_ids.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.state == "done"
            and not move.production_id
            and move._get_lines_left()
        )

    def _tell_assembly_undone(self, order, units):
        """Tell in the chatter of both orders what is made again."""
        quantity = self._format_line_qty(self._to_line_unit(units))
        note = self.env._(
            "%(product)s: %(apart)s. They are made again by %(orders)s.",
            product=self.product_id.display_name,
            apart=order._describe_taking_apart(quantity),
            orders=", ".join(self._get_open_assembly_orders().mapped("name")),
        )
        for record in (self.order_id, order):
            record.message_post(body=note)

    def _get_held_by_part(self):
        """What is held on the shelf and is not assembled: {source: {place: units}}"""
        self.ensure_one()
        return {
            supply: self._get_first_rows(supply)._get_held_places()
            for supply in NOT_ASSEMBLED
        }

    def _get_first_rows(self, supply):
        """Open moves of the product itself, from the shelf: of kits there are none."""
        moves = self._get_first_open_moves(supply)
        return moves.filtered(lambda move: move.product_id == self.product_id)

    def _hold_undone(self, shelf, held):
        """Hold again what came back and is not assembled.

        :param shelf: parcels, as they have left the shelf
        :param held: {source: {place: units of the product}} that were held before that
        """
        self.ensure_one()
        for supply in NOT_ASSEMBLED:
            places, part = defaultdict(float), (self, supply, self.product_id)
            for parcel in shelf:
                if parcel.line.move_id._get_undo_part() == part:
                    places[parcel.place] += parcel.units
            if places:
                self._get_first_rows(supply)._hold_as_before(places, held[supply])

    def _hold_as_usual(self):
        """Hold what later steps wait for, and components of what is made again."""
        later = self.move_ids._filter_open()._get_delivery_steps()
        later.filtered(lambda move: move._is_later_step())._action_assign()
        self._get_confirmed_orders().action_assign()

    def _get_undo_obstacle(self, undo):
        """Why what was delivered and is chosen cannot be undone, or nothing.

        A sentence with the way out.

        :param undo: Undo
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
        return self._get_invoice_obstacle(self._get_undone_quantity(undo), figures)

    def _get_undone_quantity(self, undo):
        """What is not delivered any more, in the unit of the line; of kits, the most.

        :param undo: Undo
        """
        self.ensure_one()
        units = defaultdict(float)
        for parcel in undo.parcels:
            move = parcel.line.move_id
            if move.sale_line_id == self:
                units[move.product_id] += parcel.units
        if set(units) == {self.product_id}:
            return self._to_line_unit(units[self.product_id])
        gone = self.move_ids.filtered(lambda move: move._is_outgoing())
        shares = []
        for product, back in units.items():
            left = gone.filtered(lambda m, p=product: m.product_id == p)
            shares.append(back / sum(left._get_lines_left().values()))
        return self.qty_delivered * max(shares)

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
