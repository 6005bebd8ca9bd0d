# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestHoldRights(AssembleToOrderCommon):
    """What a quotation holds is seen as held, and for whom by those who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales, work = "sales_team.group_sale_salesman", "stock.group_stock_user"
        cls.stranger = new_test_user(cls.env, "ato_stranger", "base.group_user")
        cls.colleague = new_test_user(cls.env, "ato_colleague", sales)
        cls.portal = new_test_user(cls.env, "ato_portal", "base.group_portal")
        cls.packer = new_test_user(cls.env, "ato_packer", work)
        cls.seller_packer = new_test_user(cls.env, "ato_both", f"{sales},{work}")
        cls.chief = new_test_user(cls.env, "ato_chief", f"{sales}_all_leads,{work}")
        cls.outsider = new_test_user(
            cls.env,
            "ato_outsider",
            f"{sales}_all_leads,stock.group_stock_manager",
            company_id=(company := cls.env["res.company"].create({"name": "Rival"})).id,
            company_ids=[Command.set(company.ids)],
        )
        cls.bins = cls.env["stock.location"].create(
            [{"name": f"B{number}", "location_id": cls.stock.id} for number in (1, 2)]
        )
        cls._set_stock(cls.desk, 6, cls.bins[0])
        cls.order = cls._create_order(
            (cls.desk, 10, 4), user_id=cls.seller.id, validity_date="2099-12-31"
        )
        cls.order.client_order_ref = "REF-77"
        cls.line = cls.order.order_line
        cls.line.with_user(cls.seller).action_reserve_stock()
        cls.hold = cls.line.hold_move_ids
        cls.secrets = ("Azure", cls.order.name, "2099", "12/31", "REF-77")
        cls.env.flush_all()

    def _call(self, user, model, method, *args, **kwargs):
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, list(args), kwargs)

    def assertClosed(self, user, model, method, *args):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._call(user, model, method, *args)
        self.env.invalidate_all()
        self.assertHeld(6)

    def assertHeld(self, quantity):
        """By the quants, not by the line."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(reserved_quantity), 0) FROM stock_quant
             WHERE product_id = %s AND location_id IN %s
            """,
            (self.desk.id, tuple((self.stock | self.bins).ids)),
        )
        self.assertEqual(self.env.cr.fetchone()[0], quantity)

    def _read_all(self, user, records):
        """Everything the user can read of the records, as text."""
        told = []
        for name in self._call(user, records._name, "fields_get"):
            try:
                rows = self._call(user, records._name, "read", records.ids, [name])
            except AccessError:
                continue  # of another department
            told.append(json.dumps(rows, default=str))
        self.assertGreater(len(told), 30)
        return " ".join(told)

    def test_nobody_learns_of_a_quotation(self):
        """Order, customer and expiry: by no field of the hold, nor of its rows."""
        rows = self.hold.move_line_ids
        for user in self.colleague | self.seller_packer:
            with self.subTest(user=user.login):
                told = self._read_all(user, self.hold)
                told += self._read_all(user, rows)
                self.assertIn("Quotation", told)
                for secret in self.secrets:
                    self.assertNotIn(secret, told)
        told = self._read_all(self.stranger, rows)
        for secret in self.secrets:
            self.assertNotIn(secret, told)
        for user in self.stranger | self.portal | self.outsider:
            self.assertClosed(user, "stock.move", "read", self.hold.ids, ["reference"])
        for user in self.portal | self.outsider:
            self.assertClosed(user, "stock.move.line", "read", rows.ids, ["reference"])

    def test_nobody_searches_for_a_quotation(self):
        """A hold cannot be found by what is closed to the user."""
        for user in self.colleague | self.packer | self.seller_packer:
            for path in ("ato_hold_line_id", "ato_hold_line_id.order_id.partner_id"):
                for model, prefix in (
                    ("stock.move", ""),
                    ("stock.move.line", "move_id."),
                ):
                    domain = [(f"{prefix}{path}", "!=", False)]
                    self.assertClosed(user, model, "search", domain)
            for name in ("ato_hold_order_id", "ato_hold_until"):
                with self.assertRaises(ValueError):
                    self._call(user, "stock.move", "search", [(name, "!=", False)])
            held = self._call(
                user, "stock.move", "search", [("ato_is_hold", "=", True)]
            )
            self.assertEqual(held, self.hold.ids)
            [plain] = (
                self.env["stock.move"]
                .search([("product_id", "=", self.lamp.id)], limit=1)
                .ids
            )
            others = self._call(
                user, "stock.move", "search", [("ato_is_hold", "!=", True)]
            )
            self.assertIn(plain, others)
            self.assertNotIn(self.hold.id, others)

    def test_who_may_read_the_quotation(self):
        """The seller and the chief see order and expiry, in the list of moves too."""
        names = ["reference", "ato_is_hold", "ato_hold_order_id", "ato_hold_until"]
        for user, order in (
            (self.seller, self.order),
            (self.chief, self.order),
            (self.colleague, self.order.browse()),
            # Odoo lets the warehouse read orders, who sells as well their own
            (self.packer, self.order),
            (self.seller_packer, self.order.browse()),
        ):
            with self.subTest(user=user.login):
                [row] = self._call(user, "stock.move", "read", self.hold.ids, names)
                shown = row["ato_hold_order_id"]
                self.assertEqual(shown and shown[0], order.id)
                self.assertEqual(bool(row["ato_hold_until"]), bool(order))
                self.assertTrue(row["ato_is_hold"])
                self.assertEqual(row["reference"], "Quotation")
        self.env.invalidate_all()
        with Form(self.hold.with_user(self.packer), "stock.view_move_form") as form:
            self.assertTrue(form.ato_is_hold)

    def test_forecast_report(self):
        """The quotation's name and day, or just that it is one."""
        model = "stock.forecasted_product_product"
        context = {"warehouse_id": self.warehouse.id}
        for user, text in (
            (self.chief, f"{self.order.name} (quotation, until 12/31/2099)"),
            (self.seller_packer, "Quotation"),
        ):
            with self.subTest(user=user.login):
                values = self._call(
                    user,
                    model,
                    "get_report_values",
                    self.desk.ids,
                    context=context,
                )
                rows = values["docs"]["lines"]
                [row] = [
                    row
                    for row in rows
                    if row["move_out"] and row["move_out"]["id"] == self.hold.id
                ]
                self.assertEqual(row["document_out"]["name"], text)
                self.assertEqual((row["quantity"], bool(row["reservation"])), (6, True))
                if text == "Quotation":
                    self.assertEqual(row["document_out"]["id"], self.hold.id)
                    for secret in self.secrets:
                        self.assertNotIn(secret, json.dumps(row, default=str))

    def test_not_written_by_hand(self):
        """Neither the hold nor its rows, by anybody, over RPC."""
        row = self.hold.move_line_ids
        other = self.bins[1]
        self._set_stock(self.desk, 5, other)
        users = self.colleague | self.seller | self.packer | self.chief
        for user in users:
            for vals in (
                {"product_uom_qty": 9},
                {"quantity": 2},
                {"state": "cancel"},
                {"state": "done"},
                {"picked": True},
                {"location_dest_id": other.id},
                {"ato_hold_line_id": False},
                {"move_line_ids": [Command.clear()]},
                {"move_line_ids": [Command.update(row.id, {"quantity": 9})]},
            ):
                with self.subTest(user=user.login, vals=vals):
                    self.assertClosed(user, "stock.move", "write", self.hold.ids, vals)
                    if "ato_hold_line_id" not in vals:
                        self.assertClosed(
                            user, "stock.move", "web_save", self.hold.ids, vals, {}
                        )
        for user in users | self.stranger:
            for vals in (
                {"quantity": 9},
                {"quantity": 2},
                {"location_id": other.id},
                {"picked": True},
                {"move_id": False},
            ):
                with self.subTest(user=user.login, vals=vals):
                    self.assertClosed(user, "stock.move.line", "write", row.ids, vals)
            more = {
                "move_id": self.hold.id,
                "product_id": self.desk.id,
                "product_uom_id": self.unit.id,
                "location_id": other.id,
                "location_dest_id": self.hold.location_dest_id.id,
                "quantity": 3,
            }
            self.assertClosed(user, "stock.move.line", "create", [more])

    def test_a_row_of_another_move(self):
        """A row that is held by a delivery does not become a quotation's."""
        order = self._create_order((self.lamp, 3))
        order.action_confirm()
        row = order.picking_ids.move_line_ids
        self.assertClosed(
            self.packer, "stock.move.line", "write", row.ids, {"move_id": self.hold.id}
        )

    def test_who_takes_away(self):
        """Rows are deleted by the warehouse only: not by a colleague or a stranger."""
        row = self.hold.move_line_ids
        for user in self.colleague | self.seller | self.stranger | self.portal:
            with self.subTest(user=user.login):
                self.assertClosed(user, "stock.move.line", "unlink", row.ids)
        model = "stock.forecasted_product_product"
        self.assertClosed(
            self.colleague, model, "action_unreserve_linked_picks", self.hold.id
        )
        self.assertTrue(self.hold.exists())

    def assertTold(self, quantity):
        """One activity for the salesperson, with what was taken."""
        [activity] = self.order.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn(f"{quantity:.2f} Units of Desk, held for this", activity.note)

    def test_rows_deleted(self):
        """The salesperson is told, the hold does not stay."""
        self._call(
            self.packer, "stock.move.line", "unlink", self.hold.move_line_ids.ids
        )
        self.assertFalse(self.hold.exists())
        self.assertHeld(0)
        self.assertTold(6)
        self.line.with_user(self.seller).action_reserve_stock()
        self.assertHeld(6)

    def test_one_of_two_rows_deleted(self):
        self.order.validity_date = False
        self.line.with_user(self.seller).action_unreserve_stock()
        self._set_stock(self.desk, 4, self.bins[0])
        self._set_stock(self.desk, 5, self.bins[1])
        self.line.with_user(self.seller).action_reserve_stock()
        hold = self.line.hold_move_ids
        row = hold.move_line_ids.filtered(lambda r: r.location_id == self.bins[0])
        taken = row.quantity
        self._call(self.packer, "stock.move.line", "unlink", row.ids)
        self.assertHeld(6 - taken)
        self.assertEqual(hold.product_uom_qty, 6 - taken)
        self.assertTold(taken)

    def test_unreserved_in_the_forecast(self):
        """The button of the forecast report."""
        self._call(
            self.packer,
            "stock.forecasted_product_product",
            "action_unreserve_linked_picks",
            self.hold.id,
        )
        self.assertFalse(self.hold.exists())
        self.assertHeld(0)
        self.assertTold(6)

    def test_counted_away(self):
        """Nothing is there any more, as a stock manager counts: told once."""
        manager = new_test_user(self.env, "ato_counts", "stock.group_stock_manager")
        quant = self.desk.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.bins[0]
        )
        quants = quant.with_user(manager).with_context(inventory_mode=True)
        quants.inventory_quantity = 0
        quants.action_apply_inventory()
        self.assertFalse(self.hold.exists())
        self.assertHeld(0)
        self.assertTold(6)

    def test_counted_down(self):
        manager = new_test_user(self.env, "ato_counts", "stock.group_stock_manager")
        quant = self.desk.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.bins[0]
        )
        quants = quant.with_user(manager).with_context(inventory_mode=True)
        quants.inventory_quantity = 4
        quants.action_apply_inventory()
        self.assertEqual((self.hold.quantity, self.hold.product_uom_qty), (4, 4))
        self.assertHeld(4)
        self.assertTold(2)

    def test_relocated(self):
        """Moved to another bin: they are held there, nobody needs to be told."""
        manager = new_test_user(self.env, "ato_moves", "stock.group_stock_manager")
        quant = self.desk.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.bins[0]
        )
        quant.with_user(manager).move_quants(location_dest_id=self.bins[1])
        self.assertHeld(6)
        held = self.line.hold_move_ids.move_line_ids
        self.assertEqual(held.location_id, self.bins[1])
        self.assertFalse(self.order.activity_ids)

    def test_delivered_to_somebody_else(self):
        """A packer ships the very units by force: told, and no empty hold."""
        order = self._create_order((self.desk, 6, 0))
        order.action_confirm()
        move = order.picking_ids.move_ids.with_user(self.packer)
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.desk.id,
                    "location_id": self.bins[0].id,
                    "quantity": 6,
                }
            )
        ]
        move.picked = True
        order.picking_ids.with_user(self.packer).button_validate()
        self.assertFalse(self.line.hold_move_ids)
        self.assertTold(6)

    def test_quotation_changes_its_hold(self):
        """The line's own methods: lowered, let go, reserved, confirmed, nobody told."""
        line = self.line.with_user(self.seller)
        line.product_uom_qty = 8
        self.assertHeld(4)
        line.action_unreserve_stock()
        self.assertHeld(0)
        line.action_reserve_stock()
        self.assertHeld(4)
        line.order_id.action_confirm()
        self.assertHeld(4)
        self.assertFalse(self.line.hold_move_ids)
        self.assertFalse(self.order.activity_ids)

    def test_forecast_of_salespeople(self):
        """A colleague's holds count in what a salesperson sees of the product."""
        seen = [
            self.desk.with_user(user).with_context(warehouse_id=self.warehouse.id)
            for user in (self.seller, self.colleague, self.packer)
        ]
        self.env.invalidate_all()
        self.assertEqual([product.virtual_available for product in seen], [0, 0, 0])
        self.assertEqual([product.free_qty for product in seen], [0, 0, 0])
