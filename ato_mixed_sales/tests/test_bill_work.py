# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestWorkOfTheDay(CheckedStories, AssembleToOrderCommon):
    """By-products and work follow the bill with the components, never half (E17).

    4 of 10 desks are assembled: 2 shavings each, sawn and glued.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 6)
        cls.bom = cls.desk.bom_ids
        cls.shavings = cls._create_product("Shavings")
        cls.bench, cls.press = cls.env["mrp.workcenter"].create(
            [{"name": "Bench"}, {"name": "Press"}]
        )
        cls.bom.write(
            {
                "byproduct_ids": [
                    Command.create({"product_id": cls.shavings.id, "product_qty": 2})
                ],
                "operation_ids": [
                    Command.create(
                        {
                            "name": name,
                            "workcenter_id": cls.bench.id,
                            "time_cycle_manual": 10,
                        }
                    )
                    for name in ("Saw", "Glue")
                ],
            }
        )
        cls.saw, cls.glue = cls.bom.operation_ids

    def _quote(self):
        sale = self._create_order((self.desk, 10, 4))
        order = sale.order_line.assembly_order_ids
        self.assertWork(order, {"Saw": (self.bench, 40), "Glue": (self.bench, 40)})
        self.assertByProducts(order, {self.shavings: 8})
        return sale, order

    def assertWork(self, order, expected):
        """{operation: (work center, minutes)}, each once."""
        work = [
            (work.name, (work.workcenter_id, work.duration_expected))
            for work in order.workorder_ids.filtered(lambda w: w.state != "cancel")
        ]
        self.assertEqual(len(work), len(expected))
        self.assertEqual(dict(work), expected)

    def assertByProducts(self, order, expected):
        moves = order.move_finished_ids.filtered(
            lambda m: m.product_id != self.desk and m.state != "cancel"
        )
        self.assertEqual(
            [(move.product_id, move.product_uom_qty) for move in moves],
            list(expected.items()),
        )
        self.assertFalse(any(moves.mapped("ato_supply")), "nobody's")

    def _confirm(self, sale, work, by_products, *kept):
        """Confirmed, made and delivered; the same as a fresh order by the bill."""
        sale.action_confirm()
        order = sale.order_line.assembly_order_ids
        self.assertWork(order, work)
        self.assertByProducts(order, by_products)
        told = sale.message_ids.filtered(lambda m: "has changed since" in m.body)
        self.assertEqual(len(told), 1)
        self.assertEqual("is kept: " in told.body, bool(kept))
        for words in kept:
            self.assertIn(words, told.body)
        self.assertFalse(order.is_outdated_bom)
        for component in order.move_raw_ids:
            self.assertEqual(
                component.workorder_id.operation_id, component.operation_id
            )
        order.workorder_ids.button_finish()
        self._produce(order)
        self.assertEqual(order.state, "done")
        self._deliver(sale.picking_ids)
        self.assertEqual(sale.order_line.qty_delivered, 10)
        return order

    def test_all_of_it(self):
        """Gluing by the press, painting instead of sawing, chips besides shavings."""
        sale, order = self._quote()
        chips = self._create_product("Chips")
        self.glue.write({"workcenter_id": self.press.id, "time_cycle_manual": 20})
        self.saw.unlink()
        self.bom.write(
            {
                "operation_ids": [
                    Command.create(
                        {
                            "name": "Paint",
                            "workcenter_id": self.bench.id,
                            "time_cycle_manual": 5,
                        }
                    )
                ],
                "byproduct_ids": [
                    Command.update(self.bom.byproduct_ids.id, {"product_qty": 3}),
                    Command.create({"product_id": chips.id, "product_qty": 1}),
                ],
            }
        )
        self.bom.bom_line_ids[0].operation_id = self.glue
        self.assertByProducts(order, {self.shavings: 8})
        order = self._confirm(
            sale,
            {"Glue": (self.press, 80), "Paint": (self.bench, 20)},
            {self.shavings: 12, chips: 4},
        )
        self.assertEqual(order.move_raw_ids[0].operation_id, self.glue)

    def test_nothing_of_it_any_more(self):
        """By-product deleted, an operation archived, another deleted."""
        sale, _order = self._quote()
        self.bom.byproduct_ids.unlink()
        self.glue.active = False
        self.saw.unlink()
        self._confirm(sale, {}, {})

    def test_by_products_that_were_changed(self):
        """9 shavings were wanted, and 1 lamp besides: kept, and said."""
        sale, order = self._quote()
        order.move_finished_ids.filtered(
            lambda m: m.product_id == self.shavings
        ).product_uom_qty = 9
        order.move_byproduct_ids = [
            Command.create(
                {
                    **order._get_move_finished_values(
                        self.lamp.id, 1, self.lamp.uom_id.id
                    ),
                    "production_id": order.id,
                }
            )
        ]
        self.bom.byproduct_ids.product_qty = 5
        self._confirm(
            sale,
            {"Saw": (self.bench, 40), "Glue": (self.bench, 40)},
            {self.shavings: 9, self.lamp: 1},
            "9.00 Units of Shavings",
            "1.00 Units of Desk Lamp",
        )

    def test_by_products_left_out(self):
        """The planner has none of them: nor has the order."""
        sale, order = self._quote()
        order.move_finished_ids.filtered(
            lambda m: m.product_id == self.shavings
        ).unlink()
        self.bom.byproduct_ids.product_qty = 5
        self._confirm(
            sale,
            {"Saw": (self.bench, 40), "Glue": (self.bench, 40)},
            {},
            "0.00 Units of Shavings",
        )

    def test_work_that_was_added(self):
        """Polishing was added by hand: it stays, the rest follows."""
        sale, order = self._quote()
        order.workorder_ids = [
            Command.create(
                {
                    "name": "Polish",
                    "workcenter_id": self.press.id,
                    "product_uom_id": self.unit.id,
                    "duration_expected": 7,
                }
            )
        ]
        self.saw.workcenter_id = self.press
        sale.order_line.qty_to_assemble_to_order = 6
        sale.order_line.qty_to_assemble_to_order = 4
        self._confirm(
            sale,
            {
                "Saw": (self.press, 40),
                "Glue": (self.bench, 40),
                "Polish": (self.press, 7),
            },
            {self.shavings: 8},
        )

    def test_only_components_changed(self):
        """Work of operations that are as they were is left to the planner."""
        sale, order = self._quote()
        order.workorder_ids[0].workcenter_id = self.press
        self.bom.bom_line_ids[0].product_qty = 5
        work = order.workorder_ids
        self._confirm(
            sale,
            {"Saw": (self.press, 40), "Glue": (self.bench, 40)},
            {self.shavings: 8},
        )
        self.assertEqual(sale.order_line.assembly_order_ids.workorder_ids, work)

    def test_in_dozens_and_two_steps(self):
        """1 of 2 dozens; components are brought, what is made is stored."""
        self.warehouse.manufacture_steps = "pbm_sam"
        vals = self._prepare_line_vals(self.desk, 2, 1, product_uom_id=self.dozen.id)
        sale = self._create_order(order_line=[Command.create(vals)])
        self.bom.byproduct_ids.product_qty = 3
        self.glue.time_cycle_manual = 20
        sale.action_confirm()
        order = sale.order_line.assembly_order_ids
        self.assertByProducts(order, {self.shavings: 36})
        self.assertWork(order, {"Saw": (self.bench, 120), "Glue": (self.bench, 240)})
        self.assertInvariants(sale.order_line)

    def test_noted_by_an_older_version(self):
        """19.0.1.3 noted components only: what it has noted is no other bill."""
        sale, order = self._quote()
        basis = order.ato_bom_basis
        bill = {key: said[:3] for key, said in basis["bill"].items()}
        order.ato_bom_basis = {**basis, "bill": bill}
        with self.env.cr.savepoint() as undo:
            sale.action_confirm()
            told = sale.message_ids.filtered(lambda m: "has changed" in m.body)
            self.assertFalse(told)
            undo.close(rollback=True)
        self.env.invalidate_all()
        self.bom.byproduct_ids.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 5
        self.glue.workcenter_id = self.press
        order = self._confirm(
            sale,
            {"Saw": (self.bench, 40), "Glue": (self.press, 40)},
            {self.shavings: 12},
        )
        self.assertComponents(order, {self.leg: 20, self.top: 4})

    def test_update_of_a_confirmed_order(self):
        """Odoo's own "Update BoM": for the same 4, which the line goes on with."""
        sale, order = self._quote()
        sale.action_confirm()
        self.bom.byproduct_ids.product_qty = 3
        self.glue.workcenter_id = self.press
        self.bom.bom_line_ids[0].product_qty = 5
        self.assertTrue(order.is_outdated_bom)
        order.action_update_bom()
        self.assertEqual(order.product_qty, 4)
        self.assertComponents(order, {self.leg: 20, self.top: 4})
        self.assertByProducts(order, {self.shavings: 12})
        self.assertWork(order, {"Saw": (self.bench, 40), "Glue": (self.press, 40)})
        self.assertInvariants(sale.order_line)
        sale.order_line.qty_to_assemble_to_order = 5
        self.assertComponents(order, {self.leg: 25, self.top: 5})
        self.assertInvariants(sale.order_line)
