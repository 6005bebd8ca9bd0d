# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from lxml import html

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.stock_move_line import StockMoveLine
from .test_tracking import TrackingCommon

OPEN, DONE, REST = "stock_move_table", "stock_move_line_table", "stock_backorder_table"


@tagged("post_install", "-at_install")
class TestDeliverySlip(TrackingCommon):
    """The customer reads what was ordered, one row for a product.

    The oracle is the printed table; where a plain product can tell the same story, it
    is Odoo's own table for that product.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls._create_product("Plain Desk")
        # names in which no number can be mistaken for a quantity
        cls.customer.name = "Azure"

    def _print(self, picking, user=None):
        """{table: rows of texts} of the printed slip, empty columns left out."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["ir.actions.report"].with_user(user or self.env.user)
        page, _type = report._render_qweb_html("stock.report_deliveryslip", picking.ids)
        tables = {}
        for table in html.fromstring(page).xpath("//table[@name]"):
            rows = table.xpath("./tbody/tr")
            tables[table.get("name")] = [
                [text for cell in row.xpath("./td") if (text := self._text(cell))]
                for row in rows
            ]
        return tables

    def _text(self, cell):
        return " ".join(cell.text_content().split())

    def _confirm(self, quantity=10, to_assemble=4, in_stock=6, **values):
        self._set_stock(self.desk, in_stock)
        sale = self._create_order((self.desk, quantity, to_assemble), **values)
        sale.action_confirm()
        return sale.order_line

    def _confirm_plain(self, quantity=10, **values):
        self._set_stock(self.plain, quantity)
        sale = self._create_order((self.plain, quantity), **values)
        sale.action_confirm()
        return sale.order_line

    def _ship(self, line, quantity):
        """Ship `quantity` of a plain line, the rest later; returns the delivery."""
        picking = self._open_picking(line)
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def _ship_parts(self, line, **parts):
        picking = self._open_picking(line)
        self._deliver(picking, **parts)
        return picking

    def _open_picking(self, line):
        return line.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def assertSameSlip(self, picking, twin):
        """What Odoo prints for the plain line that has the same story."""
        expected = {
            name: [[text.replace("Plain Desk", "Desk") for text in row] for row in rows]
            for name, rows in self._print(twin).items()
        }
        self.assertEqual(self._print(picking), expected)

    # Every order of shipping the parts

    def test_assembly_first(self):
        """Q 10, the 4 assembled leave: ordered 10, delivered 4, remaining 6."""
        line = self._confirm()
        self._produce(line.assembly_order_ids)
        picking = self._ship_parts(line, stock=0, assembly=4)
        self.assertEqual(
            self._print(picking),
            {DONE: [["Desk", "10 Units", "4 Units"]], REST: [["Desk", "6"]]},
        )

    def test_stock_first(self):
        """The rest waits for its assembly, which Odoo does not count."""
        line = self._confirm()
        picking = self._ship_parts(line, stock=4, assembly=0)
        self.assertEqual(
            self._print(picking),
            {DONE: [["Desk", "10 Units", "4 Units"]], REST: [["Desk", "6"]]},
        )

    def test_every_order_of_shipping(self):
        """Each delivery, open and done, says what it says for a plain product."""
        stories = (
            [(0, 4), (6, 0)],
            [(6, 0), (0, 4)],
            [(2, 2), (4, 2)],
            [(1, 0), (2, 3), (3, 1)],
            [(0, 1), (5, 0), (1, 3)],
            [(6, 4)],
        )
        for story in stories:
            with self.subTest(story=story):
                line, twin = self._confirm(), self._confirm_plain()
                self._check_story(line, twin, story)

    def _check_story(self, line, twin, story):
        self._produce(line.assembly_order_ids)
        pairs = []
        for stock, assembly in story:
            self.assertSameSlip(self._open_picking(line), self._open_picking(twin))
            pairs.append(
                (
                    self._ship_parts(line, stock=stock, assembly=assembly),
                    self._ship(twin, stock + assembly),
                )
            )
            for printed, plain in pairs:  # the earlier ones are printed again
                self.assertSameSlip(printed, plain)

    def test_made_in_between(self):
        """2 made, 3 + 2 leave, 3 leave, 1 made and leaves, the last is not made yet."""
        line, twin = self._confirm(), self._confirm_plain()
        pairs, left = [], 10
        for made, stock, assembly in ((2, 3, 2), (0, 3, 0), (1, 0, 1)):
            if made:
                orders = self._open_orders(line)
                self._produce(orders, made)
            ordered = self._print(self._open_picking(line))[OPEN][0][:2]
            self.assertEqual(ordered, ["Desk", str(left)])
            left -= stock + assembly
            pairs.append(
                (
                    self._ship_parts(line, stock=stock, assembly=assembly),
                    self._ship(twin, stock + assembly),
                )
            )
            for printed, plain in pairs:
                self.assertSameSlip(printed, plain)
        first = self._print(pairs[0][0])
        self.assertEqual(first[DONE], [["Desk", "10 Units", "5 Units"]])
        self.assertEqual(self._print(pairs[2][0])[REST], [["Desk", "1"]])

    def test_open_before_assembly(self):
        """10 ordered, 6 reserved: one row, and nothing of the parts."""
        line = self._confirm()
        self.assertEqual(
            self._print(line.order_id.picking_ids), {OPEN: [["Desk", "10", "6"]]}
        )
        self._ship_parts(line, stock=4, assembly=0)
        self.assertEqual(
            self._print(self._open_picking(line)), {OPEN: [["Desk", "6", "2"]]}
        )

    # What changes on the way

    def test_rest_given_up(self):
        """No backorder: 10 were ordered, 4 delivered, and nothing is to come.

        Odoo has two answers for a plain product: 4 where the rest is given up at
        once, 10 where it is cancelled later. The customer has ordered 10.
        """
        line = self._confirm()
        picking = line.order_id.picking_ids
        self._moves(line, "stock").quantity = 4
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertEqual(
            self._print(picking), {DONE: [["Desk", "10 Units", "4 Units"]]}
        )

    def test_backorder_given_up(self):
        """What is cancelled later stays ordered on the first slip."""
        line = self._confirm()
        self._produce(line.assembly_order_ids, 2)
        picking = self._ship_parts(line, stock=3, assembly=2)
        self._open_picking(line).action_cancel()
        self.assertEqual(
            self._print(picking), {DONE: [["Desk", "10 Units", "5 Units"]]}
        )

    def test_rebalanced(self):
        """Demand that the line has moved to its other part is not ordered twice."""
        line = self._confirm(in_stock=10)
        for to_assemble in (0, 10, 3):
            line.qty_to_assemble_to_order = to_assemble
            self.assertEqual(
                self._print(self._open_picking(line))[OPEN][0][:2], ["Desk", "10"]
            )
        line.qty_to_assemble_to_order = 0
        picking = self._open_picking(line)
        self._ship_parts(line, stock=4)
        self.assertEqual(
            self._print(picking),
            {DONE: [["Desk", "10 Units", "4 Units"]], REST: [["Desk", "6"]]},
        )

    def test_nothing_of_it_leaves(self):
        """A row that is not shipped is not on the slip, as Odoo has it."""
        self._set_stock(self.desk, 10)
        sale = self._create_order((self.desk, 10, 4), (self.lamp, 1))
        sale.action_confirm()
        line = sale.order_line[0]
        line.qty_to_assemble_to_order = 0
        picking = sale.picking_ids
        lamp = picking.move_ids.filtered(lambda m: m.product_id == self.lamp)
        lamp.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(
            self._print(picking),
            {DONE: [["Desk Lamp", "1 Units", "1 Units"]], REST: [["Desk", "10"]]},
        )

    def test_quantity_changed(self):
        """Q 10, 4 shipped, then 12: the first slip and the rest say so."""
        line, twin = self._confirm(), self._confirm_plain()
        self._set_stock(self.plain, 100)
        self._produce(line.assembly_order_ids)
        first = self._ship_parts(line, stock=0, assembly=4), self._ship(twin, 4)
        for quantity in (12, 7):
            for each in (line, twin):
                each.product_uom_qty = quantity
            self.assertSameSlip(*first)
            ordered = self._print(self._open_picking(line))[OPEN][0][:2]
            self.assertEqual(ordered, ["Desk", str(quantity - 4)])

    def test_cancelled_order(self):
        line = self._confirm()
        line.qty_to_assemble_to_order = 2
        line.order_id._action_cancel()
        self.assertEqual(
            self._print(line.order_id.picking_ids), {OPEN: [["Desk", "10", "0"]]}
        )

    # Units, lots, packages, steps

    def _sell_dozen(self, product, **values):
        vals = self._prepare_line_vals(
            product, 1, product_uom_id=self.dozen.id, **values
        )
        sale = self._create_order(order_line=[Command.create(vals)])
        sale.action_confirm()
        return sale.order_line

    def test_dozens(self):
        """8 + 4 of a dozen, told in units and in dozens as Odoo tells it."""
        self.env.user.group_ids += self.env.ref("uom.group_uom")
        self._set_stock(self.desk, 8)
        self._set_stock(self.plain, 12)
        line = self._sell_dozen(self.desk, qty_to_assemble_to_order=0.33)
        twin = self._sell_dozen(self.plain)
        self.assertEqual(
            [
                text.split()[:2]
                for text in self._print(line.order_id.picking_ids)[OPEN][0]
            ],
            [["Desk"], ["12", "Units"], ["8", "Units"]],
        )
        self._check_story(line, twin, [(0, 3), (6, 0), (2, 1)])

    def test_in_packages(self):
        """Two packages, one with both parts: a row in each, as Odoo prints them."""
        line, twin = self._confirm(), self._confirm_plain()
        self._produce(line.assembly_order_ids)
        printed = []
        for each, steps in ((line, ((3, 0), (2, 3))), (twin, ((3,), (5,)))):
            picking = each.order_id.picking_ids
            lines = self._pack(picking, steps)
            loose = picking.move_ids[:1].move_line_ids - lines
            loose.picked = False
            picking.with_context(skip_backorder=True).button_validate()
            printed.append(picking)
        for picking in printed:
            names = picking.move_line_ids.result_package_id.sorted("id")
            for number, package in enumerate(names):
                package.name = f"Box {'AB'[number]}"
        # which box comes first is Odoo's, and is not the same each time
        expected = {
            "Box A": [["Desk", "3 Units", "3 Units"]],
            "Box B": [["Desk", "5 Units", "5 Units"]],
        }
        slip, same = (self._print(picking) for picking in printed)
        self.assertEqual(self._get_boxes(slip.pop(DONE)), expected)
        rows = [
            [text.replace("Plain Desk", "Desk") for text in row] for row in same[DONE]
        ]
        self.assertEqual(self._get_boxes(rows), expected)
        del same[DONE]
        for table in same.values():
            for row in table:
                row[:] = [text.replace("Plain Desk", "Desk") for text in row]
        self.assertEqual(slip, same)

    def _get_boxes(self, rows):
        """{box: its rows}, of all rows that are printed."""
        boxes = {}
        for row in rows:
            if len(row) == 1:
                box = boxes[row[0]] = []
            else:
                box.append(row)
        return boxes

    def _pack(self, picking, steps):
        """Put the quantities of each step, by move, into a package of its own."""
        packed = self.env["stock.move.line"]
        picking.move_ids.move_line_ids.unlink()
        for quantities in steps:
            package = self.env["stock.package"].create({})
            for move, quantity in zip(picking.move_ids, quantities, strict=True):
                if quantity:
                    packed += packed.create(
                        {
                            "move_id": move.id,
                            "picking_id": picking.id,
                            "product_id": move.product_id.id,
                            "quantity": quantity,
                            "location_id": self.stock.id,
                            "location_dest_id": picking.location_dest_id.id,
                            "result_package_id": package.id,
                            "picked": True,
                        }
                    )
        return packed

    def test_partly_packed(self):
        """3 + 1 in a box, 2 + 2 loose, 2 later: the loose row has the rest."""
        line, twin = self._confirm(), self._confirm_plain()
        self._produce(line.assembly_order_ids)
        printed = []
        for each, packed, loose in ((line, (3, 1), (2, 2)), (twin, (4,), (4,))):
            picking = each.order_id.picking_ids
            lines = self._pack(picking, (packed, loose))
            package = lines[-1].result_package_id
            lines.filtered(lambda ml, p=package: ml.result_package_id == p).write(
                {"result_package_id": False}
            )
            picking.with_context(skip_backorder=True).button_validate()
            picking.move_line_ids.result_package_id.name = "Box"
            printed.append(picking)
        self.assertEqual(
            self._print(printed[0]),
            {
                DONE: [
                    ["Box"],
                    ["Desk", "4 Units", "4 Units"],
                    ["Products with no package assigned"],
                    ["Desk", "6 Units", "4 Units"],
                ],
                REST: [["Desk", "2"]],
            },
        )
        self.assertSameSlip(*printed)

    def test_two_steps(self):
        """Picked and shipped in parts: every transfer as for a plain product."""
        self.warehouse.delivery_steps = "pick_ship"
        line, twin = self._confirm(), self._confirm_plain()
        self._produce(line.assembly_order_ids)
        for stock, assembly in ((0, 4), (6, 0)):
            picks = []
            for each in (line, twin):
                pick = self._open_picking(each).filtered(
                    lambda p: p.picking_type_id == self.warehouse.pick_type_id
                )
                picks.append(pick)
            self.assertSameSlip(*picks)
            self._deliver(picks[0], stock=stock, assembly=assembly)
            picks[1].move_ids.quantity = stock + assembly
            picks[1].move_ids.picked = True
            picks[1].with_context(skip_backorder=True).button_validate()
            self.assertSameSlip(*picks)
            self._check_second_step(line, twin)

    def _check_second_step(self, line, twin):
        outs = [self._open_outgoing(each) for each in (line, twin)]
        self.assertTrue(all(outs))
        self.assertSameSlip(*outs)
        for out in outs:
            out.move_ids.picked = True
            out.with_context(skip_backorder=True).button_validate()
        self.assertSameSlip(*outs)

    def _open_outgoing(self, line):
        return self._open_picking(line).filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )

    def _print_lots(self):
        self.env.user.group_ids += self.env.ref("stock.group_lot_on_delivery_slip")

    def test_lot_of_both_parts(self):
        """One lot in stock and from assembly is one row; another lot has its own."""
        self._print_lots()
        desk = self._create_tracked("Lot Desk", "lot", {self.leg: 4})
        plain = self._create_tracked("Plain Desk", "lot")
        self.desk, self.plain = desk, plain
        lots = self._create_lots(desk, "L1", "L2")
        self._stock_lots(lots, 3)
        self._stock_lots(self._create_lots(plain, "L1"), 7)
        self._stock_lots(self._create_lots(plain, "L2"), 3)
        sale = self._create_order((desk, 10, 4), (self.lamp, 1))
        sale.action_confirm()
        self._produce_lots(sale.order_line[0].assembly_order_ids, "L1", quantity=4)
        self._deliver(sale.picking_ids)
        rows = self._print(sale.picking_ids)[DONE]
        self.assertEqual(
            sorted(rows),
            [
                ["Desk Lamp", "1 Units"],
                ["Lot Desk", "L1", "7 Units"],
                ["Lot Desk", "L2", "3 Units"],
            ],
        )

    def test_untracked_beside_lots(self):
        """The row of an untracked product is one, too, where lots are printed."""
        self._print_lots()
        lot_lamp = self._create_tracked("Lot Lamp", "lot")
        self._stock_lots(self._create_lots(lot_lamp, "L1"), 5)
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4), (lot_lamp, 1))
        sale.action_confirm()
        self._produce(sale.order_line[0].assembly_order_ids)
        self._deliver(sale.picking_ids)
        self.assertEqual(
            sorted(self._print(sale.picking_ids)[DONE]),
            [["Desk", "10 Units"], ["Lot Lamp", "L1", "1 Units"]],
        )

    def test_serials(self):
        """A row for each number, from stock or made."""
        self._print_lots()
        desk = self._create_tracked("Serial Desk", "serial", {self.leg: 4})
        self._stock_lots(self._create_lots(desk, "S1", "S2"))
        sale = self._create_order((desk, 4, 2))
        sale.action_confirm()
        self._produce_lots(sale.order_line.assembly_order_ids, "M1", "M2")
        self._deliver(sale.picking_ids, stock=1, assembly=2)
        tables = self._print(sale.picking_ids.sorted("id")[0])
        self.assertEqual(
            [row[1:] for row in sorted(tables[DONE])],
            [["M1", "1 Units"], ["M2", "1 Units"], ["S1", "1 Units"]],
        )
        self.assertEqual(tables[REST], [["Serial Desk", "1"]])

    def test_serials_not_printed(self):
        """Without numbers on the slip: one row, 4 ordered, 3 delivered."""
        desk = self._create_tracked("Serial Desk", "serial", {self.leg: 4})
        self._stock_lots(self._create_lots(desk, "S1", "S2"))
        sale = self._create_order((desk, 4, 2))
        sale.action_confirm()
        self._produce_lots(sale.order_line.assembly_order_ids, "M1", "M2")
        self._deliver(sale.picking_ids, stock=1, assembly=2)
        self.assertEqual(
            self._print(sale.picking_ids.sorted("id")[0]),
            {
                DONE: [["Serial Desk", "4 Units", "3 Units"]],
                REST: [["Serial Desk", "1"]],
            },
        )

    # Beside other lines

    def test_two_lines_of_one_product(self):
        """Odoo has one row for them on a done slip, and so have we."""
        self._set_stock(self.desk, 20)
        sale = self._create_order((self.desk, 10, 4), (self.desk, 5, 2), (self.desk, 3))
        sale.action_confirm()
        picking = sale.picking_ids
        self.assertEqual(
            [row[:2] for row in self._print(picking)[OPEN]],
            [["Desk", "10"], ["Desk", "5"], ["Desk", "3"]],
        )
        moves = picking.move_ids.filtered(lambda m: m.ato_supply != "assembly")
        moves.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(
            self._print(picking),
            {
                DONE: [["Desk", "18 Units", "12 Units"]],
                REST: [["Desk", "4"], ["Desk", "2"]],
            },
        )

    def test_beside_a_kit(self):
        """With a kit on the slip, lots printed: still one row for the desk."""
        self._print_lots()
        kit = self._create_product("Lamp Kit")
        lot_lamp = self._create_tracked("Lot Lamp", "lot")
        self._create_bom(kit, {lot_lamp: 2}, type="phantom")
        self._stock_lots(self._create_lots(lot_lamp, "L1"), 5)
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4), (kit, 1))
        sale.action_confirm()
        self._produce(sale.order_line[0].assembly_order_ids)
        self._deliver(sale.picking_ids)
        rows = self._print(sale.picking_ids)[DONE]
        self.assertEqual(
            [row for row in rows if row[0] == "Desk"], [["Desk", "10 Units"]]
        )

    def test_warehouse_user_prints(self):
        """Who works in the warehouse and reads no sales order prints the same."""
        worker = new_test_user(
            self.env, login="ato_slip_worker", groups="stock.group_stock_user"
        )
        line = self._confirm()
        picking = self._ship_parts(line, stock=4, assembly=0)
        for each in (picking, self._open_picking(line)):
            self.assertEqual(self._print(each, worker), self._print(each))

    # Plain lines

    @contextmanager
    def _without_addon(self):
        """Print as Odoo does where the add-on is not installed."""
        views = self.env["ir.ui.view"].search(
            [("key", "like", "ato_mixed_sales.%"), ("type", "=", "qweb")]
        )
        for name in (
            "report_delivery_document",
            "stock_report_delivery_has_serial_move_line",
            "stock_report_delivery_no_kit_section",
        ):
            self.assertIn(self.env.ref(f"ato_mixed_sales.{name}"), views)
        views.active = False
        registry_class = self.env.registry["stock.move.line"]
        name = "_get_aggregated_product_quantities"
        inherited = getattr(super(StockMoveLine, registry_class), name)
        setattr(registry_class, name, inherited)
        try:
            yield
        finally:
            delattr(registry_class, name)
            views.active = True

    def test_plain_stays_plain(self):
        """Open, done, backorder, given up, dozens and lots: the same page, letter
        by letter, as without the add-on.
        """
        self._print_lots()
        self.env.user.group_ids += self.env.ref("uom.group_uom")
        lot_desk = self._create_tracked("Lot Desk", "lot")
        self._stock_lots(self._create_lots(lot_desk, "L1", "L2"), 5)
        self._set_stock(self.plain, 50)
        dozen = self._prepare_line_vals(self.plain, 2, product_uom_id=self.dozen.id)
        with_lots = self._create_order((lot_desk, 8), (self.lamp, 3))
        without = self._create_order(
            order_line=[
                Command.create(dozen),
                Command.create(self._prepare_line_vals(self.lamp, 5)),
            ]
        )
        (with_lots | without).action_confirm()
        for sale in with_lots | without:
            picking = sale.picking_ids
            for move in picking.move_ids:
                move.quantity -= 1
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()
        rest = self._open_picking(without.order_line)
        rest.move_ids[0].picked = True
        rest.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=rest.ids
        ).button_validate()
        pickings = (with_lots | without).picking_ids
        self.assertEqual(set(pickings.mapped("state")), {"assigned", "done"})
        report = self.env["ir.actions.report"]
        name = "stock.report_deliveryslip"
        self.env.invalidate_all()
        ours = report._render_qweb_html(name, pickings.ids)[0]
        with self._without_addon():
            odoos = report._render_qweb_html(name, pickings.ids)[0]
        self.assertEqual(ours, odoos)
