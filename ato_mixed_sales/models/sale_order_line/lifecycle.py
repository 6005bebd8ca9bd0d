# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models

from ... import split
from ...private_context import get_told, tell
from ..ato_guarded_mixin import CopiedLabel
from .assembly_order import ORDER_FOLLOWS_LINE
from .bin_location import BIN_FOLLOWS, BINS
from .deadline import DATES
from .hold import HOLD_FOLLOWS_LINE
from .procurement import NOTHING_ASKED, AskedByLine

ASSEMBLY_PART = frozenset({"qty_to_assemble_to_order"})
SPLIT = ASSEMBLY_PART | {"product_uom_qty"}
COUNTED = SPLIT | {"product_id", "product_uom_id"}
WATCHED = COUNTED | DATES | BIN_FOLLOWS | HOLD_FOLLOWS_LINE | ORDER_FOLLOWS_LINE


class Change(NamedTuple):
    """What is known of lines before they are changed."""

    lines: models.Model  # as they are to be written
    launch: AskedByLine | None  # how they ask for their deliveries, if they do
    before: dict  # as from `_get_change_figures`
    bins: dict  # as from `_get_bins_before`


class SaleOrderLine(models.Model):
    """What follows when lines come, change, go, and ask for their deliveries.

    Nothing else in this package overrides these methods: what is to be done, and
    in which order, is to be read here.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._mark_chosen_bins(vals_list)
        # lines that are added to a confirmed order ask for their deliveries here
        lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            line._check_not_rounded_away(vals)
        mixed = lines.filtered(lambda line: line.qty_to_assemble_to_order > 0)
        mixed._check_whole_serials()
        lines._sync_draft_assembly_orders()
        mixed._reserve_at_once()
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_guarded(vals)
        if not WATCHED.intersection(vals):
            return super().write(vals)
        if BINS.intersection(vals):
            [vals] = self._mark_chosen_bins([vals])
        self._check_not_locked(vals)
        if "order_id" in vals:
            self._check_can_be_moved(vals)
        told = get_told(self, "ato_asked")
        if told and vals.keys() == ASSEMBLY_PART and told.is_writing(self):
            # what follows does so once: see `_write_assembly_parts`
            return super().write(vals)
        change = self._prepare_change(vals, told)
        # where the ordered quantity changes, Odoo launches the deliveries here
        res = super(SaleOrderLine, change.lines).write(vals)
        for line in self:
            line._check_not_rounded_away(vals)
        self._follow_written(vals, change)
        return res

    def _prepare_change(self, vals, told=None):
        """What is to be known before `vals` are written.

        :param told: AskedByLine, None unless lines are launched, or parts are moved
        :return: Change
        """
        # another product, unit or warehouse decides the split anew
        decides = HOLD_FOLLOWS_LINE.intersection(vals)
        before = self._get_change_figures() if decides else {}
        bins = self._get_bins_before(vals)
        launch, lines = None, self
        if SPLIT & vals.keys() and told is not NOTHING_ASKED:
            by_odoo = "product_uom_qty" in vals
            launch = AskedByLine(split.LAUNCH if by_odoo else split.SELLER)
            lines = tell(self, ato_asked=launch)
        return Change(lines, launch, before, bins)

    def _follow_written(self, vals, change):
        """What follows once `vals` are written.

        :param change: as from `_prepare_change`
        """
        if COUNTED.intersection(vals):
            self._check_whole_serials()
        if "order_id" in vals:
            self._follow_order()
        # quotations: their draft orders, and what they hold
        self._follow_as_quotation(vals)
        if DATES.intersection(vals):
            self._follow_deadlines()
        if "lot_id" in vals:
            self._follow_chosen_lot()
        if launch := change.launch:
            if "product_uom_qty" not in vals:
                # as if Odoo did: who keeps deliveries back is asked here too
                change.lines._action_launch_stock_rule()
            if held_back := self.filtered(lambda o: o not in launch.reached):
                held_back._follow_held_back()
        self._follow_change(change.before)
        self._follow_bins(vals, change.bins)

    def _write_assembly_parts(self, parts):
        """Write A of each line, and have all that follows do so once, for all of them.

        :param parts: {line: A, in the unit of the line}
        """
        vals = dict.fromkeys(ASSEMBLY_PART)
        change = self._prepare_change(vals)
        with change.launch.writing(self):
            for line in change.lines:
                line.qty_to_assemble_to_order = parts[line]
        self._follow_written(vals, change)

    def unlink(self):
        self._let_go_all_holds(self.env._("the line was removed"))
        orders = self._get_draft_assembly_orders()
        res = super().unlink()
        orders._remove_from_quotation()
        return res

    def copy_data(self, default=None):
        """Propose anew for the copy what nobody chose: its bin, what is missing.

        It is made of what was chosen for the line. What cannot be assembled any more
        is not assembled again.
        """
        vals_list = super().copy_data(default=default)
        for line, vals in zip(self, vals_list, strict=True):
            proposed = set()
            if not line._has_chosen_bin() and "bin_location_id" not in (default or {}):
                proposed |= {"bin_location_id", "bin_proposal_id"}
            is_assembled = line._with_documents().is_assembled
            follows = line._follows_missing() or not is_assembled
            if follows and not SPLIT.intersection(default or {}):
                proposed |= {"qty_to_assemble_to_order", "assembly_basis"}
            for name in proposed.intersection(vals):
                del vals[name]
            if changes := line._with_documents().component_changes:
                vals["component_changes"] = CopiedLabel(changes)
        return vals_list

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Ask for each source by itself.

        All that is not asking is done before Odoo asks for what the lines lack, so
        that plain lines and parts are asked for, and reserved, in the order of the
        lines; what Odoo sees no reason to ask for is asked for afterwards.
        """
        told = get_told(self, "ato_asked")
        if told is NOTHING_ASKED:
            return True
        self._lock_stock()
        self._stop_impossible_assembly()
        self.order_id._adopt_assembly_references()
        lines = self.filtered(lambda line: not line.order_id.locked)
        lines = lines._filter_fulfilled()
        asked, launched = self._get_questions(told), self._as_launched(lines)
        # what is asked for first is a demand in one go with that of plain lines
        asked.new = lines.filtered(lambda line: not line._is_launched())
        if asked.new:
            asked.steps.update(asked.new._fulfil_but_ask(asked.event, asked.new))
        res = super(
            SaleOrderLine, tell(launched, ato_asked=asked)
        )._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        reached = self.filtered(lambda line: line in asked.reached)
        lines &= reached
        steps = {line: asked.steps[line] for line in lines if line in asked.steps}
        lines._ask(steps)
        for line in steps:
            line._note_held_back(0.0)
        lines._finish_documents(kept=lines._filter_partly_asked())
        if holding := self._get_holds().ato_hold_line_id:
            (reached | holding._filter_of_other_kind())._hand_over_holds()
        return res

    def _set_assembly_part(self, units, given_up):
        """Set A to what it has become, and nothing else: the plan does all the rest.

        :param units: A, in the unit of the product
        :param given_up: units of the product that wait and become ordinary stock
        """
        self.ensure_one()
        vals = {"qty_given_up": self.qty_given_up + given_up}
        to_assemble = self._to_line_unit(max(units, 0.0))
        # what it was may be out of bounds by now, where more left than was ordered
        if self.product_uom_id.compare(to_assemble, self.qty_to_assemble_to_order):
            vals["qty_to_assemble_to_order"] = to_assemble
        # past `write` of this class, which would fulfil a wish
        return super().write(vals)  # pylint: disable=super-method-mismatch
