# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from .. import split
from ..sent import Quantity


class AssemblyShipmentLine(models.TransientModel):
    """What leaves of one order line, by source."""

    _name = "assembly.shipment.line"
    _inherit = "assembly.dialog"
    _description = "Line to Assemble and Ship"
    _source_path = "shipment_id"

    shipment_id = fields.Many2one(
        comodel_name="assembly.shipment",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Dialog that the row belongs to.",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Order line that is shipped.",
    )
    product_id = fields.Many2one(
        related="sale_line_id.product_id",
        help="Product that is shipped.",
    )
    product_uom_id = fields.Many2one(
        related="sale_line_id.product_uom_id",
        string="Unit",
        help="Unit of the order line, in which all quantities of the row are.",
    )
    ordered_qty = fields.Float(
        related="sale_line_id.product_uom_qty",
        string="Ordered",
        help="Ordered quantity, in the unit of the line.",
    )
    shipped_qty = fields.Float(
        related="sale_line_id.qty_delivered",
        string="Shipped",
        help="Delivered so far, less returns, in the unit of the line.",
    )
    stock_outstanding_qty = fields.Float(
        string="Open from Stock",
        digits="Product Unit",
        compute="_compute_outstanding",
        compute_sudo=True,
        help="What the transfer is still to take from stock, in the unit of the line.",
    )
    assembly_outstanding_qty = fields.Float(
        string="Open from Assembly",
        digits="Product Unit",
        compute="_compute_outstanding",
        compute_sudo=True,
        help="What the transfer is still to take from assembly, in the unit of the "
        "line.",
    )
    qty_to_ship = Quantity(
        string="To Ship",
        digits="Product Unit",
        compute="_compute_qty_to_ship",
        store=True,
        precompute=True,
        readonly=False,
        help="Quantity that leaves now, in the unit of the line.",
    )
    qty_from_assembly = Quantity(
        string="From Assembly",
        digits="Product Unit",
        compute="_compute_qty_from_assembly",
        store=True,
        precompute=True,
        readonly=False,
        help="Part of the quantity to ship, in the unit of the line, that is assembled "
        "to order. Assembled units leave first, unless you enter less.",
    )
    proposed_from_assembly = Quantity(
        digits="Product Unit",
        compute="_compute_qty_from_assembly",
        store=True,
        precompute=True,
        readonly=False,
        help="What was last proposed to come from assembly, in the unit of the line.",
    )
    min_qty_from_assembly = fields.Float(
        string="At Least",
        digits="Product Unit",
        compute="_compute_bounds",
        compute_sudo=True,
        help="Smallest quantity, in the unit of the line, that may come from assembly: "
        "what the part to take from stock cannot cover.",
    )
    max_qty_from_assembly = fields.Float(
        string="At Most",
        digits="Product Unit",
        compute="_compute_bounds",
        compute_sudo=True,
        help="Largest quantity, in the unit of the line, that may come from assembly.",
    )
    allowed_range = fields.Char(
        string="Allowed",
        compute="_compute_bounds",
        compute_sudo=True,
        help="Smallest and largest quantity, in the unit of the line, that may come "
        "from assembly.",
    )
    qty_from_stock = fields.Float(
        string="From Stock",
        digits="Product Unit",
        compute="_compute_qty_from_stock",
        help="Part of the quantity to ship, in the unit of the line, that is taken "
        "from stock.",
    )
    qty_to_assemble = fields.Float(
        string="Assemble Now",
        digits="Product Unit",
        compute="_compute_qty_to_assemble",
        compute_sudo=True,
        help="Quantity, in the unit of the line, that is assembled when you ship: the "
        "part from assembly that nobody has made yet.",
    )
    needs_lots = fields.Boolean(
        compute="_compute_qty_to_assemble",
        compute_sudo=True,
        help="What is assembled now gets lots or serial numbers.",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots/Serials",
        compute="_compute_lot_ids",
        store=True,
        readonly=False,
        help="Lot, or as many serial numbers as units, for what is assembled now.",
    )
    remark = fields.Text(
        compute="_compute_remark",
        compute_sudo=True,
        help="What keeps the quantities from being shipped, or was changed in them.",
    )
    adjustment = fields.Char(
        compute="_compute_qty_from_assembly",
        store=True,
        precompute=True,
        readonly=False,
        help="How the quantity from assembly was changed to suit the quantity to ship.",
    )

    @api.depends("sale_line_id", "shipment_id.picking_id")
    def _compute_outstanding(self):
        for row in self:
            row.stock_outstanding_qty, row.assembly_outstanding_qty = (
                row.sale_line_id._to_line_unit(
                    sum(row._get_moves(part).mapped("product_qty"))
                )
                for part in ("stock", "assembly")
            )

    @api.depends("stock_outstanding_qty", "assembly_outstanding_qty")
    def _compute_qty_to_ship(self):
        """What can leave of all that is open (R47); of other products what is held."""
        for row in self:
            row.qty_to_ship = row._get_proposed_qty()

    @api.depends("qty_to_ship")
    def _compute_qty_from_assembly(self):
        """Keep what somebody entered while it is possible, else say so (W10)."""
        for row in self:
            unit, bounds = row.product_uom_id, row._get_bounds()
            old = row.qty_from_assembly
            proposed = row._get_proposed_from_assembly(bounds)
            row.qty_from_assembly = proposed
            row.adjustment = False
            if unit.compare(old, row.proposed_from_assembly) != 0:
                row.qty_from_assembly = split.nearest(old, bounds, unit)
                row.adjustment = row._get_adjustment(old)
            row.proposed_from_assembly = proposed

    @api.depends("qty_to_ship", "stock_outstanding_qty", "assembly_outstanding_qty")
    def _compute_bounds(self):
        for row in self:
            bounds = row._get_bounds()
            row.min_qty_from_assembly, row.max_qty_from_assembly = bounds
            row.allowed_range = row._format_range(bounds)

    @api.depends("qty_to_ship", "qty_from_assembly")
    def _compute_qty_from_stock(self):
        for row in self:
            row.qty_from_stock = split.parts(
                row.qty_to_ship, row.qty_from_assembly
            ).stock

    @api.depends("qty_from_assembly", "sale_line_id")
    def _compute_qty_to_assemble(self):
        for row in self:
            units = row._get_units_to_assemble()
            row.qty_to_assemble = row.sale_line_id._to_line_unit(units)
            row.needs_lots = units > 0 and row.product_id.tracking != "none"

    @api.depends("sale_line_id")
    def _compute_lot_ids(self):
        """What the planner has noted already."""
        for row in self:
            orders = row.sale_line_id._get_open_assembly_orders()
            row.lot_ids = orders.lot_producing_ids

    @api.depends("qty_to_ship", "qty_from_assembly", "adjustment")
    def _compute_remark(self):
        for row in self:
            remarks = row._get_impossible() or [
                *row._get_obstacles(row._get_units_in_question()),
                *filter(None, [row.adjustment]),
            ]
            row.remark = "\n".join(remarks) or False

    def onchange(self, values, field_names, fields_spec):
        """What the row shows for `values`.

        :raises UserError: when it is of no order line
        """
        line = values.get("sale_line_id") or self.env.context.get(
            "default_sale_line_id"
        )
        if not self and not line:
            raise UserError(
                self.env._("A row ships an order line: open the dialog of a transfer.")
            )
        return super().onchange(values, field_names, fields_spec)

    def _check_may_name(self, field, records):
        """Whoever may read a transfer of an order line may ship the line."""
        if field.name == "sale_line_id":
            # whether the user may read their transfers is asked
            pickings = records._with_documents().move_ids.picking_id.sudo(False)
            moves = pickings._filtered_access("read").move_ids
            records -= moves._with_line().sale_line_id
        return super()._check_may_name(field, records)

    @api.constrains("shipment_id", "sale_line_id")
    def _check_row(self):
        """One row for each order line of the transfer."""
        self.shipment_id._check_rows()

    def _get_moves(self, part):
        """Open moves of the transfer for one part of the line, or the whole of it."""
        self.ensure_one()
        moves = self.shipment_id.picking_id._get_open_moves()._with_line()
        return moves.filtered(
            lambda move: move.sale_line_id == self.sale_line_id
            and (move.ato_supply or "stock") == part
        )

    def _get_outstanding(self):
        """N and P of the transfer, in the unit of the line."""
        self.ensure_one()
        return split.Parts(self.stock_outstanding_qty, self.assembly_outstanding_qty)

    def _get_outstanding_qty(self):
        self.ensure_one()
        units = sum(self._get_asked_units())
        return self.sale_line_id._to_line_unit(units)

    def _get_bounds(self):
        """What may come from assembly of what leaves now (R42, R43, R130)."""
        self.ensure_one()
        return split.shipment_bounds(
            min(self._get_outstanding_qty(), self.qty_to_ship),
            self._get_outstanding(),
            self.product_uom_id,
            assembled_first=self._ships_assembled_first(),
        )

    def _ships_assembled_first(self):
        """Whether the rule of the warehouse is that no stock leaves before (R130)."""
        self.ensure_one()
        warehouse = self.shipment_id.picking_id.location_id.warehouse_id
        return warehouse.ato_ship_first == "strict"

    def _get_units(self):
        """What leaves now by source, in the unit of the product."""
        self.ensure_one()
        line = self.sale_line_id._with_documents()
        shipped, assembled = (
            line._to_product_units(qty)
            for qty in (self.qty_to_ship, self.qty_from_assembly)
        )
        return split.parts(shipped, min(assembled, shipped))

    def _get_units_to_assemble(self, units=None):
        """What has to be made before it can leave, in the unit of the product.

        :param units: what leaves by source, as the row says unless told
        """
        self.ensure_one()
        return split.to_assemble_now(
            (units or self._get_units()).assembly,
            self._get_assembled_on_shelf() - self._get_owed_units(),
            self.product_id.uom_id,
        )

    @api.constrains("qty_to_ship", "qty_from_assembly")
    def _check_quantities(self):
        """:raises ValidationError: with what may be entered (R44, R46)"""
        for row in self:
            if impossible := row._get_impossible():
                raise ValidationError("\n".join(impossible))

    def _get_impossible(self):
        """What no transfer could ship, whatever is at hand: a list of one sentence."""
        self.ensure_one()
        unit = self.product_uom_id
        open_qty = self._get_outstanding_qty()
        if self.qty_to_ship < 0 or unit.compare(self.qty_to_ship, open_qty) > 0:
            return [self._get_to_ship_message(open_qty)]
        bounds = self._get_bounds()
        nearest = split.nearest(self.qty_from_assembly, bounds, unit)
        if unit.compare(nearest, self.qty_from_assembly) != 0:
            return [self._get_from_assembly_message(bounds)]
        return []

    def _get_to_ship_message(self, open_qty):
        self.ensure_one()
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s cannot be shipped. Choose from 0 "
            "to %(open)s, which is what %(transfer)s has left to ship.",
            quantity=self._format_qty(self.qty_to_ship),
            open=self._format_qty(open_qty),
            transfer=self.shipment_id.picking_id.name,
            **self._get_names(),
        )

    def _get_from_assembly_message(self, bounds):
        self.ensure_one()
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s cannot come from assembly when "
            "%(shipped)s are shipped. Choose from %(lower)s to %(upper)s, or change "
            "the quantity to ship.",
            quantity=self._format_qty(self.qty_from_assembly),
            shipped=self._format_qty(self.qty_to_ship),
            lower=self._format_qty(bounds.lower),
            upper=self._format_qty(bounds.upper),
            **self._get_names(),
        )

    def _get_adjustment(self, old):
        """How the quantity from assembly had to change from `old`, if it had to."""
        self.ensure_one()
        if self.product_uom_id.compare(old, self.qty_from_assembly) == 0:
            return False
        return self.env._(
            "%(product)s on %(order)s: from assembly %(old)s changed to %(new)s, the "
            "nearest possible.",
            old=self._format_qty(old),
            new=self._format_qty(self.qty_from_assembly),
            **self._get_names(),
        )

    def _format_range(self, bounds):
        self.ensure_one()
        lower, upper = (
            formatLang(self.env, bound, dp="Product Unit") for bound in bounds
        )
        return lower if lower == upper else f"{lower} – {upper}"

    def _format_qty(self, quantity):
        return self.sale_line_id._with_documents()._format_line_qty(quantity)

    def _get_names(self):
        self.ensure_one()
        return {
            "product": self.product_id.display_name,
            "order": self.sale_line_id._with_documents().order_id.name,
        }

    def _get_obstacles(self, units):
        """What keeps `units`, by source, from being shipped now, a sentence each."""
        self.ensure_one()
        to_assemble = self._get_units_to_assemble(units)
        orders = self._get_orders_to_assemble(to_assemble)
        obstacles = [
            shortage
            for order, quantity in orders.items()
            for shortage in order._get_component_shortages(quantity)
        ]
        obstacles += self._get_detours(orders)
        ready = split.Parts(units.stock, units.assembly - to_assemble)
        for part, needed in ready._asdict().items():
            available = sum(
                move._get_obtainable_units() for move in self._get_moves(part)
            )
            if self.product_id.uom_id.compare(available, needed) < 0:
                obstacles.append(self._get_shortage_message(part, needed, available))
        return obstacles

    def _get_orders_to_assemble(self, units):
        """Which orders make `units` of the product now: {order: quantity}"""
        self.ensure_one()
        line = self.sale_line_id._with_documents()
        return line._get_orders_to_assemble_now(units)

    def _get_detours(self, orders):
        """Why what `orders` assemble now does not get straight to the transfer."""
        self.ensure_one()
        moves = self._get_moves("assembly")
        return [
            self.env._(
                "What %(assembly_order)s makes is moved to %(location)s first: produce "
                "it, validate its transfers, then ship.",
                assembly_order=order.name,
                location=moves.location_id.display_name,
            )
            for order in orders
            if not order.location_dest_id._child_of(moves.location_id)
        ]

    def _get_shortage_message(self, part, needed, available):
        """What is short, needed and available in the unit of the product."""
        self.ensure_one()
        moves = self._get_moves(part)
        if not moves:
            return self.env._(
                "%(product)s on %(order)s has changed since the dialog was opened. "
                "Open it again.",
                **self._get_names(),
            )
        figures = {
            "needed": formatLang(self.env, needed, dp="Product Unit"),
            "available": formatLang(self.env, max(available, 0.0), dp="Product Unit"),
            "uom": self.product_id.uom_id.name,
            "location": moves.location_id.display_name,
            **self._get_names(),
        }
        if part == "stock":
            return self.env._(
                "%(product)s on %(order)s: %(needed)s %(uom)s needed from stock, "
                "%(available)s available in %(location)s. Ship less, or assemble more "
                "to order.",
                **figures,
            )
        return self.env._(
            "%(product)s on %(order)s: %(needed)s %(uom)s needed from assembly, "
            "%(available)s available in %(location)s. Validate %(transfers)s first, or "
            "ship less.",
            transfers=", ".join(moves._get_bringing_transfers().mapped("name"))
            or self.env._("the transfers that bring them"),
            **figures,
        )

    def _assemble(self):
        """Have made what is missing, all in one go.

        :raises UserError: with every obstacle of every row, before anything is made
        """
        quantities, lots = {}, {}
        obstacles = []
        for row in self:
            orders = row._get_orders_to_assemble(row._get_units_to_assemble())
            quantities.update(orders)
            obstacles += row._get_detours(orders)
            lots.update(row._share_lots(orders))
        if obstacles:
            raise UserError("\n".join(obstacles))
        # whoever may ship may have made what leaves with it
        line = self.sale_line_id._with_documents()
        orders = line.env["mrp.production"].union(*quantities)
        orders._assemble_for_delivery(quantities, lots)
        # so that undoing the shipment takes them apart again
        orders.ato_shipment_id = self.shipment_id.picking_id

    def _share_lots(self, orders):
        """Give each of the orders its lots: {order: stock.lot}

        :param orders: {order: quantity to make}
        :raises UserError: when there are not as many as needed
        """
        self.ensure_one()
        lots = self.lot_ids
        tracking = self.product_id.tracking
        if tracking != "serial":
            self._check_lot_count(
                lots, 1 if orders and tracking == "lot" else len(lots)
            )
            return dict.fromkeys(orders, lots)
        self._check_lot_count(lots, int(sum(orders.values())))
        shared = {}
        for order, quantity in orders.items():
            shared[order], lots = lots[: int(quantity)], lots[int(quantity) :]
        return shared

    def _check_lot_count(self, lots, needed):
        """:raises UserError: when lots or serial numbers are missing, or too many"""
        self.ensure_one()
        if len(lots) == needed:
            return
        raise UserError(
            self.env._(
                "%(product)s on %(order)s: enter %(needed)s lots or serial numbers for "
                "what is assembled now, not %(entered)s.",
                needed=needed,
                entered=len(lots),
                **self._get_names(),
            )
        )

    def _take_parts(self):
        """Have each part leave with the quantity asked for.

        :return: a sentence for each part that is short
        """
        self.ensure_one()
        shortages = []
        for part, needed in self._get_units()._asdict().items():
            missing = self._get_moves(part).sudo(False)._ship_exactly(needed)
            if self.product_id.uom_id.compare(missing, 0.0) > 0:
                shortages.append(
                    self._get_shortage_message(part, needed, needed - missing)
                )
        return shortages

    def _get_shared_shortages(self):
        """What these rows, each of which could leave, lack of the stock they share.

        :return: a list of sentences
        """
        free, shortages = {}, []
        for row in self:
            needed, moves = row._get_units().stock, row._get_moves("stock")
            lacking = needed - moves._get_held_units()
            if moves.move_orig_ids or row.product_id.uom_id.compare(lacking, 0.0) <= 0:
                continue
            place = row.product_id, moves.location_id
            if place not in free:
                free[place] = row._get_free_stock(moves.location_id)
            left = free[place]
            if row.product_id.uom_id.compare(left, lacking) < 0:
                available = needed - lacking + left
                shortages.append(row._get_shortage_message("stock", needed, available))
            free[place] -= min(left, lacking)
        return shortages

    def _get_free_stock(self, locations):
        """What lies there and nobody holds, in units of the product."""
        self.ensure_one()
        quants, product = self.env["stock.quant"], self.product_id
        return sum(quants._get_available_quantity(product, o) for o in locations)

    def _share_stock(self, held):
        """Leave to each other what was free and is not needed for what is to leave.

        :param held: {move: units of the product} that were held before all was
        """
        short = self.filtered(lambda row: row._get_missing_stock() > 0)
        if short:
            (self - short)._leave_to_others(held)
        for row in short:
            row._get_moves("stock").sudo(False)._action_assign()
            row._leave_to_others(held)

    def _get_missing_stock(self):
        """What is needed from stock and not held, in units of the product."""
        self.ensure_one()
        units = self._get_units().stock - self._get_moves("stock")._get_held_units()
        return self.product_id.uom_id.round(units)

    def _leave_to_others(self, held):
        """Let go of what is not needed, but not of what was held before, as told."""
        for row in self:
            surplus = -row._get_missing_stock()
            for move in row._get_moves("stock").sudo(False):
                taken = min(surplus, move._get_held_units() - held[move])
                if row.product_id.uom_id.compare(taken, 0.0) > 0:
                    move._let_go(taken)
                    surplus -= taken
