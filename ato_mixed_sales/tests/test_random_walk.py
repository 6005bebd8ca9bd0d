# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from random import Random

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestRandomWalk(AssembleToOrderCommon):
    """Seeded walks over what people do to a confirmed mixed line.

    After every step the invariants hold; a step that is refused changes nothing.
    """

    SEEDS = (2, 48, 78, 79, 88, 1001, 1002)
    STEPS = 14

    def test_walks(self):
        for seed in self.SEEDS:
            with self.subTest(seed=seed):
                self._walk(Random(seed))

    def _walk(self, random):
        sale = self._create_order((self.desk, 10, random.randint(1, 10)))
        self.line, self.story = sale.order_line, []
        self._set_stock(self.desk, random.choice((0, 3, 30)))
        sale.action_confirm()
        self.assertInvariants(self.line)
        for _attempt in range(4 * self.STEPS):
            if len(self.story) < self.STEPS:
                self._take(random.choice(self._get_steps()), random)

    def _get_steps(self):
        """What people do, the more often the more natural it is."""
        often = [
            self._step_assemble,
            self._step_order,
            self._step_both,
            self._step_produce,
            self._step_deliver,
            self._step_stock_arrives,
        ]
        seldom = [
            self._step_start,
            self._step_close_short,
            self._step_cancel_assembly,
            self._step_split_assembly,
            self._step_unreserve,
            self._step_return,
            self._step_scrap,
            self._step_give_up_rest,
            self._step_deliver_too_many,
            self._step_cancel_delivery,
        ]
        return 4 * often + seldom

    def _take(self, step, random):
        """Take a step; when it is refused, nothing may have changed."""
        self.env.flush_all()
        before = self._snapshot()
        name = step.__name__.removeprefix("_step_")
        try:
            with self.env.cr.savepoint():
                figures = step(random)
                self.env.flush_all()
        except UserError as refusal:
            self.story.append(f"{name} refused: {refusal}")
            self.assertEqual(self._snapshot(), before, self.story)
        else:
            if figures is None:
                return
            self.story.append(f"{name} {figures}")
        try:
            self.assertInvariants(self.line)
        except AssertionError as failure:
            raise AssertionError("\n".join(self.story)) from failure

    def _snapshot(self):
        self.env.invalidate_all()
        line = self.line
        moves = line.move_ids | line.assembly_order_ids.move_finished_ids
        return {
            "line": line.read(
                ["product_uom_qty", "qty_to_assemble_to_order", "qty_delivered"]
            ),
            "moves": moves.sorted("id").read(
                ["state", "product_uom_qty", "quantity", "ato_supply", "move_orig_ids"]
            ),
            "orders": line.assembly_order_ids.read(["state", "product_qty"]),
            "quants": self.env["stock.quant"]
            .search([("product_id", "=", self.desk.id)], order="id")
            .read(["quantity", "reserved_quantity", "location_id"]),
        }

    def _orders(self, *states):
        return self.line.assembly_order_ids.filtered(lambda o: o.state in states)

    def _step_assemble(self, random):
        self.line.qty_to_assemble_to_order = figure = random.randint(0, 12)
        return figure

    def _step_order(self, random):
        self.line.product_uom_qty = figure = random.randint(1, 14)
        return figure

    def _step_both(self, random):
        quantity = random.randint(1, 14)
        figures = {
            "product_uom_qty": quantity,
            "qty_to_assemble_to_order": random.randint(0, quantity),
        }
        self.line.write(figures)
        return list(figures.values())

    def _step_produce(self, random):
        for order in self._orders("confirmed", "progress")[:1]:
            figure = random.randint(1, int(order.product_qty))
            self._produce(order, figure if figure < order.product_qty else None)
            return figure

    def _step_start(self, random):
        for order in self._orders("confirmed")[:1]:
            order.qty_producing = random.randint(1, int(order.product_qty))
            order._set_qty_producing()
            return order.qty_producing

    def _step_close_short(self, random):
        for order in self._orders("confirmed", "progress")[:1]:
            if order.product_qty > 1:
                figure = random.randint(1, int(order.product_qty) - 1)
                self._produce(order, figure, backorder=False)
                return figure

    def _step_cancel_assembly(self, random):
        for order in self._orders("confirmed", "progress")[-1:]:
            order.action_cancel()
            return order.product_qty

    def _step_split_assembly(self, random):
        for order in self._orders("confirmed")[:1]:
            if order.product_qty > 1:
                first = random.randint(1, int(order.product_qty) - 1)
                order._split_productions({order: [first, order.product_qty - first]})
                return first

    def _open_picking(self):
        return self.line.order_id.picking_ids.filtered(
            lambda p: p.picking_type_code == "outgoing"
            and p.state not in ("done", "cancel")
        )[:1]

    def _choose_quantities(self, picking, random):
        figures = {}
        for supply in ("stock", "assembly"):
            move = picking.move_ids.filtered(
                lambda m, supply=supply: m.ato_supply == supply
            )
            figures[supply] = random.randint(0, int(sum(move.mapped("quantity"))))
        return figures

    def _step_deliver(self, random):
        picking = self._open_picking()
        figures = self._choose_quantities(picking, random)
        if any(figures.values()):
            self._deliver(picking, **figures)
            return figures

    def _step_give_up_rest(self, random):
        picking = self._open_picking()
        figures = self._choose_quantities(picking, random)
        if any(figures.values()):
            closing = picking.with_context(picking_ids_not_to_backorder=picking.ids)
            self._deliver(closing, **figures)
            return figures

    def _step_deliver_too_many(self, random):
        picking = self._open_picking()
        move = picking.move_ids.filtered(lambda m: m.ato_supply == "stock")[:1]
        figure = move.product_uom_qty + random.randint(1, 3)
        if move and self._free(self.desk) >= figure:
            self._deliver(picking, stock=figure, assembly=0)
            return figure

    def _step_cancel_delivery(self, random):
        picking = self._open_picking()
        if picking:
            picking.action_cancel()
            return picking.name

    def _step_scrap(self, random):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.desk.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
            }
        )
        if self.desk.with_context(location=self.stock.id).qty_available >= 1:
            scrap.do_scrap()
            return 1

    def _step_unreserve(self, random):
        if self.line.reserved_stock_qty:
            self.line.action_unreserve_stock()
            return self.line.reserved_stock_qty

    def _step_return(self, random):
        pickings = self.line.order_id.picking_ids.filtered(
            lambda p: p.picking_type_code == "outgoing" and p.state == "done"
        )
        if not pickings or not self.line.qty_delivered:
            return
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=pickings[-1].id,
                active_ids=pickings[-1].ids,
                active_model="stock.picking",
            )
        ).save()
        wizard.product_return_moves[0].quantity = 1
        action = wizard.action_create_returns()
        self._deliver(self.env["stock.picking"].browse(action["res_id"]))
        return 1

    def _step_stock_arrives(self, random):
        figure = random.randint(1, 5)
        self.env["stock.quant"]._update_available_quantity(
            self.desk, self.stock, figure
        )
        return figure
