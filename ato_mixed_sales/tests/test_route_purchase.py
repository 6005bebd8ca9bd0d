# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestRoutePurchase(AssembleToOrderCommon):
    """The stock part of a line is bought to order, by a route of the line."""

    def _sell_bought(self, to_assemble=4):
        mto = self.env.ref("stock.route_warehouse0_mto")
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        mto.active = mto.sale_selectable = buy.sale_selectable = True
        self.desk.seller_ids = [
            Command.create({"partner_id": self.customer.id, "price": 3})
        ]
        seller = {"user_id": self.seller.id}
        line = self._create_order((self.desk, 10, to_assemble), **seller).order_line
        line.route_ids = mto | buy
        line.order_id.action_confirm()
        return line.with_user(self.seller)

    def _get_bought(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["purchase.order.line"].search(
            [("product_id", "=", self.desk.id), ("state", "!=", "cancel")]
        )

    def _count_bought(self):
        return sum(self._get_bought().mapped("product_qty"))

    def test_ordered_quantity(self):
        """Q up and down: 6 of 10 are bought, 4 of 8, as of a plain line."""
        for to_assemble in (0, 4):
            with self.subTest(to_assemble=to_assemble):
                self._get_bought().order_id.button_cancel()
                line = self._sell_bought(to_assemble)
                for quantity in (10, 8, 10, 8, 10):
                    line.product_uom_qty = quantity
                    self.assertEqual(self._count_bought(), quantity - to_assemble)

    def test_to_assemble(self):
        """A up and down, and to 0: what is not assembled is bought."""
        line = self._sell_bought()
        for to_assemble in (4, 6, 4, 10, 4, 0):
            line.qty_to_assemble_to_order = to_assemble
            self.assertEqual(self._count_bought(), 10 - to_assemble)

    def test_ordered_from_the_vendor(self):
        """6 are ordered; A 4 to 6: they stay ordered, another draft too."""
        line = self._sell_bought()
        self._get_bought().order_id.button_confirm()
        other = self._sell_bought()
        self.assertEqual(self._count_bought(), 12)
        line.qty_to_assemble_to_order = 6
        self.assertEqual(self._count_bought(), 12)
        other.qty_to_assemble_to_order = 6
        self.assertEqual(self._count_bought(), 10)
