"""Keep a database's installation of the add-on in step with the add-on's files."""

from collections.abc import Callable, Sequence

from .odoo import Odoo, addon_fingerprint
from .settings import ADDON, TEST_MODULES, dependencies


def base_mark(odoo: Odoo, modules: Sequence[str] = TEST_MODULES) -> str:
    """Return what is below the add-on: a change of it asks for a new installation."""
    return " ".join([odoo.identity, *dependencies(), *modules])


def ensure(
    odoo: Odoo,
    database: str,
    build: Callable[[], None],
    modules: Sequence[str] = TEST_MODULES,
) -> None:
    """Leave a current `database` as it is; else update the add-on in it or build it."""
    base = base_mark(odoo, modules)
    wanted = f"{base} {addon_fingerprint()}"
    mark = odoo.databases.mark(database)
    if mark == wanted:
        return
    if mark and mark.rpartition(" ")[0] == base:
        odoo.update(database, ADDON)
    else:
        build()
    odoo.databases.set_mark(database, wanted)
