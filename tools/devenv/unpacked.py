"""What a machine lacks of a Debian package, unpacked into the clone: no root needed."""

import re
import shlex
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from . import apt
from .settings import CACHE
from .ui import locked

SYSTEM_STATUS = Path("/var/lib/dpkg/status")
# It belongs to the loader of programs, and goes well with older libraries.
NEVER_UNPACKED = {"libc6"}

# What programs look for in places of the system; in the folder, where it is there.
PLACES = {
    "FONTCONFIG_PATH": "etc/fonts",
    "QT_PLUGIN_PATH": "usr/lib/*/qt5/plugins",
    "XDG_DATA_HOME": "usr/share",
}

LAUNCHER = """\
#!/bin/sh
export {variables}
exec {program} "$@"
"""


def ensure(
    package: apt.Package,
    tree: Path,
    programs: Iterable[str] = (),
    variables: Mapping[str, str] | None = None,
) -> None:
    """Have `package` in the folder `tree`, and in its bin what starts `programs`.

    :param programs: paths in the package
    :param variables: what the programs need in their environment
    :raises DevError: when the packages cannot be had
    """
    with locked(tree.name):
        if tree.exists():
            return
        folder = tree.with_suffix(".new")
        shutil.rmtree(folder, ignore_errors=True)
        apt.unpack(apt.fetch(_missing_packages(package)), folder)
        for program in programs:
            _write_launcher(folder, tree, program, variables or {})
        folder.rename(tree)


def libraries(folder: Path, tree: Path | None = None) -> str:
    """The search path of the libraries in `folder`, which is to become `tree`."""
    files = (path.relative_to(folder) for path in folder.rglob("lib*.so*"))
    return ":".join(sorted({str((tree or folder) / file.parent) for file in files}))


def _missing_packages(package: apt.Package) -> list[apt.Package]:
    """Let apt work out what it would have to install on this machine.

    Of another suite than the machine's everything comes along.
    """
    native = package.suite == apt.release_codename()
    status = SYSTEM_STATUS if native else None
    options = ("--simulate", "--no-install-recommends")
    with locked("download", CACHE):
        private = apt.PrivateApt(apt.archive(), [package.suite], status=status)
        private.update()
        plan = private.run("install", *options, package.name, capture=True)
    names = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
    return [
        apt.Package(name, package.suite) for name in names if name not in NEVER_UNPACKED
    ]


def _write_launcher(
    folder: Path, tree: Path, program: str, variables: Mapping[str, str]
) -> None:
    """Libraries, plugins and fonts lie beside a program that is not installed."""
    settings = {"LD_LIBRARY_PATH": libraries(folder, tree), **variables}
    for name, pattern in PLACES.items():
        if found := next(folder.glob(pattern), None):
            settings[name] = str(tree / found.relative_to(folder))
    exports = (f"{name}={shlex.quote(value)}" for name, value in settings.items())
    launcher = folder / "bin" / Path(program).name
    launcher.parent.mkdir(exist_ok=True)
    launcher.write_text(
        LAUNCHER.format(
            variables=" ".join(exports), program=shlex.quote(str(tree / program))
        )
    )
    launcher.chmod(0o755)
