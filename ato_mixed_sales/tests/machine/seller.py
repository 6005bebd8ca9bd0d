# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a salesperson does."""

from datetime import timedelta

from .story import NotNow, between, event, maybe, one_of
from .world import Machine

ANSWERS = ("action_assemble_missing", "action_take_from_stock")
RESERVE = ("action_reserve_stock", "action_unreserve_stock")
PRICES = ("action_roll_up_price", "action_take_list_price")
COSTS = ("action_roll_up_cost", "action_take_product_cost")
SPLITS = ("action_split_by_source", "action_split_at_both_prices")


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

    @event(line=between(0, 3), answer=one_of(*PRICES, *PRICES, *COSTS))
    def roll_up(self, line, answer):
        """Price or cost follow what is really sold, or what Odoo says; once is enough.

        They are nobody's document: all that is checked after a step holds.
        """
        line = self.by("seller", self.choose(self.lines, line))
        if answer in COSTS and "purchase_price" not in line._fields:
            raise NotNow
        getattr(line, answer)()
        self.check_worth(line, answer)
        worth = line.price_unit, line.price_subtotal
        getattr(line, answer)()
        self.case.assertEqual((line.price_unit, line.price_subtotal), worth, "twice")

    def check_worth(self, line, answer):
        """Everything has a price of 100.00: a desk of four parts is sold for 400.00."""
        orders = line.sudo().assembly_order_ids.filtered(
            lambda order: order.state != "cancel"
        )
        if answer not in PRICES or orders.unbuild_ids:
            return
        made_of = orders.move_raw_ids.filtered(lambda move: move.state != "cancel")
        parts = sum(m.quantity if m.state == "done" else m.product_qty for m in made_of)
        units = sum(
            order.qty_produced if order.state == "done" else order.product_uom_qty
            for order in orders
        )
        ordered, to_assemble = self.units_of(line)
        price = 100.0
        if not orders:  # somebody keeps it back: two legs and a top
            parts, units = 3, 1
        if answer == "action_roll_up_price" and to_assemble:
            price += to_assemble * (100.0 * parts / units - 100.0) / ordered
        price *= self.world.uom.factor / self.product.uom_id.factor
        self.case.assertAlmostEqual(line.price_unit, price, delta=0.006, msg=answer)

    @event(0.7, line=between(0, 3), answer=one_of(*SPLITS))
    def split(self, line, answer=SPLITS[0]):
        """Two lines, one for each source."""
        getattr(self.by("seller", self.choose(self.lines, line)), answer)()

    @event(0.7, line=between(0, 3))
    def merge(self, line):
        """One line again."""
        lines = self.lines.filtered("split_from_line_id")
        self.by("seller", self.choose(lines, line)).action_merge_sources()
