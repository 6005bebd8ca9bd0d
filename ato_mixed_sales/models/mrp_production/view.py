# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class MrpProduction(models.Model):
    """How linked orders are shown to those who may not see all of manufacturing."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _get_assembly_action(self, name):
        """Open these orders: one of them as a form, several as a list.

        Odoo's own views show lots, scraps and production groups, which are closed to
        salespeople: they get views of ours.
        """
        planner = self.env.user.has_group("mrp.group_mrp_user")
        if len(self) == 1 and not planner:
            return self._get_components_action()
        views = [(False, "list"), (False, "form")]
        if not planner:
            list_view = self.env.ref(
                "ato_mixed_sales.mrp_production_view_list_assembly"
            )
            views = [(list_view.id, "list"), (self._get_components_view().id, "form")]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mrp.production",
            "context": {"create": False, "delete": False},
            "domain": [("id", "in", self.ids)],
            "view_mode": "form" if len(self) == 1 else "list,form",
            "views": views[1:] if len(self) == 1 else views,
            "res_id": self.id if len(self) == 1 else False,
        }

    @api.model
    def _get_components_view(self):
        return self.env.ref("ato_mixed_sales.mrp_production_view_form_components")

    def _get_components_action(self):
        """Open the components of one order in a dialog, several orders as a list."""
        name = self.env._("Components of %s", self.product_id.display_name)
        if len(self) > 1:
            return self._get_assembly_action(name)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mrp.production",
            "context": {"create": False, "delete": False},
            "view_mode": "form",
            "views": [(self._get_components_view().id, "form")],
            "res_id": self.id,
            "target": "new",
        }

    def _get_whom_it_is_for(self):
        """What the floor reads of whom a linked order is for: names and a day."""
        self.ensure_one()
        line = self._with_line().ato_sale_line_id
        return {
            "customer": line.order_id.partner_id.display_name,
            "order": line.order_id.name,
            "delivery": line._get_assembly_deadline(),
        }
