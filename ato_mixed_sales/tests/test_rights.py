# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestRights(AssembleToOrderCommon):
    """Who may do what, with the groups that they have in real life."""

    def setUp(self):
        super().setUp()
        self._set_stock(self.desk, 6)
        self.sale = self._order_form((self.desk, 10), user=self.seller).save()
        self.line = self.sale.order_line

    def test_seller_from_quotation_to_order(self):
        """The plain sales group is enough for everything on one's own orders."""
        self.assertFalse(self.seller.has_group("stock.group_stock_user"))
        self.assertFalse(self.seller.has_group("mrp.group_mrp_user"))
        line = self.line
        line.qty_to_assemble_to_order = 4
        self.assertEqual(self.sale.assembly_order_count, 1)
        line.product_uom_qty = 11
        line.product_uom_qty = 10
        self.sale.commitment_date = "2027-03-01 12:00:00"
        self.sale.action_confirm()
        self.assertEqual(line.reserved_qty, 10)
        line.qty_to_assemble_to_order = 6
        self.assertEqual(line.reserved_qty, 10)
        line.action_unreserve_stock()
        line.action_reserve_stock()
        self._produce(line.sudo().assembly_order_ids)
        self._deliver(self.sale.sudo().picking_ids)
        line.invalidate_recordset()
        self.assertEqual((line.qty_assembled, line.qty_delivered), (6, 10))

    def test_seller_takes_it_all_back(self):
        self.line.qty_to_assemble_to_order = 4
        self.sale.action_confirm()
        self.sale._action_cancel()
        self.sale.action_draft()
        orders = self.line.sudo().assembly_order_ids
        self.assertEqual(orders.mapped("state"), ["cancel", "draft"])
        draft = orders.filtered(lambda o: o.state == "draft")
        self.line.unlink()
        self.assertFalse(draft.exists())

    def test_seller_duplicates_and_removes_lines(self):
        self.line.qty_to_assemble_to_order = 4
        copied = self.sale.copy()
        order = copied.order_line.sudo().assembly_order_ids
        self.assertEqual(order.product_qty, 4)
        copied.order_line.unlink()
        self.assertFalse(order.exists())

    def test_seller_opens_assembly_orders(self):
        """One order as a dialog, two as a list: no field that is closed to sellers."""
        self.line.qty_to_assemble_to_order = 4
        self._check_readable(self.sale.action_view_assembly_orders(), ["form"])
        self.sale.order_line = [
            Command.create(self._prepare_line_vals(self.desk_to_order, 2))
        ]
        self._check_readable(self.sale.action_view_assembly_orders(), ["list", "form"])

    def _check_readable(self, action, view_types):
        self.assertEqual([view_type for _id, view_type in action["views"]], view_types)
        model = self.env[action["res_model"]].with_user(self.seller)
        orders = model.browse(action["res_id"] or [])
        orders = orders or model.search(action["domain"])
        for view_id, view_type in action["views"]:
            view = model.get_view(view_id, view_type)
            for model_name, field_names in view["models"].items():
                records = orders
                if model_name == "stock.move":
                    records = orders.move_raw_ids
                self.assertTrue(records.read(field_names))

    def test_colleague(self):
        """Somebody else's order stays theirs, figures and documents."""
        colleague = new_test_user(
            self.env, login="ato_colleague", groups="sales_team.group_sale_salesman"
        )
        self.line.qty_to_assemble_to_order = 4
        line = self.line.with_user(colleague)
        with self.assertRaises(AccessError):
            line.qty_to_assemble_to_order = 5
        with self.assertRaises(AccessError):
            line.order_id.action_view_assembly_orders()
        self.assertLine(self.line, 10, 6, 4)

    def test_manager(self):
        manager = new_test_user(
            self.env, login="ato_manager", groups="sales_team.group_sale_manager"
        )
        line = self.line.with_user(manager)
        line.qty_to_assemble_to_order = 4
        line.order_id.action_confirm()
        self.assertEqual(line.reserved_qty, 10)

    def test_public_user_confirms(self):
        """A customer signs on the portal: the same code, as superuser, no groups."""
        self.line.qty_to_assemble_to_order = 4
        public = self.env.ref("base.public_user")
        self.sale.with_user(public).sudo().action_confirm()
        self.assertEqual(self.line.sudo().assembly_order_ids.state, "confirmed")
        self.assertEqual(self.line.reserved_qty, 10)

    def test_customer_does_not_see_draft_orders(self):
        """The portal lists the manufacturing orders of an order, not of a quotation."""
        self.line.qty_to_assemble_to_order = 4
        self.assertFalse(self.sale.sudo().mrp_production_ids)
        self.sale.action_confirm()
        self.assertEqual(
            self.sale.sudo().mrp_production_ids, self.line.sudo().assembly_order_ids
        )

    def test_policy_is_not_the_sellers(self):
        with self.assertRaises(AccessError):
            self.desk.with_user(self.seller).assembly_policy = "assemble_to_order"
        with self.assertRaises(AccessError):
            self.env["product.assembly.policy"].with_user(self.seller).create(
                {
                    "product_tmpl_id": self.desk.product_tmpl_id.id,
                    "warehouse_id": self.warehouse.id,
                }
            )

    def test_another_company(self):
        """Documents are made in the order's company, whoever is logged in where."""
        company = self.env["res.company"].create({"name": "Second Company"})
        self.env.user.company_ids += company
        self.desk.bom_ids.company_id = False
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [
                        Command.create(self._prepare_line_vals(self.desk, 10, 4))
                    ],
                }
            )
        )
        order = order.with_context(
            allowed_company_ids=[self.company.id, company.id]
        ).with_company(self.company)
        line = order.order_line
        order.action_confirm()
        self.assertEqual(line.assembly_order_ids.company_id, company)
        self.assertEqual(
            line.assembly_order_ids.picking_type_id, warehouse.manu_type_id
        )
        self.assertEqual(line.move_ids.company_id, company)
        seller = line.with_user(self.seller)
        with self.assertRaises(AccessError):
            seller.read(["qty_to_assemble_to_order"])
