# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...private_context import sanitized


class MrpProduction(models.Model):
    """What a delivery has made at the moment it leaves (R41 to R53)."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _assemble_for_delivery(self, quantities, lots):
        """Make what is to leave now, the rest of these orders later (B of R42).

        :param quantities: {order: quantity to make now, in its unit}
        :param lots: {order: stock.lot of what is made}, for tracked products
        :raises UserError: when components are short, or Odoo asks for a decision
        """
        self.action_assign()
        shortages = [
            shortage
            for order in self
            for shortage in order._get_component_shortages(quantities[order])
        ]
        if shortages:
            raise UserError("\n".join(shortages))
        partial = self.browse()
        for order in self:
            if order.product_uom_id.compare(quantities[order], order.product_qty) < 0:
                partial |= order
            order.lot_producing_ids = lots[order] or order.lot_producing_ids
            order.qty_producing = quantities[order]
            order._set_qty_producing()
        sanitized(self).with_context(
            skip_backorder=True, mo_ids_to_backorder=partial.ids
        ).button_mark_done()
        self._check_made()

    def _check_made(self):
        """:raises UserError: when Odoo has a question before it makes an order"""
        waiting = self.filtered(lambda order: order.state != "done")
        if waiting:
            raise UserError(
                self.env._(
                    "%(assembly_orders)s cannot be made from the delivery: a decision "
                    "is to be taken there. Produce there, then ship again.",
                    assembly_orders=", ".join(waiting.mapped("name")),
                )
            )

    def _get_component_shortages(self, quantity):
        """What keeps `quantity`, in the order's unit, from being made now.

        :return: a sentence for each component that is short
        """
        self.ensure_one()
        shortages = []
        for move in self._get_components_to_take():
            needed = move._to_product_units(quantity * move.unit_factor)
            available = move._get_obtainable_units()
            if move.product_id.uom_id.compare(available, needed) < 0:
                shortages.append(self._get_shortage_message(move, needed, available))
        return shortages

    def _get_makeable_quantity(self, quantity):
        """What components at hand allow of `quantity`: whole units, where not all."""
        self.ensure_one()
        makeable = quantity
        for move in self._get_components_to_take():
            needed = move._to_product_units(move.unit_factor)
            if needed > 0:
                makeable = min(makeable, move._get_obtainable_units() / needed)
        if self.product_uom_id.compare(makeable, quantity) >= 0:
            return quantity
        return self.product_id._round_down_to_units(max(makeable, 0.0))

    def _get_components_to_take(self):
        """Rows of components that are still to be taken from somewhere."""
        self.ensure_one()
        return self.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
            and move.product_id.is_storable
        )

    def _get_shortage_message(self, move, needed, available):
        self.ensure_one()
        figures = {
            "assembly_order": self.name,
            "component": move.product_id.display_name,
            "needed": formatLang(self.env, needed, dp="Product Unit"),
            "available": formatLang(self.env, max(available, 0.0), dp="Product Unit"),
            "uom": move.product_id.uom_id.name,
            "location": move.location_id.display_name,
        }
        transfers = move._get_bringing_transfers()
        if transfers:
            return self.env._(
                "%(assembly_order)s needs %(needed)s %(uom)s of %(component)s in "
                "%(location)s, %(available)s are there: validate %(transfers)s first.",
                transfers=", ".join(transfers.mapped("name")),
                **figures,
            )
        return self.env._(
            "%(assembly_order)s needs %(needed)s %(uom)s of %(component)s, "
            "%(available)s are available in %(location)s.",
            **figures,
        )
