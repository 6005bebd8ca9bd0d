# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Hashable, Mapping
from typing import TypeVar

from .unit import Unit

Place = TypeVar("Place", bound=Hashable)


def best_place(
    available: Mapping[Place, float], needed: float, unit: Unit
) -> Place | None:
    """Where most of `needed` can be taken from, None where nothing can.

    Of several places that have enough, or of which none has more, the first one: who
    asks lists them in the order of preference. With nothing needed, the fullest.
    """
    best, most = None, 0.0
    for place, quantity in available.items():
        usable = quantity if unit.compare(needed, 0.0) <= 0 else min(quantity, needed)
        if unit.compare(usable, most) > 0:
            best, most = place, usable
    return best
