# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.service.model import retrying

from ..private_context import tell
from ..sent import check_one, check_records

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    assembly_order_count = fields.Integer(
        compute="_compute_assembly_order_count",
        compute_sudo=True,
        groups="base.group_user",
        help="Number of assembly orders linked to the lines of this order, cancelled "
        "ones left out.",
    )
    has_assembled_lines = fields.Boolean(
        compute="_compute_has_assembled_lines",
        groups="base.group_user",
        help="At least one line is of a product that can be assembled to order.",
    )
    may_have_assembled_lines = fields.Boolean(
        compute="_compute_may_have_assembled_lines",
        compute_sudo=True,
        groups="base.group_user",
        help="The lines have a column for the quantity to assemble: a line has one, or "
        "lines can be added and the company sells products that it assembles.",
    )

    has_assembly_shipment = fields.Boolean(
        compute="_compute_has_assembly_shipment",
        compute_sudo=True,
        groups="base.group_user",
        help="An open delivery takes lines of this order from stock and from assembly.",
    )

    @api.depends("picking_ids.move_ids.ato_supply", "picking_ids.move_ids.state")
    def _compute_has_assembly_shipment(self):
        for order in self:
            order.has_assembly_shipment = any(
                move.ato_supply and move.state not in ("draft", "done", "cancel")
                for move in order.picking_ids.move_ids
            )

    has_split_lines = fields.Boolean(
        compute="_compute_has_split_lines",
        groups="base.group_user",
        help="At least one line of which nothing is delivered was split by source.",
    )
    bin_warning = fields.Text(
        compute="_compute_bin_warning",
        compute_sudo=True,
        groups="base.group_user",
        help="What is wrong with the bins of the lines, empty when nothing is.",
    )

    @api.depends("order_line.qty_delivered", "order_line.split_from_line_id")
    def _compute_has_split_lines(self):
        for order in self:
            lines = order.order_line.filtered(lambda line: not line.qty_delivered)
            order.has_split_lines = bool(lines.split_from_line_id)

    @api.depends("order_line.bin_warning")
    def _compute_bin_warning(self):
        for order in self:
            warnings = order.order_line.filtered("bin_warning").mapped("bin_warning")
            order.bin_warning = "\n".join(warnings)

    def action_mend_bins(self):
        """Give the lines whose bin is wrong the bin that suits them (R96).

        :raises UserError: when no bin is wrong, or an order is locked or cancelled
        """
        check_records(self)
        self.check_access("write")
        return self.order_line.filtered("bin_warning").action_mend_bin()

    @api.depends("order_line.assembly_order_ids.state")
    def _compute_assembly_order_count(self):
        for order in self:
            order.assembly_order_count = len(order._get_open_or_done_assembly_orders())

    @api.depends("order_line.is_assembled", "order_line.qty_to_assemble_to_order")
    def _compute_has_assembled_lines(self):
        for order in self:
            order.has_assembled_lines = any(
                line.is_assembled or line.qty_to_assemble_to_order
                for line in order.order_line
            )

    @api.depends("has_assembled_lines", "state", "locked", "company_id")
    def _compute_may_have_assembled_lines(self):
        sells = {
            company: self.env["mrp.bom"]._has_sold_products(company)
            for company in self.company_id
        }
        for order in self:
            is_open = order.state != "cancel" and not order.locked
            order.may_have_assembled_lines = order.has_assembled_lines or (
                is_open and sells.get(order.company_id, False)
            )

    def _get_open_or_done_assembly_orders(self):
        # which orders they are, not what they hold
        orders = self.order_line._with_documents().assembly_order_ids
        return orders.filtered(lambda order: order.state != "cancel")

    def action_view_assembly_orders(self):
        """Open the assembly orders linked to the lines of this order (R40)."""
        check_one(self)
        self.check_access("read")
        self._check_field_access(self._fields["assembly_order_count"], "read")
        return self._get_open_or_done_assembly_orders()._get_assembly_action(
            self.env._("Assembly Orders of %s", self.name)
        )

    def action_open_assembly_shipment(self):
        """Ship both parts of the lines, assembling what is missing (R41 to R53).

        Opens the dialog of the delivery, or the list of deliveries to choose from.

        :raises UserError: when nothing is left to be shipped this way
        """
        check_one(self)
        self.check_access("read")
        pickings = self.picking_ids.filtered("is_assembly_shipment")
        if len(pickings) == 1:
            return pickings.action_open_assembly_shipment()
        if pickings:
            return self._get_action_view_picking(pickings)
        message = self.env._(
            "%(order)s has no open delivery of a line that is assembled to order. "
            "Confirm it, or look at its deliveries.",
            order=self.name,
        )
        raise UserError(message)

    @api.readonly
    def get_assembly_availability(self):
        """How the assembled lines of this order are covered, and what can be done.

        Lines that compete for stock or components share them in their order, so that
        the figures are true together. Nothing is written; the number of queries does
        not depend on the number of lines.

        :return: list of `panel.Row`, in the order of the lines
        """
        check_one(self)
        self.check_access("read")
        lines = self.order_line
        lines._check_field_access(lines._fields["missing_qty"], "read")
        # salespeople see figures, not other people's documents
        availability = lines._get_availability(with_components=True)
        return [
            line._prepare_availability_row(figures)
            for line, figures in availability.items()
        ]

    def write(self, vals):
        ending = vals.get("state") == "cancel" and self.order_line._get_ending()
        res = super().write(vals)
        if ending:
            ending._leave_nothing()
        if vals.get("state") in ("draft", "sent"):
            self.order_line._sync_draft_assembly_orders()
        # another salesperson may deliver from another warehouse
        follows = {"warehouse_id", "commitment_date", "company_id", "user_id"}
        if follows.intersection(vals):
            self.order_line._sync_draft_assembly_orders()
        if {"commitment_date", "date_order"}.intersection(vals):
            self.order_line._follow_deadlines()
        if follows.intersection(vals):
            self.order_line._fit_holds()
        return res

    def _action_confirm(self):
        res = super()._action_confirm()
        self.order_line._review_bins()
        return res

    def unlink(self):
        self.order_line._let_go_all_holds(self.env._("the order was removed"))
        orders = self.order_line._get_draft_assembly_orders()
        res = super().unlink()
        orders._remove_from_quotation()
        return res

    def _action_cancel(self):
        self.order_line._let_go_all_holds(self.env._("the order was cancelled"))
        self.order_line._cancel_assembly()
        # the deliveries are cancelled by the plan, not by the warehouse
        cancelling = tell(self, ato_step=True)
        return super(SaleOrder, cancelling)._action_cancel()

    def _get_split_totals(self):
        """What splitting or merging lines is not to change, as far as it is counted."""
        self.ensure_one()
        names = ("amount_untaxed", "amount_tax", "amount_total", "margin")
        return {name: self[name] for name in names if name in self._fields}

    def _check_split_totals(self, totals, line):
        """:raises UserError: when the rounding of each line has changed the totals"""
        self.ensure_one()
        for name, before in totals.items():
            if self.currency_id.compare_amounts(self[name], before):
                raise UserError(
                    self.env._(
                        "%(product)s on %(order)s: each line is rounded by itself, so "
                        "that the order would cost %(after)s instead of %(before)s. "
                        "The lines are left as they are.",
                        product=line.product_id.display_name,
                        order=self.display_name,
                        after=self.currency_id.format(self[name]),
                        before=self.currency_id.format(before),
                    )
                )

    def _with_documents(self):
        """The orders, with the documents of their lines: see there."""
        return self.with_env(self.order_line._with_documents().env)

    def _get_assembly_references(self):
        """The stock reference of each order's assembly orders.

        It becomes the order's own at confirmation: a quotation has none, so that
        nobody but its seller sees the draft assembly orders.

        :return: {order: stock.reference}
        """
        references = {
            order: (
                order.stock_reference_ids
                or order.order_line.assembly_order_ids.reference_ids
            )[:1]
            for order in self._with_documents()
        }
        lacking = [order for order, reference in references.items() if not reference]
        created = self._with_documents().env["stock.reference"]
        created = created.create([{"name": order.name} for order in lacking])
        return {**references, **dict(zip(lacking, created, strict=True))}

    def _adopt_assembly_references(self):
        """Make the reference of the draft assembly orders the sales order's own."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        for order in confirmed._with_documents():
            drafts = order.order_line._get_draft_assembly_orders()
            if drafts and not drafts.reference_ids & order.stock_reference_ids:
                order.stock_reference_ids |= drafts.reference_ids

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
        for order in orders:
            try:
                order._run_alone(order._release_expired_reservations)
            except Exception:
                _logger.exception("Stock of expired %s was not let go", order.id)

    @api.model
    def _get_expired_reservation_domain(self):
        return [
            ("state", "in", ("draft", "sent")),
            ("validity_date", "<", fields.Date.today()),
            ("order_line.hold_move_ids", "!=", False),
        ]

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
        order = self.filtered_domain(self._get_expired_reservation_domain())
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
