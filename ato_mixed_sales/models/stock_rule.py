# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import api, models
from odoo.fields import Domain

from ..private_context import get_told

# in what a cursor keeps as long as the transaction
FOUND = "ato_found_rules"


class _Found:
    """The rules that were found, by what decides on them."""

    def __init__(self):
        self._answers = {}

    def find(self, env, find, asked, allowed=()):
        """What `find` finds for `asked`, which is kept.

        A product decides by its routes only, and by those of warehouses that are
        `allowed` for it.

        :param asked: (routes, packaging, product, warehouses, domain)
        """
        routes, packaging, product, warehouses, domain = asked
        own = product.route_ids | product.categ_id.total_route_ids
        ids = [some and some._ids for some in (routes, packaging, own, warehouses)]
        key = find.__name__, env, *ids, allowed, repr(domain)
        if key not in self._answers:
            # what was asked is kept: the address of something may be part of the key
            self._answers[key] = asked, find(*asked)
        return self._answers[key][1]


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_found()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_found()
        return super().write(vals)

    def unlink(self):
        self._forget_found()
        return super().unlink()

    @api.model
    def run(self, procurements, raise_user_error=True):
        """Look for the same rules once, as long as this runs.

        Odoo looks for them for each product, and for each move and date of it.
        """
        data = self.env.cr.postcommit.data
        if len(procurements) < 2 or FOUND in data:  # or is part of what runs
            return super().run(procurements, raise_user_error)
        data[FOUND] = _Found()
        try:
            return super().run(procurements, raise_user_error)
        finally:
            data.pop(FOUND, None)

    @api.model
    def _search_rule(
        self, route_ids, packaging_uom_id, product_id, warehouse_id, domain
    ):
        find = super()._search_rule
        asked = route_ids, packaging_uom_id, product_id, warehouse_id, domain
        if found := self.env.cr.postcommit.data.get(FOUND):
            return found.find(self.env, find, asked)
        return find(*asked)

    @api.model
    def _search_rule_for_warehouses(
        self, route_ids, packaging_uom_id, product_id, warehouse_ids, domain
    ):
        find = super()._search_rule_for_warehouses
        asked = route_ids, packaging_uom_id, product_id, warehouse_ids, domain
        if found := self.env.cr.postcommit.data.get(FOUND):
            allow = partial(self._filter_warehouse_routes, product_id, warehouse_ids)
            allowed = warehouse_ids and warehouse_ids.route_ids.filtered(allow)._ids
            return found.find(self.env, find, asked, allowed)
        return find(*asked)

    @api.model
    def _forget_found(self):
        """Have rules be looked for each time: they change while procurements run."""
        self.env.cr.postcommit.data.pop(FOUND, None)

    @api.model
    def _get_rule_domain(self, locations, values):
        """Deliver both parts of a mixed line by the rules of a plain one (T2).

        Except by those that are to be left out, see `_get_rules_left_out`.
        """
        domain = super()._get_rule_domain(locations, values)
        left_out = values.get("ato_rules_left_out")
        if left_out:
            domain &= Domain("id", "not in", left_out)
        return domain

    @api.model
    def _get_rule(self, product_id, location_id, values):
        """Have an assembly part made where no rule brings it to its delivery.

        A route of the line may deliver from any place of the warehouse.
        """
        rule = super()._get_rule(product_id, location_id, values)
        if not rule and location_id and values.get("ato_sale_line_id"):
            warehouse = location_id.warehouse_id
            rule = warehouse._get_assembly_rule().filtered(
                lambda rule: rule.location_dest_id.warehouse_id == warehouse
            )
        return rule

    def _filter_pull(self):
        """Rules that move units to where they are asked for."""
        return self.filtered(lambda rule: rule.action in ("pull", "pull_push"))

    def _is_later_step(self):
        """Whether another rule brings what this one takes to where it takes it."""
        self.ensure_one()
        return (
            self.action in ("pull", "pull_push")
            and self.procure_method == "make_to_order"
            and not self.location_src_id._is_shelf()
        )

    def _get_custom_move_fields(self):
        return super()._get_custom_move_fields() + ["ato_supply"]

    @api.model
    def _run_pull(self, procurements):
        """Ask for more by the open row of a part, where a new one is merged with it."""
        raised, others = self.env["stock.move"], []
        for procurement, rule in procurements:
            if row := rule._get_row_to_raise(procurement):
                row.product_uom_qty += procurement.product_qty
                raised = raised.with_env(row.env) | row
            else:
                others.append((procurement, rule))
        res = super()._run_pull(others)
        # as Odoo does once it has merged them
        raised.filtered(
            lambda row: row.state in ("confirmed", "partially_available")
            and row._should_assign_at_confirm()
        )._action_assign()
        # what we launch ourselves is held once all is asked for: `_finish_documents`
        if others and not get_told(self, "ato_asked"):
            self._hold_what_is_made(others)
        return res

    @api.model
    def _hold_what_is_made(self, procurements):
        """Have the deliveries that others have asked for hold what is made already."""
        lines = self.env["sale.order.line"].browse(
            procurement.values["sale_line_id"]
            for procurement, _rule in procurements
            if procurement.values.get("ato_supply") == "assembly"
        )
        if lines:
            lines._deliver_kept_units()

    def _get_row_to_raise(self, procurement):
        """The open row of a part by which this rule asks for more, none as a rule.

        What a rule orders, or brings from another place, is ordered by a new row.
        """
        lines, values = self.env["sale.order.line"], procurement.values
        if not values.get("ato_supply") or self.procure_method != "make_to_stock":
            return lines.move_ids
        # rules make their moves as superuser
        line = lines.browse(values["sale_line_id"])._with_documents()
        rows = line.move_ids._filter_open().filtered(
            lambda row: row.rule_id == self and row.ato_supply == values["ato_supply"]
        )
        if not rows or procurement.product_uom.compare(procurement.product_qty, 0) <= 0:
            return rows.browse()
        rows = rows.with_company(procurement.company_id)
        return rows._get_row_to_raise(self._get_stock_move_values(*procurement))

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
        if unplanned := Line.union(*demands)._filter_unplanned():
            unplanned._make_lacking_orders()
        for line, procurement in demands.items():
            line._bind_assembly_part(procurement.values["move_dest_ids"])
        lines = Line.union(*demands)
        # before reordering rules look at what is coming
        lines._confirm_new_orders()
        lines._filter_partly_asked()._keep_unasked_units()
