# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time
from functools import partial

from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...figures_field import Figures, set_values
from ...sent import MOST_DAYS, Quantity, check_one, check_quantity

COMPARISONS = {
    ">": lambda value, quantity: quantity > value,
    ">=": lambda value, quantity: quantity >= value,
    "<": lambda value, quantity: quantity < value,
    "<=": lambda value, quantity: quantity <= value,
    "in": lambda value, quantity: quantity in value,
    "not in": lambda value, quantity: quantity not in value,
}


# fields that show one of `assembly_figures`, and which
SUMMARIZED = {
    "missing_qty": "missing_qty",
    "deductible_qty": "deductible_qty",
    "able_to_assemble_qty": "able_to_assemble_qty",
    "components_short_qty": "components_short_qty",
    "availability_date": "availability_date",
    "is_late": "is_late",
    "assembly_status": "status",
    "assembly_status_text": "status_text",
}


class SaleOrderLine(models.Model):
    """What can be promised of the line: its figures, its status in colour and words."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    missing_qty = Quantity(
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
    deductible_qty = Quantity(
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
    components_short_qty = Quantity(
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
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_availability",
        compute_sudo=True,
        search="_search_is_late",
        groups="base.group_user",
        help="Not all of the line can leave on the promised day, or nobody knows when. "
        "Deliver later, or assemble or take from stock what is late.",
    )
    assembly_status = fields.Selection(
        selection=[
            ("covered", "Covered"),
            ("assemble", "To assemble"),
            ("could_use_stock", "Stock could be used"),
            ("mixed", "Two sources"),
            ("late", "Late"),
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
    assembly_figures = Figures(
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
        "component_changes",
        "order_id.commitment_date",
        "order_id.partner_id.commercial_partner_id.assembly_single_source",
        "order_id.partner_id.commercial_partner_id.assembly_single_lot",
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
        # what is typed is nowhere else: the panel finds its components here
        summaries = self._get_summaries(with_components=not all(self._ids))
        of_lines = [summaries.get(line, {}) for line in self]
        for name, key in SUMMARIZED.items():
            set_values(self, name, [figures.get(key, False) for figures in of_lines])
        for line, figures in zip(self, of_lines, strict=True):
            line.assembly_figures = figures

    def _get_summaries(self, with_components=False):
        """{line: `assembly_figures`} of lines that are assembled, or can be"""
        summaries, asked = {}, {*self._ids}
        for line, figures in self._get_availability(with_components).items():
            if line.id not in asked:
                continue
            summaries[line] = summary = line._summarize_availability(figures)
            if with_components:
                summary["components"] = figures["components"]
        return summaries

    def _get_days_of_assembled(self):
        """{line: when all that is open of it is there, nothing when unknown}"""
        # what is not open has no status
        opened = self.filtered("assembly_status")
        return {line: line.availability_date for line in opened}

    @api.depends("assembly_figures", "hold_move_ids.quantity")
    def _compute_qty_at_date(self):
        """Figures of assembled lines for Odoo's own popover, each unit counted once.

        Odoo counts what is assembled for the line, once it is there, a second time;
        and it takes for short what is still to be assembled.
        """
        mixed = self._filter_of_mixed_products().filtered("display_qty_widget")
        figures = {line: line.assembly_figures for line in mixed}
        mixed = mixed.filtered(figures.get)
        res = super(SaleOrderLine, self - mixed)._compute_qty_at_date()
        (self - mixed)._add_holds_at_date()
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
        held = figures["reserved_stock_qty"]
        if self.state == "sale":
            lacking = figures["missing_qty"] + figures["components_short_qty"]
            return {
                "qty_available_today": held + figures["waiting_qty"],
                "free_qty_today": self.qty_to_deliver - lacking,
                "virtual_available_at_date": 0.0,
                "forecast_expected_date": self._get_start_of_day(
                    fields.Date.to_date(figures["availability_date"])
                ),
            }
        free, able = held + figures["free_stock_qty"], figures["able_to_assemble_qty"]
        return {
            "qty_available_today": free,
            "free_qty_today": free,
            "virtual_available_at_date": held + figures["expected_stock_qty"] + able,
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
        """Lines by one of the figures, which is nothing on all but open lines.

        :raises UserError: when it is compared with what is no quantity
        """
        if operator not in COMPARISONS:
            return NotImplemented
        for operand in value if operator in ("in", "not in") else [value]:
            check_quantity(self._fields[name], operand, self.env)
        matches = partial(COMPARISONS[operator], value)
        values = self._get_values(name)
        found = [line.id for line, value in values.items() if matches(value)]
        if matches(0.0):
            others = [line.id for line, value in values.items() if not matches(value)]
            return Domain("id", "not in", others)
        return Domain("id", "in", found)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        values = self._get_values("is_late")
        late = Domain("id", "in", [line.id for line, value in values.items() if value])
        return (late if True in value else Domain.FALSE) | (
            ~late if False in value else Domain.FALSE
        )

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

    def _prepare_availability_row(self, figures):
        """One `panel.Row`, of figures as from `_get_availability`."""
        self.ensure_one()
        return {
            "line_id": self.id,
            "product": self.product_id.display_name,
            "product_id": self.product_id.id,
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

    def _expected_date(self):
        """Refuse to count days that no calendar has, before anything is saved too."""
        self._check_lead_time()
        return super()._expected_date()

    def _inverse_customer_lead(self):
        """Refuse them before Odoo dates the deliveries of an order with them."""
        self._check_lead_time()
        return super()._inverse_customer_lead()

    def _check_lead_time(self):
        """:raises UserError: for a lead time that cannot be planned with"""
        for line in self:
            # customers see the date, and none of our figures
            if (
                abs(line.customer_lead) <= MOST_DAYS
                or not line._with_documents().is_assembled
            ):
                continue
            raise UserError(
                line.env._(
                    "%(product)s on %(order)s: a lead time of %(days)s days cannot be "
                    "planned with. Enter %(limit)s days or less.",
                    product=line.product_id.display_name,
                    order=line.order_id.display_name,
                    days=line.customer_lead,
                    limit=MOST_DAYS,
                )
            )

    def action_open_order(self):
        """Open the order of the line, from a list of lines."""
        check_one(self)
        return self.order_id.get_formview_action()
