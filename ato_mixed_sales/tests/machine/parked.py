# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Known defects: each is a story that goes wrong, and what is not stepped into.

When one is mended its story goes well, `test_parked` fails, and the story moves to
`mended`.
"""

from collections.abc import Callable
from typing import NamedTuple

from .shapes import Shape
from .story import Step


class Parked(NamedTuple):
    """A defect that is known and not mended."""

    name: str  # finding, and what goes wrong
    shape: Shape
    steps: tuple[Step, ...]
    avoid: Callable  # takes (machine, step) before the step: whether to leave it out


PARKED = []
