"""Many documents out of a few: made once by Odoo, then copied in the database.

What a pattern is made of is seen by the ids that its tables have got meanwhile. A copy
has new ids, also where its rows point to each other; whatever else they point to, they
share. Nobody is told anything, and nothing is worked out again: what a copy changes
outside itself, such as what is reserved, is written by who makes it.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from odoo.sql_db import BaseCursor
from odoo.tools import SQL

# What is written about documents, not what they are.
LEFT_OUT = ("bus_", "ir_", "mail_", "res_")
# Odoo wants names once in a company.
NAMES = ("name", "origin", "reference")


@dataclass(frozen=True)
class Rows:
    """Those rows of a table that are the pattern: ids above `first`, up to `last`."""

    first: int
    last: int
    highest: int
    """The highest id of the table: copies come after it, before anything else does."""
    copies: int = 1
    """How many there are, itself among them."""


Pattern = dict[str, Rows]  # by table


@contextlib.contextmanager
def recorded(cr: BaseCursor, pattern: Pattern) -> Iterator[None]:
    """Take what is made meanwhile as the pattern, to be copied next."""
    before = _get_highest(cr)
    yield
    for table, highest in _get_highest(cr).items():
        if highest > before.get(table, 0):
            pattern[table] = Rows(before.get(table, 0), highest, highest)


def copy(
    cr: BaseCursor, pattern: Pattern, copies: range, shared: Pattern | None = None
) -> None:
    """Copy the pattern as often as `copies` has numbers, of which 0 is itself.

    :param shared: copied before, and not again: copies take turns at its copies
    """
    shared = shared or {}
    # what else was made since is no copy
    turns = next((rows.copies for rows in shared.values()), 1)
    tables = [*pattern, *_get_relations(cr, pattern)]
    # before they are dropped
    references = {table: _get_references(cr, table) for table in tables}
    with _unchecked(cr, tables):
        for table in tables:
            places = {
                column: _move(column, pattern, other, SQL("copy"))
                if other in pattern
                else _move(column, shared, other, SQL("MOD(copy, %s)", turns))
                for column, other in references[table].items()
                if other in pattern or other in shared
            }
            if table in pattern:
                places["id"] = _move("id", pattern, table, SQL("copy"))
            owner = (
                ("id", table)
                if table in pattern
                else next(
                    (column, other)
                    for column, other in references[table].items()
                    if other in pattern
                )
            )
            _copy_table(cr, table, _is_in(*owner, pattern), copies, places)
        for table, rows in pattern.items():
            pattern[table] = replace(rows, copies=copies.stop)
            _skip_ids(cr, table)


def _copy_table(
    cr: BaseCursor, table: str, condition: SQL, copies: range, places: dict[str, SQL]
) -> None:
    values = {name: _get_value(name, kind) for name, kind in _get_columns(cr, table)}
    values.update(places)
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(%s, %s) copy "
            "WHERE %s ORDER BY copy",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, values)),
            SQL(", ").join(values.values()),
            SQL.identifier(table),
            copies.start,
            copies.stop - 1,
            condition,
        )
    )


def _skip_ids(cr: BaseCursor, table: str) -> None:
    """The next row that Odoo makes comes after the copies."""
    cr.execute(
        SQL(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), MAX(id)) FROM %s",
            table,
            SQL.identifier(table),
        )
    )


def _is_in(column: str, table: str, pattern: Pattern) -> SQL:
    """Whether `column` points to a row of the pattern in `table`."""
    rows, place = pattern[table], SQL.identifier(column)
    return SQL("%s > %s AND %s <= %s", place, rows.first, place, rows.last)


def _move(column: str, pattern: Pattern, table: str, number: SQL) -> SQL:
    """What points to the pattern points to its copy `number`, of which 0 is itself."""
    rows, place = pattern[table], SQL.identifier(column)
    return SQL(
        "CASE WHEN %s AND %s > 0 THEN %s - %s + (%s - 1) * %s ELSE %s END",
        _is_in(column, table, pattern),
        number,
        place,
        rows.first - rows.highest,
        number,
        rows.last - rows.first,
        place,
    )


def _get_value(name: str, kind: str) -> SQL:
    column = SQL.identifier(name)
    if name in NAMES and kind == "character varying":
        return SQL("%s || '-' || copy", column)
    return column


def _get_columns(cr: BaseCursor, table: str) -> list[tuple[str, str]]:
    """(name, type) of what is written in a row."""
    cr.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return cr.fetchall()


def _get_highest(cr: BaseCursor) -> dict[str, int]:
    """{table: its highest id}, of all tables that a pattern may be made of"""
    cr.execute(
        "SELECT table_name FROM information_schema.columns JOIN pg_tables "
        "ON tablename = table_name WHERE schemaname = 'public' AND column_name = 'id' "
        "AND data_type = 'integer'"
    )
    names = [n for [n] in cr.fetchall() if not n.startswith(LEFT_OUT)]
    highest = {}
    for name in names:
        cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(name)))
        [highest[name]] = cr.fetchone()
    return highest


def _get_references(cr: BaseCursor, table: str) -> dict[str, str]:
    """{column: the table that it points to}"""
    cr.execute(
        "SELECT attname, other.relname FROM pg_constraint "
        "JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] "
        "JOIN pg_class own ON own.oid = conrelid "
        "JOIN pg_class other ON other.oid = confrelid "
        "WHERE contype = 'f' AND own.relname = %s",
        [table],
    )
    return dict(cr.fetchall())


def _get_relations(cr: BaseCursor, pattern: Pattern) -> list[str]:
    """Tables that relate rows of the pattern to each other, or to something else."""
    cr.execute(
        "SELECT DISTINCT own.relname FROM pg_constraint "
        "JOIN pg_class own ON own.oid = conrelid "
        "JOIN pg_class other ON other.oid = confrelid "
        "WHERE contype = 'f' AND other.relname = ANY(%s) AND NOT EXISTS ("
        "SELECT FROM pg_attribute WHERE attrelid = conrelid AND attname = 'id')",
        [[*pattern]],
    )
    return [name for [name] in cr.fetchall() if not name.startswith(LEFT_OUT)]


@contextlib.contextmanager
def _unchecked(cr: BaseCursor, tables: list[str]) -> Iterator[None]:
    """Index, and check what points where, once for all: it is many times as fast."""
    cr.execute(
        "SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid) "
        "FROM pg_constraint JOIN pg_class own ON own.oid = conrelid "
        "WHERE contype = 'f' AND relname = ANY(%s)",
        [tables],
    )
    references = cr.fetchall()
    cr.execute(
        "SELECT indexname, indexdef FROM pg_indexes "
        "WHERE tablename = ANY(%s) AND indexdef LIKE 'CREATE INDEX%%'",
        [tables],
    )
    indexes = cr.fetchall()
    for table, name, _definition in references:
        names = SQL.identifier(table), SQL.identifier(name)
        cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", *names))
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for _name, definition in indexes:
        cr.execute(SQL(definition))
    for table, name, definition in references:
        names = SQL.identifier(table), SQL.identifier(name)
        cr.execute(SQL(f"ALTER TABLE %s ADD CONSTRAINT %s {definition}", *names))
