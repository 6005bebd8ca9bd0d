# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...private_context import sanitized, tell
from ...sent import check_one
from ...turns import in_turn
from ..stock_move.undo import Undo


class StockPicking(models.Model):
    """A shipment is undone, with what it has assembled (R111 to R113, R143).

    A reversal is no return: each part of a line is as it was before the shipment.
    """

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    is_undoable_shipment = fields.Boolean(
        compute="_compute_is_undoable_shipment",
        compute_sudo=True,
        help="This transfer has delivered units of sales order lines that are partly "
        "assembled to order, and they are not back.",
    )

    @api.depends("state", "move_ids.ato_supply", "move_ids.returned_move_ids.state")
    def _compute_is_undoable_shipment(self):
        for picking in self:
            picking.is_undoable_shipment = bool(picking._get_units_to_undo())

    def _get_units_to_undo(self):
        """{move: units of the product} that have left and are not back.

        Of all products, where some of them are partly assembled to order.
        """
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id._is_outgoing()
        )
        if not any(move.ato_supply and move.sale_line_id for move in moves):
            return {}
        left = {move: sum(move._get_lines_left().values()) for move in moves}
        return {move: units for move, units in left.items() if units}

    def action_open_assembly_undo(self):
        """Open the dialog that chooses what of a done delivery is undone.

        :raises AccessError: for whoever may not ship
        :raises UserError: when nothing has left that could be undone
        """
        check_one(self)
        self._check_may_undo()
        shipment = sanitized(self)._with_moves_to_undo()
        shipment._check_has_units_to_undo(shipment._get_units_to_undo())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo %s", self.name),
            "res_model": "assembly.undo",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }

    @in_turn
    def action_undo_assembly_shipment(self):
        """Bring back all that a done delivery has brought, as if it had not left.

        What it has assembled is taken apart again; what was made before waits again;
        the order lines ask for both parts once more, and for what is never assembled.

        :return: the action that opens the delivery that is open again
        :raises AccessError: for whoever may not ship
        :raises UserError: with the reason and the way out; nothing is changed then
        """
        check_one(self)
        self._check_may_undo()
        shipment = sanitized(self)._with_moves_to_undo()
        shipment.move_ids._lock_stock()
        return shipment._undo_chosen(
            {
                move: (units, move._get_assembled_lots())
                for move, units in shipment._get_units_to_undo().items()
            }
        )

    def _check_may_undo(self):
        """:raises AccessError: for whoever may not ship"""
        self.check_access("write")
        # Odoo lets every salesperson write on transfers
        self.env["assembly.undo"].check_access("create")

    def _with_moves_to_undo(self):
        """The transfer, with the documents of sellers and planners behind it.

        sudo: whoever may ship may undo it; what was assembled is the planner's, and the
        lines are the seller's. Nothing that a client sent comes along.
        """
        return self.sudo()

    def _undo_chosen(self, chosen):
        """Undo what was chosen of the transfer, all of it or nothing.

        :param chosen: {move: (units of the product, stock.lot that come back first)}
        :return: the action that opens the delivery that is open again
        :raises UserError: with the reason and the way out; nothing is changed then
        """
        self.ensure_one()
        self.move_ids._lock_stock()
        self._check_has_units_to_undo(chosen)
        undo = self._plan_undo(chosen)
        if obstacles := self._get_undo_obstacles(undo):
            raise UserError("\n".join(obstacles))
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self._undo(undo).id,
        }

    def _plan_undo(self, chosen):
        """What comes back, by which way, and what of it is taken apart: Undo

        :param chosen: {move: (units of the product, stock.lot that come back first)}
        """
        parcels = [
            parcel
            for move, (units, lots) in chosen.items()
            for parcel in move._get_parcels(units, lots)
        ]
        legs, shelf = self._get_way_back(parcels)
        transfers = self.union(*(picking for leg in legs for picking in leg))
        moves = self.move_ids.browse().union(*(p.line.move_id for p in parcels))
        lines = moves.filtered("ato_supply").sale_line_id
        apart = lines._get_undone_assembly(shelf, transfers)
        return Undo(moves, parcels, legs, shelf, apart)

    def _undo(self, undo):
        """Bring back, take apart, ask again: the transfer that asks for it now"""
        sold = undo.moves.sale_line_id
        mixed = undo.moves.filtered("ato_supply").sale_line_id
        before = mixed._filter_fulfilled()._get_facts()
        held = {line: line._get_held_by_part() for line in sold}
        for leg in undo.legs:
            for picking, parcels in leg.items():
                picking._bring_back(parcels)
        mixed._take_apart(undo.apart)
        mixed._follow_undo(before, mixed._get_orders_to_remake(undo.apart))
        self._ask_for_plain(undo)
        for line in sold:
            line._hold_undone(undo.shelf, held[line])
        sold._hold_as_usual()
        self._tell_undone(undo)
        opened = sold.move_ids._filter_open()._get_delivery_steps()
        return opened.picking_id.sorted("id")[-1:] or self

    def _ask_for_plain(self, undo):
        """Ask once more for what was never assembled."""
        plain = [p for p in undo.parcels if not p.line.move_id.ato_supply]
        if plain:
            self._prepare_return(plain)._ask_again()

    def _get_way_back(self, parcels):
        """Which transfers bring the parcels back, one after the other, and from where.

        :return: ([{transfer: parcels}], parcels as they have left the shelf)
        """
        moves, legs, shelf = self.move_ids.browse(), [], []
        taken, packages = self._count_by_quant(parcels), {}
        while parcels:
            first, later, parcels = moves._get_parcels_before(parcels)
            first = [self._pack_again(parcel, taken, packages) for parcel in first]
            shelf += first
            leg = defaultdict(list)
            for parcel in first + later:
                leg[parcel.line.picking_id].append(parcel)
            legs.append(leg)
        return legs, shelf

    def _count_by_quant(self, parcels):
        """{(product, *place): units} that `parcels` take from where they are now."""
        units = defaultdict(float)
        for parcel in parcels:
            line = parcel.line
            units[(line.product_id, *line._get_place_now())] += parcel.units
        return units

    def _pack_again(self, parcel, taken, packages):
        """`parcel`, in the package that it was taken out of, unless that is elsewhere.

        Odoo has no package lie in two places.

        :param taken: units by what tells quants apart, as `_count_by_quant`
        :param packages: {package: where it is to lie}, to which it is added
        """
        package, place = parcel.line.package_id, parcel.line.location_id
        if not package:
            return parcel
        if package not in packages:
            packages[package] = package.quant_ids._get_bins_without(taken) or place
        if packages[package] != place:
            return parcel
        return parcel._replace(package=package)

    def _prepare_return(self, parcels):
        """Odoo's own return of `parcels`, which nobody has made yet."""
        self.ensure_one()
        wanted = defaultdict(float)
        for parcel in parcels:
            wanted[parcel.line.move_id] += parcel.units
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": self.id, "ato_is_undo": True}
        )
        for row in wizard.product_return_moves:
            row.quantity = row.move_id._from_product_units(wanted[row.move_id])
        return wizard

    def _bring_back(self, parcels):
        """Return `parcels` by Odoo's own return, to where they were taken from."""
        back = self._prepare_return(parcels)._create_return()
        back.move_ids.move_line_ids.unlink()
        by_origin = {move.origin_returned_move_id: move for move in back.move_ids}
        self.env["stock.move.line"].create(
            [by_origin[p.line.move_id]._prepare_parcel_vals(p) for p in parcels]
        )
        back.move_ids.picked = True
        # not by the transfer: what is back is nobody else's to reserve
        tell(back.move_ids, ato_step=True)._action_done()
        back.date_done = fields.Datetime.now()

    def _tell_undone(self, undo):
        """Tell in the chatter of orders and transfer what is back, and where."""
        notes = defaultdict(list)
        for moves in undo.moves.grouped(lambda move: move._get_undo_part()).values():
            text = moves[0]._describe_undo(undo)
            order = moves.sale_line_id.order_id
            notes[order].append(f"{moves.product_id.display_name}: {text}")
        for order, texts in notes.items():
            title = self.env._("%(transfer)s was undone:", transfer=self.name)
            body = Markup("<br/>").join([title, *texts])
            for record in (order, self) if order else (self,):
                record.message_post(body=body)

    # What keeps a shipment from being undone

    def _check_has_units_to_undo(self, units):
        """:raises UserError: when there are no `units` at all"""
        self.ensure_one()
        if not units:
            raise UserError(
                self.env._(
                    "%(transfer)s has delivered nothing that could be undone: undo the "
                    "last, done, transfer of a delivery that was partly assembled to "
                    "order.",
                    transfer=self.name,
                )
            )

    def _get_undo_obstacles(self, undo):
        """Every obstacle, and the way out, once: a list of sentences"""
        self.ensure_one()
        lines = undo.moves.sale_line_id
        obstacles = [
            *(move._get_undo_obstacle(undo) for move in undo.moves),
            *(line._get_undo_obstacle(undo) for line in lines),
            self._get_unknown_way_obstacle(undo),
        ]
        return list(dict.fromkeys(filter(None, obstacles)))

    def _get_unknown_way_obstacle(self, undo):
        """Whether less has left the shelf, as far as is known, than is to come back"""
        known, wanted = (
            sum(parcel.units for parcel in parcels)
            for parcels in (undo.shelf, undo.parcels)
        )
        # of whatever unit: a thousandth is none of any
        if known >= wanted - 0.001:
            return ""
        return self.env._(
            "%(transfer)s: where some of its units have come from is not known "
            "any more. Return them to the shelf by hand.",
            transfer=self.name,
        )
