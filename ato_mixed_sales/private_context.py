# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What our methods tell each other by context, which clients can send as well.

A client sends JSON: text, numbers, lists and mappings, never an object of ours. So
what is told here counts as told by us, also where the records are elevated later.
"""

from dataclasses import dataclass
from typing import Any

from odoo.tools import clean_context


@dataclass(frozen=True)
class _Told:
    value: Any  # can be hashed, as contexts are compared


def tell(records, **values):
    """`records` with `values` in their context, for `get_told` only."""
    told = {name: _Told(value) for name, value in values.items()}
    return records.with_context(**told)


def get_told(records, name):
    """What `tell` was told by that name, None when a client says so, or nobody."""
    told = records.env.context.get(name)
    return told.value if isinstance(told, _Told) else None


def get_ignored_orders(env):
    """Ids in Odoo's own key for orders whose finished moves it leaves alone.

    None of them where a client sent something else.
    """
    ids = env.context.get("ignore_mo_ids")
    return ids if isinstance(ids, list) and {type(i) for i in ids} <= {int} else []


def sanitized(records):
    """`records` without what a client wants as default: a command, maybe.

    Odoo leaves that out itself where `sudo()` elevates, not where `with_user` does.
    """
    context = clean_context(records.env.context)
    if "ignore_mo_ids" in context:
        context["ignore_mo_ids"] = get_ignored_orders(records.env)
    # to leave keys out is what it is for
    return records.with_context(context)  # pylint: disable=context-overridden
