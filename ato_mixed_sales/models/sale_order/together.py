# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...sent import check_records
from ...turns import in_turn

# by what a client says that it knows of these, it is seen what it does not know yet
TOLD = {"assembly_figures", "assembly_price", "assembly_cost"}


class SaleOrder(models.Model):
    """All lines of an order together: true while one is typed, answered at once."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    typed_figures = fields.Text(
        compute="_compute_typed_figures",
        groups="base.group_user",
        help="While the order is typed: the figures of lines that share something with "
        "what is typed, by line, in its unit. Empty of an order as it is saved.",
    )

    @api.depends(
        "order_line.assembly_figures",
        "order_line.assembly_price",
        "order_line.assembly_cost",
    )
    def _compute_typed_figures(self):
        for order in self:
            lines = order.order_line.browse() if order.id else order.order_line
            lines = lines._filter_typed_together(order._origin.order_line)
            figures = lines._read_typed_figures()
            order.typed_figures = self.order_line._write_figures(
                [[line.id.origin or line.id.ref, figures[line]] for line in lines]
            )

    def onchange(self, values, field_names, fields_spec):
        """Tell the figures of all lines that share what one of them is typed to take.

        Odoo tells of lines what changes once they have the values that were typed.
        Figures that follow from those have changed by then, and would not be told: they
        are worked out once, at the end, for lines that share something with those that
        are typed. What a client has been told of others is taken back.
        """
        spec = fields_spec.get("order_line", {}).get("fields") or {}
        names = spec.keys() & set(self.order_line._get_typed_names())
        if field_names != ["order_line"] or "assembly_figures" not in names:
            return super().onchange(values, field_names, fields_spec)
        known = self._read_figures(values.get("order_line") or [])
        others = {name: wanted for name, wanted in spec.items() if name not in names}
        fields_spec = {
            **fields_spec,
            "order_line": {**fields_spec["order_line"], "fields": others},
            "typed_figures": {},
        }
        values = {**values, "typed_figures": False}
        with self._as_typed():
            res = super().onchange(values, field_names, fields_spec)
        told = res["value"]
        if "earliest_promise_date" in fields_spec and self.has_assembled_lines:
            told["earliest_promise_date"] = False  # nobody promises what is typed
        typed = json.loads(told.pop("typed_figures", False) or "[]")
        commands = self._add_figures(told.get("order_line", []), typed, known, names)
        return {**res, "value": {**told, "order_line": commands} if commands else told}

    @api.model
    def _read_figures(self, commands):
        """The figures that a client has been told of lines, by what it sends.

        :return: {id of the line, or how the client calls a new one: {name: value}}
        """
        return {
            line: {name: values[0].get(name) or False for name in TOLD}
            for kind, line, *values in commands
            if kind in (Command.CREATE, Command.UPDATE)
            and "assembly_figures" in values[0]
        }

    def _add_figures(self, commands, typed, known, names):
        """`commands`, with what a client does not know yet of the figures.

        :param typed: [[line, figures]], line as in `_read_figures`
        :param known: as from `_read_figures`
        :param names: the fields that the client wants of them
        """
        get_wanted = self.order_line._get_wanted_figures
        told = {line: figures for line, figures in typed if line}
        told.update(self._read_saved_figures(known.keys() - told.keys()))
        # lines that are added by the server: the client has no name for them yet
        added = iter([figures for line, figures in typed if not line])
        for kind, line, *values in commands:
            if kind == Command.CREATE and line not in told:
                values[0].update(get_wanted(next(added, {}), names))
        return commands + [
            Command.update(line, get_wanted(figures, names))
            for line, figures in told.items()
            # figures of Odoo's popover are told of plain lines
            if not figures["assembly_figures"]
            or any(figures[n] != known.get(line, {}).get(n) for n in names & TOLD)
        ]

    def _read_saved_figures(self, line_ids):
        """{id: figures} of lines that are as they were saved, in spite of all typing"""
        lines = self.order_line.filtered(lambda line: line.id in line_ids)
        figures = lines.with_prefetch()._read_typed_figures()
        texts = {line.id: lines._write_figures(of) for line, of in figures.items()}
        return {line: json.loads(text) for line, text in texts.items()}

    @in_turn
    def action_assemble_all_missing(self):
        """Assemble to order what nothing covers, on all lines (R72, W2).

        :raises UserError: when nothing is missing, or an order is locked or cancelled
        """
        return self._get_lines_to_answer().action_assemble_missing()

    @in_turn
    def action_take_all_from_stock(self):
        """Take from stock what is free now instead of assembling it (W1).

        :raises UserError: when nothing could be taken, or an order is locked or
            cancelled
        """
        return self._get_lines_to_answer().action_take_from_stock()

    @in_turn
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
        """Assembled lines, for somebody who may change the orders.

        :raises UserError: where there are none
        """
        check_records(self)
        self.check_access("write")
        lines = self.order_line._filter_assembled()
        if not lines:
            raise UserError(
                self.env._(
                    "%s: no line of it can be assembled to order. Add a product that "
                    "is made by a bill of materials.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        return lines
