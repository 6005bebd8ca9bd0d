# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import fields, models


class Rows(list):
    """Values of several rows, where Odoo takes those of one, and adds its owner.

    Each of them has its own.
    """

    def __setitem__(self, name, value):
        return None if name == "owner_id" else super().__setitem__(name, value)


class MrpUnbuild(models.Model):
    """Taking apart what a shipment, that is undone, has assembled.

    Odoo's own unbuild takes units of one lot from one place, and knows nothing of what
    other unbuilds of the order have brought back. Here it takes the very units, and
    brings the components that are not back yet to where they came from.
    """

    _name = "mrp.unbuild"
    _inherit = ["ato.guarded.mixin", "mrp.unbuild"]
    _guarded_fields = frozenset({"ato_places"})

    ato_places = fields.Json(
        string="Taken from",
        copy=False,
        readonly=True,
        help="Where the units lay that a shipment, which was undone, had assembled: "
        "rows of location, lot, package, owner, by ids, and units of the product.",
    )

    def write(self, vals):
        """:raises AccessError: when a user says where units are taken from"""
        if not self.env.su:
            self._check_guarded(vals)
        return super().write(vals)

    def _generate_consume_moves(self):
        moves = super()._generate_consume_moves()
        for unbuild in self.filtered("ato_places"):
            own = moves.filtered(lambda move, o=unbuild: move.unbuild_id == o)
            unbuild._take_from_places(
                own.filtered(lambda move, o=unbuild: move.product_id == o.product_id)
            )
        return moves

    def _take_from_places(self, move):
        """Have `move` take the very units that are taken apart."""
        self.ensure_one()
        for location, lot, package, owner, units in self.ato_places:
            self.env["stock.move.line"].create(
                {
                    "move_id": move.id,
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_id.uom_id.id,
                    "quantity": units,
                    "location_id": location,
                    "location_dest_id": move.location_dest_id.id,
                    "lot_id": lot,
                    "package_id": package,
                    "owner_id": owner,
                }
            )

    def _generate_move_from_existing_move(
        self, move, factor, location_id, location_dest_id
    ):
        """By-products are taken from where they were put."""
        if self.ato_places and move.byproduct_id:
            location_id = move.location_dest_id
        return super()._generate_move_from_existing_move(
            move, factor, location_id, location_dest_id
        )

    def _prepare_move_line_vals(self, move, origin_move_line, taken_quantity):
        """All that is to come back of a component, at once, in place of one row.

        What other unbuilds of the order have brought back is not brought twice.
        """
        if not self.ato_places:
            return super()._prepare_move_line_vals(
                move, origin_move_line, taken_quantity
            )
        rows = Rows()
        if not move.move_line_ids:
            for line, units, place in self._get_parts_back(move):
                vals = super()._prepare_move_line_vals(move, line, units)
                vals["product_uom_id"] = move.product_id.uom_id.id
                rows.append({**vals, **place})
        return rows

    def _get_parts_back(self, move):
        """What of a component, or of what was made by the way, is to be taken back.

        :return: [(line of what the order used or made, units of the product,
            values that say where it comes back to, or is taken from)]
        """
        parts, wanted = [], move.product_qty
        brought = self._get_shelf_left(move)
        for line, left in move.origin_returned_move_id._get_lines_left().items():
            taken = min(wanted, left)
            if move.product_id.uom_id.compare(taken, 0.0) > 0:
                wanted -= taken
                places = self._get_former_places(line, taken, brought)
                parts += [(line, units, place) for units, place in places]
        return parts

    def _get_shelf_left(self, move):
        """{(bin, lot): units} that were brought to the floor for the order, less what
        is back there.
        """
        original = move.origin_returned_move_id
        brought = defaultdict(float)
        for line in original._get_lines_brought():
            brought[line.location_id, line.lot_id] += line.quantity_product_uom
        for line in (original.returned_move_ids - move)._get_done_lines():
            brought[line.location_dest_id, line.lot_id] -= line.quantity_product_uom
        return brought

    def _get_former_places(self, line, units, brought):
        """Where `units` that an order has used come back to, and by-products are taken.

        :param brought: as `_get_shelf_left` has them, changed by what comes back
        :return: [(units of the product, values of a row)]
        """
        if line.move_id.byproduct_id:
            place = {
                "location_id": line.location_dest_id.id,
                "package_id": line.result_package_id.id,
                "owner_id": line.owner_id.id,
            }
            return [(units, place)]
        places = defaultdict(float)
        for location, lot in list(brought):
            taken = max(min(units, brought[location, lot]), 0.0)
            if lot == line.lot_id:
                places[location] += taken
                brought[location, lot] -= taken
                units -= taken
        # nothing was brought, or more was used than was
        shelf = line.move_id._get_lines_brought() or line
        places[shelf.location_id[:1]] += units
        return [
            (units, {"location_dest_id": location.id, "owner_id": line.owner_id.id})
            for location, units in places.items()
            if line.product_id.uom_id.compare(units, 0.0) > 0
        ]
