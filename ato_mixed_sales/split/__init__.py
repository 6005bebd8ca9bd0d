# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arithmetic of a mixed line, free of the ORM.

Every quantity of one call is in one and the same unit of measure, and is compared
and rounded by that unit itself, which the caller hands in: nothing here compares
floats on its own.
"""

from .availability import (
    Component,
    ComponentCover,
    Cover,
    Demand,
    Ledger,
    day_of_work,
    round_down,
    share,
)
from .line import Line, Order, Part, Stage, cap_under_way
from .place import best_place
from .plan import (
    CANCELLATION,
    COUNTER,
    FLOOR,
    SELLER,
    WAREHOUSE,
    Ask,
    Event,
    GiveUp,
    Leave,
    Lower,
    Make,
    Raise,
    Refused,
    Step,
    TakeBack,
    plan,
    to_assemble_after_counter,
    to_assemble_after_delivery,
    to_assemble_after_loss,
    wanted_demands,
)
from .quantity import (
    Bounds,
    Decision,
    Parts,
    assembled,
    assembly_bounds,
    default_to_assemble,
    is_allowed,
    outstanding,
    parts,
    whole_units,
)
from .shipment import (
    default_from_assembly,
    nearest,
    shipment_bounds,
    to_assemble_now,
)
from .unit import Unit

__all__ = [
    "CANCELLATION",
    "COUNTER",
    "FLOOR",
    "SELLER",
    "WAREHOUSE",
    "Ask",
    "Bounds",
    "Component",
    "ComponentCover",
    "Cover",
    "Decision",
    "Demand",
    "Event",
    "GiveUp",
    "Leave",
    "Ledger",
    "Line",
    "Lower",
    "Make",
    "Order",
    "Part",
    "Parts",
    "Raise",
    "Refused",
    "Stage",
    "Step",
    "TakeBack",
    "Unit",
    "assembled",
    "assembly_bounds",
    "best_place",
    "cap_under_way",
    "default_from_assembly",
    "default_to_assemble",
    "day_of_work",
    "is_allowed",
    "nearest",
    "outstanding",
    "parts",
    "plan",
    "round_down",
    "share",
    "shipment_bounds",
    "to_assemble_after_counter",
    "to_assemble_after_delivery",
    "to_assemble_after_loss",
    "to_assemble_now",
    "wanted_demands",
    "whole_units",
]
