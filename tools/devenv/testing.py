"""`tools/test`: pytest on a database of its own, made quickly from a template."""

import os
from collections.abc import Mapping, Sequence

from . import axe, browser, installation, postgres, printing, processes
from .bootstrap import ENV
from .odoo import Odoo
from .pytest_browser import PROBLEM_VARIABLE
from .settings import (
    ADDON,
    BRIDGE_DIR,
    LOCAL,
    ROOT,
    TEMPLATE_DB,
    TEST_DB,
    TEST_MODULES,
    dependencies,
)
from .ui import DevError, locked, say

PYTEST = (
    ENV.python,
    *("-m", "pytest", "-p", "devenv.pytest_browser", f"--odoo-database={TEST_DB}"),
)


# A test class runs in one process, on a copy of the database that it has for itself.
SIDE_BY_SIDE = (
    *("-p", "devenv.pytest_filestore"),
    *("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadscope"),
)

PROPERTY_TESTS = "Properties or Machine"

# Moments at which days are easily mistaken, in UTC, and where the people are: their
# day is another one there, a month or a year ends, or their clocks are about to change.
# The tests set them on their own: under Debian's libfaketime Python cannot wait.
CLOCKS = (
    "2026-11-25T23:45:00 UTC",
    "2028-02-29T00:05:00 UTC",
    "2028-02-29T04:55:00 America/New_York",  # the 28th
    "2026-12-31T23:05:00 Europe/Brussels",  # New Year
    "2027-01-31T18:20:00 Asia/Kolkata",
    "2027-03-14T06:45:00 America/New_York",
    "2027-03-28T00:30:00 Europe/Brussels",
    "2026-10-25T00:30:00 Europe/Brussels",
    "2027-04-03T11:45:00 Pacific/Auckland",
)

# These look at the real clock, at none, or set their own.
TIMELESS_TESTS = f"Tours or Concurrency or Js or Budget or Days or {PROPERTY_TESTS}"


def soak(times: int) -> int:
    """Run the property tests with `times` as many examples, other ones each time.

    Then run the others at other moments, in other time zones, until some fail.
    """
    return run(["-k", PROPERTY_TESTS], {"ATO_SOAK": str(times)}) or next(
        filter(None, map(run_at, CLOCKS)), 0
    )


def run_at(clock: str) -> int:
    """Run at `clock`, in UTC, with the time zone of the people."""
    say(f"At {clock} ...")
    tests = (ADDON, BRIDGE_DIR.name, "-k", f"not ({TIMELESS_TESTS})")
    return run(tests, {"ATO_CLOCK": clock})


def run(arguments: Sequence[str], variables: Mapping[str, str] | None = None) -> int:
    """Run all tests on a fresh installation of the add-on, at once on several cores.

    With arguments, which are pytest's, run on the database of the last run, and in one
    process: what Odoo logs is shown while they run.
    """
    environment = browser_environment()
    prints, problems = printing.ensure(environment.get("PATH", os.environ["PATH"]))
    for problem in problems:
        say(f"Not all prints can be tested: {problem}")
    environment |= {
        **prints,
        **_accessibility_environment(),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(LOCAL / "hypothesis"),
        **(variables or {}),
    }
    with locked("test"), postgres.running() as server:
        odoo = Odoo(server)
        if not arguments:
            odoo.databases.drop(TEST_DB)
        installation.ensure(odoo, TEST_DB, lambda: build(odoo))
        return processes.run(
            [*PYTEST, *(arguments or SIDE_BY_SIDE)],
            {**odoo.env, **environment, **client_environment(server, environment)},
            cwd=ROOT,
        )


def client_environment(
    server: postgres.Server, environment: Mapping[str, str]
) -> dict[str, str]:
    """How pytest-odoo copies the database for each process: with `createdb`."""
    path = environment.get("PATH", os.environ["PATH"])
    return {
        "PATH": os.pathsep.join([str(postgres.programs()), path]),
        "PGHOST": server.host,
        "PGPORT": server.port,
        "PGUSER": server.user,
        "PGPASSWORD": server.password,
    }


def browser_environment() -> dict[str, str]:
    """What the pytest plugin and its browser need; without one, its tests fail."""
    environment = {"PYTHONPATH": str(ROOT / "tools")}
    try:
        environment["PATH"] = browser.ensure()
    except DevError as problem:
        say(f"Browser tests are going to fail: {problem}")
        environment[PROBLEM_VARIABLE] = str(problem)
    return environment


def _accessibility_environment() -> dict[str, str]:
    """What the tests of accessibility need; without it, they are skipped."""
    try:
        return {axe.VARIABLE: str(axe.ensure())}
    except DevError as problem:
        say(f"Accessibility cannot be tested: {problem}")
        return {}


def build(odoo: Odoo) -> None:
    """Make the database of the tests anew."""
    ensure_template(odoo)
    odoo.databases.recreate(TEST_DB, TEMPLATE_DB)
    odoo.install(TEST_DB, [ADDON])


def ensure_template(odoo: Odoo) -> None:
    """Dependencies take a minute or more to install: they are kept in a template."""
    base = installation.base_mark(odoo)
    if odoo.databases.mark(TEMPLATE_DB) != base:
        odoo.databases.recreate(TEMPLATE_DB)
        odoo.install(TEMPLATE_DB, [*dependencies(), *TEST_MODULES])
        odoo.databases.set_mark(TEMPLATE_DB, base)
