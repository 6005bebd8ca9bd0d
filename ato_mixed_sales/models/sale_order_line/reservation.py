# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ...sent import check_one, check_records
from ...turns import in_turn


class SaleOrderLine(models.Model):
    """Units in stock that are held for the stock part of the line."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    reserved_qty = fields.Float(
        string="Reserved",
        digits="Product Unit",
        compute="_compute_reserved_qty",
        compute_sudo=True,
        groups="base.group_user",
        help="Quantity, in the unit of the line, that nobody else can have: what is "
        "held in stock and, on an order, what is bound to its assembly orders.",
    )
    reserved_stock_qty = fields.Float(
        string="Reserved from Stock",
        digits="Product Unit",
        compute="_compute_reserved_qty",
        compute_sudo=True,
        groups="base.group_user",
        help="Quantity of the stock part, in the unit of the line, that is held on "
        "units in stock.",
    )

    @api.depends(
        "state",
        "product_uom_qty",
        "qty_to_assemble_to_order",
        "qty_delivered",
        "move_ids.quantity",
        "move_ids.state",
        "move_ids.ato_supply",
        "hold_move_ids.quantity",
    )
    def _compute_reserved_qty(self):
        moves = self._origin._group_stock_part_moves()
        for line in self:
            held = line._to_line_unit(moves[line._origin]._get_held_units())
            bound = 0.0
            is_bound = line.state == "sale" and line._is_split_by_source()
            if held or is_bound:
                parts = line._get_outstanding_parts()
                # a picker may take more than is asked for: no demand holds that
                held = min(held, max(parts.stock, 0.0))
                bound = parts.assembly if is_bound else 0.0
            line.reserved_stock_qty = held
            line.reserved_qty = bound + held

    # Figures, in the unit of the product

    def _get_stock_part_moves(self):
        """Open moves of the stock part: the hold, and every step of the delivery."""
        lines = self._with_documents()
        opened = lines.move_ids.filtered(
            lambda move: move.ato_supply != "assembly"
            and move.state not in ("draft", "done", "cancel")
        )
        return lines.hold_move_ids | opened._get_delivery_steps()

    def _group_stock_part_moves(self):
        """As `_get_stock_part_moves`, of lines that are saved: {line: moves}"""
        moves = self._get_stock_part_moves()
        by_line = moves.grouped(lambda m: m.ato_hold_line_id or m.sale_line_id)
        return defaultdict(moves.browse, by_line)

    def _get_held_units(self):
        """What is held of the stock part, in the unit of the product."""
        return self._get_stock_part_moves()._get_held_units()

    def _get_needed_units(self):
        """N in the unit of the product: what is still to leave from stock."""
        self.ensure_one()
        return max(self._get_figures().undelivered_stock, 0.0)

    def _get_open_units(self):
        """What can still be held for the stock part, in the unit of the product.

        On an order no more than its deliveries ask for: what came back from the
        customer is to be asked for anew.
        """
        self.ensure_one()
        lacking = self._get_needed_units() - self._get_held_units()
        if not self._is_held_back():
            moves = self._get_shelf_moves()
            lacking = min(lacking, sum(move._get_lacking_units() for move in moves))
        return max(lacking, 0.0)

    def _get_shelf_moves(self):
        """Deliveries that take the stock part of a confirmed line off the shelf."""
        return self._get_stock_part_moves().filtered(
            lambda move: not move.ato_hold_line_id
            and not move.move_orig_ids
            and move.procure_method == "make_to_stock"
        )

    def _is_held_back(self):
        """Whether nothing was ever asked for: a quotation, or somebody prevents it.

        A delivery that was cancelled was asked for: nobody holds anything for it.
        """
        self.ensure_one()
        was_asked_for = self._is_launched() or self._with_documents().move_ids
        return self.state != "sale" or not was_asked_for

    def _get_stock_places(self):
        """What can serve the stock part: {place: StockPlace}, in order of removal.

        Figures of the warehouse: callers make sure that the user may change the line.
        """
        self.ensure_one()
        location, date = self._get_shelf()
        if not location:
            return {}
        # people without inventory rights choose among what they can sell
        line = self._with_documents().with_company(self.company_id)
        owners, lot = line._get_owners_for_sale(), line._get_chosen_lot()
        places = line.env["stock.quant"]._get_places_for_sale(
            line.product_id, location, owners, date
        )
        return self._prefer_bin_places(
            {
                place: stock
                for place, stock in places.items()
                if not lot or stock.quant.lot_id == lot
            }
        )

    def _get_held_places(self):
        """Where units of the stock part are held: {place: move lines}"""
        self.ensure_one()
        return self._get_stock_part_moves().move_line_ids.grouped(
            lambda line: (line.location_id, line.lot_id, line.package_id, line.owner_id)
        )

    # One at a time

    def _lock_stock(self):
        """Have this transaction alone decide on the stock of the lines.

        See `_lock_stock` of `stock.quant`.
        """
        lines = self._with_documents()
        holds = lines.hold_move_ids
        lines = lines.filtered(lambda o: o.is_assembled or o._is_split_by_source())
        self.env["stock.quant"]._lock_stock(
            lines.product_id | holds.product_id,
            lines.warehouse_id | holds.location_id.warehouse_id,
        )

    def _get_stock_to_decide(self):
        """What is decided on with the lines: {(id of a product, id of a warehouse)}

        What they are made of is reserved for their assembly orders as well.
        """
        lines = self.filtered(lambda o: o.is_assembled or o._is_split_by_source())
        return {
            (product.id, line.warehouse_id.id)
            for line in lines
            for product in line.product_id
            | line.assembly_order_ids.move_raw_ids.product_id
        }

    def _lock_reservation(self):
        """Have this transaction alone decide what the lines hold.

        Whoever changes or confirms the lines meanwhile is made to run again, and so
        are we: they could not see a hold that is being made.
        """
        if self.ids:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE sale_order_line SET write_date = write_date
                     WHERE id IN (
                           SELECT id FROM sale_order_line
                            WHERE id IN %s ORDER BY id FOR NO KEY UPDATE
                     )
                    """,
                    self._ids,
                )
            )
        self._lock_stock()

    # What people do

    @in_turn
    def action_reserve_stock(self):
        """Hold free units of stock for the stock part (R60, R61).

        Takes what is free, in the order of removal, never what another order holds,
        nor what belongs to somebody else or has expired. On a quotation too.

        :return: a notification that says how much of how much is held
        :raises UserError: when the product is not assembled, everything is held
            already, or nothing is free
        """
        check_records(self)
        self.order_id.check_access("write")
        self._lock_reservation()
        for line in self:
            line._reserve_stock()
        return self._get_reservation_notification()

    def _reserve_stock(self):
        self.ensure_one()
        self._check_can_reserve_stock()
        held = self._get_held_units()
        self._hold_free_units()
        if self.product_id.uom_id.compare(self._get_held_units(), held) <= 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: nothing is free in %(warehouse)s. "
                    "%(held)s of %(needed)s are held. Assemble the rest to order, or "
                    "reserve again when stock has arrived.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                    warehouse=self.warehouse_id.display_name,
                    held=self._format_line_qty(self.reserved_stock_qty),
                    needed=self._format_line_qty(self._get_outstanding_parts().stock),
                )
            )

    def _hold_free_units(self):
        """Hold what is free of what the stock part still lacks.

        What an earlier step of the delivery has brought is held first.
        """
        self.ensure_one()
        brought = self._get_stock_part_moves().filtered("move_orig_ids")
        brought._action_assign()
        lacking, wanted = self._get_open_units(), {}
        for place, stock in self._get_stock_places().items():
            wanted[place] = min(stock.free, lacking)
            lacking -= wanted[place]
        self._hold_places(wanted)

    def _reserve_quants(self, quantities):
        """Hold so many units of these very quants for the stock part (R60).

        :param quantities: list of (quant, quantity in the unit of the product)
        :raises UserError: when a quantity is negative, more than free or more than
            needed, or a quant cannot serve the line
        """
        self.ensure_one()
        self.order_id.check_access("write")
        self._lock_reservation()
        self._check_can_reserve_stock()
        places, wanted = self._get_stock_places(), {}
        for quant, quantity in quantities:
            place = self._check_quant(quant, quantity, places)
            wanted[place] = wanted.get(place, 0.0) + quantity
        self._check_wanted_places(wanted, places)
        self._hold_places(wanted)

    def _hold_places(self, wanted):
        """Hold these units, which are free.

        :param wanted: {place: quantity, in the unit of the product}
        :raises UserError: when Odoo gives less, for whole packages only
        """
        self.ensure_one()
        is_zero = self.product_id.uom_id.is_zero
        wanted = {place: units for place, units in wanted.items() if not is_zero(units)}
        if not wanted:
            return
        held_back = self._is_held_back()
        moves = self._open_hold() if held_back else self._get_shelf_moves()
        for place, units in wanted.items():
            left = units - moves._reserve_place(place, units)
            if not is_zero(left):
                raise UserError(self._get_not_free_message(place, units, units - left))
        moves.picking_id._check_entire_pack()

    @in_turn
    def action_unreserve_stock(self):
        """Let go of the units of stock held for the stock part (R62).

        What is bound to the assembly orders stays bound.

        :return: a notification that says how much is still held
        :raises UserError: when nothing is held, or what is held is being picked
        """
        check_records(self)
        self.order_id.check_access("write")
        self._lock_reservation()
        for line in self:
            line._let_go_places(line._get_held_places())
        return self._get_reservation_notification()

    def _let_go_place(self, place):
        """Let go of what the stock part holds at one place: (bin, lot, package, owner)

        :raises UserError: when nothing is held there that could be let go
        """
        self.ensure_one()
        self.order_id.check_access("write")
        self._lock_reservation()
        held = self._get_held_places()
        self._let_go_places({place: held[place]} if place in held else {})

    def _let_go_places(self, places):
        """:param places: {place: move lines}, as `_get_held_places` returns them"""
        self.ensure_one()
        moves = self._get_stock_part_moves()
        lines = moves.move_line_ids.browse().union(*places.values())
        lines = lines.filtered(lambda line: not line.picked)
        if not lines:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: no stock is held that could be let go.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )
        lines.unlink()
        self._remove_empty_holds()

    def action_open_reservation(self):
        """Open the dialog that lists the stock to choose from (R59).

        :raises UserError: when stock cannot be held for the line
        """
        check_one(self)
        self.order_id.check_access("write")
        self._check_has_stock_part()
        wizard = self.env["sale.line.reservation"].create({"sale_line_id": self.id})
        return wizard._get_action()

    def _format_units(self, quantity):
        """`quantity`, in the product's unit, as the user reads it."""
        self.ensure_one()
        figure = formatLang(self.env, quantity, dp="Product Unit")
        return f"{figure} {self.product_id.uom_id.name}"

    def _get_reservation_notification(self):
        """How much of each line's stock part is held, as a message on the screen."""
        messages = [
            self.env._(
                "%(product)s: %(held)s of %(needed)s from stock reserved",
                product=line.product_id.display_name,
                held=line._format_line_qty(line.reserved_stock_qty),
                needed=line._format_line_qty(line._get_outstanding_parts().stock),
            )
            for line in self
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": "\n".join(messages),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
