"""`tools/compat`: no test of Odoo's fails with the add-on that passes without it."""

import os
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from . import installation, odoo_source, postgres, processes, testing
from .bootstrap import ENV
from .odoo import Odoo
from .settings import LOCAL, ROOT, TEMPLATE_DB, TEST_DB, version
from .ui import DevError, locked, say

SUITES = (
    "sale_mrp",
    "sale_stock",
    "sale_management",
    "sale",
    "mrp_account",
    "mrp",
    "stock_account",
    "stock",
)
BASELINE_DB = "compat_without"
FOLDER = LOCAL / "compat"
REPORT = ROOT / "docs" / "compat.md"


@dataclass
class Result:
    """What became of one suite: names of tests by their outcome."""

    suite: str
    passed: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    broken_by_us: set[str] = field(default_factory=set)
    minutes: float = 0.0


def run(suites: Sequence[str]) -> int:
    """Run the suites, at_install and post_install, on a database with the add-on.

    What fails there is run again without it: that decides whose failure it is.
    A run of all suites writes docs/compat.md.
    """
    if unknown := set(suites) - set(SUITES):
        raise DevError(f"no suites: {', '.join(unknown)}; choose of {SUITES}")
    environment = testing.browser_environment()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with locked("test"), postgres.running() as server:
        odoo = Odoo(server)
        installation.ensure(odoo, TEST_DB, lambda: testing.build(odoo))
        testing.ensure_template(odoo)
        odoo.databases.recreate(BASELINE_DB, TEMPLATE_DB)
        runner = _Runner({**odoo.env, **environment})
        results = [runner.compare(suite) for suite in suites or SUITES]
    if not suites:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(_report(results))
    for result in results:
        for test in sorted(result.broken_by_us):
            say(f"Fails with the add-on only: {result.suite}/{test}")
    return int(any(result.broken_by_us for result in results))


class _Runner:
    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def compare(self, suite: str) -> Result:
        say(f"Odoo's tests of {suite}, with the add-on ...")
        start = time.monotonic()
        result = self._run(suite, TEST_DB, [_tests(suite)])
        if result.failed:
            say(f"{len(result.failed)} failed: again, without the add-on ...")
            folder = _tests(suite).parent
            again = [f"{folder}/{test}" for test in sorted(result.failed)]
            result.broken_by_us = self._run(suite, BASELINE_DB, again).passed
        result.minutes = (time.monotonic() - start) / 60
        say(
            f"{suite}: {len(result.passed)} passed, {len(result.skipped)} skipped, "
            f"{len(result.failed)} failed, {len(result.broken_by_us)} with us only"
        )
        return result

    def _run(self, suite: str, database: str, tests: Iterable[Path | str]) -> Result:
        target = FOLDER / f"{suite}-{database}.xml"
        target.unlink(missing_ok=True)
        command = (
            *(ENV.python, "-m", "pytest", "-p", "devenv.pytest_browser"),
            *("-c", os.devnull, "--rootdir", _tests(suite).parent),
            *("-p", "no:cacheprovider", "-q", "--tb=short", "--odoo-http"),
            *("-o", "junit_family=xunit1", f"--junitxml={target}"),
            f"--odoo-database={database}",
            *tests,
        )
        log = target.with_suffix(".log")
        with log.open("w") as output:
            options = {"env": self.environment, "stdout": output, "stderr": output}
            with processes.started(command, cwd=ROOT, **options) as child:
                child.wait()
        if not target.exists():
            raise DevError(f"the tests of {suite} did not run; see {log}")
        return _read(suite, target)


def _tests(suite: str) -> Path:
    """The folder with the tests of a module of Odoo's."""
    root = odoo_source.locate().path
    for folder in (root / "odoo" / "addons", root / "addons"):
        if (folder / suite / "tests").is_dir():
            return folder / suite / "tests"
    raise DevError(f"Odoo in {root} has no tests of {suite}")


def _read(suite: str, path: Path) -> Result:
    """Outcomes from pytest's report; a test fails when one of its subtests does."""
    result = Result(suite)
    for case in ElementTree.parse(path).iter("testcase"):
        name = _node(case)
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            result.failed.add(name)
        elif "skipped" in kinds:
            result.skipped.add(name)
        else:
            result.passed.add(name)
    result.passed -= result.failed
    return result


def _node(case: ElementTree.Element) -> str:
    """`file::Class::method`, as pytest takes it.

    The file is that of the class, not the one that an inherited method is in.
    """
    module, _, class_name = (case.get("classname") or "").rpartition(".")
    return f"{module.replace('.', '/')}.py::{class_name}::{case.get('name')}"


def _report(results: Sequence[Result]) -> str:
    """The table of docs/compat.md."""
    identity = odoo_source.locate().identity
    lines = [
        "# Odoo's own tests with the add-on installed",
        "",
        "Written by `make compat`: every test of these modules, at_install and",
        "post_install, runs with all modules and the add-on loaded. What fails is run",
        "again on a database without the add-on; what passes there is ours to mend.",
        "",
        f"{date.today():%Y-%m-%d}, {version()} on {identity},",
        f"Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| module | passed | skipped | fail, with and without us | fail with us only |"
        " minutes |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        ours = len(result.broken_by_us)
        lines.append(
            f"| {result.suite} | {len(result.passed)} | {len(result.skipped)} "
            f"| {len(result.failed) - ours} | {ours} | {result.minutes:.1f} |"
        )
    shared = {result.suite: result.failed - result.broken_by_us for result in results}
    ours = {result.suite: result.broken_by_us for result in results}
    lines += _section("Fail with and without the add-on", shared)
    lines += _section("Fail with the add-on only", ours)
    return "\n".join(lines) + "\n"


def _section(title: str, tests: Mapping[str, set[str]]) -> list[str]:
    names = [f"{suite}/{test}" for suite in tests for test in sorted(tests[suite])]
    if not names:
        return []
    return ["", f"## {title}", "", *(f"- `{name}`" for name in names)]
