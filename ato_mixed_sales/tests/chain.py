# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form

from .common import AssembleToOrderCommon

PICK, PACK, SHIP = "pick_type_id", "pack_type_id", "out_type_id"


class ChainCommon(AssembleToOrderCommon):
    """Deliveries in steps, made step by step, and put back."""

    def _start(self, steps="pick_ship", stock=6, made=4, product=None, **values):
        """10 desks, 6 from stock and 4 assembled, of which `made` are made."""
        self.warehouse.delivery_steps = steps
        line = self._sell_mixed(product=product, stock=stock, **values)
        if made:
            self._produce(line.assembly_order_ids, None if made == 4 else made)
        return line.order_id, line

    def _get_step(self, order, step, state=None):
        """The transfers of one step, open ones unless told."""
        return order.picking_ids.filtered(
            lambda picking: picking.picking_type_id == self.warehouse[step]
            and not picking.return_id
            and (
                picking.state == state
                if state
                else picking.state not in ("done", "cancel")
            )
        )

    def _do_step(self, order, step, **quantities):
        """Validate the open transfer of a step: whole, or these quantities by source.

        :return: the transfer
        """
        picking = self._get_step(order, step)
        picking.action_assign()
        self._deliver(picking, **quantities)
        return picking

    def _deliver_all(self, order):
        """Do all that is left to do of a delivery, the first step first."""
        for step in (PICK, PACK, SHIP):
            for picking in self._get_step(order, step):
                picking.action_assign()
                self._deliver(picking)

    def _prepare_return(self, picking, **quantities):
        """The return that Odoo's wizard makes of these quantities by source."""
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        )
        wizard = form.save()
        for line in wizard.product_return_moves:
            line.quantity = quantities.get(line.move_id.ato_supply, 0)
        action = wizard.action_create_returns()
        return self.env["stock.picking"].browse(action["res_id"])

    def _put_back(self, picking, **quantities):
        """Put these quantities by source back from where `picking` has moved them."""
        back = self._prepare_return(picking, **quantities)
        self._validate(back)
        self._check_lines(picking.sudo().move_ids.sale_line_id)
        return back

    def _validate(self, picking):
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def _count_asked(self, order, step):
        """What the open transfers of a step ask for: (from stock, assembled)"""
        moves = self._get_step(order, step).move_ids
        moves = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        return tuple(
            sum(
                moves.filtered(lambda m, s=supply: m.ato_supply == s).mapped(
                    "product_uom_qty"
                )
            )
            for supply in ("stock", "assembly")
        )

    def _count_in(self, location, product=None):
        """(on hand, held) in a location."""
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "child_of", location.id),
                ("product_id", "=", (product or self.desk).id),
            ]
        )
        return (
            sum(quants.mapped("quantity")),
            sum(quants.mapped("reserved_quantity")),
        )
