# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the matrix of abuse tries, by kind: found in the registry and the source."""

import json
import re
from collections import defaultdict
from pathlib import Path

from psycopg2 import Error as DatabaseError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .test_abuse import ADDON, AbuseCommon

MARK = "forged by a client"
SECRETS = ("Secret Customer", "Secret Cabinet")
# where somebody else's figures and names are, and what belongs to the company
REACHED = (
    "sale.order",
    "sale.order.line",
    "stock.move",
    "stock.quant",
    "mrp.production",
    "account.tax",
    "res.company",
    "mail.message",
)
DEPTH = 3
# of every model
MAGIC = {*MAGIC_COLUMNS, "display_name"}
# what Odoo itself says to commands that it does not understand
REFUSED = (UserError, ValueError, TypeError, KeyError, DatabaseError)
READING = re.compile(r"""(?:get_told\([\w.]+, |context\.get\(\s*f?)"(\w+)""")
TELLING = re.compile(r"\b(?:tell|with_context)\(")


def get_models(env):
    """Names of the models that the add-on makes or extends."""
    return sorted(
        name
        for name, model in env.items()
        if any(cls.__module__.startswith(ADDON) for cls in type(model).mro())
    )


def get_fields(env, name):
    """Names of the fields of a model that the add-on has defined."""
    return {
        field.name
        for field in env[name]._fields.values()
        if field._module == "ato_mixed_sales" and field.name not in MAGIC
    }


def get_x2many_fields(env, name):
    fields = env[name]._fields.values()
    return [field for field in fields if field.type in ("one2many", "many2many")]


def get_context_keys():
    """Names of the context keys that our code reads, or tells others by."""
    keys = set()
    for path in Path(__file__).parents[1].rglob("*.py"):
        if "tests" in path.parts:
            continue
        text = path.read_text()
        keys.update(READING.findall(text))
        for match in TELLING.finditer(text):
            keys.update(re.findall(r"\b(\w+)=", _get_arguments(text, match.end())))
    return keys


def _get_arguments(text, start):
    """What is between a bracket that has been opened before `start`, and its end."""
    depth = 1
    for end in range(start, len(text)):
        depth += (text[end] == "(") - (text[end] == ")")
        if not depth:
            return text[start:end]
    return text[start:]


class KindsCommon(AbuseCommon):
    """A seller limited to own documents, and a colleague with secrets.

    What is forbidden is found by asking Odoo for the user's own rights on the very
    rows; whether it happened is read from the tables.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = new_test_user(cls.env, "ato_stranger", "base.group_user")
        cls.secret = cls.env["res.partner"].create({"name": "Secret Customer"})
        cls.cabinet = cls._create_product("Secret Cabinet", components={cls.leg: 1})
        # Odoo does so whenever something is told on an order of theirs
        cls.secret.signup_prepare()
        cls._set_stock(cls.cabinet, 5)
        theirs = {"user_id": cls.colleague.id, "partner_id": cls.secret.id}
        cls.foreign = cls._create_order((cls.cabinet, 3, 2), **theirs)
        cls.foreign |= cls._create_order((cls.cabinet, 3, 2), **theirs)
        cls.foreign[1].action_confirm()
        own = {"user_id": cls.seller.id, "partner_id": cls.portal.partner_id.id}
        cls.second = cls._create_order((cls.desk, 4, 1), **own)
        cls.second.action_confirm()
        cls.message = cls.foreign[0].message_post(body="Our best price")
        cls.secrets = (*SECRETS, *cls.foreign.mapped("name"))
        cls.canaries = cls._get_canaries()
        cls.paths = {}
        cls.env.flush_all()

    @classmethod
    def _get_canaries(cls):
        """Rows that are not to change: {model: records}"""
        orders, lines = cls.foreign, cls.foreign.order_line
        productions, pickings = lines.assembly_order_ids, orders.picking_ids
        moves = pickings.move_ids | productions.move_raw_ids
        quants = cls.cabinet.stock_quant_ids
        records = [
            *(orders, lines, productions, pickings, cls.company),
            moves | productions.move_finished_ids,
            (moves.reference_ids | productions.reference_ids),
            quants.filtered(lambda quant: quant.location_id == cls.stock),
            cls.env["account.tax"].create({"name": "Tax of the company"}),
            cls.message,
            cls.secret,
            cls.env["stock.lot"].create(
                {"name": "LOT-SECRET", "product_id": cls.cabinet.id}
            ),
            cls.cabinet.bom_ids,
            cls.cabinet,
            cls.cabinet.product_tmpl_id,
        ]
        found = {rows._name: rows for rows in records if rows}
        for name in get_models(cls.env):
            for field in get_x2many_fields(cls.env, name):
                model = cls.env[field.comodel_name]
                if model._name in found or model._transient or model._table_query:
                    continue
                if rows := model.search([], limit=1, order="id"):
                    found[model._name] = rows
        return found

    def _get_canary(self, model):
        """A row of the model that a command may be aimed at, if there is one."""
        return self.canaries.get(model, self.env[model])[:1]

    def _get_forbidden(self, user):
        """Canaries which the user has no right to write: {model: ids}"""
        found = {}
        for model, records in self.canaries.items():
            allowed = records.with_user(user)._filtered_access("write")
            if ids := sorted(set(records.ids) - set(allowed.ids)):
                found[model] = ids
        return found

    def _look(self, forbidden):
        """What was written: {(model, id): {column: value}}, as the tables say."""
        self.env.flush_all()
        queries = [
            SQL(
                "SELECT %s AS place, t.id, to_jsonb(t) FROM %s t WHERE %s",
                model,
                SQL.identifier(self.env[model]._table),
                condition,
            )
            for model, condition in [
                *((m, SQL("id = ANY(%s)", ids)) for m, ids in forbidden.items()),
                *(self._get_remarks() if "sale.order" in forbidden else ()),
            ]
        ]
        self.env.cr.execute(SQL(" UNION ALL ").join(queries))
        return {
            (model, row): {c: v for c, v in values.items() if self._is_kept(model, c)}
            for model, row, values in self.env.cr.fetchall()
        }

    def _get_remarks(self):
        """Where somebody may have said something of a colleague's orders."""
        ids = self.foreign.ids
        yield (
            "mail.message",
            SQL(
                "model = 'sale.order' AND res_id = ANY(%s) AND id > %s",
                ids,
                self.message.id,
            ),
        )
        for model in ("mail.activity", "mail.followers"):
            yield model, SQL("res_model = 'sale.order' AND res_id = ANY(%s)", ids)

    def _is_kept(self, model, column):
        """Whether a column says what somebody has written, not what follows from it."""
        field = self.env[model]._fields.get(column)
        computed = field and field.compute and field.readonly
        return not computed and column not in ("write_date", "write_uid")

    def _try(self, forbidden, action, refused=REFUSED):
        """Do something that is undone again: (what the tables say then, refusal)"""
        seen, refusal = None, ""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
                action()
                seen = self._look(forbidden)
                savepoint.rollback()
        except refused as error:
            refusal = str(error)
        self.env.invalidate_all()
        return seen, refusal

    def _rpc(self, user, model, method, *args, context=None):
        records = self.env[model].with_user(user)
        # Odoo adds to the values that it is given
        args, context = json.loads(json.dumps([args, context or {}]))
        # a request is its user's: Odoo asks whose it is where commands are elevated
        transaction = self.env.transaction
        superuser, transaction.default_env = transaction.default_env, records.env
        try:
            result = call_kw(records, method, args, {"context": context})
            self.env.flush_all()
            return result
        finally:
            transaction.default_env = superuser

    def _get_harm(self, forbidden, before, action):
        """What an action has done to what is forbidden, or told of it: (harm, refusal)

        An action that is refused has changed nothing: it is undone.
        """
        seen, refusal = self._try(forbidden, action)
        harm = [secret for secret in self.secrets if secret in refusal]
        if seen is not None and seen != before:
            harm.append(self._get_difference(before, seen))
        return harm, refusal

    def _get_difference(self, before, after):
        """{(model, id): {column: (before, after)}}"""
        rows = {
            key: (before.get(key, {}), after.get(key, {})) for key in before | after
        }
        return {
            key: {
                c: (old.get(c), new.get(c))
                for c in old | new
                if old.get(c) != new.get(c)
            }
            for key, (old, new) in rows.items()
            if old != new
        }

    # Commands

    def _mark(self, model):
        """Plain values of a model that show who has written them."""
        fields = self.env[model]._fields
        texts = [
            name
            for name, field in fields.items()
            if field.type in ("char", "text", "html")
            and field.store
            and not field.related
            and not field.compute
            and name != "parent_path"
        ]
        for name in ("price_unit", "product_uom_qty", "quantity"):
            if name in fields and fields[name].store:
                return {name: 0.01}
        for name in ("body", "name", *texts):
            if name in texts:
                return {name: MARK}
        return {}

    def _get_nested(self, model, forbidden):
        """Values of a model that reach what is forbidden: [values]"""
        if model not in self.paths:
            self.paths[model] = dict(self._find_nested(model))
        return [
            values for name, values in self.paths[model].items() if name in forbidden
        ]

    def _find_nested(self, model):
        """By the shortest way to each of the models: (name, values)"""
        ways, seen = {model: []}, {model}
        for _step in range(DEPTH):
            further = {}
            for name, way in ways.items():
                for field in get_x2many_fields(self.env, name):
                    if not field.store and not field.inverse:
                        continue  # what is only computed carries no command
                    if field.comodel_name not in seen:
                        seen.add(field.comodel_name)
                        further[field.comodel_name] = [*way, field]
            for name in REACHED:
                if name in further:
                    yield name, self._get_values(further[name])
            ways = further

    def _get_values(self, way):
        """Commands along a way of fields, the last of which writes a mark."""
        values = self._mark(way[-1].comodel_name)
        for field in reversed(way):
            row = self._get_canary(field.comodel_name)
            command = Command.create(values)
            if row:
                command = Command.update(row.id, values)
            values = {field.name: [command]}
        return values

    def _get_commands(self, field, own, forbidden):
        """What a client may want of an x2many field: [command]

        :param own: records that are in the field already
        """
        model = field.comodel_name
        mark, row = self._mark(model), self._get_canary(model)
        yield Command.create(mark)
        if row:
            yield Command.update(row.id, mark)
            yield Command.link(row.id)
            yield Command.set(row.ids)
            yield Command.delete(row.id)
        for values in self._get_nested(model, forbidden):
            yield Command.create(values)
            for record in own[:1] or row:
                yield Command.update(record.id, values)

    def _get_owned(self):
        """Records by which users try: {user: {model: records}}"""
        targets = self._targets()
        orders = self.quotation | self.order
        productions, pickings = orders.order_line.assembly_order_ids, orders.picking_ids
        selling = {
            "sale.order": orders,
            "sale.order.line": orders.order_line,
            "mrp.production": productions,
        }
        moves = {
            "stock.picking": pickings,
            "stock.move": pickings.move_ids[:1] | productions.move_raw_ids[:1],
            "stock.move.line": pickings.move_line_ids[:1],
        }
        owned = defaultdict(dict)
        owned[self.seller] = {**selling, **moves}
        for name in ("sale.line.reservation", "sale.line.reservation.line"):
            owned[self.seller][name] = targets[name][:1]
        shipment = targets["assembly.shipment"]
        owned[self.packer] = {
            **moves,
            "assembly.shipment": shipment,
            "assembly.shipment.line": shipment.line_ids,
            "assembly.undo": targets["assembly.undo"],
            "assembly.undo.line": targets["assembly.undo"].line_ids,
        }
        owned[self.planner] = {**moves, "mrp.production": productions}
        return owned
