# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    """A that follows what is missing, for orders that nobody watches.

    By the policy, until somebody types a figure: at entry, when the line changes, and
    once more when the order is confirmed. Short components do not change it.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _follows_missing(self):
        """Whether the policy decides A, and nobody has typed another figure."""
        self.ensure_one()
        return (
            self.assembly_policy == "assemble_missing"
            and not self._is_typed_ahead()
            and self._can_be_assembled()
            and self._is_proposal()
        )

    def _is_proposal(self):
        """Whether A is what the system has proposed, or is proposed only now.

        One that followed what was missing does so until another figure is typed; all
        from stock, by a policy that assembles nothing, was no decision.
        """
        self.ensure_one()
        previous, uom = self._get_previous_assembly_decision(), self.product_uom_id
        if not previous or previous.follows or uom.compare(previous.quantity, 0.0) <= 0:
            return True
        is_untouched = not previous.to_order and uom.is_zero(previous.to_assemble)
        return is_untouched and uom.compare(self.qty_delivered, 0.0) <= 0

    def _get_figures_of_following(self):
        """What there is in stock for lines that follow what is missing.

        Lines of their orders that do not follow keep what they assemble, and take what
        they need in the order of the lines.

        :return: {line: figures as from `_get_availability`, if all that can still be
            decided came from stock}
        """
        following = self.filtered(lambda line: line._follows_missing())
        return following._get_figures_from_stock() if following else {}

    def _get_figures_from_stock(self):
        """As `_get_figures_of_following`, for these lines."""
        elevated = self._with_documents()
        batches = elevated._get_lines_by_order()
        lines = elevated.browse().union(*batches.values())
        read = lines._read_availability(elevated)
        figures = {}
        for batch in batches.values():
            shared = batch._share_stock(*read, elevated)
            figures.update(self._prepare_shares(shared, read[0]))
        return {line: figures[line] for line in self if line in figures}

    def _get_demand_from_stock(self, supply, assembly, stock):
        """What the line asks of stock, if it came from there as far as it still can.

        A change of an order asks for all that is to be delivered, also for what came
        back. Where Odoo makes or buys the product for each order, stock is not asked.

        :param supply: as from `_get_supply`
        :param assembly: how what is to be assembled is made
        """
        self.ensure_one()
        demand = self._get_assembled_demand(supply, assembly, stock)
        kept = min(assembly.started, supply.remaining)
        asked = max(supply.stock + supply.remaining - kept, 0.0)
        return demand._replace(
            stock=0.0 if self._is_replenished_on_order() else asked,
            remaining=kept,
            reducible=0.0,
        )

    def _get_missing_part(self, figures):
        """A that covers what is missing, in the unit of the line.

        All of it, or no more, where the customer accepts no mixture.

        :param figures: of the line, as from `_get_figures_from_stock`
        """
        self.ensure_one()
        # what is made, or begun, cannot come from stock any more
        kept = figures["remaining_qty"] + self.qty_assembled
        part = self.product_uom_id.round(kept + figures["missing_qty"])
        if not part or not self._takes_one_source():
            return part
        return kept if self._has_left_from_stock() else self.product_uom_qty

    def _decide_missing(self):
        """Decide once more what is assembled, while nobody else takes the stock.

        :return: {line: figures as from `_get_figures_from_stock`} of lines that follow
        """
        following = self.filtered(lambda line: line._follows_missing())
        if not following:
            return {}
        following._lock_stock()
        figures = following._get_figures_from_stock()
        name = "qty_to_assemble_to_order"
        self.env.add_to_compute(self._fields[name], following)
        following.mapped(name)
        following.modified([name])  # what depends on it has not been told yet
        return figures

    def _describe_decision(self, figures):
        """What was decided for the line, and from which figures: a sentence.

        :param figures: of the line, as from `_get_figures_from_stock`
        """
        self.ensure_one()
        return self.env._(
            "%(product)s: %(ordered)s ordered, %(assembled)s assembled, %(stock)s from "
            "stock. %(held)s were reserved, %(free)s free now, %(expected)s by the "
            "delivery date.",
            product=self.product_id.display_name,
            ordered=self._format_line_qty(self.product_uom_qty),
            assembled=self._format_line_qty(self.qty_to_assemble_to_order),
            stock=self._format_line_qty(self.qty_from_stock),
            held=self._format_line_qty(figures["reserved_stock_qty"]),
            free=self._format_line_qty(figures["free_stock_qty"]),
            expected=self._format_line_qty(figures["expected_stock_qty"]),
        )
