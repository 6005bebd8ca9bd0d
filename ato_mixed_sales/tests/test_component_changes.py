# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .test_customised import CustomisedCommon


class ComponentChangesCommon(CustomisedCommon):
    """Paul plans what Anna has sold: 4 of 10 desks, of 16 legs and 4 tops."""

    def _sell(self, confirmed=True, **values):
        order = self._quote(**values)
        if confirmed:
            order.action_confirm()
        return order.order_line

    def _call(self, records, method, *args, user=None):
        """What a client of Paul's asks for; recordsets of none for what has none."""
        model = self.env[records._name].with_user(user or self.planner)
        ids = [records.ids] if records else []
        return call_kw(model, method, [*ids, *args], {})

    def _component(self, line, product):
        moves = self._get_orders(line).move_raw_ids
        return moves.filtered(lambda move: move.product_id == product)

    def _get_said(self, line):
        """What Paul has changed by the chatter, the oldest first."""
        self.env.flush_all()
        messages = line.order_id.message_ids.filtered(
            lambda message: "were changed (" in message.body
        )
        for message in messages:
            self.assertEqual(message.author_id, self.planner.partner_id)
        return [
            html2plaintext(message.body).strip().split("): ")[1].rstrip(".")
            for message in messages.sorted("id")
        ]


@tagged("post_install", "-at_install")
class TestChangedOnMoves(ComponentChangesCommon):
    """A component is changed on its move, past the order: it is told all the same."""

    def test_quantity_and_product(self):
        """On a quotation and on an order, in one step and in three."""
        for confirmed, steps in ((False, "mrp_one_step"), (True, "pbm_sam")):
            with self.subTest(steps=steps), self.env.cr.savepoint() as undo:
                self._set_steps("pick_ship", steps)
                line = self._sell(confirmed)
                legs = self._component(line, self.leg)
                self._call(legs, "write", {"product_uom_qty": 20})
                self.assertEqual(self._get_said(line), ["16 Table Leg -> 20 Table Leg"])
                top = self._component(line, self.top)
                if not confirmed:
                    self._call(top, "write", {"product_id": self.lamp.id})
                    self.assertEqual(
                        self._get_said(line)[1:], ["4 Table Top -> 4 Desk Lamp"]
                    )
                self.assertEqual(
                    self._told(line)[0],
                    "Paul, Nov 25: 16 Table Leg -> 20 Table Leg",
                )
                copied = line.order_id.copy().order_line
                last = self.top if confirmed else self.lamp
                self.assertComponents(self._get_orders(copied), {self.leg: 20, last: 4})
                undo.close(rollback=True)

    def test_added_and_left_out(self):
        """A copy has 4 lamps, and no top."""
        line = self._sell(confirmed=False)
        draft = self._get_orders(line)
        vals = {
            "raw_material_production_id": draft.id,
            "product_id": self.lamp.id,
            "product_uom_qty": 4,
        }
        self._call(self.env["stock.move"], "create", [vals])
        self._call(self._component(line, self.top), "unlink")
        self.assertEqual(
            self._get_said(line), ["4 Desk Lamp added", "4 Table Top left out"]
        )
        copied = line.order_id.copy().order_line
        self.assertComponents(self._get_orders(copied), {self.leg: 16, self.lamp: 4})

    def test_by_default_of_the_context(self):
        """Which order it is for, a client may say as a default."""
        line = self._sell()
        context = {"default_raw_material_production_id": self._get_orders(line).id}
        model = self.env["stock.move"].with_user(self.planner)
        vals = {"product_id": self.lamp.id, "product_uom_qty": 4}
        call_kw(model, "create", [[vals]], {"context": context})
        self.assertEqual(self._get_said(line), ["4 Desk Lamp added"])

    def test_moved_to_another_order(self):
        """One order has it no more, the other one has it: both say so."""
        first, second = self._sell(confirmed=False), self._sell(confirmed=False)
        top, other = self._component(first, self.top), self._get_orders(second)
        self._call(top, "write", {"raw_material_production_id": other.id})
        self.assertEqual(self._get_said(first), ["4 Table Top left out"])
        self.assertEqual(self._get_said(second), ["4 Table Top added"])

    def test_several_at_once(self):
        """Two components are one message; those of two orders one for each."""
        first, second = self._sell(), self._sell()
        moves = self._get_orders(first).move_raw_ids
        moves |= self._component(second, self.leg)
        self._call(moves, "write", {"product_uom_qty": 24})
        self.assertEqual(
            self._get_said(first),
            ["16 Table Leg -> 24 Table Leg; 4 Table Top -> 24 Table Top"],
        )
        self.assertEqual(self._get_said(second), ["16 Table Leg -> 24 Table Leg"])

    def test_as_before(self):
        """The same quantity once more is no change, nor is another date."""
        line = self._sell()
        legs = self._component(line, self.leg)
        self._call(legs, "write", {"product_uom_qty": 16, "product_id": self.leg.id})
        self._call(legs, "write", {"date": "2026-12-01 08:00:00"})
        self.assertFalse(self._get_said(line))
        self.assertFalse(line.component_changes)

    def test_of_nobody(self):
        """What is made for stock tells no sales order; bad input changes nothing."""
        line = self._sell()
        order = self.env["mrp.production"].create(
            {"product_id": self.desk.id, "product_qty": 2}
        )
        self._call(order.move_raw_ids[0], "write", {"product_uom_qty": 20})
        legs = self._component(line, self.leg)
        with self.assertRefused("programming error"):
            self._call(legs, "write", {"product_uom_qty": 18, "product_qty": 20})
        self.assertFalse(self._get_said(line))
        self._call(legs, "write", {"product_uom_qty": 20})
        self.assertEqual(len(self._get_said(line)), 1, "told again after an error")


@tagged("post_install", "-at_install")
class TestChangedByThePlanner(ComponentChangesCommon):
    """*Update BoM*, and what is changed once an order is unlocked."""

    CHANGED = "16 Table Leg -> 20 Table Leg"

    def _customise(self, line):
        """20 legs and 4 lamps, on a quotation no top; as one change in one message."""
        order = self._get_orders(line)
        if line.state == "sale":
            self._call(order, "action_toggle_is_locked")
        with Form(order.with_user(self.planner)) as form:
            with form.move_raw_ids.edit(0) as move:
                move.product_uom_qty = 20
            with form.move_raw_ids.new() as move:
                move.product_id = self.lamp
                move.product_uom_qty = 4
            if line.state != "sale":
                form.move_raw_ids.remove(1)

    def test_update_bom(self):
        """All is as the bill says again: nothing is kept, and that is told."""
        for confirmed in (False, True):
            with self.subTest(confirmed=confirmed), self.env.cr.savepoint() as undo:
                line = self._sell(confirmed)
                self._customise(line)
                said = self._get_said(line)
                self.assertEqual(len(said), 1)
                self._call(self._get_orders(line), "action_update_bom")
                self.assertComponents(
                    self._get_orders(line), {self.leg: 16, self.top: 4}
                )
                back = ["20 Table Leg -> 16 Table Leg", "4 Desk Lamp left out"]
                back += [] if confirmed else ["4 Table Top added"]
                [_customised, latest] = self._get_said(line)
                self.assertEqual(sorted(latest.split("; ")), sorted(back))
                self.assertFalse(line.component_changes, "as the bill says")
                self.assertFalse(self._told(line))
                copied = line.order_id.copy().order_line
                self.assertComponents(
                    self._get_orders(copied), {self.leg: 16, self.top: 4}
                )
                undo.close(rollback=True)

    def test_update_bom_of_today(self):
        """Another bill by now: 5 legs and a lamp each, no top; nothing differs."""
        for confirmed in (False, True):
            with self.subTest(confirmed=confirmed), self.env.cr.savepoint() as undo:
                line = self._sell(confirmed)
                bill = self.desk.bom_ids.bom_line_ids
                bill.filtered(lambda o: o.product_id == self.top).unlink()
                bill.exists().product_qty = 5
                self.desk.bom_ids.bom_line_ids = [
                    Command.create({"product_id": self.lamp.id, "product_qty": 1})
                ]
                self._call(self._get_orders(line), "action_update_bom")
                [said] = self._get_said(line)
                self.assertEqual(
                    sorted(said.split("; ")),
                    [self.CHANGED, "4 Desk Lamp added", "4 Table Top left out"],
                )
                self.assertFalse(line.component_changes)
                undo.close(rollback=True)

    def test_update_bom_as_it_was(self):
        for confirmed in (False, True):
            line = self._sell(confirmed)
            self._call(self._get_orders(line), "action_update_bom")
            self.assertFalse(self._get_said(line))
            self.assertFalse(line.component_changes)

    def test_another_bill(self):
        """Two lamps each, by another bill: told once, and nothing differs from it."""
        other = self._create_bom(self.desk, {self.lamp: 2})
        for by_form in (True, False):
            line = self._sell(confirmed=False)
            draft = self._get_orders(line)
            if by_form:
                with Form(draft.with_user(self.planner)) as form:
                    form.bom_id = other
            else:
                self._call(draft, "write", {"bom_id": other.id})
            self.assertComponents(draft, {self.lamp: 8})
            [said] = self._get_said(line)
            self.assertEqual(
                sorted(said.split("; ")),
                ["16 Table Leg left out", "4 Table Top left out", "8 Desk Lamp added"],
            )
            self.assertFalse(line.component_changes)

    def test_unlocked(self):
        """Half is made: what the rest needs is another quantity."""
        line = self._sell()
        order = self._get_orders(line)
        planned = order.with_user(self.planner)
        self._produce(planned, 2)
        rest = self._get_orders(line, "confirmed", "progress")
        self.assertFalse(self._get_said(line))
        self._call(rest, "action_toggle_is_locked")
        with Form(rest.with_user(self.planner)) as form:
            with form.move_raw_ids.edit(0) as move:
                move.product_uom_qty = 12
        self.assertEqual(self._get_said(line), ["8 Table Leg -> 12 Table Leg"])


@tagged("post_install", "-at_install")
class TestNobodyHasChanged(ComponentChangesCommon):
    """What Odoo and we do with components by ourselves is no change, whoever asks."""

    def _check(self, line):
        self.env.flush_all()
        self.assertFalse(self._get_said(line))
        self.assertFalse(line.component_changes)

    def test_made_with_less(self):
        """Paul uses 7 legs for 2 of 4, then 15 for all that is left, and no top."""
        line = self._sell()
        order = self._get_orders(line).with_user(self.planner)
        order.qty_producing = 2
        order._set_qty_producing()
        self._component(line, self.leg).with_user(self.planner).quantity = 7
        context = {"skip_backorder": True, "skip_consumption": True}
        self._finish(order, **context, mo_ids_to_backorder=order.ids)
        rest = self._get_orders(line, "confirmed", "progress").with_user(self.planner)
        self.assertEqual(rest.product_qty, 2)
        rest.qty_producing = 2
        rest._set_qty_producing()
        legs, top = rest.move_raw_ids
        legs.quantity, top.quantity = 15, 0
        self._finish(rest, **context)
        self.assertEqual(rest.state, "done")
        self._check(line)

    def _finish(self, order, **context):
        model = self.env["mrp.production"].with_user(self.planner)
        call_kw(model, "button_mark_done", [order.ids], {"context": context})

    def test_split_and_scaled(self):
        """Paul splits 4 into 2 and 2; Anna asks for 6, in two steps."""
        self._set_steps("pick_ship", "pbm")
        line = self._sell()
        order = self._get_orders(line)
        action = self._call(order, "action_split")
        model = self.env["mrp.production.split"].with_user(self.planner)
        wizard = Form(model.with_context(**action["context"])).save()
        wizard.max_batch_size = 2
        wizard.action_split()
        self.assertEqual(self._get_orders(line).mapped("product_qty"), [2, 2])
        vals = {"qty_to_assemble_to_order": 6}
        self._call(line, "write", vals, user=self.anna)
        self.assertEqual(sum(self._get_orders(line).mapped("product_qty")), 6)
        self._check(line)
        self.assertInvariants(line)

    def test_kit_among_components(self):
        """What Odoo replaces by its parts is what was asked for."""
        kit = self._create_product("Light")
        self._create_bom(kit, {self.lamp: 2}, type="phantom")
        bench = self._create_product("Bench", components={self.leg: 4, kit: 1})
        line = self._quote((bench, 10, 4)).order_line
        model = self.env["sale.order"].with_user(self.anna)
        call_kw(model, "action_confirm", [line.order_id.ids], {})
        self.assertComponents(self._get_orders(line), {self.leg: 16, self.lamp: 8})
        self._check(line)
        self._call(
            self._get_orders(line), "write", {"date_start": "2026-12-01 08:00:00"}
        )
        self._check(line)

    def test_scrapped(self):
        """A leg is broken: no component more, none less, though it is of the order."""
        line = self._sell()
        order = self._get_orders(line)
        self._scrap(self.leg, 2, self.stock, user=self.planner, production_id=order.id)
        self.assertComponents(order, {self.leg: 16, self.top: 4})
        self._check(line)
        self._produce(order.with_user(self.planner))
        self._check(line)

    def test_another_place(self):
        """Components are taken from there; those that were changed stay changed."""
        place, other = self.env["stock.location"].create(
            [{"name": name, "location_id": self.stock.id} for name in ("Bay", "Dock")]
        )
        line = self._sell(confirmed=False)
        draft = self._get_orders(line)
        self._call(draft, "write", {"location_src_id": place.id})
        self._check(line)
        self._change(line)
        self.planner.group_ids += self.env.ref("stock.group_stock_multi_locations")
        with Form(draft.with_user(self.planner)) as form:
            form.location_src_id = other
        self.assertEqual(draft.move_raw_ids.location_id, other)
        self.assertMadeOf(line, 4)
        self._call(draft, "write", {"location_src_id": place.id})
        self.assertEqual(draft.move_raw_ids.location_id, place)
        self.assertMadeOf(line, 4)

    def test_another_bill_and_back(self):
        """In the form of a quotation's order, nothing is saved in between."""
        other = self._create_bom(self.desk, {self.lamp: 2})
        line = self._sell(confirmed=False)
        with Form(self._get_orders(line).with_user(self.planner)) as form:
            form.bom_id = other
            form.bom_id = self.desk.bom_ids - other
        self.assertComponents(self._get_orders(line), {self.leg: 16, self.top: 4})
        self._check(line)
