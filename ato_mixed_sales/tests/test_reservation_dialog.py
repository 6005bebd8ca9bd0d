# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestReservationDialog(AssembleToOrderCommon):
    """The dialog in which a salesperson chooses the stock to hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse.out_type_id.reservation_method = "manual"
        cls.bins = cls.env["stock.location"].create(
            [
                {"name": f"Shelf {number}", "location_id": cls.stock.id}
                for number in range(1, 4)
            ]
        )

    def setUp(self):
        super().setUp()
        for location, quantity in zip(self.bins, (5, 4, 3), strict=True):
            self._set_stock(self.desk, quantity, location)

    def _quote(self, *line):
        order = self._create_order(line, user_id=self.seller.id)
        return order.with_user(self.seller).order_line

    def _open(self, line):
        """The dialog that the button on the line opens."""
        action = line.action_open_reservation()
        self.assertEqual(action["target"], "new")
        return (
            self.env[action["res_model"]]
            .with_user(self.seller)
            .browse(action["res_id"])
        )

    def _choose(self, wizard, **quantities):
        """Choose by bin (`shelf_1=3`), nothing elsewhere, as the seller types it."""
        with Form(wizard) as form:
            for index in range(len(form.line_ids)):
                with form.line_ids.edit(index) as row:
                    name = row.location_id.name.lower().replace(" ", "_")
                    chosen = quantities.get(name, 0)
                    if row.available_qty or chosen:
                        row.qty_to_reserve = chosen
        return wizard

    def _held(self, line):
        return {
            place[0].name: sum(lines.mapped("quantity"))
            for place, lines in line._get_held_places().items()
        }

    def assertRows(self, wizard, *rows):
        """Bin, on hand, held by others, free, held for the line, to reserve."""
        wizard.invalidate_recordset()
        self.assertEqual(
            [
                (
                    row.location_id.name,
                    row.on_hand_qty,
                    row.reserved_other_qty,
                    row.available_qty,
                    row.reserved_qty,
                    row.qty_to_reserve,
                )
                for row in wizard.line_ids
            ],
            list(rows),
        )

    def test_rows_and_header(self):
        other = self._quote(self.desk, 2)
        other._reserve_quants([(self.bins[0].quant_ids, 2)])
        line = self._quote(self.desk, 10, 3)
        line._reserve_quants([(self.bins[1].quant_ids, 1)])
        wizard = self._open(line)
        self.assertRows(
            wizard,
            ("Shelf 1", 5, 2, 3, 0, 3),
            ("Shelf 2", 4, 0, 3, 1, 3),
            ("Shelf 3", 3, 0, 3, 0, 0),
        )
        self.assertRecordValues(
            wizard, [{"needed_qty": 7, "held_qty": 1, "open_qty": 6, "short_qty": 0}]
        )

    def test_not_enough(self):
        """R67: what is short is said before anything is chosen."""
        wizard = self._open(self._quote(self.desk, 20, 3))
        self.assertRecordValues(wizard, [{"open_qty": 17, "short_qty": 5}])
        wizard.action_reserve()
        line = wizard.sale_line_id
        self.assertEqual(line.reserved_stock_qty, 12)
        line.qty_to_assemble_to_order += wizard.short_qty
        self.assertRecordValues(
            self._open(line), [{"needed_qty": 12, "open_qty": 0, "short_qty": 0}]
        )

    def test_choose(self):
        """3 of one bin and 1 of another, confirmed and delivered from there."""
        line = self._quote(self.desk, 10, 6)
        wizard = self._choose(self._open(line), shelf_2=1, shelf_3=3)
        action = wizard.action_reserve()
        self.assertIn("4.00 Units of 4.00 Units", action["params"]["message"])
        self.assertEqual(self._held(line), {"Shelf 2": 1, "Shelf 3": 3})
        line.order_id.action_confirm()
        self.assertEqual(self._held(line), {"Shelf 2": 1, "Shelf 3": 3})
        self._produce(line.sudo().assembly_order_ids)
        self._deliver(line.order_id.sudo().picking_ids)
        self.assertEqual(self.bins.quant_ids.mapped("quantity"), [5, 3, 0])
        self.assertEqual(line.qty_delivered, 10)

    def test_on_an_order(self):
        """The same on the delivery of an order, of which a part has left already."""
        line = self._quote(self.desk, 10, 4)
        line.order_id.action_confirm()
        self._choose(self._open(line), shelf_3=3).action_reserve()
        self.assertEqual(self._held(line), {"Shelf 3": 3})
        self._deliver(line.order_id.sudo().picking_ids, stock=2, assembly=0)
        line.invalidate_recordset()
        wizard = self._open(line)
        self.assertRecordValues(
            wizard, [{"needed_qty": 4, "held_qty": 0, "open_qty": 4}]
        )
        self._choose(wizard, shelf_1=2, shelf_2=1).action_reserve()
        self.assertEqual(self._held(line), {"Shelf 1": 2, "Shelf 2": 1})
        self.assertInvariants(line.sudo())

    def test_automatically(self):
        """R61: in the order of removal, whatever was typed."""
        line = self._quote(self.desk, 10, 3)
        wizard = self._choose(self._open(line), shelf_3=1)
        action = wizard.action_auto_reserve()
        self.assertIn("7.00 Units of 7.00 Units", action["params"]["message"])
        self.assertEqual(self._held(line), {"Shelf 1": 5, "Shelf 2": 2})

    def test_let_go(self):
        """Of a row, of all: the dialog shows what is free then (R62)."""
        line = self._quote(self.desk, 10, 3)
        line.action_reserve_stock()
        wizard = self._open(line)
        row = wizard.line_ids.filtered(lambda row: row.location_id == self.bins[1])
        action = row.action_cancel_reservation()
        self.assertEqual(self._held(line), {"Shelf 1": 5})
        wizard = wizard.browse(action["res_id"])
        self.assertRows(
            wizard,
            ("Shelf 1", 5, 0, 0, 5, 0),
            ("Shelf 2", 4, 0, 4, 0, 2),
            ("Shelf 3", 3, 0, 3, 0, 0),
        )
        with self.assertRefused("no stock is held"):
            wizard.line_ids[1].action_cancel_reservation()
        action = wizard.action_cancel_reservation()
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(action["res_model"], "sale.line.reservation")
        with self.assertRefused("no stock is held"):
            wizard.action_cancel_reservation()

    def test_as_a_form(self):
        """Without the button: created with nothing but the line."""
        line = self._quote(self.desk, 10, 3)
        wizards = self.env["sale.line.reservation"].with_user(self.seller)
        wizard = wizards.create({"sale_line_id": line.id})
        self.assertEqual(wizard.line_ids.mapped("qty_to_reserve"), [5, 2, 0])
        wizard = Form(wizards.with_context(default_sale_line_id=line.id)).save()
        self.assertEqual(wizard.line_ids.mapped("qty_to_reserve"), [5, 2, 0])
        self.assertEqual(wizard.line_ids.quant_id, self.bins.quant_ids)

    def test_unit(self):
        """Figures are in the unit in which the stock is kept."""
        line = self._quote(self.desk, 12, 6)
        line.product_uom_id = self.dozen
        line.write({"product_uom_qty": 1, "qty_to_assemble_to_order": 0.5})
        wizard = self._open(line)
        self.assertRecordValues(
            wizard, [{"needed_qty": 6, "open_qty": 6, "product_uom_id": self.unit.id}]
        )
        self._choose(wizard, shelf_1=1, shelf_2=4).action_reserve()
        self.assertEqual(line.sudo().hold_move_ids.quantity, 5)
        self.assertEqual(line.reserved_stock_qty, 0.42)

    # Bad input changes nothing

    def test_more_than_free(self):
        """The loser of a race is told how much is left, and gets nothing."""
        line = self._quote(self.desk, 10, 3)
        wizard = self._choose(self._open(line), shelf_1=4, shelf_2=3)
        other = self._quote(self.desk, 2)
        other._reserve_quants([(self.bins[0].quant_ids, 2)])
        with self.assertRefused("4.00 Units were chosen from .*Shelf 1.* 3.00 Units"):
            wizard.action_reserve()
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(other.reserved_stock_qty, 2)

    def test_more_than_needed(self):
        line = self._quote(self.desk, 10, 3)
        wizard = self._choose(self._open(line), shelf_1=4, shelf_2=4)
        with self.assertRefused("7.00 Units are still to be .* 8.00 Units are chosen"):
            wizard.action_reserve()
        wizard = self._choose(wizard)
        with self.assertRefused("0.00 Units are chosen"):
            wizard.action_reserve()
        self.assertEqual(line.reserved_stock_qty, 0)

    def test_less_than_nothing(self):
        line = self._quote(self.desk, 10, 3)
        wizard = self._choose(self._open(line), shelf_1=4, shelf_2=-1)
        with self.assertRefused("-1.00 Units cannot be reserved"):
            wizard.action_reserve()
        self.assertEqual(line.reserved_stock_qty, 0)

    def test_what_is_not_offered(self):
        """By RPC: another product's, warehouse's, company's or owner's units."""
        quants = self.env["stock.quant"]
        elsewhere = self._create_warehouse("Other Hall", "OTH").lot_stock_id
        company = self.env["res.company"].create({"name": "Second Company"})
        foreign = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self._set_stock(self.desk, 9, elsewhere)
        quants._update_available_quantity(self.desk, foreign[:1].lot_stock_id, 9)
        quants._update_available_quantity(
            self.desk, self.stock, 9, owner_id=self.customer
        )
        self._set_stock(self.desk_to_order, 9)
        line = self._quote(self.desk, 10, 3)
        offered = self._open(line).line_ids.quant_id
        self.assertEqual(offered, self.bins.quant_ids)
        bad = quants.search(
            [
                ("product_id", "in", (self.desk + self.desk_to_order).ids),
                ("location_id.usage", "=", "internal"),
                ("id", "not in", offered.ids),
            ]
        )
        self.assertEqual(len(bad), 4)
        wizards = self.env["sale.line.reservation"].with_user(self.seller)
        for quant in bad:
            row = Command.create({"quant_id": quant.id, "qty_to_reserve": 1})
            values = {"sale_line_id": line.id, "line_ids": [row]}
            if quant.company_id == company:
                with self.assertRaises(AccessError):
                    wizards.create(values)
                continue
            wizard = wizards.create(values)
            self.assertEqual(wizard.line_ids.available_qty, 0, "nothing is told")
            with self.assertRefused("cannot serve Desk"):
                wizard.action_reserve()
        self.assertEqual(line.reserved_stock_qty, 0)

    def test_the_same_quant_twice(self):
        """By RPC: two rows of one quant are refused; elsewhere they count together."""
        line, quant = self._quote(self.desk, 10, 3), self.bins[0].quant_ids
        values = {"quant_id": quant.id, "qty_to_reserve": 3}
        with self.assertRefused("two rows stand for the same stock"):
            self.env["sale.line.reservation"].create(
                {"sale_line_id": line.id, "line_ids": 2 * [Command.create(values)]}
            )
        with self.assertRefused("6.00 Units were chosen .* 5.00 Units are free"):
            line._reserve_quants(2 * [(quant, 3)])

    def test_of_a_colleague(self):
        """Who may not change the order sees no stock and takes none."""
        line = self._quote(self.desk, 10, 3)
        wizard = self._open(line)
        colleague = new_test_user(
            self.env, login="ato_colleague", groups="sales_team.group_sale_salesman"
        )
        wizards = self.env["sale.line.reservation"].with_user(colleague)
        with self.assertRaises(AccessError):
            line.with_user(colleague).action_open_reservation()
        for values in ({}, {"line_ids": []}):
            with self.assertRaises(AccessError):
                wizards.create({"sale_line_id": line.id, **values})
        with self.assertRaises(AccessError):
            Form(wizards.with_context(default_sale_line_id=line.id))
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).action_reserve()
        own = self._create_order((self.desk, 1), user_id=colleague.id).order_line
        own = wizards.create({"sale_line_id": own.id})
        with self.assertRaises(AccessError):
            own.sale_line_id = line
        own.sudo().sale_line_id = line
        for action in ("reserve", "auto_reserve", "cancel_reservation"):
            with self.assertRaises(AccessError):
                getattr(own, f"action_{action}")()

    # Lots

    def _add_lot(self, product, name, quantity, **values):
        lot = self.env["stock.lot"].create(
            {"name": name, "product_id": product.id, **values}
        )
        self.env["stock.quant"]._update_available_quantity(
            product, self.stock, quantity, lot_id=lot
        )
        return lot

    def test_lots_are_the_ones_delivered(self):
        """Also to somebody who may not read lots: the dialog shows their names."""
        product = self._create_product(
            "Lot Desk", components={self.leg: 4}, tracking="lot"
        )
        lots = [self._add_lot(product, f"L{number}", 5) for number in range(3)]
        line = self._quote(product, 8, 4)
        wizard = self._open(line)
        [row] = wizard.line_ids[2].web_read(
            {"lot_id": {"fields": {"display_name": {}}}, "available_qty": {}}
        )
        self.assertEqual(row["lot_id"]["display_name"], "L2")
        wizard.line_ids[0].qty_to_reserve = 0
        wizard.line_ids[2].qty_to_reserve = 4
        wizard.action_reserve()
        line.order_id.action_confirm()
        moves = self._moves(line.sudo(), "stock")
        self.assertEqual(moves.lot_ids, lots[2])
        self._deliver(moves.picking_id, stock=4, assembly=0)
        self.assertEqual(moves.move_line_ids.lot_id, lots[2])
        self.assertEqual(lots[2].product_qty, 1)

    def test_serial_numbers(self):
        product = self._create_product(
            "Serial Desk", components={self.leg: 4}, tracking="serial"
        )
        serials = [self._add_lot(product, f"S{number}", 1) for number in range(4)]
        line = self._quote(product, 5, 3)
        wizard = self._open(line)
        self.assertEqual(wizard.line_ids.mapped("qty_to_reserve"), [1, 1, 0, 0])
        for row in wizard.line_ids:
            row.qty_to_reserve = row.lot_id in (serials[1], serials[3])
        wizard.action_reserve()
        line.order_id.action_confirm()
        self.assertEqual(
            self._moves(line.sudo(), "stock").lot_ids, serials[1] | serials[3]
        )

    def test_expired_lots(self):
        """Never offered; first expired is first reserved."""
        if "use_expiration_date" not in self.env["product.product"]._fields:
            self.skipTest("lots do not expire without product_expiry")
        product = self._create_product(
            "Fresh Desk",
            components={self.leg: 4},
            tracking="lot",
            use_expiration_date=True,
        )
        product.categ_id = self.env["product.category"].create(
            {
                "name": "Fresh",
                "removal_strategy_id": self.env.ref("product_expiry.removal_fefo").id,
            }
        )
        now = fields.Datetime.now()
        lots = {
            days: self._add_lot(
                product, f"Day {days}", 3, removal_date=now + timedelta(days=days)
            )
            for days in (-2, 300, 200)
        }
        line = self._quote(product, 4)
        wizard = self._open(line)
        self.assertEqual(wizard.line_ids.lot_id, lots[200] | lots[300])
        line.action_reserve_stock()
        self.assertEqual(
            {
                place[1]: sum(ml.mapped("quantity"))
                for place, ml in line._get_held_places().items()
            },
            {lots[200]: 3, lots[300]: 1},
        )

    def test_packages(self):
        package = self.env["stock.package"].create({"name": "Box 7"})
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.bins[0], 2, package_id=package
        )
        line = self._quote(self.desk, 10, 8)
        wizard = self._open(line)
        for row in wizard.line_ids:
            row.qty_to_reserve = 2 if row.package_id else 0
        wizard.action_reserve()
        line.order_id.action_confirm()
        moves = self._moves(line.sudo(), "stock")
        self.assertEqual(moves.move_line_ids.package_id, package)

    # Many

    def test_five_hundred_quants(self):
        """As many queries as for five, but for the rows that are written."""

        def queries(count):
            product = self._create_product(
                f"Desk in {count} bins", components={self.leg: 4}
            )
            bins = self.env["stock.location"].create(
                [
                    {"name": f"{count}/{number}", "location_id": self.stock.id}
                    for number in range(count)
                ]
            )
            self.env["stock.quant"].create(
                [
                    {"product_id": product.id, "location_id": bin.id, "quantity": 1}
                    for bin in bins
                ]
            )
            line = self._quote(product, 10, 6)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard = self._open(line)
            rows = wizard.line_ids.web_read(
                {
                    "location_id": {"fields": {"display_name": {}}},
                    "lot_id": {"fields": {"display_name": {}}},
                    "on_hand_qty": {},
                    "available_qty": {},
                    "reserved_qty": {},
                    "qty_to_reserve": {},
                }
            )
            self.assertEqual(len(rows), count)
            self.assertEqual(sum(row["qty_to_reserve"] for row in rows), 4)
            return self.env.cr.sql_log_count - before

        queries(5)  # warms the caches of the registry
        few, many = queries(5), queries(500)
        self.assertLessEqual(many, few + 10)
