# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.tools import json_default

# what the figures of a line follow from, as far as it is typed in the line
TYPED = (
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_to_assemble_to_order",
    "price_unit",
    "warehouse_id",
    "route_ids",
    "customer_lead",
    "sequence",
)
COMPUTES = (
    "_compute_availability",
    "_compute_qty_at_date",
    "_compute_assembly_price",
)


class SaleOrderLine(models.Model):
    """Figures while a line is typed: worked out once, for what shares with it.

    Odoo compares each field of a view before and after, so that figures would be
    worked out for what is saved, and after each step of an onchange.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    typed_figures = fields.Text(
        compute="_compute_typed_figures",
        groups="base.group_user",
        help="While the line is typed: its figures, by field, in the unit of the line. "
        "Empty of a line as it is saved.",
    )

    @api.depends("assembly_figures", "assembly_price", "assembly_cost")
    def _compute_typed_figures(self):
        for line in self:
            figures = {} if line.id else line._read_typed_figures()[line]
            line.typed_figures = self._write_figures(figures)

    @api.model
    def _get_typed_names(self):
        """Fields that say how a line is covered: ours, and those of Odoo's popover.

        And what it is worth by what it is made of.
        """
        return {
            name for name, field in self._fields.items() if field.compute in COMPUTES
        }

    def onchange(self, values, field_names, fields_spec):
        """Work the figures out when all else is known, and not for what is saved."""
        names = fields_spec.keys() & self._get_typed_names()
        if "assembly_figures" not in names:
            return super().onchange(values, field_names, fields_spec)
        others = {n: spec for n, spec in fields_spec.items() if n not in names}
        res = super().onchange(
            {**values, "typed_figures": False},
            field_names,
            {**others, "typed_figures": {}},
        )
        told = dict(res["value"])
        figures = json.loads(told.pop("typed_figures", False) or "{}")
        return {**res, "value": {**told, **self._get_wanted_figures(figures, names)}}

    def _read_typed_figures(self):
        """What is said of these lines, with their components: {line: {name: value}}"""
        names = self._get_typed_names()
        figures = {line: {name: line[name] for name in names} for line in self}
        saved = self.filtered("id")
        # the panel finds the components of what is typed here
        for line, summary in saved._get_summaries(with_components=True).items():
            figures[line]["assembly_figures"] = summary
        return figures

    @api.model
    def _write_figures(self, figures):
        """As text: a value that is read without being copied."""
        return json.dumps(figures, default=json_default) if figures else False

    @api.model
    def _get_wanted_figures(self, figures, names):
        """What a client wants of figures, as Odoo would tell it: {name: value}

        :param figures: of one line, as from `_write_figures`
        """
        line = self.browse()
        return {
            name: line._fields[name].convert_to_cache(value, line) or False
            if line._fields[name].type in ("date", "datetime")
            else value
            for name, value in figures.items()
            if name in names
        }

    # Who shares

    def _filter_typed_together(self, saved):
        """Those of the lines that share something with one that is typed.

        :param saved: the lines of the order as they are saved: some may be gone
        """
        typed = self.filtered(lambda line: line._is_typed())
        gone = saved - self._origin
        taken = (self | typed._origin | gone)._get_products_taken()
        products = set().union(*(taken[o] for o in typed | typed._origin | gone))
        return self._filter_taking(products, taken)

    def _filter_shared(self, batches):
        """Those of the lines of each order that these lines share with.

        :param batches: {order: its lines, these among them}
        :return: the same, without orders of which most lines are asked for anyway
        """
        asked = {order: self & batch for order, batch in batches.items()}
        batches = {
            order: batch
            for order, batch in batches.items()
            if len(batch) > asked[order]._get_least_batch()
        }
        taken = self.browse().union(*batches.values())._get_products_taken()
        return {
            order: batch._filter_taking(
                set().union(*(taken[line] for line in asked[order])), taken
            )
            for order, batch in batches.items()
        }

    def _get_least_batch(self):
        """How many lines an order has at least, so that it is worth to leave out some.

        To find them costs about half of what working them out does; while a line is
        typed, another one must not change for nothing.
        """
        return len(self) if not all(self._ids) else 2 * len(self)

    def _is_typed(self):
        """Whether something is typed that figures follow from."""
        self.ensure_one()
        saved = self._origin
        if not saved:
            return True
        return any(
            (self[name]._origin if self._fields[name].relational else self[name])
            != saved[name]
            for name in (
                *TYPED,
                *self._get_chosen_fields(),
                *self._get_cost_fields(),
            )
        )

    def _filter_taking(self, products, taken):
        """Those of the lines that take of `products`, or of what such lines take.

        :param taken: as from `_get_products_taken`
        """
        found, left, products = set(), set(self), set(products)
        while taking := {line for line in left if products & taken[line]}:
            products.update(*(taken[line] for line in taking))
            found, left = found | taking, left - taking
        # without those that nobody asks for: what is read of one is read of all
        return self.filtered(lambda line: line in found).with_prefetch()

    def _get_products_taken(self):
        """What the figures of lines may depend on: {line: ids of products}

        The product and what it is made of, by the bills, as changed, and by the linked
        orders, kits and components of components included, and what deliveries ask
        for. Rather too much than too little.
        """
        lines, taken = self._with_documents(), {}
        lines._origin._read_documents()
        changes = lines._get_component_changes()
        lines.assembly_bom_id._read_made_of()
        for line in lines:
            saved, bills = line._origin, line.assembly_bom_id
            moves = saved.move_ids | saved._get_open_assembly_orders().move_raw_ids
            products = line.product_id | moves.product_id
            if line in changes:
                changed = products.browse(changes[line].get_products())
                products, bills = products | changed, bills | changed.bom_ids
            while bills:
                components = bills.bom_line_ids.product_id - products
                products |= components
                bills = components.product_tmpl_id.bom_ids
            taken[line] = set(products._ids)
        return taken
