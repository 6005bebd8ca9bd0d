# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections import defaultdict
from datetime import timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import tagged

from . import oracle
from .properties import SOAK
from .test_assembly_sale_report import MEASURES, ReportCommon

ORDERS = 18 * (SOAK or 1)
SEED = int(time.time()) if SOAK else 19
DIMENSIONS = (
    *("source", "product_id", "partner_id", "user_id", "team_id"),
    *("warehouse_id", "company_id", "date:month"),
)


@tagged("post_install", "-at_install")
class TestYearMachine(ReportCommon):
    """A year of business at random, in two companies and two currencies.

    In units and dozens, with lots, delivered at once or by and by, returned, undone
    and sold again, invoiced and credited. Prices are such that no share of a line has
    less than a cent, so that all sums are exact.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.env.user.company_ids |= cls.other
        charts = cls.env["account.chart.template"]
        charts.try_loading("generic_coa", company=cls.other, install_demo=False)
        hall = cls.env["stock.warehouse"].search([("company_id", "=", cls.other.id)])
        cls.warehouses = {cls.company: cls.warehouse, cls.other: hall}
        cls.chair = cls._create_product(
            "Chair", {cls.leg: 4, cls.lamp: 1}, tracking="lot"
        )
        cls.sold = cls.desk | cls.chair
        cls.sold.bom_ids.company_id = False
        cls.sold.invoice_policy = "delivery"
        cls.sold.taxes_id = False
        cls.costs = {}
        for number, (company, warehouse) in enumerate(cls.warehouses.items()):
            cls._furnish(company, warehouse, 1 + number)
            cls._move_subcontractor(company)
        cls.pricelists = cls._create_pricelists()

    @classmethod
    def _furnish(cls, company, warehouse, factor):
        """Costs of the company, and plenty of everything in its warehouse."""
        stock = warehouse.lot_stock_id
        for product, cost in (
            *((cls.desk, 50), (cls.chair, 35), (cls.leg, 5)),
            *((cls.top, 25), (cls.lamp, 9)),
        ):
            product.with_company(company).standard_price = cost * factor
            cls.costs[company, product] = cost * factor
            lot = cls.env["stock.lot"]
            if product.tracking == "lot":
                lot = lot.create({"name": f"{company.id}", "product_id": product.id})
            cls.env["stock.quant"]._update_available_quantity(
                product, stock, 5000, lot_id=lot
            )

    @classmethod
    def _move_subcontractor(cls, company):
        """Have the customer's subcontracting place lie deeper than any shelf.

        Odoo takes a return for a dropshipped one where the path of that place is a
        piece of text in the shelf's, as "5/" is in "15/16/": that depends on ids.
        """
        customer = cls.customer.with_company(company)
        place = customer.property_stock_subcontractor
        for name in ("Hall", "Rack", "Bin"):
            place = place.create(
                {"name": name, "location_id": place.id, "company_id": company.id}
            )
        customer.property_stock_subcontractor = place

    @classmethod
    def _create_pricelists(cls):
        """One in the currency of both companies, one of which half is worth as much."""
        currency = cls.env["res.currency"].create({"name": "ATO", "symbol": "A"})
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "rate": 0.5,
                    "name": "2000-01-01",
                    "company_id": company.id,
                }
                for company in cls.warehouses
            ]
        )
        return cls.env["product.pricelist"].create(
            [
                {"name": money.name, "currency_id": money.id, "company_id": False}
                for money in (cls.company.currency_id, currency)
            ]
        )

    # What happens

    def test_sums(self):
        """Units, revenue and cost are those of orders, invoices and assembly orders."""
        draw = Random(SEED)
        lines = self.env["sale.order.line"]
        for _number in range(ORDERS):
            lines |= self._do_business(draw)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.subTest(seed=SEED):
            self._check_units(lines)
            self._check_money(lines)
            self._check_costs(lines)
            self._check_dimensions(lines)
            self._check_sales_analysis(lines)
        self.assertEqual(len(lines.company_id), 2)

    def _do_business(self, draw):
        """An order, from its quotation to its invoices."""
        line = self._quote(draw)
        order = line.order_id
        may_roll_up = line.qty_to_assemble_to_order and line.product_uom_id == self.unit
        if may_roll_up and draw.random() < 0.5:
            line.discount = 0
            line.action_roll_up_price()
        order.action_confirm()
        order.locked = False
        if line.product_id == self.desk and draw.random() < 0.4:
            self._ship_undo_and_ship(line, draw)
        else:
            self._make(line, draw)
            self._ship(line, draw)
        if draw.random() < 0.7:
            self._invoice(order)
        if draw.random() < 0.4:
            self._bring_back(line, draw)
        self._invoice(order)
        self._date(order, draw)
        return line

    def _quote(self, draw):
        company = draw.choice([*self.warehouses])
        quantity = draw.randint(1, 12)
        uom = draw.choice((self.unit, self.unit, self.dozen))
        factor = 0.25 if uom == self.dozen else 1
        order = (
            self.env["sale.order"]
            .with_context(allowed_company_ids=company.ids)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "warehouse_id": self.warehouses[company].id,
                    "pricelist_id": draw.choice(self.pricelists).id,
                    "user_id": draw.choice((self.seller.id, self.env.uid)),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": draw.choice(self.sold).id,
                                "product_uom_id": uom.id,
                                "product_uom_qty": quantity * factor,
                                "qty_to_assemble_to_order": factor
                                * draw.randint(0, quantity),
                                "price_unit": 48 * draw.randint(1, 9),
                                "discount": draw.choice((0, 0, 25, 50)),
                            }
                        )
                    ],
                }
            )
        )
        return order.order_line

    def _get_open_orders(self, line):
        return line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")

    def _make(self, line, draw):
        """At once or by and by, some of it with another top."""
        order = self._get_open_orders(line)
        if order and draw.random() < 0.5:
            top = order.move_raw_ids.filtered(lambda m: m.product_id == self.top)
            top.product_id = self.lamp
        while order := self._get_open_orders(line):
            if line.product_id.tracking == "lot":
                order.lot_producing_ids = self.env["stock.lot"].create(
                    {"name": f"{order.id}", "product_id": line.product_id.id}
                )
            some = draw.choice((None, draw.randint(1, 4)))
            self._produce(order, some and some < order.product_qty and some or None)

    def _ship(self, line, draw):
        if draw.random() < 0.5:
            picking = self._get_open_picking(line)[:1]
            for move in picking.move_ids:
                move.quantity = draw.randint(0, round(move.quantity))
            if sum(picking.move_ids.mapped("quantity")):
                picking.move_ids.picked = True
                picking.with_context(skip_backorder=True).button_validate()
        if picking := self._get_open_picking(line):
            picking.action_assign()
            self._deliver(picking)

    def _get_open_picking(self, line):
        return line.move_ids.picking_id.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _ship_undo_and_ship(self, line, draw):
        """Assembled while it is shipped; undone once or never; then all of it."""
        for is_undone in (draw.random() < 0.7, False):
            picking = self._get_open_picking(line)
            if not picking:
                continue
            shipments = self.env["assembly.shipment"].with_env(picking.env)
            if line.qty_to_assemble_to_order and picking.is_assembly_shipment:
                shipments.create({"picking_id": picking.id}).action_ship()
            else:
                self._deliver(picking)
            if is_undone and picking.is_undoable_shipment:
                picking.action_undo_assembly_shipment()

    def _bring_back(self, line, draw):
        """The customer returns one of each source, or wants others for them.

        Three of dozens: Odoo delivers, and invoices, two decimals of them.
        """
        done = line.move_ids.picking_id.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        )
        if done:
            picking, units = done[-1], 3 if line.product_uom_id == self.dozen else 1
            parts = self._get_parts_of(picking, units)
            self._return(picking, refund=draw.random() < 0.7, **parts)

    def _get_parts_of(self, picking, units):
        """{source: units}, of each source that so many have left of"""
        return {
            move.ato_supply or "stock": units
            for move in picking.move_ids
            if move.quantity - sum(move.returned_move_ids.mapped("quantity")) >= units
        }

    def _invoice(self, order):
        if order.invoice_status == "to invoice":
            order._create_invoices(final=True).action_post()

    def _date(self, order, draw):
        """Some day of the year."""
        day = self._noon(-draw.randint(0, 360))
        order.date_order = day - timedelta(days=draw.randint(1, 9))
        order.picking_ids.filtered(lambda p: p.state == "done").date_done = day

    # What is said of it

    def _sum(self, lines, by, measures=MEASURES):
        rows = self.report._read_group(
            [("sale_line_id", "in", lines.ids)],
            [by] if by else [],
            [f"{measure}:sum" for measure in measures],
        )
        return {row[0] if by else None: row[1 if by else 0 :] for row in rows}

    def _check_units(self, lines):
        told = self._sum(lines, "sale_line_id", ["quantity"])
        for line in lines:
            [quantity] = told.get(line, [0])
            self.assertUnits(line, quantity, line.qty_delivered, line.order_id.name)
            moves = line.move_ids.filtered(lambda m: m.state == "done")
            left = moves.filtered(lambda m: m.location_dest_id.usage == "customer")
            back = moves.filtered(lambda m: m.location_id.usage == "customer")
            back = back.filtered("to_refund")
            exact = oracle.units(left) - oracle.units(back)
            self.assertAlmostEqual(quantity, exact, 4, line.order_id.name)

    def _check_money(self, lines):
        """To the cent, of each order, and so of each company."""
        told = self._sum(lines, "order_id", ["revenue"])
        for order in lines.order_id:
            invoices = order.invoice_ids
            self.assertLessEqual(set(invoices.mapped("state")), {"posted"})
            invoiced = sum(invoices.mapped("amount_untaxed_signed"))
            [revenue] = told.get(order, [0])
            self.assertAlmostEqual(revenue, invoiced, 2, order.name)

    def _check_costs(self, lines):
        """By what assembly orders have used, and nobody has taken apart."""
        rows = self.report._read_group(
            [("sale_line_id", "in", lines.ids)],
            ["sale_line_id", "source"],
            ["quantity:sum", "cost:sum"],
        )
        for line, source, quantity, cost in rows:
            company = line.company_id
            each = self.costs[company, line.product_id]
            if source == "assembly" and quantity:
                each = self._count_cost(line, company)
            if abs(cost - quantity * each) > 0.005:
                told = f"{source}: {cost} is not {quantity} x {each}"
                self.fail(f"{told}, {self._describe(line)}")

    def _describe(self, line):
        """What was moved of it, at which price: why it does not cost what is told."""
        product = line.with_company(line.company_id).product_id
        price = "standard_price", "cost_method", "lot_valuated"
        moved = "ato_supply", "state", "quantity", "value", "is_in", "is_out", "picked"
        units = "lot_id", "location_id", "quantity_product_uom"
        units += "location_dest_id", "picked", "owner_id", "company_id", "create_date"
        moves = line.move_ids
        return "\n".join(
            [
                f"{line.order_id.name}, {line.company_id.name}",
                *map(str, product.read(price) + moves.read(moved)),
                *map(str, moves.move_line_ids.read(units)),
            ]
        )

    def _count_cost(self, line, company):
        used, units = 0.0, 0.0
        for order in line.assembly_order_ids.filtered(lambda o: o.state == "done"):
            apart = sum(order.unbuild_ids.mapped("product_qty"))
            kept = order.qty_produced - apart
            used += sum(
                move.quantity * self.costs[company, move.product_id]
                for move in order.move_raw_ids
                if move.state == "done"
            ) * (kept / order.qty_produced)
            units += kept
        return used / units

    def _check_dimensions(self, lines):
        """However it is cut, it is the same."""
        [total] = self._sum(lines, None).values()
        self.assertTrue(all(total))
        for dimension in DIMENSIONS:
            sums = defaultdict(float)
            for figures in self._sum(lines, dimension).values():
                for measure, value in zip(MEASURES, figures, strict=True):
                    sums[measure] += value
            for measure, value in zip(MEASURES, total, strict=True):
                self.assertAlmostEqual(sums[measure], value, 2, (dimension, measure))
        by_month = self._sum(lines, "date:month", ["quantity"])
        self.assertGreater(len(by_month), 3)

    def _check_sales_analysis(self, lines):
        [[assembled]] = self.env["sale.report"]._read_group(
            [("order_reference", "in", [f"sale.order,{o.id}" for o in lines.order_id])],
            [],
            ["qty_delivered_from_assembly:sum"],
        )
        [told] = self._sum(lines, "source", ["quantity"])["assembly"]
        self.assertAlmostEqual(assembled, told, 2)
