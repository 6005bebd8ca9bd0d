"""`tools/wheel`: what is published installs and works without this repository."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import bootstrap, invariants, odoo_source, postgres, processes
from .odoo import Odoo
from .postgres import Server
from .python_env import PythonEnv
from .settings import ADDON, ADDON_DIRS, LOCAL, ROOT
from .ui import DevError, locked, say

DATABASE = "wheel"
HOME = LOCAL / "wheel"
DIST = HOME / "dist"
# Odoo itself is not on PyPI: its requirements are those of the lock file.
CLEAN = PythonEnv(HOME / "venv", ROOT / "tools" / "requirements.txt")


def check() -> int:
    """Build, install beside the Odoo of ODOO_PATH or of the clone, and sell."""
    with locked("wheel-check"), postgres.running() as server:
        HOME.mkdir(parents=True, exist_ok=True)
        CLEAN.ensure()
        bootstrap.put_on_path(odoo_source.locate().path, CLEAN)
        _run(CLEAN.pip("--quiet", "--no-deps", "--force-reinstall", *_build()))
        odoo = Odoo(server)
        config = _without_repository(odoo)
        environment = {**odoo.env, "ODOO_RC": str(config)}
        odoo.databases.recreate(DATABASE)
        say(f"Installing {ADDON} from its wheel ...")
        odoo_command = [CLEAN.python, "-m", "odoo", "-d", DATABASE]
        options = ["-i", ADDON, "--stop-after-init", "--no-http", "--log-level=warn"]
        _run([*odoo_command, *options], environment)
        script = ROOT / "tools" / "lifecycle_script.py"
        _run([CLEAN.python, script, DATABASE, "sell_again"], environment)
        _check_invariants(server)
        odoo.databases.drop(DATABASE)
    say("Sold, assembled and delivered with the add-on of the wheel.")
    return 0


def _check_invariants(server: Server) -> None:
    """Nothing is broken, by the statement that administrators get with the wheel."""
    addon = CLEAN.site_packages / "odoo" / "addons" / ADDON
    statement = addon / invariants.STATEMENT_FILE
    if not statement.is_file():
        raise DevError(f"the wheel of {ADDON} lacks {invariants.STATEMENT_FILE}")
    if invariants.report(DATABASE, invariants.find(server, DATABASE, statement)):
        raise DevError("something is broken, see above")


def _build() -> list[Path]:
    """The wheels, of copies outside of the repository: no file is left behind in it."""
    shutil.rmtree(DIST, ignore_errors=True)
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "-w", DIST)
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / addon.name for addon in ADDON_DIRS]
        for addon, copy in zip(ADDON_DIRS, copies, strict=True):
            shutil.copytree(addon, copy, ignore=shutil.ignore_patterns("__pycache__"))
        _run([CLEAN.python, "-m", "pip", "wheel", *options, *copies])
    return sorted(DIST.glob("*.whl"))


def _without_repository(odoo: Odoo) -> Path:
    """Odoo's settings, but for the path to the add-ons of this repository."""
    lines = odoo.config.read_text().splitlines(keepends=True)
    config = HOME / "odoo.conf"
    config.touch(mode=0o600)  # it may hold a password
    config.write_text("".join(li for li in lines if not li.startswith("addons_path")))
    return config


def _run(
    command: Sequence[str | Path], environment: dict[str, str] | None = None
) -> None:
    if processes.run(command, environment or dict(os.environ), cwd=HOME):
        raise DevError(f"failed: {' '.join(map(str, command))}")
