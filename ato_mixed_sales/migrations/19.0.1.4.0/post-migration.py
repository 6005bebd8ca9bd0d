# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Have companies that refused to confirm uncovered orders go on refusing (U9).

    The others had chosen nothing: they are asked now, which stops nobody.
    """
    if not column_exists(cr, "res_company", "refuse_uncovered_confirmation"):
        return
    cr.execute(
        """
        UPDATE res_company
           SET uncovered_confirmation = 'refuse'
         WHERE refuse_uncovered_confirmation
        """
    )
