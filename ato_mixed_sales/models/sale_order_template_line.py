# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from .. import split
from ..sent import Quantity


class SaleOrderTemplateLine(models.Model):
    _inherit = "sale.order.template.line"

    has_assembly_bom = fields.Boolean(
        related="product_id.has_assembly_bom", groups="base.group_user"
    )
    qty_to_assemble_to_order = Quantity(
        string="Qty. to Assemble to Order",
        digits="Product Unit",
        groups="base.group_user",
        help="Part of the quantity, in the unit of the line, that quotations of this "
        "template assemble to order. 0: what the assembly policy of the product says.",
    )

    @api.constrains("qty_to_assemble_to_order", "product_uom_qty", "product_id")
    def _check_qty_to_assemble_to_order(self):
        """:raises ValidationError: for more than is quoted, or a product of no bill"""
        for line in self.filtered("qty_to_assemble_to_order"):
            part, unit = line.qty_to_assemble_to_order, line.product_uom_id
            most = line.product_uom_qty if line.has_assembly_bom else 0.0
            if part < 0 or unit.compare(part, most) > 0:
                raise ValidationError(
                    self.env._(
                        "%(product)s on %(template)s: %(quantity)s cannot be assembled "
                        "to order. Choose from 0 to %(most)s.",
                        product=line.product_id.display_name or line.name,
                        template=line.sale_order_template_id.display_name,
                        quantity=formatLang(self.env, part, dp="Product Unit"),
                        most=formatLang(self.env, most, dp="Product Unit"),
                    )
                )

    def _prepare_order_line_values(self):
        """A figure of the template counts as one that somebody has typed."""
        vals = super()._prepare_order_line_values()
        if part := self.qty_to_assemble_to_order:
            quantity, unit = self.product_uom_qty, self.product_uom_id
            decided = split.Decision(quantity, part, to_order=True)
            basis = {
                "product_id": self.product_id.id,
                "quantity": quantity,
                "to_order": True,
            }
            if decided.is_mixed(unit):
                basis.update(wanted=part, given=part)
            vals.update(qty_to_assemble_to_order=part, assembly_basis=basis)
        return vals
