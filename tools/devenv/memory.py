"""What Odoo's workers have in memory, sample by sample, as long as a load goes on."""

import contextlib
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import psutil

from .again import looking

EVERY_SECONDS = 15
SPAN_MINUTES = 10
# A worker has met all there is to be done by then.
GROWN_UP_MINUTES = 10
NAMES = ("minutes", "workers", "median, MB", "most, MB")


@dataclass(frozen=True)
class Sample:
    """One worker at one moment: how old it is, and what is in memory for it alone."""

    minute: float
    age: float  # minutes
    size: float  # MB


@dataclass
class Memory:
    """Samples by worker, whoever takes its place has its own."""

    samples: dict[int, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    @contextlib.contextmanager
    def watched(
        self, find: Callable[[], Sequence[psutil.Process]]
    ) -> Iterator["Memory"]:
        """Look at those whom `find` tells, again and again."""
        started = time.time()

        def look() -> None:
            for process in find():
                with contextlib.suppress(psutil.Error):
                    self._look_at(process, started)

        with looking(look, EVERY_SECONDS):
            yield self

    def _look_at(self, process: psutil.Process, started: float) -> None:
        now = time.time()
        size = process.memory_full_info().uss / 2**20
        age = (now - process.create_time()) / 60
        self.samples[process.pid].append(Sample((now - started) / 60, age, size))

    def format(self) -> list[str]:
        """What it was in each ten minutes, then how each old worker has grown."""
        spans: dict[int, list[tuple[int, Sample]]] = defaultdict(list)
        for pid, samples in self.samples.items():
            for sample in samples:
                spans[int(sample.minute // SPAN_MINUTES)].append((pid, sample))
        rows = [NAMES, tuple("---" for _name in NAMES)]
        rows += [_format_span(number, spans[number]) for number in sorted(spans)]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        for pid, samples in self.samples.items():
            grown = [s for s in samples if s.age >= GROWN_UP_MINUTES]
            if len(grown) > 1 and grown[-1].age >= 2 * GROWN_UP_MINUTES:
                first, last = grown[0], grown[-1]
                lines.append(
                    f"Worker {pid}: {first.size:.0f} MB after {first.age:.0f} minutes, "
                    f"{last.size:.0f} MB after {last.age:.0f}."
                )
        return lines


def _format_span(number: int, seen: list[tuple[int, Sample]]) -> tuple[str, ...]:
    sizes = [sample.size for _pid, sample in seen]
    first = number * SPAN_MINUTES
    return (
        f"{first} to {first + SPAN_MINUTES}",
        str(len({pid for pid, _sample in seen})),
        f"{statistics.median(sizes):.0f}",
        f"{max(sizes):.0f}",
    )
