# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo.fields import Command, Datetime
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestPlanner(CheckedStories, AssembleToOrderCommon):
    """What a planner sees of linked orders, and what is the sales line's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env, login="ato_planner", groups="mrp.group_mrp_manager"
        )
        cls.sale = cls._create_order((cls.desk, 10, 4))
        cls.order = cls.sale.order_line.assembly_order_ids.with_user(cls.planner)

    def test_default_list_hides_quotations(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mrp.mrp_production_action"
        )
        self.assertIn("search_default_todo", action["context"])
        view = self.env.ref("mrp.view_mrp_production_filter").get_combined_arch()
        domain = self._filter_domain(view, "todo")
        model = self.env["mrp.production"].with_user(self.planner)
        other = model.create({"product_id": self.desk.id, "product_qty": 1})
        self.assertIn(other, model.search(domain))
        self.assertNotIn(self.order, model.search(domain))
        self.sale.action_confirm()
        self.assertIn(self.order, model.search(domain))

    def _filter_domain(self, arch, name):
        node = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")[0]
        return literal_eval(node.get("domain"))

    def test_search(self):
        model = self.env["mrp.production"]
        other = model.create({"product_id": self.desk.id, "product_qty": 1})
        linked = model.search([("is_assemble_to_order", "=", True)])
        self.assertIn(self.order, linked)
        self.assertNotIn(other, linked)
        unlinked = model.search([("is_assemble_to_order", "=", False)])
        self.assertIn(other, unlinked)
        self.assertNotIn(self.order, unlinked)

    def test_sees_customer_and_order(self):
        self.assertRecordValues(
            self.order,
            [
                {
                    "is_assemble_to_order": True,
                    "ato_partner_id": self.customer.id,
                    "ato_sale_order_id": self.sale.id,
                }
            ],
        )

    def test_buttons_both_ways(self):
        """From the sale to its orders and back, on quotation and order."""
        for _state in ("draft", "sale"):
            action = self.sale.action_view_assembly_orders()
            self.assertEqual(action["res_model"], "mrp.production")
            self.assertEqual(action["res_id"], self.order.id)
            self.assertEqual(self.order.sudo().sale_order_count, 1)
            action = self.order.sudo().action_view_sale_orders()
            self.assertEqual(action["res_id"], self.sale.id)
            if self.sale.state == "draft":
                self.sale.action_confirm()

    def test_several_orders_open_as_a_list(self):
        self.sale.order_line = [
            Command.create(self._prepare_line_vals(self.desk_to_order, 2))
        ]
        self.assertEqual(self.sale.assembly_order_count, 2)
        action = self.sale.action_view_assembly_orders()
        orders = self.env["mrp.production"].search(action["domain"])
        self.assertEqual(orders, self.sale.order_line.assembly_order_ids)

    def test_the_line_owns_the_quantity(self):
        """T040, T9: refused with a pointer to the sales order."""
        for confirmed in (False, True):
            if confirmed:
                self.sale.action_confirm()
            for vals in (
                {"product_qty": 3},
                {"date_deadline": Datetime.now() + timedelta(days=30)},
            ):
                with self.assertRefused(f"for {self.sale.name}"):
                    self.order.write(vals)
        wizard = self.env["change.production.qty"].with_user(self.planner)
        with self.assertRefused(f"for {self.sale.name}"):
            wizard.create({"mo_id": self.order.id, "product_qty": 3}).change_prod_qty()

    def test_the_planner_owns_the_rest(self):
        start = self.order.date_start + timedelta(days=2)
        self.order.write({"date_start": start, "user_id": self.planner.id})
        self.order.move_raw_ids[0].product_uom_qty = 20
        self.sale.action_confirm()
        self.assertEqual(self.order.date_start, start)
        self.assertEqual(self.order.user_id, self.planner)
        self.order.is_locked = False
        with Form(self.order) as form, form.move_raw_ids.edit(0) as move:
            move.product_uom_qty = 24
        self.assertComponents(self.order, {self.leg: 24, self.top: 4})

    def test_a_quotations_order_is_not_confirmed_alone(self):
        """T7"""
        with self.assertRefused(f"belongs to quotation {self.sale.name}"):
            self.order.action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_not_deleted_alone(self):
        with self.assertRefused(f"assembled for {self.sale.name}"):
            self.order.unlink()
        self.assertTrue(self.order.exists())

    def test_not_merged(self):
        second = self._create_order((self.desk, 5, 5)).order_line.assembly_order_ids
        with self.assertRefused("cannot be merged"):
            (self.order.sudo() | second).action_merge()

    def test_split_keeps_the_link(self):
        self.sale.action_confirm()
        order = self.order.sudo()
        parts = order._split_productions({order: [1, 3]})
        line = self.sale.order_line
        self.assertEqual(line.assembly_order_ids, parts)
        self.assertEqual(sorted(parts.mapped("product_qty")), [1, 3])
        line.qty_to_assemble_to_order = 2
        kept = line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
        self.assertEqual(sum(kept.mapped("product_qty")), 2)

    def test_sold_components_are_no_surprise(self):
        """No question about components that the customer was sold."""
        self.desk.bom_ids.consumption = "strict"
        self.order.move_raw_ids[0].product_uom_qty = 20
        self.sale.action_confirm()
        order = self.order.sudo()
        order.qty_producing = 4
        order._set_qty_producing()
        self.assertFalse(order._get_consumption_issues())
        order.move_raw_ids[0].quantity = 24
        issues = order._get_consumption_issues()
        self.assertEqual([(p, qty) for _o, p, qty, _e in issues], [(self.leg, 24)])

    def test_linked_order_is_not_anothers_supply(self):
        """A reordering rule never takes over the order of a line."""
        self.sale.action_confirm()
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.desk.id,
                "warehouse_id": self.warehouse.id,
                "product_min_qty": 5,
                "product_max_qty": 5,
            }
        ).action_replenish()
        self.assertEqual(self.order.product_qty, 4)

    def _get_activity(self):
        return self.sale.activity_ids.filtered(
            lambda activity: activity.user_id == self.sale.user_id
        )

    def test_cancelled_by_the_planner(self):
        """T8: A falls to what is assembled, the rest is taken from stock."""
        self.sale.user_id = self.seller
        self.sale.action_confirm()
        line = self.sale.order_line
        self.order.action_cancel()
        self.assertLine(line, 10, 10, 0)
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self._moves(line, "stock").product_uom_qty, 10)
        self.assertFalse(self._moves(line, "assembly"))
        self.assertIn(
            "4.00 Units of Desk no longer come from", self._get_activity().note
        )
        self.assertTrue(
            self.sale.message_ids.filtered(lambda m: "to assemble 4.00" in m.body)
        )

    def test_one_of_two_cancelled(self):
        """4 split into 1 and 3: without the first the second still makes 3."""
        self.sale.action_confirm()
        line = self.sale.order_line
        self.order._split_productions({self.order: [1, 3]})
        second = line.assembly_order_ids - self.order
        self.order.action_cancel()
        self.assertEqual(second.product_qty, 3)
        self.assertLine(line, 10, 7, 3)
        self.assertInvariants(line)

    def test_cancelled_after_the_first_units(self):
        self.sale.action_confirm()
        line = self.sale.order_line
        self._produce(self.order.sudo(), 1)
        rest = line.assembly_order_ids - self.order
        rest.with_user(self.planner).action_cancel()
        self.assertLine(line, 10, 9, 1)
        self.assertEqual(line.qty_assembled, 1)
        self.assertEqual(self._moves(line, "stock").product_uom_qty, 9)
        self.assertRecordValues(
            self._moves(line, "assembly"), [{"product_uom_qty": 1, "quantity": 1}]
        )

    def test_closed_short(self):
        """T9: 3 of 4 are made and nothing more: the fourth is taken from stock."""
        self.sale.action_confirm()
        line = self.sale.order_line
        self._produce(self.order.with_user(self.planner), 3, backorder=False)
        self.assertEqual(self.order.state, "done")
        self.assertLine(line, 10, 7, 3)
        self.assertEqual(line.qty_assembled, 3)
        self.assertRecordValues(
            self._moves(line, "assembly"), [{"product_uom_qty": 3, "quantity": 3}]
        )
        self.assertEqual(self._moves(line, "stock").product_uom_qty, 7)
        self.assertIn(
            "1.00 Units of Desk no longer come from", self.sale.activity_ids.note
        )

    def test_made_too_many(self):
        """Surplus output is free stock."""
        self.sale.action_confirm()
        line = self.sale.order_line
        self._produce(self.order.sudo(), 5, backorder=False)
        self.assertLine(line, 10, 6, 4)
        self.assertEqual(line.qty_assembled, 4)
        self.assertEqual(self._moves(line, "assembly").quantity, 4)
        self.assertEqual(self._moves(line, "stock").quantity + self._free(self.desk), 1)

    def test_closed_short_on_a_locked_order(self):
        """A locked order keeps people from changing it, not the facts."""
        self.sale.action_confirm()
        self.sale.action_lock()
        line = self.sale.order_line
        self._produce(self.order.with_user(self.planner), 3, backorder=False)
        self.assertLine(line, 10, 7, 3)
        self.assertInvariants(line)
        self._set_stock(self.desk, 7)
        picking = self.sale.picking_ids
        picking.action_assign()
        closing = picking.with_context(picking_ids_not_to_backorder=picking.ids)
        self._deliver(closing, stock=7, assembly=2)
        self.assertEqual(line.qty_to_assemble_to_order, 2)
        self.assertInvariants(line)
