# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_units_delivered_elsewhere(self):
        """What customers took away at the point of sale: no move of the line tells.

        Counted as Odoo counts it among what is delivered.
        """
        # sudo: the documents of the shop are closed to salespeople
        sold = self.sudo().pos_order_line_ids
        return (
            super()._get_units_delivered_elsewhere()
            + sold._get_delivered_units()
            + sold.refund_orderline_ids._get_delivered_units()
        )

    def _share_what_is_left(self, before):
        """Ask once for what Odoo has each delivery row of the lines ask for.

        Assembled units that are under way are asked for, and the rest from stock. Where
        fewer are left than those, the others are nobody's any more.

        :param before: {line: split.Line}, what was asked for before, as far as known
        """
        for line, facts in self._filter_fulfilled()._get_facts().items():
            known = before.get(line, facts)
            opened = line.move_ids._filter_open()._get_delivery_steps()
            left = max(opened.mapped("product_qty"), default=0.0)
            assembled = min(facts.undelivered_assembly, left)
            if opened:
                line._lower_part_to("assembly", known.assembly, assembled)
                line._lower_part_to("stock", known.stock, left - assembled)
        self._follow_delivery()

    def _lower_part_to(self, supply, part, units):
        """Ask for no more than `units` of the product from one source.

        Those that are nearest to the customer go on, the shelf is asked for the others.

        :param part: split.Part, what was asked for before
        """
        self.ensure_one()
        stages = self._get_delivery_stages()
        for moves, stage in reversed([*zip(stages, part.stages, strict=False)]):
            rows = moves.filtered(lambda move: (move.ato_supply or "stock") == supply)
            rows = rows._filter_open()
            wanted = units if moves == stages[0] else min(stage.under_way, units)
            units -= wanted
            self._lower_rows_to(rows, wanted, max(stage.under_way - wanted, 0.0))

    def _lower_rows_to(self, rows, wanted, left):
        """Ask for `wanted` units of the product in one step.

        :param left: units under way that stay where they are, for nobody
        """
        bringing = rows.move_orig_ids._filter_open()._get_delivery_steps()
        asked = rows._get_procured_units() - bringing._get_procured_units()
        unsaid = min(wanted + left - asked, left)
        if rows and self.product_id.uom_id.compare(unsaid, 0.0) > 0:
            # Odoo asks for less by now, and does not say that units stay behind
            rows[0]._set_demand(rows[0].product_qty + unsaid)
        rows._take_back(max(asked - wanted - left, 0.0))
        rows._leave_behind(left)
