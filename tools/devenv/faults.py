"""`tools/load --faults`: Odoo killed, PostgreSQL stopped, the disk full, under load.

After each fault everything is counted, and an order goes through its whole life.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

from . import invariants, load
from .cluster import Cluster
from .load import FOLDER, Options, Site
from .load_clients import World
from .memory import Memory
from .rpc import Answer
from .ui import DevError, locked, say

# In the middle of these Odoo is killed; seconds after they have begun, at most.
KILLED_IN = ("confirm", "ship", "reserve")
KILLED_WITHIN = 1.5
# At random moments: how many of them, and until when (the rest of the time shows what
# the workers keep in memory when nobody kills them).
FAULT_EVERY_MINUTES, FAULTY_SHARE = 8, 0.6
# How full the disk is to be, and for how long.
DISK, FULL_SECONDS = FOLDER / "disk", 20


class Round:
    """A load with faults, and what is wrong after each of them."""

    def __init__(self, site: Site, world: World, primary: Cluster) -> None:
        self.site, self.world, self.primary = site, world, primary
        self.problems: list[str] = []
        self.counts: Counter[str] = Counter()

    @contextlib.contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """What breaks, and mends, in the block may cost answers, but nothing else."""
        self._take_errors()
        self.world.broken.set()
        try:
            yield
            self.counts["Odoo ended, and was started again"] += self.site.keep_up()
        finally:
            # who still waits for an answer of before gets none, or an error
            waiting = dict(self.world.current)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and any(
                self.world.current.get(ident) == action
                for ident, action in waiting.items()
            ):
                time.sleep(0.2)
            self.site.take_errors()
            self.world.broken.clear()
        self.counts[name] += 1
        self.check(name)

    def check(self, name: str) -> None:
        """Count everything, while people go on: what is committed is always whole."""
        broken = [row for row in load.check(self.site) if not row.is_note]
        self.problems += [f"after {name}: {row}" for row in broken]

    def _take_errors(self) -> None:
        errors, _retried = self.site.take_errors()
        self.problems += errors

    def finish(self) -> list[str]:
        """Whether nothing acknowledged is lost, and the users can go on."""
        self._take_errors()
        self.problems += self.world.failures
        self.problems += load.find_lost(self.site, self.world)
        self.check("the last fault")
        try:
            if problem := load.live_order(self.world):
                self.problems.append(problem)
        except (Answer, DevError) as error:
            self.problems.append(f"the users cannot go on: {error!r}")
        self.check("an order's life")
        return self.problems


def run(options: Options, faults: Sequence[str]) -> int:
    """These faults, each for as many minutes; exit code 1 when something is broken."""
    bad = 0
    with locked("load"):
        if "random" in faults:
            bad += _run_round("Now and then", FOLDER, _break_any, options, True)
        if "odoo" in faults:
            bad += _run_round("Odoo killed", FOLDER, _kill_odoo, options)
        if "postgres" in faults:
            bad += _run_round("PostgreSQL stopped", FOLDER, _stop_postgres, options)
        if "disk" in faults:
            with _small_disk() as disk:
                if disk:
                    bad += _run_round("Disk full", disk, _fill_disk, options)
    return 1 if bad else 0


def _run_round(
    title: str,
    folder: Path,
    fault: Callable[["Round"], None],
    options: Options,
    at_random: bool = False,
) -> int:
    """Load, and break what `fault` breaks.

    :param at_random: at a few random moments, instead of again and again
    """
    say(f"\n{title}, {options.workers} workers, {options.minutes:g} minutes ...")
    with load.prepared_for(options, folder / "primary") as (primary, odoo):
        if folder == DISK:
            # attachments and sessions, too
            odoo.data_dir = folder / "data"
            odoo.write_config()
        with Site(odoo, options, None) as site:
            world = load.make_world(site)
            current = Round(site, world, primary)
            memory = Memory()
            with load.working(world, options.seed), memory.watched(site.workers):
                wait = _wait_at_random if at_random else _wait_a_little
                for _moment in wait(options):
                    fault(current)
            problems = current.finish()
            say("\n".join([*load.format_results(world), *memory.format()]))
            for name, count in current.counts.items():
                say(f"{count} times: {name}")
            invariants.report(load.LOAD_DB, load.check(site))
    for problem in problems:
        say(f"PROBLEM: {problem}")
    say(
        f"{title}: {len(problems)} problem(s); "
        f"acknowledged writes: {load.count_writes(world)}."
    )
    return len(problems)


# The moments


def _wait_a_little(options: Options) -> Iterator[None]:
    """Again and again, until the time is over."""
    deadline = time.monotonic() + options.minutes * 60
    while time.monotonic() < deadline:
        yield
        time.sleep(random.uniform(1, 5))


def _wait_at_random(options: Options) -> Iterator[None]:
    """A few moments that nobody can know; then the rest of the time in peace."""
    choose, started = random.Random(options.seed), time.monotonic()
    seconds = options.minutes * 60
    count = max(1, int(options.minutes // FAULT_EVERY_MINUTES))
    moments = [choose.uniform(0, FAULTY_SHARE * seconds) for _number in range(count)]
    for moment in [*sorted(moments), seconds]:
        time.sleep(max(0.0, started + moment - time.monotonic()))
        if moment < seconds:
            yield


def _break_any(current: "Round") -> None:
    random.choice([_kill_odoo, _stop_postgres])(current)


# Odoo


def _kill_odoo(current: Round) -> None:
    """SIGKILL in the middle of something: one worker, or all there is of Odoo."""
    action = _wait_for_action(current.world)
    if not action:
        return
    time.sleep(random.uniform(0, KILLED_WITHIN))
    site, everything = current.site, random.random() < 0.5
    if site.child is None:
        return
    if everything:
        with current.fault(f"all of Odoo killed in {action}"):
            os.killpg(site.child.pid, signal.SIGKILL)
            site.child.wait()
            site.start()
    else:
        with current.fault(f"a worker killed in {action}"):
            workers = _get_busy(site)
            if workers:
                random.choice(workers).kill()


def _wait_for_action(world: World) -> str:
    """Until somebody is at one of the actions in which Odoo is to be killed."""
    wanted = random.choice(KILLED_IN)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if wanted in list(world.current.values()):
            return wanted
        time.sleep(0.02)
    return ""


def _get_busy(site: Site) -> list[psutil.Process]:
    """Those of the workers that are busy: who answers is killed, not who waits."""
    workers = site.workers()
    return sorted(workers, key=lambda process: process.cpu_percent(0.05))[-2:]


# PostgreSQL


def _stop_postgres(current: Round) -> None:
    """As if the power had failed: nothing is written on the way down."""
    time.sleep(random.uniform(2, 8))
    with current.fault("PostgreSQL stopped at once and started"):
        current.primary.stop("immediate")
        time.sleep(random.uniform(0, 3))
        current.primary.start()


# The disk


@contextlib.contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A disk of its own to fill, with the server and Odoo's files on it."""
    with load.prepared(FOLDER / "primary") as (primary, odoo):
        primary.stop()
        shutil.rmtree(DISK, ignore_errors=True)
        DISK.mkdir(parents=True, exist_ok=True)
        size = _get_size(primary.folder) + _get_size(odoo.data_dir) + (600 << 20)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", DISK]
        if os.geteuid() or subprocess.run(mount).returncode:
            say("\nDisk full: not tried, only root can mount a disk to fill.")
            yield None
            return
        try:
            primary.copy_to(DISK / "primary").remove_socket()
            shutil.copytree(odoo.data_dir, DISK / "data", dirs_exist_ok=True)
            yield DISK
        finally:
            subprocess.run(["umount", DISK], check=True)


def _get_size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _fill_disk(current: Round) -> None:
    """Until nothing more can be written; then there is room again."""
    time.sleep(random.uniform(5, 10))
    ballast = DISK / "ballast"
    ended = threading.Event()
    with current.fault("the disk full, then room again"):
        filler = threading.Thread(target=_keep_full, args=(ballast, ended))
        filler.start()
        time.sleep(FULL_SECONDS)
        ended.set()
        filler.join()
        ballast.unlink(missing_ok=True)
        # without room for its journal the server gives up: somebody starts it again
        current.primary.stop("immediate")
        current.primary.start()


def _keep_full(ballast: Path, ended: threading.Event) -> None:
    """Take all the room there is, also what others give back."""
    with ballast.open("ab", buffering=0) as file:
        while not ended.wait(0.05):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * (1 << 20))
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * 4096)
