# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestPlannerForm(AssembleToOrderCommon):
    """What a planner edits in Odoo's own form leaves one order, linked as it was.

    The form sends what its onchanges have made of the finished moves, which a mere
    write never does.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = cls._create_planner("ato_planner")
        cls.colleague = cls._create_planner("ato_planner_2")
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf 1", "location_id": cls.stock.id}
        )
        cls.bom = cls.desk.bom_ids
        cls.bom.sequence = 1
        # a bill for three desks: its quantity is not the order's
        cls.other_bom = cls._create_bom(
            cls.desk, {cls.lamp: 6, cls.leg: 3}, product_qty=3.0, sequence=99
        )
        cls._set_stock(cls.desk, 6)

    @classmethod
    def _create_planner(cls, login):
        return new_test_user(
            cls.env,
            login=login,
            groups="mrp.group_mrp_user,stock.group_stock_user,"
            "stock.group_stock_multi_locations,mrp.group_mrp_byproducts",
            company_id=cls.company.id,
        )

    def _form(self, sale):
        """The planner's form of the one order that is open for the sale."""
        order = self._get_orders(sale).filtered(lambda o: o.state != "done")
        return Form(order.with_user(self.planner), "mrp.mrp_production_form_view")

    def _get_orders(self, sale):
        self.env.flush_all()
        return self.env["mrp.production"].search(
            [
                ("ato_sale_line_id", "=", sale.order_line.id),
                ("state", "!=", "cancel"),
            ]
        )

    def _get_made_by(self, order):
        return self.env["stock.move"].search(
            [
                ("production_id", "=", order.id),
                ("product_id", "=", order.product_id.id),
                ("state", "!=", "cancel"),
            ]
        )

    def assertOneOrder(self, sale, quantity=4):
        """One order of `quantity`, one finished move, which feeds the delivery."""
        order = self._get_orders(sale)
        self.env.invalidate_all()
        self.assertEqual(order.mapped("product_qty"), [quantity])
        finished = self._get_made_by(order)
        self.assertRecordValues(
            finished,
            [
                {
                    "ato_supply": "assembly",
                    "product_uom_qty": quantity,
                    "location_dest_id": order.location_dest_id.id,
                }
            ],
        )
        deliveries = self.env["stock.move"].search(
            [
                ("sale_line_id", "=", sale.order_line.id),
                ("ato_supply", "=", "assembly"),
                ("state", "!=", "cancel"),
            ]
        )
        self.assertEqual(bool(deliveries), sale.state == "sale")
        self.assertEqual(finished.move_dest_ids, deliveries)
        return order

    def _count_desks(self, product=None):
        self.env.flush_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", (product or self.desk).id),
                ("location_id", "child_of", self.warehouse.view_location_id.id),
            ]
        )
        return sum(quants.mapped("quantity"))

    def _sell_out(self, sale, made=4):
        """Confirm, make and deliver: 10 leave, 6 of them were there before."""
        if sale.state != "sale":
            sale.action_confirm()
        line = sale.order_line
        self.assertInvariants(line)
        order = self._get_orders(sale).filtered(lambda o: o.state != "done")
        self.assertEqual(sum(self._get_made_by(order).mapped("product_uom_qty")), made)
        # what differs from the bill of materials is what the planner wants
        self._produce(order.with_context(skip_consumption=True))
        self.assertEqual(order.state, "done")
        self.assertEqual(self._count_desks(), 10)
        self.assertLine(line, ordered=10, from_stock=6, to_assemble=4)
        self._deliver(sale.picking_ids)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._count_desks(), 0)

    # What can be edited

    def _edit_start(self, form):
        start = Datetime.to_datetime(form.date_start)
        form.date_start = start + timedelta(days=2)

    def _edit_responsible(self, form):
        form.user_id = self.colleague

    def _edit_destination(self, form):
        form.location_dest_id = self.shelf

    def _edit_components(self, form):
        with form.move_raw_ids.edit(0) as component:
            component.product_uom_qty = 20
        with form.move_raw_ids.new() as component:
            component.product_id = self.lamp
            component.product_uom_qty = 4

    def _edit_all(self, form):
        self._edit_start(form)
        self._edit_responsible(form)
        self._edit_destination(form)
        self._edit_components(form)

    def test_draft(self):
        """Q 10, A 4: changed in the form, then confirmed: 4 are made, not 8."""
        for edit in (
            self._edit_start,
            self._edit_responsible,
            self._edit_destination,
            self._edit_components,
            self._edit_all,
        ):
            with self.subTest(edit=edit.__name__), self.env.cr.savepoint() as savepoint:
                sale = self._create_order((self.desk, 10, 4))
                with self._form(sale) as form:
                    edit(form)
                self.assertOneOrder(sale)
                sale.action_confirm()
                self.assertOneOrder(sale)
                self._sell_out(sale)
                savepoint.close(rollback=True)

    def test_draft_keeps_what_was_edited(self):
        sale = self._create_order((self.desk, 10, 4))
        order = self._get_orders(sale)
        start = order.date_start + timedelta(days=2)
        with self._form(sale) as form:
            self._edit_all(form)
        sale.action_confirm()
        self.assertRecordValues(
            self.assertOneOrder(sale),
            [
                {
                    "id": order.id,
                    "date_start": start,
                    "user_id": self.colleague.id,
                    "location_dest_id": self.shelf.id,
                }
            ],
        )
        self.assertComponents(order, {self.leg: 20, self.top: 4, self.lamp: 4})

    def test_draft_then_the_line_changes(self):
        """A 4, start changed, A 6, start again, A 4: the order follows each time."""
        sale = self._create_order((self.desk, 10, 4))
        for to_assemble in (6, 4):
            with self._form(sale) as form:
                self._edit_start(form)
            sale.order_line.qty_to_assemble_to_order = to_assemble
            self.assertOneOrder(sale, to_assemble)
        self._sell_out(sale)

    def test_draft_twice(self):
        """Saved, opened and saved again, with and without a change."""
        sale = self._create_order((self.desk, 10, 4))
        for _time in range(2):
            with self._form(sale) as form:
                self._edit_start(form)
        self._form(sale).save()
        self.assertOneOrder(sale)
        self._sell_out(sale)

    def test_confirmed(self):
        """Start, responsible and components of a confirmed order."""
        for edit in (self._edit_start, self._edit_responsible, self._edit_components):
            with self.subTest(edit=edit.__name__), self.env.cr.savepoint() as savepoint:
                sale = self._create_order((self.desk, 10, 4))
                sale.action_confirm()
                self._get_orders(sale).is_locked = False
                with self._form(sale) as form:
                    edit(form)
                self.assertOneOrder(sale)
                self._sell_out(sale)
                savepoint.close(rollback=True)

    def test_in_progress(self):
        """2 of 4 are being made; what is edited then changes no quantity."""
        for edit in (self._edit_responsible, self._edit_components):
            with self.subTest(edit=edit.__name__), self.env.cr.savepoint() as savepoint:
                sale = self._create_order((self.desk, 10, 4))
                sale.action_confirm()
                with self._form(sale) as form:
                    form.qty_producing = 2
                order = self.assertOneOrder(sale)
                self.assertEqual(order.state, "progress")
                order.is_locked = False
                with self._form(sale) as form:
                    edit(form)
                self.assertOneOrder(sale)
                self._sell_out(sale)
                savepoint.close(rollback=True)

    def test_rest_of_a_partial_production(self):
        """1 of 4 is made; the start of the rest is changed: 3 more, 4 in all."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        self._produce(self._get_orders(sale), 1)
        with self._form(sale) as form:
            self._edit_start(form)
        first, rest = self._get_orders(sale).sorted("id")
        self.assertEqual(first.state, "done")
        self.assertRecordValues(
            self._get_made_by(rest),
            [{"ato_supply": "assembly", "product_uom_qty": 3}],
        )
        self._sell_out(sale, made=3)

    def test_destination_of_a_confirmed_order(self):
        """The form shows it readonly: a client writes it."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        order = self._get_orders(sale).with_user(self.planner)
        self._call(order, "write", {"location_dest_id": self.shelf.id})
        self.assertOneOrder(sale)
        self._sell_out(sale)

    def _call(self, records, method, *args):
        """Call as a client does."""
        return call_kw(records.browse(), method, [records.ids, *args], {})

    # Another bill of materials

    def test_another_bom(self):
        """4 desks by a bill for 3: still 4, of the other components."""
        sale = self._create_order((self.desk, 10, 4))
        with self._form(sale) as form:
            form.bom_id = self.other_bom
            self.assertEqual(form.product_qty, 4)
        order = self.assertOneOrder(sale)
        self.assertEqual(order.bom_id, self.other_bom)
        self.assertComponents(order, {self.lamp: 8, self.leg: 4})
        self._sell_out(sale)

    def test_another_bom_replaces_edited_components(self):
        sale = self._create_order((self.desk, 10, 4))
        with self._form(sale) as form:
            with form.move_raw_ids.edit(0) as component:
                component.product_uom_qty = 20
            form.bom_id = self.other_bom
        self.assertComponents(self.assertOneOrder(sale), {self.lamp: 8, self.leg: 4})
        sale.order_line.qty_to_assemble_to_order = 2
        self.assertComponents(self.assertOneOrder(sale, 2), {self.lamp: 4, self.leg: 2})

    def test_another_bom_by_rpc(self):
        sale = self._create_order((self.desk, 10, 4))
        order = self._get_orders(sale).with_user(self.planner)
        self._call(order, "write", {"bom_id": self.other_bom.id})
        self.assertComponents(self.assertOneOrder(sale), {self.lamp: 8, self.leg: 4})
        self._sell_out(sale)

    def test_bom_in_another_unit(self):
        """A bill for a dozen: the order stays in units of the product."""
        by_dozen = self._create_bom(
            self.desk, {self.lamp: 24}, product_uom_id=self.dozen.id, sequence=99
        )
        sale = self._create_order((self.desk, 10, 4))
        with self._form(sale) as form:
            form.bom_id = by_dozen
        order = self.assertOneOrder(sale)
        self.assertEqual(order.product_uom_id, self.unit)
        self.assertComponents(order, {self.lamp: 8})
        self._sell_out(sale)

    def test_update_bom(self):
        """The bill has changed: "Update BoM" takes it over and keeps the quantity."""
        for confirmed in (False, True):
            with self.subTest(confirmed=confirmed), self.env.cr.savepoint() as undo:
                sale = self._create_order((self.desk, 10, 4))
                if confirmed:
                    sale.action_confirm()
                leg = self.bom.bom_line_ids.filtered(lambda b: b.product_id == self.leg)
                leg.product_qty = 5
                order = self._get_orders(sale).with_user(self.planner)
                self._call(order, "action_update_bom")
                self.assertComponents(
                    self.assertOneOrder(sale), {self.leg: 20, self.top: 4}
                )
                self._sell_out(sale)
                undo.close(rollback=True)

    # By-products

    def _with_by_product(self, bom, quantity=2):
        bom.byproduct_ids = [
            Command.create({"product_id": self.top.id, "product_qty": quantity})
        ]

    def _get_by_products(self, order):
        moves = order.move_finished_ids.filtered(lambda m: m.state != "cancel")
        return {
            move.product_id: (move.product_uom_qty, move.ato_supply)
            for move in moves
            if move.product_id != order.product_id
        }

    def test_by_products_are_no_assembly_part(self):
        """2 tops left over of each desk: 8, with no label, whatever is edited."""
        self._with_by_product(self.bom)
        sale = self._create_order((self.desk, 10, 4))
        for edit in (self._edit_start, self._edit_destination):
            with self._form(sale) as form:
                edit(form)
            order = self.assertOneOrder(sale)
            self.assertEqual(self._get_by_products(order), {self.top: (8, False)})
        self._sell_out(sale)

    def test_by_products_follow_the_bom(self):
        self._with_by_product(self.bom)
        self.other_bom.byproduct_ids = [
            Command.create({"product_id": self.desk_to_order.id, "product_qty": 3})
        ]
        sale = self._create_order((self.desk, 10, 4))
        with self._form(sale) as form:
            form.bom_id = self.other_bom
        order = self.assertOneOrder(sale)
        self.assertEqual(self._get_by_products(order), {self.desk_to_order: (4, False)})
        self._sell_out(sale)

    def test_by_product_added_by_the_planner(self):
        """What the planner adds to the list of by-products stays."""
        sale = self._create_order((self.desk, 10, 4))
        with self._form(sale) as form, form.move_byproduct_ids.new() as by_product:
            by_product.product_id = self.lamp
            by_product.product_uom_qty = 3
        with self._form(sale) as form:
            self._edit_start(form)
        order = self.assertOneOrder(sale)
        self.assertEqual(self._get_by_products(order), {self.lamp: (3, False)})
        self._sell_out(sale)

    def test_by_products_that_a_planner_changed(self):
        """5 instead of 8, then another start, then A 2: half of 5, no more."""
        self._with_by_product(self.bom)
        sale = self._create_order((self.desk, 10, 4))
        with self._form(sale) as form, form.move_byproduct_ids.edit(0) as by_product:
            by_product.product_uom_qty = 5
        with self._form(sale) as form:
            self._edit_start(form)
        order = self.assertOneOrder(sale)
        self.assertEqual(self._get_by_products(order), {self.top: (5, False)})
        sale.order_line.qty_to_assemble_to_order = 2
        self.assertEqual(self._get_by_products(order), {self.top: (2.5, False)})
        with self._form(sale) as form:
            form.move_byproduct_ids.remove(0)
        with self._form(sale) as form:
            self._edit_start(form)
        self.assertEqual(self._get_by_products(order), {})
        self.assertOneOrder(sale, 2)

    def test_by_products_by_rpc(self):
        self._with_by_product(self.other_bom, 3)
        sale = self._create_order((self.desk, 10, 4))
        order = self._get_orders(sale).with_user(self.planner)
        self._call(order, "write", {"bom_id": self.other_bom.id})
        self.assertEqual(self._get_by_products(order), {self.top: (4, False)})
        self._call(order, "write", {"bom_id": self.bom.id})
        self.assertEqual(self._get_by_products(order), {})
        self.assertOneOrder(sale)

    # The label follows from the order

    def test_finished_move_made_anew_by_a_client(self):
        """A client deletes the finished move and sends one of its own."""
        sale = self._create_order((self.desk, 10, 4))
        order = self._get_orders(sale).with_user(self.planner)
        finished = self._get_made_by(order)
        self._call(
            order,
            "write",
            {
                "move_finished_ids": [
                    Command.delete(finished.id),
                    Command.create(
                        {
                            "product_id": self.desk.id,
                            "product_uom_qty": 4,
                            "product_uom": self.unit.id,
                            "location_id": order.production_location_id.id,
                            "location_dest_id": order.location_dest_id.id,
                        }
                    ),
                ]
            },
        )
        self.assertFalse(finished.exists())
        self.assertOneOrder(sale)
        self._sell_out(sale)

    def test_scrapped_by_the_order(self):
        """One of 4 is scrapped on the order: a move of the order, not for the line."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        order = self._get_orders(sale)
        self._produce(order)
        self.env["stock.scrap"].create(
            {
                "product_id": self.desk.id,
                "production_id": order.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
            }
        ).action_validate()
        made = self._get_made_by(order)
        scrapped = made.filtered(lambda m: m.location_dest_id.usage == "inventory")
        self.assertEqual(scrapped.mapped("ato_supply"), [False])
        self.assertEqual((made - scrapped).mapped("ato_supply"), ["assembly"])
        self.assertInvariants(sale.order_line)

    def test_copy_is_not_linked(self):
        """A copy of a linked order makes stock: nothing in it is for the line."""
        sale = self._create_order((self.desk, 10, 4))
        copy = self._get_orders(sale).copy()
        self.assertFalse(copy.ato_sale_line_id)
        self.assertEqual(self._get_made_by(copy).mapped("ato_supply"), [False])

    def test_another_order_is_as_in_odoo(self):
        """What is not linked has its finished move made anew, with no label."""
        order = self.env["mrp.production"].create(
            {"product_id": self.desk.id, "product_qty": 5}
        )
        with Form(order.with_user(self.planner)) as form:
            form.bom_id = self.other_bom
            self.assertEqual(form.product_qty, 3)
        self.assertRecordValues(
            self._get_made_by(order), [{"ato_supply": False, "product_uom_qty": 3}]
        )

    # Lots

    def test_lots(self):
        """A lot chosen on the draft, another generated once it is confirmed."""
        for tracking in ("lot", "serial"):
            with self.subTest(tracking=tracking), self.env.cr.savepoint() as undo:
                product = self._create_product(
                    "Tracked Desk", components={self.leg: 4}, tracking=tracking
                )
                sale = self._create_order((product, 1, 1))
                order = self._get_orders(sale).with_user(self.planner)
                lot = order.env["stock.lot"].create({"product_id": product.id})
                self._call(order, "write", {"lot_producing_ids": [lot.id]})
                with self._form(sale) as form:
                    self._edit_start(form)
                self.assertEqual(self.assertOneOrder(sale, 1).lot_producing_ids, lot)
                sale.action_confirm()
                self.assertOneOrder(sale, 1)
                self._call(order, "write", {"lot_producing_ids": [Command.clear()]})
                self._call(order, "action_generate_serial")
                self.assertTrue(order.lot_producing_ids - lot)
                self.assertOneOrder(sale, 1)
                self._produce(order.sudo())
                self.assertEqual(self._count_desks(product), 1)
                self._deliver(sale.picking_ids)
                self.assertEqual(sale.order_line.qty_delivered, 1)
                undo.close(rollback=True)
