# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain


class SaleOrderLine(models.Model):
    """Products that became something else since they were quoted (E17)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _filter_of_other_kind(self):
        """Those of the lines whose product is not assembled here any more.

        It is a kit, a service, delivered by its vendor ... Where only the bill of
        materials is gone, the order at hand is still made.
        """
        others = self.filtered(lambda line: not line.is_assembled)
        if not others:
            return others
        kits = others._get_kits()
        dropshipped = others._get_dropshipped()
        return others.filtered(
            lambda line: not line._can_have_assembly_part()
            or line in dropshipped
            or line.product_id in kits
            or line._get_bill_types() == {"subcontract"}
        )

    def _get_kits(self):
        """Those products of the lines that are delivered as their components."""
        kits = self.env["product.product"]
        for company, lines in self.grouped("company_id").items():
            kits |= lines.product_id._origin._filter_kits(company)
        return kits

    def _stop_impossible_assembly(self):
        """Take from stock what is confirmed and cannot be assembled any more.

        Its draft order goes, and the salesperson is told.
        """
        lines = self._as_superuser().filtered(
            lambda line: line.state == "sale"
            and line.qty_to_assemble_to_order > 0
            and "assembly" not in line.move_ids.mapped("ato_supply")
        )
        if lines:
            lines._filter_of_other_kind()._stop_assembly()

    def _stop_assembly_without_bill(self):
        """Take from stock what an order, opened again, has no bill of materials for.

        Where it still has a draft order, that is as good as a bill.
        """
        lines = self._as_superuser().filtered(
            lambda line: line._needs_draft_assembly_order() and not line.is_assembled
        )
        lines.filtered(lambda o: not o._get_draft_assembly_orders())._stop_assembly()

    def _stop_assembly(self):
        """Take all from stock, without the draft orders; the salesperson is told.

        What is delivered from now on is asked for as of a line that was never split.
        """
        for line in self:
            quantity = line._format_line_qty(line.qty_to_assemble_to_order)
            line._get_draft_assembly_orders()._remove_from_quotation()
            line._set_assembly_part(0.0, 0.0)
            if {*line.move_ids.mapped("state")} == {"cancel"}:
                line.move_ids.ato_supply = False
            line._tell_impossible_assembly(quantity)

    def _tell_impossible_assembly(self, quantity):
        """:param quantity: what was to be assembled, as the user reads it"""
        self.ensure_one()
        note = self.env._(
            "%(quantity)s of %(product)s are delivered without being assembled, until "
            "To Assemble is raised again: %(reason)s",
            quantity=quantity,
            product=self.product_id.display_name,
            reason=self._get_not_assembled_reason(),
        )
        self.order_id.message_post(body=note)
        self._warn_salesperson(note)

    def _describe_assembly_parts(self):
        """{line: (its product, what is to be assembled, as the user reads it)}"""
        mixed = self.filtered("qty_to_assemble_to_order")
        return {
            line: (
                line.product_id,
                line._format_line_qty(line.qty_to_assemble_to_order),
            )
            for line in mixed
        }

    def _tell_not_assembled(self, before):
        """Tell what quotations have not assembled any more, as it cannot be.

        :param before: as from `_describe_assembly_parts`
        """
        # some may have been removed meanwhile, or become lines of something else
        for line in self.filtered(lambda o: o in before and o.state != "sale"):
            product, quantity = before[line]
            is_lost = not (line.is_assembled or line.qty_to_assemble_to_order)
            if not is_lost or line.product_id != product:
                continue
            note = self.env._(
                "%(quantity)s of %(product)s are not assembled to order any more: "
                "%(reason)s",
                quantity=quantity,
                product=product.display_name,
                reason=line._get_not_assembled_reason(),
            )
            line.order_id.message_post(body=note)

    @api.model
    def _get_held_by_assembly(self, templates):
        """Confirmed lines of these products that are still assembled or delivered.

        Of them, those that would not be assembled any more as the products are now.
        """
        opened = ("state", "not in", ("done", "cancel"))
        domain = Domain("product_id.product_tmpl_id", "in", templates.ids)
        domain &= Domain("state", "=", "sale")
        domain &= Domain("qty_to_assemble_to_order", ">", 0)
        domain &= Domain("assembly_order_ids", "any", [opened]) | Domain(
            "move_ids", "any", [opened]
        )
        # whoever changes a product is told which orders are in the way
        return self._with_documents().search(domain)._filter_of_other_kind()
