# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.tests import tagged
from odoo.tools import file_open

from .common import CHECK_STATEMENT, AssembleToOrderCommon

# What each rule is to find: pairs of (rule, damage done), as a program that reaches
# around the add-on, or a write of which half is lost, would leave it.
OPEN = "state NOT IN ('done', 'cancel') AND production_id IS NULL"
ASSEMBLY_ROW = f"sale_line_id = {{line}} AND ato_supply = 'assembly' AND {OPEN}"
STOCK_ROW = f"sale_line_id = {{line}} AND ato_supply = 'stock' AND {OPEN}"
COPY_OF_MOVE = (
    "INSERT INTO stock_move SELECT (jsonb_populate_record(m, jsonb_build_object("
    "'id', nextval('stock_move_id_seq')))).* FROM stock_move m WHERE "
)
NEW_TRANSFER = (
    "INSERT INTO stock_picking SELECT (jsonb_populate_record(p, jsonb_build_object("
    "'id', nextval('stock_picking_id_seq'), 'name', 'NEW', 'backorder_id', NULL))).*"
    " FROM stock_picking p WHERE id = {transfer};"
)
LAST_TRANSFER = "(SELECT max(id) FROM stock_picking)"
FINISHED = "production_id = {assembly}"
DAMAGE = (
    # The line
    (
        "a01",
        "UPDATE sale_order_line SET qty_to_assemble_to_order = 11 WHERE id = {quote}",
    ),
    (
        "a02",
        "UPDATE sale_order_line SET qty_to_assemble_to_order = 1 WHERE id = {line}",
    ),
    # more may be delivered where the point of sale is
    (
        "a03",
        "UPDATE ir_module_module SET state = 'uninstalled' WHERE name = 'pos_sale';"
        "UPDATE sale_order_line SET qty_delivered = 5 WHERE id = {line}",
    ),
    ("a03", "UPDATE sale_order_line SET qty_delivered = 2 WHERE id = {line}"),
    ("a04", "UPDATE sale_order_line SET qty_given_up = 3 WHERE id = {line}"),
    ("a04", "UPDATE sale_order_line SET qty_given_up = -1 WHERE id = {line}"),
    ("a05", "UPDATE sale_order_line SET assembly_basis = '[1]' WHERE id = {line}"),
    ("a05", "UPDATE sale_order_line SET assembly_basis = '\"10\"' WHERE id = {line}"),
    ("a05", "UPDATE sale_order_line SET assembly_basis = '{{}}' WHERE id = {quote}"),
    (
        "a05",
        "UPDATE sale_order_line SET assembly_basis = assembly_basis"
        " || '{{\"product_id\": {leg}}}' WHERE id = {line}",
    ),
    (
        "a05",
        "UPDATE sale_order_line SET assembly_basis = assembly_basis"
        ' || \'{{"quantity": "ten"}}\' WHERE id = {line}',
    ),
    ("a05", "UPDATE sale_order_line SET assembly_basis = '[1]' WHERE id = {plain}"),
    ("a06", "UPDATE sale_order_line SET split_from_line_id = id WHERE id = {quote}"),
    (
        "a06",
        "UPDATE sale_order_line SET split_from_line_id = {line} WHERE id = {quote}",
    ),
    # a plain line, which nothing else says was ever mixed
    (
        "a06",
        "UPDATE sale_order_line SET split_from_line_id = {line} WHERE id = {plain}",
    ),
    (
        "a07",
        "UPDATE product_template SET is_storable = false WHERE id IN ("
        "SELECT product_tmpl_id FROM product_product WHERE id = {desk})",
    ),
    (
        "a07",
        "UPDATE mrp_bom SET type = 'phantom' WHERE product_tmpl_id IN ("
        "SELECT product_tmpl_id FROM product_product WHERE id = {desk})",
    ),
    # Deliveries
    ("b01", f"UPDATE stock_move SET product_uom_qty = 9 WHERE {ASSEMBLY_ROW}"),
    ("b01", f"UPDATE stock_move SET state = 'cancel' WHERE {ASSEMBLY_ROW}"),
    ("b02", f"UPDATE stock_move SET product_uom_qty = 9 WHERE {STOCK_ROW}"),
    ("b03", f"UPDATE stock_move SET product_uom_qty = 1 WHERE {STOCK_ROW}"),
    ("b03", f"UPDATE stock_move SET state = 'cancel' WHERE {STOCK_ROW}"),
    # other rows were cancelled, for a reason; the order is locked
    (
        "b03",
        "UPDATE stock_move SET product_uom_qty = 1 WHERE sale_line_id = {lowered}"
        f" AND ato_supply = 'stock' AND {OPEN}",
    ),
    (
        "b03",
        "UPDATE sale_order SET locked = true WHERE id = {order};"
        f"UPDATE stock_move SET product_uom_qty = 1 WHERE {STOCK_ROW}",
    ),
    ("b04", "UPDATE sale_order SET state = 'cancel' WHERE id = {order}"),
    ("b05", f"UPDATE stock_move SET ato_supply = NULL WHERE {STOCK_ROW}"),
    (
        "b06",
        "UPDATE stock_move SET ato_supply = 'stock' WHERE sale_line_id = {steps}"
        f" AND ato_supply = 'assembly' AND picking_id IN {{second_steps}} AND {OPEN}",
    ),
    (
        "b07",
        "DELETE FROM stock_move_move_rel WHERE move_dest_id IN (SELECT id"
        f" FROM stock_move WHERE {ASSEMBLY_ROW})",
    ),
    # what feeds it is another order's, or nobody's any more
    (
        "b07",
        "UPDATE stock_move_move_rel SET move_orig_id = {foreign_made}"
        " WHERE move_orig_id = {made};"
        "DELETE FROM stock_move_move_rel WHERE move_orig_id <> {foreign_made}"
        f" AND move_dest_id IN (SELECT id FROM stock_move WHERE {ASSEMBLY_ROW})",
    ),
    (
        "b08",
        "UPDATE stock_move SET quantity = quantity + 1 WHERE sale_line_id = {line}"
        f" AND {OPEN}",
    ),
    ("b08", "UPDATE stock_move SET quantity = 9 WHERE id = {made}"),
    (
        "b09",
        f"UPDATE stock_move SET procure_method = 'make_to_stock' WHERE {ASSEMBLY_ROW}",
    ),
    ("b10", f"UPDATE stock_move SET picking_id = NULL WHERE {STOCK_ROW}"),
    (
        "b10",
        f"UPDATE stock_move SET picking_id = {{foreign_transfer}} WHERE {ASSEMBLY_ROW}",
    ),
    (
        "b11",
        f"{NEW_TRANSFER}UPDATE stock_move SET picking_id = {LAST_TRANSFER}"
        f" WHERE {ASSEMBLY_ROW}",
    ),
    # Assembly orders
    ("c01", f"UPDATE stock_move SET product_uom_qty = 9 WHERE {FINISHED}"),
    ("c02", "UPDATE mrp_production SET product_qty = 5 WHERE id = {draft}"),
    ("c03", "UPDATE mrp_production SET ato_sale_line_id = NULL WHERE id = {draft}"),
    # whoever has changed the company since
    (
        "c03",
        "UPDATE res_company SET write_date = write_date + interval '1 day';"
        "UPDATE mrp_production SET ato_sale_line_id = NULL WHERE id = {draft}",
    ),
    ("c04", "UPDATE mrp_production SET state = 'draft' WHERE id = {assembly}"),
    (
        "c05",
        "UPDATE mrp_production SET state = 'confirmed'"
        " WHERE ato_sale_line_id = {cancelled}",
    ),
    ("c05", "UPDATE mrp_production SET state = 'confirmed' WHERE id = {draft}"),
    ("c06", "UPDATE mrp_production SET product_id = {leg} WHERE id = {assembly}"),
    (
        "c07",
        "UPDATE mrp_production SET ato_sale_line_id = {note} WHERE id = {assembly}",
    ),
    (
        "c08",
        "UPDATE mrp_production SET picking_type_id = {elsewhere} WHERE id = {assembly}",
    ),
    ("c09", "UPDATE mrp_production SET product_qty = 9 WHERE id = {assembly}"),
    ("c09", "UPDATE stock_move SET product_uom_qty = 9 WHERE production_id = {draft}"),
    # the finished product twice, as by findings E1 and E2
    ("c09", f"{COPY_OF_MOVE}production_id = {{draft}}"),
    ("c09", f"{COPY_OF_MOVE}{FINISHED}"),
    (
        "c10",
        "UPDATE stock_move SET sale_line_id = {steps} WHERE " + ASSEMBLY_ROW,
    ),
    ("c10", "INSERT INTO stock_move_move_rel VALUES ({made}, {plain_row})"),
    ("c10", "INSERT INTO stock_move_move_rel VALUES ({to_be_made}, {plain_row})"),
    ("c11", f"UPDATE stock_move SET ato_supply = NULL WHERE {FINISHED}"),
    ("c11", "UPDATE stock_move SET ato_supply = NULL WHERE production_id = {draft}"),
    ("c12", "DELETE FROM stock_move_move_rel WHERE move_orig_id = {to_be_made}"),
    ("c13", f"UPDATE stock_move SET location_dest_id = {{loss}} WHERE {FINISHED}"),
    ("c13", "UPDATE stock_move SET location_dest_id = {far} WHERE id = {made}"),
    (
        "c13",
        "UPDATE stock_move SET location_dest_id = {loss} WHERE production_id = {draft}",
    ),
    ("c13", "UPDATE mrp_production SET location_dest_id = {far} WHERE id = {assembly}"),
    (
        "c13",
        "UPDATE stock_move_line SET location_dest_id = {loss} WHERE move_id = {made}",
    ),
    (
        "c14",
        "UPDATE stock_move SET quantity = 9 WHERE id = {made}; UPDATE stock_move_line"
        " SET quantity = 9, quantity_product_uom = 9 WHERE move_id = {made}",
    ),
    ("c14", f"{COPY_OF_MOVE}id = {{made}}"),
    ("c15", "UPDATE stock_move SET state = 'cancel' WHERE id = {component}"),
    (
        "c15",
        "UPDATE stock_move SET product_uom_qty = 0"
        " WHERE raw_material_production_id = {assembly}",
    ),
    ("c15", "DELETE FROM stock_move WHERE raw_material_production_id = {draft}"),
    (
        "c16",
        "UPDATE mrp_production SET date_deadline = date_deadline + interval '1 hour'"
        " WHERE id = {assembly};"
        "UPDATE stock_move SET date_deadline = date_deadline + interval '1 hour'"
        f" WHERE {FINISHED}",
    ),
    ("c16", "UPDATE mrp_production SET date_deadline = NULL WHERE id = {draft}"),
    (
        "c16",
        "UPDATE stock_move SET date_deadline = date_deadline + interval '1 day'"
        f" WHERE {FINISHED}",
    ),
    ("c17", "DELETE FROM stock_reference_production_rel WHERE production_id = {draft}"),
    ("c17", "DELETE FROM stock_reference_sale_rel WHERE sale_id = {order}"),
    # it is a draft of another quotation's now: finding O1
    (
        "c17",
        "INSERT INTO stock_reference_sale_rel (sale_id, reference_id)"
        " SELECT {order}, reference_id FROM stock_reference_production_rel"
        " WHERE production_id = {draft}",
    ),
    (
        "c18",
        f"UPDATE stock_move SET location_dest_id = {{other_place}} WHERE {FINISHED}",
    ),
    # Reservations
    (
        "d01",
        "DELETE FROM stock_move_line WHERE move_id IN ("
        f"SELECT id FROM stock_move WHERE {ASSEMBLY_ROW})",
    ),
    (
        "d02",
        "UPDATE stock_move_line SET quantity_product_uom = 9 WHERE move_id IN ("
        f"SELECT id FROM stock_move WHERE {STOCK_ROW});"
        f"UPDATE stock_move SET product_uom_qty = 9 WHERE {STOCK_ROW}",
    ),
    ("d03", "UPDATE sale_order SET state = 'cancel' WHERE id = {quotation}"),
    (
        "d04",
        "UPDATE stock_move_line SET quantity_product_uom = 7 WHERE move_id = {hold}",
    ),
    ("d05", "UPDATE stock_move SET product_uom_qty = 7 WHERE id = {hold}"),
    ("d05", "UPDATE stock_move SET state = 'draft' WHERE id = {hold}"),
    ("d05", "UPDATE stock_move SET state = 'done' WHERE id = {hold}"),
    ("d06", "UPDATE stock_move SET product_id = {leg} WHERE id = {hold}"),
    (
        "d07",
        "UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1"
        " WHERE product_id = {desk} AND location_id = {stock}",
    ),
    (
        "d08",
        "UPDATE stock_quant SET quantity = 1"
        " WHERE product_id = {desk} AND location_id = {stock}",
    ),
    ("d09", "UPDATE stock_move SET location_id = {far} WHERE id = {hold}"),
    ("d09", "UPDATE stock_move SET location_id = {loss} WHERE id = {hold}"),
    ("d10", "UPDATE stock_move_line SET location_id = {far} WHERE move_id = {hold}"),
    (
        "d11",
        "UPDATE sale_order SET validity_date = '2000-01-01' WHERE id = {quotation}",
    ),
    ("d12", "UPDATE stock_move SET ato_supply = 'assembly' WHERE id = {hold}"),
    ("d12", "UPDATE stock_move SET sale_line_id = {quote} WHERE id = {hold}"),
    (
        "n01",
        "UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1"
        " WHERE product_id = {leg} AND location_id = {stock}",
    ),
)


@tagged("post_install", "-at_install")
class TestCheckInvariants(AssembleToOrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open(CHECK_STATEMENT) as file:
            cls.statement = file.read()
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
        self.plain = self._create_order((self.lamp, 3))
        self.plain.action_confirm()
        self.lowered = self._create_lowered_order().order_line

    def _create_started_order(self, warehouse):
        """10 desks, 4 to be assembled: 2 are, and 1 of them has left with 2 others."""
        order = self._create_order((self.desk, 10, 4), warehouse_id=warehouse.id)
        order.action_confirm()
        self._produce(order.order_line.assembly_order_ids, 2)
        self._deliver(order.picking_ids, stock=2, assembly=1)
        return order

    def _create_lowered_order(self):
        """5 desks, all assembled at first, then none, then 2: rows were cancelled."""
        order = self._create_order((self.desk, 5, 5))
        order.action_confirm()
        for quantity in (0, 2):
            order.order_line.qty_to_assemble_to_order = quantity
        return order

    def _get_ids(self):
        """What stands in the damages: {name: id}"""
        line = self.order.order_line
        outgoing = self.steps.order_id.picking_ids.filtered(
            lambda p: p.picking_type_id == self.steps_warehouse.out_type_id
        )
        opened = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        made = line.assembly_order_ids - opened
        foreign = self.steps.assembly_order_ids.filtered(lambda o: o.state == "done")
        open_transfer = self.order.picking_ids.filtered(lambda p: p.state != "done")
        far = self.steps_warehouse
        bin_beside = self.env["stock.location"].create(
            {"name": "Elsewhere", "location_id": self.warehouse.view_location_id.id}
        )
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
            "elsewhere": far.manu_type_id.id,
            "draft": self.quote.assembly_order_ids.id,
            "component": opened.move_raw_ids[:1].id,
            "made": made.move_finished_ids.id,
            "to_be_made": opened.move_finished_ids.id,
            "foreign_made": foreign.move_finished_ids.id,
            "transfer": open_transfer.id,
            "foreign_transfer": self.lowered.order_id.picking_ids[-1:].id,
            "lowered": self.lowered.id,
            "plain": self.plain.order_line.id,
            "plain_row": self.plain.order_line.move_ids.id,
            "far": far.lot_stock_id.id,
            "loss": self.desk.property_stock_inventory.id,
            "other_place": bin_beside.id,
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
        self.assertEqual(self.rules, {rule for rule, _damage in DAMAGE})
        self.assertEqual(self._get_broken(), [])
        ids = self._get_ids()
        self.env.flush_all()
        for rule, damage in DAMAGE:
            damage = damage.format(**ids)
            with (
                self.subTest(rule=rule, damage=damage),
                self.env.cr.savepoint(flush=False) as savepoint,
            ):
                self.env.cr.execute(damage)
                self.assertTrue(self.env.cr.rowcount, "there is something to damage")
                found = {row[0].partition(":")[0][-3:] for row in self._get_broken()}
                self.assertIn(rule, found)
                savepoint.rollback()
