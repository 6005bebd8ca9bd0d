# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...private_context import sanitized
from ...sent import check_one
from ...turns import in_turn


class MrpProduction(models.Model):
    """What was assembled and waits for its delivery is taken apart, and made again."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    can_be_made_again = fields.Boolean(
        compute="_compute_can_be_made_again",
        compute_sudo=True,
        help="Units that this order has made for its sales order line wait for their "
        "delivery: they can be taken apart, and be made again.",
    )

    @api.depends("state", "ato_sale_line_id.move_ids.state", "unbuild_ids.state")
    def _compute_can_be_made_again(self):
        for order in self:
            order.can_be_made_again = bool(order._get_waiting_units())

    @in_turn
    def action_undo_assembly(self):
        """Take apart what the order has made and has not left, to be made again.

        Odoo's own unbuild brings back the components that were used. The line waits for
        its units again, and as much is assembled as before.

        :return: the action that opens the order that makes them again
        :raises AccessError: for whoever may not take apart
        :raises UserError: with the reason and the way out; nothing is changed then
        """
        check_one(self)
        self.check_access("write")
        self.env["mrp.unbuild"].check_access("create")
        order = sanitized(self)._with_line()
        line = order.ato_sale_line_id
        line._lock_stock()
        waiting = order._get_waiting_units()
        if obstacle := order._get_make_again_obstacle(waiting):
            raise UserError(obstacle)
        line._undo_assembly(order, waiting)
        again = line._get_open_assembly_orders().sorted("id")[-1:] or order
        return again._get_form_action()

    def _get_form_action(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mrp.production",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
        }

    def _get_waiting_units(self):
        """What the order has made, and waits before it leaves the shelf.

        :return: [(move that holds them, place, units of the product)]
        """
        self.ensure_one()
        line, waiting = self.ato_sale_line_id, []
        if self.state != "done" or line.state != "sale":
            return waiting
        left, lots = self._get_units_to_take_apart(), self._get_made_lots()
        for move in line._get_moves_before_leaving():
            for place in move._get_held_places():
                taken = min(left, move._get_held_at(place))
                if lots and place[1] not in lots:
                    continue
                if self.product_id.uom_id.compare(taken, 0.0) > 0:
                    waiting.append((move, place, taken))
                    left -= taken
        return waiting

    def _get_make_again_obstacle(self, waiting):
        """Why what waits cannot be taken apart, with the way out, or nothing."""
        self.ensure_one()
        figures = {
            "assembly_order": self.name,
            "product": self.product_id.display_name,
            "order": self.ato_sale_order_id.name,
        }
        if obstacle := self._get_not_done_obstacle():
            return obstacle
        if not waiting:
            return self._get_gone_obstacle(figures)
        by_product = self._get_lacking_by_product(
            {self: sum(units for _move, _place, units in waiting)}
        )
        return by_product and self.env._(
            "%(product)s on %(order)s: %(by_product)s, made by the way, is not free in "
            "%(place)s any more. Bring it back there first.",
            **figures,
            **by_product,
        )

    def _get_not_done_obstacle(self):
        """Why the order has made nothing for a line, with the way out, or nothing."""
        if not self.ato_sale_line_id:
            return self.env._(
                "%(assembly_order)s assembles for no sales order: use Unbuild.",
                assembly_order=self.name,
            )
        if self.state != "done":
            return self.env._(
                "%(assembly_order)s is not done: change, or cancel, it instead.",
                assembly_order=self.name,
            )
        return ""

    def _get_gone_obstacle(self, figures):
        """Where the units are that do not wait on the shelf, with the way out."""
        gone = self.ato_sale_line_id._get_gone_assembly()
        figures["transfers"] = ", ".join(gone.picking_id.mapped("name"))
        if not gone:
            return self.env._(
                "%(product)s on %(order)s: nothing that %(assembly_order)s has made "
                "waits for its delivery.",
                **figures,
            )
        return self.env._(
            "%(product)s on %(order)s: what %(assembly_order)s has made has left by "
            "%(transfers)s. Undo the shipment, or put the units back, first.",
            **figures,
        )

    @api.model
    def _get_lacking_by_product(self, taken):
        """What was made by the way and is not there to be taken apart.

        :param taken: {order: units of the product that are taken apart}
        :return: {} or its names: by_product, place
        """
        needed = defaultdict(float)
        for order, units in taken.items():
            for parcel in order._get_by_products_of(units):
                line = parcel.line
                key = line.product_id, line.location_dest_id, line.lot_id
                needed[key] += parcel.units
        for (product, location, lot), units in needed.items():
            free = self.env["stock.quant"]._get_available_quantity(
                product, location, lot_id=lot
            )
            if product.uom_id.compare(free, units) < 0:
                return {
                    "by_product": product.display_name,
                    "place": location.display_name,
                }
        return {}
