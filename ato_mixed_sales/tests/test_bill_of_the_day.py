# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon, CheckedStories
from .test_quotations_order import PlannedQuotation


@tagged("post_install", "-at_install")
class TestBillOfTheDay(CheckedStories, PlannedQuotation, AssembleToOrderCommon):
    """What is made is what the bill says when the quotation is confirmed (E13).

    4 of 10 desks are assembled, of 4 legs and a top each. Components that nobody has
    changed follow the bill of that day, the others are kept, and the orders say so.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls.bom = cls.desk.bom_ids
        cls.leg_line, cls.top_line = cls.bom.bom_line_ids

    def _edit(self, sale, product, quantity):
        """As the planner, or seller, changes a component of the draft in a form."""
        order = sale.order_line.assembly_order_ids.with_user(self.planner)
        index = order.move_raw_ids.product_id.ids.index(product.id)
        with Form(order, "mrp.mrp_production_form_view") as form:
            with form.move_raw_ids.edit(index) as component:
                component.product_uom_qty = quantity

    def _get_words(self, record):
        """What the chatter says of a bill of materials."""
        messages = record.message_ids.filtered(lambda m: "has changed since" in m.body)
        return messages.mapped("body")

    def assertConfirmed(self, sale, components, *kept, told=True):
        """One order of 4, of these components, which can be made and delivered."""
        sale.action_confirm()
        order = sale.order_line.assembly_order_ids
        self.assertEqual(order.mapped("product_qty"), [4])
        self.assertComponents(order, components)
        for record in (sale, order):
            words = self._get_words(record)
            self.assertEqual(len(words), int(told))
            for text in kept:
                self.assertIn(text, words[0])
            self.assertEqual(any("is kept: " in word for word in words), bool(kept))
        self.assertInvariants(sale.order_line)
        self._produce(order.with_context(skip_consumption=True))
        self._deliver(sale.picking_ids)
        self.assertEqual(sale.order_line.qty_delivered, 10)

    def test_nothing_changed(self):
        sale, _order = self._quote()
        self.assertConfirmed(sale, {self.leg: 16, self.top: 4}, told=False)

    def test_edited_under_the_same_bill(self):
        sale, _order = self._quote()
        self._edit(sale, self.leg, 20)
        self.assertConfirmed(sale, {self.leg: 20, self.top: 4}, told=False)

    def test_untouched(self):
        """5 legs instead of 4, a lamp besides, no top; by the form, or line by line."""
        for by_form in (True, False):
            with self.subTest(by_form=by_form), self.env.cr.savepoint() as undo:
                sale, _order = self._quote()
                if by_form:
                    with Form(self.bom) as form:
                        with form.bom_line_ids.edit(0) as line:
                            line.product_qty = 5
                        form.bom_line_ids.remove(1)
                        with form.bom_line_ids.new() as line:
                            line.product_id = self.lamp
                            line.product_qty = 2
                else:
                    self.leg_line.product_qty = 5
                    self.top_line.unlink()
                    self.env["mrp.bom.line"].create(
                        {
                            "bom_id": self.bom.id,
                            "product_id": self.lamp.id,
                            "product_qty": 2,
                        }
                    )
                self.assertConfirmed(sale, {self.leg: 20, self.lamp: 8})
                undo.close(rollback=True)

    def test_edited_ones_are_kept(self):
        """20 legs are the customer's wish; the bill asks for 5 each, and 2 tops."""
        sale, _order = self._quote()
        self._edit(sale, self.leg, 20)
        self.bom.bom_line_ids = [
            Command.update(self.leg_line.id, {"product_qty": 6}),
            Command.update(self.top_line.id, {"product_qty": 2}),
        ]
        self.assertConfirmed(
            sale, {self.leg: 20, self.top: 8}, "20.00 Units of Table Leg"
        )

    def test_added_and_left_out_are_kept(self):
        """A lamp was added and the top left out: the bill changes both legs and top."""
        sale, order = self._quote()
        with Form(order, "mrp.mrp_production_form_view") as form:
            form.move_raw_ids.remove(1)
            with form.move_raw_ids.new() as component:
                component.product_id = self.lamp
                component.product_uom_qty = 4
        self.leg_line.product_qty = 5
        self.top_line.product_qty = 3
        self.assertConfirmed(
            sale,
            {self.leg: 20, self.lamp: 4},
            "4.00 Units of Desk Lamp",
            "0.00 Units of Table Top",
        )

    def test_edited_component_is_gone_from_the_bill(self):
        sale, _order = self._quote()
        self._edit(sale, self.top, 6)
        self.top_line.unlink()
        self.leg_line.product_qty = 5
        self.assertConfirmed(
            sale, {self.leg: 20, self.top: 6}, "6.00 Units of Table Top"
        )

    def test_another_product(self):
        """The bill has glass instead of the wooden top."""
        glass = self._create_product("Glass Top")
        self._set_stock(glass, 100)
        sale, _order = self._quote()
        self.top_line.product_id = glass
        self.assertConfirmed(sale, {self.leg: 16, glass: 4})

    def test_another_unit(self):
        """Legs by the dozen: half a dozen each."""
        sale, _order = self._quote()
        self.leg_line.write({"product_uom_id": self.dozen.id, "product_qty": 0.5})
        self.assertConfirmed(sale, {self.leg: 2, self.top: 4})

    def test_bill_for_more(self):
        """The same bill makes two desks at a time."""
        sale, _order = self._quote()
        self.bom.product_qty = 2
        self.assertConfirmed(sale, {self.leg: 8, self.top: 2})

    def test_kit_among_the_components(self):
        """What a kit is made of is another: the kit itself, and its bill, are not."""
        kit = self._create_product("Screw Set")
        kit_bom = self._create_bom(kit, {self.lamp: 2}, type="phantom")
        self.bom.bom_line_ids = [Command.create({"product_id": kit.id})]
        sale, order = self._quote()
        self.assertComponents(order, {self.leg: 16, self.top: 4, self.lamp: 8})
        kit_bom.bom_line_ids.product_qty = 3
        self.assertConfirmed(sale, {self.leg: 16, self.top: 4, self.lamp: 12})

    def test_kit_left_out(self):
        """The customer wants no screws: that is no change of the bill."""
        kit = self._create_product("Screw Set")
        self._create_bom(kit, {self.lamp: 2}, type="phantom")
        self.bom.bom_line_ids = [Command.create({"product_id": kit.id})]
        sale, order = self._quote()
        order.move_raw_ids.filtered(lambda m: m.product_id == self.lamp).unlink()
        self.assertConfirmed(sale, {self.leg: 16, self.top: 4}, told=False)

    def test_quantity_changes_between(self):
        """A 4, the bill changes, A 6, legs edited, A 4: edited scaled, top follows."""
        sale, _order = self._quote()
        line = sale.order_line
        self.top_line.product_qty = 2
        line.qty_to_assemble_to_order = 6
        self.assertComponents(line.assembly_order_ids, {self.leg: 24, self.top: 12})
        self._edit(sale, self.leg, 30)
        line.qty_to_assemble_to_order = 4
        self.assertComponents(line.assembly_order_ids, {self.leg: 20, self.top: 8})
        self.leg_line.product_qty = 7
        self.assertConfirmed(
            sale, {self.leg: 20, self.top: 8}, "20.00 Units of Table Leg"
        )

    def test_new_line_after_the_quantity_changed(self):
        sale, _order = self._quote()
        self.bom.bom_line_ids = [Command.create({"product_id": self.lamp.id})]
        sale.order_line.qty_to_assemble_to_order = 5
        sale.order_line.qty_to_assemble_to_order = 4
        self.assertConfirmed(sale, {self.leg: 16, self.top: 4, self.lamp: 4})

    def test_another_bill(self):
        """Chosen on the draft, with legs edited in the same form, then changed."""
        for by_form in (True, False):
            with self.subTest(by_form=by_form), self.env.cr.savepoint() as undo:
                other = self._create_bom(self.desk, {self.lamp: 1, self.leg: 3})
                sale, order = self._quote()
                if by_form:
                    with Form(order, "mrp.mrp_production_form_view") as form:
                        form.bom_id = other
                        with form.move_raw_ids.edit(1) as component:
                            component.product_uom_qty = 20
                else:
                    self._call(order, "write", {"bom_id": other.id})
                    self._edit(sale, self.leg, 20)
                self.assertEqual(order.product_qty, 4)
                self.assertComponents(order.sudo(), {self.lamp: 4, self.leg: 20})
                other.bom_line_ids[0].product_qty = 2
                self.leg_line.product_qty = 9  # of the bill that is not its own
                self.assertConfirmed(
                    sale, {self.lamp: 8, self.leg: 20}, "20.00 Units of Table Leg"
                )
                undo.close(rollback=True)

    def test_update_bom(self):
        """By "Update BoM" it takes over the bill, edited components too."""
        sale, order = self._quote()
        self._edit(sale, self.leg, 30)
        self.leg_line.product_qty = 5
        self._call(order, "action_update_bom")
        self.assertEqual(order.product_qty, 4)
        self.assertComponents(order.sudo(), {self.leg: 20, self.top: 4})
        self.leg_line.product_qty = 6
        self.assertConfirmed(sale, {self.leg: 24, self.top: 4})

    def test_update_several(self):
        """Two of the list at once: quantities are kept."""
        sale, order = self._quote()
        second, other = self._quote(to_assemble=3)
        self.leg_line.product_qty = 5
        self._call(order | other, "action_update_bom")
        self.assertEqual((order | other).mapped("product_qty"), [4, 3])
        self.assertComponents(order.sudo(), {self.leg: 20, self.top: 4})
        self.assertComponents(other.sudo(), {self.leg: 15, self.top: 3})
        self.assertConfirmed(sale, {self.leg: 20, self.top: 4}, told=False)
        second.action_cancel()

    def test_not_from_the_client(self):
        """Nobody but the line notes what was followed."""
        _sale, order = self._quote()
        for value in ({}, {"bill": {}, "components": {}}, [], "x", False):
            with self.assertRefused("Bill of Materials Followed"):
                self._call(order, "write", {"ato_bom_basis": value})
