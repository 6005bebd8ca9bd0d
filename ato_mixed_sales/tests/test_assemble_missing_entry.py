# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .test_assemble_missing import MissingCommon


@tagged("post_install", "-at_install")
class TestMissingWhereverItComesFrom(MissingCommon, HttpCase):
    """Ten desks, six on the shelf: four are assembled, by whatever way they come in."""

    def test_quotation_template(self):
        """10 desks of a template; of the 6 there were, 1 is left at confirmation: 9."""
        template = self.env["sale.order.template"].create(
            {
                "name": "Office",
                "sale_order_template_line_ids": [
                    Command.create({"product_id": self.desk.id, "product_uom_qty": 10}),
                    Command.create({"product_id": self.lamp.id, "product_uom_qty": 2}),
                ],
            }
        )
        self.env.user.group_ids += self.env.ref(
            "sale_management.group_sale_order_template"
        )
        form = self._order_form()
        form.sale_order_template_id = template
        order = form.save()
        line = order.order_line[0]
        self.assertLine(line, 10, 6, 4)
        self._set_stock(self.desk, 1)
        order.action_confirm()
        self.assertLine(line, 10, 1, 9)
        self.assertInvariants(line)

    def test_import(self):
        """A file says 10 and 4 and, of the second line, that 2 are to be assembled."""
        result = self._import_order((self.desk, "10", ""), (self.desk, "4", "2"))
        self.assertFalse(result["messages"])
        following, typed = self.env["sale.order"].browse(result["ids"]).order_line
        self.assertLine(typed, 4, 2, 2)
        # an empty cell is a figure for Odoo: nothing is to be assembled
        self.assertLine(following, 10, 10, 0)

    def test_import_without_figures(self):
        result = self._import_order((self.desk, "10"), (self.desk, "4"))
        self.assertFalse(result["messages"])
        order = self.env["sale.order"].browse(result["ids"])
        first, second = order.order_line
        self.assertLine(first, 10, 6, 4)
        self.assertLine(second, 4, 0, 4)
        order.action_confirm()
        self.assertLine(first, 10, 6, 4)
        self.assertLine(second, 4, 0, 4)
        self.assertInvariants(first)
        self.assertInvariants(second)

    def test_catalog(self):
        """The catalog: 10 desks, then 12, then 5 by its plus and minus."""
        seller = new_test_user(
            self.env, "ato_catalog_missing", groups="sales_team.group_sale_salesman"
        )
        order = self._create_order(user_id=seller.id)
        self.authenticate(seller.login, seller.login)
        for ordered, to_assemble in ((10, 4), (12, 6), (5, 0), (10, 4)):
            self._choose_in_catalog(order, ordered)
            line = order.order_line
            self.assertLine(line, ordered, ordered - to_assemble, to_assemble)
        order.with_user(seller).action_confirm()
        self.assertLine(order.order_line, 10, 6, 4)
        self._choose_in_catalog(order, 13)
        self.assertLine(order.order_line, 13, 6, 7)
        self.assertInvariants(order.order_line)

    def _choose_in_catalog(self, order, quantity):
        """Send what the catalog of an order sends."""
        params = {
            "res_model": "sale.order",
            "order_id": order.id,
            "product_id": self.desk.id,
            "quantity": quantity,
            "child_field": "order_line",
        }
        answer = self.url_open(
            "/product/catalog/update_order_line_info",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.assertNotIn("error", answer.json())
        order.invalidate_recordset()

    def test_lots(self):
        """6 in two lots, in three steps: 6 are taken, 4 assembled and given a lot."""
        self._set_steps("pick_pack_ship", "pbm_sam")
        self.desk.tracking = "lot"
        self._set_stock(self.desk, 0)
        lots = self.env["stock.lot"].create(
            [{"product_id": self.desk.id, "name": name} for name in ("A", "B")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.stock, 3, lot_id=lot
            )
        order = self._create_order((self.desk, 10))
        line = order.order_line
        self.assertLine(line, 10, 6, 4)
        order.action_confirm()
        self.assertLine(line, 10, 6, 4)
        held = line.move_ids.move_line_ids.lot_id
        self.assertEqual(held, lots)
        self.assertInvariants(line)
