"""`tools/demo`: Odoo with the add-on and its demo data, served until Ctrl-C."""

import http.client
import os
import subprocess
import time
import urllib.error
import urllib.request

from . import installation, mailbox, postgres, printing, processes
from .odoo import COMMAND, Odoo
from .settings import ADDON, DEMO_DB, MAILS, dependencies
from .ui import say

BANNER = """
  Odoo with the add-on is at  http://localhost:{port}
  User admin, password admin.
  Where to look: Sales > Orders > Quotations, DEMO-1 and DEMO-2.
  What is sent goes nowhere; it is kept in {mails}.
  {problems}Ctrl-C ends it.
"""


def serve(port: int) -> int:
    variables, problems = printing.ensure(os.environ["PATH"])
    with postgres.running() as server, mailbox.running() as mail_port:
        odoo = Odoo(server)
        installation.ensure(odoo, DEMO_DB, lambda: _build(odoo))
        say("Starting Odoo ...")
        command = [
            *COMMAND,
            f"--database={DEMO_DB}",
            f"--http-port={port}",
            "--workers=0",
            "--smtp=127.0.0.1",
            f"--smtp-port={mail_port}",
        ]
        try:
            with processes.started(
                [*command, "--log-level=warn"], env={**odoo.env, **variables}
            ) as child:
                if _answers(port, child):
                    say(_banner(port, problems))
                return processes.exit_code(child.wait())
        except KeyboardInterrupt:
            say("Stopped.")
            return 0


def _banner(port: int, problems: list[str]) -> str:
    lines = "".join(f"{problem}.\n  " for problem in problems)
    return BANNER.format(port=port, mails=MAILS, problems=lines)


def _build(odoo: Odoo) -> None:
    odoo.databases.recreate(DEMO_DB)
    odoo.install(DEMO_DB, [*dependencies(), ADDON], demo=True)


def _answers(port: int, child: subprocess.Popen) -> bool:
    """Wait for the login page; False when Odoo ends instead."""
    while child.poll() is None:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/web/login", timeout=120
            ):
                return True
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            time.sleep(0.3)
    return False
