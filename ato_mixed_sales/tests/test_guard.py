# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import AssembleToOrderCommon

TABLES = (
    "account_tax",
    "mail_message",
    "mail_activity",
    "mrp_production",
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_move_line",
    "stock_picking",
    "stock_quant",
    "stock_reference",
)


class GuardCommon(AssembleToOrderCommon):
    """A seller, a colleague, a packer and a planner, who send what they like."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman"
        cls.colleague = new_test_user(cls.env, "ato_colleague", sales)
        cls.packer = new_test_user(cls.env, "ato_packer", "stock.group_stock_user")
        cls.planner = new_test_user(cls.env, "ato_floor", "mrp.group_mrp_user")
        cls.secret = cls.env["res.partner"].create({"name": "Secret Customer"})
        cls._set_stock(cls.desk, 6)
        cls.sale = cls._create_order((cls.desk, 10, 4), user_id=cls.seller.id)
        cls.line = cls.sale.order_line
        cls.foreign = cls._create_order(
            (cls.desk, 3, 2), user_id=cls.colleague.id, partner_id=cls.secret.id
        )

    def _rpc(self, user, records, method, *args, **context):
        """Call a method as a client of `user` does."""
        # what was read as somebody else may not be read from the cache
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env[records._name].with_user(user)
        ids = [records.ids] if records else []
        result = call_kw(model, method, [*ids, *args], {"context": context})
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _snapshot(self):
        self.env.flush_all()
        rows = {}
        for table in TABLES:
            self.env.cr.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            rows[table] = self.env.cr.fetchall()
        return rows

    def assertDenied(self, *args, **context):
        """The call ends in an AccessError that tells nothing; nothing has changed."""
        before = self._snapshot()
        with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
            self._rpc(*args, **context)
        self.env.invalidate_all()
        self.assertEqual(self._snapshot(), before)
        for secret in (self.secret.name, self.foreign.name):
            self.assertNotIn(secret, str(caught.exception))


@tagged("post_install", "-at_install")
class TestGuard(GuardCommon):
    """Nobody links, labels or holds but the line, whatever way the value comes."""

    def _prepare_move(self, **values):
        return {
            "product_id": self.desk.id,
            "product_uom_qty": 1,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.property_stock_customer.id,
            **values,
        }

    def _prepare_production(self, **values):
        return {
            "product_id": self.desk.id,
            "bom_id": self.desk.bom_ids.id,
            "product_qty": 1,
            "picking_type_id": self.warehouse.manu_type_id.id,
            **values,
        }

    def test_create(self):
        line = self.foreign.order_line
        order, move = self.env["mrp.production"], self.env["stock.move"]
        for user, model, vals in (
            (self.planner, order, self._prepare_production(ato_sale_line_id=line.id)),
            (self.packer, move, self._prepare_move(ato_hold_line_id=line.id)),
            (self.seller, move, self._prepare_move(ato_hold_line_id=line.id)),
            (
                self.packer,
                move,
                self._prepare_move(ato_hold_line_id=line.id, state="done"),
            ),
            (self.packer, move, self._prepare_move(ato_supply="assembly")),
            (self.planner, move, self._prepare_move(ato_supply="stock")),
        ):
            with self.subTest(user=user.login, model=model._name, vals=list(vals)):
                self.assertDenied(user, model, "create", [vals])

    def test_defaults_in_the_context(self):
        line = self.foreign.order_line
        for user, model, vals, name in (
            (
                self.planner,
                self.env["mrp.production"],
                self._prepare_production(),
                "ato_sale_line_id",
            ),
            (
                self.packer,
                self.env["stock.move"],
                self._prepare_move(),
                "ato_hold_line_id",
            ),
        ):
            with self.subTest(name=name):
                context = {f"default_{name}": line.id}
                self.assertDenied(user, model, "create", [vals], **context)

    def test_defaults_where_odoo_is_superuser(self):
        """Odoo replenishes as superuser, in the context that a client has sent."""
        line = self.foreign.order_line
        manager = new_test_user(self.env, "ato_boss", "stock.group_stock_manager")
        # those of the superuser are removed once they are done
        orderpoints = self.env["stock.warehouse.orderpoint"].with_user(manager)
        orderpoint = orderpoints.create(
            {
                "product_id": self.desk.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.stock.id,
                "route_id": self.warehouse.manufacture_pull_id.route_id.id,
                "product_min_qty": 50,
                "product_max_qty": 50,
                "trigger": "manual",
            }
        )
        self._rpc(
            manager,
            orderpoint,
            "action_replenish",
            default_ato_sale_line_id=line.id,
        )
        order = self.env["mrp.production"].search(
            [("orderpoint_id", "=", orderpoint.id)]
        )
        self.assertTrue(order)
        self.assertFalse(order.ato_sale_line_id)
        self.assertEqual(len(line.assembly_order_ids), 1)

    def test_defaults_that_are_kept(self):
        """Nor by a default that somebody has set for himself."""
        line = self.foreign.order_line
        self.env["ir.default"].set(
            "mrp.production", "ato_sale_line_id", line.id, user_id=self.planner.id
        )
        [order_id] = self._rpc(
            self.planner,
            self.env["mrp.production"],
            "create",
            [self._prepare_production()],
        )
        order = self.env["mrp.production"].browse(order_id)
        self.assertFalse(order.ato_sale_line_id)

    def test_write(self):
        self.sale.action_confirm()
        line, order = self.line, self.line.assembly_order_ids
        row = self.sale.picking_ids.move_ids[0]
        for user, record, vals in (
            (self.planner, order, {"ato_sale_line_id": False}),
            (self.planner, order, {"ato_sale_line_id": self.foreign.order_line.id}),
            (self.packer, row, {"ato_supply": False}),
            (self.packer, row, {"ato_hold_line_id": line.id}),
            (self.seller, line, {"qty_given_up": 3}),
            (self.seller, line, {"qty_held_back": 3}),
            (self.seller, line, {"split_from_line_id": line.id}),
        ):
            with self.subTest(user=user.login, vals=vals):
                self.assertDenied(user, record, "write", vals)
        self.assertInvariants(line)

    def test_commands(self):
        """By the lines of an order, the rows of a transfer, the moves of a product."""
        line, order = self.line, self.foreign.order_line.assembly_order_ids
        hold = Command.create(self._prepare_move())
        packed = {
            "picking_type_id": self.warehouse.out_type_id.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.property_stock_customer.id,
            "move_ids": [
                Command.create(self._prepare_move(ato_hold_line_id=line.id)),
            ],
        }
        row = self._prepare_line_vals(
            self.desk, 2, assembly_order_ids=[Command.link(order.id)]
        )
        manager = new_test_user(
            self.env, "ato_boss", "stock.group_stock_manager,mrp.group_mrp_manager"
        )
        moves = self.foreign.order_line.assembly_order_ids.move_finished_ids
        label = Command.update(moves.id, {"ato_supply": "stock"})
        for user, record, vals in (
            (self.seller, line, {"hold_move_ids": [hold]}),
            (self.seller, line, {"hold_move_ids": [Command.link(moves.id)]}),
            (self.seller, line, {"assembly_order_ids": [Command.link(order.id)]}),
            (self.seller, line, {"split_line_ids": [Command.link(line.id)]}),
            (self.seller, self.sale, {"order_line": [Command.create(row)]}),
            (
                self.seller,
                self.sale,
                {"order_line": [Command.update(line.id, {"qty_given_up": 1})]},
            ),
            (manager, self.desk, {"stock_move_ids": [label]}),
        ):
            with self.subTest(user=user.login, vals=vals):
                self.assertDenied(user, record, "write", vals)
        self.assertDenied(self.packer, self.env["stock.picking"], "create", [packed])

    def test_copies(self):
        """A copy is given no link, and no label but the one that Odoo copies."""
        self.sale.action_confirm()
        order, line = self.line.assembly_order_ids, self.foreign.order_line
        row = self.sale.picking_ids.move_ids.filtered(
            lambda move: move.ato_supply == "assembly"
        )
        for user, record, default in (
            (self.planner, order, {"ato_sale_line_id": line.id}),
            (self.packer, row, {"ato_hold_line_id": line.id}),
            (self.packer, row, {"ato_supply": "stock"}),
        ):
            with self.subTest(user=user.login, default=default):
                self.assertDenied(user, record, "copy", default)
        [copied] = self._rpc(
            self.packer, row, "copy", {"sale_line_id": line.id, "picking_id": False}
        )
        self.assertFalse(self.env["stock.move"].browse(copied).ato_supply)

    def test_import(self):
        for user, record, name, value in (
            (
                self.planner,
                self.line.assembly_order_ids,
                "ato_sale_line_id/.id",
                self.foreign.order_line.id,
            ),
            (self.seller, self.line, "qty_given_up", 3),
            (self.seller, self.line, "split_from_line_id/.id", self.line.id),
        ):
            before = self._snapshot()
            model = self.env[record._name]
            rows = [[str(record.id), str(value)]]
            with self.subTest(field=name):
                result = self._rpc(user, model, "load", [".id", name], rows)
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])
                self.assertEqual(self._snapshot(), before)

    def test_backorder_keeps_its_source(self):
        """What Odoo splits off a delivery as a plain packer is labelled as before."""
        self.sale.action_confirm()
        self._produce(self.line.assembly_order_ids)
        picking = self.sale.picking_ids
        for move in picking.move_ids:
            move.quantity = 1
            move.picked = True
        self._rpc(self.packer, picking, "button_validate", skip_backorder=True)
        rest = (self.sale.picking_ids - picking).move_ids
        self.assertEqual(
            {move.ato_supply: move.product_uom_qty for move in rest},
            {"stock": 5, "assembly": 3},
        )
        self.assertInvariants(self.line)

    def test_refusals_name_nothing(self):
        """The order of somebody else is not told by what refuses to change it."""
        order = self.foreign.order_line.assembly_order_ids
        self.assertDenied(self.seller, order, "write", {"product_qty": 9})
        self.assertDenied(self.seller, order, "action_confirm")

    def test_what_is_tried_in_a_form(self):
        """No form tells of a line that somebody enters as his own."""
        line = self.foreign.order_line
        order, move = self.env["mrp.production"], self.env["stock.move"]
        shown = {"fields": {"display_name": {}}}
        result = self._rpc(
            self.planner,
            order,
            "onchange",
            [],
            self._prepare_production(ato_sale_line_id=line.id),
            ["ato_sale_line_id"],
            {
                "ato_sale_line_id": {},
                "ato_partner_id": shown,
                "ato_sale_order_id": shown,
            },
        )
        self.assertNotIn(self.secret.name, str(result))
        self.assertNotIn(self.foreign.name, str(result))
        with self.assertRaises(AccessError) as refusal:
            self._rpc(
                self.packer,
                move,
                "onchange",
                [],
                self._prepare_move(ato_hold_line_id=line.id),
                ["ato_hold_line_id"],
                {"ato_hold_line_id": {}, "reference": {}},
            )
        self.assertNotIn(self.foreign.name, str(refusal.exception))

    def test_split_of_another_company(self):
        """Nobody splits an order that they may not write."""
        company = self.env["res.company"].create({"name": "Competitor"})
        outsider = new_test_user(
            self.env,
            "ato_outsider",
            "mrp.group_mrp_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.sale.action_confirm()
        order = self.line.assembly_order_ids.with_user(outsider)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            order._split_productions({order: [1, 3]})

    # What a form sends along

    def test_wrong_basis(self):
        """What is kept of the last decision may be anything: it is not looked at."""
        for basis in (
            "text",
            [1],
            7,
            {"a": 1},
            {"product_id": self.desk.id},
            {"product_id": [self.desk.id], "quantity": 1, "to_order": True},
            {"product_id": self.desk.id, "quantity": "x", "to_order": True},
            {"product_id": self.desk.id, "quantity": 1, "to_order": "yes"},
        ):
            sale = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
            line = sale.order_line
            with self.subTest(basis=basis):
                self._rpc(self.seller, line, "write", {"assembly_basis": basis})
                self._rpc(self.seller, line, "write", {"product_uom_qty": 12})
                self.assertEqual(line.product_uom_qty, 12)
                # nothing is known of a decision: as on a new line
                self.assertEqual(line.qty_to_assemble_to_order, 0)
                self._rpc(self.seller, line, "write", {"qty_to_assemble_to_order": 5})
                self._rpc(self.seller, line, "write", {"product_uom_qty": 20})
                self.assertLine(line, 20, 15, 5)

    def test_wrong_proposal(self):
        """A bin of another company is no proposal, nor is one of a locked order."""
        company = self.env["res.company"].create({"name": "Competitor"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        vals = {"bin_proposal_id": warehouse.lot_stock_id.id}
        self._rpc(self.seller, self.line, "write", vals)
        self.assertFalse(self.line.bin_proposal_id)
        self.sale.action_confirm()
        self.sale.locked = True
        vals = {"bin_proposal_id": self.stock.id}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._rpc(self.seller, self.line, "write", vals)

    def test_lines_of_two_orders_are_not_merged(self):
        """However the link came about."""
        other = self._create_order((self.desk, 4, 4), user_id=self.seller.id)
        self.line.qty_to_assemble_to_order = 0
        other.order_line.split_from_line_id = self.line
        with self.assertRaisesRegex(UserError, "different orders"):
            self._rpc(self.seller, other.order_line, "action_merge_sources")
