"""What a screen shows and what it asks for; pytest runs this for `tools/screenshots`.

Pictures of each screen at several widths and in two languages, to be looked at, and the
clicks and keys of the two flows of the README, beside what they take without us.
"""

import base64
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.ato_mixed_sales.tests.typist import AtTheKeyboard, Typist

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".local" / "screens"
REPORT = ROOT / "docs" / "screen.md"

SIZES = {"1366": (1366, 768), "1536": (1536, 864), "1920": (1920, 1080)}
PHONE = (375, 667)
LANGUAGES = {"en": "en_US", "de": "de_DE"}
TRANSLATED = (
    *("base", "web", "mail", "product", "uom", "account", "sale", "sale_management"),
    *("stock", "sale_stock", "mrp", "sale_mrp", "ato_mixed_sales"),
)
GROUPS = "sales_team.group_sale_manager,stock.group_stock_manager,mrp.group_mrp_manager"
ROW = ".o_form_view .o_data_row"
CARD = ".o_kanban_record:not(.o_kanban_ghost), .o_list_view .o_data_row"
DIALOG_ROW = ".modal .o_data_row"
BACK = ".o_breadcrumb .o_back_button a, .o_breadcrumb a.o_back_button"
SHIP = "button[name='action_open_assembly_shipment']"


class ScreenCase(AtTheKeyboard, HttpCase):
    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self.seller = new_test_user(
            self.env, login="screen_seller", name="Mia Seller", groups=GROUPS
        )

    def _get_order(self, name):
        order = self.env.ref(f"ato_mixed_sales.{name}")
        order.user_id = self.seller
        return order

    @contextmanager
    def _look(self):
        with self._sit_down() as typist:
            typist.browser._websocket_request(
                "Emulation.setScrollbarsHidden", params={"hidden": True}
            )
            yield typist


@tagged("post_install", "-at_install")
class TestWidths(ScreenCase):
    """Pictures into .local/screens, to be looked at."""

    def test_widths(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.env["res.lang"]._activate_lang("de_DE")
        modules = self.env["ir.module.module"].search([("name", "in", TRANSLATED)])
        modules._update_translations(["de_DE"])
        pages = self._get_pages()
        for language, code in LANGUAGES.items():
            self.seller.lang = code
            with self._look() as typist:
                for name, (url, *steps) in pages.items():
                    self._resize(typist, SIZES["1366"])
                    self._go(typist, url, steps)
                    for width, size in SIZES.items():
                        self._resize(typist, size)
                        self._take(typist, f"{name}_{language}_{width}")
                self._resize(typist, PHONE, mobile=True)
                for name in ("quotation", "order", "to_promise"):
                    self._go(typist, pages[name][0], [CARD])
                    typist.ask(
                        f"document.querySelector(`{CARD}`).scrollIntoView("
                        "{block: 'center'})"
                    )
                    self._take(typist, f"{name}_{language}_phone")

    def _get_pages(self):
        """{name: (address, what is shown, what is clicked, what is shown then)}"""
        quotation = self._get_order("sale_order_take_from_stock")
        touring = self._get_order("sale_order_make_to_order").order_line.product_id
        lock = self.env.ref("ato_mixed_sales.product_product_bike_lock")
        lines = [
            {"product_id": touring.id, "product_uom_qty": 10},
            {"product_id": lock.id, "product_uom_qty": 2},
        ]
        quotation.order_line = [Command.create(values) for values in lines]
        order = quotation.copy({"user_id": self.seller.id})
        order.order_line[0].qty_to_assemble_to_order = 4
        order.action_confirm()
        # six again for the quotation
        self.env["stock.quant"]._update_available_quantity(
            order.order_line[0].product_id, order.warehouse_id.lot_stock_id, 6
        )
        sale = "/odoo/sales/{}".format
        transfers = "/odoo/action-stock.action_picking_tree_all"
        reserve = "[data-action='action_open_reservation']"
        return {
            "quotation": (sale(quotation.id), ROW),
            "order": (sale(order.id), ROW),
            "ship": (sale(order.id), ROW, SHIP, DIALOG_ROW),
            "reserve": (sale(quotation.id), reserve, reserve, DIALOG_ROW),
            "transfer": (f"{transfers}/{order.picking_ids[0].id}", ROW),
            "transfers": (transfers, ".o_list_view .o_data_row"),
            "to_promise": (
                "/odoo/action-ato_mixed_sales.sale_order_line_action_to_promise",
                ".o_list_view .o_data_row",
            ),
        }

    def _go(self, typist, url, steps):
        typist.open(url, steps[0])
        for clicked, shown in zip(steps[1::2], steps[2::2], strict=True):
            typist.click(clicked)
            typist.wait(f"document.querySelector(`{shown}`)")

    def _resize(self, typist, size, mobile=False):
        width, height = size
        typist.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": mobile,
            },
        )

    def _take(self, typist, name):
        # lists lay themselves out anew a moment after they have another width
        typist.ask("new Promise((resolve) => setTimeout(resolve, 600))")
        typist.wait("[...document.images].every((image) => image.complete)")
        picture = typist.browser._websocket_request("Page.captureScreenshot")
        (FOLDER / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))


class Counter(Typist):
    """Somebody whose clicks and keys are counted."""

    def __init__(self, typist):
        self.browser, self.base_url = typist.browser, typist.base_url
        self.clicks = self.keys = 0

    def click(self, selector, position=0):
        super().click(selector, position)
        self.clicks += 1

    def _press(self, key):
        super()._press(key)
        self.keys += 1

    def see(self, selector):
        self.wait(f"document.querySelector(`{selector}`)")


@tagged("post_install", "-at_install")
class TestClicks(ScreenCase):
    """The flows of the README, from the open quotation to the delivery: counted."""

    browser_size = "1920x1080"

    def test_flows(self):
        self._report(
            {
                name: self._count_both(self._get_order(name), sell)
                for name, sell in (
                    ("sale_order_take_from_stock", self._sell_from_stock),
                    ("sale_order_make_to_order", self._sell_to_order),
                )
            }
        )

    def _count_both(self, order, sell):
        """(clicks, keys) with us and without, with the same on the shelf."""
        order = order.sudo()
        line, twin = order.order_line, order.copy({"user_id": self.seller.id})
        on_shelf = line.free_qty_today
        ours = self._count(order, sell)
        self.env.invalidate_all()
        self.env["stock.quant"]._update_available_quantity(
            line.product_id,
            order.warehouse_id.lot_stock_id,
            on_shelf - line.product_id.free_qty,
        )
        self.env.invalidate_all()
        self.assertEqual(line.product_id.free_qty, on_shelf)
        return ours, self._count_by_hand(twin, line.product_uom_qty - on_shelf)

    def _count(self, order, sell):
        """(clicks, keys) of the flow with us."""
        with self._look() as typist:
            typist = Counter(typist)
            typist.open(f"/odoo/sales/{order.id}", ROW)
            sell(typist)
            typist.click("button[name='action_view_assembly_orders']")
            self._produce(typist)
            typist.click(BACK)
            self._deliver(typist)
            figures = typist.clicks, typist.keys
        self._check(order)
        return figures

    def _sell_from_stock(self, typist):
        """10 city bikes, 6 on the shelf: type 4, confirm."""
        self._type_to_assemble(typist, "4")
        self._confirm(typist)

    def _sell_to_order(self, typist):
        """10 touring bikes to order, 4 came back: lower 10 to 6, confirm, reserve."""
        self._type_to_assemble(typist, "6")
        self._confirm(typist)

    def _type_to_assemble(self, typist, figure):
        cell = f"{ROW} td[name='qty_to_assemble_to_order']"
        typist.click(cell)
        typist.wait(f"document.activeElement.matches(`{cell} input`)")
        typist.type(figure)

    def _confirm(self, typist):
        typist.click(".o_statusbar_buttons button[name='action_confirm']")
        typist.see("button[name='action_view_delivery']")

    def _produce(self, typist):
        typist.click(".o_statusbar_buttons button[name='button_mark_done']")
        typist.see(".o_arrow_button_current[data-value='done']")

    def _deliver(self, typist):
        typist.click("button[name='action_view_delivery']")
        typist.click(".o_statusbar_buttons button[name='button_validate']")
        typist.see(".o_arrow_button_current[data-value='done']")

    def _check(self, order):
        self.env.invalidate_all()
        self.assertEqual(order.order_line.qty_delivered, 10)

    def _count_by_hand(self, order, short):
        """(clicks, keys) without us: the planner makes an order of what is short.

        Nothing of ours is used, and nothing of ours makes anything.
        """
        product = order.order_line.product_id
        order.order_line.qty_to_assemble_to_order = 0
        order.company_id.uncovered_confirmation = "nothing"  # the question is ours
        with self._look() as typist:
            typist = Counter(typist)
            typist.open(f"/odoo/sales/{order.id}", ROW)
            self._confirm(typist)
            self._make_by_hand(typist, product, short)
            self._open_app(typist, "sale.sale_menu_root")
            typist.click("[data-menu-xmlid='sale.sale_order_menu']")
            typist.click("[data-menu-xmlid='sale.menu_sale_order']")
            typist.see(".o_list_view .o_data_row")
            typist.click(".o_list_view .o_data_row td[name='name']")
            typist.see(ROW)
            self._deliver(typist)
            figures = typist.clicks, typist.keys
        self._check(order)
        return figures

    def _open_app(self, typist, name):
        typist.click(".o_navbar_apps_menu button")
        typist.click(f".o_app[data-menu-xmlid='{name}']")
        typist.see(f".o_menu_brand, [data-menu-xmlid='{name}']")

    def _make_by_hand(self, typist, product, short):
        self._open_app(typist, "mrp.menu_mrp_root")
        typist.click("[data-menu-xmlid='mrp.menu_mrp_manufacturing']")
        typist.click("[data-menu-xmlid='mrp.menu_mrp_production_action']")
        typist.click(".o_list_button_add")
        chosen = "[name='product_id'] input"
        typist.click(chosen)
        typist.choose(chosen, product.name)
        typist.take("Enter")
        quantity = "[name='product_qty'] input"
        typist.click(quantity)
        typist.ask(f"document.querySelector(`{quantity}`).select()")
        typist.wait(f"document.activeElement.matches(`{quantity}`)")
        typist.type(f"{short:g}", "Tab")
        typist.click(".o_statusbar_buttons button[name='action_confirm']")
        self._produce(typist)

    def _report(self, counted):
        titles = {
            "sale_order_take_from_stock": "Take 6, make 4 (DEMO-1)",
            "sale_order_make_to_order": "Make 6, take 4 (DEMO-2)",
        }
        rows = [
            f"| {titles[name]} | {ours[0]} + {ours[1]} | {alone[0]} + {alone[1]} |"
            for name, (ours, alone) in counted.items()
        ]
        REPORT.write_text(TEXT.format(day=date.today(), rows="\n".join(rows)))


TEXT = """\
# Clicks and keys

Counted by `tools/screenshots clicks`, in a real browser with the demo data, on {day}.

Both flows of the [README](../README.md), from the open quotation of 10 to the delivery
of 10 that is done, by one person who sells, produces and delivers. Each figure is
_clicks + keys_.

| flow | with the add-on | Odoo alone |
| --- | ---: | ---: |
{rows}

- With the add-on: click the cell _To Assemble_, type the figure, confirm; _Assembly_,
  produce; back, _Delivery_, validate. What is assembled is the order's: nobody else can
  have it.
- Odoo alone: confirm; open _Manufacturing_, make an order of what is short, with its
  product and its quantity, which somebody has read off the availability of the line;
  produce; open the sales order again; _Delivery_, validate. Most of the keys are the
  name of the product, of which its first letters may do. What is made is anybody's:
  another delivery may take it first. It was counted in the same database, with nothing
  of the add-on used. Odoo's route _Replenish on Order_ with _Take From Stock, if
  unavailable, Trigger Another Rule_ spares the order made by hand, where somebody has
  set it up; then Odoo decides what is taken and what is made, at confirmation.
"""
