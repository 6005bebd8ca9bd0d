# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon

OPEN = "sale_line_id = %(line)s AND state NOT IN ('done', 'cancel')"
# what a program that reaches around the add-on, or a wrong plan, would leave
DAMAGE = {
    "stock demand cut from 6 to 2": "UPDATE stock_move SET product_uom_qty = 2,"
    f" product_qty = 2 WHERE {OPEN} AND ato_supply = 'stock'",
    "stock demand cancelled with nothing left": "UPDATE stock_move SET"
    " state = 'cancel', product_uom_qty = 0, product_qty = 0"
    f" WHERE {OPEN} AND ato_supply = 'stock'",
    "assembly demand doubled": "UPDATE stock_move SET product_qty = 8"
    f" WHERE {OPEN} AND ato_supply = 'assembly'",
    "more to assemble than ordered": "UPDATE sale_order_line"
    " SET qty_to_assemble_to_order = 11 WHERE id = %(line)s",
    "less to assemble than is": "UPDATE sale_order_line"
    " SET qty_to_assemble_to_order = 1 WHERE id = %(line)s",
    "an order makes twice as many": "UPDATE stock_move SET product_qty = 8"
    " WHERE production_id = %(order)s AND ato_supply = 'assembly'",
    "a finished move without label": "UPDATE stock_move SET ato_supply = NULL"
    " WHERE production_id = %(order)s",
    "no component": "UPDATE stock_move SET state = 'cancel'"
    " WHERE raw_material_production_id = %(order)s",
    "made units are held by nobody": "DELETE FROM stock_move_line WHERE move_id IN ("
    f"SELECT id FROM stock_move WHERE {OPEN} AND ato_supply = 'assembly')",
    "more given up than made": "UPDATE sale_order_line SET qty_given_up = 9"
    " WHERE id = %(line)s",
    "delivered is not what left": "UPDATE sale_order_line SET qty_delivered = 5"
    " WHERE id = %(line)s",
    "an order feeds another line": "UPDATE stock_move SET sale_line_id = %(other)s"
    " WHERE id IN (SELECT move_dest_id FROM stock_move_move_rel WHERE move_orig_id IN"
    " (SELECT id FROM stock_move WHERE production_id = %(order)s))",
}


@tagged("post_install", "-at_install")
class TestOracle(AssembleToOrderCommon):
    """`assertInvariants` fails where something is wrong: each damage is seen."""

    def _create_order_under_way(self):
        """10 desks, 4 to be assembled: 2 are, and are held for the delivery."""
        self._set_stock(self.desk, 20)
        order = self._create_order((self.desk, 10, 4))
        order.action_confirm()
        line = order.order_line
        self._produce(line.assembly_order_ids, 2)
        return line

    def test_damage(self):
        line, other = self._create_order_under_way(), self._create_order_under_way()
        opened = line.assembly_order_ids.filtered(lambda order: order.state != "done")
        ids = {"line": line.id, "other": other.id, "order": opened.id}
        self.assertInvariants(line)
        for damage, statement in DAMAGE.items():
            with self.subTest(damage=damage), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(statement, ids)
                self.env.invalidate_all()
                with self.assertRaises(AssertionError):
                    self.assertInvariants(line)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
        self.assertInvariants(line)

    def test_steps(self):
        """Each step of a delivery is counted by itself."""
        self.warehouse.delivery_steps = "pick_ship"
        line = self._create_order_under_way()
        pick = line.order_id.picking_ids.filtered(
            lambda picking: picking.location_id == self.stock
        )
        self._deliver(pick, stock=3, assembly=2)
        self.assertInvariants(line)
        shipping = line.move_ids.filtered(
            lambda move: move.location_dest_id.usage == "customer"
        )
        for move in shipping:
            with self.subTest(part=move.ato_supply), self.env.cr.savepoint() as point:
                self.env.cr.execute(
                    "UPDATE stock_move SET product_qty = 1, product_uom_qty = 1"
                    " WHERE id = %s",
                    [move.id],
                )
                self.env.invalidate_all()
                with self.assertRaises(AssertionError):
                    self.assertInvariants(line)
                point.rollback()
                self.env.invalidate_all(flush=False)

    def test_left_halfway(self):
        """What a step has moved, and nobody goes on with, is missed."""
        self.warehouse.delivery_steps = "pick_ship"
        line = self._create_order_under_way()
        pick = line.order_id.picking_ids.filtered(
            lambda picking: picking.location_id == self.stock
        )
        self._deliver(pick, stock=3, assembly=2)
        for name, part in {"N": "stock", "P": "assembly"}.items():
            with self.subTest(part), self.env.cr.savepoint() as point:
                self.env.cr.execute(
                    "DELETE FROM stock_move WHERE ato_supply = %s AND sale_line_id = %s"
                    " AND location_dest_id = %s",
                    [part, line.id, self.customer.property_stock_customer.id],
                )
                self.env.invalidate_all()
                with self.assertRaisesRegex(AssertionError, f" : {name} in step 1"):
                    self._check_line(line)
                point.rollback()
                self.env.invalidate_all(flush=False)
