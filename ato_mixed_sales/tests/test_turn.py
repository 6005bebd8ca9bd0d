# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.ato_mixed_sales.turns import TURNS

from .common import AssembleToOrderCommon
from .test_concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestTurn(AssembleToOrderCommon, HttpCase):
    """Requests that decide on the same stock wait for each other before they read."""

    freeze_time = None  # the server has threads of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman_all_leads,stock.group_stock_user"
        cls.clerk = new_test_user(
            cls.env, login="ato_clerk", password="ato_clerk", groups=groups
        )
        cls.made_of = cls.desk.bom_ids.bom_line_ids.product_id

    def _call(self, records, method, login="ato_clerk"):
        """As the web client does. Whose turn it is then: {(product, warehouse)}"""
        self.authenticate(login, login)
        self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{records._name}/{method}",
            {
                "model": records._name,
                "method": method,
                "args": [records.ids],
                "kwargs": {},
            },
        )
        return self._get_turns()

    def _get_turns(self):
        # all requests of a test share one transaction, which lets go at its end
        self.env.cr.execute(
            """
            SELECT classid, objid FROM pg_locks
             WHERE locktype = 'advisory' AND objsubid = 2 AND pid = pg_backend_pid()
            """
        )
        return set(self.env.cr.fetchall())

    def _get_turn(self, *products):
        return {(product.id, self.warehouse.id) for product in products}

    def test_turn_of_confirmation(self):
        """What is sold, what it is made of; not what is never assembled."""
        lamp = self._create_product("Lamp")
        order = self._create_order((self.desk, 5, 2), (lamp, 3))
        turn = self._call(order, "action_confirm")
        self.assertEqual(turn, self._get_turn(self.desk, *self.made_of))
        self.assertEqual(order.state, "sale")

    def test_turn_of_delivery(self):
        self._set_stock(self.desk, 5)
        order = self._create_order((self.desk, 5, 2))
        order.action_confirm()
        turn = self._call(order.picking_ids, "action_assign")
        self.assertEqual(turn, self._get_turn(self.desk, *self.made_of))

    def _ship_mixed(self):
        """A delivery of 5, of which 2 are assembled: done."""
        self._set_stock(self.desk, 3)
        order = self._create_order((self.desk, 5, 2))
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids)
        order.picking_ids.button_validate()
        return order.picking_ids

    def test_turn_of_undo(self):
        """From the delivery, all of it; the way through the dialog likewise."""
        picking = self._ship_mixed()
        turn = self._call(picking, "action_undo_assembly_shipment")
        self.assertEqual(turn, self._get_turn(self.desk, *self.made_of))
        self.assertEqual(sum(picking.move_ids.returned_move_ids.mapped("quantity")), 5)

    def test_turn_of_undo_dialog(self):
        picking = self._ship_mixed()
        clerks = self.env["assembly.undo"].with_user(self.clerk)
        dialog = clerks.create({"picking_id": picking.id})
        turn = self._call(dialog, "action_undo")
        self.assertEqual(turn, self._get_turn(self.desk, *self.made_of))

    def test_turn_of_undone_assembly(self):
        """2 were made early, and are made again."""
        order = self._create_order((self.desk, 5, 2))
        order.action_confirm()
        made = order.order_line.assembly_order_ids
        self._produce(made)
        planner = new_test_user(
            self.env, login="ato_maker", groups="mrp.group_mrp_user,base.group_user"
        )
        turn = self._call(made, "action_undo_assembly", planner.login)
        self.assertEqual(turn, self._get_turn(self.desk, *self.made_of))
        self.assertEqual(len(order.order_line.assembly_order_ids), 2)

    def test_no_turn_of_plain_order(self):
        lamp = self._create_product("Lamp")
        order = self._create_order((lamp, 3))
        self.assertFalse(self._call(order, "action_confirm"))

    def test_no_turn_of_reading(self):
        order = self._create_order((self.desk, 5, 2))
        self.assertFalse(self._call(order, "get_assembly_availability"))

    def test_no_turn_of_others_orders(self):
        """Who may not change an order makes nobody wait for it."""
        new_test_user(self.env, login="ato_guest", password="ato_guest")
        order = self._create_order((self.desk, 5, 2))
        # what is refused is rolled back, and no lock is seen any more
        with patch.object(self.registry["stock.quant"], "_take_turn") as taken:
            with self.assertLogs("odoo.http", "WARNING"):
                with self.assertRaisesRegex(Exception, "AccessError"):
                    self._call(order, "action_confirm", "ato_guest")
        self.assertFalse(taken.called)

    def test_no_turn_of_what_is_no_call(self):
        """A route may call anything `model`: it gets what it was sent."""
        self.authenticate("ato_clerk", "ato_clerk")
        params = {"model": ["sale.order"], "method": {}, "args": 5}
        with self.assertLogs("odoo.http", "WARNING"):  # it takes none of these
            info = self.make_jsonrpc_request("/web/session/get_session_info", params)
        self.assertEqual(info["uid"], self.clerk.id)

    def test_turn_of_external_api(self):
        """By JSON-2, which names model and records elsewhere."""
        order = self._create_order((self.desk, 5, 2))
        keys = self.env["res.users.apikeys"].with_user(self.clerk).sudo()
        key = keys._generate("rpc", "test", False)
        self.authenticate(None, None)
        response = self.url_open(
            "/json/2/sale.order/action_confirm",
            json={"ids": order.ids},
            headers={"Authorization": f"Bearer {key}"},
        )
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(self._get_turns(), self._get_turn(self.desk, *self.made_of))
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestTurnOfJobs(ConcurrencyCommon):
    """Jobs have no request: what they call first takes its turn for them."""

    def test_many_confirm_at_once(self):
        """Each has a connection of its own, and none is run again by anybody.

        5 are in stock, and are promised once.
        """
        self._run(self._set_on_hand, 5)
        lines = [self._run(self._quote, 5, 2) for _number in range(4)]
        orders = self._run(self._read_orders, lines)
        barrier = threading.Barrier(len(orders))

        def confirm(order_id):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                barrier.wait()
                env["sale.order"].browse(order_id).action_confirm()

        with ThreadPoolExecutor(len(orders)) as people:
            list(people.map(confirm, orders))
        self._run(self._check_confirmed, orders)

    def _read_orders(self, env, line_ids):
        return [self._line(env, line_id).order_id.id for line_id in line_ids]

    def _check_confirmed(self, env, order_ids):
        orders = env["sale.order"].browse(order_ids)
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        moves = orders.order_line.move_ids.filtered(lambda m: m.ato_supply == "stock")
        self.assertEqual(sum(moves.mapped("quantity")), 5)

    def _do(self, order_id, method, user_id=SUPERUSER_ID):
        """As a job that does nothing else."""
        with self.registry.cursor() as cr:
            order = api.Environment(cr, user_id, {})["sale.order"].browse(order_id)
            getattr(order, method)()

    def test_reopened_by_jobs(self):
        """Confirmed, cancelled, opened and confirmed again: 3 from stock, 2 made."""
        self._run(self._set_on_hand, 5)
        line = self._run(self._quote, 5, 2)
        [order] = self._run(self._read_orders, [line])
        for method in ("confirm", "cancel", "draft", "confirm"):
            self._do(order, f"action_{method}")
        self._run(self._check_reopened, line)

    def _check_reopened(self, env, line_id):
        line = self._line(env, line_id)
        moves = line.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        self.assertEqual(sorted(moves.mapped("product_uom_qty")), [2, 3])
        orders = line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
        self.assertEqual(orders.mapped("product_qty"), [2])
        self.assertInvariants(line)

    def test_stranger_waits_for_nobody(self):
        """Who may not confirm is refused at once, whoever's turn it is."""
        line_id = self._run(self._quote, 5, 2)
        [order] = self._run(self._read_orders, [line_id])
        with ThreadPoolExecutor(1) as others, self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            stranger = env.ref("base.public_user").id
            stock = self._line(env, line_id)._get_stock_to_decide()
            env["stock.quant"]._take_turn(stock)
            refused = others.submit(self._do, order, "action_confirm", stranger)
            self.assertIsInstance(refused.exception(timeout=30), AccessError)

    def _count_locks(self, env, pid):
        env.cr.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = %s",
            [pid],
        )
        return env.cr.fetchone()[0]

    def test_interrupted_while_waiting(self):
        """Who gives up waiting lets go of what he has waited for with success."""
        line_id = self._run(self._quote, 5, 2)
        stock = self._run(lambda env: self._line(env, line_id)._get_stock_to_decide())
        with self.registry.cursor() as first, self.registry.cursor() as cr:
            env = api.Environment(first, SUPERUSER_ID, {})
            env["stock.quant"]._take_turn([max(stock)])
            cr.execute("SET lock_timeout = 500")
            pid = cr.connection.info.backend_pid
            waiting = api.Environment(cr, SUPERUSER_ID, {})["stock.quant"]
            with self.assertRaises(OperationalError), mute_logger("odoo.sql_db"):
                waiting._take_turn(stock)
            cr.rollback()
            self.assertGreater(len(stock), 1)
            self.assertEqual(self._run(self._count_locks, pid), 0)

    def test_after_something_was_done(self):
        """What a job has written is neither committed nor lost by the call."""
        line_id = self._run(self._quote, 5, 2)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            order = self._line(env, line_id).order_id
            order.client_order_ref = "written before"
            order.action_confirm()
            cr.rollback()
            env.invalidate_all(flush=False)
            self.assertFalse(order.client_order_ref)
            self.assertEqual(order.state, "draft")

    def test_all_take_it(self):
        """Each method of the table that is ours takes its turn first."""
        for model, (_path, methods) in TURNS.items():
            for name in sorted(methods):
                found = [
                    vars(cls)[name]
                    for cls in type(self.env[model]).__mro__
                    if name in vars(cls) and "ato_mixed_sales" in cls.__module__
                ]
                with self.subTest(model=model, method=name):
                    self.assertEqual(
                        [inspect.unwrap(m) is not m for m in found], [True]
                    )
