# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time
from functools import partial

from babel.dates import format_skeleton
from pytz import UTC

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate, formatLang
from odoo.tools.misc import babel_locale_parse, get_lang

_lt = LazyTranslate(__name__)

COMPARISONS = {
    ">": lambda value, quantity: quantity > value,
    ">=": lambda value, quantity: quantity >= value,
    "<": lambda value, quantity: quantity < value,
    "<=": lambda value, quantity: quantity <= value,
    "in": lambda value, quantity: quantity in value,
    "not in": lambda value, quantity: quantity not in value,
}

SEGMENTS = {
    "delivered": _lt("Delivered"),
    "reserved": _lt("Reserved in stock"),
    "free": _lt("Free in stock"),
    "expected": _lt("Expected in stock"),
    "assembled": _lt("Assembled"),
    "able": _lt("Can be assembled"),
    "short": _lt("Components short"),
    "missing": _lt("Not covered"),
}


class SaleOrderLine(models.Model):
    """What can be promised of the line: its figures, its status in colour and words."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    missing_qty = fields.Float(
        string="Missing",
        digits="Product Unit",
        compute="_compute_availability",
        compute_sudo=True,
        search="_search_missing_qty",
        groups="base.group_user",
        help="Quantity, in the unit of the line, that neither stock nor assembly "
        "covers by the delivery date. Expected receipts and what other orders ask for "
        "by then are counted. Assemble it, or deliver later.",
    )
    deductible_qty = fields.Float(
        string="Could Be Taken from Stock",
        digits="Product Unit",
        compute="_compute_availability",
        compute_sudo=True,
        search="_search_deductible_qty",
        groups="base.group_user",
        help="Quantity, in the unit of the line, that is free in stock now and could "
        "replace units that are still to be assembled.",
    )
    able_to_assemble_qty = fields.Float(
        string="Able to Assemble",
        digits="Product Unit",
        compute="_compute_availability",
        compute_sudo=True,
        groups="base.group_user",
        help="Of the quantity that is still to be assembled, in the unit of the line, "
        "what the components allow by the delivery date, in whole units.",
    )
    components_short_qty = fields.Float(
        string="Components Short",
        digits="Product Unit",
        compute="_compute_availability",
        compute_sudo=True,
        search="_search_components_short_qty",
        groups="base.group_user",
        help="Of the quantity that is still to be assembled, in the unit of the line, "
        "what there are not enough components for by the delivery date.",
    )
    availability_date = fields.Date(
        string="Available On",
        compute="_compute_availability",
        compute_sudo=True,
        groups="base.group_user",
        help="Earliest day on which all that is to be delivered of the line can leave: "
        "stock, receipts and assembly. Empty when it is not known.",
    )
    assembly_status = fields.Selection(
        selection=[
            ("covered", "Covered"),
            ("assemble", "To assemble"),
            ("could_use_stock", "Stock could be used"),
            ("components_short", "Components short"),
            ("missing", "Missing"),
        ],
        compute="_compute_availability",
        compute_sudo=True,
        groups="base.group_user",
        help="What covers the line by its delivery date, or what is to be decided.",
    )
    assembly_status_text = fields.Char(
        compute="_compute_availability",
        compute_sudo=True,
        groups="base.group_user",
        help="What covers the line by its delivery date, in words.",
    )
    assembly_figures = fields.Json(
        compute="_compute_availability",
        compute_sudo=True,
        groups="base.group_user",
        help="The figures behind the status, in the unit of the line: a row of the "
        "availability panel without components and suggestions.",
    )

    @api.depends(
        "state",
        "sequence",
        "product_id.stock_move_ids.product_qty",
        "product_id.stock_move_ids.quantity",
        "product_id.stock_move_ids.state",
        "product_uom_id",
        "product_uom_qty",
        "qty_delivered",
        "qty_to_assemble_to_order",
        "warehouse_id",
        "customer_lead",
        "is_assembled",
        "order_id.commitment_date",
        "order_id.order_line.product_id",
        "order_id.order_line.product_uom_id",
        "order_id.order_line.product_uom_qty",
        "order_id.order_line.qty_to_assemble_to_order",
        "hold_move_ids.quantity",
        "assembly_order_ids.state",
        "assembly_order_ids.date_finished",
        "assembly_order_ids.move_raw_ids.product_uom_qty",
        "assembly_order_ids.move_raw_ids.quantity",
    )
    def _compute_availability(self):
        figures = self._get_availability()
        names = ("missing_qty", "deductible_qty", "able_to_assemble_qty")
        for line in self:
            summary = {}
            if line in figures:
                summary = line._summarize_availability(figures[line])
            for name in (*names, "components_short_qty", "availability_date"):
                line[name] = summary.get(name, False)
            line.assembly_status = summary.get("status", False)
            line.assembly_status_text = summary.get("status_text", False)
            line.assembly_figures = summary

    @api.depends("assembly_figures")
    def _compute_qty_at_date(self):
        """Figures of assembled lines for Odoo's own popover, each unit counted once.

        Odoo counts what is assembled for the line, once it is there, a second time;
        and it takes for short what is still to be assembled.
        """
        mixed = self._filter_of_mixed_products().filtered("display_qty_widget")
        figures = {line: line.assembly_figures for line in mixed}
        mixed = mixed.filtered(figures.get)
        res = super(SaleOrderLine, self - mixed)._compute_qty_at_date()
        for line in mixed:
            line.scheduled_date = line._get_assembly_deadline()
            line.update(line._prepare_qty_at_date(figures[line]))
        return res

    def _filter_of_mixed_products(self):
        """Lines that are split by source, or whose product is on the same order."""
        split_products = {
            (line.order_id, line.product_id)
            for line in self | self.order_id.order_line
            if line.qty_to_assemble_to_order > 0
        }
        return self.filtered(
            lambda line: (line.order_id, line.product_id) in split_products
            or line._is_split_by_source()
        )

    def _prepare_qty_at_date(self, figures):
        """What Odoo's popover is to show of the line."""
        held, waiting = figures["reserved_stock_qty"], figures["waiting_qty"]
        if self.state == "sale":
            lacking = figures["missing_qty"] + figures["components_short_qty"]
            return {
                "qty_available_today": held + waiting,
                "free_qty_today": self.qty_to_deliver - lacking,
                "virtual_available_at_date": 0.0,
                "forecast_expected_date": self._get_start_of_day(
                    fields.Date.to_date(figures["availability_date"])
                ),
            }
        free = held + figures["free_stock_qty"]
        expected = held + figures["expected_stock_qty"]
        return {
            "qty_available_today": free,
            "free_qty_today": free,
            "virtual_available_at_date": expected + figures["able_to_assemble_qty"],
            "forecast_expected_date": False,
        }

    @api.model
    def _get_start_of_day(self, day):
        """When `day` starts where the user is, as it is stored; False without day."""
        if not day:
            return False
        start = self.env.tz.localize(datetime.combine(day, time.min))
        return start.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _search_missing_qty(self, operator, value):
        return self._search_availability("missing_qty", operator, value)

    @api.model
    def _search_deductible_qty(self, operator, value):
        return self._search_availability("deductible_qty", operator, value)

    @api.model
    def _search_components_short_qty(self, operator, value):
        return self._search_availability("components_short_qty", operator, value)

    @api.model
    def _search_availability(self, name, operator, value):
        """Lines by one of the figures, which is nothing on all but open lines."""
        if operator not in COMPARISONS:
            return NotImplemented
        matches = partial(COMPARISONS[operator], value)
        lines = self.search(self._get_promised_domain(), order="id")
        found = lines.filtered(lambda line: matches(line[name]))
        if matches(0.0):
            return Domain("id", "not in", (lines - found).ids)
        return Domain("id", "in", found.ids)

    @api.model
    def _get_promised_domain(self):
        """Lines that are, or could be, assembled and not delivered completely."""
        return (
            Domain("state", "in", ("draft", "sent", "sale"))
            & Domain("display_type", "=", False)
            & (
                Domain("qty_to_assemble_to_order", ">", 0)
                | Domain("product_id.product_tmpl_id.bom_ids.type", "=", "normal")
            )
            & Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s > COALESCE(%s, 0)",
                    model._field_to_sql(alias, "product_uom_qty", query),
                    model._field_to_sql(alias, "qty_delivered", query),
                ),
                predicate=lambda line: line.product_uom_qty > line.qty_delivered,
            )
        )

    def _get_assembly_status(self, figures):
        """The most pressing of what the figures say, False when nothing is open."""
        self.ensure_one()
        alerts = ("missing", "components_short", "deductible")
        statuses = ("missing", "components_short", "could_use_stock")
        for alert, status in zip(alerts, statuses, strict=True):
            if figures[f"{alert}_qty"] > 0:
                return status
        if figures["remaining_qty"] > 0:
            return "assemble"
        is_open = figures["waiting_qty"] > 0 or figures["stock_needed_qty"] > 0
        return "covered" if is_open else False

    def _get_assembly_status_text(self, status, figures):
        """The status in words: what there is, or what is to be decided."""
        self.ensure_one()
        if status == "missing":
            missing = self._format_count(figures["missing_qty"])
            return self.env._("%(missing)s missing", missing=missing)
        if status == "components_short":
            return self.env._(
                "components short: %(able)s of %(remaining)s",
                able=self._format_count(figures["able_to_assemble_qty"]),
                remaining=self._format_count(figures["remaining_qty"]),
            )
        if status == "could_use_stock":
            return self.env._(
                "%(deductible)s in stock could be used",
                deductible=self._format_count(figures["deductible_qty"]),
            )
        return self._get_covered_text(figures) if status else ""

    def _get_covered_text(self, figures):
        """What covers the line, part by part, and when it is ready."""
        self.ensure_one()
        in_stock = figures["stock_held_qty"] + figures["stock_on_hand_qty"]
        due, waiting = figures["stock_due_qty"], figures["waiting_qty"]
        remaining, count = figures["remaining_qty"], self._format_count
        texts = []
        if in_stock:
            texts.append(self.env._("%s in stock", count(in_stock)))
        if due:
            texts.append(self.env._("%s expected", count(due)))
        if waiting:
            texts.append(self.env._("%s assembled", count(waiting)))
        if remaining:
            texts.append(self.env._("%s to assemble", count(remaining)))
        text = " + ".join(texts)
        ready = figures["availability_date"]
        if not ready or ready <= fields.Date.context_today(self):
            return text
        return self.env._(
            "%(what)s, ready %(day)s",
            what=text,
            day=self._format_day(ready),
        )

    def _format_day(self, day):
        """`day` as the screens show days: with the year only when it is another one."""
        is_this_year = day.year == fields.Date.context_today(self).year
        return format_skeleton(
            "MMMd" if is_this_year else "yMMMd",
            day,
            locale=babel_locale_parse(get_lang(self.env).code),
        )

    def _format_count(self, quantity):
        """`quantity` as short as can be: no decimals where there are none."""
        whole = round(quantity)
        if self.product_uom_id.compare(quantity, whole) != 0:
            return formatLang(self.env, quantity, dp="Product Unit")
        return str(whole) if whole < 1000 else formatLang(self.env, whole, digits=0)

    def _prepare_availability_row(self, figures):
        """One row of `get_assembly_availability`, see there.

        :param figures: as from `_get_availability`
        """
        self.ensure_one()
        return {
            "line_id": self.id,
            "product": self.product_id.display_name,
            "product_id": self.product_id.id,
            "uom": self.product_uom_id.name,
            "uom_id": self.product_uom_id.id,
            "qty": self.product_uom_qty,
            "qty_from_stock": self.qty_from_stock,
            "qty_to_assemble_to_order": self.qty_to_assemble_to_order,
            "qty_assembled": self.qty_assembled,
            "qty_delivered": self.qty_delivered,
            **self._summarize_availability(figures),
            "bin_warning": self.bin_warning or "",
            "components": figures["components"],
            "suggestions": self._get_assembly_suggestions(figures),
        }

    def _summarize_availability(self, figures):
        """The figures of the line without its components, and what they say."""
        self.ensure_one()
        ready, day = figures["availability_date"], figures["delivery_date"]
        status = self._get_assembly_status(figures)
        return {
            **{name: figures[name] for name in figures if name != "components"},
            "status": status,
            "status_text": self._get_assembly_status_text(status, figures),
            "is_late": bool(ready and ready > day),
            "segments": self._get_availability_segments(figures),
        }

    def _get_availability_segments(self, figures):
        """The ordered quantity in pieces, by what covers it, in the line's unit.

        :return: list of {key, label, qty}, pieces of nothing left out
        """
        self.ensure_one()
        quantities = {
            "delivered": self.qty_delivered,
            "reserved": figures["stock_held_qty"],
            "free": figures["stock_on_hand_qty"],
            "expected": figures["stock_due_qty"],
            "assembled": figures["waiting_qty"],
            "able": figures["able_to_assemble_qty"],
            "short": figures["components_short_qty"],
            "missing": figures["missing_qty"],
        }
        return [
            {"key": key, "label": self.env._(SEGMENTS[key]), "qty": quantity}
            for key, quantity in quantities.items()
            if quantity > 0
        ]

    def action_open_order(self):
        """Open the order of the line, from a list of lines."""
        self.ensure_one()
        return self.order_id.get_formview_action()
