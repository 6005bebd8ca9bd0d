# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..ato_company_mixin import AtoCompanyMixin
from ..ato_guarded_mixin import CopiedLabel

# what a duplicate of a row is: ordinary stock
NOBODYS = {
    "ato_supply": False,
    "sale_line_id": False,
    "created_production_id": False,
    "procure_method": "make_to_stock",
}


class StockMove(models.Model):
    """Which part of a sales order line a move serves."""

    _name = "stock.move"
    _inherit = ["ato.guarded.mixin", AtoCompanyMixin._name, "stock.move"]
    _guarded_fields = frozenset({"ato_supply", "ato_hold_line_id", "ato_is_undo"})

    ato_supply = fields.Selection(
        selection=[("stock", "From stock"), ("assembly", "Assembled to order")],
        string="Source of Supply",
        readonly=True,
        help="Where the units of a sales order line that is partly assembled to order "
        "come from: taken from stock, or made by its assembly order.",
    )

    ato_is_undo = fields.Boolean(
        string="Undone Shipment",
        copy=False,
        readonly=True,
        help="The units are back as if they had never been shipped. This is no return "
        "by the customer: each part of the order line asks for its units again.",
    )

    def _with_line(self):
        """The moves, with the sales order lines and assembly orders that they are for.

        sudo: whoever moves goods, these are the seller's and the planner's, and holds
        are closed to everybody. No client calls what comes here; figures leave, or
        what happens to the line that the moves are for.
        """
        return self.sudo()

    def _get_mixed_lines(self):
        """The sales order lines of which the moves are a part."""
        return self._with_line().filtered("ato_supply").sale_line_id

    def _label_finished_moves(self):
        """What a linked order makes is for its line, whoever has created the move.

        What is scrapped of it belongs to the order as well, and is for nobody.
        """
        # which part a move serves follows from its order, and is nobody's choice
        for move in self._with_line().filtered(
            lambda m: m.production_id and m.location_dest_usage != "inventory"
        ):
            supply = move.production_id._get_supply_of(move.product_id)
            if move.ato_supply != supply:
                move.ato_supply = supply

    def _get_linked_makers(self):
        """Linked orders of which these moves are what they make for their lines."""
        moves = self._with_line().filtered(
            lambda move: move.ato_supply == "assembly" and move.production_id
        )
        return moves.production_id.with_env(self.env)

    def copy_data(self, default=None):
        """Have what Odoo splits off keep its source; other copies have none.

        What a user duplicates, with its transfer or order as well, is for nobody,
        whatever is to be different. What rules and plans repeat stays the line's, what
        is returned has another source.
        """
        vals_list, default = super().copy_data(default=default), default or {}
        returned = default.get("origin_returned_move_id")
        repeats = default and self.env.su and "sale_line_id" not in default
        for move, vals in zip(self, vals_list, strict=True):
            if not move.ato_supply or isinstance(vals["ato_supply"], CopiedLabel):
                continue
            if not default or not (self.env.su or returned):
                vals.update({**NOBODYS, **default})
            elif not repeats and "ato_supply" not in default:
                vals["ato_supply"] = False
        return vals_list

    def _prepare_move_split_vals(self, qty):
        """What is split off has the same source; users split as well."""
        vals = super()._prepare_move_split_vals(qty)
        if self.ato_supply:
            vals["ato_supply"] = CopiedLabel(self.ato_supply)
        return vals

    @api.model
    def _is_same_value(self, name, value, expected):
        """Whether `value` of a field, a client's maybe, is what is `expected`.

        Commands never are: to look at them would be to carry them out.
        """
        field = self._fields.get(name)
        if field is None or field.type in ("one2many", "many2many"):
            return False
        if isinstance(value, list | tuple | dict):
            return False
        cached, wanted = (
            field.convert_to_cache(v or False, self, validate=False)
            for v in (value, expected)
        )
        return cached == wanted

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return super()._prepare_merge_moves_distinct_fields() + ["ato_supply"]

    @api.depends("ato_supply")
    def _compute_is_initial_demand_editable(self):
        """What a mixed line asks for is changed on the line."""
        res = super()._compute_is_initial_demand_editable()
        self.filtered("ato_supply").is_initial_demand_editable = False
        return res

    def web_save(self, vals, specification, next_id=None):
        """Save a form, except another demand for the row of a mixed line."""
        if "product_uom_qty" in vals:
            for move in self:
                move._check_demand_of_line(vals["product_uom_qty"])
        return super().web_save(vals, specification, next_id=next_id)

    def _check_demand_of_line(self, quantity):
        """Refuse a user's demand of `quantity`, in the unit of the move.

        :raises UserError: with a pointer to the line, whose demand it is
        """
        self.ensure_one()
        is_other = self.product_uom.compare(quantity, self.product_uom_qty)
        if self.ato_supply and is_other:
            raise UserError(self._get_demand_message(quantity))

    def _get_demand_message(self, quantity):
        """Why the row does not ask for `quantity`, in its unit, and the way out."""
        self.ensure_one()
        return self.env._(
            "%(picking)s: %(quantity)s %(uom)s of %(product)s cannot be asked for "
            "instead of %(demand)s. What is taken from stock and what is assembled "
            "to order can only be changed on the order line of %(order)s. To move "
            "another quantity now, change what is done.",
            picking=self.picking_id.name,
            quantity=formatLang(self.env, quantity, dp="Product Unit"),
            demand=formatLang(self.env, self.product_uom_qty, dp="Product Unit"),
            uom=self.product_uom.name,
            product=self.product_id.display_name,
            order=self._get_order_name(),
        )

    def _get_order_name(self):
        """The name of the sales order that the row is for: it is on its transfer."""
        move = self._with_line()
        line = move.sale_line_id or move._get_line_that_made()
        return line.order_id.name or self.origin

    def _check_done_is_left_alone(self):
        """Refuse to say afterwards that another quantity was moved, or made.

        As of what is posted in Business Central: what each part still asks for, and
        where its units are, has followed from it. It is undone as a whole, see R111.

        :raises UserError: with the way out
        """
        self.check_access("read")  # before anything is named
        for move in self._with_line().filtered(lambda move: move.state == "done"):
            if move.ato_supply or move._is_put_back() or move._is_reversal():
                raise UserError(move._get_done_message())

    def _check_is_not_taken_from(self, makers):
        """Refuse to part rows from what is assembled for them.

        :param makers: moves that bring units for these
        :raises UserError: with the way out
        """
        (self | makers).check_access("read")  # before anything is named
        bound = self._with_line().filtered(lambda move: move.ato_supply == "assembly")
        if bound and "assembly" in makers._with_line().mapped("ato_supply"):
            move = bound[0]
            raise UserError(
                move.env._(
                    "%(product)s of %(transfer)s are assembled for %(order)s, and for "
                    "nobody else. Lower Qty. to Assemble to Order there first.",
                    product=move.product_id.display_name,
                    transfer=move.picking_id.name,
                    order=move.sale_line_id.order_id.name,
                )
            )

    def _get_done_message(self):
        """Why the quantity of a done move stays as it is, and the way out."""
        self.ensure_one()
        figures = {
            # its own figure is what was typed, by now
            "quantity": formatLang(self.env, self._get_held_units(), dp="Product Unit"),
            "uom": self.product_id.uom_id.name,
            "product": self.product_id.display_name,
        }
        return (
            self._get_made_message(figures)
            if self.production_id
            else self._get_moved_message(figures)
        )

    def _get_made_message(self, figures):
        return self.env._(
            "%(assembly_order)s has made %(quantity)s %(uom)s of %(product)s for "
            "%(order)s, which cannot be changed afterwards. Use Make Again there.",
            assembly_order=self.production_id.name,
            order=self.production_id.ato_sale_order_id.name,
            **figures,
        )

    def _get_moved_message(self, figures):
        return self.env._(
            "%(picking)s has moved %(quantity)s %(uom)s of %(product)s for "
            "%(order)s, which cannot be changed afterwards. Use Undo Shipment, or "
            "Return, for what was not moved, and another transfer for what was moved "
            "besides.",
            picking=self.picking_id.name or self.reference,
            order=self._get_order_name(),
            **figures,
        )
