"""Programs that lie in a folder of the clone: how they are started there."""

import subprocess
from pathlib import Path

import pytest

from devenv import apt, unpacked


@pytest.fixture
def packages(monkeypatch, tmp_path):
    """A program with a library and fonts, in place of what apt would fetch."""

    def unpack(_debs, folder: Path) -> None:
        for name in ("usr/lib/x/libthing.so.1", "usr/share/f", "etc/fonts/fonts.conf"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        program = folder / "usr/bin/thing"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\nenv; printf '<%s>' \"$@\"\n")
        program.chmod(0o755)

    monkeypatch.setattr(unpacked, "_missing_packages", lambda package: [package])
    monkeypatch.setattr(apt, "fetch", lambda packages: packages)
    monkeypatch.setattr(apt, "unpack", unpack)
    return apt.Package("thing", "bookworm")


def test_launcher(packages, tmp_path):
    tree = tmp_path / "a tree"
    unpacked.ensure(packages, tree, ["usr/bin/thing"], {"THING": "a b"})
    output = subprocess.run(
        [tree / "bin" / "thing", "one two"], capture_output=True, text=True, check=True
    ).stdout
    lines = output.splitlines()
    assert f"LD_LIBRARY_PATH={tree}/usr/lib/x" in lines
    assert f"FONTCONFIG_PATH={tree}/etc/fonts" in lines
    assert f"XDG_DATA_HOME={tree}/usr/share" in lines
    assert "THING=a b" in lines
    assert not any(line.startswith("QT_PLUGIN_PATH=") for line in lines)
    assert lines[-1] == "<one two>"


def test_libraries(packages, tmp_path):
    unpacked.ensure(packages, tmp_path / "tree")
    assert unpacked.libraries(tmp_path / "tree") == f"{tmp_path}/tree/usr/lib/x"


def test_suite_of_another_debian(monkeypatch):
    """Everything comes along but the C library; of the own suite, what is missing."""
    asked = []

    class Apt:
        def __init__(self, _source, suites, status):
            asked.append((suites, status))

        def update(self):
            pass

        def run(self, *_arguments, capture):
            return "Inst libc6 (2.36 Debian)\nInst thing [1] (2 Debian)\nConf thing\n"

    monkeypatch.setattr(apt, "PrivateApt", Apt)
    monkeypatch.setattr(apt, "archive", lambda: None)
    monkeypatch.setattr(apt, "release_codename", lambda: "trixie")
    for suite in ("bookworm", "trixie"):
        found = unpacked._missing_packages(apt.Package("thing", suite))
        assert found == [apt.Package("thing", suite)]
    assert asked == [
        (["bookworm"], None),
        (["trixie"], unpacked.SYSTEM_STATUS),
    ]
