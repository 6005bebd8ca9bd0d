"""`tools/load --rush`: everybody wants the same products at the same moment.

What many do one after the other, and what as many do at once, side by side: how many
of them succeed, in what time, and whether stock is promised twice.
"""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from . import bare, invariants
from .load import (
    LOAD_DB,
    Options,
    Site,
    check,
    count_rows,
    make_desk,
    make_world,
    prepared_for,
)
from .load_clients import ORDER, A, Q, World
from .rpc import Answer, Conflict, Session
from .ui import locked, say

PEOPLE, LINES = 16, 20
QUANTITY, ASSEMBLED = 4, 2

Actor = Session | bare.Caller
Act = Callable[[Actor, int], None]


@dataclass(frozen=True)
class Storm:
    """What one action took, done one after the other and by everybody at once."""

    name: str
    alone: float  # seconds
    at_once: float
    outcomes: Counter
    again: int  # requests that Odoo has run again

    def format(self) -> str:
        succeeded = self.outcomes["ok"]
        return (
            f"| {self.name:8} | {succeeded:2} of {self.outcomes.total():2} | "
            f"{self.again:3} | {self.alone:6.1f} | {self.at_once:6.1f} | "
            f"{self.at_once / self.alone:.2f} |"
        )


# What somebody does with an order


def reserve(session: Actor, order: int) -> None:
    session.call(ORDER, "action_reserve_all_stock", [order])


def confirm(session: Actor, order: int) -> None:
    session.call(ORDER, "action_confirm", [order])


def ship(session: Actor, order: int) -> None:
    """All of it leaves by the dialog, which assembles what is not there yet."""
    [record] = session.call(ORDER, "read", [order], ["picking_ids"])
    [shipment] = session.call(
        "assembly.shipment", "create", [{"picking_id": record["picking_ids"][0]}]
    )
    session.call("assembly.shipment", "action_ship", [shipment])


def cancel(session: Actor, order: int) -> None:
    session.call(ORDER, "action_cancel", [order])


def sign_in(world: World) -> Session:
    session = world.session("admin", "admin")
    session.sign_in()
    return session


class Rush:
    """Who acts at once, and the orders that they all have at hand."""

    def __init__(self, site: Site, world: World, actors: Sequence[Actor]) -> None:
        self.site, self.world, self.actors = site, world, actors
        self.admin = sign_in(world)
        stock = 8 * PEOPLE * QUANTITY
        self.desks = [
            make_desk(self.admin, world, f"Desk of Rush {number}", stock)
            for number in range(LINES)
        ]
        self._sell_before()

    def _sell_before(self) -> None:
        """Orders have been confirmed here before, and PostgreSQL has counted them.

        No company meets a rush with its first orders. While no move has a transfer
        yet, PostgreSQL goes through all of them whenever Odoo looks for one.
        """
        self.prepare([ship] * PEOPLE)
        count_rows(self.site)

    def quote(self) -> int:
        lines = [
            (0, 0, {"product_id": desk, Q: QUANTITY, A: ASSEMBLED})
            for desk in self.desks
        ]
        vals = {"partner_id": self.world.customer, "order_line": lines}
        return self.admin.call(ORDER, "create", [vals])[0]

    def prepare(self, acts: Sequence[Act]) -> list[int]:
        """An order for each act, as far as it must be to be acted on."""
        orders = [self.quote() for _act in acts]
        for order, act in zip(orders, acts, strict=True):
            if act in (ship, cancel):
                confirm(self.admin, order)
        return orders

    def storm(self, name: str, acts: Sequence[Act]) -> Storm:
        """Each does its own act: one after the other, then all at once."""
        first, second = self.prepare(acts), self.prepare(acts)
        started = time.monotonic()
        for act, order, session in zip(acts, first, self.actors, strict=True):
            act(session, order)
        alone = time.monotonic() - started
        self.site.take_errors()
        outcomes, at_once = self._act_at_once(acts, second)
        errors, again = self.site.take_errors()
        outcomes["failed"] += len(errors)
        storm = Storm(name, alone, at_once, outcomes, again)
        say(storm.format())
        return storm

    def _act_at_once(
        self, acts: Sequence[Act], orders: Sequence[int]
    ) -> tuple[Counter, float]:
        outcomes: Counter[str] = Counter()
        barrier = threading.Barrier(len(acts) + 1)

        def work(act: Act, order: int, session: Actor) -> None:
            barrier.wait()
            try:
                act(session, order)
            except Answer as answer:
                say(f"{act.__name__}: {type(answer).__name__}: {answer}")
                outcomes["lost" if isinstance(answer, Conflict) else "failed"] += 1
            else:
                outcomes["ok"] += 1

        threads = [
            threading.Thread(target=work, args=of_one)
            for of_one in zip(acts, orders, self.actors, strict=True)
        ]
        for thread in threads:
            thread.start()
        barrier.wait()
        started = time.monotonic()
        for thread in threads:
            thread.join()
        return outcomes, time.monotonic() - started


def run(options: Options, names: Sequence[str]) -> int:
    """All storms; exit code 1 when something was lost, or stock promised twice."""
    count = options.processes or PEOPLE
    storms: dict[str, list[Act]] = {
        "reserve": [reserve] * count,
        "confirm": [confirm] * count,
        "ship": [ship] * count,
        "cancel": [cancel] * count,
        "mixed": [(reserve, confirm, ship, cancel)[n % 4] for n in range(count)],
    }
    bad = False
    with locked("load"), prepared_for(options) as (_primary, odoo):
        with contextlib.ExitStack() as stack:
            site = stack.enter_context(Site(odoo, options, None))
            world = make_world(site)
            actors = stack.enter_context(_acting(options, site, world))
            rush = Rush(site, world, actors)
            who = "processes" if options.processes else "people"
            say(
                f"\n{options.workers} workers, {count} {who}, orders of {LINES} lines"
                "\n| action | succeeded | again | alone, s | at once, s | ratio |"
            )
            for name in names or storms:
                storm = rush.storm(name, storms[name])
                broken = invariants.report(LOAD_DB, check(site))
                bad = bad or bool(broken) or storm.outcomes["ok"] < count
    return 1 if bad else 0


@contextlib.contextmanager
def _acting(options: Options, site: Site, world: World) -> Iterator[Sequence[Actor]]:
    if options.processes:
        with bare.running(site.odoo, LOAD_DB, site.log, options.processes) as callers:
            yield callers
    else:
        yield [sign_in(world) for _ in range(PEOPLE)]
