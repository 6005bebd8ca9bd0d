# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from . import oracle
from .common import AssembleToOrderCommon, CheckedStories
from .extension import extend
from .test_shipment import ShipmentCommon


class OtherCodeCommon(CheckedStories, AssembleToOrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)

    def _quote(self, *line, hold=False, **values):
        line = self._create_order(line or (self.desk, 10, 4), **values).order_line
        if hold:
            line.action_reserve_stock()
        return line

    def _call(self, records, method, *args):
        """As a client calls it, by the seller."""
        return call_kw(records.with_user(self.seller), method, [records.ids, *args], {})

    def _open_moves(self, line):
        return line.move_ids.filtered(oracle.is_open)


@tagged("post_install", "-at_install")
class TestMovedLine(OtherCodeCommon):
    """O1: `order_id` of a line is written."""

    def _check_moved(self, line, former, target):
        """The line, its draft and what it holds are `target`'s, and nobody else's."""
        order = line.assembly_order_ids
        self.assertRecordValues(
            order,
            [
                {
                    "origin": target.name,
                    "product_qty": 4,
                    "state": "draft",
                    "ato_sale_order_id": target.id,
                    "sale_line_id": False,
                }
            ],
        )
        self.assertFalse(
            order.reference_ids & former.order_line.assembly_order_ids.reference_ids
        )
        moves = order.move_raw_ids | order.move_finished_ids
        self.assertEqual(moves.reference_ids, order.reference_ids)
        self.assertEqual(order.reference_ids.name, target.name)

    def test_to_another_quotation(self):
        """By write, by a command, by RPC; beside lines that stay and that are there."""
        moves = {
            "write": lambda line, order: line.write({"order_id": order.id}),
            "link": lambda line, order: order.write(
                {"order_line": [Command.link(line.id)]}
            ),
            "rpc": lambda line, order: self._call(
                line, "write", {"order_id": order.id}
            ),
        }
        for name, move in moves.items():
            with self.subTest(name):
                former = self._create_order(
                    (self.desk, 10, 4), (self.desk, 5, 2), user_id=self.seller.id
                )
                target = self._create_order(
                    *([(self.desk, 3, 1)] if name == "write" else []),
                    user_id=self.seller.id,
                )
                line = former.order_line[0]
                move(line, target)
                self._check_moved(line, former, target)
                self.assertLine(line, 10, 6, 4)
                staying = former.order_line.assembly_order_ids
                self.assertEqual(staying.reference_ids.name, former.name)
                for sale in former | target:
                    sale.action_confirm()
                for sale in former | target:
                    for each in sale.order_line:
                        self.assertInvariants(each)
                    self.assertEqual(
                        sale.picking_ids.move_ids.sale_line_id, sale.order_line
                    )
                    self.assertEqual(
                        sale.stock_reference_ids.production_ids,
                        sale.order_line.assembly_order_ids,
                    )
                former._action_cancel()
                self.assertInvariants(line)
                self.assertEqual(line.assembly_order_ids.state, "confirmed")
                target._action_cancel()
                self.assertEqual(self._free(self.desk), 6)

    def test_alone_and_held(self):
        """The only line goes with what it holds: nothing is left of the reference."""
        line = self._quote(hold=True)
        former, target = line.order_id, self._create_order()
        reference = line.assembly_order_ids.reference_ids
        line.order_id = target
        self._check_moved(line, former, target)
        self.assertFalse(reference.exists())
        self.assertEqual(line.reserved_stock_qty, 6)
        former._action_cancel()
        self.assertEqual(line.reserved_stock_qty, 6)
        target.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._moves(line, "stock").quantity, 6)

    def test_to_another_warehouse_and_date(self):
        """Warehouse and date are the other quotation's; what was held is let go."""
        shop = self._create_warehouse("Shop", "SHP")
        line = self._quote(hold=True)
        line.order_id = self._create_order(
            warehouse_id=shop.id, commitment_date=self._noon(30)
        )
        self.assertRecordValues(
            line.assembly_order_ids,
            [
                {
                    "picking_type_id": shop.manu_type_id.id,
                    "date_deadline": self._noon(30),
                }
            ],
        )
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(self._free(self.desk), 6)
        line.order_id.action_confirm()
        self.assertInvariants(line)

    def test_to_a_cancelled_order_and_back(self):
        line = self._quote(hold=True)
        former, target = line.order_id, self._create_order()
        target._action_cancel()
        line.order_id = target
        self.assertFalse(line.assembly_order_ids)
        self.assertEqual(self._free(self.desk), 6)
        line.order_id = former
        self._check_moved(line, target, former)

    def test_to_a_confirmed_order(self):
        """As a line that is added there: it asks for its delivery at once."""
        target = self._create_order((self.lamp, 1))
        target.action_confirm()
        line = self._quote(hold=True)
        order = line.assembly_order_ids
        line.order_id = target
        self.assertInvariants(line)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(order.state, "confirmed")
        self.assertEqual(target.picking_ids, line.move_ids.picking_id)
        self.assertEqual(self._moves(line, "stock").quantity, 6)

    def test_refused(self):
        """What is delivered stays; no locked order gets a line."""
        line = self._quote()
        line.order_id.action_confirm()
        with self.assertRefused("Desk on .* cannot be moved to"):
            line.order_id = self._create_order()
        self.assertInvariants(line)
        locked = self._create_order((self.lamp, 1))
        locked.action_confirm()
        locked.action_lock()
        quoted = self._quote()
        with self.assertRefused("Desk on .* cannot be moved to"):
            quoted.order_id = locked
        self.assertLine(quoted, 10, 6, 4)

    def test_plain_line(self):
        """A line of which nothing is assembled moves as in Odoo."""
        line = self._quote(self.desk, 10, 0)
        target = self._create_order()
        line.order_id = target
        target.action_confirm()
        self.assertEqual(line.move_ids.product_uom_qty, 10)
        line.order_id = self._create_order()
        self.assertFalse(line.move_ids.ato_supply)


@tagged("post_install", "-at_install")
class TestWrittenState(OtherCodeCommon):
    """O3: an order is cancelled by writing its state."""

    def _cancel(self, order):
        order.write({"state": "cancel"})

    def test_quotation(self):
        """Hold and draft order go, by write and by RPC, archived or not."""
        for values in ({"state": "cancel"}, {"state": "cancel", "locked": False}):
            for by_rpc in (False, True):
                line = self._quote(hold=True, user_id=self.seller.id)
                order, drafts = line.order_id, line.assembly_order_ids
                if by_rpc:
                    call_kw(
                        order.with_user(self.seller), "write", [order.ids, values], {}
                    )
                else:
                    order.write(values)
                self.assertFalse(drafts.exists())
                self.assertFalse(line.hold_move_ids)
                self.assertEqual(self._free(self.desk), 6)
                messages = "".join(order.message_ids.mapped("body"))
                self.assertIn("6.00 Units of Desk, because the order was", messages)

    def test_back_to_quotation(self):
        """By whatever code as well: the draft order is there again."""
        line = self._quote(hold=True)
        order = line.order_id
        for values in ({"state": "cancel"}, {"state": "draft"}, {"state": "sent"}):
            order.write(values)
        self.assertEqual(line.assembly_order_ids.product_qty, 4)
        order.action_confirm()
        self.assertInvariants(line)

    def test_order(self):
        """As by Odoo's own button: nothing is made, held or asked for any more."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                line = self._quote()
                sale = line.order_id
                sale.action_confirm()
                self._cancel(sale)
                self.assertFalse(self._open_moves(line))
                self.assertEqual(line.assembly_order_ids.state, "cancel")
                self.assertEqual(self._free(self.desk), 6)
                self.assertEqual(line.qty_to_assemble_to_order, 4)
                sale.action_draft()
                sale.action_confirm()
                self.assertInvariants(line)
                sale._action_cancel()

    def test_order_under_way(self):
        """What has started goes on for stock; what is made becomes free."""
        line = self._quote()
        sale = line.order_id
        sale.action_confirm()
        self._produce(line.assembly_order_ids, 3)
        started = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        started.qty_producing = 1
        started._set_qty_producing()
        self._cancel(sale)
        self.assertFalse(self._open_moves(line))
        self.assertFalse(started.ato_sale_line_id or started.sale_line_id)
        self.assertEqual(self._free(self.desk), 9)
        self._produce(started)
        self.assertEqual(self._free(self.desk), 10)

    def test_several_at_once(self):
        lines = self._quote(hold=True) | self._quote()
        lines.order_id.write({"state": "cancel"})
        self.assertFalse(lines.assembly_order_ids)
        self.assertEqual(self._free(self.desk), 6)


@tagged("post_install", "-at_install")
class TestOdoosOwnLinks(OtherCodeCommon):
    """O10: Odoo's own fields know whose an order is, and count no delivery more."""

    def test_sale_line(self):
        """From the quotation to the last backorder, in one, two and three steps."""
        for steps, making in (
            ("ship_only", "mrp_one_step"),
            ("pick_ship", "pbm"),
            ("pick_pack_ship", "pbm_sam"),
        ):
            with self.subTest(steps):
                self._set_steps(steps, making)
                line = self._quote()
                sale, orders = line.order_id, line.assembly_order_ids
                self.assertFalse(orders.sale_line_id, "the customer would see it")
                self.assertEqual(orders.sale_order_count, 1)
                sale.action_confirm()
                self.assertEqual(orders.sale_line_id, line)
                self.assertEqual(sale.mrp_production_ids, orders)
                self.assertFalse(orders.move_finished_ids.sale_line_id)
                line.product_uom_qty = 12
                self.assertInvariants(line)
                line.qty_to_assemble_to_order = 6
                self.assertInvariants(line)
                orders.picking_ids.filtered(
                    lambda p: p.state == "assigned"
                ).button_validate()
                self._produce(orders, 2)
                self.assertEqual(len(line.assembly_order_ids), 2)
                self.assertEqual(line.assembly_order_ids.sale_line_id, line)
                self.assertEqual(line.qty_delivered, 0)
                self.assertFalse(line.assembly_order_ids.move_finished_ids.sale_line_id)
                line.product_uom_qty = 13
                self.assertInvariants(line)
                sale._action_cancel()

    def test_follows_the_line(self):
        """Split by source: the new line's; left by the line: nobody's."""
        line = self._quote()
        line.order_id.action_confirm()
        line.action_split_by_source()
        other = line.split_line_ids
        order = other.assembly_order_ids
        self.assertEqual(order.sale_line_id, other)
        order.qty_producing = 1
        order._set_qty_producing()
        line.order_id._action_cancel()
        self.assertFalse(order.sale_line_id)

    def test_copy_is_nobodys(self):
        line = self._quote()
        line.order_id.action_confirm()
        copied = line.assembly_order_ids.copy()
        self.assertFalse(copied.sale_line_id or copied.ato_sale_line_id)
        copied.action_confirm()
        self.assertFalse(copied.move_finished_ids.sale_line_id)
        self.assertInvariants(line)

    def test_planner_leaves_it(self):
        line, other = self._quote(), self._quote()
        with self.assertRefused("can only be changed there"):
            line.assembly_order_ids.sale_line_id = other
        self.assertFalse(line.assembly_order_ids.sale_line_id)


@tagged("post_install", "-at_install")
class TestBackToDraft(OtherCodeCommon):
    """O9: moves of linked documents are cancelled, or back to draft, by other code"""

    def _set_to_draft(self, moves):
        moves.write({"state": "draft"})

    def test_delivery(self):
        """A cancelled delivery comes back: all of it is taken from stock now."""
        line = self._quote()
        line.order_id.action_confirm()
        order, picking = line.assembly_order_ids, line.order_id.picking_ids
        picking.action_cancel()
        self.assertLine(line, 10, 10, 0)
        self._set_to_draft(picking.move_ids)
        self.assertEqual(set(picking.move_ids.mapped("ato_supply")), {"stock"})
        self.assertInvariants(line)
        picking.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._moves(line, "stock").mapped("product_uom_qty"), [10])
        picking.action_assign()
        self.assertEqual(self._moves(line, "stock").quantity, 6)
        self.assertEqual(order.state, "cancel")
        line.qty_to_assemble_to_order = 4
        self.assertInvariants(line)
        self._produce(line.assembly_order_ids - order)
        self._deliver(picking)
        self.assertEqual(line.qty_delivered, 10)

    def test_delivery_after_another_was_asked_for(self):
        """What the line has asked for meanwhile is not asked for twice."""
        line = self._quote()
        line.order_id.action_confirm()
        picking = line.order_id.picking_ids
        picking.action_cancel()
        line.write({"product_uom_qty": 11, "qty_to_assemble_to_order": 3})
        self.assertInvariants(line)
        self._set_to_draft(picking.move_ids)
        self.assertInvariants(line)
        self.assertLine(line, 11, 8, 3)

    def test_delivery_of_a_cancelled_order(self):
        """Nothing is asked for by a cancelled order; confirmed again, all fits."""
        line = self._quote()
        sale = line.order_id
        sale.action_confirm()
        picking = sale.picking_ids
        sale._action_cancel()
        self._set_to_draft(picking.move_ids)
        sale.action_draft()
        sale.action_confirm()
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)

    def test_cancelled_order(self):
        """The planner cancels, A falls to 0; what comes back is made for stock."""
        line = self._quote()
        line.order_id.action_confirm()
        order = line.assembly_order_ids
        order.action_cancel()
        self.assertLine(line, 10, 10, 0)
        self._set_to_draft(order.move_raw_ids | order.move_finished_ids)
        self.assertFalse(order.ato_sale_line_id or order.sale_line_id)
        self.assertFalse(any(order.move_finished_ids.mapped("ato_supply")))
        self.assertEqual(line.qty_assembled, 0)
        self.assertInvariants(line)

    def test_cancelled_order_after_another_was_made(self):
        line = self._quote()
        line.order_id.action_confirm()
        order = line.assembly_order_ids
        order.action_cancel()
        line.qty_to_assemble_to_order = 3
        self._set_to_draft(order.move_finished_ids)
        self.assertEqual(line.assembly_order_ids.mapped("product_qty"), [3])
        self.assertInvariants(line)

    def test_confirmed_order(self):
        """Its moves are cancelled, as add-ons do it: the line does without it."""
        for steps, making in (
            ("ship_only", "mrp_one_step"),
            ("pick_ship", "mrp_one_step"),
            ("ship_only", "pbm_sam"),
        ):
            with self.subTest(steps=steps, making=making):
                self._set_steps(steps, making)
                line = self._quote()
                line.order_id.action_confirm()
                order = line.assembly_order_ids
                moves = order.move_raw_ids | order.move_finished_ids
                moves._action_cancel()
                self.assertLine(line, 10, 10, 0)
                self.assertInvariants(line)
                self.assertIn(
                    "4.00 Units of Desk no longer come from",
                    line.order_id.activity_ids.note,
                )
                self._set_to_draft(moves)
                self.assertFalse(order.ato_sale_line_id)
                self.assertInvariants(line)
                self.assertNotIn(
                    "assembly", self._open_moves(line).mapped("ato_supply")
                )
                line.qty_to_assemble_to_order = 5
                self.assertInvariants(line)
                line.order_id._action_cancel()


@tagged("post_install", "-at_install")
class TestSplitTransfer(OtherCodeCommon, ShipmentCommon):
    """O8: Odoo's own split of a delivery."""

    def _split(self, made):
        """6 from stock and `made` of 4 are there, the rest is a delivery of its own."""
        line = self._quote()
        sale = line.order_id
        sale.action_confirm()
        self._produce(line.assembly_order_ids, made)
        first = sale.picking_ids.filtered("is_assembly_shipment")
        first.action_split_transfer()
        self.assertInvariants(line)
        second = sale.picking_ids.filtered("is_assembly_shipment") - first
        self.assertEqual(len(second), 1)
        return line, first, second

    def test_ship_the_second_first(self):
        """2 are made and in the first delivery: for the second, 2 are assembled now."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                line, first, second = self._split(2)
                form = self._open(second)
                with form.line_ids.edit(0) as row:
                    self.assertEqual(row.qty_to_ship, 2)
                    self.assertEqual(row.qty_to_assemble, 2)
                    self.assertFalse(row.remark)
                form.save().action_ship()
                self.assertInvariants(line)
                self.assertEqual(line.qty_assembled, 4)
                self._ship(first)
                for picking in line.order_id.picking_ids.filtered(
                    lambda p: p.state == "assigned"
                ):
                    self._deliver(picking)
                self.assertInvariants(line)
                self.assertEqual(line.qty_delivered, 10)
                self._set_stock(self.desk, 6)

    def test_change_after_a_split(self):
        """Less and more of each part, whichever delivery asks for it."""
        line, first, second = self._split(1)
        for quantity, to_assemble in ((12, 6), (7, 1), (10, 4), (10, 1), (4, 1)):
            line.write(
                {"product_uom_qty": quantity, "qty_to_assemble_to_order": to_assemble}
            )
            self.assertInvariants(line)
        for picking in (first | second).filtered(lambda p: p.state != "cancel"):
            self._deliver(picking)
        self.assertEqual(line.qty_delivered, 4)


class ExtendedLine(models.Model):
    """What other add-ons have on a line, as they have it."""

    _inherit = "sale.order.line"
    _module = None

    commitment_date = fields.Datetime()
    bom_id = fields.Many2one("mrp.bom")
    lot_id = fields.Many2one("stock.lot")

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.commitment_date:
            lead = timedelta(days=self.company_id.security_lead)
            values.update(
                date_planned=self.commitment_date - lead,
                date_deadline=self.commitment_date,
            )
        if self.lot_id:
            values["restrict_lot_id"] = self.lot_id.id
        return values


class ExtendedOperation(models.Model):
    _inherit = "stock.picking.type"  # pylint: disable=consider-merging-classes-inherited
    _module = None

    owner_restriction = fields.Char()


class ExtendedCommon(OtherCodeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        extend(cls, ExtendedLine)


@tagged("post_install", "-at_install")
class TestDatePerLine(ExtendedCommon):
    """O5: a line has a date of its own, of which its procurement says all."""

    def _check_dates(self, line, days):
        moment = self._noon(days)
        orders = line.assembly_order_ids.filtered(lambda o: o.state != "cancel")
        self.assertEqual(set(orders.mapped("date_deadline")), {moment})
        finished = orders.move_finished_ids
        self.assertEqual(set(finished.mapped("date_deadline")), {moment})
        opened = self._open_moves(line)
        if opened:
            self.assertEqual(set(opened.mapped("date_deadline")), {moment})
        [row] = line.order_id.get_assembly_availability()[:1]
        self.assertEqual(row["delivery_date"], self._day(days))

    def test_quotation_and_order(self):
        """Due in 40 days, then 30, whatever the order says; in each number of steps."""
        for steps in ("ship_only", "pick_ship", "pick_pack_ship"):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                vals = self._prepare_line_vals(
                    self.desk, 10, 4, commitment_date=self._noon(40)
                )
                sale = self._create_order(
                    order_line=[Command.create(vals)], commitment_date=self._noon(2)
                )
                line = sale.order_line
                self._check_dates(line, 40)
                line.commitment_date = self._noon(30)
                self._check_dates(line, 30)
                sale.commitment_date = self._noon(3)
                self._check_dates(line, 30)
                sale.action_confirm()
                self._check_dates(line, 30)
                line.qty_to_assemble_to_order = 6
                self.assertInvariants(line)
                self._check_dates(line, 30)
                self.assertEqual(len(self._moves(line, "assembly")), 1)
                line.write({"commitment_date": self._noon(50)})
                self._check_dates(line, 50)
                line.qty_to_assemble_to_order = 3
                line.product_uom_qty = 12
                self.assertInvariants(line)
                self._check_dates(line, 50)
                self.assertEqual(len(self._moves(line, "stock")), 1)
                sale._action_cancel()

    def test_order_of_the_list(self):
        """*Lines to Promise* has the line that is due first at the top."""
        lines = self.env["sale.order.line"]
        for own, days in ((40, 2), (False, 30), (3, 50)):
            vals = self._prepare_line_vals(
                self.desk, 10, 4, commitment_date=own and self._noon(own)
            )
            lines |= self._create_order(
                order_line=[Command.create(vals)], commitment_date=self._noon(days)
            ).order_line
        found = lines.search([("id", "in", lines.ids)], order="promised_date")
        days = [self._day(days) for days in (3, 30, 40)]
        self.assertEqual(found.mapped("promised_date"), days)
        lines[0].commitment_date = self._noon(1)
        self.assertEqual(lines[0].promised_date, self._day(1))
        lines.order_id._action_cancel()

    def test_missing_by_that_day(self):
        """4 are missing today and arrive in 10 days: in 40 days nothing is missing."""
        receipt = self.env["stock.move"].create(
            {
                "product_id": self.desk.id,
                "product_uom_qty": 4,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
                "date": self._noon(10),
            }
        )
        receipt._action_confirm()
        line = self._quote(self.desk, 10, 0)
        self.assertEqual(line.missing_qty, 4)
        line.commitment_date = self._noon(40)
        self.assertEqual(line.missing_qty, 0)


@tagged("post_install", "-at_install")
class TestDateOfTheOrder(OtherCodeCommon):
    """Odoo alone: a line is due when its order is."""

    def test_as_the_procurement_says(self):
        """`DATE_BY_ORDER` say the order's date, whether or not they are asked."""
        for commitment_date in (False, self._noon(9)):
            line = self._quote(commitment_date=commitment_date)
            self.assertEqual(
                line._get_assembly_deadline(),
                line._prepare_procurement_values()["date_deadline"],
            )


@tagged("post_install", "-at_install")
class TestChosenBill(ExtendedCommon):
    """O7: a bill of materials is chosen on the line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill = cls.desk.bom_ids
        cls.bill.sequence = 1
        cls.other = cls._create_bom(cls.desk, {cls.leg: 3, cls.lamp: 1}, sequence=2)

    def test_quotation_and_order(self):
        """The draft, its figures and later orders are by the chosen one."""
        line = self._quote()
        self.assertComponents(line.assembly_order_ids, {self.leg: 16, self.top: 4})
        line.bom_id = self.other
        self.assertEqual(line.assembly_bom_id, self.other)
        self.assertEqual(line.assembly_order_ids.bom_id, self.other)
        self.assertComponents(line.assembly_order_ids, {self.leg: 12, self.lamp: 4})
        [row] = line.order_id.get_assembly_availability()
        self.assertEqual(
            {component["product_id"] for component in row["components"]},
            {self.leg.id, self.lamp.id},
        )
        line.order_id.action_confirm()
        self.assertInvariants(line)
        first = line.assembly_order_ids
        first.qty_producing = 1
        first._set_qty_producing()
        line.qty_to_assemble_to_order = 6
        self.assertInvariants(line)
        self.assertComponents(
            line.assembly_order_ids - first, {self.leg: 6, self.lamp: 2}
        )

    def test_cleared_and_not_usable(self):
        """Without a choice as ever; a kit that is chosen is not assembled."""
        line = self._quote()
        line.bom_id = self.other
        line.bom_id = False
        self.assertEqual(line.assembly_bom_id, self.bill)
        kit = self._create_bom(self.lamp, {self.leg: 1}, type="phantom")
        vals = self._prepare_line_vals(self.lamp, 3, 1, bom_id=kit.id)
        with self.assertRefused("sold as a kit"):
            self._create_order(order_line=[Command.create(vals)])

    def test_other_lines(self):
        """Each line its own, two lines of one product on one order."""
        sale = self._create_order((self.desk, 10, 4), (self.desk, 5, 2))
        sale.order_line[1].bom_id = self.other
        sale.action_confirm()
        boms = sale.order_line.assembly_order_ids.sorted("id").bom_id
        self.assertEqual(boms, self.bill | self.other)
        for line in sale.order_line:
            self.assertInvariants(line)


@tagged("post_install", "-at_install")
class TestChosenLot(ExtendedCommon):
    """O2: a lot is chosen on the line: of it, the stock part is taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = cls._create_product("Chair", {cls.leg: 4}, tracking="lot")
        cls.old, cls.new = cls.env["stock.lot"].create(
            [{"name": name, "product_id": cls.chair.id} for name in ("Old", "New")]
        )
        for lot, quantity in ((cls.old, 8), (cls.new, 5)):
            cls.env["stock.quant"]._update_available_quantity(
                cls.chair, cls.stock, quantity, lot_id=lot
            )

    def _quote_lot(self, lot, **values):
        vals = self._prepare_line_vals(self.chair, 10, 4, lot_id=lot.id, **values)
        return self._create_order(order_line=[Command.create(vals)]).order_line

    def _held(self, line):
        moves = line.move_ids | line.sudo().hold_move_ids
        return {ml.lot_id: ml.quantity for ml in moves.move_line_ids}

    def _make(self, line, name):
        order = line.assembly_order_ids.filtered(lambda o: o.state != "done")
        order.lot_producing_ids = self.env["stock.lot"].create(
            {"name": name, "product_id": self.chair.id}
        )
        self._produce(order)
        return order.lot_producing_ids

    def test_figures_and_reservation(self):
        """5 of the new lot are there for 6: 1 is missing, 5 can be held."""
        line = self._quote_lot(self.new)
        self.assertEqual(line.missing_qty, 1)
        [row] = line.order_id.get_assembly_availability()
        self.assertEqual(row["free_stock_qty"], 5)
        line.action_reserve_stock()
        self.assertEqual(self._held(line), {self.new: 5})
        line.lot_id = self.old
        self.assertEqual(line.reserved_stock_qty, 0)
        self.assertEqual(line.missing_qty, 0)
        line.action_reserve_stock()
        self.assertEqual(self._held(line), {self.old: 6})
        line.order_id.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(self._held(line), {self.old: 6})

    def test_what_is_made_has_its_own_lot(self):
        """In one, two and three steps: 5 new from stock, 4 made, all of it leaves."""
        for number, steps in enumerate(("ship_only", "pick_ship", "pick_pack_ship")):
            with self.subTest(steps), self.env.cr.savepoint() as savepoint:
                self.warehouse.delivery_steps = steps
                line = self._quote_lot(self.new)
                line.product_uom_qty = 9
                line.order_id.action_confirm()
                self.assertInvariants(line)
                self.assertEqual(self._held(line), {self.new: 5})
                made = self._make(line, f"Made {number}")
                self.assertInvariants(line)
                self.assertEqual(self._held(line), {self.new: 5, made: 4})
                for _step in steps.split("_"):
                    for picking in line.order_id.picking_ids.filtered(
                        lambda p: p.state == "assigned"
                    ):
                        self._deliver(picking)
                self.assertEqual(line.qty_delivered, 9)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_changed_on_an_order(self):
        """Another lot, another A: the stock part follows, what is made does not."""
        line = self._quote_lot(self.new)
        line.order_id.action_confirm()
        self.assertEqual(self._held(line), {self.new: 5})
        line.lot_id = self.old
        self.assertEqual(self._held(line), {self.old: 6})
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = 3
        self.assertInvariants(line)
        self.assertEqual(self._held(line), {self.old: 7})
        made = self._make(line, "Made")
        self.assertEqual(self._held(line), {self.old: 7, made: 3})
        self.assertInvariants(line)
        line.qty_to_assemble_to_order = 5
        self.assertEqual(self._held(line), {self.old: 5, made: 3})
        self.assertInvariants(line)

    def test_restriction_stays_with_the_stock_part(self):
        """What the procurement says of the lot, no order that makes something hears."""
        line = self._quote_lot(self.new)
        seen = []

        def prepare(rule, *args):
            seen.append(args[7])
            return origin(rule, *args)

        rules = self.registry["stock.rule"]
        origin = rules._get_stock_move_values
        self.patch(rules, "_get_stock_move_values", prepare)
        line.order_id.action_confirm()
        lots = {v.get("ato_supply"): v.get("restrict_lot_id") for v in seen}
        self.assertEqual(lots["stock"], self.new.id)
        self.assertFalse(lots["assembly"])


@tagged("post_install", "-at_install")
class TestOwners(OtherCodeCommon):
    """O13: whose units a delivery takes, an add-on lets the operation say."""

    def test_owners(self):
        """3 of the customer's own lie there beside 6 of ours, 2 of a stranger's.

        In several steps the first one says whose it takes off the shelf.
        """
        extend(type(self), ExtendedOperation)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for owner, quantity in ((self.customer, 3), (stranger, 2)):
            self.env["stock.quant"]._update_available_quantity(
                self.desk, self.stock, quantity, owner_id=owner
            )
        self._test_owners("out_type_id")
        self.warehouse.delivery_steps = "pick_ship"
        self._test_owners("pick_type_id")
        self.warehouse.out_type_id.owner_restriction = "picking_partner"
        self.warehouse.pick_type_id.owner_restriction = "unassigned_owner"
        line = self._quote(self.desk, 12, 4)
        line.action_reserve_stock()
        [row] = line.order_id.get_assembly_availability()
        self.assertEqual((row["missing_qty"], line.reserved_stock_qty), (2, 6))

    def _test_owners(self, operation):
        for restriction, free, owners in (
            (False, 6, {self.env["res.partner"]}),
            ("standard_behavior", 6, {self.env["res.partner"]}),
            ("unassigned_owner", 6, {self.env["res.partner"]}),
            ("picking_partner", 3, {self.customer}),
            ("partner_or_unassigned", 9, {self.customer, self.env["res.partner"]}),
        ):
            with self.subTest(restriction):
                self.warehouse[operation].owner_restriction = restriction
                line = self._quote(self.desk, 12, 0)
                [row] = line.order_id.get_assembly_availability()
                self.assertEqual(row["free_stock_qty"], free)
                self.assertEqual(row["missing_qty"], 12 - free)
                line.action_reserve_stock()
                self.assertEqual(line.reserved_stock_qty, free)
                held = line.sudo().hold_move_ids.move_line_ids
                self.assertEqual({row.owner_id for row in held}, owners)
                line.order_id._action_cancel()


@tagged("post_install", "-at_install")
class TestCalendar(OtherCodeCommon):
    """O12: a moved date is as that of a fresh order, by whichever calendar."""

    def test_moved_as_fresh(self):
        """Three working days before: the start is never on a Saturday or Sunday."""
        self.desk.bom_ids.produce_delay = 3
        calendar = self._create_calendar(range(5))
        rules = self.registry["stock.rule"]

        def plan(rule, bom, values):
            moment = values["date_planned"].replace(hour=0)
            return calendar.plan_days(-bom.produce_delay, moment)

        self.patch(rules, "_get_date_planned", plan)
        line = self._quote(commitment_date=self._noon(20))
        for days in (21, 22, 23, 24, 25, 26, 27, 20, 5):
            line.order_id.commitment_date = self._noon(days)
            fresh = self._quote(commitment_date=self._noon(days))
            order = line.assembly_order_ids
            self.assertEqual(order.date_start, fresh.assembly_order_ids.date_start)
            self.assertLess(order.date_start.weekday(), 5)

    def test_planner_has_chosen_the_start(self):
        """What a planner has chosen moves with the date, as many days."""
        line = self._quote(commitment_date=self._noon(20))
        order = line.assembly_order_ids
        chosen = self._noon(7)
        order.date_start = chosen
        line.order_id.commitment_date = self._noon(25)
        self.assertEqual(order.date_start, chosen + timedelta(days=5))
