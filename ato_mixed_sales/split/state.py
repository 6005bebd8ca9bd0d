# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an order is waiting for, at a glance."""

from collections.abc import Iterable
from typing import NamedTuple


class LineState(NamedTuple):
    """What one line of an order is waiting for."""

    is_open: bool = False  # something is still to be delivered
    to_decide: bool = False  # missing, short of components, or late
    to_assemble: bool = False  # R > 0
    leaves_now: bool = True  # all that is open is there


def order_state(lines: Iterable[LineState]) -> str | None:
    """The most pressing of what lines are waiting for.

    Nothing where all is on its way: goods that are expected in time are neither to
    be decided nor ready.
    """
    lines = [line for line in lines if line.is_open]
    if any(line.to_decide for line in lines):
        return "to_decide"
    if any(line.to_assemble for line in lines):
        return "to_assemble"
    if not lines:
        return "shipped"
    return "ready" if all(line.leaves_now for line in lines) else None
