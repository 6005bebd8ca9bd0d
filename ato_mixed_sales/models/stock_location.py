# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models, tools


class StockLocation(models.Model):
    _inherit = "stock.location"

    @tools.ormcache("self.usage", "self.parent_path")
    def _is_outgoing(self):
        """Odoo looks up one place in the database for whichever is no customer's.

        Most are not below it, which their path says without a query. It is asked of
        each move, again and again; where a place is moved to, its path is another one.
        """
        between = self.env["ir.model.data"]._xmlid_to_res_id(
            "stock.stock_location_inter_company"
        )
        above = (self.parent_path or "").split("/")
        if self.usage != "customer" and str(between) not in above:
            return False
        return super()._is_outgoing()

    def _is_shelf(self):
        """Whether a warehouse keeps its stock here: no step of a delivery ends here."""
        self.ensure_one()
        return bool(self._filter_shelves())

    def _filter_shelves(self):
        """See `_is_shelf`."""
        return self.filtered(
            lambda place: place.warehouse_id.lot_stock_id
            and place._child_of(place.warehouse_id.lot_stock_id)
        )
