# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import AssembleToOrderCommon, CheckedStories


class MovedUnits(CheckedStories):
    """What people of the warehouse do to units that lie there for somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.packer = new_test_user(
            cls.env,
            login="ato_packer",
            groups="stock.group_stock_manager,stock.group_stock_multi_locations,"
            "stock.group_tracking_lot,stock.group_production_lot",
            company_id=cls.company.id,
        )
        cls.shelf = cls._create_bin("Shelf 1")
        cls.elsewhere = cls._create_warehouse("Outlet", "OUT").lot_stock_id

    @classmethod
    def _create_bin(cls, name, parent=None):
        parent = parent or cls.stock
        return cls.env["stock.location"].create(
            {"name": name, "location_id": parent.id}
        )

    def _start(self, product=None, quantity=10, to_assemble=4, stock=6, **values):
        """Confirmed, what is to be assembled is made, and all of it is held."""
        line = self._sell_mixed(quantity, to_assemble, product, stock, **values)
        self._produce(line.assembly_order_ids)
        return line

    def _move(self, product, quantity, source, destination, lots=(), package=None):
        """An internal transfer that somebody enters by hand, whatever is reserved."""
        warehouse = self.warehouse
        transfer = (
            self.env["stock.picking"]
            .with_user(self.packer)
            .create(
                {
                    "picking_type_id": warehouse.int_type_id.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "location_id": source.id,
                                "location_dest_id": destination.id,
                            }
                        )
                    ],
                }
            )
        )
        transfer.action_confirm()
        transfer.move_line_ids.unlink()
        each = quantity / len(lots) if lots else quantity
        transfer.move_line_ids = [
            Command.create(
                {
                    "move_id": transfer.move_ids.id,
                    "product_id": product.id,
                    "quantity": each,
                    "lot_id": lot and lot.id,
                    "package_id": package and package.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                }
            )
            for lot in lots or [False]
        ]
        transfer.move_ids.picked = True
        transfer.button_validate()
        self.assertEqual(transfer.state, "done")
        return transfer

    def _relocate(self, quants, location=None, package=None, user=None):
        """Odoo's own dialog in the list of stock."""
        dialog = self.env["stock.quant.relocate"].with_user(user or self.packer)
        wizard = dialog.create({"quant_ids": quants.ids})
        wizard.dest_location_id = location
        wizard.dest_package_id = package
        wizard.action_relocate_quants()

    def _scrap(self, product, quantity, location, lot=None):
        lot = {"lot_id": lot.id} if lot else {}
        return super()._scrap(product, quantity, location, user=self.packer, **lot)

    def _count(self, product, quantity, location):
        quant = self._quants(product, location)
        quant.with_user(self.packer).with_context(inventory_mode=True).write(
            {"inventory_quantity": quantity}
        )
        quant.with_user(self.packer).action_apply_inventory()

    def _quants(self, product, location):
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
                ("quantity", ">", 0),
            ]
        )

    def _held_by(self, moves):
        """{bin: units} that open moves hold"""
        self.env.flush_all()
        self.env.invalidate_all()
        held = {}
        for line in moves.move_line_ids.filtered(lambda ml: ml.state != "done"):
            held.setdefault(line.location_id, 0)
            held[line.location_id] += line.quantity_product_uom
        return held

    def assertStays(self, line, held, from_stock=6, to_assemble=4):
        """Nothing is lost: the units are held where they are, nobody is warned."""
        self.assertLine(line, from_stock + to_assemble, from_stock, to_assemble)
        self.assertEqual(line.qty_assembled, to_assemble)
        self.assertEqual(line.qty_given_up, 0)
        self.assertEqual(self._held_by(self._moves(line, "assembly")), held)
        self.assertFalse(self._get_warnings(line.order_id))
        self.assertInvariants(line)

    def assertLost(self, line, lost, from_stock=6, to_assemble=4):
        """A falls, stock is asked for as many more, the salesperson is told."""
        ordered = from_stock + to_assemble
        self.assertLine(line, ordered, from_stock + lost, to_assemble - lost)
        self.assertEqual(line.qty_given_up, lost)
        first = self._moves(line, "stock").filtered(
            lambda m: m.location_id == self.stock
        )
        self.assertEqual(sum(first.mapped("product_uom_qty")), from_stock + lost)
        activity = line.order_id.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn(f"{lost:.2f} Units", activity.note)
        self.assertInvariants(line)

    def _deliver_all(self, line):
        """Every step of the delivery, one after the other."""
        for _step in range(3):
            for picking in line.order_id.picking_ids.sorted("id"):
                if picking.state not in ("done", "cancel", "waiting"):
                    self._deliver(picking)
        self.assertEqual(line.qty_delivered, line.product_uom_qty)
        self.assertInvariants(line)


@tagged("post_install", "-at_install")
class TestMovedUnits(MovedUnits, AssembleToOrderCommon):
    """Assembled units that move inside the warehouse stay their line's (E15)."""

    def test_internal_transfer(self):
        """4 made and 6 others in stock: 4, or all of them, are put on a shelf."""
        for moved in (4, 10):
            with self.subTest(moved=moved), self.env.cr.savepoint() as undo:
                line = self._start()
                self._move(self.desk, moved, self.stock, self.shelf)
                self.assertStays(line, {self.shelf: 4})
                stock = self._moves(line, "stock")
                self.assertEqual(sum(self._held_by(stock).values()), 6)
                self._deliver_all(line)
                undo.close(rollback=True)

    def test_moved_twice_and_back(self):
        line = self._start()
        other = self._create_bin("Shelf 2")
        self._move(self.desk, 3, self.stock, self.shelf)
        self.assertStays(line, {self.shelf: 3, self.stock: 1})
        self._move(self.desk, 2, self.shelf, other)
        self.assertStays(line, {self.shelf: 1, self.stock: 1, other: 2})
        self._move(self.desk, 2, other, self.stock)
        self.assertStays(line, {self.shelf: 1, self.stock: 3})
        self._deliver_all(line)

    def test_nobody_else_loses(self):
        """What another order holds stays where it is; the made units move."""
        line = self._start()
        other = self._create_order((self.desk, 5, 0))
        self._set_stock(self.desk, 15)
        other.action_confirm()
        self.assertEqual(sum(self._held_by(other.order_line.move_ids).values()), 5)
        self._move(self.desk, 4, self.stock, self.shelf)
        self.assertStays(line, {self.shelf: 4})
        self.assertEqual(self._held_by(other.order_line.move_ids), {self.stock: 5})

    def test_free_units_move_first(self):
        """3 are free: nobody's units are on their way when those are moved."""
        line = self._start()
        self._set_stock(self.desk, 13)
        self._move(self.desk, 3, self.stock, self.shelf)
        self.assertStays(line, {self.stock: 4})

    def test_relocated(self):
        for moved in ("all", "other"):
            with self.subTest(moved=moved), self.env.cr.savepoint() as undo:
                line = self._start()
                if moved == "other":
                    # the made units alone in a bin, and relocated from there
                    self._move(self.desk, 4, self.stock, self.shelf)
                    source, target = self.shelf, self._create_bin("Shelf 2")
                else:
                    source, target = self.stock, self.shelf
                self._relocate(self._quants(self.desk, source), target)
                self.assertStays(line, {target: 4})
                self._deliver_all(line)
                undo.close(rollback=True)

    def test_packed(self):
        """All are put into a package where they are, which is moved as a whole."""
        line = self._start()
        package = self.env["stock.package"].create({"name": "PACK1"})
        self._relocate(self._quants(self.desk, self.stock), package=package)
        self.assertStays(line, {self.stock: 4})
        held = self._moves(line, "assembly").move_line_ids
        self.assertEqual(held.package_id, package)
        # Odoo itself has packers fail with a package that a delivery takes as a whole:
        # it looks for the transfers of the package, and one of them is none
        root = self.env.user
        self._relocate(self._quants(self.desk, self.stock), self.shelf, user=root)
        self.assertEqual(package.location_id, self.shelf)
        self.assertStays(line, {self.shelf: 4})
        self.assertEqual(
            self._moves(line, "assembly").move_line_ids.package_id, package
        )
        self._deliver_all(line)

    def test_packed_by_a_transfer(self):
        """An internal transfer packs 4 on its way to the shelf, and one unpacks."""
        line = self._start()
        transfer = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.shelf.id,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.desk.id,
                            "quantity": 4,
                            "location_id": self.stock.id,
                            "location_dest_id": self.shelf.id,
                        }
                    )
                ],
            }
        )
        transfer.action_put_in_pack()
        transfer.move_line_ids.picked = True
        transfer.button_validate()
        quants = self._quants(self.desk, self.shelf)
        self.assertTrue(quants.package_id)
        self.assertStays(line, {self.shelf: 4})
        quants.with_user(self.packer).move_quants(
            location_dest_id=self.shelf, unpack=True
        )
        self.assertFalse(self._quants(self.desk, self.shelf).package_id)
        self.assertStays(line, {self.shelf: 4})
        self._deliver_all(line)

    def test_putaway(self):
        """A rule puts away what is made, and what a transfer brings."""
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.desk.id,
                "location_in_id": self.stock.id,
                "location_out_id": self.shelf.id,
            }
        )
        line = self._start()
        self.assertStays(line, {self.shelf: 4})
        other = self._create_bin("Shelf 2")
        self._move(self.desk, 4, self.shelf, other)
        self.assertStays(line, {other: 4})
        self._deliver_all(line)

    def test_reserved_anew(self):
        """A packer lets go of the row by hand, and reserves again: the same units."""
        line = self._start(stock=0)
        self._move(self.desk, 4, self.stock, self.shelf)
        delivery = self._moves(line, "assembly")
        delivery.move_line_ids.with_user(self.packer).unlink()
        delivery.picking_id.action_assign()
        self.assertStays(line, {self.shelf: 4})

    def test_part_of_the_delivery(self):
        """2 of 4 leave from the shelf they were moved to, the rest stays held."""
        line = self._start()
        self._move(self.desk, 4, self.stock, self.shelf)
        self._deliver(line.order_id.picking_ids, stock=0, assembly=2)
        self.assertEqual(self._held_by(self._moves(line, "assembly")), {self.shelf: 2})
        self._move(self.desk, 2, self.shelf, self.stock)
        self.assertEqual(self._held_by(self._moves(line, "assembly")), {self.stock: 2})
        self.assertInvariants(line)
        self._deliver_all(line)

    def test_serial_numbers(self):
        """2 of 4 numbers are moved: each is held where it is."""
        product = self._create_product(
            "Serial Desk", components={self.leg: 4}, tracking="serial"
        )
        sale = self._create_order((product, 4, 4))
        sale.action_confirm()
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        lots = self.env["stock.lot"].create(
            [{"product_id": product.id, "name": f"S{n}"} for n in range(4)]
        )
        order.lot_producing_ids = lots
        self._produce(order)
        self._move(product, 2, self.stock, self.shelf, lots=lots[:2])
        self.assertStays(line, {self.shelf: 2, self.stock: 2}, 0, 4)
        held = self._moves(line, "assembly").move_line_ids
        on_shelf = held.filtered(lambda ml: ml.location_id == self.shelf)
        self.assertEqual(on_shelf.lot_id, lots[:2])
        self.assertEqual(held.lot_id, lots)
        self._relocate(self._quants(product, self.stock)[:1], self.shelf)
        self.assertStays(line, {self.shelf: 3, self.stock: 1}, 0, 4)
        self._deliver_all(line)

    def test_lot_in_dozens(self):
        """12 of a lot, of two dozens ordered: 5 are moved, then the other 7."""
        product = self._create_product(
            "Lot Desk", components={self.leg: 4}, tracking="lot"
        )
        lot = self.env["stock.lot"].create({"product_id": product.id, "name": "L1"})
        line_vals = {"product_uom_id": self.dozen.id}
        sale = self._create_order()
        sale.order_line = [
            Command.create(self._prepare_line_vals(product, 2, 1, **line_vals))
        ]
        sale.action_confirm()
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        order.lot_producing_ids = lot
        self._produce(order)
        self._move(product, 5, self.stock, self.shelf, lots=[lot])
        self.assertStays(line, {self.shelf: 5, self.stock: 7}, 1, 1)
        self._move(product, 7, self.stock, self.shelf, lots=[lot])
        self.assertStays(line, {self.shelf: 12}, 1, 1)
        self.assertEqual(self._moves(line, "assembly").move_line_ids.lot_id, lot)

    def test_steps(self):
        """Where the units lie between two steps: after the floor, before the truck."""
        for delivery, manufacture in (
            ("pick_ship", "mrp_one_step"),
            ("pick_pack_ship", "pbm_sam"),
        ):
            with (
                self.subTest(delivery=delivery, manufacture=manufacture),
                self.env.cr.savepoint() as undo,
            ):
                self._set_steps(delivery, manufacture)
                line = self._start_in_steps()
                self._move(self.desk, 4, self.stock, self.shelf)
                self.assertStays(line, {self.shelf: 4})
                picking = line.order_id.picking_ids.filtered(
                    lambda p: p.state == "assigned"
                )
                self._deliver(picking)
                gate = (
                    self._moves(line, "assembly")
                    .filtered(lambda m: m.state == "assigned")
                    .location_id
                )
                corner = self._create_bin("Corner", gate)
                self._move(self.desk, 4, gate, corner)
                held = self._held_by(
                    self._moves(line, "assembly").filtered(lambda m: m.state != "done")
                )
                self.assertEqual(sum(held.values()), 4)
                self.assertFalse(line.order_id.activity_ids)
                self.assertEqual(line.qty_to_assemble_to_order, 4)
                self.assertInvariants(line)
                self._deliver_all(line)
                undo.close(rollback=True)

    def _start_in_steps(self):
        """As `_start`, components brought and made units stored by their transfers."""
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4), user_id=self.seller.id)
        sale.action_confirm()
        order = sale.order_line.assembly_order_ids
        for bringing in order.picking_ids.filtered(lambda p: p.state == "assigned"):
            self._deliver(bringing)
        self._produce(order)
        if self.warehouse.manufacture_steps == "pbm_sam":
            # moved by hand before they are stored
            post = order.location_dest_id
            corner = self._create_bin("Corner", post)
            self._move(self.desk, 2, post, corner)
            storing = order.move_finished_ids.move_dest_ids
            self.assertEqual(self._held_by(storing), {post: 2, corner: 2})
            self.assertInvariants(sale.order_line)
            self._deliver(storing.picking_id)
        return sale.order_line


@tagged("post_install", "-at_install")
class TestLostUnits(MovedUnits, AssembleToOrderCommon):
    """Assembled units that leave the warehouse's stock are lost, and told (E15)."""

    def test_lost(self):
        """3 of 4 are scrapped, counted away, or brought to another warehouse."""
        for name, lose in {
            "scrap": lambda: self._scrap(self.desk, 3, self.stock),
            "count": lambda: self._count(self.desk, 7, self.stock),
            "warehouse": lambda: self._move(self.desk, 3, self.stock, self.elsewhere),
        }.items():
            with self.subTest(lost=name), self.env.cr.savepoint() as undo:
                line = self._start()
                # all that is not assembled is somebody's already
                self._move_stock_away(line)
                lose()
                self.assertLost(line, 3)
                self._set_stock(self.desk, 20)
                line.order_id.picking_ids.action_assign()
                self._deliver_all(line)
                undo.close(rollback=True)

    def _move_stock_away(self, line):
        """Have only the assembled units be where units are taken away: 6 are picked."""
        self._moves(line, "stock").move_line_ids.picked = True

    def test_lost_from_where_they_were_moved(self):
        """On a shelf since: 1 scrapped there, 1 counted away, 2 sent away."""
        line = self._start()
        self._move(self.desk, 4, self.stock, self.shelf)
        self._scrap(self.desk, 1, self.shelf)
        self.assertLost(line, 1)
        self._count(self.desk, 2, self.shelf)
        self.assertEqual(line.qty_to_assemble_to_order, 2)
        self._move(self.desk, 2, self.shelf, self.elsewhere)
        self.assertLine(line, 10, 10, 0)
        self.assertEqual(line.qty_given_up, 4)
        self.assertEqual(len(line.order_id.activity_ids), 3)
        self.assertInvariants(line)

    def test_lost_in_a_package(self):
        """A package with all of them is sent to another warehouse."""
        line = self._start(stock=0)
        package = self.env["stock.package"].create({"name": "PACK1"})
        self._relocate(self._quants(self.desk, self.stock), package=package)
        self._relocate(self._quants(self.desk, self.stock), self.elsewhere)
        self.assertLost(line, 4)

    def test_lost_number(self):
        """One of 4 serial numbers is scrapped: its line lacks one."""
        product = self._create_product(
            "Serial Desk", components={self.leg: 4}, tracking="serial"
        )
        sale = self._create_order((product, 4, 4), user_id=self.seller.id)
        sale.action_confirm()
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        lots = self.env["stock.lot"].create(
            [{"product_id": product.id, "name": f"S{n}"} for n in range(4)]
        )
        order.lot_producing_ids = lots
        self._produce(order)
        self._scrap(product, 1, self.stock, lots[1])
        self.assertLost(line, 1, 0, 4)
        held = self._moves(line, "assembly").move_line_ids.lot_id
        self.assertEqual(held, lots - lots[1])

    def test_lost_in_dozens(self):
        """5 of the dozen that was assembled are lost: 7 of 24 are still bound."""
        sale = self._create_order(user_id=self.seller.id)
        sale.order_line = [
            Command.create(
                self._prepare_line_vals(self.desk, 2, 1, product_uom_id=self.dozen.id)
            )
        ]
        sale.action_confirm()
        line = sale.order_line
        self._produce(line.assembly_order_ids)
        self._scrap(self.desk, 5, self.stock)
        self.assertEqual(line.qty_given_up, 5)
        self.assertAlmostEqual(line.qty_to_assemble_to_order, 0.58)
        self.assertEqual(self._held_by(self._moves(line, "assembly")), {self.stock: 7})
        self.assertEqual(self._moves(line, "stock").product_uom_qty, 17)
        self.assertTrue(sale.activity_ids)
        self.assertInvariants(line)

    def test_lost_between_two_steps(self):
        """From Output: 1 of 4 scrapped, 1 counted away, 1 sent away (E5)."""
        self.warehouse.delivery_steps = "pick_ship"
        line = self._start(stock=0)
        picking = line.order_id.picking_ids.filtered(lambda p: p.state == "assigned")
        self._deliver(picking, assembly=4)
        output = self.warehouse.wh_output_stock_loc_id
        self._lose_three(line, output)
        self._set_stock(self.desk, 20)
        line.order_id.picking_ids.action_assign()
        self._deliver_all(line)

    def test_taken_by_another_order(self):
        """Another order's picker takes 3 by force, on their way to its customer."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps), self.env.cr.savepoint() as undo:
                self.warehouse.delivery_steps = steps
                line = self._start(stock=0)
                other = self._create_order((self.desk, 3, 0))
                other.action_confirm()
                picking = other.picking_ids
                picking.move_ids.quantity = 3
                self._deliver(picking)
                self.assertLost(line, 3)
                for step in other.picking_ids - picking:
                    self.assertEqual(step.move_ids.quantity, 3)
                    self._deliver(step)
                self.assertEqual(other.order_line.qty_delivered, 3)
                undo.close(rollback=True)

    def test_used_up_by_another_order(self):
        """1 of 4 is brought to the floor as a component of something else."""
        self.warehouse.manufacture_steps = "pbm"
        suite = self._create_product("Office", components={self.desk: 1})
        line = self._start_made()
        order = self.env["mrp.production"].create(
            {
                "product_id": suite.id,
                "product_qty": 1,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.quantity = 1
        self._deliver(order.picking_ids)
        self.assertLost(line, 1)
        self.assertEqual(order.move_raw_ids.quantity, 1)

    def _start_made(self):
        """Components are brought, and all is made; what is to be stored is not."""
        line = self._sell_mixed()
        order = line.assembly_order_ids
        self._deliver(order.picking_ids.filtered(lambda p: p.state == "assigned"))
        self._produce(order)
        return line

    def _lose_three(self, line, place):
        """Of 4 that lie there, 1 is scrapped, 1 counted away, 1 sent away."""
        for number, lose in enumerate(
            (
                lambda: self._scrap(self.desk, 1, place),
                lambda: self._count(self.desk, 2, place),
                lambda: self._move(self.desk, 1, place, self.elsewhere),
            ),
            start=1,
        ):
            lose()
            self.assertLine(line, 10, 6 + number, 4 - number)
            self.assertEqual(len(line.order_id.activity_ids), number)
            self.assertInvariants(line)

    def test_lost_before_they_are_stored(self):
        """From Post-Production: 1 of 4 scrapped, 1 counted away, 1 sent away."""
        self.warehouse.manufacture_steps = "pbm_sam"
        line = self._start_made()
        order, sale = line.assembly_order_ids, line.order_id
        self._lose_three(line, order.location_dest_id)
        storing = order.move_finished_ids.move_dest_ids
        self._deliver(storing.picking_id)
        self._set_stock(self.desk, 20)
        sale.picking_ids.action_assign()
        self._deliver_all(line)


@tagged("post_install", "-at_install")
class TestMovedHolds(MovedUnits, AssembleToOrderCommon):
    """What a quotation holds moves with its units, and is lost as they are (E15)."""

    def _hold(self, product=None, held=6, lots=None):
        product = product or self.desk
        if lots is None:
            self._set_stock(product, held)
        sale = self._create_order((product, 10, 4), user_id=self.seller.id)
        line = sale.order_line
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, held)
        return line

    def assertHeld(self, line, held, told=False):
        hold = line.sudo().hold_move_ids
        self.assertEqual(self._held_by(hold), held)
        self.assertEqual(line.reserved_stock_qty, sum(held.values()))
        self.assertEqual(bool(line.order_id.activity_ids), told)

    def test_moved(self):
        line = self._hold()
        self._move(self.desk, 4, self.stock, self.shelf)
        self.assertHeld(line, {self.stock: 2, self.shelf: 4})
        self._relocate(self._quants(self.desk, self.stock), self.shelf)
        self.assertHeld(line, {self.shelf: 6})
        package = self.env["stock.package"].create({"name": "PACK1"})
        self._relocate(self._quants(self.desk, self.shelf), package=package)
        self.assertHeld(line, {self.shelf: 6})
        line.order_id.action_confirm()
        delivery = self._moves(line, "stock")
        self.assertEqual(self._held_by(delivery), {self.shelf: 6})
        self.assertEqual(delivery.move_line_ids.package_id, package)
        self.assertInvariants(line)

    def test_the_same_lot(self):
        """The lot that was chosen moves, others lie free: it stays the one held."""
        product = self._create_product(
            "Lot Desk", components={self.leg: 4}, tracking="lot"
        )
        chosen, other = self.env["stock.lot"].create(
            [{"product_id": product.id, "name": name} for name in ("L2", "L1")]
        )
        update = self.env["stock.quant"]._update_available_quantity
        update(product, self.stock, 6, lot_id=chosen)
        line = self._hold(product, lots=chosen)
        update(product, self.stock, 6, lot_id=other)
        self._move(product, 6, self.stock, self.shelf, lots=[chosen])
        self.assertHeld(line, {self.shelf: 6})
        self.assertEqual(line.sudo().hold_move_ids.move_line_ids.lot_id, chosen)
        # so it is when the delivery has it
        line.order_id.action_confirm()
        bin_2 = self._create_bin("Shelf 2")
        self._move(product, 6, self.shelf, bin_2, lots=[chosen])
        delivery = self._moves(line, "stock")
        self.assertEqual(self._held_by(delivery), {bin_2: 6})
        self.assertEqual(delivery.move_line_ids.lot_id, chosen)
        self.assertInvariants(line)

    def test_lost(self):
        """Sent to another warehouse, with nothing else free: told."""
        line = self._hold()
        self._move(self.desk, 2, self.stock, self.elsewhere)
        self.assertHeld(line, {self.stock: 4}, told=True)

    def test_other_units_instead(self):
        """Sent away while as many lie free: those are held, as before."""
        line = self._hold()
        self._set_stock(self.desk, 8)
        self._move(self.desk, 4, self.stock, self.elsewhere)
        self.assertHeld(line, {self.stock: 4}, told=True)

    def test_out_of_where_is_delivered_from(self):
        """In the warehouse, but not where the delivery takes it from: lost, told."""
        self.warehouse.delivery_steps = "pick_ship"
        line = self._hold()
        output = self.warehouse.wh_output_stock_loc_id
        self._move(self.desk, 2, self.stock, output)
        self.assertHeld(line, {self.stock: 4}, told=True)
