# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Known defects: each is a story that goes wrong, and what is not stepped into.

When one is mended its story goes well, `test_parked` fails, and the story moves to
`mended`.
"""

from collections.abc import Callable
from typing import NamedTuple

from .mended import begin, step
from .shapes import Shape
from .story import END, Step


class Parked(NamedTuple):
    """A defect that is known and not mended."""

    name: str  # finding, and what goes wrong
    shape: Shape
    steps: tuple[Step, ...]
    avoid: Callable  # takes (machine, step) before the step: whether to leave it out


def _changes_delivery_of_order(machine, step):
    return step.event == "deliver_in" and machine.order.state == "sale"


PARKED = [
    Parked(
        "E2: manufacturing steps change, the order of a quotation waits for components",
        Shape("ship_only", "pbm"),
        (
            begin((3, 2), (1, 0), 30),
            step("manufacture_in", steps="mrp_one_step"),
            END,
        ),
        lambda machine, step: step.event == "manufacture_in"
        and bool(machine.get_productions("draft")),
    ),
    Parked(
        "E10: delivery steps change while units are on their way, some put back",
        Shape("pick_pack_ship", "mrp_one_step", "lot", "serial"),
        (
            begin((11, 9), (2, 0), 30),
            step("confirm"),
            step("reserve", line=3, answer="action_unreserve_stock"),
            step("transfer", number=2, some=(2, 2, 3, 3), rest=True),
            step("put_back", number=0, row=1, quantity=1),
            step("transfer", number=2, some=(4, 2, 2, 3), rest=True),
            step("deliver_in", steps="pick_ship"),
            step("transfer", number=2, some=(None, None, 2, None), rest=True),
        ),
        _changes_delivery_of_order,
    ),
    Parked(
        "E10: delivery steps change, and the rest of a transfer is given up",
        Shape("pick_pack_ship", dozens=True),
        (
            begin((9, 1), (2, 2), 1),
            step("confirm"),
            step("deliver_in", steps="pick_ship"),
            step("produce", order=0, quantity=None),
            step("transfer", number=3, some=(4, None, 3, None), rest=False),
        ),
        _changes_delivery_of_order,
    ),
]
