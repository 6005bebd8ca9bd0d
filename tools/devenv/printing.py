"""What Odoo prints with: wkhtmltopdf for PDF, the library cairo for barcodes."""

import ctypes
import os
import shutil
from collections.abc import Callable

from . import apt, unpacked
from .settings import CAIRO_TREE, ROOT, WKHTMLTOPDF_TREE
from .ui import DevError

PROGRAM = "wkhtmltopdf"
# The last Debian that has it.
PROGRAM_PACKAGE = apt.Package(PROGRAM, "bookworm")
# Where it has a header and a footer, which Debian's leaves out
PROGRAM_FOLDER = ROOT / "tools" / "print"
LIBRARY = "libcairo.so.2"


def ensure(path: str) -> tuple[dict[str, str], list[str]]:
    """See to all of it, and touch nothing of the system.

    :param path: the PATH that Odoo is going to have
    :return: variables for Odoo's environment, and what is missing, a line for each
    """
    variables, problems = {"PATH": path}, []
    steps: dict[str, Callable[[dict[str, str]], None]] = {
        "Prints come as HTML, not as PDF": _ensure_program,
        "Prints with barcodes fail": _ensure_library,
    }
    for consequence, step in steps.items():
        try:
            step(variables)
        except DevError as problem:
            problems.append(f"{consequence}: {problem}")
    return variables, problems


def _ensure_program(variables: dict[str, str]) -> None:
    if shutil.which(PROGRAM, path=variables["PATH"]):
        return
    _require_apt(PROGRAM)
    unpacked.ensure(
        PROGRAM_PACKAGE,
        WKHTMLTOPDF_TREE,
        programs=[f"usr/bin/{PROGRAM}"],
        # Debian's needs a display unless it is told to go without
        variables={"QT_QPA_PLATFORM": "offscreen"},
    )
    variables["PATH"] = f"{PROGRAM_FOLDER}:{variables['PATH']}"


def _ensure_library(variables: dict[str, str]) -> None:
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        _require_apt(LIBRARY)
        package = apt.Package("libcairo2", apt.release_codename())
        unpacked.ensure(package, CAIRO_TREE)
        known = os.environ.get("LD_LIBRARY_PATH")
        paths = [unpacked.libraries(CAIRO_TREE), *([known] if known else [])]
        variables["LD_LIBRARY_PATH"] = ":".join(paths)


def _require_apt(name: str) -> None:
    if not apt.available():
        raise DevError(f"there is no {name} here, and no apt to fetch it with")
