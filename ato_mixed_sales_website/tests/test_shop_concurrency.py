# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules import module
from odoo.service import model as service
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from .test_shop import ShopCommon, pay


@tagged("post_install", "-at_install")
class TestShopConcurrency(TransactionCase):
    """Two customers who begin to pay at the same moment, each with a connection.

    What they do is really committed, and removed afterwards.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._run, cls._remove)
        cls._run(cls._commit_fixture)
        cls.startClassPatcher(patch.object(module, "current_test", None))
        cls.startClassPatcher(patch.object(service.time, "sleep", lambda _s: None))

    @classmethod
    def _run(cls, function, *args):
        """Run `function(env, ...)` and commit, again when others interfere."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            return service.retrying(partial(function, env, *args), env)

    @classmethod
    def _commit_fixture(cls, env):
        """6 desks, legs for 4 more, and two carts with 7 desks each."""

        class Fixture(ShopCommon):
            pass

        Fixture.env = env
        Fixture.company = env.company
        Fixture.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        Fixture.stock = Fixture.warehouse.lot_stock_id
        Fixture.website = env["website"].search([], limit=1)
        Fixture.customer = env["res.partner"].create({"name": "Customer of Two"})
        leg = Fixture._create_product("Leg of Two", allow_out_of_stock_order=False)
        desk = Fixture._create_product(
            "Desk of Two",
            components={leg: 4},
            allow_out_of_stock_order=False,
            assembly_policy="assemble_missing",
        )
        Fixture._set_stock(desk, 6)
        Fixture._set_stock(leg, 16)
        Fixture.carrier = Fixture._create_carrier()
        carts = [
            Fixture._create_order(
                (desk, 7),
                website_id=Fixture.website.id,
                carrier_id=Fixture.carrier.id,
            )
            for _cart in range(2)
        ]
        cls.carts = [cart.id for cart in carts]
        cls.committed = [
            (records._name, records.ids)
            for records in (
                desk.bom_ids,
                desk | leg | Fixture.carrier.product_id,
                (desk | leg | Fixture.carrier.product_id).product_tmpl_id,
                Fixture.carrier,
                Fixture.customer,
            )
        ]

    @classmethod
    def _remove(cls, env):
        """By SQL: moves and quants of counted stock are never removed else."""
        names = dict(cls.committed)
        products, carts = names["product.product"], cls.carts
        payments = env["sale.order"].browse(carts).transaction_ids.ids
        moves = env["stock.move"].search([("product_id", "in", products)])
        quants = env["stock.quant"].search([("product_id", "in", products)])
        for model, ids in (
            ("payment.transaction", payments),
            ("sale.order", carts),
            ("stock.move.line", moves.move_line_ids.ids),
            ("stock.move", moves.ids),
            ("stock.quant", quants.ids),
            ("delivery.carrier", names.pop("delivery.carrier")),
            *names.items(),
        ):
            if ids:
                table = SQL.identifier(env[model]._table)
                env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, ids))

    def _begin_to_pay(self, barrier, env, cart_id):
        """As the route that Odoo has for it; the first time, both read before."""
        cart = env["sale.order"].browse(cart_id)
        self.assertEqual(cart.order_line.product_uom_qty, 7)  # the snapshot is taken
        if cart_id not in self.tried:
            self.tried.add(cart_id)
            barrier.wait(30)
        cart._check_cart_is_ready_to_be_paid()
        pay(cart, "draft")

    def _try_to_pay(self, barrier, cart_id):
        try:
            self._run(partial(self._begin_to_pay, barrier), cart_id)
        except ValidationError as refused:
            return str(refused)
        return "paid"

    def test_two_pay_at_once(self):
        """10 can be sold: who comes second is told that 3 are left of them."""
        barrier, self.tried = Barrier(2), set()
        with ThreadPoolExecutor(2) as pool, mute_logger("odoo.sql_db"):
            outcomes = list(pool.map(partial(self._try_to_pay, barrier), self.carts))
        self.assertEqual(outcomes.count("paid"), 1, outcomes)
        outcomes.remove("paid")
        self.assertIn("only 3.0 is available", outcomes[0])
