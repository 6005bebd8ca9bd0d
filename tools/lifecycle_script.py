"""What happens in the database of `tools/lifecycle`; not to be run by itself."""

import sys

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

BATCH = 250
ADDON = "ato_mixed_sales"


def fill(env, orders):
    """Confirmed orders with open deliveries, as a shop has that installs the add-on."""
    lamp = env["product.product"].create({"name": "Lamp", "is_storable": True})
    env["stock.quant"]._update_available_quantity(
        lamp, _warehouse(env).lot_stock_id, orders
    )
    customer = env["res.partner"].create({"name": "Northwind Offices"})
    for start in range(0, int(orders), BATCH):
        batch = env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [
                        Command.create({"product_id": lamp.id, "product_uom_qty": 2})
                    ],
                }
                for _number in range(min(BATCH, int(orders) - start))
            ]
        )
        batch.action_confirm()
        env.cr.commit()
        env.invalidate_all()


def sell(env):
    """A mixed order, and a quotation that holds; with the previous version."""
    desk = _desk(env)
    _order(env, desk, "LIFE-ORDER").action_confirm()
    quotation = _order(env, desk, "LIFE-QUOTATION")
    quotation.order_line.action_reserve_stock()
    assert quotation.order_line.reserved_stock_qty == 6


def check_update(env):
    """The open lines have a bin proposed, and nothing else is different."""
    module = env["ir.module.module"].search([("name", "=", ADDON)])
    assert module.latest_version == module.installed_version, module.latest_version
    orders = _find(env, "LIFE-ORDER") | _find(env, "LIFE-QUOTATION")
    lines = orders.order_line
    assert all(line.bin_location_id.name == "Shelf" for line in lines)
    assert [line.qty_to_assemble_to_order for line in lines] == [4, 4]
    assert [line.reserved_stock_qty for line in lines] == [6, 6]


def uninstall(env):
    env["ir.module.module"].search([("name", "=", ADDON)]).button_immediate_uninstall()


def deliver_without(env):
    """Holds are let go, the open mixed order can be made and delivered, views open."""
    desk = env["product.product"].search([("name", "=", "Life Desk")])
    order = _find(env, "LIFE-ORDER")
    held = sum(desk.stock_quant_ids.mapped("reserved_quantity"))
    assert held == 6, f"{held} held: the hold of the quotation was not let go"
    drafts = env["mrp.production"].search_count([("state", "=", "draft")])
    assert not drafts, f"{drafts} draft orders of quotations are left behind"
    env["mrp.production"].search(
        [("product_id", "=", desk.id), ("state", "=", "confirmed")]
    ).button_mark_done()
    delivery = order.picking_ids
    delivery.action_assign()
    delivery.move_ids.picked = True
    delivery.with_context(skip_backorder=True).button_validate()
    assert delivery.state == "done", delivery.state
    assert order.order_line.qty_delivered == 10
    _find(env, "LIFE-QUOTATION").action_confirm()
    _open_views(env)
    names = ("qty_to_assemble_to_order", "ato_supply", "ato_hold_line_id")
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE column_name IN %s",
        (names,),
    )
    assert not env.cr.fetchall(), "columns are left behind"


def sell_again(env):
    """The add-on works as on the first day."""
    desk = _desk(env)
    order = _order(env, desk, "LIFE-AGAIN")
    order.action_confirm()
    order.order_line.assembly_order_ids.button_mark_done()
    delivery = order.picking_ids
    delivery.move_ids.picked = True
    delivery.button_validate()
    assert order.order_line.qty_delivered == 10
    assert order.order_line.qty_assembled == 4
    _open_views(env)


def _open_views(env):
    """Every view of the models that the add-on extends can be shown."""
    for model in (
        "sale.order",
        "sale.order.line",
        "stock.picking",
        "stock.move",
        "stock.warehouse",
        "mrp.production",
        "product.template",
        "product.product",
        "res.config.settings",
    ):
        views = env["ir.ui.view"].search([("model", "=", model)])
        for view in views.filtered(lambda v: v.mode == "primary"):
            env[model].get_view(view.id, view.type)


def _desk(env):
    location = env["stock.location"].create(
        {"name": "Shelf", "location_id": _warehouse(env).lot_stock_id.id}
    )
    product, part = env["product.product"].create(
        [
            {"name": "Life Desk", "is_storable": True},
            {"name": "Life Part", "is_storable": True},
        ]
    )
    env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "bom_line_ids": [Command.create({"product_id": part.id})],
        }
    )
    quants = env["stock.quant"]
    quants._update_available_quantity(product, location, 12)
    quants._update_available_quantity(part, location, 100)
    return product


def _order(env, product, name):
    return env["sale.order"].create(
        {
            "name": name,
            "partner_id": env["res.partner"].search([], limit=1).id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": 10,
                        "qty_to_assemble_to_order": 4,
                    }
                )
            ],
        }
    )


def _find(env, name):
    return env["sale.order"].search([("name", "=", name)])


def _warehouse(env):
    return env["stock.warehouse"].search([], limit=1)


def main(database, step, *arguments):
    config.parse_config(["-d", database, "--log-level=warn"])
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        globals()[step](env, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
