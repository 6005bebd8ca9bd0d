# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_tours import PlannerTourCommon
from .typist import AtTheKeyboard

SHIP = "button[name='action_open_assembly_shipment']"
# What is not whole on the screen: headers, cells, and the list itself
CUT = """
    (() => {
        const list = document.querySelector(".modal .o_list_renderer");
        const texts = list.querySelectorAll("th .text-truncate, .o_data_cell");
        return [list, ...texts]
            .filter((el) => el.scrollWidth > el.clientWidth)
            .map((el) => el.innerText);
    })()
"""


@tagged("post_install", "-at_install")
class TestShipmentScreen(AtTheKeyboard, PlannerTourCommon):
    """The dialog *Ship...* on a laptop."""

    browser_size = "1366x768"

    def test_lots_are_seen(self):
        """All columns, with units and lots, in both languages: nothing is cut off."""
        self.env["res.lang"]._activate_lang("de_DE")
        modules = ["uom", "ato_mixed_sales"]
        self.env["ir.module.module"]._load_module_terms(modules, ["de_DE"])
        units = self.env.ref("uom.group_uom")
        self.env.ref("base.group_user").implied_ids |= units
        clock = self._create_product("Kettle Serial", {self.leg: 1}, tracking="serial")
        self._set_stock(self.leg, 20)
        order = self._create_order((clock, 40, 20))
        order.action_confirm()
        path = f"/odoo/action-stock.action_picking_tree_all/{order.picking_ids.id}"
        for lang in ("en_US", "de_DE"):
            self.planner.lang = lang
            with self.subTest(lang=lang), self._sit_down(self.planner) as typist:
                typist.open(path, SHIP)
                typist.click(SHIP)
                typist.wait("document.querySelector(`.modal th[data-name='lot_ids']`)")
                self.assertEqual(typist.ask_settled(CUT), [])
