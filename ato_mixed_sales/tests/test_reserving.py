# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import nullcontext
from random import Random
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.stock_move import assign
from .common import AssembleToOrderCommon

_logger = logging.getLogger(__name__)

SEEDS = 25


@tagged("post_install", "-at_install")
class TestReserving(AssembleToOrderCommon):
    """Many moves reserve at once what each of them would reserve after the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bins = cls.env["stock.location"].create(
            [{"name": f"Bin {n}", "location_id": cls.stock.id} for n in range(3)]
        )

    def _get_reserved(self, product):
        """What stock says is reserved: {(place, lot): units}"""
        self.env.invalidate_all()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", self.stock.id),
            ]
        )
        reserved = {}
        for quant in quants.filtered("reserved_quantity"):
            place = quant.location_id.name, quant.lot_id.name
            reserved[place] = reserved.get(place, 0.0) + quant.reserved_quantity
        return reserved

    def _get_taken(self, moves):
        """What moves say they hold, in their order: [(state, {(place, lot): units})]"""
        taken = []
        for move in moves.sorted("id"):
            rows = {}
            for row in move.move_line_ids:
                place = row.location_id.name, row.lot_id.name
                rows[place] = rows.get(place, 0.0) + row.quantity_product_uom
            taken.append((move.product_id.name, move.state, rows))
        return taken

    def assertReserved(self, moves):
        """Stock says what the moves say."""
        for product in moves.product_id:
            reserved = {}
            for move in moves.filtered(
                lambda m, product=product: m.product_id == product
            ):
                for _name, _state, rows in self._get_taken(move):
                    for place, units in rows.items():
                        reserved[place] = reserved.get(place, 0.0) + units
            self.assertEqual(self._get_reserved(product), reserved)

    def test_first_come_first_served(self):
        """Of 10 desks, three lines of one order want 6 each: they get 6, 4, none."""
        self._set_stock(self.desk, 10)
        order = self._create_order(*[(self.desk, 6, 0)] * 3)
        order.action_confirm()
        moves = order.order_line.move_ids
        self.assertEqual(
            [rows for _name, _state, rows in self._get_taken(moves)],
            [{("Stock", False): 6.0}, {("Stock", False): 4.0}, {}],
        )
        self.assertEqual(
            moves.sorted("id").mapped("state"),
            ["assigned", "partially_available", "confirmed"],
        )
        self.assertReserved(moves)

    def test_shared_components(self):
        """Of 20 legs, orders for 3 and 4 desks take 12 and 8."""
        leg = self._create_product("Short Leg")
        self._set_stock(leg, 20)
        desks = [
            self._create_product(f"Low Desk {n}", components={leg: 4}) for n in range(2)
        ]
        order = self._create_order((desks[0], 3, 3), (desks[1], 4, 4))
        order.action_confirm()
        moves = order.order_line.assembly_order_ids.move_raw_ids
        self.assertEqual(
            [rows for _name, _state, rows in self._get_taken(moves)],
            [{("Stock", False): 12.0}, {("Stock", False): 8.0}],
        )
        self.assertReserved(moves)
        self.assertEqual(
            moves.move_line_ids.production_id, order.order_line.assembly_order_ids
        )

    def _prepare(self, seed):
        """An order of a few lines, with stock here and there that may not suffice."""
        dice = Random(seed)
        lots = self._create_product("Bed", components={self.leg: 4}, tracking="lot")
        plain = self._create_product("Shelf", components={self.top: 2})
        serial = self._create_product(
            "Safe", components={self.top: 1}, tracking="serial"
        )
        update = self.env["stock.quant"]._update_available_quantity
        for product in (plain, lots, serial):
            for place in (self.stock, *self.bins):
                for _number in range(dice.randint(0, 2)):
                    values = {}
                    if product != plain:
                        lot = self.env["stock.lot"].create({"product_id": product.id})
                        values = {"lot_id": lot}
                    units = 1 if product == serial else dice.randint(1, 8)
                    update(product, place, units, **values)
        self.customer.assembly_single_lot = dice.random() < 0.3
        lines = []
        for _number in range(dice.randint(2, 6)):
            product = dice.choice([plain, plain, lots, serial])
            unit = self.dozen if dice.random() < 0.2 else self.unit
            lines.append((product, dice.randint(1, 9), 0, unit, dice.random() < 0.3))
        order = self._create_order(*[line[:3] for line in lines])
        for line, (*_asked, unit, is_chosen) in zip(
            order.order_line, lines, strict=True
        ):
            line.product_uom_id = unit
            line.qty_to_assemble_to_order = 0
            if is_chosen:
                line.bin_location_id = dice.choice(self.bins)
        return order, dice

    def _take(self, seed, together):
        """What is held in the end, with more that arrives in the meantime."""
        with self.env.cr.savepoint() as savepoint:
            # names are counted on, whatever is undone
            self.env["ir.sequence"].search([("code", "=", "stock.lot.serial")]).write(
                {"implementation": "no_gap", "number_next": 1}
            )
            order, dice = self._prepare(seed)
            asking = patch.object(assign, "reserving_together", nullcontext)
            with nullcontext() if together else asking:
                order.action_confirm()
                first = self._get_taken(order.order_line.move_ids)
                for product in order.order_line.product_id:
                    if product.tracking != "serial":
                        place = dice.choice([self.stock, *self.bins])
                        lot = self.env["stock.lot"]
                        if product.tracking == "lot":
                            lot = lot.create({"product_id": product.id})
                        self.env["stock.quant"]._update_available_quantity(
                            product, place, dice.randint(1, 9), lot_id=lot
                        )
                order.order_line.move_ids._action_assign()
            second = self._get_taken(order.order_line.move_ids)
            self.assertReserved(order.order_line.move_ids)
            savepoint.close(rollback=True)
        return first, second

    def test_as_one_after_the_other(self):
        """Whatever is sold, moves hold what Odoo has them hold one after the other."""
        partly = 0
        for seed in range(SEEDS):
            with self.subTest(seed=seed):
                together = self._take(seed, together=True)
                self.assertEqual(together, self._take(seed, together=False))
                states = {state for when in together for _name, state, _rows in when}
                partly += "partially_available" in states
        self.assertGreater(partly, SEEDS / 4, "nothing was ever short")

    def test_failing_midway(self):
        """An error while the second line reserves: nothing is held, and it can be."""
        lamps = self._create_product("Broken Lamp", components={self.leg: 1})
        for product in (self.desk, lamps):
            self._set_stock(product, 10)
        order = self._create_order((self.desk, 6, 0), (lamps, 6, 0))
        prepare = type(self.env["stock.move"])._prepare_move_line_vals
        sentence = "There is no lamp."

        def fail(move, *args, **kwargs):
            if move.product_id == lamps:
                raise UserError(sentence)
            return prepare(move, *args, **kwargs)

        with (
            patch.object(type(self.env["stock.move"]), "_prepare_move_line_vals", fail),
            self.assertRefused(sentence),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        self.assertEqual(self._get_reserved(self.desk), {})
        order.action_confirm()
        self.assertEqual(self._get_reserved(self.desk), {("Stock", False): 6.0})
        self.assertReserved(order.order_line.move_ids)

    def _reserve_one_more(self, move, seen):
        """Reserve a unit for `move`, and look at its move lines."""
        move._update_reserved_quantity(1, self.stock)
        seen.append(sum(move.move_line_ids.mapped("quantity")))

    def _assign_with(self, hook, stock_before=0):
        """Two lines of 6 reserve 12 desks, while lamps are reserved by `hook`.

        :param stock_before: desks that they have by then
        :param hook: (how it is patched in, of the moves of desks and of lamps)
        """
        desks = self._create_order((self.desk, 6, 0), (self.desk, 6, 0))
        lamps = self._create_order((self.lamp, 5))
        update = self.env["stock.quant"]._update_available_quantity
        update(self.desk, self.stock, stock_before or 0.5)
        (desks | lamps).action_confirm()
        update(self.desk, self.stock, 12 - stock_before)
        moves, lamp, seen = desks.order_line.move_ids, lamps.order_line.move_ids, []
        if not stock_before:
            moves._do_unreserve()
        lamp._do_unreserve()
        with hook(moves, lamp, seen):
            moves._action_assign()
        self.assertEqual(moves.mapped("quantity"), [6.0, 6.0])
        asked = [("product_id", "in", (self.desk | self.lamp).ids)]
        self.assertReserved(moves.search([*asked, ("state", "!=", "done")]))
        return seen

    def test_others_when_one_is_changed(self):
        """A move line of theirs has changed: what follows is reserved at once."""

        def hook(moves, lamp, seen):
            recompute = type(moves)._recompute_state

            def recompute_state(some):
                if moves[0] in some and not seen:
                    self._reserve_one_more(lamp, seen)
                return recompute(some)

            return patch.object(type(moves), "_recompute_state", recompute_state)

        self.assertEqual(self._assign_with(hook, stock_before=4), [1.0])

    def test_others_when_one_is_removed(self):
        """A move line goes while theirs wait: what follows is reserved at once."""

        def hook(moves, lamp, seen):
            bypass = type(moves)._should_bypass_reservation
            lamp._action_assign()

            def should_bypass(move, *args, **kwargs):
                if move == moves[1] and not seen:
                    lamp.move_line_ids.unlink()
                    self._reserve_one_more(lamp, seen)
                return bypass(move, *args, **kwargs)

            return patch.object(
                type(moves), "_should_bypass_reservation", should_bypass
            )

        self.assertEqual(self._assign_with(hook), [1.0])

    def test_others_that_reserve_together(self):
        """Others reserve together, too: what was decided by then does not wait."""

        def hook(moves, lamp, seen):
            bypass = type(moves)._should_bypass_reservation
            more = self._create_order((self.lamp, 1))
            more.action_confirm()
            lamps = lamp | more.order_line.move_ids
            lamps._do_unreserve()

            def should_bypass(move, *args, **kwargs):
                if move == moves[1] and not seen:
                    seen.append(0.0)
                    lamps._action_assign()
                    seen.append(sum(moves.move_line_ids.mapped("quantity")))
                    seen.extend(lamps.mapped("quantity"))
                return bypass(move, *args, **kwargs)

            return patch.object(
                type(moves), "_should_bypass_reservation", should_bypass
            )

        self.assertEqual(self._assign_with(hook), [0.0, 6.0, 5.0, 1.0])

    def test_others_afterwards(self):
        """When all of them are decided, what follows is reserved at once."""

        def hook(_moves, lamp, seen):
            def check_entire_pack(_pickings):
                self._reserve_one_more(lamp, seen)

            pickings = type(lamp.picking_id)
            return patch.object(pickings, "_check_entire_pack", check_entire_pack)

        self.assertEqual(self._assign_with(hook), [1.0])

    def test_from_elsewhere(self):
        """Other code takes units from a place that the moves do not name."""
        away = self.env["stock.location"].create({"name": "Away", "usage": "internal"})
        update = self.env["stock.quant"]._update_available_quantity
        update(self.desk, away, 7)
        order = self._create_order((self.desk, 4, 0), (self.desk, 2, 0))
        order.action_confirm()
        moves = order.order_line.move_ids
        reserve = type(moves)._update_reserved_quantity

        def take_from_away(move, need, location, *args, **kwargs):
            return reserve(move, need, away, *args, **kwargs)

        with patch.object(type(moves), "_update_reserved_quantity", take_from_away):
            moves._action_assign()
        quants = self.env["stock.quant"].search([("location_id", "=", away.id)])
        self.assertEqual(quants.mapped("reserved_quantity"), [6.0])
        self.assertEqual(moves.mapped("quantity"), [4.0, 2.0])

    def test_two_quants_of_one_place(self):
        """As a move of two workers at once leaves them: what is let go of is free."""
        for strategy in ("fifo", "lifo"):
            for days in (1, 2):
                with self.subTest(strategy=strategy, days=days):
                    self._reserve_of_two_quants(strategy, days)

    def _reserve_of_two_quants(self, strategy, days):
        removal = self.env["product.removal"].search([("method", "=", strategy)])
        category = {"name": strategy, "removal_strategy_id": removal.id}
        category = self.env["product.category"].create(category)
        lamp = self._create_product("Lamp", categ_id=category.id)
        self.env["stock.quant"].sudo().create(
            [
                {
                    "product_id": lamp.id,
                    "location_id": self.stock.id,
                    "quantity": 5,
                    "in_date": f"2026-01-0{day}",
                }
                for day in (1, days)
            ]
        )
        self.warehouse.out_type_id.reservation_method = "manual"
        order = self._create_order((lamp, 3), (lamp, 3))
        order.action_confirm()
        moves = order.picking_ids.move_ids
        order.picking_ids.action_assign()
        self.assertReserved(moves)
        self.assertEqual(self._get_reserved(lamp), {("Stock", False): 6})
        order.picking_ids.do_unreserve()
        self.assertEqual(self._get_reserved(lamp), {})

    def test_one_lot_for_two_moves(self):
        """Two moves of one line take from the lot of which the line has something.

        Lots of 5 and 8, the customer wants one: the line of 4 takes the first, and so
        does the second move of it, of 3, as far as that goes.
        """
        bed = self._create_product("Bed", components={self.leg: 4}, tracking="lot")
        self.customer.assembly_single_lot = True
        for number, units in ((1, 5), (2, 8)):
            lot = self.env["stock.lot"].create({"name": number, "product_id": bed.id})
            self.env["stock.quant"]._update_available_quantity(
                bed, self.stock, units, lot_id=lot
            )
        order = self._create_order((bed, 4, 0))
        order.action_confirm()
        first = order.order_line.move_ids
        first._do_unreserve()
        second = first.copy({"product_uom_qty": 3})
        second.write({"state": "confirmed"})
        (first | second)._action_assign()
        self.assertEqual(
            [rows for _name, _state, rows in self._get_taken(first | second)],
            [{("Stock", "1"): 4.0}, {("Stock", "1"): 1.0}],
        )
        self.assertReserved(first | second)

    def test_queries(self):
        """Each line more costs at most 20 queries: reservation, rules and all."""
        desks = [
            self._create_product(f"Desk {n}", components={self.leg: 4, self.top: 1})
            for n in range(30)
        ]
        for desk in desks:
            self._set_stock(desk, 6)
        sql = {}
        for count in (5, 10, 30):
            with self.env.cr.savepoint() as savepoint:
                order = self._create_order(*[(desk, 10, 4) for desk in desks[:count]])
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                order.action_confirm()
                self.env.flush_all()
                sql[count] = self.env.cr.sql_log_count - before
                savepoint.close(rollback=True)
        _logger.info("confirm 5, 10, 30 lines: %s SQL", sql)
        self.assertLessEqual((sql[30] - sql[10]) / 20, 20)


@tagged("post_install", "-at_install")
class TestRulesFound(AssembleToOrderCommon):
    """Rules are looked for once while procurements run, unless one changes."""

    def _confirm_with(self, run_pull):
        """Confirm an order of two lamps, with this in place of what pull rules do."""
        order = self._create_order((self.lamp, 1), (self.lamp, 1))
        with patch.object(type(self.env["stock.rule"]), "_run_pull", run_pull):
            order.action_confirm()

    def test_rule_that_changes(self):
        """A rule that is archived while procurements run is not found any more."""
        rules, place = self.env["stock.rule"], self.customer.property_stock_customer
        values = {"warehouse_id": self.warehouse}
        first = rules._get_rule(self.lamp, place, values)
        self.assertTrue(first)
        seen, sql = [], []

        def run_pull(rule_model, procurements):
            for _time in range(2):
                before = self.env.cr.sql_log_count
                seen.append(rule_model._get_rule(self.lamp, place, values))
                sql.append(self.env.cr.sql_log_count - before)
            first.active = False
            seen.append(rule_model._get_rule(self.lamp, place, values))
            first.active = True
            seen.append(rule_model._get_rule(self.lamp, place, values))
            return True

        self._confirm_with(run_pull)
        self.assertEqual(seen[:2], [first, first])
        self.assertNotEqual(seen[2], first)
        self.assertEqual(seen[3], first)
        self.assertEqual(sql[1], 0, "it was found by then")
        first.active = False
        self.assertNotEqual(rules._get_rule(self.lamp, place, values), first)

    def test_products_that_differ(self):
        """Each product is supplied by its own rules, whatever another one was by.

        A desk has a bill of materials, a chair a route of its own, a lamp neither.
        """
        place = self.env["stock.location"].create(
            {"name": "Showroom", "location_id": self.stock.location_id.id}
        )
        route = self.env["stock.route"].create(
            {
                "name": "To the Showroom",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Showroom",
                            "action": "pull",
                            "location_src_id": self.stock.id,
                            "location_dest_id": place.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                        }
                    )
                ],
            }
        )
        chair = self._create_product("Chair", route_ids=[Command.link(route.id)])
        products, values = (
            (self.lamp, self.desk, chair),
            {"warehouse_id": self.warehouse},
        )
        places, seen = (self.stock, place), []

        def find(rules):
            return [
                rules._get_rule(product, where, dict(values))
                for where in places
                for product in products
            ]

        alone = find(self.env["stock.rule"])

        def run_pull(rules, _procurements):
            seen.append(find(rules))
            chair.route_ids -= route
            seen.append(find(rules))
            return True

        self._confirm_with(run_pull)
        make, none = self.warehouse.manufacture_pull_id, self.env["stock.rule"]
        self.assertEqual(alone, [none, make, none, none, none, route.rule_ids])
        self.assertEqual(seen[0], alone)
        self.assertEqual(seen[1], [*alone[:-1], none])
