"""`tools/test`: pytest on a database of its own, made quickly from a template."""

from collections.abc import Mapping, Sequence

from . import browser, installation, postgres, processes
from .bootstrap import ENV
from .odoo import Odoo
from .pytest_browser import PROBLEM_VARIABLE
from .settings import (
    ADDON,
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


PROPERTY_TESTS = "Properties or Machine"


def soak(times: int) -> int:
    """Run the property tests with `times` as many examples, other ones each time."""
    return run(["-k", PROPERTY_TESTS], {"ATO_SOAK": str(times)})


def run(arguments: Sequence[str], variables: Mapping[str, str] | None = None) -> int:
    """Run all tests on a fresh installation of the add-on.

    With arguments, which are pytest's, run on the database of the last run.
    """
    environment = {
        **browser_environment(),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(LOCAL / "hypothesis"),
        **(variables or {}),
    }
    with locked("test"), postgres.running() as server:
        odoo = Odoo(server)
        if not arguments:
            odoo.databases.drop(TEST_DB)
        installation.ensure(odoo, TEST_DB, lambda: build(odoo))
        return processes.run(
            [*PYTEST, *arguments], {**odoo.env, **environment}, cwd=ROOT
        )


def browser_environment() -> dict[str, str]:
    """What the pytest plugin and its browser need; without one, its tests fail."""
    environment = {"PYTHONPATH": str(ROOT / "tools")}
    try:
        environment["PATH"] = browser.ensure()
    except DevError as problem:
        say(f"Browser tests are going to fail: {problem}")
        environment[PROBLEM_VARIABLE] = str(problem)
    return environment


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
