# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ... import split


class SaleOrderLine(models.Model):
    """What salespeople are told of promised lines: how late, and what is ready."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _is_promised(self):
        """Whether somebody has said when it comes: no lead time is a promise.

        A day of the line alone is one of other add-ons.
        """
        self.ensure_one()
        order = self.order_id
        return order.state == "sale" and bool(
            order.commitment_date
            or self._has_dates_of_others()
            and self._get_assembly_deadline() != self._expected_date()
        )

    def _get_late_promises(self):
        """{line: its figures} of these lines that were promised and are late"""
        promised = self.filtered(
            lambda line: not line.display_type and line._is_promised()
        )
        figures = promised._get_availability() if promised else {}
        return {
            line: of_line
            for line, of_line in figures.items()
            if line in promised and line._is_late(of_line)
        }

    def _get_lateness(self, figures):
        """How late the line is: split.Lateness

        :param figures: as from `_get_availability`
        """
        self.ensure_one()
        ready = figures["availability_date"] or None
        return split.Lateness(
            ready,
            figures["missing_qty"] + figures["components_short_qty"],
            bool(ready) and ready <= self._get_delivery_day(),
        )

    def _describe_lateness(self, figures):
        """What is late, by how much, and what can be done about it, as a text.

        :param figures: as from `_get_availability`
        """
        self.ensure_one()
        summary = self._summarize_availability(figures)
        goods = self._format_outstanding()
        if figures["missing_date"] or not figures["availability_date"]:
            # whatever is said of a day, it is not the promised one
            day = self._format_day(figures["delivery_date"])
            goods = self.env._("%(goods)s, promised for %(day)s", goods=goods, day=day)
        return self.env._(
            "%(goods)s: %(status)s, %(promise)s. What you can do: %(answers)s.",
            goods=goods,
            status=summary["status_text"],
            promise=summary["promise_text"],
            answers=", ".join(self._get_answers_to_lateness(summary)),
        )

    def _get_answers_to_lateness(self, summary):
        """What a salesperson can do, in words: first what is one click.

        :param summary: as from `_summarize_availability`
        """
        answers = [answer["label"] for answer in summary["suggestions"]]
        if summary["availability_date"]:
            return [*answers, self.env._("promise the earliest day")]
        if summary["components_short_qty"]:
            answers.append(self.env._("order components"))
        return [*answers, self.env._("order less")]

    def _is_ready_to_leave(self):
        """Whether all that is asked for is held where the last step takes it from.

        Earlier steps are no longer open then: what they bring is asked for by the next.
        """
        self.ensure_one()
        moves = self._get_open_moves()
        return (
            bool(moves)
            and not self.qty_held_back
            and all(move.state == "assigned" and move._is_outgoing() for move in moves)
        )

    def _format_outstanding(self):
        """What is still to be delivered of the line, for customers too."""
        self.ensure_one()
        return self.env._(
            "%(quantity)s of %(product)s",
            quantity=self._format_line_qty(self.product_uom_qty - self.qty_delivered),
            product=self.product_id.display_name,
        )
