"""The people of the load: salespeople and a floor that all want the same few units."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .ledger import Ledger
from .rpc import Conflict, Lost, Missing, Refused, ServerError, Session

PASSWORD = "load-of-work"
LINE, ORDER, PICKING, ASSEMBLY = (
    "sale.order.line",
    "sale.order",
    "stock.picking",
    "mrp.production",
)
A, Q = "qty_to_assemble_to_order", "product_uom_qty"
# Orders that the salespeople work on at a time: few enough to get in each other's way.
DESKTOP = 24


@dataclass
class World:
    """What all clients share: the data, the ledger, the figures, and when to stop."""

    port: int
    database: str
    ledger: Ledger = field(default_factory=Ledger)
    products: list[int] = field(default_factory=list)
    components: list[int] = field(default_factory=list)
    customer: int = 0
    picking_types: dict[str, int] = field(default_factory=dict)
    locations: dict[str, int] = field(default_factory=dict)
    # the orders on the desktop: {order: its lines}
    orders: dict[int, list[int]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)
    # while something is broken on purpose, errors of the server are no answers
    broken: threading.Event = field(default_factory=threading.Event)
    current: dict[int, str] = field(default_factory=dict)
    results: dict[str, list[tuple[str, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    failures: list[str] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stale: list[int] = field(default_factory=lambda: [0, 0])  # of how many looks
    lock: threading.Lock = field(default_factory=threading.Lock)

    def session(self, login: str, password: str = PASSWORD) -> Session:
        return Session(self.port, self.database, login, password)


class Client(threading.Thread):
    """Somebody who does one thing after the other, at random, until the end."""

    actions: dict[str, int]  # how often, in relation to each other

    def __init__(self, world: World, login: str, seed: int) -> None:
        super().__init__(name=login, daemon=True)
        self.world = world
        self.seed = seed
        self.random = random.Random(f"{login} {seed}")
        self.session = world.session(login)

    def run(self) -> None:
        names, weights = list(self.actions), list(self.actions.values())
        while not self.world.stopping.is_set():
            if not self.session.uid:
                self.do("sign_in", self.session.sign_in)
                continue
            name = self.random.choices(names, weights)[0]
            self.do(name, getattr(self, name))

    def do(self, name: str, action: Callable[[], Any]) -> None:
        """Do it, and note what came of it and how long it took."""
        world, broken = self.world, self.world.broken.is_set()
        world.current[self.ident or 0] = name
        started = time.monotonic()
        try:
            outcome = "ok" if action() is not False else "nothing to do"
        except Conflict:
            outcome = "conflict"
        except Missing as answer:
            outcome = self._note_missing(name, answer)
        except Refused as answer:
            outcome = "refused"
            with world.lock:
                world.refusals[_shorten(str(answer))] += 1
        except (Lost, ServerError) as answer:
            outcome = "lost"
            if not (broken or world.broken.is_set() or world.stopping.is_set()):
                outcome = "failed"
                world.failures.append(f"{name}: {answer}")
            if "SessionExpired" in str(answer):
                self.session.uid = 0
            time.sleep(0.5)
        finally:
            world.current.pop(self.ident or 0, None)
        if outcome != "nothing to do":
            with world.lock:
                world.results[name].append((outcome, time.monotonic() - started))

    def _note_missing(self, name: str, answer: Missing) -> str:
        return "refused"

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return self.session.call(model, method, *args, **kwargs)


def _shorten(message: str) -> str:
    """A refusal without its names and figures, to count those of a kind."""
    words = message.split()
    kept = [w for w in words if not any(c.isdigit() for c in w) and "/" not in w]
    return " ".join(kept)[:100]


class Seller(Client):
    """Quotes, looks, splits, reserves, confirms and cancels; alone or with others."""

    actions = {
        "quote": 14,
        "look": 22,
        "split": 18,
        "resize": 6,
        "confirm": 14,
        "reserve": 14,
        "let_go": 2,
        "cancel": 3,
        "reopen": 2,
    }

    def quote(self) -> None:
        """A quotation with mixed lines, some of which has expired already."""
        world, choose = self.world, self.random
        wanted = [
            (product, choose.randint(2, 9))
            for product in choose.choices(world.products, k=choose.randint(1, 3))
        ]
        wanted_a = [choose.randint(0, quantity) for _product, quantity in wanted]
        lines = [
            (0, 0, {"product_id": product, Q: quantity, A: to_assemble})
            for (product, quantity), to_assemble in zip(wanted, wanted_a, strict=True)
        ]
        vals = {"partner_id": world.customer, "order_line": lines}
        if choose.random() < 0.2:
            vals["validity_date"] = "2020-01-01"
        [order] = self.call(ORDER, "create", [vals])
        [record] = self.call(ORDER, "read", [order], ["order_line"])
        expected: dict = {(ORDER, order, "state"): "draft"}
        for line, (_product, quantity), to_assemble in zip(
            record["order_line"], wanted, wanted_a, strict=True
        ):
            expected[LINE, line, Q], expected[LINE, line, A] = quantity, to_assemble
        world.ledger.created(expected)
        with world.lock:
            world.orders[order] = record["order_line"]
            while len(world.orders) > DESKTOP:
                del world.orders[next(iter(world.orders))]

    def _order(self) -> int:
        with self.world.lock:
            orders = list(self.world.orders)
        return self.random.choice(orders) if orders else 0

    def _line(self) -> int:
        order = self._order()
        lines = self.world.orders.get(order)
        return self.random.choice(lines) if lines else 0

    def look(self) -> bool | None:
        """The panel: its figures add up, and the quantities are those written last."""
        order = self._order()
        if not order:
            return False
        started = time.monotonic()
        rows = self.call(ORDER, "get_assembly_availability", [order])
        ledger, stale = self.world.ledger, False
        for row in rows:
            parts = row["qty_from_stock"] + row["qty_to_assemble_to_order"]
            if abs(parts - row["qty"]) > 0.001:
                raise ServerError(f"the panel's parts do not add up: {row}")
            key = (LINE, row["line_id"], A)
            surely = [
                write
                for write in ledger.writes[key]
                if write.acknowledged and write.end < started
            ]
            if surely and not any(
                write.value == row["qty_to_assemble_to_order"]
                for write in ledger.writes[key]
                if write.end >= max(w.start for w in surely)
            ):
                stale = stale or key not in ledger.excused
        with self.world.lock:
            self.world.stale[0] += stale
            self.world.stale[1] += 1
        return None

    def _note_missing(self, name: str, answer: Missing) -> str:
        if name == "look":
            return "not there yet"
        return super()._note_missing(name, answer)

    def split(self) -> bool | None:
        line = self._line()
        if not line:
            return False
        to_assemble = self.random.randint(0, 9)
        with self.world.ledger.writing({(LINE, line, A): to_assemble}):
            self.call(LINE, "write", [line], {A: to_assemble})
        return None

    def resize(self) -> bool | None:
        line = self._line()
        if not line:
            return False
        quantity = self.random.randint(2, 12)
        to_assemble = self.random.randint(0, quantity)
        values = {(LINE, line, Q): quantity, (LINE, line, A): to_assemble}
        with self.world.ledger.writing(values):
            self.call(LINE, "write", [line], {Q: quantity, A: to_assemble})
        return None

    def confirm(self) -> bool | None:
        return self._set_state("action_confirm", "sale")

    def cancel(self) -> bool | None:
        return self._set_state("action_cancel", "cancel")

    def reopen(self) -> bool | None:
        # without a word it leaves alone what is neither cancelled nor sent
        order = self._order()
        if not order:
            return False
        self.world.ledger.excuse((ORDER, order, "state"))
        return self.call(ORDER, "action_draft", [order])

    def _set_state(self, method: str, state: str) -> bool | None:
        order = self._order()
        if not order:
            return False
        with self.world.ledger.writing({(ORDER, order, "state"): state}):
            self.call(ORDER, method, [order])
        return None

    def reserve(self) -> bool | None:
        line = self._line()
        return bool(line) and self.call(LINE, "action_reserve_stock", [line])

    def let_go(self) -> bool | None:
        line = self._line()
        return bool(line) and self.call(LINE, "action_unreserve_stock", [line])


class Floor(Client):
    """Assembles, delivers, ships, receives; a planner now and then cancels."""

    actions = {"produce": 26, "deliver": 18, "ship": 24, "receive": 16, "give_up": 2}

    def _find(self, model: str, domain: list) -> int:
        found = self.call(model, "search", domain, limit=20, order="id desc")
        return self.random.choice(found) if found else 0

    def produce(self) -> bool | None:
        states = ("state", "in", ["confirmed", "progress", "to_close"])
        order = self._find(ASSEMBLY, [("ato_sale_line_id", "!=", False), states])
        if not order:
            return False
        with self.world.ledger.writing({(ASSEMBLY, order, "state"): "done"}):
            self._done(self.call(ASSEMBLY, "button_mark_done", [order]))
            self._check_not_cancelled(ASSEMBLY, order)
        return None

    def give_up(self) -> bool | None:
        """The planner cancels: A falls, whatever the salespeople have written."""
        order = self._find(
            ASSEMBLY, [("ato_sale_line_id", "!=", False), ("state", "=", "confirmed")]
        )
        if not order:
            return False
        [record] = self.call(ASSEMBLY, "read", [order], ["ato_sale_line_id"])
        if not record["ato_sale_line_id"]:
            return False
        self.world.ledger.excuse((LINE, record["ato_sale_line_id"][0], A))
        with self.world.ledger.writing({(ASSEMBLY, order, "state"): "cancel"}):
            self.call(ASSEMBLY, "action_cancel", [order])
        return None

    def _find_delivery(self, *states: str) -> int:
        outgoing = ("picking_type_id", "=", self.world.picking_types["outgoing"])
        return self._find(PICKING, [outgoing, ("state", "in", states)])

    def deliver(self) -> bool | None:
        """What is reserved leaves, the rest later."""
        picking = self._find_delivery("assigned")
        if not picking:
            return False
        with self.world.ledger.writing({(PICKING, picking, "state"): "done"}):
            context = {"skip_backorder": True}
            self._done(
                self.call(PICKING, "button_validate", [picking], context=context)
            )
            self._check_not_cancelled(PICKING, picking)
        return None

    def ship(self) -> bool | None:
        """The dialog: some of it leaves, assembled now where it is not yet."""
        picking = self._find_delivery("confirmed", "assigned", "waiting")
        if not picking:
            return False
        wizard = "assembly.shipment"
        [shipment] = self.call(wizard, "create", [{"picking_id": picking}])
        [record] = self.call(wizard, "read", [shipment], ["line_ids"])
        rows = [
            (1, row, {"qty_to_ship": self.random.randint(0, 5)})
            for row in record["line_ids"]
        ]
        self.call(wizard, "write", [shipment], {"line_ids": rows})
        with self.world.ledger.writing({(PICKING, picking, "state"): "done"}):
            result = self.call(wizard, "action_ship", [shipment])
            if (result or {}).get("type") != "ir.actions.act_window_close":
                raise Refused("a question was asked")
        return None

    def receive(self) -> None:
        """A few finished products come in: never enough for all."""
        world = self.world
        product = self.random.choice(world.products)
        place = {
            "location_id": world.locations["suppliers"],
            "location_dest_id": world.locations["stock"],
        }
        move = {"product_id": product, "product_uom_qty": self.random.randint(1, 6)}
        vals = {"picking_type_id": world.picking_types["incoming"], **place}
        [receipt] = self.call(
            PICKING, "create", [{**vals, "move_ids": [(0, 0, {**move, **place})]}]
        )
        self.call(PICKING, "action_confirm", [receipt])
        with world.ledger.writing({(PICKING, receipt, "state"): "done"}):
            self._done(self.call(PICKING, "button_validate", [receipt]))

    def _check_not_cancelled(self, model: str, record: int) -> None:
        """Odoo says nothing when what it is to validate was cancelled meanwhile."""
        [found] = self.call(model, "read", [record], ["state"])
        if found["state"] == "cancel":
            raise Refused("cancelled meanwhile")

    def _done(self, result: Any) -> None:
        """Odoo's own questions leave everything as it was."""
        if isinstance(result, dict):
            raise Refused("a question was asked")
