# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMove(models.Model):
    """Asking for less, and holding less."""

    _inherit = "stock.move"  # pylint: disable=consider-merging-classes-inherited

    def _take_back(self, quantity):
        """Ask for `quantity` less, in the product's unit, letting go of no more stock.

        What is picked stays. A move of which nothing is left is cancelled. Later steps
        that were asked for at the same time ask for less first.

        :return: what could not be taken away
        """
        asked, resupply = quantity, self._get_resupply_steps()
        for move in self.sorted(lambda m: (m._get_held_units(), -m.id)):
            product_uom = move.product_id.uom_id
            free = move.product_qty - move._get_picked_units()
            taken = min(quantity, free)
            if product_uom.compare(taken, 0.0) <= 0:
                continue
            if ahead := move._get_steps_ahead():
                ahead._filter_open()._take_back(taken)
            move._set_demand(move.product_qty - taken)
            quantity -= taken
        for step in resupply:
            step._reduce_supply(asked - quantity)
        return quantity

    def _leave_behind(self, quantity):
        """Go on with `quantity` less, in the product's unit, of what is under way."""
        for move in self:
            taken = min(quantity, move.product_qty - move._get_picked_units())
            if move.product_id.uom_id.compare(taken, 0.0) > 0:
                move._give_up_here(taken)
                quantity -= taken

    def _raise_demand(self, quantity):
        """Ask for `quantity` more, in the product's unit, in each step from here."""
        self.ensure_one()
        self._set_demand(self.product_qty + quantity)
        ahead = self._get_steps_ahead()._filter_open()[:1]
        if ahead:
            ahead._raise_demand(quantity)

    def _store_for_nobody(self, units):
        """Have `units` of the product, still to be stored, be ordinary stock."""
        for move in self:
            product_uom = move.product_id.uom_id
            taken = min(units, move.product_qty)
            if product_uom.compare(taken, 0.0) <= 0:
                return
            units -= taken
            if product_uom.compare(taken, move.product_qty) < 0:
                move._let_go(taken)
                move = move.create(move._split(taken))
                move._action_confirm(merge=False)
            move.ato_supply = False
            move._action_assign()

    def _get_resupply_steps(self):
        """Open moves that bring to the shelf what these take, from other warehouses."""
        steps, linked = self.browse(), self
        while linked:
            linked = linked.move_orig_ids._filter_open().filtered(
                lambda move: move.sale_line_id and move._brings_to_shelf()
            )
            linked -= steps
            steps |= linked
        return steps.sorted("id")

    def _reduce_refill(self, quantity):
        """Bring `quantity` less, all the way from another place, to no delivery's name.

        :return: how much less is brought
        """
        self.ensure_one()
        taken = quantity
        for step in self | self._get_resupply_steps():
            taken = min(taken, step._reduce_supply(quantity))
        return taken

    def _reduce_supply(self, quantity):
        """Bring `quantity` less; what is between two warehouses arrives as stock.

        :return: how much less is brought
        """
        self.ensure_one()
        before, left = self.product_qty, self.product_qty - quantity
        between = self.location_id.usage == "transit"
        under_way = self._get_held_units() if between else 0.0
        self._set_demand(max(left, under_way, 0.0))
        if under_way and self.product_id.uom_id.compare(left, 0.0) <= 0:
            self.ato_supply = False
        return before - self.product_qty

    def _set_demand(self, quantity):
        """Ask for `quantity`, in the product's unit, and hold no more than that."""
        self.ensure_one()
        product_uom = self.product_id.uom_id
        surplus = self._get_held_units() - quantity
        if surplus > 0:
            self._let_go(surplus)
        self.product_uom_qty = product_uom._compute_quantity(
            quantity, self.product_uom, rounding_method="HALF-UP"
        )
        if product_uom.is_zero(quantity):
            # cancelled with nothing left, as Odoo does: what the warehouse cancels
            # still says how much it was
            self._action_cancel()

    def _drop_demand(self):
        """Ask for nothing more."""
        for move in self:
            move._set_demand(0.0)

    def _let_go(self, quantity, place=None):
        """Release `quantity`, in the product's unit, of what is held last.

        :param place: (bin, lot, package, owner); wherever it is unless told
        """
        self.ensure_one()
        product_uom = self.product_id.uom_id
        lines = self._get_lines_to_let_go(place)[::-1]
        whole = lines.filtered("is_entire_pack")
        whole = whole and whole._get_lines_of_whole_packages()
        for line in lines:
            if product_uom.compare(quantity, 0.0) <= 0:
                break
            taken = min(quantity, line.quantity_product_uom)
            quantity -= taken
            left = line.quantity_product_uom - taken
            if product_uom.is_zero(left):
                line.unlink()
            else:
                line.quantity = product_uom._compute_quantity(
                    left, line.product_uom_id, rounding_method="HALF-UP"
                )
        if whole:
            whole.exists()._find_whole_packages_again()

    def _get_lines_to_let_go(self, place=None):
        """What the move holds, at one place if told, and nobody has picked."""
        return self.move_line_ids.filtered(
            lambda line: not line.picked
            and (place is None or place == line._get_place())
        )
