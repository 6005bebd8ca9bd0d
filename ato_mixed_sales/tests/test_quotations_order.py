# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon, CheckedStories


class PlannedQuotation:
    """What a planner, and a client of theirs, does to a linked order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(
            cls.env,
            login="ato_planner",
            groups="mrp.group_mrp_manager,mrp.group_mrp_routings,"
            "mrp.group_mrp_byproducts,stock.group_stock_user,"
            "stock.group_stock_multi_locations",
            company_id=cls.company.id,
        )

    def _quote(self, product=None, quantity=10, to_assemble=4):
        """A quotation with components of the customer's choice, and its order."""
        sale = self._create_order((product or self.desk, quantity, to_assemble))
        order = sale.order_line.assembly_order_ids
        self.assertEqual(order.state, "draft")
        return sale, order.with_user(self.planner)

    def _call(self, records, method, *args, **kwargs):
        """Call as a client does."""
        return call_kw(records.browse(), method, [records.ids, *args], kwargs)

    def _get_made_by(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            order.sudo()
            .env["stock.move"]
            .search(
                [
                    ("production_id", "=", order.id),
                    ("product_id", "=", order.product_id.id),
                    ("state", "!=", "cancel"),
                ]
            )
        )


@tagged("post_install", "-at_install")
class TestQuotationsOrder(CheckedStories, PlannedQuotation, AssembleToOrderCommon):
    """The draft order is the quotation's: no planner lets it go ahead, or go (E12)."""

    def assertUntouched(self, sale, order, quantity=4):
        """The order is there as it was, and so it is confirmed with the quotation."""
        self.env.invalidate_all()
        order = order.sudo()
        self.assertEqual(sale.order_line.assembly_order_ids, order)
        self.assertRecordValues(
            order, [{"state": "draft", "qty_producing": 0, "product_qty": quantity}]
        )
        self.assertEqual(self._get_made_by(order).mapped("product_uom_qty"), [quantity])
        self.assertFalse(order.move_raw_ids.filtered("picked"))

    def assertPointsAt(self, sale, order, action):
        """`action` is refused with a pointer to the quotation, and changes nothing."""
        name, quantity = sale.name, order.product_qty
        with (
            self.assertRaisesRegex(UserError, f"quotation {name}|for {name}") as error,
            self.env.cr.savepoint(),
        ):
            action()
            self.env.flush_all()
        self.assertIn(order.name, str(error.exception))
        self.assertUntouched(sale, order, quantity)

    def test_buttons(self):
        """Each public method by which an order goes ahead, or goes."""
        sale, order = self._quote()
        order.sudo().move_raw_ids[0].product_uom_qty = 20
        for method in (
            "action_confirm",
            "button_plan",
            "action_plan_with_components_availability",
            "action_start",
            "action_assign",
            "set_qty_producing",
            "pre_button_mark_done",
            "button_mark_done",
            "action_cancel",
            "unlink",
        ):
            with self.subTest(method=method):
                self.assertPointsAt(sale, order, lambda m=method: self._call(order, m))
        # several of the list at once, one of them a quotation's
        other = order.create({"product_id": self.desk.id, "product_qty": 1})
        for method in ("action_confirm", "button_mark_done", "action_cancel"):
            with self.subTest(several=method):
                self.assertPointsAt(
                    sale, order, lambda m=method: self._call(other | order, m)
                )
                self.assertEqual(other.state, "draft")
        sale.action_confirm()
        self.assertComponents(order.sudo(), {self.leg: 20, self.top: 4})

    def test_written_by_a_client(self):
        sale, order = self._quote()
        raw = order.move_raw_ids[0]
        for vals in (
            {"qty_producing": 4},
            {"qty_producing": 1},
            {"state": "confirmed"},
            {"state": "progress"},
            {"state": "done"},
            {"state": "cancel"},
            {"move_raw_ids": [Command.update(raw.id, {"picked": True})]},
        ):
            with self.subTest(vals=vals):
                self.assertPointsAt(
                    sale, order, lambda v=vals: self._call(order, "write", v)
                )
        for vals in ({"picked": True}, {"quantity": 16, "picked": True}):
            with self.subTest(component=vals):
                self.assertPointsAt(
                    sale, order, lambda v=vals: self._call(raw, "write", v)
                )
        other = order.create({"product_id": self.desk.id, "product_qty": 1})
        self.assertPointsAt(
            sale, order, lambda: self._call(other | order, "write", {"state": "cancel"})
        )

    def test_onchange(self):
        """A form that has such a field is told at once."""
        sale, order = self._quote()
        spec = {name: {} for name in ("state", "qty_producing", "product_qty")}
        for quantity in (1, 4):
            vals = {"qty_producing": quantity}
            self.assertPointsAt(
                sale,
                order,
                lambda v=vals: self._call(order, "onchange", v, list(v), spec),
            )

    def test_form(self):
        """Odoo's own form shows no such field on a draft: a client's form may."""
        sale, order = self._quote()
        for name, value in (("qty_producing", 4), ("qty_producing", 1)):
            with self.subTest(name=name, value=value):

                def edit(name=name, value=value):
                    self._call(order, "web_save", {name: value}, {"state": {}})

                self.assertPointsAt(sale, order, edit)

    def test_serial_numbers(self):
        """Lots are the planner's on drafts too, as long as nothing is made by that."""
        product = self._create_product(
            "Serial Desk", components={self.leg: 4}, tracking="serial"
        )
        sale, order = self._quote(product, 1, 1)
        self.assertPointsAt(
            sale, order, lambda: self._call(order, "action_generate_serial")
        )
        sale, order = self._quote(product, 5, 3)
        action = self._call(order, "action_generate_serial")
        wizard = Form(
            order.env[action["res_model"]].with_context(**action["context"])
        ).save()
        wizard.serial_numbers = "A1\nA2\nA3"
        self.assertPointsAt(sale, order, lambda: self._call(wizard, "action_apply"))
        lots = order.env["stock.lot"].create(
            [{"product_id": product.id, "name": f"B{n}"} for n in range(3)]
        )
        self._call(order, "write", {"lot_producing_ids": lots.ids})
        self.assertUntouched(sale, order, 3)
        sale.action_confirm()
        self.assertEqual(order.lot_producing_ids, lots)

    def test_lot(self):
        product = self._create_product(
            "Lot Desk", components={self.leg: 4}, tracking="lot"
        )
        sale, order = self._quote(product)
        self._call(order, "action_generate_serial")
        self.assertEqual(len(order.lot_producing_ids), 1)
        self.assertUntouched(sale, order)

    def test_work_orders(self):
        """Work that is started, finished or taken for done starts the order."""
        workcenter = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.desk.bom_ids.operation_ids = [
            Command.create({"name": "Assemble", "workcenter_id": workcenter.id})
        ]
        sale, order = self._quote()
        work = order.workorder_ids
        self.assertEqual(len(work), 1)
        for method, *args in (
            ("button_start",),
            ("button_finish",),
            ("action_mark_as_done",),
            ("set_state", "progress"),
            ("set_state", "done"),
            ("write", {"state": "progress"}),
            ("write", {"state": "done"}),
            ("write", {"qty_produced": 4, "state": "done"}),
        ):
            with self.subTest(method=method, args=args):
                self.assertPointsAt(
                    sale, order, lambda m=method, a=args: self._call(work, m, *a)
                )
        sale.action_confirm()
        self._call(work, "button_start")
        self.assertEqual(order.state, "progress")

    def test_split(self):
        """An order of a quotation is one: its quantity is the line's."""
        sale, order = self._quote()
        wizard = order.env["mrp.production.split"].create({"production_id": order.id})
        wizard.max_batch_size = 2
        self.assertPointsAt(sale, order, lambda: self._call(wizard, "action_split"))

    def test_a_second_finished_move(self):
        """A client has the order make 4 more, or other, or none of it."""
        for confirmed in (False, True):
            sale, order = self._quote()
            if confirmed:
                sale.action_confirm()
            made = self._get_made_by(order).with_user(self.planner)
            values = {
                "product_id": self.desk.id,
                "product_uom_qty": 4,
                "product_uom": self.unit.id,
                "location_id": order.production_location_id.id,
                "location_dest_id": order.location_dest_id.id,
            }
            moves = made.browse()
            for name, action in {
                "command": lambda o=order, v=values: self._call(
                    o, "write", {"move_finished_ids": [Command.create(v)]}
                ),
                "by-product": lambda o=order, v=values: self._call(
                    o, "write", {"move_byproduct_ids": [Command.create(v)]}
                ),
                "create": lambda o=order, v=values, m=moves: call_kw(
                    m, "create", [[{**v, "production_id": o.id}]], {}
                ),
                "more": lambda m=made: self._call(m, "write", {"product_uom_qty": 8}),
                "less": lambda o=order, m=made: self._call(
                    o,
                    "write",
                    {
                        "move_finished_ids": [
                            Command.update(m.id, {"product_uom_qty": 1})
                        ]
                    },
                ),
                "another": lambda m=made: self._call(
                    m, "write", {"product_id": self.lamp.id}
                ),
                "done": lambda m=made: self._call(m, "write", {"state": "done"}),
                "nobody's": lambda m=made: self._call(
                    m, "write", {"production_id": False}
                ),
            }.items():
                if (name, confirmed) == ("done", True):
                    continue  # states of confirmed moves are Odoo's own to guard
                with self.subTest(action=name, confirmed=confirmed):
                    with (
                        self.assertRaises(UserError) as error,
                        self.env.cr.savepoint(),
                    ):
                        action()
                        self.env.flush_all()
                    if (name, confirmed) != ("another", True):  # Odoo's own words
                        self.assertIn(sale.name, str(error.exception))
                    self.assertEqual(self._get_made_by(order), made)
                    self.assertEqual(made.product_uom_qty, 4)

    def test_finished_move_deleted(self):
        """What a client deletes is made anew: the order makes 4, and not 8."""
        sale, order = self._quote()
        self._call(self._get_made_by(order).with_user(self.planner), "unlink")
        self.assertRecordValues(
            self._get_made_by(order),
            [{"product_uom_qty": 4, "ato_supply": "assembly"}],
        )
        sale.action_confirm()
        line = sale.order_line
        self.assertEqual(line.assembly_order_ids.mapped("product_qty"), [4])
        self.assertInvariants(line)
        self._produce(order.sudo())
        self.assertEqual(line.qty_assembled, 4)

    def test_nothing_is_told_to_strangers(self):
        """Who may not change orders is not told whose they are."""
        sale, order = self._quote()
        stranger = new_test_user(
            self.env, login="ato_stranger", groups="base.group_user"
        )
        for method in ("action_cancel", "button_mark_done", "action_start"):
            with (
                self.subTest(method=method),
                self.assertRaises(AccessError) as error,
                self.env.cr.savepoint(),
            ):
                self._call(order.with_user(stranger), method)
            self.assertNotIn(sale.name, str(error.exception))
        self.assertUntouched(sale, order)

    def test_the_quotation_decides(self):
        """The salesperson takes it away, brings it back, and cancels, as ever."""
        sale, order = self._quote()
        line = sale.order_line
        line.qty_to_assemble_to_order = 0
        self.assertFalse(order.exists())
        line.qty_to_assemble_to_order = 4
        order = line.assembly_order_ids
        sale._action_cancel()
        self.assertFalse(order.exists())
        sale.action_draft()
        sale.action_confirm()
        order = line.assembly_order_ids.with_user(self.planner)
        self._call(order, "action_start")
        self._call(order, "action_assign")
        self.assertEqual(order.state, "progress")
