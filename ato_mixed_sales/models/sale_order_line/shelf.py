# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import models


class SaleOrderLine(models.Model):
    """Where the stock part of a line is taken from."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_shelf(self, rules=None):
        """Where the stock part is taken from, and when: (location, date)

        The location is empty when nothing is taken from stock.

        :param rules: {what a rule follows from: rule} that were found already, to which
            that of this line is added
        """
        self.ensure_one()
        move = self._get_shelf_moves()[:1]
        if move or not self._is_held_back():
            return move.location_id, move.date
        values, rules = self._prepare_shelf_values(), {} if rules is None else rules
        key = self._get_rule_key(values)
        if key not in rules:
            rules[key] = self._get_shelf_rule(values)
        return rules[key].location_src_id, values["date_planned"]

    def _get_rule_key(self, values):
        """What the rule follows from by which a line's stock part leaves.

        :param values: as from `_prepare_shelf_values`
        """
        self.ensure_one()
        product, warehouse = self.product_id, values["warehouse_id"]
        is_allowed = partial(
            self.env["stock.rule"]._filter_warehouse_routes, product, warehouse
        )
        return (
            self.company_id,
            self._get_location_final(),
            warehouse,
            values.get("route_ids"),
            values.get("packaging_uom_id"),
            tuple(values.get("ato_rules_left_out", ())),
            product.route_ids,
            product.categ_id.total_route_ids,
            warehouse.route_ids.filtered(is_allowed),
        )

    def _prepare_shelf_values(self):
        """What Odoo would be asked for if the line were confirmed now."""
        self.ensure_one()
        line = self._with_documents().with_company(self.company_id)
        values = line._prepare_procurement_values()
        if line._is_split_by_source():
            values["ato_rules_left_out"] = line._get_rules_left_out("stock").ids
        return values

    def _get_shelf_rule(self, values):
        """The rule by which the stock part of a quotation will leave, if one does."""
        self.ensure_one()
        line = self._with_documents().with_company(self.company_id)
        rules = line.env["stock.rule"]
        place, seen = self._get_location_final(), rules
        rule = rules._get_rule(self.product_id, place, values)
        while rule and rule not in seen and rule._is_later_step():
            seen |= rule
            rule = rules._get_rule(self.product_id, rule.location_src_id, values)
        return rule._filter_pull().filtered(
            lambda rule: rule.procure_method != "make_to_order"
        )
