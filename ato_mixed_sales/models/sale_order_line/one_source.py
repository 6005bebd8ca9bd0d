# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    """Customers who accept no line that is from stock and assembled as well.

    It decides what is proposed and offered. A figure that somebody types stays: the
    line says what is wrong with it, and so does the order when it is confirmed.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_customer(self):
        """Who decides what is accepted, for all contacts: read by whoever sells.

        Nobody where no customer has such a wish.
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        if not partners._has_wishes():
            return partners
        return self._with_documents().order_id.partner_id.commercial_partner_id

    def _takes_one_source(self):
        """Whether all of the line is to be from stock, or all of it assembled.

        What is assembled is a lot of its own.
        """
        self.ensure_one()
        customer = self._get_customer()
        return bool(customer) and (
            customer.assembly_single_source or self._takes_one_lot()
        )

    def _mixes_sources(self):
        """Whether the customer does not accept how the line is split."""
        self.ensure_one()
        return self._takes_one_source() and self._is_mixed()

    def _get_qty_to_assemble_besides(self, figures):
        """What is assembled besides where something is missing, in the line's unit.

        That, or all of it where the customer accepts no mixture and nothing has left.

        :param figures: of the line, as from `_get_availability`
        """
        self.ensure_one()
        missing = figures["missing_qty"]
        if not self._takes_one_source() or self._has_left_from_stock():
            return missing
        if missing <= 0 and not self._mixes_sources():
            return 0.0
        upper = self._get_assembly_bounds().upper
        return max(upper - self.qty_to_assemble_to_order, 0.0)

    def _has_left_from_stock(self):
        """Whether units of the stock part are picked, or gone: that is its source."""
        moves = self._get_saved()._with_documents().move_ids
        return any(
            move.ato_supply != "assembly" and (move.state == "done" or move.picked)
            for move in moves
        )

    def _leave_out_unaccepted(self, figures):
        """Offer to take from stock what the customer accepts: all of it, or nothing.

        :param figures: of the line, in its unit
        :return: the same figures
        """
        self.ensure_one()
        deductible, part = figures["deductible_qty"], self.qty_to_assemble_to_order
        takes_one = self._takes_one_source()  # of all lines, so that all ask as much
        if takes_one and self.product_uom_id.compare(deductible, part) < 0:
            figures["deductible_qty"] = 0.0
        return figures

    def _get_mixed_text(self):
        """How the line is split, where its customer does not accept it."""
        self.ensure_one()
        return self.env._(
            "2 sources: %(stock)s from stock, %(assembled)s assembled",
            stock=self._format_count(self.qty_from_stock),
            assembled=self._format_count(self.qty_to_assemble_to_order),
        )

    def _describe_mixture(self):
        """The same, with the product, for the chatter."""
        self.ensure_one()
        return self.env._(
            "%(product)s: %(stock)s from stock, %(assembled)s assembled",
            product=self.product_id.display_name,
            stock=self._format_line_qty(self.qty_from_stock),
            assembled=self._format_line_qty(self.qty_to_assemble_to_order),
        )
