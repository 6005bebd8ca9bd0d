# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..remembered import CHANGED_HERE, forget

WISHES = ("assembly_single_source", "assembly_single_lot")


class ResPartner(models.Model):
    _inherit = "res.partner"

    assembly_single_source = fields.Boolean(
        string="No Mixed Sources",
        groups="base.group_user",
        help="The customer does not accept an order line of which some units come from "
        "stock and others are assembled: all of it is from stock, or all of it is "
        "assembled. Counts for all contacts of the company.",
    )
    assembly_single_lot = fields.Boolean(
        string="One Lot per Line",
        groups="base.group_user",
        help="The customer wants all units of an order line to be of one lot, where "
        "the product has lots and can be assembled: from stock if one lot covers them, "
        "else all of them are assembled. Counts for all contacts of the company.",
    )

    @api.model
    @tools.ormcache(CHANGED_HERE, cache="stable")
    def _has_wishes(self):
        """Whether anybody has one of these: so that figures ask for no customer else.

        A wrong yes does no harm: who has one is looked up then.
        """
        # sudo: a cache is for every user; nobody is told whose wish it is
        partners = self.sudo().with_context(active_test=False)
        domain = Domain.OR(Domain(name, "=", True) for name in WISHES)
        return bool(partners.search_count(domain, limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get(name) for vals in vals_list for name in WISHES):
            forget(self.env, "stable")
        return partners

    def write(self, vals):
        res = super().write(vals)
        if any(name in vals for name in WISHES):
            forget(self.env, "stable")
        return res
