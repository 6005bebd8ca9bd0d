# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class StockMove(models.Model):
    """How each part is asked for."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _trigger_scheduler(self):
        """Replenish for stock parts and components, asking for all rows at once.

        Odoo asks for every row of a delivery whenever its order changes.
        """
        # those that deliver, make, or are used up for, mixed lines
        linked = self._with_line().filtered(
            lambda move: move.ato_supply
            or move.raw_material_production_id.ato_sale_line_id
        )
        linked = linked.with_env(self.env)
        taken = linked.filtered(lambda move: move.ato_supply != "assembly")
        rules = taken.env["stock.warehouse.orderpoint"].search(
            [("product_id", "in", taken.product_id.ids), ("trigger", "=", "auto")]
        )
        taken = taken.filtered(lambda move: move.product_id in rules.product_id)
        return super(StockMove, self - linked + taken)._trigger_scheduler()

    def _update_orderpoints(self):
        """Look for no reordering rules of what draft orders of quotations ask for.

        Odoo looks once for each order, at each change of its dates; what is a draft
        counts in no forecast. Of many products it looks for each in one long condition:
        those that have no rule are left out.
        """
        moves = self
        if "draft" in self.mapped("state"):
            drafts = self._with_line().filtered(lambda move: move.state == "draft")
            linked = drafts.filtered("raw_material_production_id.ato_sale_line_id")
            moves -= linked.with_env(self.env)
        if len(products := moves.product_id) > 1:
            # sudo: as Odoo looks for them, whoever moves goods
            rules = self.env["stock.warehouse.orderpoint"].sudo()
            ruled = rules.search([("product_id", "in", products.ids)]).product_id
            moves = moves.filtered(lambda move: move.product_id in ruled)
        return super(StockMove, moves)._update_orderpoints()

    @api.model
    def _chain_as_supplied(self, vals):
        """Have a move with the `vals` of a rule be chained as its part is supplied."""
        procured = vals.get("procurement_values") or {}
        if procured.get("ato_supply") == "assembly":
            # the rule is the one of the stock part; only this demand is chained
            vals["procure_method"] = "make_to_order"
        elif procured.get("ato_is_made"):
            place = self.env["stock.location"].browse(vals["location_id"])
            if place._is_shelf():
                # the rule would have it made once more
                vals["procure_method"] = "make_to_stock"

    def _get_row_to_raise(self, vals):
        """That of these rows which Odoo would merge a new one with `vals` with.

        Where they differ in the quantity only, and nothing depends on the new one.
        """
        self._chain_as_supplied(vals)
        fields = self._prepare_merge_moves_distinct_fields()
        fields += ["date", "origin", "partner_id"]
        # what the rule leaves out is empty, or computed
        empty = (
            name
            for name, field in self._fields.items()
            if not field.compute and (name in fields or field.type == "many2one")
        )
        new = self.new({**dict.fromkeys(empty, False), **vals})
        # the order that makes it is not found yet
        get_key = self._merge_move_itemgetter(fields, ["created_production_id"])
        same = self.filtered(
            lambda row: get_key(row) == get_key(new) and row._is_supplied_already()
        )
        return same and (same & new._search_picking_for_assignation().move_ids)[:1]

    def _is_supplied_already(self):
        """Whether the row is fed by all that will make what it asks for from now on."""
        self.ensure_one()
        line, orders = self.sale_line_id, self.sale_line_id.assembly_order_ids
        if self.ato_supply == "stock":
            return not self.created_production_id
        return (
            bool(self.created_production_id)
            and "draft" not in orders.mapped("state")
            and not self.move_orig_ids.move_dest_ids._filter_keeping()
            and not line._get_put_backs("assembly", self.location_id.warehouse_id)
        )

    def _action_confirm(self, *args, **kwargs):
        # sales orders have no drafts confirmed whenever they are changed
        return self and super()._action_confirm(*args, **kwargs)

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

    def _prepare_buying_less(self):
        """What is bought to order for these moves, and nobody has ordered yet.

        :return: {move: (units of the product, values of a procurement)}, none without
            Odoo's add-on for purchases
        """
        name, bought = "created_purchase_line_ids", {}
        if name not in self._fields:
            return bought
        for move in self:
            lines = move._with_line()[name].filtered(lambda o: o.state == "draft")
            if units := sum(lines.mapped("product_uom_qty")):
                bought[move] = units, move._prepare_procurement_values()
        return bought

    def _prepare_procurement(self, units, values):
        """A procurement of `units` of the product by which the move is supplied."""
        self.ensure_one()
        return self.env["stock.rule"].Procurement(
            self.product_id,
            units,
            self.product_id.uom_id,
            self.location_id,
            self.rule_id.name or "/",
            self._prepare_procurement_origin(),
            self.company_id,
            values,
        )

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.ato_supply and self.sale_line_id and not self.location_id._is_shelf():
            left_out = self.sale_line_id._get_rules_left_out(self.ato_supply)
            values["ato_rules_left_out"] = left_out.ids
            if self.procure_method == "make_to_order":
                # an earlier step of the delivery
                values["ato_supply"] = self.ato_supply
                told = self.procurement_values or {}
                values["ato_is_made"] = told.get("ato_is_made")
        if self._is_assembly_demand():
            _rule, routes = self.location_id.warehouse_id._get_assembly_supply()
            # units that come from another warehouse are chained all the way
            values["ato_supply"] = self.ato_supply
            values["ato_sale_line_id"] = self.sale_line_id.id
            values["route_ids"] = values["route_ids"] | routes
        return values

    def _prepare_procurement_qty(self):
        """Have Odoo order what is short, and all of what is assembled for a line.

        Nothing is ordered anew for what the quotation holds in stock, or what a line
        that was split has had ordered by now.
        """
        whole = self.filtered(lambda move: move._is_assembly_demand())
        netted = self - whole
        asked = super(StockMove, netted)._prepare_procurement_qty()
        quantities = dict(zip(netted, asked, strict=True))
        for move in netted.filtered(
            lambda m: m.sale_line_id and m.rule_id.procure_method == "mts_else_mto"
        ):
            quantities[move] = move._get_short_quantity(quantities[move])
        return [quantities.get(move, move.product_uom_qty) for move in self]

    def _get_short_quantity(self, quantity):
        """What is to be ordered, of the `quantity` that Odoo finds is not free.

        Both in the unit of the move.
        """
        self.ensure_one()
        product_uom, line = self.product_id.uom_id, self._with_line().sale_line_id
        units = self._to_product_units(quantity)
        units -= line.hold_move_ids._get_held_units()
        if self.ato_supply:
            units = min(units, line._get_units_not_ordered())
        if product_uom.compare(units, self._to_product_units(quantity)) >= 0:
            return quantity
        return product_uom._compute_quantity(
            max(units, 0.0), self.product_uom, rounding_method="HALF-UP"
        )

    def _filter_by_route(self):
        """Those that a route, and no decision of the line, had supplied."""
        # later steps of a delivery are chained too
        return self.filtered(
            lambda move: move.ato_supply == "stock"
            and move.rule_id.action in ("pull", "pull_push")
            and move.rule_id.procure_method != "make_to_stock"
            and not move.rule_id._is_later_step()
        )

    def _get_route_orders(self):
        """Orders, cancelled ones left out, by which Odoo itself makes the units.

        They are chained to the moves where the route makes everything to order. Where
        it makes what is short, the reference of the sales order is all they share.
        """
        moves = self._filter_by_route()
        orders = self.browse(moves._rollup_move_origs()).production_id
        orders |= moves.created_production_id
        short = moves.filtered(lambda m: m.rule_id.procure_method == "mts_else_mto")
        if short:
            found = short._get_orders_of_reference()
            orders |= found.filtered(lambda order: not order.move_dest_ids)
        return orders.filtered(
            lambda order: not order.ato_sale_line_id
            and order.product_id in moves.product_id
            and order.state != "cancel"
        )

    def _chain_batches(self):
        """Have Odoo's own orders that a route made in batches bring what these take.

        Odoo chains the last batch only: the others are of the same sales order, and
        were made before it, after those of the delivery before.
        """
        rows = self.filtered(
            lambda move: move.rule_id.procure_method == "make_to_order"
            and True in move.product_id.bom_ids.mapped("enable_batch_size")
        )
        for taking in rows.grouped("product_id").values():
            last = rows.browse()
            for order in taking._get_orders_of_reference().sorted("id", reverse=True):
                made = order._get_made_moves()
                last = made.move_dest_ids or last
                made.move_dest_ids |= last & taking

    def _get_orders_of_reference(self):
        """Orders of Odoo's own that make the product of the moves for the same sale."""
        return self.env["mrp.production"].search(
            [
                ("product_id", "in", self.product_id.ids),
                ("reference_ids", "in", self.reference_ids.ids),
                ("ato_sale_line_id", "=", False),
                ("state", "!=", "cancel"),
            ]
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
