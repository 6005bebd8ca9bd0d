# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Command


class MrpProduction(models.Model):
    """What was assembled is taken apart again, and is to be made once more."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    ato_shipment_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Assembled with",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Transfer that had this order made at the moment it left. Where that is "
        "undone, what was assembled with it is taken apart again.",
    )

    def _get_units_to_take_apart(self):
        """What the order has made for its line, and nobody has taken apart."""
        self.ensure_one()
        apart = self._get_finished_moves_for_line().returned_move_ids.filtered(
            lambda move: move.unbuild_id and move.state == "done"
        )
        return max(self._get_made_units() - apart._get_procured_units(), 0.0)

    def _get_made_lots(self):
        """The lots and serial numbers of what these orders have made."""
        return self._get_finished_moves_for_line().move_line_ids.lot_id

    def _get_by_products_of(self, units):
        """What was made by the way of `units` of the product: parcels, not back yet."""
        self.ensure_one()
        made, parcels = self._get_produced_units(), []
        for move in self.move_finished_ids.filtered("byproduct_id"):
            left = move._get_lines_left()
            needed = move._get_procured_units() * units / made
            parcels += move._fill_parcels(list(left), left, needed)
        return parcels

    def _get_produced_units(self):
        """All that the order has made, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.qty_produced, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _describe_taking_apart(self, quantity):
        """What becomes of a `quantity`, in words, that is taken apart: in words"""
        self.ensure_one()
        places = self.env["stock.location"].union(
            *(
                (move._get_lines_brought() or move._get_done_lines()).location_id
                for move in self.move_raw_ids
            )
        )
        return self.env._(
            "%(quantity)s assembled: taken apart again by %(assembly_order)s, "
            "components to %(places)s",
            quantity=quantity,
            assembly_order=self.name,
            places=", ".join(places.mapped("display_name")),
        )

    def _take_apart(self, places):
        """Have Odoo's own unbuild take units of a done order apart.

        :param places: {(bin, lot, package, owner): units of the product}
        """
        self.ensure_one()
        self.env["mrp.unbuild"].create(
            self._prepare_unbuild_vals(places)
        ).action_unbuild()

    def _prepare_unbuild_vals(self, places):
        """Values of an unbuild that takes units from `places`, as `_take_apart`."""
        (location, lot, _package, _owner), *_others = places
        return {
            "mo_id": self.id,
            "product_id": self.product_id.id,
            "product_qty": sum(places.values()),
            "product_uom_id": self.product_id.uom_id.id,
            "company_id": self.company_id.id,
            "lot_id": lot.id,
            "location_id": location.id,
            "location_dest_id": self.location_src_id.id,
            "ato_places": [
                [*(record.id for record in place), quantity]
                for place, quantity in places.items()
            ],
        }

    def _take_components_of(self, order):
        """Be made, as a draft, of what `order` was to be made of."""
        self.ensure_one()
        if self._is_made_of_the_same(order):
            return
        factor = self._get_demanded_units() / order._get_demanded_units()
        moves, commands = self.move_raw_ids, []
        for wanted in order.move_raw_ids.filtered(lambda move: move.state != "cancel"):
            key = wanted.product_id, wanted.product_uom
            same = moves.filtered(lambda m, k=key: (m.product_id, m.product_uom) == k)
            same = same[:1]
            moves -= same
            quantity = wanted.product_uom.round(wanted.product_uom_qty * factor)
            if same:
                commands.append(Command.update(same.id, {"product_uom_qty": quantity}))
            else:
                vals = self._get_move_raw_values(
                    wanted.product_id, quantity, wanted.product_uom
                )
                commands.append(Command.create(vals))
        commands += [Command.delete(move.id) for move in moves]
        self._as_step().move_raw_ids = commands

    def _is_made_of_the_same(self, order):
        """Whether one unit is to be made of the same components as of `order`."""
        mine, others = (o._get_components_of_one() for o in (self, order))
        return mine == others

    def _get_components_of_one(self):
        """{(component, unit): quantity for one unit of the product}"""
        self.ensure_one()
        needs, units = {}, self._get_demanded_units()
        for move in self.move_raw_ids.filtered(lambda move: move.state != "cancel"):
            key = move.product_id, move.product_uom
            needs[key] = needs.get(key, 0.0) + move.product_uom_qty
        # no finer than Odoo counts for as many as are made
        return {key: round(quantity / units, 6) for key, quantity in needs.items()}
