# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Propose bins for the lines that were sold before lines had one.

    Cancelled lines leave the assembly orders that were started for them.
    """
    lines = api.Environment(cr, SUPERUSER_ID, {})["sale.order.line"]
    lines.search(
        [
            ("qty_to_assemble_to_order", ">", 0),
            ("state", "in", ("draft", "sent", "sale")),
            ("order_id.delivery_status", "!=", "full"),
            ("bin_location_id", "=", False),
        ]
    )._propose_bins()
    lines.search(
        [("state", "=", "cancel"), ("assembly_order_ids.state", "!=", "cancel")]
    )._cancel_assembly()
