# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is true of one confirmed line: figures that are read, and what follows.

All quantities are in the unit of the product. Each symbol of the design is defined
here, once, as a property.
"""

from collections.abc import Collection, Hashable
from typing import NamedTuple

from .quantity import Bounds, Parts, assembled, assembly_bounds, outstanding
from .unit import Unit


class Stage(NamedTuple):
    """One step of the delivery of one part."""

    asked: float = 0.0  # what the step is still to move
    held: float = 0.0  # of it, reserved
    picked: float = 0.0  # of what is held, in somebody's hands
    under_way: float = 0.0  # of what is asked, units that have left the shelf
    delivered: float = 0.0  # what the step has moved


def cap_under_way(stages: list[Stage], between: float) -> list[Stage]:
    """Later steps, of which no more is under way than is `between` shelf and customer.

    A step may ask for more than has left the shelf: somebody has raised it by hand.
    """
    capped = []
    for stage in stages:
        under_way = max(min(stage.under_way, between), 0.0)
        between -= under_way
        capped.append(stage._replace(under_way=under_way))
    return capped


class Part(NamedTuple):
    """The delivery of one part, step by step from the shelf to the customer."""

    stages: tuple[Stage, ...] = (Stage(),)

    @property
    def under_way(self) -> float:
        """Units that have left the shelf, not the warehouse, and are asked for."""
        return sum(stage.under_way for stage in self.stages)

    @property
    def open(self) -> float:
        """What is still asked for, wherever its units are."""
        return self.stages[0].asked + self.under_way

    @property
    def free(self) -> float:
        """Of what is open, what can just as well not be asked for."""
        return max(self.stages[0].asked - self.stages[0].picked, 0.0)

    @property
    def stuck(self) -> float:
        """Of what is open, units that have to be put back before it can be less."""
        return min(self.stages[0].picked, self.stages[0].asked) + self.under_way


class Order(NamedTuple):
    """A linked assembly order that is still to make something for the line."""

    key: Hashable
    open: float
    has_started: bool = False
    is_elsewhere: bool = False  # not where the line is to be assembled now


class Line(NamedTuple):
    """The facts of one confirmed line."""

    unit: Unit
    ordered: float  # Q
    to_assemble: float  # A
    shipped: float = 0.0  # S, net of returns
    shipped_assembled: float = 0.0  # Sa
    returning: float = 0.0  # asked back from the customer, and not there yet
    made: float = 0.0  # by linked orders, for the line
    given_up: float = 0.0  # of it, ordinary stock by now
    stock: Part = Part()
    assembly: Part = Part()
    orders: tuple[Order, ...] = ()  # the oldest first
    undone: tuple[Order, ...] = ()  # taken apart, to be made again as they were

    @property
    def assembled(self) -> float:
        """D: assembled for the line, less what was given up to stock."""
        return assembled(self.made, self.given_up)

    @property
    def waiting(self) -> float:
        """W: assembled early, and not delivered yet.

        Negative where more left as assembled than was.
        """
        return self.made - self.given_up - self.shipped_assembled

    @property
    def owed(self) -> float:
        """What left as assembled, and is still to be made: others were taken."""
        return max(-self.waiting, 0.0)

    @property
    def remaining(self) -> float:
        """R: still to be assembled."""
        return max(self.to_assemble - self.assembled, 0.0)

    @property
    def shipped_stock(self) -> float:
        """Ss: delivered from stock, less all that came back; may be negative."""
        return self.shipped - self.shipped_assembled

    @property
    def outstanding(self) -> float:
        """O: ordered and not delivered, negative when too much was."""
        return self.ordered - self.shipped

    @property
    def undelivered_assembly(self) -> float:
        """P: what is still to be delivered from assembly."""
        return self.undelivered.assembly

    @property
    def undelivered_stock(self) -> float:
        """N: what is still to be delivered from stock."""
        return self.undelivered.stock

    @property
    def undelivered(self) -> Parts:
        """O by source: N and P."""
        return outstanding(
            self.ordered,
            self.to_assemble,
            self.shipped,
            self.shipped_assembled,
            self.unit,
        )

    @property
    def bounds(self) -> Bounds:
        """What A may be; zero is allowed besides (R17, R18, R21)."""
        return assembly_bounds(
            self.ordered, self.unit, self.assembled, self.shipped_stock
        )

    @property
    def left_behind(self) -> float:
        """Assembled units between the shelf and the customer that nobody asks for."""
        passed = self.assembly.stages[0].delivered - self.shipped_assembled
        return max(passed - self.assembly.under_way, 0.0)

    def get_unasked(self, confirmed: Collection[Hashable]) -> float:
        """What is made, or will be by `confirmed` orders, and nobody asks for."""
        coming = sum(order.open for order in self.orders if order.key in confirmed)
        # an order that is about to be cancelled is still among them
        coming = min(coming, self.remaining)
        return max(self.waiting + coming - self.assembly.open, 0.0)

    @property
    def held_back(self) -> float:
        """What is outstanding, or is to come back, and nobody asks for."""
        asked = self.stock.open + self.assembly.open
        return max(self.outstanding + self.returning - asked, 0.0)

    @property
    def producing(self) -> float:
        """What linked orders are still to make for the line."""
        return sum(order.open for order in self.orders)
