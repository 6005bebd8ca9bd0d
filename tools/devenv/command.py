"""`tools/odoo`: any Odoo command line, with the server up and the database there."""

from collections.abc import Sequence

from . import postgres, processes
from .odoo import COMMAND, Odoo


def run(arguments: Sequence[str]) -> int:
    with postgres.running() as server:
        odoo = Odoo(server)
        database = _database(arguments)
        if database and not odoo.databases.exists(database):
            odoo.databases.create(database)
        return processes.run([*COMMAND, *arguments], odoo.env)


def _database(arguments: Sequence[str]) -> str | None:
    """The name after `-d`, in any of the ways that Odoo accepts."""
    for position, argument in enumerate(arguments):
        if argument in ("-d", "--database"):
            return next(iter(arguments[position + 1 :]), None)
        for prefix in ("--database=", "-d"):
            if argument.startswith(prefix):
                return argument.removeprefix(prefix)
    return None
