"""Take turns at measuring the same thing in several ways, and keep every sample."""

import contextlib
import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

# How often something is measured, by how many lines it is about.
ROUNDS = {1: 9, 10: 5, 20: 9, 80: 5, 100: 5, 300: 7, 500: 2, 1000: 3}

Action = Callable[[], object]
Prepare = Callable[[api.Environment, "Site", int], Action]


class Site:
    """One database, and the documents in it that are measured."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.registry = Registry(database)
        self.orders: dict[tuple[str, int], int] = {}
        self.products: list[int] = []
        with self.transaction() as env:
            env = env(user=SUPERUSER_ID)
            self.user_id = env.ref("base.user_admin").id

    @contextlib.contextmanager
    def transaction(self) -> Iterator[api.Environment]:
        """A transaction as a request's, of which nothing stays unless committed."""
        with self.registry.cursor() as cr:
            try:
                user_id = getattr(self, "user_id", SUPERUSER_ID)
                yield api.Environment(cr, user_id, {"lang": "en_US", "tz": "UTC"})
            finally:
                cr.rollback()

    def analyse(self) -> None:
        """Have PostgreSQL count what was written, as it does by itself in time."""
        with self.transaction() as env:
            env.cr.execute("ANALYZE")
            env.cr.commit()

    def order(self, env: api.Environment, kind: str, count: int):
        """The order of a kind with so many lines."""
        return env["sale.order"].browse(self.orders[kind, count])


@dataclass(frozen=True)
class Sample:
    """What one run took: seconds of this process, seconds by the clock, queries."""

    cpu: float
    wall: float
    sql: int


@dataclass(frozen=True)
class Variant:
    """One way to do what a scenario is about."""

    name: str
    site: str
    prepare: Prepare
    longest: int | None = None


@dataclass(frozen=True)
class Scenario:
    """Something users do, for some numbers of lines.

    `per_line` tells whether its cost is one for each line, or for the whole.
    """

    key: str
    title: str
    counts: tuple[int, ...]
    variants: tuple[Variant, ...]
    per_line: bool = True
    goal: float | None = None
    note: str = ""


@dataclass
class Result:
    """All samples of a scenario: {(variant, count): samples}"""

    scenario: Scenario
    samples: dict[tuple[str, int], list[Sample]] = field(default_factory=dict)

    @property
    def counts(self) -> list[int]:
        return sorted({count for _name, count in self.samples})

    def values(self, variant: str, count: int, figure: str) -> list[float]:
        return [getattr(s, figure) for s in self.samples.get((variant, count), ())]

    def median(self, variant: str, count: int, figure: str) -> float | None:
        values = self.values(variant, count, figure)
        return median(values) if values else None

    def ratio(self, count: int, figure: str) -> float | None:
        """The median of ours, as a multiple of core's."""
        ours, core = (self.median(name, count, figure) for name in ("ours", "core"))
        return ours / core if ours is not None and core else None


def take_turns(
    scenario: Scenario, sites: dict[str, Site], longest: int, rounds: int | None
) -> Result:
    """Warm up, then measure each variant once a round, so that all meet the same noise.

    :param rounds: as many as `ROUNDS` says unless told
    """
    result = Result(scenario)
    for count in (count for count in scenario.counts if count <= longest):
        variants = [v for v in scenario.variants if count <= (v.longest or longest)]
        smallest = min(scenario.counts)
        for variant in variants:
            _run(variant, sites[variant.site], smallest)
        for _round in range(rounds or ROUNDS[count]):
            for variant in variants:
                sample = _run(variant, sites[variant.site], count)
                result.samples.setdefault((variant.name, count), []).append(sample)
        _show(result, count)
    return result


@contextlib.contextmanager
def prepared(
    variant: Variant, site: Site, count: int
) -> Iterator[tuple[api.Environment, Action]]:
    """What is to be run, in a transaction of its own, with no record in memory."""
    with site.transaction() as env:
        action = variant.prepare(env, site, count)
        env.cr.flush()
        env.invalidate_all()
        yield env, action


def _run(variant: Variant, site: Site, count: int) -> Sample:
    """Measure one run.

    What is left to be written counts, and what Odoo does just before the commit.
    """
    with prepared(variant, site, count) as (env, action):
        gc.collect()
        sql, wall, cpu = env.cr.sql_log_count, time.perf_counter(), time.process_time()
        action()
        env.cr.flush()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        return Sample(cpu, wall, env.cr.sql_log_count - sql)


def _show(result: Result, count: int) -> None:
    shown = []
    for variant in result.scenario.variants:
        if (variant.name, count) in result.samples:
            cpu = result.median(variant.name, count, "cpu") or 0.0
            sql = result.median(variant.name, count, "sql") or 0.0
            shown.append(f"{variant.name} {1000 * cpu:.0f} ms CPU, {sql:.0f} SQL")
    print(f"{result.scenario.key}, {count} lines: {'; '.join(shown)}", flush=True)
