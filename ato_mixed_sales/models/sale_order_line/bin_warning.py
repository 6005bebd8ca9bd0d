# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .candidates import LEAST, get_step

BINS_NAMED = 3

# Lines whose bin cannot serve them, or holds less than they ask for: of what is there
# and free, and of what they hold there, no more than there is.
WRONG_BINS = """
    WITH line AS MATERIALIZED (
        SELECT line.id, line.state, line.warehouse_id, line.product_id,
               line.bin_location_id AS bin_id,
               (line.product_uom_qty - COALESCE(line.qty_to_assemble_to_order, 0)
                ) * unit.factor / own.factor
               + CASE WHEN unit.id = own.id THEN 0
                      ELSE 2 * %(step)s * (1 + unit.factor / own.factor) END AS units
          FROM sale_order_line line
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
          JOIN uom_uom own ON own.id = template.uom_id
         WHERE line.bin_location_id IS NOT NULL AND line.state != 'cancel'
           AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)
    ),
    inside AS MATERIALIZED (
        SELECT DISTINCT bin.id AS bin_id, place.id AS place_id
          FROM (SELECT DISTINCT bin_id, warehouse_id FROM line) line
          JOIN stock_location bin ON bin.id = line.bin_id
          JOIN stock_warehouse warehouse ON warehouse.id = line.warehouse_id
          JOIN stock_location shelf ON shelf.id = warehouse.lot_stock_id
          JOIN stock_location place ON place.usage = 'internal'
           AND place.parent_path LIKE bin.parent_path || '%%'
           AND place.parent_path LIKE shelf.parent_path || '%%'
    ),
    free AS MATERIALIZED (
        SELECT inside.bin_id, quant.product_id,
               SUM(quant.quantity - quant.reserved_quantity) AS units
          FROM inside JOIN stock_quant quant ON quant.location_id = inside.place_id
         GROUP BY inside.bin_id, quant.product_id
    ),
    asked AS MATERIALIZED (
        SELECT line.id AS line_id, SUM(COALESCE(held.units, 0)) AS held,
               SUM(GREATEST(move.product_qty - COALESCE(held.units, 0), 0)) AS units
          FROM line
          JOIN stock_move move ON line.id IN (move.sale_line_id, move.ato_hold_line_id)
          LEFT JOIN LATERAL (
               SELECT SUM(taken.quantity_product_uom) AS units
                 FROM stock_move_line taken
                 JOIN inside ON inside.place_id = taken.location_id
                  AND inside.bin_id = line.bin_id
                WHERE taken.move_id = move.id) held ON TRUE
         WHERE move.ato_supply IS DISTINCT FROM 'assembly'
           AND move.state NOT IN ('draft', 'done', 'cancel')
           AND move.procure_method = 'make_to_stock'
           AND NOT EXISTS (SELECT FROM stock_move_move_rel before
                            WHERE before.move_dest_id = move.id)
         GROUP BY line.id
    )
    SELECT line.id FROM line
      JOIN stock_location bin ON bin.id = line.bin_id
      LEFT JOIN free ON free.bin_id = bin.id AND free.product_id = line.product_id
      LEFT JOIN asked ON asked.line_id = line.id
     WHERE bin.active IS NOT TRUE OR bin.usage != 'internal'
        OR bin.warehouse_id IS DISTINCT FROM line.warehouse_id
        OR CASE WHEN line.state = 'sale' THEN COALESCE(asked.units, 0)
                ELSE line.units - COALESCE(asked.held, 0) END
           > COALESCE(free.units, 0) + %(least)s
"""


class SaleOrderLine(models.Model):
    """What is wrong with the bin of the line, and its mend (R93 to R96)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    bin_warning = fields.Text(
        compute="_compute_bin_warning",
        compute_sudo=True,
        search="_search_bin_warning",
        groups="base.group_user",
        help="What is wrong with the bin of the line, empty when nothing is.",
    )

    @api.depends(
        "state",
        "bin_location_id.active",
        "bin_location_id.usage",
        "bin_proposal_id",
        "product_uom_qty",
        "product_id.stock_quant_ids.quantity",
        "product_id.stock_quant_ids.reserved_quantity",
        "qty_delivered",
        "qty_to_assemble_to_order",
        "warehouse_id",
    )
    def _compute_bin_warning(self):
        warnings = self._get_bin_warnings()
        for line in self:
            line.bin_warning = warnings.get(line, False)

    @api.model
    def _search_bin_warning(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["bin_warning"], "read")
        self.env.flush_all()
        wrong = SQL(WRONG_BINS, least=LEAST, step=get_step(self.env))
        rows = self.env.execute_query(wrong)
        lines = self.search(
            [
                ("id", "in", [line_id for [line_id] in rows]),
                ("state", "!=", "cancel"),
                ("order_id.delivery_status", "!=", "full"),
            ]
        )
        warnings = lines._get_bin_warnings()
        if not any(value):
            return [("id", "not in", [line.id for line in warnings])]
        return [("id", "in", [line.id for line in warnings if warnings[line] in value])]

    def _get_bin_warnings(self, places=None):
        """What is wrong with the bins of these lines: {line: sentence}

        Lines without a bin are served from wherever the units are: nothing is wrong.

        :param places: as from `_get_bin_places`
        """
        lines = self._with_documents().filtered(
            lambda line: line.bin_location_id
            and line.state != "cancel"
            and line.product_uom_id.compare(line.product_uom_qty, line.qty_delivered)
            > 0
        )
        if places is None:
            places = lines._get_bin_places()
        warnings = {line: line._get_bin_warning_text(places[line]) for line in lines}
        return {line: warning for line, warning in warnings.items() if warning}

    def _get_bin_warning_text(self, places):
        """What is wrong with the bin, as a sentence, else nothing."""
        self.ensure_one()
        location = self.bin_location_id
        if not location.active or location.usage != "internal":
            return self._get_unusable_bin_text()
        if location.warehouse_id != self.warehouse_id:
            return self._get_other_warehouse_text()
        needed = self._get_units_from_bin()
        units = sum(places[place] for place in places if place._child_of(location))
        compare = self.product_id.uom_id.compare
        if compare(needed, 0.0) <= 0 or compare(units, needed) >= 0:
            return ""
        if not self._has_chosen_bin():
            # units are taken from wherever they are: is there a better proposal?
            best = self._get_best_place(places)
            if compare(places.get(best, 0.0), units) <= 0:
                return ""
        return self._get_short_bin_text(needed, units, places)

    def _get_unusable_bin_text(self):
        self.ensure_one()
        location = self.bin_location_id
        reason = self.env._("is archived")
        if location.active:
            usage = dict(location._fields["usage"]._description_selection(self.env))
            reason = self.env._("is of type %s", usage[location.usage])
        return self.env._(
            "%(product)s: bin %(bin)s %(reason)s, so the %(quantity)s cannot leave "
            "from there.",
            product=self.product_id.display_name,
            bin=location.display_name,
            reason=reason,
            quantity=self._format_line_qty(self.product_uom_qty),
        )

    def _get_other_warehouse_text(self):
        self.ensure_one()
        return self.env._(
            "%(product)s: bin %(bin)s is not in warehouse %(warehouse)s, which "
            "delivers the %(quantity)s.",
            product=self.product_id.display_name,
            bin=self.bin_location_id.display_name,
            warehouse=self.warehouse_id.display_name,
            quantity=self._format_line_qty(self.product_uom_qty),
        )

    def _get_short_bin_text(self, needed, units, places):
        """The bin holds `units` of the product, fewer than `needed`."""
        self.ensure_one()
        figures = {
            "product": self.product_id.display_name,
            "bin": self.bin_location_id.display_name,
            "needed": self._format_bin_units(needed),
            "units": self._format_bin_units(units),
            "elsewhere": self._get_elsewhere_text(places),
        }
        if self.bin_location_id not in self.warehouse_id._get_assembly_bins():
            return self.env._(
                "%(product)s: %(needed)s are to be taken from stock, and %(units)s can "
                "be taken from bin %(bin)s; %(elsewhere)s.",
                **figures,
            )
        if self.product_uom_id.compare(self.qty_to_assemble_to_order, 0.0) > 0:
            return self.env._(
                "%(product)s: %(needed)s are to be taken from stock, but bin %(bin)s "
                "is for what is assembled to order and has %(units)s of them; "
                "%(elsewhere)s.",
                **figures,
            )
        return self.env._(
            "%(product)s: nothing is assembled to order any more, but bin %(bin)s is "
            "for that and has %(units)s of the %(needed)s to be taken from stock; "
            "%(elsewhere)s.",
            **figures,
        )

    def _get_elsewhere_text(self, places):
        """Which other bins have units, the fullest first."""
        self.ensure_one()
        others = [
            self.env._(
                "%(bin)s has %(units)s",
                bin=place.display_name,
                units=self._format_bin_units(units),
            )
            for place, units in places.items()
            if not place._child_of(self.bin_location_id)
        ]
        return ", ".join(others[:BINS_NAMED]) or self.env._("no other bin has any")

    def _format_bin_units(self, units):
        """`units` of the product, as the user reads them."""
        self.ensure_one()
        return f"{self._format_short(units)} {self.product_id.uom_id.name}"

    def action_mend_bin(self):
        """Give the lines whose bin is wrong the bin that suits them (R96).

        From then on it is a proposal again. Of several lines, those in order are left
        alone.

        :raises UserError: when no bin is wrong, or the order is locked or cancelled
        """
        self.order_id.check_access("write")
        self._check_field_access(self._fields["bin_location_id"], "write")
        wrong = self.filtered("bin_warning")
        for line in self:
            line._check_can_change_bin()
        if not wrong:
            raise UserError(
                self.env._("Nothing is wrong with the bin: it is left as it is.")
            )
        wrong._propose_bins()
        return True

    def _check_can_change_bin(self):
        """:raises UserError: when the order is locked or cancelled"""
        self.ensure_one()
        if self._is_closed():
            raise UserError(
                self.env._(
                    "%(product)s on %(order)s: the bin cannot be changed, the order is "
                    "cancelled or locked. Set it back to quotation, or unlock it, "
                    "first.",
                    product=self.product_id.display_name,
                    order=self.order_id.name,
                )
            )

    def _review_bins(self):
        """Propose anew for confirmed lines, and tell what is wrong in the chatter.

        What is proposed is where the units are that the lines hold by now.
        """
        # the proposal is nobody's choice
        lines = self._with_documents().filtered(lambda line: line._can_have_bin())
        places = lines._get_bin_places()
        lines.filtered(lambda line: not line._has_chosen_bin())._propose_bins(places)
        warnings = lines._get_bin_warnings(places)
        for order, warned in lines.grouped("order_id").items():
            texts = [warnings[line] for line in warned if line in warnings]
            if texts:
                order.with_env(self.env).message_post(body=Markup("<br/>").join(texts))
