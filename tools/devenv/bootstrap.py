"""From a bare clone to a process in the virtual environment, with Odoo at hand."""

import os
import sys
from pathlib import Path

from . import odoo_source
from .python_env import PythonEnv
from .settings import LOCAL, ROOT
from .ui import locked

ENV = PythonEnv(LOCAL / "venv", ROOT / "tools" / "requirements.txt")


def enter() -> None:
    """Continue in the virtual environment: the executable is started again there."""
    if Path(sys.prefix) == ENV.folder:
        return
    with locked("bootstrap"):
        source = odoo_source.locate()
        ENV.ensure()
        put_on_path(source.path, ENV)
    os.execv(ENV.python, [str(ENV.python), *sys.argv])


def put_on_path(folder: Path, env: PythonEnv) -> None:
    """Let Odoo be found, after the environment's own packages: it may have others."""
    link = env.site_packages / "odoo-source.pth"
    line = f"{folder}\n"
    if not link.exists() or link.read_text() != line:
        new = link.with_suffix(".new")
        new.write_text(line)
        new.replace(link)
