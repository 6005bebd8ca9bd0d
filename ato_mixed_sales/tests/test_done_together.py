# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestCompanies(AssembleToOrderCommon):
    """Companies of many records are looked at together, and found as by Odoo alone."""

    def _confirm_two(self):
        order = self._create_order((self.lamp, 2), (self.desk, 5, 2))
        order.action_confirm()
        return order

    def test_product_of_another_company(self):
        """A lamp belongs to another company by now: the delivery is refused."""
        order = self._confirm_two()
        other = self.env["res.company"].create({"name": "Other Desks"})
        moves = order.order_line.move_ids
        moves._check_company()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET company_id = %s WHERE id = %s",
            [other.id, self.lamp.product_tmpl_id.id],
        )
        self.env.invalidate_all()
        for records in (moves, moves.move_line_ids):
            with self.subTest(model=records._name), self.assertRefused("Desk Lamp"):
                records._check_company()
        (moves - order.order_line[0].move_ids)._check_company()

    def test_orders_of_two_companies(self):
        """Each of the records is looked at with its own company."""
        order = self._confirm_two()
        other = self.env["res.company"].create({"name": "Other Desks"})
        made = order.order_line.assembly_order_ids
        copied = made.copy()
        (made | copied)._check_company()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mrp_production SET company_id = %s WHERE id = %s",
            [other.id, copied.id],
        )
        self.env.invalidate_all()
        with self.assertRefused("another company"):
            (made | copied)._check_company()


@tagged("post_install", "-at_install")
class TestArrived(AssembleToOrderCommon):
    """What is where it goes is not asked where it goes on, unless a rule may say so."""

    def _ship(self, source):
        """Two lines are delivered to customers, while a rule pushes on from `source`.

        :return: how much of each product was asked for behind
        """
        customers = self.customer.property_stock_customer
        house = self.env["stock.location"].create(
            {"name": "Their House", "usage": "customer", "location_id": customers.id}
        )
        route = self.env["stock.route"].create(
            {
                "name": "Into Their House",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Carry",
                            "action": "push",
                            "auto": "manual",
                            "location_src_id": source.id,
                            "location_dest_id": house.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                        }
                    )
                ],
            }
        )
        self.lamp.route_ids |= route
        chair = self._create_product("Chair")
        self._set_stock(chair, 5)
        order = self._create_order((self.lamp, 3), (chair, 2))
        order.action_confirm()
        self._deliver(order.picking_ids)
        moves = self.env["stock.move"].search([("location_dest_id", "=", house.id)])
        return {move.product_id: move.product_qty for move in moves}

    def test_pushed_on(self):
        """A rule brings lamps from the customers into their house, and no chairs."""
        customers = self.customer.property_stock_customer
        self.assertEqual(self._ship(customers), {self.lamp: 3})

    def test_pushed_on_from_above(self):
        """So does a rule of all customers, where one has a place of its own."""
        customers = self.customer.property_stock_customer
        self.customer.property_stock_customer = customers.copy(
            {"name": "Azure's Yard", "location_id": customers.id}
        )
        self.assertEqual(self._ship(customers), {self.lamp: 3})

    def test_elsewhere(self):
        self.assertEqual(self._ship(self.warehouse.wh_output_stock_loc_id), {})

    def test_what_comes_next_is_elsewhere(self):
        """A lamp gets to another place than from where it was to go on: cut loose."""
        ends = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.stock.location_id.id}
                for name in ("Left", "Right")
            ]
        )
        common = {"product_id": self.lamp.id, "product_uom_qty": 1}
        customers = self.customer.property_stock_customer
        behind = self.env["stock.move"].create(
            {
                **common,
                "location_id": ends[1].id,
                "location_dest_id": customers.id,
                "procure_method": "make_to_order",
            }
        )
        first = self.env["stock.move"].create(
            {
                **common,
                "location_id": self.stock.id,
                "location_dest_id": ends[0].id,
                "move_dest_ids": [Command.link(behind.id)],
            }
        )
        (first | behind)._action_confirm()
        first._action_assign()
        first.picked = True
        first._action_done()
        self.assertEqual(behind.procure_method, "make_to_stock")
        self.assertFalse(behind.move_orig_ids)
