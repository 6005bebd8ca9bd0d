# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

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
        self.sale.commitment_date = self._noon(96)
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
        """Cancelled as a quotation and as an order, set back, removed."""
        self.line.qty_to_assemble_to_order = 4
        self.sale._action_cancel()
        self.assertFalse(self.line.sudo().assembly_order_ids)
        self.sale.action_draft()
        self.sale.action_confirm()
        # with Purchase installed, Odoo itself has a plain salesperson cancel no
        # confirmed order: it reads purchase order lines on the way
        self.sale.sudo()._action_cancel()
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

    # Warehouse and floor, without sales rights

    FIGURES = (
        "qty_to_assemble_to_order",
        "qty_from_stock",
        "qty_assembled",
        "qty_given_up",
        "reserved_qty",
        "reserved_stock_qty",
        "is_assembled",
        "assembly_policy",
        "assembly_basis",
        "assembly_order_ids",
    )
    LINE_ACTIONS = (
        "action_reserve_stock",
        "action_unreserve_stock",
        "action_open_assembly_components",
    )

    def _confirm_mixed(self):
        """10 ordered by our seller, 4 of them to assemble."""
        self.line.qty_to_assemble_to_order = 4
        self.sale.action_confirm()
        self.line, self.sale = self.line.sudo(), self.sale.sudo()
        return self.line.assembly_order_ids

    def _create_user(self, login, groups, **values):
        user = new_test_user(self.env, login=login, groups=groups, **values)
        # what was read as somebody else may not be read from the cache
        self.env.flush_all()
        self.env.invalidate_all()
        return user

    def test_stock_user(self):
        """Reads the two rows, delivers in two goes, takes something back."""
        order = self._confirm_mixed()
        worker = self._create_user("ato_worker", "stock.group_stock_user")
        self.assertFalse(worker.has_group("sales_team.group_sale_salesman"))
        picking = self.sale.picking_ids.with_user(worker)
        self.assertTrue(picking.has_assembly_part)
        with Form(picking) as form:
            rows = [form.move_ids.edit(number) for number in (0, 1)]
            self.assertEqual([row.ato_supply for row in rows], ["stock", "assembly"])
        picking.do_unreserve()
        picking.action_assign()
        self._produce(order)
        self.env.invalidate_all()
        self._deliver(picking, stock=3, assembly=2)
        self.assertInvariants(self.line)
        self.assertEqual(self.line.qty_delivered, 5)
        rest = (self.sale.picking_ids - picking).with_user(worker)
        self._deliver(rest)
        self.assertInvariants(self.line)
        self.assertEqual(self.line.qty_delivered, 10)
        self._return(picking, 1)
        self.assertEqual(self.line.qty_delivered, 8)
        self.assertInvariants(self.line)

    def _return(self, picking, quantity):
        """Take back `quantity` of every row, as the user of `picking`."""
        form = Form(
            picking.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        )
        wizard = form.save()
        wizard.product_return_moves.quantity = quantity
        action = wizard.action_create_returns()
        returned = picking.env["stock.picking"].browse(action["res_id"])
        returned.move_ids.picked = True
        returned.button_validate()
        self.assertEqual(returned.state, "done")

    def test_stock_user_cancels(self):
        """A delivery that is cancelled, and one that is closed without the rest."""
        worker = self._create_user("ato_worker", "stock.group_stock_user")
        self._confirm_mixed()
        self.sale.picking_ids.with_user(worker).action_cancel()
        self.assertInvariants(self.line)

    def test_stock_user_gives_up_the_rest(self):
        worker = self._create_user("ato_worker", "stock.group_stock_user")
        order = self._confirm_mixed()
        self._produce(order, 2)
        picking = self.sale.picking_ids.with_user(worker)
        moves = picking.move_ids
        moves.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertInvariants(self.line)

    def _get_warning(self):
        activity = self.sale.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        return activity.note

    def test_manufacturing_user(self):
        """Sees for whom, makes a part, the rest is closed short."""
        order = self._confirm_mixed()
        maker = self._create_user("ato_maker", "mrp.group_mrp_user")
        self.assertFalse(maker.has_group("sales_team.group_sale_salesman"))
        order = order.with_user(maker)
        with Form(order) as form:
            self.assertEqual(form.product_qty, 4)
        self.assertTrue(order.is_assemble_to_order)
        self.assertEqual(
            order.read(["ato_partner_id", "ato_sale_order_id"])[0],
            {
                "id": order.id,
                "ato_partner_id": (self.customer.id, self.customer.display_name),
                "ato_sale_order_id": (self.sale.id, self.sale.name),
            },
        )
        self.assertEqual(order.action_view_sale_orders()["res_id"], self.sale.id)
        self._produce(order, 2)
        self.assertInvariants(self.line)
        rest = (self.line.assembly_order_ids - order).with_user(maker)
        self.env.invalidate_all()
        self._produce(rest, 1, backorder=False)
        self.assertInvariants(self.line)
        self.assertLine(self.line, 10, 7, 3)
        self.assertIn("1.00 Units of Desk no longer come from", self._get_warning())

    def test_manufacturing_user_cancels(self):
        order = self._confirm_mixed()
        maker = self._create_user("ato_maker", "mrp.group_mrp_user")
        order.with_user(maker).action_cancel()
        self.assertInvariants(self.line)
        self.assertLine(self.line, 10, 10, 0)
        self.assertIn("4.00 Units of Desk no longer come from", self._get_warning())

    def test_manufacturing_user_splits(self):
        order = self._confirm_mixed()
        maker = self._create_user("ato_maker", "mrp.group_mrp_user")
        order.with_user(maker)._split_productions({order.with_user(maker): [1, 3]})
        self.assertInvariants(self.line)
        self.assertEqual(self.line.assembly_order_ids.mapped("product_qty"), [1, 3])
        with self.assertRefused(f"for {self.sale.name}"):
            order.with_user(maker).product_qty = 2

    # Who sees and touches nothing of it

    def _assert_no_policy(self, user):
        policy = self.env["product.assembly.policy"].create(
            {
                "product_tmpl_id": self.desk.product_tmpl_id.id,
                "warehouse_id": self.warehouse.id,
            }
        )
        rows = policy.with_user(user)
        for name, args in (
            ("read", [policy.ids, ["policy"]]),
            ("write", [policy.ids, {"policy": "assemble_to_stock"}]),
            ("unlink", [policy.ids]),
        ):
            with self.subTest(policy=name):
                self._assert_no_access(rows, name, *args)
        with self.assertRaises(AccessError):
            rows.create(
                {
                    "product_tmpl_id": self.desk.product_tmpl_id.id,
                    "warehouse_id": self.warehouse.id,
                    "product_id": self.desk.id,
                }
            )

    def _assert_no_access(self, records, name, *args):
        """The method is refused to the records' user over RPC."""
        self.env.invalidate_all()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            call_kw(records.browse(), name, list(args), {})

    def _assert_no_line(self, user):
        """No figure is read, no quantity written, no action taken, no document seen."""
        line, order = self.line, self.line.sudo().assembly_order_ids
        calls = [(line, "read", line.ids, [name]) for name in self.FIGURES]
        calls += [(line, name, line.ids) for name in self.LINE_ACTIONS]
        calls += [
            (line, "write", line.ids, {"qty_to_assemble_to_order": 5}),
            (self.sale, "action_view_assembly_orders", self.sale.ids),
            (self.sale, "read", self.sale.ids, ["assembly_order_count"]),
            (order, "read", order.ids, ["ato_sale_line_id"]),
            (order, "read", order.ids, ["ato_partner_id"]),
            (order, "action_cancel", order.ids),
            (order, "action_view_sale_orders", order.ids),
            (order.move_raw_ids, "read", order.move_raw_ids.ids, ["ato_supply"]),
            (line.sudo().move_ids, "read", line.sudo().move_ids.ids, ["ato_supply"]),
        ]
        for records, name, *args in calls:
            with self.subTest(model=records._name, method=name, args=args[1:]):
                self._assert_no_access(records.with_user(user).sudo(False), name, *args)
        self.assertInvariants(self.line.sudo())
        self.assertLine(self.line.sudo(), 10, 6, 4)

    def test_portal_user_of_another_customer(self):
        self._confirm_mixed()
        user = self._create_user("ato_portal", "base.group_portal")
        self._assert_no_line(user)
        self._assert_no_policy(user)

    def test_portal_user_of_the_customer(self):
        """The customer reads the order line, as ever; ours is inside the house."""
        self._confirm_mixed()
        user = self._create_user("ato_portal", "base.group_portal")
        user.partner_id.parent_id = self.customer
        self.env.invalidate_all()
        self.assertEqual(self.line.with_user(user).sudo(False).product_uom_qty, 10)
        self._assert_no_line(user)

    def test_user_of_another_company(self):
        self._confirm_mixed()
        company = self.env["res.company"].create({"name": "Second Company"})
        user = self._create_user(
            "ato_abroad",
            "sales_team.group_sale_manager,stock.group_stock_manager,"
            "mrp.group_mrp_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self._assert_no_line(user)
        self._assert_no_policy(user)

    def test_colleague_with_own_documents_only(self):
        """Figures and actions of a colleague's line are closed, by RPC as well."""
        self._confirm_mixed()
        colleague = self._create_user("ato_colleague", "sales_team.group_sale_salesman")
        line = self.line.with_user(colleague).sudo(False)
        for name in self.FIGURES:
            self._assert_no_access(line, "read", line.ids, [name])
        for name in self.LINE_ACTIONS:
            self._assert_no_access(line, name, line.ids)
        self._assert_no_access(line, "write", line.ids, {"qty_to_assemble_to_order": 5})
        sale = self.sale.with_user(colleague).sudo(False)
        self._assert_no_access(sale, "action_view_assembly_orders", sale.ids)
        self.assertInvariants(self.line)

    def test_colleague_learns_nothing_of_the_customer(self):
        """The assembly order of a colleague's order is closed like the order itself.

        Odoo lets salespeople read manufacturing orders; it tells order and customer.
        """
        order = self._confirm_mixed()
        own = self._create_order((self.desk, 3, 1), user_id=self.seller.id)
        ordinary = order.copy({"origin": False, "product_qty": 5})
        colleague = self._create_user("ato_colleague", "sales_team.group_sale_salesman")
        theirs = order.with_user(colleague).sudo(False)
        names = ["ato_partner_id", "ato_sale_order_id", "ato_sale_line_id", "origin"]
        for name in names:
            self._assert_no_access(theirs, "read", order.ids, [name])
        self._assert_no_access(theirs, "write", order.ids, {"priority": "1"})
        found = theirs.search([("product_id", "=", self.desk.id)])
        self.assertEqual(found, ordinary)
        own.order_line.order_id.user_id = colleague
        self.env.flush_all()
        self.env.invalidate_all()
        found = theirs.search([("product_id", "=", self.desk.id)])
        self.assertEqual(found - ordinary, own.order_line.assembly_order_ids)
        self.assertEqual((found - ordinary).ato_partner_id, self.customer)

    def test_who_sees_all_assembly_orders(self):
        """Everybody's orders, by sales, the floor or the store, and for whom."""
        order = self._confirm_mixed()
        own = "sales_team.group_sale_salesman"
        for number, groups in enumerate(
            (
                "sales_team.group_sale_salesman_all_leads",
                "mrp.group_mrp_user",
                f"{own},mrp.group_mrp_user",
                f"{own},stock.group_stock_user",
            )
        ):
            user = self._create_user(f"ato_all_{number}", groups)
            names = ["ato_partner_id", "ato_sale_order_id"]
            with self.subTest(groups=groups):
                self.assertEqual(
                    order.with_user(user).sudo(False).read(names)[0],
                    {
                        "id": order.id,
                        "ato_partner_id": (self.customer.id, "Azure Interior"),
                        "ato_sale_order_id": (self.sale.id, self.sale.name),
                    },
                )

    def test_nothing_is_said_by_context(self):
        """Nobody decides for the line by a context key over RPC."""
        order = self._confirm_mixed()
        maker = self._create_user("ato_maker", "mrp.group_mrp_manager")
        with self.assertRefused(f"for {self.sale.name}"):
            call_kw(
                order.with_user(maker).sudo(False).browse(),
                "write",
                [order.ids, {"product_qty": 2}],
                {"context": {"ato_step": True}},
            )
        self.assertInvariants(self.line)
