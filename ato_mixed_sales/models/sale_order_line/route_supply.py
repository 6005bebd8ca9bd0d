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

    def _lower_route_orders(self, orders, surplus):
        """Have Odoo's own `orders` make `surplus`, in the product's unit, less.

        What an order that has started makes too much is free stock, and is told.
        """
        self.ensure_one()
        compare = self.product_id.uom_id.compare
        for order in orders.sorted("id", reverse=True):
            if compare(surplus, 0.0) > 0:
                surplus -= order._lower_by_route(surplus)
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

    def _buy_less(self, bought, surplus):
        """Have as much less bought by a route, as far as nobody has ordered it yet.

        As Odoo does for a plain line of which less is ordered: by its own procurement.

        :param bought: {stock.move: (units of the product that can be bought less,
            values of a procurement)}
        :param surplus: in the product's unit
        """
        requests = []
        for move, (units, values) in bought.items():
            less = min(units, surplus)
            if self.product_id.uom_id.compare(less, 0.0) > 0:
                surplus -= less
                requests.append(move._prepare_procurement(-less, values))
        if requests:
            self.env["stock.rule"].run(requests)

    def _shrink_refills(self, surplus):
        """Have less brought to the shelf of what was short there.

        :return: the surplus, in the product's unit, that is left
        """
        self.ensure_one()
        for move in self._get_refills().sorted("id", reverse=True):
            taken = min(surplus, move.product_qty)
            if self.product_id.uom_id.compare(taken, 0.0) > 0:
                surplus -= move._reduce_refill(taken)
        return surplus

    def _get_refills(self):
        """Open moves that bring to the shelf what was short for the lines.

        They are chained to no delivery. What Odoo stores again of what was picked, as
        less is ordered of a plain line, is no supply.
        """
        refills = self.move_ids._filter_open().filtered(
            lambda move: not move.move_dest_ids and move._brings_to_shelf()
        )
        passed = refills and self.move_ids._get_delivery_steps().location_dest_id
        return refills.filtered(lambda move: move.location_id not in passed)

    def _raise_stock_part_by_route(self, step):
        """Have Odoo's own order, which has not started, make more of what is lacking.

        A second demand would never find that order: Odoo raises it and leaves the
        new delivery without a source.

        :param step: split.Ask
        :return: what is still to be asked for, in the product's unit
        """
        self.ensure_one()
        if not self.move_ids._filter_by_route():
            return step.quantity
        made = self._get_units_made_anyway(step)
        more = step.quantity - made
        moves = self._get_first_open_moves("stock")
        for order in moves._get_route_orders().sorted("id", reverse=True):
            fed = moves & order.move_finished_ids.move_dest_ids
            if fed and order._has_not_started():
                order._raise(more)
                fed[:1]._raise_demand(more)
                return made
        return step.quantity

    def _get_units_made_anyway(self, step):
        """What a route's orders make for the line beyond what is asked for by now.

        They have started, or are done: it is in stock, or will be.

        :param step: split.Ask
        :return: as much of it as the step asks for, in the product's unit
        """
        self.ensure_one()
        line = self._with_documents()
        moves = line.move_ids._filter_by_route()
        if step.supply != "stock" or not moves:
            return 0.0
        moves = (moves & line._get_shelf_stage()).filtered(
            lambda move: move.rule_id.procure_method == "make_to_order"
        )
        made = moves._get_route_orders()._get_made_moves()
        surplus = made._get_procured_units() - moves._get_procured_units()
        return min(max(surplus, 0.0), step.quantity)

    def _get_units_not_ordered(self):
        """What the order asks for of the product that is neither held nor ordered.

        By rules that order what is short; lines of one product share what is ordered.
        """
        self.ensure_one()
        lines = self.order_id.order_line.filtered(
            lambda line: line.product_id == self.product_id
        )
        moves = lines.move_ids._filter_open().filtered(
            lambda move: move.rule_id.procure_method == "mts_else_mto"
            and move.procure_method == "make_to_stock"
        )
        coming = moves._get_route_orders()._get_made_moves()._filter_open()
        coming |= lines._get_refills()
        short = moves._get_procured_units() - moves._get_held_units()
        return short - coming._get_procured_units()

    def _get_rules_left_out(self, supply):
        """Rules by which routes of the product itself have all made to order.

        They supply no line that is split: its assembly part has a supply of its own. A
        stock part that they supplied before the line was split stays with them.
        """
        self.ensure_one()
        own = self._get_own_order_rules()
        if supply == "stock" and self._with_documents().move_ids.rule_id & own:
            return own.browse()
        return own

    def _get_own_order_rules(self):
        """Rules that have made or bought to order, by routes of the product itself.

        Rules of these routes that only bring units from one place of the warehouse to
        the next are no supply, nor are routes of the warehouse or the line.
        """
        self.ensure_one()
        product, warehouse = self.product_id, self.warehouse_id
        chosen = self.route_ids | warehouse.route_ids
        own = (product.route_ids | product.categ_id.total_route_ids) - chosen
        ordering = own.rule_ids._filter_pull().filtered(
            lambda rule: rule.procure_method != "make_to_stock"
        )
        if not ordering:
            return ordering
        filled = {
            rule.location_dest_id
            for rule in (own | chosen).rule_ids._filter_pull()
            if rule.location_src_id.warehouse_id == warehouse
        }
        return ordering.filtered(lambda rule: rule.location_src_id not in filled)
