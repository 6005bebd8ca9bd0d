# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from importlib.util import module_from_spec, spec_from_file_location
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import file_path

from odoo.addons.sale.models.sale_order import SaleOrder

from .common import AssembleToOrderCommon
from .test_tours import TourCommon

# a picture of one point
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
MISSING = "Desk: 4.00 Units of 10.00 Units are missing"


class UncoveredCommon(AssembleToOrderCommon):
    """6 on the shelf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)

    def _rpc(self, user, records, method):
        model = self.env[records._name].with_user(user)
        return call_kw(model, method, [records.ids], {})

    def _told(self, order):
        """What the chatter says of a confirmation with something missing."""
        bodies = order.message_ids.mapped("body")
        return [body for body in bodies if "Confirmed though" in body]


@tagged("post_install", "-at_install")
class TestUncovered(UncoveredCommon):
    """What the company wants of orders that nothing covers: a word, a no, nothing."""

    def test_warn_is_default(self):
        self.assertEqual(self.company.uncovered_confirmation, "warn")
        company = self.env["res.company"].create({"name": "Newcomer"})
        self.assertEqual(company.uncovered_confirmation, "warn")

    def test_warn(self):
        """The form has something to ask; code confirms, and the chatter says it."""
        order = self._create_order(
            (self.desk, 10), (self.lamp, 2), user_id=self.seller.id
        )
        [row] = self._rpc(self.seller, order, "get_uncovered_rows")
        self.assertEqual(row["line_id"], order.order_line[0].id)
        self.assertEqual((row["missing_qty"], row["qty"]), (4, 10))
        self.assertIn(
            "action_assemble_missing", [s["action"] for s in row["suggestions"]]
        )
        self._rpc(self.seller, order, "action_confirm")
        self.assertEqual(order.state, "sale")
        [told] = self._told(order)
        self.assertIn(MISSING, told)
        self.assertNotIn("Lamp", told)
        [message] = order.message_ids.filtered(lambda m: "Confirmed though" in m.body)
        self.assertTrue(message.subtype_id.internal, "not for the customer")
        self.assertFalse(self._rpc(self.seller, order, "get_uncovered_rows"))

    def test_not_confirmed_after_all(self):
        """Another add-on asks something first, as sale_exception does: no word yet."""
        orders = self.env["sale.order"]
        for policy in ("assemble_to_stock", "assemble_missing"):
            self.desk.assembly_policy = policy
            orders |= self._create_order((self.desk, 10, None))
            orders |= self._create_order((self.desk, 12, None))
        question = {"type": "ir.actions.act_window"}
        with patch.object(SaleOrder, "action_confirm", lambda _orders: question):
            for asked in (orders[:1], orders):
                self.assertEqual(asked.action_confirm(), question)
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        bodies = " ".join(orders.message_ids.mapped("body"))
        self.assertNotIn("onfirm", bodies)

    def test_covered(self):
        order = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        self.assertFalse(self._rpc(self.seller, order, "get_uncovered_rows"))
        self._rpc(self.seller, order, "action_confirm")
        self.assertFalse(self._told(order))

    def test_nothing(self):
        self.company.uncovered_confirmation = "nothing"
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        self.assertFalse(self._rpc(self.seller, order, "get_uncovered_rows"))
        self._rpc(self.seller, order, "action_confirm")
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._told(order))

    def test_refuse(self):
        """There is nothing to ask: it is refused, until the answer is given."""
        self.company.uncovered_confirmation = "refuse"
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        self.assertFalse(self._rpc(self.seller, order, "get_uncovered_rows"))
        with self.assertRefused(MISSING):
            self._rpc(self.seller, order, "action_confirm")
        order.order_line.action_assemble_missing()
        self._rpc(self.seller, order, "action_confirm")
        self.assertFalse(self._told(order))

    def test_customers_are_never_stopped(self):
        """What is signed is confirmed; the seller reads what is missing, if at all."""
        for rule, count in (("nothing", 0), ("warn", 1), ("refuse", 1)):
            with self.subTest(rule=rule):
                self.company.uncovered_confirmation = rule
                order = self._create_order((self.desk, 20))
                order.sudo()._validate_order()
                self.assertEqual(order.state, "sale")
                self.assertEqual(len(self._told(order)), count)
                order._action_cancel()

    def test_many_at_once(self):
        """Orders do not see each other, and each says its own."""
        orders = self._create_order((self.desk, 10))
        orders |= self._create_order((self.desk, 7)) | self._create_order(
            (self.desk, 5)
        )
        orders.action_confirm()
        first, second, third = orders
        self.assertIn(MISSING, self._told(first)[0])
        self.assertIn("1.00 Units of 7.00 Units are missing", self._told(second)[0])
        self.assertFalse(self._told(third))

    def test_who_may_look(self):
        """Whoever reads the order and its figures, nobody else."""
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        colleague = new_test_user(
            self.env, "ato_colleague", "sales_team.group_sale_salesman"
        )
        customer = new_test_user(self.env, "ato_customer", "base.group_portal")
        order.partner_id = customer.partner_id
        for user in colleague | customer:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._rpc(user, order, "get_uncovered_rows")

    def test_setting(self):
        with Form(self.env["res.config.settings"]) as settings:
            self.assertEqual(settings.uncovered_confirmation, "warn")
            settings.uncovered_confirmation = "refuse"
        settings.record.execute()
        self.assertEqual(self.company.uncovered_confirmation, "refuse")

    def test_migration(self):
        """Who refused goes on refusing; the others had chosen nothing."""
        other = self.env["res.company"].create({"name": "Newcomer"})
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE res_company ADD COLUMN refuse_uncovered_confirmation bool"
        )
        self.env.cr.execute(
            "UPDATE res_company SET refuse_uncovered_confirmation = (id = %s)",
            [self.company.id],
        )
        path = "ato_mixed_sales/migrations/19.0.1.4.0/post-migration.py"
        spec = spec_from_file_location("migration", file_path(path))
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(self.company.uncovered_confirmation, "refuse")
        self.assertEqual(other.uncovered_confirmation, "warn")


@tagged("post_install", "-at_install")
class TestUncoveredTours(UncoveredCommon, TourCommon):
    def test_customer_signs(self):
        """Online nobody is asked, nor refused: it is signed, and confirmed."""
        customer = new_test_user(self.env, "ato_customer", "base.group_portal")
        self.authenticate(customer.login, customer.login)
        for rule in ("warn", "refuse"):
            self.company.uncovered_confirmation = rule
            order = self._create_order(
                (self.desk, 10),
                partner_id=customer.partner_id.id,
                require_signature=True,
                require_payment=False,
                state="sent",
            )
            self.make_jsonrpc_request(
                f"/my/orders/{order.id}/accept",
                {"name": "Customer", "signature": SIGNATURE},
            )
            self.env.invalidate_all()
            self.assertEqual(order.state, "sale")
            self.assertEqual(len(self._told(order)), 1)
            order._action_cancel()

    def test_ask_before_confirming(self):
        """Back, then the answer, then confirmed; the next one as it is."""
        order = self._create_order((self.desk, 10), user_id=self.seller.id)
        self._start_as_seller(f"/odoo/sales/{order.id}", "ato_answer_and_confirm")
        self.assertEqual(order.state, "sale")
        self.assertLine(order.order_line, ordered=10, from_stock=6, to_assemble=4)
        self.assertFalse(self._told(order))

        other = self._create_order(
            (self.desk, 5), (self.desk_to_order, 3, 0), user_id=self.seller.id
        )
        self._start_as_seller(f"/odoo/sales/{other.id}", "ato_confirm_anyway")
        self.assertEqual(other.state, "sale")
        self.assertEqual(other.order_line.mapped("qty_to_assemble_to_order"), [0, 0])
        self.assertEqual(len(self._told(other)), 1)
