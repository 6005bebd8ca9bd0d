# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from .. import split

OPEN_STATES = ("waiting", "confirmed", "partially_available", "assigned")


class ExpectedStock(NamedTuple):
    """Stock of some products in one warehouse, in units of the products."""

    free: dict  # {product: on hand and held by nobody}
    changes: dict  # {product: [(day, what comes in, or is asked for and not held)]}
    asked: dict  # {own move: what it asks for and does not hold}, among the changes
    bound: dict  # {own move: [(day, what comes in for it alone)]}, not among them


class Flows(NamedTuple):
    """Domains of what is in one warehouse, and of open moves that change it."""

    located: Domain  # what is there, of moves what they take
    opened: Domain
    coming: Domain  # into the warehouse, for no line alone
    going: Domain  # out of it, open or not
    outgoing: Domain  # out of it, from what is free or comes
    free_out: Domain  # of these, from what is free


class ProductProduct(models.Model):
    _inherit = "product.product"

    able_to_assemble_qty = fields.Float(
        string="Can Be Assembled",
        digits="Product Unit",
        compute="_compute_able_to_assemble_qty",
        compute_sudo=True,
        groups="base.group_user",
        help="Quantity, in whole units of the product, that could be assembled of the "
        "components that are free now in the warehouse of the order, or of the user. "
        "In the product catalog, each product is counted as if it had them alone.",
    )

    @api.depends_context("uid", "company", "warehouse_id")
    def _compute_able_to_assemble_qty(self):
        warehouse = self._get_selling_warehouse()
        able = self._get_able_to_assemble(warehouse) if warehouse else {}
        for product in self:
            product.able_to_assemble_qty = able.get(product, 0.0)

    @api.model
    def _get_selling_warehouse(self):
        """That of the catalog's order where the user may see it, or their own."""
        # as the user: a client may send the warehouse of another company
        user = self.env.user.with_user(self.env.user)
        asked = self.env.context.get("warehouse_id")
        if isinstance(asked, int):
            return user.env["stock.warehouse"].search([("id", "=", asked)])
        return user._get_default_warehouse_id()

    def _get_able_to_assemble(self, warehouse):
        """How much of these products the free components allow, each for itself.

        :return: {product: quantity in its unit} of those that can be assembled, by a
            number of queries that does not depend on their number
        """
        boms = self.env["sale.order.line"]._find_assembly_boms(
            self.filtered("is_storable") - self._filter_kits(warehouse.company_id),
            warehouse.company_id,
            warehouse,
        )
        bills = self.env["mrp.bom"].union(*boms.values())
        kits = bills._get_kits()
        needs = {
            product: bom._get_component_needs(product, 1, kits)
            for product, bom in boms.items()
        }
        components = self.browse().union(*(c for need in needs.values() for c in need))
        expected = components._get_expected_stock(warehouse, self.env["stock.move"])
        able = {
            product: min(expected.free.get(c, 0.0) / qty for c, qty in need.items())
            for product, need in needs.items()
            if need
        }
        return {
            product: product._round_down_to_units(max(quantity, 0.0))
            for product, quantity in able.items()
        }

    def _is_removed_by_date(self):
        """Whether lots of the product are not sold any more after some day."""
        self.ensure_one()
        return "use_expiration_date" in self._fields and self.use_expiration_date

    def _filter_kits(self, company):
        """Those of the products that `company` delivers as their components."""
        # sudo: bills of materials are closed to salespeople
        boms = self.env["mrp.bom"].sudo()
        kits = boms._bom_find(self, company_id=company.id, bom_type="phantom")
        return self.filtered(lambda product: product in kits)

    def _get_expected_stock(self, warehouse, own_moves):
        """What is free of these products in `warehouse`, and expected by day.

        Receipts come in, what is asked for and not held goes out; quotations count
        with what they hold only. What comes in for one demand alone is nobody else's,
        both are left out.

        :param own_moves: moves of those who want to know
        :return: ExpectedStock, by a number of queries that does not depend on the
            number of products
        """
        # sudo: salespeople may not read everybody's moves; only sums leave
        products = self.sudo().with_context(active_test=False, tz=str(self.env.tz))
        asked = {*products._ids}
        own_moves = own_moves.with_env(products.env).filtered(
            lambda move: move.state in OPEN_STATES and move.product_id.id in asked
        )
        located, changing, own = products._get_stock_domains(warehouse, own_moves)
        found, bound = own_moves and own_moves.search(own), defaultdict(list)
        for move in found - own_moves:
            day = fields.Date.context_today(move, move.date)
            bound[(move.move_dest_ids & own_moves)[:1]].append((day, move.product_qty))
        return ExpectedStock(
            products._get_free_stock(warehouse, located),
            products._get_changes(warehouse, changing),
            {
                move: move.product_qty - move._get_reserved_units()
                for move in found & own_moves
            },
            bound,
        )

    def _get_stock_domains(self, warehouse, own_moves):
        """What is in `warehouse`, what changes it, and what of that is for `own_moves`.

        :return: (domain of what is there, domain of moves that come, go, or are put
            elsewhere, domain of own moves that take what is free, and of what comes in
            for them alone)
        """
        flows = self._get_flows(warehouse, Domain("product_id", "in", self.ids))
        going = flows.opened & flows.going
        free_in = flows.coming & Domain("move_dest_ids", "not any", going)
        # what is only put elsewhere in the warehouse: for nobody, or for who
        # asks for it there, as for components that are picked before they are used
        inside = flows.opened & flows.located & ~flows.going
        asked_there = Domain("move_dest_ids", "any", flows.free_out)
        asked_there &= Domain("ato_supply", "!=", "assembly")
        inside &= Domain("move_dest_ids", "=", False) | asked_there
        own_out = Domain("id", "in", own_moves.ids)
        own_in = flows.coming & Domain("move_dest_ids", "any", flows.outgoing & own_out)
        changing = free_in | flows.free_out | inside
        return flows.located, changing, (flows.free_out & own_out) | own_in

    @api.model
    def _get_flows(self, warehouse, of_products):
        """Domains of what is in `warehouse`, comes and goes: Flows

        :param of_products: domain of the products of moves
        """
        located, coming, going = self._get_domain_locations_new(
            warehouse.view_location_id.ids
        )
        opened = of_products & Domain("state", "in", OPEN_STATES)
        not_bound = Domain("ato_supply", "!=", "assembly")
        coming, outgoing = coming & opened & not_bound, opened & going & not_bound
        free_out = outgoing & Domain("move_orig_ids", "not any", coming)
        return Flows(located, opened, coming, going, outgoing, free_out)

    def _get_changes(self, warehouse, domain):
        """What the moves in `domain` change by day: {product: [(day, quantity)]}

        What comes in is free then, what goes out has taken already what it holds, and
        what stays inside gives back what it holds.
        """
        rows = self.env["stock.move"]._read_group(
            domain,
            [
                "product_id",
                "product_uom",
                "date:day",
                "location_id",
                "location_dest_id",
                "location_final_id",
            ],
            ["product_qty:sum", "quantity:sum"],
        )
        inside, changes = warehouse.view_location_id, defaultdict(list)
        for product, uom, day, source, destination, final, asked, held in rows:
            held = uom._compute_quantity(
                held, product.uom_id, rounding_method="HALF-UP"
            )
            if not source._child_of(inside):
                change = asked
            elif (final or destination)._child_of(inside):
                change = held
            else:
                change = held - asked
            changes[product].append((fields.Date.to_date(day), change))
        return changes

    def _get_free_stock(self, warehouse, located):
        """{product: on hand in `warehouse` and held by nobody}"""
        quants = self.env["stock.quant"]._read_group(
            self._get_salable_quants_domain(warehouse) & located,
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return {product: quantity - held for product, quantity, held in quants}

    def _get_salable_quants_domain(self, warehouse):
        """Stock of these products that may be sold: our own, and not expired."""
        return Domain("product_id", "in", self.ids) & self._get_salable_domain(
            warehouse
        )

    @api.model
    def _get_salable_domain(self, warehouse):
        """Stock of whichever product that may be sold."""
        domain = Domain("owner_id", "=", False) | Domain(
            "owner_id.ref_company_ids", "in", warehouse.company_id.ids
        )
        if "removal_date" in self.env["stock.quant"]._fields:
            domain &= Domain("removal_date", "=", False) | Domain(
                "removal_date", ">", fields.Datetime.now()
            )
        return domain

    def _round_down_to_units(self, quantity):
        """What can be made of `quantity`, in the unit of the product (R76, W16).

        What is counted is made whole, what is measured as fine as it is written.
        """
        self.ensure_one()
        uom = self.uom_id
        unit = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
        counted = uom._has_common_reference(uom.browse(unit))
        return split.round_down(quantity, 1 / uom.factor if counted else uom.rounding)
