# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What clients send: refused in a sentence where it is no quantity, or no record."""

import math

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import formatLang

# no stock is larger, and floats still count hundredths of it
LARGEST = 1e12
# a hundred years: no calendar counts more
MOST_DAYS = 36500


class Quantity(fields.Float):
    """A quantity that somebody may enter, or search for.

    Checked where values come in, whatever brings them: forms, RPC, imports, defaults.
    """

    def convert_to_cache(self, value, record, validate=True):
        check_quantity(self, value, record.env)
        return super().convert_to_cache(value, record, validate)

    def convert_to_column(self, value, record, values=None, validate=True):
        check_quantity(self, value, record.env)
        return super().convert_to_column(value, record, values, validate)


def check_quantity(field, value, env):
    """Refuse what cannot be counted; nothing at all is 0.

    :raises UserError: naming the field and the value
    """
    if not value:
        return
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < LARGEST:
        return
    raise UserError(
        env._(
            "%(field)s: %(value)s is no quantity. Enter a number smaller than "
            "%(limit)s.",
            field=field._description_string(env),
            value=str(value),
            limit=formatLang(env, LARGEST, digits=0),
        )
    )


def check_records(records):
    """Refuse to act on nothing, or on one record twice.

    :raises UserError: saying what is to be chosen
    """
    if records and len(records) == len(set(records._ids)):
        return
    env = records.env
    raise UserError(
        env._(
            "%(records)s: choose at least one, and none of them twice, instead of "
            "%(chosen)s.",
            records=env["ir.model"]._get(records._name).name,
            chosen=list(records.ids),
        )
    )


def check_one(records):
    """Refuse to act on anything but one record, as `ensure_one` in a sentence.

    :raises UserError: saying what is to be chosen
    """
    if len(records) == 1:
        return
    env = records.env
    raise UserError(
        env._(
            "%(records)s: choose one, instead of %(chosen)s.",
            records=env["ir.model"]._get(records._name).name,
            chosen=list(records.ids),
        )
    )
