# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Known defects: each is a story that goes wrong, and what is not stepped into.

When one is mended its story goes well, `test_parked` fails, and its row is removed.
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


def _cancels_draft(machine, step):
    return step.event == "cancel_production" and bool(machine.get_productions("draft"))


PARKED = [
    Parked(
        "E12: a planner cancels the order of a quotation, which is not refused",
        Shape(),
        (
            Step("begin", dict(first=(3, 2), second=(1, 0), stock=4)),
            Step("cancel_production", dict(order=0)),
        ),
        _cancels_draft,
    ),
    Parked(
        "O3: other code writes that a quotation is cancelled, and its order stays",
        Shape(),
        (
            Step("begin", dict(first=(3, 2), second=(1, 0), stock=4)),
            Step("cancel_by_state", dict()),
        ),
        lambda machine, step: step.event == "cancel_by_state",
    ),
    Parked(
        "E7: what is put back from Output is not asked for again",
        Shape("pick_ship"),
        (
            Step("begin", dict(first=(6, 2), second=(1, 0), stock=30)),
            Step("confirm", dict()),
            Step("transfer", dict(number=0, some=(None,) * 4, rest=True)),
            Step("put_back", dict(number=0, row=0, quantity=2)),
        ),
        lambda machine, step: step.event == "put_back",
    ),
    Parked(
        "E2: manufacturing steps change, the order of a quotation waits for components",
        Shape("ship_only", "pbm"),
        (
            Step("begin", dict(first=(3, 2), second=(1, 0), stock=30)),
            Step("manufacture_in", dict(steps="mrp_one_step")),
            Step("end", dict()),
        ),
        lambda machine, step: step.event == "manufacture_in"
        and bool(machine.get_productions("draft")),
    ),
    Parked(
        "E10: delivery steps change, the part that is not made is asked for",
        Shape("ship_only"),
        (
            Step("begin", dict(first=(7, 5), second=(2, 0), stock=30)),
            Step("confirm", dict()),
            Step("deliver_in", dict(steps="pick_ship")),
            Step("change", dict(line=0, quantity=12, a=9)),
            Step("cancel_production", dict(order=1)),
            Step("cancel_production", dict(order=0)),
        ),
        lambda machine, step: step.event == "deliver_in"
        and machine.order.state == "sale",
    ),
    Parked(
        "E11: a second life while units of the first one are in Output",
        Shape("pick_ship", "mrp_one_step", "lot"),
        (
            Step("begin", dict(first=(12, 0), second=(3, 2), stock=1)),
            Step("confirm", dict()),
            Step("produce", dict(order=0, quantity=None)),
            Step("transfer", dict(number=0, some=(1, None, 4, None), rest=True)),
            Step("cancel", dict()),
            Step("set_back", dict()),
            Step("confirm", dict()),
        ),
        lambda machine, step: machine.order.state == "cancel"
        and step.event in ("set_back", "end")
        and bool(machine.get_done("internal")),
    ),
    Parked(
        "E5: units in Post-Production are counted away",
        Shape("ship_only", "pbm_sam"),
        (
            Step("begin", dict(first=(10, 4), second=(1, 0), stock=1)),
            Step("confirm", dict()),
            Step("bring_components", dict(order=0)),
            Step("produce", dict(order=0, quantity=None)),
            Step("count_less", dict(number=1, quantity=2)),
            Step("count_less", dict(number=2, quantity=2)),
        ),
        lambda machine, step: step.event in ("count_less", "scrap")
        and any(
            quant.location_id == machine.warehouse.sam_loc_id
            for quant in machine.get_quants()
        ),
    ),
]
