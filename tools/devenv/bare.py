"""Processes of Odoo without a web server: nothing is between them and the database."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import processes
from .bootstrap import ENV
from .odoo import Odoo
from .rpc import as_exception
from .settings import ROOT
from .ui import DevError

SCRIPT = ROOT / "tools" / "call_script.py"


class Caller:
    """Calls methods as `rpc.Session` does, in a process of its own."""

    def __init__(self, child: subprocess.Popen) -> None:
        self.child = child

    def wait(self) -> None:
        """Until it can call something."""
        if not self.child.stdout or self.child.stdout.readline() != "ready\n":
            raise DevError("A process of Odoo has not started")

    def call(self, model: str, method: str, *args: Any) -> Any:
        """What the method returns.

        :raises Answer: as `rpc.Session.call`
        """
        if not self.child.stdin or not self.child.stdout:
            raise DevError("A process of Odoo cannot be told anything")
        self.child.stdin.write(json.dumps([model, method, args]) + "\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        if "error" in answer:
            raise as_exception(answer["error"])
        return answer["result"]


@contextlib.contextmanager
def running(odoo: Odoo, database: str, log: Path, count: int) -> Iterator[list[Caller]]:
    """So many of them, which say in `log` what Odoo logs."""
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("a"))
        callers = [
            Caller(
                stack.enter_context(
                    processes.started(
                        [ENV.python, SCRIPT, database],
                        env=odoo.env,
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=output,
                        text=True,
                    )
                )
            )
            for _number in range(count)
        ]
        for caller in callers:
            caller.wait()
        yield callers
