# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from random import Random
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .documents import DocumentsCommon

SEEDS = 12
ANSWERS = ("action_assemble_all_missing", "action_take_all_from_stock")
STEPS = (("ship_only", "mrp_one_step"), ("pick_pack_ship", "pbm_sam"))


@tagged("post_install", "-at_install")
class TestAnswerTogether(DocumentsCommon):
    """The answers for all lines of an order do what each of them does by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_product("Case", components={cls.top: 2})

    def _prepare(self, dice, is_confirmed):
        """An order that misses something, and stock that could replace assembly."""
        self._set_steps(*dice.choice(STEPS))
        self._set_stock(self.leg, dice.randint(20, 90))
        self._set_stock(self.top, dice.randint(10, 40))
        stocked = {}
        for product in (self.desk, self.case):
            stocked[product] = dice.randint(0, 9)
            self._set_stock(product, stocked[product])
        lines = []
        for product in dice.choices((self.desk, self.case), k=5):
            quantity = dice.randint(1, 9)
            lines.append((product, quantity, dice.randint(0, quantity)))
        order = self._create_order(*lines, (self.case, 1, 0))
        order.order_line[-1].product_uom_id = self.env.ref("uom.product_uom_dozen")
        if is_confirmed:
            order.action_confirm()
        for product, quantity in stocked.items():
            self._set_stock(product, quantity + dice.randint(5, 25))
        return order

    def _get_answered(self, action):
        """Documents after `action`, without those of transfers; none if it is refused.

        At once, components of several lines are brought by one transfer.
        """
        try:
            documents = self._get_after(action)
        except UserError:
            return {}
        return {m: rows for m, rows in documents.items() if m != "stock.picking"}

    def test_as_one_by_one(self):
        """Twelve random quotations and orders: what is missing, and what is free."""

        def write_each(lines, parts):
            for line in lines:
                line.qty_to_assemble_to_order = parts[line]

        one_by_one = patch.object(
            self.registry["sale.order.line"], "_write_assembly_parts", write_each
        )
        answered = Counter()
        for seed in range(SEEDS):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                order = self._prepare(Random(seed), is_confirmed=seed % 3 > 0)
                for name in ANSWERS:
                    together = self._get_answered(getattr(order, name))
                    with one_by_one:
                        alone = self._get_answered(getattr(order, name))
                    for model, rows in alone.items():
                        self.assertEqual(together[model], rows, model)
                    answered[name] += bool(together)
                savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertGreaterEqual(min(answered[name] for name in ANSWERS), SEEDS // 2)
