# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from .documents import DocumentsCommon

SEEDS = 12
STEPS = (("ship_only", "mrp_one_step"), ("pick_pack_ship", "pbm_sam"))


@tagged("post_install", "-at_install")
class TestEndTogether(DocumentsCommon):
    """Orders that are left nothing to make end at once as they would one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_product("Case", components={cls.top: 2})
        cls.tower = cls._create_product("Tower", components={cls.case: 2, cls.leg: 1})

    def _prepare(self, dice):
        """An order of some lines, of which some is made, begun, or lacks components."""
        self._set_steps(*dice.choice(STEPS))
        for product, most in (
            (self.desk, 12),
            (self.case, 9),
            (self.leg, 60),
            (self.top, 25),
        ):
            self._set_stock(product, dice.randint(most // 3, most))
        lines = []
        for product in dice.choices((self.desk, self.case, self.tower), k=4):
            quantity = dice.randint(1, 9)
            lines.append((product, quantity, dice.randint(0, quantity)))
        order = self._create_order(*lines, (self.case, 1, 1))
        order.order_line[-1].product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        for made in order.order_line.assembly_order_ids:
            if dice.random() < 0.2:
                made.qty_producing = 1
            elif dice.random() < 0.3 and made.product_qty > 1:
                made.action_assign()
                self._produce(made, 1)
        return order

    def test_as_one_by_one(self):
        """An order is cancelled, or all of its transfers are: twelve random orders."""
        lower, ended = self.registry["mrp.production"]._lower, 0

        def lower_each(orders, quantities):
            for order in orders:
                lower(order, {order: quantities[order]})

        one_by_one = patch.object(self.registry["mrp.production"], "_lower", lower_each)
        for seed in range(SEEDS):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                order = self._prepare(Random(seed))
                pickings = order.picking_ids.filtered(lambda p: p.state != "done")
                for cancel in (order._action_cancel, pickings.action_cancel):
                    together = self._get_after(cancel)
                    with one_by_one:
                        alone = self._get_after(cancel)
                    for model, rows in alone.items():
                        self.assertEqual(together[model], rows, model)
                    orders = together["mrp.production"]
                    ended += sum(row["state"] == "cancel" for row in orders)
                savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertGreater(ended, 2 * SEEDS)
