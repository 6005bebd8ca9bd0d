# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from .watch import LATE, WatchCommon


@tagged("post_install", "-at_install")
class TestWatchCauses(WatchCommon):
    """Whatever makes a promised line late or uncovered, its salesperson is told once.

    At the event itself; the job that comes afterwards finds nothing to add. Once it is
    on time again, the activity is closed. The promise is never moved.
    """

    def _assert_told_once(self, order, *texts):
        """At the event, and not once more by the job."""
        activity = self.assertTold(order, *texts)
        promised, note = order.commitment_date, activity.note
        self._run_job()
        self.assertEqual(self.assertTold(order), activity)
        self.assertEqual(activity.note, note)
        self.assertEqual(order.commitment_date, promised)
        return activity

    def _assert_closed(self, order, activity):
        self.assertNotTold(order)
        self.assertEqual(self._get_activities(order, done=True), activity)
        self.assertFalse(order.promise_told, "nothing is kept of it")

    def test_planner(self):
        """Planned for in 9 days, promised in 5: the 4 are late; then it is planned
        for tomorrow.
        """
        order = self._sell_desks()
        self.assertNotTold(order)
        self._plan(order, 9)
        activity = self._assert_told_once(
            order,
            f"Of {order.name}, this cannot leave as promised",
            f"10.00 Units of Desk: 6 in stock + 4 to assemble, {self._late(9)}",
            "promise the earliest day",
        )
        self._plan(order, 1)
        self._assert_closed(order, activity)

    def test_planner_who_sells_nothing(self):
        """Who plans is no salesperson, and sends what he likes along."""
        order = self._sell_desks()
        planner = new_test_user(self.env, "ato_watch_plan", "mrp.group_mrp_user")
        self.assertFalse(planner.has_group("sales_team.group_sale_salesman"))
        assembly = order.order_line.assembly_order_ids.with_user(planner)
        assembly.with_context(
            mail_activity_automation_skip=True, default_note="mine"
        ).date_start = self._noon(9)
        self._end()
        self._assert_told_once(order, self._late(9))

    def test_receipt(self):
        """6 come in 3 days; then in 8; then in 4."""
        receipt = self._receive(self.desk, 6, 3)
        order = self._sell((self.desk, 10, 4))
        self.assertNotTold(order)
        receipt.date = self._noon(8)
        self._end()
        activity = self._assert_told_once(order, "6 missing", "Assemble 6")
        receipt.date = self._noon(4)
        self._end()
        self._assert_closed(order, activity)

    def test_receipt_is_cancelled(self):
        """Nobody knows when the 6 come."""
        receipt = self._receive(self.desk, 6, 3)
        order = self._sell((self.desk, 10, 4))
        self._set_stock(self.leg, 16)
        receipt._action_cancel()
        self._end()
        self._assert_told_once(
            order,
            f"10.00 Units of Desk, promised for {self._named(5)}: 6 missing, not known "
            "when. What you can do: Assemble 6, order less.",
        )

    def test_scrap(self):
        """2 of the 6 are broken: the answer that is told settles it."""
        order = self._sell_desks()
        self._scrap(self.desk, 2, self.stock)
        self._end()
        activity = self._assert_told_once(
            order,
            f"promised for {self._named(5)}: 2 missing, assembled by {self._named(0)}. "
            "What you can do: Assemble 2",
        )
        order.order_line.with_user(self.seller).action_assemble_missing()
        self._end()
        self.assertLine(order.order_line, 10, 4, 6)
        self._assert_closed(order, activity)

    def test_count(self):
        """3 are counted where 6 were; then 6 again."""
        order = self._sell_desks()
        self._set_stock(self.desk, 3)
        self._end()
        activity = self._assert_told_once(order, "3 missing")
        self._set_stock(self.desk, 6)
        self._end()
        self._assert_closed(order, activity)

    def test_another_order(self):
        """What the order holds is taken from it by force, for another one."""
        order = self._sell_desks()
        other = self._sell((self.desk, 6), days=2)
        self.assertTold(other, "6 missing")
        order.picking_ids.do_unreserve()
        other.picking_ids.action_assign()
        self._end()
        self.assertNotTold(other)
        activity = self._assert_told_once(order, "6 missing")
        other._action_cancel()
        self._end()
        self._assert_closed(order, activity)

    def test_hold_of_a_quotation(self):
        """A quotation holds what an order counts on, and lets it go again."""
        self._reserve_by_hand()
        order = self._sell_desks()
        quotation = self._create_order((self.desk, 4)).order_line
        quotation.action_reserve_stock()
        self._end()
        activity = self._assert_told_once(order, "4 missing")
        quotation.action_unreserve_stock()
        self._end()
        self._assert_closed(order, activity)

    def test_component(self):
        """16 legs come in 2 days; then in 8; then nobody knows when."""
        self._set_stock(self.leg, 0)
        receipt = self._receive(self.leg, 16, 2)
        order = self._sell_desks()
        self.assertNotTold(order)
        receipt.date = self._noon(8)
        self._end()
        activity = self._assert_told_once(
            order, "components short: 0 of 4", self._late(8)
        )
        receipt._action_cancel()
        self._end()
        unknown = self.assertTold(
            order, "not known when", "order components, order less"
        )
        self.assertEqual(unknown, activity)
        self._set_stock(self.leg, 16)
        self._end()
        self._assert_closed(order, activity)

    def test_components_are_taken(self):
        """What is to be made of them for somebody else is made first."""
        self._set_stock(self.leg, 16)
        order = self._sell_desks()
        order.order_line.assembly_order_ids.do_unreserve()
        self._scrap(self.leg, 4, self.stock)
        self._end()
        self._assert_told_once(order, "components short: 3 of 4")

    def test_cancelled(self):
        """Nothing is to be kept any more."""
        order = self._sell_desks()
        self._plan(order, 9)
        activity = self.assertTold(order)
        order._action_cancel()
        self._end()
        self._assert_closed(order, activity)

    def test_promised_anew(self):
        """Another day is promised, by the one who may."""
        order = self._sell_desks()
        self._plan(order, 9)
        activity = self.assertTold(order)
        order.with_user(self.seller).action_promise_earliest()
        self._end()
        self._assert_closed(order, activity)

    def test_delivered_late(self):
        """What has left is not late any more."""
        order = self._sell_desks()
        self._plan(order, 9)
        activity = self.assertTold(order)
        self._produce(order.order_line.assembly_order_ids)
        self._deliver(order.picking_ids)
        self._end()
        self._assert_closed(order, activity)

    def test_not_promised(self):
        """A lead time is no promise; a quotation, and plain lines, are nobody's."""
        order = self._sell_desks(days=None)
        self._plan(order, 9)
        quotation = self._create_order(
            (self.desk, 50), commitment_date=self._noon(1), user_id=self.seller.id
        )
        plain = self._sell((self.lamp, 5000), days=1)
        self._run_job()
        for sale in order | quotation | plain:
            self.assertFalse(sale.activity_ids)

    def test_late_from_the_start(self):
        """Whoever confirms it: it cannot be kept."""
        self._set_stock(self.leg, 0)
        order = self._sell_desks()
        self._assert_told_once(order, "components short: 0 of 4")


@tagged("post_install", "-at_install")
class TestWatchTold(WatchCommon):
    """One activity for all lines of an order, and no more of it than is news."""

    def _two_lines(self):
        """Desks and shelves, 2 of each to be assembled, promised in 5 days."""
        self.shelf = self._create_product("Shelf", components={self.lamp: 1})
        return self._sell((self.desk, 2, 2), (self.shelf, 3, 3))

    def _plan_line(self, line, days):
        line.assembly_order_ids.date_start = self._noon(days)
        self._end()

    def test_lines_come_and_go(self):
        """One activity lists what is late, as lines come and go, and is closed then."""
        order = self._two_lines()
        desks, shelves = order.order_line
        self._plan_line(desks, 9)
        activity = self.assertTold(order, "2.00 Units of Desk", self._late(9))
        self.assertNotIn("Shelf", self._read(activity))
        self._plan_line(shelves, 7)
        self.assertEqual(
            self.assertTold(order, "2.00 Units of Desk", "3.00 Units of Shelf"),
            activity,
        )
        self.assertIn(self._late(7), self._read(activity))
        self._plan_line(desks, 1)
        self.assertEqual(self.assertTold(order, "Shelf"), activity)
        self.assertNotIn("Desk", self._read(activity))
        self._plan_line(shelves, 1)
        self.assertNotTold(order)

    def test_done_by_its_user(self):
        """Not told again: the same, less. Told again: worse, or anew."""
        order = self._sell_desks()
        self._plan(order, 9)
        self.assertTold(order).with_user(self.seller).action_feedback()
        self.assertNotTold(order)
        for days in (9, 8, 9):
            self._plan(order, days)
            self._run_job()
            self.assertNotTold(order)
        self._plan(order, 12)
        activity = self.assertTold(order, self._late(12))
        activity.with_user(self.seller).unlink()
        self._run_job()
        self.assertNotTold(order)
        self._plan(order, 1)
        self._plan(order, 9)
        self.assertTold(order, self._late(9))

    def test_another_line_is_news(self):
        """Who has done the one is told of both."""
        order = self._two_lines()
        desks, shelves = order.order_line
        self._plan_line(desks, 9)
        self.assertTold(order).action_feedback()
        self._plan_line(shelves, 7)
        self.assertTold(order, "Desk", "Shelf")

    def test_more_is_news(self):
        """2 of 6 are missing, and done; 1 more is; 1 is found again."""
        order = self._sell_desks()
        self._set_stock(self.leg, 16)  # nobody knows when
        self._set_stock(self.desk, 4)
        self._end()
        self.assertTold(order, "2 missing").action_feedback()
        self._set_stock(self.desk, 3)
        self._end()
        self.assertTold(order, "3 missing").action_feedback()
        self._set_stock(self.desk, 4)
        self._end()
        self.assertNotTold(order)

    def test_open_activity_is_changed(self):
        """What gets worse, or better, while it is open is told in the same place."""
        order = self._sell_desks()
        self._plan(order, 9)
        activity = self.assertTold(order, self._late(9))
        activity.with_user(self.seller).date_deadline = self._day(2)
        self._plan(order, 12)
        self.assertEqual(self.assertTold(order, self._late(12)), activity)
        self._plan(order, 7)
        self.assertEqual(self.assertTold(order, self._late(7)), activity)
        self.assertEqual(activity.date_deadline, self._day(2), "the user's own")

    def test_by_hand(self):
        """An activity of this kind that somebody has made is his."""
        order = self._sell_desks()
        own = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("sale.order"),
                "res_id": order.id,
                "activity_type_id": self.env.ref(LATE).id,
                "user_id": self.seller.id,
                "note": "Call them",
            }
        )
        self._plan(order, 9)
        self.assertEqual(len(self._get_activities(order) - own), 1)
        self._plan(order, 1)
        self.assertEqual(self._get_activities(order), own)
        self.assertIn("Call them", own.note)

    def test_time_passes(self):
        """The promised day goes by; then one more: that alone is no news."""
        order = self._sell_desks(days=0)
        self._run_job()
        self.assertNotTold(order)
        with self._days_later(1):
            self._run_job()
            activity = self.assertTold(order, self._late(1, promised=0))
            activity.action_feedback()
        with self._days_later(2):
            self._run_job()
            self.assertNotTold(order)
            self._plan(order, 9)
            self.assertTold(order, self._late(9, promised=0))

    def test_who_is_told(self):
        """The salesperson, else the leader of the team, else who works on it."""
        leader = new_test_user(
            self.env, "ato_leader", "sales_team.group_sale_salesman_all_leads"
        )
        team = self.env["crm.team"].create({"name": "Desks", "user_id": leader.id})
        order = self._sell_desks()
        order.write({"user_id": False, "team_id": team.id})
        self._plan(order, 9)
        self.assertEqual(self._get_activities(order).user_id, leader)
        self._get_activities(order).unlink()
        order.write({"user_id": self.seller.id, "team_id": team.id})
        self._plan(order, 10)
        self.assertTold(order)
        self.seller.active = False
        self._get_activities(order).unlink()
        self._plan(order, 11)
        self.assertEqual(self._get_activities(order).user_id, leader)

    def test_nobody_to_be_told(self):
        """Of a web shop's order nobody is told but who works on it: no robot is."""
        order = self._sell_desks()
        order.team_id.user_id = False
        order.user_id = False
        robot = self.env.ref("base.user_root")
        self.env.cr.execute(
            "UPDATE sale_order SET create_uid = %s WHERE id = %s", [robot.id, order.id]
        )
        order.invalidate_recordset()
        self._plan(order, 9)
        activity = self._get_activities(order)
        self.assertEqual(len(activity), 1)
        self.assertFalse(activity.user_id)
        activity.unlink()
        clerk = new_test_user(self.env, "ato_clerk", "sales_team.group_sale_salesman")
        self.env.cr.execute(
            "UPDATE sale_order SET create_uid = %s WHERE id = %s", [clerk.id, order.id]
        )
        order.invalidate_recordset()
        self._plan(order, 10)
        self.assertEqual(self._get_activities(order).user_id, clerk)

    def test_names_are_shown_as_they_are(self):
        self.desk.name = "<b>Desk</b> & Co"
        order = self._sell_desks()
        self._plan(order, 9)
        self.assertTold(order, "<b>Desk</b> & Co")

    def test_other_companies(self):
        """Each company has its own stock: what happens in one concerns one."""
        order = self._sell_desks()
        company = self.env["res.company"].create({"name": "Sister"})
        self.desk.bom_ids.company_id = False
        (self.env.user | self.seller).company_ids |= company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        sister = self.env["sale.order"].with_company(company)
        line = self._prepare_line_vals(self.desk, 10, 4)
        other = sister.create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": warehouse.id,
                "company_id": company.id,
                "commitment_date": self._noon(5),
                "order_line": [(0, 0, line)],
                "user_id": self.seller.id,
            }
        )
        other.action_confirm()
        self._end()
        self.assertTold(other, "6 missing")
        self.assertNotTold(order)
        self._plan(order, 9)
        self.assertTold(order, self._late(9))
        self._run_job()
        self.assertEqual(len(self._get_activities(order)), 1)
        self.assertEqual(len(self._get_activities(other)), 1)
