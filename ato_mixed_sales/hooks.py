# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .models.sale_order.tell import LATE, READY


def uninstall_hook(env):
    """Leave nothing behind that quotations have made: nobody could remove it then.

    They let go of what they hold, and their draft orders are deleted. Orders of
    confirmed lines go on for the deliveries that they are chained to. What salespeople
    were told goes with its kinds of activities, which Odoo could not delete otherwise.
    """
    env["stock.move"].search([("ato_hold_line_id", "!=", False)])._remove_holds()
    drafts = env["mrp.production"].search(
        [("ato_sale_line_id", "!=", False), ("state", "=", "draft")]
    )
    drafts._get_quotations_own()._remove_from_quotation()
    _remove_activities(env)


def _remove_activities(env):
    """Those that were done, and ours: Odoo itself makes open ones of users to-dos."""
    kinds = [env.ref(kind, raise_if_not_found=False) for kind in (LATE, READY)]
    env["mail.activity"].with_context(active_test=False).search(
        [
            ("activity_type_id", "in", [kind.id for kind in kinds if kind]),
            "|",
            ("automated", "=", True),
            ("active", "=", False),
        ]
    ).unlink()
