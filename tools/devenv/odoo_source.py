"""Where Odoo 19 is: the user's own (ODOO_PATH), or Debian's package unpacked here."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .settings import ODOO_TREE
from .ui import DevError, locked

ODOO_PACKAGE = apt.Package("odoo-19", "sid")

# Debian's Odoo links to files of these. Only Font Awesome 4.7, of the older suite, has
# the names that are linked.
LINKED_PACKAGES = (
    apt.Package("libjs-jquery", "sid"),
    apt.Package("libjs-jquery-form", "sid"),
    apt.Package("libjs-underscore", "sid"),
    apt.Package("fonts-inconsolata", "sid"),
    apt.Package("fonts-montserrat", "sid"),
    apt.Package("fonts-roboto-unhinted", "sid"),
    apt.Package("fonts-font-awesome", "bookworm"),
)

# Files that Debian leaves out for their licence although the web client loads them.
STRIPPED_FILES = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)


@dataclass(frozen=True)
class OdooSource:
    """The folder that holds the package `odoo`, and what tells it from others."""

    path: Path
    identity: str


def locate() -> OdooSource:
    """The Odoo to use, made available first if need be."""
    if given := os.environ.get("ODOO_PATH"):
        source = _given(Path(given).expanduser().resolve())
    else:
        source = _unpacked()
    return source


def _given(path: Path) -> OdooSource:
    for folder in (path, path.parent):
        if (folder / "odoo" / "release.py").is_file():
            return OdooSource(folder, f"{_require_19(folder)} {folder}")
    raise DevError(
        f"no Odoo in ODOO_PATH={path}: "
        "name a checkout, or the folder of an installation that holds the package odoo"
    )


def _require_19(folder: Path) -> str:
    text = (folder / "odoo" / "release.py").read_text()
    match = re.search(r"^version_info = \(([^,]+), *([^,]+)", text, re.MULTILINE)
    version = ".".join(match.groups()) if match else "unknown"
    if version != "19.0":
        raise DevError(f"Odoo 19.0 is needed and {folder} holds version {version}")
    return version


def _unpacked() -> OdooSource:
    stamp = ODOO_TREE / "package"
    with locked("odoo"):
        if not stamp.exists():
            _unpack()
    folder = ODOO_TREE / "usr/lib/python3/dist-packages"
    _require_19(folder)
    return OdooSource(folder, stamp.read_text())


def _unpack() -> None:
    """Unpack beside the final place and rename: what is there is always complete."""
    if not apt.available():
        raise DevError(
            "there is no apt here to fetch Odoo with; set ODOO_PATH to an Odoo 19"
        )
    debs = apt.fetch((ODOO_PACKAGE, *LINKED_PACKAGES))
    folder = ODOO_TREE.with_suffix(".new")
    shutil.rmtree(folder, ignore_errors=True)
    apt.unpack(debs, folder)
    for name in STRIPPED_FILES:
        path = folder / "usr/lib/python3/dist-packages/odoo/addons" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            "// Left out of Debian's package; the add-on does not need it.\n"
        )
    (folder / "package").write_text(debs[0].name)
    shutil.rmtree(ODOO_TREE, ignore_errors=True)
    folder.rename(ODOO_TREE)
