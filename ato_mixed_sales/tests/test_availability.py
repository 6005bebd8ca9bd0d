# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon


class AvailabilityCommon(AssembleToOrderCommon):
    """Receipts, and figures read afresh."""

    def _receive(self, product, quantity, days, done=False, **values):
        """Something arrives from a vendor in so many days."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "date": self._noon(days),
                **values,
            }
        )
        move._action_confirm()
        if done:
            move.quantity = quantity
            move.picked = True
            move._action_done()
        return move

    def _reserve_by_hand(self):
        """Let nobody hold anything by itself."""
        self.warehouse.out_type_id.reservation_method = "manual"
        self.warehouse.manu_type_id.reservation_method = "manual"

    def _quotation_and_order(self, order):
        """The same is to hold before and after the confirmation."""
        yield order.state
        order.action_confirm()
        yield order.state

    def _rows(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        return order.get_assembly_availability()

    def _row(self, line):
        """The row of one line in the panel of its order."""
        rows = {row["line_id"]: row for row in self._rows(line.order_id)}
        return rows[line.id]

    def _component(self, line, product):
        components = self._row(line)["components"]
        [found] = [c for c in components if c["product_id"] == product.id]
        return found

    def _suggestions(self, line):
        return {
            s["action"]: (s["label"], s["qty"]) for s in self._row(line)["suggestions"]
        }

    def _segments(self, line):
        segments = self._row(line)["segments"]
        self.assertAlmostEqual(
            sum(segment["qty"] for segment in segments), line.product_uom_qty
        )
        return {segment["key"]: segment["qty"] for segment in segments}

    def assertFigures(self, line, **figures):
        """Figures of a line, in the panel and in the fields of the same name."""
        row = self._row(line)
        self.assertEqual({name: row[name] for name in figures}, figures)
        fields = {name: row[name] for name in figures if name in line._fields}
        self.assertRecordValues(line, [fields])


@tagged("post_install", "-at_install")
class TestShortage(AvailabilityCommon):
    """What is missing: the figure that is to be added to the assembly (R72)."""

    def test_by_quantity_to_assemble(self):
        """R72: 4 on hand, 10 ordered; to assemble 0, 5, 6, 10 → missing 6, 1, 0, 0."""
        self._set_stock(self.desk, 4)
        line = self._create_order((self.desk, 10)).order_line
        for to_assemble, missing, deductible in ((0, 6, 0), (5, 1, 0), (6, 0, 0)):
            line.qty_to_assemble_to_order = to_assemble
            self.assertFigures(line, missing_qty=missing, deductible_qty=deductible)
        line.qty_to_assemble_to_order = 10
        self.assertFigures(line, missing_qty=0, deductible_qty=4)

    def test_by_quantity_to_assemble_on_order(self):
        """The same once the order holds what there is, and is not counted twice."""
        self._set_stock(self.desk, 4)
        line = self._create_order((self.desk, 10)).order_line
        line.order_id.action_confirm()
        self.assertEqual(line.reserved_stock_qty, 4)
        for to_assemble, missing in ((0, 6), (5, 1), (6, 0), (0, 6)):
            line.qty_to_assemble_to_order = to_assemble
            self.assertFigures(line, missing_qty=missing, deductible_qty=0)

    def test_panel_when_more_is_ordered_than_there_is(self):
        """T095: 6 in stock, 7 ordered → 1 missing, said and not forbidden; 0 → none."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 7)).order_line
        self.assertFigures(
            line, qty=7, free_stock_qty=6, missing_qty=1, status_text="1 missing"
        )
        line.product_uom_qty = 0
        self.assertFigures(line, missing_qty=0, status_text="")
        line.product_uom_qty = 7
        line.order_id.action_confirm()
        self.assertFigures(line, missing_qty=1, reserved_stock_qty=6)

    def test_halves(self):
        """Words have as few decimals as the figures beside them, 1.5 and 2."""
        self._set_stock(self.desk, 2)
        line = self._create_order((self.desk, 3, 1.5)).order_line
        figures = line.assembly_figures
        self.assertEqual(figures["status_text"], "0.5 in stock could be used")
        labels = [suggestion["label"] for suggestion in figures["suggestions"]]
        self.assertEqual(labels[:2], ["Take 0.5 from stock", "Reserve 1.5"])
        quantities = {
            0.25: "0.25",
            2: "2",
            2.001: "2",
            1234: "1,234",
            1234.5: "1,234.5",
        }
        for quantity, text in quantities.items():
            self.assertEqual(line._format_count(quantity), text)

    def test_other_orders(self):
        """T095: what another order holds is gone, what it only wishes for is not."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 7)).order_line
        other = self._create_order((self.desk, 2))
        self.assertFigures(line, missing_qty=1, free_stock_qty=6)
        other.action_confirm()
        self.assertFigures(line, missing_qty=3, free_stock_qty=4)
        other._action_cancel()
        self.assertFigures(line, missing_qty=1, free_stock_qty=6)

    def test_held_by_a_quotation(self):
        """What a quotation holds is its own, and nobody else's."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10, 4)).order_line
        other = self._create_order((self.desk, 7)).order_line
        line.action_reserve_stock()
        self.assertFigures(line, reserved_stock_qty=6, missing_qty=0, free_stock_qty=0)
        self.assertEqual(self._segments(line), {"reserved": 6, "able": 4})
        self.assertNotIn("action_reserve_stock", self._suggestions(line))
        self.assertFigures(other, missing_qty=7, free_stock_qty=0)

    def test_returned(self):
        """What came back from the customer is free, and not asked for again."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 6, 2)).order_line
        line.order_id.action_confirm()
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": line.order_id.picking_ids.id}
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        returned.move_ids.picked = True
        returned.button_validate()
        self.assertEqual(line.qty_delivered, 4)
        self.assertFigures(line, missing_qty=0, deductible_qty=0, status=False)

    def test_other_demand_by_day(self):
        """Unreserved demand of others counts from the day on which it is due."""
        self._reserve_by_hand()
        self._set_stock(self.desk, 6)
        other = self._create_order((self.desk, 2), commitment_date=self._noon(5))
        other.action_confirm()
        line = self._create_order(
            (self.desk, 7), commitment_date=self._noon(4)
        ).order_line
        self.assertFigures(line, missing_qty=1)
        line.order_id.commitment_date = self._noon(5)
        self.assertFigures(line, missing_qty=3)

    def test_shortage_of_others(self):
        """Others lack more than there is: the line misses what it asks for, no more."""
        self._set_stock(self.desk, 4)
        other = self._create_order((self.desk, 10))
        other.action_confirm()
        line = self._create_order((self.desk, 7, 2)).order_line
        self.assertFigures(line, missing_qty=5, free_stock_qty=0)

    def test_receipts_by_day(self):
        """T095: what arrives in time covers the line, what comes later dates it."""
        self._set_stock(self.desk, 6)
        line = self._create_order(
            (self.desk, 10), commitment_date=self._noon(5)
        ).order_line
        self.assertFigures(line, missing_qty=4, availability_date=False)
        self._receive(self.desk, 3, 5)
        self.assertFigures(line, missing_qty=1, availability_date=False)
        self._receive(self.desk, 1, 9)
        self.assertFigures(
            line, missing_qty=1, availability_date=self._day(9), is_late=True
        )
        line.order_id.commitment_date = self._noon(9)
        self.assertFigures(
            line, missing_qty=0, availability_date=self._day(9), is_late=False
        )
        self.assertEqual(self._segments(line), {"free": 6, "expected": 4})

    def test_overdue_receipt(self):
        """What should have arrived is expected from today on."""
        line = self._create_order((self.desk, 3)).order_line
        self._receive(self.desk, 3, -4)
        self.assertFigures(line, missing_qty=0, availability_date=self.today)

    def test_overdue_order(self):
        """A delivery date in the past asks what can be done today, which is late."""
        self._set_stock(self.desk, 2)
        line = self._create_order(
            (self.desk, 3), commitment_date=self._noon(-9)
        ).order_line
        self.assertFigures(line, missing_qty=1, delivery_date=self._day(-9))
        line.product_uom_qty = 2
        self.assertFigures(
            line, missing_qty=0, availability_date=self.today, is_late=True
        )

    def test_bound_to_another_order(self):
        """What Odoo buys or makes for one order alone covers no other."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        self.desk.route_ids = route
        other = self._create_order((self.desk, 5))
        self.assertFigures(other.order_line, missing_qty=0, status=False)
        other.action_confirm()
        self.assertTrue(other.order_line.move_ids.move_orig_ids.production_id)
        self.assertFigures(other.order_line, missing_qty=0)
        self.desk.route_ids = False
        line = self._create_order((self.desk, 4)).order_line
        self.assertFigures(line, missing_qty=4)

    def test_made_for_another_line(self):
        """Assembled early for another order: on the shelf, and not to be had."""
        other = self._create_order((self.desk, 4, 4))
        other.action_confirm()
        line = self._create_order(
            (self.desk, 4), commitment_date=self._noon(3)
        ).order_line
        self.assertFigures(line, missing_qty=4, free_stock_qty=0)
        self._produce(other.order_line.assembly_order_ids)
        self.assertFigures(line, missing_qty=4, free_stock_qty=0)
        self.assertFigures(
            other.order_line, missing_qty=0, waiting_qty=4, status="covered"
        )

    def test_made_for_stock(self):
        """A manufacturing order for stock covers who delivers after it."""
        order = self.env["mrp.production"].create(
            {
                "product_id": self.desk.id,
                "product_qty": 5,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "date_start": self._noon(2),
            }
        )
        order.action_confirm()
        line = self._create_order(
            (self.desk, 4), commitment_date=self._noon(1)
        ).order_line
        self.assertFigures(line, missing_qty=4)
        line.order_id.commitment_date = self._noon(4)
        self.assertFigures(line, missing_qty=0, availability_date=self._day(2))

    def test_not_ours(self):
        """Goods on consignment are somebody else's."""
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, 5, owner_id=self.customer
        )
        line = self._create_order((self.desk, 4)).order_line
        self.assertFigures(line, missing_qty=4, free_stock_qty=0)

    def test_put_elsewhere(self):
        """Moved from shelf to shelf the stock is neither free now nor lost."""
        self._set_stock(self.desk, 4)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        move = self._receive(
            self.desk, 4, 2, location_id=self.stock.id, location_dest_id=shelf.id
        )
        move._action_assign()
        line = self._create_order(
            (self.desk, 4), commitment_date=self._noon(3)
        ).order_line
        self.assertFigures(
            line, free_stock_qty=0, missing_qty=0, availability_date=self._day(2)
        )

    def test_dozens(self):
        """2 dozen ordered, 15 units in stock: 9 units, 0.75 dozen, are missing."""
        self._set_stock(self.desk, 15)
        order = self._create_order()
        order.order_line = [
            Command.create(
                self._prepare_line_vals(self.desk, 2, product_uom_id=self.dozen.id)
            )
        ]
        line = order.order_line
        self.assertFigures(line, missing_qty=0.75, free_stock_qty=1.25, uom="Dozens")
        line.action_assemble_missing()
        self.assertEqual(line.assembly_order_ids.product_qty, 9)
        self.assertFigures(line, missing_qty=0, able_to_assemble_qty=0.75)

    def test_another_warehouse(self):
        """Stock counts where the line is delivered from."""
        other = self._create_warehouse("Annex", "ANX")
        self._set_stock(self.desk, 5, other.lot_stock_id)
        order = self._create_order((self.desk, 4))
        self.assertFigures(order.order_line, missing_qty=4)
        order.warehouse_id = other
        self.assertFigures(order.order_line, missing_qty=0, free_stock_qty=5)

    def test_several_steps(self):
        """Picked and on its way through the warehouse, units are counted once."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._set_stock(self.desk, 8)
        line = self._create_order((self.desk, 10, 2)).order_line
        line.order_id.action_confirm()
        other = self._create_order((self.desk, 4)).order_line
        for _step in range(2):
            self.assertFigures(line, missing_qty=0, reserved_stock_qty=8)
            self.assertFigures(other, missing_qty=4, free_stock_qty=0)
            step = line.order_id.picking_ids.filtered(lambda p: p.state == "assigned")
            self._deliver(step, stock=8, assembly=0)


@tagged("post_install", "-at_install")
class TestAnswers(AvailabilityCommon):
    """What is suggested, and what one click does."""

    def test_assemble_the_missing(self):
        """Flow one: 10 ordered, 6 in stock; the missing 4 are assembled."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10)).order_line
        self.assertFigures(line, status="missing", status_text="4 missing")
        self.assertEqual(self._segments(line), {"free": 6, "missing": 4})
        self.assertEqual(
            self._suggestions(line),
            {
                "action_assemble_missing": ("Assemble 4", 4),
                "action_reserve_stock": ("Reserve 6", 6),
                "action_open_reservation": ("Choose stock...", 6),
            },
        )
        line.action_assemble_missing()
        self.assertLine(line, 10, 6, 4)
        self.assertFigures(
            line,
            status="assemble",
            status_text="6 in stock + 4 to assemble",
            able_to_assemble_qty=4,
            missing_qty=0,
            availability_date=self.today,
        )
        self.assertEqual(self._segments(line), {"free": 6, "able": 4})
        line.order_id.action_confirm()
        self.assertEqual(self._segments(line), {"reserved": 6, "able": 4})
        self._produce(line.assembly_order_ids)
        self.assertFigures(
            line, status="covered", status_text="6 in stock + 4 assembled"
        )
        self.assertEqual(self._segments(line), {"reserved": 6, "assembled": 4})
        self._deliver(line.order_id.picking_ids)
        self.assertFigures(line, status=False, status_text="", suggestions=[])
        self.assertEqual(self._segments(line), {"delivered": 10})

    def test_take_from_stock(self):
        """Flow two: 10 to assemble, 3 in stock; they are taken instead."""
        self._set_stock(self.desk_to_order, 3)
        line = self._create_order((self.desk_to_order, 10)).order_line
        self.assertFigures(
            line,
            deductible_qty=3,
            status="could_use_stock",
            status_text="3 in stock could be used",
        )
        self.assertEqual(
            self._suggestions(line)["action_take_from_stock"],
            ("Take 3 from stock", 3),
        )
        line.action_take_from_stock()
        self.assertLine(line, 10, 3, 7)
        self.assertFigures(line, deductible_qty=0, missing_qty=0, free_stock_qty=3)

    def test_take_from_stock_on_order(self):
        """On an order the units are held at once, also where nothing is by itself."""
        self._reserve_by_hand()
        line = self._create_order((self.desk_to_order, 10)).order_line
        line.order_id.action_confirm()
        self._set_stock(self.desk_to_order, 3)
        self.assertFigures(line, deductible_qty=3)
        line.action_take_from_stock()
        self.assertLine(line, 10, 3, 7)
        self.assertFigures(line, reserved_stock_qty=3, deductible_qty=0)
        self.assertInvariants(line)

    def test_what_has_started_is_not_taken_back(self):
        """2 of 10 are made and 8 under way: stock that arrives is of no use."""
        line = self._create_order((self.desk_to_order, 10)).order_line
        line.order_id.action_confirm()
        self._produce(line.assembly_order_ids, 2)
        self._set_stock(self.desk_to_order, 30)
        self.assertFigures(line, deductible_qty=8)
        self._get_open_order(line).qty_producing = 1
        self.assertFigures(line, deductible_qty=0)
        with self.assertRefused("8.00 Units cannot be taken back from assembly order"):
            line.action_take_from_stock()

    def _get_open_order(self, line):
        return line.assembly_order_ids.filtered(lambda order: order.state != "done")

    def test_promised_to_others(self):
        """Stock that others wait for is not suggested."""
        self._reserve_by_hand()
        self._set_stock(self.desk_to_order, 5)
        self._create_order((self.desk_to_order, 3, 0)).action_confirm()
        line = self._create_order((self.desk_to_order, 10)).order_line
        self.assertFigures(line, free_stock_qty=5, deductible_qty=2)
        line.action_take_from_stock()
        self.assertFigures(line, missing_qty=0, deductible_qty=0)

    def test_reserve(self):
        """6 of 10 are free: Reserve 6."""
        self._reserve_by_hand()
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10, 2)).order_line
        line.order_id.action_confirm()
        self.assertEqual(self._segments(line), {"free": 6, "able": 2, "missing": 2})
        label, quantity = self._suggestions(line)["action_reserve_stock"]
        self.assertEqual((label, quantity), ("Reserve 6", 6))
        line.action_reserve_stock()
        self.assertNotIn("action_reserve_stock", self._suggestions(line))

    def test_every_line_at_once(self):
        """Both answers for several lines, those without an answer left alone."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 4), (self.desk, 5), (self.desk, 1))
        order.order_line.action_assemble_missing()
        self.assertEqual(order.order_line.mapped("qty_to_assemble_to_order"), [0, 3, 1])
        self._set_stock(self.desk, 9)
        self.env.invalidate_all()
        order.order_line.action_take_from_stock()
        self.assertEqual(order.order_line.mapped("qty_to_assemble_to_order"), [0, 0, 1])

    def test_refused(self):
        """Nothing to answer, a locked and a cancelled order: said, and no change."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 5)).order_line
        order = line.order_id
        with self.assertRefused("nothing is missing of 5"):
            line.action_assemble_missing()
        with self.assertRefused("nothing is free in Assembly Hall"):
            line.action_take_from_stock()
        line.product_uom_qty = 10
        order.action_confirm()
        order.action_lock()
        with self.assertRefused("cancelled or locked"):
            line.action_assemble_missing()
        self.assertEqual(self._row(line)["suggestions"], [])
        order.action_unlock()
        order._action_cancel()
        with self.assertRefused("cancelled or locked"):
            line.action_assemble_missing()
        self.assertFalse(self._rows(order))
        self.assertLine(line, 10, 10, 0)

    def test_read_only(self):
        """The panel writes nothing: a replica may serve it."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 2))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            [row] = order.get_assembly_availability()
            savepoint.close(rollback=True)
        self.assertEqual(row["missing_qty"], 2)

    def test_language(self):
        """Status, answers and the bar are in the language of the seller."""
        self.env["res.lang"]._activate_lang("de_DE")
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10)).with_context(lang="de_DE")
        [row] = order.get_assembly_availability()
        self.assertEqual(row["status_text"], "Fehlend: 4")
        [missing] = [piece for piece in row["segments"] if piece["key"] == "missing"]
        self.assertEqual(missing["label"], "Nicht gedeckt")
        self.assertIn("4", row["suggestions"][0]["label"])
        self.assertNotIn("Assemble", row["suggestions"][0]["label"])

    def test_rights(self):
        """A seller sees figures and acts on own orders; others may not."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 1), user_id=self.seller.id)
        order.warehouse_id = self.warehouse
        row = order.with_user(self.seller).get_assembly_availability()[0]
        self.assertEqual((row["missing_qty"], row["free_stock_qty"]), (3, 6))
        order.order_line.with_user(self.seller).action_assemble_missing()
        self.assertLine(order.order_line, 10, 6, 4)
        order.action_confirm()
        self.assertTrue(order.with_user(self.seller).get_assembly_availability())
        colleague = new_test_user(
            self.env, login="ato_colleague", groups="sales_team.group_sale_salesman"
        )
        portal = new_test_user(self.env, login="ato_portal", groups="base.group_portal")
        for user in colleague, portal:
            with self.assertRaises(AccessError):
                order.with_user(user).get_assembly_availability()
            with self.assertRaises(AccessError):
                order.order_line.with_user(user).action_assemble_missing()
        order.message_subscribe(portal.partner_id.ids)
        order.partner_id = portal.partner_id
        with self.assertRaises(AccessError):
            order.with_user(portal).get_assembly_availability()


@tagged("post_install", "-at_install")
class TestComponentsShort(AvailabilityCommon):
    """What the components allow, and from which day on (R76, R77)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screw = cls._create_product("Screw")
        cls.panel = cls._create_product("Panel")
        cls.shelf = cls._create_product(
            "Shelf", components={cls.screw: 2, cls.panel: 1}
        )

    def _sell(self, quantity, to_assemble, days=0):
        sale = self._create_order(
            (self.shelf, quantity, to_assemble), commitment_date=self._noon(days)
        )
        return sale.order_line

    def test_whole_units(self):
        """R76: to assemble 6, 7 screws at 2 each → 3 and not 3.5; 10 panels → 6."""
        self._set_stock(self.screw, 7)
        self._set_stock(self.panel, 10)
        line = self._sell(6, 6)
        self.assertFigures(
            line,
            able_to_assemble_qty=3,
            components_short_qty=3,
            missing_qty=0,
            status="components_short",
            status_text="components short: 3 of 6",
        )
        self.assertEqual(self._segments(line), {"able": 3, "short": 3})
        screws, panels = self._row(line)["components"]
        self.assertEqual({name: screws[name] for name in self.SCREWS}, self.SCREWS)
        self.assertEqual(panels["product"], "Panel")
        self.assertEqual((panels["required_qty"], panels["available_qty"]), (6, 10))
        self.assertEqual((panels["missing_qty"], panels["is_bottleneck"]), (0, False))
        line.order_id.action_confirm()
        self.assertFigures(line, able_to_assemble_qty=3, components_short_qty=3)

    SCREWS = {
        "product": "Screw",
        "uom": "Units",
        "required_qty": 12,
        "available_qty": 7,
        "missing_qty": 5,
        "availability_date": False,
        "is_bottleneck": True,
        "able_to_assemble_qty": 3,
    }

    def test_what_is_measured(self):
        """7 litres of 2 a litre of paint make 3.5 litres: they need not be whole."""
        litre = self.env.ref("uom.product_uom_litre")
        pigment = self._create_product("Pigment", uom_id=litre.id)
        paint = self._create_product("Paint", uom_id=litre.id)
        bom = self._create_bom(paint, {pigment: 2}, product_uom_id=litre.id)
        bom.bom_line_ids.product_uom_id = litre
        self._set_stock(pigment, 7)
        line = self._create_order((paint, 6, 6)).order_line
        self.assertFigures(line, able_to_assemble_qty=3.5)

    def test_held_by_others(self):
        """Screws that another assembly order holds are gone, on drafts they are not."""
        self._set_stock(self.screw, 10)
        self._set_stock(self.panel, 10)
        other, line = self._sell(3, 3), self._sell(4, 4)
        self.assertFigures(line, able_to_assemble_qty=4)
        other.order_id.action_confirm()
        self.assertFigures(line, able_to_assemble_qty=2)
        self.assertFigures(other, able_to_assemble_qty=3)

    def test_own_components_are_not_counted_twice(self):
        """10 screws for 5 shelves, before, with and after the order's own claim."""
        self._set_stock(self.screw, 10)
        self._set_stock(self.panel, 10)
        line = self._sell(5, 5)
        line.order_id.action_confirm()
        order = line.assembly_order_ids
        for _step in ("held", "not held"):
            self.assertFigures(line, able_to_assemble_qty=5, components_short_qty=0)
            self.assertEqual(self._component(line, self.screw)["available_qty"], 10)
            order.do_unreserve()
        self._produce(order, 2)
        self.assertFigures(line, able_to_assemble_qty=3, remaining_qty=3, waiting_qty=2)

    def test_components_picked_first(self):
        """With three steps the components are held on their way to the floor."""
        self.warehouse.manufacture_steps = "pbm_sam"
        self._set_stock(self.screw, 10)
        self._set_stock(self.panel, 10)
        line = self._sell(5, 5)
        line.order_id.action_confirm()
        other = self._sell(1, 1)
        picking = line.assembly_order_ids.picking_ids.filtered(
            lambda p: p.state == "assigned"
        )
        for _step in ("held on the shelf", "brought to the floor"):
            self.assertFigures(line, able_to_assemble_qty=5)
            self.assertEqual(self._component(line, self.screw)["reserved_qty"], 10)
            self.assertFigures(other, able_to_assemble_qty=0)
            picking.button_validate()

    def test_receipts_and_lead_time(self):
        """Screws arrive in 4 days, assembly takes 3: ready in 7 days, not before."""
        self.shelf.bom_ids.produce_delay = 3
        self._set_stock(self.screw, 2)
        self._set_stock(self.panel, 10)
        self._receive(self.screw, 10, 4)
        line = self._sell(6, 6, days=6)
        self.assertFigures(
            line,
            able_to_assemble_qty=1,
            availability_date=self._day(7),
            is_late=True,
            status="components_short",
        )
        line.order_id.commitment_date = self._noon(7)
        self.assertFigures(
            line,
            able_to_assemble_qty=6,
            availability_date=self._day(7),
            is_late=False,
            status="assemble",
            status_text="6 to assemble",
            promise_text=f"on time for {self._format_day(7)}",
        )
        self.assertEqual(
            self._component(line, self.screw)["availability_date"], self._day(4)
        )

    def _format_day(self, days):
        day = self._day(days)
        year = "" if day.year == self.today.year else f", {day.year}"
        return f"{day:%b} {day.day}{year}"

    def test_unknown(self):
        """R77: nobody knows when the screws come: no date."""
        self._set_stock(self.panel, 10)
        self._set_stock(self.shelf, 4)
        line = self._sell(6, 2)
        self.assertFigures(line, able_to_assemble_qty=0, availability_date=False)

    def test_stock_and_assembly(self):
        """The line leaves when the later of its parts is there (W21)."""
        self._set_stock(self.screw, 10)
        self._set_stock(self.panel, 10)
        self.shelf.bom_ids.produce_delay = 3
        line = self._sell(6, 2, days=20)
        self._receive(self.shelf, 4, 2)
        self.assertFigures(line, availability_date=self._day(3), missing_qty=0)
        self._receive(self.shelf, 4, 8).date = self._noon(8)
        line.product_uom_qty = 10
        self.assertFigures(line, availability_date=self._day(8), missing_qty=0)

    def test_as_planned(self):
        """A planner puts the assembly off: the line is ready when it is planned."""
        self._set_stock(self.screw, 10)
        self._set_stock(self.panel, 10)
        line = self._sell(2, 2, days=5)
        line.order_id.action_confirm()
        line.assembly_order_ids.date_start = self._noon(9)
        self.assertFigures(line, availability_date=self._day(9), is_late=True)

    def test_components_as_sold(self):
        """A component that somebody added counts, as does one that was removed."""
        self._set_stock(self.screw, 2)
        self._set_stock(self.panel, 10)
        line = self._sell(6, 6)
        order = line.assembly_order_ids
        order.move_raw_ids.filtered(lambda m: m.product_id == self.screw).unlink()
        order.move_raw_ids = [
            Command.create({"product_id": self.lamp.id, "product_uom_qty": 12})
        ]
        self.assertFigures(line, able_to_assemble_qty=6)
        self.assertEqual(self._component(line, self.lamp)["required_qty"], 12)
        line.qty_to_assemble_to_order = 3
        self.assertEqual(self._component(line, self.lamp)["required_qty"], 6)

    def test_without_order_and_with_kits(self):
        """No assembly order yet: by the bill of materials, kits as what they hold."""
        self.company.assembly_order_creation = "confirmation"
        kit = self._create_product("Fittings")
        self._create_bom(kit, {self.screw: 4, self.lamp: 1}, type="phantom")
        cabinet = self._create_product("Cabinet", {self.panel: 3, kit: 2})
        self._set_stock(self.screw, 20)
        self._set_stock(self.panel, 100)
        line = self._create_order((cabinet, 5, 3)).order_line
        self.assertFalse(line.assembly_order_ids)
        needed = {
            c["product"]: c["required_qty"] for c in self._row(line)["components"]
        }
        self.assertEqual(needed, {"Panel": 9, "Screw": 24, "Desk Lamp": 6})
        self.assertFigures(line, able_to_assemble_qty=2)

    def test_components_that_are_assembled(self):
        """One level below: 1 there, and 2 could be made of the parts (W16)."""
        frame = self._create_product("Frame", {self.screw: 4, self.panel: 1})
        window = self._create_product("Window", {frame: 1})
        self._set_stock(frame, 1)
        self._set_stock(self.screw, 11)
        self._set_stock(self.panel, 10)
        line = self._create_order((window, 5, 5)).order_line
        self.assertFigures(line, able_to_assemble_qty=1)
        component = self._component(line, frame)
        self.assertEqual(
            (component["missing_qty"], component["can_be_made_qty"]), (4, 2)
        )

    def test_services_and_consumables(self):
        """What is not tracked is always there, and not listed."""
        glue = self._create_product("Glue", is_storable=False)
        box = self._create_product("Box", {self.panel: 1, glue: 1})
        self._set_stock(self.panel, 3)
        line = self._create_order((box, 3, 3)).order_line
        self.assertFigures(line, able_to_assemble_qty=3)
        [component] = self._row(line)["components"]
        self.assertEqual(component["product"], "Panel")

    def test_another_warehouse_assembles(self):
        """Components count where they are taken from, stock where it is delivered."""
        shop = self._create_warehouse(
            "Shop", "SHP", resupply_wh_ids=[Command.link(self.warehouse.id)]
        )
        shop.manufacture_to_resupply = False
        self._set_stock(self.screw, 8)
        self._set_stock(self.panel, 10)
        self._set_stock(self.shelf, 2, shop.lot_stock_id)
        self._set_stock(self.shelf, 9)
        line = self._create_order((self.shelf, 8, 5), warehouse_id=shop.id).order_line
        for _state in self._quotation_and_order(line.order_id):
            self.assertFigures(
                line, missing_qty=1, able_to_assemble_qty=4, components_short_qty=1
            )


@tagged("post_install", "-at_install")
class TestTogether(AvailabilityCommon):
    """Lines of one order share what there is, the first line first."""

    def test_stock(self):
        """6 in stock, lines of 4, 5 and 2: the second lacks 3, the third 2."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 4), (self.desk, 5), (self.desk, 2))
        for _state in self._quotation_and_order(order):
            missing = [row["missing_qty"] for row in self._rows(order)]
            self.assertEqual(missing, [0, 3, 2])

    def test_free_stock(self):
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 4), (self.desk, 5))
        free = [row["free_stock_qty"] for row in self._rows(order)]
        self.assertEqual(free, [6, 2])

    def test_needs_before_wishes(self):
        """What a later line needs is not offered to an earlier one."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 10), (self.desk, 5, 0))
        rows = self._rows(order)
        self.assertEqual([row["missing_qty"] for row in rows], [0, 0])
        self.assertEqual([row["deductible_qty"] for row in rows], [1, 0])

    def test_wishes_are_shared(self):
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 4, 4), (self.desk, 5, 5))
        rows = self._rows(order)
        self.assertEqual([row["deductible_qty"] for row in rows], [4, 2])

    def test_components(self):
        """24 trays: 4 tables of 4, so 4 and not 5 tables of 2; trays sold come last."""
        tray = self._create_product("Tray")
        small = self._create_product("Small Table", {tray: 4})
        large = self._create_product("Large Table", {tray: 2})
        self._set_stock(tray, 24)
        order = self._create_order((small, 4, 4), (large, 5, 5), (tray, 1))
        self._reserve_by_hand()
        for _state in self._quotation_and_order(order):
            rows = self._rows(order)
            self.assertEqual([row["product"] for row in rows], [small.name, large.name])
            self.assertEqual([row["able_to_assemble_qty"] for row in rows], [4, 4])
            available = [row["components"][0]["available_qty"] for row in rows]
            self.assertEqual(available, [24, 8])

    def test_plain_line_first(self):
        """Spare parts sold before the desk are not there for the desk."""
        tray = self._create_product("Tray")
        table = self._create_product("Table", {tray: 4})
        self._set_stock(tray, 10)
        order = self._create_order((tray, 3), (table, 2, 2))
        self._reserve_by_hand()
        for _state in self._quotation_and_order(order):
            self.assertEqual(self._rows(order)[0]["able_to_assemble_qty"], 1)

    def test_order_of_lines(self):
        """Dragging a line up gives it the stock."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 6), (self.desk, 6))
        first, second = order.order_line
        first.sequence, second.sequence = 20, 10
        self.assertEqual(self._row(first)["missing_qty"], 6)
        self.assertEqual(self._row(second)["missing_qty"], 0)

    def test_several_orders(self):
        """Asked for together, orders see each other as when asked for alone."""
        self._set_stock(self.desk, 6)
        orders = self._create_order((self.desk, 4)) | self._create_order((self.desk, 5))
        names = ["missing_qty", "able_to_assemble_qty"]
        for _state in ("draft", "sale"):
            self.env.flush_all()
            self.env.invalidate_all()
            together = [line["missing_qty"] for line in orders.order_line.read(names)]
            alone = [self._row(line)["missing_qty"] for line in orders.order_line]
            self.assertEqual(together, alone)
            orders.filtered(lambda order: order.state == "draft").action_confirm()
        self.assertEqual(together, [0, 3])


@tagged("post_install", "-at_install")
class TestWhileTyping(AvailabilityCommon):
    """The status follows what is typed, before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.ui.view"].create(
            {
                "model": "sale.order",
                "inherit_id": cls.env.ref("ato_mixed_sales.view_order_form").id,
                "arch": """
                    <xpath
                        expr="//field[@name='order_line']/list/field[@name='product_id']"
                        position="after"
                    >
                        <field name="assembly_status" />
                        <field name="assembly_status_text" />
                    </xpath>
                """,
            }
        )

    def test_new_line(self):
        self._set_stock(self.desk, 6)
        form = self._order_form()
        with form.order_line.new() as line:
            line.product_id = self.desk
            for ordered, text in (
                (5, "5 in stock"),
                (7, "1 missing"),
                (10, "4 missing"),
            ):
                line.product_uom_qty = ordered
                self.assertEqual(line.assembly_status_text, text)
            line.qty_to_assemble_to_order = 4
            self.assertEqual(line.assembly_status_text, "6 in stock + 4 to assemble")
            line.qty_to_assemble_to_order = 7
            self.assertEqual(line.assembly_status_text, "3 in stock could be used")

    def test_components_of_a_new_line(self):
        self._set_stock(self.top, 2)
        form = self._order_form()
        with form.order_line.new() as line:
            line.product_id = self.desk_to_order
            line.product_uom_qty = 5
            self.assertEqual(line.assembly_status, "components_short")
            line.product_uom_qty = 2
            self.assertEqual(line.assembly_status, "assemble")

    def test_saved_line(self):
        """Its own assembly order and reservation are not counted against it."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4))
        for _state in self._quotation_and_order(order):
            with Form(order) as form, form.order_line.edit(0) as line:
                line.product_uom_qty = 12
                self.assertEqual(line.assembly_status_text, "2 missing")
                line.qty_to_assemble_to_order = 6
                self.assertEqual(
                    line.assembly_status_text, "6 in stock + 6 to assemble"
                )
                line.product_uom_qty = 10
                line.qty_to_assemble_to_order = 4

    def test_another_line_of_the_order(self):
        """The lines above, typed and not saved, have theirs first."""
        self._set_stock(self.desk, 6)
        with self._order_form((self.desk, 4), (self.desk, 5)) as form:
            self.assertEqual(self._texts(form), ["4 in stock", "3 missing"])
            with form.order_line.edit(0) as line:
                line.qty_to_assemble_to_order = 3
            self.assertEqual(
                self._texts(form), ["1 in stock + 3 to assemble", "5 in stock"]
            )

    def _texts(self, form):
        texts = []
        for index in range(len(form.order_line)):
            with form.order_line.edit(index) as line:
                texts.append(line.assembly_status_text)
        return texts

    def test_line_added_to_an_order(self):
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 2))
        order.action_confirm()
        with Form(order) as form, form.order_line.new() as line:
            line.product_id = self.desk
            line.product_uom_qty = 5
            self.assertEqual(line.assembly_status_text, "1 missing")

    def test_more_of_a_confirmed_line(self):
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10))
        order.action_confirm()
        with Form(order) as form, form.order_line.edit(0) as line:
            self.assertEqual(line.assembly_status_text, "4 missing")
            line.product_uom_qty = 12
            self.assertEqual(line.assembly_status_text, "6 missing")

    def test_another_delivery_date(self):
        self._receive(self.desk, 5, 3)
        form = self._order_form((self.desk, 5))
        with form.order_line.edit(0) as line:
            self.assertEqual(line.assembly_status_text, "5 missing")
        form.commitment_date = self._noon(4)
        with form.order_line.edit(0) as line:
            self.assertIn("5 expected", line.assembly_status_text)


@tagged("post_install", "-at_install")
class TestAlerts(AvailabilityCommon):
    """They forbid nothing, stay visible and can be searched for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls._set_stock(cls.top, 2)
        cls.missing = cls._create_order((cls.desk, 10))
        cls.usable = cls._create_order((cls.desk, 2, 2))
        cls.short = cls._create_order((cls.desk_to_order, 3))
        cls.fine = cls._create_order((cls.desk, 6), (cls.lamp, 1))
        cls.orders = cls.missing | cls.usable | cls.short | cls.fine

    def _find(self, model, field, operator=">", value=0):
        self.env.flush_all()
        self.env.invalidate_all()
        prefix = "order_line." if model == "sale.order" else ""
        key = "id" if model == "sale.order" else "order_id"
        return self.env[model].search(
            [(prefix + field, operator, value), (key, "in", self.orders.ids)]
        )

    def test_filters(self):
        for field, order in (
            ("missing_qty", self.missing),
            ("deductible_qty", self.usable),
            ("components_short_qty", self.short),
        ):
            with self.subTest(field=field):
                self.assertEqual(self._find("sale.order", field), order)
                self.assertEqual(self._find("sale.order.line", field), order.order_line)

    def test_other_comparisons(self):
        lines = self.orders.order_line
        self.assertEqual(
            self._find("sale.order.line", "missing_qty", "=", 0),
            lines - self.missing.order_line,
        )
        self.assertEqual(
            self._find("sale.order.line", "missing_qty", "!=", 0),
            self.missing.order_line,
        )
        self.assertEqual(self._find("sale.order.line", "missing_qty", "<=", 4), lines)
        self.assertFalse(self._find("sale.order.line", "missing_qty", ">", 4))

    def test_closed_orders(self):
        """Cancelled and delivered lines are not searched."""
        self.missing._action_cancel()
        self.assertFalse(self._find("sale.order", "missing_qty"))

    def test_of_colleagues(self):
        """A seller finds own orders only."""
        self.missing.user_id = self.seller
        found = (
            self.env["sale.order"]
            .with_user(self.seller)
            .search([("order_line.missing_qty", ">", 0)])
        )
        self.assertEqual(found & self.orders, self.missing)

    def test_lines_to_promise(self):
        """The list opens with its filters, and answers from there."""
        action = self.env.ref("ato_mixed_sales.sale_order_line_action_to_promise")
        view = self.env["sale.order.line"].get_view(action.view_id.id, "list")
        self.assertIn("deductible_qty", view["models"]["sale.order.line"])
        opened = self.missing.order_line.action_open_order()
        self.assertEqual(opened["res_model"], "sale.order")
        self.assertEqual(opened["res_id"], self.missing.id)
        self.missing.order_line.action_assemble_missing()
        self.assertFalse(self._find("sale.order.line", "missing_qty"))

    def test_refuse_to_confirm(self):
        """On request only, naming product, quantity and ways out; for people only."""
        self.company.uncovered_confirmation = "refuse"
        with self.assertRefused(r"Desk: 4.00 Units of 10.00 Units are missing"):
            self.missing.action_confirm()
        self.assertEqual(self.missing.state, "draft")
        (self.usable | self.fine | self.short).action_confirm()
        self.missing.order_line.action_assemble_missing()
        self.missing.action_confirm()

    def test_customers_may_confirm(self):
        """What a customer has signed is confirmed, whatever is missing."""
        self.company.uncovered_confirmation = "refuse"
        self.missing.sudo()._validate_order()
        self.assertEqual(self.missing.state, "sale")

    def test_not_forbidden(self):
        self.missing.action_confirm()
        self.assertFigures(self.missing.order_line, missing_qty=4, status="missing")


@tagged("post_install", "-at_install")
class TestPopover(AvailabilityCommon):
    """What Odoo's own availability popover says of assembled lines."""

    def _popover(self, line):
        """(reserved or forecast, covered or free, forecast red)"""
        self.env.flush_all()
        self.env.invalidate_all()
        if line.state == "sale":
            late = (
                line.forecast_expected_date
                and line.forecast_expected_date > line.scheduled_date
            )
            red = line.free_qty_today < line.qty_to_deliver or late
            return line.qty_available_today, line.free_qty_today, bool(red)
        red = line.virtual_available_at_date < line.qty_to_deliver
        return line.virtual_available_at_date, line.free_qty_today, red

    def test_mixed_line(self):
        """6 + 4: covered by both, each unit counted once."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10)).order_line
        self.assertEqual(self._popover(line), (6, 6, True))
        line.qty_to_assemble_to_order = 4
        self.assertEqual(self._popover(line), (10, 6, False))
        line.order_id.action_confirm()
        self.assertEqual(self._popover(line), (6, 10, False))
        self._produce(line.assembly_order_ids, 1)
        self.assertEqual(self._popover(line), (7, 10, False))
        self._deliver(line.order_id.picking_ids, stock=2, assembly=1)
        self.assertEqual(self._popover(line), (4, 7, False))
        self._produce(line.assembly_order_ids - line._get_assembly_orders("done"))
        self.assertEqual(self._popover(line), (7, 7, False))

    def test_missing(self):
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10, 2)).order_line
        line.order_id.action_confirm()
        self.assertEqual(self._popover(line), (6, 8, True))

    def test_components_short(self):
        self._set_stock(self.top, 1)
        line = self._create_order((self.desk, 3, 3)).order_line
        self.assertEqual(self._popover(line), (1, 0, True))
        line.order_id.action_confirm()
        self.assertEqual(self._popover(line), (0, 1, True))

    def test_late(self):
        self._receive(self.desk, 3, 5)
        line = self._create_order(
            (self.desk, 3), commitment_date=self._noon(5)
        ).order_line
        line.order_id.action_confirm()
        self.assertEqual(self._popover(line), (0, 3, False))
        line.order_id.commitment_date = self._noon(4)
        self.assertTrue(self._popover(line)[2])

    def test_second_line(self):
        """Odoo would take the whole first line from stock, assembled or not."""
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 10), (self.desk, 6, 0))
        self.assertEqual(self._popover(order.order_line[1]), (6, 6, False))

    def test_lines_that_are_not_split(self):
        """Lines that are not assembled keep Odoo's figures."""
        line = self._create_order((self.lamp, 3)).order_line
        self.assertEqual(self._popover(line), (1000, 1000, False))
        line.order_id.action_confirm()
        self.assertEqual(self._popover(line), (3, 3, False))
