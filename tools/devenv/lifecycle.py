"""`tools/lifecycle`: the add-on comes, is updated, goes and comes again.

Beside many orders with open deliveries: nothing of them is rewritten, and everything
can be delivered when the add-on is gone. What is updated was sold with the code of
versions before, taken from the repository's history.
"""

import contextlib
import dataclasses
import io
import os
import subprocess
import tarfile
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from . import invariants, postgres, processes, testing
from .bootstrap import ENV
from .odoo import Odoo
from .settings import ADDON, ADDON_DIR, BRIDGE_DIR, ROOT, TEMPLATE_DB, version
from .ui import DevError, locked, say

DATABASE = "lifecycle"
UPDATED_DATABASE = "lifecycle_updated"
# Versions before, by their last commits. With the oldest one the add-on goes, and comes
# again; it knew no bins: the migration proposes them.
BEFORE = {
    "19.0.1.15.0": "16c6e3a",
    "19.0.1.1.0": "0a2e9d8",
    "19.0.1.0.0": "6e3bdaf",
}
SCRIPT = ROOT / "tools" / "lifecycle_script.py"
REPORT = ROOT / "docs" / "lifecycle.md"
TABLES = (
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_move_line",
    "stock_picking",
    "stock_quant",
    "mrp_production",
    "product_template",
)
# Locks that keep others from reading, or from writing.
STRONG_LOCKS = ("AccessExclusiveLock", "ExclusiveLock", "ShareRowExclusiveLock")
SAMPLE_SECONDS = 0.02

WATCH = """
    SELECT c.relname, l.mode
      FROM pg_locks l
      JOIN pg_class c ON c.oid = l.relation
      JOIN pg_database d ON d.oid = l.database AND d.datname = %s
     WHERE l.granted AND l.mode IN %s AND c.relname IN %s
"""


@dataclasses.dataclass
class Step:
    """What a step did to tables that are full of other people's records."""

    title: str
    seconds: float = 0.0
    locked: dict[str, float] = dataclasses.field(default_factory=dict)
    written: dict[str, int] = dataclasses.field(default_factory=dict)
    rewritten: list[str] = dataclasses.field(default_factory=list)


def run(orders: int) -> int:
    with (
        locked("lifecycle"),
        postgres.running() as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        odoo = Odoo(server)
        with locked("test"):
            testing.ensure_template(odoo)
            odoo.databases.recreate(DATABASE, TEMPLATE_DB)
        _Life(odoo, DATABASE).script("fill", str(orders))
        steps, life = [], _Life(odoo, UPDATED_DATABASE)
        for former in BEFORE:
            odoo.databases.recreate(UPDATED_DATABASE, DATABASE)
            before = Odoo(server, former, _unpack(former, Path(folder)))
            steps.append(_update(life, before, former))
        steps += _go_and_come(life)
        odoo.databases.drop(UPDATED_DATABASE)
        installed = _Life(odoo, DATABASE)
        steps.insert(0, installed.step("install", installed.install))
        odoo.databases.drop(DATABASE)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(_report(orders, steps, life.sizes))
    say(REPORT.read_text())
    return int(any(step.rewritten for step in steps))


def _update(life: "_Life", before: Odoo, former: str) -> Step:
    """To this version from the one `before`, with which something was sold."""
    database = life.server.database
    before.install(database, [ADDON])
    _Life(before, database).script("sell")
    step = life.step(f"update from {former}", lambda: life.odoo.update(database, ADDON))
    life.script("check_update")
    found = invariants.find(life.odoo.server, database)
    if invariants.report(database, found):
        raise DevError(f"broken by the update from {former}")
    return step


def _go_and_come(life: "_Life") -> Iterator[Step]:
    """Without the add-on, then with it again."""
    yield life.step("uninstall", lambda: life.script("uninstall"))
    life.script("deliver_without")
    yield life.step("reinstall", life.install)
    life.script("sell_again")


def _unpack(former: str, folder: Path) -> Path:
    """Put the add-ons of a version before into a folder of their own."""
    names, commit = (ADDON_DIR.name, BRIDGE_DIR.name), BEFORE[former]
    command = ("git", "archive", commit, *names)
    archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        raise DevError(
            f"no code of {former}, {commit}; a shallow clone gets it with: "
            "git fetch --unshallow"
        )
    target = folder / former
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(target, filter="data")
    return target


class _Life:
    def __init__(self, odoo: Odoo, database: str) -> None:
        self.odoo = odoo
        self.server = dataclasses.replace(odoo.server, database=database)
        self.sizes: dict[str, int] = {}

    def install(self) -> None:
        self.odoo.install(self.server.database, [ADDON])

    def script(self, *arguments: str) -> None:
        command = (ENV.python, SCRIPT, self.server.database, *arguments)
        if processes.run(command, self.odoo.env, cwd=ROOT):
            raise DevError(f"lifecycle: {' '.join(arguments)} failed")

    def step(self, title: str, action: Callable[[], None]) -> Step:
        say(f"{title} ...")
        step = Step(title)
        self.sizes = self._ask("SELECT count(*) FROM {table}")
        files = self._files()
        [(before,)] = self._select("SELECT txid_current()")
        start = time.monotonic()
        with self._watched(step):
            action()
        step.seconds = time.monotonic() - start
        step.written = self._ask(
            f"SELECT count(*) FROM {{table}} WHERE xmin::text::bigint > {before}"
        )
        now = self._files()
        step.rewritten = [table for table in TABLES if now[table] != files[table]]
        return step

    @contextlib.contextmanager
    def _watched(self, step: Step) -> Iterator[None]:
        """Note for how long tables are locked, as far as samples tell."""
        seconds: dict[str, float] = defaultdict(float)
        done = threading.Event()

        def watch() -> None:
            with contextlib.closing(self.server.connect()) as connection:
                cursor = connection.cursor()
                last = time.monotonic()
                while not done.wait(SAMPLE_SECONDS):
                    parameters = self.server.database, STRONG_LOCKS, TABLES
                    cursor.execute(WATCH, parameters)
                    now = time.monotonic()
                    for table in {table for table, _mode in cursor.fetchall()}:
                        seconds[table] += now - last
                    last = now

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
        step.locked = dict(seconds)

    def _files(self) -> dict[str, int]:
        """The file of each table: another one when the table is written anew."""
        return self._ask("SELECT pg_relation_filenode('{table}')")

    def _ask(self, query: str) -> dict[str, int]:
        return {
            table: self._select(query.format(table=table))[0][0] for table in TABLES
        }

    def _select(self, query: str) -> list[tuple]:
        with contextlib.closing(self.server.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return cursor.fetchall()


def _report(orders: int, steps: list[Step], sizes: dict[str, int]) -> str:
    lines = [
        "# Install, update, uninstall",
        "",
        f"Written by `make lifecycle`: {orders} confirmed orders with open deliveries,",
        f"then the add-on is installed, {version()}. On copies of that database",
        "a version before is installed, sold with, and updated to this one: nothing is",
        "broken then. What was updated last is uninstalled while mixed orders and",
        "holds are open, and installed again.",
        "Seconds are of the whole command, Odoo's start included. Rows written are",
        "those of the table that exist after the step and that the step has made or",
        "changed. Locked is how long nobody else could write to the table, from",
        "samples.",
        "",
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores.",
        "",
        "| table | rows | " + " | ".join(step.title for step in steps) + " |",
        "| --- | ---: | " + " | ".join("---:" for _step in steps) + " |",
        "| seconds | | " + " | ".join(f"{step.seconds:.0f}" for step in steps) + " |",
    ]
    for table in TABLES:
        cells = [
            f"{step.written[table]} rows, {step.locked.get(table, 0.0):.1f} s locked"
            + (", written anew" if table in step.rewritten else "")
            for step in steps
        ]
        lines.append(f"| {table} | {sizes[table]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
