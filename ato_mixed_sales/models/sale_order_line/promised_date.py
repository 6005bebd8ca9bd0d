# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    """The promised day of a line, for lists that are ordered by it (U11)."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    promised_date = fields.Date(
        string="Delivery Date",
        compute="_compute_promised_date",
        groups="base.group_user",
        help="The day on which the line is to be delivered: the delivery date of its "
        "order, else so many days after the order as its lead time says.",
    )

    @api.depends(
        lambda self: (
            "state",
            "customer_lead",
            "order_id.commitment_date",
            "order_id.date_order",
            *self._get_chosen_fields(),
        )
    )
    def _compute_promised_date(self):
        for line in self:
            goods = not line.display_type and line.order_id
            line.promised_date = goods and line._get_promised_day()

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Order lines by the promised day, which no column has.

        It goes by with the days for quotations: their lead time begins when they are
        confirmed. Where another add-on has a date on the line, that comes first.
        """
        if field_name != "promised_date":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        self._check_field_access(self._fields[field_name], "read")
        sale, order = self._fields["order_id"].join(self, alias, query)
        day = SQL(
            "COALESCE(%s, %s, CASE WHEN %s = 'sale' THEN %s ELSE %s END "
            "+ COALESCE(%s, 0) * INTERVAL '1 day')",
            self._get_own_date_sql(alias, query),
            sale._field_to_sql(order, "commitment_date", query),
            sale._field_to_sql(order, "state", query),
            sale._field_to_sql(order, "date_order", query),
            fields.Datetime.now(),
            self._field_to_sql(alias, "customer_lead", query),
        )
        query._order_groupby.append(day)
        return SQL("%s %s %s", day, direction, nulls)

    @api.model
    def _get_own_date_sql(self, alias, query):
        """SQL: the date that another add-on has on the line itself, if there is one."""
        field = self._fields.get("commitment_date")
        if field is None or not field.store or field.type != "datetime":
            return SQL("NULL::timestamp")
        return self._field_to_sql(alias, field.name, query)
