# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from unittest.mock import patch

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from . import test_availability_budget as budget
from .test_roll_up import RollUpCommon

# of lines with other components, by a price list with three quantity breaks
LIMIT = 50
# writing and telling is more than reading
LIMIT_OF_ACTIONS = 70
CHANGED = "+ 42.00 components; assembled 107.00, from stock 100.00, together 102.80"


class OfferCommon(RollUpCommon):
    def _get_row(self, line, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        orders = self.env["sale.order"].with_user(user or self.seller)
        [row] = call_kw(orders, "get_assembly_availability", [line.order_id.ids], {})
        return row

    def _get_offers(self, line, name="price"):
        """{action: (label, amount, question)} of what the panel offers"""
        return {
            offer["action"]: (offer["label"], offer["qty"], offer.get("confirm"))
            for offer in self._get_row(line)[name]["suggestions"]
        }


@tagged("post_install", "-at_install")
class TestRollUpOffer(OfferCommon):
    """What the line says where its components are others, and the answers to it."""

    def test_as_the_bill(self):
        """Nothing to say: components as the bill has them, the price the list's."""
        line = self._sell()
        self.assertIs(self._get_row(line)["price"], False)
        self.assertFalse(line.assembly_price)

    def test_changed(self):
        line = self._sell()
        self._take_glass(line)
        row = self._get_row(line)
        self.assertEqual(row["price"]["text"], CHANGED)
        self.assertTrue(row["price"]["is_to_decide"])
        self.assertEqual(line.assembly_price, row["price"])
        self.assertEqual(
            self._get_offers(line),
            {
                "action_roll_up_price": ("Price 102.80", 102.8, None),
                "action_split_at_both_prices": (
                    "Two lines, 107.00 assembled",
                    107,
                    None,
                ),
            },
        )

    def test_rolled_up(self):
        """The sentence stays; what is offered now is the way back."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        row = self._get_row(line)
        self.assertEqual(row["price"]["text"], CHANGED)
        self.assertFalse(row["price"]["is_to_decide"])
        offers = self._get_offers(line)
        self.assertEqual(
            offers["action_take_list_price"], ("List price 100.00", 100, None)
        )
        self.assertNotIn("action_roll_up_price", offers)

    def test_components_back_to_the_bill(self):
        """What was rolled up for glass is not sold with wood without a word."""
        line = self._sell()
        self._take_glass(line)
        self._roll_up(line)
        move = line.sudo().assembly_order_ids.move_raw_ids.filtered(
            lambda m: m.product_id == self.glass
        )
        move.product_id = self.top
        row = self._get_row(line)
        self.assertEqual(
            row["price"]["text"], "assembled 65.00, from stock 100.00, together 86.00"
        )
        self.assertTrue(row["price"]["is_to_decide"])
        self._roll_up(line, "action_take_list_price")
        self.assertIs(self._get_row(line)["price"], False)

    def test_typed_price(self):
        """It stays whatever changes, and the answer asks first."""
        line = self._sell()
        with Form(line.order_id) as form, form.order_line.edit(0) as row:
            row.price_unit = 95
        self._take_glass(line)
        self.assertPrice(line, 95)
        self.assertFalse(self._get_row(line)["price"]["is_to_decide"])
        for action, (_label, _qty, asked) in self._get_offers(line).items():
            self.assertRegex(asked, "Desk is sold for .*95.00.*, which", action)

    def test_price_of_an_import(self):
        """Odoo takes it for computed; it is somebody's all the same."""
        order = self._create_order(
            user_id=self.seller.id,
            order_line=[
                Command.create(
                    {**self._prepare_line_vals(self.desk, 10, 4), "price_unit": 90}
                )
            ],
        )
        line = order.order_line
        self._take_glass(line.with_user(self.seller))
        _label, _qty, asked = self._get_offers(line)["action_roll_up_price"]
        self.assertIn("90.00", asked)

    def test_cheaper(self):
        self.glass.list_price = 5
        line = self._sell(4, 4)
        self._take_glass(line)
        self.assertEqual(
            self._get_row(line)["price"]["text"],
            "- 20.00 components; assembled 45.00",
        )

    def test_one_more_leg(self):
        """The same products in other quantities: 4 x 1 leg more for 4 desks."""
        line = self._sell()
        move = line.sudo().assembly_order_ids.move_raw_ids[0]
        move.product_uom_qty = 20
        self.assertIn("+ 10.00 components", self._get_row(line)["price"]["text"])

    def test_live(self):
        """While A is typed: (5 x 100.00 + 5 x 107.00) / 10, before it is saved."""
        line = self._sell()
        self._take_glass(line)
        with Form(line.order_id) as form:
            with form.order_line.edit(0) as row:
                self.assertEqual(row.assembly_price["text"], CHANGED)
                row.qty_to_assemble_to_order = 5
                self.assertIn("together 103.50", row.assembly_price["text"])
                row.price_unit = 103.5
                actions = [s["action"] for s in row.assembly_price["suggestions"]]
                self.assertNotIn("action_roll_up_price", actions)

    def test_translated(self):
        """In the words, and with the figures, of whoever reads it."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.seller.lang = "de_DE"
        line = self._sell()
        self._take_glass(line)
        orders = self.env["sale.order"].with_user(self.seller)
        orders = orders.with_context(lang="de_DE")
        [row] = orders.browse(line.order_id.id).get_assembly_availability()
        self.assertIn("107,00", row["price"]["text"])

    def test_nothing_to_answer(self):
        """Locked, cancelled, invoiced: the sentence, without answers."""
        for end in ("action_lock", "_action_cancel"):
            line = self._sell()
            line.order_id.action_confirm()
            self._take_glass(line)
            getattr(line.order_id.sudo(), end)()
            if line.state != "cancel":
                self.assertEqual(self._get_offers(line), {}, end)

    def test_who_may_not_see_prices(self):
        """An add-on hides prices: what follows from them is hidden as well."""
        line = self._sell()
        self._take_glass(line)
        field = line._fields["price_unit"]
        with patch.object(field, "groups", "base.group_no_one"):
            self.env.invalidate_all()
            self.assertIs(self._get_row(line)["price"], False)
            self.assertEqual(self._read_price(line), False)
        self.env.invalidate_all()
        self.assertEqual(self._read_price(line)["text"], CHANGED)

    def _read_price(self, line):
        [values] = line.read(["assembly_price"])
        return values["assembly_price"]

    def test_buyer(self):
        """The customer in the portal reads none of it."""
        self.assertEqual(
            self.env["sale.order.line"]._fields["assembly_price"].groups,
            "base.group_user",
        )


@tagged("post_install", "-at_install")
class TestRollUpBudget(OfferCommon):
    """As many queries for 100 lines with other components as for one."""

    _measure = budget.TestAvailabilityBudget._measure

    def test_constant(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Ours",
                "item_ids": [
                    Command.create({"compute_price": "formula", "min_quantity": least})
                    for least in (0, 5, 50)
                ],
            }
        )
        counts, measured = (1, 10, 100), {}
        orders = {}
        for count in (0, *counts):  # the first one warms the caches
            order = self._create_order(
                *[(self.desk, 10 + number, 4) for number in range(count or 1)],
                user_id=self.seller.id,
                pricelist_id=pricelist.id,
            )
            for line in order.order_line:
                self._take_glass(line)
            orders[count] = order.with_user(self.seller)
        for count, order in orders.items():
            # together, as a client asks for them: what is in memory is gone
            lines = order.order_line.with_prefetch()
            read = partial(lines.read, ["assembly_price", "assembly_cost"])
            measured[count] = [self._measure(f"offers of {count} lines", read)]
            for action in self._get_actions():
                roll_up = partial(self._apply, lines, action)
                measured[count].append(
                    self._measure(f"{action} of {count} lines", roll_up)
                )
            self.assertIn("+ 42.00", lines[-1].assembly_price["text"])
        for first, *others in zip(*(measured[count] for count in counts), strict=True):
            self.assertLessEqual(max(others), first + 2)
            self.assertLessEqual(first, LIMIT_OF_ACTIONS)
        self.assertLessEqual(measured[1][0], LIMIT)

    def _get_actions(self):
        """Costs where Odoo's margins are installed."""
        actions = ["action_roll_up_price", "action_roll_up_cost"]
        has_costs = "purchase_price" in self.env["sale.order.line"]._fields
        return actions if has_costs else actions[:1]

    def _apply(self, lines, action):
        getattr(lines, action)()
        self.env.flush_all()
