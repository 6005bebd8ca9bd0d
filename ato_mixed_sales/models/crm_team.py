# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

TO_DECIDE = [("assembly_state", "=", "to_decide")]


class CrmTeam(models.Model):
    _inherit = "crm.team"

    orders_to_decide_count = fields.Integer(
        string="To Decide",
        compute="_compute_orders_to_decide_count",
        groups="sales_team.group_sale_salesman",
        help="Number of quotations and orders of the team, among those that the user "
        "may see, of which a line is missing something, is short of components, or "
        "late.",
    )

    @api.depends_context("uid", "company")
    def _compute_orders_to_decide_count(self):
        orders = self.env["sale.order"]
        counts = dict(
            orders._read_group(
                [*TO_DECIDE, ("team_id", "in", self.ids)], ["team_id"], ["__count"]
            )
        )
        for team in self:
            team.orders_to_decide_count = counts.get(team._origin, 0)
