# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    """What no user writes on an order: what its salesperson was told of its lines."""

    _name = "sale.order"
    _inherit = ["ato.guarded.mixin", "sale.order"]
    _guarded_fields = frozenset({"promise_told"})
