"""The add-on does not depend on the order in which its files are imported."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from devenv.bootstrap import ENV
from devenv.settings import ADDON, ADDON_DIRS, ROOT, TEST_DB

IMPORTS = re.compile(r"^from \. import \w+\n", re.MULTILINE)
# stories in which many files have a part, those of chosen bins among them
STORIES = "TestSeedFlows or TestBinsAtWork or TestAnswers or TestCancellation"


def reverse_imports(package: Path) -> None:
    """Have each package under `package` import its files in the opposite order."""
    for path in package.rglob("__init__.py"):
        lines = IMPORTS.findall(path.read_text())
        if lines:
            first, *_ = IMPORTS.split(path.read_text())
            path.write_text(first + "".join(reversed(lines)))


def test_stories_with_imports_reversed(tmp_path):
    for folder in ADDON_DIRS:
        shutil.copytree(folder, tmp_path / folder.name)
    reverse_imports(tmp_path / ADDON / "models")
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    config = Path(os.environ["ODOO_RC"]).read_text()
    reversed_config = tmp_path / "odoo.conf"
    reversed_config.touch(mode=0o600)  # it may hold a password
    reversed_config.write_text(config.replace(str(ROOT), str(tmp_path), 1))
    # the database itself: the processes of pytest-xdist have copies of it
    environment = {**os.environ, "ODOO_RC": str(reversed_config)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    result = subprocess.run(
        [
            *(ENV.python, "-m", "pytest", f"--odoo-database={TEST_DB}", "-q"),
            *("-p", "no:cacheprovider", "-k", STORIES),
            str(tmp_path / ADDON / "tests"),
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", result.stdout)[1]) > 30
