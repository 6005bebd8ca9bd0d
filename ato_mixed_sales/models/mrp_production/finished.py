# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Command

from ...private_context import get_ignored_orders


class MrpProduction(models.Model):
    """What a linked order makes: for its line, and by the way."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _get_move_finished_values(
        self,
        product_id,
        product_uom_qty,
        product_uom,
        operation_id=False,
        byproduct_id=False,
        cost_share=0,
    ):
        values = super()._get_move_finished_values(
            product_id,
            product_uom_qty,
            product_uom,
            operation_id=operation_id,
            byproduct_id=byproduct_id,
            cost_share=cost_share,
        )
        if not self.ato_sale_line_id:
            return values
        product = self.env["product.product"].browse(product_id)
        values["ato_supply"] = self._get_supply_of(product)
        if not values["ato_supply"]:
            values["location_dest_id"] = self._get_by_product_location().id
        return values

    def _compute_move_finished_ids(self):
        """Linked orders keep the finished moves that they have.

        Odoo makes those of a draft order anew at every change of dates, places and
        quantities: label, links and what a planner has added were lost.
        """
        drafts = self.filtered(lambda order: order._has_draft_finished_move())
        if not drafts:
            return super()._compute_move_finished_ids()
        res = super(MrpProduction, self - drafts)._compute_move_finished_ids()
        ignored = get_ignored_orders(self.env)
        for order in drafts.filtered(lambda order: order.id not in ignored):
            if order._origin.bom_id != order.bom_id:
                order._follow_bill()
            else:
                order._fit_finished_moves()
        return res

    def _create_moves_at_once(self):
        """Make the components and the finished moves of these new orders together.

        Odoo makes them for one order after the other. It has done so already where work
        orders have changed when an order is finished.
        """
        self.mapped("date_finished")
        made = self.filtered("move_finished_ids")
        values = (self - self.filtered("move_raw_ids"))._get_moves_raw_values()
        for order in self - made:
            values += order._get_moves_finished_values()
        self.env["stock.move"].create(values)
        for order in made:  # before it knew how long they take
            order._fit_finished_moves()

    def _make_anew(self):
        """Have linked draft orders make again what a user has deleted."""
        bare = self._get_linked().filtered(
            lambda order: order.state == "draft"
            and order.product_id not in order.move_finished_ids.product_id
        )
        self.env.add_to_compute(self._fields["move_finished_ids"], bare)

    def _has_draft_finished_move(self):
        """Whether this is a linked draft order with a move for what it makes."""
        self.ensure_one()
        return (
            self.state == "draft"
            and self.ato_sale_line_id
            and self.product_id in self.move_finished_ids.product_id
        )

    def _fit_finished_moves(self):
        """Have the finished moves say what a draft order makes, where and when.

        In an onchange as well: the form is told of changes, of no new move. How much
        there is of by-products, a planner may have decided.
        """
        self.ensure_one()
        commands = []
        for move in self.move_finished_ids:
            values = {"date": self.date_finished, "date_deadline": self.date_deadline}
            if move.product_id == self.product_id:
                values = self._get_move_finished_values(
                    self.product_id.id, self.product_qty, self.product_uom_id.id
                )
            # what is the same is not written: Odoo tells a deadline to deliveries
            changed = {
                name: value
                for name, value in values.items()
                if not move._is_same_value(name, value, move[name])
            }
            if changed:
                commands.append(Command.update(move.id, changed))
        self.move_finished_ids = commands

    def _follow_new_bill(self, vals):
        """Leave, and note, what another bill of materials in `vals` says."""
        for order in self._get_linked():
            if order._has_draft_finished_move():
                # a form has asked before, and sends what came of it
                if "move_finished_ids" not in vals:
                    order._follow_bill()
                order._remember_bill(order._get_asked_components())

    def _follow_bill(self):
        """Have a draft order leave what its new bill of materials says."""
        self.ensure_one()
        outdated = self.move_finished_ids.filtered(
            lambda move: move.byproduct_id
            and move.byproduct_id not in self.bom_id.byproduct_ids
        )
        self.move_finished_ids = [Command.delete(move.id) for move in outdated]
        self._create_update_move_finished()

    def _get_supply_of(self, product):
        """Which part of a sales order line `product`, made by this order, is for."""
        self.ensure_one()
        if self.ato_sale_line_id and product == self.product_id:
            return "assembly"
        return False

    def _get_by_product_location(self):
        """Where by-products go: not to the bin of what is assembled to order."""
        self.ensure_one()
        return self.picking_type_id.default_location_dest_id or self.location_dest_id

    def _get_made_moves(self):
        """What these orders make, or have made, without by-products."""
        return self.move_finished_ids.filtered(
            lambda move: move.product_id == move.production_id.product_id
            and move.state != "cancel"
        )

    def _get_finished_moves_for_line(self):
        """What these orders make, or have made, for their line: no by-products."""
        return self.move_finished_ids.filtered(
            lambda move: move.ato_supply == "assembly" and move.state != "cancel"
        )

    def _get_linked_finished_moves(self):
        """What these orders still make for their line."""
        return self.move_finished_ids.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.state not in ("done", "cancel")
        )
