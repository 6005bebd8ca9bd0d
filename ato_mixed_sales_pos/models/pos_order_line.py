# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

# {line: split.Line} as it was before Odoo has changed its rows, in the cursor's data
SETTLED = "ato_settled"


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Assemble nothing for what is settled here.

        From then on Odoo sets the demand of every delivery row of the line to all
        that is left of it: there is one only, unless assembled units are under way.
        """
        lines = super().create(vals_list)
        settled = lines._get_settled_lines()
        settled._take_all_from_stock()
        if (facts := self.env.cr.postcommit.data.get(SETTLED)) is not None:
            facts.update(settled._filter_fulfilled()._get_facts())
        return lines

    def _get_settled_lines(self):
        """Lines of sales orders that are settled with these: none of other companies.

        Cashiers need no rights for what follows, as for what Odoo does to the order.
        """
        # sudo: which lines are settled; those of another company are not, by anybody
        settled = self.sudo().filtered(
            lambda line: line.sale_order_line_id.company_id == line.company_id
        )
        return settled.sale_order_line_id.with_env(self.env)

    def _get_delivered_units(self):
        """What left the shop by these lines, in the unit of the product."""
        lines = self.filtered(
            lambda line: line.order_id.state not in ("cancel", "draft")
        )
        pickings = lines.order_id.picking_ids
        if any(picking.state != "done" for picking in pickings):
            return 0.0
        return sum(lines.mapped("qty"))
