"""`tools/demo`: Odoo with the add-on and its demo data, served until Ctrl-C.

With SHOP=1 there is a web shop as well, in a database of its own.
"""

import http.client
import os
import subprocess
import time
import urllib.error
import urllib.request

from . import installation, mailbox, postgres, printing, processes
from .odoo import COMMAND, Odoo
from .settings import (
    ADDON,
    DEMO_DB,
    MAILS,
    SHOP_DEMO_DB,
    SHOP_MODULES,
    TEST_MODULES,
    dependencies,
)
from .ui import say

BANNER = """
  Odoo with the add-on is at  http://localhost:{port}
  User admin, password admin.
  Where to look: Sales > Orders > Quotations, DEMO-1 and DEMO-2.
  {shop}What is sent goes nowhere; it is kept in {mails}.
  {problems}Ctrl-C ends it.
"""
SHOP = "The shop is at /shop; pay with Odoo's demo provider, which takes any card.\n  "


def serve(port: int, shop: bool = False) -> int:
    """Serve until Ctrl-C: exit code.

    :param shop: with a web shop, whose screens and rules are there as well then
    """
    database = SHOP_DEMO_DB if shop else DEMO_DB
    # a demo of before the shop keeps its mark
    modules = SHOP_MODULES if shop else TEST_MODULES
    variables, problems = printing.ensure(os.environ["PATH"])
    with postgres.running() as server, mailbox.running() as mail_port:
        odoo = Odoo(server)
        installation.ensure(
            odoo, database, lambda: _build(odoo, database, shop), modules
        )
        say("Starting Odoo ...")
        command = [
            *COMMAND,
            f"--database={database}",
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
                    say(_banner(port, problems, shop))
                return processes.exit_code(child.wait())
        except KeyboardInterrupt:
            say("Stopped.")
            return 0


def _banner(port: int, problems: list[str], shop: bool) -> str:
    lines = "".join(f"{problem}.\n  " for problem in problems)
    return BANNER.format(
        port=port, mails=MAILS, problems=lines, shop=SHOP if shop else ""
    )


def _build(odoo: Odoo, database: str, shop: bool) -> None:
    odoo.databases.recreate(database)
    modules = [*dependencies(), ADDON, *(SHOP_MODULES if shop else ())]
    odoo.install(database, modules, demo=True)


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
