# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What `get_assembly_availability` tells of an order: shapes, units, meaning."""

from typing import NotRequired, TypedDict


class Piece(TypedDict):
    """A piece of the bar; the pieces of a line add up to what is ordered."""

    key: str  # delivered, reserved, free, expected, assembled, able, short, missing
    label: str
    qty: float  # in the unit of the line


class Suggestion(TypedDict):
    """An answer: a method of the line to call, without arguments."""

    action: str
    label: str
    qty: float  # in the unit of the line
    to_assemble: float | bool  # what A becomes by it, False where it stays
    confirm: NotRequired[str]  # what is asked first


class Offer(TypedDict):
    """What a line is worth by what it is made of, and what can be done about it."""

    text: str
    suggestions: list[Suggestion]  # qty is a price, for the unit of the line
    is_to_decide: bool  # a quotation has another price, and nobody has typed it


class Limits(TypedDict):
    """What may be typed as the quantity to assemble, in the unit of the line."""

    lower: float  # or 0
    upper: float
    lower_text: str  # what to say of less, which is no 0
    upper_text: str  # what to say of more


class Component(TypedDict):
    """A component of what is still to be assembled, in the component's unit."""

    product: str
    product_id: int
    uom: str
    required_qty: float
    reserved_qty: float
    available_qty: float
    missing_qty: float
    availability_date: str | bool
    able_to_assemble_qty: float  # what it allows, in the unit of the line
    can_be_made_qty: float | bool  # False where it is not assembled itself
    is_bottleneck: bool


class Row(TypedDict):
    """A line that is, or can be, assembled to order: quantities in its unit."""

    line_id: int
    product: str
    product_id: int
    uom: str
    uom_id: int
    qty: float  # ordered
    qty_from_stock: float
    qty_to_assemble_to_order: float
    qty_delivered: float
    qty_assembled: float
    reserved_qty: float
    reserved_stock_qty: float
    free_stock_qty: float  # free now, less what earlier lines of the order take
    expected_stock_qty: float  # the same by the delivery date, with what arrives
    able_to_assemble_qty: float  # of remaining_qty, what components allow by the date
    components_short_qty: float  # of remaining_qty, what they do not
    missing_qty: float  # covered by nothing
    deductible_qty: float  # could be taken from stock instead
    stock_needed_qty: float  # open stock part
    stock_held_qty: float  # of it, reserved
    stock_on_hand_qty: float  # of it, free now
    stock_due_qty: float  # of it, arriving in time
    waiting_qty: float  # assembled and not delivered yet
    remaining_qty: float  # still to be assembled
    delivery_date: str | bool  # as promised, where the user is
    availability_date: str | bool  # when all of it can leave, False when unknown
    stock_date: str | bool  # when all of the open stock part is there
    assembly_date: str | bool  # when all that is still to be assembled is made
    missing_date: str | bool  # when what is missing is there if it is assembled
    is_late: bool  # after the promised day, or nobody knows when
    is_mixed: bool  # of two sources, which its customer does not accept
    status: str  # as assembly_status of the line
    status_parts: list[float]  # its quantities: open parts, or what it is about
    status_text: str
    promise_text: str  # on time, late, or assembled by which day
    limits: Limits
    price: Offer | bool  # False where it is sold as the price list says
    cost: Offer | bool  # False where it costs what Odoo says, or nobody knows
    component_changes: list[str]  # who has changed components, when, how: the latest
    bin_warning: str  # what is wrong with the bin, empty when nothing is
    segments: list[Piece]
    components: list[Component]  # what limits most first
    suggestions: list[Suggestion]
