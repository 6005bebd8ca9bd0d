"""`tools/screenshots`: pictures of the running product, from the demo data."""

from . import browser, installation, postgres, processes
from .bootstrap import ENV
from .odoo import Odoo
from .settings import ADDON, ROOT, dependencies
from .ui import locked, say

PICTURE_DB = "pictures"
TOOLS = ROOT / "tools"
# what is run for each choice: a script, and the class of it
SCRIPTS = {
    "page": ("picture_script.py", "TestPictures"),
    "widths": ("screen_script.py", "TestWidths"),
    "clicks": ("screen_script.py", "TestClicks"),
}
PYTEST = (ENV.python, "-m", "pytest", f"--odoo-database={PICTURE_DB}")


def take(what: str = "page") -> int:
    """Everything happens in a transaction that is rolled back: the data stay new."""
    script, name = SCRIPTS[what]
    path = browser.ensure()
    with locked("screenshots"), postgres.running() as server:
        odoo = Odoo(server)
        installation.ensure(odoo, PICTURE_DB, lambda: _build(odoo))
        say("Sitting down at the browser ...")
        command = [*PYTEST, f"{TOOLS / script}::{name}"]
        return processes.run(command, {**odoo.env, "PATH": path}, cwd=ROOT)


def _build(odoo: Odoo) -> None:
    odoo.databases.recreate(PICTURE_DB)
    odoo.install(PICTURE_DB, [*dependencies(), ADDON], demo=True)
