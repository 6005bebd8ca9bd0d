# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ...private_context import get_told
from ...reserving import RESERVING, reserving_together


class StockMove(models.Model):
    """Who gets which units: the line what is made for it, before anybody else."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _action_assign(self, force_qty=False):
        """Give assembled units to their own line before anybody takes from stock.

        The rest of a partial delivery is asked for by both parts at once. What a
        quotation has held is the first that its delivery takes.
        """
        if not self:
            return None  # which is often so, and a dozen calls for nothing
        # what brings the very units back has its rows: others would be deleted
        self -= self.filtered(
            lambda move: move.ato_is_undo
            or (move.unbuild_id and move._with_line().unbuild_id.ato_places)
        )
        # what has an operation is no hold
        has_others = not all(move.picking_type_id for move in self)
        if has_others and (holds := self._get_holds()):
            holds._hold_again()
            self -= holds
        if self.sale_line_id:
            self._take_over_holds()
        # no component is anybody else's row
        if self.picking_id and not force_qty and (bound := self._get_served_first()):
            super(StockMove, bound)._action_assign()
        # what has no operation only keeps them, until a delivery asks
        moves = self.sorted(
            lambda move: (move.ato_supply != "assembly", not move.picking_type_id)
        )
        if "ato_losing_moves" in self.env.context:
            moves -= self.browse(get_told(self, "ato_losing_moves"))
        if len(moves) < 2:
            return super(StockMove, moves)._action_assign(force_qty=force_qty)
        with reserving_together(moves):
            return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _get_served_first(self):
        """What others wait for that is made for the lines of these moves."""
        lines = self.filtered(lambda move: move.ato_supply == "stock").sale_line_id
        # a rest is asked for again by all rows of its transfer, one after the other
        rows = lines.move_ids | self.picking_id.move_ids
        return rows._get_open_assembly_demand()._get_suppliable() - self

    def _break_mto_link(self, parent_move):
        """Keep assembled units for their line wherever in the warehouse they are.

        Odoo lets go of what comes out in a bin of the location that is delivered from.
        What a transfer brings to another warehouse is lost.
        """
        bound = self.filtered(
            lambda move: move.ato_supply == parent_move.ato_supply == "assembly"
        )
        warehouse = parent_move.location_dest_id.warehouse_id
        kept = bound.filtered(lambda move: move.location_id.warehouse_id == warehouse)
        res = super(StockMove, self - kept)._break_mto_link(parent_move)
        for moves in (bound - kept)._with_line().grouped("sale_line_id").values():
            lost = parent_move._get_procured_units()
            moves[0]._lose_units(lost, moves[0].move_orig_ids)
        return res

    def _get_available_move_lines(
        self, assigned_moves_ids, partially_available_moves_ids
    ):
        """Offer no more than is assembled for the line and not given up, where it is.

        Odoo offers what the finished moves have brought, or what has stored it, lost
        units included, where they have brought it. What is still to be stored is not
        there. What was moved, or unpacked, behind the shelf is there all the same.
        """
        if reserving := self.env.cr.postcommit.data.get(RESERVING):
            reserving.make()  # who holds what is asked here
        available = super()._get_available_move_lines(
            assigned_moves_ids, partially_available_moves_ids
        )
        if self.ato_supply and self.sale_line_id and self._is_later_step():
            return self._find_moved_units(available, sum(available.values()))
        if self.ato_supply != "assembly" or not self._is_fed_by_orders():
            return available
        line = self.sale_line_id
        if not line and self._filter_keeping():
            line = self._get_line_that_made()
        if not line:
            return available
        storing = sum(line._get_storing_moves().mapped("product_qty"))
        limit = line._get_assembled_on_shelf(self) - storing
        return self._find_moved_units(available, max(limit, 0.0))

    def _get_units_brought(self):
        """{place: units} that the steps before have brought, and none has taken on.

        Where they have brought them, in the product's unit, as Odoo counts.
        """
        # Odoo's own answer, without what ours adds to it
        # pylint: disable-next=super-method-mismatch
        return super()._get_available_move_lines(set(), set())

    def _is_fed_by_orders(self):
        """Whether orders, and what stores of them, bring what the move takes."""
        self.ensure_one()
        before = self.move_orig_ids
        makers = (before | before.move_orig_ids).production_id
        return bool(makers) and not self._is_later_step()

    def _get_suppliable(self):
        """Those of the moves for which units are assembled that they do not hold."""
        return self.filtered(
            lambda move: move.state in ("confirmed", "waiting", "partially_available")
            and "done" in move.move_orig_ids.mapped("state")
        )

    def _do_unreserve(self):
        """Tell the quotation where a user lets go of a hold, which does not stay."""
        moves = self
        if moves and not self.env.su and (holds := moves._get_holds()):
            holds.with_env(self.env).move_line_ids.unlink()
            moves -= holds
        return not moves or super(StockMove, moves)._do_unreserve()

    def _lock_stock(self):
        """Have this transaction alone decide on the stock of mixed lines."""
        moves = self.filtered("ato_supply")
        self.env["stock.quant"]._lock_stock(
            moves.product_id, moves.location_id.warehouse_id
        )

    def _get_lacking_units(self):
        """What the move asks for and does not hold, in the unit of the product."""
        self.ensure_one()
        return max(self.product_qty - self._get_held_units(), 0.0)

    def _reserve_place(self, place, units):
        """Hold up to `units` of the product, of one place exactly.

        :param place: (bin, lot, package, owner)
        :return: how many are held
        """
        taken = 0.0
        for move in self:
            wanted = units - taken
            if not move._get_holds():
                wanted = min(wanted, move._get_lacking_units())
            if move.product_id.uom_id.compare(wanted, 0.0) > 0:
                taken += move._update_reserved_quantity(wanted, *place, strict=True)
        return taken

    def _forget_left_orders(self):
        """Have no order feed these deliveries that goes on for stock."""
        for move in self:
            line = move.sale_line_id
            strange = move.move_orig_ids.filtered(
                lambda made, line=line: made.production_id
                and made.production_id.ato_sale_line_id != line
            )
            if strange:
                move.move_orig_ids -= strange
                orders = line._get_open_assembly_orders()._as_step()
                move.with_env(orders.env).created_production_id = orders[:1]

    def _get_moves_to_shelf(self):
        """The moves by which what this one makes gets to where it is delivered from.

        Itself, or those that store what it has made already.
        """
        self.ensure_one()
        ahead = self.move_dest_ids
        storing = (ahead - ahead._filter_keeping()).filtered(
            lambda move: move.state != "cancel" and not move.sale_line_id
        )
        return storing or self
