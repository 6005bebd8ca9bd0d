# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import formatLang

from ...private_context import get_told


class StockMove(models.Model):
    """What a quotation holds in stock: a move without transfer."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    ato_hold_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Held for",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        # its name is the quotation's and the customer's: see ato_hold_order_id
        groups=fields.NO_ACCESS,
        help="Line of a quotation for which the units are held. They are not "
        "delivered by this move: once the quotation is confirmed, its delivery takes "
        "them over.",
    )

    ato_is_hold = fields.Boolean(
        string="Held for a Quotation",
        compute="_compute_ato_hold",
        search="_search_ato_is_hold",
        help="The units are held for a quotation. Nothing is delivered by this move.",
    )

    ato_hold_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Held for Quotation",
        compute="_compute_ato_hold",
        help="Quotation for which the units are held. Shown to those who may read it.",
    )

    ato_hold_until = fields.Date(
        string="Held Until",
        compute="_compute_ato_hold",
        help="Day on which the quotation that holds the units expires, and lets go "
        "of them. Empty when it does not expire. Shown to those who may read the "
        "quotation.",
    )

    @api.depends("ato_hold_line_id.order_id.validity_date")
    @api.depends_context("uid")
    def _compute_ato_hold(self):
        """Tell of the quotation only to those who may read it."""
        for move, hold in zip(self, self._with_line(), strict=True):
            order = hold._get_hold_order()
            move.ato_is_hold = bool(hold.ato_hold_line_id)
            move.ato_hold_order_id = order
            move.ato_hold_until = order.validity_date

    @api.model
    def _search_ato_is_hold(self, operator, value):
        if operator != "in":
            return NotImplemented
        # that units are held is for everybody to see
        holds = self._with_line()._search([("ato_hold_line_id", "!=", False)])
        return Domain("id", "in" if True in value else "not in", holds)

    def _get_hold_order(self):
        """The quotation that a hold is for, where the user may read it."""
        self.ensure_one()
        # whether the user may read its order is asked
        order = self._with_line().ato_hold_line_id.order_id.sudo(False)
        return order._filtered_access("read") if order else order

    def _get_holds(self):
        """Those of the moves that hold units for quotations, as their lines act."""
        # what has an operation is none: nobody is elevated for it
        moves = self.filtered(lambda move: not move.picking_type_id)
        return moves and moves._with_line().filtered("ato_hold_line_id")

    def _check_hold_is_left_alone(self):
        """Leave holds to their quotations, and to what happens to the units.

        :raises AccessError: when a user changes one by hand
        """
        hold = not self.env.su and self._get_holds()[:1]
        if not hold or self._is_losing_holds():
            return
        raise AccessError(
            self.env._(
                "%(units)s are held for a quotation, and that is changed on the "
                "quotation only. To take them away, unreserve them, or move or count "
                "them: the salesperson is told.",
                units=hold._format_held_units(hold._get_held_units()),
            )
        )

    def _check_may_take_from_holds(self):
        """:raises AccessError: when a user takes away held units who moves no goods"""
        if self and not self.env.user.has_group("stock.group_stock_user"):
            self.sudo(False)._check_hold_is_left_alone()

    @api.model
    def _is_losing_holds(self):
        """Whether what quotations hold is being taken away, so that no hold is fitted.

        The losses are told at the end: see `_free_reservation`.
        """
        return get_told(self, "ato_losing_moves") is not None

    @api.depends("ato_hold_line_id")
    def _compute_reference(self):
        """A hold is known as one, not by its quotation: everybody reads references."""
        holds = self._get_holds().with_env(self.env)
        holds.reference = self.env._("Quotation")
        return super(StockMove, self - holds)._compute_reference()

    def _get_source_document(self):
        return self._get_hold_order() or super()._get_source_document()

    def _recompute_state(self):
        """Have holds ask for what they hold, whoever has changed it."""
        if all(move.picking_type_id for move in self):
            return super()._recompute_state()  # what has an operation is no hold
        holds = self._get_holds()
        if not self._is_losing_holds():
            holds._fit_hold()
        super(StockMove, holds)._recompute_state()
        return super(StockMove, self - holds)._recompute_state()

    def _should_bypass_reservation(self, forced_location=False):
        """What is held was reserved, whatever became of the product since (E17)."""
        res = super()._should_bypass_reservation(forced_location)
        # what has an operation is no hold
        return res and (bool(self.picking_type_id) or not self._get_holds())

    def _fit_hold(self):
        """Ask for what is held: a hold never grows by itself."""
        for move in self.with_context(do_not_unreserve=True):
            if move.product_uom.compare(move.product_uom_qty, move.quantity):
                move.product_uom_qty = move.quantity

    def _hold_again(self):
        """Hold elsewhere what somebody has taken away from these holds."""
        for move in self:
            lacking = move._get_lacking_units()
            for place, stock in move.ato_hold_line_id._get_stock_places().items():
                lacking -= move._reserve_place(place, min(stock.free, lacking))

    def _lose_held_units(self, quantity):
        """Go on without `quantity`, in the product's unit, that somebody took away.

        The salesperson of the quotation is told.
        """
        self.ensure_one()
        self._recompute_state()
        if self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return
        line = self.ato_hold_line_id
        line._warn_salesperson(
            self.env._(
                "%(units)s, held for this quotation, were taken away from "
                "%(location)s: reserve others, or have them assembled.",
                units=self._format_held_units(quantity),
                location=self.location_id.display_name,
            )
        )
        line._remove_empty_holds()

    def _take_over_holds(self):
        """Have these deliveries take what their quotations have held.

        The very same units: bins, lots and packages. Nobody could take them in
        between, they are held all the time.
        """
        lines = self.sale_line_id
        for hold in lines._get_holds() if lines else ():
            move = hold.ato_hold_line_id._get_shelf_moves().filtered(
                lambda move, hold=hold: move in self
                and move._can_take_over(hold.product_id)
                and hold.location_id._child_of(move.location_id)
            )[:1]
            if move:
                taken = move._get_lacking_units()
                left = max(hold._get_held_units() - taken, 0.0)
                kept = min(left, hold.ato_hold_line_id._get_units_not_asked())
                hold._let_go(left - kept)
                hold._pass_on(move, kept)

    def _can_take_over(self, product):
        """Whether the move reserves `product`, which was held: kits are not."""
        self.ensure_one()
        return self.product_id == product and not self._should_bypass_reservation()

    def _pass_on(self, move, kept):
        """Give to `move` what this hold has, but `kept` units of the product."""
        self.ensure_one()
        # nothing moves: without this Odoo would let go and reserve anew
        whole = self._pass_on_part(move, self._get_held_units() - kept)
        whole.with_context(skip_uom_conversion=True).write(
            {
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "location_dest_id": move.location_dest_id.id,
            }
        )
        move._recompute_state()
        self._recompute_state()
        if not self.move_line_ids:
            self._remove_holds()

    def _pass_on_part(self, move, units):
        """Have `move` take what makes `units` full of a line that is not to go whole.

        :return: the lines that are
        """
        whole, compare = self.move_line_ids.browse(), self.product_id.uom_id.compare
        for line in self.move_line_ids:
            taken = min(line.quantity_product_uom, units)
            units -= taken
            if compare(taken, line.quantity_product_uom) >= 0:
                whole |= line
            elif compare(taken, 0.0) > 0:
                line._pass_on_part(move, taken)
        return whole

    def _remove_holds(self):
        self._action_cancel()
        self.unlink()

    def _format_held_units(self, quantity):
        """`quantity`, in the product's unit, of what this hold has, for the user."""
        self.ensure_one()
        return self.env._(
            "%(quantity)s %(uom)s of %(product)s",
            quantity=formatLang(self.env, quantity, dp="Product Unit"),
            uom=self.product_id.uom_id.name,
            product=self.product_id.display_name,
        )
