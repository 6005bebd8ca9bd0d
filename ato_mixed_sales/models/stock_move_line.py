# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import api, models

from ..private_context import tell
from ..reserving import RESERVED, RESERVING
from .ato_company_mixin import AtoCompanyMixin


class StockMoveLine(models.Model):
    _name = "stock.move.line"
    _inherit = [AtoCompanyMixin._name, "stock.move.line"]

    @api.model_create_multi
    def create(self, vals_list):
        """Have nobody hold more for a quotation by hand.

        What reservations make may wait, see `reserving.py`; Odoo asks for none of it.

        :raises AccessError: when a user does
        :raises UserError: when more of mixed lines is said to be done
        """
        if reserving := self.env.cr.postcommit.data.get(RESERVING):
            if reserving.is_taking:
                reserving.add(self, vals_list)
                return self.browse()
            reserving.end()
        moves = self.move_id.browse(filter(None, (v.get("move_id") for v in vals_list)))
        if "done" in moves.mapped("state"):
            moves._check_done_is_left_alone()
        lines = super().create(vals_list)
        if lines and not self.env.su:
            lines.move_id._check_hold_is_left_alone()
        return lines

    def write(self, vals):
        """Have nobody change by hand what a quotation holds, nor add to it.

        :raises AccessError: when a user does
        :raises UserError: when other quantities of mixed lines are said to be done
        """
        if reserving := self.env.cr.postcommit.data.get(RESERVING):
            reserving.end()
        if not self.env.su:
            moves = self.move_id | self.move_id.browse(vals.get("move_id") or [])
            moves._check_hold_is_left_alone()
        if "quantity" in vals and "done" in self.mapped("state"):
            self.check_access("write")  # before anything is named
            self.filtered(
                lambda line: line.product_uom_id.compare(
                    line.quantity, vals["quantity"]
                )
            ).move_id._check_done_is_left_alone()
        return super().write(vals)

    def unlink(self):
        """Tell the quotations of what a user takes away from them.

        :raises AccessError: when it is not the warehouse that does
        """
        if reserving := self.env.cr.postcommit.data.get(RESERVING):
            reserving.end()
        holds = self.move_id.browse()
        if self and not self.env.su and not holds._is_losing_holds():
            holds = self.move_id._get_holds()
            holds.with_env(self.env)._check_may_take_from_holds()
        held = {hold: hold._get_held_units() for hold in holds}
        res = super().unlink()
        for hold in holds:
            hold._lose_held_units(held[hold] - hold._get_held_units())
        return res

    @api.model
    def _prepare_reservation(self, vals):
        """What a new move line with `vals` reserves, as Odoo tells `stock.quant`.

        :return: product, (bin, lot, package, owner), quantity in the product's unit
        """
        names = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
        product, *place = (
            self.env[self._fields[name].comodel_name].browse(vals.get(name) or [])
            for name in names
        )
        unit = self.env["uom.uom"].browse(vals["product_uom_id"])
        units = unit._compute_quantity(
            vals["quantity"], product.uom_id, rounding_method="HALF-UP"
        )
        return product, tuple(place), units

    @api.model
    def _create_reserved(self, vals_list):
        """Make move lines that hold what is reserved already."""
        data = self.env.cr.postcommit.data
        data[RESERVED] = Counter(
            (vals["product_id"], vals["location_id"])
            for vals in vals_list
            if vals["quantity"]
        )
        try:
            self.create(vals_list)
        finally:
            del data[RESERVED]

    def _free_reservation(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        ml_ids_to_ignore=None,
    ):
        """Tell the line that loses assembled units: scrapped, unbuilt, taken away.

        Odoo would have its delivery wait for other stock under the old label. A
        quotation that loses what it held is told as well. What is only at another
        place of the warehouse is lost by nobody.
        """
        rows = self._get_mixed_rows(product_id, location_id)
        bound = rows.filtered(lambda move: move._is_bound())
        holds = self._get_losing_holds(product_id, location_id)
        place = self._normalize_place(location_id, lot_id, package_id, owner_id)
        followers = tell(bound + holds + (rows - bound), ato_losing_moves=bound._ids)
        quantity = followers._follow_units(self, place, quantity)
        # what has followed, or gone back to the shelf, is not lost
        before = {m: (m._get_held_units(), m.move_orig_ids) for m in bound | holds}
        res = None
        if product_id.uom_id.compare(quantity, 0.0) > 0:
            losing = tell(self, ato_losing_moves=bound._ids)
            res = super(StockMoveLine, losing)._free_reservation(
                product_id,
                location_id,
                quantity,
                lot_id=lot_id,
                package_id=package_id,
                owner_id=owner_id,
                ml_ids_to_ignore=ml_ids_to_ignore,
            )
        for move, (held, sources) in before.items():
            move._lose_afterwards(held - move._get_held_units(), sources)
        return res

    def _get_lines_of_whole_packages(self):
        """Lines of the transfers that take packages along as they are."""
        return self.picking_id.move_line_ids.filtered(
            lambda line: line.is_entire_pack
            and line.package_id == line.result_package_id
        )

    def _find_whole_packages_again(self):
        """Take along as they are only packages of which all is taken still.

        Odoo finds them when it reserves, and refuses to move one in parts.
        """
        self._leave_packages()
        self.picking_id._check_entire_pack()

    def _leave_torn_packages(self):
        """Take along as it is no package of which not all is picked."""
        whole = self._get_lines_of_whole_packages()
        staying = whole.filtered(lambda line: not line.picked).package_id
        containers = staying.parent_package_id
        parted = staying & whole.filtered("picked").package_id
        torn = whole.filtered(lambda line: line.package_id in parted)
        torn._leave_packages()
        others = (whole - torn).result_package_id
        self._leave_containers(
            others.filtered(lambda o: o.parent_package_id in containers)
        )

    def _leave_packages(self):
        """Take the units out of the packages that were to be taken along."""
        self._leave_containers(self.result_package_id)
        self.write({"result_package_id": False, "is_entire_pack": False})

    @api.model
    def _leave_containers(self, packages):
        """Leave what packages lie in behind, where it was to come along with them."""
        along = packages.filtered("package_dest_id")
        along.filtered(
            lambda package: package.package_dest_id == package.parent_package_id
        ).package_dest_id = False

    @api.model
    def _normalize_place(self, location, lot, package, owner):
        """The place that Odoo means: (bin, lot, package, owner), all of them records"""
        return (
            location,
            lot or self.env["stock.lot"],
            package or self.env["stock.package"],
            owner or self.env["res.partner"],
        )

    def _get_place(self):
        """What tells the units of the line from others: (bin, lot, package, owner)"""
        self.ensure_one()
        return self.location_id, self.lot_id, self.package_id, self.owner_id

    def _get_place_now(self):
        """Where the units of the done line lie since: (bin, lot, package, owner)"""
        self.ensure_one()
        package = self.result_package_id
        return self.location_dest_id, self.lot_id, package, self.owner_id

    def _differs_from(self, back):
        """Whether `back` has brought back what was not of this line, as far as is seen.

        :return: what sorts the likeliest first
        """
        return (
            self.result_package_id != back.package_id,
            self.location_id != back.location_dest_id,
            self.package_id != back.result_package_id,
            self.owner_id != back.owner_id,
        )

    def _apply_putaway_strategy(self):
        """Bring what is, or is to be, assembled to order to the bin that is set for it.

        Putaway rules of that bin apply.
        """
        # components go back to the very bins that they were taken from
        undone = self.filtered(lambda line: line.move_id.unbuild_id.ato_places)
        res = super(StockMoveLine, self - undone)._apply_putaway_strategy()
        if self.env.context.get("avoid_putaway_rules"):
            return res
        for move, lines in self.grouped("move_id").items():
            # elsewhere the assembly order itself says so
            is_brought = move.picking_id
            location = is_brought and move._get_bin_on_arrival().with_env(self.env)
            for line in lines if location else ():
                line.location_dest_id = location._get_putaway_strategy(
                    line.product_id, quantity=line.quantity_product_uom
                )
        return res

    def _with_moves(self):
        """sudo: the moves of everybody who holds the units, for `_lose_…` only."""
        return self.sudo()

    def _pass_on_part(self, move, units):
        """Give `units` of the product of what this line holds to `move`."""
        self.ensure_one()
        place = self.location_id, self.lot_id, self.package_id, self.owner_id
        left = self.quantity_product_uom - units
        self.quantity = self.product_id.uom_id._compute_quantity(
            left, self.product_uom_id, rounding_method="HALF-UP"
        )
        move._reserve_place(place, units)

    def _get_mixed_rows(self, product_id, location_id):
        """Transfers of mixed lines that hold `product_id` in `location_id`."""
        # whoever moves goods, the line that loses them is to be told
        lines = self._with_moves().search(
            [
                ("product_id", "=", product_id.id),
                ("location_id", "=", location_id.id),
                ("move_id.ato_supply", "!=", False),
                ("move_id.production_id", "=", False),
                ("state", "not in", ("done", "cancel")),
                ("picked", "=", False),
                ("id", "not in", self.ids),
            ]
        )
        return lines.move_id

    def _get_losing_holds(self, product_id, location_id):
        """Quotations' holds of `product_id` in `location_id`."""
        lines = self._with_moves().search(
            [
                ("product_id", "=", product_id.id),
                ("location_id", "=", location_id.id),
                ("move_id.ato_hold_line_id", "!=", False),
            ]
        )
        return lines.move_id

    def _log_message(self, record, move, template, vals):
        """Have one note tell what all rows of mixed lines ask for, and their sources.

        Odoo has a note for each row, and cannot tell the parts of a line from each
        other. What follows in the same transaction is added to the first note.
        """
        if move._name != "stock.move" or not move.ato_supply:
            return super()._log_message(record, move, template, vals)
        notes = self.env.cr.precommit.data.setdefault("ato_notes", {})
        note = self.env["mail.message"].browse(notes.get(record)).exists()
        if note:
            note.body += self.env["ir.qweb"]._render(
                "stock.message_body", {"move": move, "vals": vals}
            )
            return None
        res = super()._log_message(record, move, template, vals)
        domain = [("model", "=", record._name), ("res_id", "=", record.id)]
        notes[record] = note.search(domain, order="id desc", limit=1).id
        return res

    def _get_source_label(self):
        """Where the units come from, in words; empty for those of plain rows."""
        self.ensure_one()
        return self.move_id._get_source_label()

    # Delivery slip

    def _get_aggregated_product_quantities(self, **kwargs):
        """Tell the customer what was ordered, whichever part of a line leaves first.

        Odoo leaves out rests that wait for their assembly.
        """
        rows = super()._get_aggregated_product_quantities(**kwargs)
        chain = self.picking_id._get_backorder_chain().move_ids
        for key, moves in self._group_by_slip_row(rows, chain).items():
            row, packed = rows[key], self.browse()
            if kwargs.get("except_package"):  # it has a row of its own
                packed = (self & moves.move_line_ids).filtered("result_package_id")
            if not kwargs.get("strict"):
                row["qty_ordered"] = moves._get_slip_ordered(packed)
            if not row["quantity"] and not moves._get_given_up_units():
                del rows[key]  # nothing of it leaves here: Odoo has no row for that
                continue
            for name in ("qty_ordered", "quantity"):
                row[f"packaging_{name}"] = row["product_uom"]._compute_quantity(
                    row[name] or 0.0, row["packaging_uom_id"]
                )
        return rows

    @api.model
    def _group_by_slip_row(self, rows, moves):
        """The moves that each row of a slip stands for, of rows with mixed lines.

        :return: {key of the row: moves}
        """
        if not any(moves.mapped("ato_supply")):
            return {}
        by_key = moves.grouped(
            lambda move: self._get_aggregated_properties(move=move)["line_key"]
        )
        grouped = {}
        for row in rows:
            # the key of a row goes on with its package
            found = (m for key, m in by_key.items() if row.startswith(key))
            told = moves.browse().union(*found)
            if any(told.mapped("ato_supply")):
                grouped[row] = told
        return grouped

    def _get_slip_quantities(self):
        """What the rows of a slip with lots tell: one row for both parts of a line.

        :return: {move line: quantity}, without those that another one's row tells
        """
        return {
            lines[0]: sum(lines.mapped("quantity"))
            for lines in self.grouped(lambda line: line._get_slip_key()).values()
        }

    def _get_slip_key(self):
        """What has to be the same to be told in one row; a plain one has its own."""
        self.ensure_one()
        move_key = self.move_id._get_slip_key()
        if not self.move_id.ato_supply:
            return (*move_key, self.id)
        place = (self.result_package_id, self.package_history_id)
        return (*move_key, self.lot_id, self.product_uom_id, *place)
