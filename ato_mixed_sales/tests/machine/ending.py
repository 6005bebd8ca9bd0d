# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever happened before: the order can be fulfilled to the end."""

import gc

from .. import oracle
from .checks import Checks
from .floor import Floor
from .keeper import Keeper
from .other import Other
from .packer import Packer
from .seller import Seller
from .world import is_open

ROUNDS = 12
# of the tables that stories fill, and chain
COUNT_ROWS = """
    ANALYZE stock_move, stock_move_line, stock_move_move_rel, stock_quant,
            stock_location, stock_picking, sale_order_line, mrp_production
"""


class Machine(Seller, Floor, Packer, Keeper, Other, Checks):
    """All who work with one order, from its quotation to its end."""

    def __enter__(self):
        self.savepoint = self.env.cr.savepoint()
        # what is there already is no step's, see `forget_environments`
        gc.freeze()
        return self

    def __exit__(self, *_exception):
        gc.unfreeze()
        self.case.kept_back -= self.order
        self.savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)

    def frame(self, step):
        """The first step of a story, or its last one: neither is ever refused."""
        if step.event == "begin" or not self.is_parked(step):
            getattr(self, step.event)(**step.figures)

    def begin(self, first, second, stock):
        """A quotation of two lines, and so many more units on the shelf.

        :param first, second: (units, units to assemble) of each line
        """
        self.world.receive(self.product, stock)
        self.order = self.world.make_order(first, second)
        # else PostgreSQL takes the tables for empty, as nothing is ever committed
        self.env.flush_all()
        self.env.cr.execute(COUNT_ROWS)
        self.neighbour = self.read_neighbour()
        self.check()
        self.seen = self.read_tables()

    def end(self):
        """Somebody orders one more of each line: all is asked for, made and shipped."""
        if self.is_kept_back():
            self.let_go_on()
        if self.order.state == "cancel":
            self.order.action_draft()
        if self.order.state != "sale":
            self.order.action_confirm()
        self.check()
        self.world.receive(self.product, 60)
        self.world.receive(self.world.component, 60)
        self.count_numbers()
        for line in self.lines:
            more = max(self.units_of(line)[0], self.count_shipped(line)) + 1
            line.product_uom_qty = self.world.to_ordered(more)
        self.check()
        for _round in range(ROUNDS):
            if not self.go_on():
                break
        self.check()
        for line in self.lines.filtered(self.is_ours):
            ordered = self.units_of(line)[0]
            self.case.assertAlmostEqual(
                self.count_shipped(line), ordered, 3, "S is Q at last"
            )
        # what Odoo stores again, as less was ordered of a plain line, may be gone
        opened = self.pickings.move_ids.filtered(
            lambda m: is_open(m) and (self.held(m) or not oracle.is_stored_again(m))
        )
        lines = opened.sale_line_id.filtered(self.is_ours)
        self.case.assertFalse(lines, "transfers left")
        self.case.assertFalse(self.productions.filtered(is_open), "orders left")
        self.check_analysis()
        self.case.assertNothingBroken()

    def count_numbers(self):
        """Count away what Odoo has taken a part of, for a plain line in dozens.

        It holds nothing where it comes upon 0.92 of a serial number.
        """
        for quant in self.get_quants() if self.product.tracking == "serial" else ():
            part = quant.quantity % 1
            if part and not quant.reserved_quantity:
                quant._update_available_quantity(
                    self.product, quant.location_id, -part, lot_id=quant.lot_id
                )

    def go_on(self):
        """Do all that can be done now.

        :return: whether anything was
        """
        done = False
        for order in self.get_productions("confirmed", "progress", "to_close"):
            self.world.bring_components(order)
            if not self.lacks_components(order, order.product_qty):
                self.make(order, order.product_qty, rest=False)
                done = True
        storing = self.get_storing()
        (storing | self.pickings).move_ids.filtered(is_open)._action_assign()
        # what Odoo does with a line that was never assembled is its own
        ours = self.get_ready().filtered(
            lambda p: any(map(self.is_ours, p.move_ids.sale_line_id))
        )
        for picking in storing | ours:
            if picking.state != "done" and any(map(self.held, picking.move_ids)):
                self.name_asked_back(picking.move_ids)
                self.put_in_other_packages(picking)
                self.world.validate(picking)
                done = True
        return done
