# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import fields, models

from ... import split
from .availability import Assembly


class SaleOrderLine(models.Model):
    """What assembly needs of components, and what they allow."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_assemblies(self, supplies):
        """How what is still to be assembled for these lines is made: {line: Assembly}

        By the linked orders, as somebody may have changed their components; where there
        are none yet by the bill of materials, and by what was changed for the line.

        :param supplies: {line: Supply}
        """
        assemblies, unlinked = {}, {}
        for line in self.filtered("qty_to_assemble_to_order"):
            remaining = supplies[line].remaining
            if line.product_id.uom_id.is_zero(remaining):
                continue
            orders = line._get_orders_to_follow()
            opened = {order: order._get_producing_units() for order in orders}
            if sum(opened.values()) > 0:
                assemblies[line] = line._get_linked_assembly(opened, remaining)
            elif line.assembly_bom_id:
                unlinked[line] = remaining
        lines = self.browse().union(*unlinked)
        kits, changes = (
            lines.assembly_bom_id._get_kits(),
            lines._get_component_changes(),
        )
        for line, remaining in unlinked.items():
            assemblies[line] = line._get_bom_assembly(
                remaining, kits, changes.get(line)
            )
        return assemblies

    def _get_orders_to_follow(self):
        """Linked orders that still make something, and will once the line is saved.

        Where its warehouse is being changed, drafts by a bill of the old one will not.
        """
        self.ensure_one()
        orders = self._get_saved()._get_open_assembly_orders()
        if not orders or not self._is_being_moved():
            return orders
        assembles = self.warehouse_id._get_assembly_rule()
        return orders.filtered(
            lambda order: order.state != "draft"
            or (assembles and self._is_bill_of_warehouse(order.bom_id))
        )

    def _is_being_moved(self):
        """Whether another warehouse is typed: drafts follow once that is saved."""
        self.ensure_one()
        return self.warehouse_id != self._origin.warehouse_id

    def _get_needs_of_orders(self, orders, factor):
        """What linked orders need, as they are, or will be once the line is saved."""
        needs = orders._get_component_needs(factor)
        if not self._is_being_moved() or {*orders.mapped("state")} != {"draft"}:
            return needs
        warehouse = self.warehouse_id._get_assembly_rule().picking_type_id.warehouse_id
        moved = defaultdict(float)
        for (_old, product), (required, _held) in needs.items():
            moved[warehouse, product] += required
        return {place: (required, 0.0) for place, required in moved.items()}

    def _get_linked_assembly(self, opened, remaining):
        """How linked orders make `remaining`, in units of the product.

        While the line is being changed they may be for another quantity.

        :param opened: {order: what it still makes for the line}
        """
        orders = self.env["mrp.production"].union(*opened)
        planned = orders.filtered(lambda order: order.state != "draft")
        started = planned.filtered(lambda order: not order._has_not_started())
        days = [
            split.day_of_work(fields.Datetime.context_timestamp(self, moment))
            for moment in planned.mapped("date_finished")
        ]
        return Assembly(
            needs=self._get_needs_of_orders(orders, remaining / sum(opened.values())),
            started=sum(opened[order] for order in started),
            lead=max((orders - started).bom_id.mapped("produce_delay"), default=0),
            planned=max(days, default=None),
        )

    def _get_bom_assembly(self, remaining, kits, changes=None):
        """How the next order makes `remaining`, in units of the product.

        :param kits: as from `mrp.bom._get_kits`
        :param changes: of the line, as from `_get_component_changes`
        """
        bom = self.assembly_bom_id
        needs = bom._get_component_needs(
            self.product_id,
            remaining,
            kits,
            self.product_no_variant_attribute_value_ids,
            changes=changes,
        )
        rule = self.warehouse_id._get_assembly_rule()
        warehouse = (bom.picking_type_id or rule).warehouse_id
        return Assembly(
            {(warehouse, product): (qty, 0.0) for product, qty in needs.items()},
            lead=bom.produce_delay,
        )

    def _add_answers(self, figures, assemblies):
        """Note how what is missing of these lines would be assembled.

        As what is to be assembled anyway; as the first order where nothing is.

        :param figures: as from `_share_stock`
        :param assemblies: {line: Assembly}, to be completed
        :return: the lines of which something is missing
        """
        lines = self.filtered(
            lambda line: line.assembly_bom_id and figures[line]["missing_qty"] > 0
        )
        alike = lines.filtered(assemblies.get)
        first = lines - alike
        kits, changes = (
            first.assembly_bom_id._get_kits(),
            first._get_component_changes(),
        )
        for line in lines:
            missing = line._get_qty_to_assemble_besides(figures[line])
            if line in alike:
                assembly = assemblies[line]
                factor = missing / figures[line]["remaining_qty"]
            else:
                units = line._to_product_units(missing)
                assembly = line._get_bom_assembly(units, kits, changes.get(line))
                factor = 1.0
            needs = assembly.needs.items()
            assemblies[line] = assemblies.get(line, Assembly({}))._replace(
                answer={place: need * factor for place, (need, _held) in needs},
                answer_lead=assembly.lead,
            )
        return lines

    def _get_components_of_components(self, assemblies):
        """What components that are assembled themselves are made of.

        :param assemblies: {line: Assembly}
        :return: {(warehouse, component): {component of it: quantity for one unit}}
        """
        products = self.env["product.product"].union(
            *(
                product
                for assembly in assemblies.values()
                for _w, product in assembly.needs
            )
        )
        # read in one go, with those that are made of them
        (products | self.product_id).mapped("display_name")
        by_warehouse, made_of = defaultdict(set), {}
        for assembly in assemblies.values():
            for warehouse, product in assembly.needs:
                by_warehouse[warehouse].add(product.id)
        for warehouse, product_ids in by_warehouse.items():
            products = self.env["product.product"].browse(product_ids)
            boms = self.env["mrp.bom"]._bom_find(
                products,
                picking_type=warehouse._get_assembly_rule().picking_type_id,
                company_id=warehouse.company_id.id,
                bom_type="normal",
            )
            kits = self.env["mrp.bom"].union(*boms.values())._get_kits()
            for product, bom in boms.items():
                made_of[warehouse, product] = bom._get_component_needs(product, 1, kits)
        return made_of

    def _prepare_components(self, demand, cover, made_of, ledgers):
        """The figures of the components, what keeps most from being assembled first.

        :param demand: split.Demand
        :param cover: split.Cover, how it is covered
        :param made_of: as from `_get_components_of_components`
        :param ledgers: what is left when all lines of the order have theirs
        """
        self.ensure_one()
        pairs = zip(demand.components, cover.components, strict=True)
        short = self.product_id.uom_id.compare(cover.able, demand.remaining) < 0
        return [
            {
                **self._prepare_component(component, covered),
                "can_be_made_qty": self._get_makeable(
                    demand, component, made_of, ledgers
                ),
                "is_bottleneck": short and covered.able <= cover.able,
            }
            for component, covered in sorted(pairs, key=lambda pair: pair[1].able)
        ]

    def _prepare_component(self, component, cover):
        """The figures of one component of the line, in the component's unit."""
        _warehouse, product = component.place
        uom = product.uom_id
        return {
            "product": product.display_name,
            "product_id": product.id,
            "uom": uom.name,
            "required_qty": uom.round(cover.required),
            "reserved_qty": uom.round(component.held),
            "available_qty": uom.round(cover.available),
            "missing_qty": uom.round(cover.missing),
            "availability_date": cover.ready or False,
            "able_to_assemble_qty": self._to_line_unit(cover.able),
        }

    def _get_makeable(self, demand, component, made_of, ledgers):
        """How many of a component that is assembled itself could be made, by the day.

        Of what no line of the order needs; False when it is not assembled.
        """
        warehouse, product = component.place
        needs = made_of.get(component.place)
        if not needs:
            return False
        able = min(
            ledgers[warehouse, part].available(demand.day) / quantity
            for part, quantity in needs.items()
        )
        return product._round_down_to_units(able)
