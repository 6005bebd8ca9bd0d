# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What comes from elsewhere: a shop's counter, other add-ons, settings."""

from odoo.exceptions import UserError

from .shapes import DELIVERY, MANUFACTURE
from .story import NotNow, between, event, one_of
from .world import Machine


class Other(Machine):
    @event(0.5, line=between(0, 3))
    def settle(self, line):
        """A shop settles what is left: what our bridge to the point of sale calls."""
        line = self.choose(self.lines, line)
        if self.order.state == "cancel":
            raise NotNow
        line._take_all_from_stock()

    @event(0.3)
    def cancel_by_state(self):
        """Another add-on cancels by writing the state of a quotation."""
        if self.order.state not in ("draft", "sent"):
            raise NotNow
        self.order.state = "cancel"

    @event(0.5)
    def analyse(self):
        """Somebody looks at the analysis."""
        self.check_analysis()

    @event(0.5, line=between(0, 3))
    def launch_again(self, line):
        """Another add-on asks for what is asked for already: nothing is doubled."""
        if self.order.state != "sale":
            raise NotNow
        self.choose(self.lines, line)._action_launch_stock_rule()

    @event(0.5)
    def keep_back(self):
        """Another add-on keeps the order, once it is one, from being delivered."""
        if self.order.state not in ("draft", "sent") or self.is_kept_back():
            raise NotNow
        self.case.kept_back |= self.order

    @event(6, line=between(0, 3), quantity=between(1, 6))
    def launch_part(self, line, quantity):
        """It asks for a part of a line by itself (O4)."""
        if self.order.state != "sale" or not self.is_kept_back():
            raise NotNow
        line = self.choose(self.lines, line)
        asked = self.world.to_units(line._get_qty_procurement())
        quantity = min(quantity, self.units_of(line)[0] - asked)
        if quantity <= 0:
            raise NotNow
        procurements = line._create_procurements(
            quantity, self.product.uom_id, line._prepare_procurement_values()
        )
        self.env["stock.rule"].run(procurements)

    @event(2)
    def let_go_on(self):
        """What is left is asked for, as ever."""
        if not self.is_kept_back():
            raise NotNow
        self.case.kept_back -= self.order
        try:
            if self.order.state == "sale":
                self.lines._action_launch_stock_rule()
        except UserError:
            self.case.kept_back |= self.order
            raise

    def is_kept_back(self):
        return self.order in self.case.kept_back

    @event(0.4, steps=one_of(*DELIVERY))
    def deliver_in(self, steps):
        """The warehouse delivers in other steps from now on."""
        if self.warehouse.delivery_steps == steps:
            raise NotNow
        self.by("keeper", self.warehouse).delivery_steps = steps

    @event(0.4, steps=one_of(*MANUFACTURE))
    def manufacture_in(self, steps):
        """The warehouse makes in other steps from now on."""
        if self.warehouse.manufacture_steps == steps:
            raise NotNow
        self.by("keeper", self.warehouse).manufacture_steps = steps
