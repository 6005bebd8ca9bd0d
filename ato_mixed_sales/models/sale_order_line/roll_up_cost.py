# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sent import check_records

# of `sale_margin`: what a unit costs, in the unit and the currency of the line
COST = "purchase_price"


class SaleOrderLine(models.Model):
    """The cost behind the margin follows what is really sold (R150).

    When somebody wants it, never by itself. It needs Odoo's margins (`sale_margin`).
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    rolled_up_cost = fields.Float(
        compute="_compute_rolled_up_cost",
        store=True,
        copy=False,
        min_display_digits="Product Price",
        groups="base.group_user",
        help="Cost, in the currency and for the unit of the line, that was last rolled "
        "up from components and work. While the line has it, moves and inventory "
        "values do not change it.",
    )

    @api.depends("product_id", "company_id", "currency_id", "product_uom_id")
    def _compute_rolled_up_cost(self):
        """It is of other units now: as Odoo has it for the cost of a line."""
        self.rolled_up_cost = 0.0

    def action_roll_up_cost(self):
        """Have the line cost what it is made of, and the work on it, cost (R150).

        Until it is assembled, by the costs of components and work centres as they are
        now, then what it has really cost; units from stock cost what the product does.
        The cost of the line is the average of both parts.

        :raises UserError: when margins are not installed, nothing is ordered or
            assembled, or the order is cancelled
        """
        check_records(self)
        self._check_may_cost()
        made_of = self._get_made_of()
        for line in self:
            line._check_cost_follows(made_of)
        for line, worth in self._get_cost_worths(made_of).items():
            line = line.with_env(self.env)
            line.write({COST: worth.together, "rolled_up_cost": worth.together})
        return True

    def action_take_product_cost(self):
        """Have the line cost what Odoo says again, whatever it is made of.

        :raises UserError: when margins are not installed, or the order is cancelled
        """
        check_records(self)
        self._check_may_cost()
        self.rolled_up_cost = 0.0
        self.env.add_to_compute(self._fields[COST], self)
        return True

    def _check_may_cost(self):
        """:raises UserError: when margins are not installed, or the order is closed"""
        self.order_id.check_access("write")
        if COST not in self._fields:
            message = self.env._(
                "Nothing is known of what order lines cost. Have Margins switched on "
                "in the settings of Sales first."
            )
            raise UserError(message)
        self._check_field_access(self._fields[COST], "write")
        for line in self.filtered(lambda line: line.state == "cancel"):
            line._refuse_cost(
                self.env._("the order is cancelled. Set it back to quotation first.")
            )

    def _check_cost_follows(self, made_of):
        """:raises UserError: where nothing is sold that is made of components"""
        self.ensure_one()
        if self in made_of:
            return
        if self.product_uom_id.compare(self.product_uom_qty, 0.0) <= 0:
            reason = self.env._("nothing is ordered. Enter the quantity first.")
        elif self.product_uom_id.compare(self.qty_to_assemble_to_order, 0.0) <= 0:
            reason = self.env._(
                "nothing of it is assembled. Set Qty. to Assemble to Order, or keep "
                "the cost of the product."
            )
        else:
            reason = self._get_not_assembled_reason()
        self._refuse_cost(reason)

    def _refuse_cost(self, reason):
        """:raises UserError: with `reason`, a sentence"""
        self.ensure_one()
        raise UserError(
            self.env._(
                "The cost of %(product)s on %(order)s cannot be rolled up: %(reason)s",
                product=self.product_id.display_name or self.name,
                order=self.order_id.display_name,
                reason=reason,
            )
        )

    def _has_rolled_up_cost(self):
        """Whether the line has the cost that was rolled up for it last."""
        self.ensure_one()
        return bool(self.rolled_up_cost) and self._is_same_price(
            self[COST], self.rolled_up_cost
        )

    def _compute_field_value(self, field):
        """Keep a cost that was rolled up where Odoo would compute it anew.

        It does for each move that comes, and for each value that changes. What the
        line is of has not changed: else nothing would be rolled up.
        """
        lines = self
        if field.name == COST:
            kept = self.filtered(lambda line: line._has_rolled_up_cost())
            for line in kept:
                line[COST] = line.rolled_up_cost
            lines -= kept
        return super(SaleOrderLine, lines)._compute_field_value(field)
