# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The worlds in which stories happen."""

from itertools import product
from typing import NamedTuple

DELIVERY = ("ship_only", "pick_ship", "pick_pack_ship")
MANUFACTURE = ("mrp_one_step", "pbm", "pbm_sam")
TRACKING = ("none", "lot", "serial")


class Shape(NamedTuple):
    """How a warehouse works, and what is sold from it."""

    delivery: str = "ship_only"
    manufacture: str = "mrp_one_step"
    tracking: str = "none"  # of what is sold
    components: str = "none"  # tracking of one of its components
    dozens: bool = False  # the unit of the order lines

    def __str__(self):
        unit = "Dozens" if self.dozens else "Units"
        tracked = f"tracking {self.tracking}, component {self.components}"
        return f"{self.delivery}, {self.manufacture}, {tracked}, {unit}"


SHAPES = [
    Shape(*shape)
    for shape in product(DELIVERY, MANUFACTURE, TRACKING, TRACKING, (False, True))
]
# any few seeds in a row are as different as can be: 162 shapes have no factor 5 or 7
STRIDE = 35


def get_shape(seed):
    """The world of a story: each once in as many seeds as there are shapes."""
    return SHAPES[seed * STRIDE % len(SHAPES)]
