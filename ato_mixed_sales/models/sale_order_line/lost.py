# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ... import split


class SaleOrderLine(models.Model):
    """What is not made for a line after all, or is gone: taken from stock instead."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _follow_production(self, orders):
        """Take from stock what `orders` of the lines do not make after all.

        Their planner has closed them short, or is about to cancel them.

        :raises UserError: when others are on their way in place of what they make
        """
        facts, lost = {}, {}
        for line, known in self._filter_fulfilled()._get_facts().items():
            known = known._replace(
                orders=tuple(order for order in known.orders if order.key not in orders)
            )
            less = known.remaining - known.producing
            if known.unit.compare(less, 0.0) > 0:
                becomes = split.to_assemble_after_loss(known, less)
                facts[line], lost[line] = known._replace(to_assemble=becomes), less
                line._check_not_picked(facts[line], orders)
        self._let_happen(split.FLOOR, facts)
        for line, less in lost.items():
            line._warn_of_loss(less, orders & line._with_documents().assembly_order_ids)

    def _check_not_picked(self, facts, orders):
        """:raises UserError: when more is on its way as assembled than is to be

        Packers have taken others in place of what `orders` are to make: they can be
        put back, and taken from stock.
        """
        self.ensure_one()
        picked = facts.assembly.stuck - facts.undelivered_assembly
        if facts.unit.compare(picked, 0.0) > 0:
            raise UserError(self._get_picked_message(picked, orders))

    def _get_picked_message(self, picked, orders):
        """:param picked: units of the product that are on their way"""
        return self.env._(
            "%(product)s on %(order)s: %(quantity)s %(uom)s are picked, or on their "
            "way, in place of what %(assembly_order)s makes. Have them put back "
            "first, or delivered.",
            assembly_order=", ".join(orders.mapped("name")),
            product=self.product_id.display_name,
            order=self.order_id.name,
            quantity=formatLang(self.env, picked, dp="Product Unit"),
            uom=self.product_id.uom_id.name,
        )

    def _lose_assembled_units(self, quantity, is_behind=False):
        """Take from stock what was assembled for the line and is gone.

        :param quantity: in the unit of the product
        :param is_behind: it is gone from behind the shelf, and not asked for there
        """
        self.ensure_one()
        self.qty_given_up += quantity
        facts, event = self._get_facts()[self], split.FLOOR
        becomes = split.to_assemble_after_loss(facts, quantity)
        facts = facts._replace(to_assemble=becomes)
        if is_behind:
            facts, event = split.asking_no_more(facts, quantity), split.PUT_BACK
        self._let_happen(event, {self: facts})
        self._warn_of_loss(quantity, self.assembly_order_ids)

    def _lose_picked_units(self, quantity):
        """Take from stock once more what was picked for the stock part and is gone.

        :param quantity: in the unit of the product
        """
        self.ensure_one()
        self._ask_again({"stock": quantity})
        self._warn_salesperson(
            self.env._(
                "%(quantity)s %(uom)s of %(product)s were picked, are gone, and are "
                "taken from stock again: raise To Assemble if there are not enough.",
                quantity=formatLang(self.env, quantity, dp="Product Unit"),
                uom=self.product_id.uom_id.name,
                product=self.product_id.display_name,
            )
        )

    def _warn_of_loss(self, quantity, orders):
        """Tell the salesperson that `quantity` units are to be taken from stock."""
        self.ensure_one()
        self._warn_salesperson(
            self.env._(
                "%(quantity)s %(uom)s of %(product)s no longer come from "
                "%(assembly_order)s but from stock: raise To Assemble to have them "
                "assembled again.",
                assembly_order=", ".join(orders.mapped("name")),
                quantity=formatLang(self.env, quantity, dp="Product Unit"),
                uom=self.product_id.uom_id.name,
                product=self.product_id.display_name,
            )
        )
