# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What covers the lines of one order, and when (R69 to R78).

Quantities are in the unit of the product they are of, days are dates. Lines and
components that compete for the same product in the same place share it in the order
of the lines, so that their figures are true together.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from .calendar import EVERY_DAY, WorkDays
from .unit import Unit

LAST_HOUR = timedelta(hours=1)


def day_of_work(end: datetime) -> date:
    """The day that work belongs to: the one on which its last hour begins.

    An hour that is begun before midnight does not make it the work of the next day.

    :param end: when it is finished, where people look at it
    """
    return (end - LAST_HOUR).date()


class Ledger:
    """What is free of one product in one place, today and as the days go by.

    Units that somebody holds are not free, whatever the day.

    :param free: on hand and held by nobody
    :param changes: (day, quantity) of what is expected: receipts, and negative what
        others have asked for and do not hold. What is overdue counts from today.
    """

    def __init__(
        self,
        free: float,
        changes: Iterable[tuple[date, float]],
        today: date,
        unit: Unit,
    ) -> None:
        self.free = free
        self.today = today
        self.unit = unit
        self._start = free
        self._changes: dict[date, float] = defaultdict(float)
        self._claimed: set[date] = set()
        for day, quantity in changes:
            self._changes[max(day, today)] += quantity
        self._draw_up()

    def _draw_up(self) -> None:
        self._days = sorted(self._changes)
        changes = (self._changes[day] for day in self._days)
        self._balances = list(accumulate(changes, initial=self._start))

    def balance(self, day: date) -> float:
        """What is left at the end of `day` when all has come and gone as expected."""
        return self._balances[bisect_right(self._days, day)]

    def lasting(self) -> float:
        """What can be had today leaving all that is asked for, whenever, as it is."""
        return max(0.0, min(self._balances))

    def available(self, day: date) -> float:
        """What can be had by `day` leaving all earlier claims as they are."""
        later = (claimed for claimed in self._claimed if claimed > day)
        return max(0.0, min(map(self.balance, (day, *later))))

    def date_for(self, quantity: float, day: date) -> date | None:
        """The first day on which `quantity` can be had; nothing when unknown.

        :param day: when it is wanted: what others ask for until then comes first
        """
        if self.unit.compare(self.available(day), quantity) < 0:
            later = self._days[bisect_right(self._days, day) :]
            enough = (
                d for d in later if self.unit.compare(self.available(d), quantity) >= 0
            )
            return next(enough, None)
        first = day
        for earlier in reversed([self.today, *self._days]):
            if earlier <= day:
                if self.unit.compare(self.balance(earlier), quantity) < 0:
                    break
                first = earlier
        return first

    def claim(self, quantity: float, day: date) -> tuple[float, date | None]:
        """Set `quantity` aside, by `day` as far as possible, else when it arrives.

        :return: what there is by `day`; when all of it is there, nothing if unknown
        """
        if self.unit.compare(quantity, 0.0) <= 0:
            return 0.0, self.today
        covered = min(quantity, self.available(day))
        ready = self._set_aside_when_there(covered, day)
        if self.unit.compare(covered, quantity) < 0:
            ready = self._set_aside_when_there(quantity - covered, day)
        return covered, ready

    def _set_aside_when_there(self, quantity: float, day: date) -> date | None:
        ready = self.date_for(quantity, day)
        if ready:
            self._set_aside(quantity, ready)
        return ready

    def claim_free(self, quantity: float, day: date) -> float:
        """Set aside what is free today of `quantity`, and not promised by `day`.

        :return: how much it is
        """
        covered = max(0.0, min(quantity, self.free, self.available(day)))
        self._set_aside(covered, self.today)
        return covered

    def _set_aside(self, quantity: float, day: date) -> None:
        if self.unit.compare(quantity, 0.0) <= 0:
            return
        self.free -= max(0.0, min(quantity, self.free, self.available(self.today)))
        self._changes[day] -= quantity
        self._claimed.add(day)
        self._draw_up()


def round_down(quantity: float, step: float) -> float:
    """The largest multiple of `step` in `quantity`, forgiving what floats lose."""
    return math.floor(quantity / step + 1e-6) * step


class Component(NamedTuple):
    """What the assembly of a line needs of one component."""

    place: Hashable  # key of its ledger
    required: float
    held: float = 0.0  # of it held for the line already


class Demand(NamedTuple):
    """What is still to be delivered of one line."""

    place: Hashable  # key of the ledger it is taken from
    day: date  # when it is to be delivered
    stock: float = 0.0  # N
    held: float = 0.0  # units in stock that are held for the line
    waiting: float = 0.0  # W
    remaining: float = 0.0  # R
    reducible: float = 0.0  # of R, what nobody has started to assemble
    components: tuple[Component, ...] = ()
    lead: int = 0  # working days that the assembly takes
    planned: date | None = None  # when the assembly is planned to be finished
    whole: Callable[[float], float] = float  # what can be assembled of a quantity
    answer: tuple[Component, ...] | None = None  # to assemble what is missing
    answer_lead: int = 0  # working days that this takes
    calendar: WorkDays = EVERY_DAY  # of those who assemble


class ComponentCover(NamedTuple):
    """How the need of one component is covered by the start of the assembly."""

    required: float
    available: float
    missing: float
    ready: date | None  # when all of it is there; nothing when unknown
    able: float  # how many units of the line's product it is enough for


class Cover(NamedTuple):
    """How one line is covered by its day of delivery."""

    free: float  # free in stock today, less what earlier lines take
    expected: float  # free in stock by the day, less what earlier lines take
    held: float  # of the stock part, held for the line
    on_hand: float  # of the stock part, free in stock today
    due: float  # of the stock part, arriving in time
    missing: float
    able: float
    in_stock: date | None  # when the stock part is ready; nothing when unknown
    assembled: date | None  # when the assembly part is ready; nothing when unknown
    ready: date | None  # when the whole line is; nothing when unknown
    components: tuple[ComponentCover, ...]
    deductible: float = 0.0
    answered: date | None = None  # when what is missing is there if it is assembled


def share(demands: list[Demand], ledgers: dict[Hashable, Ledger]) -> list[Cover]:
    """How the lines of one order are covered together, the first line first.

    What every line needs comes before what a line could use instead of assembling,
    and this before what it takes to assemble what is missing. The ledgers are used
    up: they show what is left afterwards.
    """
    covers = [_cover(demand, ledgers) for demand in demands]
    deductible = [_deductible(demand, ledgers[demand.place]) for demand in demands]
    answered = answer(demands, ledgers)
    return [
        cover._replace(deductible=quantity, answered=day)
        for cover, quantity, day in zip(covers, deductible, answered, strict=True)
    ]


def answer(demands: list[Demand], ledgers: dict[Hashable, Ledger]) -> list[date | None]:
    """When what is missing of each line is there if it is assembled, as `share`.

    For answers that are known once all lines are covered: the ledgers show what
    `share` has left.
    """
    return [_answered(demand, ledgers) for demand in demands]


def _cover(demand: Demand, ledgers: dict[Hashable, Ledger]) -> Cover:
    ledger = ledgers[demand.place]
    free = max(0.0, ledger.free)
    held = max(0.0, min(demand.held, demand.stock))
    needed = max(0.0, demand.stock - held)
    on_hand = min(needed, ledger.available(ledger.today))
    expected = ledger.available(demand.day)
    covered, in_stock = ledger.claim(needed, demand.day)
    components = tuple(
        _cover_component(component, demand, ledgers) for component in demand.components
    )
    assembled = _assembled(demand, components, ledger)
    return Cover(
        free=free,
        expected=expected,
        held=held,
        on_hand=min(on_hand, covered),
        due=covered - min(on_hand, covered),
        missing=needed - covered,
        able=min([demand.remaining, *(cover.able for cover in components)]),
        in_stock=in_stock,
        assembled=assembled,
        ready=max(in_stock, assembled) if in_stock and assembled else None,
        components=components,
    )


def _cover_component(
    component: Component, demand: Demand, ledgers: dict[Hashable, Ledger]
) -> ComponentCover:
    ledger = ledgers[component.place]
    # a day of delivery in the past may be the first that there is
    start = demand.calendar.before(max(ledger.today, demand.day), demand.lead)
    day = max(ledger.today, start)
    available = component.held + ledger.available(day)
    _covered, ready = ledger.claim(component.required - component.held, day)
    able = demand.remaining
    if ledger.unit.compare(available, component.required) < 0:
        able = demand.whole(demand.remaining * available / component.required)
    return ComponentCover(
        required=component.required,
        available=available,
        missing=max(0.0, component.required - available),
        ready=ready,
        able=able,
    )


def _assembled(
    demand: Demand, components: tuple[ComponentCover, ...], ledger: Ledger
) -> date | None:
    """When the assembly part can be ready: with its components and as planned."""
    if ledger.unit.compare(demand.remaining, 0.0) <= 0:
        return ledger.today
    days = [component.ready for component in components if component.ready]
    if len(days) < len(components):
        return None
    ready = demand.calendar.after(max([ledger.today, *days]), demand.lead)
    return max(ready, demand.planned or ready)


def _deductible(demand: Demand, ledger: Ledger) -> float:
    """What could be taken from stock instead of being assembled (W1)."""
    wanted = min(demand.remaining, demand.reducible)
    beyond = max(0.0, demand.held - max(0.0, demand.stock))
    taken = min(wanted, beyond)
    return taken + ledger.claim_free(wanted - taken, demand.day)


def _answered(demand: Demand, ledgers: dict[Hashable, Ledger]) -> date | None:
    """When what is missing of the line is there if all of it is assembled."""
    if demand.answer is None:
        return None
    today = ledgers[demand.place].today
    start = max(today, demand.calendar.before(demand.day, demand.answer_lead))
    days = [today]
    for component in demand.answer:
        _covered, ready = ledgers[component.place].claim(component.required, start)
        if not ready:
            return None
        days.append(ready)
    return demand.calendar.after(max(days), demand.answer_lead)
