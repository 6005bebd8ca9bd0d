# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


class ShipmentCommon(AssembleToOrderCommon):
    """Shipping with the dialog."""

    def _open(self, picking, **quantities):
        """The dialog of a transfer, with these quantities in its first row."""
        action = picking.action_open_assembly_shipment()
        model = self.env[action["res_model"]].with_context(**action["context"])
        shipment = Form(model)
        for name, quantity in quantities.items():
            with shipment.line_ids.edit(0) as row:
                row[name] = quantity
        return shipment

    def _ship(self, picking, **quantities):
        """Ship these quantities; those that are not told are as proposed."""
        self._open(picking, **quantities).save().action_ship()
        self._check_lines(picking.sudo().move_ids.sale_line_id)

    def _confirm(self, *lines):
        order = self._create_order(*lines)
        order.action_confirm()
        return order

    def _open_picking(self, order):
        return order.picking_ids.filtered("is_assembly_shipment")

    def _done(self, line, supply):
        """What of one part has left for the customer."""
        moves = self._moves(line, supply).filtered(
            lambda move: move.state == "done" and move._is_outgoing()
        )
        return sum(moves.mapped("quantity"))


@tagged("post_install", "-at_install")
class TestShipment(ShipmentCommon):
    """What leaves now, and how much of it from assembly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 3)

    def test_proposal(self):
        """Q 10, A 7, nothing shipped: all of it, the assembled part first."""
        order = self._confirm((self.desk, 10, 7))
        shipment = self._open(order.picking_ids)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual(row.ordered_qty, 10)
            self.assertEqual(row.shipped_qty, 0)
            self.assertEqual((row.qty_to_ship, row.qty_from_assembly), (10, 7))
            self.assertEqual((row.qty_from_stock, row.qty_to_assemble), (3, 7))

    def test_documented_example(self):
        """R50: 4 of 10 to ship, 1 to 4 of them from assembly."""
        order = self._confirm((self.desk, 10, 7))
        shipment = self._open(order.picking_ids, qty_to_ship=4)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual(row.qty_from_assembly, 4)
            self.assertEqual(row.allowed_range, "1.00 – 4.00")
            row.qty_from_assembly = 1
            self.assertEqual((row.qty_from_stock, row.qty_to_assemble), (3, 1))

    def test_bounds_as_shipments_go_by(self):
        """R51: every quantity to ship, after nothing, 1 from stock, 1 assembled."""
        order = self._confirm((self.desk, 10, 7))
        table = [
            [7, 7, 7, 7, 6, 5, 4, 3, 2, 1, 0],
            [7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0],
            [7, 7, 7, 6, 5, 4, 3, 2, 1, 0],
            [7, 6, 5, 4, 3, 2, 1, 0, 0, 0],
            [6, 6, 6, 5, 4, 3, 2, 1, 0],
            [6, 5, 4, 3, 2, 1, 0, 0, 0],
        ]
        for maxima, minima, from_assembly in zip(
            table[::2], table[1::2], (0, 1, None), strict=True
        ):
            picking = self._open_picking(order)
            shipment = self.env["assembly.shipment"].create({"picking_id": picking.id})
            row = shipment.line_ids
            outstanding = len(maxima) - 1
            for to_ship, upper, lower in zip(
                range(outstanding, -1, -1), maxima, minima, strict=True
            ):
                with self.subTest(outstanding=outstanding, to_ship=to_ship):
                    row.qty_to_ship = to_ship
                    self.assertEqual(row.max_qty_from_assembly, upper)
                    self.assertEqual(row.min_qty_from_assembly, lower)
                    self.assertEqual(row.qty_from_assembly, upper, "assembled first")
                    row.qty_from_assembly = lower
                    row.qty_from_assembly = upper
                    for wrong in (lower - 1, upper + 1):
                        with self.assertRefused(rf"from {lower}\.00 .* to {upper}\.00"):
                            row.qty_from_assembly = wrong
            if from_assembly is not None:
                self._ship(picking, qty_to_ship=1, qty_from_assembly=from_assembly)

    def test_kept_while_allowed(self):
        """W10: 2 from assembly survives 3 to ship, becomes 5 with 8, and says so."""
        order = self._confirm((self.desk, 10, 7))
        shipment = self._open(order.picking_ids, qty_to_ship=4, qty_from_assembly=2)
        with shipment.line_ids.edit(0) as row:
            row.qty_to_ship = 3
            self.assertEqual((row.qty_from_assembly, row.remark), (2, False))
            row.qty_to_ship = 8
            self.assertEqual(row.qty_from_assembly, 5)
            self.assertIn("2.00 Units changed to 5.00 Units", row.remark)
            row.qty_to_ship = 9
            self.assertEqual(row.qty_from_assembly, 6, "the nearest bound again")
            row.qty_from_assembly = 7
            row.qty_to_ship = 4
            self.assertEqual(row.qty_from_assembly, 4, "as proposed again")

    def test_ship_what_the_customer_needs(self):
        """4 of 10 now, all assembled; then the other 6: 3 assembled, 3 from stock."""
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        self._ship(order.picking_ids, qty_to_ship=4)
        self.assertEqual((self._done(line, "assembly"), line.qty_delivered), (4, 4))
        self.assertEqual(line.qty_assembled, 4)
        self.assertEqual(line.reserved_stock_qty, 3)
        picking = self._open_picking(order)
        self.assertEqual(picking.backorder_id, order.picking_ids - picking)
        self._ship(picking)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(
            (self._done(line, "assembly"), self._done(line, "stock")), (7, 3)
        )
        self.assertEqual(self._free(self.leg), 1000 - 28)
        self.assertLine(line, 10, 3, 7)

    def test_three_thirds(self):
        """R53: Q 12, A 6 in three shipments: 4 + 0, 2 + 2, 0 + 4."""
        self._set_stock(self.desk, 6)
        order = self._confirm((self.desk, 12, 6))
        line = order.order_line
        for assembled, from_stock in ((4, 0), (6, 2), (6, 6)):
            self._ship(self._open_picking(order), qty_to_ship=4)
            self.assertEqual(self._done(line, "assembly"), assembled)
            self.assertEqual(self._done(line, "stock"), from_stock)

    def test_stock_first_on_purpose(self):
        """T077: 10 from stock leave before anything is assembled."""
        self._set_stock(self.desk, 10)
        order = self._confirm((self.desk, 20, 10))
        line = order.order_line
        self._ship(order.picking_ids, qty_to_ship=10, qty_from_assembly=0)
        self.assertEqual((self._done(line, "stock"), line.qty_assembled), (10, 0))
        self.assertEqual(line.assembly_order_ids.product_qty, 10)
        self._ship(self._open_picking(order))
        self.assertEqual((self._done(line, "assembly"), line.qty_delivered), (10, 20))

    def test_assembled_early(self):
        """5 of 7 wait already: 2 more are assembled when all is shipped."""
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        self._produce(line.assembly_order_ids, 5)
        shipment = self._open(order.picking_ids)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual((row.qty_from_assembly, row.qty_to_assemble), (7, 2))
            row.qty_to_ship = 5
            self.assertEqual((row.qty_from_assembly, row.qty_to_assemble), (5, 0))
        shipment.save().action_ship()
        self.assertEqual(line._get_producing_units(), 2)
        self.assertEqual((self._done(line, "assembly"), line.qty_delivered), (5, 5))
        self.assertInvariants(line)

    def test_stock_short(self):
        """T079: 100 ordered, 22 to assemble, 10 in stock, 69 to ship: 47 needed."""
        self._set_stock(self.desk, 10)
        order = self._confirm((self.desk, 100, 22))
        shipment = self._open(order.picking_ids, qty_to_ship=69)
        with shipment.line_ids.edit(0) as row:
            self.assertIn("47.00 Units needed from stock, 10.00 available", row.remark)
        shipment = shipment.save()
        with self.assertRefused("Desk on .*: 47.00 Units needed .* 10.00 available"):
            shipment.action_ship()
        self.assertEqual(order.order_line.qty_assembled, 0)
        self.assertEqual(self._free(self.leg), 1000 - 88)

    def test_components_short(self):
        """T047: components for 5 of 10: nothing is made and nothing leaves."""
        self._set_stock(self.top, 5)
        order = self._confirm((self.desk_to_order, 10))
        shipment = self._open(order.picking_ids).save()
        self.assertIn("10.00 Units of Table Top, 5.00", shipment.line_ids.remark)
        self.assertEqual(shipment.line_ids.qty_to_ship, 5, "what can leave")
        shipment.line_ids.qty_to_ship = 10
        self.assertIn("10.00 Units of Table Top, 5.00", shipment.line_ids.remark)
        with self.assertRefused("needs 10.00 Units of Table Top, 5.00 are available"):
            shipment.action_ship()
        self.assertEqual(order.picking_ids.state, "waiting")
        self._ship(order.picking_ids, qty_to_ship=5)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_components_of_two_lines(self):
        """Two lines that share 10 tops: what one takes the other cannot have."""
        self._set_stock(self.top, 10)
        order = self._confirm((self.desk, 6, 6), (self.desk_to_order, 6))
        shipment = self._open(order.picking_ids).save()
        self.assertEqual(shipment.line_ids.mapped("qty_to_ship"), [6, 4])
        shipment.line_ids[1].qty_to_ship = 6
        with self.assertRefused("needs 6.00 Units of Table Top, 4.00 are available"):
            shipment.action_ship()
        self.assertEqual(order.order_line.mapped("qty_assembled"), [0, 0])

    def test_wrong_quantities(self):
        order = self._confirm((self.desk, 10, 7))
        row = (
            self.env["assembly.shipment"]
            .create({"picking_id": order.picking_ids.id})
            .line_ids
        )
        for wrong in (-1, 11):
            with self.assertRefused(r"Desk on .* Choose from 0 to 10\.00 Units"):
                row.qty_to_ship = wrong
        row.qty_to_ship = 0
        with self.assertRefused("nothing to ship"):
            row.shipment_id.action_ship()
        self.assertEqual(order.picking_ids.move_ids.mapped("picked"), [False, False])

    def test_other_lines(self):
        """A plain product leaves with what is at hand, a kit as it is prepared."""
        order = self._confirm((self.desk, 10, 7), (self.lamp, 2), (self.leg, 5000))
        lamp, legs = order.order_line[1:]
        shipment = self._open(order.picking_ids)
        self.assertEqual(
            [row["qty_to_ship"] for row in shipment.line_ids._records], [10, 2, 972]
        )
        with shipment.line_ids.edit(2) as row:
            row.qty_to_ship = 0
        shipment.save().action_ship()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [10, 2, 0])
        self.assertTrue(lamp and legs)

    def test_kit_on_the_delivery(self):
        """A kit has no row: its components leave as prepared on the delivery."""
        kit = self._create_product("Lighting Kit")
        self._create_bom(kit, {self.lamp: 2}, type="phantom")
        order = self._confirm((self.desk, 10, 7), (kit, 3))
        shipment = self._open(order.picking_ids).save()
        self.assertEqual(shipment.line_ids.product_id, self.desk)
        self.assertTrue(shipment.has_other_products)
        shipment.action_ship()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [10, 3])

    def test_dozens(self):
        """1 dozen, a third of it to assemble: 4 units made, 8 from stock."""
        self._set_stock(self.desk, 8)
        order = self._create_order((self.desk, 1, 0))
        order.order_line.write(
            {"product_uom_id": self.dozen.id, "qty_to_assemble_to_order": 0.33}
        )
        order.action_confirm()
        line = order.order_line
        self._ship(order.picking_ids, qty_to_ship=0.5)
        self.assertEqual(
            (self._done(line, "assembly"), self._done(line, "stock")), (4, 2)
        )
        self._ship(self._open_picking(order))
        self.assertEqual(
            (self._done(line, "assembly"), self._done(line, "stock")), (4, 8)
        )

    def test_serial_numbers(self):
        """What is assembled now asks for its serial numbers, one for each unit."""
        clock = self._create_product("Clock", {self.leg: 1}, tracking="serial")
        order = self._confirm((clock, 3, 3))
        numbers = self.env["stock.lot"].create(
            [{"name": name, "product_id": clock.id} for name in ("C-1", "C-2", "C-3")]
        )
        shipment = self._open(order.picking_ids, qty_to_ship=2)
        with shipment.line_ids.edit(0) as row:
            self.assertTrue(row.needs_lots)
            row.lot_ids = numbers[:1]
        shipment = shipment.save()
        with self.assertRefused("Clock on .*: enter 2 lots or serial numbers .* not 1"):
            shipment.action_ship()
        shipment.line_ids.lot_ids = numbers[:2]
        shipment.action_ship()
        done = self._moves(order.order_line, "assembly").filtered(
            lambda move: move.state == "done"
        )
        self.assertEqual(done.lot_ids, numbers[:2])
        self.assertInvariants(order.order_line)

    def test_tracked_components(self):
        """Lots of components are those that the assembly order holds."""
        self.top.tracking = "lot"
        lot = self.env["stock.lot"].create({"name": "T-1", "product_id": self.top.id})
        self.env["stock.quant"]._update_available_quantity(self.top, self.stock, -1000)
        self.env["stock.quant"]._update_available_quantity(
            self.top, self.stock, 5, lot_id=lot
        )
        order = self._confirm((self.desk, 10, 7))
        shipment = self._open(order.picking_ids, qty_to_ship=10).save()
        with self.assertRefused("needs 7.00 Units of Table Top, 5.00 are available"):
            shipment.action_ship()
        self._ship(order.picking_ids, qty_to_ship=5)
        made = order.order_line.assembly_order_ids.filtered(lambda o: o.state == "done")
        used = made.move_raw_ids.filtered(lambda move: move.product_id == self.top)
        self.assertEqual((used.quantity, used.lot_ids), (5, lot))

    def test_part_of_a_unit(self):
        """4.5 of 7.5 are made: all leave; whole units where tops are for 3.5."""
        order = self._confirm((self.desk, 7.5, 4.5))
        form = self._open(order.picking_ids)
        with form.line_ids.edit(0) as row:
            self.assertEqual((row.qty_to_ship, row.qty_to_assemble), (7.5, 4.5))
        self._set_stock(self.top, 3.5)
        order.order_line.assembly_order_ids.action_assign()
        form = self._open(order.picking_ids)
        with form.line_ids.edit(0) as row:
            self.assertEqual((row.qty_to_ship, row.qty_to_assemble), (6, 3))
        self._ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 6)

    def test_from_the_order(self):
        order = self._create_order((self.desk, 10, 7))
        with self.assertRefused("no open delivery"):
            order.action_open_assembly_shipment()
        order.action_confirm()
        self.assertTrue(order.has_assembly_shipment)
        action = order.action_open_assembly_shipment()
        self.assertEqual(action["res_model"], "assembly.shipment")
        self._ship(order.picking_ids)
        order.invalidate_recordset()
        self.assertFalse(order.has_assembly_shipment)
        with self.assertRefused("no open delivery"):
            order.action_open_assembly_shipment()

    def test_from_the_order_of_what_is_picked(self):
        """Made and picked: the next transfer opens, which a salesperson knows, too.

        With nothing but a return open there is none.
        """
        self._set_steps("pick_ship")
        order = self._confirm((self.desk, 5, 2))
        order.user_id = self.seller
        self._produce(order.order_line.assembly_order_ids)
        pick = self._open_picking(order)
        self._deliver(pick)
        shipment = order.picking_ids - pick
        for user in (self.env.user, self.seller):
            action = order.with_user(user).action_open_assembly_shipment()
            self.assertEqual(action["res_model"], "stock.picking")
            self.assertEqual(action["res_id"], shipment.id)
        self.assertTrue(order.has_assembly_shipment)
        self._deliver(shipment)
        returned = self._return(shipment, 1)
        self.assertEqual(returned.state, "assigned")
        order.invalidate_recordset()
        self.assertFalse(order.has_assembly_shipment)
        with self.assertRefused("no open delivery"):
            order.action_open_assembly_shipment()

    def _return(self, shipment, quantity):
        """The open receipt by which so many of each row are to come back."""
        wizard = self.env["stock.return.picking"].with_context(
            active_id=shipment.id, active_model="stock.picking"
        )
        form = Form(wizard).save()
        form.product_return_moves.quantity = quantity
        action = form.action_create_returns()
        return self.env["stock.picking"].browse(action["res_id"])

    def test_rights(self):
        """A warehouse worker without sales or manufacturing rights ships."""
        order = self._confirm((self.desk, 10, 7))
        worker = new_test_user(self.env, "ato_packer", groups="stock.group_stock_user")
        self.env.flush_all()
        picking = order.picking_ids.with_user(worker)
        action = picking.action_open_assembly_shipment()
        model = self.env[action["res_model"]].with_user(worker)
        shipment = Form(model.with_context(**action["context"]))
        with shipment.line_ids.edit(0) as row:
            row.qty_to_ship = 4
        shipment.save().action_ship()
        self.assertEqual(order.order_line.qty_delivered, 4)
        picking = self._open_picking(order)
        with self.assertRaises(AccessError):
            self.env["assembly.shipment"].with_user(self.seller).create(
                {"picking_id": picking.id}
            )


@tagged("post_install", "-at_install")
class TestShipmentSteps(ShipmentCommon):
    """Deliveries and manufacturing in several steps."""

    def test_delivery_in_three_steps(self):
        """The dialog works on the pick; packing and shipping follow."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._set_stock(self.desk, 3)
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        pick = self._open_picking(order)
        self.assertEqual(pick.picking_type_id, self.warehouse.pick_type_id)
        self._ship(pick, qty_to_ship=4)
        pack = order.picking_ids.filtered(
            lambda p: p.picking_type_id == self.warehouse.pack_type_id
        )
        self.assertEqual(sum(pack.move_ids.mapped("quantity")), 4)
        with self.assertRefused("first transfer of the delivery"):
            pack.action_open_assembly_shipment()
        self.assertEqual((line.qty_assembled, line.qty_delivered), (4, 0))

    def test_components_to_pick(self):
        """Two steps of manufacturing: the components are picked first."""
        self.warehouse.manufacture_steps = "pbm"
        self._set_stock(self.desk, 3)
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        bringing = line.assembly_order_ids.picking_ids
        shipment = self._open(order.picking_ids - bringing)
        with shipment.line_ids.edit(0) as row:
            self.assertIn(f"validate {bringing.name} first", row.remark)
            self.assertEqual(row.qty_to_ship, 3, "from stock")
            row.qty_to_ship = 10
        with self.assertRefused(f"0.00 are there: validate {bringing.name} first"):
            shipment.save().action_ship()
        bringing.button_validate()
        self._ship(order.picking_ids - bringing)
        self.assertEqual((line.qty_assembled, line.qty_delivered), (7, 10))

    def test_store_after_manufacturing(self):
        """Three steps: what is assembled is stored first; then it is shipped."""
        self.warehouse.manufacture_steps = "pbm_sam"
        self._set_stock(self.desk, 3)
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        picking = self._open_picking(order)
        shipment = self._open(picking, qty_to_ship=10).save()
        with self.assertRefused("is moved to .*: produce it, validate its transfers"):
            shipment.action_ship()
        assembly_order = line.assembly_order_ids
        assembly_order.picking_ids.filtered(
            lambda p: p.picking_type_id == self.warehouse.pbm_type_id
        ).button_validate()
        self._produce(assembly_order)
        storing = assembly_order.picking_ids.filtered(
            lambda p: p.picking_type_id == self.warehouse.sam_type_id
        )
        self.assertEqual(self._open(picking).save().line_ids.qty_to_ship, 3)
        shipment = self._open(picking, qty_to_ship=10).save()
        with self.assertRefused(f"7.00 Units needed .* {storing.name} first"):
            shipment.action_ship()
        storing.button_validate()
        self._ship(picking)
        self.assertEqual(line.qty_delivered, 10)


@tagged("post_install", "-at_install")
class TestAssembledFirst(ShipmentCommon):
    """R130: nothing leaves from stock while assembled units stay behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.ato_ship_first = "strict"
        cls._set_stock(cls.desk, 3)

    def test_together_or_assembled_first(self):
        """7 + 3 leave together; 4 alone leave; 4 + 1 do not."""
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        self._produce(line.assembly_order_ids)
        with self.assertRefused("3.00 Units assembled to order have not left"):
            self._deliver(order.picking_ids, assembly=4, stock=1)
        self._deliver(order.picking_ids, assembly=4, stock=0)
        rest = self._open_picking(order)
        with self.assertRefused("3.00 Units assembled to order have not left"):
            self._deliver(rest, assembly=0, stock=3)
        self._deliver(rest)
        self.assertEqual(line.qty_delivered, 10)

    def test_dialog(self):
        """No choice: what is assembled leaves first."""
        order = self._confirm((self.desk, 10, 7))
        row = (
            self.env["assembly.shipment"]
            .create({"picking_id": order.picking_ids.id})
            .line_ids
        )
        for to_ship, assembled in ((10, 7), (8, 7), (7, 7), (4, 4)):
            row.qty_to_ship = to_ship
            self.assertEqual(row.min_qty_from_assembly, assembled)
            self.assertEqual(row.max_qty_from_assembly, assembled)
        with self.assertRaises(ValidationError):
            row.qty_from_assembly = 3

    def test_line_has_changed(self):
        """A dialog of yesterday says so, and nothing leaves."""
        self._set_stock(self.desk, 6)
        for quantity in (0, 10):
            with self.subTest(quantity):
                line = self._sell_mixed(10, 4)
                picking = line.order_id.picking_ids
                dialog = self.env["assembly.shipment"].create(
                    {"picking_id": picking.id}
                )
                line.qty_to_assemble_to_order = quantity
                with self.assertRefused("has changed since the dialog was opened"):
                    dialog.action_ship()
                self.assertEqual(line.qty_delivered, 0)
                line.order_id._action_cancel()

    def test_rest_given_up(self):
        """Without a backorder nothing is left behind: stock may leave."""
        order = self._confirm((self.desk, 10, 7))
        picking = order.picking_ids
        picking.move_ids.filtered(lambda m: m.ato_supply == "stock").picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_assemble_to_order), (3, 0))

    def test_more_than_the_stock_part(self):
        """5 of stock instead of 3 do not leave either, nor does an extra row."""
        self._set_stock(self.desk, 20)
        order = self._confirm((self.desk, 10, 7))
        picking = order.picking_ids
        with self.assertRefused("5.00 Units assembled to order have not left"):
            self._deliver(picking, assembly=0, stock=5)

    def test_last_step_of_three(self):
        """Stock may be picked and packed; it does not leave alone."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm((self.desk, 10, 7))
        pick = self._open_picking(order)
        self._deliver(pick, assembly=0, stock=3)
        ship = order.picking_ids.filtered(
            lambda p: p.picking_type_id == self.warehouse.out_type_id
        )
        with self.assertRefused("7.00 Units assembled to order have not left"):
            self._deliver(ship, assembly=0, stock=3)

    def test_batch(self):
        """Several deliveries at once: each line's units may be in either of them."""
        orders = self._confirm((self.desk, 2, 1)) | self._confirm((self.desk, 2, 1))
        self._produce(orders[0].order_line.assembly_order_ids)
        pickings = orders.picking_ids
        pickings.move_ids.filtered("quantity").picked = True
        with self.assertRefused(f"{orders[1].name}: 1.00 Units assembled"):
            pickings.with_context(skip_backorder=True).button_validate()
        self._produce(orders[1].order_line.assembly_order_ids)
        pickings.move_ids.picked = True
        pickings.with_context(skip_backorder=True).button_validate()
        self.assertEqual(orders.order_line.mapped("qty_delivered"), [2, 2])


@tagged("post_install", "-at_install")
class TestOrdinaryFlows(ShipmentCommon):
    """Without the dialog: Odoo's own ways of validating a delivery."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 3)

    def _validate(self, picking, backorder):
        """Validate as it stands; answer the question about the rest."""
        action = picking.button_validate()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        confirmation = Form(wizard).save()
        if backorder:
            confirmation.process()
        else:
            confirmation.process_cancel_backorder()
        self._check_lines(picking.move_ids.sale_line_id)

    def test_backorder(self):
        """What is at hand leaves, 3 from stock; the 7 to assemble stay asked for."""
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        self._validate(order.picking_ids, backorder=True)
        self.assertEqual((self._done(line, "stock"), line.qty_delivered), (3, 3))
        self.assertEqual(line._get_outstanding_parts(), (0, 7))
        self.assertEqual(self._open_picking(order).move_ids.product_uom_qty, 7)

    def test_no_backorder(self):
        """The rest is given up: nothing more is assembled."""
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        self._validate(order.picking_ids, backorder=False)
        self.assertEqual((line.qty_delivered, line.qty_to_assemble_to_order), (3, 0))
        self.assertEqual(line.assembly_order_ids.mapped("state"), ["cancel"])

    def test_backorder_where_assembled_units_are_first(self):
        """Strict: what is at hand may not leave; without the rest it may."""
        self.warehouse.ato_ship_first = "strict"
        order = self._confirm((self.desk, 10, 7))
        with self.assertRefused("7.00 Units assembled to order have not left"):
            self._validate(order.picking_ids, backorder=True)
        self._validate(order.picking_ids, backorder=False)
        self.assertEqual(order.order_line.qty_delivered, 3)

    def test_all_at_once(self):
        """The delivery is ready when both parts are, and leaves whole."""
        order = self._create_order((self.desk, 10, 7), picking_policy="one")
        order.action_confirm()
        self.assertNotEqual(order.picking_ids.state, "assigned")
        self._produce(order.order_line.assembly_order_ids)
        self.assertEqual(order.picking_ids.state, "assigned")
        order.picking_ids.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 10)
        self._check_lines(order.order_line)

    def test_quantities_set_one_by_one(self):
        """As with a scanner: 2 from assembly, 1 from stock, line by line."""
        order = self._confirm((self.desk, 10, 7))
        line = order.order_line
        self._produce(line.assembly_order_ids)
        for move in order.picking_ids.move_ids:
            move.move_line_ids.quantity = 2 if move.ato_supply == "assembly" else 1
            move.move_line_ids.picked = True
        self._validate(order.picking_ids, backorder=True)
        self.assertEqual(
            (self._done(line, "assembly"), self._done(line, "stock")), (2, 1)
        )
        rest = self._open_picking(order)
        self.assertEqual(sum(rest.move_ids.mapped("quantity")), 7, "held for the rest")

    def test_several_deliveries(self):
        """Two deliveries validated together, each with both of its parts."""
        orders = self._confirm((self.desk, 3, 2)) | self._confirm((self.desk, 4, 2))
        for assembly_order in orders.order_line.assembly_order_ids:
            self._produce(assembly_order)
        orders.picking_ids.button_validate()
        self.assertEqual(orders.order_line.mapped("qty_delivered"), [3, 4])
        self._check_lines(orders.order_line)
