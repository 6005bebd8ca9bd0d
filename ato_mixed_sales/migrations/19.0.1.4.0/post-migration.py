# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Have companies that refused to confirm uncovered orders go on refusing (U9).

    The others had chosen nothing: they are asked now, which stops nobody.
    """
    cr.execute(
        """
        UPDATE res_company
           SET uncovered_confirmation = 'refuse'
         WHERE refuse_uncovered_confirmation
        """
    )
