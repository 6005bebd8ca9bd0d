"""Chromium, which Odoo's browser tests find by its name on the PATH."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import apt
from .settings import CHROMIUM_TREE
from .ui import DevError, locked, say

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
SYSTEM_STATUS = Path("/var/lib/dpkg/status")

# Of a Chromium that is not installed: its libraries and fonts lie beside it.
LAUNCHER = """\
#!/bin/sh
export LD_LIBRARY_PATH={libraries}
export FONTCONFIG_PATH={tree}/etc/fonts XDG_DATA_HOME={tree}/usr/share
exec {tree}/usr/lib/chromium/chromium "$@"
"""


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
    with locked("chromium"):
        if not CHROMIUM_TREE.exists():
            _unpack()
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


def _unpack() -> None:
    """Put Chromium, and what this machine lacks for it, into the clone: no root."""
    folder = CHROMIUM_TREE.with_suffix(".new")
    shutil.rmtree(folder, ignore_errors=True)
    apt.unpack(apt.fetch(_missing_packages()), folder)
    _write_launcher(folder)
    folder.rename(CHROMIUM_TREE)


def _missing_packages() -> list[apt.Package]:
    """Let apt work out what it would have to install on this machine."""
    suite = apt.release_codename()
    private = apt.PrivateApt(apt.archive(), [suite], status=SYSTEM_STATUS)
    private.update()
    options = ("--simulate", "--no-install-recommends")
    plan = private.run("install", *options, "chromium", capture=True)
    names = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
    return [apt.Package(name, suite) for name in names]


def _write_launcher(folder: Path) -> None:
    files = (path.relative_to(folder) for path in folder.rglob("lib*.so*"))
    libraries = sorted({str(CHROMIUM_TREE / file.parent) for file in files})
    launcher = folder / "bin" / "chromium"
    launcher.parent.mkdir(exist_ok=True)
    launcher.write_text(
        LAUNCHER.format(tree=CHROMIUM_TREE, libraries=":".join(libraries))
    )
    launcher.chmod(0o755)
