# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tests import tagged

from .test_shipment import ShipmentCommon


@tagged("post_install", "-at_install")
class TestShipmentProposal(ShipmentCommon):
    """The dialog proposes what can leave, and marks what cannot as it is typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top_of_two = cls._create_product("Thin Top")
        cls._set_stock(cls.top_of_two, 2)
        cls.shelf = cls._create_product("Shelf", components={cls.top_of_two: 1})
        cls._set_stock(cls.shelf, 6)

    def _propose(self, picking):
        """(to ship, from assembly, from stock, remark) of the first row."""
        shipment = self._open(picking)
        with shipment.line_ids.edit(0) as row:
            return (
                row.qty_to_ship,
                row.qty_from_assembly,
                row.qty_from_stock,
                row.remark or "",
            )

    def test_eight_of_ten(self):
        """Q 10, A 4, 6 in stock, components for 2: 8 are proposed, and leave."""
        order = self._confirm((self.shelf, 10, 4))
        *figures, remark = self._propose(order.picking_ids)
        self.assertEqual(figures, [8, 2, 6])
        self.assertIn("needs 4.00 Units of Thin Top, 2.00 are available", remark)
        self._ship(order.picking_ids)
        line = order.order_line
        self.assertEqual(
            (self._done(line, "stock"), self._done(line, "assembly")), (6, 2)
        )
        *figures, remark = self._propose(self._open_picking(order))
        self.assertEqual(figures, [0, 0, 0], "nothing can leave")
        self.assertIn("needs 2.00 Units of Thin Top, 0.00 are available", remark)

    def test_stock_short(self):
        """5 of 7 from stock are there: 3 assembled and 5."""
        order = self._confirm((self.shelf, 8, 1))
        self._take_away(self.shelf, 2)
        *figures, remark = self._propose(order.picking_ids)
        self.assertEqual(figures, [5, 1, 4])
        self.assertIn("7.00 Units needed from stock, 4.00 available", remark)
        self._ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_two_lines_share_stock(self):
        """6 are free for two lines: 4 and 3 are too many, 4 and 2 leave."""
        order = self._confirm((self.shelf, 10), (self.shelf, 5, 1))
        order.picking_ids.do_unreserve()
        shipment = self._open(order.picking_ids, qty_to_ship=4)
        with shipment.line_ids.edit(1) as row:
            row.qty_to_ship, row.qty_from_assembly = 3, 0
            self.assertFalse(row.remark)
        told = "3.00 Units needed from stock, 2.00 available"
        self.assertIn(told, shipment.remarks)
        shipment = shipment.save()
        with self.assertRefused(told):
            shipment.action_ship()
        shipment.line_ids[1].qty_to_ship = 2
        self.assertFalse(shipment.remarks)
        shipment.action_ship()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [4, 2])

    def _take_away(self, product, quantity):
        """Count less of `product` on the shelf than was there."""
        quant = product.stock_quant_ids.filtered(lambda q: q.location_id == self.stock)
        quant.inventory_quantity = quant.quantity - quantity
        quant.action_apply_inventory()

    def test_assembled_first(self):
        """Where that is the rule, 2 assembled leave before the 6 from stock."""
        self.warehouse.ato_ship_first = "strict"
        order = self._confirm((self.shelf, 10, 4))
        self.assertEqual(self._propose(order.picking_ids)[:3], (2, 2, 0))
        self._ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_partly_made(self):
        """1 of 4 waits, components for 1 more are left: 8 of 10."""
        order = self._confirm((self.shelf, 10, 4))
        self._produce(order.order_line.assembly_order_ids, 1)
        self.assertEqual(self._propose(order.picking_ids)[:3], (8, 2, 6))
        self._ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 8)

    def test_dozens(self):
        """1 dozen, 4 of it to assemble, 6 in stock: 8 units are 0.67 of it."""
        order = self._create_order((self.shelf, 1, 0))
        order.order_line.write(
            {"product_uom_id": self.dozen.id, "qty_to_assemble_to_order": 0.33}
        )
        order.action_confirm()
        self.assertEqual(self._propose(order.picking_ids)[:2], (0.67, 0.17))
        self._ship(order.picking_ids)
        line = order.order_line
        self.assertEqual(
            (self._done(line, "stock"), self._done(line, "assembly")), (6, 2)
        )

    def test_lots(self):
        """Components in lots: 2 of the lot make 2, whatever else is counted."""
        self.leg.tracking = "lot"
        lot = self.env["stock.lot"].create({"name": "L-1", "product_id": self.leg.id})
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.leg, self.stock, -1000)
        quants._update_available_quantity(self.leg, self.stock, 8, lot_id=lot)
        self._set_stock(self.desk, 6)
        order = self._confirm((self.desk, 10, 4))
        self.assertEqual(self._propose(order.picking_ids)[:3], (8, 2, 6))
        self._ship(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 8)

    def test_two_steps(self):
        """The first transfer proposes the same; the second is validated."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm((self.shelf, 10, 4))
        picking = self._open_picking(order)
        self.assertEqual(self._propose(picking)[:3], (8, 2, 6))
        self._ship(picking)
        self.assertEqual(order.order_line.qty_assembled, 2)

    def test_typed_survives(self):
        """Less typed as assembled is kept, and more than can be made is said so."""
        order = self._confirm((self.shelf, 10, 4))
        shipment = self._open(order.picking_ids, qty_to_ship=5, qty_from_assembly=1)
        with shipment.line_ids.edit(0) as row:
            self.assertEqual((row.qty_from_stock, row.remark), (4, False))
            row.qty_from_assembly = 3
            self.assertIn("needs 3.00 Units of Thin Top, 2.00", row.remark)

    def test_impossible_is_marked(self):
        """11 of 10, -1, and 5 from assembly of 4: said at once, refused on saving."""
        order = self._confirm((self.shelf, 10, 4))
        for values, message in (
            ({"qty_to_ship": 11}, "11.00 Units cannot be shipped. Choose from 0 to 10"),
            ({"qty_to_ship": -1}, "-1.00 Units cannot be shipped. Choose from 0 to 10"),
            (
                {"qty_to_ship": 8, "qty_from_assembly": 5},
                r"5.00 Units cannot come from assembly when 8.00 Units are shipped",
            ),
            (
                {"qty_to_ship": 8, "qty_from_assembly": 1},
                r"1.00 Units cannot come from assembly when 8.00 Units are shipped",
            ),
        ):
            with self.subTest(values=values):
                shipment = self._open(order.picking_ids, **values)
                self.assertIn(message, shipment.remarks)
                with self.assertRefused(message):
                    shipment.save()

    def test_marked_cells(self):
        """The view has the cell that is impossible in red."""
        view = self.env["assembly.shipment"].get_view(view_type="form")
        arch = etree.fromstring(view["arch"])
        for name in ("qty_to_ship", "qty_from_assembly"):
            (cell,) = arch.xpath(f"//list/field[@name='{name}']")
            self.assertTrue(cell.get("decoration-danger"))
