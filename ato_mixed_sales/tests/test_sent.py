# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from .test_abuse import METHODS, AbuseCommon

NAN, INF = float("nan"), float("inf")
NO_FIGURES = (NAN, INF, -INF, 1e308, -1e308, 1e15, "4 desks", "4", [4], {"a": 1})


@tagged("post_install", "-at_install")
class TestSent(AbuseCommon):
    """What is no figure, or no record, is refused in a sentence that names it."""

    def assertSentence(self, action, *words):
        """Refused as a user reads it, and nothing has changed."""
        text = self._assert_refused(action, told=UserError)
        for word in words:
            self.assertIn(word, text)

    def test_figures_of_lines(self):
        line, field = self.quotation.order_line, "Qty. to Assemble to Order"
        for figure in NO_FIGURES:
            vals = {"qty_to_assemble_to_order": figure}
            new = {"product_id": self.desk.id, "product_uom_qty": 3, **vals}
            for method, *args in (
                ("write", line.ids, vals),
                ("create", [{**new, "order_id": line.order_id.id}]),
                ("web_save", line.ids, vals, {}),
                ("onchange", line.ids, vals, list(vals), {"qty_from_stock": {}}),
            ):
                with self.subTest(figure=str(figure), method=method):
                    self.assertSentence(
                        partial(self._rpc, "sale.order.line", method, *args),
                        field,
                        str(figure),
                    )
            commands = [Command.update(line.id, vals), Command.create(new)]
            for command in commands:
                with self.subTest(figure=str(figure), command=command[0]):
                    self.assertSentence(
                        partial(
                            self._rpc,
                            "sale.order",
                            "write",
                            line.order_id.ids,
                            {"order_line": [command]},
                        ),
                        field,
                        str(figure),
                    )

    def _rpc(self, model, method, *args, user=None):
        records = self.env[model].with_user(user or self.seller)
        result = call_kw(records, method, list(args), {})
        self.env.flush_all()
        return result

    def test_figures_in_dialogs(self):
        targets = self._targets()
        place = targets["sale.line.reservation.line"][:1]
        row = targets["assembly.shipment"].line_ids
        undone = targets["assembly.undo"].line_ids
        for figure in NO_FIGURES:
            for user, record, name, label in (
                (self.seller, place, "qty_to_reserve", "To Reserve"),
                (self.packer, row, "qty_to_ship", "To Ship"),
                (self.packer, row, "qty_from_assembly", "From Assembly"),
                (self.packer, row, "proposed_from_assembly", "Proposed"),
                (self.packer, undone, "qty_to_undo", "To Undo"),
            ):
                with self.subTest(figure=str(figure), name=name):
                    self.assertSentence(
                        partial(
                            self._rpc,
                            record._name,
                            "write",
                            record.ids,
                            {name: figure},
                            user=user,
                        ),
                        label,
                        str(figure),
                    )

    def test_figures_searched_for(self):
        labels = {
            "missing_qty": "Missing",
            "deductible_qty": "Could Be Taken from Stock",
            "components_short_qty": "Components Short",
            "qty_to_assemble_to_order": "Qty. to Assemble to Order",
        }
        for name, label in labels.items():
            for operator in (">", "<=", "=", "!=", "in", "not in"):
                for value in (NAN, INF, "x", 1e308, [2, "x"]):
                    operand = value
                    if "in" in operator and not isinstance(value, list):
                        operand = [value]
                    with self.subTest(name=name, operator=operator, value=str(value)):
                        self.assertSentence(
                            partial(
                                self._rpc,
                                "sale.order.line",
                                "search_count",
                                [(name, operator, operand)],
                            ),
                            label,
                            str(value[-1] if isinstance(value, list) else value),
                        )
            for value in (None, False, 0):
                domain = [(name, "=", value)]
                self.assertIsInstance(
                    self._rpc("sale.order.line", "search_count", domain), int
                )

    def test_lead_times(self):
        """Beyond a hundred years: refused; days before the order are Odoo's."""
        for line in (self.quotation | self.order).order_line:
            for days in (1e9, -1e9, 36501.0):
                with self.subTest(state=line.state, days=days):
                    self.assertSentence(
                        partial(
                            self._rpc,
                            "sale.order.line",
                            "write",
                            line.ids,
                            {"customer_lead": days},
                        ),
                        "lead time",
                        str(days),
                        line.product_id.name,
                    )
            for days in (-5.0, 0.0, 400.0):
                self._rpc("sale.order.line", "write", line.ids, {"customer_lead": days})
                [row] = line.order_id.get_assembly_availability()
                self.assertEqual(row["line_id"], line.id)
        new = {
            "order_id": self.quotation.id,
            "product_id": self.desk.id,
            "qty_to_assemble_to_order": 1,
            "customer_lead": 1e9,
        }
        self.assertSentence(
            partial(self._rpc, "sale.order.line", "create", [new]), "lead time"
        )
        bom = self.desk.bom_ids
        admin = self.env.ref("base.user_admin")
        for days in (36501, 10**9, -(10**9)):
            with self.subTest(days=days):
                self.assertSentence(
                    partial(
                        self._rpc,
                        "mrp.bom",
                        "write",
                        bom.ids,
                        {"produce_delay": days},
                        user=admin,
                    ),
                    "lead time",
                    str(days),
                )

    def test_huge_orders(self):
        """As much as nobody has: a sentence, for whatever decides the assembly part."""
        for product in (self.desk, self.desk_to_order):
            for quantity in (1e12, 1e15):
                new = {
                    "order_id": self.quotation.id,
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "qty_to_assemble_to_order": quantity,
                }
                with self.subTest(product=product.name, quantity=quantity):
                    self.assertSentence(
                        partial(self._rpc, "sale.order.line", "create", [new]),
                        "is no quantity",
                    )

    def test_no_records_and_the_same_twice(self):
        """Every public method: called on nothing, and on one record two times."""
        targets = self._targets()
        admin = self.env.ref("base.user_admin")
        for model, methods in METHODS.items():
            # dialogs are their opener's
            user = self.env[model]._fields.get("picking_id") and self.packer or admin
            if model.startswith("sale.line.reservation"):
                user = self.seller
            record = targets[model][:1]
            for method in methods:
                for ids in ([], record.ids * 2):
                    with self.subTest(model=model, method=method, ids=ids):
                        self.assertSentence(
                            partial(self._rpc, model, method, ids, user=user)
                        )
