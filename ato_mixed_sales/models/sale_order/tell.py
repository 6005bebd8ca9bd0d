# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import html2plaintext

from ... import split
from ...private_context import sanitized

LATE = "ato_mixed_sales.mail_activity_type_late"
READY = "ato_mixed_sales.mail_activity_type_ready"


class SaleOrder(models.Model):
    """What salespeople are told of promises: one activity for all that is late.

    And another for all that is ready. They follow what is true as long as they are
    open. Who marks one done is told again of what is new, or worse, and nothing else.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    promise_told = fields.Json(
        copy=False,
        groups=fields.NO_ACCESS,
        help="What the salesperson was told of open lines, by id: how late each of "
        "them is, which are ready to leave, whether that is all of the order, and of "
        "which the customer has had a mail.",
    )
    # what there is to be followed is a small part of all orders
    _promise_told_idx = models.Index("(id) WHERE promise_told IS NOT NULL")

    def _schedule_for_salesperson(self, activity_type, note):
        """Leave an activity on the order for its salesperson, else the team's leader.

        :param activity_type: external id
        :param note: HTML
        """
        self.ensure_one()
        return sanitized(self).activity_schedule(
            activity_type, user_id=self._get_salesperson().id, note=note
        )

    def _get_salesperson(self):
        """Who is told of the order, else who works on it, else who has made it.

        Nobody of all these is there, maybe, for an order of a web shop.
        """
        self.ensure_one()
        for user in (
            self.user_id,
            self.team_id.user_id,
            self.env.user,
            self.create_uid,
        ):
            if user.active and user._is_internal() and user.id != SUPERUSER_ID:
                return user
        return self.env["res.users"]

    def _follow_promises(self):
        """Tell what has become late, on time, or ready of these orders.

        In the language, and by the days, of who is told.
        """
        orders = self.with_env(self.order_line._as_superuser().env)
        activities = orders._get_promise_activities()
        for (lang, tz), told in orders.grouped(lambda o: o._get_reader()).items():
            # nothing that a client, or a job, has told decides what is told here
            context = {"lang": lang, "tz": tz}
            told.with_context(context)._tell_salespeople(  # pylint: disable=context-overridden
                activities
            )

    def _get_reader(self):
        """(language, time zone) of who is told of the order"""
        user = self._get_salesperson()
        calendar = self.company_id.resource_calendar_id
        return user.lang or self.env.lang, user.tz or calendar.tz or "UTC"

    def _get_promise_activities(self):
        """Open ones: {(id of the order, external id of the type): mail.activity}"""
        activities, kinds = {}, {self.env.ref(kind).id: kind for kind in (LATE, READY)}
        found = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", list(kinds)),
                ("automated", "=", True),
            ]
        )
        for activity in found:
            key = activity.res_id, kinds[activity.activity_type_id.id]
            activities[key] = activities.get(key, activity) | activity
        return activities

    def _tell_salespeople(self, activities):
        """:param activities: as from `_get_promise_activities`"""
        late, none = {}, self.env["mail.activity"]
        for line, figures in self.order_line._get_late_promises().items():
            late.setdefault(line.order_id, {})[line] = figures
        for order in self:
            before = order.promise_told or {}
            told = {
                "late": order._tell_late(
                    before.get("late", {}),
                    late.get(order, {}),
                    activities.get((order.id, LATE), none),
                ),
                **order._tell_ready(before, activities.get((order.id, READY), none)),
            }
            told = {name: value for name, value in told.items() if value}
            if told != before:
                order.promise_told = told or False

    # What is late

    def _tell_late(self, told, late, activities):
        """Tell what is late, unless that is known.

        :param told: {id of a line: `Lateness` in JSON}, what was told
        :param late: {line: figures} of lines that are late
        :param activities: that tell it already
        :return: what has been told now
        """
        self.ensure_one()
        known = {key: split.Lateness.from_json(value) for key, value in told.items()}
        now = {str(line.id): line._get_lateness(late[line]) for line in late}
        is_news = any(
            now[str(line.id)].is_worse_than(
                known.get(str(line.id)), line.product_uom_id
            )
            for line in late
        )
        if late and not activities and not is_news:
            return {key: value for key, value in told.items() if key in now}
        note = late and self._describe_late(late)
        self._follow_activity(LATE, activities, note, self.env._("Nothing is late."))
        return {key: lateness.to_json() for key, lateness in now.items()}

    def _describe_late(self, late):
        """:param late: {line: figures}"""
        return self._describe_rows(
            self.env._("Of %s, this cannot leave as promised:", self.name),
            [line._describe_lateness(figures) for line, figures in late.items()],
        )

    def _describe_rows(self, title, rows):
        """HTML of texts: names in them are shown as they are"""
        rows = Markup().join(Markup("<li>%s</li>") % row for row in rows)
        return Markup("<p>%s</p><ul>%s</ul>") % (title, rows)

    def _follow_activity(self, kind, activities, note, done):
        """Have one activity say `note`, or none where there is nothing to be said.

        :param kind: external id of the type
        :param activities: those of this kind that are open
        :param done: what is said when they are closed
        """
        activities = activities.with_env(self.env)
        if not note:
            if activities:
                activities.action_feedback(feedback=done)
        elif not activities:
            self._schedule_for_salesperson(kind, note)
        elif html2plaintext(activities[:1].note) != html2plaintext(note):
            activities[:1].note = note

    # What is ready

    def _tell_ready(self, told, activities):
        """Tell what is ready to leave, unless that is known, and the customer as well.

        :param told: what was told
        :param activities: that tell it already
        :return: what has been told now
        """
        self.ensure_one()
        lines = self._get_ready_lines()
        is_all = bool(lines) and self._is_all_ready()
        is_new = bool(set(lines.ids).difference(told.get("ready", ())))
        is_news = is_new or (is_all and not told.get("all"))
        mailed = set(told.get("mailed", ())).intersection(
            self.order_line.filtered(lambda line: line._is_outstanding()).ids
        )
        if activities or is_news or not lines:
            note = lines and self._describe_ready(lines, is_all)
            done = self.env._("It has left, or is not ready any more.")
            self._follow_activity(READY, activities, note, done)
        if is_new and self._mail_ready(lines.filtered(lambda o: o.id not in mailed)):
            mailed.update(lines.ids)
        return {"ready": lines.ids, "all": is_all, "mailed": sorted(mailed)}

    def _get_open_lines(self):
        """Lines of which a delivery is still to bring something."""
        lines = self._with_documents().order_line
        return lines.filtered(lambda o: o._is_outstanding() and o._is_asked_for())

    def _is_all_ready(self):
        """Whether all that is open of the order is ready to leave."""
        lines = self._get_open_lines()
        return all(line._is_ready_to_leave() for line in lines)

    def _get_ready_lines(self):
        """What of the order is ready to leave, and may: an order that ships at once
        leaves when all of it is ready, one of plain lines is Odoo's.
        """
        self.ensure_one()
        lines = self._get_open_lines() if self.state == "sale" else self.order_line[:0]
        assembled = lines.filtered(lambda line: line.qty_to_assemble_to_order > 0)
        if assembled and self._is_all_ready():
            return lines
        if self.picking_policy == "one":
            return lines.browse()
        return assembled.filtered(lambda line: line._is_ready_to_leave())

    def _describe_ready(self, lines, is_all):
        """:param is_all: whether that is all of the order"""
        title = (
            self.env._("All that is open of %s is ready to leave:", self.name)
            if is_all
            else self.env._("Of %s, this is ready to leave:", self.name)
        )
        rows = [line._format_outstanding() for line in lines]
        transfers = lines._get_open_moves().picking_id
        if transfers:
            names = ", ".join(transfers.mapped("name"))
            rows.append(self.env._("Transfers: %s", names))
        return self._describe_rows(title, rows)

    def _mail_ready(self, lines):
        """Tell the customer, where the company wants it so.

        :param lines: what is ready, and was not told yet
        :return: whether there was a mail
        """
        template = self.company_id.ready_mail_template_id
        return bool(template and lines) and self._attempt(
            lambda: self._send_ready_mail(template)
        )

    def _send_ready_mail(self, template):
        self.message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_light",
            subtype_xmlid="mail.mt_comment",
        )
