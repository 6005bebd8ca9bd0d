# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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
        if move.move_line_ids:
            return Rows()
        rows, wanted = Rows(), move.product_uom_qty
        for line, left in self._get_lines_left(move).items():
            taken = min(wanted, left)
            if move.product_uom.compare(taken, 0.0) > 0:
                wanted -= taken
                vals = super()._prepare_move_line_vals(move, line, taken)
                rows.append({**vals, **self._get_former_place(line)})
        return rows

    def _get_lines_left(self, move):
        """{line of what the order used, or made by the way: not taken back yet}

        In the unit of `move`.
        """
        original = move.origin_returned_move_id
        back = {}
        for line in (original.returned_move_ids - move).move_line_ids:
            if line.state == "done":
                units = line.product_uom_id._compute_quantity(
                    line.quantity, move.product_uom, rounding_method="HALF-UP"
                )
                back[line.lot_id] = back.get(line.lot_id, 0.0) + units
        left = {}
        for line in original.move_line_ids:
            taken = min(back.get(line.lot_id, 0.0), line.quantity)
            back[line.lot_id] = back.get(line.lot_id, 0.0) - taken
            left[line] = line.quantity - taken
        return left

    def _get_former_place(self, line):
        """Where what an order has used comes back to, and by-products are taken."""
        if line.move_id.byproduct_id:
            return {
                "location_id": line.location_dest_id.id,
                "package_id": line.result_package_id.id,
                "owner_id": line.owner_id.id,
            }
        # what was brought to the floor for the order goes back to the shelf
        brought = line.move_id.move_orig_ids.filtered(
            lambda move: move.state == "done" and not move.production_id
        )
        place = brought.move_line_ids.location_id[:1] or line.location_id
        return {"location_dest_id": place.id, "owner_id": line.owner_id.id}
