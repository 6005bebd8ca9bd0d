# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CheckedStories
from .test_bins import BinsCommon


@tagged("post_install", "-at_install")
class TestSplitLine(CheckedStories, BinsCommon):
    """One mixed line becomes two, one per source, and one again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6, cls.shelf)
        cls.warehouse.ato_shipment_location_id = cls.shipment_bin

    def _create_mixed_line(self, **values):
        """Q 10, A 4 between two other lines, sold by somebody who may only sell."""
        order = self._create_order((self.lamp, 1), user_id=self.seller.id)
        lines = self.env["sale.order.line"].create(
            [
                {"order_id": order.id, **self._prepare_line_vals(*line)}
                for line in ((self.desk, 10, 4), (self.lamp, 2), (self.lamp, 3))
            ]
        )
        lines[0].write(values)
        return lines[0].with_user(self.seller)

    def _split(self, line):
        """:return: (stock part, assembly part)"""
        line.action_split_by_source()
        return line, line.split_line_ids

    def _assert_split(self, line, before):
        """Two lines, one per source: same terms, same totals, next to each other."""
        order = line.order_id
        stock, assembly = self._split(line)
        self.assertLine(stock, ordered=6, from_stock=6, to_assemble=0)
        self.assertLine(assembly, ordered=4, from_stock=0, to_assemble=4)
        self.assertEqual(stock.bin_location_id, self.shelf)
        self.assertEqual(assembly.bin_location_id, self.shipment_bin)
        self.assertEqual(self._get_terms(stock), before["terms"])
        self.assertEqual(self._get_terms(assembly), before["terms"])
        self.assertEqual(self._get_totals(order), before["totals"])
        # where Odoo has margins, it adds up what it has rounded line by line
        margin = order.margin if "margin" in order._fields else 0.0
        self.assertAlmostEqual(margin, before["margin"], delta=0.011)
        position = order.order_line.sorted().ids.index(stock.id)
        self.assertEqual(order.order_line.sorted()[position + 1], assembly)
        others = order.order_line.sorted() - stock - assembly
        self.assertEqual(others.mapped("product_uom_qty"), [1, 2, 3])
        return stock, assembly

    def _get_totals(self, order):
        return [order.amount_untaxed, order.amount_tax, order.amount_total]

    def _get_terms(self, line):
        names = ("price_unit", "discount", "name", "analytic_distribution", "tax_ids")
        return {name: line[name] for name in (*names, "customer_lead")}

    def _remember(self, line):
        return {
            "terms": self._get_terms(line),
            "totals": self._get_totals(line.order_id),
            "margin": line.order_id._get_split_totals().get("margin", 0.0),
        }

    def test_quotation(self):
        """The draft order goes with its part; merged, all is as it was."""
        account = self.env["account.analytic.account"].create(
            {
                "name": "Fair",
                "plan_id": self.env["account.analytic.plan"].create({"name": "P"}).id,
            }
        )
        tax = self.env["account.tax"].create({"name": "7 %", "amount": 7})
        line = self._create_mixed_line(
            price_unit=33.33,
            discount=5,
            name="By hand",
            analytic_distribution={str(account.id): 100},
            tax_ids=[Command.set(tax.ids)],
            customer_lead=9,
        )
        production = line.sudo().assembly_order_ids
        production.move_raw_ids[0].product_uom_qty = 99
        before = self._remember(line)

        stock, assembly = self._assert_split(line, before)
        self.assertEqual(production.ato_sale_line_id, assembly)
        self.assertEqual(production.product_qty, 4)
        self.assertEqual(production.move_raw_ids[0].product_uom_qty, 99)
        self.assertFalse(stock.sudo().assembly_order_ids)

        assembly.action_merge_sources()
        self.assertFalse(assembly.exists())
        self.assertLine(line, ordered=10, from_stock=6, to_assemble=4)
        self.assertEqual(self._remember(line), before)
        self.assertEqual(production.ato_sale_line_id, line)
        self.assertEqual(production.product_qty, 4)
        line.order_id.action_confirm()
        self.assertEqual(line.sudo().assembly_order_ids, production)
        self.assertInvariants(line)

    def test_confirmed_order(self):
        """Moves, reservation and the order go with their part, the chain holds."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps):
                self.warehouse.delivery_steps = steps
                line = self._create_mixed_line()
                line.order_id.action_confirm()
                production = line.sudo().assembly_order_ids
                from_stock = self._moves(line.sudo(), "stock")
                assembled = self._moves(line.sudo(), "assembly")
                held = from_stock.move_line_ids

                stock, assembly = self._assert_split(line, self._remember(line))
                self.assertEqual(stock.sudo().move_ids, from_stock)
                self.assertEqual(from_stock.move_line_ids, held)
                self.assertEqual(assembly.sudo().move_ids, assembled)
                self.assertEqual(assembly.sudo().assembly_order_ids, production)
                self.assertEqual(stock.reserved_qty, 6)
                for part in (stock, assembly):
                    self.assertInvariants(part.sudo())

                stock.action_merge_sources()
                self.assertEqual(line.sudo().move_ids, from_stock | assembled)
                self.assertLine(line, ordered=10, from_stock=6, to_assemble=4)
                self.assertInvariants(line.sudo())
                stock, assembly = self._split(line)
                assembly.product_uom_qty = 5
                stock.product_uom_qty = 7
                self.assertEqual(production.product_qty, 5)
                for part in (stock, assembly):
                    self.assertInvariants(part.sudo())
                stock.product_uom_qty = 6
                self._deliver_all(stock.sudo(), assembly.sudo())
                self._set_stock(self.desk, 6, self.shelf)

    def _deliver_all(self, stock, assembly):
        self._produce(assembly.assembly_order_ids)
        for _step in range(2):
            pickings = stock.order_id.picking_ids
            for picking in pickings.filtered(lambda p: p.state == "assigned"):
                self._deliver(picking)
        self.assertEqual((stock.qty_delivered, assembly.qty_delivered), (6, 5))

    def test_prices_of_quantities(self):
        """10 are cheaper than 4: the price stays, agreed or computed."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Volume",
                "item_ids": [
                    Command.create({"min_quantity": 10, "fixed_price": 77.77})
                ],
            }
        )
        line = self._create_mixed_line()
        line.order_id.pricelist_id = pricelist
        line.order_id.action_update_prices()
        self.assertEqual(line.price_unit, 77.77)
        stock, _assembly = self._assert_split(line, self._remember(line))
        stock.action_merge_sources()
        self.assertEqual(line.price_unit, 77.77)

    def test_to_the_cent(self):
        """Where rounding by line would change the total, nothing is split."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        line = self._create_mixed_line(price_unit=1.01, discount=15)
        total = line.order_id.amount_total
        with self.assertRefused("rounded by itself"):
            line.action_split_by_source()
        self.assertEqual(line.order_id.amount_total, total)
        self.assertLine(line, ordered=10, from_stock=6, to_assemble=4)

    def test_what_cannot_be_split(self):
        line = self._create_mixed_line()
        for vals, reason in (
            ({"qty_to_assemble_to_order": 0}, "not both taken from stock and"),
            ({"qty_to_assemble_to_order": 10}, "not both taken from stock and"),
            (
                {
                    "product_uom_qty": 1,
                    "product_uom_id": self.dozen.id,
                    "qty_to_assemble_to_order": 0.33,
                },
                "cannot be counted exactly in Dozens. Order in Units",
            ),
        ):
            line.write(vals)
            with self.assertRefused(f"Desk on .* cannot be split by .*: .*{reason}"):
                line.action_split_by_source()
        line = self._create_mixed_line()
        line.order_id.action_confirm()
        line.order_id.action_lock()
        with self.assertRefused("locked"):
            line.action_split_by_source()
        line.order_id.action_unlock()
        stranger = new_test_user(self.env, "split_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            line.with_user(stranger).action_split_by_source()
        self._produce(line.sudo().assembly_order_ids, 1)
        with self.assertRefused("a part of it is moved or assembled already"):
            line.action_split_by_source()

    def test_invoiced(self):
        self.desk.invoice_policy = "order"
        line = self._create_mixed_line()
        line.order_id.action_confirm()
        line.sudo().order_id._create_invoices()
        with self.assertRefused("it is invoiced"):
            line.action_split_by_source()

    def test_what_cannot_be_merged(self):
        line = self._create_mixed_line()
        with self.assertRefused("it was not split"):
            line.action_merge_sources()
        stock, assembly = self._split(line)
        for vals, back, reason in (
            ({"price_unit": 1}, {"price_unit": 100}, "differ in Unit Price"),
            ({"discount": 1}, {"discount": 0}, "differ in Discount"),
            (
                {"qty_to_assemble_to_order": 3},
                {"qty_to_assemble_to_order": 4},
                "not from one source any more",
            ),
        ):
            assembly.write(vals)
            for part in (stock, assembly):
                with self.assertRefused(f"lines of Desk on .* merged: .*{reason}"):
                    part.action_merge_sources()
            assembly.write(back)
        line.order_id.action_confirm()
        self._deliver(line.sudo().order_id.picking_ids, stock=6, assembly=0)
        with self.assertRefused("moved or assembled already"):
            assembly.action_merge_sources()

    def test_chosen_bin_stays_with_stock(self):
        line = self._create_mixed_line(bin_location_id=self.rack.id)
        stock, assembly = self._split(line)
        self.assertEqual(stock.bin_location_id, self.rack)
        self.assertEqual(assembly.bin_location_id, self.shipment_bin)
        copied = line.order_id.copy().order_line
        self.assertFalse(copied.split_from_line_id)
