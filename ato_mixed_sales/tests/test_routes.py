# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories
from .pulling import ORDER, SHORT, STOCK, Pulling


@tagged("post_install", "-at_install")
class TestRoutes(Pulling, CheckedStories, AssembleToOrderCommon):
    """Both parts leave by the rules that Odoo would use for the line, whatever (E9).

    Each way is compared with what Odoo does for a plain line of the same product, and
    nothing is supplied twice: what is held, and made or brought, is 10 in the end.
    """

    # Ways of delivery

    def _set_first_rule(self, procure_method, steps="ship_only"):
        self.warehouse.delivery_steps = steps
        rules = self.warehouse.delivery_route_id.rule_ids
        rules.filtered(lambda r: r.action == "pull").procure_method = procure_method

    def _make_to_order(self, procure_method=ORDER):
        """Give the desk the make-to-order route of its own."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        self.warehouse.mto_pull_id.procure_method = procure_method
        self.desk.route_ids |= route
        return route

    def _create_route(self, *rules, **values):
        return self.env["stock.route"].create(
            {"name": "A Way of Its Own", "rule_ids": list(rules), **values}
        )

    def _from_cold_room(self, procure_method=STOCK):
        """A route that a line chooses, from another location of the warehouse."""
        self.shelf = self.env["stock.location"].create(
            {"name": "Cold Room", "location_id": self.warehouse.view_location_id.id}
        )
        customers = self.env.ref("stock.stock_location_customers")
        route = self._create_route(
            self._prepare_pull(
                self.shelf, customers, self.warehouse.out_type_id, procure_method
            ),
            sale_selectable=True,
        )
        return {"route_ids": [Command.set(route.ids)]}

    def _create_shop(self, procure_method, **values):
        """A shop whose own stock is taken, or not, and that the hall supplies."""
        shop = self._create_warehouse(
            "Shop",
            "SHP",
            manufacture_to_resupply=False,
            resupply_wh_ids=[Command.set(self.warehouse.ids)],
            **values,
        )
        rules = shop.delivery_route_id.rule_ids
        rules.filtered(lambda r: r.action == "pull").procure_method = procure_method
        self.desk.route_ids |= shop.resupply_route_ids
        self.shelf = shop.lot_stock_id
        self._set_stock(self.desk, 50)
        self.assembled_in = self.warehouse
        self.warehouse = shop
        return {}

    # What is counted

    def _sell(self, quantity, to_assemble, **values):
        values = self._prepare_line_vals(self.desk, quantity, to_assemble, **values)
        order = self._create_order(
            order_line=[Command.create(values)], warehouse_id=self.warehouse.id
        )
        order.action_confirm()
        return order.order_line

    def _get_steps(self, line, supply=None):
        """What is asked for between which places: {(from, to): units}"""
        steps = {}
        for move in self._get_open_moves(line):
            if supply in (None, move.ato_supply or "stock"):
                place = (move.location_id.name, move.location_dest_id.name)
                steps[place] = steps.get(place, 0) + move.product_qty
        return {place: units for place, units in steps.items() if units}

    def _get_open_moves(self, line):
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", line.product_id.id),
                ("state", "not in", ("done", "cancel")),
                ("reference_ids", "in", line.order_id.stock_reference_ids.ids),
                ("production_id", "=", False),
            ]
        )
        return moves | line.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and not m.production_id
        )

    def _get_other_orders(self, line):
        return self.env["mrp.production"].search(
            [
                ("product_id", "=", line.product_id.id),
                ("state", "!=", "cancel"),
                ("reference_ids", "in", line.order_id.stock_reference_ids.ids),
                ("is_assemble_to_order", "=", False),
            ]
        )

    def _count_other(self, line):
        """What Odoo has made or brought for the line, beside its linked orders."""
        made = sum(self._get_other_orders(line).mapped("product_qty"))
        brought = self._get_open_moves(line).filtered(
            lambda m: m.location_dest_id == self.shelf
            and m.ato_supply != "assembly"
            and not m.move_orig_ids.production_id
        )
        return made + sum(brought.mapped("product_qty"))

    def _count_supply(self, line):
        """Held in stock, and made or brought: by the linked orders, and by Odoo."""
        held = sum(
            line.move_ids.filtered(
                lambda m: m.ato_supply == "stock"
                and m.location_id == self.shelf
                and not m.move_orig_ids
            ).move_line_ids.mapped("quantity_product_uom")
        )
        linked = line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
        return held, sum(linked.mapped("product_qty")), self._count_other(line)

    # The stories

    def _tell(self, values=None, without=None, fills=True):
        """Confirmed as Odoo would, changed up, down and to 0, delivered.

        :param values: of the line
        :param without: routes of the product that are not to supply a split line
        :param fills: whether what stock lacks is made or brought by Odoo
        """
        values = values or {}
        self.shelf = getattr(self, "shelf", self.stock)
        self._set_stock(self.desk, 6, self.shelf)
        with self.env.cr.savepoint() as savepoint:
            self.desk.route_ids -= without or self.env["stock.route"]
            line = self._sell(6, 0, **values)
            expected = self._get_steps(line), self._count_other(line)
            savepoint.rollback()
        self.env.invalidate_all()
        line = self._sell(10, 4, **values)
        self.assertInvariants(line)
        self.assertEqual(
            (self._get_steps(line, "stock"), self._count_other(line)), expected
        )
        chained = line.move_ids.filtered(lambda m: m.ato_supply == "stock")
        takes = "make_to_stock" in chained.mapped("procure_method")
        for to_assemble in (6, 3, 0, 5, 4):
            line.qty_to_assemble_to_order = to_assemble
            self.assertInvariants(line)
            held, linked, other = self._count_supply(line)
            stock = 10 - to_assemble
            self.assertEqual(linked, to_assemble)
            self.assertEqual(held, min(stock, 6) if takes else 0)
            if fills:
                self.assertEqual(held + linked + other, 10)
            else:
                self.assertEqual(other, 0)
        self.assertNothingBroken()
        self._finish(line)
        return line

    def _finish(self, line, quantity=10):
        """Make and move all there is, step by step, until the customer has all."""
        for _step in range(20):
            if line.qty_delivered == quantity:
                break
            orders = line.assembly_order_ids | self._get_other_orders(line)
            ready = orders.filtered(lambda o: o.state not in ("done", "cancel"))
            for order in ready:
                self._produce(order)
            moves = self._get_open_moves(line)
            moves.picking_id.action_assign()
            picking = moves.picking_id.filtered(lambda p: p.state == "assigned")[:1]
            if picking:
                self._deliver(picking)
            elif not ready:
                break
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, quantity)
        self.assertEqual(line._get_shipped_assembled(), line.qty_to_assemble_to_order)

    def test_from_stock(self):
        self._tell(fills=False)

    def test_from_stock_else_another_rule(self):
        self._set_first_rule(SHORT)
        self._tell()

    def test_another_rule(self):
        self._set_first_rule(ORDER)
        self._tell()

    def test_pull_in_two_steps(self):
        self._pull(2)
        self._tell(fills=False)

    def test_pull_in_three_steps(self):
        """Made in three steps as well."""
        self.warehouse.manufacture_steps = "pbm_sam"
        self._pull(3)
        self._tell(fills=False)

    def test_pull_in_dozens(self):
        """A dozen, half of it assembled, then a quarter."""
        self.shelf = self.stock
        self._pull(2, SHORT)
        self._set_stock(self.desk, 6)
        line = self._sell(1, 0.5, product_uom_id=self.dozen.id)
        self.assertInvariants(line)
        self.assertEqual(self._count_supply(line), (6, 6, 0))
        line.qty_to_assemble_to_order = 0.25
        self.assertInvariants(line)
        self.assertEqual(self._count_supply(line), (6, 3, 3))
        self._finish(line, 1)

    def test_pull_of_serial_numbers(self):
        """6 desks with a serial number each on the shelf, 4 to be made."""
        self.shelf = self.stock
        self.desk.tracking = "serial"
        self._pull(2)
        for number in range(6):
            lot = self.env["stock.lot"].create(
                {"name": f"SN{number}", "product_id": self.desk.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.stock, 1, lot_id=lot
            )
        line = self._sell(10, 4)
        self.assertInvariants(line)
        for to_assemble in (5, 4):
            line.qty_to_assemble_to_order = to_assemble
            self.assertInvariants(line)
            self.assertEqual(
                self._count_supply(line), (10 - to_assemble, to_assemble, 0)
            )

    def test_pull_in_two_steps_else_another_rule(self):
        self._pull(2, SHORT)
        self._tell()

    def test_pull_in_two_steps_by_another_rule(self):
        self._pull(2, ORDER)
        self._tell()

    def test_push_else_another_rule(self):
        self._set_first_rule(SHORT, "pick_ship")
        self._tell()

    def test_push_by_another_rule(self):
        self._set_first_rule(ORDER, "pick_pack_ship")
        self._tell()

    def test_line_from_another_location(self):
        self._tell(self._from_cold_room(), fills=False)

    def test_line_from_another_location_filled_from_stock(self):
        values = self._from_cold_room(SHORT)
        filling = self.warehouse.int_type_id.copy(
            {"name": "Fill", "default_location_dest_id": self.shelf.id}
        )
        self.warehouse.delivery_route_id.rule_ids = [
            self._prepare_pull(self.stock, self.shelf, filling, STOCK)
        ]
        self._set_stock(self.desk, 4)
        self._tell(values)

    def test_line_chooses_make_to_order(self):
        route = self._make_to_order()
        self.desk.route_ids -= route
        route.sale_selectable = True
        self._tell({"route_ids": [Command.set(route.ids)]})

    def test_product_is_made_to_order(self):
        route = self._make_to_order()
        self._tell(without=route, fills=False)

    def test_product_is_made_to_order_and_pulled(self):
        """The route replaces the first step only, as it did in upgraded databases."""
        route = self._make_to_order()
        self._pull(2)
        self.warehouse.mto_pull_id.location_dest_id = (
            self.warehouse.wh_output_stock_loc_id
        )
        self._tell(without=route, fills=False)

    def test_product_has_its_own_steps(self):
        """A route of the product that delivers from stock is no supply to order."""
        self.warehouse.delivery_steps = "pick_ship"
        output = self.warehouse.wh_output_stock_loc_id
        customers = self.env.ref("stock.stock_location_customers")
        self.desk.route_ids |= self._create_route(
            self._prepare_pull(self.stock, output, self.warehouse.pick_type_id, STOCK),
            self._prepare_pull(output, customers, self.warehouse.out_type_id, ORDER),
        )
        self._tell(fills=False)

    def test_supplied_from_another_warehouse(self):
        self._tell(self._create_shop(STOCK), fills=False)

    def test_supplied_from_another_warehouse_when_short(self):
        self._tell(self._create_shop(SHORT))

    def test_supplied_from_another_warehouse_always(self):
        self._tell(self._create_shop(ORDER))

    def test_supplied_from_another_warehouse_in_steps(self):
        self._tell(self._create_shop(SHORT, delivery_steps="pick_ship"))

    # Units on their way through steps that are all there from the start

    def _start_pulled(self):
        """2 of 6 and 3 of 4 are picked, in two steps by pull rules; all are made."""
        self.shelf = self.stock
        self._pull(2)
        self._set_stock(self.desk, 6)
        line = self._sell(10, 4)
        line.order_id.user_id = self.seller
        self._produce(line.assembly_order_ids)
        self._deliver(self._get_pickings(line, "internal"), stock=2, assembly=3)
        self.assertInvariants(line)
        return line

    def _get_pickings(self, line, code):
        return line.order_id.picking_ids.filtered(
            lambda picking: picking.picking_type_code == code
            and picking.state not in ("done", "cancel")
        )

    def test_pulled_and_picked(self):
        """What is on its way is not taken back; what is not follows."""
        line = self._start_pulled()
        with self.assertRefused("3.00 Units that were assembled.*put back"):
            line.qty_to_assemble_to_order = 0
        line.write({"product_uom_qty": 6})
        self.assertInvariants(line)
        self.assertLine(line, 6, 2, 4)
        with self.assertRefused("too many are picked"):
            line.product_uom_qty = 5
        line.write({"product_uom_qty": 9, "qty_to_assemble_to_order": 6})
        self.assertInvariants(line)
        self._finish(line, 9)

    def test_pulled_and_pick_cancelled(self):
        """The rest of the pick is cancelled: 2 and 3 are delivered, A falls to 3."""
        line = self._start_pulled()
        self._get_pickings(line, "internal").action_cancel()
        self.assertInvariants(line)
        self.assertLine(line, 10, 7, 3)
        self.assertTrue(line.order_id.activity_ids)
        self._deliver(self._get_pickings(line, "outgoing"))
        self.assertEqual(line.qty_delivered, 5)
        line.qty_to_assemble_to_order = 4
        self.assertInvariants(line)
        self._set_stock(self.desk, 6)
        self._finish(line)

    def test_pulled_and_last_step_cancelled(self):
        """Nobody delivers them: what is picked is nobody's, the rest is not picked."""
        line = self._start_pulled()
        self._get_pickings(line, "outgoing").action_cancel()
        self.assertInvariants(line)
        self.assertLine(line, 10, 10, 0)
        self.assertFalse(self._get_open_moves(line))

    def test_pulled_and_reserved_on_the_quotation(self):
        """A quotation holds where the first step takes it from, not the last one."""
        self.shelf = self.stock
        self._pull(3)
        self._set_stock(self.desk, 6)
        order = self._create_order((self.desk, 10, 4), warehouse_id=self.warehouse.id)
        line = order.order_line
        line.action_reserve_stock()
        self.assertEqual(line.hold_move_ids.location_id, self.stock)
        self.assertEqual(line.reserved_stock_qty, 6)
        order.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(line.reserved_stock_qty, 6)
        self._finish(line)

    # What the product's own route had made before the line was split (E16)

    def _sell_to_order(self, procure_method=ORDER, quantity=10):
        """A line that the route of the product has had made, before it is split."""
        self._make_to_order(procure_method)
        line = self._sell(quantity, 0)
        self.assertEqual(self._count_other(line), quantity)
        return line

    def _split(self, line, to_assemble, other, **values):
        """`other` is made by the route, the rest by the line's orders."""
        line.write({"qty_to_assemble_to_order": to_assemble, **values})
        self.assertInvariants(line)
        linked = line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
        self.assertEqual(sum(linked.mapped("product_qty")), to_assemble)
        self.assertEqual(self._count_other(line), other)

    def test_route_makes_batches(self):
        """2 + 2 + 2 were made to order: of 6, 4 are assembled, and back."""
        self.shelf = self.stock
        self.desk.bom_ids.write({"enable_batch_size": True, "batch_size": 2})
        for procure_method in (ORDER, SHORT):
            with self.subTest(procure_method=procure_method):
                line = self._sell_to_order(procure_method, 6)
                for to_assemble in (4, 2, 6, 0, 3):
                    other = 6 - to_assemble
                    self._split(line, to_assemble, other)
                self._finish(line, 6)
                self.assertEqual(self._free(self.desk), 0)

    def test_route_makes_batches_for_two_lines(self):
        """What one line gives up, the batches of the other one keep making."""
        self.shelf = self.stock
        self.desk.bom_ids.write({"enable_batch_size": True, "batch_size": 2})
        self._make_to_order()
        vals = [self._prepare_line_vals(self.desk, 6, 0) for _line in range(2)]
        order = self._create_order(order_line=[Command.create(v) for v in vals])
        order.action_confirm()
        self.assertEqual(self._count_other(order.order_line[0]), 12)
        first, second = order.order_line
        self._split(first, 4, 8)
        self._split(second, 2, 6)
        for line in order.order_line:
            brought = line.move_ids.move_orig_ids.filtered(
                lambda m: m.production_id and m.state != "cancel"
            )
            self.assertEqual(sum(brought.mapped("product_qty")), 6)

    def test_route_has_made_half(self):
        """3 of 6 are made, and the rest is not begun: A to 0, the rest makes 4 more."""
        self.shelf = self.stock
        line = self._sell_to_order()
        self._split(line, 4, 6)
        self._produce(self._get_other_orders(line), 3)
        self._split(line, 0, 10)
        self.assertEqual(line.missing_qty, 0)
        self._finish(line)
        self.assertEqual(self._free(self.desk), 0)

    def test_route_is_making_half(self):
        """3 of 6 are in somebody's hands: A to 0, one more order makes 4."""
        self.shelf = self.stock
        line = self._sell_to_order()
        self._split(line, 4, 6)
        order = self._get_other_orders(line)
        order.qty_producing = 3
        order._set_qty_producing()
        self._split(line, 0, 10)
        self._finish(line)
        self.assertEqual(self._free(self.desk), 0)

    def test_route_has_made_all(self):
        """All 6 are made: A to 0, the route makes 4 more."""
        self.shelf = self.stock
        line = self._sell_to_order()
        self._split(line, 4, 6)
        self._produce(self._get_other_orders(line))
        self._split(line, 0, 10)
        self._split(line, 2, 10 - 2)
        self._finish(line)
        self.assertEqual(self._free(self.desk), 0)

    def test_route_makes_too_much(self):
        """All 10 are begun when 4 are to be assembled: the next 4 are among them."""
        self.shelf = self.stock
        line = self._sell_to_order()
        order = self._get_other_orders(line)
        order.qty_producing = 10
        order._set_qty_producing()
        self._split(line, 4, 10)
        self._split(line, 1, 10)
        self._split(line, 4, 12, product_uom_qty=16)
        self._split(line, 4, 10, product_uom_qty=14)
        self._split(line, 0, 14)
        self._finish(line, 14)
        self.assertEqual(self._free(self.desk), 0)
