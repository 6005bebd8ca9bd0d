# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .product_template import ASSEMBLY_POLICIES


class ProductAssemblyPolicy(models.Model):
    """A warehouse, or a variant in it, that leaves the product's policy (R3)."""

    _name = "product.assembly.policy"
    _description = "Assembly Policy by Warehouse"
    _order = "product_tmpl_id, warehouse_id, product_id, id"
    _check_company_auto = True

    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        compute="_compute_product_tmpl_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Product that leaves its own assembly policy in this warehouse.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Variant",
        ondelete="cascade",
        check_company=True,
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Variant the row is for; empty for every variant of the product.",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        ondelete="cascade",
        help="Warehouse that delivers the order line.",
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    policy = fields.Selection(
        selection=ASSEMBLY_POLICIES,
        required=True,
        default="assemble_to_order",
        help="Assembly policy in this warehouse, in place of the product's own.",
    )

    _unique_scope = models.UniqueIndex(
        "(product_tmpl_id, warehouse_id, COALESCE(product_id, 0))",
        "A product or variant can have one assembly policy per warehouse.",
    )

    @api.depends("product_id")
    def _compute_product_tmpl_id(self):
        for row in self:
            row.product_tmpl_id = row.product_id.product_tmpl_id or row.product_tmpl_id

    @api.constrains("product_id", "product_tmpl_id")
    def _check_variant(self):
        """:raises ValidationError: when the variant is another product's"""
        for row in self:
            if row.product_id and row.product_id.product_tmpl_id != row.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%(variant)s is not a variant of %(product)s.",
                        variant=row.product_id.display_name,
                        product=row.product_tmpl_id.display_name,
                    )
                )

    @api.constrains("policy", "product_tmpl_id")
    def _check_policy(self):
        """:raises ValidationError: as for the product's own policy (R2)"""
        self.product_tmpl_id._check_assembly_policy()

    @api.model
    def _get_policies(self, products, warehouses):
        """The policy of each of `products` in each of `warehouses` (R3).

        The variant's row wins over the product's row, that one over the product.

        :return: {(product, warehouse): policy}, read in one query
        """
        rows = self.search(
            [
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                ("warehouse_id", "in", warehouses.ids),
            ]
        )
        overrides = {
            (row.product_id or row.product_tmpl_id, row.warehouse_id): row.policy
            for row in rows
        }
        return {
            (product, warehouse): overrides.get((product, warehouse))
            or overrides.get((product.product_tmpl_id, warehouse))
            or product.assembly_policy
            for product in products
            for warehouse in warehouses
        }
