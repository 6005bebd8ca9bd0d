# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from functools import partial

from pytz import timezone

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .. import split
from ..remembered import CHANGED_HERE, forget

BINS = (
    "ato_shipment_location_id",
    "from_assembly_location_id",
    "to_assembly_location_id",
)
BIN_DOMAIN = "[('id', 'child_of', view_location_id), ('usage', '=', 'internal')]"


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    ato_ship_first = fields.Selection(
        selection=[
            ("default", "Proposed: the warehouse may ship from stock first"),
            ("strict", "Required: nothing leaves from stock before"),
        ],
        string="Assembled Units First",
        default="default",
        required=True,
        help="Units that are assembled to order leave before those taken from stock "
        "for the same order line: as a proposal, or as a rule for each delivery.",
    )
    ato_shipment_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Assemble-to-Order Shipment Bin",
        domain=BIN_DOMAIN,
        check_company=True,
        help="Where units that are assembled for a sales order come out and are "
        "delivered from: the first choice. Nothing is proposed to be taken from stock "
        "here. Empty: the from-assembly bin is used.",
    )
    from_assembly_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="From-Assembly Bin",
        domain=BIN_DOMAIN,
        check_company=True,
        help="Where units that are assembled for a sales order come out and are "
        "delivered from while there is no assemble-to-order shipment bin. Empty: where "
        "the manufacturing operation type and putaway rules say.",
    )
    to_assembly_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="To-Assembly Bin",
        domain=BIN_DOMAIN,
        check_company=True,
        help="Where the components of what is assembled for a sales order are taken "
        "from. Where components are picked before they are used, they are brought "
        "here; otherwise keep the bin filled by a reordering rule or by transfers. "
        "Empty: the source location of the manufacturing operation type.",
    )

    @api.constrains(*BINS, "view_location_id", "company_id")
    def _check_assembly_bins(self):
        """Keep the bins of assembly inside their warehouse (R88).

        :raises ValidationError: naming the bin, the setting and the warehouse
        """
        for warehouse in self:
            for name in BINS:
                location = warehouse[name]
                if location and not warehouse._is_usable_bin(location):
                    raise ValidationError(warehouse._get_bin_message(name))

    def _get_bin_message(self, name):
        self.ensure_one()
        return self.env._(
            "%(location)s cannot be the %(setting)s of warehouse %(warehouse)s: choose "
            "an active location of type Internal inside %(inside)s.",
            location=self[name].display_name,
            setting=self._fields[name]._description_string(self.env),
            warehouse=self.display_name,
            inside=self.view_location_id.display_name,
        )

    def _is_usable_bin(self, location):
        """Whether units can lie in `location`, and it is of this warehouse."""
        self.ensure_one()
        return (
            location.active
            and location.usage == "internal"
            and location._child_of(self.view_location_id)
        )

    def _get_assembly_bins(self):
        """The bins of assembly that can be used, all of them."""
        bins = self.env["stock.location"].union(*(self[name] for name in BINS))
        return bins.filtered(self._is_usable_bin)

    def _get_assembly_bin(self, *names):
        """The first of the bins called `names` that can be used, else none."""
        for name in names:
            if self[name] and self._is_usable_bin(self[name]):
                return self[name]
        return self.env["stock.location"]

    def _get_output_bin(self):
        """Where what is assembled to order comes out, empty as Odoo has it (R89)."""
        return self._get_assembly_bin(
            "ato_shipment_location_id", "from_assembly_location_id"
        )

    def _get_assembly_rule(self):
        """The rule by which is assembled for this warehouse, empty when nobody does."""
        rule = self.manufacture_pull_id
        return rule if rule.active else self._get_assembly_supply()[0]

    def _get_assembly_supply(self, visited=None):
        """Who assembles for this warehouse, and how the units come here.

        A warehouse that does not manufacture has it done by the first warehouse that
        supplies it and does, or has it done.

        :param visited: warehouses that have been asked already
        :return: (manufacturing rule, routes up to it), both empty when nobody does
        """
        Route = self.env["stock.route"]
        rule = self.manufacture_pull_id.filtered("active")
        if rule or not self:
            return rule, rule.route_id
        visited = (visited or self.browse()) | self
        for route in self.resupply_route_ids.filtered("active").sorted("sequence"):
            supplier = route.supplier_wh_id - visited
            if supplier.company_id != self.company_id:
                continue
            rule, routes = supplier._get_assembly_supply(visited)
            if rule:
                return rule, route | routes
        return rule, Route

    # On which days its people work

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
    @tools.ormcache(CHANGED_HERE, "warehouse_id", "year")
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
        forget(self.env)
