"""pytest plugin: processes that test side by side have files of their own.

pytest-odoo gives each a copy of the database, and all of them one folder of files; but
Odoo's test classes remove, at their end, the files that their database does not know.
"""

import os
import shutil

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_files(load_registry):
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    from odoo.tools import config

    # what pytest-odoo has put in the place of Odoo's method
    shared = config.filestore.return_value
    own = f"{shared}-{worker}"
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(shared, own)
    config.filestore.return_value = own
    yield
    shutil.rmtree(own, ignore_errors=True)
