# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ... import split

# one after the other, for all lines at once
APPLIED = {
    split.GiveUp: "_apply_give_up",
    split.TakeBack: "_apply_take_back",
    split.LeaveBehind: "_apply_leave_behind",
    split.AskBack: "_apply_ask_back",
    split.Lower: "_apply_lower",
    split.Leave: "_apply_leave",
    split.Raise: "_apply_raise",
    split.Make: "_apply_make",
    split.Remake: "_apply_remake",
}


class SaleOrderLine(models.Model):
    """The steps of the plan, carried out on moves and assembly orders."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _apply(self, plans):
        """Do all steps but those that ask for more.

        :param plans: {line: list of split.Step}
        :return: {line: steps that ask}, to be handed to `_ask`
        """
        # what is asked for now is one row with what was asked for before
        changing = [line for line in plans if plans[line]]
        self.browse().union(*changing)._follow_deadlines()
        for kind, method in APPLIED.items():
            steps = [
                (line, step)
                for line, plan in plans.items()
                for step in plan
                if isinstance(step, kind)
            ]
            if steps:
                getattr(self, method)(steps)
        self.browse().union(*plans)._forget_given_up_units()
        return {line: line._ask_by_route(plan) for line, plan in plans.items()}

    def _ask_by_route(self, plan):
        """The steps that ask, without what an order by a route makes more."""
        self.ensure_one()
        asked, compare = [], self.product_id.uom_id.compare
        for step in (step for step in plan if isinstance(step, split.Ask)):
            if step.supply == "stock":
                left = self._raise_stock_part_by_route(step)
                step = step._replace(quantity=left)
            if compare(step.quantity, 0.0) > 0:
                asked.append(step)
        return asked

    def _apply_give_up(self, steps):
        for line, step in steps:
            line.qty_given_up += step.quantity

    def _forget_given_up_units(self):
        """Have what is still to be stored, and for nobody, be ordinary stock."""
        for line in self:
            stored = line._get_storing_moves()
            if stored:
                bound = stored | line.move_ids._get_open_assembly_demand()
                surplus = bound._get_held_units() - line._get_figures().waiting
                stored._store_for_nobody(surplus)

    def _apply_take_back(self, steps):
        for line, step in steps:
            if step.supply == "stock":
                line._take_back_stock_part(step.quantity)
            else:
                line._get_first_open_moves("assembly")._take_back(step.quantity)

    def _apply_leave_behind(self, steps):
        """What was picked beyond the order stays where it is, and is nobody's."""
        for line, step in steps:
            _shelf, *later = line._get_delivery_stages()
            moves = line.env["stock.move"].union(*later)._filter_open()
            moves.filtered(lambda move, s=step: move.ato_supply == s.supply)[
                ::-1
            ]._leave_behind(step.quantity)

    def _apply_ask_back(self, steps):
        """What left beyond the order is to come back, as for a plain line."""
        procurements = []
        for line, step in steps:
            line = line.with_company(line.company_id)
            values = dict(line._prepare_procurement_values(), ato_supply="stock")
            procurements += line._create_procurements(
                -step.quantity, line.product_id.uom_id, values
            )
        self.env["stock.rule"].run(procurements)

    def _take_back_stock_part(self, quantity):
        """Ask for less from stock; what a route makes or buys for it is less too."""
        self.ensure_one()
        moves = self._get_first_open_moves("stock")
        orders, held = moves._get_route_orders(), moves._get_held_units()
        is_supplied = "make_to_order" in moves.mapped("procure_method")
        bought = is_supplied and moves._prepare_buying_less()
        left = moves._take_back(quantity)
        released = held - moves._get_held_units()
        surplus = quantity - left - released
        if self.product_id.uom_id.compare(surplus, 0.0) > 0:
            surplus = self._shrink_refills(surplus)
            self._lower_route_orders(orders, surplus)
            if bought:
                self._buy_less(bought, surplus)

    def _apply_lower(self, steps):
        quantities = {step.order: step.quantity for _line, step in steps}
        self.env["mrp.production"].union(*quantities)._lower(quantities)

    def _apply_leave(self, steps):
        for _line, step in steps:
            step.order._leave_line()

    def _apply_raise(self, steps):
        for _line, step in steps:
            step.order._raise(step.quantity)

    def _apply_make(self, steps):
        quantities = {line: step.quantity for line, step in steps}
        lines = self.browse().union(*quantities)
        lines._create_assembly_orders(quantities)._take_over_changes()
        lines._wait_for_new_orders()

    def _apply_remake(self, steps):
        """An order for each step, of all lines at once; of one line, one by one."""
        while steps:
            batch = dict(reversed(steps))
            steps = [(line, step) for line, step in steps if batch[line] is not step]
            lines = self.browse().union(*batch)
            quantities = {line: step.quantity for line, step in batch.items()}
            for order in lines._create_assembly_orders(quantities):
                order._take_components_of(batch[order.ato_sale_line_id].order)
            lines._wait_for_new_orders()

    def _wait_for_new_orders(self):
        """What deliveries ask for already waits for the new orders as well."""
        for line in self:
            fed = line.move_ids._get_open_assembly_demand()
            fed = fed.filtered(
                lambda m: m.created_production_id and not m._is_later_step()
            )
            by_warehouse = fed.grouped(lambda move: move.location_id.warehouse_id)
            for deliveries in by_warehouse.values():
                line._bind_assembly_part(deliveries)

    def _ask(self, asked):
        """Ask for more, for all lines in one go.

        :param asked: {line: list of split.Ask}
        """
        procurements = []
        for line, steps in asked.items():
            line = line.with_company(line.company_id)
            values = line._prepare_procurement_values() if steps else {}
            for step in steps:
                procurements += line._prepare_part_procurements(step, values)
        if procurements:
            self.env["stock.rule"].run(procurements)

    def _finish_documents(self, kept=None):
        """Confirm new orders, and hold for the lines what is assembled already.

        :param kept: those for which something may have to be kept, all unless told
        """
        self._confirm_new_orders()
        moves = self._with_documents().move_ids
        if routed := moves._filter_by_route():
            routed._chain_batches()
        (self if kept is None else kept)._keep_unasked_units()
        if moves := moves._get_open_assembly_demand():
            moves._forget_left_orders()
            moves._get_suppliable()._action_assign()

    def _confirm_new_orders(self):
        """Confirm what the plan has made, or a quotation has had: all in one call."""
        drafts = self._get_draft_assembly_orders()
        if drafts:
            drafts._confirm_for_sale_lines()

    def _bind_assembly_part(self, deliveries):
        """Bind what is, and will be, assembled for the line to its `deliveries`.

        Every delivery of assembled units is fed by every order of the line in its
        warehouse, so that they are one row for the warehouse.
        """
        self.ensure_one()
        warehouse = deliveries.location_id.warehouse_id
        orders = self._with_documents().assembly_order_ids.filtered(
            lambda order: order.state != "cancel"
            and order.location_dest_id.warehouse_id == warehouse
        )
        done = orders.filtered(lambda order: order.state == "done")
        if done:
            # the maker is one that is still to make something, where there is one
            waiting = self.product_id.uom_id.compare(self._get_figures().waiting, 0.0)
            orders = (orders - done) | (done if waiting > 0 else done.browse())
        orders = orders._as_step()
        fed = self.move_ids._get_open_assembly_demand() - deliveries
        fed = fed.filtered(
            lambda move: move.created_production_id
            and move.location_id.warehouse_id == warehouse
            and not move._is_later_step()
        )
        orders._come_out_at(deliveries.location_id)
        for made in orders._get_finished_moves_for_line():
            made._get_moves_to_shelf().move_dest_ids |= deliveries | fed
        self._get_put_backs("assembly", warehouse).move_dest_ids |= deliveries | fed
        known = (fed | deliveries).created_production_id & orders
        maker = (known or orders)[:1]
        deliveries.with_env(orders.env).created_production_id = maker
