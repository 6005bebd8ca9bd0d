# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.sql import column_exists, create_column

from ...private_context import tell
from ...sent import check_one
from ..ato_company_mixin import AtoCompanyMixin

FILL_SALE_ORDER = """
    UPDATE mrp_production
       SET ato_sale_order_id = sale.id, ato_partner_id = sale.partner_id
      FROM sale_order_line line JOIN sale_order sale ON sale.id = line.order_id
     WHERE line.id = mrp_production.ato_sale_line_id
"""


class MrpProduction(models.Model):
    """Which sales order line a manufacturing order assembles for."""

    _name = "mrp.production"
    _inherit = ["ato.guarded.mixin", AtoCompanyMixin._name, "mrp.production"]
    _guarded_fields = frozenset(
        {
            "ato_bom_basis",
            "ato_partner_id",
            "ato_sale_line_id",
            "ato_sale_order_id",
            "ato_shipment_id",
        }
    )

    ato_sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Assembled for",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Sales order line whose part to assemble to order this order makes. "
        "Product, quantity, unit, warehouse and deadline are the line's.",
    )

    is_assemble_to_order = fields.Boolean(
        string="Assemble to Order",
        compute="_compute_is_assemble_to_order",
        search="_search_is_assemble_to_order",
        help="This order makes the assembly part of a sales order line.",
    )

    ato_sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Assembled for Order",
        compute="_compute_ato_sale_order_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="Sales order or quotation this order assembles for.",
    )

    ato_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_ato_sale_order_id",
        compute_sudo=True,
        store=True,
        index="btree_not_null",
        help="Customer this order assembles for.",
    )

    def _auto_init(self):
        """Fill the columns by what is linked: Odoo would read all orders there are."""
        cr = self.env.cr
        if not column_exists(cr, self._table, "ato_partner_id"):
            linked = column_exists(cr, self._table, "ato_sale_line_id")
            create_column(cr, self._table, "ato_sale_order_id", "int4")
            create_column(cr, self._table, "ato_partner_id", "int4")
            if linked:
                cr.execute(FILL_SALE_ORDER)
        return super()._auto_init()

    def _with_line(self):
        """The orders, with the sales order lines that they assemble for.

        sudo: planners may not read the lines, nor salespeople the orders. No client
        calls what comes here, and nothing that a client sent is written this way.
        """
        return self.sudo()

    def _get_linked(self):
        """Those of the orders that assemble for a sales order line."""
        return self._with_line().filtered("ato_sale_line_id")

    @api.depends("ato_sale_line_id")
    def _compute_is_assemble_to_order(self):
        for production in self:
            production.is_assemble_to_order = bool(production.ato_sale_line_id)

    @api.model
    def _search_is_assemble_to_order(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("ato_sale_line_id", "!=" if True in value else "=", False)]

    @api.depends("ato_sale_line_id.order_id.partner_id")
    def _compute_ato_sale_order_id(self):
        for production in self:
            # not what a client wants to try: that may be somebody else's line
            order = production._origin.ato_sale_line_id.order_id
            production.ato_sale_order_id = order
            production.ato_partner_id = order.partner_id

    @api.depends("ato_sale_line_id")
    def _compute_sale_order_count(self):
        """One, whether or not the user may read it: Odoo would look into the line."""
        linked = self.filtered("ato_sale_line_id")
        linked.sale_order_count = 1
        return super(MrpProduction, self - linked)._compute_sale_order_count()

    def action_view_sale_orders(self):
        """Open the order of the line this order assembles for, else as in Odoo."""
        check_one(self)
        if not self.ato_sale_line_id:
            return super().action_view_sale_orders()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.ato_sale_order_id.id,
        }

    @api.constrains("ato_sale_line_id")
    def _check_ato_sale_line_id(self):
        """Link an order only to a line of its product and company.

        :raises ValidationError: naming the order, and nothing of the line
        """
        for production in self:
            line = production._with_line().ato_sale_line_id
            if line and (line.product_id, line.company_id) != (
                production.product_id,
                production.company_id,
            ):
                raise ValidationError(
                    self.env._(
                        "%(assembly_order)s cannot assemble for this sales order "
                        "line: it is for another product or company.",
                        assembly_order=production.display_name,
                    )
                )

    def copy_data(self, default=None):
        """Have copies be nobody's; backorders and splits say whose they are."""
        vals_list = super().copy_data(default=default)
        for production, vals in zip(self, vals_list, strict=True):
            linked = production._get_linked()
            if linked and "ato_sale_line_id" not in vals:
                vals["sale_line_id"] = False
        return vals_list

    def _get_backorder_mo_vals(self):
        """The rest is for the same line, and of the lot that its customer wants."""
        vals = super()._get_backorder_mo_vals()
        if line := self._with_line().ato_sale_line_id:
            lots = line._get_lots_to_make()
            vals.update({"lot_producing_ids": lots.ids} if lots else {})
        return {**vals, "ato_sale_line_id": line.id}

    def _pre_action_split_merge_hook(self, merge=False, split=False):
        if merge and self._get_linked():
            raise UserError(
                self.env._(
                    "Orders that are assembled for a sales order cannot be merged: "
                    "each belongs to its own order line (%(assembly_orders)s).",
                    assembly_orders=", ".join(
                        self.filtered("is_assemble_to_order").mapped("name")
                    ),
                )
            )
        return super()._pre_action_split_merge_hook(merge=merge, split=split)

    def _split_productions(
        self, amounts=False, cancel_remaining_qty=False, set_consumed_qty=False
    ):
        self.check_access("write")
        self._check_not_quotations_own()
        # a split moves quantity between orders of the same line only
        deciding = tell(self._with_line(), ato_step=True)
        productions = super(MrpProduction, deciding)._split_productions(
            amounts=amounts,
            cancel_remaining_qty=cancel_remaining_qty,
            set_consumed_qty=set_consumed_qty,
        )
        return productions.with_env(self.env)

    def _leave_line(self):
        """Go on for stock."""
        self.ensure_one()
        self._get_linked_finished_moves().ato_supply = False
        self.ato_sale_line_id = False
