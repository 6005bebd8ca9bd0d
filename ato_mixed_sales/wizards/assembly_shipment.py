# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..private_context import sanitized
from ..sent import check_one
from ..turns import in_turn


class AssemblyShipment(models.TransientModel):
    """Assemble and ship: what leaves now, and how much of it from assembly."""

    _name = "assembly.shipment"
    _inherit = "assembly.dialog"
    _description = "Assemble and Ship"
    _source_path = "picking_id"

    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Delivery, or first step of a delivery, that takes the lines from stock "
        "and from assembly.",
    )
    line_ids = fields.One2many(
        comodel_name="assembly.shipment.line",
        inverse_name="shipment_id",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
        readonly=False,
        help="One row for each order line of the transfer.",
    )
    remarks = fields.Text(
        compute="_compute_remarks",
        compute_sudo=True,
        help="What keeps the quantities from being shipped, or was changed in them.",
    )
    has_tracked_lines = fields.Boolean(
        compute="_compute_has_tracked_lines",
        help="Something that is assembled here has lots or serial numbers.",
    )
    has_other_products = fields.Boolean(
        compute="_compute_has_other_products",
        compute_sudo=True,
        help="Some products of the transfer have no row here: they leave as prepared "
        "on the transfer.",
    )

    @api.depends("picking_id")
    def _compute_line_ids(self):
        for shipment in self:
            shipment.line_ids = [
                Command.clear(),
                *(
                    Command.create({"sale_line_id": line.id})
                    for line in shipment._get_sale_lines()
                ),
            ]

    @api.depends(
        "line_ids.remark", "line_ids.qty_to_ship", "line_ids.qty_from_assembly"
    )
    def _compute_remarks(self):
        for shipment in self:
            remarks = shipment.line_ids.filtered("remark").mapped("remark")
            remarks = remarks or shipment.line_ids._get_shared_shortages()
            shipment.remarks = "\n".join(remarks)

    @api.depends("line_ids.needs_lots")
    def _compute_has_tracked_lines(self):
        for shipment in self:
            shipment.has_tracked_lines = any(shipment.line_ids.mapped("needs_lots"))

    @api.depends("picking_id", "line_ids.sale_line_id")
    def _compute_has_other_products(self):
        for shipment in self:
            shipment.has_other_products = bool(shipment._get_other_moves())

    @api.constrains("picking_id")
    def _check_rows(self):
        """Have each order line of the transfer shipped by one row, and no other line.

        :raises ValidationError: naming the transfer
        """
        for shipment in self:
            lines = shipment.line_ids.mapped(lambda row: row.sale_line_id.id)
            if len(lines) == len(set(lines)) and not (
                shipment.line_ids.sale_line_id - shipment._get_sale_lines()
            ):
                continue
            raise ValidationError(
                shipment.env._(
                    "%(transfer)s: a row stands for no order line of the transfer, or "
                    "for one that has a row already. Open the dialog again.",
                    transfer=shipment.picking_id.name,
                )
            )

    def _get_sale_lines(self):
        """Order lines that leave as such: kits leave as their components."""
        self.ensure_one()
        moves = self.picking_id._get_open_moves()._with_line()
        return moves.sale_line_id.filtered(
            lambda line: all(
                move.product_id == line.product_id
                for move in moves
                if move.sale_line_id == line
            )
        ).sorted()

    def _get_other_moves(self):
        """Open moves of the transfer that no row of the dialog stands for."""
        self.ensure_one()
        lines = self.line_ids.sale_line_id
        return self.picking_id._get_open_moves().filtered(
            lambda move: move._with_line().sale_line_id not in lines
        )

    @in_turn
    def action_ship(self):
        """Assemble what is missing, ship what is asked for, leave the rest open.

        All of it or, where anything is short, nothing: R41 to R53.

        :return: the action to go on with, such as Odoo's own question
        :raises UserError: naming product, needed and available quantity
        """
        check_one(self)
        # the dialog's own default, a transfer that is done soon, is not for new moves
        self = sanitized(self)
        self.picking_id.check_access("write")
        self.picking_id._check_is_assembly_shipment()
        self._check_rows()
        self.picking_id.move_ids._lock_stock()
        rows = self.line_ids.filtered(
            lambda row: row.product_uom_id.compare(row.qty_to_ship, 0.0) > 0
        )
        if not rows:
            raise UserError(
                self.env._(
                    "%(transfer)s: nothing to ship. Enter what leaves now.",
                    transfer=self.picking_id.name,
                )
            )
        rows._assemble()
        self._set_quantities()
        return self._validate_transfer()

    def _set_quantities(self):
        """Have exactly what is asked for leave with the transfer.

        :raises UserError: when units are short
        """
        self.ensure_one()
        moves = self.picking_id._get_open_moves()
        moves.picked = False
        held = {move: move._get_held_units() for move in moves}
        moves._action_assign()
        self.line_ids._share_stock(held)
        shortages = [
            shortage for row in self.line_ids for shortage in row._take_parts()
        ]
        if shortages:
            raise UserError("\n".join(shortages))
        self._get_other_moves().filtered("quantity").picked = True
        self.picking_id.move_line_ids._leave_torn_packages()

    def _validate_transfer(self):
        self.ensure_one()
        result = self.picking_id.with_context(skip_backorder=True).button_validate()
        if isinstance(result, dict):
            return result
        return {"type": "ir.actions.act_window_close"}
