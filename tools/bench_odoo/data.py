"""The documents that are measured: the same lines in both databases."""

from datetime import timedelta

from odoo import api
from odoo.fields import Command

from .measure import Site

ORDERED, IN_STOCK, TO_ASSEMBLE = 10, 6, 4
PLENTY = 10_000_000

# Lines of the quotations and orders of each kind; each order is for as many products.
QUOTATIONS = (1, 10, 20, 100, 300, 500)
# Quotations with nothing to assemble, for Odoo's own rule beside the add-on.
PLAIN_QUOTATIONS = (1, 10, 100)
ORDERS = (1, 10, 100, 300)
DELIVERIES = (1, 10, 100)
# Documents of products that nobody assembles: for those who do not use the add-on.
SIMPLE = (10, 100)


def prepare(site: Site, longest: int, mixed: bool) -> None:
    """Make and commit everything that is measured later.

    Quotations share their products, as their confirmation is undone each time.

    :param mixed: whether lines are split, else Odoo's own rule decides
    """
    _Data(site, longest, mixed).prepare()


class _Data:
    def __init__(self, site: Site, longest: int, mixed: bool) -> None:
        self.site, self.longest, self.mixed = site, longest, mixed

    def prepare(self) -> None:
        with self.site.transaction() as env:
            prepare_rule(env)
            self.components = self._create_components(env)
            self.customer = env["res.partner"].create({"name": "Azure Interior"})
            env.cr.commit()
        with self.site.transaction() as env:
            self._prepare_quotations(env)
            env.cr.commit()
        for count in self._lengths(ORDERS):
            with self.site.transaction() as env:
                self._create_confirmed(env, "order", count)
                env.cr.commit()
        for count in self._lengths(DELIVERIES):
            with self.site.transaction() as env:
                order = self._create_confirmed(env, "delivery", count)
                _produce(order)
                env.cr.commit()
        with self.site.transaction() as env:
            self._prepare_simple(env)
            env.cr.commit()
        self.site.analyse()

    def _lengths(self, lengths: tuple[int, ...]) -> list[int]:
        return [length for length in lengths if length <= self.longest]

    def _create_components(self, env: api.Environment):
        components = env["product.product"].create(
            [{"name": name, "is_storable": True} for name in ("Leg", "Top")]
        )
        set_stock(components, PLENTY)
        return components

    def _create_products(self, env: api.Environment, kind: str, count: int):
        products = _create_goods(env, f"Desk {kind}", count)
        env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "bom_line_ids": [
                        Command.create({"product_id": component.id, "product_qty": qty})
                        for component, qty in zip(self.components, (4, 1), strict=True)
                    ],
                }
                for product in products
            ]
        )
        set_stock(products, IN_STOCK)
        if not self.mixed:
            make_by_rule(products)
        return products

    def _prepare_quotations(self, env: api.Environment) -> None:
        lengths = self._lengths(QUOTATIONS)
        products = self._create_products(env, "quotation", max(lengths))
        self.site.products = products.ids
        for count in lengths:
            order = self._create_order(env, "quotation", products[:count])
            if self.mixed:
                _make_older(order.order_line.assembly_order_ids)
        for count in self._lengths(PLAIN_QUOTATIONS) if self.mixed else ():
            values = {"qty_to_assemble_to_order": 0}
            self._create_order(env, "plain", products[:count], **values)

    def _prepare_simple(self, env: api.Environment) -> None:
        """Quotations of products without a bill, and orders to be delivered."""
        for count in self._lengths(SIMPLE):
            products = _create_goods(env, "simple", count)
            set_stock(products, PLENTY)
            for kind in ("simple", "simple order"):
                order = create_order(env, self.customer.id, products.ids)
                self.site.orders[kind, count] = order.id
            order.action_confirm()

    def _create_order(self, env: api.Environment, kind: str, products, **values):
        if self.mixed and not values:
            values = {"qty_to_assemble_to_order": TO_ASSEMBLE}
        order = create_order(env, self.customer.id, products.ids, **values)
        self.site.orders[kind, len(products)] = order.id
        return order

    def _create_confirmed(self, env: api.Environment, kind: str, count: int):
        products = self._create_products(env, kind, count)
        order = self._create_order(env, kind, products)
        env.cr.flush()
        order.action_confirm()
        made = assembly_orders(order).mapped("product_qty")
        if made != [TO_ASSEMBLE] * count:
            raise RuntimeError(f"{order.name}: {made} are made in {self.site.database}")
        return order


def warehouse(env: api.Environment):
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def prepare_rule(env: api.Environment) -> None:
    """Take from stock, if unavailable trigger another rule."""
    route = env.ref("stock.route_warehouse0_mto")
    route.active = True
    warehouse(env).mto_pull_id.procure_method = "mts_else_mto"


def make_by_rule(products) -> None:
    """Have Odoo itself make what is not in stock."""
    products.route_ids = products.env.ref("stock.route_warehouse0_mto")


def create_order(env: api.Environment, customer: int, products: list[int], **values):
    """A quotation of one line for each product."""
    line = {"product_uom_qty": ORDERED, **values}
    return env["sale.order"].create(
        {
            "partner_id": customer,
            "order_line": [
                Command.create({"product_id": product, **line}) for product in products
            ],
        }
    )


def assembly_orders(order):
    """What is made for an order, by us or by Odoo's rule: its products are its own."""
    return order.env["mrp.production"].search(
        [("product_id", "in", order.order_line.product_id.ids)]
    )


def _create_goods(env: api.Environment, name: str, count: int):
    return env["product.product"].create(
        [
            {
                "name": f"{name} {count} {number}",
                "is_storable": True,
                "list_price": 100.0,
                "invoice_policy": "delivery",
            }
            for number in range(count)
        ]
    )


def set_stock(products, quantity: float) -> None:
    location = warehouse(products.env).lot_stock_id
    products.env["stock.quant"].with_context(inventory_mode=True).create(
        [
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
            for product in products
        ]
    ).action_apply_inventory()


def _make_older(orders) -> None:
    """Quotations are confirmed some days later: dates have to follow."""
    for order in orders.sudo():
        order._as_step().write(
            {
                "date_deadline": order.date_deadline - timedelta(days=1),
                "date_start": order.date_start - timedelta(days=1),
            }
        )


def _produce(order) -> None:
    """Make everything, so that the delivery can leave."""
    orders = assembly_orders(order)
    for assembly_order in orders:
        assembly_order.qty_producing = assembly_order.product_qty
        assembly_order._set_qty_producing()
    orders.with_context(skip_backorder=True).button_mark_done()
    order.picking_ids.action_assign()
    states = set(orders.mapped("state")) | set(order.picking_ids.mapped("state"))
    if states != {"done", "assigned"}:
        raise RuntimeError(f"{order.name} is not ready to leave: {states}")
