# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta
from random import Random
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.ato_mixed_sales.hooks import uninstall_hook

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestReservationQuotation(CheckedStories, AssembleToOrderCommon):
    """A quotation holds real units, and lets go of them when it does not need them."""

    def setUp(self):
        super().setUp()
        self.warehouse.out_type_id.reservation_method = "manual"

    def _quote(self, *line, **values):
        """The one line of a quotation of the seller."""
        order = self._create_order(line, user_id=self.seller.id, **values)
        return order.with_user(self.seller).order_line

    def _hold(self, *line, **values):
        line = self._quote(*line, **values)
        line.action_reserve_stock()
        return line

    def _quants(self, product):
        """Where what is of `product`: {location: (on hand, reserved)}"""
        self.env["stock.quant"]._quant_tasks()
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        return {q.location_id: (q.quantity, q.reserved_quantity) for q in quants}

    def _chatter(self, line):
        return " ".join(line.order_id.sudo().message_ids.mapped("body"))

    def _bins(self, *quantities):
        """Bins of the warehouse, the first with the oldest stock of the desk."""
        bins = self.env["stock.location"]
        for number, quantity in enumerate(quantities, 1):
            bins += bins.create({"name": f"B{number}", "location_id": self.stock.id})
            self._set_stock(self.desk, quantity, bins[-1])
        return bins

    # R56, on quotation and order

    def test_flow_of_the_seed(self):
        """A 10: V 0 on the quotation, 10 on the order; A 7, reserve 3: V 10."""
        self._set_stock(self.desk_to_order, 3)
        line = self._quote(self.desk_to_order, 10)
        self.assertRecordValues(line, [{"reserved_qty": 0, "reserved_stock_qty": 0}])
        with self.assertRefused("nothing more of it is to be taken from stock"):
            line.action_reserve_stock()
        line.qty_to_assemble_to_order = 7
        action = line.action_reserve_stock()
        self.assertIn("3.00 Units of 3.00 Units", action["params"]["message"])
        self.assertRecordValues(line, [{"reserved_qty": 3, "reserved_stock_qty": 3}])
        line.order_id.action_confirm()
        self.assertRecordValues(line, [{"reserved_qty": 10, "reserved_stock_qty": 3}])
        self.assertLine(line, 10, 3, 7)
        self.assertInvariants(line.sudo())

    # The hold is real

    def test_nobody_else_can_have_it(self):
        self._set_stock(self.desk, 9)
        line = self._hold(self.desk, 10, 6)
        self.assertEqual(line.reserved_stock_qty, 4)
        self.assertEqual(self._free(self.desk), 5)
        other = self._create_order((self.desk, 9))
        self.warehouse.out_type_id.reservation_method = "at_confirm"
        other.action_confirm()
        self.assertEqual(other.picking_ids.move_ids.quantity, 5)
        second = self._quote(self.desk, 4)
        with self.assertRefused("nothing is free .* 0.00 Units of 4.00 Units are held"):
            second.action_reserve_stock()
        self.assertEqual(self._quants(self.desk), {self.stock: (9, 9)})

    def test_all_from_stock(self):
        """A line that assembles nothing holds, and delivers what it held."""
        bins = self._bins(5, 5)
        line = self._quote(self.desk, 4)
        quant = bins[1].quant_ids
        line._reserve_quants([(quant, 4)])
        line.order_id.action_confirm()
        self.assertEqual(line.reserved_stock_qty, 4)
        move = line.sudo().move_ids
        self.assertEqual(move.move_line_ids.location_id, bins[1])
        self.assertFalse(line.sudo().hold_move_ids)

    def test_a_hold_does_not_grow(self):
        """Stock arrives, the scheduler runs, somebody forecasts: 4 of 6 are held."""
        self.warehouse.out_type_id.reservation_method = "at_confirm"
        self._set_stock(self.desk, 4)
        line = self._hold(self.desk, 6)
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.desk.id,
                            "product_uom_qty": 5,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.env["stock.rule"].run_scheduler()
        hold = line.sudo().hold_move_ids
        hold._action_assign()
        self.assertEqual((hold.product_uom_qty, hold.quantity), (4, 4))
        self.assertEqual(self._quants(self.desk), {self.stock: (9, 4)})

    def test_what_the_stock_side_sees(self):
        """Forecast: the quotation and its validity date; no delivery anywhere."""
        self._set_stock(self.desk, 9)
        line = self._hold(self.desk, 6, 2, validity_date="2099-12-31")
        self.assertFalse(line.order_id.sudo().picking_ids)
        self.assertEqual(line.order_id.delivery_count, 0)
        self.assertFalse(line.sudo().move_ids)
        hold = line.sudo().hold_move_ids
        self.assertEqual(hold.reference, "Quotation")
        self.assertEqual(hold.ato_hold_order_id, line.order_id)
        self.assertEqual(hold.ato_hold_until, date(2099, 12, 31))
        report = self.env["stock.forecasted_product_product"].with_context(
            warehouse_id=self.warehouse.id
        )
        data = report._get_report_data(product_ids=self.desk.ids)
        [row] = [row for row in data["lines"] if row["document_out"]]
        self.assertEqual(row["document_out"]["id"], line.order_id.id)
        self.assertIn(line.order_id.name, row["document_out"]["name"])
        self.assertIn("12/31/2099", row["document_out"]["name"])
        self.assertEqual((row["quantity"], bool(row["reservation"])), (4, True))
        figures = data["product"][self.desk.id]
        self.assertEqual(figures["virtual_available"], 5)
        self.assertEqual(figures["draft_sale_qty"]["out"], 2, "6 ordered, 4 held")

    def test_what_the_seller_sees(self):
        """What the line holds is available to the line, and to no other."""
        self._set_stock(self.desk, 4)
        line = self._hold(self.desk, 4)
        self.assertEqual((line.free_qty_today, line.virtual_available_at_date), (4, 4))
        other = self._quote(self.desk, 4)
        self.assertEqual(other.free_qty_today, 0)

    # Confirmation

    def _confirm_with_hold(self):
        """Hold 1 of the old and 3 of the new bin, and confirm."""
        bins = self._bins(6, 6)
        line = self._quote(self.desk, 10, 6)
        line._reserve_quants([(bins[1].quant_ids, 3), (bins[0].quant_ids, 1)])
        before = self._quants(self.desk)
        self.assertEqual(before, {bins[0]: (6, 1), bins[1]: (6, 3)})
        line.order_id.action_confirm()
        self.assertEqual(self._quants(self.desk), before)
        moves = self._moves(line.sudo(), "stock")
        self.assertEqual(
            {ml.location_id: ml.quantity for ml in moves.move_line_ids},
            {bins[0]: 1, bins[1]: 3},
        )
        self.assertFalse(line.sudo().hold_move_ids)
        self.assertInvariants(line.sudo())
        return line, moves

    def test_confirmation_keeps_the_bins(self):
        line, moves = self._confirm_with_hold()
        self.assertEqual(moves.state, "assigned")
        self.assertEqual(
            moves.move_line_ids.picking_id, line.sudo().move_ids.picking_id
        )
        self.assertEqual(
            moves.move_line_ids.location_dest_id, moves.picking_id.location_dest_id
        )
        self._produce(line.sudo().assembly_order_ids)
        self._deliver(line.sudo().move_ids.picking_id)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._free(self.desk), 8)

    def test_confirmation_with_three_steps(self):
        """The first step takes the held units, and brings them on."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.warehouse.pick_type_id.reservation_method = "manual"
        line, moves = self._confirm_with_hold()
        self.assertEqual(moves.picking_type_id, self.warehouse.pick_type_id)
        self.assertEqual(
            moves.move_line_ids.location_dest_id, moves.picking_id.location_dest_id
        )
        self._produce(line.sudo().assembly_order_ids)
        for _step in range(3):
            [picking] = line.order_id.sudo().picking_ids.filtered(
                lambda picking: picking.state == "assigned"
            )
            self._deliver(picking)
            line.invalidate_recordset()
        self.assertEqual(line.qty_delivered, 10)

    def test_confirmation_reserves_the_rest(self):
        """Reserved at confirmation as ever: held first, then what is free."""
        self.warehouse.out_type_id.reservation_method = "at_confirm"
        bins = self._bins(2, 6)
        line = self._quote(self.desk, 10, 4)
        line._reserve_quants([(bins[1].quant_ids, 3)])
        line.order_id.action_confirm()
        self.assertEqual(self._quants(self.desk), {bins[0]: (2, 2), bins[1]: (6, 4)})

    def test_confirmation_by_make_to_order_else_stock(self):
        """What is held counts as stock: 4 of 10 are ordered anew, not all 10."""
        rule = self.warehouse.mto_pull_id
        rule.procure_method = "mts_else_mto"
        rule.route_id.active = True
        self.desk.route_ids += rule.route_id
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10)
        line.order_id.action_confirm()
        made = self.env["mrp.production"].search([("product_id", "=", self.desk.id)])
        self.assertEqual(made.product_qty, 4)
        self.assertEqual(line.reserved_stock_qty, 6)

    def test_made_to_order_anyway(self):
        """A route that orders everything anew takes nothing from stock."""
        rule = self.warehouse.mto_pull_id
        rule.route_id.active = True
        self.desk.route_ids += rule.route_id
        self._set_stock(self.desk, 6)
        line = self._quote(self.desk, 10)
        with self.assertRefused("nothing more of it is to be taken from stock"):
            line.action_reserve_stock()
        line.qty_to_assemble_to_order = 4
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 6)

    # Letting go

    def test_let_go_by_hand(self):
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10, 4)
        line.action_unreserve_stock()
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(self._free(self.desk), 6)
        self.assertFalse(line.sudo().hold_move_ids)
        with self.assertRefused("no stock is held"):
            line.action_unreserve_stock()

    def test_surplus_only(self):
        """Lower Q, higher A: what is not needed any more, and the chatter says so."""
        self._set_stock(self.desk, 20)
        line = self._hold(self.desk, 10, 4)
        line.product_uom_qty = 9
        self.assertEqual(line.reserved_stock_qty, 5)
        self.assertIn("1.00 Units of Desk, because the line was", self._chatter(line))
        line.qty_to_assemble_to_order = 7
        self.assertEqual(line.reserved_stock_qty, 2)
        self.assertIn("3.00 Units of Desk, because the line was", self._chatter(line))
        line.qty_to_assemble_to_order = 2
        self.assertEqual(line.reserved_stock_qty, 2, "more is held when asked for")
        self.assertEqual(self._quants(self.desk), {self.stock: (20, 2)})

    def test_surplus_of_an_order(self):
        """R57, R58 with W8: the chatter of an order says how many units, too."""
        self._set_stock(self.desk, 20)
        line = self._hold(self.desk, 10, 4)
        line.order_id.action_confirm()
        line.product_uom_qty = 9
        self.assertEqual(line.reserved_stock_qty, 5)
        self.assertIn("1.00 Units reserved in stock were let go", self._chatter(line))
        line.qty_to_assemble_to_order = 7
        self.assertEqual(line.reserved_stock_qty, 2)
        self.assertIn("3.00 Units reserved in stock were let go", self._chatter(line))

    def test_unit_of_the_line(self):
        self._set_stock(self.desk, 20)
        line = self._hold(self.desk, 12, 4)
        line.product_uom_id = self.dozen
        self.assertEqual(line.product_uom_qty, 12)
        line.write({"product_uom_qty": 1, "qty_to_assemble_to_order": 0.5})
        self.assertEqual(line.reserved_stock_qty, 0.5)
        self.assertEqual(line.sudo().hold_move_ids.product_uom_qty, 6)
        line.order_id.action_confirm()
        self.assertEqual(line.reserved_stock_qty, 0.5)

    def test_another_product(self):
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10, 4)
        line.product_id = self.desk_to_order
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(self._free(self.desk), 6)
        self.assertIn("6.00 Units of Desk, because", self._chatter(line))

    def test_another_warehouse(self):
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10, 4)
        other = self._create_warehouse("Other Hall", "OTH")
        line.order_id.warehouse_id = other
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(self._free(self.desk), 6)
        self.assertIn("6.00 Units of Desk, because", self._chatter(line))

    def test_removed(self):
        """A line, a line of the form, a whole quotation: nothing stays behind."""
        self._set_stock(self.desk, 30)
        lines = [self._hold(self.desk, 10, 4) for _number in range(3)]
        order = lines[0].order_id
        lines[0].unlink()
        messages = order.sudo().message_ids.mapped("body")
        self.assertIn("because the line was removed", " ".join(messages))
        self.assertEqual(self._free(self.desk), 18)
        with Form(lines[1].order_id) as form:
            form.order_line.remove(0)
        self.assertEqual(self._free(self.desk), 24)
        lines[2].order_id.sudo().unlink()
        self.assertEqual(self._free(self.desk), 30)
        self.assertFalse(
            self.env["stock.move"]
            .search([("product_id", "=", self.desk.id), ("picking_id", "=", False)])
            .filtered(lambda move: move.state != "done")
        )

    def test_cancelled(self):
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10, 4)
        line.order_id.action_cancel()
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(self._free(self.desk), 6)
        self.assertIn("because the order was cancelled", self._chatter(line))
        line.order_id.action_draft()
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 6)

    def test_copied(self):
        """A copy holds nothing: the units are the first quotation's."""
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10, 4)
        self.assertEqual(line.order_id.copy().order_line.reserved_stock_qty, 0)
        self.assertEqual(line.reserved_stock_qty, 6)

    def test_expired(self):
        """One that fails keeps no other from letting go; valid ones are left alone."""
        self._set_stock(self.desk, 12)
        yesterday = date.today() - timedelta(days=1)
        expired = self._hold(self.desk, 4, validity_date=yesterday)
        failing = self._hold(self.desk, 2, validity_date=yesterday)
        valid = self._hold(self.desk, 3, validity_date=date.today())
        release = type(expired)._let_go_all_holds

        def fail(lines, reason):
            if lines & failing:
                raise ValueError("no")
            return release(lines, reason)

        orders = self.env["sale.order"]
        logger = "odoo.addons.ato_mixed_sales.models.sale_order"
        with patch.object(type(expired), "_let_go_all_holds", fail):
            with self.assertLogs(logger, "ERROR"):
                orders._cron_release_expired_reservations()
        held = [line.reserved_stock_qty for line in (expired, failing, valid)]
        self.assertEqual(held, [0, 2, 3])
        self.assertIn("because the quotation has expired", self._chatter(expired))
        activity = expired.order_id.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        orders._cron_release_expired_reservations()
        self.assertEqual(failing.reserved_stock_qty, 0)
        self.assertEqual(self._free(self.desk), 9)

    def test_last_day_of_the_salesperson(self):
        """Valid until today: in Auckland it is over when in Los Angeles it is not.

        At 15:00 UTC it is 3:00 of the next day there, and 7:00 of the same here.
        """
        self._set_stock(self.desk, 12)
        day, orders = date(2027, 1, 20), self.env["sale.order"]
        line = self._hold(self.desk, 4, validity_date=day)
        with freeze_time(datetime(2027, 1, 20, 15)):
            self.seller.tz = "America/Los_Angeles"
            orders._cron_release_expired_reservations()
            self.assertEqual(line.reserved_stock_qty, 4)
            self.seller.tz = "Pacific/Auckland"
            orders._cron_release_expired_reservations()
            self.assertEqual(line.reserved_stock_qty, 0)

    def test_expired_and_confirmed(self):
        """An order does not expire."""
        self._set_stock(self.desk, 12)
        yesterday = date.today() - timedelta(days=1)
        line = self._hold(self.desk, 4, validity_date=yesterday)
        line.order_id.action_confirm()
        self.env["sale.order"]._cron_release_expired_reservations()
        self.assertEqual(line.reserved_stock_qty, 4)

    def test_uninstalled(self):
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 10, 4)
        uninstall_hook(self.env)
        self.assertEqual(self._quants(self.desk), {self.stock: (6, 0)})
        # its draft order is gone as well: what is left is no quotation of ours
        line.order_id.sudo().unlink()

    def test_taken_away(self):
        """More is delivered than was there for it: other units, or a warning."""
        bins = self._bins(4, 2)
        line = self._quote(self.desk, 4)
        line._reserve_quants([(bins[0].quant_ids, 4)])
        self._set_stock(self.desk, 1, bins[0])  # counted: 3 are gone
        line.invalidate_recordset()
        self.assertEqual(line.reserved_stock_qty, 3)
        self.assertEqual(self._quants(self.desk), {bins[0]: (1, 1), bins[1]: (2, 2)})
        [activity] = line.order_id.activity_ids
        self.assertIn("1.00 Units of Desk, held for this quotation", activity.note)

    def test_warehouse_lets_go(self):
        """Whoever lets go of a hold leaves none that waits for stock."""
        self._set_stock(self.desk, 6)
        line = self._hold(self.desk, 6)
        line.sudo().hold_move_ids._do_unreserve()
        self.assertEqual(line.reserved_stock_qty, 0)
        self.env["stock.rule"].run_scheduler()
        self.desk.invalidate_recordset()
        self.assertEqual(self.desk.virtual_available, 6)
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 6)

    def test_random_walk(self):
        """Whatever is done to a quotation, it holds at most what it needs."""
        for seed in range(3):
            with self.subTest(seed=seed):
                self._walk(Random(seed))

    def _walk(self, random):
        self._set_stock(self.desk, 12)
        line, other = self._quote(self.desk, 10, 4), self._quote(self.desk, 5)
        story = []
        for _number in range(12):
            step = random.choice(
                (
                    lambda: line.action_reserve_stock(),
                    lambda: other.action_reserve_stock(),
                    lambda: line.action_unreserve_stock(),
                    lambda: other.action_unreserve_stock(),
                    lambda: line.write({"product_uom_qty": random.randint(1, 14)}),
                    lambda: line.write(
                        {"qty_to_assemble_to_order": random.randint(0, 10)}
                    ),
                )
            )
            try:
                with self.env.cr.savepoint():
                    step()
            except UserError as refusal:
                story.append(str(refusal))
            story.append((line.product_uom_qty, line.qty_to_assemble_to_order))
            held = [each.reserved_stock_qty for each in line | other]
            self.assertLessEqual(held[0], line.qty_from_stock, story)
            self.assertLessEqual(held[1], 5, story)
            self.assertEqual(self._quants(self.desk), {self.stock: (12, sum(held))})
        held = line.reserved_stock_qty
        line.order_id.action_confirm()
        self.assertEqual(line.reserved_stock_qty, held, story)
        self.assertInvariants(line.sudo())
        (line | other).order_id.sudo()._action_cancel()
        self.assertEqual(self._quants(self.desk), {self.stock: (12, 0)})

    # What is taken

    def test_order_of_removal(self):
        """FIFO, LIFO, closest: as the product says."""
        for strategy, expected in (("fifo", 0), ("lifo", 1), ("closest", 0)):
            with self.subTest(strategy=strategy):
                bins = self._bins(6, 6)
                bins[0].quant_ids.in_date = "2026-01-01"
                self.desk.categ_id = self.env["product.category"].create(
                    {
                        "name": strategy,
                        "removal_strategy_id": self.env.ref(
                            f"stock.removal_{strategy}"
                        ).id,
                    }
                )
                line = self._hold(self.desk, 4)
                places = line._get_held_places()
                self.assertEqual([bins[expected]], [place[0] for place in places])
                line.action_unreserve_stock()
                (bins.quant_ids).sudo().unlink()

    def test_other_owners(self):
        """Consignment stock is never taken, the company's own is."""
        quants = self.env["stock.quant"]
        quants._update_available_quantity(
            self.desk, self.stock, 5, owner_id=self.customer
        )
        line = self._quote(self.desk, 10)
        with self.assertRefused("nothing is free"):
            line.action_reserve_stock()
        quants._update_available_quantity(
            self.desk, self.stock, 3, owner_id=self.company.partner_id
        )
        line.action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 3)
        line.order_id.action_confirm()
        with self.assertRefused("nothing is free"):
            line.action_reserve_stock()

    def test_at_once_for_another_product(self):
        """The product decides the split anew: what is free for it is held at once."""
        self.company.reserve_stock_at_once = True
        self._set_stock(self.desk, 6)
        line = self._quote(self.desk_to_order, 10)
        self.assertLine(line, 10, 0, 10)
        line.product_id = self.desk
        self.assertLine(line, 10, 10, 0)
        self.assertEqual(line.reserved_stock_qty, 6)

    def test_at_once(self):
        """Flow two in one click, where the company wants it: split and reserved."""
        self._set_stock(self.desk_to_order, 3)
        line = self._quote(self.desk_to_order, 10)
        line.qty_to_assemble_to_order = 8
        self.assertEqual(line.reserved_stock_qty, 0, "off by default")
        self.company.reserve_stock_at_once = True
        line.qty_to_assemble_to_order = 7
        self.assertEqual(line.reserved_stock_qty, 3)
        line.qty_to_assemble_to_order = 5
        self.assertEqual(line.reserved_stock_qty, 3, "nothing is free, nothing is said")
        line.order_id.action_confirm()
        self._set_stock(self.desk_to_order, 5)
        line.qty_to_assemble_to_order = 4
        self.assertRecordValues(line, [{"reserved_qty": 9, "reserved_stock_qty": 5}])
        self._set_stock(self.desk, 9)
        self.assertEqual(self._quote(self.desk, 9, 4).reserved_stock_qty, 5)
        self.assertEqual(self._quote(self.desk, 2).reserved_stock_qty, 0, "not split")

    def test_another_company(self):
        """The order's company decides, whichever is active."""
        company = self.env["res.company"].create({"name": "Second Company"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        self._create_bom(self.desk, {self.leg: 4}, company_id=company.id)
        order = self._create_order(
            (self.desk, 4), company_id=company.id, warehouse_id=warehouse.id
        )
        self._set_stock(self.desk, 9)
        with self.assertRefused("nothing is free"):
            order.order_line.action_reserve_stock()
        self.env["stock.quant"]._update_available_quantity(
            self.desk, warehouse.lot_stock_id, 4
        )
        order.order_line.action_reserve_stock()
        self.assertEqual(order.order_line.hold_move_ids.company_id, company)
        self.assertEqual(order.order_line.reserved_stock_qty, 4)
