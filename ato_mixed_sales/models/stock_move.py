# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import formatLang

LINE_DECIDES = frozenset({"ato_supply", "ato_hold_line_id"})


class StockMove(models.Model):
    _inherit = "stock.move"

    ato_supply = fields.Selection(
        selection=[("stock", "From stock"), ("assembly", "Assembled to order")],
        string="Source of Supply",
        readonly=True,
        help="Where the units of a sales order line that is partly assembled to order "
        "come from: taken from stock, or made by its assembly order.",
    )
    ato_hold_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Held for",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Line of a quotation for which the units are held. They are not "
        "delivered by this move: once the quotation is confirmed, its delivery takes "
        "them over.",
    )
    ato_hold_until = fields.Date(
        string="Held Until",
        related="ato_hold_line_id.order_id.validity_date",
        help="Day on which the quotation that holds the units expires, and lets go "
        "of them. Empty when it does not expire.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            procured = vals.get("procurement_values") or {}
            if procured.get("ato_supply") == "assembly":
                # the rule is the one of the stock part; only this demand is chained
                vals["procure_method"] = "make_to_order"
        return super().create(vals_list)

    def write(self, vals):
        """Leave the source of units, and holds, to the sales order line.

        :raises AccessError: when a user writes them
        """
        if LINE_DECIDES.intersection(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "Which part of a sales order line a move serves is decided by the "
                    "line. Change the quantity to assemble, or the reservation, there."
                )
            )
        return super().write(vals)

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return super()._prepare_merge_moves_distinct_fields() + ["ato_supply"]

    def _compute_location_dest_id(self):
        """By-products stay out of the bin of what is assembled to order."""
        res = super()._compute_location_dest_id()
        for move in self:
            order = move.production_id
            if order.ato_sale_line_id and move.product_id != order.product_id:
                move.location_dest_id = order._get_by_product_location()
        return res

    def _update_reserved_quantity(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        """Take the stock part from the bin chosen on its line first, then elsewhere."""
        reserve = super()._update_reserved_quantity
        place = {"lot_id": lot_id, "package_id": package_id, "owner_id": owner_id}
        chosen = self.env["stock.location"] if strict else self._get_chosen_bin()
        taken = 0.0
        if chosen and chosen != location_id and chosen._child_of(location_id):
            taken = reserve(need, chosen, strict=False, **place)
        if taken and self.product_id.uom_id.compare(taken, need) >= 0:
            return taken
        return taken + reserve(need - taken, location_id, strict=strict, **place)

    def _get_chosen_bin(self):
        """The bin that somebody chose for the stock part of the line."""
        self.ensure_one()
        # sudo: whoever reserves, the line is the seller's
        line = self.sudo().sale_line_id or self.sudo().ato_hold_line_id
        if not line or self.ato_supply == "assembly" or not line._has_chosen_bin():
            return self.env["stock.location"]
        return line.bin_location_id.with_env(self.env)

    def _prefer_bin(self, location):
        """Hold in `location` what is held elsewhere, as far as it is free there."""
        self.ensure_one()
        outside = self.move_line_ids.filtered(
            lambda line: not line.picked and not line.location_id._child_of(location)
        )
        free = self.env["stock.quant"]._get_available_quantity(
            self.product_id, location
        )
        held = sum(outside.mapped("quantity_product_uom"))
        if self.product_id.uom_id.compare(min(held, free), 0.0) > 0:
            outside.unlink()
            self._update_reserved_quantity(held, self.location_id, strict=False)
            self._recompute_state()

    def _get_bin_on_arrival(self):
        """The bin that a transfer brings assembled units, or their components, to.

        Where they come straight from the floor, or are taken from the shelf, the
        assembly order itself says so.
        """
        self.ensure_one()
        # sudo: whoever moves goods, the documents are the seller's and the planner's
        move = self.sudo()
        warehouse = move.location_dest_id.warehouse_id
        if move.ato_supply == "assembly" and not move.production_id:
            line = move.move_dest_ids.sale_line_id[:1]
            if (
                line.warehouse_id == warehouse
                and move.location_dest_id == warehouse.lot_stock_id
            ):
                return line._get_output_bin()
        to_assembly = warehouse._get_assembly_bin("to_assembly_location_id")
        orders = to_assembly and move.move_dest_ids.raw_material_production_id
        if (
            orders
            and all(order.ato_sale_line_id for order in orders)
            and move.location_dest_id == orders.location_src_id
        ):
            return to_assembly
        return self.env["stock.location"]

    def _break_mto_link(self, parent_move):
        """Keep assembled units for their line wherever in the warehouse they are.

        Odoo lets go of what comes out in a bin of the location that is delivered from.
        """
        warehouse = parent_move.location_dest_id.warehouse_id
        kept = self.filtered(
            lambda move: move.ato_supply == parent_move.ato_supply == "assembly"
            and move.location_id.warehouse_id == warehouse
        )
        return super(StockMove, self - kept)._break_mto_link(parent_move)

    def _action_assign(self, force_qty=False):
        """Give assembled units to their own line before anybody takes from stock.

        The rest of a partial delivery is asked for by both parts at once. What a
        quotation has held is the first that its delivery takes.
        """
        holds = self.filtered("ato_hold_line_id")
        if holds:
            holds._hold_again()
            self -= holds
        self._take_over_holds()
        bound = self.filtered(lambda m: m.ato_supply == "stock").sale_line_id.move_ids
        bound = bound._get_open_assembly_demand()._get_suppliable() - self
        if bound and not force_qty:
            super(StockMove, bound)._action_assign()
        moves = self.sorted(lambda move: move.ato_supply != "assembly")
        moves -= self.browse(self.env.context.get("ato_losing_moves"))
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _action_done(self, cancel_backorder=False):
        """Assemble no more for a delivery of which the rest is given up.

        Nor take from stock what left as assembled beyond what was asked for.

        :raises UserError: when stock leaves before assembled units that have to leave
            first (R130)
        """
        self._lock_stock()
        # sudo: the warehouse decides, the documents are the seller's and the planner's
        lines = self.sudo()._get_open_assembly_demand().sale_line_id
        done = super()._action_done(cancel_backorder=cancel_backorder)
        lines._stop_undelivered_assembly()
        lines._stop_overdelivered_stock()
        done._check_assembled_first()
        return done

    def _check_assembled_first(self):
        """Let no stock leave while assembled units stay behind, where that is the rule.

        :raises UserError: naming what has to leave first (R130)
        """
        # sudo: whoever ships, the figures are those of the sales order line
        left = self.sudo().filtered(
            lambda move: move.ato_supply != "assembly"
            and move.state == "done"
            and move._is_outgoing()
            and move.location_id.warehouse_id.ato_ship_first == "strict"
        )
        for line in left.sale_line_id:
            behind = line._get_outstanding_assembly()
            if line.product_id.uom_id.compare(behind, 0.0) > 0:
                raise UserError(line._get_assembled_first_message(behind))

    def _lose_assembled_units(self, quantity):
        """Go on without `quantity`, in the product's unit, that somebody took away.

        The line takes as many from stock instead, and its salesperson is told.
        """
        self.ensure_one()
        if self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return
        line = self.sale_line_id
        made = line.assembly_order_ids._get_finished_moves_for_line()
        self.write(
            {
                "procure_method": "make_to_order",
                "move_orig_ids": [Command.set(made.ids)],
            }
        )
        self._reduce_demand(quantity)
        line.qty_given_up += quantity
        line._assemble_less(quantity)

    def _get_available_move_lines(
        self, assigned_moves_ids, partially_available_moves_ids
    ):
        """Offer no more than is assembled for the line and not given up.

        Odoo offers what the finished moves have brought, lost units included.
        """
        available = super()._get_available_move_lines(
            assigned_moves_ids, partially_available_moves_ids
        )
        chained = self.sale_line_id and self.move_orig_ids.production_id
        if self.ato_supply != "assembly" or not chained:
            return available
        return self._cap_available(
            available, self.sale_line_id._get_assembled_on_shelf(self)
        )

    @api.model
    def _cap_available(self, available, limit):
        """The first `limit` units of what is `available`: {place: quantity}"""
        capped = {}
        for place, quantity in available.items():
            capped[place] = min(quantity, limit)
            limit -= capped[place]
        return {place: quantity for place, quantity in capped.items() if quantity > 0}

    def _get_suppliable(self):
        """Those of the moves for which units are assembled that they do not hold."""
        return self.filtered(
            lambda move: move.state in ("confirmed", "waiting", "partially_available")
            and "done" in move.move_orig_ids.mapped("state")
        )

    def _do_unreserve(self):
        """Keep assembled units for their line where a user lets go of stock."""
        moves = self
        if self.env.context.get("ato_keep_bound"):
            moves -= self._get_open_assembly_demand()
        return super(StockMove, moves)._do_unreserve()

    @api.depends("ato_supply")
    def _compute_is_initial_demand_editable(self):
        """What a mixed line asks for is changed on the line."""
        res = super()._compute_is_initial_demand_editable()
        self.filtered("ato_supply").is_initial_demand_editable = False
        return res

    def web_save(self, vals, specification, next_id=None):
        """Save a form, except another demand for the row of a mixed line."""
        if "product_uom_qty" in vals:
            for move in self:
                move._check_demand_of_line(vals["product_uom_qty"])
        return super().web_save(vals, specification, next_id=next_id)

    def _check_demand_of_line(self, quantity):
        """Refuse a user's demand of `quantity`, in the unit of the move.

        :raises UserError: with a pointer to the line, whose demand it is
        """
        self.ensure_one()
        if not self.ato_supply or not self.product_uom.compare(
            quantity, self.product_uom_qty
        ):
            return
        raise UserError(
            self.env._(
                "%(picking)s: %(quantity)s %(uom)s of %(product)s cannot be asked for "
                "instead of %(demand)s. What is taken from stock and what is assembled "
                "to order can only be changed on the order line of %(order)s. To move "
                "another quantity now, change what is done.",
                picking=self.picking_id.name,
                quantity=formatLang(self.env, quantity, dp="Product Unit"),
                demand=formatLang(self.env, self.product_uom_qty, dp="Product Unit"),
                uom=self.product_uom.name,
                product=self.product_id.display_name,
                # sudo: its name is on the transfer
                order=self.sudo().sale_line_id.order_id.name or self.origin,
            )
        )

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
        # sudo: whoever moves goods, the documents are the seller's and the planner's
        linked = self.sudo().filtered(
            lambda move: move.ato_supply
            or move.raw_material_production_id.ato_sale_line_id
        )
        return linked.with_env(self.env)

    def action_explode(self):
        """Look for kits among the moves of mixed lines all at once.

        Odoo looks for the bill of materials of one move after the other.
        """
        linked = self._get_linked_to_line()
        plain = linked - linked._get_kit_moves()
        exploded = super(StockMove, self - plain).action_explode()
        return self & (plain | exploded) | exploded

    def _get_kit_moves(self):
        """Those of the moves whose product is delivered as its components."""
        kits = self.browse()
        for company, moves in self.grouped("company_id").items():
            found = moves.product_id._filter_kits(company)
            kits += moves.filtered(lambda move, found=found: move.product_id in found)
        return kits

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

    def _get_open_assembly_demand(self):
        """Those of the moves that still ask for assembled units."""
        return self.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.sale_line_id
            and not move.production_id
            and move.state not in ("done", "cancel")
        )

    def _get_procured_quantity(self):
        """What the moves stand for, in the product's unit: done, else demanded."""
        return sum(
            move._to_product_units(
                move.quantity if move.state == "done" else move.product_uom_qty
            )
            for move in self
        )

    def _to_product_units(self, quantity):
        """`quantity`, in the unit of the move, in units of the product."""
        self.ensure_one()
        unit, product_uom = self.product_uom, self.product_id.uom_id
        if unit == product_uom:
            return quantity
        return unit._compute_quantity(quantity, product_uom, rounding_method="HALF-UP")

    def _get_held_quantity(self):
        """What the moves hold on units in stock, in the product's unit."""
        return sum(self.move_line_ids.mapped("quantity_product_uom"))

    def _get_obtainable_quantity(self):
        """What the move holds and could still hold, in the product's unit."""
        self.ensure_one()
        held = self._get_held_quantity()
        if self.move_orig_ids:
            brought = self._get_available_move_lines(set(), set())  # held ones included
            return max(held, sum(brought.values()))
        return held + self.env["stock.quant"]._get_available_quantity(
            self.product_id, self.location_id
        )

    def _get_bringing_transfers(self):
        """Open transfers that are to bring what the move waits for."""
        origins = self.move_orig_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        return origins.picking_id

    def _ship_exactly(self, units):
        """Have `units` of the product, and no more, leave with these moves.

        What else they hold goes to the backorder.

        :return: the units that they do not hold
        """
        self.picked = False
        for move in self:
            product_uom = move.product_id.uom_id
            taken = min(units, move._get_held_quantity())
            if product_uom.compare(taken, 0.0) <= 0:
                continue
            move._let_go(move._get_held_quantity() - taken)
            move.picked = True
            units -= taken
        return units

    def _get_reserved_quantity(self):
        """What open moves hold, in the product's unit, by their own figure.

        As `_get_held_quantity`, for many moves whose move lines nobody has read.
        """
        return sum(move._to_product_units(move.quantity) for move in self)

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
        held_for = self.sale_line_id or self.ato_hold_line_id
        return held_for or self.raw_material_production_id.ato_sale_line_id

    def _get_picked_product_qty(self):
        """What somebody has picked already, in the product's unit."""
        lines = self.move_line_ids.filtered("picked")
        return sum(lines.mapped("quantity_product_uom"))

    def _reduce_demand(self, quantity):
        """Ask for `quantity` less, in the product's unit, letting go of no more stock.

        What is picked stays. A move of which nothing is left is cancelled.

        :return: what could not be taken away
        """
        asked, resupply = quantity, self._get_resupply_steps()
        for move in self.sorted(lambda m: (m._get_held_quantity(), -m.id)):
            product_uom = move.product_id.uom_id
            free = move.product_qty - move._get_picked_product_qty()
            taken = min(quantity, free)
            if product_uom.compare(taken, 0.0) <= 0:
                continue
            move._set_demand(move.product_qty - taken)
            quantity -= taken
        for step in resupply:
            step._reduce_resupply(asked - quantity)
        return quantity

    def _get_resupply_steps(self):
        """Open moves by which other warehouses supply, or are supplied by, these."""
        steps = self.browse()
        linked = self.filtered(lambda move: move.ato_supply == "assembly")
        while linked:
            linked = (linked.move_orig_ids | linked.move_dest_ids).filtered(
                lambda move: move.rule_id.action == "pull"
            )
            linked = linked._get_open_assembly_demand() - self - steps
            steps |= linked
        return steps.sorted("id")

    def _reduce_resupply(self, quantity):
        """Bring `quantity` less; what is between two warehouses arrives as stock."""
        self.ensure_one()
        left = self.product_qty - quantity
        between = self.location_id.usage == "transit"
        under_way = self._get_held_quantity() if between else 0.0
        self._set_demand(max(left, under_way, 0.0))
        if under_way and self.product_id.uom_id.compare(left, 0.0) <= 0:
            self.ato_supply = False

    def _set_demand(self, quantity):
        """Ask for `quantity`, in the product's unit, and hold no more than that."""
        self.ensure_one()
        product_uom = self.product_id.uom_id
        if product_uom.is_zero(quantity):
            self._action_cancel()
            return
        self._let_go(self._get_held_quantity() - quantity)
        self.product_uom_qty = product_uom._compute_quantity(
            quantity, self.product_uom, rounding_method="HALF-UP"
        )

    def _let_go(self, quantity):
        """Release `quantity`, in the product's unit, of what is held last."""
        self.ensure_one()
        product_uom = self.product_id.uom_id
        for line in self.move_line_ids.filtered(lambda ml: not ml.picked)[::-1]:
            if product_uom.compare(quantity, 0.0) <= 0:
                return
            taken = min(quantity, line.quantity_product_uom)
            quantity -= taken
            left = line.quantity_product_uom - taken
            if product_uom.is_zero(left):
                line.unlink()
            else:
                line.quantity = product_uom._compute_quantity(
                    left, line.product_uom_id, rounding_method="HALF-UP"
                )

    def _lock_stock(self):
        """Have this transaction alone decide on the stock of mixed lines."""
        moves = self.filtered("ato_supply")
        self.env["stock.quant"]._lock_stock(
            moves.product_id, moves.location_id.warehouse_id
        )

    def _get_lacking_units(self):
        """What the move asks for and does not hold, in the unit of the product."""
        self.ensure_one()
        return max(self.product_qty - self._get_held_quantity(), 0.0)

    def _reserve_place(self, place, units):
        """Hold up to `units` of the product, of one place exactly.

        :param place: (bin, lot, package, owner)
        :return: how many are held
        """
        taken = 0.0
        for move in self:
            wanted = units - taken
            if not move.ato_hold_line_id:
                wanted = min(wanted, move._get_lacking_units())
            if move.product_id.uom_id.compare(wanted, 0.0) > 0:
                taken += move._update_reserved_quantity(wanted, *place, strict=True)
        return taken

    # Holds of quotations

    @api.depends("ato_hold_line_id.order_id.name")
    def _compute_reference(self):
        """A hold is known by its quotation."""
        holds = self.filtered("ato_hold_line_id")
        for move in holds:
            move.reference = move.ato_hold_line_id.order_id.name
        return super(StockMove, self - holds)._compute_reference()

    def _get_source_document(self):
        return self.ato_hold_line_id.order_id or super()._get_source_document()

    def _recompute_state(self):
        """Have holds ask for what they hold, whoever has changed it."""
        if not self.env.context.get("ato_holds_lose"):
            self.filtered("ato_hold_line_id")._fit_hold()
        return super()._recompute_state()

    def _fit_hold(self):
        """Ask for what is held: a hold never grows by itself."""
        for move in self.with_context(do_not_unreserve=True):
            if move.product_uom.compare(move.product_uom_qty, move.quantity):
                move.product_uom_qty = move.quantity

    def _hold_again(self):
        """Hold elsewhere what somebody has taken away from these holds."""
        for move in self:
            lacking = move._get_lacking_units()
            for place, stock in move.ato_hold_line_id._get_stock_places().items():
                lacking -= move._reserve_place(place, min(stock.free, lacking))

    def _prepare_procurement_qty(self):
        """Order nothing anew for what the quotation holds in stock."""
        quantities = super()._prepare_procurement_qty()
        for index, move in enumerate(self):
            held = move.sale_line_id.sudo().hold_move_ids._get_held_quantity()
            if held and move.rule_id.procure_method == "mts_else_mto":
                product_uom = move.product_id.uom_id
                held = product_uom._compute_quantity(
                    held, move.product_uom, rounding_method="HALF-UP"
                )
                quantities[index] = max(quantities[index] - held, 0.0)
        return quantities

    def _lose_held_units(self, quantity):
        """Go on without `quantity`, in the product's unit, that somebody took away.

        The salesperson of the quotation is told.
        """
        self.ensure_one()
        self._recompute_state()
        if self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return
        line = self.ato_hold_line_id
        line._warn_salesperson(
            self.env._(
                "%(units)s, held for this quotation, were taken away from "
                "%(location)s. Reserve others, or have them assembled.",
                units=self._format_held_units(quantity),
                location=self.location_id.display_name,
            )
        )
        line._drop_empty_holds()

    def _take_over_holds(self):
        """Have these deliveries take what their quotations have held.

        The very same units: bins, lots and packages. Nobody could take them in
        between, they are held all the time.
        """
        for hold in self.sale_line_id.sudo().hold_move_ids:
            move = hold.ato_hold_line_id._get_shelf_moves().filtered(
                lambda move, hold=hold: move in self
                and hold.location_id._child_of(move.location_id)
            )[:1]
            if move:
                hold._let_go(hold._get_held_quantity() - move._get_lacking_units())
                hold._pass_on(move)

    def _pass_on(self, move):
        """Give what this hold has to `move`."""
        self.ensure_one()
        # nothing moves: without this Odoo would let go and reserve anew
        lines = self.move_line_ids.with_context(skip_uom_conversion=True)
        lines.write(
            {
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "location_dest_id": move.location_dest_id.id,
            }
        )
        move._recompute_state()
        self._drop_holds()

    def _drop_holds(self):
        self._action_cancel()
        self.unlink()

    def _format_held_units(self, quantity):
        """`quantity`, in the product's unit, of what this hold has, for the user."""
        self.ensure_one()
        return self.env._(
            "%(quantity)s %(uom)s of %(product)s",
            quantity=formatLang(self.env, quantity, dp="Product Unit"),
            uom=self.product_id.uom_id.name,
            product=self.product_id.display_name,
        )
