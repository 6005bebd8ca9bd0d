"""What the tools say, and how they fail: in one line, when a user can mend it."""

import contextlib
import fcntl
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from .settings import LOCAL


class DevError(Exception):
    """A problem the user can act on; its text is the one line to show."""


def say(text: str) -> None:
    print(text, flush=True)


def run_main(main: Callable[[list[str]], int]) -> NoReturn:
    """Run an executable's ``main`` and turn its outcome into an exit code.

    Signals become exceptions, so that every ``finally`` on the way out runs and no
    server is left behind; Ctrl-C too, which a shell makes background jobs ignore.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, lambda number, _frame: sys.exit(128 + number))
    try:
        sys.exit(main(sys.argv[1:]))
    except DevError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit("interrupted; the next run continues from here")


@contextlib.contextmanager
def locked(name: str, folder: Path = LOCAL) -> Iterator[None]:
    """Let one process at a time do ``name`` in ``folder``; others wait for it.

    The lock goes with the process that holds it, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another process ({name}) ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Progress:
    """A long step: a line rewritten in place on a terminal, else one now and then."""

    QUIET_SECONDS = 15

    def __init__(self, title: str) -> None:
        self.title = title
        self.started = self.shown = time.monotonic()
        self.live = sys.stdout.isatty()
        say(f"{title} ...")

    def update(self, detail: str) -> None:
        now = time.monotonic()
        if self.live:
            print(f"\r\033[K  {detail}", end="", flush=True)
        elif now - self.shown > self.QUIET_SECONDS:
            self.shown = now
            say(f"  {detail}")

    def interrupt(self, text: str) -> None:
        """Show a line that must not be lost, such as a warning."""
        self.clear()
        print(text, file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.live:
            print("\r\033[K", end="", flush=True)

    def done(self) -> None:
        self.clear()
        say(f"  done in {time.monotonic() - self.started:.0f} s")
