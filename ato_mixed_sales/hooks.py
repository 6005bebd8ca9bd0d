# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Leave nothing behind that quotations have made: nobody could remove it then.

    They let go of what they hold, and their draft orders are deleted. Orders of
    confirmed lines go on for the deliveries that they are chained to.
    """
    env["stock.move"].search([("ato_hold_line_id", "!=", False)])._remove_holds()
    drafts = env["mrp.production"].search(
        [("ato_sale_line_id", "!=", False), ("state", "=", "draft")]
    )
    drafts._get_quotations_own()._remove_from_quotation()
