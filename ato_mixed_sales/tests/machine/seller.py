# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a salesperson does."""

from datetime import timedelta

from .story import NotNow, between, event, maybe, one_of
from .world import Machine

ANSWERS = ("action_assemble_missing", "action_take_from_stock")
RESERVE = ("action_reserve_stock", "action_unreserve_stock")


class Seller(Machine):
    @event(5, line=between(0, 3), quantity=maybe(between(0, 14)), a=between(0, 14))
    def change(self, line, quantity, a):
        """Order more or less, or have more or less assembled, or both."""
        line = self.by("seller", self.choose(self.lines, line))
        ordered = self.units_of(line)[0] if quantity is None else quantity
        unit = self.world.to_line_unit
        values = {"qty_to_assemble_to_order": unit(min(a, ordered))}
        if quantity is not None:
            values["product_uom_qty"] = self.world.to_ordered(quantity)
        line.write(values)

    @event(2, line=between(0, 3), quantity=between(1, 14))
    def change_quantity(self, line, quantity):
        """Order more or less: what is assembled follows as it may."""
        line = self.by("seller", self.choose(self.lines, line))
        line.product_uom_qty = self.world.to_ordered(quantity)

    @event(line=between(0, 3), answer=one_of(*ANSWERS))
    def answer(self, line, answer):
        """One click: assemble what is missing, or take what lies there."""
        getattr(self.by("seller", self.choose(self.lines, line)), answer)()

    @event(line=between(0, 3), answer=one_of(*RESERVE))
    def reserve(self, line, answer):
        """Hold what is free on the shelf, or let go of it."""
        getattr(self.by("seller", self.choose(self.lines, line)), answer)()

    @event(0.7)
    def cancel(self):
        if self.order.state == "cancel":
            raise NotNow
        self.by("seller", self.order).action_cancel()

    @event(8)
    def set_back(self):
        """A cancelled order is a quotation again."""
        if self.order.state != "cancel":
            raise NotNow
        self.by("seller", self.order).action_draft()

    @event(12)
    def confirm(self):
        if self.order.state not in ("draft", "sent"):
            raise NotNow
        self.by("seller", self.order).action_confirm()

    @event(0.5, days=between(1, 9))
    def promise_later(self, days):
        """The customer is to get it so many days later."""
        if self.order.state == "cancel":
            raise NotNow
        promised = self.order.commitment_date or self.order.date_order
        self.by("seller", self.order).commitment_date = promised + timedelta(days=days)

    @event(0.7, line=between(0, 3))
    def split(self, line):
        """Two lines, one for each source."""
        self.by("seller", self.choose(self.lines, line)).action_split_by_source()

    @event(0.7, line=between(0, 3))
    def merge(self, line):
        """One line again."""
        lines = self.lines.filtered("split_from_line_id")
        self.by("seller", self.choose(lines, line)).action_merge_sources()
