# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    """What is made for a line before a delivery asks for it.

    Where somebody has a line delivered bit by bit, its order makes more than is asked
    for. A move without transfer keeps that for the line: it is fed by the orders of the
    line as a delivery is, and asks for what deliveries do not.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    qty_held_back = fields.Float(
        string="Held Back",
        digits="Product Unit",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Quantity, in the unit of the product, that was left out when a part of "
        "this line was asked for: nothing is wrong where no delivery asks for it.",
    )

    def _note_held_back(self, units):
        """Note what nobody asks for since a part of the line was asked for.

        Its deliveries do not tell that from a demand that got lost: whoever looks for
        that, as `check_invariants` does, reads it.

        :param units: of the product
        """
        self.ensure_one()
        if self.product_id.uom_id.compare(units, self.qty_held_back):
            self._as_superuser().qty_held_back = units

    def _keep_unasked_units(self):
        """Keep for the lines what their orders make and no delivery asks for."""
        lines = self and self._as_superuser()
        for line, facts in lines._get_facts().items() if lines else ():
            keeping = line._get_keeping_moves()
            units = facts.get_unasked(line._get_confirmed_orders())
            if keeping:
                keeping[0]._set_demand(units)
            elif facts.unit.compare(units, 0.0) > 0:
                line._keep_units(units)

    def _deliver_kept_units(self):
        """Have what is made for the lines be held by their deliveries, then be kept.

        Nobody else gets it in between.
        """
        lines = self._with_documents()
        moves = lines.move_ids._get_open_assembly_demand()._get_suppliable()
        if moves:
            keeping = lines._get_keeping_moves()
            keeping._do_unreserve()
            (moves | keeping)._action_assign()

    def _filter_partly_asked(self):
        """Those of the lines of which not all is asked for, as far as it is known.

        All others ask for all that is made for them, when a plan is carried out by
        which Odoo launches.
        """
        return self._with_documents().filtered(
            lambda line: line.qty_held_back or line._get_keeping_moves()
        )

    def _get_confirmed_orders(self):
        """Linked orders that are to make something, those of quotations left out."""
        return self._get_assembly_orders("confirmed", "progress", "to_close")

    def _get_keeping_moves(self):
        """The open move that keeps for the line what no delivery asks for."""
        made = self.assembly_order_ids._get_finished_moves_for_line()
        chained = made.browse(made._rollup_move_dests())
        return chained._filter_keeping().filtered(
            lambda move: move.state not in ("done", "cancel")
        )

    def _keep_units(self, units):
        """Keep `units` of the product for the line, once they are made."""
        self.ensure_one()
        orders = self._get_assembly_orders("confirmed", "progress", "to_close", "done")
        made = orders._get_finished_moves_for_line()
        vals = self._prepare_keeping_vals(units)
        moves = self.with_company(self.company_id).env["stock.move"]
        keeping = moves.create(
            {
                **vals,
                "move_orig_ids": [
                    Command.link(step.id)
                    for move in made
                    for step in move._get_moves_to_shelf()
                ],
            }
        )
        keeping._action_confirm(merge=False)
        keeping._get_suppliable()._action_assign()

    def _prepare_keeping_vals(self, units):
        """Values of a move without transfer, that is for the line what it asks for."""
        self.ensure_one()
        return {
            "ato_supply": "assembly",
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": units,
            "procure_method": "make_to_order",
            "company_id": self.company_id.id,
            "location_id": self.warehouse_id._get_assembly_rule().location_dest_id.id,
            "location_dest_id": self._get_location_final().id,
        }
