# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...private_context import sanitized


class MrpProduction(models.Model):
    """Linked orders follow their lines: quantity, warehouse, bins, dates."""

    _inherit = "mrp.production"  # pylint: disable=consider-merging-classes-inherited

    def _follow_sale_lines(self):
        """Take warehouse, quantity and date from the lines, keeping components."""
        orders = self._as_step()
        for order in orders:
            order._follow_warehouse(order.ato_sale_line_id.warehouse_id)
            order._follow_quantity(order.ato_sale_line_id._get_lacking_assembly_units())
        orders._follow_deadlines()

    def _is_of_line_product(self):
        """Whether the order can follow its line: another product needs another one."""
        self.ensure_one()
        line = self.ato_sale_line_id
        return (
            self.product_id == line.product_id
            and line._is_bill_of_warehouse(self.bom_id)
            and self.company_id == line.company_id
            and self.bom_id == (line._get_chosen_bom() or self.bom_id)
            and self.never_product_template_attribute_value_ids
            == line.product_no_variant_attribute_value_ids
        )

    def _follow_warehouse(self, warehouse):
        """Move a draft order to where `warehouse` assembles."""
        self.ensure_one()
        rule = warehouse._get_assembly_rule()
        picking_type = self.bom_id.picking_type_id or rule.picking_type_id
        if self.picking_type_id == picking_type:
            return
        source, destination = self.ato_sale_line_id._put_in_bins(
            picking_type.warehouse_id,
            picking_type.default_location_src_id,
            picking_type.default_location_dest_id,
        )
        self.write(
            {
                "picking_type_id": picking_type.id,
                "location_src_id": source.id,
                "location_dest_id": destination.id,
                "location_final_id": rule.location_dest_id.id,
            }
        )
        self.move_raw_ids.warehouse_id = self.location_src_id.warehouse_id
        self.move_finished_ids.write(
            {
                "warehouse_id": self.location_dest_id.warehouse_id.id,
                "location_final_id": rule.location_dest_id.id,
            }
        )

    @api.model
    def _get_drafts_of_operations(self, operations):
        """Linked orders that only quotations ask for, made by these operation types."""
        orders = self.env["sale.order.line"]._as_superuser().env["mrp.production"]
        return orders.search(
            [
                ("picking_type_id", "in", operations.ids),
                ("state", "=", "draft"),
                ("ato_sale_line_id", "!=", False),
            ]
        )

    def _get_usual_places(self):
        """Where the order is made unless its planner says: (source, destination)"""
        self.ensure_one()
        operation = self.picking_type_id
        return self.ato_sale_line_id._put_in_bins(
            operation.warehouse_id,
            operation.default_location_src_id,
            operation.default_location_dest_id,
        )

    def _follow_usual_places(self, before):
        """Be made where it is usual now, but for places that a planner has chosen.

        :param before: {order: places that were usual}
        """
        for order in self._as_step():
            places, usual = before[order], order._get_usual_places()
            names = ("location_src_id", "location_dest_id")
            values = {
                name: now.id
                for name, was, now in zip(names, places, usual, strict=True)
                if was != now and order[name] == was
            }
            if values:
                order.write(values)

    def _follow_output_bin(self):
        """Have what is still to be made come out in the bin of the line (R91)."""
        for order in self._as_step():
            finished = order._get_finished_moves_for_line()
            delivered_from = finished.move_dest_ids.filtered("sale_line_id").location_id
            if finished != order._get_linked_finished_moves() or any(
                not place._is_shelf() for place in delivered_from
            ):
                continue
            picking_type = order.picking_type_id
            _source, destination = order.ato_sale_line_id._put_in_bins(
                picking_type.warehouse_id,
                order.location_src_id,
                picking_type.default_location_dest_id or order.location_dest_id,
            )
            order.location_dest_id = destination
            finished.move_line_ids._apply_putaway_strategy()

    def _come_out_at(self, place):
        """Have what is still to be made come out at `place`, where it is delivered.

        What is delivered from the shelf gets there as everything else.
        """
        if not place - place._filter_shelves():
            return
        for order in self.filtered(lambda order: order.state not in ("done", "cancel")):
            order.location_dest_id = place
            order._get_linked_finished_moves().move_line_ids._apply_putaway_strategy()

    def _follow_quantity(self, quantity):
        """Make a draft order for `quantity` of its unit, components as well."""
        self.ensure_one()
        if self.product_uom_id.compare(self.product_qty, quantity) == 0:
            return
        factor = quantity / self.product_qty
        if not self.ato_bom_basis:
            self._remember_bill(self._get_asked_components())
        self.product_qty = quantity
        self._scale_components(factor)
        for move in self.move_finished_ids:
            move.product_uom_qty = move.product_uom.round(move.product_uom_qty * factor)

    def _follow_deadlines(self, deadlines=None):
        """Take the deadlines of the lines; draft orders start as much later.

        Days are those of the user: later the same day is no day later.

        :param deadlines: {line: datetime}, read from the lines unless told
        """
        get_day = partial(fields.Date.context_today, self)
        deadlines = deadlines or {
            line: line._get_assembly_deadline() for line in self.ato_sale_line_id
        }
        for deadline, orders in self.grouped(
            lambda order: deadlines[order.ato_sale_line_id]
        ).items():
            moved = orders.filtered(lambda o, d=deadline: o.date_deadline != d)
            for days, late in moved.grouped(
                lambda o, d=deadline: (get_day(d) - get_day(o.date_deadline or d)).days
            ).items():
                late._postpone_start(days, deadline)
            moved.date_deadline = deadline
            orders.move_finished_ids._follow_deadline(deadline)

    def _is_due_elsewhen(self, deadlines):
        """Whether the order, or what it makes, is not due with its line.

        :param deadlines: {line: datetime}
        """
        self.ensure_one()
        due = {self.date_deadline, *self.move_finished_ids.mapped("date_deadline")}
        return due != {deadlines[self.ato_sale_line_id]}

    def _postpone_start(self, days, deadline):
        """Start draft orders `days` later, earlier if negative, moves included.

        :param deadline: when they are due now
        """
        drafts = self.filtered(lambda order: days and order.state == "draft")
        starts = {order: order._get_start(days, deadline) for order in drafts}
        for start, orders in drafts.grouped(starts.get).items():
            orders.date_start = start
        for end, orders in drafts.grouped("date_finished").items():
            orders.move_finished_ids.date = end

    def _get_start(self, days, deadline):
        """When an order starts that is due `days` later, at `deadline`.

        On the day that a fresh one would, by whatever calendar the rule goes (O12); as
        many days later as before where a planner has chosen the start.
        """
        self.ensure_one()
        line = self.ato_sale_line_id
        rule = line.warehouse_id._get_assembly_rule()
        values = line._prepare_procurement_values()
        planned, late = values["date_planned"], deadline - self.date_deadline
        before = dict(values, date_planned=planned - late)
        if rule and self.date_start == rule._get_date_planned(self.bom_id, before):
            get_day = partial(fields.Date.context_today, self)
            fresh = rule._get_date_planned(self.bom_id, values)
            days = (get_day(fresh) - get_day(self.date_start)).days
        return self.date_start + relativedelta(days=days)

    def _remove_from_quotation(self):
        """Delete draft orders that no quotation asks for any more (R118)."""
        if not self:
            return
        references = self.reference_ids
        self.ato_sale_line_id = False
        self.unlink()
        self._drop_unused(references)

    @api.model
    def _drop_unused(self, references):
        """Delete those stock references that nothing is known by."""
        references.filtered(
            lambda ref: not (ref.production_ids or ref.move_ids or ref.sale_ids)
        ).unlink()

    def _belong_to(self, sale, reference):
        """Be known as made for `sale`, whose line was another order's before.

        :param reference: the `stock.reference` of the sales order
        """
        orders = self._as_step()
        orders.write({"origin": sale.name, "reference_ids": reference})
        (orders.move_raw_ids | orders.move_finished_ids).reference_ids = reference

    def _confirm_for_sale_lines(self):
        """Confirm adopted orders, all in one call."""
        # let Odoo see what has changed while it may not make the finished moves anew
        steps = self._as_step()
        steps.mapped("move_finished_ids.move_dest_ids")
        steps._follow_bill_of_the_day()
        self._log_confirmation()
        sanitized(self).action_confirm()

    def _log_confirmation(self):
        """Say of all orders at once what Odoo would post on each of them.

        Orders that somebody follows are left to Odoo, which tells the followers.
        """
        orders = self.filtered(lambda order: not order.message_follower_ids)
        orders._track_discard()
        orders._message_log_batch(
            {
                order.id: self.env._(
                    "Confirmed together with %s.", order.ato_sale_order_id.name
                )
                for order in orders
            }
        )
