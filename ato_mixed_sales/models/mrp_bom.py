# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models, tools
from odoo.exceptions import ValidationError

from ..reading import read_linked
from ..remembered import CHANGED_HERE, forget
from ..sent import MOST_DAYS

VARIANTS = "bom_product_template_attribute_value_ids"

# what the rows of a bill say of an order that is made by it, in the order of `basis`
DECIDING = (
    ("bom_line_ids", ("product_id", "product_qty", "product_uom_id")),
    (
        "byproduct_ids",
        ("product_id", "product_qty", "product_uom_id", "operation_id", "cost_share")
        + (VARIANTS,),
    ),
    (
        "operation_ids",
        ("name", "workcenter_id", "sequence", "time_mode", "time_cycle_manual")
        + (VARIANTS,),
    ),
    ("bom_line_ids", ("operation_id", VARIANTS)),
)


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.constrains("type", "active", "product_tmpl_id")
    def _check_assembly_policy(self):
        """Keep what is assembled to order able to be assembled (R2).

        :raises ValidationError: when a product assembled to order becomes a kit
            or subcontracted
        """
        # it is checked before `create` and `write` return
        self._forget_kits()
        self.product_tmpl_id._check_assembly_policy()
        self.product_tmpl_id._check_kind_of_assembled()

    @api.constrains("produce_delay")
    def _check_lead_time(self):
        """:raises ValidationError: for a lead time that cannot be planned with"""
        for bom in self:
            if abs(bom.produce_delay) > MOST_DAYS:
                raise ValidationError(
                    bom.env._(
                        "%(bom)s: a lead time of %(days)s days cannot be planned with. "
                        "Enter %(limit)s days or less.",
                        bom=bom.display_name,
                        days=bom.produce_delay,
                        limit=MOST_DAYS,
                    )
                )

    @api.model
    def _bom_find(self, products, picking_type=None, company_id=False, bom_type=False):
        """Look for kits of products only that have a kit.

        Odoo looks for a kit on each order line and move, of products that are
        assembled and of all others.
        """
        if bom_type == "phantom":
            kits = self._get_kit_template_ids()
            products = products.filtered(lambda p: p.product_tmpl_id.id in kits)
            if not products:
                return defaultdict(self.browse)
        return super()._bom_find(
            products,
            picking_type=picking_type,
            company_id=company_id,
            bom_type=bom_type,
        )

    @api.model
    @tools.ormcache(CHANGED_HERE)
    def _get_kit_template_ids(self):
        """Ids of the products that have a kit, of whichever company, archived or not.

        A superset is right as well: what is deleted may stay until the cache is
        cleared.
        """
        # sudo: a cache is for every user; nobody is told what is in it
        kits = self.sudo().with_context(active_test=False)
        found = kits._read_group([("type", "=", "phantom")], ["product_tmpl_id"])
        return frozenset(template.id for [template] in found)

    def _read_made_of(self):
        """Read what these are made of, and what that is made of, together."""
        found = bills = self
        while bills:
            read_linked((bills, "bom_line_ids"))
            components = bills.bom_line_ids.product_id
            components.mapped("product_tmpl_id")
            bills = components.product_tmpl_id.bom_ids - found
            found |= bills

    def _forget_kits(self):
        """Look for kits anew where these bills are kits."""
        if "phantom" in self.mapped("type"):
            forget(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        boms = super().create(vals_list)
        boms._forget_kits()
        return boms

    def write(self, vals):
        res = super().write(vals)
        if {"type", "product_tmpl_id"}.intersection(vals):
            self._forget_kits()
        return res

    @api.model
    def _has_sold_products(self, company):
        """Whether `company` may sell something that it assembles, in one query."""
        domain = [
            ("type", "=", "normal"),
            ("company_id", "in", (False, company.id)),
            ("product_tmpl_id.sale_ok", "=", True),
            ("product_tmpl_id.is_storable", "=", True),
        ]
        return bool(self.search_count(domain, limit=1))

    def _get_kits(self):
        """The kits among the components of these bills, and among those of the kits.

        :return: {(bill, component): the kit's bill}, in a number of queries that does
            not depend on the number of bills
        """
        kits = {}
        for (company, picking_type), boms in self.grouped(
            lambda bom: (bom.company_id, bom.picking_type_id)
        ).items():
            found, level = {}, boms
            while level:
                read_linked((level, "bom_line_ids"))
                products = level.bom_line_ids.product_id
                products -= products.browse().union(*found)
                level = self._bom_find(
                    products,
                    picking_type=picking_type,
                    company_id=company.id,
                    bom_type="phantom",
                )
                found.update({product: level[product] for product in products})
                level = self.browse().union(*level.values())
            kits.update({bom: found for bom in boms})
        return kits

    def _get_component_needs(
        self,
        product,
        quantity,
        kits,
        never_values=False,
        with_untracked=False,
        changes=None,
    ):
        """What `quantity` of `product`, in its unit, is made of by this bill.

        Kits are replaced by what they consist of, as when an assembly order is made;
        what is not tracked is always there, and left out unless told.

        :param kits: as `_get_kits` found them for the bills of a batch
        :param never_values: attribute values that create no variant
        :param with_untracked: add what is always there: it has its price, too
        :param changes: what differs from the bill, as of one line from
            `sale.order.line._get_component_changes`; nothing unless told
        :return: {component: quantity in its unit}
        """
        self.ensure_one()
        needs = defaultdict(float)
        rows = self._explode_needs(product, quantity, kits, never_values)
        for component, needed, uom in self._get_asked(rows, quantity, changes):
            if component.is_storable or with_untracked:
                needs[component] += uom._compute_quantity(needed, component.uom_id)
        return needs

    @api.model
    def _get_asked(self, rows, quantity, changes):
        """(component, quantity, its unit) of what is asked for, as orders round it.

        :param rows: as from `_explode_needs`
        :param changes: as of `_get_component_needs`
        """
        kept, said = (dict(changes.kept), [*changes.extra]) if changes else ({}, [])
        for row, needed in rows:
            if row.id not in kept:
                uom = row.product_uom_id
                yield row.product_id, uom.round(needed, rounding_method="UP"), uom
            elif kept[row.id]:
                said.append(kept[row.id])
                kept[row.id] = None  # a kit may be there twice
        for component, for_one, uom in said:
            yield component, uom.round(for_one * quantity), uom

    def _explode_needs(self, product, quantity, kits, never_values=False, used=None):
        """(row of a bill, quantity in its unit) of what a bill asks for, without kits.

        Parameters as of `_get_component_needs`.

        :param used: a list, to which (bill, product, quantity in the bill's unit) of
            this bill and of its kits are added
        """
        kits = kits.get(self, {})
        quantity = product.uom_id._compute_quantity(
            quantity, self.product_uom_id, round=False
        )
        todo = [(self, product, quantity / self.product_qty)]
        while todo:
            bom, parent, factor = todo.pop()
            if used is not None:
                used.append((bom, parent, factor * bom.product_qty))
            for line in bom.bom_line_ids:
                component = line.product_id
                if line._skip_bom_line(parent, never_values):
                    continue
                needed = factor * line.product_qty
                kit = kits.get(component)
                if not kit:
                    yield line, needed
                    continue
                needed = line.product_uom_id._compute_quantity(
                    needed / kit.product_qty, kit.product_uom_id, round=False
                )
                todo.append((kit, component, needed))

    def _get_work_cost(self, product, quantity, kits, never_values=False):
        """What the work by this bill, and by its kits, costs by Odoo's own estimate.

        Parameters as of `_get_component_needs`.

        :return: for all of `quantity`, in the currency of the company
        """
        used = []
        # the rows themselves are not asked for
        list(self._explode_needs(product, quantity, kits, never_values, used))
        return sum(
            operation.with_context(
                product=made,
                quantity=units,
                unit=bom.product_uom_id,
                workcenter=operation.workcenter_id,  # not what a client may say
            ).cost
            for bom, made, units in used
            for operation in bom.operation_ids
            if not operation._skip_operation_line(made, never_values)
        )

    def _get_own_cost_share(self):
        """What share of its cost the product bears: by-products bear the rest."""
        self.ensure_one()
        return 1.0 - sum(self.byproduct_ids.mapped("cost_share")) / 100.0

    def _read_as_basis(self):
        """All that decides on an order, by ids: {bill: [quantity, unit, *others]}

        The others are components, by-products, operations, and what else components
        say: a list of lists each. Version 19.0.1.3 noted the first of them only.
        """
        return {
            str(bom.id): [
                bom.product_qty,
                bom.product_uom_id.id,
                *(
                    [[row.id, *bom._read_values(row, names)] for row in bom[field]]
                    for field, names in DECIDING
                ),
            ]
            for bom in self
        }

    @api.model
    def _read_values(self, row, names):
        """The values of a row of a bill, records by their ids."""
        values = [row[name] for name in names]
        for index, name in enumerate(names):
            if row._fields[name].type == "many2one":
                values[index] = row[name].id
            elif row._fields[name].relational:
                values[index] = row[name].ids
        return values
