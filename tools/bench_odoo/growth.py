"""The results in a big database as a page and a chart, for the repository."""

from pathlib import Path

from . import chart
from .measure import Result, Site
from .report import get_facts

# Issue 18: finding lines and orders among 100,000 open lines.
FOUND_GOAL = "1,000 ms, 60 SQL"

HEAD = """\
# Benchmark of a big database

Made by `make bench ARGS=big`: as [the other one](benchmark.md), but each database holds
{content}. Open lines are added in steps, and what is measured
is the same after each: documents of their own, of products of their own. Of the open
lines 4 in 10 are assembled in part, and one in a hundred is short, half of these of
components; one in 200 could take one more from stock, and one in 200 is to be taken
from a bin that is empty. Figures are medians of CPU, of the Odoo process; _growth_ is
what it is with the most open lines as a multiple of what it is with the fewest. What
grows, and why, is in [cost.md](cost.md).

{facts}

![Growth from the fewest open lines to the most](benchmark-big.svg)
"""
CONTENT = {
    "products": "SELECT COUNT(*) FROM product_product",
    "lines that are done or open": "SELECT COUNT(*) FROM sale_order_line",
    "stock moves": "SELECT COUNT(*) FROM stock_move",
    "assembly orders": "SELECT COUNT(*) FROM mrp_production",
}

# Results by number of open lines; each is about one number of lines.
Steps = dict[int, list[Result]]


def write(folder: Path, steps: Steps, sites: dict[str, Site]) -> list[Path]:
    """Write `benchmark-big.md` and `benchmark-big.svg` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    page, picture = folder / "benchmark-big.md", folder / "benchmark-big.svg"
    facts = "\n".join(f"- {fact}" for fact in get_facts(sites["ours"]))
    head = HEAD.format(content=_get_content(sites["ours"]), facts=facts)
    page.write_text("\n".join([head, _get_found(steps), _get_beside(steps)]))
    picture.write_text(chart.draw_growth(_get_growth(steps)))
    return [page, picture]


def _get_content(site: Site) -> str:
    counts = []
    with site.transaction() as env:
        for name, query in CONTENT.items():
            env.cr.execute(query)
            counts.append(f"{env.cr.fetchone()[0]:,} {name}")
    return f"{', '.join(counts[:-1])} and {counts[-1]}"


def _get_found(steps: Steps) -> str:
    """What core has nothing for."""
    rows = [
        "## Finding what lacks something",
        "",
        f"A page of 80, by figures that no column holds; goal: at most {FOUND_GOAL}.",
        "",
        f"| open lines | {_get_heads(steps)} | growth | SQL | clock |",
        f"| --- |{' ---: |' * (len(steps) + 3)}",
    ]
    for results in _get_series(steps):
        if not _is_compared(results[0]):
            last = results[-1]
            sql, wall = _get(last, "ours", "sql"), _get(last, "ours", "wall")
            cells = [*_get_cells(results, "ours"), f"{sql:.0f}", f"{wall:.2f} s"]
            rows.append(f"| {last.scenario.title} | {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _get_beside(steps: Steps) -> str:
    rows = [
        "## Beside Odoo alone",
        "",
        f"| open lines | | {_get_heads(steps)} | growth | SQL |",
        f"| --- | --- |{' ---: |' * (len(steps) + 2)}",
    ]
    for results in _get_series(steps):
        last = results[-1]
        [count] = last.counts
        for variant in last.scenario.variants if _is_compared(last) else ():
            title = f"{last.scenario.title}, {count}" if variant.name == "ours" else ""
            cells = _get_cells(results, variant.name)
            cells.append(f"{_get(last, variant.name, 'sql'):.0f}")
            rows.append(f"| {title} | {variant.name} | {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _get_heads(steps: Steps) -> str:
    return " | ".join(f"{lines:,}" for lines in steps)


def _get_cells(results: list[Result], variant: str) -> list[str]:
    cpu = [1000 * _get(result, variant, "cpu") for result in results]
    return [*(f"{value:.0f} ms" for value in cpu), f"{cpu[-1] / cpu[0]:.2f}"]


def _get_growth(steps: Steps) -> list[tuple[str, str, float]]:
    """(what, whose, its growth)"""
    return [
        (results[0].scenario.title, variant.name, ends[1] / ends[0])
        for results in _get_series(steps)
        for variant in results[0].scenario.variants
        if (ends := [_get(results[at], variant.name, "cpu") for at in (0, -1)])
    ]


def _get_series(steps: Steps) -> list[list[Result]]:
    """The results of each scenario, from the fewest open lines to the most."""
    return [list(results) for results in zip(*steps.values(), strict=True)]


def _is_compared(result: Result) -> bool:
    return len(result.scenario.variants) > 1


def _get(result: Result, variant: str, figure: str) -> float:
    [count] = result.counts
    return result.median(variant, count, figure) or 0.0
