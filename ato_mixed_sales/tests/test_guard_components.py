# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_guard import GuardCommon


@tagged("post_install", "-at_install")
class TestGuardComponents(GuardCommon):
    """The seller edits components: their product, quantity and unit, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.line.assembly_order_ids
        cls.legs, cls.tops = cls.order.move_raw_ids

    def _edit(self, *commands, **context):
        vals = {"move_raw_ids": list(commands)}
        return self._rpc(self.seller, self.order, "write", vals, **context)

    def assertEditDenied(self, *commands, **context):
        vals = {"move_raw_ids": list(commands)}
        self.assertDenied(self.seller, self.order, "write", vals, **context)

    def _through_reference(self, values):
        """Commands that reach a colleague's order by way of a component."""
        reference = Command.create(
            {"name": "x", "sale_ids": [Command.update(self.foreign.id, values)]}
        )
        return {"reference_ids": [reference]}

    def test_nested_commands(self):
        """R1: a price, an order, a tax, a message that are somebody else's."""
        tax = self.env["account.tax"].create({"name": "Tax of the company"})
        line = self.foreign.order_line
        message = Command.create(
            {"body": "forged", "author_id": self.customer.id, "model": "sale.order"}
        )
        for values in (
            {"order_line": [Command.update(line.id, {"price_unit": 0.01})]},
            {"user_id": self.seller.id},
            {
                "order_line": [
                    Command.update(
                        line.id,
                        {"tax_ids": [Command.update(tax.id, {"name": "mine"})]},
                    )
                ]
            },
            {"message_ids": [message]},
        ):
            nested = self._through_reference(values)
            plain = {"product_id": self.lamp.id, "product_uom_qty": 1}
            for command in (
                Command.update(self.legs.id, nested),
                Command.update(self.legs.id, {"product_uom_qty": 20, **nested}),
                Command.create({**plain, **nested}),
            ):
                with self.subTest(values=values, command=command):
                    self.assertEditDenied(command)

    def test_commands_as_defaults(self):
        """Nor by what a client wants as default of what is made for the line."""
        message = {
            "body": "forged",
            "author_id": self.customer.id,
            "model": "sale.order",
            "res_id": self.foreign.id,
        }
        move = {
            "product_id": self.lamp.id,
            "product_uom_qty": 77,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.property_stock_customer.id,
        }
        context = {
            "default_message_ids": [Command.create(message)],
            "default_move_dest_ids": [Command.create(move)],
        }
        plain = {"product_id": self.lamp.id, "product_uom_qty": 1}
        self._edit(Command.create(plain), **context)
        for quantity in (0, 3):
            vals = {"qty_to_assemble_to_order": quantity}
            self._rpc(self.seller, self.line, "write", vals, **context)
        self.assertTrue(self.line.assembly_order_ids)
        forged = [("body", "ilike", "forged")]
        self.assertFalse(self.env["mail.message"].search(forged))
        planted = [("product_id", "=", self.lamp.id), ("product_uom_qty", "=", 77)]
        self.assertFalse(self.env["stock.move"].search(planted))

    def test_records_of_others(self):
        """Moves of other orders and companies are not among the order's own."""
        company = self.env["res.company"].create({"name": "Competitor"})
        self.env.user.company_ids += company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        abroad = self.env["stock.move"].create(
            {
                "product_id": self.lamp.id,
                "product_uom_qty": 1,
                "company_id": company.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.customer.property_stock_customer.id,
            }
        )
        theirs = self.foreign.order_line.assembly_order_ids.move_raw_ids[0]
        for command in (
            Command.delete(theirs.id),
            Command.delete(abroad.id),
            Command.update(abroad.id, {"product_uom_qty": 9}),
            Command.create(
                {
                    "product_id": self.lamp.id,
                    "product_uom_qty": 1,
                    "company_id": company.id,
                    "location_id": warehouse.lot_stock_id.id,
                }
            ),
            Command.update(self.legs.id, {"ato_hold_line_id": self.line.id}),
            Command.update(self.legs.id, {"ato_supply": "stock"}),
            Command.clear(),
            Command.set(self.legs.ids),
        ):
            with self.subTest(command=command):
                self.assertEditDenied(command)

    def test_product_of_another_company(self):
        company = self.env["res.company"].create({"name": "Competitor"})
        theirs = self._create_product("Their Lamp", company_id=company.id)
        new = {"product_id": theirs.id, "product_uom_qty": 1}
        self.assertEditDenied(Command.create(new))
        self.assertEditDenied(Command.update(self.legs.id, {"product_id": theirs.id}))

    def test_colleague(self):
        """Whoever may not write the order edits nothing: here is no elevation."""
        vals = {"move_raw_ids": [Command.update(self.legs.id, {"product_uom_qty": 2})]}
        self.assertDenied(self.colleague, self.order, "write", vals)

    # What goes on working

    def _get_web_defaults(self):
        """What the dialog sends of a new row besides what somebody typed."""
        order = self.order
        return {
            "state": "draft",
            "company_id": order.company_id.id,
            "bom_line_id": False,
            "date": str(order.date_start),
            "date_deadline": str(order.date_start),
            "location_id": order.location_src_id.id,
            "location_dest_id": order.production_location_id.id,
            "picking_type_id": order.picking_type_id.id,
            "warehouse_id": order.warehouse_id.id,
        }

    def _save_as_in_the_dialog(self):
        """A row more, a row less, a quantity; unchanged fields are sent along."""
        rows = [
            Command.create(
                {
                    **self._get_web_defaults(),
                    "product_id": self.lamp.id,
                    "product_uom_qty": 2,
                    "product_uom": self.unit.id,
                }
            ),
            Command.update(
                self.legs.id,
                {
                    "product_id": self.leg.id,
                    "product_uom": self.unit.id,
                    "product_uom_qty": 20,
                    "location_id": self.legs.location_id.id,
                    "date": str(self.legs.date),
                },
            ),
        ]
        specification = {"move_raw_ids": {"fields": {"product_uom_qty": {}}}}
        self._rpc(
            self.seller, self.order, "web_save", {"move_raw_ids": rows}, specification
        )

    def test_dialog_of_a_quotation(self):
        self._save_as_in_the_dialog()
        self._edit(Command.delete(self.tops.id))
        self.assertComponents(self.order, {self.leg: 20, self.lamp: 2})
        added = self.order.move_raw_ids - self.legs
        self.assertRecordValues(
            added,
            [
                {
                    "state": "draft",
                    "company_id": self.company.id,
                    "location_id": self.order.location_src_id.id,
                    "location_dest_id": self.order.production_location_id.id,
                    "warehouse_id": self.warehouse.id,
                    "reference_ids": self.order.reference_ids.ids,
                }
            ],
        )
        self.sale.action_confirm()
        self.assertComponents(self.order, {self.leg: 20, self.lamp: 2})

    def test_dialog_of_an_order(self):
        self.sale.action_confirm()
        self._save_as_in_the_dialog()
        self.assertComponents(self.order, {self.leg: 20, self.top: 4, self.lamp: 2})
        self.assertEqual(set(self.order.move_raw_ids.mapped("state")), {"assigned"})

    def test_dialog_with_picking_of_components(self):
        """Two steps: the transfer that brings them follows, though no seller's."""
        self.warehouse.manufacture_steps = "pbm"
        sale = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        sale.action_confirm()
        order = sale.order_line.assembly_order_ids
        legs = order.move_raw_ids.filtered(lambda move: move.product_id == self.leg)
        change = Command.update(legs.id, {"product_uom_qty": 20})
        self._rpc(self.seller, order, "write", {"move_raw_ids": [change]})
        brought = order.picking_ids.move_ids.filtered(
            lambda move: move.product_id == self.leg
        )
        self.assertEqual(sum(brought.mapped("product_uom_qty")), 20)

    def test_in_dozens(self):
        dozen = Command.update(
            self.legs.id, {"product_uom": self.dozen.id, "product_uom_qty": 2}
        )
        self._edit(dozen)
        self.assertEqual(self.legs.product_qty, 24)

    def test_what_is_the_planners(self):
        """A planner who sells, too, writes on an order as in Odoo alone."""
        both = new_test_user(
            self.env,
            "ato_both",
            "sales_team.group_sale_salesman_all_leads,mrp.group_mrp_user",
        )
        vals = {
            "move_raw_ids": [
                Command.update(self.legs.id, {"product_uom_qty": 20, "sequence": 3})
            ]
        }
        self._rpc(both, self.order, "write", vals)
        self.assertEqual((self.legs.product_uom_qty, self.legs.sequence), (20, 3))
        with self.assertRaises(AccessError):
            self._rpc(
                both,
                self.order,
                "write",
                {"move_raw_ids": [Command.update(self.legs.id, {"ato_supply": "x"})]},
            )
