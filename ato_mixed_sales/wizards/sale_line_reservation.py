# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..sent import check_one
from ..turns import in_turn


class SaleLineReservation(models.TransientModel):
    """The stock that can serve a sales order line, to choose from (R59 to R62)."""

    _name = "sale.line.reservation"
    _inherit = "assembly.dialog"
    _description = "Reserve stock for a sales order line"
    _rec_name = "sale_line_id"
    _source_path = "sale_line_id.order_id"
    _source_operation = "write"

    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Line of a quotation or sales order for whose stock part units are held.",
    )
    product_id = fields.Many2one(
        related="sale_line_id.product_id",
        help="Product of the line.",
    )
    product_uom_id = fields.Many2one(
        string="Unit",
        related="sale_line_id.product_id.uom_id",
        help="Unit of the product, in which its stock is kept: all figures here are "
        "in this unit.",
    )
    needed_qty = fields.Float(
        string="Needed",
        digits="Product Unit",
        compute="_compute_figures",
        help="What is still to be taken from stock for the line, in the unit of the "
        "product.",
    )
    held_qty = fields.Float(
        string="Reserved",
        digits="Product Unit",
        compute="_compute_figures",
        help="What is held for the line already, in the unit of the product.",
    )
    open_qty = fields.Float(
        string="Still Open",
        digits="Product Unit",
        compute="_compute_figures",
        help="What can still be reserved, in the unit of the product: needed less "
        "reserved.",
    )
    short_qty = fields.Float(
        string="Not in Stock",
        digits="Product Unit",
        compute="_compute_figures",
        help="What is still open and free nowhere, in the unit of the product.",
    )
    has_lots = fields.Boolean(
        compute="_compute_has_lots",
        help="The units of some rows have a lot or serial number.",
    )
    has_packages = fields.Boolean(
        compute="_compute_has_lots",
        help="The units of some rows are in a package.",
    )
    line_ids = fields.One2many(
        comodel_name="sale.line.reservation.line",
        inverse_name="reservation_id",
        string="Stock",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        help="Where units are that can serve the line, in the order in which they "
        "would be removed.",
    )

    def _check_may_name(self, field, records):
        """What the warehouse has is for those who may change the line."""
        res = super()._check_may_name(field, records)
        if field.name == "sale_line_id":
            records.order_id.check_access("write")
        return res

    @api.constrains("line_ids")
    def _check_rows(self):
        """:raises ValidationError: when two rows stand for one place"""
        for wizard in self:
            places = [row._get_place() for row in wizard.line_ids]
            if len(places) == len(set(places)):
                continue
            raise ValidationError(
                wizard.env._(
                    "%(product)s on %(order)s: two rows stand for the same stock. Open "
                    "the dialog again.",
                    product=wizard.product_id.display_name,
                    order=wizard.sale_line_id.order_id.name,
                )
            )

    @api.depends("sale_line_id.reserved_stock_qty")
    def _compute_figures(self):
        for wizard in self:
            line = wizard._get_sale_line()
            wizard.needed_qty = line._get_needed_units()
            wizard.held_qty = line._get_held_units()
            wizard.open_qty = line._get_open_units()
            free = sum(stock.free for stock in line._get_stock_places().values())
            wizard.short_qty = max(wizard.open_qty - free, 0.0)

    @api.depends("line_ids.lot_id", "line_ids.package_id")
    def _compute_has_lots(self):
        for wizard in self:
            wizard.has_lots = bool(wizard.line_ids.lot_id)
            wizard.has_packages = bool(wizard.line_ids.package_id)

    @api.depends("sale_line_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *map(Command.create, wizard._prepare_lines()),
            ]

    def _prepare_lines(self):
        """A row for each place; the first free ones are chosen already."""
        line = self._get_sale_line()
        places, lacking, rows = line._get_stock_places(), line._get_open_units(), []
        for place, stock in places.items():
            chosen = min(stock.free, lacking)
            lacking -= chosen
            rows.append((place, stock.quant, chosen))
        for place in line._get_held_places():
            if place not in places:
                rows.append((place, self.env["stock.quant"], 0.0))
        return [
            {
                "quant_id": quant.id,
                "location_id": location.id,
                "lot_id": lot.id,
                "package_id": package.id,
                "owner_id": owner.id,
                "qty_to_reserve": chosen,
            }
            for (location, lot, package, owner), quant, chosen in rows
        ]

    def _get_sale_line(self):
        """The line, for somebody who may change it.

        :raises AccessError: for everybody else: what the warehouse has is not theirs
        :raises UserError: when the dialog is of no line
        """
        if not self.sale_line_id:
            raise UserError(
                self.env._(
                    "Stock is reserved for an order line: open the dialog there."
                )
            )
        self.sale_line_id.order_id.check_access("write")
        return self.sale_line_id

    def _get_action(self):
        """Show the dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Reserve Stock: %(product)s on %(order)s",
                product=self.product_id.display_name,
                order=self.sale_line_id.order_id.name,
            ),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "view_mode": "form",
            "target": "new",
        }

    @in_turn
    def action_reserve(self):
        """Hold what was chosen, row by row (R60).

        :return: a notification that says how much of how much is held
        :raises UserError: when more is chosen than is free there, or than is needed;
            nothing is held then
        """
        check_one(self)
        line = self._get_sale_line()
        chosen = self.line_ids.filtered(
            lambda row: not line.product_id.uom_id.is_zero(row.qty_to_reserve)
        )
        line._reserve_quants([(row.quant_id, row.qty_to_reserve) for row in chosen])
        return line._get_reservation_notification()

    def action_auto_reserve(self):
        """Hold what is free, in the order of removal of the product (R61).

        :return: a notification that says how much of how much is held
        :raises UserError: as `action_reserve_stock` of the line
        """
        check_one(self)
        return self._get_sale_line().action_reserve_stock()

    def action_cancel_reservation(self):
        """Let go of all that is held for the stock part (R62).

        :return: the dialog, with what is free now
        :raises UserError: when nothing is held that could be let go
        """
        check_one(self)
        line = self._get_sale_line()
        line.action_unreserve_stock()
        return line.action_open_reservation()
