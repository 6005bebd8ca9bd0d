# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .test_roll_up import RollUpCommon
from .test_roll_up_cost import CostCommon


class TourStories:
    def _start(self, tour):
        """On a quotation of 10 desks, 4 of them with a glass top."""
        self.desk.name = "Oak Writing Desk"
        self.seller.property_warehouse_id = self.warehouse
        line = self._sell()
        self._take_glass(line)
        self.start_tour(
            f"/odoo/sales/{line.order_id.id}", tour, login=self.seller.login
        )
        self.env.invalidate_all()
        return line


@tagged("post_install", "-at_install")
class TestRollUpPriceTours(TourStories, RollUpCommon, HttpCase):
    def test_price(self):
        """Rolled up, back to the list's, typed, kept, rolled up again."""
        line = self._start("ato_roll_up_price")
        self.assertPrice(line, 102.8)


@tagged("post_install", "-at_install")
class TestRollUpCostTours(TourStories, CostCommon, HttpCase):
    def test_cost(self):
        """By the chip, back to the product's, and by the panel."""
        line = self._start("ato_roll_up_cost")
        self.assertCost(line, 61.2)
        self.assertPrice(line, 100)
