# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ... import split
from ...private_context import sanitized
from ...sent import check_one

ORDER_FOLLOWS_LINE = frozenset(
    {
        "product_id",
        "product_no_variant_attribute_value_ids",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
        "order_id",
        "customer_lead",
        "route_ids",
        "warehouse_id",
        # of other add-ons
        "bom_id",
        "commitment_date",
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
            # what is to be assembled may be about to be computed from this
            units = split.assembled(line._get_made_units(), line.qty_given_up)
            line.qty_assembled = line._to_line_unit(units)

    def _as_superuser(self):
        """The lines as those who make their documents: these are nobody's own.

        sudo: manufacturing documents and moves are closed to salespeople. Called by
        methods that no client can call, on lines that the user has changed, or whose
        documents have changed; nothing that a client sent as default comes along.
        """
        return sanitized(self).with_user(SUPERUSER_ID)

    def _get_assembly_orders(self, *states):
        """Linked orders in one of `states`, as superuser."""
        orders = self._with_documents().assembly_order_ids
        return orders.filtered(lambda order: order.state in states)

    def _get_open_assembly_orders(self):
        """Linked orders that are still to make something."""
        orders = self._with_documents().assembly_order_ids
        return orders.filtered(lambda order: order.state not in ("done", "cancel"))

    def _get_draft_assembly_orders(self):
        """Linked orders that only a quotation asks for."""
        orders = self._with_documents().assembly_order_ids
        return orders.filtered(lambda order: order.state == "draft")

    def _sync_draft_assembly_orders(self):
        """Make the draft assembly orders what the quotation lines ask for (R26, R27).

        Orders are created for all lines at once, follow quantity, unit, warehouse
        and date keeping the user's components, and are removed when nothing is
        to be assembled, the product is another, or the line is no quotation's.
        """
        lines = self._as_superuser().filtered("product_id")
        # confirmed lines may wait for somebody to ask for them: see `_follow_held_back`
        lines = lines.filtered(lambda line: line.state != "sale")
        wanted = lines.filtered(lambda line: line._needs_draft_assembly_order())
        drafts = lines._get_draft_assembly_orders()
        kept = drafts.filtered(
            lambda order: order.ato_sale_line_id in wanted
            and order._is_of_line_product()
        )
        (drafts - kept)._remove_from_quotation()
        kept._follow_sale_lines()
        orders = (wanted - kept.ato_sale_line_id)._create_assembly_orders()
        orders._remember_bill()
        orders._take_over_changes()

    def _needs_draft_assembly_order(self):
        """Whether the line wants a draft order now."""
        self.ensure_one()
        return (
            self.state in ("draft", "sent")
            and self.qty_to_assemble_to_order > 0
            and self.company_id.assembly_order_creation == "quotation"
            and not self._follows_missing()  # may be another figure when confirmed
            and self.product_id.uom_id.compare(self._get_lacking_assembly_units(), 0.0)
            > 0
        )

    def _get_part_units(self):
        """The ordered quantity by source, in the unit of the product.

        Both parts add up to the ordered quantity whatever the units: the stock part
        is the remainder.
        """
        self.ensure_one()
        product_uom, quantity = self.product_id.uom_id, self.product_uom_qty
        if self.product_uom_id != product_uom:
            quantity = self.product_uom_id._compute_quantity(
                quantity, product_uom, round=False
            )
        # whole figures stay as they are
        if not float(quantity).is_integer():
            quantity = product_uom.round(quantity)
        units = self._to_product_units(self.qty_to_assemble_to_order)
        return split.parts(quantity, min(units, quantity))

    def _to_product_units(self, quantity):
        """The units of the product that a figure typed on the line stands for."""
        self.ensure_one()
        product_uom = self.product_id.uom_id
        if self.product_uom_id == product_uom:
            is_whole = float(quantity).is_integer()
            return quantity if is_whole else product_uom.round(quantity)
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
            quantities = {line: line._get_lacking_assembly_units() for line in self}
        # with their components and finished moves, whatever a client has sent
        orders = (
            self._as_superuser()
            .env["mrp.production"]
            .with_context(skip_compute_move_raw_ids=False, ignore_mo_ids=[])
        )
        boms = self._get_assembly_boms()
        for line in self.filtered(lambda line: line not in boms):
            raise UserError(line._get_not_assembled_message())
        references = self.order_id._get_assembly_references()
        for company, lines in self.grouped("company_id").items():
            created = orders.with_company(company).create(
                [
                    line._prepare_assembly_order_vals(
                        quantities[line], boms[line], references[line.order_id]
                    )
                    for line in lines
                ]
            )
            created._create_moves_at_once()
            orders |= created
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
        # the customer of a quotation does not see its order: see `action_confirm`
        del values["sale_line_id"]
        for name in line._get_stock_part_values():
            values.pop(name, None)
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
        # those of all orders are made at once: see `_create_moves_at_once`
        vals = {"move_raw_ids": [], "move_finished_ids": [], **vals}
        vals.update(line._prepare_bin_vals(vals))
        if lots := line._get_lots_to_make():
            vals["lot_producing_ids"] = lots.ids
        return vals

    def _get_assembled_on_shelf(self, delivery):
        """Units made for the line that `delivery` may have, in product units.

        What it holds already is among them; what the line's other deliveries hold, what
        is kept until a delivery asks for it, or is under way, is not. What an earlier
        life of the order has left between the shelf and the customer is nobody's (E11).
        """
        self.ensure_one()
        others = self._get_first_open_moves("assembly")
        others |= delivery.move_orig_ids.move_dest_ids._filter_keeping()
        taken = self._get_delivery_parts()["assembly"].under_way
        taken += (others - delivery)._get_held_units()
        return max(self._get_figures().waiting - taken, 0.0)

    def _get_storing_moves(self):
        """Open moves that bring to the shelf what is made for the line."""
        self.ensure_one()
        made = self.assembly_order_ids._get_finished_moves_for_line()
        storing = made.move_dest_ids._filter_storing()
        return storing and storing._filter_open()  # which is seldom so

    def _get_lacking_assembly_units(self):
        """What no linked order makes yet of the part to assemble, in product units."""
        self.ensure_one()
        figures = self._get_figures()
        in_hand = figures.made - figures.given_up + self._get_producing_units()
        return figures.to_assemble - in_hand

    def _get_producing_units(self):
        """What linked orders still make for the line, in the product's unit."""
        self.ensure_one()
        orders = self._get_assembly_orders("confirmed", "progress", "to_close")
        return sum(order._get_producing_units() for order in orders)

    def _get_orders_where_it_assembles(self, orders):
        """Those of `orders` that are where the line is to be assembled now.

        The warehouse of a confirmed sales order may be changed: what was asked for
        before stays where it is.
        """
        self.ensure_one()
        if not orders:
            return orders
        warehouse = self.warehouse_id._get_assembly_rule().picking_type_id.warehouse_id
        return orders.filtered(
            lambda order: order.picking_type_id.warehouse_id == warehouse
            and order.company_id == self.company_id
        )

    def _get_orders_to_assemble_now(self, units):
        """Which linked orders make the next `units` of the product.

        Those that nobody has started come first.

        :return: {mrp.production: quantity, in product units}
        """
        self.ensure_one()
        chosen = {}
        orders = self._get_assembly_orders("confirmed", "progress", "to_close")
        for order in orders.sorted(lambda o: (not o._has_not_started(), o.id)):
            quantity = min(units, order._get_producing_units())
            if self.product_id.uom_id.compare(quantity, 0.0) > 0:
                chosen[order] = quantity
                units -= quantity
        return chosen

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

    def action_open_assembly_components(self):
        """Open the components of the line's assembly order in a dialog (R162).

        :raises UserError: when no assembly order is there or can still be changed
        """
        check_one(self)
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
