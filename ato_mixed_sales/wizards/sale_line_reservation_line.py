# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..sent import Quantity, check_one

PLACE = ("location_id", "lot_id", "package_id", "owner_id")


class SaleLineReservationLine(models.TransientModel):
    """Units of one bin, lot, package and owner. Figures are in the product's unit."""

    _name = "sale.line.reservation.line"
    _inherit = "assembly.dialog"
    _description = "Stock that can be reserved for a sales order line"
    _source_path = "reservation_id"

    reservation_id = fields.Many2one(
        comodel_name="sale.line.reservation",
        required=True,
        index=True,
        ondelete="cascade",
        help="Dialog to which the row belongs.",
    )
    quant_id = fields.Many2one(
        comodel_name="stock.quant",
        string="Stock",
        readonly=True,
        ondelete="cascade",
        help="Units in stock that the row stands for.",
    )
    location_id = fields.Many2one(
        comodel_name="stock.location",
        readonly=True,
        ondelete="cascade",
        help="Bin in which the units are.",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        ondelete="cascade",
        help="Lot or serial number of the units.",
    )
    package_id = fields.Many2one(
        comodel_name="stock.package",
        readonly=True,
        ondelete="cascade",
        help="Package in which the units are.",
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        ondelete="cascade",
        help="Owner of the units, where it is noted: your own company.",
    )
    product_uom_id = fields.Many2one(
        string="Unit",
        related="reservation_id.product_uom_id",
        help="Unit of the product, in which its stock is kept.",
    )
    on_hand_qty = fields.Float(
        string="On Hand",
        digits="Product Unit",
        compute="_compute_figures",
        help="What is there, in the unit of the product.",
    )
    reserved_other_qty = fields.Float(
        string="Held by Others",
        digits="Product Unit",
        compute="_compute_figures",
        help="What others hold there, in the unit of the product.",
    )
    available_qty = fields.Float(
        string="Free",
        digits="Product Unit",
        compute="_compute_figures",
        help="What is free there, in the unit of the product.",
    )
    reserved_qty = fields.Float(
        string="Held for This Line",
        digits="Product Unit",
        compute="_compute_figures",
        help="What is held there for this line already, in the unit of the product.",
    )
    qty_to_reserve = Quantity(
        string="To Reserve",
        digits="Product Unit",
        help="What is to be held there for this line, in addition to what is held "
        "already, in the unit of the product.",
    )

    def _check_may_name(self, field, records):
        """Whoever may read stock may read where it is, lots included."""
        if field.name in PLACE and not records.has_access("read"):
            quants = self.env["stock.quant"].search([(field.name, "in", records.ids)])
            # sudo: only what the stock that the user may read is in
            records -= quants.sudo()[field.name].sudo(False)
        return super()._check_may_name(field, records)

    @api.constrains("reservation_id", "quant_id", *PLACE)
    def _check_row(self):
        """:raises ValidationError: when another row stands for the same place"""
        self.reservation_id._check_rows()

    def _get_place(self):
        """Where the units are: as the stock says, where there still is some."""
        self.ensure_one()
        # sudo: the place of stock that the user was shown
        if quant := self.quant_id.sudo():
            return tuple(part.with_env(self.env) for part in quant._get_place())
        return tuple(self[name] for name in PLACE)

    @api.depends("quant_id", "reservation_id.sale_line_id.reserved_stock_qty")
    def _compute_figures(self):
        for wizard, rows in self.grouped("reservation_id").items():
            line = wizard._get_sale_line()
            places, held = line._get_stock_places(), line._get_held_places()
            for row in rows:
                place = row._get_place()
                stock, lines = places.get(place), held.get(place)
                own = sum(lines.mapped("quantity_product_uom")) if lines else 0.0
                row.reserved_qty = own
                row.on_hand_qty = stock.on_hand if stock else own
                row.available_qty = stock.free if stock else 0.0
                others = row.on_hand_qty - row.available_qty - own
                row.reserved_other_qty = max(others, 0.0)

    def action_cancel_reservation(self):
        """Let go of what is held there for the line (R62).

        :return: the dialog, with what is free now
        :raises UserError: when nothing is held there that could be let go
        """
        check_one(self)
        line = self.reservation_id._get_sale_line()
        line._let_go_place(self._get_place())
        return line.action_open_reservation()
