# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .quantity import Bounds, Parts
from .unit import Unit


def shipment_bounds(
    to_ship: float, outstanding: Parts, unit: Unit, assembled_first: bool = False
) -> Bounds:
    """What may come from assembly of the `to_ship` that leave now (R42, R43).

    What exceeds the stock part has to be assembled, and no more can be than is to
    leave and than the assembly part has left: never empty for what is outstanding.
    Assembled units leave first (R41): the upper bound is the default.

    :param outstanding: what is still to be delivered by source (N and P)
    :param assembled_first: nothing leaves from stock before all that is assembled
        to order has left (R130)
    """
    stock, assembly = (max(part, 0.0) for part in outstanding)
    upper = unit.round(min(to_ship, assembly))
    if assembled_first:
        return Bounds(upper, upper)
    # 8 are 0.67 of a dozen, and each half of them 0.33
    return Bounds(min(max(0.0, unit.round(to_ship - stock)), upper), upper)


def nearest(quantity: float, bounds: Bounds, unit: Unit) -> float:
    """`quantity` while `bounds` allow it, else the bound that is nearest (W10)."""
    if unit.compare(quantity, bounds.lower) < 0:
        return bounds.lower
    if unit.compare(quantity, bounds.upper) > 0:
        return bounds.upper
    return quantity


def to_assemble_now(from_assembly: float, waiting: float, unit: Unit) -> float:
    """What has to be assembled before `from_assembly` can leave (B of R42).

    :param waiting: assembled early, waiting for the delivery (W); negative where others
        have left in place of what is still to be assembled: that comes first
    """
    if unit.compare(from_assembly, 0.0) <= 0:
        return 0.0
    return max(0.0, unit.round(from_assembly - waiting))
