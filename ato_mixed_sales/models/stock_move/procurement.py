# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMove(models.Model):
    """How each part is asked for."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _trigger_scheduler(self):
        """Replenish for stock parts and components, asking for all rows at once.

        Odoo asks for every row of a delivery whenever its order changes.
        """
        linked = self._get_linked_to_line()
        taken = linked.filtered(lambda move: move.ato_supply != "assembly")
        rules = taken.env["stock.warehouse.orderpoint"].search(
            [("product_id", "in", taken.product_id.ids), ("trigger", "=", "auto")]
        )
        taken = taken.filtered(lambda move: move.product_id in rules.product_id)
        return super(StockMove, self - linked + taken)._trigger_scheduler()

    def _get_linked_to_line(self):
        """Those of the moves that deliver, make, or are used up for, mixed lines."""
        linked = self._with_line().filtered(
            lambda move: move.ato_supply
            or move.raw_material_production_id.ato_sale_line_id
        )
        return linked.with_env(self.env)

    def _key_assign_picking(self):
        """Put both parts into one delivery, looked for once for all lines.

        Odoo looks for each order that makes something to order.
        """
        keys, maker = super()._key_assign_picking(), self.created_production_id
        if self.ato_supply != "assembly" or not maker:
            return keys
        return tuple(
            key for key in keys if not (isinstance(key, type(maker)) and key == maker)
        )

    def _is_assembly_demand(self):
        """Whether the move waits for an assembly order that is still to be found."""
        self.ensure_one()
        return (
            self.ato_supply == "assembly"
            and self.procure_method == "make_to_order"
            and not self.move_orig_ids
        )

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self._is_assembly_demand():
            _rule, routes = self.location_id.warehouse_id._get_assembly_supply()
            # units that come from another warehouse are chained all the way
            values["ato_supply"] = self.ato_supply
            values["ato_sale_line_id"] = self.sale_line_id.id
            values["route_ids"] = values["route_ids"] | routes
        return values

    def _is_by_route(self):
        """Whether a route, and no decision of the line, had the move supplied."""
        self.ensure_one()
        # later steps of a delivery are chained too, by push rules
        return (
            self.ato_supply == "stock"
            and self.rule_id.action in ("pull", "pull_push")
            and self.rule_id.procure_method != "make_to_stock"
        )

    def _get_route_orders(self):
        """Orders, cancelled ones left out, by which Odoo itself makes the units.

        They are chained to the moves where the route makes everything to order. Where
        it makes what is short, the reference of the sales order is all they share.
        """
        moves = self.filtered(lambda move: move._is_by_route())
        orders = self.browse(moves._rollup_move_origs()).production_id
        orders |= moves.created_production_id
        short = moves.filtered(lambda m: m.rule_id.procure_method == "mts_else_mto")
        if short:
            orders |= orders.search(
                [
                    ("product_id", "in", short.product_id.ids),
                    ("reference_ids", "in", short.reference_ids.ids),
                ]
            ).filtered(lambda order: not order.move_dest_ids)
        return orders.filtered(
            lambda order: not order.ato_sale_line_id
            and order.product_id in moves.product_id
            and order.state != "cancel"
        )

    def _follow_deadline(self, deadline):
        """Be due at `deadline` where it is another one, done moves left out."""
        moves = self.filtered(
            lambda move: move.date_deadline != deadline
            and move.state not in ("done", "cancel")
        )
        if moves:
            moves.date_deadline = deadline

    def _get_bringing_transfers(self):
        """Open transfers that are to bring what the move waits for."""
        origins = self.move_orig_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        return origins.picking_id

    def _get_bringing_moves(self):
        """Open moves that bring the units of this one from the same warehouse."""
        self.ensure_one()
        if self.procure_method != "make_to_order":
            return self.browse()
        return self.move_orig_ids.filtered(
            lambda move: move.location_id.warehouse_id == self.location_id.warehouse_id
            and move.state not in ("done", "cancel")
        )

    def _get_supplied_line(self):
        """The sales order line that the move delivers, holds or makes something for."""
        self.ensure_one()
        held_for = self.sale_line_id or self._with_line().ato_hold_line_id
        return held_for or self.raw_material_production_id.ato_sale_line_id
