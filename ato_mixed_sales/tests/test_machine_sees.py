# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The machine tells what is wrong: each of its checks is seen to fail."""

from odoo.tests import tagged

from .machine.ending import Machine
from .machine.shapes import Shape
from .machine.story import NotNow, Step
from .machine.world import WorldsCommon

QUOTED = Step("begin", {"first": (6, 4), "second": (3, 1), "stock": 30})
CONFIRM, CANCEL = Step("confirm", {}), Step("cancel", {})
# what is damaged by a step that should only receive a unit
DAMAGED = Step("receive", {"quantity": 1})
# refused: the order of a quotation is not the planner's to confirm
REFUSED = Step("unplan_draft", {"order": 0})

FIRST = "(SELECT min(id) FROM sale_order_line WHERE order_id = %(order)s)"
THEIRS = "(SELECT id FROM sale_order_line WHERE order_id = %(neighbour)s)"
DRAFTS = f"(SELECT id FROM mrp_production WHERE ato_sale_line_id = {FIRST})"
SHELF = "product_id = %(product)s AND location_id = %(stock)s"

# {damage: (what the machine says, steps before, SQL)}
DAMAGES = {
    "the neighbour orders more": (
        "somebody else's",
        (),
        f"UPDATE sale_order_line SET product_uom_qty = 4 WHERE id IN {THEIRS}",
    ),
    "the neighbour holds less": (
        "somebody else's",
        (),
        "UPDATE stock_move_line SET quantity = quantity - 1 WHERE id IN (SELECT max(id)"
        " FROM stock_move_line WHERE move_id IN (SELECT id FROM stock_move"
        f" WHERE sale_line_id IN {THEIRS}))",
    ),
    "the neighbour's order makes more": (
        "somebody else's",
        (),
        f"UPDATE mrp_production SET product_qty = 3 WHERE ato_sale_line_id IN {THEIRS}",
    ),
    "a delivery of the neighbour is of another part": (
        "somebody else's",
        (CONFIRM,),
        f"UPDATE stock_move SET ato_supply = 'assembly' WHERE sale_line_id IN {THEIRS}",
    ),
    "reserved for nobody": (
        "reserved is what is held",
        (),
        "UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1"
        f" WHERE {SHELF}",
    ),
    "less than nothing": (
        "more is taken than is there",
        (),
        f"UPDATE stock_quant SET quantity = -1, reserved_quantity = 0 WHERE {SHELF};"
        " DELETE FROM stock_move_line WHERE product_id = %(product)s"
        " AND state NOT IN ('done', 'cancel', 'draft')",
    ),
    "a draft makes less": (
        "R of a quotation",
        (),
        "UPDATE stock_move SET product_qty = 3, product_uom_qty = 3"
        f" WHERE production_id IN {DRAFTS}",
    ),
    "a part of an order is not asked for": (
        "N in step 1",
        (CONFIRM,),
        "UPDATE stock_move SET product_qty = 1, product_uom_qty = 1"
        f" WHERE sale_line_id = {FIRST} AND ato_supply = 'stock'",
    ),
    "a cancelled order has a draft": (
        "drafts of a cancelled order",
        (CONFIRM, CANCEL),
        f"UPDATE mrp_production SET state = 'draft' WHERE id IN {DRAFTS}",
    ),
    "a cancelled order is delivered": (
        "a cancelled order asks",
        (CONFIRM, CANCEL),
        f"UPDATE stock_move SET state = 'confirmed' WHERE sale_line_id = {FIRST}",
    ),
}


@tagged("post_install", "-at_install")
class TestMachineSees(WorldsCommon):
    """What the machine counts after each step fails where something is wrong."""

    def _tell(self, *steps, **events):
        """Take steps: what each of them was, the last one's alone if it is damaged.

        :param events: {name: what happens instead, called with the machine}
        """
        with Machine(self._get_world(Shape())) as machine:
            for name, happens in events.items():
                setattr(machine, name, lambda m=machine, f=happens, **_figures: f(m))
            machine.frame(steps[0])
            return [machine.take(step) for step in steps[1:]]

    def _damage(self, machine, statement):
        """Do what no method would, below everything that looks."""
        self.env.flush_all()
        ids = {
            "order": machine.order.id,
            "neighbour": machine.world.neighbour.id,
            "product": machine.product.id,
            "stock": machine.world.stock.id,
        }
        self.env.cr.execute(statement, ids)
        self.env.invalidate_all()

    def test_damage(self):
        for before in ((), (CONFIRM,), (CONFIRM, CANCEL)):
            self.assertEqual(set(self._tell(QUOTED, *before, DAMAGED)), {"done"})
        for damage, (message, before, statement) in DAMAGES.items():
            with self.subTest(damage=damage):
                with self.assertRaisesRegex(AssertionError, message):
                    self._tell(
                        QUOTED,
                        *before,
                        DAMAGED,
                        receive=lambda m, s=statement: self._damage(m, s),
                    )

    def test_refused_yet_changed(self):
        """What a step that was none has left behind is found by the next refusal."""
        taken = self._tell(QUOTED, DAMAGED, REFUSED)
        self.assertEqual(taken, ["done", "refused"])

        def change(machine, statement):
            self._damage(machine, statement)
            raise NotNow

        for statement in (
            "UPDATE sale_order SET client_order_ref = 'X' WHERE id = %(order)s",
            f"UPDATE stock_quant SET quantity = quantity + 1 WHERE {SHELF}",
            f"UPDATE mrp_production SET priority = '1' WHERE id IN {DRAFTS}",
        ):
            with self.subTest(statement=statement):
                with self.assertRaisesRegex(AssertionError, "refused, yet changed"):
                    self._tell(
                        QUOTED,
                        DAMAGED,
                        REFUSED,
                        receive=lambda m, s=statement: change(m, s),
                    )

    def test_refused_without_a_name(self):
        """A refusal of ours that names neither product nor document."""
        Order = self.registry["mrp.production"]
        self.patch(Order, "_get_quotations_own_message", lambda *_args: "No.")
        with self.assertRaisesRegex(AssertionError, "names nothing: No."):
            self._tell(QUOTED, REFUSED)

    def test_tracebacks_are_no_refusals(self):
        """Whatever is no sentence for a user ends the story."""

        def fail(_machine):
            raise ValueError("of a defect")

        with self.assertRaisesRegex(ValueError, "of a defect"):
            self._tell(QUOTED, DAMAGED, receive=fail)
