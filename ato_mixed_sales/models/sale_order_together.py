# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..sent import check_records


class SaleOrder(models.Model):
    """All lines of an order together: true while one is typed, answered at once."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    typed_figures = fields.Json(
        compute="_compute_typed_figures",
        groups="base.group_user",
        help="While the order is typed: the figures of its lines, by line, in the unit "
        "of each. Empty of an order as it is saved.",
    )

    @api.depends("order_line.assembly_figures")
    def _compute_typed_figures(self):
        names = self.order_line._get_figure_names()
        for order in self:
            lines = order.order_line.browse() if order.id else order.order_line
            order.typed_figures = [
                [line.id.origin or line.id.ref, {name: line[name] for name in names}]
                for line in lines
                if line.id.origin or line.id.ref
            ]

    def onchange(self, values, field_names, fields_spec):
        """Tell the figures of all lines that share what one of them is typed to take.

        Odoo tells of lines what changes once they have the values that were typed.
        Figures that follow from those have changed by then, and would not be told.
        """
        spec = fields_spec.get("order_line", {}).get("fields") or {}
        if "order_line" not in field_names or "assembly_figures" not in spec:
            return super().onchange(values, field_names, fields_spec)
        known = {line.id: line.assembly_figures for line in self.order_line}
        known.update(self._read_figures(values.get("order_line") or []))
        values = {**values, "typed_figures": False}
        fields_spec = {**fields_spec, "typed_figures": {}}
        res = super().onchange(values, field_names, fields_spec)
        told = res["value"]
        typed = told.pop("typed_figures", None) or []
        commands = told.get("order_line", [])
        known.update(self._read_figures(commands))
        commands += self._prepare_figure_commands(typed, known, spec)
        return {**res, "value": {**told, "order_line": commands} if commands else told}

    @api.model
    def _read_figures(self, commands):
        """The figures that a client has by `commands`, which it has sent or is told.

        :return: {id of the line, or how the client calls a new one: figures}
        """
        return {
            line: values[0]["assembly_figures"]
            for kind, line, *values in commands
            if kind in (Command.CREATE, Command.UPDATE)
            and "assembly_figures" in values[0]
        }

    @api.model
    def _prepare_figure_commands(self, typed, known, spec):
        """What a client does not know yet, of the fields that it shows of lines.

        :param typed: as `typed_figures`
        :param known: as from `_read_figures`
        """
        commands, names = [], spec.keys() & set(self.order_line._get_figure_names())
        for line, told in typed:
            figures = known.get(line) or False
            # what is saved does not tell its components: there may be none
            figures = figures and {"components": [], **figures}
            if (told["assembly_figures"] or False) != figures:
                values = {name: told[name] for name in names}
                commands.append(Command.update(line, values))
        return commands

    def action_assemble_all_missing(self):
        """Assemble to order what nothing covers, on all lines (R72, W2).

        :raises UserError: when nothing is missing, or an order is locked or cancelled
        """
        return self._get_lines_to_answer().action_assemble_missing()

    def action_take_all_from_stock(self):
        """Take from stock what is free now instead of assembling it (W1).

        :raises UserError: when nothing could be taken, or an order is locked or
            cancelled
        """
        return self._get_lines_to_answer().action_take_from_stock()

    def action_reserve_all_stock(self):
        """Hold what is free for the stock part of all lines (R60, R61).

        :return: a notification that says how much of how much is held
        :raises UserError: when nothing is free that is not held already
        """
        lines = self._get_lines_to_answer()
        lines._lock_reservation()
        figures = lines._get_availability()
        reserving = lines.filtered(
            lambda line: line in figures
            and line._get_answers(figures[line])["action_reserve_stock"] > 0
        )
        if reserving:
            return reserving.action_reserve_stock()
        message = self.env._(
            "%s: nothing is free in stock that could still be reserved.",
            lines._get_order_names(),
        )
        raise UserError(message)

    def _get_lines_to_answer(self):
        """Assembled lines, for somebody who may change the orders."""
        check_records(self)
        self.check_access("write")
        return self.order_line.filtered(
            lambda line: line.is_assembled or line.qty_to_assemble_to_order > 0
        )
