# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMove(models.Model):
    """Which step of a delivery a move is.

    Push rules make a step when the one before it is done. Pull rules ask for all steps
    at once, the last one first.
    """

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _push_apply(self):
        """Bring units of mixed lines on by the rules by which they have left the shelf.

        The steps of a warehouse may be changed while they are under way. Odoo goes by
        the rules of today, and would leave them where no delivery passes any more.
        """
        moves = super(StockMove, self - self._get_arrived())._push_apply()
        for move in self._with_line().filtered(lambda m: m._is_left_halfway()):
            rule = move._get_former_rule()
            ahead = rule and rule._run_push(move)
            if ahead:
                moves |= ahead._action_confirm().with_env(moves.env)
        return moves

    def _get_arrived(self):
        """Those of the moves after which no other comes, nor can a rule make one."""
        last = self.filtered(lambda move: not move.move_dest_ids)
        places = last.location_dest_id
        # sudo: of any company, whoever moves goods: where there is one, Odoo looks
        rules = self.env["stock.rule"].sudo()
        passed = rules.search(
            [
                ("action", "in", ("push", "pull_push")),
                ("location_src_id", "parent_of", places.ids),
            ]
        ).location_src_id
        ends = places.filtered(
            lambda place: not any(place._child_of(location) for location in passed)
        )
        return last.filtered(lambda move: move.location_dest_id in ends)

    def _is_left_halfway(self):
        """Whether units are nearer to the customer now, and no step is next."""
        self.ensure_one()
        return (
            bool(self.ato_supply and self.sale_line_id)
            and not self.origin_returned_move_id
            and self.location_dest_id.usage == "internal"
            and self.location_final_id._is_outgoing()
            and not self._get_steps_ahead()
        )

    def _get_former_rule(self):
        """The rule, archived by now, by which units were brought on from here."""
        self.ensure_one()
        return self.env["stock.rule"].search(
            [
                ("active", "=", False),
                ("action", "in", ("push", "pull_push")),
                ("route_id", "=", self.rule_id.route_id.id),
                ("location_src_id", "=", self.location_dest_id.id),
            ],
            limit=1,
        )

    def _get_delivery_steps(self):
        """Those of the moves that bring units of a line nearer to the customer.

        Nobody else says what a step is. Cancelled ones are steps as well. An earlier
        step by a pull rule is told by the one that it brings units for. What brings
        units to the shelf is their supply, and no step; nor is what brings them back.
        """
        moves = self.filtered(
            lambda move: move.sale_line_id
            and not move.production_id
            and not move.origin_returned_move_id
        )
        shelves = moves and moves.location_dest_id._filter_shelves()
        return moves.filtered(
            lambda move: move.location_dest_id not in shelves
            and (
                (move.location_final_id or move.location_dest_id)._is_outgoing()
                or move._get_steps_ahead()._get_delivery_steps()
            )
        )

    def _is_delivery_step(self):
        """See `_get_delivery_steps`."""
        self.ensure_one()
        return bool(self._get_delivery_steps())

    def _is_gone_on_with(self):
        """Whether later steps bring what the move brings to the customer, or a shelf.

        As for another warehouse, which is supplied with it.
        """
        self.ensure_one()
        return any(
            move.location_dest_id._is_shelf()
            or move._is_delivery_step()
            or move._is_gone_on_with()
            for move in self._get_steps_ahead()
        )

    def _filter_storing(self):
        """Moves that bring to the shelf what is made for a line."""
        return self.filtered(
            lambda move: move.ato_supply == "assembly"
            and not move.sale_line_id
            and not move.production_id
            and move.picking_type_id
        )

    def _filter_keeping(self):
        """Moves that only keep what is assembled, see `_keep_unasked_units`."""
        return self.filtered(
            lambda move: move.ato_supply == "assembly"
            and not move.sale_line_id
            and not move.production_id
            and not move.picking_type_id
        )

    def _brings_to_shelf(self):
        """Whether a rule has the move bring what is to be delivered from the shelf."""
        self.ensure_one()
        return (
            self.rule_id.action in ("pull", "pull_push")
            and not self.origin_returned_move_id
            and not self.location_id._is_outgoing()
            and not self._is_delivery_step()
            and not self._comes_back()
        )

    def _comes_back(self):
        """Whether a customer is to return what the move brings, by steps before it."""
        self.ensure_one()
        before = self.browse(self._rollup_move_origs())
        return any(move.location_id._is_outgoing() for move in before)

    def _get_steps_ahead(self):
        """Moves of the same line that go on with what these bring."""
        return self.move_dest_ids.filtered(
            lambda move: move.sale_line_id in self.sale_line_id
            and move.state != "cancel"
            and not move.origin_returned_move_id
        )

    def _get_depth_among(self, moves):
        """How many of `moves` are passed, one after the other, before this one."""
        self.ensure_one()
        depth, level = 0, self.move_orig_ids & moves
        while level and depth < len(moves):
            depth, level = depth + 1, level.move_orig_ids & moves
        return depth
