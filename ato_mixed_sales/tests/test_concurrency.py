# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules import module
from odoo.service import model as service
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import AssembleToOrderCommon


class ConcurrencyCommon(AssembleToOrderCommon):
    """People at the same moment, each with a connection and a thread of their own.

    What they do is really committed, by the very function that runs requests again,
    and removed when the tests are through.
    """

    freeze_time = None  # they wait for each other

    @classmethod
    def setUpClass(cls):
        # the data of the other tests are not committed: these have their own
        super(AssembleToOrderCommon, cls).setUpClass()
        cls.addClassCleanup(cls._run, cls._remove_committed)
        cls._run(cls._commit_fixture)
        cls.startClassPatcher(patch.object(service.time, "sleep", cls._wait))
        cls.startClassPatcher(patch.object(module, "current_test", None))

    # how much faster than in life those who are to try again do so
    tempo = 8

    @classmethod
    def _wait(cls, seconds, sleep=time.sleep):
        sleep(seconds / cls.tempo)

    @classmethod
    def _commit_fixture(cls, env):
        own, cls.env = cls.env, env
        cls.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        cls.customer = env["res.partner"].create({"name": "Customer of Many"})
        leg = cls._create_product("Leg of Many")
        cls.desk = cls._create_product("Desk of Many", components={leg: 4})
        cls.bin = env["stock.location"].create(
            {"name": "Bin of Many", "location_id": cls.warehouse.lot_stock_id.id}
        )
        cls.committed = (cls.customer, cls.desk, leg, cls.bin)
        cls.env = own

    @classmethod
    def _run(cls, function, *args):
        """Run `function(env, ...)` and commit, again when others interfere."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            try:
                return service.retrying(partial(function, env, *args), env)
            except UserError:
                cr.rollback()
                raise

    @classmethod
    def _remove_committed(cls, env):
        """Remove what was committed, done transfers included: only SQL can."""
        customer, desk, leg, location = (r.with_env(env) for r in cls.committed)
        orders = env["sale.order"].search([("partner_id", "=", customer.id)])
        moves = env["stock.move"].search([("product_id", "in", (desk + leg).ids)])
        productions = env["mrp.production"].search([("product_id", "=", desk.id)])
        pickings = moves.picking_id | productions.picking_ids
        templates = (desk + leg).product_tmpl_id
        for records in (
            env["stock.move.line"].search([("move_id", "in", moves.ids)]),
            moves,
            pickings,
            orders.order_line,
            productions.production_group_id,
            productions,
            moves.reference_ids | orders.stock_reference_ids,
            orders,
            desk.bom_ids,
            env["stock.quant"].search([("product_id", "in", (desk + leg).ids)]),
            desk + leg,
            templates,
            location,
            customer,
        ):
            cls._delete_rows(env, records)

    @classmethod
    def _delete_rows(cls, env, records):
        if not records:
            return
        messages = env["mail.message"].search(
            [("model", "=", records._name), ("res_id", "in", records.ids)]
        )
        env["mail.activity"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        ).unlink()
        messages.unlink()
        table = SQL.identifier(records._table)
        env.cr.execute(SQL("DELETE FROM %s WHERE id IN %s", table, records._ids))
        env.invalidate_all(flush=False)

    def setUp(self):
        super().setUp()
        self.addCleanup(self._run, self._cancel_all)

    def _cancel_all(self, env):
        """Have a round that failed leave nothing to the next."""
        orders = env["sale.order"].search([("partner_id", "=", self.customer.id)])
        orders.filtered(lambda order: order.state != "cancel")._action_cancel()

    # What the rounds are made of

    def _at_once(self, *jobs):
        """Run `jobs` (functions of an environment) at the same moment.

        All have seen the database as it was before any of them has changed it.

        :return: what each was refused with, None where it was not
        """
        barrier = Barrier(len(jobs))

        def work(job):
            started = False

            def run(env):
                nonlocal started
                env.cr.execute("SELECT 1")  # what is seen from now on
                if not started:
                    started = True
                    barrier.wait(timeout=30)
                job(env)

            try:
                self._run(run)
            except UserError as refusal:
                return str(refusal)

        # losers are refused by PostgreSQL, and run again
        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(len(jobs)) as threads:
            return list(threads.map(work, jobs))

    def _set_on_hand(self, env, quantity):
        quants = self._get_quants(env)
        change = quantity - sum(quants.mapped("quantity"))
        if change:
            desk, location = self.desk.with_env(env), self.bin.with_env(env)
            quants._update_available_quantity(desk, location, change)

    def _get_quants(self, env):
        """What is in the bin, put together where others have left several rows."""
        quants = env["stock.quant"].search([("product_id", "=", self.desk.id)])
        if quants:
            quants._merge_quants()
        return quants.exists().filtered(
            lambda quant: quant.location_id.id == self.bin.id
        )

    def _quote(self, env, quantity, to_assemble=0, **values):
        line = self._prepare_line_vals(self.desk, quantity, to_assemble)
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [(0, 0, line)],
                **values,
            }
        )
        return order.order_line.id

    def _line(self, env, line_id):
        return env["sale.order.line"].browse(line_id)

    def _reserve(self, line_id, env):
        self._line(env, line_id).action_reserve_stock()

    def _choose(self, line_id, quantity, env):
        """Reserve by the dialog, in the one bin that there is."""
        line = self._line(env, line_id)
        wizard = env["sale.line.reservation"].create({"sale_line_id": line.id})
        wizard.line_ids[:1].qty_to_reserve = quantity
        wizard.action_reserve()

    def _confirm(self, line_id, env):
        self._line(env, line_id).order_id.action_confirm()

    def _deliver_stock(self, line_id, env):
        picking = self._line(env, line_id).order_id.picking_ids
        picking.move_ids.filtered(lambda m: m.ato_supply == "stock").picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def _expire(self, env):
        env["sale.order"]._cron_release_expired_reservations()

    def assertStock(self, on_hand, line_ids, *expected):
        """What is on hand, and what each of the lines holds; then all is let go.

        Nothing is reserved that nobody holds, nor more than there is.

        :param expected: what each of the lines holds
        """
        self._run(self._check_stock, on_hand, line_ids, expected)

    def _check_stock(self, env, on_hand, line_ids, expected):
        quants = self._get_quants(env)
        reserved = sum(quants.mapped("reserved_quantity"))
        self.assertEqual(sum(quants.mapped("quantity")), on_hand)
        self.assertLessEqual(reserved, on_hand, "never more than there is")
        held = env["stock.move.line"].search(
            [
                ("product_id", "=", self.desk.id),
                ("location_id", "=", self.bin.id),
                ("state", "not in", ("done", "cancel")),
            ]
        )
        self.assertEqual(sum(held.mapped("quantity")), reserved, "all is somebody's")
        lines = env["sale.order.line"].browse(line_ids)
        self.assertEqual(lines.mapped("reserved_stock_qty"), list(expected))
        for line in lines:
            if line.state == "sale" or not line.reserved_stock_qty:
                self.assertFalse(line.hold_move_ids, "nothing stays behind")
        confirmed = lines.filtered(lambda line: line.state == "sale")
        confirmed.order_id._action_cancel()
        for line in (lines - confirmed).filtered("reserved_stock_qty"):
            line.action_unreserve_stock()

    def _get_held(self, env, line_ids):
        return env["sale.order.line"].browse(line_ids).mapped("reserved_stock_qty")


@tagged("post_install", "-at_install")
class TestConcurrency(ConcurrencyCommon):
    """200 rounds in all; after each of them no more is reserved than there is, and
    every unit that is reserved has its holder.
    """

    def _take(self, env):
        """What all that reserve have in common: lock, look what is free, take it."""
        quants, desk = env["stock.quant"], self.desk.with_env(env)
        location = self.bin.with_env(env)
        quants._lock_stock(desk, self.warehouse.with_env(env))
        free = quants._get_available_quantity(desk, location)
        quants._update_reserved_quantity(desk, location, min(free, 4))

    def _put_back(self, env):
        """:return: (rows, on hand, reserved); nothing is reserved any more"""
        quants = env["stock.quant"].search(
            [("product_id", "=", self.desk.id), ("location_id", "=", self.bin.id)]
        )
        found = len(quants), quants.quantity, quants.reserved_quantity
        quants.reserved_quantity = 0
        return found

    def test_lock(self):
        """130 rounds of 2 that want 4 of 6 units: all are given out, none twice."""
        self._run(self._set_on_hand, 6)
        for _number in range(130):
            self.assertEqual(self._at_once(self._take, self._take), [None, None])
            self.assertEqual(self._run(self._put_back), (1, 6, 6))

    def test_reserve_against_reserve(self):
        """30 rounds of 2 for 6 units: one has its 4, the other the 2 that are left.

        Every other round by the dialog: who chose 4 of what is 2 now is told so, and
        has nothing.
        """
        self._run(self._set_on_hand, 6)
        lines = [self._run(self._quote, 4) for _number in range(2)]
        for number in range(30):
            if number % 2:
                refused = self._at_once(*(partial(self._reserve, o) for o in lines))
                self.assertEqual(refused, [None, None])
                held = self._run(self._get_held, lines)
                self.assertEqual(sorted(held), [2, 4])
            else:
                refused = self._at_once(*(partial(self._choose, o, 4) for o in lines))
                [refusal] = filter(None, refused)
                self.assertRegex(refusal, "4.00 Units were chosen .* 2.00 Units are")
                held = [0 if text else 4 for text in refused]
            self.assertStock(6, lines, *held)

    def _take_turn_for(self, job, line_id):
        """`job` as a request of the web client does it: see `ir_http.py`."""

        def run(env):
            self.runs.append(line_id)
            turn = self._line(env, line_id)._get_stock_to_decide()
            env["stock.quant"]._take_turn(turn)
            job(line_id, env)

        return run

    def test_reserve_of_eight(self):
        """4 rounds of 8 for 6 units: 6 have one, 2 are told that nothing is free.

        Their requests take turns: nobody has to run again.
        """
        self._run(self._set_on_hand, 6)
        lines = [self._run(self._quote, 1) for _number in range(8)]
        for _number in range(4):
            self.runs = []
            jobs = [self._take_turn_for(self._reserve, line) for line in lines]
            refused = self._at_once(*jobs)
            self.assertEqual(sorted(self.runs), sorted(lines))
            losers = list(filter(None, refused))
            self.assertEqual(len(losers), 2)
            for refusal in losers:
                self.assertRegex(refusal, "nothing is free")
            self.assertStock(6, lines, *(0 if text else 1 for text in refused))

    def _confirm_at_once(self, workers):
        """Mixed lines of 4 from stock, for 6 units of which the first holds 1."""
        self._run(self._set_on_hand, 6)
        lines = [self._run(self._quote, 5, 1) for _number in range(workers)]
        self._run(partial(self._choose, lines[0], 1))
        jobs = [partial(self._confirm, line) for line in lines]
        self.assertEqual(self._at_once(*jobs), [None] * workers)
        held = self._run(self._get_held, lines)
        self.assertGreaterEqual(held[0], 1, "what was held is kept")
        self.assertEqual(sum(held), 6)
        self.assertStock(6, lines, *held)

    def test_confirm_against_confirm(self):
        """10 rounds: all is given out, and nothing twice."""
        for _number in range(10):
            self._confirm_at_once(2)

    def test_confirm_of_eight(self):
        self._confirm_at_once(8)

    def test_turns_of_eight(self):
        """8 whose requests take turns: nobody has to run again."""
        self._run(self._set_on_hand, 6)
        lines = [self._run(self._quote, 5, 1) for _number in range(8)]
        self.runs = []
        jobs = [self._take_turn_for(self._confirm, line) for line in lines]
        self.assertEqual(self._at_once(*jobs), [None] * 8)
        self.assertEqual(sorted(self.runs), sorted(lines))
        held = self._run(self._get_held, lines)
        self.assertStock(6, lines, *held)

    def test_missing_of_two(self):
        """10 rounds: both count the same 6 for 10; one gets them, one assembles 10."""
        self._run(self._set_policy, "assemble_missing")
        self.addCleanup(self._run, self._set_policy, "assemble_to_stock")
        for _number in range(10):
            self._run(self._set_on_hand, 6)
            lines = [self._run(self._quote_untold, 10) for _count in range(2)]
            self.assertEqual(self._run(self._get_assembled, lines), [4, 4])
            jobs = [partial(self._confirm, line) for line in lines]
            self.assertEqual(self._at_once(*jobs), [None] * 2)
            assembled = self._run(self._get_assembled, lines)
            self.assertEqual(sorted(assembled), [4, 10])
            self.assertStock(6, lines, *(10 - units for units in assembled))

    def _set_policy(self, env, policy):
        self.desk.with_env(env).assembly_policy = policy

    def _quote_untold(self, env, quantity):
        """A quotation that does not say what is to be assembled."""
        values = {"product_id": self.desk.id, "product_uom_qty": quantity}
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [(0, 0, values)],
            }
        )
        return order.order_line.id

    def _get_assembled(self, env, line_ids):
        lines = env["sale.order.line"].browse(line_ids)
        return lines.mapped("qty_to_assemble_to_order")

    def test_reserve_against_delivery(self):
        """12 rounds: 6 of 9 leave, while somebody reserves 4 and gets 3."""
        for _number in range(12):
            self._run(self._set_on_hand, 9)
            leaving = self._run(self._quote, 7, 1)
            staying = self._run(self._quote, 4)
            self._run(partial(self._confirm, leaving))
            refused = self._at_once(
                partial(self._deliver_stock, leaving), partial(self._reserve, staying)
            )
            self.assertEqual(refused, [None, None])
            self.assertStock(3, [staying], 3)

    def test_expiry_against_confirmation(self):
        """13 rounds: whoever comes first, the order has its 4, and no hold is left."""
        self._run(self._set_on_hand, 6)
        yesterday = date.today() - timedelta(days=1)
        for _number in range(13):
            line = self._run(partial(self._quote, validity_date=yesterday), 4)
            self._run(partial(self._reserve, line))
            refused = self._at_once(self._expire, partial(self._confirm, line))
            self.assertEqual(refused, [None, None])
            self.assertStock(6, [line], 4)
