# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures of lines in memory: many at once, worked out together, read several times."""

import json
from collections import defaultdict

from odoo import fields
from odoo.tools import json_default


class Figures(fields.Json):
    """What a line says of itself, never stored: each who reads it has its own copy.

    Odoo keeps the value itself, and copies it piece by piece for whoever reads it. As
    text it is copied at a fraction of that.
    """

    def convert_to_cache(self, value, record, validate=True):
        if not value:
            return None
        return json.dumps(value, ensure_ascii=False, default=json_default)

    def convert_to_record(self, value, record):
        return False if value is None else json.loads(value)


def set_values(records, name, values):
    """Give each of the records its value of field `name`, those with the same at once.

    :param values: of the records, in their order
    """
    alike = defaultdict(list)
    for record_id, value in zip(records._ids, values, strict=True):
        alike[value].append(record_id)
    for value, ids in alike.items():
        records.browse(ids).with_prefetch(records._prefetch_ids)[name] = value
