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
        if self.product_id.tracking != "lot":
            return False
        customer = self._get_customer()
        return bool(customer) and customer.assembly_single_lot

    def _get_only_lot(self):
        """The lot that the line takes from stock, where its customer wants one.

        That of which it has something; else the first one that is enough for all that
        is to be delivered, in order of removal; else the one with most. None where
        nothing is free: what arrives has no lot yet.
        """
        self.ensure_one()
        if self.product_id.tracking != "lot":  # as a rule, and it is asked often
            return self.env["stock.lot"]
        line = self._with_documents()
        if not line._takes_only_lot():
            return line.env["stock.lot"]
        return line._get_taken_lots()[:1] or line._get_best_lot(
            line._get_free_by_lot()[line]
        )

    def _takes_only_lot(self):
        self.ensure_one()
        return self._takes_one_lot() and self._can_be_assembled()

    def _add_only_lots(self, stock):
        """Add which lots lines take, and what there is of them, for all lines at once.

        :param stock: as from `_get_stock`
        """
        lines = self.filtered(
            lambda line: line._takes_only_lot()
            and not line._get_chosen("lot_id", "stock.lot")
        )
        # read in one go, not line by line
        moves = lines.move_ids | lines.hold_move_ids
        moves.mapped("move_line_ids.lot_id")
        moves.mapped("move_orig_ids.move_orig_ids")
        for line, free in lines._get_free_by_lot().items():
            lot = line._get_taken_lots()[:1] or line._get_best_lot(free)
            stock.lots[line] = lot
            if lot:
                place = (line.warehouse_id, line.product_id, lot)
                place += (line._get_owners_for_sale(),)
                stock.places[place] = (free.get(lot, 0.0), [])

    def _get_taken_lots(self):
        """Lots of which the line holds, or was delivered, units from stock."""
        saved = self._get_saved()
        moves = saved._get_stock_part_moves()
        if saved.move_ids:
            moves |= saved._get_shelf_stage()
        return moves.filtered(lambda move: move.ato_supply != "assembly").mapped(
            "move_line_ids.lot_id"
        )

    def _get_best_lot(self, free):
        """:param free: of the line, as from `_get_free_by_lot`"""
        needed, compare = sum(self._get_part_units()), self.product_id.uom_id.compare
        enough = (lot for lot in free if compare(free[lot], needed) >= 0)
        fullest = max(free, key=free.get, default=self.env["stock.lot"])
        return next(enough, fullest)

    def _get_free_by_lot(self):
        """{line: {lot: units to sell that nobody holds}}, in order of removal"""
        free = {}
        for line, quants in self._gather_shelves().items():
            lots, owners = defaultdict(float), line._get_owners_for_sale()
            for stock in quants._get_sellable_places(owners).values():
                lots[stock.quant.lot_id] += stock.free
            free[line] = {lot: qty for lot, qty in lots.items() if lot and qty > 0}
        return free

    def _gather_shelves(self):
        """{line: what lies where it takes its units from}, in order of removal

        By a number of queries that depends on the places and rules only.
        """
        rules, found = {}, {}
        shelves = {line: line._get_shelf(rules) for line in self}
        for (company, location, date), lines in self.grouped(
            lambda line: (
                line.company_id,
                shelves[line][0],
                line.product_id._is_removed_by_date() and shelves[line][1],
            )
        ).items():
            quants = self.with_company(company).env["stock.quant"]
            if date:
                quants = quants.with_context(with_expiration=date)
            products = lines.product_id if location else lines.product_id.browse()
            gathered = quants._gather_together(products, location)
            found.update({o: gathered.get(o.product_id, quants) for o in lines})
        return found

    def _get_lots_to_make(self):
        """The lot that what is assembled for the line is to have: of what was made."""
        self.ensure_one()
        orders = self._with_documents().assembly_order_ids
        lots = orders.filtered(lambda o: o.state != "cancel").lot_producing_ids
        return lots[:1] if self._takes_one_lot() else lots.browse()
