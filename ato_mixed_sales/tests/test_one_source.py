# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import CheckedStories
from .test_availability import AvailabilityCommon


class OneSourceCommon(CheckedStories, AvailabilityCommon):
    """6 desks in stock; the customer does not accept mixed sources."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls.customer.is_company = True
        cls.customer.assembly_single_source = True
        cls.desk_missing = cls._create_product(
            "Desk of What Is Missing",
            components={cls.leg: 4, cls.top: 1},
            assembly_policy="assemble_missing",
        )
        cls._set_stock(cls.desk_missing, 6)

    def _told(self, order, words):
        return [body for body in order.message_ids.mapped("body") if words in body]

    def _sell(self, *lines, **values):
        return self._create_order(*lines, user_id=self.seller.id, **values)


@tagged("post_install", "-at_install")
class TestOneSource(OneSourceCommon):
    """All from stock, or all assembled: proposed, offered, told."""

    def test_follows_what_is_missing(self):
        """6 in stock: of 6 nothing is assembled, of 10 all are, none of 4 again."""
        order = self._sell((self.desk_missing, 6))
        line = order.order_line
        self.assertLine(line, 6, 6, 0)
        line.product_uom_qty = 10
        self.assertLine(line, 10, 0, 10)
        line.product_uom_qty = 4
        self.assertLine(line, 4, 4, 0)
        line.product_uom_qty = 10
        order.action_confirm()
        self.assertLine(line, 10, 0, 10)
        self.assertEqual(line.assembly_order_ids.product_qty, 10)
        self.assertFalse(self._told(order, "mixed sources"))
        self.assertInvariants(line)

    def test_decided_at_confirmation(self):
        """Both count the same 6: who comes second has all 6 of his assembled."""
        first, second = (self._sell((self.desk_missing, 6)) for _n in range(2))
        first.action_confirm()
        self.assertLine(first.order_line, 6, 6, 0)
        second.action_confirm()
        self.assertLine(second.order_line, 6, 0, 6)

    def test_without_the_option(self):
        """Others get 4 of 10 assembled, and are told of nothing."""
        self.customer.assembly_single_source = False
        order = self._sell((self.desk_missing, 10), (self.desk, 10, 4))
        self.assertEqual(order.order_line.mapped("qty_to_assemble_to_order"), [4, 4])
        self.assertNotIn("mixed", order.order_line.mapped("assembly_status"))
        order.action_confirm()
        self.assertFalse(self._told(order, "mixed sources"))

    def test_contact_of_the_company(self):
        """The option of the company counts for who orders for it."""
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.customer.id}
        )
        order = self._sell((self.desk_missing, 10), partner_id=contact.id)
        self.assertLine(order.order_line, 10, 0, 10)

    def test_answers(self):
        """10 ordered, 4 missing: all 10 are offered, and taken back from stock whole"""
        line = self._sell((self.desk, 10)).order_line
        self.assertFigures(line, missing_qty=4)
        offered = self._suggestions(line)["action_assemble_missing"]
        self.assertEqual(offered, ("Assemble 10", 10))
        line.with_user(self.seller).action_assemble_missing()
        self.assertLine(line, 10, 0, 10)
        # 6 are free: no part of it is offered
        self.assertFigures(line, deductible_qty=0, missing_qty=0)
        self.assertEqual(line.assembly_status, "assemble")
        with self.assertRaisesRegex(UserError, "nothing is free"):
            line.with_user(self.seller).action_take_from_stock()
        self._set_stock(self.desk, 10)
        self.assertFigures(line, deductible_qty=10)
        line.with_user(self.seller).action_take_from_stock()
        self.assertLine(line, 10, 10, 0)

    def test_typed_mixture(self):
        """10 ordered, 4 typed: the line says it, and offers the other 6."""
        order = self._sell((self.desk, 2))
        with Form(order.with_user(self.seller)) as form:
            with form.order_line.edit(0) as row:
                row.product_uom_qty = 10
                row.qty_to_assemble_to_order = 4
                self.assertEqual(row.assembly_figures["status"], "mixed")
        line = order.order_line
        self.assertLine(line, 10, 6, 4)
        self.assertEqual(line.assembly_status, "mixed")
        self.assertEqual(
            line.assembly_status_text, "2 sources: 6 from stock, 4 assembled"
        )
        self.assertEqual(
            self._suggestions(line)["action_assemble_missing"], ("Assemble 6", 6)
        )
        self.assertFigures(line, deductible_qty=0, missing_qty=0)
        order.with_user(self.seller).action_assemble_all_missing()
        self.assertLine(line, 10, 0, 10)

    def test_missing_comes_first(self):
        """What nothing covers is more pressing; one answer settles both."""
        line = self._sell((self.desk, 12, 4)).order_line
        self.assertEqual(line.assembly_status, "missing")
        line.action_assemble_missing()
        self.assertLine(line, 12, 0, 12)
        self.assertEqual(line.assembly_status, "assemble")

    def test_taken_from_stock_whole(self):
        """3 of 5 assembled, 6 free: the rest can come from stock as well."""
        line = self._sell((self.desk, 5, 3)).order_line
        self.assertEqual(line.assembly_status, "mixed")
        line.action_take_from_stock()
        self.assertLine(line, 5, 5, 0)

    def test_confirmation(self):
        """The form asks, code confirms, and the chatter says it, by company's rule."""
        for rule, asked, told in (("nothing", 0, 0), ("warn", 1, 1), ("refuse", 1, 1)):
            with self.subTest(rule=rule):
                self.company.uncovered_confirmation = rule
                order = self._sell((self.desk, 5, 2), (self.lamp, 2))
                model = self.env["sale.order"].with_user(self.seller)
                rows = call_kw(model, "get_uncovered_rows", [order.ids], {})
                self.assertEqual(len(rows), asked)
                for row in rows:
                    self.assertEqual((row["is_mixed"], row["missing_qty"]), (True, 0))
                call_kw(model, "action_confirm", [order.ids], {})
                self.assertEqual(order.state, "sale")
                texts = self._told(order, "does not accept mixed sources")
                self.assertEqual(len(texts), told)
                for text in texts:
                    self.assertIn("Azure Interior", text)
                    self.assertIn(
                        "Desk: 3.00 Units from stock, 2.00 Units assembled", text
                    )
                order._action_cancel()

    def test_settled_when_delivered(self):
        """Nothing is to be decided any more of what has left."""
        order = self._sell((self.desk, 10, 4))
        order.action_confirm()
        line = order.order_line
        self.assertEqual(line.assembly_status, "mixed")
        self._produce(line.assembly_order_ids)
        self._deliver(order.picking_ids)
        self.assertFalse(line.assembly_status)

    def test_in_dozens(self):
        """6 in stock, a dozen ordered: all of it is assembled, and offered so."""
        order = self._sell()
        for product, figures in (
            (self.desk_missing, (1, 0, 1)),
            (self.desk, (1, 1, 0)),
        ):
            order.order_line = [
                Command.clear(),
                Command.create(
                    self._prepare_line_vals(product, 1, product_uom_id=self.dozen.id)
                ),
            ]
            self.assertLine(order.order_line, *figures)
        order.order_line.action_assemble_missing()
        self.assertLine(order.order_line, 1, 0, 1)

    def test_after_a_delivery(self):
        """3 of 6 left from stock: 10 come from there too, and the line says 4 lack."""
        self._set_steps("pick_ship")
        order = self._sell((self.desk_missing, 6))
        order.action_confirm()
        line = order.order_line
        for kind in ("internal", "outgoing"):
            picking = order.picking_ids.filtered(
                lambda p, kind=kind: p.picking_type_code == kind
            )
            picking.move_ids.quantity = 3
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(line.qty_delivered, 3)
        line.product_uom_qty = 10
        self.assertLine(line, 10, 10, 0)
        self.assertFigures(line, missing_qty=4)
        self.assertEqual(
            self._suggestions(line)["action_assemble_missing"], ("Assemble 4", 4)
        )


@tagged("post_install", "-at_install")
class TestOneLot(OneSourceCommon):
    """All units of a line are of one lot, from stock or of the one that is made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.assembly_single_source = False
        cls.customer.assembly_single_lot = True
        for product in (cls.desk, cls.desk_missing):
            cls._set_stock(product, 0)
            product.tracking = "lot"
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": f"L{n}", "product_id": product.id}
                for product in (cls.desk, cls.desk_missing)
                for n in (1, 2)
            ]
        )
        for lot, quantity in zip(cls.lots, (4, 6, 4, 6), strict=True):
            cls.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": lot.product_id.id,
                    "location_id": cls.stock.id,
                    "lot_id": lot.id,
                    "inventory_quantity": quantity,
                }
            ).action_apply_inventory()

    def _get_lots(self, line):
        """Lots of the line's deliveries, whichever step: {name: units}"""
        self.env.flush_all()
        lots = {}
        for row in self.env["stock.move.line"].search(
            [("move_id.sale_line_id", "=", line.id), ("state", "!=", "cancel")]
        ):
            lots[row.lot_id.name] = lots.get(row.lot_id.name, 0) + row.quantity
        return lots

    def test_proposal(self):
        """Lots of 4 and 6: 6 are from one lot, 8 are of none, all 8 are assembled."""
        for quantity, assembled in ((4, 0), (6, 0), (8, 8)):
            line = self._sell((self.desk_missing, quantity)).order_line
            self.assertLine(line, quantity, quantity - assembled, assembled)

    def test_reserved_of_one_lot(self):
        """5 of the lot of 6, though the lot of 4 comes first; in two steps as well."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps), self.env.cr.savepoint() as undo:
                self._set_steps(steps)
                order = self._sell((self.desk, 5))
                order.action_confirm()
                self.assertEqual(self._get_lots(order.order_line), {"L2": 5})
                undo.close(rollback=True)

    def test_others_take_what_comes(self):
        """Without the option: 4 of the first lot, 1 of the second."""
        self.customer.assembly_single_lot = False
        order = self._sell((self.desk, 5))
        order.action_confirm()
        self.assertEqual(self._get_lots(order.order_line), {"L1": 4, "L2": 1})

    def test_no_lot_is_enough(self):
        """8 from lots of 4 and 6: 2 are missing; all 8 are offered."""
        line = self._sell((self.desk, 8)).order_line
        self.assertFigures(line, missing_qty=2)
        self.assertEqual(
            self._suggestions(line)["action_assemble_missing"], ("Assemble 8", 8)
        )
        line.order_id.action_confirm()
        self.assertEqual(self._get_lots(line), {"L2": 6})

    def test_mixture_is_two_lots(self):
        line = self._sell((self.desk, 8, 4)).order_line
        self.assertEqual(line.assembly_status, "mixed")

    def test_held_by_the_quotation(self):
        """What is held stays of its lot, and goes with it."""
        line = self._sell((self.desk, 5)).order_line
        line.with_user(self.seller).action_reserve_stock()
        self.assertEqual(line.reserved_stock_qty, 5)
        held = line.sudo().hold_move_ids.move_line_ids
        self.assertEqual(held.lot_id.name, "L2")
        line.order_id.action_confirm()
        self.assertEqual(self._get_lots(line), {"L2": 5})

    def test_made_of_one_lot(self):
        """8 are assembled in two goes: both are the lot of the first."""
        line = self._sell((self.desk, 8, 8)).order_line
        line.order_id.action_confirm()
        order = line.assembly_order_ids
        made = self.env["stock.lot"].create(
            {"name": "MADE", "product_id": self.desk.id}
        )
        order.lot_producing_ids = made
        self._produce(order, 3)
        rest = line.assembly_order_ids - order
        self.assertEqual(rest.lot_producing_ids, made)
        line.product_uom_qty = 9
        line.qty_to_assemble_to_order = 9
        for order in line.assembly_order_ids.filtered(lambda o: o.state != "done"):
            self._produce(order)
        self.assertEqual(self._get_lots(line), {"MADE": 9})
        self.assertInvariants(line)

    def _create_lots(self, count):
        """Products that are assembled, each with lots of 4 and 6: {product: lots}"""
        products = self.env["product.product"].create(
            [
                {"name": f"Box {n}", "is_storable": True, "tracking": "lot"}
                for n in range(count)
            ]
        )
        lots = {}
        for product in products:
            self._create_bom(product, {self.leg: 4})
            lots[product] = self.env["stock.lot"].create(
                [{"name": f"L{n}", "product_id": product.id} for n in (1, 2)]
            )
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            [
                {
                    "product_id": product.id,
                    "location_id": self.stock.id,
                    "lot_id": lot.id,
                    "inventory_quantity": quantity,
                }
                for product in products
                for lot, quantity in zip(lots[product], (4, 6), strict=True)
            ]
        ).action_apply_inventory()
        return lots

    def test_lines_of_one_order(self):
        """By their own lots: in order of removal, the last one first in a category.

        Of 3 the first lot is enough, or the last one; of 5 that of 6 only.
        """
        products = [*self._create_lots(3)]
        last = self.env["product.category"].create(
            {
                "name": "Last Ones",
                "removal_strategy_id": self.env.ref("stock.removal_lifo").id,
            }
        )
        products[1].categ_id = last
        order = self._sell(
            (products[0], 3), (products[1], 3), (products[0], 5), (products[2], 9)
        )
        self.env.flush_all()
        self.env.invalidate_all()
        figures = [line.assembly_figures for line in order.order_line]
        self.assertEqual([o["free_stock_qty"] for o in figures], [4, 6, 6, 6])
        self.assertEqual([o["missing_qty"] for o in figures], [0, 0, 0, 3])
        order.action_confirm()
        lots = [self._get_lots(line) for line in order.order_line]
        self.assertEqual(lots, [{"L1": 3}, {"L2": 3}, {"L2": 5}, {"L2": 6}])

    def test_queries(self):
        """20 lines ask for as much as 2, on a quotation and on an order."""
        products = [*self._create_lots(20)]
        counts = {}
        for count in (2, 2, 20):
            order = self._sell(*[(product, 5, 1) for product in products[:count]])
            for state in ("draft", "sale"):
                if state == "sale":
                    order.action_confirm()
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = order.with_user(self.seller).get_assembly_availability()
                counts[state, count] = self.env.cr.sql_log_count - before
                self.assertEqual(len(rows), count)
            order._action_cancel()
        self.assertEqual(counts["draft", 2], counts["draft", 20])
        self.assertEqual(counts["sale", 2], counts["sale", 20])

    def test_serial_numbers_are_no_lots(self):
        """Each unit has its own: the option says nothing."""
        chair = self._create_product(
            "Chair",
            components={self.leg: 4},
            tracking="serial",
            assembly_policy="assemble_missing",
        )
        line = self._sell((chair, 3, 1)).order_line
        self.assertFalse(line.assembly_figures["is_mixed"])
