# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestOutgoingPlace(AssembleToOrderCommon):
    """Which places are a customer's: as Odoo says, without a query for each of them."""

    def test_places(self):
        between = self.env.ref("stock.stock_location_inter_company")
        below = between.create({"name": "Road", "location_id": between.id})
        customers = self.env.ref("stock.stock_location_customers")
        places = (
            *((customers, True), (between, True), (below, True)),
            *((self.stock, False), (self.stock.location_id, False)),
            *((self.warehouse.wh_output_stock_loc_id, False),),
            (self.env["stock.location"].new({"name": "Draft"}), False),
        )
        for place, is_outgoing in places:
            with self.subTest(place=place.name):
                self.assertEqual(place._is_outgoing(), is_outgoing)

    def test_queries(self):
        """The warehouse's places are read once, and asked about without a query."""
        places = self.stock | self.warehouse.wh_output_stock_loc_id
        places.mapped(lambda place: (place.usage, place.parent_path))
        places[0]._is_outgoing()
        with self.assertQueryCount(0):
            for place in places:
                place._is_outgoing()
