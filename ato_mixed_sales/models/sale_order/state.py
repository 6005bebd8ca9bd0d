# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ... import split


class SaleOrder(models.Model):
    """What an order is waiting for, at a glance."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    # not stored, and so no group of a list: it changes with the day, with what others
    # ask for and receive, and nobody writes the order then
    assembly_state = fields.Selection(
        selection=[
            ("to_decide", "To Decide"),
            ("to_assemble", "To Assemble"),
            ("ready", "Ready"),
            ("shipped", "Shipped"),
        ],
        string="Assembly",
        compute="_compute_assembly_state",
        compute_sudo=True,
        search="_search_assembly_state",
        groups="base.group_user",
        help="What the order is waiting for. To Decide: a line is missing something, "
        "is short of components, or late. To Assemble: something is still to be made. "
        "Ready: all that is open could leave now. Shipped: nothing is open. Empty "
        "without assembled lines, when cancelled, and while goods are still expected.",
    )
    assembly_state_text = fields.Char(
        string="Assembly Progress",
        compute="_compute_assembly_state",
        compute_sudo=True,
        groups="base.group_user",
        help="What the order is waiting for, in words, with how much of what is to be "
        "assembled is made, in the unit of the lines.",
    )

    @api.depends("state", "order_line.assembly_figures")
    def _compute_assembly_state(self):
        states = self._get_assembly_states()
        for order in self:
            is_known = order in states
            order.assembly_state = states.get(order)
            order.assembly_state_text = is_known and order._describe_assembly_state()

    def _get_assembly_states(self):
        """{order: its state} of orders with assembled lines, looked at together"""
        orders = self._with_documents().filtered(lambda order: order.state != "cancel")
        assembled = orders.order_line._filter_assembled()
        states = assembled._get_assembled_states()
        plain = assembled.order_id.filtered(
            lambda order: order._get_state(states) in ("ready", "shipped")
        )
        states.update((plain.order_line - assembled)._get_plain_states())
        return {order: order._get_state(states) for order in assembled.order_id}

    def _get_state(self, states):
        """:param states: {line: split.LineState}"""
        self.ensure_one()
        lines = self.order_line
        return split.order_state(states[line] for line in lines if line in states)

    def _describe_assembly_state(self):
        """The state in few words: of what is made, how much of how much."""
        self.ensure_one()
        if not self.assembly_state:
            return self.env._("Expected")
        if self.assembly_state != "to_assemble":
            states = dict(
                self._fields["assembly_state"]._description_selection(self.env)
            )
            return states[self.assembly_state]
        lines = self.order_line.filtered(lambda o: o.qty_to_assemble_to_order > 0)
        if len(lines.product_uom_id) > 1:  # dozens and units do not add up
            made = lines.filtered(
                lambda line: line.product_uom_id.compare(
                    line.qty_assembled, line.qty_to_assemble_to_order
                )
                >= 0
            )
            return self.env._(
                "%(made)s of %(count)s lines made", made=len(made), count=len(lines)
            )
        return self.env._(
            "%(made)s of %(quantity)s made",
            made=lines[0]._format_count(sum(lines.mapped("qty_assembled"))),
            quantity=lines[0]._format_count(
                sum(lines.mapped("qty_to_assemble_to_order"))
            ),
        )
