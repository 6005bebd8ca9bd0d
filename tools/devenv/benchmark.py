"""`tools/bench`: what the add-on costs, beside a database that does not have it."""

from . import installation, postgres, processes
from .bootstrap import ENV
from .odoo import Odoo
from .settings import ADDON, LOCAL, ROOT, dependencies
from .ui import locked, say

CORE_TEMPLATE, CORE_DB = "bench_core_template", "bench_core"
TEMPLATE, DB = "bench_template", "bench"
RESULTS = ROOT / "docs"


def run(quick: bool = False) -> int:
    """Measure in two new databases that are equal but for the add-on.

    A quick run leaves out the long orders and writes its results into .local.
    """
    with locked("bench"), postgres.running() as server:
        odoo = Odoo(server)
        installation.ensure(odoo, CORE_TEMPLATE, lambda: _build_core(odoo))
        installation.ensure(odoo, TEMPLATE, lambda: _build(odoo))
        odoo.databases.recreate(CORE_DB, CORE_TEMPLATE)
        odoo.databases.recreate(DB, TEMPLATE)
        say("Measuring; CPU is counted, yet a quiet machine gives steadier figures ...")
        folder = LOCAL / "benchmark" if quick else RESULTS
        command = (ENV.python, "-m", "bench_odoo", DB, CORE_DB, str(folder))
        environment = {**odoo.env, "PYTHONPATH": str(ROOT / "tools")}
        return processes.run(
            (*command, "quick") if quick else command, environment, cwd=ROOT
        )


def _build_core(odoo: Odoo) -> None:
    odoo.databases.recreate(CORE_TEMPLATE)
    odoo.install(CORE_TEMPLATE, dependencies())


def _build(odoo: Odoo) -> None:
    odoo.databases.recreate(TEMPLATE, CORE_TEMPLATE)
    odoo.install(TEMPLATE, [ADDON])
