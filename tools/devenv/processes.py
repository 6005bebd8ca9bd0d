"""Run a program so that nothing of it stays behind, however we are ended."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

GRACE_SECONDS = 15


@contextlib.contextmanager
def started(
    command: Sequence[str | Path], interactive: bool = False, **options
) -> Iterator[subprocess.Popen]:
    """Start `command` with options of Popen, and end it on the way out.

    A session of its own keeps the terminal's Ctrl-C away from it: we get the signal,
    leave the block and end the program once, with all that it started. An interactive
    program has to share our terminal and gets the Ctrl-C there: it decides.
    """
    child = subprocess.Popen(command, start_new_session=not interactive, **options)
    previous = signal.getsignal(signal.SIGINT)
    if interactive:
        signal.signal(signal.SIGINT, lambda _signum, _frame: None)
    try:
        yield child
    finally:
        _end(child)
        signal.signal(signal.SIGINT, previous)
        if not interactive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def run(
    command: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None
) -> int:
    """Run `command`, on the user's terminal if there is one; return its exit code."""
    with started(command, interactive=sys.stdin.isatty(), env=env, cwd=cwd) as child:
        return exit_code(child.wait())


def exit_code(returncode: int) -> int:
    """Count as a shell does: 128 and the signal's number for a process ended by one."""
    return 128 - returncode if returncode < 0 else returncode


def _end(child: subprocess.Popen) -> None:
    """Ask as Ctrl-C does, which also pytest takes as a request to tidy up."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
