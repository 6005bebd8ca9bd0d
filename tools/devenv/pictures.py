"""`tools/screenshots`: the pictures in static/description, from the demo data."""

from . import browser, installation, postgres, processes
from .bootstrap import ENV
from .odoo import Odoo
from .settings import ADDON, ROOT, dependencies
from .ui import locked, say

PICTURE_DB = "pictures"
SCRIPT = ROOT / "tools" / "picture_script.py"
PYTEST = (ENV.python, "-m", "pytest", f"--odoo-database={PICTURE_DB}", SCRIPT)


def take() -> int:
    """Everything happens in a transaction that is rolled back: the data stay new."""
    path = browser.ensure()
    with locked("screenshots"), postgres.running() as server:
        odoo = Odoo(server)
        installation.ensure(odoo, PICTURE_DB, lambda: _build(odoo))
        say("Taking the pictures ...")
        return processes.run(PYTEST, {**odoo.env, "PATH": path}, cwd=ROOT)


def _build(odoo: Odoo) -> None:
    odoo.databases.recreate(PICTURE_DB)
    odoo.install(PICTURE_DB, [*dependencies(), ADDON], demo=True)
