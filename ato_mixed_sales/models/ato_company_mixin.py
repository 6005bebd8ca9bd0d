# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


def _is_allowed(records, company):
    """Whether what is of `company` may link to the records."""
    domain = records and records._check_company_domain(company)
    records = records.with_context(active_test=False)
    return not domain or records == records.filtered_domain(domain)


class AtoCompanyMixin(models.AbstractModel):
    """Records of which many are confirmed, or done, at once.

    Odoo looks at each field of each of them whether its company is the right one.
    """

    _name = "ato.company.mixin"
    _description = "Companies Looked at Together"

    def _check_company(self, fnames=None):
        """Look at all records together; where one is wrong, Odoo says which."""
        if not fnames and len(self) > 1 and self._are_companies_right():
            return None
        return super()._check_company(fnames)

    def _are_companies_right(self):
        """Whether what Odoo would look at is right, by its own rule, field by field.

        Unknown where the records are of several companies, or a field depends on that
        of the user.
        """
        companies = {record.company_id for record in self}
        checked = [
            field
            for field in self._fields.values()
            if field.relational and field.check_company
        ]
        if len(companies) > 1 or any(field.company_dependent for field in checked):
            return False
        [company] = companies
        # sudo: as Odoo looks, whoever confirms
        linked = (self.sudo().mapped(field.name) for field in checked)
        return all(_is_allowed(records, company) for records in linked)
