# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Have the holds of quotations say nothing of their orders and customers.

    Everybody who may read moves reads it.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    holds = env["stock.move"].search([("ato_hold_line_id", "!=", False)])
    holds.write({"partner_id": False, "origin": False})
    env.add_to_compute(holds._fields["reference"], holds)
