# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

ASSEMBLY_POLICIES = [
    ("assemble_to_stock", "Assemble to Stock"),
    ("assemble_to_order", "Assemble to Order"),
    ("assemble_missing", "Assemble What Is Missing"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    assembly_policy = fields.Selection(
        selection=ASSEMBLY_POLICIES,
        default="assemble_to_stock",
        required=True,
        tracking=True,
        help="What a sales order line of this product proposes.\n"
        "Assemble to Stock: everything is taken from stock; the salesperson may "
        "assemble what is missing.\n"
        "Assemble to Order: everything is assembled for the order; the salesperson "
        "may take from stock what is already there.\n"
        "Assemble What Is Missing: what stock does not cover by the delivery date is "
        "assembled, decided once more at confirmation, unless somebody enters a "
        "figure.",
    )
    assembly_policy_ids = fields.One2many(
        comodel_name="product.assembly.policy",
        inverse_name="product_tmpl_id",
        string="Policies by Warehouse",
        help="Warehouses, and if need be single variants, that do not follow the "
        "assembly policy of the product. The most specific row wins.",
    )

    has_assembly_bom = fields.Boolean(
        compute="_compute_has_assembly_bom",
        compute_sudo=True,
        groups="base.group_user",
        help="At least one bill of materials says how the product is assembled. Users "
        "who may not read bills of materials see whether there is one.",
    )

    @api.depends("bom_ids.active", "bom_ids.type")
    def _compute_has_assembly_bom(self):
        for template in self:
            template.has_assembly_bom = "normal" in template.bom_ids.mapped("type")

    @api.constrains("assembly_policy", "is_storable", "type")
    def _check_assembly_policy(self):
        """Only goods that can be assembled into stock are assembled to order (R2).

        :raises ValidationError: naming the product and what is in the way
        """
        self._check_can_assemble_to_order(
            self.filtered(lambda t: t._is_assembled_by_policy())
        )

    @api.constrains("is_storable", "type")
    def _check_kind_of_assembled(self):
        """Leave what it is as long as orders of it are assembled or delivered (E17).

        A quotation follows when it is confirmed.

        :raises ValidationError: naming the product and the orders
        """
        lines = self.env["sale.order.line"]._get_held_by_assembly(self)
        if lines:
            raise ValidationError(
                self.env._(
                    "%(product)s is being assembled to order for %(orders)s, and "
                    "could not be any more: %(reason)s Deliver or cancel these orders "
                    "first, or set Qty. to Assemble to Order to 0 there.",
                    product=lines[0].product_id.display_name,
                    orders=", ".join(lines.order_id.mapped("name")),
                    reason=lines[0]._get_not_assembled_reason(),
                )
            )

    def _is_assembled_by_policy(self):
        """Whether its own policy, or an override, assembles without being told."""
        self.ensure_one()
        policies = {self.assembly_policy, *self.assembly_policy_ids.mapped("policy")}
        return policies != {"assemble_to_stock"}

    def _is_never_manufactured(self):
        """Whether all variants have bills of materials, none of which has them made."""
        self.ensure_one()
        bills = self.bom_ids
        if not bills or "normal" in bills.mapped("type"):
            return False
        is_for_all = any(not bill.product_id for bill in bills)
        return is_for_all or self.product_variant_ids <= bills.product_id

    def _check_can_assemble_to_order(self, templates):
        for template in templates:
            if not template.is_storable:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be assembled to order: its inventory is "
                        "not tracked. Track it by quantity, lot or serial number, or "
                        "set its assembly policy to Assemble to Stock.",
                        product=template.display_name,
                    )
                )
            if template._is_never_manufactured():
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be assembled to order: it is sold as a "
                        "kit or made by a subcontractor. Add a bill of materials of "
                        "type 'Manufacture this product', or set its assembly policy "
                        "to Assemble to Stock.",
                        product=template.display_name,
                    )
                )
