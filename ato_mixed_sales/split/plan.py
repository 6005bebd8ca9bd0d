# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is to be done so that the documents of a line are what it asks for."""

from collections.abc import Hashable
from typing import Literal, NamedTuple

from .line import Line, Order, Part

Supply = Literal["stock", "assembly"]


class Event(NamedTuple):
    """Who causes a change, and what follows from that.

    What has happened in the warehouse or on the floor cannot be refused: started
    orders go on for stock, units that wait become stock, what is on its way stays.
    """

    is_wish: bool  # it can be refused
    may_ask: bool  # what no delivery asks for is asked for
    may_ask_back: bool = False  # what left beyond the order is asked back
    may_launch: bool = True  # more is asked for in all than is by now
    may_leave_behind: bool = (
        False  # nobody goes on with what was picked beyond the order
    )


SELLER = Event(is_wish=True, may_ask=True)
# the same where Odoo launches: Q is written, an order is confirmed, maybe once more
LAUNCH = Event(is_wish=True, may_ask=True, may_ask_back=True)
# the same where somebody keeps the deliveries from being asked for: documents that are
# there follow, no others are made
HELD_BACK = Event(is_wish=True, may_ask=True, may_launch=False)
# a planner cancels or closes short; units are lost
FLOOR = Event(is_wish=False, may_ask=True)
# a delivery is cancelled, its rest given up, more left from stock than asked for; as
# for a plain line, Odoo's user decides when it is asked for again
WAREHOUSE = Event(is_wish=False, may_ask=False, may_leave_behind=True)
# units come back to the shelf from a later step of the delivery, or are gone there
PUT_BACK = Event(is_wish=False, may_ask=True)
COUNTER = Event(is_wish=False, may_ask=True)  # settled at the point of sale
# a shipment is undone, with what it assembled, or an early assembly is
UNDO = Event(is_wish=False, may_ask=True)
CANCELLATION = Event(is_wish=False, may_ask=False)  # of the sales order


class TakeBack(NamedTuple):
    """Ask for less of one part; what is held beyond that is let go of."""

    supply: Supply
    quantity: float


class LeaveBehind(NamedTuple):
    """Go on with less of what is under way; the rest is ordinary stock where it is."""

    supply: Supply
    quantity: float


class Lower(NamedTuple):
    """Have an order that has not started make less, or be cancelled."""

    order: Hashable
    quantity: float


class Leave(NamedTuple):
    """Have an order that has started go on for stock."""

    order: Hashable


class GiveUp(NamedTuple):
    """Units that wait for the line become ordinary stock."""

    quantity: float


class Raise(NamedTuple):
    """Have an order that has not started make more."""

    order: Hashable
    quantity: float


class Make(NamedTuple):
    """One more order."""

    quantity: float


class Remake(NamedTuple):
    """One more order, with the components of one that was taken apart."""

    order: Hashable
    quantity: float


class Ask(NamedTuple):
    """Ask for more of one part."""

    supply: Supply
    quantity: float


class AskBack(NamedTuple):
    """Have the customer return what left beyond the order."""

    quantity: float


Step = (
    AskBack
    | TakeBack
    | LeaveBehind
    | Lower
    | Leave
    | GiveUp
    | Raise
    | Make
    | Remake
    | Ask
)
Reason = Literal["started", "assembled", "picked", "under_way"]


class Refused(Exception):
    """A wish that cannot be fulfilled now.

    :ivar reason: what is in the way: orders that have "started", units that are
        "assembled", that are "picked", or that are "under_way" to the customer
    :ivar supply: the part that is concerned
    :ivar quantity: how many units are in the way
    """

    def __init__(self, reason: Reason, supply: Supply, quantity: float) -> None:
        super().__init__(reason, supply, quantity)
        self.reason, self.supply, self.quantity = reason, supply, quantity


def plan(line: Line, event: Event = SELLER) -> list[Step]:
    """What makes the documents what `line` asks for, in the order of doing it.

    The plan of a line that is right is empty, and so is a second plan.

    :raises Refused: a wish, with the reason and the quantity in the way
    """
    given_up = _give_up(line, event)
    return [
        *_change_orders(line, event),
        *([GiveUp(given_up)] if given_up else []),
        *_change_demands(line, event),
    ]


def _give_up(line: Line, event: Event) -> float:
    """How many of the units that wait have no delivery any more."""
    if line.unit.compare(line.waiting, 0.0) <= 0:
        return 0.0
    beyond = line.waiting - line.undelivered_assembly
    if line.unit.compare(beyond, 0.0) <= 0:
        return 0.0
    if event.is_wish and line.unit.compare(line.to_assemble, 0.0) != 0:
        raise Refused("assembled", "assembly", beyond)
    return beyond


def _change_orders(line: Line, event: Event) -> list[Step]:
    compare = line.unit.compare
    steps: list[Step] = []
    surplus, fresh = line.producing - line.remaining, None
    for order in reversed(line.orders):
        if order.has_started:
            continue
        taken = min(surplus, order.open)
        if compare(taken, 0.0) > 0:
            steps.append(Lower(order.key, taken))
            surplus -= taken
        elif not order.is_elsewhere:
            fresh = fresh or order
    if compare(surplus, 0.0) > 0:
        if event.is_wish:
            raise Refused("started", "assembly", surplus)
        left = _leave(line, surplus)
        steps += [Leave(order.key) for order in left]
        surplus -= sum(order.open for order in left)
    for order in line.undone:
        again = min(order.open, -surplus)
        if compare(again, 0.0) > 0:
            steps.append(Remake(order.key, again))
            surplus += again
    if compare(surplus, 0.0) < 0 and (
        fresh or event.may_launch or _is_asked_for(line, -surplus)
    ):
        steps.append(Raise(fresh.key, -surplus) if fresh else Make(-surplus))
    return steps


def _is_asked_for(line: Line, lacking: float) -> bool:
    """Whether some of `lacking`, which nothing makes, is asked for as assembled.

    Where no more may be asked for, that is what is not taken from stock any more.
    """
    _stock, (_supply, _part, asked) = _limit_to_asked(line, wanted_demands(line))
    in_hand = line.waiting + line.remaining - lacking
    return line.unit.compare(asked, in_hand) > 0


def _leave(line: Line, surplus: float) -> list[Order]:
    """Started orders that go on for stock, the newest first: `surplus` at least."""
    left = []
    for order in reversed(line.orders):
        if order.has_started and line.unit.compare(surplus, 0.0) > 0:
            left.append(order)
            surplus -= order.open
    return left


def _change_demands(line: Line, event: Event) -> list[Step]:
    """Less of a part is taken back before more of the other one is asked for."""
    steps: list[Step] = []
    demands = wanted_demands(line)
    if not event.may_launch:
        demands = _limit_to_asked(line, demands)
    for supply, part, wanted in demands:
        change = wanted - part.open
        if line.unit.compare(change, 0.0) < 0:
            steps = [*_ask_for_less(line, event, supply, part, -change), *steps]
        elif line.unit.compare(change, 0.0) > 0 and event.may_ask:
            steps.append(Ask(supply, change))
    if event.may_ask_back:
        beyond = -(line.undelivered_stock + line.returning)
        if line.unit.compare(beyond, 0.0) > 0:
            steps.append(AskBack(beyond))
    return steps


def wanted_demands(line: Line) -> list[tuple[Supply, Part, float]]:
    """What is to be open of each part: P, and N with what is to come back.

    Never less than nothing: what was delivered beyond the order is nobody's to put
    back, but may be asked back from the customer.
    """
    stock, assembly = line.undelivered
    return [
        ("stock", line.stock, max(stock + line.returning, 0.0)),
        ("assembly", line.assembly, assembly),
    ]


def _limit_to_asked(
    line: Line, demands: list[tuple[Supply, Part, float]]
) -> list[tuple[Supply, Part, float]]:
    """No more in all than is asked for by now.

    What a part may keep, it keeps; the rest is asked for, assembled units first (R41).
    """
    kept = [min(part.open, wanted) for _supply, part, wanted in demands]
    left, limited = line.stock.open + line.assembly.open - sum(kept), []
    for (supply, part, wanted), keeps in reversed(
        list(zip(demands, kept, strict=True))
    ):
        more = min(wanted - keeps, left)
        left -= more
        limited.append((supply, part, keeps + more))
    return limited[::-1]


def without_launch(line: Line, event: Event) -> Event:
    """`event` as what happens to a line of which not all is asked for by now.

    No more is asked for then than before: the rest waits for whoever asks for it.
    """
    asked = line.stock.open + line.assembly.open
    # events are compared by what they may: others may as much
    if event is FLOOR and line.unit.compare(asked, line.outstanding) < 0:
        return event._replace(may_launch=False)
    return event


def count(steps: list[Ask]) -> float:
    """How many units `steps` ask for in all."""
    return sum(step.quantity for step in steps)


def ask_at_most(steps: list[Ask], units: float) -> list[Ask]:
    """Of `steps`, what asks for `units` in all, assembled units first (R41)."""
    limited = []
    for step in sorted(steps, key=lambda step: step.supply):
        taken = min(step.quantity, units)
        units -= taken
        if taken > 0:
            limited.append(step._replace(quantity=taken))
    return limited


def _ask_for_less(
    line: Line, event: Event, supply: Supply, part: Part, surplus: float
) -> list[Step]:
    """How less of `part` is asked for, by the `surplus` that nobody wants."""
    blocked = max(surplus - part.free, 0.0)
    if line.unit.compare(blocked, 0.0) <= 0:
        return [TakeBack(supply, surplus)]
    if event.is_wish:
        reason: Reason = "picked" if blocked <= part.stages[0].picked else "under_way"
        raise Refused(reason, supply, blocked)
    steps: list[Step] = []
    if line.unit.compare(surplus - blocked, 0.0) > 0:
        steps.append(TakeBack(supply, surplus - blocked))
    beyond = min(blocked, part.under_way)
    if event.may_leave_behind and line.unit.compare(beyond, 0.0) > 0:
        steps.append(LeaveBehind(supply, beyond))
    return steps


def to_assemble_after_delivery(line: Line, not_asked: float = 0.0) -> float:
    """A when the warehouse has decided: as much as is asked for, or on its way.

    No more than what is neither delivered from stock nor beyond the order (E21).

    :param not_asked: what nobody had asked for before that
    """
    asked = line.shipped_assembled + line.assembly.open + not_asked
    # never more than it is: an A that was set to 0 stays 0
    return min(line.to_assemble, max(min(asked, line.bounds.upper), _least(line)))


def _least(line: Line) -> float:
    """A that what has left, or is on its way, has decided."""
    stuck = line.assembly.stuck
    return max(
        min(line.shipped_assembled, line.assembled),
        line.shipped_assembled + stuck if stuck else 0.0,
    )


def after_delivery(line: Line, before: Line | None) -> Line:
    """The line when the warehouse has decided: A, and what it has left behind.

    What lies between shelf and customer, and is not asked for any more, is ordinary
    stock there: what is asked for is still made.

    :param before: what was true before that, none where nobody knows
    """
    if before is None:
        return line._replace(to_assemble=to_assemble_after_delivery(line))
    not_asked = max(before.undelivered_assembly - before.assembly.open, 0.0)
    # what is lost was asked for, and is given up by now
    left = line.left_behind - before.left_behind - line.given_up + before.given_up
    return line._replace(
        to_assemble=to_assemble_after_delivery(line, not_asked),
        given_up=line.given_up + max(min(left, line.waiting), 0.0),
    )


def to_assemble_after_loss(line: Line, lost: float) -> float:
    """A when `lost` units were taken away, or are not made."""
    return max(line.to_assemble - lost, 0.0)


def asking_no_more(line: Line, stock: float) -> Line:
    """The line that asks for `stock` anew of what is taken from stock, and no more.

    What a delivery was cancelled with, or came back from the customer, is asked for
    when the line is changed, and not by the way.
    """
    wanted = max(line.undelivered_stock + line.returning, 0.0)
    unasked = max(wanted - line.stock.open - stock, 0.0)
    return line._replace(ordered=line.ordered - unasked)


def after_undo(line: Line, before: Line, undone: tuple[Order, ...] = ()) -> Line:
    """The line when a shipment, or an early assembly, was undone: A is kept.

    But for what more than was ordered has left from stock. What nobody asked for before
    that is left to whoever asks for it.

    :param before: what was true before that
    :param undone: orders that were taken apart, open as far as they were
    """
    return line._replace(
        to_assemble=min(line.to_assemble, max(line.bounds.upper, _least(line))),
        ordered=line.ordered - before.held_back,
        undone=undone,
    )


def to_assemble_after_counter(line: Line) -> float:
    """A when all that is left was settled at the counter: what left, or is leaving."""
    left = line.shipped_assembled + line.assembly.stuck
    return min(line.to_assemble, left)
