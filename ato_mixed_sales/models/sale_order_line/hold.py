# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import fields, models

from ...private_context import sanitized
from .assembly_order import ORDER_FOLLOWS_LINE

HOLD_FOLLOWS_LINE = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "qty_to_assemble_to_order",
        "route_ids",
        "warehouse_id",
        "customer_lead",
        # of other add-ons
        "commitment_date",
        "lot_id",
    }
)


class SaleOrderLine(models.Model):
    """What a quotation holds in stock, until it is confirmed, changed or expired.

    A hold is a stock move without transfer that asks for exactly what it has: it
    cannot grow by itself, and whatever counts stock counts it.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    hold_move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="ato_hold_line_id",
        string="Stock Held",
        copy=False,
        groups=fields.NO_ACCESS,
        help="Stock moves without transfer that hold units in stock for this line "
        "while its order is a quotation.",
    )

    def _get_holds(self):
        """What the lines hold as quotations."""
        return self._with_documents().hold_move_ids

    def _hand_over_holds(self):
        """Have the deliveries take over what the quotation has held.

        Usually they have, before anything else was reserved for them.
        """
        confirmed = self.filtered(lambda line: line.state == "sale")
        holding = confirmed._get_holds().ato_hold_line_id
        if not holding:
            return
        holding.move_ids._take_over_holds()
        lines = confirmed._get_holds().ato_hold_line_id
        lines._lock_stock()
        surplus = {line: line._get_surplus_of_hold() for line in lines}
        lines._let_go_of_holds(surplus, self.env._("no delivery takes it from there"))

    def _follow_as_quotation(self, vals):
        """Have draft orders, and holds, follow the lines that `vals` have changed."""
        # orders have no draft orders, unless nobody has asked for their deliveries
        quotations = self.filtered(lambda line: line.state != "sale")
        if quotations and ORDER_FOLLOWS_LINE.intersection(vals):
            quotations._sync_draft_assembly_orders()
        if HOLD_FOLLOWS_LINE.intersection(vals) and self._get_holds():
            self._fit_holds()

    def _open_hold(self):
        """The hold of a quotation line, made if need be."""
        self.ensure_one()
        # who may change the line may hold
        line = sanitized(self)._with_documents().with_company(self.company_id)
        if not line.hold_move_ids:
            moves = line.env["stock.move"]
            moves.create(line._prepare_hold_vals())._action_confirm(merge=False)
        return line.hold_move_ids

    def _prepare_hold_vals(self):
        """Values of a move that holds nothing yet.

        It says nothing of order and customer: whoever may read moves reads it.
        """
        self.ensure_one()
        location, date = self._get_shelf()
        destination = self._get_location_final()
        return {
            "ato_hold_line_id": self.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": 0.0,
            "company_id": self.company_id.id,
            "warehouse_id": location.warehouse_id.id,
            "location_id": location.id,
            "location_dest_id": destination.id,
            "location_final_id": destination.id,
            "date": date,
        }

    def _fit_holds(self):
        """Hold no more than the lines ask for, of what and from where they ask."""
        lines = self._get_holds().ato_hold_line_id
        lines._lock_stock()
        surplus = {line: line._get_surplus_of_hold() for line in lines}
        changed = self.env._("the line was changed")
        lines._let_go_of_holds(surplus, changed)
        for line in lines.filtered("hold_move_ids"):
            _shelf, date = line._get_shelf()
            line.hold_move_ids.date = date or line.hold_move_ids.date

    def _get_surplus_of_hold(self):
        """What a quotation holds and does not ask for, in the product's unit."""
        self.ensure_one()
        hold = self.hold_move_ids
        wanted = self._get_units_not_asked()
        moved = hold.location_id not in (self._get_shelf()[0] or hold.location_id)
        lot = self._get_chosen_lot()
        if (
            self.state not in ("draft", "sent", "sale")
            or moved
            or (lot and hold.move_line_ids.lot_id - lot)
            or hold.product_id != self.product_id
            or hold.company_id != self.company_id
            or (self.state == "sale" and self._filter_of_other_kind())
        ):
            wanted = 0.0
        return hold._get_held_units() - wanted

    def _get_units_not_asked(self):
        """What of the stock part no delivery asks for, in the unit of the product."""
        self.ensure_one()
        wanted = self._get_needed_units()
        if self.state == "sale":
            asked = self._with_documents()._get_shelf_stage()._filter_open()
            asked = asked.filtered(lambda move: move.ato_supply != "assembly")
            wanted -= asked._get_procured_units()
        return max(wanted, 0.0)

    def _let_go_all_holds(self, reason):
        """Let go of all that the lines hold as a quotation; their orders say so."""
        lines = self._get_holds().ato_hold_line_id
        lines._lock_stock()
        held = {line: line.hold_move_ids._get_held_units() for line in lines}
        lines._let_go_of_holds(held, reason)

    def _let_go_of_holds(self, quantities, reason):
        """:param quantities: {line: quantity, in the unit of the held product}"""
        messages = defaultdict(list)
        for line, quantity in quantities.items():
            hold = line.hold_move_ids
            uom = hold.product_id.uom_id
            if uom.compare(quantity, 0.0) > 0:
                hold._let_go(quantity)
                messages[line.order_id].append(hold._format_held_units(quantity))
        self._remove_empty_holds()
        for order, released in messages.items():
            order._post_released(released, reason)

    def _remove_empty_holds(self):
        """Leave no move behind where nothing is held any more."""
        empty = self._get_holds().filtered(
            lambda move: move.product_uom.is_zero(move._get_held_units())
        )
        if empty:
            empty._remove_holds()

    def _has_new_split(self, quantity, to_assemble):
        """Whether the line was split differently with these figures."""
        self.ensure_one()
        # sections and notes have no unit to compare in
        compare = self.product_uom_id.compare
        return bool(self.product_uom_id) and bool(
            compare(to_assemble, self.qty_to_assemble_to_order)
            or self.qty_to_assemble_to_order > 0
            and compare(quantity, self.product_uom_qty)
        )

    def _reserve_at_once(self):
        """Hold what is free for the stock part, where the company wants it so.

        Nobody has asked for it: nothing is said, and little is as good as much.
        """
        lines = self.filtered(
            lambda line: line.company_id.reserve_stock_at_once
            and line.state in ("draft", "sent", "sale")
            and line._can_be_assembled()
        )
        if not lines:
            return
        lines._lock_reservation()
        for line in lines.filtered(lambda line: line._is_taken_from_stock()):
            line._hold_free_units()

    def _add_holds_at_date(self):
        """Count what a quotation holds among what is available to it.

        What the lines before ask for is deducted already, so what they hold counts.
        """
        held = defaultdict(float)
        for line in self.filtered(lambda o: o.state != "sale" and o.display_qty_widget):
            held[line.product_id] += line._get_holds()._get_held_units()
            own = line._to_line_unit(held[line.product_id])
            line.free_qty_today += own
            line.virtual_available_at_date += own
