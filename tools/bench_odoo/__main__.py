"""Measure two databases in one process: python -m bench_odoo OURS CORE FOLDER [quick].

OURS has the add-on, CORE is the same without it.
"""

import sys
from pathlib import Path

from odoo.tools import config

from . import queries, report, scenarios
from .data import prepare
from .measure import Site, take_turns

LONGEST_QUICK = 100


def main(ours: str, core: str, folder: str, *options: str) -> None:
    quick = "quick" in options
    config.parse_config(["--log-level=error"], setup_logging=True)
    sites = {"ours": Site(ours), "core": Site(core)}
    longest = LONGEST_QUICK if quick else max(scenarios.LENGTHS)
    for name, site in sites.items():
        print(f"Preparing quotations and orders in {site.database} ...", flush=True)
        prepare(site, longest, mixed=name == "ours")
    results = [
        take_turns(scenario, sites, longest, rounds=1 if quick else None)
        for scenario in scenarios.ALL
    ]
    asking = queries.compare(scenarios.CONFIRM, sites)
    for path in report.write(Path(folder), results, asking, sites):
        print(f"Written: {path}")


main(*sys.argv[1:])
