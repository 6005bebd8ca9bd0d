# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was found with effort, found once for as long as nothing can have changed.

Odoo looks for the records of a list, counts them, and looks for each condition by
itself: the same is asked for several times. A transaction of Odoo sees one snapshot of
the database; until it writes, the same query has the same answer.
"""

from functools import partial

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
    :param find: what finds it
    """
    if waits_to_be_written(env):
        return find()
    # none where this transaction has written: what it sees may change any time
    snapshots = env.execute_query(SQL(SNAPSHOT))
    if not snapshots:
        return find()
    [[snapshot]] = snapshots
    known, answers = env.cr.cache.get(KEY, (None, None))
    if known != snapshot:  # a job commits many times with one cursor
        answers = {}
        env.cr.cache[KEY] = snapshot, answers
    if question not in answers:
        answer = find()
        if len(answers) >= MOST_ANSWERS:
            answers.clear()
        answers[question] = answer
    return answers[question]


def waits_to_be_written(env):
    """Whether the database is not told yet all that this transaction has done."""
    waiting = env.transaction.field_dirty, env.transaction.tocompute
    return any(ids for fields in waiting for ids in fields.values())
