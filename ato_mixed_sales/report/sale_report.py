# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class SaleReport(models.Model):
    _inherit = "sale.report"

    qty_to_assemble_to_order = fields.Float(
        string="Qty To Assemble",
        readonly=True,
        help="Units of the product ordered that are assembled for the order.",
    )
    qty_delivered_from_assembly = fields.Float(
        string="Qty Delivered from Assembly",
        readonly=True,
        help="Units of the product delivered that were assembled for the order, less "
        "those of them that came back.",
    )

    def _select_additional_fields(self):
        res = super()._select_additional_fields()
        res["qty_to_assemble_to_order"] = (
            "SUM(l.qty_to_assemble_to_order * u.factor / u2.factor)"
        )
        res["qty_delivered_from_assembly"] = f"SUM({self._get_delivered_of_line()})"
        return res

    def _get_delivered_of_line(self):
        """What has left of a line by its assembled part: a string, as Odoo asks here.

        Where nobody looks at the measure, PostgreSQL does not work it out.
        """
        query = SQL(
            """
            COALESCE((
                SELECT SUM(delivery.quantity) FROM (%s) delivery
                WHERE delivery.sale_line_id = l.id
                    AND delivery.product_id = l.product_id
                    AND delivery.source = 'assembly'
            ), 0)
            """,
            self.env["assembly.sale.report"]._get_deliveries(),
        )
        # the string is part of one that Odoo looks for parameters in
        return self.env.cr.mogrify(query).decode().replace("%", "%%")
