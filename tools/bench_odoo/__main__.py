"""Measure two databases in one process: python -m bench_odoo OURS CORE FOLDER [KIND].

OURS has the add-on, CORE is the same without it. KIND is quick, or big.
"""

import sys
from pathlib import Path

from odoo.tools import config

from . import big, growth, queries, report, scenarios
from .data import prepare
from .measure import Site, take_turns

LONGEST_QUICK = 100
BIG_ROUNDS = 3


def main(ours: str, core: str, folder: str, kind: str = "") -> None:
    config.parse_config(["--log-level=error"], setup_logging=True)
    sites = {"ours": Site(ours), "core": Site(core)}
    if kind == "big":
        pages = measure_big(sites, Path(folder))
    else:
        pages = measure_all(sites, Path(folder), quick=kind == "quick")
    for path in pages:
        print(f"Written: {path}")


def measure_all(sites: dict[str, Site], folder: Path, quick: bool) -> list[Path]:
    longest = LONGEST_QUICK if quick else max(scenarios.LENGTHS)
    prepare_all(sites, longest)
    results = [
        take_turns(scenario, sites, longest, rounds=1 if quick else None)
        for scenario in scenarios.ALL
    ]
    asking = queries.compare(scenarios.CONFIRM, sites)
    return report.write(folder, results, asking, sites)


def measure_big(sites: dict[str, Site], folder: Path) -> list[Path]:
    companies = {}
    for name, site in sites.items():
        print(f"Making what is done in {site.database} ...", flush=True)
        companies[name] = big.create_history(site)
    prepare_all(sites, scenarios.BIG_COUNT)
    steps = {}
    for lines in big.STEPS:
        for name, company in companies.items():
            print(f"{lines} open lines in {name} ...", flush=True)
            company.grow(lines, mixed=name == "ours")
        steps[lines] = [
            take_turns(scenario, sites, scenarios.BIG_COUNT, rounds=BIG_ROUNDS)
            for scenario in scenarios.BIG
        ]
    return growth.write(folder, steps, sites)


def prepare_all(sites: dict[str, Site], longest: int) -> None:
    for name, site in sites.items():
        print(f"Preparing quotations and orders in {site.database} ...", flush=True)
        prepare(site, longest, mixed=name == "ours")


main(*sys.argv[1:])
