# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import functools
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# the second is of other add-ons
DATES = frozenset({"customer_lead", "commitment_date"})

# Odoo's own, which say that a line is due when its order is
DATE_BY_ORDER = frozenset({"sale", "sale_project", "sale_stock", "stock_delivery"})


@functools.lru_cache(maxsize=8)
def _is_due_by_others(model, _method):
    """See `_has_dates_of_others`: the same as long as the method is."""
    return any(
        "_prepare_procurement_values" in vars(definition)
        and vars(definition).get("_module") not in DATE_BY_ORDER
        for definition in model.__mro__
    )


class SaleOrderLine(models.Model):
    """When the documents of a confirmed line are due: when the line is."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_assembly_deadline(self):
        """When the line is to be delivered: what its procurement says (O5).

        Add-ons with a date on each line say so in `_prepare_procurement_values`. Where
        there are none, figures do not wait for all that it says besides.
        """
        self.ensure_one()
        if self._has_dates_of_others():
            return self._prepare_procurement_values()["date_deadline"]
        return self.order_id.commitment_date or self._expected_date()

    @api.model
    def _has_dates_of_others(self):
        """Whether other add-ons than Odoo's own may say when a line is due."""
        return _is_due_by_others(type(self), type(self)._prepare_procurement_values)

    def _follow_deadlines(self):
        """Have deliveries and assembly orders of mixed lines be due when these are.

        Odoo tells the moves of all steps of another lead time, those to the customer
        of another commitment date, none of another order date, and no order that makes
        something. Moves that are due at different times are different rows. What was
        promised may be in time now, or late.
        """
        self.order_id._watch()
        lines = self.filtered(
            lambda line: line.state == "sale" and line._is_split_by_source()
        )
        if not lines:
            return
        due, deadlines = {}, {}
        for line in lines._with_documents():
            deadlines[line] = line._get_assembly_deadline()
            due.update(line._get_delivery_deadlines(deadlines[line]))
        orders = lines._get_open_assembly_orders()
        # each of them is told: none is to pass it on to another
        told = {"date_deadline_propagate_ids": {*orders.move_finished_ids.ids}}
        told["date_deadline_propagate_ids"].update(move.id for move in due)
        for move, deadline in due.items():
            if move.date_deadline != deadline:
                move.with_context(**told)._follow_deadline(deadline)
        if any(order._is_due_elsewhen(deadlines) for order in orders):
            orders._as_step().with_context(**told)._follow_deadlines(deadlines)

    def _get_delivery_deadlines(self, deadline):
        """When the open moves of both parts are due, in whichever step.

        :param deadline: when the line is
        :return: {stock.move: datetime}
        """
        self.ensure_one()
        first, _incoming = self._get_outgoing_incoming_moves(strict=False)
        later = self.move_ids.filtered(
            lambda move: move.rule_id.action in ("push", "pull_push")
            and (move.location_final_id or move.location_dest_id)._is_outgoing()
        )
        deadlines = {}
        for move in (first | later).filtered("ato_supply"):
            # a rule may ask for its step earlier; later steps are due with the first
            rule = (move if move in first else first[:1]).rule_id
            deadlines[move] = deadline - timedelta(days=rule.delay)
        return deadlines

    @api.model
    def _get_lead_days(self, warehouses):
        """When what is begun today is made, by lead time, where they are off most."""
        found = self.env.execute_query(
            SQL("SELECT DISTINCT produce_delay FROM mrp_bom")
        )
        leads, today = [lead or 0 for [lead] in found], fields.Date.context_today(self)
        opened = warehouses.filtered("active")
        calendars = [warehouse._get_work_days() for warehouse in opened]
        days = [max(days.after(today, lead) for days in calendars) for lead in leads]
        return {"leads": leads, "days": days}
