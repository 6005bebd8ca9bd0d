# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import formatLang


class SaleOrderLine(models.Model):
    """The stock part that a make-to-order route had made before the line was split.

    A route does nothing for a line that is confirmed with a part to assemble. One
    that was split only afterwards has an order of Odoo's own, which follows the
    stock part: nothing is supplied twice, nor left out when it grows again.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _shrink_route_orders(self, orders, surplus):
        """Have Odoo's own `orders` make `surplus`, in the product's unit, less.

        What an order that has started makes too much is free stock, and is told.
        """
        self.ensure_one()
        compare = self.product_id.uom_id.compare
        for order in orders.sorted("id", reverse=True):
            if compare(surplus, 0.0) > 0:
                surplus -= order._give_back(surplus)
        started = orders.filtered(lambda order: order._is_under_way())
        if started and compare(surplus, 0.0) > 0:
            self.order_id.message_post(
                body=self.env._(
                    "%(orders)s had started: up to %(surplus)s %(uom)s of %(product)s "
                    "made there are not needed for this order any more, and become "
                    "free stock.",
                    orders=", ".join(started.mapped("name")),
                    surplus=formatLang(self.env, surplus, dp="Product Unit"),
                    uom=self.product_id.uom_id.name,
                    product=self.product_id.display_name,
                )
            )

    def _raise_stock_part_by_route(self, lacking):
        """Have Odoo's own order, which has not started, make `lacking` more.

        A second demand would never find that order: Odoo raises it and leaves the
        new delivery without a source.

        :return: whether such an order was there
        """
        self.ensure_one()
        moves = self._get_first_open_moves("stock")
        for order in moves._get_route_orders().sorted("id", reverse=True):
            fed = moves & order.move_finished_ids.move_dest_ids
            if fed and order._has_not_started():
                order._make_more(lacking)
                fed[:1]._set_demand(fed[:1].product_qty + lacking)
                return True
        return False

    def _is_stock_part_by_route(self):
        """Whether what the stock part lacks is asked for as before the split.

        Not while an order of the route is under way, or done: what it makes too
        much is in stock, and is taken from there.
        """
        self.ensure_one()
        moves = self._with_documents().move_ids
        moves = moves.filtered(lambda move: move._is_by_route())
        orders = moves._get_route_orders()
        return bool(moves) and all(
            order._has_not_started() and not order.move_dest_ids for order in orders
        )
