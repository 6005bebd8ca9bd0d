# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..private_context import sanitized
from ..sent import check_one
from ..turns import in_turn


class AssemblyUndo(models.TransientModel):
    """What of a done delivery is undone, and where it comes back to (R111 to R113)."""

    _name = "assembly.undo"
    _inherit = "assembly.dialog"
    _description = "Undo Shipment"
    _source_path = "picking_id"

    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Delivery that is undone, or its last step.",
    )
    line_ids = fields.One2many(
        comodel_name="assembly.undo.line",
        inverse_name="undo_id",
        string="Rows",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
        readonly=False,
        help="One row for each source of a product that has left.",
    )
    remarks = fields.Text(
        compute="_compute_remarks",
        compute_sudo=True,
        help="What keeps the quantities from being undone, and the way out.",
    )
    has_lots = fields.Boolean(
        compute="_compute_has_lots",
        help="Something that has left has lots or serial numbers.",
    )

    @api.depends("picking_id")
    def _compute_line_ids(self):
        for undo in self:
            undo.line_ids = [
                Command.clear(),
                *(
                    Command.create({"move_id": move.id})
                    for move in undo._get_shipment()._get_units_to_undo()
                ),
            ]

    @api.depends("line_ids.tracking")
    def _compute_has_lots(self):
        for undo in self:
            tracking = set(undo.line_ids.mapped("tracking"))
            undo.has_lots = bool(tracking - {"none", False})

    @api.depends("line_ids.qty_to_undo", "line_ids.lot_ids")
    def _compute_remarks(self):
        for undo in self:
            undo.remarks = "\n".join(undo._get_obstacles())

    @api.constrains("picking_id")
    def _check_rows(self):
        """Have each row stand for something that has left, and no other do as well.

        :raises ValidationError: naming the transfer
        """
        for undo in self:
            moves = undo.line_ids.mapped(lambda row: row.move_id.id)
            left = undo._get_shipment()._get_units_to_undo()
            if len(moves) == len(set(moves)) and set(moves) <= {m.id for m in left}:
                continue
            raise ValidationError(
                undo.env._(
                    "%(transfer)s: a row stands for nothing that has left, or for what "
                    "has a row already. Open the dialog again.",
                    transfer=undo.picking_id.name,
                )
            )

    def _get_shipment(self):
        """The transfer, with the documents that undoing it concerns."""
        return sanitized(self.picking_id)._with_moves_to_undo()

    def _get_obstacles(self):
        """What keeps the rows from being undone: a list of sentences"""
        self.ensure_one()
        obstacles = [o for row in self.line_ids if (o := row._get_obstacle())]
        if obstacles or not self.picking_id:
            return obstacles
        shipment = self._get_shipment()
        return shipment._get_undo_obstacles(shipment._plan_undo(self._get_chosen()))

    def _get_chosen(self):
        """{move: (units of the product, stock.lot that come back first)}"""
        return {
            row._get_move(): (row._get_units(), row._get_first_lots())
            for row in self.line_ids
            if row._is_chosen()
        }

    @in_turn
    def action_undo(self):
        """Undo what is chosen: all of it or, where anything is in the way, nothing.

        :return: the action that opens the delivery that is open again
        :raises UserError: with the reason and the way out
        """
        check_one(self)
        # the dialog's own default, a transfer, is not for new documents
        self = sanitized(self)
        self.picking_id._check_may_undo()
        shipment = self._get_shipment()
        shipment.move_ids._lock_stock()
        self._check_rows()
        chosen = self._get_chosen()
        if obstacles := [o for row in self.line_ids if (o := row._get_obstacle())]:
            raise UserError("\n".join(obstacles))
        if not chosen:
            raise UserError(
                self.env._(
                    "%(transfer)s: nothing is to be undone. Enter what comes back.",
                    transfer=self.picking_id.name,
                )
            )
        return shipment._undo_chosen(chosen)
