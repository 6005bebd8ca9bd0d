# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Whether, and by which bill of materials, a line can be assembled."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    is_assembled = fields.Boolean(
        compute="_compute_is_assembled",
        compute_sudo=True,
        groups="base.group_user",
        help="The product is made from a bill of materials in the warehouse that "
        "delivers the line, and is neither a kit nor subcontracted.",
    )

    assembly_bom_id = fields.Many2one(
        comodel_name="mrp.bom",
        string="Assembly Bill of Materials",
        compute="_compute_is_assembled",
        compute_sudo=True,
        groups="base.group_user",
        help="Bill of materials by which the product is assembled for the line.",
    )

    @api.depends(
        lambda self: (
            "product_id.is_storable",
            "product_id.bom_ids.active",
            "product_id.bom_ids.type",
            "product_id.route_ids",
            "route_ids",
            "warehouse_id",
            "company_id",
            "display_type",
            "is_expense",
            *self._get_chosen_fields(),
        )
    )
    def _compute_is_assembled(self):
        boms = self._get_assembly_boms()
        for line in self:
            line.assembly_bom_id = boms.get(line)
            line.is_assembled = line in boms

    def _filter_assembled(self):
        """Those of the lines that are assembled, or can be."""
        return self.filtered(
            lambda line: line.is_assembled or line.qty_to_assemble_to_order > 0
        )

    def _can_be_assembled(self):
        """Whether the product can be assembled, or already is for this very line.

        An assembly order outlives the bill of materials that it was made from, but
        a quotation's cannot follow to a warehouse that does not manufacture.
        """
        self.ensure_one()
        if self.is_assembled or not self._read_assembly_basis():
            return self.is_assembled
        if self.state != "sale" and not self.warehouse_id._get_assembly_rule():
            return False
        orders = self._origin._get_assembly_orders(
            "draft", "confirmed", "progress", "to_close", "done"
        )
        if self.state != "sale":
            orders = orders.filtered(
                lambda order: order.company_id == self.company_id
                and self._is_bill_of_warehouse(order.bom_id)
            )
        return self.product_id in orders.product_id

    def _is_bill_of_warehouse(self, bill):
        """Whether `bill` is for any operation, or for one of the line's warehouse."""
        self.ensure_one()
        own = bill.picking_type_id.warehouse_id
        rule = own and self.warehouse_id._get_assembly_rule()
        return not own or own == rule.picking_type_id.warehouse_id

    def _get_assembly_boms(self):
        """The bill of materials by which each of these lines is assembled.

        Lines that cannot be assembled are absent: services, goods whose stock is
        not tracked, kits, products without a bill of materials for the company and
        warehouse, warehouses that do not manufacture.

        :return: {line: mrp.bom}, in a number of queries that depends on the number
            of warehouses only
        """
        boms = {}
        for (company, warehouse), lines in (
            self.filtered("product_id")
            .grouped(lambda line: (line.company_id, line.warehouse_id))
            .items()
        ):
            products = lines.product_id - lines.product_id._filter_kits(company)
            found = self._find_assembly_boms(products, company, warehouse)
            assembled = {*products._ids}
            for line in lines:
                bom = line._get_chosen_bom() or found[line.product_id]
                # plain products have none: nothing else is asked of them
                if bom.type == "normal" and line.product_id.id in assembled:
                    boms[line] = bom
        made = (
            self.browse()
            .union(*boms)
            .filtered(lambda line: line._can_have_assembly_part())
        )
        return {line: boms[line] for line in made - made._get_dropshipped()}

    def _can_have_assembly_part(self):
        """Whether the line, whatever its bill of materials, is of a kind we split."""
        self.ensure_one()
        return bool(
            self.product_id.is_storable
            and not self.display_type
            and not self.is_expense
            and not self.is_downpayment
            and self.warehouse_id._get_assembly_rule()
        )

    def _get_dropshipped(self):
        """Those of the lines whose routes have others deliver to the customer."""
        templates = self.product_id.product_tmpl_id
        routes = self.route_ids | templates.route_ids
        routes |= templates.categ_id.total_route_ids
        # hardly ever is there one: no line is asked then
        rules = routes.rule_ids.filtered(
            lambda rule: rule.action not in ("pull", "push", "pull_push")
            and rule.location_dest_id.usage == "customer"
        )
        return self.filtered(
            lambda line: bool(rules) and bool(line._get_routes() & rules.route_id)
        )

    def _get_routes(self):
        """The routes that apply: the line's own, else those of the product."""
        self.ensure_one()
        # what products inherit is read product by product
        product = self.product_id.product_tmpl_id
        return self.route_ids or product.route_ids | product.categ_id.total_route_ids

    @api.model
    def _find_assembly_boms(self, products, company, warehouse):
        """Normal bills of materials of `products`: {product: mrp.bom}"""
        products = products.with_env(self._with_documents().env)
        made = products.filtered(
            lambda product: "normal" in product.product_tmpl_id.bom_ids.mapped("type")
        )
        if not made:
            return defaultdict(products.env["mrp.bom"].browse)
        # Odoo reads the variants of each bill, and not of all bills together
        made.product_tmpl_id.mapped("product_variant_ids")
        return products.env["mrp.bom"]._bom_find(
            made,
            picking_type=warehouse._get_assembly_rule().picking_type_id,
            company_id=company.id,
            bom_type="normal",
        )

    def _get_not_assembled_message(self):
        self.ensure_one()
        return self.env._(
            "%(product)s on %(order)s cannot be assembled to order: %(reason)s Set "
            "Qty. to Assemble to Order to 0 to take everything from stock.",
            product=self.product_id.display_name or self.name,
            order=self.order_id.display_name,
            reason=self._get_not_assembled_reason(),
        )

    def _get_bill_types(self):
        """The types of the bills of materials that may be of the line's product."""
        self.ensure_one()
        bills = self.product_id.bom_ids.filtered(
            lambda bill: bill.product_id <= self.product_id
            and bill.company_id <= self.company_id
        )
        return set(bills.mapped("type"))

    def _get_not_assembled_reason(self):
        """Why the line cannot have an assembly part, as a sentence."""
        self.ensure_one()
        if self.display_type:
            return self.env._("it is not a product.")
        if not self.product_id.is_storable:
            return self.env._("its inventory is not tracked.")
        if self.is_expense or self.is_downpayment:
            return self.env._("nothing is delivered for this line.")
        if self._get_dropshipped():
            return self.env._("it is delivered by its vendor.")
        if not self.warehouse_id._get_assembly_rule():
            return self.env._(
                "warehouse %(warehouse)s does not manufacture.",
                warehouse=self.warehouse_id.display_name,
            )
        bill_types = self._get_bill_types()
        if "phantom" in bill_types:
            return self.env._("it is sold as a kit.")
        if bill_types == {"subcontract"}:
            return self.env._("it is made by a subcontractor.")
        return self.env._(
            "it has no bill of materials of type 'Manufacture this product' for "
            "warehouse %(warehouse)s.",
            warehouse=self.warehouse_id.display_name,
        )
