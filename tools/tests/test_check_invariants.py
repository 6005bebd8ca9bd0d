"""tools/check_invariants: nothing on healthy data, each kind of damage by its rule."""

import re

from odoo.tests import tagged

from odoo.addons.ato_mixed_sales.tests.common import AssembleToOrderCommon

from devenv.invariants import STATEMENT

# What each rule is to find: {rule: damage done}, by what a program that reaches around
# the add-on, or a write of which half is lost, would leave.
OPEN = "state NOT IN ('done', 'cancel') AND production_id IS NULL"
DAMAGE = {
    "a01": "UPDATE sale_order_line SET qty_to_assemble_to_order = 11"
    " WHERE id = {quote}",
    "a02": "UPDATE sale_order_line SET qty_to_assemble_to_order = 1 WHERE id = {line}",
    # the rule is silent where the point of sale is
    "a03": "UPDATE ir_module_module SET state = 'uninstalled' WHERE name = 'pos_sale';"
    " UPDATE sale_order_line SET qty_delivered = 5 WHERE id = {line}",
    "b01": "UPDATE stock_move SET product_uom_qty = 9 WHERE sale_line_id = {line}"
    f" AND ato_supply = 'assembly' AND {OPEN}",
    "b02": "UPDATE stock_move SET product_uom_qty = 9 WHERE sale_line_id = {line}"
    f" AND ato_supply = 'stock' AND {OPEN}",
    "b03": "UPDATE stock_move SET product_uom_qty = 1 WHERE sale_line_id = {line}"
    f" AND ato_supply = 'stock' AND {OPEN}",
    "b04": "UPDATE sale_order SET state = 'cancel' WHERE id = {order}",
    "b05": f"UPDATE stock_move SET ato_supply = NULL WHERE sale_line_id = {{line}}"
    f" AND ato_supply = 'stock' AND {OPEN}",
    "b06": "UPDATE stock_move SET ato_supply = 'stock' WHERE sale_line_id = {steps}"
    f" AND ato_supply = 'assembly' AND picking_id IN {{second_steps}} AND {OPEN}",
    "b07": "DELETE FROM stock_move_move_rel WHERE move_dest_id IN (SELECT id"
    f" FROM stock_move WHERE sale_line_id = {{line}} AND {OPEN})",
    "b08": "UPDATE stock_move SET quantity = quantity + 1 WHERE sale_line_id = {line}"
    f" AND {OPEN}",
    "c01": "UPDATE stock_move SET product_uom_qty = 9 WHERE production_id = {assembly}",
    "c02": "UPDATE mrp_production SET product_qty = 5 WHERE ato_sale_line_id = {quote}",
    "c03": "UPDATE mrp_production SET ato_sale_line_id = NULL"
    " WHERE ato_sale_line_id = {quote}",
    "c04": "UPDATE mrp_production SET state = 'draft' WHERE id = {assembly}",
    "c05": "UPDATE mrp_production SET state = 'confirmed'"
    " WHERE ato_sale_line_id = {cancelled}",
    "c06": "UPDATE mrp_production SET product_id = {leg} WHERE id = {assembly}",
    "c07": "UPDATE mrp_production SET ato_sale_line_id = {note} WHERE id = {assembly}",
    "c08": "UPDATE mrp_production SET picking_type_id = {elsewhere}"
    " WHERE id = {assembly}",
    "c09": "UPDATE mrp_production SET product_qty = 9 WHERE id = {assembly}",
    "c10": "UPDATE stock_move SET sale_line_id = {steps} WHERE sale_line_id = {line}"
    f" AND ato_supply = 'assembly' AND {OPEN}",
    "c11": "UPDATE stock_move SET ato_supply = NULL WHERE production_id = {assembly}",
    "d01": "DELETE FROM stock_move_line WHERE move_id IN (SELECT id FROM stock_move"
    f" WHERE sale_line_id = {{line}} AND ato_supply = 'assembly' AND {OPEN})",
    "d02": "UPDATE stock_move_line SET quantity_product_uom = 9 WHERE move_id IN ("
    "SELECT id FROM stock_move"
    f" WHERE sale_line_id = {{line}} AND ato_supply = 'stock' AND {OPEN});"
    "UPDATE stock_move SET product_uom_qty = 9"
    f" WHERE sale_line_id = {{line}} AND ato_supply = 'stock' AND {OPEN}",
    "d03": "UPDATE sale_order SET state = 'cancel' WHERE id = {quotation}",
    "d04": "UPDATE stock_move_line SET quantity_product_uom = 7 WHERE move_id = {hold}",
    "d05": "UPDATE stock_move SET product_uom_qty = 7 WHERE id = {hold}",
    "d06": "UPDATE stock_move SET product_id = {leg} WHERE id = {hold}",
    "d07": "UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1"
    " WHERE product_id = {desk} AND location_id = {stock}",
    "d08": "UPDATE stock_quant SET quantity = 1"
    " WHERE product_id = {desk} AND location_id = {stock}",
    "n01": "UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1"
    " WHERE product_id = {leg} AND location_id = {stock}",
}


@tagged("post_install", "-at_install")
class TestCheckInvariants(AssembleToOrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = STATEMENT.read_text()
        cls.rules = set(re.findall(r"SELECT '(?:note )?([a-z]\d\d): ", cls.statement))
        cls.steps_warehouse = cls._create_warehouse(
            "Two Steps", "TWO", delivery_steps="pick_ship"
        )
        cls._set_stock(cls.desk, 12)
        for product in (cls.desk, cls.leg, cls.top):
            cls._set_stock(product, 100, cls.steps_warehouse.lot_stock_id)

    def setUp(self):
        super().setUp()
        self.quotation = self._create_order((self.desk, 10, 4))
        note = {"display_type": "line_note", "name": "Handle with care"}
        self.note = self.env["sale.order.line"].create(
            {"order_id": self.quotation.id, **note}
        )
        self.quote = self.quotation.order_line - self.note
        self.order = self._create_started_order(self.warehouse)
        self.steps = self._create_started_order(self.steps_warehouse).order_line
        self.quote.action_reserve_stock()
        self.cancelled = self._create_order((self.desk, 5, 2))
        self.cancelled.action_confirm()
        self.cancelled._action_cancel()

    def _create_started_order(self, warehouse):
        """10 desks, 4 to be assembled: 2 are, and 1 of them has left with 2 others."""
        order = self._create_order((self.desk, 10, 4), warehouse_id=warehouse.id)
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids, 2)
        self._deliver(order.picking_ids, stock=2, assembly=1)
        return order

    def _get_broken(self):
        self.env.flush_all()
        self.env.cr.execute(self.statement)
        return self.env.cr.fetchall()

    def _get_ids(self):
        line = self.order.order_line
        outgoing = self.steps.order_id.picking_ids.filtered(
            lambda p: p.picking_type_id == self.steps_warehouse.out_type_id
        )
        opened = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        return {
            "quotation": self.quotation.id,
            "quote": self.quote.id,
            "note": self.note.id,
            "hold": self.quote.hold_move_ids.id,
            "order": self.order.id,
            "line": line.id,
            "assembly": opened.id,
            "steps": self.steps.id,
            "second_steps": f"({', '.join(map(str, outgoing.ids))})",
            "cancelled": self.cancelled.order_line.id,
            "elsewhere": self.steps_warehouse.manu_type_id.id,
            "desk": self.desk.id,
            "leg": self.leg.id,
            "stock": self.stock.id,
        }

    def test_healthy(self):
        """Nothing is found, in a transaction that cannot write."""
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            self.env.cr.execute(self.statement)
            self.assertEqual(self.env.cr.fetchall(), [])
            savepoint.rollback()

    def test_healthy_to_the_end(self):
        """The rest is made and delivered, some of it comes back, one is exchanged."""
        line = self.order.order_line
        self._produce(line.assembly_order_ids.filtered(lambda o: o.state != "done"))
        picking = self.order.picking_ids.filtered(lambda p: p.state != "done")
        self._deliver(picking)
        self.assertEqual(self._get_broken(), [])
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertEqual(self._get_broken(), [])
        returned.button_validate()
        self.assertEqual(self._get_broken(), [])
        line.product_uom_qty += 1
        self.assertEqual(self._get_broken(), [])
        self.order.copy().action_confirm()
        self.quotation.action_confirm()
        self.cancelled.action_draft()
        self.assertEqual(self._get_broken(), [])

    def test_damage(self):
        """Each rule finds its damage; no rule is without."""
        self.assertEqual(self.rules, set(DAMAGE))
        self.assertEqual(self._get_broken(), [])
        ids = self._get_ids()
        for rule, damage in DAMAGE.items():
            with self.subTest(rule=rule), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(damage.format(**ids))
                self.assertTrue(self.env.cr.rowcount, "there is something to damage")
                found = {row[0].partition(":")[0][-3:] for row in self._get_broken()}
                self.assertIn(rule, found)
                savepoint.rollback()
