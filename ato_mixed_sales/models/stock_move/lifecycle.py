# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import nullcontext

from odoo import api, models

from ..sale_order.watch import WATCHED
from .component import CHANGED

# what and how much a move makes, where, and of which order
MADE = frozenset(
    {
        "product_id",
        "product_uom",
        "product_uom_qty",
        "production_id",
        "location_dest_id",
        "state",
    }
)

# what figures of orders are counted from
COUNTED = frozenset({"date", "product_uom_qty", "quantity", "state"})


class StockMove(models.Model):
    """What follows when moves come and change: nothing else overrides these."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        # rules make their moves as superuser; a client may send these values too
        for vals in vals_list if self.env.su else ():
            self._chain_as_supplied(vals)
        orders = not self.env.su and self._get_changed_orders(vals_list)
        with orders._telling_component_changes() if orders else nullcontext():
            moves = super().create(vals_list)
        if made := moves.filtered("production_id"):
            made._label_finished_moves()
        if not self.env.su:
            moves._get_linked_makers()._check_makes_for_line()
        watched = self.env.cr.precommit.data.get(WATCHED) or moves._watch()
        watched["moves"].update(moves.ids)
        return moves

    def write(self, vals):
        """:raises AccessError: when a user changes a label, or a hold
        :raises UserError: when a user changes what is made for a line
        """
        if not self:
            return True  # which is often so, and much to ask for nothing
        makers = revived = None
        if not self.env.su:
            self._check_guarded(vals)
            self._check_hold_is_left_alone()
            makers = MADE.intersection(vals) and self._get_linked_makers()
        if vals.get("state", "cancel") != "cancel" and "cancel" in self.mapped("state"):
            revived = self._get_cancelled()
        if "location_id" in vals and (bound := self._get_open_assembly_demand()):
            # assembled units are taken from where they are, whatever a transfer says
            bound.write({key: vals[key] for key in vals if key != "location_id"})
            self -= bound
        by_user = not self.env.su and CHANGED.intersection(vals)
        orders = by_user and self._get_changed_orders([vals])
        with orders._telling_component_changes() if orders else nullcontext():
            res = super().write(vals)
        if makers:
            makers._check_makes_for_line()
        if revived:
            revived._follow_revival()
        if COUNTED.intersection(vals):
            watched = self.env.cr.precommit.data.get(WATCHED) or self._watch()
            watched["moves"].update(self.ids)
        return res

    def _watch(self):
        """Have what follows be looked at: once in a transaction, see `sale.order`."""
        return self.env["sale.order"]._watch()

    def unlink(self):
        makers = self and self._get_linked_makers()
        watched = self.env.cr.precommit.data.get(WATCHED) or self._watch()
        watched["products"].update(self.product_id.ids)
        orders = not self.env.su and self._get_changed_orders()
        with orders._telling_component_changes() if orders else nullcontext():
            res = super().unlink()
        if makers:
            makers.exists()._make_anew()
        return res
