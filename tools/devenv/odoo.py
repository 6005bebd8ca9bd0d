"""Odoo as this repository runs it: our add-on, folders of the clone, a server."""

import configparser
import dataclasses
import hashlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import odoo_source, processes
from .bootstrap import ENV
from .databases import Databases
from .postgres import Server
from .settings import ADDON_DIRS, DATA_DIR, LOCAL, LOGS, ROOT
from .ui import DevError, Progress

COMMAND = (ENV.python, ROOT / "tools" / "odoo-bin")
# Changes of these need no update of the database: they are read at run time.
READ_AT_RUN_TIME = {"__pycache__", "static", "tests"}
LOADING = re.compile(r"odoo\.modules\.loading: Loading module (\S+) \((\d+)/(\d+)\)")
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ([A-Z]+) ")


def addon_fingerprint() -> str:
    """Changes whenever an installed add-on has to be updated."""
    digest = hashlib.sha256()
    for path in sorted(path for addon in ADDON_DIRS for path in addon.rglob("*")):
        relative = path.relative_to(ROOT)
        if path.is_file() and not READ_AT_RUN_TIME.intersection(relative.parts):
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Odoo:
    """Odoo 19 with its settings for one PostgreSQL server."""

    def __init__(
        self, server: Server, name: str = "odoo", addons_path: Path = ROOT
    ) -> None:
        """`name` is the one of the settings' file: a server of its own, its own."""
        self.server = server
        self.databases = Databases(server)
        self.identity = odoo_source.locate().identity
        self.config = LOCAL / f"{name}.conf"
        self.data_dir = DATA_DIR
        self.addons_path = addons_path
        self.write_config()

    def write_config(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        config = configparser.ConfigParser(interpolation=None)
        config["options"] = {
            "addons_path": str(self.addons_path),
            "data_dir": str(self.data_dir),
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "db_password": self.server.password,
            "db_template": "template0",
            "http_interface": "127.0.0.1",
            "list_db": "False",
        }
        new = self.config.with_suffix(".new")
        new.touch(mode=0o600)  # it may hold a password
        with new.open("w") as file:
            config.write(file)
        new.replace(self.config)

    @property
    def env(self) -> Mapping[str, str]:
        return {**os.environ, "ODOO_RC": str(self.config)}

    def install(
        self, database: str, modules: Sequence[str], demo: bool = False
    ) -> None:
        options = ["-i", ",".join(modules), *(["--with-demo"] if demo else [])]
        self._load(
            f"Installing {', '.join(modules)} in the database {database}",
            database,
            options,
        )
        self._check_installed(database, modules)

    def update(self, database: str, module: str) -> None:
        self._load(
            f"Updating {module} in the database {database}", database, ["-u", module]
        )

    def _load(self, title: str, database: str, options: Sequence[str]) -> None:
        """Load modules and stop; show progress and warnings, keep the rest in a log."""
        progress = Progress(title)
        LOGS.mkdir(parents=True, exist_ok=True)
        log_path = LOGS / f"{database}.log"
        command = [*COMMAND, "-d", database, *options, "--stop-after-init", "--no-http"]
        with (
            log_path.open("w") as log,
            processes.started(
                [*command, "--log-level=info"],
                env=self.env,
                stderr=subprocess.PIPE,
                text=True,
            ) as process,
        ):
            level = "INFO"
            for line in process.stderr or ():
                log.write(line)
                if match := LOG_LINE.match(line):
                    level = match[1]
                if level != "INFO":
                    progress.interrupt(line.rstrip())
                elif match := LOADING.search(line):
                    progress.update(f"{match[2]}/{match[3]} {match[1]}")
            process.wait()
        if process.returncode:
            raise DevError(f"{title} failed; see {log_path}")
        progress.done()

    def _check_installed(self, database: str, modules: Sequence[str]) -> None:
        """Odoo only warns about a module that it does not find."""
        connection = dataclasses.replace(self.server, database=database).connect()
        with connection.cursor() as cr:
            cr.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
            missing = set(modules) - {name for (name,) in cr.fetchall()}
        connection.close()
        if missing:
            raise DevError(f"not installed in {database}: {', '.join(sorted(missing))}")
