# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Command

from .bill import COMPONENT


class MrpProduction(models.Model):
    """Changes of components: noted on the line, and taken over by its other orders."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

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
            now = order._get_components_said()
            changes = [
                (noted.get(move), now.get(move))
                for move in [*noted, *(move for move in now if move not in noted)]
                if noted.get(move) != now.get(move)
            ]
            if changes:
                order.ato_sale_line_id._note_component_changes(order, changes)

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
            said = after and self._get_for_one(after)
            if before and not before[0]:
                extra = [other for other in extra if other[0] != before[1]]
            elif before:
                kept[str(before[0])] = said
                if after and after[1:] == self._get_asked(asked, str(before[0])):
                    del kept[str(before[0])]
            if said and not (before and before[0]):
                extra.append(said)
        return kept, extra

    def _get_for_one(self, said):
        """What is said of a component, for one unit: [product, quantity, unit]"""
        _bom_line, product, quantity, unit = said
        return [product, quantity / self._get_demanded_units(), unit]

    def _take_over_changes(self):
        """Be made, as new orders, of what somebody has chosen for their lines."""
        for order in self:
            changes = order.ato_sale_line_id._read_component_changes()
            if changes["kept"] or changes["extra"]:
                order._as_step().move_raw_ids = order._prepare_changes(**changes)

    def _prepare_changes(self, kept, extra, **_others):
        """Commands that have a new order be made of what differs from the bill.

        What differed from a line that is not for this variant is left; what differed
        from one that is gone is kept.
        """
        moves = {str(move.bom_line_id.id): move for move in self.move_raw_ids}
        lines = self.env["mrp.bom.line"].browse(map(int, kept)).exists()
        commands, added = [], list(extra)
        for key, said in kept.items():
            move = moves.get(key)
            if move and not said:
                commands.append(Command.delete(move.id))
            elif move:
                vals = dict(zip(COMPONENT, self._get_for_all(said), strict=True))
                commands.append(Command.update(move.id, vals))
            elif said and int(key) not in lines.ids:
                added.append(said)
        for product_id, quantity, unit_id in map(self._get_for_all, added):
            product = self.env["product.product"].browse(product_id).exists()
            unit = self.env["uom.uom"].browse(unit_id).exists()
            if product and unit:
                vals = self._get_move_raw_values(product, quantity, unit)
                commands.append(Command.create(vals))
        return commands

    def _get_for_all(self, said):
        """The same as `said` of one unit, for all units of the order."""
        product, quantity, unit_id = said
        unit = self.env["uom.uom"].browse(unit_id)
        return [product, unit.round(quantity * self._get_demanded_units()), unit_id]
