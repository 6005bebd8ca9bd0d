# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .. import split


class AssemblyShipmentLine(models.TransientModel):
    """What is proposed to leave: as much of what is open as can leave now."""

    _inherit = "assembly.shipment.line"

    stock_ready_qty = fields.Float(
        string="Ready from Stock",
        digits="Product Unit",
        compute="_compute_ready",
        compute_sudo=True,
        help="What could leave now of the part from stock, in the unit of the line.",
    )
    assembly_ready_qty = fields.Float(
        string="Ready from Assembly",
        digits="Product Unit",
        compute="_compute_ready",
        compute_sudo=True,
        help="What could leave now of the part from assembly, in the unit of the line: "
        "what is made, and what the components at hand allow to be made.",
    )

    @api.depends("sale_line_id", "shipment_id.picking_id")
    def _compute_ready(self):
        for row in self:
            row.stock_ready_qty, row.assembly_ready_qty = (
                row.sale_line_id._to_line_unit(units)
                for units in row._get_units_at_hand()
            )

    def _get_proposed_qty(self):
        """What can leave of all that is open, in the unit of the line (R47)."""
        self.ensure_one()
        line, unit = self.sale_line_id._with_documents(), self.product_uom_id
        if not line._is_split_by_source():
            return line._to_line_unit(self._get_moves("stock")._get_held_units())
        short = unit.compare(self.assembly_ready_qty, self.assembly_outstanding_qty) < 0
        stays = short and self._ships_assembled_first()
        parts = [self.assembly_ready_qty, 0.0 if stays else self.stock_ready_qty]
        # 4 and 1 of a dozen are 0.33 and 0.08, but 5 are 0.42
        ready = line._to_line_unit(sum(map(line._to_product_units, parts)))
        return min(ready, self._get_outstanding_qty())

    def _get_proposed_from_assembly(self, bounds):
        """Assembled units leave first (R41), those that can, in the line's unit."""
        self.ensure_one()
        return split.nearest(self.assembly_ready_qty, bounds, self.product_uom_id)

    def _get_asked_units(self):
        """N and P of the transfer, in units of the product."""
        self.ensure_one()
        return split.Parts(
            *(
                sum(self._get_moves(part).mapped("product_qty"))
                for part in split.Parts._fields
            )
        )

    def _get_units_at_hand(self):
        """What of each part could leave now, made ones included: split.Parts

        In units of the product. What rows share is at hand for each of them.
        """
        self.ensure_one()
        stock, assembly = (
            sum(
                min(move._get_obtainable_units(), move.product_qty)
                for move in self._get_moves(part)
            )
            for part in split.Parts._fields
        )
        asked = self._get_asked_units()
        made, owed = self._get_assembled_on_shelf(), self._get_owed_units()
        made = min(assembly, made)
        makeable = self._get_makeable_units(asked.assembly - made + owed)
        made += max(makeable - owed, 0.0)
        return split.Parts(min(stock, asked.stock), min(made, asked.assembly))

    def _get_assembled_on_shelf(self):
        """What is made and waits for this transfer, in units of the product.

        Not what another transfer of the line holds, or has taken.
        """
        self.ensure_one()
        line = self.sale_line_id._with_documents()
        return line._get_assembled_on_shelf(self._get_moves("assembly"))

    def _get_owed_units(self):
        """What has left as assembled, and is still to be made, in product units.

        Packers have taken others: what is made first takes the place of those.
        """
        self.ensure_one()
        return self.sale_line_id._with_documents()._get_figures().owed

    def _get_makeable_units(self, units):
        """What can be made now of `units` of the product, one order after the other.

        Nothing of an order whose output is brought here by another transfer.
        """
        self.ensure_one()
        makeable = 0.0
        for order, quantity in self._get_orders_to_assemble(units).items():
            if self._get_detours([order]):
                break
            made = order._get_makeable_quantity(quantity)
            makeable += made
            if self.product_id.uom_id.compare(made, quantity) < 0:
                break
        return makeable

    def _get_units_in_question(self):
        """What leaves by source, or all that is open where less is proposed for now.

        So that it is said why.
        """
        self.ensure_one()
        unit = self.product_uom_id
        is_as_proposed = not any(
            unit.compare(entered, proposed)
            for entered, proposed in (
                (self.qty_to_ship, self._get_proposed_qty()),
                (self.qty_from_assembly, self.proposed_from_assembly),
            )
        )
        return self._get_asked_units() if is_as_proposed else self._get_units()
