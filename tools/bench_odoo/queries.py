"""Who asks the database once more for each line more."""

from collections import Counter
from pathlib import Path

from odoo.tools.profiler import Profiler

from .measure import Scenario, Site, Variant, prepared

# From the one to the other: what does not grow between them is asked once for all.
FEW, MANY = 10, 100


def compare(scenario: Scenario, sites: dict[str, Site]) -> dict[str, Counter[str]]:
    """Queries for each line more, by who asks: {variant: {method: queries}}"""
    return {
        variant.name: _get_growth(variant, sites[variant.site])
        for variant in scenario.variants
    }


def _get_growth(variant: Variant, site: Site) -> Counter[str]:
    few, many = (_count(variant, site, count) for count in (FEW, MANY))
    many.subtract(few)
    return Counter({who: count / (MANY - FEW) for who, count in many.items()})


def _count(variant: Variant, site: Site, count: int) -> Counter[str]:
    with prepared(variant, site, count) as (env, action):
        with Profiler(collectors=["sql"], db=None) as profiler:
            action()
            env.cr.flush()
        [queries] = profiler.collectors
        return Counter(_find_asking(entry["stack"]) for entry in queries.entries)


def _find_asking(stack: list[tuple]) -> str:
    """The last method of an add-on that was on the way to the query."""
    for filename, _line, method, *_code in reversed(stack):
        path = Path(filename)
        if "addons" in path.parts or "ato_mixed_sales" in path.parts:
            return f"{_get_addon(path)}/{path.name}: {method}"
    return "none: what is written in the end"


def _get_addon(path: Path) -> str:
    folder = next(p for p in path.parents if (p / "__manifest__.py").exists())
    return folder.name
