# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Mapping
from typing import Any

from .quantity import Parts


def blended(parts: Parts, own: float, assembled: float) -> float:
    """What one unit is worth on average: ((Q - A) x own + A x assembled) / Q.

    What the line was sold for before is no part of it, so that doing it once more
    changes nothing. R151 has the assembled part's for all of the line.

    :param parts: the ordered quantity by source, not nothing in all
    :param own: what a unit from stock is worth
    :param assembled: what an assembled unit is worth
    """
    whole = parts.stock + parts.assembly
    return (parts.stock * own + parts.assembly * assembled) / whole


def rolled_up(
    quantities: Mapping[Any, float], worth: Mapping[Any, float], units: float = 1.0
) -> float:
    """What one of `units` is worth that are made of `quantities` (R149, R150).

    :param quantities: {component: quantity in all, in the unit of the component}
    :param worth: {component: what one of it is worth}
    """
    return sum(quantities[key] * worth[key] for key in quantities) / units


def break_at(quantity: float, breaks: Iterable[float]) -> float:
    """The quantity that has the same price as `quantity`: the last break up to it.

    :param breaks: quantities at which prices change
    """
    return max((b for b in breaks if b <= quantity), default=0.0)
