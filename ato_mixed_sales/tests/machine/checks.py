# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What holds after each step, counted from moves, quants and orders."""

import gc
from traceback import walk_tb

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import SQL, reset_cached_properties

from .. import oracle
from .parked import PARKED
from .snapshot import read_concerned, read_owned
from .story import NotNow, TriedInVain
from .world import Machine, is_open

OURS = "/ato_mixed_sales/"
# where units are reserved, by whom: what quants say, less what open moves hold
RESERVED = """
    SELECT location_id, lot_id, package_id, sum(quantity) FROM (
        SELECT q.location_id, q.lot_id, q.package_id, q.reserved_quantity AS quantity
          FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
         WHERE q.product_id = %(product)s AND l.usage IN ('internal', 'transit')
         UNION ALL
        SELECT ml.location_id, ml.lot_id, ml.package_id, -ml.quantity_product_uom
          FROM stock_move_line ml JOIN stock_location l ON l.id = ml.location_id
         WHERE ml.product_id = %(product)s AND l.usage IN ('internal', 'transit')
           AND ml.state NOT IN ('draft', 'done', 'cancel')
    ) held GROUP BY location_id, lot_id, package_id HAVING abs(sum(quantity)) > 0.001
"""
NEGATIVE = """
    SELECT q.location_id, q.lot_id, q.quantity
      FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
     WHERE q.product_id = %(product)s AND l.usage IN ('internal', 'transit')
       AND (q.quantity < -0.001 OR q.reserved_quantity > q.quantity + 0.001)
"""


class Checks(Machine):
    def take(self, step):
        """Take a step: it is done, or refused and changes nothing.

        :return: "done", "refused", or None where there was nothing to do it to
        """
        if self.is_parked(step):
            return None
        before = self.seen
        try:
            with self.env.cr.savepoint():
                if not self.has_happened(step):
                    return None
        except TriedInVain:
            return None
        except UserError as refusal:
            if isinstance(refusal, (AccessError, MissingError)):
                raise
            self.case.assertEqual(self.read_tables(), before, "refused, yet changed")
            self.check_refusal(refusal)
            return "refused"
        self.check()
        self.seen = self.read_tables()
        return "done"

    def has_happened(self, step):
        """Whether there was something to take the step with."""
        try:
            getattr(self, step.event)(**step.figures)
        except TriedInVain:
            raise  # something is to be undone
        except NotNow:
            return False
        self.env.flush_all()
        return True

    def is_parked(self, step):
        return any(row.avoid(self, step) for row in PARKED)

    def read_tables(self):
        products = (self.product | self.world.component | self.case.leg).ids
        return read_concerned(
            self.env,
            order=self.order.id,
            products=products,
            warehouse=self.warehouse.id,
        )

    def read_neighbour(self):
        return read_owned(self.env, order=self.world.neighbour.id)

    def check_refusal(self, refusal):
        """What we refuse names the product, or a document that it is about."""
        frames = [frame for frame, _line in walk_tb(refusal.__traceback__)]
        file = frames[-1].f_code.co_filename
        if OURS not in file or "/tests/" in file:
            return  # Odoo's own words
        documents = (self.order, *self.pickings, *self.productions)
        names = {record.name for record in documents} | {self.product.display_name}
        text = str(refusal)
        self.case.assertTrue(any(n in text for n in names), f"names nothing: {text}")

    def check(self):
        """Everything that holds for the order, its lines and everybody's stock."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.forget_environments()
        for line in self.lines:
            if line.state == "sale":
                if self.is_ours(line) and self.is_asked_for(line):
                    self.case._check_line(line)
            elif line.state == "cancel":
                self.check_cancelled(line)
            else:
                self.check_quotation(line)
        self.check_stock()
        self.case.assertEqual(self.read_neighbour(), self.neighbour, "somebody else's")

    def forget_environments(self):
        """Odoo looks for an environment among all that are there.

        What they have cached keeps those of earlier steps alive, and so do circles of
        records, which nobody breaks while tests run.
        """
        for env in self.env.transaction.envs:
            reset_cached_properties(env)
        gc.collect()

    def is_ours(self, line):
        """Whether it is, or was, to be assembled: others are Odoo's alone."""
        return line.qty_to_assemble_to_order or any(line.move_ids.mapped("ato_supply"))

    def is_asked_for(self, line):
        """Whether somebody has asked for its delivery, or nobody keeps that back."""
        return line.move_ids or line.order_id not in self.case.kept_back

    def check_quotation(self, line):
        case, (ordered, to_assemble) = self.case, self.units_of(line)
        case.assertGreaterEqual(to_assemble, 0)
        case.assertLessEqual(to_assemble, ordered)
        made, coming = oracle.count_made(line)
        remaining = max(0, to_assemble - (made - line.qty_given_up))
        case.assertAlmostEqual(coming, remaining, 3, "R of a quotation")
        self.check_asks_for_nothing(line, "a quotation asks for nothing")

    def check_cancelled(self, line):
        """Nothing is left but what the planner has started."""
        drafts = line.assembly_order_ids.filtered(lambda o: o.state == "draft")
        self.case.assertFalse(drafts, "drafts of a cancelled order")
        self.check_asks_for_nothing(line, "a cancelled order asks")
        # as on an order, what leaves beyond what was ordered is held for no demand
        lacking = max(self.units_of(line)[0] - self.count_shipped(line), 0)
        held = min(oracle.units(self.get_asked(line)), lacking)
        self.case.assertUnits(line, held, line.reserved_qty, "V of a cancelled order")

    def count_shipped(self, line):
        """S, as moves say."""
        parts = oracle.count_parts(line)
        left = parts["stock"].delivered + parts["assembly"].delivered
        return left - oracle.count_returned(line)

    def check_asks_for_nothing(self, line, message):
        """But for what is sent in exchange for what came back, or goes out again."""
        asked = oracle.demand(self.get_asked(line))
        back = oracle.count_brought_back(line) + oracle.count_sent_again(line)
        self.case.assertLessEqual(asked, back, message)

    def check_analysis(self):
        """What the analysis says by source adds up to what is delivered, and its price.

        What came back has its source from what had left.
        """
        lines = self.lines.filtered(lambda line: line.product_uom_qty > 0)
        self.env.flush_all()
        rows = self.env["assembly.sale.report"]._read_group(
            [("sale_line_id", "in", lines.ids)],
            ["sale_line_id", "source"],
            ["quantity:sum", "revenue:sum"],
        )
        told = {(line, source): figures for line, source, *figures in rows}
        for line in lines:
            parts, returned = oracle.count_parts(line), oracle.count_returned(line)
            factor = self.world.uom.factor / self.product.uom_id.factor
            units, revenue = (
                sum(told.get((line, source), (0, 0))[n] for source in parts)
                for n in (0, 1)
            )
            self.case.assertUnits(line, units, line.qty_delivered, "S of analysis")
            self.case.assertAlmostEqual(
                revenue, units * line.price_subtotal / line.product_uom_qty / factor, 2
            )
            for source, part in parts.items():
                figure = told.get((line, source), (0, 0))[0]
                self.case.assertLessEqual(figure, part.delivered + 0.001, source)
                least = part.delivered - returned
                self.case.assertGreaterEqual(figure, least - 0.001, source)

    def get_asked(self, line):
        """What open moves are to bring to the customer."""
        return line.move_ids.filtered(
            lambda m: is_open(m)
            and not m.production_id
            and (m.location_final_id or m.location_dest_id).usage == "customer"
        )

    def check_stock(self):
        """What quants say is reserved is what moves hold; nothing is below nothing."""
        for statement, message in (
            (RESERVED, "reserved is what is held"),
            (NEGATIVE, "more is taken than is there"),
        ):
            rows = self.env.execute_query(SQL(statement, product=self.product.id))
            self.case.assertFalse(rows, message)
