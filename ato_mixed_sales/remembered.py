# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each process remembers of the database, for all who ask.

Odoo's own `ormcache` is cleared when something changes, which is before it is saved:
another thread, which does not see it yet, may fill it again with what was. So whoever
has made the change asks the database, and all is forgotten again when it is saved.
"""

import functools

from odoo import tools

KEY = "ato_mixed_sales_forgotten"


def remembered(*key, cache="default"):
    """As Odoo's `ormcache`, for a method of a model that only reads."""

    def decorate(method):
        remembering = tools.ormcache(*key, cache=cache)(method)

        @functools.wraps(method)
        def ask(self, *args):
            has_changed = method.__name__ in self.env.cr.cache.get(KEY, ())
            return (method if has_changed else remembering)(self, *args)

        ask.cache = cache
        return ask

    return decorate


def forget(model, name):
    """Look anew for what is remembered: what it follows from has changed.

    :param name: of a method of `model` that is `remembered`
    """
    cr, registry = model.env.cr, model.env.registry
    clear = functools.partial(registry.clear_cache, getattr(model, name).cache)
    clear()
    cr.cache.setdefault(KEY, set()).add(name)
    for ended in (cr.postcommit, cr.postrollback):
        ended.add(functools.partial(cr.cache.pop, KEY, None))
        ended.add(clear)
