# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sent import check_one, check_records


class SaleOrder(models.Model):
    """What orders tell of their lines, and where they lead to."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

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
                move.ato_supply and move._filter_open()._get_delivery_steps()
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

        Opens the dialog of the delivery, or the list of deliveries to choose from. Of
        what has been picked, the next transfer: nothing of it is to be assembled.

        :raises UserError: when nothing is left to be shipped this way
        """
        check_one(self)
        self.check_access("read")
        pickings = self.picking_ids.filtered("is_assembly_shipment")
        if len(pickings) == 1:
            return pickings.action_open_assembly_shipment()
        pickings = pickings or self._get_next_shipments()
        if pickings:
            return self._get_action_view_picking(pickings)
        raise UserError(self._get_no_shipment_message())

    def _get_no_shipment_message(self):
        return self.env._(
            "%(order)s has no open delivery of a line that is assembled to order. "
            "Confirm it, or look at its deliveries.",
            order=self.name,
        )

    def _get_next_shipments(self):
        """Open transfers that bring both parts of lines nearer to the customer."""
        self.ensure_one()
        labelled = self._with_documents().picking_ids.move_ids.filtered("ato_supply")
        steps = labelled._filter_open()._get_delivery_steps()
        return steps.picking_id.with_env(self.env)

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
            {
                **line._prepare_availability_row(figures),
                "price": line.assembly_price,
                "cost": line.assembly_cost,
            }
            for line, figures in availability.items()
        ]
