# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import escape

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ... import split
from ...private_context import get_told, sanitized, tell


class SaleOrderLine(models.Model):
    """Who changes a confirmed line, and what follows: a table, and one way for all.

    Each event says what A becomes. Facts are read, the plan is made, `apply` does it.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _filter_fulfilled(self):
        """Confirmed lines of which each source has documents of its own.

        Without what a client wants as default: their documents are made as superuser.
        """
        return sanitized(self).filtered(
            lambda line: line.state == "sale" and line._is_split_by_source()
        )

    # What a salesperson wishes

    def _follow_held_back(self):
        """Have the documents that are there follow the lines, and make no others.

        Where somebody keeps Odoo from asking for their deliveries. The others have been
        fulfilled: nothing is left to be done for them.

        :raises UserError: with the reason and the way out; nothing is changed then
        """
        lines = self._as_superuser().filtered(
            lambda line: line.state == "sale"
            and not line.order_id.locked
            and (line._is_split_by_source() or line._get_draft_assembly_orders())
        )
        if not lines:
            return
        facts = lines._get_facts()
        plans = lines._plan_wishes(facts, split.HELD_BACK)
        plans = {line: steps for line, steps in plans.items() if steps}
        for line, known in facts.items():
            line._note_held_back(known.held_back if line._is_launched() else 0.0)
        if plans:
            lines = lines.browse().union(*plans)
            lines._lock_stock()
            lines._label_stock_part()
            lines._ask(lines._apply(plans))
            lines.filtered(lambda line: line._is_launched())._finish_documents()

    def _fulfil_but_ask(self, event, new):
        """Do all that the lines wish but ask for more: Odoo is about to.

        To be called by whoever alone decides on the stock, see `_lock_stock`. Of a line
        of which nothing is asked for yet, orders that are lacking are made with it.

        :param event: split.Event, a wish
        :param new: those of the lines that are not launched
        :return: {line: steps that ask}
        :raises UserError: with the reason and the way out; nothing is changed then
        """
        lines = self._as_superuser()
        lines._label_stock_part()
        plans = lines._plan_wishes(lines._get_facts(), event)
        launched = lines - new
        return {
            **{line: line._ask_by_route(plans[line]) for line in lines & new},
            **launched._apply({line: plans[line] for line in launched}),
        }

    def _plan_wishes(self, facts, event):
        """What makes the documents of the lines what they ask for: {line: steps}

        :param facts: {line: split.Line}
        :raises UserError: with the reason and the way out
        """
        plans = {}
        for line, known in facts.items():
            try:
                plans[line] = split.plan(known, event)
            except split.Refused as refusal:
                raise UserError(line._get_refusal_message(refusal)) from None
        return plans

    def _is_launched(self):
        """Whether something is asked for, or made, since the line is an order's."""
        self.ensure_one()
        line = self._with_documents()
        return any(move.state != "cancel" for move in line.move_ids) or any(
            order.state not in ("draft", "cancel") for order in line.assembly_order_ids
        )

    def _make_lacking_orders(self):
        """Have linked orders make what the lines ask for by now."""
        plans = {
            line: [
                step
                for step in split.plan(facts, split.FLOOR)
                if isinstance(step, split.Lower | split.Raise | split.Make)
            ]
            for line, facts in self._get_facts().items()
        }
        self._apply({line: steps for line, steps in plans.items() if steps})

    def _get_refusal_message(self, refusal):
        """What is in the way of the wish, and the way out.

        :param refusal: split.Refused
        """
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "order": self.order_id.name,
            "quantity": formatLang(self.env, refusal.quantity, dp="Product Unit"),
            "uom": self.product_id.uom_id.name,
        }
        if refusal.reason == "started":
            return self._get_started_message(figures)
        if refusal.reason == "assembled":
            return self._get_assembly_bounds_message(self._get_assembly_bounds())
        if refusal.supply == "stock":
            return self.env._(
                "%(product)s on %(order)s: %(quantity)s %(uom)s too many are picked "
                "from stock already. Have them put back first.",
                **figures,
            )
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s %(uom)s that were assembled are "
            "picked, or on their way, already. Have them put back first.",
            **figures,
        )

    def _get_started_message(self, figures):
        orders = self._get_open_assembly_orders()
        started = orders.filtered(lambda order: not order._has_not_started())
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s %(uom)s cannot be taken back "
            "from assembly order %(assembly_order)s, which has started. Let it "
            "finish, or have it cancelled first.",
            assembly_order=", ".join(started.mapped("name")),
            **figures,
        )

    # What has happened, and nobody can refuse

    def _let_happen(self, event, facts):
        """Have A, and all documents, follow what has happened.

        A locked order keeps its salesperson from changing it, not the facts.

        :param event: split.Event
        :param facts: {line: split.Line} with what A becomes
        """
        plans = {
            line: split.plan(known, split.without_launch(known, event))
            for line, known in facts.items()
        }
        # A may change though documents that are held back ask for nothing else
        changed = (line for line, known in facts.items() if line._is_to_become(known))
        planned = (line for line in plans if plans[line])
        lines = self.browse().union(*changed, *planned)
        lines = lines._as_superuser()
        before = lines._get_change_figures()
        lines._label_stock_part()
        # first of all: what orders make less is no loss then
        plans = {line: line._set_to_plan(facts[line], plans[line]) for line in lines}
        lines._ask(lines._apply(plans))
        lines._finish_documents()
        lines._follow_change(before)

    def _set_to_plan(self, facts, plan):
        """Set A, and what is given up, to what they become: the steps that are left"""
        given_up = [step for step in plan if isinstance(step, split.GiveUp)]
        units = sum(step.quantity for step in given_up)
        self._set_assembly_part(facts.to_assemble, units)
        return [step for step in plan if not isinstance(step, split.GiveUp)]

    def _is_to_become(self, facts):
        """Whether A of the line is to be another one, that of `facts`."""
        self.ensure_one()
        to_assemble = self._get_part_units().assembly
        return bool(facts.unit.compare(facts.to_assemble, to_assemble))

    def _ask_again(self, units):
        """Ask on the shelf again for what is not behind it any more.

        Units were put back from a later step of the delivery, or are gone from there.

        :param units: {supply: units of the product}
        """
        facts = {
            line: split.asking_no_more(known, units.get("stock", 0.0))
            for line, known in self._filter_fulfilled()._get_facts().items()
        }
        self._let_happen(split.PUT_BACK, facts)

    def _follow_undo(self, before, undone):
        """Ask, and assemble, again for what was undone.

        :param before: {line: split.Line}, what was true before that
        :param undone: {line: tuple of split.Order}, taken apart as far as open
        """
        facts = {
            line: split.after_undo(known, before[line], undone.get(line, ()))
            for line, known in self._filter_fulfilled()._get_facts().items()
        }
        self._let_happen(split.UNDO, facts)

    def _follow_delivery(self, before=None):
        """Assemble no more than the deliveries of the lines still ask for.

        A delivery was cancelled, its rest was given up, or more was delivered from
        stock than asked for. Units that are made and not asked for become stock.

        :param before: {line: split.Line}, what was true before that
        """
        facts, stopped, lines = {}, {}, self._filter_fulfilled()
        lines._fit_pulled_steps()
        for line, known in lines._get_facts().items():
            facts[line] = split.after_delivery(known, (before or {}).get(line))
            if facts[line].given_up != known.given_up:
                line.qty_given_up = facts[line].given_up
            less = known.undelivered_assembly - facts[line].undelivered_assembly
            if known.unit.compare(less, 0.0) > 0:
                stopped[line] = less
        self._let_happen(split.WAREHOUSE, facts)
        self._warn_of_stop(stopped)

    def _take_all_from_stock(self):
        """Assemble nothing more for the lines: what is left was settled otherwise.

        Unlike when A is set to 0, orders that have started are no obstacle: they go
        on for stock, without a link.
        """
        facts, stopped = {}, {}
        for line, known in self._filter_fulfilled()._get_facts().items():
            becomes = split.to_assemble_after_counter(known)
            less = known.to_assemble - becomes
            if known.unit.compare(less, 0.0) > 0:
                facts[line], stopped[line] = known._replace(to_assemble=becomes), less
        self._let_happen(split.COUNTER, facts)
        self._warn_of_stop(stopped)
        quotations = self.filtered(lambda line: line.state in ("draft", "sent"))
        mixed = quotations._as_superuser().filtered("qty_to_assemble_to_order")
        mixed.qty_to_assemble_to_order = 0.0

    def _warn_of_stop(self, stopped):
        """:param stopped: {line: quantity, in the unit of the product}"""
        for line, quantity in stopped.items():
            line._warn_salesperson(
                line.env._(
                    "%(quantity)s %(uom)s of %(product)s are not delivered any more "
                    "and their assembly was stopped: raise To Assemble to have them "
                    "delivered after all.",
                    quantity=formatLang(line.env, quantity, dp="Product Unit"),
                    uom=line.product_id.uom_id.name,
                    product=line.product_id.display_name,
                )
            )

    def _cancel_assembly(self):
        """Stop what is assembled for the lines, whose order is cancelled.

        A itself is kept, for a second life that starts anew. Units that are made
        become free stock. Orders that have started go on for stock, without a link:
        they are left to their planner, whom Odoo tells.
        """
        lines = self._as_superuser().filtered("assembly_order_ids")
        nothing, plans = split.Part(), {}
        for line, known in lines._get_facts().items():
            # Odoo cancels the deliveries
            known = known._replace(
                ordered=known.shipped, to_assemble=0.0, stock=nothing, assembly=nothing
            )
            plans[line] = split.plan(known, split.CANCELLATION)
            for order in (s.order for s in plans[line] if isinstance(s, split.Leave)):
                line._post_left_order(order)
        keeping = lines._get_keeping_moves()
        lines._apply(plans)
        keeping._action_cancel()

    def _get_ending(self):
        """Those of the lines whose order is cancelled by no method of Odoo's own."""
        if get_told(self, "ato_step"):
            return self.browse()
        return self.filtered(lambda line: line.state != "cancel")

    def _leave_nothing(self):
        """Let go of all that the lines have: somebody wrote that it is over (O3).

        Odoo's own method cancels the deliveries as well; plain lines keep theirs.
        """
        self._let_go_all_holds(self.env._("the order was cancelled"))
        self._cancel_assembly()
        lines = self._as_superuser().filtered(lambda line: line._is_split_by_source())
        moves = tell(lines.move_ids, ato_step=True)
        moves._filter_open()._action_cancel()

    def _post_left_order(self, order):
        """Tell in the chatter that `order` goes on without the line."""
        self.order_id.message_post(
            body=self.env._(
                "%(assembly_order)s has started: what it makes of %(product)s becomes "
                "free stock.",
                assembly_order=order.name,
                product=order.product_id.display_name,
            )
        )

    def _warn_salesperson(self, note):
        """Leave an activity on the order for its salesperson.

        :param note: a text, not HTML: names in it are shown as they are
        """
        self.ensure_one()
        # the warehouse and the floor get here as superuser
        self.order_id._schedule_for_salesperson(
            "mail.mail_activity_data_warning", escape(note)
        )
