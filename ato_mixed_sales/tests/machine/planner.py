# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a planner does, in Odoo's own form where there is one."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import Form

from .story import NotNow, TriedInVain, between, event, one_of
from .world import Machine, is_open

FORM = "mrp.mrp_production_form_view"
# a form takes ten times as long as what it sends
BY_FORM = one_of(True, False, False, False)


class Planner(Machine):
    def open_production(self, number, *states):
        """:raises NotNow: where nothing is in such a state"""
        states = states or ("confirmed", "progress")
        return self.by("planner", self.choose(self.get_productions(*states), number))

    @event(order=between(0, 3), days=between(-2, 9), form=BY_FORM)
    def start_later(self, order, days, form=True):
        order = self.open_production(order, "draft", "confirmed")
        later = order.date_start + timedelta(days=days)
        if not form:
            order.date_start = later
            return
        with Form(order, FORM) as form:
            form.date_start = later

    @event(order=between(0, 3), quantity=between(1, 20), form=BY_FORM)
    def change_components(self, order, quantity, form=True):
        """More legs, or fewer, than the bill of materials says."""
        order = self.open_production(order, "draft", "confirmed")
        if order.state == "confirmed" and order.is_locked:
            order.action_toggle_is_locked()
        legs = order.move_raw_ids.product_id.ids.index(self.case.leg.id)
        if not form:
            leg = order.move_raw_ids[legs]
            change = Command.update(leg.id, {"product_uom_qty": quantity})
            order.move_raw_ids = [change]
            return
        with Form(order, FORM) as form, form.move_raw_ids.edit(legs) as component:
            component.product_uom_qty = quantity

    @event(0.7, order=between(0, 3))
    def cancel_production(self, order):
        """Of an order: A falls. Of a quotation: refused."""
        self.open_production(order, "draft", "confirmed", "progress").action_cancel()

    @event(0.7, order=between(0, 3), quantity=between(1, 4))
    def close_short(self, order, quantity):
        """Make less than was asked for, and no rest."""
        order = self.open_production(order)
        if quantity >= order.product_qty:
            raise NotNow
        self.make(order, quantity, rest=False)

    @event(0.7, order=between(0, 3), quantity=between(1, 4))
    def split_production(self, order, quantity):
        order = self.open_production(order, "confirmed")
        if quantity >= order.product_qty:
            raise NotNow
        order._split_productions({order: [quantity, order.product_qty - quantity]})

    @event(0.5, order=between(0, 3), quantity=between(1, 20))
    def change_production(self, order, quantity):
        """How many are made is decided on the sales order: refused."""
        order = self.open_production(order)
        wizard = self.env["change.production.qty"].with_env(order.env)
        wizard.create({"mo_id": order.id, "product_qty": quantity}).change_prod_qty()

    @event(0.5, order=between(0, 3))
    def unplan_draft(self, order):
        """Confirm the order of a quotation: refused."""
        self.open_production(order, "draft").action_confirm()

    def make(self, order, quantity, rest):
        """Make so many, with new numbers; the rest later, or never."""
        if self.lacks_components(order, quantity):
            raise TriedInVain
        lots = self.world.make_lots(self.product, quantity)
        order.lot_producing_ids = lots
        order.qty_producing = quantity
        order._set_qty_producing()
        context = {"skip_backorder": True}
        if rest:
            context["mo_ids_to_backorder"] = order.ids
        order.with_context(**context).button_mark_done()

    def lacks_components(self, order, quantity):
        """Whether what is to be used is not where it is used.

        Whoever has begun begins anew, so that more than for that can be reserved: Odoo
        reserves nothing for what is ticked as consumed. When Odoo splits an order, it
        rounds what each one takes: what was brought may be a hundredth too little for
        all of them, and whoever makes the last one takes that as well.
        """
        if order.qty_producing:
            order.qty_producing = 0
            order._set_qty_producing()
            order.move_raw_ids.filtered(is_open).picked = False
        order.action_assign()
        rounded = len(self.productions) * 0.005
        return any(
            (self.held(move) + rounded) * order.product_qty
            < move.product_qty * quantity
            for move in order.move_raw_ids
            if move.state not in ("done", "cancel")
        )
