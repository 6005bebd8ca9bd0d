# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...private_context import get_told
from .lost import losing_afterwards


class StockMove(models.Model):
    """What leaves, and what follows for its line."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _action_done(self, cancel_backorder=False):
        """Have lines follow what has left, and what is given up of the rest.

        :raises UserError: when stock leaves before assembled units (R130)
        """
        self._lock_stock()
        lines = self._get_lines_to_follow()
        before = lines._filter_fulfilled()._get_facts()
        with losing_afterwards(self):
            done = super()._action_done(cancel_backorder=cancel_backorder)
        if not get_told(self, "ato_step"):
            done._follow_put_backs()
        if cancel_backorder:
            done._lose_unstored_units()
        lines._follow_delivery(before)
        done._get_rows_that_wait_there()._lose_what_is_gone()
        done._check_assembled_first()
        return done

    def _get_lines_to_follow(self):
        """Lines of which these moves are a part, or send out again what came back.

        That is of no part: nobody else may deliver as many then.
        """
        again = self._with_line().filtered(
            lambda move: move.origin_returned_move_id and move._is_outgoing()
        )
        split = again.sale_line_id.filtered(lambda line: line._is_split_by_source())
        return self._get_mixed_lines() | split

    def _follow_put_backs(self):
        """Have units that were put back be asked for where they are (E7)."""
        units = defaultdict(lambda: defaultdict(float))
        for move in self._with_line().filtered(lambda move: move._is_put_back()):
            taken = move.origin_returned_move_id
            units[taken.sale_line_id][taken.ato_supply] += move._ask_where_it_is()
        for line, put_back in units.items():
            line._ask_again(put_back)

    def _ask_where_it_is(self):
        """Have the step that was behind ask for less, and that before it again.

        Steps that pull rules have asked for wait for the units: nothing else would
        bring these on from where they are.

        :return: units of the product that are not asked for behind any more
        """
        self.ensure_one()
        taken, units = self.origin_returned_move_id, self._get_procured_units()
        behind = taken.move_dest_ids._filter_open()._get_delivery_steps()
        pulled = taken._get_pulled_among(behind)
        left = (behind - pulled)._take_back(units)
        units -= max(left - pulled._get_awaited_units(), 0.0)
        # nobody had brought the surplus there: the shelf is asked for as many instead
        surplus = taken._get_surplus_units(self) - taken._get_surplus_units()
        brought = units - surplus
        if taken._is_later_step() and taken.product_id.uom_id.compare(brought, 0.0) > 0:
            taken._repeat(brought, pulled)
        return units

    def _get_pulled_among(self, behind):
        """Steps `behind` this one that pull rules have asked for, from the shelf on."""
        self.ensure_one()
        if not self._is_later_step():
            return behind.browse()
        return behind.filtered(lambda move: move.rule_id.action == "pull")

    def _repeat(self, units, pulled):
        """Ask once more for `units` of the product that were put back.

        A later step is no procurement's: the row that is still open asks for more. What
        Odoo finds for it is all that was ever brought there, less all that went on.

        :param pulled: steps that wait for what is asked for here
        """
        self.ensure_one()
        if again := self._get_open_row():
            again._set_demand(again.product_qty + units)
        else:
            asked = {"product_uom_qty": self._from_product_units(units)}
            again = self.copy({**asked, "picking_id": False})
            again.procure_method = self.procure_method
            again.move_orig_ids = self.move_orig_ids
            again._action_confirm()
        again.move_orig_ids |= self._get_put_backs()
        again.move_dest_ids |= pulled
        again._action_assign()

    def _get_open_row(self):
        """The row, if any, that still brings on what is brought for this one."""
        self.ensure_one()
        others = self.move_orig_ids.move_dest_ids - self
        same = others._filter_open()._get_delivery_steps()
        return same.filtered(lambda m: m.location_dest_id == self.location_dest_id)[:1]

    def _check_assembled_first(self):
        """Let no stock leave while assembled units stay behind, where that is the rule.

        :raises UserError: naming what has to leave first (R130)
        """
        left = self._with_line().filtered(
            lambda move: move.ato_supply != "assembly"
            and move.state == "done"
            and move._is_outgoing()
            and move.location_id.warehouse_id.ato_ship_first == "strict"
        )
        for line in left.sale_line_id:
            behind = line._get_figures().undelivered_assembly
            if line.product_id.uom_id.compare(behind, 0.0) > 0:
                raise UserError(line._get_assembled_first_message(behind))

    def _go_back_to_shelf(self, quantity):
        """Ask on the shelf for units that an ordinary transfer has brought there."""
        self.ensure_one()
        line, supply = self.sale_line_id, self.ato_supply
        self._give_up_here(quantity)
        line._ask_again({supply: quantity})

    def _give_up_here(self, quantity):
        """Ask for `quantity` less in a later step, which has no return that says so.

        A row is cancelled with what was asked for.
        """
        self.ensure_one()
        self._take_back(quantity)
        less = {"product_uom_qty": self._from_product_units(quantity)}
        self.copy({**less, "picking_id": self.picking_id.id})._action_cancel()

    def _chain_again(self, sources):
        self.write(
            {
                "procure_method": "make_to_order",
                "move_orig_ids": [Command.set(sources.ids)],
            }
        )

    def _join_cut_steps(self):
        """Have later steps go on with what was picked, and is there.

        Where somebody takes units away from a plain line, Odoo cuts the chain: the step
        waits for units that nobody is going to bring.
        """
        done = self.filtered(lambda move: move.state == "done")
        cut = self._filter_open().filtered(lambda move: not move.move_orig_ids)
        for move in cut if done else ():
            sources = done.filtered(
                lambda m, move=move: m.location_dest_id == move.location_id
                and m.sale_line_id == move.sale_line_id
            )
            if sources._get_delivery_steps():
                move._chain_again(sources)
                move._ask_for_no_more_than(move._get_held_units())

    def _ask_for_what_is_brought(self):
        """Have later steps ask for what steps before have brought, or still bring.

        Where units of a plain line were put back, Odoo has them wait for the others.
        What it stores again, as less was ordered meanwhile, is not for them either.
        """
        for move in self._filter_open().filtered(lambda move: move._is_later_step()):
            before = move.move_orig_ids._get_delivery_steps()
            done = before - before._filter_open()
            if not done._get_put_backs():
                continue
            coming = before._filter_open()._get_procured_units()
            brought = move._get_obtainable_units() - move._get_units_stored_again()
            move._ask_for_no_more_than(max(brought, 0.0) + coming)

    def _get_units_stored_again(self):
        """What goes back to the shelf of what was brought here, for a lowered line."""
        self.ensure_one()
        stored = self.sale_line_id.move_ids.filtered(
            lambda move: move.state != "cancel"
            and move.location_id == self.location_id
            and move._brings_to_shelf()
        )
        return stored._get_procured_units()

    def _ask_for_no_more_than(self, units):
        """Ask for `units` of the product, where the step asks for more."""
        self.ensure_one()
        gone = self.product_qty - units
        if self.product_id.uom_id.compare(gone, 0.0) > 0:
            self._give_up_here(gone)

    def _ship_exactly(self, units):
        """Have `units` of the product, and no more, leave with these moves.

        What else they hold goes to the backorder.

        :return: the units that they do not hold
        """
        self.picked = False
        for move in self:
            product_uom = move.product_id.uom_id
            taken = min(units, move._get_held_units())
            if product_uom.compare(taken, 0.0) <= 0:
                continue
            move._let_go(move._get_held_units() - taken)
            move.picked = True
            units -= taken
        return units
