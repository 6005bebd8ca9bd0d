"""The results as a page and a chart, for the repository."""

import datetime
import os
import platform
import subprocess
from collections import Counter
from pathlib import Path

from odoo.release import version

from . import chart
from .measure import Result, Site
from .queries import FEW, MANY

# Who asks less often for each line is not named.
NAMED = 0.25

HEAD = """\
# Benchmark

Made by `make bench`: one process, two databases that are equal but for the add-on, the
variants in turns. Every run is a transaction of its own with empty record caches, after
a warm-up, and is rolled back. Figures are medians, with the lowest and highest run in
brackets. _CPU_ is the time that the Odoo process computed; the time by the clock counts
PostgreSQL and whatever else the machine did. _SQL_ counts all queries until the commit.

{facts}

![Confirmation by number of lines, and everything beside Odoo alone](benchmark.svg)
"""

REMAINS = """\
Queries for each line more, from {few} to {many} lines; what is asked once for all lines
is not here. Core looks up bills of materials, tests, creates, numbers and replenishes
line by line. Ours does these for all lines at once, and its assembly orders are there
since the quotation, with their components.

What remains is Odoo's own work on one move after the other. It reserves each by itself,
here the product and two components of a line (`_gather`, `_update_available_quantity`,
`create` of the move line and so on), searches a rule for each demand (`_search_rule`)
and works out the lead time of each (`_bom_find`). To do that for several moves at once,
these methods would have to be written anew, for the documents of everybody: the add-on
leaves them as they are.
"""


def write(
    folder: Path,
    results: list[Result],
    asking: dict[str, Counter[str]],
    sites: dict[str, Site],
) -> list[Path]:
    """Write `benchmark.md` and `benchmark.svg` into `folder`.

    :param asking: who asks the database in a confirmation, as from `queries.compare`
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, picture = folder / "benchmark.md", folder / "benchmark.svg"
    facts = "\n".join(f"- {fact}" for fact in get_facts(sites["ours"]))
    parts = [HEAD.format(facts=facts), _get_summary(results)]
    parts += [_get_section(result) for result in results if result.samples]
    parts.append(_get_asking(asking))
    page.write_text("\n".join(parts).rstrip() + "\n")
    picture.write_text(chart.draw(results))
    return [page, picture]


def get_facts(site: Site) -> list[str]:
    with site.transaction() as env:
        modules = env["ir.module.module"].sudo()
        addon = modules.search([("name", "=", "ato_mixed_sales")]).latest_version
        env.cr.execute("SHOW server_version")
        [server] = env.cr.fetchone()
    load = os.getloadavg()[1]
    return [
        f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, "
        f"commit {_get_commit()}, add-on {addon}",
        f"{_get_processor()}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.machine()}, load {load:.1f} at the end "
        "(the run itself is 1)",
        f"Odoo {version}, Python {platform.python_version()}, "
        f"PostgreSQL {server.split()[0]} on the same machine",
    ]


def _get_commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def _get_processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return names[0].strip() if names else platform.processor() or "unknown processor"


def _get_summary(results: list[Result]) -> str:
    """Ours as a multiple of core's, for the longest documents."""
    rows = [
        "## At a glance",
        "",
        "Ours as a multiple of Odoo alone, at the largest number of lines.",
        "",
        "| | lines | CPU | SQL | goal |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        for count in result.counts[-1:]:
            cpu, sql = result.ratio(count, "cpu"), result.ratio(count, "sql")
            if cpu is None or sql is None:
                continue
            goal = f"at most {result.scenario.goal:g}" if result.scenario.goal else ""
            cells = result.scenario.title, str(count), f"{cpu:.2f}", f"{sql:.2f}", goal
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _get_section(result: Result) -> str:
    scenario = result.scenario
    unit = "line" if scenario.per_line else "call"
    rows = [
        f"## {scenario.title}",
        "",
        *([scenario.note, ""] if scenario.note else []),
        f"| lines | | CPU ms per {unit} | SQL per {unit} | CPU s | SQL | clock s "
        "| runs |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for count in result.counts:
        for variant in scenario.variants:
            if (variant.name, count) in result.samples:
                rows.append(_get_row(result, variant.name, count))
    return "\n".join([*rows, "", *_get_growth(result)])


def _get_asking(asking: dict[str, Counter[str]]) -> str:
    """Methods that ask the database again for each line, of ours and of core."""
    ours, core = asking["ours"], asking["core"]
    methods = sorted(ours | core, key=lambda who: (-ours[who], -core[who]))
    named = [who for who in methods if max(ours[who], core[who]) >= NAMED]
    rows = [
        "## What remains in a confirmation, and why",
        "",
        REMAINS.format(few=FEW, many=MANY),
        "| last method before the query | ours | core |",
        "| --- | ---: | ---: |",
    ]
    for who in named:
        rows.append(f"| `{who}` | {ours[who]:.1f} | {core[who]:.1f} |")
    others = [sum(c.values()) - sum(c[who] for who in named) for c in (ours, core)]
    rows.append(f"| others | {others[0]:.1f} | {others[1]:.1f} |")
    rows.append(f"| all | {sum(ours.values()):.1f} | {sum(core.values()):.1f} |")
    return "\n".join([*rows, ""])


def _get_row(result: Result, variant: str, count: int) -> str:
    share = count if result.scenario.per_line else 1
    cpu, sql, wall = (
        result.values(variant, count, figure) for figure in ("cpu", "sql", "wall")
    )
    middle = {
        figure: result.median(variant, count, figure) or 0.0
        for figure in ("cpu", "sql", "wall")
    }
    low, high = (1000 * value / share for value in (min(cpu), max(cpu)))
    cells = [
        str(count),
        variant,
        f"{1000 * middle['cpu'] / share:.1f} ({low:.1f}–{high:.1f})",
        f"{middle['sql'] / share:.1f}",
        f"{middle['cpu']:.2f}",
        f"{middle['sql']:.0f}" + (f" (to {max(sql):.0f})" if len(set(sql)) > 1 else ""),
        f"{middle['wall']:.2f} ({min(wall):.2f}–{max(wall):.2f})",
        str(len(cpu)),
    ]
    return f"| {' | '.join(cells)} |"


def _get_growth(result: Result) -> list[str]:
    """What one more line costs between the two largest numbers of lines."""
    texts = []
    for variant in result.scenario.variants:
        counts = [c for c in result.counts if (variant.name, c) in result.samples][-2:]
        if len(counts) < 2:
            continue
        cpu, sql = (
            _get_slope(result, variant.name, counts, figure)
            for figure in ("cpu", "sql")
        )
        texts.append(
            f"{variant.name} {1000 * cpu:.1f} ms CPU and {sql:.1f} SQL "
            f"(from {counts[0]} to {counts[1]})"
        )
    return [f"Each line more costs: {'; '.join(texts)}.", ""] if texts else []


def _get_slope(result: Result, variant: str, counts: list[int], figure: str) -> float:
    low, high = (result.median(variant, count, figure) or 0.0 for count in counts)
    return (high - low) / (counts[1] - counts[0])
