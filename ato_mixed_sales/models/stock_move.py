# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    ato_supply = fields.Selection(
        selection=[("stock", "From stock"), ("assembly", "Assembled to order")],
        string="Source of Supply",
        readonly=True,
        help="Where the units of a sales order line that is partly assembled to order "
        "come from: taken from stock, or made by its assembly order.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            procured = vals.get("procurement_values") or {}
            if procured.get("ato_supply") == "assembly":
                # the rule is the one of the stock part; only this demand is chained
                vals["procure_method"] = "make_to_order"
        return super().create(vals_list)

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return super()._prepare_merge_moves_distinct_fields() + ["ato_supply"]

    def _is_assembly_demand(self):
        """Whether the move waits for an assembly order that is still to be found."""
        self.ensure_one()
        return (
            self.ato_supply == "assembly"
            and self.procure_method == "make_to_order"
            and not self.move_orig_ids
        )

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self._is_assembly_demand():
            rule = self.warehouse_id._get_assembly_rule()
            values["ato_sale_line_id"] = self.sale_line_id.id
            values["route_ids"] = values["route_ids"] | rule.route_id
        return values

    def _get_procured_quantity(self):
        """What the moves stand for, in the product's unit: done, else demanded."""
        return sum(
            move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                move.product_id.uom_id,
                rounding_method="HALF-UP",
            )
            for move in self
        )

    def _get_held_quantity(self):
        """What the moves hold on units in stock, in the product's unit."""
        return sum(self.move_line_ids.mapped("quantity_product_uom"))
