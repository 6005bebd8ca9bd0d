# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import functools

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools import LazyTranslate, float_repr, formatLang
from odoo.tools.misc import babel_locale_parse, get_lang

_lt = LazyTranslate(__name__)

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


@functools.lru_cache(maxsize=512)
def _format_day(skeleton, day, lang_code):
    """Most lines of an order have the same day: it is put into words once."""
    return format_skeleton(skeleton, day, locale=babel_locale_parse(lang_code))


class SaleOrderLine(models.Model):
    """What can be promised of the line, in colour and words."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_assembly_status(self, figures):
        """The most pressing of what the figures say, False when nothing is open."""
        self.ensure_one()
        alerts = {
            "missing": figures["missing_qty"],
            "components_short": figures["components_short_qty"],
            "late": self._get_late_qty(figures),
            "mixed": self._mixes_sources() and sum(self._get_open_parts(figures)),
            "could_use_stock": figures["deductible_qty"],
            "assemble": figures["remaining_qty"],
            "covered": figures["waiting_qty"] + figures["stock_needed_qty"],
        }
        return next((status for status, qty in alerts.items() if qty > 0), False)

    def _is_late(self, figures):
        """Whether not all of the line can leave on the promised day, by days.

        What nobody knows the day of is late.
        """
        ready, open_qty = (
            figures["availability_date"],
            sum(self._get_open_parts(figures)),
        )
        return bool(open_qty > 0 and (not ready or ready > self._get_last_day(figures)))

    def _get_last_day(self, figures):
        """The last day that is in time: nothing leaves on a day off, but on the next"""
        days = self.warehouse_id._get_work_days()
        return days.on_or_after(figures["delivery_date"])

    @api.model
    def _get_open_parts(self, figures):
        """What is still to be delivered from stock, and of what is assembled."""
        assembly = figures["waiting_qty"] + figures["remaining_qty"]
        return figures["stock_needed_qty"], assembly

    def _get_late_qty(self, figures):
        """What comes after the promised day; all that is open once that is past.

        Where something is missing or short nobody knows: that is said instead.
        """
        ready, last = figures["availability_date"], self._get_last_day(figures)
        if not ready or ready <= last:
            return 0.0
        if last < fields.Date.context_today(self):
            return sum(self._get_open_parts(figures))
        return figures["remaining_qty"]

    def _get_assembly_status_parts(self, status, figures):
        """The quantities of the status, which the web client puts into few words."""
        if status == "late":
            return [self._get_late_qty(figures)]
        parts = {
            "missing": [figures["missing_qty"]],
            "components_short": [figures["components_short_qty"]],
            "could_use_stock": [figures["deductible_qty"]],
            "mixed": [2.0],  # sources
        }
        return parts.get(status) or list(self._get_open_parts(figures))

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
        if status == "mixed":
            return self._get_mixed_text()
        if status == "could_use_stock":
            return self.env._(
                "%(deductible)s in stock could be used",
                deductible=self._format_count(figures["deductible_qty"]),
            )
        return self._get_covered_text(figures) if status else ""

    def _get_covered_text(self, figures):
        """What covers the line, part by part."""
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
        return " + ".join(texts)

    def _get_promise_text(self, status, figures, is_late):
        """What becomes of the promised day: on time, late, or the day of an answer.

        The same before and after confirmation, whatever is made meanwhile: how early
        the line could leave is no part of it.
        """
        self.ensure_one()
        ready, promised = figures["availability_date"], figures["delivery_date"]
        if not status:
            return ""
        if figures["missing_date"]:
            day = self._format_day(figures["missing_date"])
            return self.env._("assembled by %(day)s", day=day)
        if not is_late:
            return self.env._("on time for %(day)s", day=self._format_day(promised))
        if not ready:
            return self.env._("not known when")
        return self.env._(
            "late: %(day)s instead of %(promised)s",
            day=self._format_day(ready),
            promised=self._format_day(promised),
        )

    def _format_day(self, day):
        """`day` as the screens show days: with the year only when it is another one."""
        is_this_year = day.year == fields.Date.context_today(self).year
        skeleton = "MMMd" if is_this_year else "yMMMd"
        return _format_day(skeleton, day, get_lang(self.env).code)

    def _format_count(self, quantity):
        """`quantity` in the unit of the line, as short as can be."""
        whole = round(quantity)
        if quantity != whole and self.product_uom_id.compare(quantity, whole) != 0:
            return self._format_short(quantity)
        return str(whole) if whole < 1000 else self._format_short(whole)

    @api.model
    def _format_short(self, quantity):
        """`quantity` without decimals that say nothing, as the web client shows it."""
        most = self.env["decimal.precision"].precision_get("Product Unit")
        decimals = float_repr(quantity, most).partition(".")[2].rstrip("0")
        return formatLang(self.env, quantity, digits=len(decimals))

    def _summarize_availability(self, figures):
        """The figures of the line without its components, and what they say."""
        self.ensure_one()
        status, is_late = self._get_assembly_status(figures), self._is_late(figures)
        return {
            **{name: figures[name] for name in figures if name != "components"},
            # forms do not have it for whoever sees no units
            "uom": self.product_uom_id.name,
            "uom_id": self.product_uom_id.id,
            "status": status,
            "status_parts": self._get_assembly_status_parts(status, figures),
            "status_text": self._get_assembly_status_text(status, figures),
            "promise_text": self._get_promise_text(status, figures, is_late),
            "is_late": is_late,
            "is_mixed": self._mixes_sources(),
            "segments": self._get_availability_segments(figures),
            "limits": self._get_limits(),
            "component_changes": self._describe_component_changes(),
            "suggestions": self._prepare_suggestions(self._get_answers(figures)),
        }

    def _get_availability_segments(self, figures):
        """The ordered quantity, by what covers it: `panel.Piece`, none of nothing."""
        self.ensure_one()
        quantities = {
            "delivered": min(self.qty_delivered, self.product_uom_qty),
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
