# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ... import split


class SaleOrderLine(models.Model):
    """One line, two demands: a stock part and an assembly part of one delivery."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        changed = {"qty_to_assemble_to_order", "product_uom_qty"}.intersection(vals)
        ordered = self.filtered(lambda line: changed and line.state == "sale")
        before = ordered._get_split_figures()
        res = super().write(vals)
        ordered._rebalance_parts()
        ordered._post_split_changes(before)
        return res

    def _get_protected_fields(self):
        fields = super()._get_protected_fields()
        if self._is_floor_deciding():
            return fields
        return fields + ["qty_to_assemble_to_order"]

    def _is_floor_deciding(self):
        """Whether planner or warehouse have changed what the line can get.

        A locked order keeps its salesperson from changing it, not the facts.
        """
        return self.env.su and self.env.context.get("ato_line_decides")

    def _is_frozen(self):
        """Whether the parts of the line are not to be moved."""
        self.ensure_one()
        return self.order_id.locked and not self._is_floor_deciding()

    def _is_closed(self):
        """Whether the line is not to be changed: its order is cancelled or locked."""
        self.ensure_one()
        return self.state == "cancel" or self._is_frozen()

    def _get_outgoing_incoming_moves(self, strict=True):
        """Count both parts where different rules have started them (T2).

        Odoo counts the deliveries of one rule. What a make-to-order route has started
        before the line was split is the same step by another rule: from the same
        place, by the same operation.
        """
        outgoing, incoming = super()._get_outgoing_incoming_moves(strict=strict)
        if not strict and self._is_split_by_source():
            steps = {(r.picking_type_id, r.location_src_id) for r in outgoing.rule_id}
            outgoing |= self.move_ids.filtered(
                lambda move: move.ato_supply
                and move.state != "cancel"
                and move.product_id == self.product_id
                and move.rule_id not in outgoing.rule_id
                and (move.rule_id.picking_type_id, move.rule_id.location_src_id)
                in steps
                and (move.location_final_id or move.location_dest_id)._is_outgoing()
                and (not move.origin_returned_move_id or move.to_refund)
            )
        return outgoing, incoming

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        self.order_id._adopt_assembly_references()
        self._fit_parts()
        res = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        self._assign_waiting_units()
        if not self.env.context.get("skip_procurement"):
            self._assemble_without_demand()
        return res

    def _is_split_by_source(self):
        """Whether the line's demand is kept apart by source."""
        self.ensure_one()
        # sections and notes have no unit to compare in, and nothing to assemble
        return self.qty_to_assemble_to_order > 0 or any(
            self.move_ids.mapped("ato_supply")
        )

    def _create_procurements(self, product_qty, procurement_uom, values):
        """One procurement per source, each for what its part lacks.

        A part that has become smaller is none: `_fit_parts` asks for less of the
        very moves that have not left the shelf.
        """
        if not self._is_split_by_source():
            return super()._create_procurements(product_qty, procurement_uom, values)
        procurements = []
        product_uom = self.product_id.uom_id
        for supply, lacking in self._get_lacking_parts()._asdict().items():
            if product_uom.compare(lacking, 0.0) > 0:
                by_route = supply == "stock" and self._is_stock_part_by_route()
                procurements += super()._create_procurements(
                    lacking,
                    product_uom,
                    dict(values, ato_supply=supply, ato_by_route=by_route),
                )
        return procurements

    def _get_lacking_parts(self):
        """Demand of each part that no move stands for yet, in product units."""
        self.ensure_one()
        wanted, procured = self._get_demanded_parts(), self._get_procured_parts()
        return split.Parts(
            wanted.stock - procured.stock, wanted.assembly - procured.assembly
        )

    def _get_demanded_parts(self):
        """What has ever to leave by source, in product units."""
        self.ensure_one()
        parts = self._get_part_quantities()
        shipped = self._get_shipped_assembled_units()
        return split.demands(sum(parts), parts.assembly, shipped)

    def _get_procured_parts(self):
        """What the line's moves already stand for, by source, in product units.

        Counted as Odoo counts it, see `_get_qty_procurement`. What came back from
        the customer is missing from the stock part, whichever part it left from.
        """
        self.ensure_one()
        outgoing, incoming = self._get_outgoing_incoming_moves(strict=False)
        assembly = outgoing.filtered(lambda move: move.ato_supply == "assembly")
        stock = outgoing - assembly
        return split.Parts(
            stock._get_procured_quantity()
            - incoming._get_procured_quantity()
            + self._get_units_delivered_elsewhere(),
            assembly._get_procured_quantity(),
        )

    def _get_units_delivered_elsewhere(self):
        """What was delivered by no move of the line, in product units: a hook."""
        self.ensure_one()
        return 0.0

    def _get_shipped_assembled_moves(self):
        """Moves by which assembled units left for the customer."""
        self.ensure_one()
        return self.move_ids.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.state == "done"
            and move._is_outgoing()
        )

    def _get_shipped_assembled_units(self):
        """Sa: ever delivered from assembly, in the unit of the product."""
        self.ensure_one()
        return self._get_shipped_assembled_moves()._get_procured_quantity()

    def _get_shipped_assembled(self):
        """Sa: ever delivered from assembly, in the unit of the line."""
        return self._to_line_unit(self._get_shipped_assembled_units())

    def _get_outstanding_parts(self):
        """N and P: what is still to be delivered by source, in the line's unit."""
        self.ensure_one()
        return split.outstanding(
            self.product_uom_qty,
            self.qty_to_assemble_to_order,
            self.qty_delivered,
            self._get_shipped_assembled(),
            self.product_uom_id,
        )

    def _get_outstanding_quantity(self):
        """O in the unit of the product, negative when too much was delivered."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty - self.qty_delivered,
            self.product_id.uom_id,
            rounding_method="HALF-UP",
        )

    def _rebalance_parts(self):
        """Move demand between the parts of confirmed lines; their orders follow.

        :raises UserError: when assembly orders that have started hold more than is
            to be assembled now
        """
        if self.env.context.get("skip_procurement"):
            return
        lines = self.filtered(lambda line: line._is_split_by_source())
        lines._fit_parts()
        procurements = []
        for line in lines.filtered(lambda line: not line._is_frozen()):
            line = line.with_company(line.company_id)
            procurements += line._create_procurements(
                0.0, line.product_id.uom_id, line._prepare_procurement_values()
            )
        if procurements:
            self.env["stock.rule"].run(procurements)
            lines._assign_waiting_units()
        lines._assemble_without_demand()

    def _flag_stock_part(self):
        """What was demanded before a line was mixed is its stock part."""
        # sudo: the moves are the warehouse's
        self.sudo().move_ids.filtered(
            lambda move: not move.ato_supply
            and not move.production_id
            and move.state != "cancel"
        ).ato_supply = "stock"

    def _fit_parts(self):
        """Ask for less where the parts of confirmed lines have become smaller.

        Where Odoo itself makes the stock part to order, and it has become larger,
        that order makes more.

        :raises UserError: when what is to be taken away has started to be assembled
            or is picked
        """
        for line in self.filtered(
            lambda line: line.state == "sale" and not line._is_frozen()
        ):
            if not line._is_split_by_source():
                continue
            line._flag_stock_part()
            compare = line.product_id.uom_id.compare
            lacking = line._get_lacking_parts()
            surplus = max(-lacking.assembly, line._get_surplus_assembly())
            if compare(surplus, 0.0) > 0:
                line._shrink_assembly_part(surplus)
            if compare(lacking.stock, 0.0) < 0:
                line._shrink_stock_part(-lacking.stock)
            elif compare(lacking.stock, 0.0) > 0:
                line._raise_stock_part_by_route(lacking.stock)

    def _shrink_stock_part(self, surplus):
        """Take `surplus`, in the product's unit, less from stock.

        :raises UserError: when it is picked already
        """
        self.ensure_one()
        moves = self._get_first_open_moves("stock")
        orders, held = moves._get_route_orders(), moves._get_held_quantity()
        picked = moves._reduce_demand(surplus)
        released = held - moves._get_held_quantity()
        self._shrink_route_orders(orders, surplus - picked - released)
        # what was delivered beyond the order is nobody's to put back
        picked += min(self._get_outstanding_quantity(), 0.0)
        if self.product_id.uom_id.compare(picked, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: %(picked)s %(uom)s too many are picked "
                    "from stock already. Have them put back first.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                    picked=formatLang(self.env, picked, dp="Product Unit"),
                    uom=self.product_id.uom_id.name,
                )
            )

    def _stop_overdelivered_stock(self):
        """Take from stock no more than the lines lack.

        More units than asked for may have left as assembled ones.
        """
        for line in self.filtered(lambda line: line.state == "sale"):
            surplus = -line._get_lacking_parts().stock
            line._get_first_open_moves("stock")._reduce_demand(surplus)

    def _get_first_open_moves(self, supply):
        """Open moves of one part in the first step of the delivery."""
        self.ensure_one()
        # sudo: the moves are the warehouse's
        outgoing, _incoming = self.sudo()._get_outgoing_incoming_moves(strict=False)
        return outgoing.filtered(
            lambda move: move.ato_supply == supply and move.state != "done"
        )

    def _get_split_figures(self):
        """The figures that a change of the split is told by: {line: figures}"""
        return {
            line: (
                line.product_uom_qty,
                line.qty_to_assemble_to_order,
                line.reserved_stock_qty,
            )
            for line in self
            if line.is_assembled or line._is_split_by_source()
        }

    def _post_split_changes(self, before):
        """Tell in the chatter of the orders how the split has changed (W8)."""
        for order, lines in self.grouped("order_id").items():
            changes = [
                line._get_split_change_message(*before[line])
                for line in lines
                if line in before
            ]
            if any(changes):
                order.message_post(
                    body=Markup("<br/>").join(change for change in changes if change)
                )

    def _get_split_change_message(self, quantity, to_assemble, held):
        """How the line's split has changed, empty when it has not (W8)."""
        self.ensure_one()
        compare, messages = self.product_uom_id.compare, []
        if compare(to_assemble, self.qty_to_assemble_to_order):
            messages.append(
                self.env._(
                    "%(product)s: to assemble %(old)s → %(new)s, from stock "
                    "%(old_stock)s → %(new_stock)s.",
                    product=self.product_id.display_name,
                    old=self._format_line_qty(to_assemble),
                    new=self._format_line_qty(self.qty_to_assemble_to_order),
                    old_stock=self._format_line_qty(quantity - to_assemble),
                    new_stock=self._format_line_qty(self.qty_from_stock),
                )
            )
        released = held - self.reserved_stock_qty
        if compare(released, 0.0) > 0:
            messages.append(
                self.env._(
                    "%(product)s: %(released)s reserved in stock were let go.",
                    product=self.product_id.display_name,
                    released=self._format_line_qty(released),
                )
            )
        return Markup("<br/>").join(messages)
