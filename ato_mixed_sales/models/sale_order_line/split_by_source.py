# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ...sent import check_records

SAME_ON_BOTH_LINES = (
    "product_id",
    "product_uom_id",
    "name",
    "price_unit",
    "discount",
    "tax_ids",
    "analytic_distribution",
    "customer_lead",
    "route_ids",
    "product_no_variant_attribute_value_ids",
)


class SaleOrderLine(models.Model):
    """One mixed line as two lines, one per source, and back (W4).

    The line stays the stock part, with all that is held for it; the new line takes
    the assembly orders and their deliveries.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    split_from_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Split from",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="Line that is the stock part of what this line assembles to order. Both "
        "were one line before.",
    )
    split_line_ids = fields.One2many(
        comodel_name="sale.order.line",
        inverse_name="split_from_line_id",
        string="Split into",
        copy=False,
        groups="base.group_user",
        help="Lines that assemble to order what was a part of this line before.",
    )

    def action_split_by_source(self):
        """Make two lines of one: what is taken from stock, what is assembled.

        Each has its own bin and its share of the quantity; all else is the same, so
        that the order costs the same to the cent. Assembly orders and reservations go
        with their part.

        :raises UserError: when the line is not mixed, belongs to a combo, is moved or
            invoiced in part, cannot be counted in its unit, or its total would change;
            when the order is locked or cancelled
        """
        check_records(self)
        self._check_may_split()
        for line in self:
            line._check_can_split()
            line._split_by_source()
        return True

    def action_merge_sources(self):
        """Make one line again of the two that `action_split_by_source` has made.

        To be called on either of them.

        :raises UserError: when they are not both there, differ, have another source by
            now, are moved or invoiced in part; when the order is locked or cancelled
        """
        check_records(self)
        self._check_may_split()
        for line in self:
            assembly = line if line.split_from_line_id else line.split_line_ids[:1]
            if not assembly:
                line._refuse_merge(line.env._("it was not split."))
            assembly._check_can_merge()
            assembly.split_from_line_id._merge_assembly(assembly)
        return True

    def _check_may_split(self):
        """:raises AccessError: for who may not change the lines"""
        self.order_id.check_access("write")
        self._check_field_access(self._fields["qty_to_assemble_to_order"], "write")

    def _check_can_split(self):
        """:raises UserError: with the reason and the way out"""
        self.ensure_one()
        reason = self._get_reason_against_split()
        if not reason and not self._is_mixed():
            reason = self.env._(
                "it is not both taken from stock and assembled. Set Qty. to Assemble "
                "to Order between 0 and %s first.",
                self._format_line_qty(self.product_uom_qty),
            )
        if not reason and not self._is_countable_by_source():
            reason = self.env._(
                "its parts cannot be counted exactly in %(uom)s. Order in %(unit)s "
                "first.",
                uom=self.product_uom_id.name,
                unit=self.product_id.uom_id.name,
            )
        if reason:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s cannot be split by source: %(reason)s",
                    product=self.product_id.display_name or self.name,
                    order=self.order_id.display_name,
                    reason=reason,
                )
            )

    def _can_split_by_source(self):
        """Whether `action_split_by_source` would not refuse the line itself."""
        self.ensure_one()
        return (
            self._is_mixed()
            and self._is_countable_by_source()
            and not self._get_reason_against_split()
        )

    def _is_mixed(self):
        """Whether the line has two sources."""
        self.ensure_one()
        return (
            self.qty_to_assemble_to_order > 0
            and self.product_uom_id.compare(self.qty_from_stock, 0.0) > 0
        )

    def _is_countable_by_source(self):
        """Whether each part is as many units of the product on a line of its own."""
        self.ensure_one()
        product_uom = self.product_id.uom_id
        parts = self._get_part_units()
        alone = self.product_uom_id._compute_quantity(
            self.qty_from_stock, product_uom, round=False
        )
        assembled = self.product_uom_id._compute_quantity(
            self.qty_to_assemble_to_order, product_uom, round=False
        )
        return not (
            product_uom.compare(alone, parts.stock)
            or product_uom.compare(assembled, parts.assembly)
        )

    def _get_reason_against_split(self):
        """Why the line can neither be split nor merged, as a sentence, else nothing."""
        self.ensure_one()
        # salespeople learn that something was moved, not what
        line = self._with_documents()
        if line._is_closed():
            return self.env._("the order is cancelled or locked.")
        if line.combo_item_id:
            return self.env._("it belongs to a combo.")
        if line.invoice_lines.filtered(lambda move: move.parent_state != "cancel"):
            return self.env._("it is invoiced, at least in part.")
        made = line.assembly_order_ids.move_finished_ids
        if "done" in (line.move_ids | made).mapped("state"):
            return self.env._("a part of it is moved or assembled already.")
        return ""

    def _split_by_source(self):
        self.ensure_one()
        order = self.order_id
        totals, price = order._get_split_totals(), self._get_split_price()
        line = self._with_parts_kept()
        to_assemble, from_stock = self.qty_to_assemble_to_order, self.qty_from_stock
        assembly = line.with_context(sale_no_log_for_new_lines=True).copy(
            {
                "order_id": order.id,
                "product_uom_qty": to_assemble,
                "qty_to_assemble_to_order": 0.0,
                "bin_location_id": False,
                "bin_proposal_id": False,
            }
        )
        # no user writes the link
        assembly._with_documents().split_from_line_id = line
        line._pass_assembly_to(assembly)
        assembly._set_split(to_assemble, to_assemble, price)
        line._set_split(from_stock, 0.0, price)
        line._place_before(assembly)
        order._check_split_totals(totals, self)
        order.message_post(
            body=self.env._(
                "%(product)s was split by source: %(from_stock)s from stock, "
                "%(to_assemble)s to assemble, a line each.",
                product=self.product_id.display_name,
                from_stock=self._format_line_qty(from_stock),
                to_assemble=self._format_line_qty(to_assemble),
            )
        )

    def _get_split_price(self):
        """What one unit is sold for and costs, as far as it is known."""
        self.ensure_one()
        names = ("price_unit", "discount", "purchase_price", "rolled_up_cost")
        return {name: self[name] for name in names if name in self._fields}

    def _set_split(self, quantity, to_assemble, price):
        """Set both figures and keep the price, also where it depends on quantities.

        :param price: as from `_get_split_price`
        """
        self.ensure_one()
        self.write(
            {
                "product_uom_qty": quantity,
                "qty_to_assemble_to_order": to_assemble,
                **price,
            }
        )

    def _pass_assembly_to(self, line):
        """Have assembly orders and deliveries of the assembly part serve `line`."""
        self.ensure_one()
        this = self._with_documents()
        this._get_open_assembly_orders().ato_sale_line_id = line
        this.move_ids._get_open_assembly_demand().sale_line_id = line

    def _place_before(self, line):
        """Have `line` be the next one after this one."""
        self.ensure_one()
        others = (self.order_id.order_line - line).sorted()
        sequence = self.sequence
        for following in (line, *others[others.ids.index(self.id) + 1 :]):
            if following.sequence > sequence:
                break
            sequence += 1
            following.sequence = sequence

    def _check_can_merge(self):
        """:raises UserError: with the reason and the way out"""
        self.ensure_one()
        stock = self.split_from_line_id
        reason = self._get_reason_against_split() or stock._get_reason_against_split()
        if not reason and stock.order_id != self.order_id:
            reason = self.env._("they are on different orders.")
        if not reason and (stock.qty_to_assemble_to_order or self.qty_from_stock):
            reason = self.env._(
                "one of them is not from one source any more. Take the one from stock, "
                "and assemble the other."
            )
        different = [name for name in SAME_ON_BOTH_LINES if self[name] != stock[name]]
        if not reason and different:
            labels = self.fields_get(different, ["string"])
            reason = self.env._(
                "they differ in %s. Make it the same on both.",
                ", ".join(label["string"] for label in labels.values()),
            )
        if reason:
            self._refuse_merge(reason)

    def _refuse_merge(self, reason):
        """:raises UserError: with `reason`, a sentence"""
        self.ensure_one()
        raise UserError(
            self.env._(
                "The lines of %(product)s on %(order)s cannot be merged: %(reason)s",
                product=self.product_id.display_name or self.name,
                order=self.order_id.display_name,
                reason=reason,
            )
        )

    def _merge_assembly(self, assembly):
        """Take back the part that `assembly` assembles."""
        self.ensure_one()
        order = self.order_id
        totals, price = order._get_split_totals(), self._get_split_price()
        line = self._with_parts_kept()
        # sudo: a confirmed line cannot be deleted, but this one goes on in the other
        assembly = assembly.with_context(**line.env.context).sudo()
        to_assemble = assembly.qty_to_assemble_to_order
        quantity = line.product_uom_qty + assembly.product_uom_qty
        line._label_stock_part()
        assembly._pass_assembly_to(line)
        line._set_split(line.product_uom_id.round(quantity), to_assemble, price)
        assembly.unlink()
        order._check_split_totals(totals, self)
        order.message_post(
            body=self.env._(
                "%(product)s is one line again: %(from_stock)s from stock, "
                "%(to_assemble)s to assemble.",
                product=self.product_id.display_name,
                from_stock=self._format_line_qty(self.qty_from_stock),
                to_assemble=self._format_line_qty(to_assemble),
            )
        )

    def _check_line_unlink(self):
        if self.env.su and self._keeps_parts():
            return self.browse()
        return super()._check_line_unlink()

    def _update_line_quantity(self, values):
        if not self._keeps_parts():
            return super()._update_line_quantity(values)
