# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import operator
from datetime import timedelta
from random import Random
from unittest.mock import patch

from lxml import etree

from odoo.fields import Command, Datetime, Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.ato_mixed_sales import snapshot

from .common import AssembleToOrderCommon

FIGURES = ("missing_qty", "components_short_qty", "deductible_qty")
COMPARED = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
SEED = 20261126
MOST_QUERIES = 60


class CandidatesCommon(AssembleToOrderCommon):
    """Everything is looked for among the lines of these tests."""

    def _get_own(self):
        """All lines of ours, with the figures that the lines themselves have."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.orders.order_line

    def _search(self, *condition):
        self.env.invalidate_all()
        domain = Domain("order_id", "in", self.orders.ids) & Domain(*condition)
        return self.env["sale.order.line"].search(domain)

    def _assert_found(self, name, sign, value):
        found = self._search(name, sign, value)
        lines = self._get_own()
        right = lines.filtered(lambda line: COMPARED[sign](line[name], value))
        self.assertEqual(found, found & right, f"{name} {sign} {value}: too many")
        self.assertEqual(found, found | right, f"{name} {sign} {value}: too few")
        return found

    def _assert_states_found(self):
        """Each state finds the orders that are in it: {state: orders}"""
        self._get_own()
        own = self.orders.grouped("assembly_state")
        for state in ("to_decide", "to_assemble", "ready", "shipped", False):
            self.env.invalidate_all()
            domain = [("id", "in", self.orders.ids), ("assembly_state", "=", state)]
            found = self.env["sale.order"].search(domain)
            right = own.get(state, self.orders.browse())
            self.assertEqual(found, found & right, f"{state}: too many")
            self.assertEqual(found, found | right, f"{state}: too few")
        return own

    def _assert_all_found(self):
        """Each figure finds what the lines themselves say: {figure: lines}"""
        found = {}
        for name in FIGURES:
            found[name] = self._assert_found(name, ">", 0)
            self._assert_found(name, "<=", 0)
        found["is_late"] = self._assert_found("is_late", "=", True)
        self._assert_found("is_late", "!=", True)
        found["bin_warning"] = self._search("bin_warning", "!=", False)
        self.assertEqual(found["bin_warning"], self._get_own().filtered("bin_warning"))
        return found


@tagged("post_install", "-at_install")
class TestCandidatesAtRandom(CandidatesCommon):
    """Found in the database is what the lines themselves say, line by line (S1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(SEED)
        cls.other = cls._create_warehouse("North Hall", "NRT")
        cls.bin = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock.id}
        )
        cls.frame = cls._create_product("Frame", components={cls.leg: 2})
        by_dozen = {"uom_id": cls.dozen.id}
        cls.products = cls.desk | cls.desk_to_order | cls.lamp | cls.frame
        for number in range(4):
            parts = cls.random.sample((cls.leg, cls.top, cls.lamp, cls.frame), 2)
            cls.products |= cls._create_product(
                f"Shelf {number}",
                components={part: number + 1 for part in parts},
                **(by_dozen if number % 2 else {}),
            )
            cls.products[-1].bom_ids.produce_delay = number
        for product in cls.products | cls.leg | cls.top:
            for place in (cls.stock, cls.bin, cls.other.lot_stock_id):
                if cls.random.random() < 0.6:
                    cls._put(product, place, cls.random.choice((1, 6, 20, 300)))
        orders = [cls._create_random() for _number in range(30)]
        cls.orders = cls.env["sale.order"].union(*orders)
        cls._carry_on()

    @classmethod
    def _get_moment(cls, days):
        return Datetime.now() + timedelta(days=days)

    @classmethod
    def _put(cls, product, place, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, place, quantity)

    @classmethod
    def _create_random(cls):
        choice, randint = cls.random.choice, cls.random.randint
        cls.company.assembly_order_creation = choice(("quotation", "confirmation"))
        lines = []
        for product in cls.random.sample(list(cls.products), randint(1, 4)):
            unit, quantity = choice((cls.unit, cls.unit, cls.dozen)), randint(1, 12)
            if product.uom_id == cls.dozen:
                quantity *= 12 if unit == cls.unit else 1
            to_assemble = choice((0, 0, quantity, randint(0, quantity)))
            values = {"product_uom_id": unit.id, "customer_lead": choice((0, 0, 3, 9))}
            if not product.bom_ids:
                to_assemble = 0
            lines.append(
                cls._prepare_line_vals(product, quantity, to_assemble, **values)
            )
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": choice((cls.warehouse, cls.warehouse, cls.other)).id,
                "order_line": [Command.create(vals) for vals in lines],
            }
        )
        day = choice((None, None, -1, 2, 12))
        order.commitment_date = day is not None and cls._get_moment(day)
        return order

    @classmethod
    def _carry_on(cls):
        """Reserve, confirm, make, deliver some of it; some components are coming."""
        for number, order in enumerate(cls.orders):
            if number % 5 == 0:
                offered = order.order_line.filtered(
                    lambda line: (line.assembly_figures or {}).get("stock_on_hand_qty")
                )
                for line in offered:
                    line._hold_free_units()
            if number % 2:
                order.action_confirm()
            if number % 7 == 3:
                order.picking_ids.do_unreserve()
        for line in cls.orders.order_line.filtered("assembly_order_ids")[::6]:
            made = line.assembly_order_ids[:1]
            if made.state == "confirmed":
                made.qty_producing = made.product_qty
                made._set_qty_producing()
                made.with_context(skip_backorder=True).button_mark_done()
        cls._receive(cls.leg, 500, days=4)

    @classmethod
    def _receive(cls, product, quantity, days):
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.stock.id,
                "date": cls._get_moment(days),
            }
        )
        move._action_confirm()

    def test_line_by_line(self):
        """Units, warehouses, policies, dates; what is found is some, and not all."""
        found = self._assert_all_found()
        lines = self.orders.order_line
        for name, of_figure in found.items():
            if name != "bin_warning":
                self.assertTrue(of_figure, name)
                self.assertLess(len(of_figure), len(lines), name)
        for name in (*FIGURES, "is_late"):
            candidates = set(lines._find_candidates([name]))
            self.assertLess(len(candidates.intersection(lines.ids)), len(lines), name)

    def test_states(self):
        """Orders by what they wait for, of all kinds; most without their figures."""
        for quantity in (1, 6, 20):
            order = self._create_order((self.desk, quantity, 0), (self.lamp, 1, 0))
            self.orders |= order
            order.action_confirm()
        self.orders[::4].order_line._cancel_assembly()
        plenty = self._create_product("Plenty", components={self.top: 1})
        self._put(plenty, self.stock, 100)
        for to_assemble in (0, 0, 2):
            self.orders |= self._create_order((plenty, 3, to_assemble))
        confirmed = self.orders[-3:]
        confirmed[1:].action_confirm()
        shipped = self._create_order((plenty, 3, 0))
        shipped.action_confirm()
        self._deliver(shipped.picking_ids)
        self.orders |= shipped
        own = self._assert_states_found()
        self.assertLessEqual({"to_decide", "to_assemble", "ready", "shipped"}, set(own))
        opened, _assembled = self.orders._find_opened()
        self.assertNotIn(shipped.id, opened)

    def test_states_of_nothing(self):
        """Nothing is open of a quotation of none, or of one that has all delivered."""
        self._put(self.desk, self.stock, 30)
        orders = self._create_order((self.desk, 0)) | self._create_order(
            (self.desk_to_order, 0), (self.lamp, 0)
        )
        shipped = self._create_order((self.desk, 3, 1))
        shipped.action_confirm()
        self._produce(shipped.order_line.assembly_order_ids)
        self._deliver(shipped.picking_ids)
        shipped._action_cancel()
        shipped.action_draft()
        for order in orders | shipped:
            self.assertEqual(order.assembly_state, "shipped")
        for state, found in (("ready", orders.browse()), ("shipped", orders | shipped)):
            domain = [("id", "in", (orders | shipped).ids)]
            domain += [("assembly_state", "=", state)]
            self.assertEqual(orders.search(domain), found.sorted(), state)

    def test_states_by_bills(self):
        """Who can assemble a product is told for each kind, of which one is looked at.

        Bills of all sorts: archived, of a kit, of another company or operation, of one
        variant, two of them; services, products that are bought.
        """
        other = self.env["res.company"].create({"name": "Northwind"})
        elsewhere = self.other.manu_type_id.id
        products = {
            "plain": {},
            "archived": {"active": False},
            "kit": {"type": "phantom"},
            "of others": {"company_id": other.id},
            "elsewhere": {"picking_type_id": elsewhere},
        }
        orders = self.orders.browse()
        for name, vals in products.items():
            for number in range(2):
                product = self._create_product(f"{name} {number}", {self.top: 1})
                if number:  # a second bill, which anybody may use
                    product.bom_ids.copy()
                self._put(product, self.stock, 100)
                product.bom_ids[0].write(vals)
                orders |= self._create_order((product, 3, 0))
        service = self._create_product("service", {self.top: 1})
        orders |= self._create_order((service, 3, 0))
        service.is_storable = False
        chair = self._create_choice("Chair", "Colour", ("red", "blue"))
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": chair.id,
                "product_id": chair.product_variant_ids[0].id,
                "bom_line_ids": [Command.create({"product_id": self.top.id})],
            }
        )
        for variant in chair.product_variant_ids:
            self._put(variant, self.stock, 100)
            orders |= self._create_order((variant, 3, 0))
        self.orders = orders
        found = self._assert_states_found()
        self.assertGreater(len(found["ready"]), 2)
        self.assertGreater(len(found[False]), 2)
        self.orders.action_confirm()
        self._assert_states_found()

    def test_each_comparison(self):
        """Negated, and beside a number that some line has."""
        for name in FIGURES:
            value = max(self._get_own().mapped(name))
            for sign in COMPARED:
                self._assert_found(name, sign, value)
            some = self._search(name, "in", [0, value])
            others = self._search(name, "not in", [0, value])
            self.assertEqual(self.orders.order_line - some, others)

    def test_counted_grouped_and_limited(self):
        lines = self.env["sale.order.line"]
        domain = [("order_id", "in", self.orders.ids), ("missing_qty", ">", 0)]
        found = lines.search(domain)
        self.assertEqual(lines.search_count(domain), len(found))
        groups = dict(lines._read_group(domain, ["warehouse_id"], ["__count"]))
        self.assertEqual(sum(groups.values()), len(found))
        order = "product_uom_qty desc, id"
        self.assertEqual(
            lines.search(domain, order=order, offset=1, limit=2),
            lines.search(domain, order=order)[1:3],
        )
        orders = self.env["sale.order"].search([("order_line.missing_qty", ">", 0)])
        self.assertEqual(orders & self.orders, found.order_id)

    def test_own_documents_only(self):
        """A salesperson finds what they may read, by figures that count everybody."""
        mine = self._search("missing_qty", ">", 0).order_id[:1]
        mine.user_id = self.seller
        (self.orders - mine).user_id = self.env.ref("base.user_admin")
        lines = self.env["sale.order.line"].with_user(self.seller)
        found = lines.search([("missing_qty", ">", 0)])
        self.assertEqual(found.order_id.user_id, self.seller)
        self.assertTrue(found & mine.order_line)

    def test_others_take_it(self):
        """What is free is asked for elsewhere: found at once, and no more when free."""
        order = self._create_order((self.desk, 2, 0))
        self.orders = order
        self._put(self.desk, self.stock, 1000)
        self.assertFalse(self._assert_all_found()["missing_qty"])
        taker = self._create_order((self.desk, 999, 0), warehouse_id=self.warehouse.id)
        taker.action_confirm()
        taker.picking_ids.do_unreserve()
        self._scrap(self.desk, 100, self.stock)
        self.assertEqual(self._assert_all_found()["missing_qty"], order.order_line)


@tagged("post_install", "-at_install")
class TestCandidatesBudget(CandidatesCommon):
    """As many queries for 200 lines as for 20, whatever else is open."""

    def _measure(self, name, count):
        products = self.env["product.product"].create(
            [{"name": f"Bench {n}", "is_storable": True} for n in range(count)]
        )
        self.env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "bom_line_ids": [
                        Command.create({"product_id": self.top.id, "product_qty": 1})
                    ],
                }
                for product in products
            ]
        )
        self.orders = self._create_order(*[(product, 3, 0) for product in products])
        self._search(name, ">", 0)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = self._search(name, ">", 0)
        self.assertEqual(len(found), count)
        return self.env.cr.sql_log_count - before

    def test_missing(self):
        few, many = (self._measure("missing_qty", count) for count in (20, 200))
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, MOST_QUERIES)

    def test_page_of_each_filter(self):
        """A page and its count: by few queries each (S1)."""
        self.orders = self.env["sale.order"].union(
            *(
                self._create_order((self.desk, 9, 4), (self.desk_to_order, n, n))
                for n in range(1, 30)
            )
        )
        self._set_stock(self.desk, 8)
        self._set_stock(self.desk_to_order, 8)
        self._set_stock(self.leg, 80)
        self.orders[::2].action_confirm()
        self.orders[5].commitment_date = Datetime.now() - timedelta(days=3)
        pages = (
            ("sale.order.line", "sale_order_line_view_search_to_promise", 5),
            ("sale.order", "view_sales_order_filter", 8),
        )
        for model, view, least in pages:
            filters = self._get_filters(model, view)
            self.assertGreaterEqual(len(filters), least)
            for name, domain in filters.items():
                with self.subTest(model=model, filter=name):
                    self._count_page(model, domain)  # what is remembered for longer
                    counted, found = self._count_page(model, domain)
                    self.assertLessEqual(counted, MOST_QUERIES)
                    if name not in ("ready", "shipped", "bin_warning"):
                        self.assertTrue(found)

    def _get_filters(self, model, view):
        """Domains of the filters by what no column holds, and of those that open."""
        module = "sale" if model == "sale.order" else "ato_mixed_sales"
        found = self.env[model].get_views(
            [(self.env.ref(f"{module}.{view}").id, "search")]
        )
        arch = etree.fromstring(found["views"]["search"]["arch"])
        names = (*FIGURES, "is_late", "bin_warning", "assembly_state")
        filters = {
            node.get("name"): Domain(safe_eval(node.get("domain")))
            for node in arch.iter("filter")
            if any(name in node.get("domain", "") for name in names)
        }
        if model == "sale.order.line":
            filters["all that open"] = Domain.OR(filters.values())
        return filters

    def _count_page(self, model, domain):
        """Queries of a page in a list, as of a request that has not written.

        :return: (queries, how many records there are)
        """
        records = self.env[model]
        view = self.env.ref(
            "sale.view_order_tree"
            if model == "sale.order"
            else "ato_mixed_sales.sale_order_line_view_list_to_promise"
        )
        arch = records.get_views([(view.id, "list")])["views"]["list"]["arch"]
        names = {node.get("name") for node in etree.fromstring(arch).iter("field")}
        self._get_own()
        before, answers = self.env.cr.sql_log_count, snapshot._Answers("")
        with patch.object(snapshot, "_get_answers", lambda _env: answers):
            page = records.web_search_read(
                list(domain), dict.fromkeys(names, {}), limit=20
            )
        counted = self.env.cr.sql_log_count - before
        self.assertEqual(page["length"], records.search_count(list(domain)))
        return counted, page["length"]

    def test_kinds_of_products(self):
        """Of products that are made alike one line is looked at, however many."""
        lines, looked = self.env["sale.order.line"]._with_documents(), []
        get_boms = type(lines)._get_assembly_boms

        def look(lines):
            looked.append(len(lines))
            return get_boms(lines)

        for count in (20, 200):
            self._measure("missing_qty", count)
            self.env.flush_all()
            self.env.invalidate_all()
            looked.clear()
            with patch.object(type(lines), "_get_assembly_boms", look):
                orders = self.env["sale.order"]
                orders._get_assembled_lines(orders._find_kinds(lines))
            with self.subTest(count=count):
                self.assertLess(sum(looked), 20)

    def test_covered_lines_are_no_candidates(self):
        """What is in plenty costs nothing: no line of it is worked out."""
        self._set_stock(self.desk, 1000)
        self._set_stock(self.leg, 1000)
        self._set_stock(self.top, 1000)
        quotation, order = (self._create_order((self.desk, 10, 4)) for _n in range(2))
        order.action_confirm()
        lines = quotation.order_line | order.order_line
        for name in ("missing_qty", "components_short_qty"):
            self.assertFalse(set(lines._find_candidates([name])) & set(lines.ids))
