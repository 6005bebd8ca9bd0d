"""Chromium, which Odoo's browser tests find by its name on the PATH."""

import os
import shutil
import subprocess

from . import apt, unpacked
from .settings import CHROMIUM_TREE
from .ui import DevError, say

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PROGRAM = "usr/lib/chromium/chromium"


def ensure() -> str:
    """See to a browser and return the PATH to find it on."""
    path = os.environ["PATH"]
    if any(map(shutil.which, NAMES)):
        return path
    if not apt.available():
        raise DevError("there is no Chromium on the PATH and no apt to install it with")
    if os.geteuid() == 0:
        _install()
        return path
    package = apt.Package("chromium", apt.release_codename())
    unpacked.ensure(package, CHROMIUM_TREE, programs=[PROGRAM])
    return f"{CHROMIUM_TREE / 'bin'}:{path}"


def _install() -> None:
    """Install for the whole machine; lists that cannot be refreshed may still do."""
    say("Installing Chromium ...")
    _apt_get("update")
    result = _apt_get("install", "--yes", "--no-install-recommends", "chromium")
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DevError(f"Chromium cannot be installed (apt-get: {reason})")


def _apt_get(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["apt-get", "--quiet=2", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
