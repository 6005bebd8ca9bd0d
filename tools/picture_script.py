"""The pictures of both flows; pytest runs this for `tools/screenshots` only."""

import base64
from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, common, new_test_user, tagged

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "ato_mixed_sales" / "static" / "description"

QUOTATION = ".o_assembly_row"
COMPONENTS = "[data-action='action_open_assembly_components']"
ASSEMBLE_MISSING = "[data-action='action_assemble_missing']"
DETAILS = ".o_assembly_details"
# Click if there is something to click, and wait until everything is on the screen.
CODE = """
    document.querySelector(`{click}`)?.click();
    const timer = setInterval(() => {{
        const images = [...document.images];
        const shown = document.querySelector(`{shown}`);
        if (shown && images.every((i) => i.complete)) {{
            clearInterval(timer);
            document.activeElement.blur();
            shown.scrollIntoView({{block: "nearest"}});
            document.fonts.ready.then(() => console.log("test successful"));
        }}
    }}, 200);
"""


class Camera(common.ChromeBrowser):
    """A browser that takes a picture when its code has succeeded."""

    target: Path

    def _wait_code_ok(self, *args, **kwargs):
        self._websocket_request(
            "Emulation.setScrollbarsHidden", params={"hidden": True}
        )
        super()._wait_code_ok(*args, **kwargs)
        picture = self._websocket_request("Page.captureScreenshot")
        self.target.write_bytes(base64.b64decode(picture["data"]))


@tagged("post_install", "-at_install")
class TestPictures(HttpCase):
    browser_size = "1366x768"

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(common, "ChromeBrowser", Camera))
        self.seller = new_test_user(
            self.env,
            login="picture_seller",
            name="Mia Seller",
            groups="sales_team.group_sale_salesman",
        )
        self.planner = new_test_user(
            self.env,
            login="picture_planner",
            name="Paul Planner",
            groups="stock.group_stock_user,mrp.group_mrp_user",
        )

    def test_take_from_stock(self):
        order = self._get_order("sale_order_take_from_stock")
        order.order_line.qty_to_assemble_to_order = 4
        self._sales_picture("take_from_stock_quotation", order)
        self._sales_picture(
            "take_from_stock_components",
            order,
            click=COMPONENTS,
            shown=".modal .o_data_row",
        )
        self._sales_picture(
            "take_from_stock_reservation",
            order,
            click="[data-action='action_open_reservation']",
            shown=".modal .o_data_row",
        )
        order.action_confirm()
        self._sales_picture("take_from_stock_order", order)
        self._planner_picture(
            "take_from_stock_shipment",
            "stock.action_picking_tree_all",
            order.sudo().picking_ids,
            click="button[name='action_open_assembly_shipment']",
            shown=".modal .o_data_row",
        )
        assembly = order.order_line.assembly_order_ids.with_user(self.planner)
        self._planner_picture(
            "take_from_stock_assembly", "mrp.mrp_production_action", assembly
        )
        assembly.button_mark_done()
        self._planner_picture(
            "take_from_stock_delivery",
            "stock.action_picking_tree_all",
            order.sudo().picking_ids,
        )

    def test_make_to_order(self):
        order = self._get_order("sale_order_make_to_order")
        self._sales_picture("make_to_order_proposal", order)
        order.order_line.qty_to_assemble_to_order = 6
        self._sales_picture("make_to_order_quotation", order)
        order.action_confirm()
        self._sales_picture("make_to_order_order", order)

    def test_availability(self):
        order = self._get_order("sale_order_take_from_stock")
        self._sales_picture("availability_missing", order)
        self._sales_picture(
            "availability_answered",
            order,
            click=ASSEMBLE_MISSING,
            shown=".o_assembly_done",
        )
        order.invalidate_recordset()
        order.action_confirm()
        self._unfolded_picture("availability_order", order)
        order = self._get_order("sale_order_make_to_order")
        self._sales_picture("availability_could_use_stock", order)
        order.order_line.product_uom_qty = 80
        self._unfolded_picture("availability_components_short", order)

    def test_availability_on_phone(self):
        self.browser_size = "375x667"
        order = self._get_order("sale_order_take_from_stock")
        self._sales_picture("availability_phone", order)

    def test_bins(self):
        users, locations = self.env.ref("base.group_user"), self.env["stock.location"]
        users.implied_ids |= self.env.ref("stock.group_stock_multi_locations")
        order = self._get_order("sale_order_take_from_stock")
        line, warehouse = order.order_line, order.sudo().warehouse_id
        output = locations.create(
            {"name": "Assembled", "location_id": warehouse.lot_stock_id.id}
        )
        warehouse.ato_shipment_location_id = output
        line.write({"qty_to_assemble_to_order": 4, "bin_location_id": output.id})
        warning = ".o_form_view .alert-warning"
        self._sales_picture("bin_warning", order, shown=warning)
        self._sales_picture(
            "bin_mended",
            order,
            click="button[name='action_mend_bins']",
            shown=f".o_form_view:not(:has({warning}))",
        )
        self._sales_picture(
            "split_by_source",
            order,
            click="[data-action='action_split_by_source']",
            shown="[name=order_line] .o_data_row + .o_data_row",
        )

    def test_lines_to_promise(self):
        self._get_order("sale_order_take_from_stock")
        self._get_order("sale_order_make_to_order")
        self._picture(
            "lines_to_promise",
            "/odoo/action-ato_mixed_sales.sale_order_line_action_to_promise",
            ".o_list_view .o_data_row",
            self.seller,
        )

    def _get_order(self, name):
        order = self.env.ref(f"ato_mixed_sales.{name}")
        order.user_id = self.seller
        return order.with_user(self.seller)

    def _sales_picture(self, name, order, click="", shown=QUOTATION):
        self._picture(
            name, f"/odoo/sales/{order.id}", QUOTATION, self.seller, click, shown
        )

    def _unfolded_picture(self, name, order):
        toggle = ".o_assembly_toggle[aria-expanded='false']"
        self._sales_picture(name, order, click=toggle, shown=DETAILS)

    def _planner_picture(self, name, action, record, click="", shown=None):
        row, url = ".o_form_view .o_data_row", f"/odoo/action-{action}/{record.id}"
        self._picture(name, url, row, self.planner, click, shown)

    def _picture(self, name, url, ready, user, click="", shown=None):
        Camera.target = FOLDER / f"{name}.png"
        self.browser_js(
            url,
            CODE.format(click=click or "nothing", shown=shown or ready),
            ready=f"document.querySelector(`{ready}`) !== null",
            login=user.login,
        )
