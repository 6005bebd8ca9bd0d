"""`tools/bench`: what the add-on costs, beside a database that does not have it."""

import dataclasses
import time
from collections.abc import Callable

from . import installation, postgres, processes
from .bootstrap import ENV
from .locks import Watch
from .odoo import Odoo
from .settings import ADDON, LOCAL, ROOT, dependencies
from .ui import locked, say

CORE_TEMPLATE, CORE_DB = "bench_core_template", "bench_core"
TEMPLATE, DB = "bench_template", "bench"
INSTALLED_DB = "bench_installed"
RESULTS = ROOT / "docs"
FOLDERS = {"": RESULTS, "big": RESULTS, "quick": LOCAL / "benchmark"}

INSTALLED = """
## Installing and updating

On the database without the add-on, as it is in the end: {seconds}.
Tables are locked the longest for those who write, and by an access exclusive lock for
those who read:

| | table | lock | seconds |
| --- | --- | --- | ---: |
{rows}
"""
LOCKS_TOLD = 5


def run(kind: str = "") -> int:
    """Measure in two new databases that are equal but for the add-on.

    :param kind: quick leaves out the long orders and writes its results into .local;
        big measures in databases of a company of some years
    """
    with locked("bench"), postgres.running() as server:
        odoo = Odoo(server)
        installation.ensure(odoo, CORE_TEMPLATE, lambda: _build_core(odoo))
        installation.ensure(odoo, TEMPLATE, lambda: _build(odoo))
        odoo.databases.recreate(CORE_DB, CORE_TEMPLATE)
        odoo.databases.recreate(DB, TEMPLATE)
        say("Measuring; CPU is counted, yet a quiet machine gives steadier figures ...")
        command = (ENV.python, "-m", "bench_odoo", DB, CORE_DB, str(FOLDERS[kind]))
        environment = {**odoo.env, "PYTHONPATH": str(ROOT / "tools")}
        code = processes.run(
            (*command, kind) if kind else command, environment, cwd=ROOT
        )
        if kind == "big" and not code:
            page = FOLDERS[kind] / "benchmark-big.md"
            page.write_text(page.read_text() + _measure_installing(odoo))
        return code


def _build_core(odoo: Odoo) -> None:
    odoo.databases.recreate(CORE_TEMPLATE)
    odoo.install(CORE_TEMPLATE, dependencies())


def _build(odoo: Odoo) -> None:
    odoo.databases.recreate(TEMPLATE, CORE_TEMPLATE)
    odoo.install(TEMPLATE, [ADDON])


def _measure_installing(odoo: Odoo) -> str:
    """Install and update the add-on where Odoo was used for years without it."""
    odoo.databases.recreate(INSTALLED_DB, CORE_DB)
    seconds, rows = [], []
    for title, action in (
        ("installing", lambda: odoo.install(INSTALLED_DB, [ADDON])),
        ("updating", lambda: odoo.update(INSTALLED_DB, ADDON)),
    ):
        taken, longest = _watch(odoo, action)
        seconds.append(f"{title} takes {taken:.0f} s")
        ranked = sorted(longest.items(), key=lambda item: -item[1])
        for (table, mode), held in ranked[:LOCKS_TOLD]:
            rows.append(f"| {title} | `{table}` | {mode} | {held:.1f} |")
    odoo.databases.drop(INSTALLED_DB)
    return INSTALLED.format(seconds=", ".join(seconds), rows="\n".join(rows))


def _watch(
    odoo: Odoo, action: Callable[[], None]
) -> tuple[float, dict[tuple[str, str], float]]:
    server = dataclasses.replace(odoo.server, database=INSTALLED_DB)
    started = time.monotonic()
    with Watch(server, INSTALLED_DB).running() as watch:
        action()
    return time.monotonic() - started, watch.longest
