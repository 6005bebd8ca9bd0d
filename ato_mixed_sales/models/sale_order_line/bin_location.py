# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models

from ... import split

BINS = frozenset({"bin_location_id", "bin_proposal_id"})
BIN_FOLLOWS = frozenset(
    {
        *BINS,
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
    }
)


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
        return self._has_chosen_bin() and (
            self._with_documents().bin_location_id.company_id
            in (self.company_id, self.env["res.company"])
        )

    def _get_bins_before(self, vals):
        """Where orders come out before `vals` are written: {line: location}

        Of lines whose bin somebody has chosen, or chooses now: all others go by the
        bins of the warehouse.
        """
        if not BIN_FOLLOWS.intersection(vals):
            return {}
        is_choice = BINS.intersection(vals)
        return {
            line: line._get_output_bin()
            for line in self
            if is_choice or line._has_chosen_bin()
        }

    def _follow_bins(self, vals, before):
        """Have reservations and assembly orders follow the bins.

        :param vals: what has been written
        :param before: as from `_get_bins_before`
        """
        if "bin_location_id" in vals:
            if not vals["bin_location_id"]:
                self._propose_bins()
            self._prefer_chosen_bin()
        for line in self.filtered(lambda line: line in before):
            if line._get_output_bin() != before[line]:
                line._get_open_assembly_orders()._follow_output_bin()

    def _mark_chosen_bins(self, vals_list):
        """Take a bin for chosen unless it comes together with its proposal.

        The form sends both; what anybody else writes is a choice, also when it is
        what would have been proposed. A proposal that the user may not see is none.

        :return: the values to write
        """
        unseen = self._get_unseen_proposals(vals_list)
        return [
            {**vals, "bin_proposal_id": False}
            if ("bin_location_id" in vals and "bin_proposal_id" not in vals)
            or vals.get("bin_proposal_id") in unseen
            else vals
            for vals in vals_list
        ]

    def _get_unseen_proposals(self, vals_list):
        """Ids sent as proposal of what is none of the bins that the user may see."""
        sent = [vals.get("bin_proposal_id") for vals in vals_list]
        ids = {proposal for proposal in sent if type(proposal) is int}
        if self.env.su or not ids:
            return ()
        locations = self.env["stock.location"].browse(ids).exists()
        return tuple(ids - set(locations._filtered_access("read").ids))

    def _get_protected_fields(self):
        return super()._get_protected_fields() + ["bin_location_id", "bin_proposal_id"]

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

        What is wholly assembled is delivered from where it comes out; else where most
        of the stock part is. None while nothing is in a bin: Odoo finds the units.
        """
        proposals = dict.fromkeys(self, self.env["stock.location"])
        # salespeople see how much of what they sell there is, and where
        lines = self._with_documents()
        from_stock = lines.browse()
        for line in lines.filtered(lambda line: line._can_have_bin()):
            output = line.warehouse_id._get_output_bin()
            if output and line._is_wholly_assembled():
                proposals[line] = output.with_env(self.env)
            else:
                from_stock |= line
        places = from_stock._get_bin_places() if places is None else places
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
        if places:
            bins = self.warehouse_id._get_assembly_bins()
            places = {
                place: units
                for place, units in places.items()
                if not any(place._child_of(location) for location in bins)
            }
        if len(places) < 2:
            return next(iter(places), None)
        needed = self._get_units_from_bin()
        return split.best_place(places, needed, self.product_id.uom_id)

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
        free, quants = defaultdict(dict), self.env["stock.quant"]
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
                free[warehouse, product][place] = quantity - reserved
        return free

    def _get_held_by_place(self):
        """What the lines hold of their stock part: {line: {location: units}}"""
        held, moves = {}, self._origin.move_ids
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
            return self._get_part_units().stock
        needed = self._get_figures().undelivered_stock
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

    def _prefer_chosen_bin(self):
        """Hold the stock part in the chosen bin, as far as it is free there."""
        for line in self:
            if line._has_chosen_bin():
                for move in line._get_bin_moves():
                    move._prefer_bin(line._with_documents().bin_location_id)

    def _prefer_bin_places(self, places):
        """`places`, those in the bin that somebody chose first."""
        if not self._has_chosen_bin():
            return places
        chosen = self._with_documents().bin_location_id
        return dict(
            sorted(places.items(), key=lambda item: not item[0][0]._child_of(chosen))
        )
