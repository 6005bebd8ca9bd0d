# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ... import split

ORDER_FOLLOWS_LINE = frozenset(
    {
        "product_id",
        "product_no_variant_attribute_value_ids",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
        "customer_lead",
        "route_ids",
    }
)


class SaleOrderLine(models.Model):
    """The linked assembly order: there from the quotation on, following its line."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    assembly_order_ids = fields.One2many(
        comodel_name="mrp.production",
        inverse_name="ato_sale_line_id",
        string="Assembly Orders",
        copy=False,
        groups="base.group_user",
        help="Manufacturing orders that make the part of this line that is assembled "
        "to order.",
    )
    qty_assembled = fields.Float(
        string="Assembled",
        digits="Product Unit",
        compute="_compute_qty_assembled",
        compute_sudo=True,
        groups="base.group_user",
        help="Quantity, in the unit of the line, that the linked assembly orders have "
        "made for this line.",
    )

    qty_given_up = fields.Float(
        string="Given Up to Stock",
        digits="Product Unit",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Quantity, in the unit of the product, that was assembled for this line "
        "and became ordinary stock before it was delivered.",
    )

    @api.depends(
        "product_uom_id",
        "qty_given_up",
        "assembly_order_ids.product_qty",
        "assembly_order_ids.move_finished_ids.state",
        "assembly_order_ids.move_finished_ids.quantity",
        "assembly_order_ids.move_finished_ids.ato_supply",
    )
    def _compute_qty_assembled(self):
        for line in self:
            made = line._get_made_quantity() - line.qty_given_up
            line.qty_assembled = line._to_line_unit(max(made, 0.0))

    def _get_made_quantity(self):
        """What linked orders have made for the line, in the product's unit."""
        self.ensure_one()
        orders = self._get_assembly_orders("progress", "to_close", "done")
        return sum(order._get_made_quantity() for order in orders)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._sync_draft_assembly_orders()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if ORDER_FOLLOWS_LINE.intersection(vals):
            self._sync_draft_assembly_orders()
        return res

    def unlink(self):
        orders = self._get_draft_assembly_orders()
        res = super().unlink()
        orders._remove_from_quotation()
        return res

    def _get_assembly_orders(self, *states):
        """Linked orders in one of `states`, as superuser.

        sudo: whoever may change the line may change what follows it, while
        manufacturing documents are closed to salespeople.
        """
        return self.sudo().assembly_order_ids.filtered(lambda o: o.state in states)

    def _get_open_assembly_orders(self):
        """Linked orders that are still to make something."""
        return self._get_assembly_orders("draft", "confirmed", "progress", "to_close")

    def _get_draft_assembly_orders(self):
        """Linked orders that only a quotation asks for."""
        return self._get_assembly_orders("draft")

    def _sync_draft_assembly_orders(self):
        """Make the draft assembly orders what the quotation lines ask for (R26, R27).

        Orders are created for all lines at once, follow quantity, unit, warehouse
        and date keeping the user's components, and are removed when nothing is
        to be assembled, the product is another, or the line is no quotation's.
        """
        lines = self.with_user(SUPERUSER_ID).filtered("product_id")
        wanted = lines.filtered(lambda line: line._needs_draft_assembly_order())
        drafts = lines._get_draft_assembly_orders()
        kept = drafts.filtered(
            lambda order: order.ato_sale_line_id in wanted
            and order._is_of_line_product()
        )
        (drafts - kept)._remove_from_quotation()
        kept._follow_sale_lines()
        (wanted - kept.ato_sale_line_id)._create_assembly_orders()

    def _needs_draft_assembly_order(self):
        """Whether the line wants a draft order now."""
        self.ensure_one()
        return (
            self.state in ("draft", "sent")
            and self.company_id.assembly_order_creation == "quotation"
            and self.product_id.uom_id.compare(self._get_lacking_assembly(), 0.0) > 0
        )

    def _get_part_quantities(self):
        """The ordered quantity by source, in the unit of the product.

        Both parts add up to the ordered quantity whatever the units: the stock part
        is the remainder.
        """
        self.ensure_one()
        product_uom = self.product_id.uom_id
        quantity = product_uom.round(
            self.product_uom_id._compute_quantity(
                self.product_uom_qty, product_uom, round=False
            )
        )
        units = self._to_product_units(self.qty_to_assemble_to_order)
        return split.parts(quantity, min(units, quantity))

    def _to_product_units(self, quantity):
        """The units of the product that a figure typed on the line stands for."""
        self.ensure_one()
        product_uom = self.product_id.uom_id
        if self.product_uom_id == product_uom:
            return product_uom.round(quantity)
        units, half_step = (
            self.product_uom_id._compute_quantity(qty, product_uom, round=False)
            for qty in (quantity, self.product_uom_id.rounding / 2)
        )
        return product_uom.round(split.whole_units(units, half_step))

    def _create_assembly_orders(self, quantities=None):
        """Create a draft assembly order for each of these lines, in one batch.

        :param quantities: {line: quantity in the product's unit}; what the line lacks
            unless told
        """
        if quantities is None:
            quantities = {line: line._get_lacking_assembly() for line in self}
        orders = self.env["mrp.production"].with_user(SUPERUSER_ID)
        boms = self._get_assembly_boms()
        for line in self.filtered(lambda line: line not in boms):
            raise UserError(line._get_not_assembled_message())
        references = self.order_id._get_assembly_references()
        for company, lines in self.grouped("company_id").items():
            orders |= orders.with_company(company).create(
                [
                    line._prepare_assembly_order_vals(
                        quantities[line], boms[line], references[line.order_id]
                    )
                    for line in lines
                ]
            )
        return orders

    def _prepare_assembly_order_vals(self, quantity, bom, reference):
        """Values of a linked order, as the warehouse's own rule would make it.

        :param quantity: in the product's unit
        :param reference: the `stock.reference` of the sales order
        """
        self.ensure_one()
        line = self.with_company(self.company_id)
        rule = line.warehouse_id._get_assembly_rule()
        product_uom = line.product_id.uom_id
        values = line._prepare_procurement_values()
        # with `sale_line_id` the finished moves would count among the deliveries
        del values["sale_line_id"]
        values.update(ato_sale_line_id=line.id, reference_ids=reference)
        vals = rule._prepare_mo_vals(
            line.product_id,
            quantity,
            product_uom,
            rule.location_dest_id,
            rule.name,
            line.order_id.name,
            line.company_id,
            values,
            bom,
        )
        # the parts of a line add up in the product's unit only
        vals.update(product_qty=quantity, product_uom_id=product_uom.id)
        vals.update(line._prepare_bin_vals(vals))
        return vals

    def _get_assembly_deadline(self):
        """When the line is to be delivered."""
        self.ensure_one()
        return self.order_id.commitment_date or self._expected_date()

    def _get_waiting_quantity(self):
        """W: assembled for the line and not delivered yet, in the product's unit."""
        self.ensure_one()
        shipped = self._get_shipped_assembled_units()
        return self._get_made_quantity() - self.qty_given_up - shipped

    def _get_assembled_on_shelf(self, delivery):
        """Units made for the line that `delivery` may have, in product units.

        What it holds already is among them; what the line's other deliveries hold,
        or have taken, is not.
        """
        self.ensure_one()
        outgoing, _incoming = self._get_outgoing_incoming_moves(strict=False)
        others = outgoing.filtered(lambda m: m.ato_supply == "assembly") - delivery
        passed = others.filtered(lambda move: move.state == "done")
        taken = passed._get_procured_quantity() + (others - passed)._get_held_quantity()
        return max(self._get_made_quantity() - self.qty_given_up - taken, 0.0)

    def _get_lacking_assembly(self):
        """What no linked order makes yet of the part to assemble, in product units."""
        self.ensure_one()
        in_hand = self._get_made_quantity() - self.qty_given_up
        in_hand += self._get_open_assembly_quantity()
        return self._get_part_quantities().assembly - in_hand

    def _get_surplus_assembly(self):
        """What linked orders still make and nobody needs, in product units.

        There is such a surplus when units that were not made yet left as assembled.
        What planner or warehouse take away they have taken from its order.
        """
        self.ensure_one()
        if self._is_floor_deciding():
            return 0.0
        return min(self._get_open_assembly_quantity(), -self._get_lacking_assembly())

    def _order_lacking_assembly(self):
        """Have linked orders make what the lines lack.

        :return: the orders that are to be confirmed
        """
        drafts = self._get_draft_assembly_orders()
        lacking = (self - drafts.ato_sale_line_id)._raise_assembly_orders()
        drafts |= self.browse().union(*lacking)._create_assembly_orders(lacking)
        drafts._follow_order_lines()
        return drafts

    def _assemble_without_demand(self):
        """Order what is to be assembled though no delivery waits for it.

        Units that were not made for the lines have left as assembled ones.
        """
        lines = self.with_user(SUPERUSER_ID).filtered(
            lambda line: line.state == "sale"
            and line._is_split_by_source()
            and not line._is_frozen()
        )
        orders = lines._order_lacking_assembly()
        if orders:
            orders._confirm_for_sale_lines()

    def _raise_assembly_orders(self):
        """Have orders that have not started make what the lines lack.

        :return: {line: quantity, in product units} for the lines without such an order
        """
        without_order = {}
        for line in self:
            lacking = line._get_lacking_assembly()
            if line.product_id.uom_id.compare(lacking, 0.0) <= 0:
                continue
            orders = line._get_assembly_orders("confirmed")
            order = orders.filtered(lambda order: order._has_not_started())[-1:]
            if order:
                order._change_quantity(order.product_qty + lacking)
            else:
                without_order[line] = lacking
        return without_order

    def _supply_assembly_part(self, deliveries):
        """Bind what is, and will be, assembled for the line to its `deliveries`.

        Every delivery of assembled units is fed by every order of the line, so that
        they are one row for the warehouse.
        """
        self.ensure_one()
        orders = self._get_open_assembly_orders()
        if self.product_id.uom_id.compare(self._get_waiting_quantity(), 0.0) > 0:
            orders |= self._get_assembly_orders("done")
        orders = orders._with_line_decides()
        first = self.move_ids._get_open_assembly_demand() - deliveries
        made = orders._get_finished_moves_for_line()
        made.move_dest_ids |= deliveries | first.filtered("created_production_id")
        deliveries.with_env(orders.env).created_production_id = (
            first.created_production_id or orders
        )[:1]

    def _assign_waiting_units(self):
        """Hold what was assembled before its delivery was asked for."""
        # sudo: the moves are the warehouse's
        moves = self.sudo().move_ids._get_open_assembly_demand()
        moves._get_suppliable()._action_assign()

    def _shrink_assembly_part(self, surplus):
        """Assemble and deliver `surplus`, in the product's unit, less.

        Orders that have not started give back first, the newest first. What they
        cannot give is refused, unless nothing is to be assembled any more: then
        units that wait for their delivery become ordinary stock (R21).

        :raises UserError: when orders that have started hold too much
        """
        self.ensure_one()
        line = self.with_user(SUPERUSER_ID)
        compare = line.product_id.uom_id.compare
        orders = line._get_assembly_orders("confirmed").filtered(
            lambda order: order._has_not_started()
        )
        open_quantity = sum(order._get_open_quantity() for order in orders)
        given_back = min(surplus, open_quantity)
        line._get_first_open_moves("assembly")._reduce_demand(given_back)
        for order in orders.sorted("id", reverse=True):
            if compare(given_back, 0.0) > 0:
                taken = order._shrink_for_sale_line(given_back)
                given_back, surplus = given_back - taken, surplus - taken
        if compare(surplus, 0.0) <= 0:
            return
        if line._get_open_assembly_quantity() or line.qty_to_assemble_to_order:
            raise UserError(line._get_started_message(surplus))
        line._give_up_waiting_units(surplus)

    def _get_open_assembly_quantity(self):
        """R: what linked orders still make for the line, in the product's unit."""
        self.ensure_one()
        orders = self._get_assembly_orders("confirmed", "progress", "to_close")
        return sum(order._get_open_quantity() for order in orders)

    def _get_orders_to_assemble_now(self, units):
        """Which linked orders make the next `units` of the product.

        Those that nobody has started come first.

        :return: {mrp.production: quantity, in product units}
        """
        self.ensure_one()
        chosen = {}
        orders = self._get_assembly_orders("confirmed", "progress", "to_close")
        for order in orders.sorted(lambda o: (not o._has_not_started(), o.id)):
            quantity = min(units, order._get_open_quantity())
            if self.product_id.uom_id.compare(quantity, 0.0) > 0:
                chosen[order] = quantity
                units -= quantity
        return chosen

    def _give_up_waiting_units(self, quantity):
        """Make units that were assembled for the line, and wait, ordinary stock."""
        self.ensure_one()
        self._get_first_open_moves("assembly")._reduce_demand(quantity)
        self.qty_given_up += quantity

    def _get_started_message(self, surplus):
        self.ensure_one()
        return self.env._(
            "%(product)s on %(order)s: %(surplus)s %(uom)s cannot be taken back from "
            "assembly order %(assembly_order)s, which has started. Let it finish, or "
            "have it cancelled first.",
            product=self.product_id.display_name,
            order=self.order_id.name,
            surplus=formatLang(self.env, surplus, dp="Product Unit"),
            uom=self.product_id.uom_id.name,
            assembly_order=", ".join(
                self._get_assembly_orders("confirmed", "progress", "to_close").mapped(
                    "name"
                )
            ),
        )

    def _set_assembly_part(self, units):
        """Set the quantity to assemble to the `units` of the product there can be."""
        self.ensure_one()
        line = self.with_context(ato_line_decides=True)
        line.qty_to_assemble_to_order = line._to_line_unit(max(units, 0.0))

    def _assemble_less(self, quantity, assembly_order=None):
        """Take from stock what is not assembled, or was taken away.

        :param quantity: in the unit of the product
        :param assembly_order: the order whose planner decided so, if one did
        """
        self.ensure_one()
        self._set_assembly_part(self._get_part_quantities().assembly - quantity)
        orders = assembly_order or self.assembly_order_ids
        self._warn_salesperson(
            self.env._(
                "%(assembly_order)s: %(quantity)s %(uom)s of %(product)s less than was "
                "assembled, or to be assembled, for this order. They are taken from "
                "stock now: see whether there is enough, or have them assembled again.",
                assembly_order=", ".join(orders.mapped("name")),
                quantity=formatLang(self.env, quantity, dp="Product Unit"),
                uom=self.product_id.uom_id.name,
                product=self.product_id.display_name,
            )
        )

    def _warn_salesperson(self, note):
        """Leave an activity on the order for its salesperson."""
        self.ensure_one()
        self.order_id.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self.order_id.user_id.id or self.env.uid,
            note=note,
        )

    def _stop_undelivered_assembly(self):
        """Assemble no more than the deliveries of the lines still ask for.

        A delivery was cancelled, its rest was given up, or more was delivered from
        stock than asked for. Units that are made and not asked for become stock.
        """
        if self.env.context.get("ato_order_cancelled"):
            return
        for line in self.with_user(SUPERUSER_ID).filtered(lambda o: o.state == "sale"):
            asked = line._get_asked_assembly()
            stopped = line._get_outstanding_assembly() - asked
            if line.product_id.uom_id.compare(stopped, 0.0) > 0:
                line._stop_assembly(asked, stopped)

    def _take_all_from_stock(self):
        """Assemble nothing more for the lines: what is left is taken from stock.

        Unlike when A is set to 0, orders that have started are no obstacle: they go
        on for stock, without a link.
        """
        for line in self.with_user(SUPERUSER_ID):
            line = line.with_context(ato_line_decides=True)
            outstanding = line._get_outstanding_assembly()
            if line.product_id.uom_id.compare(outstanding, 0.0) <= 0:
                continue
            if line.state == "sale":
                line._stop_assembly(0.0, outstanding)
                line._rebalance_parts()
            else:
                line._set_assembly_part(0.0)

    def _get_outstanding_assembly(self):
        """P in the unit of the product."""
        self.ensure_one()
        shipped = self._get_shipped_assembled_units()
        return max(self._get_part_quantities().assembly - shipped, 0.0)

    def _get_assembled_first_message(self, behind):
        """Why nothing leaves from stock yet, with `behind` units of the product."""
        self.ensure_one()
        return self.env._(
            "%(product)s on %(order)s: %(behind)s %(uom)s assembled to order have not "
            "left, and warehouse %(warehouse)s ships those first. Ship them before, or "
            "together with, what is taken from stock.",
            product=self.product_id.display_name,
            order=self.order_id.name,
            behind=formatLang(self.env, behind, dp="Product Unit"),
            uom=self.product_id.uom_id.name,
            warehouse=self.warehouse_id.display_name,
        )

    def _get_asked_assembly(self):
        """What deliveries still ask for of the assembly part, in product units.

        Never more than what is outstanding of the whole line.
        """
        self.ensure_one()
        shipped = self._get_shipped_assembled_units()
        asked = self._get_procured_parts().assembly - shipped
        return max(min(asked, self._get_outstanding_quantity()), 0.0)

    def _stop_assembly(self, asked, stopped):
        """Keep the assembly of `asked`, in product units; `stopped` are too many.

        Orders that have started go on for stock, without a link.
        """
        self.ensure_one()
        demand = self._get_first_open_moves("assembly")
        demand._reduce_demand(demand._get_procured_quantity() - asked)
        waiting = self._get_waiting_quantity()
        self.qty_given_up += max(waiting - asked, 0.0)
        surplus = self._get_open_assembly_quantity() - max(asked - waiting, 0.0)
        # what an order that has left would have made of `asked` is asked for anew
        anew = self._take_back_from_orders(surplus)
        demand._reduce_demand(anew)
        shipped = self._get_shipped_assembled_units()
        keeping = self.with_context(skip_procurement=True)
        keeping._set_assembly_part(shipped + asked - anew)
        if self.product_id.uom_id.compare(anew, 0.0) > 0:
            self._set_assembly_part(shipped + asked)
        self._warn_salesperson(
            self.env._(
                "%(quantity)s %(uom)s of %(product)s are not delivered to this order "
                "any more; their assembly was stopped.",
                quantity=formatLang(self.env, stopped, dp="Product Unit"),
                uom=self.product_id.uom_id.name,
                product=self.product_id.display_name,
            )
        )

    def _take_back_from_orders(self, surplus):
        """Have linked orders make `surplus` less, in product units, the newest first.

        Orders that have started go on for stock, without a link.

        :return: what they would have made beyond `surplus`
        """
        self.ensure_one()
        for order in self._get_open_assembly_orders().sorted("id", reverse=True):
            if self.product_id.uom_id.compare(surplus, 0.0) > 0:
                surplus -= order._shrink_for_sale_line(surplus) or order._leave_line()
        return max(-surplus, 0.0)

    def _cancel_assembly_orders(self):
        """Stop what the lines have assembled; units that are made become free stock.

        Orders that have started go on for stock, without a link: they are left to
        their planner, whom Odoo tells. A second life of the lines starts anew.
        """
        self._get_draft_assembly_orders()._remove_from_quotation()
        self._get_assembly_orders("confirmed")._cancel_for_sale_line()
        for line in self.sudo().filtered("assembly_order_ids"):
            line.qty_given_up += max(line._get_waiting_quantity(), 0.0)
            for order in line._get_open_assembly_orders():
                order._leave_line()
                line._post_left_order(order)

    def _post_left_order(self, order):
        """Tell in the chatter that `order` goes on without the line."""
        self.order_id.message_post(
            body=self.env._(
                "%(assembly_order)s has started: what it makes of %(product)s becomes "
                "free stock.",
                assembly_order=order.name,
                product=order.product_id.display_name,
            )
        )

    def action_open_assembly_components(self):
        """Open the components of the line's assembly order in a dialog (R162).

        :raises UserError: when no assembly order is there or can still be changed
        """
        self.ensure_one()
        self.order_id.check_access("read")
        self._check_field_access(self._fields["assembly_order_ids"], "read")
        orders = self._get_open_assembly_orders()
        if not orders:
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s has no open assembly order. It is there "
                    "once Qty. to Assemble to Order is set and the line is saved.",
                    product=self.product_id.display_name,
                    order=self.order_id.display_name,
                )
            )
        return orders._get_components_action()
