# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command

SHORT, ORDER, STOCK = "mts_else_mto", "make_to_order", "make_to_stock"


class Pulling:
    """Rules that ask for all steps of a delivery at once, the last one first."""

    def _pull(self, steps, procure_method=STOCK):
        """Deliver by pull rules, as databases that were upgraded do.

        :param procure_method: how what leaves the shelf is supplied
        """
        hall, methods = self.warehouse, [procure_method, ORDER, ORDER]
        hall.delivery_steps = "pick_pack_ship" if steps == 3 else "pick_ship"
        stops = [self.stock, hall.wh_pack_stock_loc_id, hall.wh_output_stock_loc_id]
        types = [hall.pick_type_id, hall.pack_type_id, hall.out_type_id]
        if steps == 2:
            del stops[1], types[1]
        stops.append(self.env.ref("stock.stock_location_customers"))
        hall.delivery_route_id.rule_ids.action_archive()
        hall.delivery_route_id.rule_ids = [
            self._prepare_pull(*step)
            for step in zip(stops, stops[1:], types, methods, strict=False)
        ]

    def _prepare_pull(self, source, target, picking_type, procure_method, **values):
        return Command.create(
            {
                "name": f"{source.name} → {target.name}",
                "action": "pull",
                "location_src_id": source.id,
                "location_dest_id": target.id,
                "picking_type_id": picking_type.id,
                "procure_method": procure_method,
                "warehouse_id": picking_type.warehouse_id.id,
                "company_id": self.company.id,
                **values,
            }
        )
