# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    """What assembly orders and deliveries of one order are known by."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _with_documents(self):
        """The orders, with the documents of their lines: see there."""
        return self.with_env(self.order_line._with_documents().env)

    def _get_assembly_references(self):
        """The stock reference of each order's assembly orders.

        It becomes the order's own at confirmation: a quotation has none, so that
        nobody but its seller sees the draft assembly orders.

        :return: {order: stock.reference}
        """
        references = {
            order: (
                order.stock_reference_ids
                or order.order_line.assembly_order_ids.reference_ids
            )[:1]
            for order in self._with_documents()
        }
        lacking = [order for order, reference in references.items() if not reference]
        created = self._with_documents().env["stock.reference"]
        created = created.create([{"name": order.name} for order in lacking])
        return {**references, **dict(zip(lacking, created, strict=True))}

    def _adopt_assembly_references(self):
        """Make the reference of the draft assembly orders the sales order's own."""
        confirmed = self.filtered(lambda order: order.state == "sale")
        for order in confirmed:
            drafts = order.order_line._get_draft_assembly_orders()
            order = order.with_env(drafts.env)
            if drafts and not drafts.reference_ids & order.stock_reference_ids:
                order.stock_reference_ids |= drafts.reference_ids
