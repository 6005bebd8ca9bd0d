"""Virtual environments with packages at the exact versions of a lock file."""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

from . import apt, processes
from .settings import LOGS
from .ui import DevError, Progress, locked

# Debian ships Python without pip; this package holds the wheel that `venv` would use.
PIP_PACKAGE = apt.Package("python3-pip-whl", "sid")


@dataclass(frozen=True)
class PythonEnv:
    """The environment in `folder`, for the lock file `requirements`."""

    folder: Path
    requirements: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return next(self.folder.glob("lib/python3*/site-packages"))

    def ensure(self) -> None:
        """Make the environment, unless a complete one for the lock file is there."""
        with locked(self.folder.name):
            if not self._is_complete():
                self._make()

    def pip(self, *arguments: str | Path) -> list[str | Path]:
        options = ("--no-input", "--disable-pip-version-check", "--progress-bar=off")
        return [self.python, "-m", "pip", "install", *options, *arguments]

    @property
    def _stamp(self) -> Path:
        return self.folder / "complete"

    def _fingerprint(self) -> str:
        """Of the lock file and of the place, as an environment cannot be moved."""
        content = f"{self.folder}\0".encode() + self.requirements.read_bytes()
        return hashlib.sha256(content).hexdigest()

    def _is_complete(self) -> bool:
        """Run the interpreter too: a link that an upgrade of the system may break."""
        if not self._stamp.exists() or self._stamp.read_text() != self._fingerprint():
            return False
        try:
            check = [self.python, "-c", "import pip"]
            return subprocess.run(check, capture_output=True).returncode == 0
        except OSError:
            return False

    def _make(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        venv.create(self.folder, symlinks=True)
        self._add_pip()
        self._install_requirements()
        self._stamp.write_text(self._fingerprint())

    def _add_pip(self) -> None:
        command = [self.python, "-m", "ensurepip"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return
        if not apt.available():
            raise DevError(f"{sys.executable} has no pip (module ensurepip); add it")
        with tempfile.TemporaryDirectory() as folder:
            apt.unpack(apt.fetch([PIP_PACKAGE]), Path(folder))
            wheel = next(Path(folder).rglob("pip-*.whl"))
            install = [self.python, wheel / "pip", "install", "--quiet", "--no-index"]
            subprocess.run([*install, wheel], check=True)

    def _install_requirements(self) -> None:
        """Run pip with one line of progress; everything else is for its log.

        A lock file names all that is needed: what it leaves out is left out.
        """
        progress = Progress(f"Installing Python packages in {self.folder.name}")
        LOGS.mkdir(parents=True, exist_ok=True)
        log_path = LOGS / f"pip-{self.folder.name}.log"
        command = self.pip("--no-deps", "--require-hashes", "-r", self.requirements)
        errors = []
        with (
            log_path.open("w") as log,
            processes.started(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ) as pip,
        ):
            for line in pip.stdout or ():
                log.write(line)
                if match := re.match(r"(?:Collecting|Installing) (\S+)", line):
                    progress.update(match[1])
                elif line.startswith("ERROR:"):
                    errors.append(line.removeprefix("ERROR:").strip())
            pip.wait()
        if pip.returncode:
            reason = errors[0] if errors else "no reason given"
            raise DevError(f"pip cannot install ({reason}); see {log_path}")
        progress.done()
