"""A company of some years: a database as big as the one that issue 18 asks for.

What was sold and shipped comes first, in both databases. Open orders are added in
steps, between which all is measured.
"""

from odoo import api
from odoo.fields import Command, Domain

from . import copies
from .copies import Pattern
from .data import (
    ORDERED,
    PLENTY,
    TO_ASSEMBLE,
    create_order,
    make_by_rule,
    prepare_rule,
    set_stock,
    warehouse,
)
from .measure import Site

# of what is sold, and as many components
GOODS, COMPONENTS = 200, 200
PRODUCT_COPIES = 50  # 20,000 products

# For 200 lines that were shipped 190 moves received products and 390 components; 10
# orders made the others. All that 1,000 times.
DONE_ORDERS, ORDER_LINES, MADE, MORE_RECEIVED = 20, 10, 10, 191
DONE_COPIES = 1000

# Of each 10 open lines 4 are assembled in part; half of the orders are confirmed.
OPEN_ORDERS, MIXED_LINES = 20, 4
OPEN_LINES = OPEN_ORDERS * ORDER_LINES
STEPS = (1_000, 10_000, 100_000)  # open lines

# Of these 200 lines one lacks a unit, and one components: one in a hundred is short.
# One could take one more from stock, and one is to be taken from a bin that is empty.
# The numbers of these lines, all of them of quotations.
MISSING, SCARCE, DEDUCTIBLE, WRONG_BIN = 129, 140, 150, 199

# What is reserved for the copies, and is there for them.
SETTLE = """
    WITH reserved AS (
        SELECT line.product_id, line.location_id, SUM(line.quantity_product_uom) units
          FROM stock_move_line line
         WHERE line.state NOT IN ('done', 'cancel')
         GROUP BY line.product_id, line.location_id
    )
    UPDATE stock_quant quant
       SET quantity = GREATEST(quant.quantity, reserved.units),
           reserved_quantity = reserved.units
      FROM reserved
     WHERE reserved.product_id = quant.product_id
       AND reserved.location_id = quant.location_id
       AND quant.reserved_quantity IS DISTINCT FROM reserved.units
"""

# What A was decided for names the product, which a copy has another one of.
SETTLE_BASIS = """
    UPDATE sale_order_line
       SET assembly_basis = assembly_basis
           || jsonb_build_object('product_id', product_id)
     WHERE (assembly_basis->>'product_id')::integer != product_id
"""


class Company:
    """The same in both databases: who sells what, and how often it was copied."""

    def __init__(self, site: Site, products: Pattern, goods: list[int]) -> None:
        self.site, self.products, self.goods = site, products, goods
        self.open: Pattern = {}
        self.copied = self.empty_bin = 0

    def grow(self, lines: int, mixed: bool) -> None:
        """Have so many open lines.

        :param mixed: whether the add-on splits them, else Odoo's own rule decides
        """
        with self.site.transaction() as env:
            if not self.open:
                self._create_bin(env)
                with copies.recorded(env.cr, self.open):
                    self._create_open(env, mixed)
                    env.cr.flush()
                self.copied = 1
            wanted = lines // OPEN_LINES
            made = range(self.copied, wanted)
            copies.copy(env.cr, self.open, made, shared=self.products)
            env.cr.execute(SETTLE)
            if mixed:
                env.cr.execute(SETTLE_BASIS)
            self.copied = wanted
            env.cr.commit()
        self.site.analyse()

    def _create_bin(self, env: api.Environment) -> None:
        shelf = warehouse(env).lot_stock_id.id
        vals = {"name": "Empty", "location_id": shelf, "usage": "internal"}
        self.empty_bin = env["stock.location"].create(vals).id
        env.cr.flush()

    def _create_open(self, env: api.Environment, mixed: bool) -> None:
        goods = env["product.product"].browse(self.goods)
        if not mixed:
            made = [product for n, product in enumerate(goods.ids) if _is_mixed(n)]
            make_by_rule(goods.browse(made))
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": _get_customer(env).id,
                    "order_line": [
                        Command.create(self._get_line(goods[number].id, number, mixed))
                        for number in range(first, first + ORDER_LINES)
                    ],
                }
                for first in range(0, OPEN_LINES, ORDER_LINES)
            ]
        )
        orders[: OPEN_ORDERS // 2].action_confirm()

    def _get_line(self, product: int, number: int, mixed: bool) -> dict:
        line = {"product_id": product, "product_uom_qty": ORDERED}
        if not mixed:
            return line
        line["qty_to_assemble_to_order"] = TO_ASSEMBLE if _is_mixed(number) else 0
        if number == WRONG_BIN:
            line["bin_location_id"] = self.empty_bin
        return line


def create_history(site: Site) -> Company:
    """All that is done already, nothing of it assembled to order."""
    products: Pattern = {}
    done: Pattern = {}
    with site.transaction() as env:
        prepare_rule(env)
        _get_customer(env)
        env.cr.flush()
        with copies.recorded(env.cr, products):
            goods, components = _create_products(env)
            env.cr.flush()
        copies.copy(env.cr, products, range(1, PRODUCT_COPIES))
        with copies.recorded(env.cr, done):
            _create_done(env, goods, components)
            env.cr.flush()
        copies.copy(env.cr, done, range(1, DONE_COPIES), shared=products)
        company = Company(site, products, goods.ids)
        env.cr.commit()
    site.analyse()
    return company


def _is_mixed(number: int) -> bool:
    return number % ORDER_LINES < MIXED_LINES


def _get_customer(env: api.Environment):
    vals = {"name": "Deco Addict"}
    customers = env["res.partner"]
    found = customers.search(Domain("name", "=", vals["name"]), limit=1)
    return found or customers.create(vals)


def _create_products(env: api.Environment):
    """(what is sold, components): two of these for each of those, one is scarce."""
    goods, components = (
        env["product.product"].create(
            [{"name": f"{kind} {n}", "is_storable": True} for n in range(count)]
        )
        for kind, count in (("Good", GOODS), ("Component", COMPONENTS))
    )
    env["mrp.bom"].create(
        [
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": 1})
                    for part in _get_parts(components, number)
                ],
            }
            for number, product in enumerate(goods)
        ]
    )
    scarce = components[SCARCE]
    set_stock(components - scarce, PLENTY)
    for number, product in enumerate(goods):
        more = {MISSING: -1, DEDUCTIBLE: 1}.get(number, 0)
        assembled = TO_ASSEMBLE if _is_mixed(number) else 0
        set_stock(product, ORDERED - assembled + more)
    return goods, components


def _get_parts(components, number: int):
    """Two components; what is scarce is of one product only."""
    others = components - components[SCARCE]
    first = components[SCARCE] if number == SCARCE else others[number % len(others)]
    return first, others[number - 1]


def _create_done(env: api.Environment, goods, components) -> None:
    """Receive, make and ship: in the end as much is there as before."""
    parts = components - components[SCARCE]
    # Odoo makes one move of all of a product in a receipt
    for received in (goods[MADE:], parts, parts[:MORE_RECEIVED]):
        _receive(env, received)
    for product in goods[:MADE]:
        _make(env, product)
    customer = _get_customer(env).id
    for first in range(0, DONE_ORDERS * ORDER_LINES, ORDER_LINES):
        order = create_order(env, customer, goods[first : first + ORDER_LINES].ids)
        order.action_confirm()
        _validate(order.picking_ids)


def _receive(env: api.Environment, products) -> None:
    operation = warehouse(env).in_type_id
    places = {
        "location_id": operation.default_location_src_id.id,
        "location_dest_id": operation.default_location_dest_id.id,
    }
    receipt = env["stock.picking"].create(
        {
            **places,
            "picking_type_id": operation.id,
            "move_ids": [
                Command.create(
                    {"product_id": product.id, "product_uom_qty": ORDERED, **places}
                )
                for product in products
            ],
        }
    )
    receipt.action_confirm()
    _validate(receipt)


def _make(env: api.Environment, product) -> None:
    order = env["mrp.production"].create(
        {"product_id": product.id, "product_qty": ORDERED}
    )
    order.action_confirm()
    order.qty_producing = ORDERED
    order._set_qty_producing()
    order.button_mark_done()


def _validate(pickings) -> None:
    pickings.action_assign()
    pickings.move_ids.picked = True
    pickings.with_context(skip_sms=True, skip_backorder=True).button_validate()
    if set(pickings.mapped("state")) != {"done"}:
        raise RuntimeError(f"not done: {pickings.mapped('state')}")
