"""`tools/test`: pytest on a database of its own, made quickly from a template."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import axe, browser, installation, postgres, printing, processes
from .bootstrap import ENV
from .odoo import Odoo
from .pytest_browser import PROBLEM_VARIABLE
from .settings import (
    ADDON,
    BRIDGE_DIR,
    LOCAL,
    ROOT,
    SHOP_DIR,
    SHOP_MODULES,
    SHOP_TEMPLATE_DB,
    SHOP_TEST_DB,
    TEMPLATE_DB,
    TEST_DB,
    TEST_MODULES,
    dependencies,
)
from .ui import DevError, locked, say

PYTEST = (ENV.python, *("-m", "pytest", "-p", "devenv.pytest_browser"))


class Suite(NamedTuple):
    """Tests that run on a database of their own."""

    database: str
    template: str
    modules: Sequence[str]  # installed beside the dependencies of the add-on
    all_tests: Sequence[str]  # arguments of pytest that run all of them


# A test class runs in one process, on a copy of the database that it has for itself.
SIDE_BY_SIDE = (
    *("-p", "devenv.pytest_filestore"),
    *("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadscope"),
)

SUITE = Suite(TEST_DB, TEMPLATE_DB, TEST_MODULES, SIDE_BY_SIDE)
# Few tests: side by side they would take longer.
SHOP_SUITE = Suite(
    SHOP_TEST_DB, SHOP_TEMPLATE_DB, (*TEST_MODULES, *SHOP_MODULES), (SHOP_DIR.name,)
)

PROPERTY_TESTS = "Properties or Machine or UndoBudget"

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
    """Run all tests on fresh installations of the add-on, at once on several cores.

    With arguments, which are pytest's, run on the database of the last run, and in one
    process: what Odoo logs is shown while they run. Those of the web shop run where
    its folder is among them.
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
        environment |= client_environment(server, environment)
        return max(
            _run_suite(odoo, suite, arguments, environment)
            for suite in _choose(arguments)
        )


def _choose(arguments: Sequence[str]) -> Sequence[Suite]:
    """Both where nothing is asked for, else the one that `arguments` are about."""
    if not arguments:
        return SUITE, SHOP_SUITE
    is_of_shop = any(argument.startswith(SHOP_DIR.name) for argument in arguments)
    return (SHOP_SUITE if is_of_shop else SUITE,)


def _run_suite(
    odoo: Odoo, suite: Suite, arguments: Sequence[str], environment: Mapping[str, str]
) -> int:
    if not arguments:
        odoo.databases.drop(suite.database)
    installation.ensure(odoo, suite.database, lambda: build(odoo, suite), suite.modules)
    database = f"--odoo-database={suite.database}"
    return processes.run(
        [*PYTEST, database, *(arguments or suite.all_tests)],
        {**odoo.env, **environment},
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


def build(odoo: Odoo, suite: Suite = SUITE) -> None:
    """Make the database of the tests anew."""
    ensure_template(odoo, suite)
    odoo.databases.recreate(suite.database, suite.template)
    odoo.install(suite.database, [ADDON])


def ensure_template(odoo: Odoo, suite: Suite = SUITE) -> None:
    """Dependencies take a minute or more to install: they are kept in a template.

    That of the web shop begins with all that the other one has.
    """
    base = installation.base_mark(odoo, suite.modules)
    if odoo.databases.mark(suite.template) == base:
        return
    if suite != SUITE:
        ensure_template(odoo)
    below = SUITE.template if suite != SUITE else None
    odoo.databases.recreate(suite.template, below)
    odoo.install(suite.template, [*dependencies(), *suite.modules])
    odoo.databases.set_mark(suite.template, base)
