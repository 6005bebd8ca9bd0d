# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang
from odoo.tools.sql import column_exists, create_column

from ... import split

BIN_FOLLOWS = frozenset(
    {
        "bin_location_id",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
    }
)
BINS_NAMED = 3


class SaleOrderLine(models.Model):
    """The bin of the line: proposed, chosen, and what is wrong with it (R88 to R96)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    bin_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Bin",
        compute="_compute_bin_location_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        domain="[('warehouse_id', '=', warehouse_id), ('usage', '=', 'internal')]",
        groups="base.group_user",
        help="Place in the warehouse that the line is served from. Of a line wholly "
        "assembled to order, where its units come out; else where its stock part is. "
        "It is a proposal until somebody chooses: then the stock part is taken from "
        "here first. Empty it to have it proposed again.",
    )
    bin_proposal_id = fields.Many2one(
        comodel_name="stock.location",
        string="Proposed Bin",
        compute="_compute_bin_location_id",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="The bin as it was last proposed. Another bin on the line was chosen by "
        "somebody, and stays.",
    )
    bin_warning = fields.Text(
        compute="_compute_bin_warning",
        compute_sudo=True,
        search="_search_bin_warning",
        groups="base.group_user",
        help="What is wrong with the bin of the line, empty when nothing is.",
    )

    def _auto_init(self):
        """Propose nothing for the lines that exist at installation."""
        for name in ("bin_location_id", "bin_proposal_id"):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, "int4")
        return super()._auto_init()

    # The proposal, and the choice

    @api.depends(
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
        "warehouse_id",
    )
    def _compute_bin_location_id(self):
        chosen = self.filtered(lambda line: line._keeps_bin())
        proposals = (self - chosen)._get_proposed_bins()
        for line in self - chosen:
            line.bin_location_id = line.bin_proposal_id = proposals[line]
        for line in chosen:
            line.bin_location_id = line.bin_location_id
            line.bin_proposal_id = line.bin_proposal_id

    def _has_chosen_bin(self):
        """Whether somebody has chosen the bin of the line."""
        self.ensure_one()
        return bool(self.bin_location_id) and (
            self.bin_location_id != self.bin_proposal_id
        )

    def _keeps_bin(self):
        """Whether the bin was chosen and may stay: not in another company."""
        self.ensure_one()
        company = self.bin_location_id.sudo().company_id
        return self._has_chosen_bin() and company in (
            self.company_id,
            self.env["res.company"],
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._mark_chosen_bin(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._mark_chosen_bin(vals)
        if not BIN_FOLLOWS.intersection(vals):
            return super().write(vals)
        before = {line: line._get_output_bin() for line in self}
        res = super().write(vals)
        if "bin_location_id" in vals:
            if not vals["bin_location_id"]:
                self._propose_bins()
            self._prefer_chosen_bin()
        self._follow_output_bins(before)
        return res

    def _mark_chosen_bin(self, vals):
        """Take a bin for chosen unless it comes together with its proposal.

        The form sends both; what anybody else writes is a choice, also when it is
        what would have been proposed.
        """
        if "bin_location_id" in vals and "bin_proposal_id" not in vals:
            return {**vals, "bin_proposal_id": False}
        return vals

    def copy_data(self, default=None):
        """Propose anew for the copy what nobody chose."""
        vals_list = super().copy_data(default=default)
        for line, vals in zip(self, vals_list, strict=True):
            if not line._has_chosen_bin() and "bin_location_id" not in (default or {}):
                vals.pop("bin_location_id", None)
                vals.pop("bin_proposal_id", None)
        return vals_list

    def _get_protected_fields(self):
        return super()._get_protected_fields() + ["bin_location_id"]

    def _propose_bins(self, places=None):
        """Give the lines the bins that are proposed now.

        :param places: as from `_get_bin_places`
        """
        for line, proposal in self._get_proposed_bins(places).items():
            if proposal != line.bin_location_id or line._has_chosen_bin():
                line.write(
                    {"bin_location_id": proposal.id, "bin_proposal_id": proposal.id}
                )

    def _get_proposed_bins(self, places=None):
        """The bin that suits each line (R89): {line: location}

        What is wholly assembled to order is delivered from where it comes out; else
        where most of the stock part is. None while nothing is in a bin: units are
        taken from the warehouse's stock as Odoo finds them.
        """
        proposals = dict.fromkeys(self, self.env["stock.location"])
        from_stock = self.browse()
        for line in self.sudo().filtered(lambda line: line._can_have_bin()):
            output = line.warehouse_id._get_output_bin()
            if output and line._is_wholly_assembled():
                proposals[line] = output.with_env(self.env)
            else:
                from_stock |= line
        if places is None:
            places = from_stock._get_bin_places()
        for line in from_stock:
            proposals[line] = line._get_stock_bin(places[line]).with_env(self.env)
        return proposals

    def _can_have_bin(self):
        """Whether the line is of a kind that we propose bins for."""
        self.ensure_one()
        return bool(self.product_id) and (
            self.is_assembled or self._is_split_by_source()
        )

    def _is_wholly_assembled(self):
        """Whether nothing of the line is to be taken from stock."""
        self.ensure_one()
        compare = self.product_uom_id.compare
        return (
            compare(self.qty_to_assemble_to_order, 0.0) > 0
            and compare(self.qty_to_assemble_to_order, self.product_uom_qty) >= 0
        )

    def _get_stock_bin(self, places):
        """The bin that serves most of the stock part.

        None where that is no bin but the stock of the warehouse as a whole.
        """
        self.ensure_one()
        place = self._get_best_place(places) or self.env["stock.location"]
        return place - self.warehouse_id.lot_stock_id

    def _get_best_place(self, places):
        """Where most of the stock part can be taken from, None where nothing can.

        Bins of assembly hold other people's units, or are emptied soon.
        """
        self.ensure_one()
        bins = self.warehouse_id._get_assembly_bins()
        return split.best_place(
            {
                place: units
                for place, units in places.items()
                if not any(place._child_of(location) for location in bins)
            },
            self._get_units_from_bin(),
            self.product_id.uom_id,
        )

    def _get_bin_places(self):
        """Where each line could take its stock part from: {line: {location: units}}

        What is free, and what the line holds itself, in units of the product, the
        fullest first. In a number of queries that depends on the number of warehouses
        only.
        """
        free, held = self._get_free_by_place(), self._get_held_by_place()
        found = {}
        for line in self:
            units = defaultdict(float, held[line])
            for place, quantity in free[line.warehouse_id, line.product_id].items():
                units[place] += quantity
            found[line] = {
                place: units[place]
                for place in sorted(
                    units, key=lambda p, u=units: (-u[p], p.complete_name)
                )
                if line.product_id.uom_id.compare(units[place], 0.0) > 0
            }
        return found

    def _get_free_by_place(self):
        """What is free where deliveries take from.

        :return: {(warehouse, product): {location: units}}
        """
        free = defaultdict(dict)
        # sudo: salespeople see how much of what they sell there is, and where
        quants = self.env["stock.quant"].sudo()
        for warehouse, lines in self.grouped("warehouse_id").items():
            for product, place, quantity, reserved in quants._read_group(
                [
                    ("product_id", "in", lines.product_id.ids),
                    ("location_id", "child_of", warehouse.lot_stock_id.ids),
                    ("location_id.usage", "=", "internal"),
                ],
                ["product_id", "location_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            ):
                key = warehouse, product.with_env(self.env)
                free[key][place] = quantity - reserved
        return free

    def _get_held_by_place(self):
        """What the lines hold of their stock part: {line: {location: units}}"""
        held, moves = {}, self._origin.sudo().move_ids
        # read in one go
        moves.mapped("move_orig_ids")
        moves.move_line_ids.mapped("quantity_product_uom")
        for line in self:
            held[line] = defaultdict(float)
            for move_line in line._origin._get_bin_moves().move_line_ids:
                held[line][move_line.location_id] += move_line.quantity_product_uom
        return held

    def _get_bin_moves(self):
        """Open moves that take, or hold, the stock part where it lies on the shelf."""
        return self._get_stock_part_moves().filtered(
            lambda move: not move.move_orig_ids
            and move.procure_method == "make_to_stock"
        )

    def _get_units_from_bin(self):
        """What is still to leave the shelf for the stock part, in product units."""
        self.ensure_one()
        if self.state != "sale":
            return self._get_part_quantities().stock
        needed = self._get_outstanding_quantity() - self._get_outstanding_assembly()
        demand = sum(self._origin._get_bin_moves().mapped("product_qty"))
        return max(min(needed, demand), 0.0)

    # What follows the bin

    def _get_output_bin(self):
        """Where units assembled for the line come out, empty as Odoo has it (R91).

        The line's bin where somebody chose one for a line that takes nothing from
        stock, else the bin of the warehouse.
        """
        self.ensure_one()
        warehouse = self.warehouse_id
        if (
            self._has_chosen_bin()
            and self._is_wholly_assembled()
            and warehouse._is_usable_bin(self.bin_location_id)
        ):
            return self.bin_location_id
        return warehouse._get_output_bin()

    def _put_in_bins(self, warehouse, source, destination):
        """Locations of an assembly order in `warehouse`, with the bins that are set.

        What passes another place first, picked before or stored after, is brought to
        its bin by that transfer: see `_get_bin_on_arrival`.

        :return: (source, destination)
        """
        self.ensure_one()
        stock = warehouse.lot_stock_id
        to_assembly = warehouse._get_assembly_bin("to_assembly_location_id")
        if to_assembly and source._child_of(stock):
            source = to_assembly
        output = self._get_output_bin()
        if output and warehouse == self.warehouse_id and destination._child_of(stock):
            destination = output
        return source, destination

    def _prepare_bin_vals(self, vals):
        """Locations of a linked order that is to be created with `vals`."""
        self.ensure_one()
        locations = self.env["stock.location"]
        picking_type = self.env["stock.picking.type"].browse(vals["picking_type_id"])
        source, destination = self._put_in_bins(
            picking_type.warehouse_id,
            locations.browse(vals["location_src_id"]),
            locations.browse(vals["location_dest_id"]),
        )
        return {"location_src_id": source.id, "location_dest_id": destination.id}

    def _follow_output_bins(self, before):
        """Have assembly orders come out where the lines say now.

        :param before: {line: where they came out}
        """
        for line in self:
            if line._get_output_bin() != before[line]:
                line._get_open_assembly_orders()._follow_output_bin()

    def _prefer_chosen_bin(self):
        """Hold the stock part in the chosen bin, as far as it is free there."""
        for line in self:
            if line._has_chosen_bin():
                for move in line._get_bin_moves():
                    move._prefer_bin(line.sudo().bin_location_id)

    # What is wrong with it, and its mend

    @api.depends(
        "state",
        "bin_location_id.active",
        "bin_location_id.usage",
        "bin_proposal_id",
        "product_uom_qty",
        "product_id.stock_quant_ids.quantity",
        "product_id.stock_quant_ids.reserved_quantity",
        "qty_delivered",
        "qty_to_assemble_to_order",
        "warehouse_id",
    )
    def _compute_bin_warning(self):
        warnings = self._get_bin_warnings()
        for line in self:
            line.bin_warning = warnings.get(line, False)

    @api.model
    def _search_bin_warning(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines = self.search(
            [
                ("bin_location_id", "!=", False),
                ("state", "!=", "cancel"),
                ("order_id.delivery_status", "!=", "full"),
            ]
        )
        warnings = lines._get_bin_warnings()
        if not any(value):
            return [("id", "not in", [line.id for line in warnings])]
        return [("id", "in", [line.id for line in warnings if warnings[line] in value])]

    def _get_bin_warnings(self, places=None):
        """What is wrong with the bins of these lines: {line: sentence}

        Lines without a bin are served from wherever the units are: nothing is wrong.

        :param places: as from `_get_bin_places`
        """
        lines = self.sudo().filtered(
            lambda line: line.bin_location_id
            and line.state != "cancel"
            and line.product_uom_id.compare(line.product_uom_qty, line.qty_delivered)
            > 0
        )
        if places is None:
            places = lines._get_bin_places()
        warnings = {line: line._get_bin_warning_text(places[line]) for line in lines}
        return {line: warning for line, warning in warnings.items() if warning}

    def _get_bin_warning_text(self, places):
        """What is wrong with the bin, as a sentence, else nothing."""
        self.ensure_one()
        location = self.bin_location_id
        if not location.active or location.usage != "internal":
            return self._get_unusable_bin_text()
        if location.warehouse_id != self.warehouse_id:
            return self._get_other_warehouse_text()
        needed = self._get_units_from_bin()
        units = sum(
            units for place, units in places.items() if place._child_of(location)
        )
        compare = self.product_id.uom_id.compare
        if compare(needed, 0.0) <= 0 or compare(units, needed) >= 0:
            return ""
        if not self._has_chosen_bin():
            # units are taken from wherever they are: is there a better proposal?
            best = self._get_best_place(places)
            if compare(places.get(best, 0.0), units) <= 0:
                return ""
        return self._get_short_bin_text(needed, units, places)

    def _get_unusable_bin_text(self):
        self.ensure_one()
        location = self.bin_location_id
        reason = self.env._("is archived")
        if location.active:
            usage = dict(location._fields["usage"]._description_selection(self.env))
            reason = self.env._("is of type %s", usage[location.usage])
        return self.env._(
            "%(product)s: bin %(bin)s %(reason)s, so the %(quantity)s cannot leave "
            "from there.",
            product=self.product_id.display_name,
            bin=location.display_name,
            reason=reason,
            quantity=self._format_line_qty(self.product_uom_qty),
        )

    def _get_other_warehouse_text(self):
        self.ensure_one()
        return self.env._(
            "%(product)s: bin %(bin)s is not in warehouse %(warehouse)s, which "
            "delivers the %(quantity)s.",
            product=self.product_id.display_name,
            bin=self.bin_location_id.display_name,
            warehouse=self.warehouse_id.display_name,
            quantity=self._format_line_qty(self.product_uom_qty),
        )

    def _get_short_bin_text(self, needed, units, places):
        """The bin holds `units` of the product, fewer than `needed`."""
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "bin": self.bin_location_id.display_name,
            "needed": self._format_bin_units(needed),
            "units": self._format_bin_units(units),
            "elsewhere": self._get_elsewhere_text(places),
        }
        if self.bin_location_id not in self.warehouse_id._get_assembly_bins():
            return self.env._(
                "%(product)s: %(needed)s are to be taken from stock, and %(units)s can "
                "be taken from bin %(bin)s; %(elsewhere)s.",
                **figures,
            )
        if self.product_uom_id.compare(self.qty_to_assemble_to_order, 0.0) > 0:
            return self.env._(
                "%(product)s: %(needed)s are to be taken from stock, but bin %(bin)s "
                "is for what is assembled to order and has %(units)s of them; "
                "%(elsewhere)s.",
                **figures,
            )
        return self.env._(
            "%(product)s: nothing is assembled to order any more, but bin %(bin)s is "
            "for that and has %(units)s of the %(needed)s to be taken from stock; "
            "%(elsewhere)s.",
            **figures,
        )

    def _get_elsewhere_text(self, places):
        """Which other bins have units, the fullest first."""
        self.ensure_one()
        others = [
            self.env._(
                "%(bin)s has %(units)s",
                bin=place.display_name,
                units=self._format_bin_units(units),
            )
            for place, units in places.items()
            if not place._child_of(self.bin_location_id)
        ]
        return ", ".join(others[:BINS_NAMED]) or self.env._("no other bin has any")

    def _format_bin_units(self, units):
        """`units` of the product, as the user reads them."""
        self.ensure_one()
        uom = self.product_id.uom_id
        figure = formatLang(self.env, units, dp="Product Unit")
        if uom.compare(units, round(units)) == 0:
            figure = formatLang(self.env, units, digits=0)
        return f"{figure} {uom.name}"

    def _get_stock_places(self):
        """What can serve the stock part, the bin that somebody chose first."""
        places = super()._get_stock_places()
        if not self._has_chosen_bin():
            return places
        chosen = self.sudo().bin_location_id
        return dict(
            sorted(places.items(), key=lambda item: not item[0][0]._child_of(chosen))
        )

    def _get_assembly_suggestions(self, figures):
        suggestions = super()._get_assembly_suggestions(figures)
        if not self.bin_warning or self._is_closed():
            return suggestions
        mend = {
            "action": "action_mend_bin",
            "label": self.env._("Take the right bin"),
            "qty": figures["stock_needed_qty"],
        }
        return [mend, *suggestions]

    def action_mend_bin(self):
        """Give the lines whose bin is wrong the bin that suits them (R96).

        From then on it is a proposal again. Of several lines, those in order are left
        alone.

        :raises UserError: when no bin is wrong, or the order is locked or cancelled
        """
        self.order_id.check_access("write")
        self._check_field_access(self._fields["bin_location_id"], "write")
        wrong = self.filtered("bin_warning")
        for line in self:
            line._check_can_change_bin()
        if not wrong:
            raise UserError(
                self.env._("Nothing is wrong with the bin: it is left as it is.")
            )
        wrong._propose_bins()
        return True

    def _check_can_change_bin(self):
        """:raises UserError: when the order is locked or cancelled"""
        self.ensure_one()
        if self._is_closed():
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: the bin cannot be changed, the order is "
                    "cancelled or locked. Set it back to quotation, or unlock it, "
                    "first.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )

    def _review_bins(self):
        """Propose anew for confirmed lines, and tell what is wrong in the chatter.

        What is proposed is where the units are that the lines hold by now.
        """
        # sudo: the proposal is nobody's choice
        lines = self.sudo().filtered(lambda line: line._can_have_bin())
        places = lines._get_bin_places()
        lines.filtered(lambda line: not line._has_chosen_bin())._propose_bins(places)
        warnings = lines._get_bin_warnings(places)
        for order, warned in lines.grouped("order_id").items():
            texts = [warnings[line] for line in warned if line in warnings]
            if texts:
                order.with_env(self.env).message_post(body=Markup("<br/>").join(texts))
