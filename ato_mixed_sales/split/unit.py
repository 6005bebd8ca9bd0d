# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Protocol


class Unit(Protocol):
    """What the arithmetic asks of a unit of measure, such as `uom.uom`."""

    def compare(self, value1: float, value2: float) -> int:
        """Negative, zero or positive, as `value1` is less, equal or more."""

    def round(self, value: float) -> float:
        """`value` in whole steps of the unit."""
