# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ... import split


class SaleOrderLine(models.Model):
    """One line, two demands: a stock part and an assembly part of one delivery."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        res = super().write(vals)
        if "qty_to_assemble_to_order" in vals or "product_uom_qty" in vals:
            self.filtered(lambda line: line.state == "sale")._rebalance_parts()
        return res

    def _get_protected_fields(self):
        return super()._get_protected_fields() + ["qty_to_assemble_to_order"]

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        self.order_id._adopt_assembly_references()
        return super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _is_split_by_source(self):
        """Whether the line's demand is kept apart by source."""
        self.ensure_one()
        return self.product_uom_id.compare(
            self.qty_to_assemble_to_order, 0.0
        ) > 0 or any(self.move_ids.mapped("ato_supply"))

    def _create_procurements(self, product_qty, procurement_uom, values):
        """One procurement per source, each for what its part lacks."""
        if not self._is_split_by_source():
            return super()._create_procurements(product_qty, procurement_uom, values)
        procurements = []
        product_uom = self.product_id.uom_id
        for supply, lacking in self._get_lacking_parts()._asdict().items():
            if not product_uom.is_zero(lacking):
                procurements += super()._create_procurements(
                    lacking, product_uom, dict(values, ato_supply=supply)
                )
        return procurements

    def _get_lacking_parts(self):
        """Demand of each part that no move stands for yet, in product units."""
        self.ensure_one()
        wanted, procured = self._get_part_quantities(), self._get_procured_parts()
        return split.Parts(
            wanted.stock - procured.stock, wanted.assembly - procured.assembly
        )

    def _get_procured_parts(self):
        """What the line's moves already stand for, by source, in product units.

        Counted as Odoo counts it, see `_get_qty_procurement`. What came back from
        the customer is missing from the stock part, whichever part it left from.
        """
        self.ensure_one()
        outgoing, incoming = self._get_outgoing_incoming_moves(strict=False)
        assembly = outgoing.filtered(lambda move: move.ato_supply == "assembly")
        stock = outgoing - assembly
        return split.Parts(
            stock._get_procured_quantity() - incoming._get_procured_quantity(),
            assembly._get_procured_quantity(),
        )

    def _get_shipped_assembled(self):
        """Sa: ever delivered from assembly, in the unit of the line."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.state == "done"
            and move._is_outgoing()
        )
        return self.product_id.uom_id._compute_quantity(
            moves._get_procured_quantity(),
            self.product_uom_id,
            rounding_method="HALF-UP",
        )

    def _get_outstanding_parts(self):
        """N and P: what is still to be delivered by source, in the line's unit."""
        self.ensure_one()
        return split.outstanding(
            self.product_uom_qty,
            self.qty_to_assemble_to_order,
            self.qty_delivered,
            self._get_shipped_assembled(),
        )

    def _rebalance_parts(self):
        """Move demand between the parts of confirmed lines; their orders follow.

        :raises UserError: when assembly orders that have started hold more than is
            to be assembled now
        """
        lines = self.filtered(lambda line: line._is_split_by_source())
        lines._flag_stock_part()
        procurements = []
        for line in lines.filtered(lambda line: not line.order_id.locked):
            line = line.with_company(line.company_id)
            procurements += line._create_procurements(
                0.0, line.product_id.uom_id, line._prepare_procurement_values()
            )
        if procurements:
            self.env["stock.rule"].run(procurements)
        lines._shrink_assembly_orders()

    def _flag_stock_part(self):
        """What was demanded before a line was mixed is its stock part."""
        # sudo: the moves are the warehouse's
        self.sudo().move_ids.filtered(
            lambda move: not move.ato_supply
            and not move.production_id
            and move.state != "cancel"
        ).ato_supply = "stock"
