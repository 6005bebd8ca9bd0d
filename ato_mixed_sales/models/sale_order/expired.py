# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models, modules
from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """What quotations hold in stock, until they expire."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _post_released(self, released, reason):
        """Say in the chatter what stock was let go, and why (W8).

        :param released: how much of what, a list of texts
        """
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "No longer reserved in stock: %(released)s, because %(reason)s.",
                released=", ".join(released),
                reason=reason,
            )
        )

    @api.model
    def _cron_release_expired_reservations(self):
        """Let go of the stock that expired quotations hold, order by order.

        An order that cannot be helped keeps no other from it.
        """
        orders = self.search(self._get_expired_reservation_domain())
        for order in orders.filtered(lambda order: order._is_past_its_day()):
            try:
                order._run_alone(order._release_expired_reservations)
            except Exception:
                _logger.exception("Stock of expired %s was not let go", order.id)

    @api.model
    def _get_expired_reservation_domain(self):
        return [
            ("state", "in", ("draft", "sent")),
            # where somebody is, it may be tomorrow already
            ("validity_date", "<=", fields.Date.today()),
            ("order_line.hold_move_ids", "!=", False),
        ]

    def _is_past_its_day(self):
        """Whether the last day of the quotation is over, where it was made."""
        self.ensure_one()
        _lang, tz = self._get_reader()
        return self.validity_date < fields.Date.context_today(self.with_context(tz=tz))

    def _run_alone(self, function):
        """Run `function` in a transaction of its own, again when others interfere.

        :raises Exception: what `function` raises; nothing of it is left then
        """
        if modules.module.current_test:
            with self.env.cr.savepoint():
                function()
            return
        try:
            retrying(function, self.env)
        except Exception:
            self.env.cr.rollback()
            raise

    def _release_expired_reservations(self):
        """Let go of what this quotation holds if it has expired, and say so."""
        order = self.filtered_domain(self._get_expired_reservation_domain()).filtered(
            lambda order: order._is_past_its_day()
        )
        lines = order.order_line.filtered("hold_move_ids")
        if not lines:
            return
        lines._let_go_all_holds(self.env._("the quotation has expired"))
        lines[0]._warn_salesperson(
            self.env._(
                "The quotation has expired, and its reserved stock is free for others: "
                "extend its expiration and reserve again if it is still wanted."
            )
        )
