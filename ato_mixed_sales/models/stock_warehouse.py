# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    ato_ship_first = fields.Selection(
        selection=[
            ("default", "Proposed: the warehouse may ship from stock first"),
            ("strict", "Required: nothing leaves from stock before"),
        ],
        string="Assembled Units First",
        default="default",
        required=True,
        help="Units that are assembled to order leave before those taken from stock "
        "for the same order line: as a proposal, or as a rule for each delivery.",
    )

    def _get_assembly_rule(self):
        """The rule by which is assembled for this warehouse, empty when nobody does."""
        return self._get_assembly_supply()[0]

    def _get_assembly_supply(self):
        """Who assembles for this warehouse, and how the units come here.

        A warehouse that does not manufacture has it done by the first warehouse that
        supplies it and does, or has it done.

        :return: (manufacturing rule, routes up to it), both empty when nobody does
        """
        Route = self.env["stock.route"]
        rule = self.manufacture_pull_id.filtered("active")
        if rule or not self:
            return rule, rule.route_id
        visited = self.browse(self.env.context.get("ato_resupplied_ids")) | self
        for route in self.resupply_route_ids.filtered("active").sorted("sequence"):
            supplier = route.supplier_wh_id - visited
            if supplier.company_id != self.company_id:
                continue
            rule, routes = supplier.with_context(
                ato_resupplied_ids=visited.ids
            )._get_assembly_supply()
            if rule:
                return rule.with_env(self.env), (route | routes).with_env(self.env)
        return rule, Route
