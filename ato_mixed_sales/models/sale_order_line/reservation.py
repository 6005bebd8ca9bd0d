# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


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
        "bound to its assembly orders, and what is held in stock.",
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
    )
    def _compute_reserved_qty(self):
        self.move_ids.move_line_ids.mapped("quantity_product_uom")  # read in one go
        for line in self:
            line.reserved_stock_qty = line._to_line_unit(
                line._get_stock_part_moves()._get_held_quantity()
            )
            bound = 0.0
            if line.state == "sale":
                bound = line._get_outstanding_parts().assembly
            line.reserved_qty = bound + line.reserved_stock_qty

    def _get_stock_part_moves(self):
        """Open delivery moves of the stock part, every step of the delivery."""
        # sudo: the moves are the warehouse's; only figures leave this model
        return self.sudo().move_ids.filtered(
            lambda move: move.ato_supply != "assembly"
            and not move.production_id
            and move.state not in ("draft", "done", "cancel")
            and not move._is_incoming()
        )

    def action_reserve_stock(self):
        """Hold free units of stock for the stock part (R60, R61).

        Takes what is free, never what another order holds.

        :return: a notification that says how much of how much is held
        :raises UserError: on a quotation, when everything is held already, and when
            nothing is free
        """
        self.order_id.check_access("write")
        for line in self:
            line._reserve_stock()
        return self._get_reservation_notification()

    def _reserve_stock(self):
        self.ensure_one()
        self._check_can_reserve_stock()
        before = self.reserved_stock_qty
        self._get_stock_part_moves()._action_assign()
        if self.product_uom_id.compare(self.reserved_stock_qty, before) <= 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: nothing is free in %(warehouse)s. "
                    "%(held)s of %(needed)s are held. Assemble the rest to order, or "
                    "reserve again when stock has arrived.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                    warehouse=self.warehouse_id.display_name,
                    held=self._format_line_qty(before),
                    needed=self._format_line_qty(self._get_outstanding_parts().stock),
                )
            )

    def _check_can_reserve_stock(self):
        """:raises UserError: when there is no stock part to hold units for"""
        self.ensure_one()
        if self.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed: stock is reserved for confirmed "
                    "orders only. Confirm it first.",
                    order=self.order_id.name,
                )
            )
        needed = self._get_outstanding_parts().stock
        if self.product_uom_id.compare(needed, self.reserved_stock_qty) <= 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: all %(needed)s to be taken from stock "
                    "are reserved already.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                    needed=self._format_line_qty(max(needed, 0.0)),
                )
            )

    def action_unreserve_stock(self):
        """Let go of the units of stock held for the stock part (R62).

        What is bound to the assembly orders stays bound.

        :return: a notification that says how much is still held
        :raises UserError: when nothing is held, or what is held is being picked
        """
        self.order_id.check_access("write")
        for line in self:
            line._unreserve_stock()
        return self._get_reservation_notification()

    def _unreserve_stock(self):
        self.ensure_one()
        moves = self._get_stock_part_moves().filtered(lambda move: not move.picked)
        if self.product_id.uom_id.is_zero(moves._get_held_quantity()):
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: no stock is held that could be let go.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )
        moves._do_unreserve()

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
