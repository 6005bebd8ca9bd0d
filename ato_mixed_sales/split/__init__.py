# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arithmetic of a mixed line, free of the ORM.

Every quantity of one call is in one and the same unit of measure, and is
compared with that unit's own ``compare(a, b)`` (negative, zero or positive),
which the caller hands in: nothing here compares floats by itself.
"""

from .quantity import (
    Bounds,
    Decision,
    Parts,
    assembly_bounds,
    default_to_assemble,
    demands,
    is_allowed,
    outstanding,
    parts,
    whole_units,
)

__all__ = [
    "Bounds",
    "Decision",
    "Parts",
    "assembly_bounds",
    "default_to_assemble",
    "demands",
    "is_allowed",
    "outstanding",
    "parts",
    "whole_units",
]
