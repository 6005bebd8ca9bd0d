# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ... import split
from ...private_context import get_told, sanitized, tell


class AskedByLine:
    """What Odoo is about to ask for, on its way through its methods in the context.

    Contexts are compared by their values: each launch has its own, equal to no other.

    :ivar event: split.Event, why it is about to
    :ivar steps: {line: list of split.Ask}
    :ivar reached: lines that Odoo has come to: nobody keeps it from asking for them
    :ivar counted: {line: what Odoo has found to be asked for, once all else is done}
    :ivar new: lines of which nothing was asked for before: no order follows them yet
    :ivar is_launched: whether Odoo has begun to; what it launches on its way is new
    :ivar written: lines that are written one by one, to be launched together
    """

    def __init__(self, event, is_launched=False):
        self.event, self.steps, self.reached = event, {}, set()
        self.counted, self.new, self.is_launched = {}, (), is_launched
        self.written = ()

    @contextlib.contextmanager
    def writing(self, lines):
        """Lines are written one by one meanwhile: nothing follows yet."""
        self.written = lines
        yield
        self.written = ()

    def is_writing(self, lines):
        """Whether `lines` are among those that are being written together."""
        return all(line in self.written for line in lines)


# our own code moves the parts of a line to another one
NOTHING_ASKED = AskedByLine(None, is_launched=True)


class SaleOrderLine(models.Model):
    """One line, two demands: a stock part and an assembly part of one delivery."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _check_not_locked(self, vals):
        """Keep the split of locked orders from being changed by hand.

        What happens in the warehouse and on the floor changes it all the same.

        :raises UserError: naming product and order
        """
        if "qty_to_assemble_to_order" not in vals:
            return
        for line in self.filtered("order_id.locked"):
            raise UserError(
                self.env._(
                    "%(product)s: Qty. to Assemble to Order cannot be changed on "
                    "locked order %(order)s. Unlock it first.",
                    product=line.product_id.display_name,
                    order=line.order_id.name,
                )
            )

    def _is_closed(self):
        """Whether the line is not to be changed: its order is cancelled or locked."""
        self.ensure_one()
        return self.state == "cancel" or self.order_id.locked

    def _get_outgoing_incoming_moves(self, strict=True):
        """Count both parts where different rules have started them (T2).

        Odoo counts the deliveries of one rule. What a make-to-order route has started
        before the line was split is the same step by another rule: from the same
        place, by the same operation.
        """
        outgoing, incoming = super()._get_outgoing_incoming_moves(strict=strict)
        if not strict:
            rules, product = outgoing.rule_id, self.product_id
            steps = {(rule.picking_type_id, rule.location_src_id) for rule in rules}
            outgoing |= self.move_ids.filtered(
                lambda move: move.ato_supply
                and move.state != "cancel"
                and move.product_id == product
                and move.rule_id not in rules
                and (move.rule_id.picking_type_id, move.rule_id.location_src_id)
                in steps
                and (move.location_final_id or move.location_dest_id)._is_outgoing()
                and (not move.origin_returned_move_id or move.to_refund)
            )
        return outgoing, incoming

    def _with_parts_kept(self):
        """The lines as our own code moves the parts: nothing is asked for meanwhile."""
        return tell(self, ato_asked=NOTHING_ASKED)

    def _as_launched(self, split_lines):
        """The lines as Odoo is to launch them, `split_lines` whatever a client says.

        Odoo makes the moves as superuser, with the context that it is given.
        """
        if not split_lines:
            return self
        return sanitized(self).with_context(skip_procurement=False)

    def _keeps_parts(self):
        """Whether our own code moves the parts, see `_with_parts_kept`."""
        return get_told(self, "ato_asked") is NOTHING_ASKED

    def _is_split_by_source(self):
        """Whether the line's demand is kept apart by source."""
        self.ensure_one()
        # sections and notes have no unit to compare in, and nothing to assemble
        return self.qty_to_assemble_to_order > 0 or any(
            self.move_ids.mapped("ato_supply")
        )

    def _create_procurements(self, product_qty, procurement_uom, values):
        """One procurement per source, for what the plan asks for, not more than told.

        Others may launch a part of what is ordered: assembled units go first (R41).
        """
        if values.get("ato_supply") or not self._is_split_by_source():
            return super()._create_procurements(product_qty, procurement_uom, values)
        told, held_back = get_told(self, "ato_asked"), 0.0
        asked = self._get_asked(told)
        if not self._is_all_that_lacks(told, product_qty, procurement_uom):
            product_uom = self.product_id.uom_id
            units = procurement_uom._compute_quantity(product_qty, product_uom)
            lacking, asked = asked, split.ask_at_most(asked, units)
            held_back = split.count(lacking) - split.count(asked)
        self._note_held_back(held_back)
        return [
            procurement
            for step in asked
            for procurement in self._prepare_part_procurements(step, values)
        ]

    def _is_all_that_lacks(self, told, quantity, uom):
        """Whether Odoo would ask for no more to have all delivered that is ordered.

        :param told: AskedByLine, None where others launch by themselves
        """
        self.ensure_one()
        counted = told and told.counted.get(self)
        if counted is None:
            counted = self._get_qty_procurement()
        lacking, unit = self.product_uom_id._adjust_uom_quantities(
            self.product_uom_qty - counted, self.product_id.uom_id
        )
        return uom.compare(quantity, unit._compute_quantity(lacking, uom)) >= 0

    def _get_asked(self, told):
        """The steps of the plan that ask for more, each of them once.

        :param told: AskedByLine, None where others launch by themselves
        """
        self.ensure_one()
        if told and told.is_launched:
            return told.steps.pop(self, [])
        # others launch by themselves
        self.order_id._adopt_assembly_references()
        line = self._filter_fulfilled()
        line._lock_stock()
        new = line.filtered(lambda line: not line._is_launched())
        return line._fulfil_but_ask(split.LAUNCH, new).get(line, [])

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """Make room for what is asked for, once Odoo has come to a line.

        It asks for this first of all of a line that it launches. Who keeps deliveries
        back keeps it from coming here.
        """
        asked = get_told(self, "ato_asked")
        is_asked = asked and asked.is_launched and asked is not NOTHING_ASKED
        if is_asked and self not in asked.reached:
            asked.reached.add(self)
            line = self._filter_fulfilled()
            if line and self not in asked.steps:
                # others that were not launched have their steps by now
                locked = line.filtered("order_id.locked")
                new = locked.filtered(lambda line: not line._is_launched())
                asked.steps.update(line._fulfil_but_ask(asked.event, new))
        counted = super()._get_qty_procurement(previous_product_uom_qty)
        if is_asked:
            asked.counted[self] = counted
        return counted

    def _prepare_part_procurements(self, step, values):
        """The procurements by which one part asks for more.

        :param step: split.Ask
        :param values: as from `_prepare_procurement_values`
        """
        self.ensure_one()
        left_out = self._get_rules_left_out(step.supply).ids
        values = dict(values, ato_supply=step.supply, ato_rules_left_out=left_out)
        if step.supply == "assembly":
            for name in self._get_stock_part_values():
                values.pop(name, None)
        made, unit = self._get_units_made_anyway(step), self.product_id.uom_id
        wanted = {True: made, False: step.quantity - made}
        return [
            procurement
            for is_made, units in wanted.items()
            if unit.compare(units, 0.0) > 0
            for procurement in self._create_procurements(
                units, unit, dict(values, ato_is_made=is_made)
            )
        ]

    def _get_questions(self, told):
        """What is to be asked for, and why: Odoo launches unless told otherwise.

        :param told: AskedByLine, None where others launch by themselves
        """
        asked = told
        if told is None or told.is_launched:
            asked = AskedByLine(told.event if told else split.LAUNCH)
        asked.is_launched = True
        return asked

    def _filter_unplanned(self):
        """Those of the lines whose orders have not followed in this launch."""
        asked = get_told(self, "ato_asked")
        if asked is None:
            return self
        return self.filtered(
            lambda line: line in asked.new or line not in asked.reached
        )

    def _get_units_delivered_elsewhere(self):
        """What was delivered by no move of the line, in product units: a hook."""
        self.ensure_one()
        return 0.0

    def _get_shipped_assembled_units(self):
        """Sa: ever delivered from assembly, in the unit of the product.

        Less what was undone: unlike a return that is as if it had not left.
        """
        self.ensure_one()
        left = self.move_ids.filtered(
            lambda move: move.ato_supply == "assembly"
            and move.state == "done"
            and move._is_outgoing()
        )
        if not left:
            return 0.0
        undone = left._get_reversals()
        return left._get_procured_units() - undone._get_procured_units()

    def _get_shipped_assembled(self):
        """Sa: ever delivered from assembly, in the unit of the line."""
        if "done" not in self.move_ids.mapped("state"):
            return 0.0
        return self._to_line_unit(self._get_shipped_assembled_units())

    def _get_outstanding_parts(self):
        """N and P: what is still to be delivered by source, in the line's unit."""
        self.ensure_one()
        return split.outstanding(
            self.product_uom_qty,
            self.qty_to_assemble_to_order,
            self.qty_delivered,
            self._get_shipped_assembled(),
            self.product_uom_id,
        )

    def _label_stock_part(self):
        """What was demanded before a line was mixed is its stock part."""
        moves = self._with_documents().move_ids.filtered(
            lambda move: not move.ato_supply
            and not move.production_id
            and move.state != "cancel"
            # what is put back is of the part that it was taken for
            and not move.origin_returned_move_id.ato_supply
            and not move._brings_to_shelf()
        )
        if moves:
            moves.ato_supply = "stock"
            moves._join_cut_steps()
            moves._ask_for_what_is_brought()
            moves._chain_batches()

    def _get_first_open_moves(self, supply):
        """Open moves of one part in the first step of the delivery."""
        self.ensure_one()
        return (
            self._with_documents()
            ._get_shelf_stage()
            .filtered(lambda move: move.ato_supply == supply and move.state != "done")
        )

    def _get_change_figures(self):
        """The figures that a change of the split is told by: {line: figures}"""
        return {
            line: (
                line.product_uom_qty,
                line.qty_to_assemble_to_order,
                # what a quotation holds tells its own changes
                line.reserved_stock_qty if line.state == "sale" else 0.0,
            )
            for line in self
            if line.is_assembled or line._is_split_by_source()
        }

    def _follow_change(self, before):
        """Tell how the split has changed, and hold stock where it is to be at once.

        :param before: as from `_get_change_figures`
        """
        lines = self.filtered(lambda line: line in before)
        confirmed = lines.filtered(lambda line: line.state == "sale")
        if get_told(self, "ato_asked") is not NOTHING_ASKED:
            confirmed._post_split_changes(before)
        changed = lines.filtered(lambda line: line._has_new_split(*before[line][:2]))
        changed._reserve_at_once()

    def _post_split_changes(self, before):
        """Tell in the chatter of the orders how the split has changed (W8)."""
        for order, lines in self.grouped("order_id").items():
            changes = [line._get_split_change_message(*before[line]) for line in lines]
            if any(changes):
                order.message_post(
                    body=Markup("<br/>").join(change for change in changes if change)
                )

    def _get_split_change_message(self, quantity, to_assemble, held):
        """How the line's split has changed, empty when it has not (W8)."""
        self.ensure_one()
        compare, messages = self.product_uom_id.compare, []
        if compare(to_assemble, self.qty_to_assemble_to_order):
            messages.append(
                self.env._(
                    "%(product)s: to assemble %(old)s → %(new)s, from stock "
                    "%(old_stock)s → %(new_stock)s.",
                    product=self.product_id.display_name,
                    old=self._format_line_qty(to_assemble),
                    new=self._format_line_qty(self.qty_to_assemble_to_order),
                    old_stock=self._format_line_qty(quantity - to_assemble),
                    new_stock=self._format_line_qty(self.qty_from_stock),
                )
            )
        released = held - self.reserved_stock_qty
        if compare(released, 0.0) > 0:
            messages.append(
                self.env._(
                    "%(product)s: %(released)s reserved in stock were let go.",
                    product=self.product_id.display_name,
                    released=self._format_line_qty(released),
                )
            )
        return Markup("<br/>").join(messages)
