# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from functools import partial

from pytz import timezone

from odoo import api, fields, models, tools

from .. import split


class StockWarehouse(models.Model):
    """On which days the people of a warehouse work."""

    _inherit = "stock.warehouse"

    def _get_work_calendar(self):
        """The working hours of the warehouse where an add-on has them, or the company's

        :return: resource.calendar, empty where every day is a working day
        """
        self.ensure_one()
        field = self._fields.get("calendar_id")
        is_there = field is not None and field.comodel_name == "resource.calendar"
        own = self.calendar_id if is_there else None
        return own or self.company_id.resource_calendar_id

    def _get_work_days(self):
        """split.WorkDays, of people who work whenever there is no warehouse"""
        if not self:
            return split.EVERY_DAY
        self.ensure_one()
        return split.WorkDays(partial(self._is_day_off, self.id))

    @api.model
    def _is_day_off(self, warehouse_id, day):
        return day in self._get_days_off(warehouse_id, day.year)

    @api.model
    @tools.ormcache("warehouse_id", "year")
    def _get_days_off(self, warehouse_id, year):
        """Days of a year on which nobody works: weekends, public holidays."""
        # sudo: a cache is for every user; days off are no secret
        calendar = self.sudo().browse(warehouse_id)._get_work_calendar()
        zone = timezone(calendar.tz or "UTC")
        start, end = datetime(year, 1, 1), datetime(year, 12, 31, 23, 59, 59)
        days = calendar._get_unusual_days(
            zone.localize(start), zone.localize(end), calendar.company_id or False
        )
        return frozenset(
            fields.Date.to_date(day) for day, is_off in days.items() if is_off
        )

    @api.model
    def _forget_days_off(self):
        self.env.registry.clear_cache()
