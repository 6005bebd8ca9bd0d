# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """A line that is moved to another order, by whatever code writes `order_id`."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _check_can_be_moved(self, vals):
        """Leave what is being delivered or assembled with its order (O1).

        :raises UserError: naming the product and its order
        """
        target = self.env["sale.order"].browse(vals["order_id"])
        moved = self.filtered(lambda line: line.order_id != target)
        for line in moved.filtered(lambda line: line._is_split_by_source()):
            if line.state == "sale" or target.locked:
                raise UserError(
                    self.env._(
                        "%(product)s on %(order)s cannot be moved to %(target)s: a "
                        "line that is partly assembled to order is moved between "
                        "quotations only. Cancel the order and set it back to "
                        "quotation first, or add a line to %(target)s.",
                        product=line.product_id.display_name,
                        order=line.order_id.display_name,
                        target=target.display_name,
                    )
                )

    def _follow_order(self):
        """Have what was made for the lines belong to the order they are on now (O1).

        A line that is moved to a confirmed order asks for its delivery, as one that
        is added there.
        """
        lines = self._as_superuser()
        drafts = lines._get_draft_assembly_orders()
        former = drafts.reference_ids
        drafts._as_step().reference_ids = False
        references = lines.order_id._get_assembly_references() if drafts else {}
        for line in drafts.ato_sale_line_id:
            orders = line.assembly_order_ids & drafts
            orders._belong_to(line.order_id, references[line.order_id])
        drafts._drop_unused(former)
        confirmed = self.filtered(lambda line: line.state == "sale")
        confirmed.filtered("qty_to_assemble_to_order")._action_launch_stock_rule()
