# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form, tagged

from odoo.addons.stock_account.tests.common import TestStockValuationCommon

from .test_shipment import ShipmentCommon


@tagged("post_install", "-at_install")
class TestInvoicing(ShipmentCommon, TestStockValuationCommon):
    """One line, one invoice line, whatever its units come from and cost.

    6 desks are on the shelf at 40; of 4 legs and a top at 5 each one costs 25.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.write(
            {
                "categ_id": cls.category_avco_auto.id,
                "standard_price": 40,
                "taxes_id": False,
            }
        )
        cls.leg.standard_price = cls.top.standard_price = 5
        cls._set_stock(cls.desk, 6)

    @classmethod
    def _create_company(cls, **values):
        """No charts of accounts for companies that have no part in this."""
        return cls.env["res.company"].create(values)

    def _invoice(self, order):
        """Invoice, or credit, all that there is to invoice."""
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def assertInvoiced(self, invoice, line, quantity, cost):
        """One row of so many desks at 100, and their cost in the books."""
        row = invoice.invoice_line_ids.filtered("product_id")
        self.assertRecordValues(
            row,
            [
                {
                    "quantity": quantity,
                    "price_subtotal": 100 * quantity,
                    "sale_line_ids": line.ids,
                }
            ],
        )
        costs = invoice.line_ids.filtered(lambda item: item.display_type == "cogs")
        sign = 1 if invoice.move_type == "out_invoice" else -1
        self.assertEqual(
            {item.account_id: item.balance for item in costs},
            {
                self.account_stock_valuation: -sign * cost,
                self.account_expense: sign * cost,
            },
        )
        self.assertInvariants(line)

    def test_ordered(self):
        """Ordered quantities: 10 at once, before anything has left, and never again."""
        order = self._confirm((self.desk, 10, 4))
        line = order.order_line
        self._produce(line.assembly_order_ids)
        self.assertEqual(line.assembly_order_ids.move_finished_ids.value, 100)
        self.assertAlmostEqual(self.desk.standard_price, 34)
        self.assertInvoiced(self._invoice(order), line, 10, cost=340)
        self._ship(order.picking_ids, qty_to_ship=3)
        self._ship(self._open_picking(order))
        self.assertEqual(sum(self._moves(line, "stock").mapped("value")), 6 * 34)
        self.assertEqual(sum(self._moves(line, "assembly").mapped("value")), 4 * 34)
        self.assertEqual(self.desk.total_value, 0)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (10, 0))
        self.assertEqual(order.invoice_status, "invoiced")

    def test_delivered(self):
        """Delivered quantities: 4 assembled, then 6 from stock, one row each time."""
        self.desk.invoice_policy = "delivery"
        order = self._confirm((self.desk, 10, 4))
        line = order.order_line
        self.assertEqual(line.qty_to_invoice, 0)
        self._produce(line.assembly_order_ids)
        self.assertEqual(line.qty_to_invoice, 0, "made, but not delivered")
        self._ship(order.picking_ids, qty_to_ship=4)
        self.assertInvoiced(self._invoice(order), line, 4, cost=136)
        self._ship(self._open_picking(order))
        self.assertInvoiced(self._invoice(order), line, 6, cost=204)
        self.assertEqual(self.desk.total_value, 0)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_delivered_at_once(self):
        """Assembled and shipped in one go: 6 × 40 + 4 × 25."""
        self.desk.invoice_policy = "delivery"
        order = self._confirm((self.desk, 10, 4))
        line = order.order_line
        self._ship(order.picking_ids)
        self.assertEqual(sum(line.move_ids.mapped("value")), 340)
        self.assertInvoiced(self._invoice(order), line, 10, cost=340)

    def test_more_assembled_after_invoicing(self):
        """A from 4 to 6 on an invoiced order: there is nothing more to invoice."""
        order = self._confirm((self.desk, 10, 4))
        line = order.order_line
        invoice = self._invoice(order)
        line.qty_to_assemble_to_order = 6
        self._ship(order.picking_ids)
        self.assertLine(line, 10, 4, 6)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (10, 0))
        self.assertEqual(order.invoice_ids, invoice)

    def test_down_payment(self):
        """A quarter in advance; later all 10, less 250, and their whole cost once."""
        order = self._confirm((self.desk, 10, 4))
        line = order.order_line
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": 25,
                "sale_order_ids": order.ids,
            }
        )
        advance = wizard._create_invoices(order)
        advance.action_post()
        self.assertEqual(advance.amount_untaxed, 250)
        self.assertNotIn("cogs", advance.line_ids.mapped("display_type"))
        self.assertInvariants(line)
        self._ship(order.picking_ids)
        invoice = self._invoice(order)
        self.assertInvoiced(invoice, line, 10, cost=340)
        self.assertEqual(invoice.amount_untaxed, 750)

    def test_credit_note_after_a_return(self):
        """1 of each part comes back: 2 credited at 34, and free for the next order."""
        self.desk.invoice_policy = "delivery"
        order = self._confirm((self.desk, 10, 4))
        line = order.order_line
        self._ship(order.picking_ids)
        self._invoice(order)
        self._return(order.picking_ids)
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (8, -2))
        credit = self._invoice(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertInvoiced(credit, line, 2, cost=68)
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (8, 0))
        self.assertEqual(self._free(self.desk), 2)
        self.assertEqual(self.desk.total_value, 68)
        self.assertFalse(line._get_producing_units())

    def _return(self, picking):
        """The customer sends back one unit of each part, to be credited."""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 1
        action = wizard.action_create_returns()
        self._deliver(self.env["stock.picking"].browse(action["res_id"]))
