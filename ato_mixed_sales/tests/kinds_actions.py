# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command

from .kinds import KindsCommon


class ActionsCommon(KindsCommon):
    """What people do every day, to be done with what a client sends along."""

    def _get_actions(self):
        """What users do every day: (user, model, method, arguments)"""
        seller, packer, planner = self.seller, self.packer, self.planner
        quotation, order = self.quotation, self.order
        line, sold = quotation.order_line, order.order_line
        picking, production = order.picking_ids, sold.assembly_order_ids
        targets = self._targets()
        shipment = targets["assembly.shipment"]
        undo = targets["assembly.undo"]
        wizard = targets["sale.line.reservation"]
        new = {"product_id": self.desk.id, "product_uom_qty": 5}
        new["qty_to_assemble_to_order"] = 2
        sale = {
            "partner_id": self.customer.id,
            "warehouse_id": self.warehouse.id,
            "order_line": [Command.create(new)],
        }
        qty = {"qty_to_assemble_to_order": 5}
        return [
            (seller, "sale.order", "create", [sale]),
            (seller, "sale.order.line", "write", line.ids, qty),
            (
                seller,
                "sale.order.line",
                "write",
                line.ids,
                {"qty_to_assemble_to_order": 0},
            ),
            (
                seller,
                "sale.order.line",
                "write",
                sold.ids,
                {"qty_to_assemble_to_order": 9},
            ),
            (seller, "sale.order.line", "write", sold.ids, {"product_uom_qty": 12}),
            (seller, "sale.order.line", "action_reserve_stock", line.ids),
            (seller, "sale.order.line", "action_split_by_source", line.ids),
            (seller, "sale.order.line", "action_split_by_source", sold.ids),
            (seller, "sale.order.line", "action_open_reservation", line.ids),
            (seller, "sale.line.reservation", "action_reserve", wizard.ids),
            (
                seller,
                "sale.line.reservation",
                "write",
                wizard.ids,
                {"sale_line_id": self.second.order_line.id},
            ),
            (seller, "sale.line.reservation", "create", [{"sale_line_id": line.id}]),
            (seller, "sale.order", "action_confirm", quotation.ids),
            (seller, "sale.order", "action_cancel", order.ids),
            (
                seller,
                "sale.order",
                "write",
                quotation.ids,
                {"commitment_date": "2031-01-01 12:00:00"},
            ),
            (
                seller,
                "mrp.production",
                "write",
                line.assembly_order_ids.ids,
                {
                    "move_raw_ids": [
                        Command.create(
                            {"product_id": self.lamp.id, "product_uom_qty": 1}
                        )
                    ]
                },
            ),
            (packer, "assembly.shipment", "create", [{"picking_id": picking.id}]),
            (
                packer,
                "assembly.shipment",
                "write",
                shipment.ids,
                {"picking_id": self.second.picking_ids.id},
            ),
            (
                packer,
                "assembly.shipment.line",
                "write",
                shipment.line_ids.ids,
                {"qty_to_ship": 1},
            ),
            (packer, "assembly.shipment", "action_ship", shipment.ids),
            (packer, "assembly.undo", "create", [{"picking_id": picking.id}]),
            (packer, "assembly.undo.line", "write", undo.line_ids.ids, {"lot_ids": []}),
            (packer, "assembly.undo", "action_undo", undo.ids),
            (packer, "stock.picking", "action_open_assembly_shipment", picking.ids),
            (packer, "stock.picking", "action_cancel", picking.ids),
            (packer, "stock.picking", "do_unreserve", picking.ids),
            (planner, "mrp.production", "action_cancel", production.ids),
            (planner, "mrp.production", "button_mark_done", production.ids),
            (
                planner,
                "mrp.production",
                "write",
                line.assembly_order_ids.ids,
                {"bom_id": False},
            ),
        ]
