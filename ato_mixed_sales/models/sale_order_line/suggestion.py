# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ... import split
from ...sent import check_one, check_quantity, check_records
from ...turns import in_turn

_lt = LazyTranslate(__name__)

SUGGESTIONS = {
    "action_mend_bin": _lt("Take the right bin"),
    "action_assemble_missing": _lt("Assemble %s"),
    "action_take_from_stock": _lt("Take %s from stock"),
    "action_reserve_stock": _lt("Reserve %s"),
    "action_open_reservation": _lt("Choose stock..."),
    "action_open_assembly_components": _lt("Components..."),
    "action_split_by_source": _lt("Split by source"),
}

# what is changed by an answer, and taken back at one click
UNDONE = ("qty_to_assemble_to_order", "reserved_stock_qty")


class SaleOrderLine(models.Model):
    """The answers that the figures of the line suggest, one click each."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @in_turn
    def action_assemble_missing(self):
        """Assemble to order what nothing covers yet, line by line (R72, W2).

        All of a line whose customer does not accept it from stock as well.

        :raises UserError: when nothing is missing, the product cannot be assembled,
            or the order is locked or cancelled
        """
        check_records(self)
        action, figures = "action_assemble_missing", self._get_figures_to_follow()
        lines = self._filter_to_follow(action, figures)
        if not lines:
            raise UserError(self._get_nothing_missing_message())
        lines._follow_figures(action, figures)
        return True

    @in_turn
    def action_take_from_stock(self):
        """Take from stock what is free now instead of assembling it (W1).

        On a confirmed order it is held at once.

        :raises UserError: when nothing could be taken, or the order is locked or
            cancelled
        """
        check_records(self)
        action, figures = "action_take_from_stock", self._get_figures_to_follow()
        lines = self._filter_to_follow(action, figures)
        if not lines:
            raise UserError(self._get_not_taken_message(figures))
        lines._follow_figures(action, figures)
        lines._hold_taken_stock()
        return True

    def _follow_figures(self, action, figures):
        self._write_assembly_parts(
            {
                line: line._get_suggested_part(
                    action, line._get_answers(figures[line])[action]
                )
                for line in self
            }
        )

    def _get_part_with(self, quantity):
        """A and `quantity` more of it, added as the units that each figure means.

        A third of a dozen and another one, 0.33 each, are 8 units: 0.67.
        """
        figures = (self.qty_to_assemble_to_order, quantity)
        return self._to_line_unit(sum(map(self._to_product_units, figures)))

    def _get_figures_to_follow(self):
        """The figures as they are now, for somebody who may change the lines.

        :raises AccessError: for anybody else
        :raises UserError: when the order is locked or cancelled
        """
        self._check_may_follow()
        self._lock_reservation()
        return self._get_availability()

    def _check_may_follow(self):
        """:raises UserError: when the order is locked or cancelled"""
        self.order_id.check_access("write")
        self._check_field_access(self._fields["qty_to_assemble_to_order"], "write")
        for line in self.filtered(lambda line: line._is_closed()):
            message = self.env._(
                "%(product)s on %(order)s cannot be changed: the order is cancelled or "
                "locked. Set it back to quotation, or unlock it, first.",
                product=line.product_id.display_name,
                order=line.order_id.name,
            )
            raise UserError(message)

    def undo_answer(self, name=False, after=0.0, before=0.0):
        """Take back what an answer has changed, unless it was changed since.

        :param name: what the answer has changed, one of `UNDONE`
        :param after: what it has made of it, in the unit of the line
        :param before: what it was
        :raises UserError: when it is something else now: that is somebody's decision
        """
        check_one(self)
        self._check_may_follow()
        if name not in UNDONE:
            raise UserError(self.env._("%(name)s cannot be taken back.", name=name))
        for quantity in (after, before):
            check_quantity(self._fields[UNDONE[0]], quantity, self.env)
        self._lock_reservation()
        if self.product_uom_id.compare(self[name], after or 0.0):
            raise UserError(self._get_changed_since_message(name, after))
        if name == "reserved_stock_qty":
            return self.action_unreserve_stock()
        self.qty_to_assemble_to_order = before or 0.0
        return True

    def _get_changed_since_message(self, name, after):
        return self.env._(
            "%(product)s on %(order)s: %(figure)s is %(now)s, no longer %(after)s as "
            "you have left it. %(user)s has changed the line last: nothing is taken "
            "back.",
            product=self.product_id.display_name,
            order=self.order_id.name,
            figure=self._fields[name]._description_string(self.env),
            now=self._format_line_qty(self[name]),
            after=self._format_line_qty(after),
            user=self.write_uid.display_name,
        )

    def _filter_to_follow(self, action, figures):
        return self.filtered(
            lambda line: line in figures
            and line.product_uom_id.compare(
                line._get_answers(figures[line])[action], 0.0
            )
            > 0
        )

    def _get_nothing_missing_message(self):
        if len(self) > 1:
            return self.env._("Nothing is missing on %s.", self._get_order_names())
        line = self
        return self.env._(
            "%(product)s on %(order)s: nothing is missing of %(quantity)s. Enter Qty. "
            "to Assemble to Order to have more of it assembled.",
            product=line.product_id.display_name,
            order=line.order_id.name,
            quantity=line._format_line_qty(line.product_uom_qty),
        )

    def _get_not_taken_message(self, figures):
        """Why nothing is taken from stock, and the way out."""
        line = self[:1]
        is_free = line in figures and figures[line]["free_stock_qty"] > 0
        started = len(self) == 1 and is_free and line._get_started_units()
        if not started:
            return self._get_nothing_deductible_message()
        return line._get_refusal_message(split.Refused("started", "assembly", started))

    def _get_nothing_deductible_message(self):
        if len(self) > 1:
            return self.env._(
                "Nothing is free that could replace what is still to be assembled for "
                "%s.",
                self._get_order_names(),
            )
        line = self
        return self.env._(
            "%(product)s on %(order)s: nothing is free in %(warehouse)s that could "
            "replace what is still to be assembled of %(quantity)s. Reserve again when "
            "stock has arrived.",
            product=line.product_id.display_name,
            order=line.order_id.name,
            warehouse=line.warehouse_id.display_name,
            quantity=line._format_line_qty(line.qty_to_assemble_to_order),
        )

    def _get_started_units(self):
        """What orders that have started make for the line, in product units."""
        self.ensure_one()
        orders = self._get_open_assembly_orders()
        started = orders.filtered(lambda order: order._is_under_way())
        return sum(order._get_producing_units() for order in started)

    def _get_order_names(self):
        return ", ".join(self.order_id.mapped("name"))

    def _hold_taken_stock(self):
        """Hold what is to be taken from stock now, as far as it is free.

        Quotations hold by themselves where the company wants it so.
        """
        for line in self.filtered(lambda line: line.state == "sale"):
            line._hold_free_units()

    def _get_assembly_suggestions(self, figures):
        """The answers that apply to the figures, the most pressing first.

        :param figures: as from `_get_availability`
        :return: list of `panel.Suggestion`
        """
        self.ensure_one()
        quantities = {**self._get_answers(figures), **self._get_choices(figures)}
        if self.bin_warning:
            # what is in the way of all others
            mend = {"action_mend_bin": figures["stock_needed_qty"]}
            quantities = {**mend, **quantities}
        return self._prepare_suggestions(quantities)

    def _prepare_suggestions(self, quantities):
        """:param quantities: {action: how much it is about, in the line's unit}"""
        self.ensure_one()
        if self._is_closed():
            return []
        return [
            {
                "action": action,
                "label": self._get_suggestion_label(action, quantity),
                "qty": quantity,
                "to_assemble": self._get_suggested_part(action, quantity),
            }
            for action, quantity in quantities.items()
            if quantity > 0
        ]

    def _get_answers(self, figures):
        """What settles something at once: {action: quantity, in the line's unit}"""
        self.ensure_one()
        lacking = figures["stock_needed_qty"] - figures["stock_held_qty"]
        return {
            "action_assemble_missing": self._get_qty_to_assemble_besides(figures),
            "action_take_from_stock": figures["deductible_qty"],
            "action_reserve_stock": min(lacking, figures["free_stock_qty"]),
        }

    def _get_choices(self, figures):
        """What opens a dialog, or is a matter of taste, as `_get_answers`."""
        self.ensure_one()
        to_reserve = self._get_answers(figures)["action_reserve_stock"]
        return {
            "action_open_reservation": max(to_reserve, figures["stock_held_qty"]),
            "action_open_assembly_components": figures["remaining_qty"]
            if self.assembly_order_ids
            else 0.0,
            "action_split_by_source": self.qty_to_assemble_to_order
            if self._can_split_by_source()
            else 0.0,
        }

    def _get_suggested_part(self, action, quantity):
        """What A becomes by the answer, False where it stays as it is."""
        self.ensure_one()
        if action == "action_assemble_missing":
            upper = self._get_assembly_bounds().upper
            return min(upper, self._get_part_with(quantity))
        if action == "action_take_from_stock":
            return self._get_part_with(-quantity)
        return False

    def _get_suggestion_label(self, action, quantity):
        """What the answer is called, with its quantity where that says something."""
        label = self.env._(SUGGESTIONS[action])
        return label % self._format_count(quantity) if "%s" in label else label
