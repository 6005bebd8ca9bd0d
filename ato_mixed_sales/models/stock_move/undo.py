# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from typing import Any, NamedTuple

from odoo import models
from odoo.tools import formatLang


class Parcel(NamedTuple):
    """Units of one done move line, on their way back to the shelf."""

    line: Any  # stock.move.line
    units: float  # of the product
    package: Any = None  # stock.package, that they come back into: often none

    @property
    def place(self):
        """Where they were taken from, and lie again: (bin, lot, package, owner)"""
        location, lot, package, owner = self.line._get_place()
        return location, lot, self.package or package.browse(), owner


class Undo(NamedTuple):
    """What is brought back of a shipment, and what becomes of it."""

    moves: Any  # stock.move, by which it has left for the customer
    parcels: list  # as they have left for the customer
    legs: list  # [{transfer: parcels}], one after the other
    shelf: list  # parcels, as they have left the shelf
    apart: dict  # {line: {order: {place: units of the product}}}

    def get_places(self, move):
        """{place: units of the product} on the shelf, of what `move` has brought."""
        places = defaultdict(float)
        for parcel in self.shelf:
            if parcel.line.move_id._get_undo_part() == move._get_undo_part():
                places[parcel.place] += parcel.units
        return places

    def get_apart(self, move):
        """What `move` has brought and is taken apart: {order: {place: units}}"""
        if move.ato_supply != "assembly":
            return {}
        return self.apart.get(move.sale_line_id, {})


class StockMove(models.Model):
    """What has left, and can be brought back as if it had not."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _get_lines_left(self):
        """{move line: units of the product} of done moves, less what came back."""
        left, uncounted = {}, defaultdict(list)
        for line in self._get_done_lines().sorted("id"):
            left[line] = line.quantity_product_uom
            uncounted[line.move_id, line.lot_id].append(line)
        for back in self.returned_move_ids._get_done_lines():
            same = uncounted[back.move_id.origin_returned_move_id, back.lot_id]
            units = back.quantity_product_uom
            for line in sorted(same, key=lambda o, back=back: o._differs_from(back)):
                taken = min(units, left[line])
                left[line] -= taken
                units -= taken
        return {
            line: units
            for line, units in left.items()
            if line.product_id.uom_id.compare(units, 0.0) > 0
        }

    def _get_done_lines(self):
        """Move lines of what is done of these moves."""
        return self.filtered(lambda move: move.state == "done").move_line_ids

    def _get_lines_brought(self):
        """Move lines by which components were brought to the floor for these moves."""
        origins = self.move_orig_ids.filtered(lambda move: not move.production_id)
        return origins._get_done_lines()

    def _get_parcels(self, units, lots):
        """`units` of the product that have left, those of `lots` first: parcels"""
        self.ensure_one()
        left = self._get_lines_left()
        lines = sorted(left, key=lambda line: (line.lot_id not in lots, line.id))
        return self._fill_parcels(lines, left, units)

    def _fill_parcels(self, lines, left, units):
        """Parcels of `units` in all, of `lines` in their order.

        :param left: {move line: units}, changed by what is taken
        """
        parcels = []
        for line in lines:
            taken = min(left[line], units)
            if line.product_id.uom_id.compare(taken, 0.0) > 0:
                parcels.append(Parcel(line, taken))
                left[line] -= taken
                units -= taken
        return parcels

    def _get_parcels_before(self, parcels):
        """What has brought `parcels` to where they left from, one step earlier.

        :return: ([parcels that have left the shelf], [others], [what brought those])
        """
        first, later, before, left = [], [], [], {}
        moves = self.union(*(parcel.line.move_id for parcel in parcels))
        origins = {move: move._get_steps_before() for move in moves}
        for steps in origins.values():
            for line, units in steps._get_lines_left().items():
                left.setdefault(line, units)
        for parcel in parcels:
            steps = origins[parcel.line.move_id]
            (later if steps else first).append(parcel)
            lines = steps._sort_lines_before(parcel.line, left)
            before += self._fill_parcels(lines, left, parcel.units)
        return first, later, before

    def _get_steps_before(self):
        """Done moves that have brought what this one has taken, one step earlier."""
        origins = self.move_orig_ids._get_delivery_steps()
        return origins.filtered(lambda move: move.state == "done")

    def _sort_lines_before(self, line, lines):
        """Those of `lines` of these moves that may have brought what `line` has taken.

        What has brought the very package comes first: others may be there still.
        """
        same = [o for o in lines if o.lot_id == line.lot_id and o.move_id in self]
        return sorted(
            same,
            key=lambda o: (
                o.result_package_id != line.package_id,
                o.location_dest_id != line.location_id,
                o.owner_id != line.owner_id,
            ),
        )

    def _prepare_parcel_vals(self, parcel):
        """A row that brings `parcel` back: the very units, to the very place.

        Of the packages only that of the customer and that of the shelf count: between
        them, the units lie as they come.
        """
        self.ensure_one()
        line, package = parcel.line, parcel.line.result_package_id
        if not line.location_dest_id._is_outgoing():
            package = package.browse()
        return {
            "move_id": self.id,
            "picking_id": self.picking_id.id,
            "product_id": line.product_id.id,
            "product_uom_id": line.product_id.uom_id.id,
            "quantity": parcel.units,
            "lot_id": line.lot_id.id,
            "owner_id": line.owner_id.id,
            "location_id": line.location_dest_id.id,
            "location_dest_id": line.location_id.id,
            "package_id": package.id,
            "result_package_id": parcel.package.id if parcel.package else False,
        }

    def _get_assembled_lots(self):
        """The lots that the shipments of the line have assembled."""
        orders = self.sale_line_id.assembly_order_ids.filtered("ato_shipment_id")
        return orders._get_made_lots()

    def _get_undo_part(self):
        """Of what the move is a part, at each step: (line, source, product)"""
        self.ensure_one()
        return self.sale_line_id, self.ato_supply, self.product_id

    def _describe_undo(self, undo):
        """What of this move comes back, and where to, in words.

        :param undo: Undo
        """
        self.ensure_one()
        left, texts = undo.get_places(self), []
        for order, places in undo.get_apart(self).items():
            quantity = self._format_sold_units(sum(places.values()))
            texts.append(order._describe_taking_apart(quantity))
            for place, units in places.items():
                left[place] -= units
        by_location = defaultdict(float)
        for (location, *_others), units in left.items():
            by_location[location] += units
        for location, units in by_location.items():
            if self.product_id.uom_id.compare(units, 0.0) > 0:
                texts.append(self._describe_coming_back(location, units))
        return "; ".join(texts)

    def _describe_coming_back(self, location, units):
        """Where `units` of the product come back to as they are, in words."""
        figures = {
            "quantity": self._format_sold_units(units),
            "place": location.display_name,
        }
        if self.ato_supply == "assembly":
            return self.env._(
                "%(quantity)s assembled before: wait again in %(place)s", **figures
            )
        if self.ato_supply == "stock":
            return self.env._("%(quantity)s from stock: back to %(place)s", **figures)
        return self.env._("%(quantity)s: back to %(place)s", **figures)

    def _format_sold_units(self, units):
        """`units` of the product as they were sold, for the user."""
        line = self.sale_line_id
        if line.product_id == self.product_id:
            return line._format_line_qty(line._to_line_unit(units))
        figure = formatLang(self.env, units, dp="Product Unit")
        return f"{figure} {self.product_id.uom_id.name}"

    def _get_undo_obstacle(self, undo):
        """Why what is chosen of this move cannot be undone, or nothing.

        A sentence with the way out.

        :param undo: Undo
        """
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "order": self.sale_line_id.order_id.name or self.picking_id.name,
        }
        return (
            self._get_return_obstacle(figures)
            or self._get_lot_obstacle(undo, figures)
            or self._get_by_product_obstacle(undo, figures)
        )

    def _get_return_obstacle(self, figures):
        """What the customer has brought back of it, or is about to.

        What came back is of the stock part; of plain lines, the rest can be undone.
        """
        returns = self.returned_move_ids.filtered(lambda move: move.state != "cancel")
        opened = returns._filter_open()
        if opened:
            return self.env._(
                "%(product)s on %(order)s: %(transfers)s is to bring units back. "
                "Cancel it first.",
                transfers=", ".join(opened.picking_id.mapped("name")),
                **figures,
            )
        returned = returns.filtered(lambda move: not move._is_reversal())
        if returned and self.ato_supply:
            return self.env._(
                "%(product)s on %(order)s: units have been returned by %(transfers)s. "
                "Have the others returned as well.",
                transfers=", ".join(returned.picking_id.mapped("name")),
                **figures,
            )
        return ""

    def _get_lot_obstacle(self, undo, figures):
        """Which lots or serial numbers have gone elsewhere."""
        gone = self._get_lots_gone(undo)
        if not gone:
            return ""
        return self.env._(
            "%(product)s on %(order)s: %(lots)s are not with the customer any more. "
            "Bring them back to where they have left from first, or undo the others "
            "only.",
            lots=", ".join(gone.mapped("name")),
            **figures,
        )

    def _get_lots_gone(self, undo):
        """Lots that are to come back, and are no longer where the move brought them."""
        gone, quants = self.env["stock.lot"], self.env["stock.quant"]
        for parcel in undo.parcels:
            line = parcel.line
            if line.move_id == self and line.lot_id:
                there = quants._gather(
                    line.product_id, line.location_dest_id, lot_id=line.lot_id
                )
                there = there.filtered(lambda q, o=line: q.lot_id == o.lot_id)
                if sum(there.mapped("quantity")) < parcel.units:
                    gone |= line.lot_id
        return gone

    def _get_by_product_obstacle(self, undo, figures):
        """What was made by the way and is not there to be taken apart."""
        taken = {
            order: sum(places.values())
            for order, places in undo.get_apart(self).items()
        }
        by_product = self.env["mrp.production"]._get_lacking_by_product(taken)
        return by_product and self.env._(
            "%(product)s on %(order)s: %(by_product)s, made by the way, is not free in "
            "%(place)s any more. Bring it back there first, or have the units "
            "returned.",
            **figures,
            **by_product,
        )

    def _hold_as_before(self, places, held):
        """Hold the very units that have come back, and not others in their place.

        :param places: {place: units of the product} that have come back
        :param held: {place: units of the product} that were held before that
        """
        wanted = defaultdict(float, held)
        for place, units in places.items():
            wanted[place] += units
        for place, units in wanted.items():
            lacking = units - sum(move._get_held_at(place) for move in self)
            for move in self:
                move._make_room(lacking, wanted)
                lacking -= move._reserve_place(place, max(lacking, 0.0))

    def _make_room(self, units, wanted):
        """Let go of what was reserved elsewhere, for `units` of the product."""
        self.ensure_one()
        lacking = units - self._get_lacking_units()
        for place in {line._get_place() for line in self.move_line_ids}:
            surplus = self._get_held_at(place) - wanted.get(place, 0.0)
            surplus = min(surplus, lacking)
            if self.product_id.uom_id.compare(surplus, 0.0) > 0:
                self._let_go(surplus, place)
                lacking -= surplus
