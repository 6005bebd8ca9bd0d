# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..private_context import sanitized, tell
from ..sent import check_one


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
        """{move: units of the product} that have left and are not back."""
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move.ato_supply and move.sale_line_id
        )
        moves = moves.filtered(lambda move: move.location_dest_id._is_outgoing())
        left = {move: sum(move._get_lines_left().values()) for move in moves}
        return {move: units for move, units in left.items() if units}

    def action_undo_assembly_shipment(self):
        """Bring back all that a done delivery has brought, as if it had not left.

        What it has assembled is taken apart again; what was made before waits again;
        the order lines ask for both parts once more. Other products of the transfer
        stay delivered.

        :return: the action that opens the delivery that is open again
        :raises AccessError: for whoever may not ship
        :raises UserError: with the reason and the way out; nothing is changed then
        """
        check_one(self)
        self.check_access("write")
        # Odoo lets every salesperson write on transfers
        self.env["assembly.shipment"].check_access("create")
        shipment = sanitized(self)._with_moves_to_undo()
        shipment.move_ids._lock_stock()
        units = shipment._get_units_to_undo()
        shipment._check_can_be_undone(units)
        undone = shipment._undo(units)
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "view_mode": "form",
            "res_id": undone.id,
        }

    def _with_moves_to_undo(self):
        """The transfer, with the documents of sellers and planners behind it.

        sudo: whoever may ship may undo it; what was assembled is the planner's, and the
        lines are the seller's. Nothing that a client sent comes along.
        """
        return self.sudo()

    def _undo(self, units):
        """Bring back, take apart, ask again.

        :param units: {move: units of the product}
        :return: the transfer that asks for them again
        """
        self.ensure_one()
        lines = self.move_ids.browse().union(*units).sale_line_id
        before = lines._filter_fulfilled()._get_facts()
        held = {
            line: line._get_first_open_moves("stock")._get_held_places()
            for line in lines
        }
        legs, shelf = self._get_way_back(units)
        apart = lines._get_undone_assembly(
            shelf, self.union(*(picking for leg in legs for picking in leg))
        )
        for leg in legs:
            for picking, parcels in leg.items():
                picking._bring_back(parcels)
        lines._take_apart(apart)
        lines._follow_undo(before, lines._get_orders_to_remake(apart))
        for line in lines:
            line._hold_undone(shelf, held[line])
        self._tell_undone(units, apart)
        opened = lines.move_ids._filter_open()
        opened = opened.filtered("ato_supply").picking_id.sorted("id")
        return opened[-1:] or self

    def _get_way_back(self, units):
        """Which transfers bring the units back, one after the other, and from where.

        :param units: {move: units of the product}
        :return: ([{transfer: parcels}], parcels as they have left the shelf)
        :raises UserError: when the way of some of them is not known
        """
        moves, legs, shelf = self.move_ids.browse(), [], []
        parcels = [
            parcel
            for move, quantity in units.items()
            for parcel in move._get_parcels(quantity, move._get_assembled_lots())
        ]
        while parcels:
            leg = defaultdict(list)
            for parcel in parcels:
                leg[parcel.line.picking_id].append(parcel)
            legs.append(leg)
            first, parcels = moves._get_parcels_before(parcels)
            shelf += first
        self._check_way_is_known(shelf, sum(units.values()))
        return legs, shelf

    def _check_way_is_known(self, shelf, units):
        """:raises UserError: when less than `units` of the product are found"""
        # of whatever unit: a thousandth is none of any
        if sum(parcel.units for parcel in shelf) < units - 0.001:
            raise UserError(
                self.env._(
                    "%(transfer)s: where some of its units have come from is not known "
                    "any more. Return them to the shelf by hand.",
                    transfer=self.name,
                )
            )

    def _bring_back(self, parcels):
        """Return `parcels` by Odoo's own return, to where they were taken from."""
        self.ensure_one()
        wanted = defaultdict(float)
        for parcel in parcels:
            wanted[parcel.line.move_id] += parcel.units
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": self.id, "ato_is_undo": True}
        )
        for row in wizard.product_return_moves:
            row.quantity = row.move_id._from_product_units(wanted[row.move_id])
        back = wizard._create_return()
        back.move_ids.move_line_ids.unlink()
        by_origin = {move.origin_returned_move_id: move for move in back.move_ids}
        for parcel in parcels:
            by_origin[parcel.line.move_id]._take_parcel(parcel)
        back.move_ids.picked = True
        # not by the transfer: what is back is nobody else's to reserve
        tell(back.move_ids, ato_step=True)._action_done()
        back.date_done = fields.Datetime.now()

    def _tell_undone(self, units, apart):
        """Tell in the chatter of orders and transfer what is back, and where.

        :param units: {move: units of the product}
        :param apart: {line: {order: {place: units of the product}}}
        """
        notes = defaultdict(list)
        for line, left in self._get_units_by_line(units).items():
            notes[line.order_id].append(self._get_undo_note(line, left, apart[line]))
        for order, texts in notes.items():
            for record in (order, self):
                record.message_post(body=Markup("<br/>").join(texts))

    def _get_undo_note(self, line, units, apart):
        """What of a line is back, in words.

        :param apart: {order: {place: units of the product}}
        """
        taken = sum(sum(places.values()) for places in apart.values())
        return self.env._(
            "%(transfer)s was undone: %(units)s %(uom)s of %(product)s are back, "
            "%(apart)s of them were taken apart (%(orders)s).",
            transfer=self.name,
            units=formatLang(self.env, units, dp="Product Unit"),
            apart=formatLang(self.env, taken, dp="Product Unit"),
            uom=line.product_id.uom_id.name,
            product=line.product_id.display_name,
            orders=", ".join(order.name for order in apart)
            or self.env._("no assembly order"),
        )

    def _get_units_by_line(self, units):
        """{order line: units of the product}, of {move: units}"""
        by_line = defaultdict(float)
        for move, left in units.items():
            by_line[move.sale_line_id] += left
        return by_line

    # What keeps a shipment from being undone

    def _check_can_be_undone(self, units):
        """:raises UserError: with every obstacle, and the way out"""
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
        obstacles = [
            record._get_undo_obstacle(left)
            for by_record in (units, self._get_units_by_line(units))
            for record, left in by_record.items()
        ]
        if any(obstacles):
            raise UserError("\n".join(filter(None, obstacles)))
