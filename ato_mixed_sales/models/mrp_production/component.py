# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models
from odoo.fields import Command

# what the seller of a line decides about a component, as a client sends it
COMPONENT_FIELDS = {
    "product_id": (int,),
    "product_uom_qty": (int, float),
    "product_uom": (int,),
}


class MrpProduction(models.Model):
    """Components belong to the salesperson of the line as well.

    Salespeople may not delete stock moves, nor do all that follows when one changes:
    it is done for them. What is elevated is a fixed list of plain values of the
    moves of this very order, and their deletion; all else is written as the user.
    """

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _is_component_editor(self):
        """Whether the user changes components as the seller of the order's line.

        Planners have all the rights for it.
        """
        planner = self.env.su or self.env.user.has_group("mrp.group_mrp_user")
        if planner or len(self) != 1:
            return False
        # whether the user may change the sales order, and nothing else
        linked = self._get_linked()
        order = linked.ato_sale_line_id.order_id.with_env(self.env)
        editable = linked.state in ("draft", "confirmed")
        return bool(order) and editable and order.has_access("write")

    def _write_components(self, vals):
        """Change components for whoever may change the sales order.

        :return: what of `vals` is left to be written, with the user's own rights
        """
        if not self._is_component_editor():
            return vals
        allowed, others = self._sort_component_commands(vals["move_raw_ids"] or [])
        if not allowed:
            return vals
        # sudo: see above; `allowed` was made by us
        self.sudo().write({"move_raw_ids": allowed})
        left = {name: vals[name] for name in vals if name != "move_raw_ids"}
        return {**left, "move_raw_ids": others} if others else left

    def _sort_component_commands(self, commands):
        """What is done for the user, and what the user does: (commands, commands)"""
        allowed, others = [], []
        for command in commands:
            for_user, by_user = self._sort_component_command(command)
            allowed += for_user
            others += by_user
        return allowed, others

    def _sort_component_command(self, command):
        self.ensure_one()
        own = self._with_line().move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        match command:
            case [Command.CREATE, _, dict() as values]:
                return self._sort_new_component(command, values)
            case [Command.UPDATE, int() as move_id, dict() as values] if (
                move_id in own._ids
            ):
                return self._sort_changed_component(own.browse(move_id), values)
            case [Command.DELETE | Command.UNLINK, int() as move_id, *_] if (
                move_id in own._ids
            ):
                return [Command.delete(move_id)], []
        return [], [command]

    def _sort_new_component(self, command, values):
        """A component is added with all else as the order gives it.

        Where a client wants something else of it, the user has to be able to.
        """
        chosen = self._get_component_choice(values)
        if not chosen.get("product_id"):
            return [], [command]
        prepared = self._prepare_new_component(chosen)
        move = self.env["stock.move"]
        if any(
            value and not move._is_same_value(name, value, prepared.get(name))
            for name, value in values.items()
            if name not in chosen
        ):
            return [], [command]
        return [Command.create(prepared)], []

    def _sort_changed_component(self, move, values):
        """What is sent along unchanged is left out."""
        chosen = self._get_component_choice(values)
        others = {
            name: value
            for name, value in values.items()
            if name not in chosen
            and not (
                name in move._fields and move._is_same_value(name, value, move[name])
            )
        }
        allowed = [Command.update(move.id, chosen)] if chosen else []
        return allowed, [Command.update(move.id, others)] if others else []

    def _get_component_choice(self, values):
        """What the seller decides of `values`: plain values, of records they see.

        :raises AccessError: for another company's product, say
        """
        chosen = {
            name: values[name]
            for name, types in COMPONENT_FIELDS.items()
            if type(values.get(name)) in types
        }
        for name in ("product_id", "product_uom"):
            field = self.env["stock.move"]._fields[name]
            record = self.env[field.comodel_name].browse(chosen.get(name) or [])
            record.check_access("read")
        return chosen

    def _prepare_new_component(self, chosen):
        """Values of a move for a component that the bill of materials does not know.

        :param chosen: product, and maybe quantity and unit
        """
        self.ensure_one()
        # locations and references are the planner's
        order = self._with_line()
        product = order.env["product.product"].browse(chosen["product_id"])
        unit = order.env["uom.uom"].browse(chosen.get("product_uom"))
        return order._get_move_raw_values(
            product, chosen.get("product_uom_qty", 0.0), unit or product.uom_id
        )

    def _get_component_needs(self, factor):
        """What these orders need `factor` times, component by component.

        What is not tracked is always there, and left out.

        :return: {(warehouse, component): (required, held)}, in units of components;
            held is what lies ready for these orders alone
        """
        needs = defaultdict(lambda: (0.0, 0.0))
        for move in self.move_raw_ids:
            product = move.product_id
            if not product.is_storable or move.state in ("done", "cancel"):
                continue
            place = move.location_id.warehouse_id, product
            bringing = move._get_bringing_moves()
            held = (move | bringing if bringing else move)._get_reserved_units()
            required, before = needs[place]
            asked = product.uom_id.round(move.product_qty * factor)
            needs[place] = required + asked, before + held
        return needs

    def _get_consumption_issues(self):
        """Expect of a linked order the components that were sold with it."""
        return [
            (order, product, consumed, expected)
            for order, product, consumed, expected in super()._get_consumption_issues()
            if not order.ato_sale_line_id
            or product.uom_id.compare(consumed, order._get_sold_component_qty(product))
        ]

    def _get_sold_component_qty(self, product):
        """How much of `product`, in its unit, what is made now was sold with."""
        self.ensure_one()
        moves = self.move_raw_ids.filtered(lambda move: move.product_id == product)
        return sum(moves.mapped("product_qty")) * self.qty_producing / self.product_qty
