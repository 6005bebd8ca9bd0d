# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

CHOSEN = ("bom_id", "lot_id", "commitment_date")


class SaleOrderLine(models.Model):
    """What other add-ons let people choose on a line: hooks.

    Odoo alone has none of these fields. They are read by the names that they have
    where somebody has added them.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_chosen_fields(self):
        """Names of fields of other add-ons on which our figures depend.

        By way of `is_assembled`, which all of them depend on.
        """
        return [name for name in CHOSEN if name in self._fields]

    def _get_chosen(self, name, comodel):
        self.ensure_one()
        field = self._fields.get(name)
        is_there = field is not None and field.comodel_name == comodel
        return self[name] if is_there else self.env[comodel]

    def _get_chosen_bom(self):
        """The bill of materials by which the line is to be assembled, none as a rule"""
        return self._get_chosen("bom_id", "mrp.bom")

    def _get_chosen_lot(self):
        """The lot that the stock part is to be taken from, none as a rule.

        What is assembled for the line gets a lot of its own.
        """
        return self._get_chosen("lot_id", "stock.lot") or self._get_only_lot()

    def _get_owners_for_sale(self):
        """Whose units may be delivered to the line: ours, which may have no owner.

        Odoo's own figures count the units of all owners, and no method of it says whose
        a delivery takes. An add-on has a field of the operation for that (O13), which
        it obeys while it reserves: what can be reserved is to be known before there is
        a transfer, so the field is read.
        """
        self.ensure_one()
        nobody, restriction = self.env["res.partner"], self._get_owner_restriction()
        if not restriction:
            return (nobody, self.company_id.partner_id)
        customer = self.order_id.partner_shipping_id
        owners = {
            "unassigned_owner": (nobody,),
            "picking_partner": (customer,),
            "partner_or_unassigned": (customer, nobody),
        }
        return owners.get(restriction, (nobody, self.company_id.partner_id))

    def _get_owner_restriction(self):
        """What the operation by which units leave the shelf says of their owners."""
        self.ensure_one()
        if "owner_restriction" not in self.env["stock.picking.type"]._fields:
            return None
        # figures of the warehouse are for salespeople as well
        line = self._with_documents()
        move = line._get_shelf_moves()[:1]
        rule = move.rule_id or line._get_shelf_rule(line._prepare_shelf_values())
        return (move.picking_type_id or rule.picking_type_id)["owner_restriction"]

    def _get_stock_place(self, stock):
        """What the stock part is counted by: (warehouse, product) as a rule.

        Where only some units may serve the line, they are counted by themselves.

        :param stock: as from `_get_stock`, to which these units are added
        """
        self.ensure_one()
        place = (self.warehouse_id, self.product_id)
        lot, owners = stock.lots.get(self), self._get_owners_for_sale()
        if lot is None:
            lot = self._get_chosen_lot()
        if not lot and self.company_id.partner_id in owners:
            return place
        place += (lot, owners)
        if place not in stock.places:
            units = self._get_stock_places().values()
            stock.places[place] = (sum(found.free for found in units), [])
        return place

    @api.model
    def _get_stock_part_values(self):
        """Names of procurement values that are about units in stock only."""
        return ("restrict_lot_id", "lot_id")

    def _follow_chosen_lot(self):
        """Hold no other lot than the one that is chosen now, also on an order."""
        for line in self.filtered(lambda line: line._is_split_by_source()):
            lot, moves = line._get_chosen_lot(), line._get_shelf_moves()
            strange = moves.move_line_ids.filtered(
                lambda held, lot=lot: lot and held.lot_id != lot and not held.picked
            )
            if strange:
                strange.unlink()
                moves._action_assign()
