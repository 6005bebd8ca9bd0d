# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from random import Random

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from .common import AssembleToOrderCommon

MEASURES = ("quantity", "revenue", "cost", "margin")


class ReportCommon(AssembleToOrderCommon):
    """Desks sold at 100: 50 in the books, 4 legs of 10 and a top of 25 if assembled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leg.standard_price = 10
        cls.top.standard_price = 25
        cls.desk.standard_price = 50
        cls.desk.taxes_id = False
        cls.report = cls.env["assembly.sale.report"]

    def _deliver_all(self, line, **quantities):
        """By as many steps as there are."""
        order = line.order_id
        while pickings := order.picking_ids.filtered(
            lambda picking: picking.state in ("assigned", "confirmed")
            and picking.picking_type_id != self.warehouse.pbm_type_id
        ):
            self._deliver(pickings.sorted("id")[0], **quantities)

    def _return(self, picking, refund=True, **quantities):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        for row in wizard.product_return_moves:
            row.quantity = quantities.get(row.move_id.ato_supply or "stock", 0)
        action = wizard.action_create_returns()
        incoming = self.env["stock.picking"].browse(action["res_id"])
        incoming.move_ids.to_refund = refund
        incoming.move_ids.picked = True
        incoming.button_validate()

    def _read(self, lines, by=("source",), measures=MEASURES):
        """What the report says of lines: {source: measures}"""
        rows = self.report._read_group(
            [("sale_line_id", "in", lines.ids)],
            list(by),
            [f"{measure}:sum" for measure in measures],
        )
        return {row[0]: tuple(round(value, 2) for value in row[1:]) for row in rows}


@tagged("post_install", "-at_install")
class TestAssemblySaleReport(ReportCommon):
    """Revenue, cost and margin of what has left from stock and from assembly (R168)."""

    def test_dependencies(self):
        """Whatever it is counted from cannot be uninstalled without it."""
        modules = self.env["ir.module.module"]
        ours = modules.search([("name", "=like", "ato_mixed_sales%")])
        below = (ours | ours.upstream_dependencies(exclude_states=("",))).mapped("name")
        for model, names in self.env["assembly.sale.report"]._depends.items():
            for name in names:
                field = self.env["ir.model.fields"]._get(model, name)
                modules = set(field.modules.split(", "))
                self.assertTrue(modules & set(below), f"{model}.{name}: {modules}")

    def test_both_parts(self):
        """10 desks: 6 from stock at 50, 4 assembled at 65, sold at 100."""
        line = self._sell_mixed(stock=6)
        self.assertFalse(self._read(line), "nothing has left")
        self._produce(line.assembly_order_ids)
        self.assertFalse(self._read(line), "nothing has left")
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(
            self._read(line),
            {"stock": (6, 600, 300, 300), "assembly": (4, 400, 260, 140)},
        )
        rows = self.report.search([("sale_line_id", "=", line.id)])
        self.assertEqual(rows.order_id, line.order_id)
        self.assertEqual(rows.partner_id, self.customer)
        self.assertEqual(rows.user_id, self.seller)
        self.assertEqual(rows.product_id, self.desk)
        self.assertEqual(rows.product_tmpl_id, self.desk.product_tmpl_id)
        self.assertEqual(rows.warehouse_id, self.warehouse)
        self.assertEqual(rows.company_id, self.company)
        self.assertEqual(rows.currency_id, self.company.currency_id)
        self.assertEqual(rows.picking_id, line.order_id.picking_ids)
        self.assertEqual(set(rows.mapped("assembly_policy")), {"assemble_to_stock"})

    def test_rows(self):
        """A row for each delivery and source: first 2 and 1, then 4 and 3."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids, stock=2, assembly=1)
        self._deliver_all(line)
        first, later = line.order_id.picking_ids.sorted("id")
        rows = self.report.search([("sale_line_id", "=", line.id)])
        self.assertCountEqual(
            rows.mapped(lambda row: (row.picking_id, row.source, row.quantity)),
            [
                (first, "stock", 2),
                (first, "assembly", 1),
                (later, "stock", 4),
                (later, "assembly", 3),
            ],
        )

    def test_returns(self):
        """3 and 2 come back, 1 and 1 to be replaced: of the source that had left."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        delivery = line.order_id.picking_ids
        self._deliver(delivery)
        self._return(delivery, stock=3, assembly=2)
        returned = {"stock": (3, 300, 150, 150), "assembly": (2, 200, 130, 70)}
        self.assertEqual(self._read(line), returned)
        self.assertEqual(line.qty_delivered, 5)
        self._return(delivery, refund=False, stock=1, assembly=1)
        self.assertEqual(self._read(line), returned, "is delivered still, as Odoo says")
        negative = self.report.search(
            [("sale_line_id", "=", line.id), ("quantity", "<", 0)]
        )
        self.assertEqual(sorted(negative.mapped("quantity")), [-3, -2])
        self.assertEqual(set(negative.mapped("days_to_deliver")), {0})

    def test_which_lines(self):
        """Desks that nobody assembles are from stock; lamps are not told."""
        self._set_stock(self.desk, 5)
        order = self._create_order((self.desk, 5, 0), (self.lamp, 2))
        order.action_confirm()
        self._deliver(order.picking_ids)
        self.assertEqual(self._read(order.order_line), {"stock": (5, 500, 250, 250)})

    def test_bill_archived(self):
        """What was split once is told, whatever became of the bill."""
        line = self._sell_mixed(4, 4)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        self.desk.bom_ids.active = False
        self.assertEqual(self._read(line), {"assembly": (4, 400, 260, 140)})

    def test_dozens(self):
        """A dozen at 1,200, half of it assembled: 6 units each at 100."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 1, 0.5), user_id=self.seller.id)
        order.order_line.write({"product_uom_id": self.dozen.id, "price_unit": 1200})
        order.order_line.qty_to_assemble_to_order = 0.5
        order.action_confirm()
        line = order.order_line
        self._produce(line.assembly_order_ids)
        self._deliver(order.picking_ids)
        self.assertEqual(
            self._read(line),
            {"stock": (6, 600, 300, 300), "assembly": (6, 600, 390, 210)},
        )

    def test_discount_and_tax(self):
        """10 at 121 with 21 % in it, less 10 %: 90 each."""
        tax = self.env["account.tax"].create(
            {
                "name": "21 % in it",
                "amount": 21,
                "price_include_override": "tax_included",
            }
        )
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        line.write({"price_unit": 121, "discount": 10, "tax_ids": tax.ids})
        order.action_confirm()
        self._produce(line.assembly_order_ids)
        self._deliver(order.picking_ids)
        self.assertEqual(
            self._read(line),
            {"stock": (6, 540, 300, 240), "assembly": (4, 360, 260, 100)},
        )

    def test_other_currency(self):
        """100 of a currency of which the company's one is worth 2: 50 each."""
        currency = self.env["res.currency"].create({"name": "ATO", "symbol": "A"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": self._day(-9)}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4), pricelist_id=pricelist.id)
        line = order.order_line
        line.price_unit = 100
        order.action_confirm()
        self._produce(line.assembly_order_ids)
        self._deliver(order.picking_ids)
        self.assertEqual(
            self._read(line),
            {"stock": (6, 300, 300, 0), "assembly": (4, 200, 260, -60)},
        )

    def test_real_cost(self):
        """Other components, half an hour of work at 40, in two orders: what it cost."""
        bench = self.env["mrp.workcenter"].create({"name": "Bench", "costs_hour": 40})
        self.desk.bom_ids.operation_ids = [
            Command.create({"name": "Glue", "workcenter_id": bench.id})
        ]
        line = self._sell_mixed(stock=6)
        order = line.assembly_order_ids
        order.move_raw_ids.filtered(
            lambda m: m.product_id == self.top
        ).product_id = self._create_product("Oak Top", standard_price=45)
        order.workorder_ids.duration = 120  # 2 hours, for all that is made in it
        self._produce(order, 2)
        rest = line.assembly_order_ids - order
        rest.workorder_ids.duration = 0
        self._produce(rest)
        self._deliver(line.order_id.picking_ids)
        # 4 x (40 + 45), and the work that Odoo says they took
        work = sum(line.assembly_order_ids.workorder_ids.mapped("duration")) / 60 * 40
        self.assertGreater(work, 0)
        cost = self._read(line)["assembly"][2]
        self.assertAlmostEqual(cost, 340 + work, 2)

    def _ship_as_assembled(self, line, top):
        """Assembled with `top`, by the very shipment that takes the units away."""
        order = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        move = order.move_raw_ids.filtered(lambda m: m.product_id not in self.leg | top)
        move.product_id = top
        picking = line.order_id.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
            and any(p.move_ids.mapped("ato_supply"))
        )
        self._produce(order)
        order.ato_shipment_id = picking
        self._deliver(picking)
        return picking

    def test_undone(self):
        """Undone, and made again with oak: only what is kept has its cost.

        4 x (40 + 25) were taken apart, 4 x (40 + 45) are what the customer has.
        """
        oak = self._create_product("Oak Top", standard_price=45)
        self._set_stock(oak, 10)
        line = self._sell_mixed(stock=6)
        self._ship_as_assembled(line, self.top).action_undo_assembly_shipment()
        self.assertEqual(line.qty_delivered, 0)
        self.assertEqual(
            {source: row[:3] for source, row in self._read(line).items()},
            {"stock": (0, 0, 0), "assembly": (0, 0, 0)},
        )
        self._ship_as_assembled(line, oak)
        self.assertEqual(
            self._read(line),
            {"stock": (6, 600, 300, 300), "assembly": (4, 400, 340, 60)},
        )
        self.assertEqual(line.qty_delivered, 10)

    def test_days(self):
        """Ordered at noon, assembled 3 days later, left 5 days later: a day late."""
        line = self._sell_mixed(
            stock=6, date_order=self._noon(-5), commitment_date=self._noon(-1)
        )
        line.order_id.date_order = self._noon(-5)
        order = line.assembly_order_ids
        self._produce(order)
        order.date_finished = self._noon(-2)
        self._deliver(line.order_id.picking_ids)
        line.order_id.picking_ids.date_done = self._noon(0)
        rows = self.report.search([("sale_line_id", "=", line.id)])
        made = rows.filtered(lambda row: row.source == "assembly")
        self.assertEqual((made.days_to_ready, made.days_to_deliver), (3, 5))
        self.assertEqual((rows - made).days_to_ready, 0)
        self.assertEqual(set(rows.mapped("late_share")), {1})
        line.order_id.commitment_date = self._noon(0)
        rows.invalidate_recordset()
        self.assertEqual(set(rows.mapped("late_share")), {0})

    def test_policy(self):
        """Of a product that this warehouse assembles to order 6 were from stock.

        One of its two deliveries; nothing is told of products made for stock.
        """
        self.env["product.assembly.policy"].create(
            {
                "product_tmpl_id": self.desk.product_tmpl_id.id,
                "warehouse_id": self.warehouse.id,
                "policy": "assemble_to_order",
            }
        )
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(
            self._read(line, ["assembly_policy"], ["quantity"]),
            {"assemble_to_order": (10,)},
        )
        rows = self.report.search([("sale_line_id", "=", line.id)])
        self.assertEqual(
            {row.source: row.stock_instead_share for row in rows},
            {"stock": 1, "assembly": 0},
        )
        self.assertEqual(self._get_stock_instead(line), 0.5)
        self.env["product.assembly.policy"].search([]).unlink()
        self.desk.assembly_policy = "assemble_to_stock"
        self.assertIsNone(self._get_stock_instead(line) or None)

    def _get_stock_instead(self, lines):
        [[share]] = self.report._read_group(
            [("sale_line_id", "in", lines.ids)], [], ["stock_instead_share:avg"]
        )
        return share

    def test_steps(self):
        """In two and three steps of delivery and manufacturing: what left, once."""
        for delivery, manufacture in (
            ("pick_ship", "pbm"),
            ("pick_pack_ship", "pbm_sam"),
        ):
            with self.subTest(delivery=delivery):
                self._set_steps(delivery, manufacture)
                line = self._sell_mixed(stock=6)
                for production in line.assembly_order_ids:
                    production.picking_ids.filtered(
                        lambda p: p.state not in ("done", "cancel")
                    )[:1].action_assign()
                    production.move_raw_ids.picked = True
                self._make_in_steps(line)
                self._deliver_all(line)
                self.assertEqual(line.qty_delivered, 10)
                read = self._read(line, measures=["quantity", "revenue"])
                self.assertEqual(read, {"stock": (6, 600), "assembly": (4, 400)})

    def _make_in_steps(self, line):
        production = line.assembly_order_ids
        first, *later = production.picking_ids.sorted("id")
        self._deliver(first)
        self._produce(production)
        for picking in later or production.picking_ids - first:
            if picking.state not in ("done", "cancel"):
                self._deliver(picking)

    def test_sums(self):
        """A year at random: units as delivered, revenue as invoiced, to the cent."""
        draw = Random(19)
        self.desk.invoice_policy = "delivery"
        self._set_stock(self.desk, 500)
        lines = self.env["sale.order.line"]
        for _count in range(8):
            quantity = draw.randint(1, 12)
            line = self._sell_mixed(quantity, draw.randint(0, quantity))
            lines |= line
        for line in lines:
            line.order_id.write({"locked": False})
            self._produce_some(line)
            delivery = line.order_id.picking_ids
            self._deliver(delivery)
            if draw.random() < 0.5:
                self._return(delivery, stock=1, assembly=1)
        invoices = lines.order_id._create_invoices()
        sums = self._read(lines, ["sale_line_id"], ["quantity", "revenue"])
        self.assertEqual(
            {line: units for line, (units, _revenue) in sums.items() if units},
            {line: line.qty_delivered for line in lines if line.qty_delivered},
        )
        self.assertAlmostEqual(
            sum(revenue for _units, revenue in sums.values()),
            sum(invoices.mapped("amount_untaxed_signed")),
            2,
        )

    def _produce_some(self, line):
        if line.assembly_order_ids:
            self._produce(line.assembly_order_ids)

    def test_sales_analysis(self):
        """Odoo's own analysis: 4 of 10 to assemble; 3 have left, 1 came back."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        delivery = line.order_id.picking_ids
        self._deliver(delivery, stock=5, assembly=3)
        self._return(delivery, assembly=1)
        fields = ["qty_to_assemble_to_order", "qty_delivered_from_assembly"]
        [row] = self.env["sale.report"]._read_group(
            [("order_reference", "=", f"sale.order,{line.order_id.id}")],
            [],
            [f"{name}:sum" for name in ("product_uom_qty", *fields)],
        )
        self.assertEqual(row, (10, 4, 2))

    def test_date_of_the_transfer(self):
        """Somebody says that it has left a month ago."""
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        line.order_id.picking_ids.date_done = self._noon(-30)
        rows = self.report.search([("sale_line_id", "=", line.id)])
        self.assertEqual(set(rows.mapped("date")), {self._noon(-30)})
        self.assertEqual(len(rows), 2, "one for each source")

    def test_other_days_are_left_out_first(self):
        """A pivot of one year does not add up those before it (issue 19, point 3)."""
        query = self.report._search([("date", ">=", self._noon(-30))])
        source = SQL.identifier(query.table, "source")
        pivot = SQL(
            "EXPLAIN (COSTS OFF) %s GROUP BY GROUPING SETS ((), (%s))",
            query.select(SQL("COUNT(*)")),
            source,
        )
        plan = "\n".join(row for [row] in self.env.execute_query(pivot))
        self.assertRegex(plan, r"date >= ")
        # where it is asked for of moves, and not of what they add up to
        self.assertNotRegex(plan, r'(\*SELECT\* 1"|delivery)\.date >= ')

    def test_cost_of_asking(self):
        """Two queries, however many lines: where customers are, and the rows."""
        for count in (1, 5):
            lines = self.env["sale.order.line"]
            self._set_stock(self.desk, 100)
            for _number in range(count):
                lines |= self._sell_mixed(2, 1)
            for line in lines:
                self._produce(line.assembly_order_ids)
                self._deliver(line.order_id.picking_ids)
            self.env.flush_all()
            self.env.invalidate_all()
            self._read(lines)
            with self.assertQueryCount(2):
                self.assertEqual(self._read(lines)["assembly"][0], count)


@tagged("post_install", "-at_install")
class TestAssemblySaleReportRights(ReportCommon):
    """One's own orders, and all of them for those who may; of one's companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, login="ato_colleague", groups="sales_team.group_sale_salesman"
        )
        cls.manager = new_test_user(
            cls.env, login="ato_manager", groups="sales_team.group_sale_manager"
        )

    def _sell(self):
        line = self._sell_mixed(stock=6)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        return line

    def _ask(self, user, line):
        """What a client gets of a line's rows, grouped."""
        report = self.report.with_user(user)
        rows = call_kw(
            report,
            "formatted_read_group",
            [[("sale_line_id", "=", line.id)]],
            {"groupby": ["source"], "aggregates": ["quantity:sum", "margin:sum"]},
        )
        return {row["source"]: row["quantity:sum"] for row in rows}

    def test_own_documents(self):
        line = self._sell()
        told = {"stock": 6, "assembly": 4}
        self.assertEqual(self._ask(self.seller, line), told)
        self.assertEqual(self._ask(self.manager, line), told)
        self.assertEqual(self._ask(self.colleague, line), {})

    def test_not_in_sales(self):
        line = self._sell()
        keeper = new_test_user(
            self.env, login="ato_keeper", groups="stock.group_stock_user"
        )
        with self.assertRaises(AccessError):
            self._ask(keeper, line)

    def test_companies(self):
        line = self._sell()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertEqual(self._ask(self.manager, line), {})

    def test_read_only(self):
        line = self._sell()
        row = self.report.with_user(self.manager).search(
            [("sale_line_id", "=", line.id)], limit=1
        )
        for method, arguments in (("write", [{"revenue": 0}]), ("unlink", [])):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(row.browse(), method, [row.ids, *arguments], {})
        action = call_kw(row.browse(), "action_open_order", [row.ids], {})
        self.assertEqual(action["res_id"], line.order_id.id)
