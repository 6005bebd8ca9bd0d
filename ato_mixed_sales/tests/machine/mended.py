# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stories that went wrong once, as the machine has told them: they go well now."""

from typing import NamedTuple

from .shapes import Shape
from .story import END, Step

ALL = (None, None, None, None)


class Mended(NamedTuple):
    """A defect that is mended."""

    name: str  # finding, and what went wrong
    shape: Shape
    steps: tuple[Step, ...]


def begin(first, second, stock):
    return Step("begin", {"first": first, "second": second, "stock": stock})


def step(event, **figures):
    return Step(event, figures)


MENDED = [
    Mended(
        "E12: a planner cancelled the order of a quotation, which was not refused",
        Shape(),
        (begin((3, 2), (1, 0), 4), step("cancel_production", order=0)),
    ),
    Mended(
        "O3: other code wrote that a quotation is cancelled, and its order stayed",
        Shape(),
        (begin((3, 2), (1, 0), 4), step("cancel_by_state")),
    ),
    Mended(
        "E7: what was put back from Output was not asked for again",
        Shape("pick_ship"),
        (
            begin((6, 2), (1, 0), 30),
            step("confirm"),
            step("transfer", number=0, some=ALL, rest=True),
            step("put_back", number=0, row=0, quantity=2),
            END,
        ),
    ),
    Mended(
        "E10: delivery steps changed, the part that is not made was asked for",
        Shape("ship_only"),
        (
            begin((7, 5), (2, 0), 30),
            step("confirm"),
            step("deliver_in", steps="pick_ship"),
            step("change", line=0, quantity=12, a=9),
            step("cancel_production", order=1),
            step("cancel_production", order=0),
            END,
        ),
    ),
    Mended(
        "E11: a second life while units of the first one are in Output",
        Shape("pick_ship", "mrp_one_step", "lot"),
        (
            begin((12, 0), (3, 2), 1),
            step("confirm"),
            step("produce", order=0, quantity=None),
            step("transfer", number=0, some=(1, None, 4, None), rest=True),
            step("cancel"),
            step("set_back"),
            step("confirm"),
            END,
        ),
    ),
    Mended(
        "E5: units in Post-Production were counted away",
        Shape("ship_only", "pbm_sam"),
        (
            begin((10, 4), (1, 0), 1),
            step("confirm"),
            step("bring_components", order=0),
            step("produce", order=0, quantity=None),
            step("count_less", number=1, quantity=2),
            step("count_less", number=2, quantity=2),
            END,
        ),
    ),
    Mended(
        "Dozens: a third of a dozen more was 7.92 units, not 8",
        Shape("ship_only", "mrp_one_step", "serial", "none", True),
        (
            begin((9, 4), (1, 1), 1),
            step("confirm"),
            step("answer", line=0, answer="action_assemble_missing"),
            END,
        ),
    ),
    Mended(
        "The rest of a row from stock took what was made for another line",
        Shape("pick_pack_ship", "pbm", "none", "serial", True),
        (
            begin((6, 4), (2, 1), 4),
            step("confirm"),
            step("transfer", number=0, some=(None, 3, None, None), rest=True),
            step("transfer", number=2, some=(None, None, 2, 2), rest=True),
            step("bring_components", order=0),
            step("change_quantity", line=1, quantity=4),
            step("produce", order=0, quantity=4),
            step("transfer", number=0, some=(2, 0, 4, None), rest=True),
            END,
        ),
    ),
    Mended(
        "What is stored for a cancelled order was still for its line",
        Shape("ship_only", "pbm_sam", "none", "lot", True),
        (
            begin((6, 4), (2, 0), 30),
            step("confirm"),
            step("bring_components", order=2),
            step("produce", order=1, quantity=None),
            step("cancel"),
            END,
        ),
    ),
    Mended(
        "The rest was given up while units were still to be stored",
        Shape("pick_pack_ship", "pbm_sam", "none", "serial"),
        (
            begin((5, 5), (5, 2), 30),
            step("confirm"),
            step("bring_components", order=0),
            step("produce", order=2, quantity=None),
            step("transfer", number=2, some=(None, 1, 0, None), rest=False),
            END,
        ),
    ),
    Mended(
        "E2: manufacturing steps changed, the order of a quotation waited for ever",
        Shape("ship_only", "pbm"),
        (
            begin((3, 2), (1, 0), 30),
            step("manufacture_in", steps="mrp_one_step"),
            END,
        ),
    ),
    Mended(
        "E10: delivery steps changed while units were on their way, some put back",
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
            END,
        ),
    ),
    Mended(
        "E10: delivery steps changed, and the rest of a transfer was given up",
        Shape("pick_pack_ship", dozens=True),
        (
            begin((9, 1), (2, 2), 1),
            step("confirm"),
            step("deliver_in", steps="pick_ship"),
            step("produce", order=0, quantity=None),
            step("transfer", number=3, some=(4, None, 3, None), rest=False),
            END,
        ),
    ),
    Mended(
        "More was picked than a row of assembled units asks for",
        Shape("pick_ship", "pbm_sam", dozens=True),
        (
            begin((9, 8), (3, 0), 30),
            step("confirm"),
            step("transfer_too_many", number=1, row=1, surplus=3),
            END,
        ),
    ),
    Mended(
        "A rest was given up: what it left behind was taken for what is asked for",
        Shape("pick_pack_ship", "pbm_sam", "serial", "serial", dozens=True),
        (
            begin((6, 6), (6, 1), 1),
            step("confirm"),
            step("transfer", number=1, some=(0, 3, 1, 2), rest=False),
            step("transfer", number=2, some=(3, 1, 4, 1), rest=False),
            step("transfer", number=3, some=(None, None, 3, 2), rest=True),
            step("change", line=2, quantity=None, a=12),
            step("bring_components", order=3),
            step("split_production", order=3, quantity=1),
            step("produce", order=1, quantity=None),
            step("store", number=0, quantity=4),
            step("transfer", number=3, some=(None, 4, None, 1), rest=True),
            step("transfer", number=2, some=(1, None, None, None), rest=False),
            END,
        ),
    ),
    Mended(
        "A second life: an order that was cancelled was kept for, from the first one",
        Shape("ship_only", "pbm", "serial", "serial"),
        (
            begin((4, 3), (6, 3), 4),
            step("confirm"),
            step("bring_components", order=0),
            step("produce", order=0, quantity=None),
            step("cancel"),
            step("set_back"),
            step("confirm"),
            step("cancel_production", order=2),
            END,
        ),
    ),
    Mended(
        "An order that was begun and left was not finished",
        Shape("pick_pack_ship", "mrp_one_step", "none", "serial"),
        (
            begin((11, 9), (2, 0), 30),
            step("confirm"),
            step("start", order=0, quantity=2),
            END,
        ),
    ),
    Mended(
        "One of 4 was stored: the delivery took the other 3 from what anybody may have",
        Shape("pick_ship", "pbm_sam", "none", "serial"),
        (
            begin((7, 7), (6, 5), 30),
            step("confirm"),
            step("split_production", order=3, quantity=4),
            step("bring_components", order=2),
            step("produce", order=1, quantity=None),
            step("store", number=2, quantity=1),
            END,
        ),
    ),
    Mended(
        "Units of one line were put back: the other line lost what was packed for it",
        Shape("pick_pack_ship", "pbm", "serial", "lot", dozens=True),
        (
            begin((4, 0), (2, 2), 30),
            step("confirm"),
            step("bring_components", order=3),
            step("produce", order=2, quantity=2),
            step("ship_by_dialog", number=3, ship=None, x=5),
            step("put_back", number=3, row=3, quantity=3),
            END,
        ),
    ),
    Mended(
        "Dozens: 1 of 12 had left from stock, and 10.92 were made of the other 11",
        Shape("ship_only", "mrp_one_step", "lot", "serial", dozens=True),
        (
            begin((10, 5), (1, 1), 1),
            step("scrap", number=4, quantity=1),
            step("confirm"),
            step("transfer", number=1, some=(4, None, None, 2), rest=True),
            step("bring_back", number=0, row=0, quantity=1, exchange=True),
            step("transfer", number=0, some=ALL, rest=True),
            step("answer", line=0, answer="action_assemble_missing"),
            END,
        ),
    ),
    Mended(
        "A second life of less than was delivered, then more: 6 are to come back",
        Shape("pick_ship", "pbm_sam", "none", "serial"),
        (
            begin((5, 1), (5, 5), 30),
            step("confirm"),
            step("transfer", number=2, some=(None, 4, None, 3), rest=False),
            step("transfer", number=3, some=(None, 2, None, 1), rest=True),
            step("change_quantity", line=2, quantity=13),
            step("transfer", number=0, some=(None, 4, None, 1), rest=True),
            step("transfer", number=0, some=(None, 2, 4, None), rest=True),
            step("cancel"),
            step("set_back"),
            step("change", line=0, quantity=7, a=0),
            step("confirm"),
            END,
        ),
    ),
    Mended(
        "A plain line had lost units in Packing, and was then partly assembled",
        Shape("pick_pack_ship", "mrp_one_step", "lot", "lot"),
        (
            begin((10, 9), (2, 1), 4),
            step("change", line=0, quantity=None, a=0),
            step("confirm"),
            step("produce", order=1, quantity=None),
            step("ship_by_dialog", number=3, ship=None, x=5),
            step("scrap", number=6, quantity=4),
            step("change", line=2, quantity=None, a=4),
            END,
        ),
    ),
    Mended(
        "The oracle's: what is exchanged is sent, though the order is a quotation",
        Shape("ship_only", "pbm", "serial", "lot", dozens=True),
        (
            begin((8, 0), (6, 6), 30),
            step("confirm"),
            step("bring_components", order=1),
            step("produce", order=3, quantity=None),
            step("transfer", number=3, some=(3, 0, None, 0), rest=True),
            step("cancel"),
            step("set_back"),
            step("bring_back", number=2, row=1, quantity=2, exchange=True),
            step("confirm"),
            END,
        ),
    ),
    Mended(
        "The oracle's: a last step was fed by two steps before it, and by one since",
        Shape("pick_pack_ship"),
        (
            begin((5, 1), (1, 0), 30),
            step("confirm"),
            step("transfer", number=0, some=ALL, rest=True),
            step("transfer", number=0, some=ALL, rest=True),
            step("deliver_in", steps="pick_ship"),
            step("transfer", number=0, some=(2, 2, 2, 2), rest=True),
            step("change_quantity", line=0, quantity=9),
            step("transfer", number=1, some=ALL, rest=True),
            END,
        ),
    ),
    Mended(
        "What came back was sent out again, and a delivery still asked for it",
        Shape(),
        (
            begin((5, 2), (3, 1), 30),
            step("confirm"),
            step("transfer", number=0, some=ALL, rest=True),
            step("bring_back", number=0, row=0, quantity=1, exchange=False),
            step("change_quantity", line=0, quantity=6),
            step("change_quantity", line=0, quantity=5),
            step("return_again", number=0, row=0, quantity=1),
            END,
        ),
    ),
    Mended(
        "The oracle's: what is exchanged is sent, though the order is cancelled",
        Shape("ship_only", "mrp_one_step", "lot", "lot"),
        (
            begin((5, 2), (3, 1), 30),
            step("confirm"),
            step("transfer", number=0, some=ALL, rest=True),
            step("cancel"),
            step("bring_back", number=0, row=0, quantity=1, exchange=True),
            step("set_back"),
            step("confirm"),
            END,
        ),
    ),
    Mended(
        "More was packed than was picked, of what lay there: the shelf still gave more",
        Shape("pick_pack_ship"),
        (
            begin((9, 2), (6, 0), 30),
            step("confirm"),
            step("transfer", number=0, some=(0, 0, 4, 0), rest=True),
            step("transfer", number=0, some=(1, 0, 0, 0), rest=False),
            step("transfer", number=0, some=(5, 0, 0, 0), rest=True),
            step("transfer_too_many", number=1, row=0, surplus=3),
            END,
        ),
    ),
    Mended(
        "What was packed beyond what was picked was put back: its step waited for ever",
        Shape("pick_pack_ship"),
        (
            begin((9, 2), (6, 0), 30),
            step("confirm"),
            step("transfer", number=0, some=(0, 0, 4, 0), rest=True),
            step("transfer", number=0, some=(1, 0, 0, 0), rest=False),
            step("transfer", number=0, some=(5, 0, 0, 0), rest=True),
            step("transfer_too_many", number=1, row=0, surplus=2),
            step("put_back", number=3, row=0, quantity=1),
            step("put_back", number=3, row=0, quantity=2),
            END,
        ),
    ),
    Mended(
        "More was shipped than was packed: packers and the shelf still gave more",
        Shape("pick_pack_ship"),
        (
            begin((9, 2), (6, 0), 30),
            step("confirm"),
            step("transfer", number=0, some=(0, 0, 4, 0), rest=True),
            step("transfer", number=0, some=(4, 0, 0, 0), rest=True),
            step("transfer", number=1, some=(1, 0, 0, 0), rest=False),
            step("transfer", number=0, some=(5, 0, 0, 0), rest=True),
            step("transfer", number=0, some=(4, 0, 0, 0), rest=True),
            step("transfer_too_many", number=1, row=0, surplus=2),
            END,
        ),
    ),
    Mended(
        "More was packed of a row of assembled units, 2 of which are not made yet",
        Shape("pick_pack_ship"),
        (
            begin((9, 5), (6, 0), 30),
            step("confirm"),
            step("produce", order=0, quantity=3),
            step("transfer", number=0, some=(0, 0, 4, 0), rest=True),
            step("transfer", number=0, some=(1, 0, 0, 0), rest=False),
            step("transfer", number=0, some=(0, 3, 0, 0), rest=True),
            step("transfer_too_many", number=1, row=0, surplus=3),
            END,
        ),
    ),
    Mended(
        "The oracle's: Odoo left a plain line in Packing as the steps changed",
        Shape("pick_pack_ship"),
        (
            begin((9, 2), (1, 0), 30),
            step("settle", line=0),
            step("confirm"),
            step("deliver_in", steps="ship_only"),
            step("transfer", number=0, some=(2, 0, 0, 0), rest=True),
            step("change", line=0, quantity=None, a=4),
            END,
        ),
    ),
    Mended(
        "A shipment was undone whose row holds other serial numbers by now",
        Shape("ship_only", "pbm", "serial", "serial", dozens=True),
        (
            begin((11, 3), (6, 2), 4),
            step("confirm"),
            step("transfer", number=2, some=(4, 1, None, 3), rest=True),
            step("receive", quantity=5),
            step("undo", number=3, some=None),
            END,
        ),
    ),
    Mended(
        "Two lines shared what had arrived: the first took it all, and 2 of it left",
        Shape("ship_only", "mrp_one_step", "none", "serial"),
        (
            begin((12, 0), (4, 1), 1),
            step("confirm"),
            step("receive", quantity=6),
            step("ship_by_dialog", number=0, ship=(3, 3, 0, 0), x=0),
            END,
        ),
    ),
    Mended(
        "Launched in part: one of four was stored, and was kept and delivered as well",
        Shape("ship_only", "pbm", "none", "lot", dozens=True),
        (
            begin((8, 8), (4, 0), 30),
            step("manufacture_in", steps="pbm_sam"),
            step("keep_back"),
            step("confirm"),
            step("launch_part", line=1, quantity=4),
            step("launch_part", line=2, quantity=2),
            step("transfer", number=1, some=(3, 1, 0, 4), rest=False),
            step("bring_components", order=3),
            step("produce", order=1, quantity=4),
            step("launch_part", line=0, quantity=2),
            step("store", number=1, quantity=1),
        ),
    ),
]
