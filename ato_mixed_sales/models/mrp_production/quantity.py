# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...private_context import tell


class MrpProduction(models.Model):
    """How much linked orders make, have made, and make more or less."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _get_demanded_units(self):
        """What the order is to make, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _is_under_way(self):
        """Whether the order has started and is not finished."""
        self.ensure_one()
        return self.state in ("confirmed", "progress", "to_close") and (
            not self._has_not_started()
        )

    def _has_not_started(self):
        self.ensure_one()
        return self.state == "confirmed" and self.product_uom_id.is_zero(
            self.qty_producing
        )

    def _get_made_units(self):
        """What the order has made for its line, in the product's unit.

        What it made beyond its demand is free stock.
        """
        self.ensure_one()
        made = self._get_finished_moves_for_line()
        made = made.filtered(lambda move: move.state == "done")
        if not made:
            return 0.0
        return min(made._get_procured_units(), self._get_demanded_units())

    def _get_producing_units(self):
        """What the order still makes for its line, in the product's unit."""
        self.ensure_one()
        return self._get_linked_finished_moves()._get_procured_units()

    def _change_quantity(self, quantity):
        """Make a confirmed order for `quantity` of its unit, components scaled."""
        self.ensure_one()
        self._let_go_beyond(quantity / self.product_qty)
        deciding = tell(self, ato_step=True)
        deciding.env["change.production.qty"].create(
            {"mo_id": self.id, "product_qty": quantity}
        ).change_prod_qty()

    def _let_go_beyond(self, factor):
        """Hold no more components, and expect no more, than for `factor` of the whole.

        Where more is held than asked for, Odoo lets go of all of it, and reserves anew:
        in other bins, maybe, than a planner has chosen.
        """
        if factor < 1:
            for move in self.move_raw_ids | self._get_linked_finished_moves():
                move._let_go(move._get_held_units() - move.product_qty * factor)

    def _lower(self, quantities):
        """Make less; those that are left nothing to make end, all at once.

        :param quantities: {order: what it makes less, in the product's unit}
        """
        ended = self.filtered(lambda order: order._ends_without(quantities[order]))
        for order in self - ended:
            if order.state == "draft" or order._has_not_started():
                order._raise(-quantities[order])
        drafts = ended.filtered(lambda order: order.state == "draft")
        if confirmed := ended - drafts:
            confirmed._cancel_for_sale_line()
        drafts._remove_from_quotation()

    def _ends_without(self, quantity):
        """Whether nothing is left to make without `quantity`, and nothing was begun."""
        self.ensure_one()
        compare = self.product_id.uom_id.compare
        if self.state == "draft":
            return compare(self._get_producing_units(), quantity) <= 0
        return self._has_not_started() and (
            compare(quantity, self._get_demanded_units()) >= 0
        )

    def _lower_by_route(self, quantity):
        """Make up to `quantity` less, in the product's unit.

        :return: the quantity given back: nothing once the order has started
        """
        self.ensure_one()
        if not self._has_not_started():
            return 0.0
        less = min(quantity, self._get_demanded_units())
        self._lower({self: less})
        return less

    def _raise(self, quantity):
        """Make `quantity` more, in the product's unit, components scaled."""
        self.ensure_one()
        if self.state == "draft":
            deciding = self._as_step()
            return deciding._follow_quantity(self._get_producing_units() + quantity)
        change = self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom_id, rounding_method="HALF-UP"
        )
        self._change_quantity(self.product_qty + change)

    def _cancel_for_sale_line(self):
        """Cancel, because their lines ask so, what nobody has begun."""
        tell(self, ato_step=True).action_cancel()

    def _log_downside_manufactured_quantity(self, moves_modification, cancel=False):
        """Tell nobody of a delivery what its own line has asked for.

        Who buys, or makes, the components is told by Odoo.
        """
        if self._is_step():
            return None
        return super()._log_downside_manufactured_quantity(
            moves_modification, cancel=cancel
        )
