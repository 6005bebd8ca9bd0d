# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import formatLang

OWNED_BY_LINE = frozenset(
    {
        "product_id",
        "product_qty",
        "product_uom_id",
        "picking_type_id",
        "date_deadline",
    }
)


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    ato_sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Assembled for",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Sales order line whose part to assemble to order this order makes. "
        "Product, quantity, unit, warehouse and deadline are the line's.",
    )
    is_assemble_to_order = fields.Boolean(
        string="Assemble to Order",
        compute="_compute_is_assemble_to_order",
        search="_search_is_assemble_to_order",
        help="This order makes the assembly part of a sales order line.",
    )
    ato_sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Assembled for Order",
        compute="_compute_ato_sale_order_id",
        compute_sudo=True,
        help="Sales order or quotation this order assembles for.",
    )
    ato_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_ato_sale_order_id",
        compute_sudo=True,
        help="Customer this order assembles for.",
    )

    @api.depends("ato_sale_line_id")
    def _compute_is_assemble_to_order(self):
        for production in self:
            production.is_assemble_to_order = bool(production.ato_sale_line_id)

    @api.model
    def _search_is_assemble_to_order(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("ato_sale_line_id", "!=" if True in value else "=", False)]

    @api.depends("ato_sale_line_id.order_id.partner_id")
    def _compute_ato_sale_order_id(self):
        for production in self:
            order = production.ato_sale_line_id.order_id
            production.ato_sale_order_id = order
            production.ato_partner_id = order.partner_id

    @api.depends("ato_sale_line_id")
    def _compute_sale_order_count(self):
        res = super()._compute_sale_order_count()
        for production in self.filtered("ato_sale_line_id"):
            production.sale_order_count = max(production.sale_order_count, 1)
        return res

    def action_view_sale_orders(self):
        """Open the order of the line this order assembles for, else as in Odoo."""
        self.ensure_one()
        if not self.ato_sale_line_id:
            return super().action_view_sale_orders()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.ato_sale_order_id.id,
        }

    # What the sales order line decides

    @api.constrains("ato_sale_line_id")
    def _check_ato_sale_line_id(self):
        """Link an order only to a line of its product and company.

        :raises ValidationError: naming the order and the line's product
        """
        for production in self:
            # sudo: planners may not read sales order lines
            line = production.sudo().ato_sale_line_id
            if line and (line.product_id, line.company_id) != (
                production.product_id,
                production.company_id,
            ):
                raise ValidationError(
                    self.env._(
                        "%(assembly_order)s cannot assemble for %(order)s: the line "
                        "there is for %(product)s of %(company)s.",
                        assembly_order=production.display_name,
                        order=line.order_id.name,
                        product=line.product_id.display_name,
                        company=line.company_id.name,
                    )
                )

    def write(self, vals):
        self._check_link_unchanged(vals)
        self._check_owned_by_line(vals)
        return super(MrpProduction, self._as_component_editor(vals)).write(vals)

    def _check_link_unchanged(self, vals):
        """:raises AccessError: when a user, not the line, links or unlinks orders"""
        if "ato_sale_line_id" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "Which sales order line an assembly order is for is decided by "
                    "the line. Change the quantity to assemble there."
                )
            )

    def _check_owned_by_line(self, vals):
        """Leave to the sales order line what is the line's (R37).

        :raises UserError: when something else than the line changes it
        """
        owned = OWNED_BY_LINE.intersection(vals)
        if not owned or self._is_line_deciding():
            return
        for production in self.sudo().filtered("ato_sale_line_id"):
            changed = [
                name
                for name in owned
                if production._fields[name].convert_to_cache(vals[name], production)
                != production._fields[name].convert_to_cache(
                    production[name], production
                )
            ]
            if changed and production.state not in ("done", "cancel"):
                raise UserError(production._get_owned_by_line_message(changed))

    def _is_line_deciding(self):
        """Whether the sales order line makes the change: nobody can say so by RPC."""
        return self.env.su and self.env.context.get("ato_line_decides")

    def _get_owned_by_line_message(self, field_names):
        self.ensure_one()
        labels = self.fields_get(sorted(field_names), ["string"])
        return self.env._(
            "%(assembly_order)s assembles %(product)s for %(order)s: %(fields)s can "
            "only be changed there, on the order line.",
            assembly_order=self.name,
            product=self.product_id.display_name,
            order=self.ato_sale_order_id.name,
            fields=", ".join(label["string"] for label in labels.values()),
        )

    def _as_component_editor(self, vals):
        """The records as somebody who may change components.

        Components belong to the salesperson of the line as well, who may have no
        right to delete stock moves: whoever may change the order may change them.
        """
        if set(vals) != {"move_raw_ids"} or not all(self.mapped("ato_sale_line_id")):
            return self
        orders = self.sudo().ato_sale_line_id.order_id.with_env(self.env)
        return self.sudo() if orders.has_access("write") else self

    def action_confirm(self):
        """Confirm, except what a quotation still asks for.

        :raises UserError: for the assembly order of a quotation
        """
        for production in self.sudo().filtered("ato_sale_line_id"):
            if production.ato_sale_line_id.state != "sale":
                raise UserError(
                    self.env._(
                        "%(assembly_order)s belongs to quotation %(order)s. It is "
                        "confirmed together with the quotation.",
                        assembly_order=production.name,
                        order=production.ato_sale_order_id.name,
                    )
                )
        return super().action_confirm()

    def _pre_action_split_merge_hook(self, merge=False, split=False):
        if merge and any(self.sudo().mapped("ato_sale_line_id")):
            raise UserError(
                self.env._(
                    "Orders that are assembled for a sales order cannot be merged: "
                    "each belongs to its own order line (%(assembly_orders)s).",
                    assembly_orders=", ".join(
                        self.filtered("is_assemble_to_order").mapped("name")
                    ),
                )
            )
        return super()._pre_action_split_merge_hook(merge=merge, split=split)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_linked(self):
        for production in self.sudo().filtered("ato_sale_line_id"):
            raise UserError(
                self.env._(
                    "%(assembly_order)s cannot be deleted: it is assembled for "
                    "%(order)s. Set Qty. to Assemble to Order to 0 there.",
                    assembly_order=production.name,
                    order=production.ato_sale_order_id.name,
                )
            )

    def _split_productions(
        self, amounts=False, cancel_remaining_qty=False, set_consumed_qty=False
    ):
        # sudo: a split moves quantity between orders of the same line only
        deciding = self.sudo().with_context(ato_line_decides=True)
        productions = super(MrpProduction, deciding)._split_productions(
            amounts=amounts,
            cancel_remaining_qty=cancel_remaining_qty,
            set_consumed_qty=set_consumed_qty,
        )
        return productions.with_env(self.env)

    def _get_backorder_mo_vals(self):
        return {
            **super()._get_backorder_mo_vals(),
            "ato_sale_line_id": self.ato_sale_line_id.id,
        }

    def _get_move_finished_values(
        self,
        product_id,
        product_uom_qty,
        product_uom,
        operation_id=False,
        byproduct_id=False,
        cost_share=0,
    ):
        values = super()._get_move_finished_values(
            product_id,
            product_uom_qty,
            product_uom,
            operation_id=operation_id,
            byproduct_id=byproduct_id,
            cost_share=cost_share,
        )
        if self.ato_sale_line_id and product_id == self.product_id.id:
            values["ato_supply"] = "assembly"
        elif self.ato_sale_line_id:
            values["location_dest_id"] = self._get_by_product_location().id
        return values

    def _get_by_product_location(self):
        """Where by-products go: not to the bin of what is assembled to order."""
        self.ensure_one()
        return self.picking_type_id.default_location_dest_id or self.location_dest_id

    def _get_consumption_issues(self):
        """Expect of a linked order the components that were sold with it."""
        return [
            (order, product, consumed, expected)
            for order, product, consumed, expected in super()._get_consumption_issues()
            if not order.ato_sale_line_id
            or product.uom_id.compare(consumed, order._get_sold_component_qty(product))
        ]

    def _get_sold_component_qty(self, product):
        """How much of `product`, in its unit, what is made now was sold with."""
        self.ensure_one()
        moves = self.move_raw_ids.filtered(lambda move: move.product_id == product)
        return sum(moves.mapped("product_qty")) * self.qty_producing / self.product_qty

    # What a delivery asks for

    def _assemble_for_delivery(self, quantities, lots):
        """Make what is to leave now, the rest of these orders later (B of R42).

        :param quantities: {order: quantity to make now, in its unit}
        :param lots: {order: stock.lot of what is made}, for tracked products
        :raises UserError: when components are short, or Odoo asks for a decision
        """
        self.action_assign()
        shortages = [
            shortage
            for order in self
            for shortage in order._get_component_shortages(quantities[order])
        ]
        if shortages:
            raise UserError("\n".join(shortages))
        partial = self.browse()
        for order in self:
            if order.product_uom_id.compare(quantities[order], order.product_qty) < 0:
                partial |= order
            order.lot_producing_ids = lots[order] or order.lot_producing_ids
            order.qty_producing = quantities[order]
            order._set_qty_producing()
        self.with_context(
            skip_backorder=True, mo_ids_to_backorder=partial.ids
        ).button_mark_done()
        self._check_made()

    def _check_made(self):
        """:raises UserError: when Odoo has a question before it makes an order"""
        waiting = self.filtered(lambda order: order.state != "done")
        if waiting:
            raise UserError(
                self.env._(
                    "%(assembly_orders)s cannot be made from the delivery: a decision "
                    "is to be taken there. Produce there, then ship again.",
                    assembly_orders=", ".join(waiting.mapped("name")),
                )
            )

    def _get_component_shortages(self, quantity):
        """What keeps `quantity`, in the order's unit, from being made now.

        :return: a sentence for each component that is short
        """
        self.ensure_one()
        moves = self.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
            and move.product_id.is_storable
        )
        shortages = []
        for move in moves:
            needed = move.product_uom._compute_quantity(
                quantity * move.unit_factor,
                move.product_id.uom_id,
                rounding_method="HALF-UP",
            )
            available = move._get_obtainable_quantity()
            if move.product_id.uom_id.compare(available, needed) < 0:
                shortages.append(self._get_shortage_message(move, needed, available))
        return shortages

    def _get_shortage_message(self, move, needed, available):
        self.ensure_one()
        figures = {
            "assembly_order": self.name,
            "component": move.product_id.display_name,
            "needed": formatLang(self.env, needed, dp="Product Unit"),
            "available": formatLang(self.env, max(available, 0.0), dp="Product Unit"),
            "uom": move.product_id.uom_id.name,
            "location": move.location_id.display_name,
        }
        transfers = move._get_bringing_transfers()
        if transfers:
            return self.env._(
                "%(assembly_order)s needs %(needed)s %(uom)s of %(component)s in "
                "%(location)s, %(available)s are there: validate %(transfers)s first.",
                transfers=", ".join(transfers.mapped("name")),
                **figures,
            )
        return self.env._(
            "%(assembly_order)s needs %(needed)s %(uom)s of %(component)s, "
            "%(available)s are available in %(location)s.",
            **figures,
        )

    # What the planner decides

    def _action_cancel(self):
        for production in self._get_planner_decided():
            production._hand_back(production._get_open_quantity())
        return super()._action_cancel()

    def _post_inventory(self, cancel_backorder=False):
        res = super()._post_inventory(cancel_backorder=cancel_backorder)
        for production in self._get_planner_decided():
            production._hand_back(production._get_short_quantity())
        return res

    def _get_planner_decided(self):
        """Those of the orders that a confirmed sales order line counts on."""
        if self._is_line_deciding():
            return self.browse()
        # sudo: what the planner decides is carried out on documents of the seller
        return self.sudo().filtered(lambda o: o.ato_sale_line_id.state == "sale")

    def _get_short_quantity(self):
        """What an order was closed without making, in the product's unit."""
        self.ensure_one()
        if self._get_linked_finished_moves():
            return 0.0
        return self._get_demanded_quantity() - self._get_made_quantity()

    def _get_demanded_quantity(self):
        """What the order is to make, in the product's unit."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _hand_back(self, quantity):
        """Leave `quantity`, in the product's unit, to the stock part of the line."""
        self.ensure_one()
        if self.product_id.uom_id.compare(quantity, 0.0) <= 0:
            return
        demand = self.move_finished_ids.move_dest_ids._get_open_assembly_demand()
        demand._reduce_demand(quantity)
        self.ato_sale_line_id._assemble_less(quantity, self)

    # Following the line: quotation

    def _with_line_decides(self):
        """These orders as their lines change them: component edits are left alone.

        To be taken of all orders at once: what Odoo recomputes for one of them, it
        recomputes for every one that it has read.
        """
        return self.with_context(
            ato_line_decides=True,
            skip_compute_move_raw_ids=True,
            ignore_mo_ids=self.env.context.get("ignore_mo_ids", []) + self.ids,
        )

    def _follow_sale_lines(self):
        """Take warehouse, quantity and date from the lines, keeping components."""
        orders = self._with_line_decides()
        for order in orders:
            order._follow_warehouse(order.ato_sale_line_id.warehouse_id)
            order._follow_quantity(order.ato_sale_line_id._get_lacking_assembly())
        orders._follow_deadlines()

    def _is_of_line_product(self):
        """Whether the order can follow its line: another product needs another one."""
        self.ensure_one()
        line = self.ato_sale_line_id
        return (
            self.product_id == line.product_id
            and self.company_id == line.company_id
            and self.never_product_template_attribute_value_ids
            == line.product_no_variant_attribute_value_ids
        )

    def _follow_warehouse(self, warehouse):
        """Move a draft order to where `warehouse` assembles."""
        self.ensure_one()
        rule = warehouse._get_assembly_rule()
        picking_type = self.bom_id.picking_type_id or rule.picking_type_id
        if self.picking_type_id == picking_type:
            return
        source, destination = self.ato_sale_line_id._put_in_bins(
            picking_type.warehouse_id,
            picking_type.default_location_src_id,
            picking_type.default_location_dest_id,
        )
        self.write(
            {
                "picking_type_id": picking_type.id,
                "location_src_id": source.id,
                "location_dest_id": destination.id,
                "location_final_id": rule.location_dest_id.id,
            }
        )
        self.move_raw_ids.warehouse_id = self.location_src_id.warehouse_id
        self.move_finished_ids.write(
            {
                "warehouse_id": self.location_dest_id.warehouse_id.id,
                "location_final_id": rule.location_dest_id.id,
            }
        )

    def _follow_output_bin(self):
        """Have what is still to be made come out in the bin of the line (R91)."""
        for order in self._with_line_decides():
            finished = order._get_finished_moves_for_line()
            if finished != order._get_linked_finished_moves():
                continue
            picking_type = order.picking_type_id
            _source, destination = order.ato_sale_line_id._put_in_bins(
                picking_type.warehouse_id,
                order.location_src_id,
                picking_type.default_location_dest_id or order.location_dest_id,
            )
            order.location_dest_id = destination
            finished.move_line_ids._apply_putaway_strategy()

    def _follow_quantity(self, quantity):
        """Make a draft order for `quantity` of its unit.

        Components that somebody changed are scaled, the others follow the bill of
        materials, which knows better than a factor (W18).
        """
        self.ensure_one()
        if self.product_uom_id.compare(self.product_qty, quantity) == 0:
            return
        factor = quantity / self.product_qty
        old, old_by_bom = self._get_component_quantities(), self._get_bom_quantities()
        self.product_qty = quantity
        new_by_bom = self._get_bom_quantities()
        for move in self.move_raw_ids:
            bom_line = move.bom_line_id.id
            as_in_bom = move.product_uom.compare(
                old[move], old_by_bom.get(bom_line, -1.0)
            )
            scaled = move.product_uom.round(old[move] * factor)
            move.product_uom_qty = new_by_bom[bom_line] if as_in_bom == 0 else scaled
        for move in self.move_finished_ids:
            move.product_uom_qty = move.product_uom.round(move.product_uom_qty * factor)

    def _get_component_quantities(self):
        return {move: move.product_uom_qty for move in self.move_raw_ids}

    def _get_bom_quantities(self):
        """{bill of materials line id: quantity that it asks for now}"""
        return {
            vals["bom_line_id"]: vals["product_uom_qty"]
            for vals in self._get_moves_raw_values()
        }

    def _follow_deadlines(self):
        """Take the deadlines of the lines; draft orders start as many days later."""
        for deadline, orders in self.grouped(
            lambda order: order.ato_sale_line_id._get_assembly_deadline()
        ).items():
            moved = orders.filtered(lambda o, d=deadline: o.date_deadline != d)
            for days, late in moved.grouped(
                lambda o, d=deadline: (d.date() - (o.date_deadline or d).date()).days
            ).items():
                late._postpone_start(days)
            moved.date_deadline = deadline
            moved.move_finished_ids.date_deadline = deadline

    def _postpone_start(self, days):
        """Start draft orders `days` later, earlier if negative, moves included."""
        drafts = self.filtered(lambda order: days and order.state == "draft")
        for start, orders in drafts.grouped("date_start").items():
            orders.date_start = start + relativedelta(days=days)
        for end, orders in drafts.grouped("date_finished").items():
            orders.move_finished_ids.date = end

    def _remove_from_quotation(self):
        """Delete draft orders that no quotation asks for any more (R118)."""
        references = self.reference_ids
        self.ato_sale_line_id = False
        self.unlink()
        references.filtered(
            lambda ref: not (ref.production_ids or ref.move_ids or ref.sale_ids)
        ).unlink()

    # Following the line: order

    def _follow_order_lines(self):
        """Make adopted draft orders what their confirmed lines still lack.

        The very orders of the quotation are used, with the components as the user
        left them.
        """
        orders = self._with_line_decides()
        for order in orders:
            order._follow_quantity(order.ato_sale_line_id._get_lacking_assembly())
        orders._follow_deadlines()

    def _confirm_for_sale_lines(self):
        """Confirm adopted orders, all in one call."""
        # let Odoo see what has changed while it may not make the finished moves anew
        self._with_line_decides().mapped("move_finished_ids.move_dest_ids")
        self._log_confirmation()
        self.action_confirm()

    def _log_confirmation(self):
        """Say of all orders at once what Odoo would post on each of them.

        Orders that somebody follows are left to Odoo, which tells the followers.
        """
        orders = self.filtered(lambda order: not order.message_follower_ids)
        orders._track_discard()
        orders._message_log_batch(
            {
                order.id: self.env._(
                    "Confirmed together with %s.", order.ato_sale_order_id.name
                )
                for order in orders
            }
        )

    def _get_finished_moves_for_line(self):
        """What these orders make, or have made, for their line: no by-products."""
        return self.move_finished_ids.filtered(
            lambda move: move.ato_supply == "assembly" and move.state != "cancel"
        )

    def _get_linked_finished_moves(self):
        """What these orders still make for their line."""
        return self._get_finished_moves_for_line().filtered(
            lambda move: move.state != "done"
        )

    def _is_under_way(self):
        """Whether the order has started and is not finished."""
        self.ensure_one()
        return self.state in ("confirmed", "progress", "to_close") and (
            not self._has_not_started()
        )

    def _get_component_needs(self, factor):
        """What these orders need `factor` times, component by component.

        What is not tracked is always there, and left out.

        :return: {(warehouse, component): (required, held)}, in units of components;
            held is what lies ready for these orders alone
        """
        needs = defaultdict(lambda: (0.0, 0.0))
        for move in self.move_raw_ids:
            if move.product_id.is_storable and move.state not in ("done", "cancel"):
                place = move.location_id.warehouse_id, move.product_id
                held = (move | move._get_bringing_moves())._get_reserved_quantity()
                needs[place] = (
                    needs[place][0]
                    + move.product_id.uom_id.round(move.product_qty * factor),
                    needs[place][1] + held,
                )
        return needs

    def _has_not_started(self):
        self.ensure_one()
        return self.state == "confirmed" and self.product_uom_id.is_zero(
            self.qty_producing
        )

    def _get_made_quantity(self):
        """What the order has made for its line, in the product's unit.

        What it made beyond its demand is free stock.
        """
        self.ensure_one()
        made = self._get_finished_moves_for_line() - self._get_linked_finished_moves()
        return min(made._get_procured_quantity(), self._get_demanded_quantity())

    def _get_open_quantity(self):
        """What the order still makes for its line, in the product's unit."""
        self.ensure_one()
        return self._get_linked_finished_moves()._get_procured_quantity()

    def _change_quantity(self, quantity):
        """Make a confirmed order for `quantity` of its unit, components scaled."""
        self.ensure_one()
        deciding = self.with_context(ato_line_decides=True, skip_activity=True)
        deciding.env["change.production.qty"].create(
            {"mo_id": self.id, "product_qty": quantity}
        ).change_prod_qty()

    def _shrink_for_sale_line(self, surplus):
        """Make up to `surplus` less, in the product's unit.

        The caller has asked for less already.

        :return: the quantity given back: nothing once the order has started
        """
        self.ensure_one()
        if not self._has_not_started():
            return 0.0
        return self._give_back(min(surplus, self._get_open_quantity()))

    def _give_back(self, quantity):
        """Make up to `quantity` less, in the product's unit.

        :return: the quantity given back: nothing once the order has started
        """
        self.ensure_one()
        if not self._has_not_started():
            return 0.0
        demanded = self._get_demanded_quantity()
        if self.product_id.uom_id.compare(quantity, demanded) >= 0:
            self._cancel_for_sale_line()
            return demanded
        self._make_more(-quantity)
        return quantity

    def _make_more(self, quantity):
        """Make `quantity` more, in the product's unit, components scaled."""
        self.ensure_one()
        change = self.product_id.uom_id._compute_quantity(
            quantity, self.product_uom_id, rounding_method="HALF-UP"
        )
        self._change_quantity(self.product_qty + change)

    def _leave_line(self):
        """Go on for stock.

        :return: the quantity, in the product's unit, that the line had counted on
        """
        self.ensure_one()
        quantity = self._get_open_quantity()
        self._get_linked_finished_moves().ato_supply = False
        self.ato_sale_line_id = False
        return quantity

    def _cancel_for_sale_line(self):
        """Cancel because the line asks so: nobody is to be told."""
        self.filtered(lambda order: order._has_not_started()).with_context(
            ato_line_decides=True, skip_activity=True
        ).action_cancel()

    def _get_assembly_action(self, name):
        """Open these orders: one of them as a form, several as a list.

        Odoo's own views show lots, scraps and production groups, which are closed to
        salespeople: they get views of ours.
        """
        planner = self.env.user.has_group("mrp.group_mrp_user")
        if len(self) == 1 and not planner:
            return self._get_components_action()
        views = [(False, "list"), (False, "form")]
        if not planner:
            list_view = self.env.ref(
                "ato_mixed_sales.mrp_production_view_list_assembly"
            )
            views = [(list_view.id, "list"), (self._get_components_view().id, "form")]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mrp.production",
            "context": {"create": False, "delete": False},
            "domain": [("id", "in", self.ids)],
            "view_mode": "form" if len(self) == 1 else "list,form",
            "views": views[1:] if len(self) == 1 else views,
            "res_id": self.id if len(self) == 1 else False,
        }

    @api.model
    def _get_components_view(self):
        return self.env.ref("ato_mixed_sales.mrp_production_view_form_components")

    def _get_components_action(self):
        """Open the components of one order in a dialog, several orders as a list."""
        name = self.env._("Components of %s", self.product_id.display_name)
        if len(self) > 1:
            return self._get_assembly_action(name)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mrp.production",
            "context": {"create": False, "delete": False},
            "view_mode": "form",
            "views": [(self._get_components_view().id, "form")],
            "res_id": self.id,
            "target": "new",
        }
