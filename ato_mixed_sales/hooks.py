# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Let go of what quotations hold: nobody could without this add-on."""
    env["stock.move"].search([("ato_hold_line_id", "!=", False)])._drop_holds()
