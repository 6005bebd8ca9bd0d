"""`tools/load --shop`: customers of the web shop, who all pay for the same few units.

100 products of few units each, made of 10 parts that are sold as well, and some of each
other. Customers fill carts and pay, by the very requests of the shop's pages, through
Odoo's demo provider; two thirds of what they want can be sold. Then it is counted, by
SQL alone: nothing may be asked for, or reserved, that is not there.
"""

import contextlib
import dataclasses
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from . import invariants
from .load import FOLDER, LOAD_DB, Options, Site, check, prepared
from .load_clients import PASSWORD
from .rpc import Answer, Conflict, Lost, Refused, ServerError, Session
from .settings import SHOP_MODULES
from .ui import locked, say

CUSTOMERS, PRODUCTS, PARTS = 12, 100, 10
MOST_POLLS = 20
MOST_TOLD = 10

# Nothing is made or delivered meanwhile: all that is asked for is taken from what was
# counted, but for what is assembled, which takes its parts.
OVERSOLD = """
    WITH shelf AS (
        SELECT quant.product_id, SUM(quant.quantity) AS there,
               SUM(quant.reserved_quantity) AS reserved,
               BOOL_OR(quant.reserved_quantity > quant.quantity + 0.001) AS is_broken
          FROM stock_quant quant
          JOIN stock_location place ON place.id = quant.location_id
         WHERE place.usage = 'internal'
         GROUP BY quant.product_id
    ), demand AS (
        SELECT move.product_id, SUM(move.product_qty) AS asked
          FROM stock_move move JOIN stock_location place ON place.id = move.location_id
         WHERE place.usage = 'internal'
           AND move.state NOT IN ('draft', 'done', 'cancel')
           AND move.ato_supply IS DISTINCT FROM 'assembly'
         GROUP BY move.product_id
    )
    SELECT product_id, there, reserved, asked
      FROM shelf FULL JOIN demand USING (product_id)
     WHERE is_broken OR COALESCE(asked, 0) > COALESCE(there, 0) + 0.001
        OR COALESCE(asked, 0) > COALESCE(reserved, 0) + 0.001
"""
UNCONFIRMED = """
    SELECT sale.name FROM payment_transaction payment
      JOIN sale_order_transaction_rel paid ON paid.transaction_id = payment.id
      JOIN sale_order sale ON sale.id = paid.sale_order_id
     WHERE payment.state = 'done' AND sale.state <> 'sale'
"""
SOLD = """
    SELECT COUNT(DISTINCT sale.id), COALESCE(SUM(line.product_uom_qty), 0),
           COALESCE(SUM(line.qty_to_assemble_to_order), 0)
      FROM sale_order sale JOIN sale_order_line line ON line.order_id = sale.id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE sale.state = 'sale' AND template.is_storable
"""
LEFT = "SELECT SUM(quantity), SUM(quantity - reserved_quantity) FROM stock_quant q " + (
    "JOIN stock_location l ON l.id = q.location_id WHERE l.usage = 'internal'"
)


class Store:
    """What is sold, how it is paid for and delivered."""

    def __init__(self, site: Site, orders: int) -> None:
        self.port = site.port
        self.admin = Session(site.port, LOAD_DB, "admin", "admin")
        self.admin.sign_in()
        self.orders = orders
        [self.shelf] = self._read("stock.warehouse", [], "lot_stock_id")[:1]
        # mails without a print: it would take longer than all the rest
        templates = self._read("mail.template", [("model", "=", "sale.order")], "id")
        plain = {"report_template_ids": [(5,)]}
        self.admin.call("mail.template", "write", templates, plain)
        self.carrier = self._make_carrier()
        self.provider, self.method = self._open_payments()
        self.products = self._make_products()

    def create(self, model: str, *vals: dict) -> list[int]:
        return self.admin.call(model, "create", list(vals))

    def _read(self, model: str, domain: list, name: str) -> list[int]:
        """The ids that the field `name` has in the records of `domain`."""
        rows = self.admin.call(model, "search_read", domain, [name])
        return [
            row[name][0] if isinstance(row[name], list) else row[name] for row in rows
        ]

    def _make_carrier(self) -> int:
        service = {"name": "Delivery", "type": "service", "list_price": 0.0}
        [product] = self.create("product.product", service)
        old = self._read("delivery.carrier", [], "id")
        self.admin.call("delivery.carrier", "write", old, {"active": False})
        vals = {"name": "Cart", "product_id": product, "website_published": True}
        return self.create("delivery.carrier", vals)[0]

    def _open_payments(self) -> tuple[int, int]:
        [provider] = self._read("payment.provider", [("code", "=", "demo")], "id")
        vals = {"state": "test", "is_published": True}
        self.admin.call("payment.provider", "write", [provider], vals)
        # else the first payments look for one at the same moment, and find two
        journal = self._read("account.journal", [("type", "=", "bank")], "id")[:1]
        for found in journal:
            vals = {"journal_id": found}
            self.admin.call("payment.provider", "write", [provider], vals)
        domain = [("code", "=", "demo"), ("active", "in", (True, False))]
        [method] = self._read("payment.method", domain, "id")
        self.admin.call("payment.method", "write", [method], {"active": True})
        return provider, method

    def _make_products(self) -> list[tuple[int, int]]:
        """(template, product) of all that is sold; each is enough for a third."""
        of_one = max(self.orders // PRODUCTS, 1)
        parts = self._make_goods("Part", PARTS, 15 * of_one, "assemble_to_stock")
        wanted = PRODUCTS - PARTS
        goods = self._make_goods("Good", wanted, of_one, "assemble_missing")
        to_order = [template for template, _product in goods[::5]]
        policy = {"assembly_policy": "assemble_to_order"}
        self.admin.call("product.template", "write", to_order, policy)
        bills = []
        for number, (template, _product) in enumerate(goods):
            needs = {parts[number % PARTS][1]: 1, parts[(number + 1) % PARTS][1]: 2}
            if number % 10 == 9:  # what is sold may be a component
                needs = {goods[number - 1][1]: 1, parts[number % PARTS][1]: 1}
            rows = [
                (0, 0, {"product_id": p, "product_qty": q}) for p, q in needs.items()
            ]
            bills.append({"product_tmpl_id": template, "bom_line_ids": rows})
        self.create("mrp.bom", *bills)
        return parts + goods

    def _make_goods(
        self, name: str, count: int, stock: int, policy: str
    ) -> list[tuple[int, int]]:
        vals = {
            "is_storable": True,
            "list_price": 10.0,
            "taxes_id": False,
            "website_published": True,
            "allow_out_of_stock_order": False,
        }
        ids = self.create(
            "product.product", *({**vals, "name": f"{name} {n}"} for n in range(count))
        )
        rows = self.admin.call(
            "product.product", "search_read", [("id", "in", ids)], ["product_tmpl_id"]
        )
        products = [(row["product_tmpl_id"][0], row["id"]) for row in rows]
        templates = [template for template, _product in products]
        self.admin.call(
            "product.template", "write", templates, {"assembly_policy": policy}
        )
        shelf = {"location_id": self.shelf, "inventory_quantity": stock}
        quants = self.admin.call(
            "stock.quant",
            "create",
            [{"product_id": product, **shelf} for product in ids],
            context={"inventory_mode": True},
        )
        self.admin.call("stock.quant", "action_apply_inventory", quants)
        return products

    def make_customers(self) -> list[Session]:
        [country] = self._read("res.country", [("code", "=", "BE")], "id")
        group = [("module", "=", "base"), ("name", "=", "group_portal")]
        [portal] = self._read("ir.model.data", group, "res_id")
        address = {
            "email": "customer@example.com",
            "phone": "+32 2 000 00 00",
            "street": "Rue des Bourlottes 9",
            "city": "Ramillies",
            "zip": "1367",
            "country_id": country,
        }
        logins = [f"customer{number}" for number in range(CUSTOMERS)]
        partners = self.create(
            "res.partner", *({**address, "name": login} for login in logins)
        )
        self.create(
            "res.users",
            *(
                {
                    "login": login,
                    "password": PASSWORD,
                    "partner_id": partner,
                    "group_ids": [(6, 0, [portal])],
                }
                for login, partner in zip(logins, partners, strict=True)
            ),
        )
        return [Session(self.port, LOAD_DB, login, PASSWORD) for login in logins]


class Customer(threading.Thread):
    """Fills a cart, pays for it, and begins anew, as long as orders are wanted."""

    def __init__(
        self, store: Store, session: Session, numbers: Iterator[int], seed: int
    ) -> None:
        super().__init__(name=session.login, daemon=True)
        self.store, self.session, self.numbers = store, session, numbers
        self.random = random.Random(f"{session.login} {seed}")
        self.outcomes: Counter[str] = Counter()
        self.failures: list[str] = []

    def run(self) -> None:
        self.session.sign_in()
        while next(self.numbers, None) is not None:
            try:
                outcome = self.buy()
            except Conflict:
                outcome = "conflict"
            except Refused:
                outcome = "refused"
                with contextlib.suppress(Answer):
                    self.session.post("/shop/cart/clear", {})
            except (Lost, ServerError) as answer:
                outcome = "failed"
                self.failures.append(str(answer))
            self.outcomes[outcome] += 1

    def buy(self) -> str:
        """One order of one or two products: what came of it."""
        wanted = self.random.sample(self.store.products, self.random.choice((1, 1, 2)))
        for template, product in wanted:
            vals = {"product_template_id": template, "product_id": product}
            vals["quantity"] = self.random.choice((1, 2, 3))
            self.session.post("/shop/cart/add", vals)
        domain = [("state", "=", "draft"), ("order_line", "!=", False)]
        found = self.session.call("sale.order", "search", domain, limit=1)
        if not found:
            return "sold out"
        self.session.post("/shop/set_delivery_method", {"dm_id": self.store.carrier})
        self.pay(found[0])
        return "paid"

    def pay(self, order: int) -> None:
        vals: dict[str, Any] = {
            "access_token": None,
            "provider_id": self.store.provider,
            "payment_method_id": self.store.method,
            "token_id": None,
            "amount": None,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/shop/payment/validate",
            "is_validation": False,
        }
        payment = self.session.post(f"/shop/payment/transaction/{order}", vals)
        details = {"payment_details": "4242", "simulated_state": "done"}
        details["reference"] = payment["reference"]
        self.session.post("/payment/demo/simulate_payment", details)
        for _poll in range(MOST_POLLS):
            try:
                self.session.post("/payment/status/poll", {})
                return
            except ServerError as answer:
                # Odoo's word for: others were faster
                if not str(answer).startswith("builtins.Exception: retry"):
                    raise


def run(options: Options, orders: int) -> int:
    """So many orders; exit code 1 when something went wrong, or was sold twice."""
    folder = FOLDER / "primary"
    template = "load_shop_template"
    with (
        locked("load"),
        prepared(folder, template, SHOP_MODULES) as (_primary, odoo),
        Site(odoo, options, None) as site,
    ):
        store = Store(site, orders)
        sessions = store.make_customers()
        say(
            f"\n{options.workers} workers, {len(sessions)} customers, {orders} orders "
            f"of {len(store.products)} products ..."
        )
        numbers = _Shared(orders)
        customers = [Customer(store, s, numbers, options.seed) for s in sessions]
        started = time.monotonic()
        for customer in customers:
            customer.start()
        while busy := [customer for customer in customers if customer.is_alive()]:
            busy[0].join(60)
            say(f"  {numbers.given} of {orders} orders begun")
        seconds = time.monotonic() - started
        return _report(site, customers, seconds)


class _Shared:
    """Numbers that many threads take, each of them once."""

    def __init__(self, most: int) -> None:
        self._numbers = iter(range(most))
        self._lock = threading.Lock()
        self.given = 0

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        with self._lock:
            number = next(self._numbers)
            self.given = number + 1
            return number


def _report(site: Site, customers: list[Customer], seconds: float) -> int:
    outcomes = sum((customer.outcomes for customer in customers), Counter())
    failures = list(itertools.chain(*(customer.failures for customer in customers)))
    errors, retried = site.take_errors()
    server = dataclasses.replace(site.odoo.server, database=LOAD_DB)
    with contextlib.closing(server.connect()) as connection:
        cr = connection.cursor()
        answers = []
        for statement in (OVERSOLD, UNCONFIRMED, SOLD, LEFT):
            cr.execute(statement)
            answers.append(cr.fetchall())
    oversold, unconfirmed, [sold], [left] = answers
    came = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
    say(f"\n{outcomes.total()} orders in {seconds:.0f} s: {came}; {retried} run again.")
    say("{} confirmed: {:g} units, of which {:g} are assembled.".format(*sold))
    say("Of {:g} units in stock {:g} are free.".format(*left))
    for row in oversold:
        say("SOLD TWICE: product {}: {} there, {} reserved, {} asked for".format(*row))
    problems = [f"{name} is paid, and not confirmed" for [name] in unconfirmed]
    problems += [*failures, *errors]
    for problem in problems[:MOST_TOLD]:
        say(f"PROBLEM: {problem}")
    say(f"Problems: {len(problems)}.")
    broken = invariants.report(LOAD_DB, check(site))
    return int(bool(oversold or problems or broken))
