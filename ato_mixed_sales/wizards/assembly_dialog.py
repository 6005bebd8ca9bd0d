# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError


class AssemblyDialog(models.AbstractModel):
    """A dialog that shows nothing of a record that its user may not see.

    Figures of dialogs are computed from documents of several departments, whoever
    opens them. So every record that a client names is checked before anything is
    computed from it, and a dialog is closed to whoever may not see its source.
    """

    _name = "assembly.dialog"
    _description = "Dialog on Documents of Others"

    # the source: a path of fields, and what its user has to be allowed to do with it
    _source_path = None
    _source_operation = "read"

    @api.model
    def default_get(self, fields):
        """Odoo's defaults, those of the context among them.

        :raises AccessError: where they name a record that the user may not see
        """
        values = super().default_get(fields)
        self._check_named_records(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        """What the form shows for `values`.

        :raises AccessError: where they name a record that the user may not see
        """
        self._check_named_records(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_named_records(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_named_records(vals)
        return super().write(vals)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Find, and so read, group and export, only what its user may still see."""
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access:
            return query
        return self.browse(query)._filtered_access("read")._as_query()

    def _check_access(self, operation):
        """Close a dialog to whoever may not, or no longer, see its source."""
        result = super()._check_access(operation)
        if result or not any(self._ids):
            return result
        forbidden = self - self._filter_of_open_sources()
        if not forbidden:
            return None
        rules = self.env["ir.rule"]
        return forbidden, partial(rules._make_access_error, operation, forbidden)

    def _filter_of_open_sources(self):
        """Those of the dialogs whose source the user may see; by dialog, all rows."""
        # sudo: which source it is; whether the user may see it is asked
        dialogs = self.sudo()
        sources = dialogs.mapped(self._source_path).sudo(False)
        opened = sources._filtered_access(self._source_operation)
        return self.filtered(
            lambda o: dialogs.browse(o.id).mapped(self._source_path) in opened
        )

    @api.model
    def _check_named_records(self, values):
        """Check the records that values sent by a client name, and those of its rows.

        :param values: {field: value}, as for `create` or `onchange`
        :raises AccessError: for a record that the user may not see
        :raises UserError: for what names no record
        """
        if self.env.su:
            return
        for name, value in values.items():
            field = self._fields.get(name)
            if not value or not field or not field.relational:
                continue
            comodel = self.env[field.comodel_name]
            ids, rows = self._split_named(field, value)
            self._check_may_name(field, comodel.browse(ids))
            if isinstance(comodel, self.env.registry["assembly.dialog"]):
                for row in rows:
                    comodel._check_named_records(row)

    def _check_may_name(self, field, records):
        """:raises AccessError: when the user may not see one of the records"""
        records.check_access("read")

    @api.model
    def _split_named(self, field, value):
        """What the value of a relational field names: (ids, values of rows)"""
        if isinstance(value, models.BaseModel):
            return value.ids, []
        if isinstance(value, dict):
            parent = value.get("id")
            return [parent] if type(parent) is int else [], [value]
        if isinstance(value, list | tuple):
            if field.type == "many2one":
                return self._split_named(field, value[0])
            return self._split_commands(field, value)
        if type(value) is int:
            return [value], []
        raise UserError(
            self.env._(
                "%(field)s: %(value)s stands for no record. Choose one.",
                field=field._description_string(self.env),
                value=value,
            )
        )

    @api.model
    def _split_commands(self, field, commands):
        """What commands, or ids, name: (ids, values of rows)"""
        ids, rows = [], []
        for command in commands:
            is_command = isinstance(command, list | tuple)
            for part in command[1:] if is_command else [command]:
                # a row that is not saved yet has a name instead of an id
                if part and not isinstance(part, str):
                    found, named = self._split_named(field, part)
                    ids += found
                    rows += named
        return ids, rows
