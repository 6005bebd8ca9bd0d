# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each process remembers of the database, for all who ask.

Odoo's own `ormcache` is cleared when something changes, which is before it is saved:
another thread, which does not see it yet, may fill it again with what was. So whoever
has made the change has answers of its own, and all is forgotten again once it is saved.
"""

from functools import partial

KEY = "ato_mixed_sales_changed"
# To be the first of what an `ormcache` tells its answers by: nothing as a rule, in a
# transaction that has changed something what no other transaction has.
CHANGED_HERE = f"self.env.cr.postcommit.data.get({KEY!r})"


def forget(env, cache="default"):
    """Look anew for what is remembered: what it follows from has changed."""
    cr, clear = env.cr, partial(env.registry.clear_cache, cache)
    clear()
    # as long as the transaction: what its cursor caches goes with a savepoint
    cr.postcommit.data[KEY] = object()
    for ended in (cr.postcommit, cr.postrollback):
        ended.add(clear)
