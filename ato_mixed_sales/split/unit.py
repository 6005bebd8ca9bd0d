# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Protocol


class Unit(Protocol):
    """What the arithmetic asks of a unit of measure, such as `uom.uom`."""

    def compare(self, value1: float, value2: float) -> int:
        """Negative, zero or positive, as `value1` is less, equal or more."""

    def round(self, value: float) -> float:
        """`value` in whole steps of the unit."""


class QuickUnit:
    """A unit that is asked only where a rounding could decide.

    Figures that are one apart are different in whatever whole steps of a unit, a tenth
    of it, and so on; most are. See `docs/benchmark.md` for what it earns.
    """

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def compare(self, value1: float, value2: float) -> int:
        difference = value1 - value2
        if difference >= 1:
            return 1
        if difference <= -1:
            return -1
        return self._unit.compare(value1, value2) if difference else 0

    def round(self, value: float) -> float:
        return self._unit.round(value)
