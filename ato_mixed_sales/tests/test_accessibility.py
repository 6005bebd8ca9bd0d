# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import os
from pathlib import Path

from odoo.tests import new_test_user, tagged

from .kinds import get_fields
from .test_tours import TourCommon
from .typist import AtTheKeyboard

# What is ours on pages of Odoo, and looked at: our components, our dialogs with all
# that is in them, and the fields and buttons that our views put there.
COMPONENTS = (
    "[class*='o_assembly']",
    "[class*='o_qty_to_assemble']",
    ".o_widget_qty_at_date_widget",
    ".o_popover",
    "button[name='action_open_assembly_shipment']",
    ".modal .modal-content",
)
MODELS = ("sale.order", "sale.order.line", "stock.picking", "stock.move")
PLACES = (".o_field_widget[name='{}']", "td[name='{}']", "th[data-name='{}']")
# What Odoo puts into the cell of any list that is edited: it has no label
ODOOS = "td.o_data_cell .o_field_float input.o_input"
CHECK = """
(async () => {
    const ours = %(ours)s;
    // nothing is judged while it fades in, or its figures are still coming
    await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})));
    for (let tries = 0; tries < 300; tries++) {
        if (!document.querySelector("[class*='o_assembly'][aria-busy='true']")) {
            break;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const include = [...document.querySelectorAll(ours.join(", "))].filter((element) =>
        element.checkVisibility()
    );
    if (!include.length) {
        return ["nothing of ours is on the screen"];
    }
    const exclude = [...document.querySelectorAll(%(odoos)s)];
    const results = await axe.run({include, exclude}, {resultTypes: ["violations"]});
    return results.violations
        .filter(({impact}) => ["serious", "critical"].includes(impact))
        .flatMap(({id, nodes}) =>
            nodes.map(({html, failureSummary}) =>
                [id, html.slice(0, 300), failureSummary].join("\\n")
            )
        );
})()
"""


@tagged("post_install", "-at_install")
class TestAccessibility(AtTheKeyboard, TourCommon):
    """What axe-core calls serious or critical is found in nothing of ours."""

    browser_size = "1920x1080"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.axe = os.environ.get("ATO_AXE")
        cls.user = new_test_user(
            cls.env,
            login="ato_accessible",
            groups="sales_team.group_sale_salesman_all_leads,"
            "stock.group_stock_user,mrp.group_mrp_user",
            company_id=cls.company.id,
        )
        cls._set_stock(cls.desk, 20)

    def test_screens(self):
        """Quotation, order, panel, transfers, and the dialogs that they open."""
        if not self.axe:
            self.skipTest("tools/test sees to axe-core")
        quotation = self._create_order((self.desk, 10, 2), (self.lamp, 2))
        order = self._create_order((self.desk, 10, 4), (self.lamp, 2))
        order.action_confirm()
        pages = {
            "quotation": f"/odoo/sales/{quotation.id}",
            "order": f"/odoo/sales/{order.id}",
            "transfer": "/odoo/action-stock.action_picking_tree_all/"
            f"{order.picking_ids.id}",
            "transfers": "/odoo/action-stock.action_picking_tree_all",
            "to promise": "/odoo/action-ato_mixed_sales."
            "sale_order_line_action_to_promise",
        }
        ours = self._get_ours()
        with self._sit_down(self.user) as typist:
            problems = {
                name: found
                for name, found in self._look_at(typist, pages, ours)
                if found
            }
        self.assertFalse(
            problems,
            "\n\n".join(
                f"{name}: {text}" for name, found in problems.items() for text in found
            ),
        )

    def _get_ours(self):
        names = set().union(*(get_fields(self.env, model) for model in MODELS))
        fields = [place.format(name) for name in sorted(names) for place in PLACES]
        return [*COMPONENTS, *fields]

    def _look_at(self, typist, pages, ours):
        """(name, problems) of each screen.

        What Odoo shows elsewhere on the page is not looked at: its muted texts and
        coloured badges have too little contrast, with us and without.
        """
        code = CHECK % {"ours": json.dumps(ours), "odoos": json.dumps(ODOOS)}
        axe = Path(self.axe).read_text()

        def check(name):
            return name, typist.ask(code)

        def open_page(name, shown):
            typist.open(pages[name], shown)
            typist.ask(f"{axe}; 1")
            return check(name)

        def open_dialog(name, button, mistake=None):
            typist.click(button)
            typist.wait("document.querySelector('.modal .o_data_row')")
            yield check(name)
            if mistake:
                mistake()
                yield check(f"{name}, impossible")
            typist.click(".modal .btn-close")
            typist.wait("!document.querySelector('.modal')")

        yield open_page("quotation", ".o_assembly_row")
        typist.click(".o_assembly_toggle[aria-expanded='false']")
        typist.wait("document.querySelector('.o_assembly_details')")
        yield check("unfolded")
        yield from open_dialog("Reserve", "[data-action='action_open_reservation']")
        yield from open_dialog(
            "components", "[data-action='action_open_assembly_components']"
        )
        typist.click(".o_assembly_chip_button")
        typist.wait("document.querySelector('.o_popover .o_assembly_popover')")
        yield check("popover")
        yield open_page("order", ".o_assembly_chip_button")
        ship = "button[name='action_open_assembly_shipment']"

        def ship_too_many():
            cell = ".modal td[name='qty_to_ship']"
            typist.click(cell)
            typist.wait(f"document.activeElement.matches(`{cell} input`)")
            typist.type("99", "Tab")
            typist.wait(f"document.querySelector(`{cell} .text-danger`)")
            warning = "document.querySelector('.modal .alert')?.innerText"
            typist.wait(f"{warning}?.includes('99.00 Units cannot be shipped')")

        yield from open_dialog("Ship", ship, ship_too_many)
        yield open_page("transfer", ".o_field_widget[name='ato_qty_to_assemble']")
        yield open_page("transfers", "th[data-name='ato_qty_to_assemble']")
        yield open_page("to promise", ".o_data_row")
