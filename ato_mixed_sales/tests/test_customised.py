# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon, CheckedStories


class CustomisedCommon(CheckedStories, AssembleToOrderCommon):
    """4 of 10 desks are assembled; Anna sells them with 5 legs each, and a lamp."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls.anna = new_test_user(
            cls.env,
            login="ato_anna",
            name="Anna",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.planner = new_test_user(
            cls.env,
            login="ato_paul",
            name="Paul",
            groups="mrp.group_mrp_user",
            company_id=cls.company.id,
        )

    def _quote(self, *lines, **values):
        return self._create_order(
            *(lines or [(self.desk, 10, 4)]), user_id=self.anna.id, **values
        )

    def _change(self, line, user=None):
        """16 legs become 20, the top is left out, 4 lamps are added; in the dialog."""
        action = line.action_open_assembly_components()
        order = self.env["mrp.production"].with_user(user or self.anna)
        order = order.with_context(**action["context"]).browse(action["res_id"])
        with Form(order, view=action["views"][0][0]) as form:
            with form.move_raw_ids.edit(0) as move:
                move.product_uom_qty = 20
            form.move_raw_ids.remove(1)
            with form.move_raw_ids.new() as move:
                move.product_id = self.lamp
                move.product_uom_qty = 4

    def _get_orders(self, line, *states):
        orders = self.env["mrp.production"].search(
            [("ato_sale_line_id", "=", line.id)], order="id"
        )
        return orders.filtered(lambda o: o.state in (states or ("draft", "confirmed")))

    def _told(self, line):
        """What the panel and the popover say."""
        self.env.flush_all()
        self.env.invalidate_all()
        [row] = line.order_id.with_user(self.anna).get_assembly_availability()
        figures = line.with_user(self.anna).assembly_figures
        self.assertEqual(row["component_changes"], figures["component_changes"])
        return row["component_changes"]

    def assertMadeOf(self, line, units):
        """Of so many desks: 5 legs and a lamp each, no top."""
        order = self._get_orders(line)[-1:]
        self.assertEqual(order.product_qty, units)
        self.assertComponents(order, {self.leg: 5 * units, self.lamp: units})


@tagged("post_install", "-at_install")
class TestChangesAreTold(CustomisedCommon):
    """Who has changed components, when and how: in chatter, panel and popover."""

    TOLD = [
        "Anna, Nov 25: 16 Table Leg -> 20 Table Leg",
        "Anna, Nov 25: 4 Table Top left out",
        "Anna, Nov 25: 4 Desk Lamp added",
    ]

    def _get_messages(self, order):
        return order.message_ids.filtered(lambda m: "were changed (" in m.body)

    def test_by_the_seller(self):
        """On the quotation, and once more on the order."""
        order = self._quote()
        line = order.order_line
        self.assertFalse(self._told(line))
        self._change(line)
        self.assertEqual(sorted(self._told(line)), sorted(self.TOLD))
        [message] = self._get_messages(order)
        self.assertEqual(message.author_id, self.anna.partner_id)
        self.assertTrue(message.subtype_id.internal, "not for the customer")
        for words in ("16 Table Leg -", "4 Table Top left out", "4 Desk Lamp added"):
            self.assertIn(words, message.body)
        self.assertIn(self._get_orders(line).name, message.body)
        order.action_confirm()
        legs = self._get_orders(line).move_raw_ids.filtered(
            lambda move: move.product_id == self.leg
        )
        self._get_orders(line).with_user(self.planner).write(
            {"move_raw_ids": [Command.update(legs.id, {"product_uom_qty": 24})]}
        )
        self.assertEqual(
            self._told(line)[-1], "Paul, Nov 25: 20 Table Leg -> 24 Table Leg"
        )
        self.assertEqual(len(self._get_messages(order)), 2)
        latest = self._get_messages(order)[0]
        self.assertEqual(latest.author_id, self.planner.partner_id)

    def test_nothing_is_changed(self):
        """Saved as it was; another quantity; made: nobody has changed components."""
        order = self._quote()
        line = order.order_line
        draft = self._get_orders(line)
        with Form(draft.with_user(self.planner)) as form:
            form.date_start = "2026-12-01 08:00:00"
        line.product_uom_qty = 12
        line.qty_to_assemble_to_order = 6
        order.action_confirm()
        line.qty_to_assemble_to_order = 5
        self._produce(self._get_orders(line), 2)
        self._produce(self._get_orders(line, "confirmed", "progress"))
        self._deliver(order.picking_ids)
        self.assertFalse(line.component_changes)
        self.assertFalse(self._get_messages(order))

    def test_back_to_the_bill(self):
        """What is as the bill says again is no change: nothing to be kept."""
        line = self._quote().order_line
        legs = self._get_orders(line).move_raw_ids[0]
        for quantity, count in ((20, 1), (16, 0)):
            self._get_orders(line).with_user(self.anna).write(
                {
                    "move_raw_ids": [
                        Command.update(legs.id, {"product_uom_qty": quantity})
                    ]
                }
            )
            self.assertEqual(len(self._told(line)), count)
        self.assertEqual(len(self._get_messages(line.order_id)), 2)

    def test_only_the_latest(self):
        line = self._quote().order_line
        legs = self._get_orders(line).move_raw_ids[0]
        for quantity in range(20, 28):
            legs.raw_material_production_id.write(
                {
                    "move_raw_ids": [
                        Command.update(legs.id, {"product_uom_qty": quantity})
                    ]
                }
            )
        told = self._told(line)
        self.assertEqual(len(told), 5)
        self.assertIn("26 Table Leg -> 27 Table Leg", told[-1])

    def test_not_from_a_client(self):
        """Nobody says what others have changed, by whatever way."""
        portal = new_test_user(self.env, "ato_customer", "base.group_portal")
        order = self._quote(partner_id=portal.partner_id.id)
        line, forged = order.order_line, json.dumps({"kept": {}, "extra": [[1, 1, 1]]})
        model = self.env["sale.order.line"].with_user(self.anna)
        vals = {
            **self._prepare_line_vals(self.desk, 1, 1),
            "order_id": order.id,
            "component_changes": forged,
        }
        default = {"default_component_changes": forged}
        for method, args, kwargs in (
            ("write", [line.ids, {"component_changes": forged}], {}),
            ("create", [vals], {}),
            ("copy", [line.ids, {**vals}], {}),
            ("web_save", [line.ids, {"component_changes": forged}, {}], {}),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                call_kw(model, method, args, kwargs)
        del vals["component_changes"]
        with self.assertRaises(AccessError):
            call_kw(model, "create", [vals], {"context": default})
        with self.assertRaises(AccessError):
            model = self.env["sale.order.line"].with_user(portal)
            call_kw(model, "read", [line.ids, ["component_changes"]], {})

    def test_queries(self):
        """Figures of ten changed lines ask for as much as those of two."""
        counts = []
        for count in (2, 2, 10):
            order = self._quote(*[(self.desk, 2, 1)] * count)
            for line in order.order_line:
                legs = self._get_orders(line).move_raw_ids[0]
                legs.raw_material_production_id.write(
                    {"move_raw_ids": [Command.update(legs.id, {"product_uom_qty": 7})]}
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.get_assembly_availability()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestChangesAreKept(CustomisedCommon):
    """By copies, quotations that are opened again, other quantities, variants."""

    def test_copy_of_an_order(self):
        """Of a quotation, a confirmed and a done one, by the user's own click."""
        order = self._quote()
        line = order.order_line
        self._change(line)
        for step in ("quotation", "confirmed", "made"):
            with self.subTest(step=step):
                if step == "confirmed":
                    order.action_confirm()
                if step == "made":
                    self._produce(self._get_orders(line))
                model = self.env["sale.order"].with_user(self.anna)
                copied = call_kw(model, "copy", [order.ids], {})
                copied = self.env["sale.order"].browse(copied).order_line
                self.assertLine(copied, 10, 6, 4)
                self.assertMadeOf(copied, 4)
                self.assertEqual(self._told(copied), self._told(line))
                self._test_sold(copied)

    def _test_sold(self, line):
        """Confirmed and made in three steps: of what was chosen."""
        with self.env.cr.savepoint() as undo:
            line.order_id.action_confirm()
            self.assertMadeOf(line, 4)
            self.assertInvariants(line)
            undo.close(rollback=True)

    def test_copy_of_a_line(self):
        line = self._quote().order_line
        self._change(line)
        copied = line.with_user(self.anna).copy({"order_id": line.order_id.id})
        self.assertMadeOf(copied, 4)
        other = line.with_user(self.anna).copy(
            {"order_id": line.order_id.id, "product_id": self.desk_to_order.id}
        )
        self.assertFalse(
            self._get_orders(other).move_raw_ids.product_id & self.lamp, "another one"
        )

    def test_opened_again(self):
        """Cancelled and set back to quotation: as it was sold, in other quantities."""
        for steps in ("ship_only", "pick_ship"):
            with self.subTest(steps=steps), self.env.cr.savepoint() as undo:
                self._set_steps(steps)
                order = self._quote()
                line = order.order_line
                self._change(line)
                order.action_confirm()
                order._action_cancel()
                order.action_draft()
                self.assertLine(line, 10, 6, 4)
                self.assertMadeOf(line, 4)
                line.qty_to_assemble_to_order = 0
                line.qty_to_assemble_to_order = 3
                self.assertMadeOf(line, 3)
                order.action_confirm()
                self.assertMadeOf(line, 3)
                self.assertInvariants(line)
                undo.close(rollback=True)

    def test_one_more_order(self):
        """2 more while the first are made: of the same, as they are sold as such."""
        order = self._quote()
        line = order.order_line
        self._change(line)
        order.action_confirm()
        self._get_orders(line).qty_producing = 1
        line.qty_to_assemble_to_order = 6
        self.assertMadeOf(line, 2)
        self.assertInvariants(line)

    def test_in_dozens(self):
        """A copy of half a dozen: 30 legs and 6 lamps."""
        order = self._quote()
        line = order.order_line
        self._change(line)
        copied = line.copy({"order_id": order.id})
        copied.write({"product_uom_id": self.dozen.id, "product_uom_qty": 1})
        copied.qty_to_assemble_to_order = 0.5
        self.assertMadeOf(copied, 6)

    def test_order_at_confirmation(self):
        """No order of a quotation, no draft of what follows what is missing."""
        order = self._quote()
        self._change(order.order_line)
        self.company.assembly_order_creation = "confirmation"
        copied = order.copy()
        self.assertFalse(self._get_orders(copied.order_line))
        copied.action_confirm()
        self.assertMadeOf(copied.order_line, 4)

    def test_bill_of_today(self):
        """The bill asks for a lamp more, and has no top: what was chosen stays."""
        line = self._quote().order_line
        self._change(line)
        bom = self.desk.bom_ids
        bom.bom_line_ids.filtered(lambda o: o.product_id == self.top).unlink()
        shade = self._create_product("Shade")
        bom.bom_line_ids = [Command.create({"product_id": shade.id, "product_qty": 2})]
        copied = line.order_id.copy().order_line
        self.assertComponents(
            self._get_orders(copied), {self.leg: 20, self.lamp: 4, shade: 8}
        )

    def test_other_customer(self):
        """Odoo looks for the warehouse of the seller anew: the order is made there."""
        order = self._quote()
        self._change(order.order_line)
        other = self._create_warehouse("Other Hall", "OTH")
        self.anna.property_warehouse_id = other
        order.partner_id = self.env["res.partner"].create({"name": "Friend"})
        self.assertEqual(order.warehouse_id, other)
        self.assertMadeOf(order.order_line, 4)
        draft = self._get_orders(order.order_line)
        self.assertEqual(draft.location_dest_id.warehouse_id, other)

    def test_split_by_source(self):
        """The line that assembles has them, and says so."""
        line = self._quote().order_line
        self._change(line)
        line.with_user(self.anna).action_split_by_source()
        assembly = line.order_id.order_line - line
        self.assertMadeOf(assembly, 4)
        copied = line.order_id.copy().order_line.sorted("id")[-1]
        self.assertMadeOf(copied, 4)

    def test_other_variant(self):
        """Another colour: 4 of 10 stay assembled, with what was chosen for them."""
        black, white = self._create_boards()
        self._create_bom(black, {self.leg: 4, self.top: 1})
        order = self._quote((black, 10, 4), (black, 10), (self.desk, 10, 4))
        self._change(order.order_line[0])
        with Form(order.with_user(self.anna)) as form:
            for index in (0, 1):
                with form.order_line.edit(index) as row:
                    row.product_id = white
            with form.order_line.edit(2) as row:
                row.product_id = white
        first, second, third = order.order_line
        self.assertLine(first, 10, 6, 4)
        self.assertMadeOf(first, 4)
        self.assertLine(second, 10, 10, 0)
        self.assertLine(third, 10, 10, 0)
        black.product_tmpl_id.assembly_policy = "assemble_to_order"
        second.product_id = black
        self.assertLine(second, 10, 0, 10)


@tagged("post_install", "-at_install")
class TestTemplates(AssembleToOrderCommon):
    """Quotation templates say how much is assembled."""

    def _create_template(self, *lines):
        return self.env["sale.order.template"].create(
            {
                "name": "Office",
                "sale_order_template_line_ids": [
                    Command.create(self._prepare_line_vals(*line)) for line in lines
                ],
            }
        )

    def test_quotation(self):
        """4 of 10; by the policy where the template says nothing; a dozen in halves."""
        template = self._create_template(
            (self.desk, 10, 4), (self.desk_to_order, 5), (self.desk, 3, 3)
        )
        template.sale_order_template_line_ids = [
            Command.create(
                self._prepare_line_vals(
                    self.desk, 2, 0.5, product_uom_id=self.dozen.id, sequence=99
                )
            )
        ]
        for group in ("sale_management.group_sale_order_template", "uom.group_uom"):
            self.seller.group_ids += self.env.ref(group)
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.customer
        form.warehouse_id = self.warehouse
        form.sale_order_template_id = template
        lines = form.save().order_line
        figures = [(o.product_uom_qty, o.qty_to_assemble_to_order) for o in lines]
        self.assertEqual(figures, [(10, 4), (5, 5), (3, 3), (2, 0.5)])
        made = lines.mapped("assembly_order_ids.product_qty")
        self.assertEqual(made, [4, 5, 3, 6])
        # as if somebody had typed it: a mixed one is kept, a whole one follows
        for line, expected in zip(lines, (4, 6, 6, 0.5), strict=True):
            line.product_uom_qty = 6
            self.assertEqual(line.qty_to_assemble_to_order, expected)

    def test_bill_is_gone(self):
        """A template outlives the bill: its line comes from stock."""
        template = self._create_template((self.desk, 10, 4))
        self.desk.bom_ids.type = "phantom"
        self.seller.group_ids += self.env.ref(
            "sale_management.group_sale_order_template"
        )
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.customer
        form.sale_order_template_id = template
        line = form.save().order_line
        self.assertEqual((line.product_uom_qty, line.qty_to_assemble_to_order), (10, 0))

    def test_limits(self):
        for line in ((self.desk, 10, 11), (self.desk, 10, -1), (self.lamp, 10, 1)):
            with self.subTest(line=line), self.assertRaises(ValidationError):
                self._create_template(line)
