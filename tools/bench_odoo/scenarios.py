"""What is measured: ours, and the nearest thing that Odoo does without the add-on."""

from dataclasses import replace

from lxml import etree

from odoo import api
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from . import client, typed
from .data import TO_ASSEMBLE, create_order, make_by_rule
from .measure import Action, Prepare, Scenario, Site, Variant

LENGTHS = (1, 10, 20, 80, 100, 300, 500, 1000)
POPOVER = (
    "qty_available_today",
    "free_qty_today",
    "virtual_available_at_date",
    "forecast_expected_date",
    "scheduled_date",
    "is_mto",
    "display_qty_widget",
    "qty_to_deliver",
)


def confirm(env: api.Environment, site: Site, count: int) -> Action:
    return site.order(env, "quotation", count).action_confirm


def confirm_plain(env: api.Environment, site: Site, count: int) -> Action:
    """Odoo's own rule, with the add-on installed and nothing to assemble to order."""
    order = site.order(env, "plain", count)
    make_by_rule(order.order_line.product_id)
    return order.action_confirm


def create(env: api.Environment, site: Site, count: int) -> Action:
    customer = site.order(env, "quotation", 1).partner_id.id
    return lambda: create_order(env, customer, site.products[:count])


def create_mixed(env: api.Environment, site: Site, count: int) -> Action:
    customer = site.order(env, "quotation", 1).partner_id.id
    values = {"qty_to_assemble_to_order": TO_ASSEMBLE}
    return lambda: create_order(env, customer, site.products[:count], **values)


def _middle_line(env: api.Environment, site: Site, count: int):
    return site.order(env, "order", count).order_line[count // 2]


def assemble_more(env: api.Environment, site: Site, count: int) -> Action:
    line = _middle_line(env, site, count)
    return lambda: line.write({"qty_to_assemble_to_order": TO_ASSEMBLE + 1})


def assemble_less(env: api.Environment, site: Site, count: int) -> Action:
    line = _middle_line(env, site, count)
    return lambda: line.write({"qty_to_assemble_to_order": TO_ASSEMBLE - 1})


def order_more(env: api.Environment, site: Site, count: int) -> Action:
    line = _middle_line(env, site, count)
    return lambda: line.write({"product_uom_qty": line.product_uom_qty + 1})


def cancel(env: api.Environment, site: Site, count: int) -> Action:
    return site.order(env, "order", count)._action_cancel


def panel(env: api.Environment, site: Site, count: int) -> Action:
    return site.order(env, "quotation", count).get_assembly_availability


def popover(env: api.Environment, site: Site, count: int) -> Action:
    lines = site.order(env, "quotation", count).order_line
    return lambda: lines.read(POPOVER)


def list_to_promise(env: api.Environment, site: Site, count: int) -> Action:
    action = env.ref("ato_mixed_sales.sale_order_line_action_to_promise").sudo()
    return _list(env, action.view_id.xml_id, safe_eval(action.domain), count)


def search_to_promise(env: api.Environment, site: Site, count: int) -> Action:
    """The filters that are on when the list opens: one of them is to be true."""
    action = env.ref("ato_mixed_sales.sale_order_line_action_to_promise").sudo()
    filters = _filters(env, action.search_view_id.xml_id)
    opened = (
        name.removeprefix("search_default_") for name in safe_eval(action.context)
    )
    domain = Domain(safe_eval(action.domain)) & Domain.OR(filters[n] for n in opened)
    return _list(env, action.view_id.xml_id, list(domain), count)


def _filters(env: api.Environment, view: str) -> dict[str, list]:
    """Domains of the filters of a search view, by their names."""
    model = env.ref(view).sudo().model
    found = env[model].get_views([(env.ref(view).id, "search")])
    arch = etree.fromstring(found["views"]["search"]["arch"])
    return {
        node.get("name"): safe_eval(node.get("domain"), {"uid": env.uid})
        for node in arch.iter("filter")
        if node.get("domain", "").startswith("[('")
    }


def find_lines(name: str) -> Prepare:
    """The first page of _Lines to Promise_ with one filter."""

    def prepare(env: api.Environment, site: Site, count: int) -> Action:
        action = env.ref("ato_mixed_sales.sale_order_line_action_to_promise").sudo()
        filters = _filters(env, action.search_view_id.xml_id)
        domain = safe_eval(action.domain) + filters[name]
        return _list(env, action.view_id.xml_id, domain, count)

    return prepare


def find_orders(name: str) -> Prepare:
    """The first page of the list of orders with one filter."""

    def prepare(env: api.Environment, site: Site, count: int) -> Action:
        domain = _filters(env, "sale.view_sales_order_filter")[name]
        orders = env["sale.order"]
        specification = client.list_specification(orders, "sale.view_order_tree")
        return lambda: orders.web_search_read(domain, specification, limit=count)

    return prepare


def group_lines(env: api.Environment, site: Site, count: int) -> Action:
    """Lines that miss something, counted by product and order."""
    action = env.ref("ato_mixed_sales.sale_order_line_action_to_promise").sudo()
    filters = _filters(env, action.search_view_id.xml_id)
    domain = safe_eval(action.domain) + filters["missing"]
    lines, groups = env["sale.order.line"], ["product_id", "order_id"]
    return lambda: lines.formatted_read_group(domain, groups, ["__count"])


def list_lines(env: api.Environment, site: Site, count: int) -> Action:
    domain = [("display_type", "=", False)]
    return _list(env, "sale.view_order_line_tree", domain, count)


def _list(env: api.Environment, view: str, domain: list, count: int) -> Action:
    lines = env["sale.order.line"]
    specification = client.list_specification(lines, view)
    return lambda: lines.web_search_read(domain, specification, limit=count)


def confirm_simple(env: api.Environment, site: Site, count: int) -> Action:
    return site.order(env, "simple", count).action_confirm


def create_simple(env: api.Environment, site: Site, count: int) -> Action:
    order = site.order(env, "simple", count)
    customer, products = order.partner_id.id, order.order_line.product_id.ids
    return lambda: create_order(env, customer, products)


def deliver_simple(env: api.Environment, site: Site, count: int) -> Action:
    return _deliver(site, site.order(env, "simple order", count).picking_ids)


def open_simple(env: api.Environment, site: Site, count: int) -> Action:
    return _open(site.order(env, "simple", count))


def deliver(env: api.Environment, site: Site, count: int) -> Action:
    return _deliver(site, site.order(env, "delivery", count).picking_ids)


def _deliver(site: Site, picking) -> Action:
    def validate() -> None:
        picking.with_context(skip_sms=True).button_validate()
        if picking.state != "done":
            raise RuntimeError(f"{picking.name} did not leave in {site.database}")

    return validate


def open_quotation(env: api.Environment, site: Site, count: int) -> Action:
    return _open(site.order(env, "quotation", count))


def open_order(env: api.Environment, site: Site, count: int) -> Action:
    return _open(site.order(env, "order", count))


def _open(order) -> Action:
    specification = client.form_specification(order)
    return lambda: order.web_read(specification)


CONFIRM = Scenario(
    "confirm",
    "Confirm a quotation",
    (1, 10, 100, 500),
    (
        Variant("ours", "ours", confirm),
        Variant("core", "core", confirm),
        Variant("core, add-on installed", "ours", confirm_plain, longest=100),
    ),
    goal=0.5,
    note="Ours: 6 from stock and 4 to assemble on each line, draft assembly orders "
    "adopted, both moves, a hard link. Core: the same products with the route "
    "_Replenish on Order_, its rule set to _Take From Stock, if unavailable, "
    "Trigger Another Rule_, in a database without the add-on; and the same rule "
    "in the database with the add-on, for what it costs those who do not use it.",
)


def _beside(
    key: str, title: str, counts: tuple[int, ...], ours: Prepare, core: Prepare, **more
) -> Scenario:
    """Something of which the cost is for the whole, in both databases."""
    variants = Variant("ours", "ours", ours), Variant("core", "core", core)
    return Scenario(key, title, counts, variants, **{"per_line": False, **more})


# What is typed in a form is two requests each: see `typed`.
TYPED = (
    _beside(
        "type_quantity",
        "Type a quantity in a line of a quotation",
        (20, 100),
        typed.type_quantity,
        typed.type_quantity,
        goal=1.5,
        note="Both requests, of the line and of the order. All lines share "
        "their components, so that all figures are worked out again.",
    ),
    _beside(
        "type_part",
        "Type the quantity to assemble in a line of a quotation",
        (20, 100),
        typed.type_part,
        typed.type_quantity,
        goal=1.5,
        note="Core: a quantity.",
    ),
    _beside(
        "add_line",
        "Add a line to a quotation",
        (20, 100),
        typed.add_line,
        typed.add_line,
        goal=1.5,
        note="A new line, its product, and the order with it.",
    ),
    _beside(
        "save_quantity",
        "Type a quantity in a line of a quotation, and save it",
        (20, 100),
        typed.save_quantity,
        typed.save_quantity,
        goal=1.5,
        note="Saving alone, and reading the form again.",
    ),
)

# What the add-on costs those who have it and do not use it.
UNUSED = (
    _beside(
        "unused_rule",
        "Confirm by Odoo's own rule, with the add-on installed",
        (10, 100),
        confirm_plain,
        confirm,
        goal=1.02,
    ),
    _beside(
        "simple_create",
        "Create a quotation of plain products",
        (10, 100),
        create_simple,
        create_simple,
        goal=1.02,
    ),
    _beside(
        "simple_confirm",
        "Confirm an order of plain products",
        (10, 100),
        confirm_simple,
        confirm_simple,
        goal=1.02,
    ),
    _beside(
        "simple_deliver",
        "Validate a delivery of plain products",
        (10, 100),
        deliver_simple,
        deliver_simple,
        goal=1.02,
    ),
    _beside(
        "simple_open",
        "Open a quotation of plain products",
        (10, 100),
        open_simple,
        open_simple,
        goal=1.02,
    ),
    _beside(
        "simple_type",
        "Type a quantity in a line of a plain product",
        (10, 100),
        typed.type_simple,
        typed.type_simple,
        goal=1.02,
    ),
)

ALL = (
    CONFIRM,
    Scenario(
        "create",
        "Create a quotation",
        (1, 10, 100),
        (Variant("ours", "ours", create_mixed), Variant("core", "core", create)),
        goal=3.0,
        note="Ours makes the draft assembly order of each line with its components; "
        "core makes nothing before the confirmation.",
    ),
    Scenario(
        "assemble_more",
        "Assemble one more (A from 4 to 5) on one line of a confirmed order",
        (1, 10, 100, 300),
        (
            Variant("ours", "ours", assemble_more),
            Variant("core", "core", order_more),
        ),
        per_line=False,
        note="Odoo has no such change; the nearest is ordering one more.",
    ),
    Scenario(
        "assemble_less",
        "Assemble one less (A from 4 to 3) on one line of a confirmed order",
        (1, 10, 100, 300),
        (
            Variant("ours", "ours", assemble_less),
            Variant("core", "core", order_more),
        ),
        per_line=False,
        note="As above.",
    ),
    Scenario(
        "order_more",
        "Order one more on one line of a confirmed order",
        (1, 10, 100, 300),
        (Variant("ours", "ours", order_more), Variant("core", "core", order_more)),
        per_line=False,
    ),
    Scenario(
        "cancel",
        "Cancel a confirmed order",
        (1, 10, 100),
        (Variant("ours", "ours", cancel), Variant("core", "core", cancel)),
        note="Nothing has been made or delivered. Ours cancels the assembly orders as "
        "well; Odoo alone leaves them to be made.",
    ),
    Scenario(
        "panel",
        "Availability panel of a quotation",
        (1, 10, 100, 300),
        (Variant("ours", "ours", panel), Variant("core", "core", popover)),
        note="Core: the figures behind its availability icon, for all lines.",
    ),
    Scenario(
        "list",
        "List of order lines",
        (80, 1000),
        (
            Variant("ours", "ours", list_to_promise),
            Variant("core", "core", list_lines),
        ),
        goal=2.5,
        note="Ours: _Lines to Promise_, all lines. Core: its list of order lines, "
        "which shows no availability.",
    ),
    Scenario(
        "search",
        "Find the lines that lack something",
        (80,),
        (Variant("ours", "ours", search_to_promise),),
        per_line=False,
        note="_Lines to Promise_ as it opens: a page of 80, found by figures that are "
        "worked out for all lines of the database.",
    ),
    Scenario(
        "deliver",
        "Validate a delivery",
        (1, 10, 100),
        (Variant("ours", "ours", deliver), Variant("core", "core", deliver)),
        goal=1.2,
        note="Everything is made and reserved. Ours has two moves for each line.",
    ),
    Scenario(
        "open_quotation",
        "Open a quotation",
        (1, 300),
        (
            Variant("ours", "ours", open_quotation),
            Variant("core", "core", open_quotation),
        ),
        per_line=False,
        goal=1.1,
        note="`web_read` with what the form of each database asks for; the client "
        "shows 200 lines on a page.",
    ),
    Scenario(
        "open_order",
        "Open a confirmed order",
        (1, 300),
        (Variant("ours", "ours", open_order), Variant("core", "core", open_order)),
        per_line=False,
        goal=1.1,
        note="As above.",
    ),
    *TYPED,
    *UNUSED,
)


def _find(key: str, title: str, prepare: Prepare) -> Scenario:
    variants = (Variant("ours", "ours", prepare),)
    return Scenario(f"find_{key}", title, (80,), variants, per_line=False)


# What is found in a big database, by figures that no column has.
FOUND = (
    *(
        _find(name, f"Lines to Promise: {title}", find_lines(name))
        for name, title in (
            ("missing", "Missing Quantity"),
            ("late", "Late"),
            ("could_use_stock", "Stock Could Be Used"),
            ("components_short", "Components Short"),
        )
    ),
    _find("grouped", "Lines to Promise: missing, by product and order", group_lines),
    *(
        _find(f"orders_{name}", f"Orders: {title}", find_orders(name))
        for name, title in (
            ("to_decide", "To Decide"),
            ("to_assemble", "To Assemble"),
            ("ready", "Ready to Ship"),
            ("shipped", "Shipped"),
            ("missing", "Missing Quantity"),
            ("late", "Late"),
            ("could_use_stock", "Stock Could Be Used"),
            ("components_short", "Components Short"),
            ("bin_warning", "Wrong Bin"),
        )
    ),
)

# All the same, with as many lines as are there in a big database.
BIG_COUNT = 100
BIG = (
    *FOUND,
    *(
        replace(scenario, counts=(max(n for n in scenario.counts if n <= BIG_COUNT),))
        for scenario in ALL
    ),
)
