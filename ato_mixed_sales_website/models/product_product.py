# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.ato_mixed_sales import split

from ..sellable import Asked, Offer, Shop, get_share


class ProductProduct(models.Model):
    _inherit = "product.product"

    shop_supply = fields.Binary(
        compute="_compute_shop_supply",
        compute_sudo=True,
        exportable=False,
        groups=fields.NO_ACCESS,
        help="What can be sold of the product in the web shop, of what it is made, in "
        "the warehouse of the context, and what orders ask for that are being paid: a "
        "`Shop`, whose places are (id of the warehouse, id of the product).",
    )

    @api.depends_context("company", "warehouse_id")
    def _compute_shop_supply(self):
        """For all products at once: the shop shows many of them on one page."""
        warehouse_id = self.env.context.get("warehouse_id")
        if not warehouse_id:
            self.shop_supply = False
            return
        warehouse = self.env["stock.warehouse"].browse(warehouse_id)
        paying = self.env["sale.order"]._get_paying_orders(warehouse)
        asked = {order.id: order._get_shop_units() for order in paying}
        products = self | paying.order_line.product_id
        offers = products._get_offers(warehouse)
        shop = Shop(offers, self._get_stock_of_offers(offers), asked)
        for product in self:
            product.shop_supply = shop

    def _get_share_of_shop(self, free, warehouse, cart):
        """What of the product can still be sold: Share

        Beside what other lines of the cart take, and orders that are being paid.

        :param free: what Odoo says is free of it, in its unit
        :param warehouse: where orders of the shop are delivered from
        :param cart: an order, of which lines of this product do not count; or none
        """
        self.ensure_one()
        shop = Shop({}, {}, {})
        # sudo: visitors of the shop see neither stock nor bills; one figure leaves
        for products in (self.sudo(), cart.sudo().order_line.product_id):
            for product in products.with_context(warehouse_id=warehouse.id):
                shop.update(product.shop_supply)
        sold = Asked(defaultdict(float), defaultdict(float))
        paying = [asked for order, asked in shop.paying.items() if order != cart.id]
        for asked in (cart._get_shop_units(self), *paying):
            for of_all, units in zip(sold, asked, strict=True):
                for product_id, quantity in units.items():
                    of_all[product_id] += quantity
        return get_share(
            *(self.id, free, shop, sold, self._round_down_to_units),
            one_source=cart._takes_one_source(self),
        )

    def _get_days_to_assemble(self, warehouse):
        """Days until more is ready, as it is assembled; None where nothing is."""
        self.ensure_one()
        # sudo: as above
        product = self.sudo().with_context(warehouse_id=warehouse.id)
        offer = product.shop_supply.offers[self.id]
        return offer.days if offer.is_assembled and not offer.is_kit else None

    def _get_offers(self, warehouse):
        """How each of these products is supplied from `warehouse`: {id: Offer}"""
        return {
            **{product.id: Offer((warehouse.id, product.id)) for product in self},
            **self._get_offers_of_kits(warehouse),
            **self._get_offers_of_assembled(warehouse),
        }

    def _get_offers_of_kits(self, warehouse):
        """Those of kits: {id: Offer}"""
        boms = self.env["mrp.bom"]
        found = boms._bom_find(
            self, company_id=warehouse.company_id.id, bom_type="phantom"
        )
        kits = {product: found[product] for product in self if product in found}
        inner = boms.union(*kits.values())._get_kits()
        offers = {}
        for product, bom in kits.items():
            needs = bom._get_component_needs(product, 1.0, inner)
            offers[product.id] = Offer(
                (warehouse.id, product.id),
                is_assembled=True,
                from_stock=False,
                needs={
                    (warehouse.id, component.id): quantity
                    for component, quantity in needs.items()
                    if quantity > 0
                },
                is_kit=True,
            )
        return offers

    def _get_offers_of_assembled(self, warehouse):
        """Those of products that are assembled by their policy: {id: Offer}"""
        policies = self.env["product.assembly.policy"]._get_policies(self, warehouse)
        lines = self.filtered(
            lambda product: policies[product, warehouse] != "assemble_to_stock"
        )._get_lines_to_sell(warehouse)
        lines = lines.filtered(lambda line: line._is_assembled_in_shop())
        inner = lines.assembly_bom_id._get_kits()
        work, today = warehouse._get_work_days(), fields.Date.context_today(self)
        offers = {}
        for line in lines:
            assembly = line._get_bom_assembly(1.0, inner)
            offers[line.product_id.id] = Offer(
                (warehouse.id, line.product_id.id),
                is_assembled=True,
                from_stock=line.assembly_policy == "assemble_missing",
                needs={
                    (place.id, component.id): quantity
                    for (place, component), (quantity, _held) in assembly.needs.items()
                    if quantity > 0
                },
                days=(work.after(today, assembly.lead) - today).days,
            )
        return offers

    def _get_lines_to_sell(self, warehouse):
        """A line, not saved, that would sell one unit of each product."""
        order = self.env["sale.order"].new(
            {"company_id": warehouse.company_id.id, "warehouse_id": warehouse.id}
        )
        lines = self.env["sale.order.line"]
        return lines.concat(
            *(
                lines.new(
                    {
                        "order_id": order.id,
                        "product_id": product.id,
                        "product_uom_id": product.uom_id.id,
                        "product_uom_qty": 1.0,
                        "warehouse_id": warehouse.id,
                    }
                )
                for product in self
            )
        )

    @api.model
    def _get_stock_of_offers(self, offers):
        """{place: what is free there, and asked for by nobody}, of all of `offers`"""
        places = defaultdict(set)
        for offer in offers.values():
            if offer.is_assembled:
                for warehouse_id, product_id in (offer.place, *offer.needs):
                    places[warehouse_id].add(product_id)
        stock, today = {}, fields.Date.context_today(self)
        for warehouse in self.env["stock.warehouse"].browse(places):
            products = self.browse(places[warehouse.id])
            expected = products._get_expected_stock(warehouse, self.env["stock.move"])
            for product in products:
                changes = expected.changes.get(product, ())
                free, unit = expected.free.get(product, 0.0), product.uom_id
                ledger = split.Ledger(free, changes, today, split.QuickUnit(unit))
                stock[warehouse.id, product.id] = ledger.lasting()
        return stock
