"""Databases, and what they were made from.

The tools' own databases carry a mark: a comment that says what the database was made
from. It comes and goes with the database, so an interrupted installation is noticed,
and a database that somebody else made is never dropped.
"""

import contextlib
import shutil

from psycopg2 import sql

from .postgres import Server
from .settings import ADDON, DATA_DIR
from .ui import DevError

UNFINISHED = "unfinished"


class Databases:
    """The databases of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def exists(self, name: str) -> bool:
        return bool(self._select("SELECT 1 FROM pg_database WHERE datname = %s", name))

    def create(self, name: str) -> None:
        """Do it as Odoo does, but without asking for extensions that are not there."""
        statement = (
            "CREATE DATABASE {} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
        )
        self._execute(statement, sql.Identifier(name))

    def mark(self, name: str) -> str | None:
        """Return what `name` was made from; None when there is no such database."""
        rows = self._select(
            "SELECT shobj_description(oid, 'pg_database') "
            "FROM pg_database WHERE datname = %s",
            name,
        )
        if not rows:
            return None
        comment = rows[0][0] or ""
        if not comment.startswith(ADDON):
            raise DevError(
                f"the database {name} was not made by make demo or make test; "
                f"drop it first: tools/odoo db drop {name}"
            )
        return comment.removeprefix(f"{ADDON}: ")

    def set_mark(self, name: str, text: str) -> None:
        comment = sql.Literal(f"{ADDON}: {text}")
        self._execute("COMMENT ON DATABASE {} IS {}", sql.Identifier(name), comment)

    def recreate(self, name: str, template: str | None = None) -> None:
        """Make `name` anew, empty or as a copy, marked as unfinished."""
        self.drop(name)
        if template is None:
            self.create(name)
        else:
            self._copy(template, name)
        self.set_mark(name, UNFINISHED)

    def drop(self, name: str) -> None:
        if self.mark(name) is not None:
            self._execute("DROP DATABASE {} WITH (FORCE)", sql.Identifier(name))
            shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)

    def _copy(self, template: str, name: str) -> None:
        names = sql.Identifier(name), sql.Identifier(template)
        self._execute("CREATE DATABASE {} TEMPLATE {}", *names)
        files = DATA_DIR / "filestore" / template
        if files.exists():
            shutil.copytree(files, DATA_DIR / "filestore" / name, dirs_exist_ok=True)

    def _select(self, query: str, *parameters: str) -> list[tuple]:
        with contextlib.closing(self.server.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(query, parameters)
            return cursor.fetchall()

    def _execute(self, statement: str, *parts: sql.Composable) -> None:
        with contextlib.closing(self.server.connect()) as connection:
            connection.cursor().execute(sql.SQL(statement).format(*parts))
