# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _get_rule_domain(self, locations, values):
        """Deliver both parts of a mixed line by one rule, which takes from stock.

        Odoo counts a line's deliveries by the rule that started them; and the
        assembly part is chained by the line's decision, not by a route. A stock part
        that a route supplied before the line was split stays with its route.
        """
        domain = super()._get_rule_domain(locations, values)
        by_route = values.get("ato_by_route") or values.get("ato_sale_line_id")
        if values.get("ato_supply") and not by_route:
            domain &= Domain("procure_method", "=", "make_to_stock") | Domain(
                "action", "not in", ("pull", "pull_push")
            )
        return domain

    def _get_custom_move_fields(self):
        return super()._get_custom_move_fields() + ["ato_supply"]

    def _make_mo_get_domain(self, procurement, bom):
        """Keep linked orders for their own line."""
        return (
            *super()._make_mo_get_domain(procurement, bom),
            ("ato_sale_line_id", "=", False),
        )

    def _prepare_mo_vals(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
        bom,
    ):
        vals = super()._prepare_mo_vals(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
            bom,
        )
        if values.get("ato_sale_line_id"):
            vals["ato_sale_line_id"] = values["ato_sale_line_id"]
        return vals

    @api.model
    def _run_manufacture(self, procurements):
        """Answer the assembly parts by the orders of their lines, the rest as ever."""
        assembly, others = [], []
        for procurement, rule in procurements:
            linked = procurement.values.get("ato_sale_line_id")
            (assembly if linked else others).append((procurement, rule))
        if assembly:
            self._run_assembly(assembly)
        return super()._run_manufacture(others)

    @api.model
    def _run_assembly(self, procurements):
        """Bind the assembly parts to the orders that the plan of their lines has made.

        The draft order of the quotation is among them, with its components.
        """
        Line = self.env["sale.order.line"]._as_superuser()
        demands = {
            Line.browse(procurement.values["ato_sale_line_id"]): procurement
            for procurement, _rule in procurements
            if procurement.product_uom.compare(procurement.product_qty, 0.0) > 0
        }
        for line, procurement in demands.items():
            line._bind_assembly_part(procurement.values["move_dest_ids"])
        # before reordering rules look at what is coming
        Line.union(*demands)._confirm_new_orders()
