# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

PLACES = frozenset({"default_location_src_id", "default_location_dest_id"})


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    def write(self, vals):
        """Have orders of quotations be made where the operation says from now on.

        The steps of a warehouse are such places: components are brought to where they
        are used, and by nobody to where they were used before (E2).
        """
        drafts = self.env["mrp.production"]
        if PLACES.intersection(vals):
            drafts = drafts._get_drafts_of_operations(self)
        before = {order: order._get_usual_places() for order in drafts}
        res = super().write(vals)
        drafts._follow_usual_places(before)
        return res
