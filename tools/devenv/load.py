"""`tools/load`: several workers, many people, few units; then count everything."""

import contextlib
import dataclasses
import itertools
import os
import re
import signal
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from . import cluster, installation, invariants, processes
from .again import looking
from .bootstrap import ENV
from .cluster import Cluster
from .load_clients import (
    ASSEMBLY,
    LINE,
    ORDER,
    PASSWORD,
    PICKING,
    A,
    Client,
    Floor,
    Q,
    Seller,
    World,
)
from .memory import Memory
from .odoo import COMMAND, LOG_LINE, Odoo
from .ports import free_pair
from .rpc import Conflict, Session
from .settings import ADDON, LOCAL, LOGS, ROOT, dependencies
from .ui import DevError, locked, say

FOLDER = LOCAL / "load"
LOAD_DB = "load"
LOAD_TEMPLATE_DB = "load_template"
BIG_TEMPLATE_DB = "load_big_template"
# of what is in the big database, sold beside the three desks
BIG_GOODS = 3

SELLERS, FLOOR = 5, 4
# What Odoo logs as an error, runs again, and tells nobody.
RETRIED = re.compile(
    r"could not serialize access|SerializationFailure|deadlock detected|"
    r"DeadlockDetected|LockNotAvailable|could not obtain lock"
)
SERVING = re.compile(r"Worker WorkerHTTP \((\d+)\) alive")
SALES = "sales_team.group_sale_salesman_all_leads"
WORK = (SALES, "stock.group_stock_manager", "mrp.group_mrp_manager")


@dataclass(frozen=True)
class Options:
    """What `tools/load` was asked for."""

    minutes: float
    workers: int
    replica: bool
    seed: int
    big: bool = False
    """Whether the database is one of a company of some years."""
    processes: int = 0
    """How many of Odoo without web server rush, in place of people."""


class Site:
    """Odoo with workers on one database: started, killed and started again."""

    def __init__(self, odoo: Odoo, options: Options, replica: Cluster | None) -> None:
        self.odoo = odoo
        self.options = options
        self.replica = replica
        self.port = free_pair()
        self.log = LOGS / f"{LOAD_DB}-{options.workers}-workers.log"
        self._stack = contextlib.ExitStack()
        self.child: subprocess.Popen | None = None
        self._read = 0

    def __enter__(self) -> "Site":
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log.write_text("")
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def start(self) -> None:
        self._launch()
        self.wait()

    def _launch(self) -> None:
        if self.child:  # what it leaves behind would keep the port
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
        command = [
            *COMMAND,
            f"--database={LOAD_DB}",
            f"--workers={self.options.workers}",
            "--max-cron-threads=1",
            f"--http-port={self.port}",
            f"--gevent-port={self.port + 1}",
            "--log-level=info",
        ]
        if self.replica:
            command += [f"--db_replica_host={self.replica.server.host}"]
            command += [f"--db_replica_port={self.replica.server.port}"]
        output = self._stack.enter_context(self.log.open("a"))
        self.child = self._stack.enter_context(
            processes.started(command, env=self.odoo.env, stdout=output, stderr=output)
        )

    def wait(self, seconds: float = 180.0) -> None:
        """Until the login page is there, which needs the database too."""
        deadline = time.monotonic() + seconds
        while self.child and self.child.poll() is None and time.monotonic() < deadline:
            try:
                url = f"http://127.0.0.1:{self.port}/web/login"
                with urllib.request.urlopen(url, timeout=60):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        raise DevError(f"Odoo does not answer; see {self.log}")

    def keep_up(self) -> int:
        """Start it again whenever it ends, as a service is; how often it was.

        Odoo with workers ends by itself when PostgreSQL does not answer.
        """
        starts = 0
        while True:
            with contextlib.suppress(DevError):
                self.wait()
                time.sleep(3)
            if self.child and self.child.poll() is None:
                self.wait()
                return starts
            starts += 1
            if starts > 10:
                raise DevError(f"Odoo does not start any more; see {self.log}")
            self._launch()

    def end(self) -> None:
        self._stack.close()

    def workers(self) -> list[psutil.Process]:
        """Those that serve people: not the one of the bus, not the one of the clock."""
        if not self.child or self.child.poll() is not None:
            return []
        with contextlib.suppress(psutil.Error):
            serving = set(map(int, SERVING.findall(self.log.read_text())))
            children = psutil.Process(self.child.pid).children()
            return [child for child in children if child.pid in serving]
        return []

    def take_errors(self) -> tuple[list[str], int]:
        """Errors logged since the last time, and how many requests were run again."""
        with self.log.open() as log:
            log.seek(self._read)
            text = log.read()
            self._read = log.tell()
        errors, retried = [], 0
        for record in _split_records(text):
            level = LOG_LINE.match(record)
            if level and level[1] in ("ERROR", "CRITICAL"):
                if RETRIED.search(record):
                    retried += "bad query" in record
                else:
                    errors.append(record.strip())
        return errors, retried

    def count_panel_calls(self) -> Counter:
        """Where the calls of the panel were served: ro is the replica."""
        pattern = re.compile(
            r"get_assembly_availability HTTP.* (ro|rw|ro->rw)\s*$", re.M
        )
        return Counter(pattern.findall(self.log.read_text()))


def _split_records(text: str) -> list[str]:
    starts = [m.start() for m in re.finditer(LOG_LINE.pattern, text, re.M)]
    return [text[a:b] for a, b in itertools.pairwise([*starts, len(text)])]


def run(options: Options) -> int:
    """Load for as long as told; exit code 1 when something went wrong or is broken."""
    with locked("load"), prepared_for(options) as (primary, odoo):
        with contextlib.ExitStack() as stack:
            replica = stack.enter_context(_replica_of(primary, options))
            site = stack.enter_context(Site(odoo, options, replica))
            say(
                f"\n{options.workers} workers, {SELLERS + FLOOR} people, "
                f"{options.minutes:g} minutes{', a replica' if replica else ''} ..."
            )
            world = make_world(site)
            lag = stack.enter_context(_watched(primary)) if replica else []
            with working(world, options.seed), Memory().watched(site.workers) as memory:
                world.stopping.wait(options.minutes * 60)
            bad = report(site, world)
            say("\n" + "\n".join(memory.format()))
            if replica:
                _report_replica(site, world, lag, primary, replica)
            return 1 if bad else 0


@contextlib.contextmanager
def prepared(
    folder: Path, template: str = LOAD_TEMPLATE_DB, modules: Sequence[str] = ()
) -> Iterator[tuple[Cluster, Odoo]]:
    """A server, and a new database on it with the add-on, `modules`, and nothing else.

    :param template: a database of its own for other modules
    """

    def build() -> None:
        odoo.databases.recreate(template)
        odoo.install(template, [*dependencies(), *modules, ADDON])
        if template == BIG_TEMPLATE_DB:
            _fill(odoo, template)

    with cluster.running(folder) as primary:
        odoo = Odoo(primary.server, LOAD_DB)
        installation.ensure(odoo, template, build, modules)
        odoo.databases.recreate(LOAD_DB, template)
        primary.checkpoint()
        yield primary, odoo


def prepared_for(
    options: Options, folder: Path = FOLDER / "primary"
) -> contextlib.AbstractContextManager[tuple[Cluster, Odoo]]:
    """What `prepared` does, with a database as big as the options say."""
    return prepared(folder, BIG_TEMPLATE_DB if options.big else LOAD_TEMPLATE_DB)


def _fill(odoo: Odoo, database: str) -> None:
    say("Making a company of some years ...")
    command = (ENV.python, "-m", "bench_odoo.fill", database)
    environment = {**odoo.env, "PYTHONPATH": str(ROOT / "tools")}
    if processes.run(command, environment, cwd=ROOT):
        raise DevError(f"{database} was not filled")


@contextlib.contextmanager
def _replica_of(primary: Cluster, options: Options) -> Iterator[Cluster | None]:
    if not options.replica:
        yield None
        return
    replica = primary.make_replica(FOLDER / "replica")
    try:
        replica.start()
        yield replica
    finally:
        replica.stop()
        replica.remove_socket()


# The data


def make_world(site: Site) -> World:
    """Users, three desks of four legs, and few of them in stock."""
    world = World(site.port, LOAD_DB)
    admin = world.session("admin", "admin")
    admin.sign_in()
    world.customer = _create(admin, "res.partner", name="Azure Interior")
    warehouse = _first(admin, "stock.warehouse")
    [places] = admin.call(
        "stock.warehouse",
        "read",
        [warehouse],
        ["lot_stock_id", "in_type_id", "out_type_id"],
    )
    world.locations["stock"] = places["lot_stock_id"][0]
    world.locations["suppliers"] = _first(
        admin, "stock.location", ("usage", "=", "supplier")
    )
    world.picking_types["incoming"] = places["in_type_id"][0]
    world.picking_types["outgoing"] = places["out_type_id"][0]
    world.components = [_make_product(admin, world, "Table Leg", 100000)]
    for number in range(3):
        desk = make_desk(admin, world, f"Desk {number + 1}", 12)
        world.products.append(desk)
    if site.options.big:
        goods = ("name", "like", "Good %"), ("free_qty", ">", 0)
        found = admin.call("product.product", "search", list(goods), limit=BIG_GOODS)
        world.products += found
    for number in range(SELLERS):
        _make_user(admin, f"seller{number + 1}", (SALES,))
    for number in range(FLOOR):
        _make_user(admin, f"floor{number + 1}", WORK)
    # people meet the clock; not Odoo's scheduler, which mends what we want to see
    crons = admin.call("ir.cron", "search", [("name", "ilike", "expired quotations")])
    admin.call(
        "ir.cron", "write", crons, {"interval_number": 1, "interval_type": "minutes"}
    )
    return world


def _create(session: Session, model: str, **vals: object) -> int:
    return session.call(model, "create", [vals])[0]


def _first(session: Session, model: str, *domain: tuple) -> int:
    return session.call(model, "search", list(domain), limit=1)[0]


def _make_product(session: Session, world: World, name: str, quantity: int) -> int:
    product = _create(
        session, "product.product", name=name, is_storable=True, list_price=100
    )
    quant = session.call(
        "stock.quant",
        "create",
        [
            {
                "product_id": product,
                "location_id": world.locations["stock"],
                "inventory_quantity": quantity,
            }
        ],
        context={"inventory_mode": True},
    )
    # a method without a result: nothing to look at
    session.call("stock.quant", "action_apply_inventory", quant)
    return product


def make_desk(session: Session, world: World, name: str, quantity: int) -> int:
    """`quantity` are in stock; others are made from four legs each."""
    desk = _make_product(session, world, name, quantity)
    [record] = session.call("product.product", "read", [desk], ["product_tmpl_id"])
    leg = {"product_id": world.components[0], "product_qty": 4}
    template = record["product_tmpl_id"][0]
    _create(session, "mrp.bom", product_tmpl_id=template, bom_line_ids=[(0, 0, leg)])
    return desk


def _make_user(session: Session, login: str, groups: Sequence[str]) -> None:
    ids = []
    for group in ("base.group_user", *groups):
        module, _dot, name = group.partition(".")
        data = ("module", "=", module), ("name", "=", name)
        found = session.call("ir.model.data", "search_read", list(data), ["res_id"])
        ids.append(found[0]["res_id"])
    _create(
        session,
        "res.users",
        name=login,
        login=login,
        password=PASSWORD,
        group_ids=[(6, 0, ids)],
    )


# The work


@contextlib.contextmanager
def working(world: World, seed: int) -> Iterator[list[Client]]:
    """Everybody at work; on the way out all have finished what they were at."""
    world.stopping.clear()
    clients: list[Client] = [
        Seller(world, f"seller{number + 1}", seed) for number in range(SELLERS)
    ]
    clients += [Floor(world, f"floor{number + 1}", seed) for number in range(FLOOR)]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        world.stopping.set()
        for client in clients:
            client.join(timeout=200)


def live_order(world: World) -> str:
    """A whole life of an order, as the users go on after a fault: what went wrong.

    5 of a new desk, of which 2 are in stock, 3 to assemble.
    """
    admin, clerk = world.session("admin", "admin"), world.session("floor1")
    admin.sign_in()
    clerk.sign_in()
    desk = make_desk(admin, world, "Desk of After", 2)

    def insist(model: str, method: str, ids: list[int]) -> None:
        for _try in range(10):
            with contextlib.suppress(Conflict):
                clerk.call(model, method, ids)
                return
        raise DevError(f"{model}.{method} never came through")

    lines = [(0, 0, {"product_id": desk, Q: 5, A: 3})]
    order = _create(clerk, ORDER, partner_id=world.customer, order_line=lines)
    insist(ORDER, "action_confirm", [order])
    [record] = clerk.call(ORDER, "read", [order], ["order_line", "picking_ids"])
    line = record["order_line"]
    made = clerk.call(ASSEMBLY, "search", [("ato_sale_line_id", "in", line)])
    insist(ASSEMBLY, "button_mark_done", made)
    insist(PICKING, "button_validate", record["picking_ids"])
    [found] = clerk.call(LINE, "read", line, ["qty_delivered"])
    if found["qty_delivered"] != 5:
        return f"of a new order's 5 units {found['qty_delivered']} were delivered"
    return ""


# What came of it


def report(site: Site, world: World) -> bool:
    """Print all figures; whether something is wrong."""
    say("\n" + "\n".join(format_results(world)))
    errors, retried = site.take_errors()
    problems = [*world.failures, *errors, *find_lost(site, world)]
    say(f"\nRun again by Odoo because others were faster: {retried}.")
    if world.refusals:
        say("Refused, most often:")
        for text, count in Counter(world.refusals).most_common(8):
            say(f"  {count:5d}  {text}")
    broken = invariants.report(LOAD_DB, check(site))
    for problem in problems:
        say(f"PROBLEM: {problem}")
    say(f"Problems: {len(problems)}; acknowledged writes: {count_writes(world)}.")
    return bool(problems or broken)


def count_rows(site: Site) -> None:
    """Have PostgreSQL count what was written in these minutes.

    It would take the tables for empty, and look through them row by row.
    """
    server = dataclasses.replace(site.odoo.server, database=LOAD_DB)
    with contextlib.closing(server.connect()) as connection:
        connection.cursor().execute("ANALYZE")


def check(site: Site) -> list[invariants.Broken]:
    """What is broken."""
    count_rows(site)
    return invariants.find(site.odoo.server, LOAD_DB)


def count_writes(world: World) -> int:
    writes = world.ledger.writes.values()
    return sum(write.acknowledged for field in writes for write in field)


def format_results(world: World) -> list[str]:
    """The table of the requests: how many, what came of them, how long they took."""
    names = ("requests", "ok", "refused", "conflict", "lost", "failed", "50 %", "95 %")
    rows = [("action", *names, "max, s")]
    everything: list[tuple[str, float]] = []
    results = {name: list(found) for name, found in world.results.items()}
    for name, found in sorted(results.items()):
        everything += found
        rows.append(_format_row(name, found))
    if everything:
        rows.append(_format_row("all", everything))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return lines


def _format_row(name: str, found: list[tuple[str, float]]) -> tuple[str, ...]:
    outcomes = Counter(outcome for outcome, _seconds in found)
    seconds = sorted(seconds for _outcome, seconds in found)
    cuts = statistics.quantiles(seconds, n=20) if len(seconds) > 1 else seconds * 19
    refused = outcomes["refused"] + outcomes["not there yet"]
    figures = (len(found), outcomes["ok"], refused)
    figures += (outcomes["conflict"], outcomes["lost"], outcomes["failed"])
    times = (f"{cuts[9]:.2f}", f"{cuts[18]:.2f}", f"{seconds[-1]:.2f}")
    return (name, *map(str, figures), *times)


def find_lost(site: Site, world: World) -> list[str]:
    """Compare what was acknowledged with what is there."""
    found = {}
    fields = {
        ORDER: ("state",),
        LINE: (A, Q),
        PICKING: ("state",),
        ASSEMBLY: ("state",),
    }
    server = dataclasses.replace(site.odoo.server, database=LOAD_DB)
    with contextlib.closing(server.connect()) as connection:
        cr = connection.cursor()
        for model, names in fields.items():
            table = model.replace(".", "_")
            for name in names:
                cr.execute(f"SELECT id, {name} FROM {table}")
                for record_id, value in cr.fetchall():
                    value = value if isinstance(value, str) else float(value or 0)
                    found[model, record_id, name] = value
    return world.ledger.find_lost(found)


# The replica


@contextlib.contextmanager
def _watched(primary: Cluster) -> Iterator[list[tuple[float, int]]]:
    """How far the replica is behind, in seconds and bytes, each half second."""
    samples: list[tuple[float, int]] = []
    with contextlib.closing(primary.connect_as_owner()) as connection:
        cr = connection.cursor()

        def look() -> None:
            cr.execute(
                "SELECT coalesce(extract(epoch FROM replay_lag), 0), "
                "pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) "
                "FROM pg_stat_replication"
            )
            samples.extend((float(s), int(b)) for s, b in cr.fetchall())

        with looking(look, 0.5):
            yield samples


def _report_replica(
    site: Site,
    world: World,
    lag: list[tuple[float, int]],
    primary: Cluster,
    replica: Cluster,
) -> None:
    served = site.count_panel_calls()
    with contextlib.closing(replica.connect_as_owner()) as connection:
        cr = connection.cursor()
        cr.execute(
            "SELECT pg_is_in_recovery(), xact_commit + xact_rollback, tup_fetched "
            "FROM pg_stat_database WHERE datname = %s",
            [LOAD_DB],
        )
        recovering, transactions, rows = cr.fetchone()
    say(
        f"\nThe panel, by Odoo's log: {served['ro']} calls on the replica, "
        f"{served['rw'] + served['ro->rw']} on the primary."
    )
    say(
        f"The replica, by its own count: in recovery {recovering}, "
        f"{transactions} transactions, {rows} rows fetched."
    )
    if lag:
        ms = sorted(seconds * 1000 for seconds, _bytes in lag)
        say(
            f"Lag in {len(ms)} samples: median {statistics.median(ms):.1f} ms, "
            f"95 % {ms[int(len(ms) * 0.95)]:.1f} ms, most {ms[-1]:.1f} ms, "
            f"most {max(size for _s, size in lag)} bytes."
        )
    stale, looks = world.stale
    missing = sum(o == "not there yet" for o, _s in world.results.get("look", ()))
    say(
        f"Of {looks + missing} looks, {stale} showed a figure older than one "
        f"acknowledged before, {missing} an order that was not there yet."
    )
    broken = invariants.find(replica.server, LOAD_DB)
    invariants.report(f"{LOAD_DB} on the replica", broken)
