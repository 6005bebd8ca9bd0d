# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError


class CopiedLabel(str):
    """A label that Odoo copies from one record to another: no client sends one."""

    __slots__ = ()


class AtoGuardedMixin(models.AbstractModel):
    """Fields that the sales order line alone writes, by way of the superuser.

    Whatever way a value comes, by a form, an import, a command of another record, a
    copy or a default, it arrives in one of these three methods.
    """

    _name = "ato.guarded.mixin"
    _description = "Fields That Only the Sales Order Line Writes"

    @api.model
    def _get_guarded_fields(self):
        """Names of the fields that nobody but the superuser writes: a hook."""
        return frozenset()

    @api.model
    def default_get(self, fields):
        """Take no default for guarded fields.

        Odoo makes records as superuser with the context that a client has sent.
        """
        guarded = self._get_guarded_fields()
        defaults = super().default_get([name for name in fields if name not in guarded])
        return {name: value for name, value in defaults.items() if name not in guarded}

    @api.model_create_multi
    def create(self, vals_list):
        """Create records whose guarded fields are empty, or copied by Odoo.

        :raises AccessError: when a user gives them a value, by context as well
        """
        if self.env.su:
            return super().create(vals_list)
        for name in self._get_guarded_fields():
            values = [self.env.context.get(f"default_{name}")]
            values += [vals.get(name) for vals in vals_list]
            if any(v and not isinstance(v, CopiedLabel) for v in values):
                self._refuse_guarded(name)
        return super().create(vals_list)

    def write(self, vals):
        """Write, except guarded fields.

        :raises AccessError: when a user writes them
        """
        if not self.env.su:
            guarded = self._get_guarded_fields().intersection(vals)
            if guarded:
                self._refuse_guarded(min(guarded))
        return super().write(vals)

    @api.model
    def _refuse_guarded(self, name):
        """:raises AccessError: that names the field, and no record"""
        raise AccessError(
            self.env._(
                "%(field)s: nobody writes this, it follows from the sales order line. "
                "Change the quantity to assemble, or the reservation, there.",
                field=self._fields[name]._description_string(self.env),
            )
        )
