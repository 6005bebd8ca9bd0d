# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


class BinsCommon(AssembleToOrderCommon):
    """Two bins with stock and the bins of assembly, of which a test sets some."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "stock.group_stock_multi_locations"
        )
        cls.shelf = cls._create_bin("B1")
        cls.rack = cls._create_bin("B2")
        cls.shipment_bin = cls._create_bin("AS")
        cls.output_bin = cls._create_bin("OUT")
        cls.input_bin = cls._create_bin("IN")

    @classmethod
    def _create_bin(cls, name, parent=None, **values):
        return cls.env["stock.location"].create(
            {"name": name, "location_id": (parent or cls.stock).id, **values}
        )

    def _move_stock(self, product, quantity, source, destination):
        """Somebody carries units from one bin to another."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": destination.id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()


@tagged("post_install", "-at_install")
class TestBinSettings(BinsCommon):
    def test_inside_the_warehouse(self):
        """A bin of another warehouse, of no goods, or archived is refused."""
        other = self._create_warehouse("Annex", "ANX")
        scrap = self._create_bin("Scrap", usage="inventory")
        archived = self._create_bin("Old", active=False)
        for location in (other.lot_stock_id, scrap, archived):
            for name in (
                "ato_shipment_location_id",
                "from_assembly_location_id",
                "to_assembly_location_id",
            ):
                with self.assertRefused(f"{location.name}.*Bin.*Assembly Hall.*ASM"):
                    self.warehouse[name] = location
        self.warehouse.write(
            {
                "ato_shipment_location_id": self.shipment_bin.id,
                "from_assembly_location_id": self.warehouse.view_location_id.child_ids[
                    :1
                ].id,
                "to_assembly_location_id": self.stock.id,
            }
        )

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        with self.assertRaises(UserError):
            warehouse.from_assembly_location_id = self.output_bin


@tagged("post_install", "-at_install")
class TestBinProposal(BinsCommon):
    def test_precedence(self):
        """T159 to T161: none, the from-assembly bin, the shipment bin, B1 or not."""
        product = self.desk_to_order
        line = self._create_order((product, 10)).order_line
        self.assertFalse(line.bin_location_id)
        order = line.assembly_order_ids
        self.assertEqual(order.location_dest_id, self.stock)
        self._set_stock(product, 10, self.shelf)
        self.warehouse.from_assembly_location_id = self.output_bin
        line = self._create_order((product, 10)).order_line
        self.assertEqual(line.bin_location_id, self.output_bin)
        self.assertEqual(line.assembly_order_ids.location_dest_id, self.output_bin)
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        line = self._create_order((product, 10)).order_line
        self.assertEqual(line.bin_location_id, self.shipment_bin)
        self.assertEqual(line.assembly_order_ids.location_dest_id, self.shipment_bin)

    def test_line_becomes_assembled(self):
        """T165: from B1, then wholly to order from the shipment bin, and back."""
        self._set_stock(self.desk, 6, self.shelf)
        self._set_stock(self.desk, 2, self.rack)
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        line = self._create_order((self.desk, 10)).order_line
        self.assertEqual(line.bin_location_id, self.shelf)
        line.qty_to_assemble_to_order = 10
        self.assertEqual(line.bin_location_id, self.shipment_bin)
        self.assertEqual(line.assembly_order_ids.location_dest_id, self.shipment_bin)
        for to_assemble in (4, 0):
            line.qty_to_assemble_to_order = to_assemble
            self.assertEqual(line.bin_location_id, self.shelf)
            self.assertFalse(line.bin_warning)

    def test_bin_that_serves_most(self):
        """8 of 10 from stock: not the fuller bin of assembly, nor the smaller one."""
        self.warehouse.from_assembly_location_id = self.output_bin
        self._set_stock(self.desk, 20, self.output_bin)
        self._set_stock(self.desk, 3, self.shelf)
        self._set_stock(self.desk, 7, self.rack)
        line = self._create_order((self.desk, 10, 2)).order_line
        self.assertEqual(line.bin_location_id, self.rack)

    def test_choice_stays(self):
        """Through Q and A, other fields, confirmation, copy; not to another line."""
        self._set_stock(self.desk, 10, self.shelf)
        self._set_stock(self.desk, 10, self.rack)
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        order = self._create_order((self.desk, 10, 4), (self.desk, 10, 4))
        line, other = order.order_line
        self.assertEqual(line.bin_location_id, self.shelf)
        line.bin_location_id = self.shelf  # a choice, though it was proposed
        for vals in (
            {"product_uom_qty": 12},
            {"qty_to_assemble_to_order": 12},
            {"name": "The desk by the window", "price_unit": 7},
            {"qty_to_assemble_to_order": 0},
            {"product_uom_qty": 20, "qty_to_assemble_to_order": 20},
            {"qty_to_assemble_to_order": 4, "product_uom_qty": 10},
        ):
            (line | other).write(vals)
            self.assertEqual(line.bin_location_id, self.shelf)
            wholly = other.qty_to_assemble_to_order == other.product_uom_qty
            proposal = self.shipment_bin if wholly else self.shelf
            self.assertEqual(other.bin_location_id, proposal)
        order.action_confirm()
        self.assertEqual(line.bin_location_id, self.shelf)
        copied = order.copy().order_line
        self.assertTrue(copied[0]._has_chosen_bin())
        self.assertEqual(copied[0].bin_location_id, self.shelf)
        self.assertEqual(copied[1].bin_location_id, self.rack)
        line.bin_location_id = False
        self.assertTrue(line.bin_location_id, "emptied: proposed again")
        self.assertFalse(line._has_chosen_bin())

    def test_typed_in_the_form(self):
        """What a seller chooses before the line is saved stays as well."""
        self._set_stock(self.desk, 10, self.shelf)
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        form = self._order_form((self.desk, 10), (self.desk, 10), user=self.seller)
        with form.order_line.edit(0) as line:
            self.assertEqual(line.bin_location_id, self.shelf)
            line.bin_location_id = self.rack
            line.qty_to_assemble_to_order = 10
            self.assertEqual(line.bin_location_id, self.rack)
        with form.order_line.edit(1) as line:
            line.qty_to_assemble_to_order = 10
            self.assertEqual(line.bin_location_id, self.shipment_bin)
            line.qty_to_assemble_to_order = 0
            self.assertEqual(line.bin_location_id, self.shelf)
        chosen, proposed = form.save().order_line
        chosen.product_uom_qty = 8
        proposed.qty_to_assemble_to_order = 10
        self.assertEqual(chosen.bin_location_id, self.rack)
        self.assertEqual(proposed.bin_location_id, self.shipment_bin)
        with Form(proposed.order_id) as form, form.order_line.edit(1) as line:
            line.product_uom_qty = 12
        self.assertFalse(proposed._has_chosen_bin())

    def test_not_ours(self):
        """What is not assembled gets no bin."""
        self._set_stock(self.lamp, 10, self.shelf)
        line = self._create_order((self.lamp, 2)).order_line
        self.assertFalse(line.bin_location_id or line.bin_warning)


@tagged("post_install", "-at_install")
class TestBinsAtWork(BinsCommon):
    def _places(self, moves):
        """{bin: quantity held or done} of these moves"""
        return {line.location_id.name: line.quantity for line in moves.move_line_ids}

    def test_each_part_from_its_own_bin(self):
        """6 from where they are, 4 out of assembly and from its bin, delivered."""
        self._set_stock(self.desk, 4, self.shelf)
        self._set_stock(self.desk, 2, self.rack)
        for name in ("ato_shipment_location_id", "from_assembly_location_id"):
            self.warehouse[name] = self.output_bin
            for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
                with self.subTest(bin=name, steps=steps):
                    self.warehouse.delivery_steps = steps
                    self._sell_six_make_four()
            self.warehouse[name] = False

    def _sell_six_make_four(self, **held):
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        order.action_confirm()
        stock, assembly = self._moves(line, "stock"), self._moves(line, "assembly")
        self.assertEqual(self._places(stock), held or {"B1": 4, "B2": 2})
        self.assertFalse(line.bin_warning)
        self._produce(line.assembly_order_ids)
        self.assertEqual(assembly.state, "assigned")
        self.assertEqual(self._places(assembly), {"OUT": 4})
        while line.qty_delivered < 10:
            self._deliver(
                order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
            )
        self._set_stock(self.desk, 4, self.shelf)
        self._set_stock(self.desk, 2, self.rack)

    def test_steps_to_make(self):
        """2 and 3 steps: the pick brings components to, the store units from, a bin."""
        self._set_stock(self.desk, 4, self.shelf)
        self._set_stock(self.desk, 2, self.rack)
        self.warehouse.from_assembly_location_id = self.output_bin
        self.warehouse.to_assembly_location_id = self.input_bin
        for steps in ("pbm", "pbm_sam"):
            with self.subTest(steps=steps):
                self.warehouse.manufacture_steps = steps
                order = self._create_order((self.desk, 10, 4))
                order.action_confirm()
                line = order.order_line
                production = line.assembly_order_ids
                pick = production.picking_ids
                pick.move_ids.picked = True
                pick.button_validate()
                self.assertEqual(pick.move_line_ids.location_dest_id, self.input_bin)
                components = production.move_raw_ids.move_line_ids
                self.assertEqual(components.location_id, self.input_bin)
                self._produce_and_store(production)
                assembly = self._moves(line, "assembly")
                self.assertEqual(self._places(assembly), {"OUT": 4})
                self._deliver(order.picking_ids.filtered(lambda p: p.state != "done"))
                self.assertEqual(line.qty_delivered, 10)
                self._set_stock(self.desk, 6, self.shelf)

    def _produce_and_store(self, production):
        production.qty_producing = production.product_qty
        production._set_qty_producing()
        production.button_mark_done()
        store = production.picking_ids.filtered(lambda p: p.state != "done")
        store.move_ids.picked = True
        store.button_validate()

    def test_chain_holds_in_any_bin(self):
        """The operation type makes into a bin, or a bin beside the stock."""
        beside = self._create_bin("Dock", self.warehouse.view_location_id)
        self._set_stock(self.desk, 6, self.shelf)
        operation = self.warehouse.manu_type_id
        for location in (self.output_bin, beside):
            with self.subTest(location=location.name):
                operation.default_location_dest_id = location
                order = self._create_order((self.desk, 10, 4))
                order.action_confirm()
                self._produce(order.order_line.assembly_order_ids)
                assembly = self._moves(order.order_line, "assembly")
                self.assertEqual(self._places(assembly), {location.name: 4})
                self._deliver(order.picking_ids)
                self._set_stock(self.desk, 6, self.shelf)

    def test_putaway_rules(self):
        """A rule of the stock puts units away, as does one of the bin itself."""
        inner = self._create_bin("Inner", self.output_bin)
        for outer, expected in ((self.stock, "B2"), (self.output_bin, "Inner")):
            target = self.rack if outer == self.stock else inner
            self.env["stock.putaway.rule"].create(
                {
                    "product_id": self.desk.id,
                    "location_in_id": outer.id,
                    "location_out_id": target.id,
                }
            )
            order = self._create_order((self.desk, 4, 4))
            order.action_confirm()
            self._produce(order.order_line.assembly_order_ids)
            assembly = self._moves(order.order_line, "assembly")
            self.assertEqual(self._places(assembly), {expected: 4})
            self.warehouse.from_assembly_location_id = self.output_bin

    def test_components(self):
        """One step: components come from the to-assembly bin, and from nowhere else."""
        self.warehouse.to_assembly_location_id = self.input_bin
        order = self._create_order((self.desk, 10, 4))
        production = order.order_line.assembly_order_ids
        self.assertEqual(production.location_src_id, self.input_bin)
        order.action_confirm()
        production.action_assign()
        self.assertFalse(production.move_raw_ids.move_line_ids)
        self._set_stock(self.leg, 16, self.input_bin)
        self._set_stock(self.top, 4, self.input_bin)
        production.action_assign()
        self.assertEqual(
            production.move_raw_ids.move_line_ids.location_id, self.input_bin
        )
        for_stock = self.env["mrp.production"].create(
            {
                "product_id": self.desk.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        self.assertEqual(for_stock.location_src_id, self.stock, "not linked: as ever")

    def test_chosen_bin(self):
        """The stock part comes from the bin chosen, the rest from elsewhere."""
        self._set_stock(self.desk, 10, self.shelf)
        self._set_stock(self.desk, 4, self.rack)
        order = self._create_order((self.desk, 10, 4))
        line = order.order_line
        line.bin_location_id = self.rack
        order.action_confirm()
        moves = self._moves(line, "stock")
        self.assertEqual(self._places(moves), {"B2": 4, "B1": 2})
        line.bin_location_id = self.shelf
        self.assertEqual(self._places(moves), {"B1": 6})
        self.assertInvariants(line)
        line.bin_location_id = self.shipment_bin
        self.assertEqual(self._places(moves), {"B1": 6}, "nothing is there")
        line.product_uom_qty = 12
        self.assertEqual(self._places(moves), {"B1": 8})

    def test_chosen_bin_of_quotation(self):
        """What a quotation holds moves to the bin chosen, and is delivered from it."""
        self._set_stock(self.desk, 10, self.shelf)
        self._set_stock(self.desk, 4, self.rack)
        line = self._create_order((self.desk, 10, 4), user_id=self.seller.id).order_line
        line.action_reserve_stock()
        self.assertEqual(self._places(line.hold_move_ids), {"B1": 6})
        line.with_user(self.seller).bin_location_id = self.rack
        self.assertEqual(self._places(line.hold_move_ids), {"B2": 4, "B1": 2})
        self.assertEqual(line.reserved_stock_qty, 6)
        line.order_id.action_confirm()
        self.assertEqual(self._places(self._moves(line, "stock")), {"B2": 4, "B1": 2})

    def test_chosen_bin_of_assembled_line(self):
        """A = Q: the order comes out in the bin chosen, also when it is confirmed."""
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        order = self._create_order((self.desk, 4, 4))
        line, production = order.order_line, order.order_line.assembly_order_ids
        line.bin_location_id = self.rack
        self.assertEqual(production.location_dest_id, self.rack)
        line.bin_location_id = False
        self.assertEqual(production.location_dest_id, self.shipment_bin)
        order.action_confirm()
        for location in (self.rack, self.output_bin):
            line.bin_location_id = location
            self.assertEqual(production.location_dest_id, location)
            made = production.move_finished_ids
            self.assertEqual(made.location_dest_id, location)
        self._produce(production)
        self.assertEqual(self._places(self._moves(line, "assembly")), {"OUT": 4})

    def test_by_products(self):
        """They are put into stock, wherever the units of the line come out."""
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        bom = self.desk.bom_ids
        bom.byproduct_ids = [
            Command.create({"product_id": self.lamp.id, "product_qty": 1})
        ]
        order = self._create_order((self.desk, 4, 4))
        order.action_confirm()
        production = order.order_line.assembly_order_ids
        order.order_line.bin_location_id = self.rack
        by_product = production.move_byproduct_ids
        self.assertEqual(by_product.location_dest_id, self.stock)
        by_product.quantity = 4
        self._produce(production)
        self.assertEqual(by_product.move_line_ids.location_dest_id, self.stock)
        assembly = self._moves(order.order_line, "assembly")
        self.assertEqual(self._places(assembly), {"B2": 4})

    def test_warehouse_of_quotation_changes(self):
        """The draft order follows into the bins of the other warehouse."""
        other = self._create_warehouse("Annex", "ANX")
        made, used = (self._create_bin(name, other.lot_stock_id) for name in "MU")
        other.from_assembly_location_id = made
        other.to_assembly_location_id = used
        order = self._create_order((self.desk, 4, 4))
        production = order.order_line.assembly_order_ids
        order.warehouse_id = other
        self.assertEqual(order.order_line.bin_location_id, made)
        self.assertEqual(production.location_dest_id, made)
        self.assertEqual(production.location_src_id, used)
        self.assertEqual(production.move_raw_ids.location_id, used)
        self.assertEqual(production.move_finished_ids.location_dest_id, made)


@tagged("post_install", "-at_install")
class TestBinWarning(BinsCommon):
    def _assert_mended(self, line, warning, location):
        """`warning`, a pattern, is told and found; one click gives `location`."""
        self.env.invalidate_all()
        self.assertRegex(line.bin_warning, warning)
        lines = self.env["sale.order.line"]
        warned = [("order_id", "=", line.order_id.id), ("bin_warning", "!=", False)]
        self.assertIn(line, lines.search(warned))
        line.with_user(self.seller).action_mend_bin()
        self.assertEqual(line.bin_location_id, location)
        self.assertFalse(line.bin_warning)
        self.assertNotIn(line, lines.search(warned))
        warned[1] = ("bin_warning", "=", False)
        self.assertIn(line, lines.search(warned))

    def _create_line(self, quantity, to_assemble, **values):
        order = self._create_order(
            (self.desk, quantity, to_assemble), user_id=self.seller.id
        )
        order.order_line.write(values)
        return order.order_line

    def test_too_few_in_bin(self):
        """N = 6, B1 has 4, B2 has 9, of which somebody holds 2."""
        self._set_stock(self.desk, 4, self.shelf)
        self._set_stock(self.desk, 9, self.rack)
        other = self._create_order((self.desk, 2))
        other.order_line.bin_location_id = self.rack
        other.action_confirm()
        line = self._create_line(10, 4, bin_location_id=self.shelf.id)
        warning = "Desk: 6 Units.*stock.*4 Units.*B1.*B2 has 7 Units"
        self._assert_mended(line, warning, self.rack)

    def test_nothing_anywhere(self):
        line = self._create_line(10, 4, bin_location_id=self.shelf.id)
        warning = "Desk: 6 Units.*0 Units.*B1; no other bin has any"
        self._assert_mended(line, warning, self.env["stock.location"])

    def test_bin_of_assembly(self):
        """R93 b and c: stock is asked for where only assembled units come out."""
        self.warehouse.ato_shipment_location_id = self.shipment_bin
        self.warehouse.from_assembly_location_id = self.output_bin
        self._set_stock(self.desk, 10, self.shelf)
        for location in (self.shipment_bin, self.output_bin):
            line = self._create_line(10, 10, bin_location_id=location.id)
            self.assertFalse(line.bin_warning)
            line.qty_to_assemble_to_order = 7
            warning = f"3 Units are.*{location.name}.*assembled to order.*0 Units"
            self._assert_mended(line, warning + ".*B1 has 10 Units", self.shelf)
            line.write({"bin_location_id": location.id, "qty_to_assemble_to_order": 0})
            warning = f"nothing is assembled.*{location.name}.*0 Units of the 10 Units"
            self._assert_mended(line, warning + ".*B1 has 10 Units", self.shelf)

    def test_other_warehouse(self):
        other = self._create_warehouse("Annex", "ANX")
        place = self._create_bin("B9", other.lot_stock_id)
        self._set_stock(self.desk, 10, place)
        self._set_stock(self.desk, 10, self.shelf)
        line = self._create_line(10, 4, bin_location_id=self.shelf.id)
        line.order_id.warehouse_id = other
        self.assertEqual(line.bin_location_id, self.shelf, "kept")
        self._assert_mended(line, "B1 is not in warehouse Annex.*10", place)

    def test_unusable_bin(self):
        self._set_stock(self.desk, 10, self.shelf)
        archived = self._create_bin("Old")
        scrap = self._create_bin("Scrap", usage="inventory")
        for location, reason in (
            (archived, "Old is archived"),
            (scrap, "Scrap is of type Inventory Loss"),
        ):
            line = self._create_line(10, 4, bin_location_id=location.id)
            archived.active = False
            self._assert_mended(line, f"Desk: bin .*{reason}.*10", self.shelf)

    def test_stock_moves_away(self):
        """A proposal grows old; the warning comes and goes with the stock."""
        self._set_stock(self.desk, 6, self.shelf)
        line = self._create_line(10, 4)
        self.assertFalse(line.bin_warning)
        self._move_stock(self.desk, 6, self.shelf, self.rack)
        self.assertRegex(line.bin_warning, "0 Units.*B1.*B2 has 6 Units")
        self._move_stock(self.desk, 6, self.rack, self.shelf)
        self.assertFalse(line.bin_warning)
        self._move_stock(self.desk, 3, self.shelf, self.rack)
        self.assertFalse(line.bin_warning, "no bin would be better")
        line.bin_location_id = self.shelf
        self.assertRegex(line.bin_warning, "6 Units.*3 Units.*B1.*B2 has 3 Units")
        with self.assertRefused("Nothing is wrong"):
            self._create_line(10, 4).action_mend_bin()

    def test_at_confirmation(self):
        """Confirmed all the same; said in the chatter, and on the delivery."""
        self._set_stock(self.desk, 6, self.shelf)
        line = self._create_line(10, 4, bin_location_id=self.rack.id)
        order = line.order_id
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")
        note = order.message_ids.filtered(lambda m: "B2" in (m.body or ""))
        self.assertRegex(note.body, "6 Units.*0 Units.*B2.*B1 has 6 Units")
        worker = new_test_user(self.env, "bin_worker", groups="stock.group_stock_user")
        picking = order.picking_ids.with_user(worker)
        self.assertRegex(picking.ato_bin_warning, "B2.*B1 has 6 Units")
        self._assert_mended(line, "B2.*B1 has 6 Units", self.shelf)
        self.assertFalse(picking.ato_bin_warning)

    def test_delivered(self):
        """Nothing is wrong any more once all has left the shelf."""
        self._set_stock(self.desk, 6, self.shelf)
        self.warehouse.delivery_steps = "pick_ship"
        line = self._create_line(10, 4, bin_location_id=self.rack.id)
        line.order_id.action_confirm()
        self.assertTrue(line.bin_warning)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        self.assertFalse(line.bin_warning)

    def test_rights(self):
        self._set_stock(self.desk, 6, self.shelf)
        line = self._create_line(10, 4, bin_location_id=self.rack.id)
        stranger = new_test_user(self.env, "bin_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            line.with_user(stranger).action_mend_bin()
        line.order_id.action_confirm()
        line.order_id.action_lock()
        with self.assertRefused("locked"):
            line.action_mend_bin()
        with self.assertRefused("locked"):
            line.bin_location_id = self.shelf

    def test_customers_find_nothing_by_it(self):
        """Who may not read the warnings does not guess them by a search."""
        self._set_stock(self.desk, 6, self.shelf)
        line = self._create_line(10, 4, bin_location_id=self.rack.id)
        customer = new_test_user(self.env, "bin_customer", groups="base.group_portal")
        line.order_id.message_subscribe(customer.partner_id.ids)
        lines = self.env["sale.order.line"].with_user(customer)
        for value in (False, line.bin_warning):
            with self.assertRaises(AccessError):
                lines.search_count([("bin_warning", "=", value)])

    def test_queries(self):
        """The warnings of 100 lines are read in as many queries as those of 10."""
        products = self.env["product.product"]
        for number in range(100):
            products |= self._create_product(f"Desk {number}", components={self.leg: 4})
        self.env["stock.quant"].create(
            [
                {"product_id": p.id, "location_id": self.shelf.id, "quantity": 6}
                for p in products
            ]
        )
        order = self._create_order(*[(product, 10, 4) for product in products])
        order.order_line.bin_location_id = self.rack
        for confirm in (False, True):
            if confirm:
                order.action_confirm()
            counts = []
            order.order_line[:2].mapped("bin_warning")  # warms the caches
            for count in (10, 100):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                warnings = order.order_line[:count].mapped("bin_warning")
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(len([w for w in warnings if w]), count)
            self.assertLessEqual(counts[1], counts[0] + 3)
