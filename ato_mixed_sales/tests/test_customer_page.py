# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged

from .test_expected import ExpectedCommon

LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class CustomerPageCommon(ExpectedCommon, HttpCase):
    """What a customer reads on the page of an order, as it comes over the wire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "ato_customer", "base.group_portal")

    def _open(self, order, user=None):
        user = user or self.portal
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        response = self.url_open(f"/my/orders/{order.id}")
        self.assertEqual(response.status_code, 200)
        return response.text

    def _sell_to_portal(self, *lines, **values):
        return self._create_order(
            *lines,
            partner_id=self.portal.partner_id.id,
            user_id=self.seller.id,
            state="sent",
            **values,
        )

    def _read_progress(self, page):
        """[(words, shares of the bar in percent)], a pair for each bar of the page"""
        found = []
        for bar in html.fromstring(page).xpath("//div[@name='assembly_progress']"):
            shares = [
                int(re.search(r"width: (\d+)%", piece.get("style")).group(1))
                for piece in bar.xpath(".//div[contains(@class, 'progress-bar')]")
            ]
            words = bar.xpath("./div[contains(@class, 'text-muted')]//text()")
            found.append(("".join(words).strip(), shares))
        return found


@tagged("post_install", "-at_install")
class TestProgress(CustomerPageCommon):
    """How far what is assembled has come: ordered, made, shipped."""

    def _check(self, order, *told):
        self.assertEqual(self._read_progress(self._open(order)), [*told])

    def test_from_quotation_to_the_end(self):
        """10 ordered, 4 assembled, in two steps: what is picked is not shipped."""
        self._set_steps("pick_ship")
        order = self._sell_to_portal((self.desk, 10, 4), (self.lamp, 2))
        self._check(order)
        order.action_confirm()
        self._check(order, ("10 ordered, none made yet", [0, 0]))
        assembly = order.order_line.assembly_order_ids
        self._produce(assembly, 1)
        self._check(order, ("10 ordered, 1 made", [0, 10]))
        [pick] = order.picking_ids
        self._deliver(pick, stock=6, assembly=1)
        self._check(order, ("10 ordered, 1 made", [0, 10]))
        ship = order.picking_ids.filtered(lambda p: p.picking_type_code == "outgoing")
        self._deliver(ship)
        self._check(order, ("10 ordered, 7 shipped", [70, 0]))
        self._produce(order.order_line.assembly_order_ids.sorted("id")[-1])
        self._check(order, ("10 ordered, 3 made, 7 shipped", [70, 30]))
        for _step in range(2):
            self._deliver(
                order.picking_ids.filtered(lambda p: p.state == "assigned")[:1]
            )
        self._check(order, ("10 ordered, 10 shipped", [100, 0]))

    def test_in_dozens(self):
        """2 dozen, 18 to assemble: 6 made are half a dozen."""
        order = self._sell_to_portal()
        order.order_line = [
            Command.create(
                self._prepare_line_vals(self.desk, 2, 1.5, product_uom_id=self.dozen.id)
            )
        ]
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids, 6)
        self._check(order, ("2 ordered, 0.5 made", [0, 25]))

    def test_given_up(self):
        """What waits and is stock again is not made for the customer any more."""
        order = self._sell_to_portal((self.desk, 10, 4))
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids)
        self._check(order, ("10 ordered, 4 made", [0, 40]))
        order.order_line.qty_to_assemble_to_order = 0
        self._check(order)

    def test_returned(self):
        """What came back is not shipped, and not made once more."""
        order = self._sell_to_portal((self.desk, 4, 4))
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids)
        self._deliver(order.picking_ids)
        dialog = self.env["stock.return.picking"].create(
            {"picking_id": order.picking_ids.id}
        )
        dialog.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            dialog.action_create_returns()["res_id"]
        )
        self._deliver(back)
        self._check(order, ("4 ordered, 3 shipped", [75, 0]))

    def test_cancelled(self):
        order = self._sell_to_portal((self.desk, 10, 4))
        order.action_confirm()
        order._action_cancel()
        self._check(order)

    def test_queries(self):
        """As many for ten lines as for two."""
        counts = []
        for count in (2, 2, 10):
            order = self._create_order(*[(self.desk, 2, 1)] * count)
            order.action_confirm()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.order_line._get_assembly_progress()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestNoSecrets(CustomerPageCommon):
    """What is the house's own is not in the source of the page, nor readable."""

    def test_page(self):
        """Stock, receipts, components, assembly orders, orders of others."""
        # figures that no id and no token of the page can hold by chance
        self._set_stock(self.desk, 1372946)
        self._receive(self.desk, 4711358, 33, origin="PO-SECRET")
        other = self._create_order((self.desk, 91, 57), client_order_ref="OTHERS")
        other.action_confirm()
        order = self._sell_to_portal((self.desk, 50, 4))
        order.action_confirm()
        assembly = order.order_line.assembly_order_ids
        self._produce(assembly, 1)
        page = self._open(order)
        self.assertEqual(
            self._read_progress(page), [("50 ordered, 1 made", [0, 2])], "it is there"
        )
        secrets = {
            *assembly.mapped("name"),
            *order.order_line.assembly_order_ids.mapped("name"),
            *other.order_line.assembly_order_ids.mapped("name"),
            other.name,
            "OTHERS",
            "PO-SECRET",
            "Table Leg",
            "Table Top",
            "1372946",
            "1,372,946",
            "4711358",
            "4,711,358",
            "qty_to_assemble",
            "free_stock",
            self._day_text(33),
        }
        self.assertFalse({secret for secret in secrets if secret in page})

    def test_others(self):
        """Nobody's page but the customer's own; methods are closed to clients."""
        stranger = new_test_user(self.env, "ato_stranger", "base.group_portal")
        order = self._sell_to_portal((self.desk, 10, 4))
        order.action_confirm()
        self.assertNotIn("ordered, none made", self._open(order, stranger))
        line = order.order_line
        for user in (self.portal, stranger):
            for record, method in (
                (line, "_get_assembly_progress"),
                (line, "_get_expected_rows"),
                (order, "get_assembly_availability"),
            ):
                model = self.env[record._name].with_user(user)
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    call_kw(model, method, [record.ids], {})


@tagged("post_install", "-at_install")
class TestOrderMail(CustomerPageCommon):
    """Mails of quotation and order say when it comes, in the customer's words."""

    def _send(self, order, template="sale.email_template_edi_sale", layout=LAYOUT):
        """The mail to the customer, as it is written."""
        before = self.env["mail.mail"].search([])
        order.with_context(mail_notify_force_send=False).message_post_with_source(
            self.env.ref(template),
            email_layout_xmlid=layout,
            subtype_xmlid="mail.mt_comment",
        )
        mail = self.env["mail.mail"].search([]) - before
        [told] = {
            re.sub(
                r"\s+",
                " ",
                "".join(
                    html.fromstring(body).xpath(
                        "//div[@summary='o_assembly_expected']//text()"
                    )
                ),
            ).strip()
            for body in mail.mapped("body_html")
        }
        return told

    def test_one_day(self):
        order = self._sell_to_portal((self.desk, 10, 10), (self.desk, 2, 2))
        for _state in self._quotation_and_order(order):
            self.assertEqual(
                self._send(order), f"Expected delivery {self._day_text(9)}"
            )

    def test_by_line(self):
        order = self._sell_to_portal((self.desk, 10, 4), (self.lamp, 2))
        self.assertEqual(
            self._send(order, "sale.mail_template_sale_confirmation"),
            f"Expected delivery Desk: 6 now, 4 by {self._day_text(9)} "
            f"Desk Lamp: {self._day_text(0)}",
        )

    def test_promised(self):
        order = self._sell_to_portal((self.desk, 10, 4), commitment_date=self._noon(20))
        self.assertEqual(self._send(order), f"Expected delivery {self._day_text(20)}")

    def test_nothing_of_ours(self):
        """Orders without an assembled line; words that somebody writes on an order."""
        self.assertEqual(self._send(self._sell_to_portal((self.lamp, 2))), "")
        order = self._sell_to_portal((self.desk, 10, 4))
        self.assertEqual(self._send(order, layout="mail.mail_notification_layout"), "")

    def test_hidden_lines(self):
        """What a section hides from the customer, the mail does not tell either."""
        order = self._sell_to_portal()
        order.order_line = [
            Command.create(
                {
                    "display_type": "line_section",
                    "name": "Furniture",
                    "collapse_composition": True,
                    "sequence": 1,
                }
            ),
            Command.create(
                {**self._prepare_line_vals(self.desk, 10, 4), "sequence": 2}
            ),
        ]
        self.assertEqual(self._send(order), "")
