# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from .unit import Unit


class Parts(NamedTuple):
    """A quantity by source; both together are the whole, exactly."""

    stock: float
    assembly: float


class Bounds(NamedTuple):
    """The smallest and largest quantity that may be assembled to order."""

    lower: float
    upper: float


class Decision(NamedTuple):
    """The state of a line when its quantity to assemble was last decided."""

    quantity: float
    to_assemble: float
    to_order: bool
    was_mixed: bool = False  # decided as a part, whatever the quantity became since
    follows: bool = False  # decided by what was missing, not typed

    def is_mixed(self, unit: Unit) -> bool:
        """Whether neither all nor nothing was to be assembled: a figure is kept."""
        is_some = unit.compare(self.to_assemble, 0.0) > 0
        is_all = unit.compare(self.to_assemble, self.quantity) == 0
        return self.was_mixed or (is_some and not is_all)

    def is_by_policy(self, unit: Unit) -> bool:
        """Whether the policy alone says as much: nobody need have typed it."""
        proposed = self.quantity if self.to_order else 0.0
        return self.follows or unit.compare(self.to_assemble, proposed) == 0


def parts(quantity: float, to_assemble: float) -> Parts:
    """Split `quantity` by source.

    The stock part is the remainder, never a second rounding, so that the parts
    add up whatever the unit.
    """
    return Parts(quantity - to_assemble, to_assemble)


def whole_units(quantity: float, half_step: float) -> float:
    """The whole number of units that `quantity` stands for, else `quantity`.

    A third of a dozen is written 0.33 and means 4 units, not 3.96. `half_step` is
    half of the smallest figure that could be typed, in the unit of `quantity`.
    """
    nearest = float(round(quantity))
    return nearest if abs(nearest - quantity) <= half_step else quantity


def assembled(made: float, given_up: float) -> float:
    """What is assembled for the line, less what was given up to stock (D)."""
    return max(made - given_up, 0.0)


def outstanding(
    quantity: float,
    to_assemble: float,
    shipped: float,
    shipped_assembled: float,
    unit: Unit,
) -> Parts:
    """What is still to be delivered, by source (N and P of the design).

    :param shipped: delivered, net of returns (S)
    :param shipped_assembled: ever delivered from assembly (Sa): a returned unit
        comes back as demand of the stock part, never as a second assembly
    """
    assembly = max(0.0, unit.round(to_assemble - shipped_assembled))
    return Parts(unit.round(quantity - shipped - assembly), assembly)


def assembly_bounds(
    quantity: float, unit: Unit, assembled: float = 0.0, shipped_stock: float = 0.0
) -> Bounds:
    """What may be assembled of `quantity` (R17 and R18, with mixed quotations).

    On a quotation nothing is assembled or shipped yet: 0 to `quantity`. On an
    order no less than what is assembled, no more than what did not leave from
    stock; zero is allowed besides (R21).
    """
    upper = min(quantity, unit.round(quantity - shipped_stock))
    return Bounds(assembled, max(0.0, upper))


def is_allowed(to_assemble: float, bounds: Bounds, unit: Unit) -> bool:
    """Whether `to_assemble` keeps `bounds`, or is the zero of R21."""
    if unit.compare(to_assemble, 0.0) == 0:
        return True
    return (
        unit.compare(to_assemble, bounds.lower) >= 0
        and unit.compare(to_assemble, bounds.upper) <= 0
    )


def default_to_assemble(
    quantity: float,
    to_order: bool,
    unit: Unit,
    previous: Decision | None = None,
    shipped: float = 0.0,
    upper: float | None = None,
) -> float:
    """The quantity to assemble that a line proposes by itself (R9).

    A line wholly assembled to order stays so, a mixed one keeps its figure and
    one that is too large is capped at `upper`: it comes back when there is room
    again (W10). Unlike in R9, a figure that somebody cleared stays cleared (W7).

    :param to_order: the policy is assemble-to-order
    :param previous: the last decision; none on a new line or another product
    :param shipped: what the line has delivered
    :param upper: the largest quantity allowed, `quantity` unless told
    """
    upper = quantity if upper is None else min(quantity, upper)
    if unit.compare(upper, 0.0) <= 0:
        return 0.0
    if previous and previous.is_mixed(unit):
        proposal = unit.round(previous.to_assemble)  # the unit may be another one
    elif previous is None or unit.compare(previous.quantity, 0.0) <= 0:
        proposal = quantity if to_order else 0.0
    elif unit.compare(previous.to_assemble, 0.0) == 0:
        untouched = not previous.to_order and unit.compare(shipped, 0.0) <= 0
        proposal = quantity if to_order and untouched else 0.0
    else:
        proposal = quantity
    return min(proposal, upper)
