# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models


class StockMove(models.Model):
    """Units that somebody moves while they are held: they stay whose they are."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _follow_units(self, taken, place, quantity):
        """Go on holding units that are at another place of the warehouse now.

        :param taken: the `stock.move.line` that has brought them there
        :param place: (bin, lot, package, owner) where they are held
        :param quantity: how many have left, in the product's unit
        :return: how many of them nobody has followed
        """
        if taken.move_id._is_for_somebody():
            return quantity
        _bin, lot, _package, owner = place
        target = taken.location_dest_id, lot, taken.result_package_id, owner
        for move in self.filtered(lambda move: move._can_follow_to(target[0])):
            moved = min(quantity, move._get_held_at(place), move._get_free_at(target))
            if move.product_id.uom_id.compare(moved, 0.0) > 0:
                move._let_go(moved, place)
                if move._is_behind_shelf(target[0]):
                    move._go_back_to_shelf(moved)
                    quantity -= moved
                    continue
                quantity -= move._reserve_place(target, moved)
        return quantity

    def _is_for_somebody(self):
        """Whether the move brings units on their way to a customer, or to be used up.

        Else it only stores them at another place.
        """
        self.ensure_one()
        return bool(
            self.sale_line_id
            or self.move_dest_ids
            or self.raw_material_production_id
            or (self.location_final_id or self.location_dest_id)._is_outgoing()
        )

    def _can_follow_to(self, location):
        """Whether what is held can be taken from `location` just as well.

        What is made for a line is its own anywhere in the warehouse. What is held in
        stock is taken from where its delivery takes it.
        """
        self.ensure_one()
        if location.should_bypass_reservation():
            return False
        if self.ato_supply == "assembly":
            return location.warehouse_id == self.location_id.warehouse_id
        if self._is_behind_shelf(location):
            return True
        return location._child_of(self.location_id)

    def _is_behind_shelf(self, location):
        """Whether the move goes on with what was taken from the shelf at `location`."""
        self.ensure_one()
        if not self._is_later_step():
            return False
        shelf = self.sale_line_id._get_shelf_stage().location_id
        return any(map(location._child_of, shelf))

    def _get_held_at(self, place):
        """What the move holds at one place, picked units left out."""
        self.ensure_one()
        lines = self._get_lines_to_let_go(place)
        return sum(lines.mapped("quantity_product_uom"))

    def _get_free_at(self, place):
        """What nobody holds at one place: (bin, lot, package, owner)"""
        self.ensure_one()
        quants = self.env["stock.quant"]
        free = quants._get_available_quantity(self.product_id, *place, strict=True)
        return max(free, 0.0)

    def _get_held_places(self):
        """{place: units of the product} that the moves hold."""
        held = defaultdict(float)
        for line in self.move_line_ids:
            held[line._get_place()] += line.quantity_product_uom
        return held

    def _find_moved_units(self, available, limit):
        """Offer what was moved since it was made: where it is, not where it was.

        :param available: {place: quantity}, where made units were brought to
        :param limit: how many the move may have, what it holds among them
        :return: the same, of what is there, no more than `limit` in all
        """
        self.ensure_one()
        # Odoo takes off what the move holds, place by place
        found = self._get_held_places()
        held, limit = dict(found), limit - sum(found.values())
        for place, quantity in available.items():
            there = quantity - held.get(place, 0.0), self._get_free_at(place)
            limit -= self._find_more(found, place, min(*there, limit))
        if self.product_id.uom_id.compare(limit, 0.0) > 0:
            lots = self.move_orig_ids.move_line_ids.lot_id
            for place, free in self._get_free_places(lots).items():
                # where made units were brought to, others may have come back to
                offered = found[place] - held.get(place, 0.0)
                limit -= self._find_more(found, place, min(free - offered, limit))
        return {place: quantity for place, quantity in found.items() if quantity > 0}

    @api.model
    def _find_more(self, found, place, units):
        """Add `units` at `place` to what is `found`: how many were added"""
        units = max(units, 0.0)
        found[place] += units
        return units

    def _get_free_places(self, lots):
        """Where units lie free that the move can take: {place: quantity}

        :param lots: stock.lot to take, any unless there are some
        """
        self.ensure_one()
        places = self.env["stock.quant"]._get_places_for_sale(
            self.product_id,
            self.location_id,
            self.sale_line_id._get_owners_for_sale(),
            self.date,
        )
        return {
            place: stock.free
            for place, stock in places.items()
            if stock.free and (not lots or place[1] in lots)
        }
