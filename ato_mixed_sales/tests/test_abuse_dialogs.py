# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from functools import partial

from odoo.fields import Command
from odoo.tests import tagged

from .kinds import KindsCommon, get_fields

# whose dialogs they are, and of what
DIALOGS = {
    "assembly.shipment",
    "assembly.shipment.line",
    "assembly.undo",
    "assembly.undo.line",
    "sale.line.reservation",
    "sale.line.reservation.line",
}
NAME = {"fields": {"display_name": {}}}


@tagged("post_install", "-at_install")
class TestAbuseDialogs(KindsCommon):
    """Every dialog, opened, read and searched by whom its source is closed to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        export.user_ids |= cls.stranger | cls.seller | cls.outsider | cls.packer
        cls.secrets = (*cls.secrets, "LOT-SECRET", cls.foreign[1].picking_ids.name)

    def test_dialogs(self):
        opened = self._open_theirs()
        self.assertEqual(set(opened), DIALOGS)
        users = self.stranger | self.seller | self.packer | self.portal | self.outsider
        for user in users:
            forbidden = self._get_forbidden(user)
            before, found = self._look(forbidden), []
            for model, record in opened.items():
                for method, args, context in self._get_calls(user, model, record):
                    told = []
                    harm, refusal = self._get_harm(
                        forbidden,
                        before,
                        partial(self._tell, told, user, model, method, args, context),
                    )
                    harm += [
                        s for s in self.secrets if s in json.dumps(told, default=str)
                    ]
                    if harm:
                        found.append((model, method, args, context, harm))
            with self.subTest(user=user.login):
                self.assertFalse(found, "\n".join(map(str, found)))

    def _tell(self, told, user, model, method, args, context):
        told.append(self._rpc(user, model, method, *args, context=context))

    def _open_theirs(self):
        """Dialogs on a colleague's documents, opened by who may: {model: record}"""
        wizard = self.env["sale.line.reservation"].with_user(self.colleague)
        wizard = wizard.create({"sale_line_id": self.foreign[0].order_line.id})
        admin, picking = self.env.ref("base.user_admin"), self.foreign[1].picking_ids
        self._deliver(picking, stock=1, assembly=0)
        undo = self.env["assembly.undo"].with_user(admin)
        undo = undo.create({"picking_id": picking.id})
        shipment = self.env["assembly.shipment"].with_user(admin)
        shipment = shipment.create({"picking_id": picking.backorder_ids.id})
        dialogs = wizard, shipment, undo
        records = [*dialogs, *(dialog.line_ids[:1] for dialog in dialogs)]
        self.env.flush_all()
        return {record._name: record.sudo() for record in records}

    def _get_calls(self, user, model, record):
        """Ways to learn something of a dialog's source: (method, arguments, context)"""
        ids, names = record.ids, self._get_names(model)
        spec = {name: NAME if names[name].relational else {} for name in names}
        yield "read", [ids], {}
        yield "web_read", [ids, spec], {}
        yield "copy", [ids], {}
        yield "export_data", [ids, ["display_name", *names]], {}
        yield "search_read", [[], list(names)], {}
        yield "web_save", [ids, {}, spec], {}
        yield "unlink", [ids], {}
        values = {}
        for name, field in names.items():
            if field.store:
                yield "formatted_read_group", [[], [name], ["__count"]], {}
            if not field.relational:
                continue
            path = f"{name}.display_name"
            for secret in self.secrets:
                yield "search_read", [[(path, "ilike", secret)], ["id", name]], {}
            value = record[name].ids
            if field.type == "many2one":
                value = record[name].id
                if self._may_see(user, model, record[name]):
                    continue
            elif not value:
                continue
            values[name] = value
        for name, value in values.items():
            yield from self._get_openings(spec, {name: value})
            if self.env[model]._fields[name].type != "many2one":
                commands = [Command.link(row) for row in value]
                yield from self._get_openings(spec, {name: commands})
        yield from self._get_openings(spec, values)

    def _get_names(self, model):
        fields = self.env[model]._fields
        return {
            name: field
            for name, field in fields.items()
            if name in get_fields(self.env, model)
        }

    def _may_see(self, user, model, record):
        """Whether a record is no secret to the user, by Odoo's rights alone."""
        record = record.with_user(user)
        return not record or record.has_access("read")

    def _get_openings(self, spec, values):
        """Ways to open a dialog on what is named."""
        defaults = {f"default_{name}": value for name, value in values.items()}
        yield "onchange", [[], values, list(values), spec], {}
        yield "onchange", [[], {}, [], spec], defaults
        yield "default_get", [list(spec)], defaults
        yield "create", [values], {}
        yield "create", [{}], defaults
        yield "web_save", [[], values, spec], {}
        yield "web_save", [[], {}, spec], defaults

    def test_dialogs_are_known(self):
        """Whoever makes a dialog adds it here, with how it is opened."""
        found = {
            name
            for name, model in self.env.items()
            if model._transient and model._original_module == "ato_mixed_sales"
        }
        self.assertEqual(
            found,
            DIALOGS,
            "a new dialog: add it to DIALOGS and open one in `_open_theirs`",
        )
