# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..reserving import RESERVED

# Products of one request that others wait for: more would cost the server its memory
# of locks. Of what is beyond them, Odoo runs the request again.
MOST_TURNS = 64


class StockPlace(NamedTuple):
    """Units of one product that only a choice of its user could tell apart.

    Quantities are in the unit of the product; `quant` stands for the others of the
    same place, which concurrent transfers may have left.
    """

    quant: models.BaseModel
    on_hand: float
    free: float


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model
    def _lock_stock(self, products, warehouses):
        """Have this transaction alone decide on `products` in `warehouses`.

        Waits for whoever decides on them now, everybody in the same order, so that
        nobody waits in a circle. What has changed since this transaction started is
        refused by PostgreSQL, and the request runs again on what is there then: to
        be called before availability is read, and unlike Odoo's own lock, which
        passes by what is taken, and so may promise it twice.
        """
        if not (products and warehouses):
            return
        self.flush_model(["product_id", "location_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT id
                  FROM stock_quant
                 WHERE product_id IN %s
                   AND location_id IN (
                       SELECT id FROM stock_location WHERE warehouse_id IN %s
                   )
                 ORDER BY id
                   FOR NO KEY UPDATE
                """,
                tuple(products.ids),
                tuple(warehouses.ids),
            )
        )

    @api.model
    def _take_turn(self, stock):
        """Wait for others that decide on this stock, first come, first served.

        To be called before anything is done: the transaction begins anew, so that
        what is read is not older than what was waited for.

        :param stock: {(id of a product, id of a warehouse)}
        """
        if not stock:
            return
        products, warehouses = zip(*sorted(stock)[:MOST_TURNS], strict=True)
        args = list(products), list(warehouses)
        keys = SQL("FROM unnest(%s, %s) AS key(product, warehouse)", *args)
        self._begin_turn(keys)
        self.env.invalidate_all()

    @api.model
    def _begin_turn(self, keys):
        """Wait, and have a new transaction hold what the connection has waited for.

        A connection goes back to its pool with what it holds: whoever is interrupted
        while he waits has to let go of that as well.

        :param keys: SQL, the rows of products and warehouses
        """
        cr = self.env.cr
        try:
            cr.execute(SQL("SELECT pg_advisory_lock(product, warehouse) %s", keys))
            # nothing has been done yet, but for what Odoo notes of each request
            cr.commit()  # pylint: disable=invalid-commit
            cr.execute(SQL("SELECT pg_advisory_xact_lock(product, warehouse) %s", keys))
        except Exception:
            cr.rollback()  # a transaction that has failed could not let go either
            raise
        finally:
            cr.execute(SQL("SELECT pg_advisory_unlock(product, warehouse) %s", keys))

    @api.model
    def _update_reserved_quantity(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        """Let go of what is reserved in the very rows where it is.

        What was reserved before its move line is made is not reserved again.

        Odoo passes by a row that somebody is writing, takes the first other one, and
        forgets what that does not have: it would stay reserved for nobody. Only for
        what can be assembled: what others let go of is Odoo's.
        """
        if reserved := self.env.cr.postcommit.data.get(RESERVED):
            key = product_id.id, location_id.id
            if reserved[key]:
                reserved[key] -= 1
                return None
        place = {"lot_id": lot_id, "package_id": package_id, "owner_id": owner_id}
        # sudo: whoever lets go, all rows of the place, and whether it is assembled
        this = self.sudo()
        if quantity < 0 and product_id.with_env(this.env).bom_ids:
            quants = this._gather(product_id, location_id, strict=True, **place)
            quantity += quants._let_go(-quantity)
        if product_id.uom_id.is_zero(quantity):
            return None
        return super()._update_reserved_quantity(
            product_id, location_id, quantity, strict=strict, **place
        )

    def _let_go(self, quantity):
        """Reserve `quantity`, in the product's unit, less, as far as it is reserved.

        Waits for those who are writing the rows; what they have changed is refused by
        PostgreSQL, and the request runs again.

        :return: what was let go
        """
        if self:
            self.flush_recordset(["reserved_quantity"])
            self.env.cr.execute(
                SQL(
                    """
                    SELECT id FROM stock_quant
                     WHERE id IN %s ORDER BY id FOR NO KEY UPDATE
                    """,
                    self._ids,
                )
            )
        left = quantity
        for quant in self:
            taken = min(quant.reserved_quantity, left)
            if quant.product_uom_id.compare(taken, 0.0) > 0:
                quant.reserved_quantity -= taken
                left -= taken
        return quantity - left

    def _get_place(self):
        """What tells the units of the quant from others: (bin, lot, package, owner)"""
        self.ensure_one()
        return self.location_id, self.lot_id, self.package_id, self.owner_id

    def _get_bins_without(self, taken):
        """Where some of these lie still without what is taken of them: stock.location

        :param taken: {(product, bin, lot, package, owner): units of the product}
        """
        bins = self.location_id.browse()
        for key, same in self.grouped(
            lambda q: (q.product_id, *q._get_place())
        ).items():
            left = sum(same.mapped("quantity")) - taken.get(key, 0.0)
            if same.product_uom_id.compare(left, 0.0) > 0:
                bins |= same.location_id
        return bins

    @api.model
    def _get_places_for_sale(self, product, location, owners, date):
        """What can be sold of `product` out of `location` on `date`.

        Units of other owners are nobody's to sell, and lots that are to be removed by
        `date` have expired for the customer.

        :param owners: res.partner records, an empty one for units without owner
        :return: {(bin, lot, package, owner): StockPlace}, in the order of removal
        """
        if product._is_removed_by_date():
            self = self.with_context(with_expiration=date)
        return self._gather(product, location)._get_sellable_places(owners)

    def _get_sellable_places(self, owners):
        """What can be sold of these, in their order: see `_get_places_for_sale`."""
        quants = self.filtered(
            lambda quant: quant.owner_id in owners
            and not quant.location_id.should_bypass_reservation()
        )
        places = {}
        for place, same in quants.grouped(lambda quant: quant._get_place()).items():
            on_hand = sum(same.mapped("quantity"))
            held = sum(same.mapped("reserved_quantity"))
            if on_hand or held:  # Odoo tidies up some time later
                free = max(on_hand - held, 0.0)
                places[place] = StockPlace(same[:1], on_hand, free)
        return places

    @api.model
    def _gather_together(self, products, location):
        """What `_gather` finds of each of `products` in `location`: {product: quants}

        By Odoo's own domain and order of each, in a query for each strategy of removal.
        """
        found = {}
        for strategy, same in products.grouped(
            lambda product: self._get_removal_strategy(product, location)
        ).items():
            domain = Domain.OR(self._get_gather_domain(one, location) for one in same)
            order = self._get_removal_strategy_order(strategy)
            quants = self.search(domain, order=order)
            if strategy == "closest":
                quants = quants.sorted(lambda o: (o.location_id.complete_name, -o.id))
            by_product = quants.sorted(lambda o: not o.lot_id).grouped("product_id")
            found.update({one: by_product.get(one, self.browse()) for one in same})
        return found
