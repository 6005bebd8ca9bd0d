# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...private_context import get_told
from ...sent import check_one
from ...turns import in_turn
from ..stock_move.to_assemble import AWAITS_ASSEMBLY

PARTS = ("stock", "assembly")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    has_assembly_part = fields.Boolean(
        compute="_compute_has_assembly_part",
        help="Units of this transfer come from assembly orders made for their sales "
        "order.",
    )

    is_assembly_shipment = fields.Boolean(
        compute="_compute_is_assembly_shipment",
        compute_sudo=True,
        help="This open transfer is the first step by which both parts of a sales "
        "order line leave: those taken from stock and those assembled to order.",
    )

    ato_qty_to_assemble = fields.Float(
        string="To Assemble",
        digits="Product Unit",
        compute="_compute_ato_qty_to_assemble",
        compute_sudo=True,
        help="What linked orders are still to make before all of this transfer can "
        "leave, in units of the products.",
    )

    awaits_assembly = fields.Boolean(
        compute="_compute_ato_qty_to_assemble",
        compute_sudo=True,
        search="_search_awaits_assembly",
        help="Something of this open transfer is still to be assembled to order.",
    )

    ato_bin_warning = fields.Text(
        compute="_compute_ato_bin_warning",
        compute_sudo=True,
        help="What is wrong with the bins of the sales order lines that are taken from "
        "stock here, empty when nothing is.",
    )

    def write(self, vals):
        """Refuse other demand for the rows of a mixed line.

        Only what comes from a form is refused: when it splits, merges or completes
        moves, Odoo writes their demand directly.

        :raises UserError: with a pointer to the order line
        """
        for command in vals.get("move_ids") or ():
            if command[0] == Command.UPDATE and "product_uom_qty" in command[2]:
                move = self.env["stock.move"].browse(command[1])
                move._check_demand_of_line(command[2]["product_uom_qty"])
        return super().write(vals)

    @api.depends("move_ids.state", "move_ids.sale_line_id.bin_warning")
    def _compute_ato_bin_warning(self):
        for picking in self:
            moves = picking._get_open_moves().filtered(
                lambda move: move.ato_supply != "assembly" and not move.move_orig_ids
            )
            lines = moves.sale_line_id.filtered("bin_warning")
            picking.ato_bin_warning = "\n".join(lines.mapped("bin_warning"))

    @in_turn
    def action_cancel(self):
        """Assemble no more for a delivery that is cancelled."""
        lines = self.move_ids._get_mixed_lines()
        before = lines._filter_fulfilled()._get_facts()
        res = super().action_cancel()
        if not get_told(self, "ato_step"):
            lines._follow_delivery(before)
        return res

    @in_turn
    def unlink(self):
        """Cancel open ones of mixed lines first: Odoo cancels their moves only."""
        self.check_access("unlink")
        opened = self.filtered(lambda picking: picking.state not in ("done", "cancel"))
        opened.filtered(lambda o: o.move_ids._get_mixed_lines()).action_cancel()
        return super().unlink()

    @in_turn
    def action_assign(self):
        """Reserve while nobody else decides on the same stock."""
        self.move_ids._lock_stock()
        return super().action_assign()

    @in_turn
    def button_validate(self):
        """While nobody else decides on the same stock."""
        return super().button_validate()

    def _create_backorder(self, backorder_moves=None):
        """Hold assembled units for the rest too, whenever stock is reserved."""
        backorders = super()._create_backorder(backorder_moves=backorder_moves)
        bound = backorders.move_ids._get_open_assembly_demand()
        bound._get_suppliable()._action_assign()
        return backorders

    @in_turn
    def do_unreserve(self):
        """Let go of stock, but not of what is bound to its assembly order (R62)."""
        res = super().do_unreserve()
        # nobody else can have it, nor what the line itself would take in its place
        self.move_ids._get_open_assembly_demand()._get_suppliable()._action_assign()
        return res

    @api.depends("state", "move_ids.ato_supply", "move_ids.state")
    def _compute_is_assembly_shipment(self):
        for picking in self:
            picking.is_assembly_shipment = bool(picking._get_lines_to_ship())

    def _get_lines_to_ship(self):
        """Mixed sales order lines of which this transfer is the first step."""
        self.ensure_one()
        lines = self.move_ids._get_mixed_lines()
        return lines.filtered(
            lambda line: any(
                self & line._get_first_open_moves(part).picking_id.with_env(self.env)
                for part in PARTS
            )
        )

    def _get_open_moves(self):
        return self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    def action_open_assembly_shipment(self):
        """Open the dialog that assembles and ships in one go (R41 to R53).

        Or first what Odoo asks once, see `_ask_about_messages`.

        :raises AccessError: for whoever may not ship
        :raises UserError: when this is not the transfer by which the parts of an order
            line first leave
        """
        check_one(self)
        self.check_access("write")
        # Odoo lets every salesperson write on transfers
        self.env["assembly.shipment"].check_access("create")
        self._check_is_assembly_shipment()
        return self._ask_about_messages() or self._get_assembly_shipment_action()

    def _get_assembly_shipment_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ship %s", self.name),
            "res_model": "assembly.shipment",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id, "dialog_size": "extra-large"},
        }

    def _ask_about_messages(self):
        """What Odoo asks before a company's first delivery leaves, or nothing.

        Whether customers are told by text message. It would ask when the units are
        made, and who does not answer then has done half of it.
        """
        self.ensure_one()
        # of Odoo's add-on stock_sms, which is there where text messages are
        if not hasattr(self, "_check_warn_sms") or not self._check_warn_sms():
            return None
        # the answer is kept, and nothing leaves by it
        asking = self.with_context(button_validate_picking_ids=[])
        return asking._action_generate_warn_sms_wizard()

    def _check_is_assembly_shipment(self):
        """:raises UserError: with the way out, when nothing can be shipped here"""
        self.ensure_one()
        if self._get_lines_to_ship():
            return
        raise UserError(
            self.env._(
                "%(transfer)s is not an open transfer that takes an order line from "
                "stock and from assembly. Ship from the first transfer of the delivery "
                "that is still open; validate the later ones as usual.",
                transfer=self.name,
            )
        )

    @api.depends("move_ids.ato_supply")
    def _compute_has_assembly_part(self):
        for picking in self:
            picking.has_assembly_part = "assembly" in picking.move_ids.mapped(
                "ato_supply"
            )

    @api.depends("move_ids.state", "move_ids.product_uom_qty", "move_ids.quantity")
    def _compute_ato_qty_to_assemble(self):
        units = self.move_ids._get_units_to_assemble()
        for picking in self:
            awaited = sum(units.get(move, 0.0) for move in picking.move_ids)
            picking.ato_qty_to_assemble = awaited
            picking.awaits_assembly = awaited > 0

    @api.model
    def _search_awaits_assembly(self, operator, value):
        if operator != "in":
            return NotImplemented
        # whoever sees the transfer may know, as in `_get_units_to_assemble`
        awaits = Domain("move_ids", "any!", AWAITS_ASSEMBLY)
        return awaits if True in value else ~awaits

    def _get_backorder_chain(self):
        """These transfers, the backorders of them, and so on."""
        chain = step = self
        while step := step.backorder_ids - chain:
            chain |= step
        return chain

    def _get_transfers_before(self):
        """The transfers that these are backorders of, and so on."""
        before = step = self.backorder_id - self
        while step := step.backorder_id - before:
            before |= step
        return before - self
