# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Command


class SaleOrder(models.Model):
    """All lines of an order together: true while one is typed, answered at once."""

    _inherit = "sale.order"

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
        known = self._get_known_figures(values.get("order_line") or [])
        values = {**values, "typed_figures": False}
        fields_spec = {**fields_spec, "typed_figures": {}}
        res = super().onchange(values, field_names, fields_spec)
        told = res.get("value", {}).pop("typed_figures", None) or []
        commands = [
            Command.update(
                line, {name: figures[name] for name in spec.keys() & figures.keys()}
            )
            for line, figures in told
            if figures["assembly_figures"] != known.get(line, False)
        ]
        if commands:
            commands = [*res["value"].get("order_line", []), *commands]
            res["value"]["order_line"] = commands
        return res

    def _get_known_figures(self, commands):
        """The figures that a client has: as they are saved, or as it was told since.

        :param commands: lines as it has sent them
        :return: {id of the line, or how the client calls a new one: figures}
        """
        known = {line.id: line.assembly_figures for line in self.order_line}
        for kind, line, values in commands:
            if kind in (Command.CREATE, Command.UPDATE):
                sent = values.get("assembly_figures", known.get(line))
                known[line] = sent or False
        return known
