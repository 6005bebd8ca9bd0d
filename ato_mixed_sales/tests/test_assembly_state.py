# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .. import split
from .test_availability import AvailabilityCommon

STATES = ("to_decide", "to_assemble", "ready", "shipped", False)
MOST_QUERIES = 70


class StateCommon(AvailabilityCommon):
    def assertState(self, order, state, text=None):
        """The state of an order, by which alone it is found."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.assembly_state, state)
        if text is not None:
            self.assertEqual(order.assembly_state_text, text)
        search = self.env["sale.order"].search
        found = [
            value
            for value in STATES
            if search([("id", "=", order.id), ("assembly_state", "=", value)])
        ]
        self.assertEqual(found, [state], "found as it is")
        self.assertFalse(
            search([("id", "=", order.id), ("assembly_state", "!=", state)])
        )


@tagged("post_install", "-at_install")
class TestAssemblyState(StateCommon):
    """What an order is waiting for: to decide, to assemble, ready, shipped (20.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)

    def test_from_quotation_to_delivery(self):
        """6 on the shelf, 10 are ordered: 4 missing, made one by one, all shipped."""
        order = self._create_order((self.desk, 10, 0))
        self.assertState(order, "to_decide", "To Decide")
        order.order_line.action_assemble_missing()
        for _state in self._quotation_and_order(order):
            self.assertState(order, "to_assemble", "0 of 4 made")
        self._produce(order.order_line.assembly_order_ids, 1)
        self.assertState(order, "to_assemble", "1 of 4 made")
        self._produce(
            order.order_line.assembly_order_ids.filtered(lambda o: o.state != "done")
        )
        self.assertState(order, "ready", "Ready")
        self._deliver(order.picking_ids, stock=6, assembly=2)
        self.assertState(order, "ready")
        self._deliver(order.picking_ids.filtered(lambda p: p.state != "done"))
        self.assertState(order, "shipped", "Shipped")

    def test_typed_in_the_form(self):
        """5 of 6 can leave at once; 8 cannot; 2 of them to assemble is a plan."""
        form = self._order_form((self.desk, 5), user=self.seller)
        order = form.save()
        self.assertState(order, "ready")
        with Form(order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 8
        self.assertState(order, "to_decide")
        with Form(order) as form, form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 2
        self.assertState(order, "to_assemble", "0 of 2 made")

    def test_short_and_late(self):
        """No legs; made in 9 days and promised today: both are to be decided."""
        order = self._create_order((self.desk, 10, 4))
        self._set_stock(self.leg, 0)
        self.assertState(order, "to_decide")
        self._set_stock(self.leg, 100)
        self.assertState(order, "to_assemble")
        self.desk.bom_ids.produce_delay = 9
        for _state in self._quotation_and_order(order):
            self.assertState(order, "to_decide")
        order.commitment_date = self._noon(9)
        self.assertState(order, "to_assemble")

    def test_expected_in_time(self):
        """10 promised in 5 days, 4 arrive in 3: nothing to do, and not ready yet."""
        receipt = self._receive(self.desk, 4, 3)
        order = self._create_order((self.desk, 10, 0), commitment_date=self._noon(5))
        for _state in self._quotation_and_order(order):
            self.assertState(order, False, "Expected")
        receipt.quantity = 4
        receipt.picked = True
        receipt._action_done()
        self.assertState(order, "ready")

    def test_overdue_receipt_is_not_there(self):
        """What should have come yesterday covers today, and cannot leave."""
        self._receive(self.desk, 4, -1)
        order = self._create_order((self.desk, 10, 0))
        for _state in self._quotation_and_order(order):
            self.assertState(order, False)

    def test_without_assembled_lines(self):
        plain = self._create_order((self.lamp, 2))
        self.assertState(plain, False, False)
        plain.action_confirm()
        self.assertState(plain, False, False)

    def test_cancelled(self):
        order = self._create_order((self.desk, 10, 4))
        order.action_confirm()
        order._action_cancel()
        self.assertState(order, False, False)
        order.action_draft()
        self.assertState(order, "to_assemble")

    def test_plain_lines_count(self):
        """3 lamps, of which one is there: neither ready nor shipped without them."""
        self._set_stock(self.lamp, 1)
        order = self._create_order((self.desk, 2, 0), (self.lamp, 3))
        for _state in self._quotation_and_order(order):
            self.assertState(order, False)
        self._deliver(order.picking_ids.with_context(cancel_backorder=False))
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 1])
        self.assertState(order, False)
        self._set_stock(self.lamp, 2)
        self.assertState(order, "ready")
        self._deliver(order.picking_ids.filtered(lambda p: p.state != "done"))
        self.assertState(order, "shipped")

    def test_plain_lines_share(self):
        """Two lines of 2 lamps, 3 are there."""
        self._set_stock(self.lamp, 3)
        order = self._create_order((self.desk, 1, 0), (self.lamp, 2), (self.lamp, 2))
        self.assertState(order, False)
        order.order_line[2].product_uom_qty = 1
        self.assertState(order, "ready")

    def test_services_do_not_count(self):
        service = self.env["product.product"].create({"name": "H", "type": "service"})
        order = self._create_order((self.desk, 2, 0), (service, 1))
        order.action_confirm()
        self.assertState(order, "ready")
        self._deliver(order.picking_ids)
        self.assertState(order, "shipped")

    def test_nobody_asks_for_the_rest(self):
        """2 of 5 are shipped, the rest is cancelled: nothing is open."""
        order = self._create_order((self.desk, 5, 0))
        order.action_confirm()
        self._deliver(order.picking_ids, stock=2)
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertState(order, "shipped")

    def test_made_to_order_by_odoo(self):
        """A product that Odoo makes for each order leaves once it has been made."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        self.desk.route_ids = route | self.warehouse.manufacture_pull_id.route_id
        order = self._create_order((self.desk, 3, 0))
        for _state in self._quotation_and_order(order):
            self.assertState(order, False)
        production = order.mrp_production_ids
        self.assertEqual(production.product_qty, 3)
        production.action_confirm()
        production.qty_producing = 3
        production._set_qty_producing()
        production.with_context(skip_backorder=True).button_mark_done()
        self.assertState(order, "ready")

    def test_in_steps(self):
        """Picked, and not shipped yet: ready as before."""
        self._set_steps("pick_pack_ship", "pbm_sam")
        order = self._create_order((self.desk, 5, 0))
        order.action_confirm()
        for _step in range(3):
            self.assertState(order, "ready")
            [ready] = order.picking_ids.filtered(lambda p: p.state == "assigned")
            self._deliver(ready)
        self.assertState(order, "shipped")

    def test_units_that_do_not_add_up(self):
        """A dozen and 2 units: it is said how many lines are made."""
        order = self._create_order((self.desk, 2, 2))
        order.order_line = [
            Command.create(
                self._prepare_line_vals(self.desk, 1, 1, product_uom_id=self.dozen.id)
            )
        ]
        self.assertState(order, "to_assemble", "0 of 2 lines made")
        order.action_confirm()
        self._produce(order.order_line[0].assembly_order_ids)
        self.assertState(order, "to_assemble", "1 of 2 lines made")

    def test_pure(self):
        """The most pressing first; closed lines say nothing."""
        line = split.LineState
        decide = line(is_open=True, to_decide=True, to_assemble=True)
        assemble = line(is_open=True, to_assemble=True, leaves_now=False)
        there, awaited = line(is_open=True), line(is_open=True, leaves_now=False)
        closed = line(to_decide=True, to_assemble=True, leaves_now=False)
        for lines, state in (
            ([closed, decide, assemble, there], "to_decide"),
            ([assemble, awaited, there], "to_assemble"),
            ([there, closed], "ready"),
            ([there, awaited], None),
            ([closed], "shipped"),
        ):
            self.assertEqual(split.order_state(lines), state)


@tagged("post_install", "-at_install")
class TestAssemblyStateScreens(StateCommon):
    """Lists, filters and the teams' dashboard, as a salesperson reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls.team = cls.env["crm.team"].create({"name": "Desks"})
        values = {"user_id": cls.seller.id, "team_id": cls.team.id}
        cls.short = cls._create_order((cls.desk, 10, 0), **values)
        cls.mixed = cls._create_order((cls.desk, 10, 4), **values)
        values["user_id"] = cls.env.ref("base.user_admin").id
        cls.foreign = cls._create_order((cls.desk, 9, 0), **values)

    def _read(self, **specification):
        orders = self.env["sale.order"].with_user(self.seller)
        domain = [("team_id", "=", self.team.id)]
        found = call_kw(
            orders,
            "web_search_read",
            [],
            {"domain": domain, "specification": specification, "order": "id"},
        )
        return [list(row.values())[1:] for row in found["records"]]

    def test_list(self):
        """The list asks for both fields; others' orders are not among them."""
        orders = self.env["sale.order"].with_user(self.seller)
        for view_type in ("list", "kanban"):
            arch = etree.fromstring(orders.get_view(view_type=view_type)["arch"])
            names = {node.get("name") for node in arch.iter("field")}
            self.assertLessEqual({"assembly_state", "assembly_state_text"}, names)
        self.assertEqual(
            self._read(assembly_state={}, assembly_state_text={}),
            [["to_decide", "To Decide"], ["to_assemble", "0 of 4 made"]],
        )

    def test_filters(self):
        orders = self.env["sale.order"].with_user(self.seller)
        arch = etree.fromstring(orders.get_view(view_type="search")["arch"])
        for name, found in (("to_decide", self.short), ("to_assemble", self.mixed)):
            [node] = arch.xpath(f"//filter[@name='{name}']")
            self.assertIn(f"'{name}'", node.get("domain"))
            domain = [("assembly_state", "=", name), ("team_id", "=", self.team.id)]
            self.assertEqual(orders.search(domain), found)
            self.assertEqual(orders.search_count(domain), 1)

    def test_no_group(self):
        """It is not stored, and no list is offered to be grouped by it."""
        fields = self.env["sale.order"].fields_get(["assembly_state"])
        self.assertFalse(fields["assembly_state"]["groupable"])
        self.assertFalse(fields["assembly_state"]["sortable"])
        self.assertTrue(fields["assembly_state"]["searchable"])

    def test_dashboard(self):
        """Of the three orders of the team a salesperson sees one to decide."""
        team = self.team.with_user(self.seller)
        self.assertEqual(team.orders_to_decide_count, 1)
        self.assertEqual(self.team.orders_to_decide_count, 2)
        action = self.env.ref("ato_mixed_sales.crm_team_action_orders_to_decide")
        context = safe_eval(action.context, {"active_id": self.team.id})
        view = team.get_view(view_type="kanban")["arch"]
        [link] = etree.fromstring(view).xpath(f"//a[@name='{action.id}']")
        self.assertEqual(link.get("type"), "action")
        self.assertEqual(
            context,
            {"search_default_team_id": [team.id], "search_default_to_decide": 1},
        )

    def test_customers_read_nothing(self):
        portal = new_test_user(self.env, "ato_p", "base.group_portal")
        self.short.partner_id = portal.partner_id
        self.short.message_subscribe(portal.partner_id.ids)
        order = self.short.with_user(portal)
        for name in ("assembly_state", "assembly_state_text"):
            with self.assertRaises(AccessError):
                call_kw(order, "read", [order.ids, [name]], {})
        with self.assertRaises(AccessError):
            order.search([("assembly_state", "=", "to_decide")])

    def _measure(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        """As many for a list, and a search, of 40 orders as for 4."""
        lines = (self.desk, 10, 4), (self.lamp, 1)
        orders = self.env["sale.order"].union(
            *(self._create_order(*lines) for _number in range(40))
        )
        self._set_stock(self.desk, 1000)
        orders[::2].action_confirm()
        names = ["assembly_state", "assembly_state_text"]
        few = orders[:4]
        few.read(names)
        read = [self._measure(lambda o=o: o.read(names)) for o in (few, orders)]
        self.assertLessEqual(read[1], read[0] + 2)
        self.assertLessEqual(read[1], MOST_QUERIES)
        domain = [("assembly_state", "in", ("to_assemble", "ready"))]
        sought = self._measure(lambda: orders.search(domain))
        self.assertLessEqual(sought, MOST_QUERIES)
        self.assertEqual(orders.search(domain) & orders, orders)
