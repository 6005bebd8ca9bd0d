# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was found with effort, found once for as long as nothing can have changed.

Odoo looks for the records of a list, counts them, and looks for each condition by
itself: the same is asked for several times. A transaction of Odoo sees one snapshot of
the database; until it writes, the same query has the same answer.
"""

from functools import partial

from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

from odoo.tools import SQL

KEY = "ato_mixed_sales"
# a request has fewer questions; a job that has more does not keep all answers
MOST_ANSWERS = 16
SNAPSHOT = """
    SELECT pg_current_snapshot()::text
     WHERE pg_current_xact_id_if_assigned() IS NULL
"""


def ask_once(env, query):
    """The rows of `query`, as `env.execute_query` has them; nobody changes them.

    :param query: SQL; what it reads has been flushed
    """
    question = query.code, repr(query.params)
    return find_once(env, question, partial(env.execute_query, query))


def find_once(env, question, find):
    """What `find` returns; nobody changes it.

    It is found each time where something waits to be written, or was written.

    :param question: what tells it from all else that is found, hashable
    :param find: what finds it, and writes nothing; it may ask by `find_once` too
    """
    answers = None if waits_to_be_written(env) else _get_answers(env)
    if answers is None:
        return find()
    if question not in answers:
        answer = answers.find(find)
        if len(answers) >= MOST_ANSWERS:
            answers.clear()
        answers[question] = answer
    return answers[question]


class _Answers(dict):
    """What was found in one snapshot of the database, by question."""

    def __init__(self, snapshot):
        super().__init__()
        self.snapshot = snapshot
        self.known_at = None  # how many queries there had been when it was known last
        self.is_finding = False

    def find(self, find):
        """What `find` returns; what it asks for meanwhile is of the same snapshot."""
        was_finding, self.is_finding = self.is_finding, True
        try:
            return find()
        finally:
            self.is_finding = was_finding

    def are_of(self, cr):
        """Whether nothing can have changed since, without asking the database.

        A transaction that has not ended and has asked for nothing has not written.
        """
        status = cr.connection.info.transaction_status
        return status == TRANSACTION_STATUS_INTRANS and (
            self.is_finding or self.known_at == cr.sql_log_count
        )


def _get_answers(env):
    """What was found in what this transaction sees, None where it has written."""
    answers = env.cr.cache.get(KEY)
    if answers is not None and answers.are_of(env.cr):
        return answers
    # none where this transaction has written: what it sees may change any time
    snapshots = env.execute_query(SQL(SNAPSHOT))
    if not snapshots:
        return None
    [[snapshot]] = snapshots
    # a job commits many times with one cursor
    if answers is None or answers.snapshot != snapshot:
        answers = env.cr.cache[KEY] = _Answers(snapshot)
    answers.known_at = env.cr.sql_log_count
    return answers


def waits_to_be_written(env):
    """Whether the database is not told yet all that this transaction has done."""
    waiting = env.transaction.field_dirty, env.transaction.tocompute
    return any(ids for fields in waiting for ids in fields.values())
