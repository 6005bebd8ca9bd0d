# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang
from odoo.tools.sql import column_exists, create_column

from ... import split
from ..product_template import ASSEMBLY_POLICIES


class SaleOrderLine(models.Model):
    """How much of a line is assembled to order: default, bounds, the rest."""

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
    assembly_policy = fields.Selection(
        selection=ASSEMBLY_POLICIES,
        compute="_compute_assembly_policy",
        compute_sudo=True,
        groups="base.group_user",
        help="Assembly policy of the product, or of its override for this variant "
        "and warehouse.",
    )
    qty_to_assemble_to_order = fields.Float(
        string="Qty. to Assemble to Order",
        digits="Product Unit",
        compute="_compute_qty_to_assemble_to_order",
        inverse="_inverse_qty_to_assemble_to_order",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="Part of the ordered quantity, in the unit of the line, that is "
        "assembled for this order. The rest is taken from stock.",
    )
    assembly_basis = fields.Json(
        compute="_compute_qty_to_assemble_to_order",
        store=True,
        readonly=False,
        copy=True,
        groups="base.group_user",
        help="Product, ordered quantity and policy for which the quantity to assemble "
        "was last decided, by the system or by somebody.",
    )
    qty_from_stock = fields.Float(
        digits="Product Unit",
        compute="_compute_qty_from_stock",
        groups="base.group_user",
        help="Part of the ordered quantity, in the unit of the line, that is taken "
        "from stock: ordered less assembled to order.",
    )

    def _auto_init(self):
        """Leave the lines that exist at installation alone: none is assembled."""
        columns = {"qty_to_assemble_to_order": "numeric", "assembly_basis": "jsonb"}
        for name, column_type in columns.items():
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, column_type)
        return super()._auto_init()

    @api.depends(
        "product_id.is_storable",
        "product_id.bom_ids.active",
        "product_id.bom_ids.type",
        "product_id.route_ids",
        "route_ids",
        "warehouse_id",
        "company_id",
        "display_type",
        "is_expense",
    )
    def _compute_is_assembled(self):
        boms = self._get_assembly_boms()
        for line in self:
            line.assembly_bom_id = boms.get(line)
            line.is_assembled = bool(line.assembly_bom_id)

    @api.depends("product_id.assembly_policy", "warehouse_id")
    def _compute_assembly_policy(self):
        policies = self.env["product.assembly.policy"]._get_policies(
            self.product_id, self.warehouse_id
        )
        for line in self:
            line.assembly_policy = (
                policies.get((line.product_id, line.warehouse_id))
                or line.product_id.assembly_policy
            )

    @api.depends("product_id", "product_uom_qty", "product_uom_id", "warehouse_id")
    def _compute_qty_to_assemble_to_order(self):
        for line in self:
            line.qty_to_assemble_to_order = line._get_default_qty_to_assemble()
            line.assembly_basis = line._prepare_assembly_basis()

    def _inverse_qty_to_assemble_to_order(self):
        for line in self:
            line.assembly_basis = line._prepare_assembly_basis()

    @api.depends("product_uom_qty", "qty_to_assemble_to_order")
    def _compute_qty_from_stock(self):
        for line in self:
            line.qty_from_stock = split.parts(
                line.product_uom_qty, line.qty_to_assemble_to_order
            ).stock

    def _prepare_assembly_basis(self):
        """What the present quantity to assemble was decided for."""
        self.ensure_one()
        if not self._can_be_assembled():
            return False
        return {
            "product_id": self.product_id.id,
            "quantity": self.product_uom_qty,
            "to_order": self.assembly_policy == "assemble_to_order",
        }

    def _get_previous_assembly_decision(self):
        """The last decision about this line's product, if there is one."""
        self.ensure_one()
        basis = self.assembly_basis
        if not basis or basis["product_id"] != self.product_id.id:
            return None
        return split.Decision(
            basis["quantity"], self.qty_to_assemble_to_order, basis["to_order"]
        )

    def _get_default_qty_to_assemble(self):
        """The quantity to assemble that this line proposes, in its unit (R9)."""
        self.ensure_one()
        if not self._can_be_assembled():
            return 0.0
        return split.default_to_assemble(
            self.product_uom_qty,
            self.assembly_policy == "assemble_to_order",
            self.product_uom_id,
            previous=self._get_previous_assembly_decision(),
            shipped=self.qty_delivered,
            upper=self._get_assembly_bounds().upper,
        )

    def _can_be_assembled(self):
        """Whether the product can be assembled, or already is for this very line.

        An assembly order outlives the bill of materials that it was made from, but
        a quotation's cannot follow to a warehouse that does not manufacture.
        """
        self.ensure_one()
        if self.is_assembled or not self.assembly_basis:
            return self.is_assembled
        if self.state != "sale" and not self.warehouse_id._get_assembly_rule():
            return False
        orders = self._origin._get_assembly_orders(
            "draft", "confirmed", "progress", "to_close", "done"
        )
        return self.product_id in orders.product_id

    def _get_assembly_boms(self):
        """The bill of materials by which each of these lines is assembled.

        Lines that cannot be assembled are absent: services, goods whose stock is
        not tracked, kits, products without a bill of materials for the company and
        warehouse, warehouses that do not manufacture.

        :return: {line: mrp.bom}, in a number of queries that depends on the number
            of warehouses only
        """
        boms = {}
        candidates = self.filtered(lambda line: line._can_have_assembly_part())
        candidates -= candidates._get_dropshipped()
        for (company, warehouse), lines in candidates.grouped(
            lambda line: (line.company_id, line.warehouse_id)
        ).items():
            found = self._find_assembly_boms(lines.product_id, company, warehouse)
            boms.update(
                {
                    line: found[line.product_id]
                    for line in lines
                    if found[line.product_id]
                }
            )
        return boms

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
        dropshipped = self.browse()
        for routes, lines in self.grouped(lambda line: line._get_routes()).items():
            if any(
                rule.action not in ("pull", "push", "pull_push")
                and rule.location_dest_id.usage == "customer"
                for rule in routes.rule_ids
            ):
                dropshipped += lines
        return dropshipped

    def _get_routes(self):
        """The routes that apply: the line's own, else those of the product."""
        self.ensure_one()
        product = self.product_id
        return self.route_ids or product.route_ids | product.categ_id.total_route_ids

    @api.model
    def _find_assembly_boms(self, products, company, warehouse):
        """Normal bills of materials of `products`, kits left out."""
        boms = (
            self.env["mrp.bom"]
            .sudo()
            ._bom_find(
                products,
                picking_type=warehouse._get_assembly_rule().picking_type_id,
                company_id=company.id,
                bom_type="normal",
            )
        )
        for kit in products._filter_kits(company):
            boms.pop(kit, None)
        return boms

    def _compute_qty_to_deliver(self):
        return super(SaleOrderLine, self._without_kits())._compute_qty_to_deliver()

    def _prepare_qty_delivered(self):
        return super(SaleOrderLine, self._without_kits())._prepare_qty_delivered()

    def _without_kits(self):
        """The lines, so that Odoo does not look for a kit on each that is mixed.

        That none of them is one has been found out for all of them at once.
        """
        mixed = self.sudo().filtered("qty_to_assemble_to_order")
        products = mixed.product_id._origin - mixed._get_kits()
        if not products:
            return self
        return self.with_context(ato_no_kits=frozenset(products.ids))

    def _get_kits(self):
        """Those products of the lines that are delivered as their components."""
        kits = self.env["product.product"]
        for company, lines in self.grouped("company_id").items():
            kits |= lines.product_id._origin._filter_kits(company)
        return kits

    def _get_assembly_bounds(self):
        """The quantities to assemble that are allowed now, in the line's unit (R17).

        A quotation that was an order before may have been delivered in part.
        """
        self.ensure_one()
        return split.assembly_bounds(
            self.product_uom_qty,
            self.product_uom_id,
            assembled=self.qty_assembled,
            shipped_stock=self.qty_delivered - self._get_shipped_assembled(),
        )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            line._check_not_rounded_away(vals)
        return lines

    def write(self, vals):
        res = super().write(vals)
        for line in self:
            line._check_not_rounded_away(vals)
        return res

    def _check_not_rounded_away(self, vals):
        """Refuse what is asked for and is nothing in the unit of the line (R14).

        :raises ValidationError: naming the product and the unit
        """
        asked = vals.get("qty_to_assemble_to_order") or 0.0
        if asked > 0 and self.product_uom_id.is_zero(self.qty_to_assemble_to_order):
            raise ValidationError(
                self.env._(
                    "%(product)s on %(order)s: %(asked)s %(uom)s to assemble to order "
                    "is less than can be counted. Enter more, or 0.",
                    product=self.product_id.display_name,
                    order=self.order_id.display_name,
                    asked=asked,
                    uom=self.product_uom_id.name,
                )
            )

    @api.constrains("qty_to_assemble_to_order", "product_uom_qty", "product_id")
    def _check_qty_to_assemble_to_order(self):
        """Keep the quantity to assemble inside its bounds (R16 to R18).

        :raises ValidationError: with the product, the order and the limits
        """
        for line in self.filtered("qty_to_assemble_to_order"):
            if not line._can_be_assembled():
                raise ValidationError(line._get_not_assembled_message())
            bounds = line._get_assembly_bounds()
            if not split.is_allowed(
                line.qty_to_assemble_to_order, bounds, line.product_uom_id
            ):
                raise ValidationError(line._get_assembly_bounds_message(bounds))

    def _get_not_assembled_message(self):
        self.ensure_one()
        return self.env._(
            "%(product)s on %(order)s cannot be assembled to order: %(reason)s Set "
            "Qty. to Assemble to Order to 0 to take everything from stock.",
            product=self.product_id.display_name or self.name,
            order=self.order_id.display_name,
            reason=self._get_not_assembled_reason(),
        )

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
        bom_types = set(self.product_id.bom_ids.mapped("type"))
        if "phantom" in bom_types:
            return self.env._("it is sold as a kit.")
        if bom_types == {"subcontract"}:
            return self.env._("it is made by a subcontractor.")
        return self.env._(
            "it has no bill of materials of type 'Manufacture this product' for "
            "warehouse %(warehouse)s.",
            warehouse=self.warehouse_id.display_name,
        )

    def _get_assembly_bounds_message(self, bounds):
        """What was asked, and what is possible, in the words of the line."""
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "order": self.order_id.display_name,
            "quantity": self._format_line_qty(self.qty_to_assemble_to_order),
            "lower": self._format_line_qty(bounds.lower),
            "upper": self._format_line_qty(bounds.upper),
            "ordered": self._format_line_qty(self.product_uom_qty),
        }
        if self.product_uom_id.compare(bounds.lower, 0.0) > 0:
            return self.env._(
                "%(product)s on %(order)s: %(quantity)s cannot be assembled to order. "
                "Choose from %(lower)s, already assembled, to %(upper)s, ordered and "
                "not delivered from stock, or 0 to stop assembling.",
                **figures,
            )
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s cannot be assembled to order. "
            "Choose from 0 to %(upper)s, ordered and not delivered from stock, or "
            "change the ordered quantity (%(ordered)s).",
            **figures,
        )

    def _to_line_unit(self, units):
        """`units` of the product, in the unit of the line."""
        self.ensure_one()
        product_uom, line_uom = self.product_id.uom_id, self.product_uom_id
        if units and product_uom == line_uom:
            return line_uom.round(units)
        return product_uom._compute_quantity(units, line_uom, rounding_method="HALF-UP")

    def _format_line_qty(self, quantity):
        """`quantity`, in the line's unit, as the user reads it."""
        self.ensure_one()
        figure = formatLang(self.env, quantity, dp="Product Unit")
        return f"{figure} {self.product_uom_id.name}"
