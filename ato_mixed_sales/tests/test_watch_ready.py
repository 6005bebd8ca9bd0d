# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from .watch import READY, WatchCommon

DELIVERIES = {"ship_only": 0, "pick_ship": 1, "pick_pack_ship": 2}


@tagged("post_install", "-at_install")
class TestWatchReady(WatchCommon):
    """When all of a line, or of an order, is ready to leave: one activity, one mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "azure@example.com"
        cls.template = cls.env.ref("ato_mixed_sales.mail_template_ready")
        cls.shelf = cls._create_product("Shelf", components={cls.lamp: 1})

    def _make(self, line, quantity=None):
        orders = line.assembly_order_ids.filtered(lambda order: order.state != "done")
        self._produce(orders, quantity)
        self._end()

    def _get_mails(self, order):
        """What the customer was sent: counted by who is to be notified."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("notified_partner_ids", "in", self.customer.ids),
            ]
        )
        return [" ".join(html2plaintext(message.body).split()) for message in messages]

    def test_order(self):
        """6 are reserved, 4 are to be made: ready once they are; it leaves."""
        order = self._sell_desks(days=None)
        self.assertNotTold(order, READY)
        self._make(order.order_line, 3)
        self.assertNotTold(order, READY)
        self._make(order.order_line)
        activity = self.assertTold(
            order,
            f"All that is open of {order.name} is ready to leave",
            "10.00 Units of Desk",
            f"Transfers: {order.picking_ids.name}",
            kind=READY,
        )
        self._run_job()
        self.assertEqual(self.assertTold(order, kind=READY), activity)
        self._deliver(order.picking_ids)
        self._end()
        self.assertNotTold(order, READY)
        self.assertEqual(self._get_activities(order, READY, done=True), activity)
        self.assertFalse(order.promise_told, "nothing is kept of it")
        self.assertFalse(self._get_mails(order), "the company wants none")

    def test_done_by_its_user(self):
        """Not told again, until it is not ready any more, and then is again."""
        order = self._sell_desks()
        self._make(order.order_line)
        self.assertTold(order, kind=READY).with_user(self.seller).action_feedback()
        self._run_job()
        self.assertNotTold(order, READY)
        order.picking_ids.do_unreserve()
        self._end()
        order.picking_ids.action_assign()
        self._end()
        self.assertTold(order, kind=READY)

    def test_not_ready_any_more(self):
        """Units that were ready are broken: closed, and told that 2 are missing."""
        order = self._sell_desks()
        self._make(order.order_line)
        self.assertTold(order, kind=READY)
        self._scrap(self.desk, 2, self.stock)
        self._end()
        self.assertNotTold(order, READY)
        self.assertTold(order, "2 missing")

    def _get_assigned(self, order):
        return order.picking_ids.filtered(lambda picking: picking.state == "assigned")

    def test_in_steps(self):
        """Ready is what is held where the last step takes it from."""
        for steps, earlier in DELIVERIES.items():
            with self.subTest(steps=steps), self.env.cr.savepoint() as undo:
                self._set_steps(steps)
                order = self._sell_desks()
                self._make(order.order_line)
                for _step in range(earlier):
                    self.assertNotTold(order, READY)
                    self._deliver(self._get_assigned(order))
                    self._end()
                picking = self._get_assigned(order)
                self.assertEqual(picking.picking_type_id, self.warehouse.out_type_id)
                self.assertTold(order, f"Transfers: {picking.name}", kind=READY)
                self._deliver(picking)
                self._end()
                self.assertNotTold(order, READY)
                undo.close(rollback=True)

    def _sell_two(self, policy):
        """Desks and shelves to be assembled, and a lamp that lies in stock."""
        lines = (self.desk, 2, 2), (self.shelf, 3, 3), (self.lamp, 1)
        return self._sell(*lines, picking_policy=policy)

    def test_lines(self):
        """They may leave by themselves: the first, and then all of the order."""
        order = self._sell_two("direct")
        desks, shelves, _lamp = order.order_line
        self.assertNotTold(order, READY)
        self._make(desks)
        activity = self.assertTold(
            order,
            f"Of {order.name}, this is ready to leave: 2.00 Units of Desk",
            kind=READY,
        )
        self.assertNotIn("Lamp", self._read(activity))
        activity.action_feedback()
        self._make(shelves)
        texts = (
            "All that is open",
            "Desk",
            "3.00 Units of Shelf",
            "1.00 Units of Desk Lamp",
        )
        self.assertTold(order, *texts, kind=READY)

    def test_at_once(self):
        """It leaves when all of it is ready: nothing is said of the first line."""
        order = self._sell_two("one")
        desks, shelves, _lamp = order.order_line
        self._make(desks)
        self.assertNotTold(order, READY)
        self._make(shelves)
        self.assertTold(order, "All that is open", kind=READY)

    def test_nothing_is_assembled(self):
        """What lies in stock is Odoo's to tell."""
        order = self._sell((self.lamp, 3))
        self._run_job()
        self.assertFalse(order.activity_ids)

    def test_mail(self):
        """One to the customer for the first line, one for the second, never twice."""
        self.company.ready_mail_template_id = self.template
        order = self._sell_two("direct")
        desks, shelves, _lamp = order.order_line
        self._make(desks)
        [mail] = self._get_mails(order)
        self.assertIn("2.00 Units of Desk", mail)
        self.assertNotIn("Shelf", mail)
        self._make(shelves)
        self.assertIn("3.00 Units of Shelf", self._get_mails(order)[0])
        self._run_job()
        order.picking_ids.do_unreserve()
        self._end()
        order.picking_ids.action_assign()
        self._end()
        self.assertTold(order, kind=READY)
        self.assertEqual(len(self._get_mails(order)), 2, "the customer knows")

    def test_mail_in_the_language_of_the_customer(self):
        """The template is a company's to translate, and to change."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        template = self.template.copy()
        template.with_context(lang="fr_FR").body_html = "<p>Voilà</p>"
        self.company.ready_mail_template_id = template
        order = self._sell_desks()
        self._make(order.order_line)
        self.assertEqual(self._get_mails(order), ["Voilà"])

    def test_mail_that_cannot_be_written(self):
        """A template that fails keeps nobody from producing, or from being told."""
        self.template.body_html = "<t t-out='object.no_such_field'/>"
        self.company.ready_mail_template_id = self.template
        order = self._sell_desks()
        with mute_logger("odoo.addons.ato_mixed_sales.models.sale_order.watch"):
            self._make(order.order_line)
        self.assertTold(order, kind=READY)
        self.assertFalse(self._get_mails(order))
        # once it is mended, the customer hears of what becomes ready
        self.template.body_html = "<t t-out='object.name'/>"
        order.picking_ids.do_unreserve()
        self._end()
        order.picking_ids.action_assign()
        self._end()
        self.assertEqual(self._get_mails(order), [order.name])

    def test_setting(self):
        """Off by default, by company; chosen and cleared in the settings."""
        self.assertFalse(self.company.ready_mail_template_id)
        other = self.env["res.company"].create({"name": "Sister"})
        with Form(self.env["res.config.settings"]) as form:
            form.ready_mail_template_id = self.template
        form.record.execute()
        self.assertEqual(self.company.ready_mail_template_id, self.template)
        self.assertFalse(other.ready_mail_template_id)
        with Form(self.env["res.config.settings"]) as form:
            self.assertEqual(form.ready_mail_template_id, self.template)
            form.ready_mail_template_id = self.template.browse()
        form.record.execute()
        self.assertFalse(self.company.ready_mail_template_id)
