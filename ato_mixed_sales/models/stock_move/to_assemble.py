# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.fields import Domain
from odoo.tools import formatLang

# what `_get_units_to_assemble` counts: a row that takes straight from open orders
OPEN_MAKERS = Domain("production_id", "!=", False) & Domain(
    "state", "not in", ("done", "cancel")
)
AWAITS_ASSEMBLY = (
    Domain("ato_supply", "=", "assembly")
    & Domain("sale_line_id", "!=", False)
    & Domain("production_id", "=", False)
    & Domain("state", "in", ("waiting", "confirmed", "partially_available"))
    & Domain("move_orig_ids", "any!", OPEN_MAKERS)
)


class StockMove(models.Model):
    """What the warehouse is told of units that nobody has assembled yet."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _get_units_to_assemble(self):
        """What has to be made before the rows can leave: {move: product units}.

        Of the step that takes it straight from the orders, and of no other.
        """
        units = {}
        for move in self._with_line()._get_open_assembly_demand():
            compare = move.product_id.uom_id.compare
            lacking = move.product_qty - move._get_reserved_units()
            coming = move._get_open_makers()._get_procured_units()
            if compare(lacking, 0.0) > 0 and compare(coming, lacking) > 0:
                # what left in place of what is still to be made comes first
                lacking += move.sale_line_id._get_figures().owed
            lacking = min(lacking, coming)
            if compare(lacking, 0.0) > 0:
                units[move] = lacking
        return units

    def _get_open_makers(self):
        """The moves by which linked orders are still to make what the row asks for."""
        return self.move_orig_ids.filtered("production_id")._filter_open()

    def _get_to_assemble_rows(self):
        """What the rows still wait for, as the warehouse prints it: a list of dicts"""
        return [
            {
                "move": move,
                "quantity": move._from_product_units(units),
                "orders": ", ".join(
                    move._get_open_makers().production_id.mapped("name")
                ),
                "sale": move.sale_line_id.order_id.name,
                # where it will be taken from, once it is made and stored
                "bin": move.sale_line_id._get_output_bin() or move.location_id,
            }
            for move, units in self._get_units_to_assemble().items()
        ]

    def _get_to_assemble_sentences(self):
        """What the rows still wait for, a sentence each."""
        return [
            self.env._(
                "%(quantity)s %(uom)s of %(product)s for %(order)s are still to be "
                "assembled (%(assembly_orders)s).",
                quantity=formatLang(self.env, row["quantity"], dp="Product Unit"),
                uom=row["move"].product_uom.name,
                product=row["move"].product_id.display_name,
                order=row["sale"],
                assembly_orders=row["orders"],
            )
            for row in self._get_to_assemble_rows()
        ]

    def _get_source_label(self):
        """Where the units of the row come from, in words; empty for plain rows."""
        self.ensure_one()
        labels = self._fields["ato_supply"]._description_selection(self.env)
        return dict(labels).get(self.ato_supply, "")
