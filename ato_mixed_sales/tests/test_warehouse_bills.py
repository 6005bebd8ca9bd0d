# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestWarehouseBills(AssembleToOrderCommon):
    """Bills of materials for one warehouse, or company: made where it is delivered."""

    def setUp(self):
        super().setUp()
        self.other = self._create_warehouse("Other", "OTH")
        self.desk.bom_ids.picking_type_id = self.warehouse.manu_type_id

    def _create_bill_of_other(self):
        return self._create_bom(
            self.desk, {self.lamp: 1}, picking_type_id=self.other.manu_type_id.id
        )

    def assertMade(self, line, bill, warehouse):
        self.env.flush_all()
        order = line.assembly_order_ids
        self.assertEqual(order.bom_id, bill)
        self.assertEqual(order.picking_type_id.warehouse_id, warehouse)
        self.assertEqual(order.location_dest_id.warehouse_id, warehouse)

    def test_quotation_moves(self):
        """Each warehouse has its bill: in the form, and as the line's own."""
        self.env.user.group_ids += self.env.ref("stock.group_stock_multi_warehouses")
        bill = self._create_bill_of_other()
        order = self._create_order((self.desk, 10, 4))
        with Form(order) as form:
            form.warehouse_id = self.other
        self.assertMade(order.order_line, bill, self.other)
        with Form(order) as form:
            form.warehouse_id = self.warehouse
        self.assertMade(order.order_line, self.desk.bom_ids - bill, self.warehouse)
        order.order_line.warehouse_id = self.other
        self.assertMade(order.order_line, bill, self.other)

    def test_salesperson_of_another_warehouse(self):
        """The quotation is given to somebody who sells from there."""
        bill = self._create_bill_of_other()
        groups = "sales_team.group_sale_salesman"
        user = new_test_user(self.env, login="ato_other_seller", groups=groups)
        user.property_warehouse_id = self.other
        order = self._create_order((self.desk, 10, 4))
        order.user_id = user
        self.assertEqual(order.warehouse_id, self.other)
        self.assertMade(order.order_line, bill, self.other)

    def test_no_bill_there(self):
        """Only one warehouse has a bill: the other one takes all from stock."""
        line = self._create_order((self.desk, 10, 4)).order_line
        self._set_stock(self.desk, 10, self.other.lot_stock_id)
        line.order_id.warehouse_id = self.other
        self.env.flush_all()
        self.assertLine(line, 10, 10, 0)
        self.assertFalse(line.assembly_order_ids)
        with self.assertRefused("no bill of materials of type"):
            line.qty_to_assemble_to_order = 4
        line.order_id.action_confirm()
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 10)
        self.assertNothingBroken()

    def test_confirmed_order(self):
        """The warehouse is changed by code, A 4 to 6: 2 are made in the other one."""
        bill = self._create_bill_of_other()
        line = self._sell_mixed(stock=6)
        line.order_id.warehouse_id = self.other
        line.qty_to_assemble_to_order = 6
        self.env.flush_all()
        made = {
            order.bom_id: (order.picking_type_id.warehouse_id, order.product_qty)
            for order in line.assembly_order_ids
        }
        own = self.desk.bom_ids - bill
        self.assertEqual(made, {own: (self.warehouse, 4), bill: (self.other, 2)})
        for order in line.assembly_order_ids:
            self._produce(order)
        self.assertInvariants(line)
        self.assertNothingBroken()

    def test_bill_moves(self):
        """The bill becomes one of the other warehouse: none here any more."""
        line = self._create_order((self.desk, 10, 4)).order_line
        self.desk.bom_ids.picking_type_id = self.other.manu_type_id
        self.env.invalidate_all()
        with self.assertRefused("no bill of materials of type"):
            line.qty_to_assemble_to_order = 5

    def test_another_company(self):
        """The quotation goes to a company that has no bill: from stock."""
        second = self.env["res.company"].create({"name": "Second Company"})
        self.env.user.company_ids += second
        self.desk_to_order.bom_ids.company_id = self.company
        order = self._create_order((self.desk_to_order, 5))
        order = order.with_context(allowed_company_ids=[self.company.id, second.id])
        order.company_id = second
        self.env.flush_all()
        self.assertEqual(order.order_line.qty_to_assemble_to_order, 0)

    def test_subcontracted_by_another_company(self):
        """What another company has subcontracted says nothing of ours."""
        second = self.env["res.company"].create({"name": "Second Company"})
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        bill = self.desk.bom_ids
        bill.write({"company_id": self.company.id, "picking_type_id": False})
        self._create_bom(
            self.desk,
            {self.leg: 1},
            type="subcontract",
            company_id=second.id,
            subcontractor_ids=[Command.set(vendor.ids)],
        )
        quotation = self._create_order((self.desk, 10, 4))
        line = self._sell_mixed()
        bill.action_archive()
        quotation.action_confirm()
        self.assertEqual(quotation.order_line.qty_to_assemble_to_order, 4)
        self.assertInvariants(quotation.order_line)
        self.assertInvariants(line)

    def test_kit_of_another_variant(self):
        """Black boards are kits; the bill of the white ones is archived, or a kit."""
        black, white = self._create_boards()
        bill = self._create_bom(white, {self.top: 2}, product_id=white.id)
        self._create_bom(black, {self.leg: 2}, product_id=black.id, type="phantom")
        white.product_tmpl_id.assembly_policy = "assemble_to_order"
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            bill.type = "phantom"
        bill.action_archive()

    def test_answers_without_assembled_lines(self):
        """Answers for all lines of an order that has none, as a client sends them."""
        for lines in ((), ((self._create_product("Plain"), 5),)):
            order = self._create_order(*lines)
            for name in (
                "action_assemble_all_missing",
                "action_take_all_from_stock",
                "action_reserve_all_stock",
            ):
                with (
                    self.subTest(name, lines=len(lines)),
                    self.assertRaisesRegex(UserError, "no line of it can be assembled"),
                ):
                    getattr(order, name)()
