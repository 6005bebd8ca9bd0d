# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL, split_every

from ..product_product import OPEN_STATES

_logger = logging.getLogger(__name__)

# where ids are noted, in the data of the cursor
WATCHED = "ato_watched"
CRON = "ato_mixed_sales.watch_promises_cron"
# Orders of others that one transaction looks at before it ends: the scheduled job does
# the rest, at once.
MOST_OF_OTHERS = 40
# orders that the job looks at in one transaction
BATCH = 200

PROMISED = """
    sale.state = 'sale' AND %(by_order)s AND line.display_type IS NULL
    AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)
    AND (line.qty_to_assemble_to_order > 0 OR EXISTS (
         SELECT FROM mrp_bom bom
           JOIN product_product product
             ON product.product_tmpl_id = bom.product_tmpl_id
          WHERE bom.type = 'normal' AND product.id = line.product_id))
"""

# Orders that moves may concern: those whose moves they are, and those that are promised
# and take of the same products. `is_own` tells them apart.
CONCERNED = """
    WITH moved AS MATERIALIZED (
        SELECT product_id, sale_line_id, production_id, raw_material_production_id
          FROM stock_move WHERE id = ANY(%(moves)s::int[])
    ),
    changed AS (
        SELECT product_id FROM moved
         UNION
        SELECT UNNEST(%(products)s::int[])
    ),
    own AS (
        SELECT UNNEST(%(orders)s::int[]) AS id
         UNION
        SELECT line.order_id FROM moved
          JOIN sale_order_line line ON line.id = moved.sale_line_id
         UNION
        SELECT line.order_id FROM moved
          JOIN mrp_production production ON production.id IN (
               moved.production_id, moved.raw_material_production_id)
          JOIN sale_order_line line ON line.id = production.ato_sale_line_id
    ),
    taker AS (
        SELECT id, order_id FROM sale_order_line
         WHERE product_id IN (SELECT product_id FROM changed)
         UNION
        SELECT line.id, line.order_id FROM stock_move move
          JOIN mrp_production production ON production.id = raw_material_production_id
          JOIN sale_order_line line ON line.id = production.ato_sale_line_id
         WHERE move.product_id IN (SELECT product_id FROM changed)
           AND move.state IN %(open)s
    )
    SELECT sale.id, TRUE AS is_own
      FROM own JOIN sale_order sale ON sale.id = own.id
     WHERE sale.promise_told IS NOT NULL OR EXISTS (
           SELECT FROM sale_order_line line WHERE line.order_id = sale.id
              AND sale.state = 'sale'
              AND (line.qty_to_assemble_to_order > 0 OR %(promised)s))
     UNION
    SELECT sale.id, FALSE
      FROM taker
      JOIN sale_order_line line ON line.id = taker.id
      JOIN sale_order sale ON sale.id = taker.order_id
     WHERE %(promised)s AND sale.id NOT IN (SELECT id FROM own)
"""

# Orders of which something may be late, or ready to leave; or was told to be.
PROMISES = """
    SELECT sale.id FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
     WHERE line.id = ANY(%(late)s::int[]) AND %(promised)s
     UNION
    SELECT line.order_id FROM stock_move move
      JOIN sale_order_line line ON line.id = move.sale_line_id
      JOIN stock_location place ON place.id = move.location_dest_id
     WHERE move.state = 'assigned' AND move.ato_supply = 'assembly'
       AND place.usage IN ('customer', 'transit')
     UNION
    SELECT id FROM sale_order WHERE promise_told IS NOT NULL
"""


class SaleOrder(models.Model):
    """Whether promises can still be kept, and what is ready: looked at in time.

    Whoever changes what figures are counted from has it looked at before his
    transaction ends; time that passes, and what no hook sees, a scheduled job finds.
    Both note what they have told on the order: of two at once, PostgreSQL refuses the
    second one, which runs again and finds it told.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_promised_sql(self):
        """SQL: `line` of order `sale` is open, and may be assembled and promised."""
        by_line = self.order_line._has_dates_of_others()
        return SQL(
            PROMISED,
            by_order=SQL("TRUE" if by_line else "sale.commitment_date IS NOT NULL"),
        )

    def _watch(self):
        """Have these orders looked at before the transaction ends, and others.

        :return: ids that are noted so far, to be added to: of `orders`, of `moves` that
            are there in the end, of `products` of moves that are not
        """
        watched = self.env.cr.precommit.data.get(WATCHED)
        if watched is None:
            watched = {"orders": set(), "moves": set(), "products": set()}
            self.env.cr.precommit.data[WATCHED] = watched
            self.env.cr.precommit.add(self.browse()._look_at_watched)
        watched["orders"].update(self.ids)
        return watched

    @api.model
    def _look_at_watched(self):
        """Look at the orders that this transaction may concern.

        Who has changed something is not to blame for what is late, and never refused.
        """
        watched = self.env.cr.precommit.data.pop(WATCHED)
        self._attempt(lambda: self._follow_watched(watched))

    @api.model
    def _follow_watched(self, watched):
        """Tell what there is to be told; of many others, the scheduled job does so.

        :param watched: as from `_watch`
        """
        own, others = self._find_watched(**watched)
        if len(others) > MOST_OF_OTHERS:
            # an administrator may have deleted it
            job = self.env.ref(CRON, raise_if_not_found=False)
            if job:
                job._trigger()
            others = self.browse()
        (own | others)._follow_promises()

    @api.model
    def _find_watched(self, **watched):
        """(orders whose own moves these are, orders of others that they may concern)

        :param watched: ids of `orders`, `moves` and `products`
        """
        ids = {name: list(ids) for name, ids in watched.items()}
        promised = self._get_promised_sql()
        query = SQL(CONCERNED, open=OPEN_STATES, promised=promised, **ids)
        found = {True: [], False: []}
        for order_id, is_own in self.env.execute_query(query):
            found[is_own].append(order_id)
        return self.browse(found[True]), self.browse(found[False])

    @api.model
    def _attempt(self, function):
        """Run `function`, and leave nothing of it where it fails.

        But for what others have changed meanwhile: then all of it is to run again.

        :return: whether it went well
        """
        try:
            with self.env.cr.savepoint():
                function()
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Nobody was told: %s", function)
            return False
        return True

    @api.model
    def _cron_watch_promises(self):
        """Tell what has become late, on time, or ready, and was not told yet.

        Batch by batch: an order that cannot be helped keeps no other from it.
        """
        orders = self._find_promises()
        for ids in split_every(BATCH, orders.ids):
            self.browse(ids)._follow_promises_alone()

    def _follow_promises_alone(self):
        try:
            self._run_alone(self._follow_promises)
        except Exception:
            if len(self) == 1:
                _logger.exception("Nobody was told of %s", self.id)
                return
            for order in self:
                order._follow_promises_alone()

    @api.model
    def _find_promises(self):
        """Orders of which something may be to be told, by two queries."""
        late = self.order_line._find_candidates(["is_late"])
        query = SQL(PROMISES, late=late, promised=self._get_promised_sql())
        return self.browse(order_id for [order_id] in self.env.execute_query(query))
