# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    """How far an order has come, for its customer: ordered, made, shipped.

    Customers read it: of what is assembled for them, no figure of the house.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_assembly_progress(self):
        """How far confirmed lines have come that are, in part, assembled.

        Only what is shipped, and what is made for them and waits: what lies in stock,
        and how the rest is made, is nothing to the customer.

        :return: {id of the line: {"text", "shipped", "made"}}, shares in percent of
            what is ordered
        """
        # the customer reads it, who may not read what it is counted from
        lines = self._with_documents().filtered(
            lambda line: line.state == "sale" and line.qty_to_assemble_to_order > 0
        )
        lines._read_documents()
        return {line.id: line._prepare_progress() for line in lines}

    def _prepare_progress(self):
        ordered, shipped, made = self._get_progress_figures()
        return {
            "text": self._describe_progress(ordered, shipped, made),
            "shipped": round(100 * shipped / ordered),
            "made": round(100 * made / ordered),
        }

    def _get_progress_figures(self):
        """What is ordered, shipped of it, and made and not shipped, in the line's unit

        What is delivered or made beyond the order is not shown.
        """
        self.ensure_one()
        ordered, figures = self.product_uom_qty, self._get_figures()
        shipped = min(max(self.qty_delivered, 0.0), ordered)
        waiting = self._to_line_unit(max(figures.waiting, 0.0))
        return ordered, shipped, min(waiting, ordered - shipped)

    def _describe_progress(self, ordered, shipped, made):
        self.ensure_one()
        count, is_zero = self._format_count, self.product_uom_id.is_zero
        texts = [self.env._("%s ordered", count(ordered))]
        if not is_zero(made):
            texts.append(self.env._("%s made", count(made)))
        if not is_zero(shipped):
            texts.append(self.env._("%s shipped", count(shipped)))
        if len(texts) == 1:
            texts.append(self.env._("none made yet"))
        return ", ".join(texts)
