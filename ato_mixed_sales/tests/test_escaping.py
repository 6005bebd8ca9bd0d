# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import tagged

from .common import AssembleToOrderCommon

NAMES = ("Screw <M5>", "Nuts & Bolts", "<b>Bold</b>", "<img src=x onerror=alert(1)>")


@tagged("post_install", "-at_install")
class TestEscaping(AssembleToOrderCommon):
    """Names of products, orders and bins are text wherever we put them into HTML."""

    def _sell(self, name, **values):
        """10 of a product of that name, 4 to assemble; its order is named so too."""
        product = self._create_product(name, components={self.leg: 4})
        self._set_stock(product, 6)
        order = self._create_order((product, 10, 4), user_id=self.seller.id, **values)
        order.name = f"{name} of order"
        return order.order_line

    def assertText(self, body, *texts):
        """The texts are read in the HTML as they are, and no tag is among them."""
        root = html.fragment_fromstring(body, create_parent="div")
        shown = root.text_content()
        for text in texts:
            self.assertIn(text, shown)
        tags = {element.tag for element in root.iterdescendants()}
        self.assertLessEqual(tags, {"p", "br", "ul", "li", "div", "span", "a"}, body)
        self.assertFalse(root.xpath(".//@onerror | .//@src"), body)

    def _get_note(self, order):
        [activity] = order.activity_ids
        return activity.note

    def test_planner_cancels(self):
        for name in NAMES:
            with self.subTest(name=name):
                line = self._sell(name)
                line.order_id.action_confirm()
                line.assembly_order_ids.name = f"{name} of floor"
                line.assembly_order_ids.action_cancel()
                note = self._get_note(line.order_id)
                self.assertText(
                    note, f"of {name} no longer", f"from {name} of floor but"
                )

    def test_delivery_is_given_up(self):
        for name in NAMES:
            with self.subTest(name=name):
                line = self._sell(name)
                line.order_id.action_confirm()
                line.order_id.picking_ids.action_cancel()
                self.assertText(
                    self._get_note(line.order_id), f"{name} are not delivered"
                )

    def test_hold_is_taken_away(self):
        """The name of the location is somebody's text as well."""
        for name in NAMES:
            with self.subTest(name=name):
                line = self._sell(name)
                line.action_reserve_stock()
                self.stock.name = f"{name} shelf"
                self._set_stock(line.product_id, 1)
                note = self._get_note(line.order_id)
                self.assertText(note, f"of {name}, held", f"{name} shelf: reserve")

    def test_chatter(self):
        """Split changed, stock let go, bin wrong, order that goes on for stock."""
        for name in NAMES:
            with self.subTest(name=name):
                self.stock.name = "Stock"
                wrong = self.env["stock.location"].create(
                    {"name": f"{name} bin", "location_id": self.stock.id}
                )
                line = self._sell(name)
                order = line.order_id
                line.action_reserve_stock()
                line.qty_to_assemble_to_order = 9
                line.bin_location_id = wrong
                order.action_confirm()
                line.qty_to_assemble_to_order = 7
                bodies = order.message_ids.mapped("body")
                for body in bodies:
                    self.assertText(body)
                told = [body for body in bodies if "to assemble" in body]
                self.assertTrue(told)
                self.assertText(told[0], f"{name}: to assemble 9.00 Units → 7.00")
                warned = [body for body in bodies if " bin" in body]
                self.assertTrue(warned)
                self.assertText(warned[0], f"{name} bin")
                released = [body for body in bodies if "No longer reserved" in body]
                self.assertTrue(released)
                self.assertText(released[0], f"Units of {name}")
                floor = line.assembly_order_ids
                self.assertText("".join(floor.message_ids.mapped("body")))

    def test_split_and_merged(self):
        for name in NAMES:
            with self.subTest(name=name):
                line = self._sell(name)
                line.action_split_by_source()
                line.action_merge_sources()
                bodies = line.order_id.message_ids.mapped("body")
                said = [body for body in bodies if name.split()[-1][:3] in body]
                self.assertTrue(bodies)
                for body in bodies + said:
                    self.assertText(body)

    def test_notification(self):
        """Text for the screen stays text: the web client escapes it."""
        for name in NAMES:
            line = self._sell(name)
            params = line.action_reserve_stock()["params"]
            self.assertIn(f"{name}: 6.00 Units", params["message"])
            self.assertNotIn("links", params)
