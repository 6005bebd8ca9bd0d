# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from ..models.sale_order import watch
from .test_concurrency import ConcurrencyCommon
from .watch import LATE, READY, WatchCommon

CRON = "ato_mixed_sales.watch_promises_cron"
LOGGER = "odoo.addons.ato_mixed_sales.models.sale_order.watch"


@tagged("post_install", "-at_install")
class TestWatchJob(WatchCommon):
    """What the scheduled job finds, whom it cannot help, and what it costs."""

    def _make_late(self, orders):
        """Late without a word: as what no hook sees."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mrp_production SET date_finished = %s WHERE ato_sale_line_id IN %s",
            [self._noon(9), tuple(orders.order_line.ids)],
        )
        self.env.invalidate_all()

    def test_what_no_hook_sees(self):
        """Run as Odoo runs it, as root: late, told; on time, closed."""
        order = self._sell_desks()
        self._make_late(order)
        cron = self.env.ref(CRON)
        self.assertEqual(cron.user_id.id, SUPERUSER_ID)
        self.assertNotTold(order)
        cron.ir_actions_server_id.with_user(SUPERUSER_ID).run()
        activity = self.assertTold(order, self._late(9))
        self._plan(order, 9)
        self._run_job()
        self.assertEqual(self.assertTold(order), activity)

    def test_one_that_cannot_be_helped(self):
        """What fails of one order is logged, and keeps no other from being told."""
        self._set_stock(self.desk, 18)
        orders = [self._sell((self.desk, 10, 4)) for _number in range(3)]
        orders = self.env["sale.order"].union(*orders)
        self._make_late(orders)
        self.env.cr.execute(
            "UPDATE sale_order SET promise_told = %s WHERE id = %s",
            ['{"late": {"1": ["no day", 0, false]}}', orders[1].id],
        )
        with mute_logger(LOGGER):
            self._run_job()
        for order, number in zip(orders, (1, 0, 1), strict=True):
            self.assertEqual(len(self._get_activities(order)), number)

    def test_failure_at_the_event(self):
        """Who plans is not refused for what nobody could be told."""
        order = self._sell_desks()
        self.env.cr.execute(
            "UPDATE sale_order SET promise_told = '\"text\"' WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            self._plan(order, 9)
        self.assertEqual(order.order_line.assembly_order_ids.date_start, self._noon(9))
        self.assertNotTold(order)

    def test_many_of_others(self):
        """More orders than one transaction looks at: the job is asked to do it."""
        self._set_stock(self.desk, 12)
        orders = [self._sell((self.desk, 10, 4)) for _number in range(2)]
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.env.ref(CRON).id)]
        before = triggers.search_count(domain)
        with patch.object(watch, "MOST_OF_OTHERS", 1):
            self._scrap(self.desk, 12, self.stock)
            self._end()
        # both have lost what they held: they are nobody's others
        for order in orders:
            self.assertTold(order, "6 missing")
        self._set_stock(self.desk, 12)
        self._end()
        for order in orders:
            self.assertNotTold(order)
            order.picking_ids.do_unreserve()
        self._end()
        with patch.object(watch, "MOST_OF_OTHERS", 1):
            self._scrap(self.desk, 12, self.stock)
            self._end()
        self.assertEqual(triggers.search_count(domain), before + 1)
        self.assertFalse(self._get_activities(orders[0]))
        self._run_job()
        for order in orders:
            self.assertTold(order, "6 missing")

    def test_deleted_job(self):
        """Who moves stock is not refused because an administrator has no such job."""
        self._set_stock(self.desk, 12)
        order = self._sell((self.desk, 10, 4))
        order.picking_ids.do_unreserve()
        self._end()
        self.env.ref(CRON).unlink()
        with patch.object(watch, "MOST_OF_OTHERS", 0):
            self._scrap(self.desk, 12, self.stock)
            self._end()
        self.assertNotTold(order)

    def _count_job(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["sale.order"]._cron_watch_promises()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        """As many queries for 1 order and for 40, beside 1,000 lines or none."""
        self._set_stock(self.desk, 6 * 41)
        first = self._sell((self.desk, 10, 4))
        self._plan(first, 9)
        self._run_job()
        one = self._count_job()
        orders = [
            self._create_order(
                (self.desk, 10, 4),
                user_id=self.seller.id,
                commitment_date=self._noon(5),
            )
            for _number in range(40)
        ]
        orders = self.env["sale.order"].union(*orders)
        orders.action_confirm()
        orders.order_line.assembly_order_ids.date_start = self._noon(9)
        self._run_job()
        for order in orders:
            self.assertTold(order)
        self.assertLessEqual(self._count_job(), one + 2)
        for _number in range(10):
            self._create_order(*[(self.lamp, 1)] * 100).state = "sale"
        self.assertLessEqual(self._count_job(), one + 2)
        self.assertLessEqual(one, 90)

    def test_uninstalled(self):
        """No activity is left, open or done, that would keep its kind from going."""
        order = self._sell_desks()
        self._plan(order, 9)
        self.assertTold(order).action_feedback()
        self._plan(order, 10)
        uninstall_hook(self.env)
        self.assertFalse(self._get_activities(order))
        self.assertFalse(self._get_activities(order, done=True))

    def test_nobody_writes_what_was_told(self):
        """Not by a field, not as a default, not by reading it."""
        order = self._sell_desks().with_user(self.seller)
        with self.assertRaises(AccessError):
            order.promise_told = {"late": {}}
        with self.assertRaises(AccessError):
            order.read(["promise_told"])
        orders = order.with_context(default_promise_told={"ready": [1]})
        with self.assertRaises(AccessError):
            orders.create({"partner_id": self.customer.id})
        self._plan(order.sudo(), 9)
        self.assertFalse(order.copy().sudo().promise_told)


@tagged("post_install", "-at_install")
class TestWatchAtOnce(ConcurrencyCommon):
    """Two who find the same at the same moment: the salesperson is told once."""

    def _promise(self, env):
        """A confirmed order, promised, whose planner is late; nobody was told yet."""
        line = self._line(env, self._quote(env, 5, 5))
        line.order_id.commitment_date = "2030-01-01 12:00:00"
        self._confirm(line.id, env)
        # nobody else is told: messages would keep the second one from it, too
        line.order_id.write({"user_id": False, "team_id": False})
        people = line.order_id._get_salesperson().partner_id
        line.order_id.message_subscribe(people.ids)
        env.cr.precommit.clear()
        return line.id

    def _plan(self, line_id, day, env):
        self._line(env, line_id).assembly_order_ids.date_start = day

    def _make_late(self, line_id, env):
        self._plan(line_id, "2030-01-09 12:00:00", env)
        env.flush_all()
        env.cr.precommit.clear()

    def _job(self, env):
        env["sale.order"]._cron_watch_promises()

    def _touch(self, line_id, env):
        """An event, which changes nothing but that it looks."""
        self._line(env, line_id).order_id._watch()

    def _count(self, line_id, env):
        order = self._line(env, line_id).order_id
        activities = env["mail.activity"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        kinds = activities.grouped("activity_type_id")
        return [len(kinds.get(env.ref(kind), ())) for kind in (LATE, READY)]

    def test_job_and_event(self):
        """5 rounds: the job, and two events."""
        for _number in range(5):
            line = self._run(self._promise)
            self._run(partial(self._make_late, line))
            self.assertEqual(self._run(partial(self._count, line)), [0, 0])
            touch = partial(self._touch, line)
            with self.assertNoLogs(LOGGER):
                refused = self._at_once(self._job, touch, touch)
            self.assertEqual(refused, [None] * 3)
            self.assertEqual(self._run(partial(self._count, line)), [1, 0])
