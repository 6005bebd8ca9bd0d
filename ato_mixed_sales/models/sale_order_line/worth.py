# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models

from ... import split

ODOO = "odoo.addons.sale.models.sale_order_line"


class MadeOf(NamedTuple):
    """What an assembly part is made of: {component: quantity for all `units`}"""

    units: float  # of the product
    now: dict
    bill: dict  # as the bill of materials says today
    is_changed: bool  # whether these differ by more than rounding
    bills: dict  # {linked order: what its bill asks for}, none before there are any


class Worth(NamedTuple):
    """What one unit of a line is worth, in the unit and the currency of the line."""

    own: float  # from stock
    assembled: float  # by its components as they are now
    by_bill: float  # by the components of the bill of materials
    together: float  # on average of both parts


class SaleOrderLine(models.Model):
    """What the parts of a line are worth: the price list's, and that of components.

    All of it is read as superuser, by a number of queries that does not depend on the
    number of lines.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_made_of(self):
        """What the assembly parts are made of: {line: MadeOf}, none of other lines.

        By the linked orders, as somebody may have changed their components, done ones
        by what they have used; where there are none yet by the bill of materials, and
        by what was changed for the line.
        """
        lines = self._with_documents().filtered(
            lambda line: line.product_id
            and line.qty_to_assemble_to_order > 0
            and line.product_uom_qty > 0
        )
        lines._origin._read_documents()
        made = lines._origin.assembly_order_ids.filtered(lambda o: o.state == "done")
        # read in one go, not order by order
        made.move_finished_ids.mapped("returned_move_ids.state")
        orders = {line: line._get_worth_orders() for line in lines}
        boms = lines.assembly_bom_id | lines._origin.assembly_order_ids.bom_id
        kits = boms._get_kits()
        # read in one go, not bill by bill
        boms.bom_line_ids.mapped("bom_product_template_attribute_value_ids")
        first = lines.filtered(lambda line: not orders[line])
        changes = first._get_component_changes()
        made_of = {
            line: line._get_made_by(orders[line], kits)
            if orders[line]
            else line._get_made_first(kits, changes.get(line))
            for line in lines
        }
        return {line: made for line, made in made_of.items() if made.units > 0}

    def _get_worth_orders(self):
        """The linked orders that say what the line is made of.

        What was taken apart again is not sold.
        """
        self.ensure_one()
        orders = self._get_saved().assembly_order_ids
        return orders.filtered(
            lambda order: order.state != "cancel"
            and order.bom_id
            and order._get_worth_units_left() > 0
        )

    def _get_made_by(self, orders, kits):
        """:param kits: as from `mrp.bom._get_kits`"""
        self.ensure_one()
        asked, units, bills = {}, 0.0, {}
        for order in orders:
            of_order = order._get_worth_units()
            bills[order] = self._get_bill_needs(order.bom_id, of_order, kits)
            for component, quantity in bills[order].items():
                asked[component] = asked.get(component, 0.0) + quantity
            units += of_order
        now = orders._get_worth_components()
        is_changed = self._differ(now, asked, len(orders))
        return MadeOf(units, now, asked, is_changed, bills)

    def _get_made_first(self, kits, changes):
        """What the first order would be made of.

        :param changes: of the line, as from `_get_component_changes`
        """
        self.ensure_one()
        bom, units = self.assembly_bom_id, self._get_part_units().assembly
        needs = asked = self._get_bill_needs(bom, units, kits)
        if bom and changes:
            needs = self._get_bill_needs(bom, units, kits, changes)
        is_changed = self._differ(needs, asked, 1)
        return MadeOf(units if needs else 0.0, needs, asked, is_changed, {})

    @api.model
    def _differ(self, now, asked, count):
        """Whether components differ by more than `count` orders round, each for itself.

        :param now: {component: quantity}
        :param asked: the same, by the bill
        """
        return any(
            abs(now.get(component, 0.0) - asked.get(component, 0.0))
            > component.uom_id.rounding * (count - 0.5)
            for component in {*now, *asked}
        )

    def _get_bill_needs(self, bom, units, kits, changes=None):
        """What `units` of the product are made of by `bom`: {component: quantity}

        :param changes: what differs from it, as of `mrp.bom._get_component_needs`
        """
        bills = bom.union(*kits.get(bom, {}).values())
        varying = bills.bom_line_ids.bom_product_template_attribute_value_ids
        # not read where no component depends on them
        never = varying and self.product_no_variant_attribute_value_ids
        return bom and bom._get_component_needs(
            self.product_id, units, kits, never, with_untracked=True, changes=changes
        )

    def _convert_worth(self, amount):
        """`amount` for a unit of the product, for one of the line."""
        return self.product_id.uom_id._compute_price(amount, self.product_uom_id)

    # Prices

    def _get_price_worths(self, made_of):
        """What units are sold for: {line: Worth}

        :param made_of: as from `_get_made_of`
        """
        lines = self._with_documents().browse().union(*made_of)
        prices = lines._get_component_prices(made_of)
        lines._find_list_rules()
        return {
            line: line._get_price_worth(made, prices) for line, made in made_of.items()
        }

    def _get_price_worth(self, made, prices):
        """:param prices: as from `_get_component_prices`"""
        self.ensure_one()
        line = self.with_company(self.company_id)
        own = line._get_list_price()
        assembled, by_bill = (
            line._get_assembled_price(components, made.units, prices)
            for components in (made.now, made.bill)
        )
        together = split.blended(line._get_part_units(), own, assembled)
        return Worth(*map(self._round_price, (own, assembled, by_bill, together)))

    def _round_price(self, price):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return round(price, digits)

    def _get_list_price(self):
        """The unit price that `_reset_price_unit` of Odoo would write."""
        self.ensure_one()
        return self._map_taxes(self._get_display_price())

    def _map_taxes(self, price):
        """`price` with the taxes of the product, as customers of this kind pay it."""
        return self.product_id._get_tax_included_unit_price_from_price(
            price,
            product_taxes=self._get_product_taxes(self.product_id),
            fiscal_position=self.order_id.fiscal_position_id,
        )

    def _get_product_taxes(self, product):
        return product.taxes_id._filter_taxes_by_company(self.company_id)

    def _get_assembled_price(self, components, units, prices):
        """What one unit of the line costs as the sum of `components` (R149).

        :param components: {component: quantity}, what `units` of the product need
        :param prices: as from `_get_component_prices`
        """
        self.ensure_one()
        worth = {
            component: self._convert_taxes(component, prices[self, component])
            for component in components
        }
        price = split.rolled_up(components, worth, units)
        price = self._convert_worth(price)
        return self._map_taxes(price) * self._get_shown_factor()

    def _convert_taxes(self, component, price):
        """`price` of a component with the taxes that prices of the product include."""
        taxes = self._get_product_taxes(component)
        wanted = self._get_product_taxes(self.product_id)
        if taxes == wanted:
            return price
        # what is not included is not to be taken out
        included = taxes.filtered("price_include")
        return taxes._adapt_price_unit_to_another_taxes(
            price, component, included, wanted
        )

    def _get_shown_factor(self):
        """What a price list price is multiplied by, as its discount is shown beside.

        The price of a component has its discount in it: it is not to be had twice.
        """
        self.ensure_one()
        price = self._get_pricelist_price()
        if not price or not self.pricelist_item_id._show_discount():
            return 1.0
        return self._get_display_price() / price

    def _get_price_terms(self):
        """What prices of the line depend on besides product and quantity."""
        self.ensure_one()
        currency = self.currency_id or self.company_id.currency_id
        pricelist = self.order_id.pricelist_id.with_company(self.company_id)
        return pricelist, currency, self._get_order_date()

    def _get_component_prices(self, made_of):
        """What one of each component costs the customer: {(line, component): price}

        As if all that the assembly part takes of it were on a line of its own, now or
        by the bill of materials.

        :param made_of: as from `_get_made_of`
        """
        prices = {}
        for terms, lines in self.grouped(lambda line: line._get_price_terms()).items():
            (pricelist, currency, date), wanted = terms, {}
            for line in lines:
                made = made_of[line]
                factor = line._get_part_units().assembly / made.units
                needed = {**made.bill, **made.now}
                for component, quantity in needed.items():
                    wanted[line, component] = (component, quantity * factor)
            found = pricelist._get_prices_of_quantities(
                {*wanted.values()}, currency=currency, date=date
            )
            prices.update({key: found[value][0] for key, value in wanted.items()})
        return prices

    def _find_list_rules(self):
        """Find by which rules of the price lists these lines are sold, in one go.

        Odoo does it line by line. Where an add-on finds them otherwise, that is asked.
        """
        if type(self)._compute_pricelist_item_id.__module__ != ODOO:
            return
        field = self._fields["pricelist_item_id"]
        for terms, lines in self.grouped(lambda line: line._get_price_terms()).items():
            pricelist, currency, date = terms
            wanted = {
                line: (line.product_id, line._get_list_quantity()) for line in lines
            }
            found = pricelist._get_prices_of_quantities(
                {*wanted.values()}, currency=currency, date=date, compute_price=False
            )
            with self.env.protecting([field], lines):
                for line in lines if pricelist else ():
                    line.pricelist_item_id = found[wanted[line]][1]

    def _get_list_quantity(self):
        """What Odoo looks for in a price list, in the unit of the product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty or 1.0, self.product_id.uom_id, raise_if_failure=False
        )
