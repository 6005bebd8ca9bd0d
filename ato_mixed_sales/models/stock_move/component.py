# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..mrp_production.bill import COMPONENT

ORDER = "raw_material_production_id"
CHANGED = frozenset({*COMPONENT, ORDER})


class StockMove(models.Model):
    """Components that somebody changes on the moves themselves."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _get_changed_orders(self, vals_list=()):
        """The orders of which a user is about to change components.

        What runs as superuser, no user has decided: Odoo's procurements, and plans.

        :param vals_list: what is written to these moves, or what others are created by
        """
        orders = self.env["mrp.production"]
        if self.env.su:
            return orders
        default = self.env.context.get(f"default_{ORDER}")
        sent = {vals.get(ORDER, default) for vals in vals_list}
        orders |= orders.browse(order for order in sent if type(order) is int)
        return orders | self._with_line()[ORDER].with_env(self.env)
