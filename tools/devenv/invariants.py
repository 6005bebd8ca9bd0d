"""`tools/check_invariants`: what always holds in a database, counted by plain SQL.

The statement is the add-on's: who has the add-on can run it.
"""

import contextlib
import dataclasses
from pathlib import Path
from typing import NamedTuple

import psycopg2
from psycopg2 import errors
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from . import postgres
from .postgres import Server
from .settings import ADDON, ADDON_DIR, DEMO_DB
from .ui import DevError, say

STATEMENT_FILE = Path("data", "check_invariants.sql")
STATEMENT = ADDON_DIR / STATEMENT_FILE


class Broken(NamedTuple):
    """A rule, where it does not hold, what was found there, and what should be."""

    rule: str
    order: str | None
    line: int | None
    product: str | None
    document: str | None
    found: str
    expected: str

    @property
    def place(self) -> str:
        """The order, line, product and document, as far as it is about them."""
        line = self.line and f"line {self.line}"
        names = (self.order, line, self.product, self.document)
        return ", ".join(name for name in names if name)

    @property
    def is_note(self) -> bool:
        """Whether it is Odoo's own, with the add-on or without."""
        return self.rule.startswith("note ")


def run(database: str | None) -> int:
    """Check one database; exit code 1 and a line for each thing that is broken."""
    with postgres.running() as server:
        name = database or server.database
        if not database and name == "postgres":
            name = DEMO_DB
        broken = find(server, name)
    return 1 if report(name, broken) else 0


def report(database: str, rows: list[Broken]) -> int:
    """Print what was found; how much of it is broken, notes left out."""
    for row in rows:
        say(f"{row.rule}\n    {row.place}: {row.found}; should be: {row.expected}")
    broken = [row for row in rows if not row.is_note]
    if broken:
        places = {row.place for row in broken}
        say(f"{database}: {len(broken)} broken, in {len(places)} place(s).")
    else:
        say(f"{database}: nothing is broken.")
    return len(broken)


def find(server: Server, database: str, statement: Path = STATEMENT) -> list[Broken]:
    """What is broken, all of it as of one moment; nothing is, or can be, written."""
    try:
        connection = dataclasses.replace(server, database=database).connect()
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise DevError(f"{database} cannot be read: {reason}") from error
    with contextlib.closing(connection):
        connection.autocommit = False
        connection.set_session(ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        with connection.cursor() as cr:
            try:
                cr.execute(statement.read_text())
            except (errors.UndefinedTable, errors.UndefinedColumn) as error:
                raise DevError(
                    f"{ADDON} is not installed in {database}, or not up to date"
                ) from error
            return [Broken(*row) for row in cr.fetchall()]
