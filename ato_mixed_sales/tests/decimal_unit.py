# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import ROUND_HALF_UP, Decimal


class DecimalUnit:
    """A unit of measure with so many decimals, which counts exactly."""

    def __init__(self, digits):
        self.digits = digits

    def __repr__(self):
        return f"{type(self).__name__}({self.digits})"

    def _exact(self, quantity):
        # repr: the shortest decimal that stands for the float, as somebody typed it
        step = Decimal(1).scaleb(-self.digits)
        return Decimal(repr(quantity)).quantize(step, ROUND_HALF_UP)

    def compare(self, value1, value2):
        left, right = self._exact(value1), self._exact(value2)
        return (left > right) - (left < right)

    def round(self, value):
        return float(self._exact(value))

    def steps(self, quantity):
        """How many of its smallest steps `quantity` is, exactly."""
        return int(self._exact(quantity).scaleb(self.digits))

    def quantity(self, steps):
        """The quantity, as a float, that is so many of its smallest steps."""
        return float(Decimal(steps).scaleb(-self.digits))
