# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import formatLang

from ..sent import Quantity


class AssemblyUndoLine(models.TransientModel):
    """What comes back of one move by which units have left for the customer."""

    _name = "assembly.undo.line"
    _inherit = "assembly.dialog"
    _description = "Row to Undo"
    _source_path = "undo_id"

    undo_id = fields.Many2one(
        comodel_name="assembly.undo",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="Dialog that the row belongs to.",
    )
    move_id = fields.Many2one(
        comodel_name="stock.move",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Move by which the units have left.",
    )
    product_id = fields.Many2one(
        related="move_id.product_id",
        help="Product that has left.",
    )
    tracking = fields.Selection(
        related="move_id.product_id.tracking",
        help="Whether the product has lots or serial numbers.",
    )
    ato_supply = fields.Selection(
        related="move_id.ato_supply",
        string="Source",
        help="Where the units that left came from; empty for what is never assembled.",
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_left",
        compute_sudo=True,
        help="Unit of the order line, in which all quantities of the row are.",
    )
    left_qty = fields.Float(
        string="Delivered",
        digits="Product Unit",
        compute="_compute_left",
        compute_sudo=True,
        help="What has left by this transfer and is not back, in the unit of the line.",
    )
    left_lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        relation="assembly_undo_line_left_lot_rel",
        string="Delivered Lots/Serials",
        compute="_compute_left",
        compute_sudo=True,
        help="Lots or serial numbers that have left and are not back.",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        relation="assembly_undo_line_lot_rel",
        string="Lots/Serials",
        compute="_compute_lot_ids",
        compute_sudo=True,
        store=True,
        precompute=True,
        readonly=False,
        help="Lots or serial numbers that come back: take out those that stay "
        "delivered.",
    )
    qty_to_undo = Quantity(
        string="To Undo",
        digits="Product Unit",
        compute="_compute_qty_to_undo",
        compute_sudo=True,
        store=True,
        precompute=True,
        readonly=False,
        help="What comes back, in the unit of the line: all of it unless you enter "
        "less.",
    )
    comes_back = fields.Text(
        string="What Comes Back",
        compute="_compute_comes_back",
        compute_sudo=True,
        help="Where the units come back to, and which of them are taken apart again.",
    )

    @api.depends("move_id")
    def _compute_left(self):
        for row in self:
            left = row._get_move()._get_lines_left()
            row.product_uom_id = row._get_unit()
            row.left_qty = row._from_units(sum(left.values()))
            row.left_lot_ids = row.env["stock.lot"].union(*(o.lot_id for o in left))

    @api.depends("move_id")
    def _compute_lot_ids(self):
        for row in self:
            row.lot_ids = row.left_lot_ids

    @api.depends("move_id", "lot_ids")
    def _compute_qty_to_undo(self):
        """All that is left, of the lots that are chosen."""
        for row in self:
            row.qty_to_undo = row._from_units(row._get_units_of_lots())

    @api.depends("move_id", "qty_to_undo", "lot_ids")
    def _compute_comes_back(self):
        for row in self:
            row.comes_back = row._describe()

    def _get_move(self):
        """The move, with the documents that undoing it concerns."""
        return self.move_id._with_line()

    def _get_line(self):
        """The order line that the move delivers as such: kits leave as components."""
        move = self._get_move()
        line = move.sale_line_id
        return line if line.product_id == move.product_id else line.browse()

    def _get_unit(self):
        """The unit of the row: that of its order line, where it has one."""
        return self._get_line().product_uom_id or self.move_id.product_id.uom_id

    def _from_units(self, units):
        """`units` of the product, in the unit of the row."""
        line = self._get_line()
        return line._to_line_unit(units) if line else units

    def _get_units(self):
        """What is to come back, in units of the product.

        All that is chosen is whole units, however the unit of the row rounds it.
        """
        self.ensure_one()
        chosen, line = self._get_units_of_lots(), self._get_line()
        proposed = self._from_units(chosen)
        if self._get_unit().compare(self.qty_to_undo, proposed) == 0:
            return chosen
        return line._to_product_units(self.qty_to_undo) if line else self.qty_to_undo

    def _get_first_lots(self):
        """The lots that come back first: those chosen, else those assembled with it."""
        return self.lot_ids._origin or self._get_move()._get_assembled_lots()

    def _get_units_of_lots(self):
        """What is left of the lots that are chosen, of all units without lots."""
        left = self._get_move()._get_lines_left()
        tracked = self.move_id.product_id.tracking != "none"
        lots = self.lot_ids._origin
        return sum(
            units for line, units in left.items() if not tracked or line.lot_id in lots
        )

    def _is_chosen(self):
        return self._get_unit().compare(self.qty_to_undo, 0.0) > 0

    def _describe(self):
        """What comes back, and where to, in words."""
        self.ensure_one()
        if not self.move_id or self._get_obstacle():
            return ""
        if not self._is_chosen():
            return self.env._("Stays delivered")
        move, shipment = self._get_move(), self.undo_id._get_shipment()
        chosen = {move: (self._get_units(), self._get_first_lots())}
        return move._describe_undo(shipment._plan_undo(chosen))

    def _get_obstacle(self):
        """Why so many cannot come back, in a sentence, or nothing."""
        self.ensure_one()
        unit, figures = self._get_unit(), self._get_figures()
        if unit.compare(self.qty_to_undo, 0.0) < 0:
            return self.env._(
                "%(product)s: %(quantity)s %(uom)s cannot come back. Enter up to "
                "%(left)s.",
                **figures,
            )
        if unit.compare(self.qty_to_undo, self.left_qty) > 0:
            return self.env._(
                "%(product)s: %(quantity)s %(uom)s are to come back, %(left)s are "
                "delivered. Enter less.",
                **figures,
            )
        return self._get_lot_obstacle(figures)

    def _get_figures(self):
        """The row, for sentences about it."""
        return {
            "product": self.move_id.product_id.display_name,
            "quantity": formatLang(self.env, self.qty_to_undo, dp="Product Unit"),
            "left": formatLang(self.env, self.left_qty, dp="Product Unit"),
            "uom": self._get_unit().name,
        }

    def _get_lot_obstacle(self, figures):
        """Whether other lots are chosen than are to come back."""
        units, chosen = self._get_units(), self._get_units_of_lots()
        product = self.move_id.product_id
        differs = product.uom_id.compare(chosen, units)
        if not self._is_chosen() or not differs:
            return ""
        if product.tracking == "none" or (product.tracking == "lot" and differs > 0):
            return ""
        return self.env._(
            "%(product)s: %(quantity)s %(uom)s are to come back, and lots or serial "
            "numbers of %(chosen)s are chosen. Choose those that come back.",
            chosen=formatLang(self.env, self._from_units(chosen), dp="Product Unit"),
            **figures,
        )
