# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import AssembleToOrderCommon

SENT = (
    "product_id",
    "product_template_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_to_assemble_to_order",
    "assembly_basis",
    "awaits_product",
)


@tagged("post_install", "-at_install")
class TestTypedAhead(AssembleToOrderCommon):
    """The web client asks about template, quantities and product, one by one."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order((self.lamp, 1), user_id=self.seller.id)

    def _ask(self, values, line=None, **changes):
        """What the server answers to `changes` of a line that has `values`."""
        values = {**values, **changes, "order_id": {"id": self.order.id}}
        fields = {name: {} for name in SENT}
        answer = call_kw(
            self.env["sale.order.line"].with_user(self.seller),
            "onchange",
            [(line or self.order.order_line.browse()).ids, values]
            + [list(changes), fields],
            {},
        )
        return {**values, **answer.get("value", {})}

    def _open_line(self):
        """A new line as the web client gets it."""
        values = self._ask({})
        self.assertTrue(values["awaits_product"])
        return values

    def _type_ahead(self, product, *figures, values=None, line=None):
        """Choose the template of `product`, type figures, then have it looked up."""
        values = values or self._open_line()
        template = product.product_tmpl_id.id
        values = self._ask(values, line, product_template_id=template)
        self.assertTrue(values["awaits_product"])
        for figure in figures:
            values = self._ask(values, line, **figure)
        values = self._ask(values, line, product_id=product.id)
        self.assertFalse(values["awaits_product"])
        return values

    def assertTyped(self, values, ordered, to_assemble):
        self.assertEqual(values["product_uom_qty"], ordered)
        self.assertEqual(values["qty_to_assemble_to_order"], to_assemble)
        line = {name: values[name] for name in SENT if name != "awaits_product"}
        self.order.order_line = [Command.create(line)]
        self.assertLine(
            self.order.order_line[-1],
            ordered=ordered,
            from_stock=ordered - to_assemble,
            to_assemble=to_assemble,
        )
        basis = self.order.order_line[-1].assembly_basis
        product = basis["product_id"] if basis else False
        self.assertIn(product, (False, values["product_id"]))

    def test_figure_waits_for_its_product(self):
        """4 of 10 are kept, from stock or to order; nothing typed is the proposal."""
        ten, four = {"product_uom_qty": 10}, {"qty_to_assemble_to_order": 4}
        for product, proposal in ((self.desk, 0), (self.desk_to_order, 10)):
            for figures, to_assemble in (
                ([ten, four], 4),
                ([four, ten], 4),
                ([ten, {"qty_to_assemble_to_order": 10}], 10),
                ([ten, {"qty_to_assemble_to_order": 12}], 10),
                ([ten], proposal),
            ):
                with self.subTest(product=product.name, figures=figures):
                    values = self._type_ahead(product, *figures)
                    self.assertTyped(values, 10, to_assemble)

    def test_zero_of_web_client(self):
        """Who clears the figure says so: the product's proposal does not count."""
        basis = {"product_id": False, "quantity": 1, "to_order": True}
        zero = {"qty_to_assemble_to_order": 0, "assembly_basis": basis}
        values = self._type_ahead(self.desk_to_order, {"product_uom_qty": 10}, zero)
        self.assertTyped(values, 10, 0)

    def test_dozens(self):
        """5 dozen ordered, 2.5 typed ahead: in the unit in which the line sells."""
        self.desk_to_order.uom_id = self.dozen
        figures = {"product_uom_qty": 5}, {"qty_to_assemble_to_order": 2.5}
        values = self._type_ahead(self.desk_to_order, *figures)
        self.assertEqual(values["product_uom_id"], self.dozen.id)
        self.assertTyped(values, 5, 2.5)

    def test_not_assembled(self):
        """The figure goes nowhere, whether it comes before the product or after."""
        figures = {"product_uom_qty": 10}, {"qty_to_assemble_to_order": 4}
        values = self._type_ahead(self.lamp, *figures)
        self.assertFalse(values["assembly_basis"])
        values = self._ask(values, qty_to_assemble_to_order=4)
        self.assertFalse(values["assembly_basis"])
        self.assertTyped(values, 10, 0)

    def test_another_product(self):
        """2 of 5 desks become 4 of 10 counters; only what was typed is kept."""
        order = self.order
        order.order_line = [Command.create(self._prepare_line_vals(self.desk, 5, 2))]
        line = order.order_line[-1]
        sent = line.read(SENT, load=None)[0]
        for figures, to_assemble in (
            ([{"product_uom_qty": 10}, {"qty_to_assemble_to_order": 4}], 4),
            ([{"product_uom_qty": 10}], 10),
        ):
            values = self._type_ahead(
                self.desk_to_order, *figures, values=dict(sent), line=line
            )
            self.assertEqual(values["qty_to_assemble_to_order"], to_assemble)

    def test_column_is_there_from_the_start(self):
        """On every open order of a company that sells what it assembles."""
        order = self.order.with_user(self.seller)
        self.assertFalse(order.has_assembled_lines)
        self.assertTrue(order.may_have_assembled_lines)
        order.action_confirm()
        self.assertTrue(order.may_have_assembled_lines)
        self.order.locked = True
        self.assertFalse(order.may_have_assembled_lines)
        mixed = self._create_order((self.desk, 10, 4))
        mixed.action_confirm()
        mixed.locked = True
        self.assertTrue(mixed.may_have_assembled_lines)

    def test_column_is_not_there_for_nothing(self):
        """Without a bill of materials for anything that is sold there is none."""
        self.env["mrp.bom"].search([("type", "=", "normal")]).action_archive()
        self.assertFalse(self.order.may_have_assembled_lines)
        self.leg.sale_ok = False
        self._create_bom(self.leg, {self.top: 1})
        self.order.invalidate_recordset()
        self.assertFalse(self.order.may_have_assembled_lines)
        self.leg.sale_ok = True
        self.order.invalidate_recordset()
        self.assertTrue(self.order.may_have_assembled_lines)
