# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime
from typing import NamedTuple

from odoo import fields, models

NOTHING = {"kept": {}, "extra": [], "log": []}
MOST_TOLD = 5
MOST_NOTED = 50

# What lines may take of what was changed for them, while no linked order says it: all.
CHANGED = """
    SELECT line.id, line.order_id,
           COALESCE(operation.warehouse_id, line.warehouse_id),
           (said.component->>0)::int, 'Infinity'::float8
      FROM line
      JOIN mrp_bom bom ON bom.product_tmpl_id = line.product_tmpl_id
       AND bom.type = 'normal'
     CROSS JOIN LATERAL (
           SELECT value FROM jsonb_each(line.component_changes::jsonb->'kept')
            UNION ALL
           SELECT value FROM jsonb_array_elements(
                  line.component_changes::jsonb->'extra')
           ) AS said (component)
      LEFT JOIN stock_picking_type operation ON operation.id = bom.picking_type_id
     WHERE line.component_changes IS NOT NULL AND line.producing = 0
       AND line.unlinked + line.margin > %(least)s
       AND jsonb_typeof(said.component) = 'array'
"""


class Changes(NamedTuple):
    """What differs from the bill in what is made next, by (product, quantity, unit).

    Quantities are for one unit of the line's product.
    """

    kept: dict  # {id of a line of the bill: what is taken instead, None where left out}
    extra: list  # what is taken in addition

    def get_products(self):
        """Ids of all that is taken instead, or in addition."""
        said = [*filter(None, self.kept.values()), *self.extra]
        return {product.id for product, _quantity, _unit in said}


class SaleOrderLine(models.Model):
    """What somebody has changed of the components, whatever becomes of the orders.

    Orders come and go: with a copy, a quotation that is opened again, another quantity.
    What was changed is kept for one unit, and taken over by each order that is made.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    component_changes = fields.Text(
        copy=False,  # but as the label of a copy: see `copy_data`
        readonly=True,
        groups="base.group_user",
        help="What was changed of the components, by ids, for one unit of the product: "
        "instead of which line of its bill of materials, in addition, and who has "
        "changed it when.",
    )

    def _read_component_changes(self):
        """What is noted of this line's product, of any of its variants."""
        self.ensure_one()
        line = self._origin._with_documents()
        if not line.component_changes:
            return NOTHING
        changes = json.loads(line.component_changes)
        is_same = changes.get("template_id") == self.product_id.product_tmpl_id.id
        return changes if is_same else NOTHING

    def _get_component_changes(self):
        """What will differ from the bills in the next orders: {line: Changes}

        What differed from a line of a bill that is gone is taken in addition; what is
        not there any more itself is left to the bill. None of lines that are made as
        their bills say; by a number of queries that does not depend on their number.
        """
        noted = {line: line._read_component_changes() for line in self}
        noted = {line: o for line, o in noted.items() if o["kept"] or o["extra"]}
        if not noted:
            return {}
        bill, products, units = self._find_noted(noted.values())
        return {
            line: self._resolve_changes(changes, bill, products, units)
            for line, changes in noted.items()
        }

    def _find_noted(self, noted):
        """What of it is still there: ids of lines of bills, {id: product}, {id: unit}

        :param noted: as from `_read_component_changes`
        """
        # who sells reads what the line is made of
        env = self._with_documents().env
        said = [one for changes in noted for one in changes["kept"].values() if one]
        said += [one for changes in noted for one in changes["extra"]]
        lines = env["mrp.bom.line"].browse(
            {int(key) for changes in noted for key in changes["kept"]}
        )
        products = env["product.product"].browse({one[0] for one in said}).exists()
        units = env["uom.uom"].browse({one[2] for one in said}).exists()
        return (
            {*lines.exists()._ids},
            {product.id: product for product in products},
            {unit.id: unit for unit in units},
        )

    def _resolve_changes(self, noted, bill, products, units):
        """What is noted of one line, as it is taken over: Changes

        Other parameters are as from `_find_noted`.
        """

        def find(said):
            product, unit = products.get(said[0]), units.get(said[2])
            return product and unit and (product, said[1], unit)

        kept, extra = {}, [find(said) for said in noted["extra"]]
        for key, said in noted["kept"].items():
            instead = said and find(said)
            if int(key) not in bill:
                extra.append(instead)
            elif instead or not said:
                kept[int(key)] = instead
        return Changes(kept, [added for added in extra if added])

    def _note_component_changes(self, order, changes):
        """Keep what was changed of a linked order, and say so in the chatter.

        :param changes: [(before, after)] of components, as from
            `mrp.production._note_components`, None where there was none, or is none
        """
        self.ensure_one()
        noted = self._read_component_changes()
        kept, extra = order._keep_component_changes(noted, changes)
        who, when = self.env.user.name, fields.Datetime.now().isoformat()
        log = [[who, when, *map(self._name_component, change)] for change in changes]
        noted = {
            "template_id": self.product_id.product_tmpl_id.id,
            "kept": kept,
            "extra": extra,
            "log": [*noted["log"], *log][-MOST_NOTED:],
        }
        self.component_changes = json.dumps(noted) if kept or extra else False
        self.order_id.message_post(
            body=self.env._(
                "Components of %(product)s were changed (%(assembly_order)s): "
                "%(changes)s.",
                product=self.product_id.display_name,
                assembly_order=order.name,
                changes="; ".join(
                    self._describe_change(*named) for _who, _when, *named in log
                ),
            )
        )

    def _describe_component_changes(self):
        """Who has changed components, when and how: the latest, a sentence each."""
        texts = []
        for who, when, *change in self._read_component_changes()["log"][-MOST_TOLD:]:
            moment = datetime.fromisoformat(when)
            texts.append(
                self.env._(
                    "%(user)s, %(day)s: %(change)s",
                    user=who,
                    day=self._format_day(fields.Date.context_today(self, moment)),
                    change=self._describe_change(*change),
                )
            )
        return texts

    def _describe_change(self, before, after):
        """One change in few words: "2 Wheel -> 3 Wheel"."""
        if not before:
            return self.env._("%s added", self._describe_named(after))
        if not after:
            return self.env._("%s left out", self._describe_named(before))
        return " -> ".join(map(self._describe_named, (before, after)))

    def _name_component(self, said):
        """What is noted of a component: [quantity, what it is called], or None

        Names are those of whoever has changed it: who is told later reads no product,
        which may be gone by then.

        :param said: [line of the bill, product, quantity, unit], by ids
        """
        if not said:
            return None
        _bom_line, product_id, quantity, unit_id = said
        # who sells reads what the line is made of
        env = self._with_documents().env
        product = env["product.product"].browse(product_id)
        unit = env["uom.uom"].browse(unit_id)
        words = [product.display_name]
        if unit != product.uom_id:
            words.insert(0, unit.name)
        return [quantity, " ".join(words)]

    def _describe_named(self, named):
        """:param named: as from `_name_component`"""
        quantity, name = named
        return f"{self._format_short(quantity)} {name}"
