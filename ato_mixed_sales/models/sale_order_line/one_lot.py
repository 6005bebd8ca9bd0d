# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models


class SaleOrderLine(models.Model):
    """Customers who want all units of a line from one lot."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _takes_one_lot(self):
        """Whether all units of the line are to be of one lot."""
        self.ensure_one()
        customer = self._get_customer()
        return (
            bool(customer)
            and customer.assembly_single_lot
            and self.product_id.tracking == "lot"
        )

    def _get_only_lot(self):
        """The lot that the line takes from stock, where its customer wants one.

        That of which it has something; else the first one that is enough for all that
        is to be delivered, in order of removal; else the one with most. None where
        nothing is free: what arrives has no lot yet.
        """
        self.ensure_one()
        line = self._with_documents()
        lots = line.env["stock.lot"]
        if not line._takes_one_lot() or not line._can_be_assembled():
            return lots
        return line._get_taken_lots()[:1] or line._get_best_lot()

    def _get_taken_lots(self):
        """Lots of which the line holds, or was delivered, units from stock."""
        saved = self._get_saved()
        moves = saved._get_stock_part_moves()
        if saved.move_ids:
            moves |= saved._get_shelf_stage()
        return moves.filtered(lambda move: move.ato_supply != "assembly").mapped(
            "move_line_ids.lot_id"
        )

    def _get_best_lot(self):
        free, needed = self._get_free_by_lot(), sum(self._get_part_units())
        compare = self.product_id.uom_id.compare
        enough = (lot for lot in free if compare(free[lot], needed) >= 0)
        fullest = max(free, key=free.get, default=self.env["stock.lot"])
        return next(enough, fullest)

    def _get_free_by_lot(self):
        """{lot: units that can be sold and nobody holds}, in order of removal"""
        free, (location, date) = defaultdict(float), self._get_shelf()
        if location:
            places = (
                self.with_company(self.company_id)
                .env["stock.quant"]
                ._get_places_for_sale(
                    self.product_id, location, self._get_owners_for_sale(), date
                )
            )
            for stock in places.values():
                free[stock.quant.lot_id] += stock.free
        return {lot: units for lot, units in free.items() if lot and units > 0}

    def _get_lots_to_make(self):
        """The lot that what is assembled for the line is to have: of what was made."""
        self.ensure_one()
        orders = self._with_documents().assembly_order_ids
        lots = orders.filtered(lambda o: o.state != "cancel").lot_producing_ids
        return lots[:1] if self._takes_one_lot() else lots.browse()
