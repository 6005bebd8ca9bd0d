# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sent import check_records

A_MINUTE = timedelta(minutes=1)


class SaleOrder(models.Model):
    """The earliest day on which all of an order can leave, and its promise.

    A promise that was given is moved by nobody but who gives another one.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    earliest_promise_date = fields.Date(
        string="Earliest Delivery",
        compute="_compute_earliest_promise_date",
        compute_sudo=True,
        groups="base.group_user",
        help="The first working day on which all of the order can leave: from stock, "
        "with receipts, and assembled. Empty when it is not known, when that is the "
        "delivery date already, and without assembled lines.",
    )

    @api.depends(
        "state",
        "date_order",
        "commitment_date",
        "order_line.customer_lead",
        "order_line.availability_date",
    )
    def _compute_earliest_promise_date(self):
        self._read_figures_together()
        for order in self:
            # while it is typed nobody promises: it is worked out of what is saved
            day = (
                order.id
                and not order._has_nothing_to_promise()
                and order._get_last_day()
            )
            is_promised = day and day == order._get_promised_day()
            order.earliest_promise_date = day and not is_promised and day

    @api.depends("order_line.availability_date")
    def _compute_expected_date(self):
        """Never earlier than what is assembled can be there.

        While the order is typed it is as saved, or as Odoo has it when that changes,
        and told anew once it is saved: see `_as_typed`.
        """
        res = super()._compute_expected_date()
        self._read_figures_together()
        for order in self:
            if order.id and order.expected_date:
                order.expected_date = order._get_expected_date()
            elif order._has_only_got_later():
                order.expected_date = order._origin.expected_date
        return res

    def _has_only_got_later(self):
        """Whether a typed order is expected later only because time has passed.

        Odoo counts the days of a quotation from now, which was earlier when it looked
        at what is saved: see `_as_typed`.
        """
        self.ensure_one()
        saved, field = self._origin, self._fields["expected_date"]
        if not self.expected_date or not self.env.is_protected(field, saved):
            return False
        before = saved.expected_date
        return bool(before) and 0 <= (self.expected_date - before) / A_MINUTE < 1

    @contextmanager
    def _as_typed(self):
        """Have saved orders say of their dates what they say while they are typed.

        Odoo reads them before what is typed, to tell what has changed by it: all
        figures would be worked out, and Odoo's date be told in place of ours though
        nothing that is typed changes it.
        """
        names = "expected_date", "earliest_promise_date"
        try:
            with self.env.protecting([self._fields[name] for name in names], self):
                # Odoo's own, without what ours adds to it
                super()._compute_expected_date()  # pylint: disable=super-method-mismatch
                self.earliest_promise_date = False
                yield
        finally:
            self.invalidate_recordset(names, flush=False)

    def _read_figures_together(self):
        """Work out the figures of all orders that are saved at once, and no texts."""
        if len(self) > 1:
            lines = self.filtered("id")._get_outstanding()._filter_assembled()
            lines.order_id.order_line._cache_figures()

    def _get_expected_date(self):
        """When Odoo expects the order, by what each of its lines is expected."""
        self.ensure_one()
        ready = self._get_outstanding()._get_days_of_assembled()
        if not any(ready.values()):
            return self.expected_date
        lines = self._with_documents().order_line.filtered(
            lambda line: line.product_id.type == "consu"
            and not line.display_type
            and not line._is_delivery()
        )
        dates = []
        for line in lines:
            expected, day = line._expected_date(), ready.get(line)
            if day and day > fields.Date.context_today(self, expected):
                expected = self._get_moment_of(day)
            dates.append(expected)
        return self._select_expected_date(dates)

    def _get_outstanding(self):
        """The lines of which something is still to be delivered."""
        lines = self._with_documents().order_line
        return lines.filtered(lambda line: line._is_outstanding())

    def _get_ready_days(self):
        """When each line that is open can leave.

        :return: {line: day, nothing when unknown}; a line that is not assembled, or
            that Odoo buys or makes for this order, after its lead time
        """
        self.ensure_one()
        outstanding, days = self._get_outstanding(), {}
        assembled = outstanding._get_days_of_assembled()
        today = fields.Date.context_today(self)
        for line in outstanding:
            if not line._is_asked_for():
                continue
            if line in assembled:
                day = assembled[line]
            else:
                lead = fields.Date.context_today(self, line._expected_date())
                day = max(lead, today)
            work = line.warehouse_id._get_work_days()
            days[line] = day and work.on_or_after(day)
        return days

    def _get_last_day(self):
        """The first day on which all can leave, nothing when it is not known."""
        days = list(self._get_ready_days().values())
        return max(days) if days and all(days) else None

    def _get_promised_day(self):
        """The day that was promised, nothing when none was."""
        self.ensure_one()
        promised = self.commitment_date
        return promised and fields.Date.context_today(self, promised)

    def _has_nothing_to_promise(self):
        """Whether nobody promises it: nothing is assembled, or the order is closed."""
        self.ensure_one()
        return self.state == "cancel" or self.locked or not self.has_assembled_lines

    @api.model
    def _get_moment_of(self, day):
        """Noon of `day` where the user is, or now if that is past: as it is stored."""
        noon = self.env.tz.localize(datetime.combine(day, time(12)))
        now = fields.Datetime.now()
        moment = noon.astimezone(UTC).replace(tzinfo=None)
        return max(moment, now) if day == fields.Date.context_today(self) else moment

    def action_promise_earliest(self):
        """Promise the earliest day on which all can leave as delivery date (W21).

        :raises UserError: when the day of a line is not known, nothing is open, that
            day is promised already, or an order is locked or cancelled
        """
        check_records(self)
        self.check_access("write")
        self._check_field_access(self._fields["commitment_date"], "write")
        days = {order: order._check_promise() for order in self}
        for order, day in days.items():
            order.commitment_date = self._get_moment_of(day)
        return True

    def _check_promise(self):
        """:return: the day to promise"""
        self.ensure_one()
        name = self.display_name
        if self.state == "cancel" or self.locked:
            raise UserError(
                self.env._(
                    "%(order)s cannot be promised: it is cancelled or locked. Set it "
                    "back to quotation, or unlock it, first.",
                    order=name,
                )
            )
        days = self._get_ready_days()
        if not days:
            raise UserError(self.env._("%s: nothing is to be delivered.", name))
        unknown = [line for line, day in days.items() if not day]
        if unknown:
            raise UserError(self._get_unknown_day_message(unknown[0]))
        day = max(days.values())
        if day == self._get_promised_day():
            raise UserError(
                self.env._(
                    "%(order)s is promised for %(day)s already, the earliest day on "
                    "which all of it can leave.",
                    order=name,
                    day=self.order_line[:1]._format_day(day),
                )
            )
        return day

    def _get_unknown_day_message(self, line):
        figures = line.assembly_figures
        lacking = figures["missing_qty"] or figures["components_short_qty"]
        return self.env._(
            "%(order)s cannot be promised: nobody knows when %(quantity)s of "
            "%(product)s can leave. Assemble what is missing, order components, or "
            "order less.",
            order=self.display_name,
            quantity=line._format_line_qty(lacking or line.product_uom_qty),
            product=line.product_id.display_name,
        )
