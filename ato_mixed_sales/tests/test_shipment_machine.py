# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from functools import wraps

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from . import oracle
from .properties import effort
from .test_shipment import ShipmentCommon

QUANTITIES = st.integers(1, 12)
FEW = st.integers(1, 4)


def step(method):
    """What somebody does: either it is done, or it is refused and changes nothing."""

    @wraps(method)
    def wrapper(self, **figures):
        before, neighbour = self._snapshot(), self._read_neighbour()
        try:
            with self.env.cr.savepoint():
                method(self, **figures)
                self.env.flush_all()
        except (AccessError, MissingError):
            raise
        except UserError as refusal:
            note(f"refused: {refusal}")
            self.case.assertEqual(self._snapshot(), before, "refused, yet changed")
        else:
            self.case.taken[method.__name__] += 1
            self.steps_since_start += 1
        self.case.assertEqual(self._read_neighbour(), neighbour, "somebody else's")
        self._check()

    return wrapper


class ShipmentMachine(RuleBasedStateMachine):
    """One mixed line, and all that people do to it, in any sequence.

    Each sequence starts from the same database: its steps are rolled back.
    """

    def __init__(self, case):
        super().__init__()
        self.case, self.env = case, case.env
        self.savepoint = self.env.cr.savepoint()
        self.steps_since_start = 0

    def teardown(self):
        try:
            self.case.assertNothingBroken()
        finally:
            self.savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @initialize(
        quantity=st.integers(6, 12),
        to_assemble=QUANTITIES,
        on_hand=st.sampled_from((0, 3, 30)),
        strict=st.booleans(),
    )
    def start(self, quantity, to_assemble, on_hand, strict):
        case = self.case
        case.warehouse.ato_ship_first = "strict" if strict else "default"
        case._set_stock(case.desk, case.desk.qty_available + on_hand)
        self.order = case._create_order(
            (case.desk, quantity, min(to_assemble, quantity))
        )
        self.line = self.order.order_line
        self.order.action_confirm()
        self._check()

    # Sales

    @rule(quantity=st.none() | QUANTITIES, to_assemble=st.none() | st.integers(0, 12))
    @step
    def change(self, quantity, to_assemble):
        figures = {"product_uom_qty": quantity, "qty_to_assemble_to_order": to_assemble}
        self.line.write({k: v for k, v in figures.items() if v is not None})

    @precondition(lambda self: self.steps_since_start > 5)
    @rule(to_assemble=st.none() | st.integers(0, 12))
    @step
    def start_again(self, to_assemble):
        """Cancel, set back to quotation, change or not, confirm."""
        self.order.action_cancel()
        self._check()
        self.order.action_draft()
        self._check()
        if to_assemble is not None:
            self.line.qty_to_assemble_to_order = to_assemble
            self._check()
        self.order.action_confirm()
        self.steps_since_start = 0

    # Manufacturing

    @precondition(lambda self: self._orders("confirmed", "progress", "to_close"))
    @rule(quantity=st.none() | st.integers(1, 6))
    @step
    def produce(self, quantity):
        """Make some now and the rest later, or all, or more than all."""
        order = self._orders("confirmed", "progress", "to_close")[:1]
        quantity = quantity or order.product_qty
        self.case._produce(order, quantity, backorder=quantity < order.product_qty)

    @precondition(lambda self: self._orders("confirmed", "progress"))
    @rule(decide=st.sampled_from(("start", "close", "split", "cancel")), quantity=FEW)
    @step
    def planner_decides(self, decide, quantity):
        order = self._orders("confirmed", "progress")[:1]
        less = min(quantity, order.product_qty - 1)
        if decide == "start":
            order.qty_producing = min(quantity, order.product_qty)
            order._set_qty_producing()
        elif decide == "close" and less:
            self.case._produce(order, less, backorder=False)
        elif decide == "split" and less and order.state == "confirmed":
            order._split_productions({order: [less, order.product_qty - less]})
        elif decide == "cancel":
            order.action_cancel()

    # Delivery

    @precondition(lambda self: self._picking())
    @rule(
        to_ship=st.none() | st.integers(0, 6),
        from_assembly=st.none() | st.integers(0, 6),
    )
    @step
    def ship_by_dialog(self, to_ship, from_assembly):
        """Ship so many, all unless told; what is possible is never refused."""
        shipment = self.env["assembly.shipment"].create(
            {"picking_id": self._picking().id}
        )
        row, line = shipment.line_ids, self.line
        if to_ship is not None:
            row.qty_to_ship = to_ship
        if from_assembly is not None:
            row.qty_from_assembly = from_assembly
        expected = (
            line.qty_delivered + row.qty_to_ship,
            self._shipped_assembled() + row.qty_from_assembly,
        )
        remark = row.remark
        try:
            shipment.action_ship()
        except UserError:
            self.case.assertTrue(remark or not row.qty_to_ship, "refused for nothing")
            raise
        shipped = (line.qty_delivered, self._shipped_assembled())
        self.case.assertEqual(shipped, expected, "S and Sa")

    @precondition(lambda self: self._picking())
    @rule(stock=st.integers(0, 6), assembly=st.integers(0, 6), rest=st.booleans())
    @step
    def ship_by_hand(self, stock, assembly, rest):
        """Deliver of what is held, and later the rest, or never."""
        picking = self._picking()
        stock_held, assembly_held = (
            self._moves(picking, part)._get_held_units()
            for part in ("stock", "assembly")
        )
        if not rest:
            picking = picking.with_context(picking_ids_not_to_backorder=picking.ids)
        self.case._deliver(
            picking,
            stock=min(stock, stock_held),
            assembly=min(assembly, assembly_held),
        )

    @precondition(lambda self: self._picking())
    @rule(part=st.sampled_from(("stock", "assembly")), surplus=FEW)
    @step
    def ship_too_many(self, part, surplus):
        """More than the part asks for, taken from what is free."""
        move = self._moves(self._picking(), part)[:1]
        quantity = move.product_uom_qty + surplus
        taken = quantity - move._get_held_units()
        if move and self.case._free(self.case.desk) >= taken:
            figures = {"stock": 0, "assembly": 0, part: quantity}
            self.case._deliver(self._picking(), **figures)

    @precondition(lambda self: self._delivered())
    @rule(row=st.integers(0, 1), quantity=FEW, exchange=st.booleans())
    @step
    def return_units(self, row, quantity, exchange):
        """Units come back, and others are sent for them, or not."""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=self._delivered()[-1:].id, active_model="stock.picking"
            )
        ).save()
        rows = wizard.product_return_moves
        rows[row % len(rows)].quantity = quantity
        if exchange and self.line.qty_delivered <= self.line.product_uom_qty:
            action = wizard.action_create_exchanges()
        else:
            action = wizard.action_create_returns()
        self.case._deliver(self.env["stock.picking"].browse(action["res_id"]))

    @rule(
        decide=st.sampled_from(("receive", "scrap", "let go", "reserve", "cancel")),
        quantity=FEW,
    )
    @step
    def warehouse_decides(self, decide, quantity):
        desk, stock = self.case.desk, self.case.stock
        if decide == "receive":
            self.env["stock.quant"]._update_available_quantity(desk, stock, quantity)
        elif decide == "scrap" and self._units_of_nobody_else() >= quantity:
            self.env["stock.scrap"].create(
                {"product_id": desk.id, "scrap_qty": quantity, "location_id": stock.id}
            ).do_scrap()
        elif decide == "let go":
            self._picking().do_unreserve()
        elif decide == "reserve" and self._picking():
            self._picking().action_assign()
        elif decide == "cancel":
            self._picking().action_cancel()

    # What is there

    def _shipped_assembled(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return oracle.count_parts(self.line)["assembly"].delivered

    def _orders(self, *states):
        orders = self.line.assembly_order_ids.sorted("id")
        return orders.filtered(lambda order: order.state in states)

    def _moves(self, picking, part):
        return picking.move_ids.filtered(lambda move: move.ato_supply == part)

    def _picking(self):
        return self.order.picking_ids.filtered("is_assembly_shipment")[:1]

    def _delivered(self):
        return self.order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
            and picking.state == "done"
        )

    def _units_of_nobody_else(self):
        free = self.case._free(self.case.desk)
        moves = self.line.move_ids.filtered(lambda move: not move.picked)
        return free + moves._get_held_units()

    # What holds

    def _check(self):
        line = self.line
        self.env.flush_all()
        self.env.invalidate_all()
        if line.state == "sale":
            self.case.assertInvariants(line)
        elif line.state == "cancel":
            self._check_cancelled()
        else:
            self._check_quotation()
        self._check_reservations()

    def _check_quotation(self):
        line, case = self.line, self.case
        case.assertGreaterEqual(line.qty_to_assemble_to_order, 0)
        case.assertLessEqual(line.qty_to_assemble_to_order, line.product_uom_qty)
        made, coming = oracle.count_made(line)
        assembled = made - line.qty_given_up
        remaining = max(0, line.qty_to_assemble_to_order - assembled)
        case.assertEqual(coming, remaining, "R")
        case.assertFalse(self._open_moves(), "nothing is asked for")

    def _check_cancelled(self):
        """Nothing is left but what the planner has started."""
        case = self.case
        case.assertFalse(self._orders("draft"), "draft orders")
        case.assertFalse(self._open_moves(), "nothing is asked for")
        case.assertEqual(self.line.reserved_qty, 0)

    def _open_moves(self):
        return self.line.move_ids.filtered(
            lambda move: not move.production_id
            and move.state not in ("done", "cancel")
            and not move._is_incoming()
        )

    def _check_reservations(self):
        """What is reserved on the shelf is what open moves hold."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.case.desk.id),
                ("location_id", "=", self.case.stock.id),
            ]
        )
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", self.case.desk.id),
                ("location_id", "=", self.case.stock.id),
                ("state", "not in", ("draft", "done", "cancel")),
            ]
        )
        reserved = sum(quants.mapped("reserved_quantity"))
        held = sum(lines.mapped("quantity_product_uom"))
        self.case.assertEqual(reserved, held, "reserved on the shelf")

    def _read_neighbour(self):
        line = self.case.neighbour
        return (
            line.read(["product_uom_qty", "qty_to_assemble_to_order", "qty_assembled"]),
            line.move_ids.sorted("id").read(["state", "product_uom_qty", "quantity"]),
            line.assembly_order_ids.read(["state", "product_qty"]),
        )

    def _snapshot(self):
        """Every byte of the records that a step may change."""
        self.env.flush_all()
        products = [self.case.desk.id, self.case.leg.id, self.case.top.id]
        moves = SQL("SELECT id FROM stock_move WHERE product_id = ANY(%s)", products)
        tables = {
            "sale_order": SQL("id = %s", self.order.id),
            "sale_order_line": SQL("order_id = %s", self.order.id),
            "mrp_production": SQL("product_id = ANY(%s)", products),
            "stock_move": SQL("product_id = ANY(%s)", products),
            "stock_move_line": SQL("product_id = ANY(%s)", products),
            "stock_move_move_rel": SQL("move_orig_id IN (%s)", moves),
            "stock_picking": SQL(
                "id IN (SELECT picking_id FROM stock_move WHERE product_id = ANY(%s))",
                products,
            ),
            "stock_quant": SQL("product_id = ANY(%s)", products),
            "mail_activity": SQL("res_id = %s", self.order.id),
        }
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT to_jsonb(t)::text FROM %s t WHERE %s ORDER BY 1",
                    SQL.identifier(table),
                    condition,
                )
            )
            for table, condition in tables.items()
        }


@tagged("post_install", "-at_install")
class TestShipmentMachine(ShipmentCommon):
    """Whatever people do to a mixed line, in whatever sequence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 1)
        order = cls._create_order((cls.desk, 3, 2))
        order.action_confirm()
        cls.neighbour = order.order_line

    def test_any_sequence(self):
        """After each step the invariants hold; a refused one changes nothing."""
        self._produce(self.neighbour.assembly_order_ids)
        self.taken = Counter()
        run_state_machine_as_test(
            lambda: ShipmentMachine(self),
            settings=effort(20, stateful_step_count=15),
        )
        main = {"change", "start_again", "produce", "ship_by_dialog", "ship_by_hand"}
        self.assertLessEqual({*main, "return_units"}, set(self.taken), "never done")
