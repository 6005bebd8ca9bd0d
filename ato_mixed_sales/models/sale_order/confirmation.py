# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ...private_context import get_told, tell
from ...sent import check_one
from ...turns import in_turn


class SaleOrder(models.Model):
    """What is said of quantity that nothing covers when an order is confirmed (W24)."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def get_uncovered_rows(self):
        """What the form shows before it confirms, where the company asks first.

        It decides nothing: whoever calls `action_confirm` confirms.

        :return: list of `panel.Row`, of the lines that are missing something; empty
            where there is nothing to ask
        """
        check_one(self)
        self.check_access("read")
        lines = self.order_line
        lines._check_field_access(lines._fields["missing_qty"], "read")
        rule = self.company_id.uncovered_confirmation
        if rule == "nothing" or self.state not in ("draft", "sent"):
            return []
        figures = self.order_line._get_availability(with_components=True)
        return [
            line._prepare_availability_row(of_line)
            for line, of_line in figures.items()
            if line._mixes_sources()
            or rule == "warn"
            and self._is_uncovered(line, of_line)
            and not line._follows_missing()  # is assembled then, without being asked
        ]

    def _get_uncovered_figures(self):
        """{line: figures as from `_get_availability`}, of lines that miss something"""
        figures = self.order_line._get_availability()
        return {
            line: of_line
            for line, of_line in figures.items()
            if self._is_uncovered(line, of_line)
        }

    @api.model
    def _is_uncovered(self, line, figures):
        return line.product_uom_id.compare(figures["missing_qty"], 0.0) > 0

    @in_turn
    def action_confirm(self):
        """Confirm, and say in the chatter what nothing covers.

        Figures are of the quotation: what an order asks for, it counts as covered
        until its deliveries are there. Orders that follow what is missing are decided
        one after the other, for what one takes the next one does not have.
        """
        if len(self) > 1 and sum(order._follows_missing() for order in self) > 1:
            answers = [order.action_confirm() for order in self]
            # what others want to be asked, or shown, first
            return next((answer for answer in answers if answer is not True), True)
        decided = self._decide_missing()
        uncovered = self.filtered(lambda order: order._tells_of_uncovered())
        missing = uncovered._describe_uncovered()
        mixed = self._describe_mixed()
        res = super().action_confirm()
        # others may have asked something first, and confirmed nothing
        for order in self.filtered(lambda order: order.state == "sale"):
            if order in mixed:
                order._post_mixed(mixed[order])
            if order in missing:
                order._post_uncovered(missing[order])
            if order in decided:
                order._post_decided(decided[order])
        return res

    def _follows_missing(self):
        """Whether lines are still to be decided by what is missing."""
        self.ensure_one()
        return self.state in ("draft", "sent") and any(
            line._follows_missing() for line in self.order_line
        )

    def _decide_missing(self):
        """Decide it for good: {order: list of texts, a line each}"""
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        decided = {}
        for line, figures in quotations.order_line._decide_missing().items():
            text = line._describe_decision(figures)
            decided.setdefault(line.order_id, []).append(text)
        return decided

    def _post_decided(self, decided):
        """:param decided: what was decided, a list of texts"""
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "What is missing at confirmation is assembled. %(decided)s",
                decided=" ".join(decided),
            )
        )

    def _tells_of_uncovered(self):
        """Whether the order may be confirmed with something missing, and says so."""
        self.ensure_one()
        rule = self.company_id.uncovered_confirmation
        return rule == "warn" or (rule == "refuse" and self._is_confirmed_by_customer())

    def _describe_uncovered(self):
        """What nothing covers of these orders: {order: list of texts}"""
        missing = {}
        for line, figures in self._get_uncovered_figures().items():
            told = self.env._(
                "%(product)s: %(missing)s of %(ordered)s are missing",
                product=line.product_id.display_name,
                missing=line._format_line_qty(figures["missing_qty"]),
                ordered=line._format_line_qty(line.product_uom_qty),
            )
            # figures are read elevated; the chatter is the user's
            missing.setdefault(line.order_id.with_env(self.env), []).append(told)
        return missing

    def _post_uncovered(self, missing):
        """:param missing: what nothing covers, a list of texts"""
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "Confirmed though neither stock nor assembly covers all of it by its "
                "delivery date. %(missing)s.",
                missing="; ".join(missing),
            )
        )

    def _describe_mixed(self):
        """What customers get from two sources and do not accept: {order: texts}"""
        mixed = {}
        for order in self:
            lines = order.order_line.filtered(lambda line: line._mixes_sources())
            if lines and order.company_id.uncovered_confirmation != "nothing":
                mixed[order] = [line._describe_mixture() for line in lines]
        return mixed

    def _post_mixed(self, mixed):
        """:param mixed: what has two sources, a list of texts"""
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "Confirmed though %(customer)s does not accept mixed sources. "
                "%(mixed)s.",
                customer=self.partner_id.commercial_partner_id.display_name,
                mixed="; ".join(mixed),
            )
        )

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._get_uncovered_message()

    def _get_uncovered_message(self):
        """What is not covered, where the company refuses to confirm it (W24)."""
        self.ensure_one()
        refuses = self.company_id.uncovered_confirmation == "refuse"
        if not refuses or self._is_confirmed_by_customer():
            return False
        missing = self._describe_uncovered().get(self)
        return missing and self.env._(
            "%(order)s cannot be confirmed: neither stock nor assembly covers all of "
            "it by its delivery date.\n%(missing)s\nAssemble what is missing, order "
            "less, or choose a later delivery date.",
            order=self.name,
            missing="\n".join(missing),
        )

    def _validate_order(self):
        return super(SaleOrder, tell(self, ato_by_customer=True))._validate_order()

    def _is_confirmed_by_customer(self):
        """Whether the customer signs, or has paid: that is never sent back.

        Odoo's own key for it, `send_email`, could be sent by anybody.
        """
        self.ensure_one()
        paying = ("pending", "authorized", "done")
        return self.env.su and (
            get_told(self, "ato_by_customer")
            or any(tx.state in paying for tx in self.transaction_ids)
        )
