# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import filterfalse

from odoo import api, models
from odoo.exceptions import AccessError


class CopiedLabel(str):
    """A label that Odoo copies from one record to another: no client sends one."""

    __slots__ = ()


class AtoGuardedMixin(models.AbstractModel):
    """Fields that the sales order line alone writes, by way of the superuser.

    Whatever way a value comes, by a form, an import, a command of another record, a
    copy or a default, it arrives in `default_get` or `create` here, or in `write`,
    where the models that inherit this check it first of all.
    """

    _name = "ato.guarded.mixin"
    _description = "Fields That Only the Sales Order Line Writes"

    # names of the fields that nobody but the superuser writes
    _guarded_fields = frozenset()

    @api.model
    def default_get(self, fields):
        """Take no default for guarded fields.

        Odoo makes records as superuser with the context that a client has sent.
        """
        guarded = self._guarded_fields
        # asked for each record that is made
        names = [*filterfalse(guarded.__contains__, fields)]
        defaults = super().default_get(names)
        if guarded.isdisjoint(defaults):
            return defaults
        return {name: value for name, value in defaults.items() if name not in guarded}

    @api.model_create_multi
    def create(self, vals_list):
        """Create records whose guarded fields are empty, or copied by Odoo.

        :raises AccessError: when a user gives them a value, by context as well
        """
        if self.env.su:
            return super().create(vals_list)
        for name in self._guarded_fields:
            values = [self.env.context.get(f"default_{name}")]
            values += [vals.get(name) for vals in vals_list]
            if any(v and not isinstance(v, CopiedLabel) for v in values):
                self._refuse_guarded(name)
        return super().create(vals_list)

    def _check_guarded(self, vals):
        """:raises AccessError: when a user writes a guarded field"""
        if guarded := self._guarded_fields.intersection(vals):
            self._refuse_guarded(min(guarded))

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
