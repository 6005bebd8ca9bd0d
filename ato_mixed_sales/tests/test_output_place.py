# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon, CheckedStories
from .test_quotations_order import PlannedQuotation


@tagged("post_install", "-at_install")
class TestOutputPlace(CheckedStories, PlannedQuotation, AssembleToOrderCommon):
    """What is made for a line comes out where its delivery takes it from (E14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls._create_bin("Shelf 1", cls.stock)
        cls.yard = cls._create_bin("Yard", cls.warehouse.view_location_id)
        cls.elsewhere = cls._create_warehouse("Outlet", "OUT").lot_stock_id

    @classmethod
    def _create_bin(cls, name, parent):
        return cls.env["stock.location"].create(
            {"name": name, "location_id": parent.id}
        )

    def _sell(self, confirmed):
        self._set_stock(self.desk, 6)
        sale, order = self._quote()
        if confirmed:
            sale.action_confirm()
        return sale, order

    def assertHeld(self, sale, location, units=4):
        """The 4 that were made are in `location`, held, and can be delivered."""
        line = sale.order_line
        held = self._moves(line, "assembly").move_line_ids
        self.assertEqual(held.location_id, location)
        self.assertEqual(sum(held.mapped("quantity")), units)
        self.assertEqual(line.qty_assembled, units)
        self.assertInvariants(line)

    def _deliver_all(self, sale):
        for _step in range(3):
            for picking in sale.picking_ids.filtered(lambda p: p.state == "assigned"):
                self._deliver(picking)
        self.assertEqual(sale.order_line.qty_delivered, 10)

    def test_refused(self):
        """To another warehouse, out of the chain, to a supplier or to nowhere."""
        for confirmed in (False, True):
            sale, order = self._sell(confirmed)
            made = self._get_made_by(order).with_user(self.planner)
            other = order.create({"product_id": self.desk.id, "product_qty": 1})
            for place in (
                self.elsewhere,
                self.yard,
                self.env.ref("stock.stock_location_suppliers"),
                self.stock.location_id,
            ):
                vals = {"location_dest_id": place.id}
                update = [Command.update(made.id, vals)]
                for name, action in {
                    "order": lambda o=order, v=vals: self._call(o, "write", v),
                    "several": lambda o=order | other, v=vals: self._call(
                        o, "write", v
                    ),
                    "save": lambda o=order, v=vals: self._call(o, "web_save", v, {}),
                    "move": lambda m=made, v=vals: self._call(m, "write", v),
                    "command": lambda o=order, u=update: self._call(
                        o, "write", {"move_finished_ids": u}
                    ),
                }.items():
                    with (
                        self.subTest(place=place.name, by=name, confirmed=confirmed),
                        self.assertRefused(f"{order.name}.*for {sale.name}"),
                    ):
                        action()
            self.assertEqual(order.location_dest_id, self.stock)
            self.assertEqual(made.location_dest_id, self.stock)

    def test_form(self):
        """The form of a draft: out of the chain is refused, a bin of it is taken."""
        sale, order = self._sell(False)
        view = "mrp.mrp_production_form_view"
        with self.assertRefused(f"for {sale.name}.*not in OUT/Stock"):
            with Form(order, view) as form:
                form.location_dest_id = self.elsewhere
        with Form(order, view) as form:
            form.location_dest_id = self.shelf
        sale.action_confirm()
        self._produce(order.sudo())
        self.assertHeld(sale, self.shelf)
        self._deliver_all(sale)

    def test_detailed_operations(self):
        """While it is made, line by line: refused when it is posted."""
        sale, order = self._sell(True)
        order.qty_producing = 4
        self._call(order, "set_qty_producing")
        lines = self._get_made_by(order).with_user(self.planner).move_line_ids
        lines.location_dest_id = self.elsewhere
        with self.assertRefused(f"for {sale.name}.*not in OUT/Stock"):
            self._call(order, "button_mark_done")
        lines.location_dest_id = self.shelf
        self._call(order, "button_mark_done")
        self.assertHeld(sale, self.shelf)
        self._deliver_all(sale)

    def test_final_location(self):
        sale, order = self._sell(True)
        with self.assertRefused(f"for {sale.name}"):
            self._call(order, "write", {"location_final_id": self.elsewhere.id})

    def test_three_steps_of_manufacturing(self):
        """Out of Post-Production is out of the chain, a corner of it is not."""
        self.warehouse.write(
            {"manufacture_steps": "pbm_sam", "delivery_steps": "pick_ship"}
        )
        sale, order = self._sell(True)
        post = self.warehouse.sam_loc_id
        self.assertEqual(order.location_dest_id, post)
        for place in (self.stock, self.elsewhere):
            with self.assertRefused(f"for {sale.name}"):
                self._call(order, "write", {"location_dest_id": place.id})
        corner = self._create_bin("Corner", post)
        self._call(order, "write", {"location_dest_id": corner.id})
        for bringing in order.sudo().picking_ids.filtered(
            lambda p: p.state == "assigned"
        ):
            self._deliver(bringing)
        self._produce(order.sudo())
        storing = order.sudo().move_finished_ids.move_dest_ids
        self.assertEqual(storing.move_line_ids.location_id, corner)
        self._deliver(storing.picking_id)
        self.assertHeld(sale, self.stock)
        self._deliver_all(sale)

    def test_bin_of_the_warehouse(self):
        """The bin that is set for assembly is of the chain, outside of stock too."""
        self.warehouse.from_assembly_location_id = self.yard
        sale, order = self._sell(True)
        self.assertEqual(order.location_dest_id, self.yard)
        corner = self._create_bin("Corner", self.yard)
        for place in (self.shelf, corner):
            self._call(order, "write", {"location_dest_id": place.id})
        with self.assertRefused("not in OUT/Stock"):
            self._call(order, "write", {"location_dest_id": self.elsewhere.id})
        self._produce(order.sudo())
        self.assertHeld(sale, corner)
        self._deliver_all(sale)

    def test_source_of_the_delivery(self):
        """A bin of stock as source, before and after: what is made is held, and left.

        The stock part is taken from that bin: of 6 there are 2.
        """
        for steps in ("ship_only", "pick_ship"):
            for made_before in (False, True):
                with (
                    self.subTest(steps=steps, made_before=made_before),
                    self.env.cr.savepoint() as undo,
                ):
                    self.warehouse.delivery_steps = steps
                    self._test_source_of_the_delivery(made_before)
                    undo.close(rollback=True)

    def _test_source_of_the_delivery(self, made_before):
        sale, order = self._sell(True)
        self._set_stock(self.desk, 2, self.shelf)
        line = sale.order_line
        if made_before:
            self._produce(order.sudo())
        picking = self._moves(line, "assembly").picking_id
        self._call(
            picking.with_user(self.planner), "write", {"location_id": self.shelf.id}
        )
        if not made_before:
            self.assertInvariants(line)
            self._produce(order.sudo())
        self.assertEqual(picking.location_id, self.shelf)
        self.assertHeld(sale, self.stock)
        stock = self._moves(line, "stock")
        self.assertEqual(stock.move_line_ids.location_id, self.shelf)
        self.assertEqual((stock.quantity, line.reserved_qty), (2, 6))
        self._deliver(picking, stock=2, assembly=4)
        self.assertInvariants(line)

    def test_stored_in_another_warehouse(self):
        """The transfer that stores what was made brings it away: lost, and told."""
        self.warehouse.manufacture_steps = "pbm_sam"
        sale, order = self._sell(True)
        sale.user_id = self.seller
        line = sale.order_line
        for bringing in order.sudo().picking_ids.filtered(
            lambda p: p.state == "assigned"
        ):
            self._deliver(bringing)
        self._produce(order.sudo())
        storing = order.sudo().move_finished_ids.move_dest_ids.picking_id
        storing.location_dest_id = self.elsewhere
        storing.move_ids.picked = True
        storing.button_validate()
        self.assertEqual(storing.state, "done")
        self.assertLine(line, 10, 10, 0)
        self.assertEqual(line.qty_given_up, 4)
        self.assertIn("4.00 Units", sale.activity_ids.note)
        self.assertInvariants(line)
