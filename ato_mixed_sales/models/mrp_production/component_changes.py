# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import models
from odoo.fields import Command

from .bill import COMPONENT

# where ids of orders are noted that somebody is changing, in the data of the cursor
CHANGING = "ato_changing_components"


class MrpProduction(models.Model):
    """Changes of components: noted on the line, and taken over by its other orders."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    @contextmanager
    def _telling_component_changes(self):
        """Have lines note what becomes of the components within, as one change.

        Whatever is called on the way is part of it, and tells nothing itself.
        """
        changing = self.env.cr.precommit.data.setdefault(CHANGING, set())
        orders = self.filtered(lambda order: order.id not in changing)
        changing.update(orders._ids)
        try:
            before = orders._note_components()
            yield
            orders._tell_component_changes(before)
        finally:
            changing.difference_update(orders._ids)

    def _compute_move_raw_ids(self):
        """Linked orders keep their components, as long as the bill is the same one.

        Odoo makes those of a draft order anew where another place is chosen: what was
        changed of them were lost.
        """
        drafts = self.filtered(lambda order: order.state == "draft")
        kept = drafts.filtered(lambda order: order._follows_noted_bill())
        return super(MrpProduction, self - kept)._compute_move_raw_ids()

    def _follows_noted_bill(self):
        """Whether this is a linked draft order, of the bill that was noted for it."""
        self.ensure_one()
        if self.state != "draft" or not self.ato_sale_line_id:
            return False
        boms = self.bom_id | self.move_raw_ids.bom_line_id.bom_id
        noted = (self.ato_bom_basis or {}).get("bill", {})
        return bool(self.bom_id) and {str(bom.id) for bom in boms} <= {*noted}

    def _link_bom(self, bom):
        """By *Update BoM* a planner has all components be as the bill says."""
        with self._telling_component_changes():
            return super()._link_bom(bom)

    def _note_components(self):
        """What linked orders are to be made of, before somebody changes that.

        Nobody does while a plan is carried out.

        :return: {order: {move: [line of the bill, product, quantity, unit]}}, by ids
        """
        if self._is_step():
            return {}
        return {
            order: order._get_components_said()
            for order in self._get_linked()
            if order.state not in ("done", "cancel")
        }

    def _get_components_said(self):
        self.ensure_one()
        moves = self.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        return {
            move: [move.bom_line_id.id, *self._get_said(move)]
            for move in moves
            if not move.product_uom.is_zero(move.product_uom_qty)
        }

    def _tell_component_changes(self, before):
        """:param before: as from `_note_components`"""
        for order, noted in before.items():
            if changes := self._pair_components(noted, order._get_components_said()):
                order.ato_sale_line_id._note_component_changes(order, changes)

    def _pair_components(self, noted, now):
        """[(before, after)] of the components that differ, None where there is none.

        One that Odoo makes anew is the same one.

        :param noted: {move: [line of the bill, product, quantity, unit]}
        :param now: the same, as it has become
        """
        pairs = [(said, now[move]) for move, said in noted.items() if move in now]
        added = [said for move, said in now.items() if move not in noted]
        for move, before in noted.items():
            if move in now:
                continue
            alike = [said for said in added if self._is_same_component(before, said)]
            # rather by the line of the bill than by the product
            after = max(alike, key=lambda said: said[0] == before[0], default=None)
            if after:
                added.remove(after)
            pairs.append((before, after))
        pairs += [(None, after) for after in added]
        return [(before, after) for before, after in pairs if before != after]

    def _is_same_component(self, before, after):
        by_line = before[0] and before[0] == after[0]
        return by_line or before[1] == after[1]

    def _keep_component_changes(self, noted, changes):
        """What differs from the bill with these changes, for one unit.

        :param noted: what differed before, as from `_read_component_changes`
        :param changes: as for `_note_component_changes`
        :return: ({id of a line of the bill, a text: [product, quantity, unit], None
            where it is left out}, [[product, quantity, unit] in addition])
        """
        self.ensure_one()
        kept, extra = dict(noted["kept"]), list(noted["extra"])
        asked = self._get_asked_components()
        for before, after in changes:
            if before and not before[0]:
                extra = [other for other in extra if other[0] != before[1]]
            elif before:
                kept[str(before[0])] = None
            if after and not after[0]:
                extra.append(self._get_for_one(after))
            elif after:
                kept[str(after[0])] = self._get_for_one(after)
            for said in filter(None, (before, after)):
                if self._is_as_asked(asked, str(said[0]), after):
                    kept.pop(str(said[0]), None)
        return kept, extra

    def _is_as_asked(self, asked, key, said):
        """Whether a component is what the bill asks for by one of its lines.

        :param asked: as from `_get_asked_components`
        :param said: [line of the bill, product, quantity, unit], or None: left out
        """
        product, quantity, unit = self._get_asked(asked, key)
        if not said or str(said[0]) != key:
            return not product
        unit_of_said = self.env["uom.uom"].browse(said[3])
        return [product, unit] == [said[1], said[3]] and (
            unit_of_said.compare(quantity, said[2]) == 0
        )

    def _get_for_one(self, said):
        """What is said of a component, for one unit: [product, quantity, unit]"""
        _bom_line, product, quantity, unit = said
        return [product, quantity / self._get_demanded_units(), unit]

    def _take_over_changes(self):
        """Be made, as new orders, of what somebody has chosen for their lines."""
        changes = self.ato_sale_line_id._get_component_changes()
        for order in self.filtered(lambda order: order.ato_sale_line_id in changes):
            commands = order._prepare_changes(changes[order.ato_sale_line_id])
            order._as_step().move_raw_ids = commands

    def _prepare_changes(self, changes):
        """Commands that have a new order be made of what differs from the bill.

        What differed from a line that is not for this variant is left.

        :param changes: as of one line from `sale.order.line._get_component_changes`
        """
        moves = {move.bom_line_id.id: move for move in self.move_raw_ids}
        commands = []
        for key, said in changes.kept.items():
            move = moves.get(key)
            if move and not said:
                commands.append(Command.delete(move.id))
            elif move:
                product, quantity, unit = self._get_for_all(said)
                values = (product.id, quantity, unit.id)
                vals = dict(zip(COMPONENT, values, strict=True))
                commands.append(Command.update(move.id, vals))
        for product, quantity, unit in map(self._get_for_all, changes.extra):
            vals = self._get_move_raw_values(product, quantity, unit)
            commands.append(Command.create(vals))
        return commands

    def _get_for_all(self, said):
        """The same as `said` of one unit, for all units of the order."""
        product, quantity, unit = said
        return product, unit.round(quantity * self._get_demanded_units()), unit
