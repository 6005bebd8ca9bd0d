# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, sql_db
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL

from odoo.addons.ato_mixed_sales.snapshot import (
    KEY,
    MOST_ANSWERS,
    ask_once,
    find_once,
)

NOW = SQL("SELECT clock_timestamp()")


@tagged("post_install", "-at_install")
class TestSnapshot(BaseCase):
    """A query is asked once as long as its answer is the same (S1)."""

    def setUp(self):
        super().setUp()
        # the cursor of a test has always written
        cr = sql_db.db_connect(get_db_name()).cursor()
        self.addCleanup(cr.close)
        self.env = api.Environment(cr, SUPERUSER_ID, {})

    def test_once(self):
        """Nothing is written: it is not asked again; another question is."""
        first = ask_once(self.env, NOW)
        self.assertEqual(ask_once(self.env, NOW), first)
        [one], [two] = (ask_once(self.env, SQL("SELECT %s", n)) for n in (1, 2))
        self.assertEqual((one, two), ((1,), (2,)))

    def test_again_when_written(self):
        """This transaction has written, in a savepoint too: asked each time."""
        first = ask_once(self.env, NOW)
        with self.env.cr.savepoint():
            self.env.cr.execute("CREATE TEMP TABLE written (id int)")
        second = ask_once(self.env, NOW)
        self.assertNotEqual(second, first)
        self.assertNotEqual(ask_once(self.env, NOW), second)

    def test_again_when_others_have_written(self):
        """The next transaction on the same cursor sees what others have committed."""
        first = ask_once(self.env, NOW)
        self.env.cr.rollback()
        with sql_db.db_connect(get_db_name()).cursor() as other:
            other.execute("SELECT pg_current_xact_id()")
        self.assertNotEqual(ask_once(self.env, NOW), first)

    def test_not_all_is_kept(self):
        """A job that asks for ever keeps few answers; the last one is among them."""
        for number in range(2 * MOST_ANSWERS):
            find_once(self.env, number, lambda number=number: number)
        found = iter(range(9))
        self.assertEqual(find_once(self.env, number, lambda: next(found)), number)
        self.assertLessEqual(len(self.env.cr.cache[KEY]), MOST_ANSWERS)

    def test_asked_once_in_a_row(self):
        """What is asked in a row, or to answer something, is of one snapshot."""
        ask_once(self.env, NOW)
        with self._count_queries() as counted:
            for _time in range(3):
                ask_once(self.env, NOW)
        self.assertEqual(counted, [1])
        self.env.cr.execute("SELECT 1")
        with self._count_queries() as counted:
            find_once(self.env, "both", lambda: [ask_once(self.env, NOW)] * 2)
        self.assertEqual(counted, [1])

    def test_ended_while_in_a_row(self):
        """The transaction has ended, and nothing was asked since: found anew.

        Odoo forgets all with it, unless nobody has an environment of it any more.
        """
        first, cr = ask_once(self.env, NOW), self.env.cr
        ask_once(self.env, NOW)
        remembered = dict(cr.cache)
        cr.rollback()
        cr.cache.update(remembered)
        with sql_db.db_connect(get_db_name()).cursor() as other:
            other.execute("SELECT pg_current_xact_id()")
        self.assertNotEqual(ask_once(self.env, NOW), first)

    def test_failed(self):
        """What could not be found is asked for again, in a snapshot that is known."""
        with self.assertRaises(ZeroDivisionError):
            find_once(self.env, "failed", lambda: 1 / 0)
        first = ask_once(self.env, NOW)
        self.env.cr.execute("CREATE TEMP TABLE failed (id int)")
        self.assertNotEqual(ask_once(self.env, NOW), first)

    @contextmanager
    def _count_queries(self):
        """How many queries there are, in a list that has it at the end."""
        before, counted = self.env.cr.sql_log_count, []
        yield counted
        counted.append(self.env.cr.sql_log_count - before)

    def test_again_when_something_waits(self):
        """What waits to be written is not in the snapshot: it is found each time."""
        found = iter(range(9))
        self.assertEqual(find_once(self.env, "next", lambda: next(found)), 0)
        self.assertEqual(find_once(self.env, "next", lambda: next(found)), 0)
        self.env.user.partner_id.comment = "waits"
        self.assertEqual(find_once(self.env, "next", lambda: next(found)), 1)
