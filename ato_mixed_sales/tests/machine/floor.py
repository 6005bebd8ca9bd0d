# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done where things are made."""

from odoo.exceptions import UserError
from odoo.tests import Form

from .planner import Planner
from .story import NotNow, TriedInVain, between, event, maybe, one_of
from .world import is_open


class Floor(Planner):
    @event(9, order=between(0, 3))
    def bring_components(self, order):
        """The step before making: components leave the shelf."""
        order = self.open_production(order)
        pickings = order.picking_ids.filtered(is_open) - self.get_storing()
        self.move_on(self.choose(pickings, 0))

    @event(14, order=between(0, 3), quantity=maybe(between(1, 6)))
    def produce(self, order, quantity):
        """Some now and the rest later; or all; or more than all."""
        order = self.open_production(order, "confirmed", "progress", "to_close")
        quantity = quantity or order.product_qty
        self.make(order, quantity, rest=quantity < order.product_qty)

    @event(order=between(0, 3), quantity=between(1, 4))
    def start(self, order, quantity):
        """Somebody begins: the order cannot be taken back any more."""
        order = self.open_production(order, "confirmed")
        quantity = min(quantity, order.product_qty)
        if self.lacks_components(order, quantity):
            raise TriedInVain
        order.qty_producing = quantity
        order._set_qty_producing()

    @event(
        9,
        number=between(0, 3),
        quantity=maybe(between(1, 4)),
        rest=one_of(True, True, True, False),
    )
    def store(self, number, quantity, rest=True):
        """The step behind making: what is made goes to the shelf.

        :param rest: whether there is a backorder, or the rest stays on the floor
        """
        self.move_on(self.choose(self.get_storing(), number), quantity, rest)

    @event(0.7, number=between(0, 3))
    def leave_on_floor(self, number):
        """What is made is not stored after all."""
        storing = self.choose(self.get_storing(), number)
        self.by("packer", storing).action_cancel()

    @event(0.7, order=between(0, 3), quantity=between(1, 3))
    def take_apart(self, order, quantity):
        """Units that were made become components again, if they are still there."""
        order = self.choose(self.get_productions("done"), order)
        lot = order.lot_producing_ids[:1]
        serial = order.move_raw_ids.filtered(lambda m: m.has_tracking == "serial")
        if order.unbuild_ids and serial and not lot:
            raise NotNow  # Odoo brings the same numbers back once more
        quantity = 1 if self.product.tracking == "serial" else quantity
        there = [
            units
            for quant, units in self.get_quants().items()
            if (quant.location_id, quant.lot_id) == (self.world.stock, lot)
            and not quant.package_id
        ]
        if sum(there) < quantity:
            raise NotNow
        unbuilds = self.env["mrp.unbuild"].with_user(self.case.users["planner"])
        with Form(unbuilds) as form:
            form.mo_id = order
            if self.product.tracking != "serial":
                form.product_qty = quantity
            if lot:
                form.lot_id = lot
        # Odoo proposes the stock of the company's first warehouse
        unbuild = form.record
        unbuild.location_id = unbuild.location_dest_id = self.world.stock
        unbuild.action_unbuild()

    @event(order=between(0, 3))
    def make_again(self, order):
        """What was made, and waits for its delivery, is taken apart, and made again."""
        order = self.choose(self.get_productions("done"), order)
        is_possible = order.can_be_made_again
        try:
            self.by("planner", order).action_undo_assembly()
        except UserError as refusal:
            self.case.assertFalse(is_possible, f"refused for nothing: {refusal}")
            raise

    def get_storing(self):
        """Transfers that bring what was made to the shelf."""
        moves = self.productions.move_finished_ids.move_dest_ids
        return moves.filtered(
            lambda m: is_open(m)
            and m.location_dest_id.usage == "internal"
            and m.location_id == self.warehouse.sam_loc_id
        ).picking_id.sorted("id")

    def move_on(self, picking, quantity=None, rest=True):
        """Bring so much of each row on, all that is there unless told."""
        picking = self.by("packer", picking)
        picking.action_assign()
        rows = picking.move_ids.filtered(lambda m: is_open(m) and self.held(m))
        if not rows:
            raise TriedInVain
        for row in rows:
            row.quantity = min(quantity or self.held(row), self.held(row))
        rows.picked = True
        left = [] if rest else picking.ids
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=left
        ).button_validate()
