# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """A quantity to assemble that is typed before the server knows the product.

    On a slow network whoever types fast is two cells further when the answer about
    the product comes.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    awaits_product = fields.Boolean(
        compute="_compute_awaits_product",
        groups="base.group_user",
        help="The product of the line is not known yet: none is chosen, or the chosen "
        "one has still to be looked up. A quantity to assemble that is typed meanwhile "
        "is for the product that comes.",
    )

    @api.depends("product_id", "product_template_id", "display_type", "is_downpayment")
    def _compute_awaits_product(self):
        for line in self:
            # Odoo's web client writes the template first, and the product after
            # another request
            template = line.product_template_id or line.product_id.product_tmpl_id
            is_known = line.product_id and line.product_id.product_tmpl_id == template
            line.awaits_product = not (
                is_known or line.display_type or line.is_downpayment
            )

    @api.onchange("qty_to_assemble_to_order")
    def _onchange_qty_to_assemble_to_order(self):
        """Keep what is typed ahead; what cannot be assembled goes nowhere.

        A zero is kept by the web client, which knows whether somebody typed it.
        """
        if self.awaits_product:
            if self.qty_to_assemble_to_order:
                self.assembly_basis = self._prepare_typed_ahead_basis()
        elif not self._can_be_assembled():
            self.qty_to_assemble_to_order = 0.0
            self.assembly_basis = False

    def _prepare_typed_ahead_basis(self):
        """As `_prepare_assembly_basis`, for whichever product comes.

        To order, so that a zero is one that somebody cleared (W7).
        """
        self.ensure_one()
        return {
            "product_id": False,
            "quantity": self.product_uom_qty,
            "to_order": True,
        }

    def _is_typed_ahead(self):
        """Whether the quantity to assemble waits for its product."""
        self.ensure_one()
        basis = self._read_assembly_basis()
        return bool(basis and not basis["product_id"] and self.awaits_product)
