# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree, html

from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import html2plaintext
from odoo.tools.safe_eval import safe_eval

from .chain import PICK, SHIP, ChainCommon
from .test_shipment import ShipmentCommon
from .test_tracking import TrackingCommon


class ToAssembleCommon(ShipmentCommon, ChainCommon):
    """What the warehouse reads of units that are still to be assembled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = new_test_user(cls.env, "ato_picker", "stock.group_stock_user")

    def _find(self, order):
        """Transfers of an order that the filter finds, for a warehouse worker."""
        self.env.flush_all()
        pickings = self.env["stock.picking"].with_user(self.worker)
        domain = [("id", "in", order.picking_ids.ids), ("awaits_assembly", "=", True)]
        return pickings.search(domain).with_env(self.env)

    def assertToAssemble(self, order, expected):
        """{transfer: units still to be assembled for it}, of all of an order."""
        self.env.invalidate_all()
        told = {
            picking: picking.with_user(self.worker).ato_qty_to_assemble
            for picking in order.picking_ids
        }
        told = {picking: units for picking, units in told.items() if units}
        self.assertEqual(told, expected)
        self.assertEqual(self._find(order), self._union(expected))

    def _union(self, pickings):
        return self.env["stock.picking"].union(*pickings)

    def _print(self, report, record):
        """The printed page, as its worker gets it."""
        self.env.flush_all()
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(self.worker)
        page, _type = reports._render_qweb_html(report, record.ids)
        return html.fromstring(page)

    def _print_rows(self, picking):
        """What the picking list says: (rows to pick, rows to be assembled)"""
        page = self._print("stock.report_picking", picking)
        return [
            [
                " | ".join(" ".join(c.text_content().split()) for c in row.xpath("td"))
                for row in page.xpath(f"//table[{table}]/tbody/tr")
            ]
            for table in (
                "contains(@class, 'o_main_table')",
                "@name='ato_to_assemble_table'",
            )
        ]


@tagged("post_install", "-at_install")
class TestToAssemble(ToAssembleCommon):
    """Transfers say what is still to be assembled, where it is true."""

    def test_one_step(self):
        """4 of 10; 2 when 2 are made; nothing any more when all are."""
        order, line = self._start("ship_only", made=0)
        picking = order.picking_ids
        self.assertToAssemble(order, {picking: 4})
        self._produce(line.assembly_order_ids, 2)
        self.assertToAssemble(order, {picking: 2})
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"))
        self.assertToAssemble(order, {})

    def test_rest(self):
        """What leaves is no longer waited for: the rest says what is left."""
        order, _line = self._start("ship_only", made=0)
        self._ship(order.picking_ids, qty_to_ship=7, qty_from_assembly=1)
        rest = self._open_picking(order)
        self.assertToAssemble(order, {rest: 3})

    def test_two_and_three_steps(self):
        """The first transfer says so, and no later one."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps=steps):
                order, line = self._start(steps, made=1)
                pick = self._get_step(order, PICK)
                self.assertToAssemble(order, {pick: 3})
                self._do_step(order, PICK, stock=6, assembly=1)
                rest = self._get_step(order, PICK)
                self.assertToAssemble(order, {rest: 3})
                production = line.assembly_order_ids.filtered(
                    lambda order: order.state != "done"
                )
                self._produce(production)
                self.assertToAssemble(order, {})

    def test_stored_after_assembly(self):
        """In three steps of manufacturing, what is made and not stored is made."""
        self.warehouse.manufacture_steps = "pbm_sam"
        order, line = self._start("ship_only", made=0)
        delivery = self._get_step(order, SHIP)
        self.assertToAssemble(order, {delivery: 4})
        production = line.assembly_order_ids
        production.picking_ids.filtered(
            lambda picking: picking.picking_type_id == self.warehouse.pbm_type_id
        ).button_validate()
        self._produce(production, 3)
        self.assertToAssemble(order, {delivery: 1})

    def test_dozens(self):
        """1 dozen, a third of it to assemble: 4 units."""
        self._set_stock(self.desk, 8)
        order = self._create_order((self.desk, 1, 0))
        order.order_line.write(
            {"product_uom_id": self.dozen.id, "qty_to_assemble_to_order": 0.33}
        )
        order.action_confirm()
        self.assertToAssemble(order, {order.picking_ids: 4})

    def test_plain_products(self):
        """Products that are not assembled have nothing of it, nor the answer no."""
        order = self._confirm((self.lamp, 5000))
        self.assertToAssemble(order, {})
        pickings = self.env["stock.picking"]
        domain = [("id", "=", order.picking_ids.id), ("awaits_assembly", "=", False)]
        self.assertEqual(pickings.search(domain), order.picking_ids)

    def test_list_in_few_queries(self):
        """As many queries for 8 transfers as for 2."""
        orders = [self._confirm((self.desk, 3, 2)) for _number in range(8)]
        pickings = self._union(order.picking_ids for order in orders)

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(
                records.mapped("ato_qty_to_assemble"), [2.0] * len(records)
            )
            return self.env.cr.sql_log_count - before

        count(pickings)
        self.assertEqual(count(pickings[:2]), count(pickings))

    def test_buttons(self):
        """Ship is the primary button while something is to be assembled there."""
        order, line = self._start("ship_only", made=0)
        view = (
            self.env["stock.picking"].with_user(self.worker).get_view(view_type="form")
        )
        header = etree.fromstring(view["arch"]).find(".//header")

        def get_shown():
            self.env.invalidate_all()
            picking, shown = order.picking_ids, []
            for button in header.iter("button"):
                names = {
                    name: picking[name]
                    for name in ("state", "is_assembly_shipment", "awaits_assembly")
                }
                if button.get("name") in (
                    "button_validate",
                    "action_open_assembly_shipment",
                ) and not safe_eval(button.get("invisible"), names):
                    shown.append((button.get("string"), button.get("class")))
            return sorted(shown, key=str)

        primary, plain = "oe_highlight", None
        self.assertEqual(get_shown(), [("Ship...", primary), ("Validate", plain)])
        self._produce(line.assembly_order_ids)
        self.assertEqual(get_shown(), [("Ship...", plain), ("Validate", primary)])

    def test_views(self):
        """List, kanban and form say it where it is so; a list of receipts has none."""
        pickings = self.env["stock.picking"].with_user(self.worker)
        for kind in ("list", "kanban", "form"):
            view = etree.fromstring(pickings.get_view(view_type=kind)["arch"])
            (field,) = view.xpath("//field[@name='ato_qty_to_assemble']")
            hidden = field.get("invisible") or field.getparent().get("invisible")
            self.assertEqual(hidden, "not awaits_assembly", kind)
        view = pickings.get_view(view_type="list")
        (field,) = etree.fromstring(view["arch"]).xpath(
            "//field[@name='ato_qty_to_assemble']"
        )
        self.assertIn("'incoming'", field.get("column_invisible"))
        search = etree.fromstring(pickings.get_view(view_type="search")["arch"])
        (found,) = search.xpath("//filter[@name='awaits_assembly']")
        self.assertEqual(found.get("domain"), "[('awaits_assembly', '=', True)]")

    def test_backorder_question(self):
        """Validate asks, and names what is not assembled, of which orders."""
        order, line = self._start("ship_only", made=1)
        picking = order.picking_ids.with_user(self.worker)
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        model = self.env[action["res_model"]].with_user(self.worker)
        question = Form(model.with_context(**action["context"]))
        production = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        self.assertEqual(
            question.ato_to_assemble,
            f"3.00 Units of Desk for {order.name} are still to be assembled "
            f"({production.name}).",
        )
        question.save().process()
        self.assertEqual(line.qty_delivered, 7)

    def test_backorder_question_of_plain(self):
        """A plain product is asked about as by Odoo."""
        order = self._confirm((self.lamp, 5000))
        action = order.picking_ids.button_validate()
        model = self.env[action["res_model"]].with_context(**action["context"])
        self.assertFalse(Form(model).ato_to_assemble)

    def test_question_tells_no_stranger(self):
        """Who may not read a transfer is told nothing of it by a forged question."""
        order, _line = self._start("ship_only", made=0)
        other = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "ato_other_picker",
            "stock.group_stock_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        question = self.env["stock.backorder.confirmation"].with_user(stranger)
        values = {"pick_ids": [Command.set(order.picking_ids.ids)]}
        self.assertFalse(question.new(values).ato_to_assemble)

    def test_return_dialog(self):
        """Two rows of one product are told apart by their source."""
        order, _line = self._start("ship_only")
        self._deliver(order.picking_ids)
        dialog = self.env["stock.return.picking"].with_user(self.worker)
        dialog = Form(
            dialog.with_context(
                active_id=order.picking_ids.id, active_model="stock.picking"
            )
        )
        self.assertTrue(dialog.has_assembly_part)
        self.assertEqual(
            sorted(row["ato_supply"] for row in dialog.product_return_moves._records),
            ["assembly", "stock"],
        )

    def test_one_note(self):
        """A shipment that changes both rows leaves one note, with the sources."""
        order, _line = self._start("ship_only", made=0)
        picking = order.picking_ids
        picking.message_ids.unlink()
        self.env.cr.precommit.data.pop("ato_notes", None)
        self._ship(picking, qty_to_ship=4, qty_from_assembly=2)
        notes = [html2plaintext(note.body) for note in picking.message_ids]
        notes = [note for note in notes if "Quantity" in note]
        self.assertEqual(len(notes), 1, notes)
        note = " ".join(notes[0].split())
        self.assertIn("Desk (From stock): Quantity: 6.0 -> 2.0", note)
        self.assertIn("Desk (Assembled to order): Quantity: 4.0 -> 2.0", note)
        self.assertEqual(notes[0].count("Quantity"), 2)

    # Prints

    def test_picking_list(self):
        """6 to pick, 4 to be assembled, of which order, from which bin."""
        group = self.env.ref("stock.group_stock_multi_locations")
        self.worker.group_ids |= group
        output = self.env["stock.location"].create(
            {"name": "Assembled", "location_id": self.stock.id}
        )
        self.warehouse.ato_shipment_location_id = output
        order, line = self._start("ship_only", made=0)
        picked, to_assemble = self._print_rows(order.picking_ids)
        self.assertEqual(picked, ["Desk (From stock) | 6 | ASM/Stock"])
        production = line.assembly_order_ids
        self.assertEqual(
            to_assemble,
            [f"Desk | 4 | {production.name} | {order.name} | ASM/Stock/Assembled"],
        )
        self._produce(production, 1)
        picked, to_assemble = self._print_rows(order.picking_ids)
        self.assertEqual(
            sorted(picked),
            [
                "Desk (Assembled to order) | 1 | ASM/Stock/Assembled",
                "Desk (From stock) | 6 | ASM/Stock",
            ],
        )
        production = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        self.assertEqual(
            to_assemble,
            [f"Desk | 3 | {production.name} | {order.name} | ASM/Stock/Assembled"],
        )
        self._produce(production)
        self.assertFalse(self._print_rows(order.picking_ids)[1])

    def test_picking_list_of_nothing_yet(self):
        """Wholly to order: nothing to pick, 10 to be assembled."""
        order = self._confirm((self.desk_to_order, 10))
        picked, to_assemble = self._print_rows(order.picking_ids)
        self.assertFalse(picked)
        self.assertIn("Desk to Order | 10 | ", to_assemble[0])

    def test_picking_list_of_plain(self):
        """As Odoo prints it."""
        order = self._confirm((self.lamp, 2))
        picked, to_assemble = self._print_rows(order.picking_ids)
        self.assertEqual([row[:13] for row in picked], ["Desk Lamp | 2"])
        self.assertFalse(to_assemble)

    def test_production_print(self):
        """The floor reads customer, sales order and day; of others as Odoo prints."""
        self.worker = new_test_user(self.env, "ato_floor", "mrp.group_mrp_user")
        order, line = self._start("ship_only", made=0, commitment_date=self._noon(9))
        page = self._print("mrp.report_mrporder", line.assembly_order_ids)
        (block,) = page.xpath("//div[@name='ato_customer']")
        text = " ".join(block.text_content().split())
        day = self._day(9).strftime("%m/%d/%Y")
        self.assertEqual(
            text,
            f"Customer: {self.customer.display_name} Sales Order: {order.name} "
            f"Delivery Date: {day}",
        )
        plain = self.env["mrp.production"].create(
            {"product_id": self.desk.id, "product_qty": 2}
        )
        page = self._print("mrp.report_mrporder", plain)
        self.assertFalse(page.xpath("//div[@name='ato_customer']"))


@tagged("post_install", "-at_install")
class TestToAssembleTracked(ToAssembleCommon, TrackingCommon):
    """The same with serial numbers."""

    def test_serials(self):
        """2 of 3 made: 1 is to be assembled, 2 numbers are on the picking list."""
        clock = self._create_tracked("Clock", "serial", {self.leg: 1})
        order = self._confirm((clock, 3, 3))
        self._produce_lots(order.order_line.assembly_order_ids, "C-1", "C-2")
        self.assertToAssemble(order, {order.picking_ids: 1})
        picked, to_assemble = self._print_rows(order.picking_ids)
        self.assertIn("Clock (Assembled to order) | 2", picked[0])
        self.assertIn("Clock | 1 | ", to_assemble[0])
