# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestOrderLife(CheckedStories, AssembleToOrderCommon):
    """What else happens to quotations and orders."""

    def test_bill_of_materials_archived(self):
        """The order at hand is still made; a new one is refused with the reason."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        self.desk.bom_ids.active = False
        self.assertFalse(line.is_assembled)
        line.product_uom_qty = 11
        line.qty_to_assemble_to_order = 5
        self.assertEqual(line.assembly_order_ids, order)
        self.assertComponents(order, {self.leg: 20, self.top: 5})
        line.order_id.action_confirm()
        line.qty_to_assemble_to_order = 6
        self.assertInvariants(line)
        self._produce(order)
        self._deliver(line.order_id.picking_ids)
        with self.assertRefused("no bill of materials"):
            self._create_order((self.desk, 10, 4))

    def _lose_the_bill(self, product, cause):
        if cause == "archived":
            product.bom_ids.action_archive()
        elif cause == "a kit":
            product.bom_ids.type = "phantom"
        else:
            product.bom_ids.unlink()

    def test_without_bill_copied_and_opened_again(self):
        """What was assembled and cannot be any more comes from stock, and is told."""
        for cause in ("archived", "a kit", "deleted"):
            with self.subTest(cause):
                shelf = self._create_product(f"Shelf, {cause}", {self.leg: 1})
                self._set_stock(shelf, 12)
                shipped = self._create_order((shelf, 10, 4), user_id=self.seller.id)
                shipped.action_confirm()
                self._produce(shipped.order_line.assembly_order_ids)
                self._deliver(shipped.picking_ids)
                ended = self._create_order((shelf, 10, 4), user_id=self.seller.id)
                ended.action_confirm()
                ended._action_cancel()
                self._lose_the_bill(shelf, cause)
                for order in (shipped, ended):
                    copied = order.with_user(self.seller).copy().order_line
                    self.assertEqual(copied.qty_to_assemble_to_order, 0)
                    self.assertFalse(copied.assembly_order_ids)
                ended.with_user(self.seller).action_draft()
                line = ended.order_line
                self.assertEqual(line.qty_to_assemble_to_order, 0)
                self.assertIn(
                    "4.00 Units of Shelf", " ".join(ended.message_ids.mapped("body"))
                )
                self.assertEqual(ended.activity_ids.user_id, self.seller)
                ended.action_confirm()
                line.product_uom_qty = 12
                moves = line.move_ids.filtered(lambda move: move.state != "cancel")
                asked = self.leg if cause == "a kit" else shelf
                self.assertEqual(moves.product_id, asked)
                self.assertEqual(sum(moves.mapped("product_uom_qty")), 12)
                self.assertEqual(line.assembly_order_ids.mapped("state"), ["cancel"])

    def test_archived_after_everything_is_made(self):
        """No order is left to raise, and there is nothing to make one from."""
        line = self._create_order((self.desk, 10, 4)).order_line
        line.order_id.action_confirm()
        self._produce(line.assembly_order_ids)
        self.desk.bom_ids.active = False
        with self.assertRefused("no bill of materials"):
            line.qty_to_assemble_to_order = 5
        self.assertInvariants(line)
        line.product_uom_qty = 12
        self.assertLine(line, 12, 8, 4)
        self.assertInvariants(line)

    def test_another_bill_of_materials(self):
        """A newer bill of materials is for new lines; the user's order stays."""
        line = self._create_order((self.desk, 10, 4)).order_line
        bom = self.desk.bom_ids
        bom.active = False
        self._create_bom(self.desk, {self.leg: 3, self.top: 1})
        line.product_uom_qty = 12
        self.assertComponents(line.assembly_order_ids, {self.leg: 16, self.top: 4})
        new = self._create_order((self.desk, 10, 4)).order_line
        self.assertComponents(new.assembly_order_ids, {self.leg: 12, self.top: 4})

    def test_becomes_a_kit(self):
        """Existing quotations are not changed behind anybody's back."""
        line = self._create_order((self.desk, 10, 4)).order_line
        self.desk.bom_ids.type = "phantom"
        self.assertLine(line, 10, 6, 4)
        line.qty_to_assemble_to_order = 0
        self.assertFalse(line.assembly_order_ids)
        with self.assertRefused("sold as a kit"):
            line.qty_to_assemble_to_order = 4

    def test_policy_changed(self):
        """Lines that are there keep what was decided."""
        line = self._create_order((self.desk_to_order, 10)).order_line
        self.desk_to_order.assembly_policy = "assemble_to_stock"
        self.assertLine(line, 10, 0, 10)

    def test_customer_changed(self):
        """376713, 378720: one assembly order, of the same line, for the new one."""
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        other = self.env["res.partner"].create({"name": "Deco Addict"})
        with Form(sale) as form:
            form.partner_id = other
        self.assertEqual(sale.order_line.assembly_order_ids, order)
        self.assertEqual(order.ato_partner_id, other)

    def test_quotation_template(self):
        template = self.env["sale.order.template"].create(
            {
                "name": "Office",
                "sale_order_template_line_ids": [
                    Command.create(
                        {"product_id": self.desk_to_order.id, "product_uom_qty": 5}
                    ),
                    Command.create({"product_id": self.desk.id, "product_uom_qty": 5}),
                ],
            }
        )
        group = self.env.ref("sale_management.group_sale_order_template")
        self.env.user.group_ids += group
        form = self._order_form()
        form.sale_order_template_id = template
        sale = form.save()
        self.assertEqual(sale.order_line.mapped("qty_to_assemble_to_order"), [5.0, 0.0])
        self.assertEqual(sale.assembly_order_count, 1)

    def test_import(self):
        """A file with the two figures makes lines and orders like the screen."""
        result = self._import_order(
            (self.desk, "10", "4"), (self.desk_to_order, "3", "3")
        )
        self.assertFalse(result["messages"])
        sale = self.env["sale.order"].browse(result["ids"])
        self.assertEqual(
            sale.order_line.mapped("assembly_order_ids.product_qty"), [4.0, 3.0]
        )

    def test_import_of_nonsense(self):
        result = self.env["sale.order"].load(
            [
                "partner_id/.id",
                "order_line/product_id/.id",
                "order_line/product_uom_qty",
                "order_line/qty_to_assemble_to_order",
            ],
            [[self.customer.id, self.desk.id, "10", "11"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("from 0 to 10", result["messages"][0]["message"])

    def test_several_lines_at_once(self):
        """Multi-edit: the same figure for lines of several quotations."""
        lines = self.env["sale.order.line"].union(
            *[self._create_order((self.desk, 10)).order_line for _number in range(3)]
        )
        lines.write({"qty_to_assemble_to_order": 4})
        self.assertEqual(
            [line.assembly_order_ids.product_qty for line in lines], [4.0] * 3
        )

    def test_sent_quotation(self):
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        sale.action_quotation_sent()
        sale.order_line.product_uom_qty = 3
        self.assertEqual(order.product_qty, 3)
        sale.action_confirm()
        self.assertEqual(order.state, "confirmed")

    def test_negative_line(self):
        line = self._create_order((self.desk_to_order, -2)).order_line
        self.assertLine(line, -2, -2, 0)
        with self.assertRefused("from 0 to 0.00 Units"):
            line.qty_to_assemble_to_order = 1

    def test_locked_after_confirmation(self):
        """Orders that lock themselves at confirmation are delivered all the same."""
        self.env["res.config.settings"].create(
            {"group_auto_done_setting": True}
        ).execute()
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        self.assertTrue(sale.locked)
        self._produce(sale.order_line.assembly_order_ids)
        self._deliver(sale.picking_ids)
        self.assertEqual(sale.order_line.qty_delivered, 10)

    def test_no_merge_of_orders(self):
        """Odoo 19 merges no sales orders; were it to, lines would have to follow."""
        merging = [name for name in dir(self.env["sale.order"]) if "merge" in name]
        self.assertFalse([name for name in merging if name.startswith("action_")])

    def test_copy_of_a_line(self):
        """A is kept; the copy has an order of its own, as the recipe says."""
        for state in ("draft", "sale"):
            with self.subTest(state=state):
                sale = self._create_order((self.desk, 10, 4))
                line = sale.order_line
                order = line.assembly_order_ids
                order.move_raw_ids[0].product_uom_qty = 20
                if state == "sale":
                    sale.action_confirm()
                copied = line.copy({"order_id": sale.id})
                self.assertLine(copied, 10, 6, 4)
                new = copied.assembly_order_ids
                self.assertEqual(line.assembly_order_ids, order)
                self.assertEqual(new.state, order.state)
                self.assertComponents(new, {self.leg: 16, self.top: 4})
                self.assertComponents(order, {self.leg: 20, self.top: 4})
                if state == "sale":
                    self.assertInvariants(line)
                    self.assertInvariants(copied)

    def test_duplicate_of_a_confirmed_order(self):
        """The duplicate starts anew, whatever was made and delivered already."""
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        line = sale.order_line
        self._produce(line.assembly_order_ids, 1)
        self._deliver(sale.picking_ids, stock=2, assembly=1)
        orders = line.assembly_order_ids
        line.qty_to_assemble_to_order = 0
        copied = sale.copy()
        self.assertLine(copied.order_line, 10, 10, 0)
        self.assertFalse(copied.order_line.assembly_order_ids)
        line.qty_to_assemble_to_order = 5
        copied = sale.copy()
        new = copied.order_line
        self.assertLine(new, 10, 5, 5)
        self.assertRecordValues(
            new.assembly_order_ids, [{"product_qty": 5, "state": "draft"}]
        )
        self.assertRecordValues(
            new,
            [{"qty_assembled": 0, "qty_given_up": 0, "reserved_qty": 0}],
        )
        self.assertFalse(new.assembly_order_ids & orders)
        self.assertFalse(new.move_ids)
        self.assertInvariants(line)
        copied.action_confirm()
        self.assertInvariants(new)
        self.assertInvariants(line)

    def test_delivery_date_before_and_after_confirmation(self):
        sale = self._create_order((self.desk, 10, 4))
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        for date in (self._noon(96), self._noon(127)):
            sale.commitment_date = date
            self.assertEqual(order.date_deadline, date)
            if sale.state == "draft":
                sale.action_confirm()
            self.assertEqual(set(line.move_ids.mapped("date_deadline")), {date})
        self.assertInvariants(line)

    def test_other_warehouse(self):
        """Delivered and assembled where the order now says."""
        shop = self._create_warehouse("Shop", "SHP", delivery_steps="pick_ship")
        sale = self._create_order((self.desk, 10, 4))
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        sale.warehouse_id = shop
        sale.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(order.picking_type_id, shop.manu_type_id)
        moves = line.move_ids | order.move_raw_ids | order.move_finished_ids
        self.assertEqual(moves.warehouse_id, shop)

    def test_other_salesperson(self):
        """Who delivers from another warehouse takes order and hold there."""
        shop = self._create_warehouse("Shop", "SHP")
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4))
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        line.action_reserve_stock()
        self.seller.property_warehouse_id = shop
        sale.user_id = self.seller
        self.assertEqual(sale.warehouse_id, shop)
        self.assertEqual(order.picking_type_id, shop.manu_type_id)
        self.assertFalse(line.hold_move_ids, "not from the other warehouse")
        sale.action_confirm()
        self.assertInvariants(line)
        self.assertEqual(line.assembly_order_ids, order)

    def test_warehouse_that_does_not_manufacture(self):
        """R8, R9: not eligible there, so A is 0 and everything is taken from stock."""
        shop = self._create_warehouse("Shop", "SHP", manufacture_to_resupply=False)
        sale = self._create_order((self.desk, 10, 4), (self.desk_to_order, 5))
        mixed, to_order = sale.order_line
        orders = sale.order_line.assembly_order_ids
        sale.warehouse_id = shop
        self.assertFalse(orders.exists())
        self.assertLine(mixed, 10, 10, 0)
        self.assertLine(to_order, 5, 5, 0)
        with self.assertRefused("warehouse Shop does not manufacture"):
            mixed.qty_to_assemble_to_order = 4
        sale.action_confirm()
        self.assertEqual(sale.order_line.move_ids.warehouse_id, shop)

    def _get_told(self, sale, before):
        """What was told of lost quantities to assemble, after the messages before."""
        return (sale.message_ids - before).filtered(
            lambda message: "not assembled to order any more" in message.body
        )

    def test_where_nobody_makes_it(self):
        """4 of 10 go to a warehouse that makes none: told, by a form and without."""
        shop = self._create_warehouse("Shop", "SHP", manufacture_to_resupply=False)
        for by_form in (False, True):
            sale = self._create_order(
                (self.desk, 10, 4), (self.desk, 8, 0), user_id=self.seller.id
            )
            told = sale.message_ids
            if by_form:
                with Form(sale.with_user(self.seller)) as form:
                    form.warehouse_id = shop
            else:
                sale.with_user(self.seller).warehouse_id = shop
            self.assertEqual(sale.order_line.mapped("qty_to_assemble_to_order"), [0, 0])
            told = self._get_told(sale, told)
            self.assertEqual(len(told), 1)
            self.assertIn("4.00 Units of Desk", told.body)
            self.assertIn("Shop does not manufacture", told.body)

    def test_where_nobody_makes_it_and_more(self):
        """As it moves, a line is removed, one becomes a lamp, one is in dozens."""
        shop = self._create_warehouse("Shop", "SHP", manufacture_to_resupply=False)
        sale = self._create_order(*((self.desk, 10, 4),) * 3)
        first, second, third = sale.order_line
        told = sale.message_ids
        sale.write(
            {
                "warehouse_id": shop.id,
                "order_line": [
                    Command.delete(first.id),
                    Command.update(second.id, {"product_id": self.lamp.id}),
                    Command.update(third.id, {"product_uom_id": self.dozen.id}),
                ],
            }
        )
        self.assertEqual(sale.order_line.mapped("qty_to_assemble_to_order"), [0, 0])
        told = self._get_told(sale, told)
        self.assertEqual(len(told), 1)
        self.assertIn("4.00 Units of Desk", told.body)

    def test_without_bill_nothing_is_lost(self):
        """4 of 10 are drafted, the bill is archived: another day tells nothing."""
        sale = self._create_order((self.desk, 10, 4))
        self.desk.bom_ids.active = False
        told = sale.message_ids
        sale.commitment_date = "2030-01-07 12:00:00"
        self.assertEqual(sale.order_line.qty_to_assemble_to_order, 4)
        self.assertFalse(self._get_told(sale, told))

    def test_other_company(self):
        """A draft moved to another company has its order there, none is left here."""
        company = self.env["res.company"].create({"name": "Second Company"})
        self.env.user.company_ids += company
        self.desk.bom_ids.company_id = False
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        sale = sale.with_context(allowed_company_ids=[self.company.id, company.id])
        sale.write({"company_id": company.id, "warehouse_id": warehouse.id})
        line = sale.order_line
        self.assertFalse(order.exists())
        self.assertLine(line, 10, 6, 4)
        new = line.assembly_order_ids
        self.assertRecordValues(
            new,
            [
                {
                    "product_qty": 4,
                    "company_id": company.id,
                    "picking_type_id": warehouse.manu_type_id.id,
                }
            ],
        )
        sale.action_confirm()
        self.assertEqual(line.assembly_order_ids, new)
        self.assertEqual(line.move_ids.company_id, company)
        self.assertInvariants(line)

    def test_archived_product_on_a_quotation(self):
        """What was offered is still sold, changed and made."""
        line = self._create_order((self.desk, 10, 4)).order_line
        order = line.assembly_order_ids
        self.desk.product_tmpl_id.action_archive()
        self.assertLine(line, 10, 6, 4)
        line.qty_to_assemble_to_order = 5
        self.assertEqual(line.assembly_order_ids, order)
        self.assertComponents(order, {self.leg: 20, self.top: 5})
        line.order_id.action_confirm()
        self.assertInvariants(line)
        self._produce(order)
        self.assertInvariants(line)

    def test_archived_product_on_an_order(self):
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10, 4)).order_line
        line.order_id.action_confirm()
        self.desk.product_tmpl_id.action_archive()
        line.qty_to_assemble_to_order = 6
        self.assertInvariants(line)
        line.product_uom_qty = 9
        self.assertLine(line, 9, 3, 6)
        self.assertInvariants(line)
        self._produce(line.assembly_order_ids)
        self._deliver(line.order_id.picking_ids)
        self.assertInvariants(line)
        self.assertEqual(line.qty_delivered, 9)

    def test_line_deleted_at_every_stage(self):
        """Draft, sent, cancelled: nothing is left. Confirmed: Odoo refuses."""
        for stage in ("draft", "sent", "cancel", "sale"):
            with self.subTest(stage=stage):
                sale = self._create_order((self.desk, 10, 4), (self.desk, 2, 1))
                line, other = sale.order_line
                order, kept = line.assembly_order_ids, other.assembly_order_ids
                self._bring_to(sale, stage)
                if stage == "sale":
                    with self.assertRefused("can't remove one of its lines"):
                        line.unlink()
                    self.assertInvariants(line)
                    self.assertEqual(order.state, "confirmed")
                    continue
                line.unlink()
                self.assertFalse(order.exists())
                self.assertEqual(bool(kept.exists()), stage != "cancel")
                self.assertFalse(sale.order_line - other)

    def test_order_deleted_at_every_stage(self):
        """Draft, cancelled: nothing is left. Sent, confirmed: Odoo refuses."""
        for stage in ("draft", "cancel", "sent", "sale"):
            with self.subTest(stage=stage):
                sale = self._create_order((self.desk, 10, 4))
                line, order = sale.order_line, sale.order_line.assembly_order_ids
                self._bring_to(sale, stage)
                if stage in ("sent", "sale"):
                    with self.assertRefused("must first cancel"):
                        sale.unlink()
                    self.assertEqual(line.assembly_order_ids, order)
                    continue
                sale.unlink()
                self.assertFalse(order.exists())

    def test_cancelled_order_deleted(self):
        """What was made stays, cancelled orders stay: without a line to follow."""
        sale = self._create_order((self.desk, 10, 4))
        sale.action_confirm()
        self._produce(sale.order_line.assembly_order_ids, 1)
        orders = sale.order_line.assembly_order_ids
        sale._action_cancel()
        sale.unlink()
        self.assertEqual(sorted(orders.mapped("state")), ["cancel", "done"])
        self.assertFalse(orders.filtered("is_assemble_to_order"))
        self.assertEqual(self._free(self.desk), 1)

    def _bring_to(self, sale, stage):
        if stage == "sent":
            sale.action_quotation_sent()
        elif stage == "sale":
            sale.action_confirm()
        elif stage == "cancel":
            sale._action_cancel()

    def test_removed_line_in_the_form(self):
        """The same line removed and another one added, in one save."""
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        with Form(sale) as form:
            form.order_line.remove(0)
            with form.order_line.new() as line:
                line.product_id = self.desk
                line.product_uom_qty = 10
                line.qty_to_assemble_to_order = 4
        self.assertFalse(order.exists())
        self.assertEqual(sale.order_line.assembly_order_ids.product_qty, 4)

    def test_paid_online(self):
        """The payment confirms the quotation, for the public user."""
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        sale.write({"require_payment": True, "prepayment_percent": 1.0})
        provider = self.env["payment.provider"].create({"name": "Test"})
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": sale.amount_total,
                "currency_id": sale.currency_id.id,
                "partner_id": self.customer.id,
                "reference": sale.name,
                "sale_order_ids": [Command.set(sale.ids)],
            }
        )
        public = self.env.ref("base.public_user")
        transaction = transaction.with_user(public).sudo()
        transaction.state = "done"
        confirmed = transaction._check_amount_and_confirm_order()
        self.assertEqual(confirmed, sale)
        self.assertEqual(sale.state, "sale")
        self.assertInvariants(sale.order_line)
        self.assertEqual((order.state, order.product_qty), ("confirmed", 4))
        self.assertEqual(sale.order_line.reserved_qty, 10)


@tagged("post_install", "-at_install")
class TestOnlineConfirmation(AssembleToOrderCommon, HttpCase):
    """A customer without a user signs the quotation in the browser."""

    def test_signed_online(self):
        self._set_stock(self.desk, 6)
        sale = self._create_order((self.desk, 10, 4), require_signature=True)
        line, order = sale.order_line, sale.order_line.assembly_order_ids
        sale._portal_ensure_token()
        self.authenticate(None, None)
        response = self.make_jsonrpc_request(
            f"/my/orders/{sale.id}/accept",
            {
                "access_token": sale.access_token,
                "name": "Brandon Freeman",
                "signature": self.env.company.logo.decode(),
            },
        )
        self.assertNotIn("error", response)
        self.env.invalidate_all()
        self.assertEqual(sale.state, "sale")
        self.assertEqual(line.assembly_order_ids, order)
        self.assertEqual(order.state, "confirmed")
        self.assertEqual(line.reserved_qty, 10)
        self.assertInvariants(line)
