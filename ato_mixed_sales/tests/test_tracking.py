# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


class TrackingCommon(CheckedStories, AssembleToOrderCommon):
    """Lots and serial numbers of both parts."""

    @classmethod
    def _create_tracked(cls, name, tracking, components=None, **values):
        return cls._create_product(
            name, components=components, tracking=tracking, **values
        )

    @classmethod
    def _create_lots(cls, product, *names, **values):
        lots = cls.env["stock.lot"]
        for name in names:
            lots |= lots.create({"name": name, "product_id": product.id, **values})
        return lots

    @classmethod
    def _stock_lots(cls, lots, quantity=1):
        """Put `quantity` of each of the lots on the shelf."""
        for lot in lots:
            cls.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": lot.product_id.id,
                    "location_id": cls.stock.id,
                    "lot_id": lot.id,
                    "inventory_quantity": quantity,
                }
            ).action_apply_inventory()

    def _produce_lots(self, order, *names, quantity=None):
        """Make as many serial numbers, or `quantity` of one lot; the rest later."""
        product = order.product_id
        lots = self.env["stock.lot"].search(
            [("product_id", "=", product.id), ("name", "in", names)]
        )
        new = [name for name in names if name not in lots.mapped("name")]
        lots |= self._create_lots(product, *new)
        order.lot_producing_ids = lots
        quantity = len(names) if quantity is None else quantity
        self._produce(order, quantity if quantity < order.product_qty else None)
        return lots

    def _open_orders(self, line):
        return line.assembly_order_ids.filtered(
            lambda order: order.state not in ("done", "cancel")
        )

    def _held(self, line, supply):
        """{lot name: quantity} that this part of the delivery holds."""
        lines = line._get_first_open_moves(supply).move_line_ids
        return {ml.lot_id.name: ml.quantity for ml in lines if ml.quantity}

    def _shipped(self, line, supply):
        """{lot name: quantity} by which this part has left."""
        moves = self._moves(line, supply).filtered(lambda m: m.state == "done")
        shipped = {}
        for move_line in moves.move_line_ids:
            name = move_line.lot_id.name
            shipped[name] = shipped.get(name, 0) + move_line.quantity
        return shipped

    def _open_picking(self, line):
        return line.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def _pick(self, line, supply, *names):
        """Ship exactly these serial numbers of one part, the rest later."""
        picking = self._open_picking(line)
        move = picking.move_ids.filtered(lambda m: m.ato_supply == supply)
        move.move_line_ids.filtered(lambda ml: ml.lot_id.name not in names).unlink()
        move.picked = True
        picking.with_context(skip_backorder=True).button_validate()


@tagged("post_install", "-at_install")
class TestSerials(TrackingCommon):
    """Each unit has a serial number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls._create_tracked("Clock", "serial", {cls.leg: 1})

    def _confirm(self, quantity, to_assemble):
        sale = self._create_order((self.clock, quantity, to_assemble))
        sale.action_confirm()
        if to_assemble:
            self.assertInvariants(sale.order_line)
        return sale.order_line

    def test_both_parts(self):
        """5 = 2 + 3: two numbers on the shelf, three made, each by its own part."""
        self._stock_lots(self._create_lots(self.clock, "OLD1", "OLD2"))
        line = self._confirm(5, 3)
        self.assertEqual(self._held(line, "stock"), {"OLD1": 1, "OLD2": 1})
        self.assertEqual(self._held(line, "assembly"), {})
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2", "NEW3")
        self.assertInvariants(line)
        made = {"NEW1": 1, "NEW2": 1, "NEW3": 1}
        self.assertEqual(self._held(line, "stock"), {"OLD1": 1, "OLD2": 1})
        self.assertEqual(self._held(line, "assembly"), made)
        self._deliver(line.order_id.picking_ids)
        self.assertInvariants(line)
        self.assertEqual(self._shipped(line, "stock"), {"OLD1": 1, "OLD2": 1})
        self.assertEqual(self._shipped(line, "assembly"), made)
        self.assertEqual(line.qty_delivered, 5)

    def test_no_part_of_a_unit(self):
        """1.5 clocks have no serial number: refused wherever they are entered."""
        refusal = r"Clock on .*: 1.50 Units cannot be .* Enter a whole number of Units"
        form = self._order_form((self.clock, 3), user=self.seller)
        with form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 1.5
        with self.assertRefused(refusal):
            form.save()
        with form.order_line.edit(0) as line:
            line.qty_to_assemble_to_order = 2
        sale = form.save()
        self.assertLine(sale.order_line, 3, 1, 2)
        for go_on in (sale.action_confirm, lambda: None):
            for values in (
                {"qty_to_assemble_to_order": 1.5},
                {"product_uom_qty": 2.5, "qty_to_assemble_to_order": 1.5},
            ):
                with self.assertRefused(refusal):
                    args = [sale.order_line.ids, values]
                    call_kw(sale.order_line, "write", args, {})
            self.assertLine(sale.order_line, 3, 1, 2)
            go_on()
        with self.assertRefused(refusal):
            vals = self._prepare_line_vals(self.clock, 3, 1.5, order_id=sale.id)
            call_kw(sale.order_line.browse(), "create", [vals], {})
        # to order by policy, what is ordered is what is assembled
        self.clock.assembly_policy = "assemble_to_order"
        form = self._order_form((self.clock, 1.5))
        with self.assertRefused(refusal):
            form.save()
        # as it is for all that is measured, or is in one lot
        for tracking in ("lot", "none"):
            product = self._create_product(
                f"Cord ({tracking})", {self.leg: 1}, tracking=tracking
            )
            self.assertLine(self._sell_mixed(3, 1.5, product), 3, 1.5, 1.5)

    def test_no_part_of_a_unit_in_dozens(self):
        """A third of a dozen is 4 clocks; a tenth is none and a bit."""
        values = {"product_uom_id": self.dozen.id}
        vals = self._prepare_line_vals(self.clock, 1, 0.33, **values)
        line = self._create_order(order_line=[Command.create(vals)]).order_line
        self.assertEqual(line.assembly_order_ids.product_qty, 4)
        with self.assertRefused("Clock on .*: 0.10 Dozens cannot be .* of Units"):
            line.qty_to_assemble_to_order = 0.1
        self.assertEqual(line.assembly_order_ids.product_qty, 4)

    def test_partial_delivery(self):
        """T184: S1 to S5 are made, S4 and S5 leave, S1 to S3 stay bound."""
        line = self._confirm(5, 5)
        self._produce_lots(line.assembly_order_ids, "S1", "S2", "S3", "S4", "S5")
        self.assertInvariants(line)
        self._pick(line, "assembly", "S4", "S5")
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 2)
        self.assertEqual(line._get_shipped_assembled(), 2)
        self.assertEqual(self._shipped(line, "assembly"), {"S4": 1, "S5": 1})
        self.assertEqual(self._held(line, "assembly"), {"S1": 1, "S2": 1, "S3": 1})
        self.assertEqual(line.reserved_qty, 3)
        self.assertEqual(self._free(self.clock), 0)
        self._deliver(self._open_picking(line))
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 5)

    def test_made_one_by_one(self):
        """5 = 2 + 3: one unit is made and leaves with one from stock, then more."""
        self._stock_lots(self._create_lots(self.clock, "OLD1", "OLD2"))
        line = self._confirm(5, 3)
        self._produce_lots(line.assembly_order_ids, "NEW1")
        self.assertInvariants(line)
        self.assertEqual(line.qty_assembled, 1)
        self.assertEqual(self._held(line, "assembly"), {"NEW1": 1})
        self._deliver(self._open_picking(line), stock=1, assembly=1)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 2)
        self.assertEqual(self._shipped(line, "assembly"), {"NEW1": 1})
        self._produce_lots(self._open_orders(line), "NEW2", "NEW3")
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "assembly"), {"NEW2": 1, "NEW3": 1})
        self.assertEqual(len(self._held(line, "stock")), 1)
        self._deliver(self._open_picking(line))
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 5)

    def test_less_from_stock(self):
        """A from 3 to 4: one number of the stock part is let go, no other changes."""
        self._stock_lots(self._create_lots(self.clock, "OLD1", "OLD2"))
        line = self._confirm(5, 3)
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2", "NEW3")
        line.qty_to_assemble_to_order = 4
        self.assertInvariants(line)
        self.assertEqual(len(self._held(line, "stock")), 1)
        self.assertEqual(self._free(self.clock), 1)
        self._produce_lots(self._open_orders(line), "NEW4")
        self.assertInvariants(line)
        self.assertEqual(len(self._held(line, "assembly")), 4)
        self._deliver(self._open_picking(line))
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 5)

    def test_given_up(self):
        """A to 0 with units made: their numbers are ordinary stock, for anybody."""
        line = self._confirm(5, 3)
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2", "NEW3")
        line.qty_to_assemble_to_order = 0
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "assembly"), {})
        line.order_id.picking_ids.action_assign()
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "stock"), {"NEW1": 1, "NEW2": 1, "NEW3": 1})

    def test_nobody_elses_number(self):
        """Numbers made for one line are not the other's, whoever asks first."""
        line, other = self._confirm(2, 2), self._confirm(2, 0)
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2")
        other.order_id.picking_ids.action_assign()
        self.assertInvariants(line)
        self.assertFalse(other.move_ids.move_line_ids)
        self.assertEqual(self._held(line, "assembly"), {"NEW1": 1, "NEW2": 1})

    def test_returned_number(self):
        """A number that left from assembly comes back as demand of the stock part."""
        self._stock_lots(self._create_lots(self.clock, "OLD1", "OLD2"))
        line = self._confirm(5, 3)
        self._produce_lots(line.assembly_order_ids, "NEW1", "NEW2", "NEW3")
        self._deliver(line.order_id.picking_ids)
        assembled = self._moves(line, "assembly")
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": assembled.picking_id.id}
        )
        for row in wizard.product_return_moves:
            row.quantity = 1 if row.move_id == assembled else 0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.move_line_ids.lot_id = assembled.move_line_ids.lot_id[0]
        back.move_ids.picked = True
        back.button_validate()
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 4)
        self.assertEqual(line._get_shipped_assembled(), 3)
        self.assertEqual(line._get_outstanding_parts(), (1, 0))


@tagged("post_install", "-at_install")
class TestLots(TrackingCommon):
    """Several units share a lot number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paint = cls._create_tracked("Paint", "lot", {cls.leg: 1})

    def _confirm(self, quantity, to_assemble, product=None):
        sale = self._create_order((product or self.paint, quantity, to_assemble))
        sale.action_confirm()
        self.assertInvariants(sale.order_line)
        return sale.order_line

    def test_lots_of_both_parts(self):
        """10 = 4 + 2 of two lots on the shelf, and 4 of the lot that is made."""
        first, second = self._create_lots(self.paint, "L1", "L2")
        self._stock_lots(first, 4)
        self._stock_lots(second, 5)
        line = self._confirm(10, 4)
        self.assertEqual(self._held(line, "stock"), {"L1": 4, "L2": 2})
        self._produce_lots(line.assembly_order_ids, "L3", quantity=4)
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "assembly"), {"L3": 4})
        line.qty_to_assemble_to_order = 5
        self.assertInvariants(line)
        self.assertEqual(sum(self._held(line, "stock").values()), 5)
        self._produce_lots(self._open_orders(line), "L4", quantity=1)
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "assembly"), {"L3": 4, "L4": 1})
        self._deliver(line.order_id.picking_ids)
        self.assertInvariants(line)
        self.assertEqual(self._shipped(line, "assembly"), {"L3": 4, "L4": 1})
        self.assertEqual(line.qty_delivered, 10)

    def test_same_lot_number(self):
        """The lot that is made is on the shelf already: still two parts."""
        lot = self._create_lots(self.paint, "L1")
        self._stock_lots(lot, 8)
        line = self._confirm(10, 4)
        self._produce_lots(line.assembly_order_ids, "L1", quantity=3)
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "stock"), {"L1": 6})
        self.assertEqual(self._held(line, "assembly"), {"L1": 3})
        self.assertEqual(self._free(self.paint), 2)
        self._deliver(line.order_id.picking_ids, stock=5, assembly=2)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 7)
        self.assertEqual(self._held(line, "assembly"), {"L1": 1})
        self._produce_lots(self._open_orders(line), "L1", quantity=1)
        self.assertInvariants(line)
        self._deliver(self._open_picking(line))
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._shipped(line, "assembly"), {"L1": 4})

    def test_tracked_components(self):
        """Which lots and numbers go into the order is the planner's choice."""
        screw = self._create_tracked("Screw", "lot")
        engine = self._create_tracked("Engine", "serial")
        robot = self._create_product("Robot", {screw: 2, engine: 1})
        self._stock_lots(self._create_lots(screw, "SC1", "SC2"), 9)
        self._stock_lots(self._create_lots(engine, "E1", "E2", "E3", "E4", "E5"))
        self._set_stock(robot, 6)
        line = self._confirm(10, 4, product=robot)
        order = line.assembly_order_ids
        self.assertEqual(order.reservation_state, "assigned")
        line.qty_to_assemble_to_order = 5
        self.assertInvariants(line)
        order.action_assign()
        self.assertComponents(order, {screw: 10, engine: 5})
        self._produce(order, 2)
        self.assertInvariants(line)
        self.assertEqual(line.qty_assembled, 2)
        self._produce(self._open_orders(line))
        self.assertInvariants(line)
        engines = line.assembly_order_ids.move_raw_ids.filtered(
            lambda move: move.product_id == engine and move.state == "done"
        )
        self.assertEqual(len(engines.move_line_ids.lot_id), 5)
        self._deliver(line.order_id.picking_ids)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 10)


@tagged("post_install", "-at_install")
class TestExpiry(TrackingCommon):
    """Lots with an expiration date, first expired first out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fefo = cls.env.ref("product_expiry.removal_fefo")
        category = cls.env["product.category"].create(
            {"name": "Fresh", "removal_strategy_id": fefo.id}
        )
        cls.glue = cls._create_tracked(
            "Glue",
            "lot",
            {cls.leg: 1},
            use_expiration_date=True,
            expiration_time=60,
            use_time=10,
            removal_time=5,
            alert_time=15,
            categ_id=category.id,
        )

    def _stock_fresh(self, name, days, quantity):
        lot = self._create_lots(
            self.glue, name, expiration_date=Datetime.now() + timedelta(days=days)
        )
        self._stock_lots(lot, quantity)

    def test_first_expired_first_out(self):
        """The stock part takes what expires first; what is made stays the line's.

        The lot that is made expires before one that is on the shelf.
        """
        self._stock_fresh("LATE", 90, 9)
        self._stock_fresh("SOON", 30, 4)
        sale = self._create_order((self.glue, 10, 4))
        sale.action_confirm()
        line = sale.order_line
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "stock"), {"SOON": 4, "LATE": 2})
        lot = self._produce_lots(line.assembly_order_ids, "MADE", quantity=4)
        self.assertInvariants(line)
        days = (lot.expiration_date.date() - Datetime.now().date()).days
        self.assertEqual(days, 60)
        self.assertEqual(self._held(line, "assembly"), {"MADE": 4})
        other = self._create_order((self.glue, 8))
        other.action_confirm()
        self.assertEqual(other.order_line.move_ids.move_line_ids.lot_id.name, "LATE")
        self.assertEqual(other.order_line.move_ids.quantity, 7)
        self._deliver(sale.picking_ids)
        self.assertInvariants(line)
        self.assertEqual(self._shipped(line, "assembly"), {"MADE": 4})
        self.assertEqual(self._shipped(line, "stock"), {"SOON": 4, "LATE": 2})

    def test_expired_on_the_shelf(self):
        """Expired units that are taken off the shelf are missing from the stock part.

        Three of the six expire; assembled instead, the delivery is complete.
        """
        self._stock_fresh("FRESH", 40, 3)
        self._stock_fresh("OLD", 20, 3)
        sale = self._create_order((self.glue, 10, 4))
        sale.action_confirm()
        line = sale.order_line
        self.assertEqual(self._held(line, "stock"), {"OLD": 3, "FRESH": 3})
        old = self._moves(line, "stock").move_line_ids.filtered(
            lambda ml: ml.lot_id.name == "OLD"
        )
        old.unlink()
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = 7
        self.assertInvariants(line)
        self.assertEqual(self._held(line, "stock"), {"FRESH": 3})
        self._produce_lots(line.assembly_order_ids, "MADE", quantity=7)
        self.assertInvariants(line)
        self._deliver(sale.picking_ids)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(self._shipped(line, "assembly"), {"MADE": 7})
