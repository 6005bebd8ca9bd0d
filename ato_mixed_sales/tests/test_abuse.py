# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect
from functools import partial

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import AssembleToOrderCommon

ADDON = "odoo.addons.ato_mixed_sales."
# of Odoo's own, which the add-on only adds to: tried by the tests of what they do
EXTENDED = {
    "action_assign",
    "action_cancel",
    "action_confirm",
    "action_start",
    "action_unassign",
    "button_mark_done",
    "button_validate",
    "change_prod_qty",
    "copy_data",
    "create",
    "default_get",
    "do_unreserve",
    "onchange",
    "pre_button_mark_done",
    "run",
    "set_qty_producing",
    "unlink",
    "web_save",
    "write",
}
METHODS = {
    "assembly.sale.report": {"action_open_order"},
    "sale.order": {
        "action_assemble_all_missing",
        "action_mend_bins",
        "action_open_assembly_shipment",
        "action_promise_earliest",
        "action_reserve_all_stock",
        "action_take_all_from_stock",
        "action_view_assembly_orders",
        "get_assembly_availability",
        "get_uncovered_rows",
    },
    "sale.order.line": {
        "action_assemble_missing",
        "action_mend_bin",
        "action_merge_sources",
        "action_open_assembly_components",
        "action_open_order",
        "action_open_reservation",
        "action_reserve_stock",
        "action_roll_up_cost",
        "action_roll_up_price",
        "action_split_at_both_prices",
        "action_split_by_source",
        "action_take_from_stock",
        "action_take_list_price",
        "action_take_product_cost",
        "action_unreserve_stock",
        "undo_answer",
    },
    "stock.picking": {
        "action_open_assembly_shipment",
        "action_open_assembly_undo",
        "action_undo_assembly_shipment",
    },
    "mrp.production": {
        "action_undo_assembly",
        "action_view_sale_orders",
        "get_cancellation_notes",
    },
    "sale.line.reservation": {
        "action_auto_reserve",
        "action_cancel_reservation",
        "action_reserve",
    },
    "sale.line.reservation.line": {"action_cancel_reservation"},
    "assembly.shipment": {"action_ship"},
    "assembly.undo": {"action_undo"},
}
TABLES = (
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_move_line",
    "stock_picking",
    "stock_quant",
    "mrp_production",
    "mail_activity",
)
NO_ID = 2_000_000_000
NO_QUANTITIES = (
    -1,
    10.5,
    11,
    1e12,
    -1e12,
    float("nan"),
    float("inf"),
    "4 desks",
    [4],
    {"a": 1},
)
# What a client is told; Odoo refuses what is no number, or no record, with errors of
# its own.
REFUSALS = (UserError, ValueError, TypeError, OverflowError, IntegrityError)
# A locked order is not changed; stock may still be reserved for it.
CHANGING = {
    "action_assemble_missing",
    "action_mend_bin",
    "action_merge_sources",
    "action_roll_up_price",
    "action_split_at_both_prices",
    "action_split_by_source",
    "action_take_from_stock",
    "action_take_list_price",
    "undo_answer",
}


class AbuseCommon(AssembleToOrderCommon):
    """A quotation and an order of our seller, and people whom they do not concern."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Competitor"})
        sales, work = "sales_team.group_sale_salesman", "stock.group_stock_user"
        cls.colleague = new_test_user(cls.env, "ato_colleague", sales)
        cls.portal = new_test_user(cls.env, "ato_portal", "base.group_portal")
        cls.outsider = new_test_user(
            cls.env,
            "ato_outsider",
            f"{sales}_all_leads,{work},mrp.group_mrp_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.packer = new_test_user(cls.env, "ato_packer", work)
        cls.planner = new_test_user(cls.env, "ato_floor", "mrp.group_mrp_user")
        cls._set_stock(cls.desk, 6)
        cls._set_stock(cls.desk_to_order, 3)
        own = {"user_id": cls.seller.id, "partner_id": cls.portal.partner_id.id}
        cls.quotation = cls._create_order((cls.desk, 10, 4), **own)
        cls.order = cls._create_order((cls.desk_to_order, 10, 8), **own)
        cls.order.action_confirm()

    def _call(self, user, model, method, ids, *args):
        """As a client calls it."""
        records = self.env[model].with_user(user)
        result = call_kw(records, method, [ids, *args], {})
        self.env.flush_all()
        return result

    def _snapshot(self):
        self.env.flush_all()
        rows = {}
        for table in TABLES:
            self.env.cr.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            rows[table] = self.env.cr.fetchall()
        return rows

    def assertNothing(self, user, model, method, ids, *args, told=REFUSALS):
        """The call is refused with some words, and nothing has changed."""
        return self._assert_refused(
            lambda: self._call(user, model, method, ids, *args), told
        )

    def _assert_refused(self, action, told=REFUSALS):
        before, text = self._snapshot(), None
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action()
        except told as refusal:
            text = str(refusal).strip()
        self.env.invalidate_all()
        self.assertEqual(self._snapshot(), before)
        self.assertTrue(text, "refused, with a reason")
        return text

    def _targets(self):
        """Records that the methods are for: {model: records}"""
        wizard = self.env["sale.line.reservation"].with_user(self.seller)
        wizard = wizard.create({"sale_line_id": self.quotation.order_line.id})
        shipment = self.env["assembly.shipment"].with_user(self.packer)
        shipment = shipment.create({"picking_id": self.order.picking_ids.id})
        undo = self.env["assembly.undo"].with_user(self.packer)
        undo = undo.create({"picking_id": self.order.picking_ids.id})
        # nothing has left by it yet
        move = self.order.picking_ids.move_ids[:1]
        undo.line_ids.create({"undo_id": undo.id, "move_id": move.id})
        orders = self.quotation | self.order
        # rows of the analysis have the ids of moves; nothing has left yet
        rows = self.env["assembly.sale.report"].browse(orders.picking_ids.move_ids.ids)
        return {
            "assembly.sale.report": rows,
            "sale.order": orders,
            "sale.order.line": orders.order_line,
            "stock.picking": orders.picking_ids,
            "mrp.production": orders.order_line.assembly_order_ids,
            "sale.line.reservation": wizard,
            "sale.line.reservation.line": wizard.line_ids,
            "assembly.shipment": shipment,
            "assembly.undo": undo,
        }


@tagged("post_install", "-at_install")
class TestAbuse(AbuseCommon):
    """Every public method through RPC: by whom it is not for, and with nonsense."""

    def test_matrix_is_complete(self):
        """Whoever adds a public method adds it here."""
        found = {}
        for name, model in self.env.items():
            for cls in type(model).mro():
                if not cls.__module__.startswith(ADDON):
                    continue
                for method, function in vars(cls).items():
                    if inspect.isfunction(function) and not method.startswith("_"):
                        found.setdefault(name, set()).add(method)
        own = {name: methods - EXTENDED for name, methods in found.items()}
        own = {name: methods for name, methods in own.items() if methods}
        self.maxDiff = None
        self.assertEqual(own, METHODS)

    def test_strangers(self):
        """Nobody changes or learns anything of an order that is not theirs."""
        targets = self._targets()
        strangers = self.colleague | self.portal | self.outsider
        for user in strangers:
            for model, methods in METHODS.items():
                for method in methods:
                    with self.subTest(user=user.login, model=model, method=method):
                        ids = targets[model].ids
                        text = self.assertNothing(user, model, method, ids)
                        for secret in ("Desk to Order", "Table Leg", "Azure"):
                            self.assertNotIn(secret, text)

    def test_customer_reads_nothing_of_ours(self):
        """The customer, who may read the order, gets none of our figures."""
        fields = self.env["sale.order.line"].with_user(self.portal).fields_get()
        ours = [
            name
            for name, field in self.env["sale.order.line"]._fields.items()
            if field._module == "ato_mixed_sales" and name in fields
        ]
        self.assertFalse(ours)

    def test_wrong_records(self):
        """No record, a deleted one, none at all: a clear word or nothing happens."""
        for model, methods in METHODS.items():
            for method in methods:
                with self.subTest(model=model, method=method):
                    user = self.env.ref("base.user_admin")
                    self.assertNothing(
                        user, model, method, [NO_ID], told=(MissingError, AccessError)
                    )

    def test_quantities(self):
        """What cannot be assembled is refused, on quotations and on orders."""
        for line in (self.quotation | self.order).order_line:
            for quantity in NO_QUANTITIES:
                with self.subTest(order=line.state, quantity=str(quantity)):
                    vals = {"qty_to_assemble_to_order": quantity}
                    self.assertNothing(
                        self.seller, "sale.order.line", "write", line.ids, vals
                    )

    def test_quantities_to_reserve(self):
        """Neither more than is free nor what is no quantity can be reserved."""
        line = self.quotation.order_line
        quant = self.desk.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.stock
        )
        other = self.lamp.stock_quant_ids.filtered(lambda q: q.quantity > 0)[:1]
        for chosen, quantity in (
            *((quant, quantity) for quantity in NO_QUANTITIES),
            (quant, 7),
            (other, 1),
            (self.env["stock.quant"].browse(NO_ID), 1),
        ):
            with self.subTest(quant=chosen.id, quantity=str(quantity)):
                self._assert_refused(
                    partial(self._reserve_by_rpc, line, chosen, quantity)
                )

    def _reserve_by_rpc(self, line, quant, quantity):
        model = "sale.line.reservation"
        row = Command.create({"quant_id": quant.id, "qty_to_reserve": quantity})
        vals = {"sale_line_id": line.id, "line_ids": [row]}
        [wizard] = call_kw(
            self.env[model].with_user(self.seller), "create", [[vals]], {}
        )
        self._call(self.seller, model, "action_reserve", [wizard])

    def test_links(self):
        """Links and sources are the line's: no planner or packer writes them."""
        line = self.quotation.order_line
        production = self.order.order_line.assembly_order_ids
        move = self.order.picking_ids.move_ids[0]
        for user, record, vals in (
            (self.planner, production, {"ato_sale_line_id": line.id}),
            (self.planner, production, {"ato_sale_line_id": False}),
            (self.packer, move, {"ato_supply": False}),
            (self.packer, move, {"ato_hold_line_id": line.id}),
        ):
            with self.subTest(user=user.login, vals=vals):
                self.assertNothing(user, record._name, "write", record.ids, vals)

    def test_wrong_states(self):
        """Cancelled or locked: refused, with the way out."""
        self.quotation._action_cancel()
        self.order.locked = True
        changing = METHODS["sale.order.line"] - {"action_open_order"}
        for order, methods in ((self.quotation, changing), (self.order, CHANGING)):
            for method in methods:
                with self.subTest(state=order.state, method=method):
                    self.assertNothing(
                        self.seller, "sale.order.line", method, order.order_line.ids
                    )

    def test_other_companies_records(self):
        """Bins of another company are no bins of ours."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.outsider.company_id.id)]
        )
        for record, vals in (
            (
                self.quotation.order_line,
                {"bin_location_id": warehouse.lot_stock_id.id},
            ),
            (
                self.warehouse,
                {"ato_shipment_location_id": warehouse.lot_stock_id.id},
            ),
        ):
            with self.subTest(model=record._name):
                admin = self.env.ref("base.user_admin")
                self.assertNothing(admin, record._name, "write", record.ids, vals)
