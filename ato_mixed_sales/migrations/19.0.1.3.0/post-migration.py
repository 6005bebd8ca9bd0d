# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Have Odoo's own links and reports know the line of a linked order (O10)."""
    cr.execute(
        """
        UPDATE mrp_production
           SET sale_line_id = ato_sale_line_id
         WHERE sale_line_id IS NULL
           AND ato_sale_line_id IS NOT NULL
           AND state NOT IN ('draft', 'cancel')
        """
    )
