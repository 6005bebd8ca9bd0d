# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestFiguresField(AssembleToOrderCommon):
    """Figures that are worked out together: each line its own, each reader a copy."""

    def test_copy_of_its_own(self):
        """Who changes the figures that he has read changes nobody else's."""
        self._set_stock(self.desk, 6)
        line = self._create_order((self.desk, 10, 4)).order_line
        figures = line.assembly_figures
        segments = [dict(segment) for segment in figures["segments"]]
        self.assertTrue(segments)
        figures["remaining_qty"] = 99.0
        figures["segments"].clear()
        self.assertEqual(line.assembly_figures["remaining_qty"], 4.0)
        self.assertEqual(line.assembly_figures["segments"], segments)

    def test_each_line_its_own(self):
        """Lines with the same figure, and with others, in turns; of plain ones none.

        12 are in stock and components for 4: of 3 x 5 from stock the last line lacks
        3, and of 3 x 2 to assemble it has none.
        """
        self._set_stock(self.desk, 12)
        self._set_stock(self.leg, 4 * 4)
        self._set_stock(self.top, 4)
        plain = self.lamp
        order = self._create_order(
            (self.desk, 7, 2), (plain, 1, 0), (self.desk, 7, 2), (self.desk, 7, 2)
        )
        lines = order.order_line
        expected = {
            "missing_qty": [0.0, 0.0, 0.0, 3.0],
            "able_to_assemble_qty": [2.0, 0.0, 2.0, 0.0],
            "components_short_qty": [0.0, 0.0, 0.0, 2.0],
            "is_late": [False, False, False, True],
            "assembly_status": ["assemble", False, "assemble", "missing"],
            "qty_from_stock": [5.0, 1.0, 5.0, 5.0],
            "is_assembled": [True, False, True, True],
        }
        found = {name: lines.mapped(name) for name in expected}
        self.assertEqual(found, expected)
        self.assertEqual(
            [bool(figures) for figures in lines.mapped("assembly_figures")],
            [True, False, True, True],
        )
