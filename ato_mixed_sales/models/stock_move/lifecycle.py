# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class StockMove(models.Model):
    """What follows when moves come and change: nothing else overrides these."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        # rules make their moves as superuser; a client may send these values too
        for vals in vals_list if self.env.su else ():
            procured = vals.get("procurement_values") or {}
            if procured.get("ato_supply") == "assembly":
                # the rule is the one of the stock part; only this demand is chained
                vals["procure_method"] = "make_to_order"
        moves = super().create(vals_list)
        moves._label_finished_moves()
        return moves

    def write(self, vals):
        """:raises AccessError: when a user changes what a quotation holds"""
        self._check_hold_is_left_alone()
        revived = self._get_revived(vals)
        res = super().write(vals)
        if revived:
            revived._follow_revival()
        return res
