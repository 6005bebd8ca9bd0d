"""pytest plugin: a browser test that gets no browser fails. Odoo would skip it."""

import os
import unittest

import pytest

PROBLEM_VARIABLE = "ATO_BROWSER_PROBLEM"


@pytest.fixture(scope="session", autouse=True)
def browser_is_required(load_registry):
    from odoo.tests.common import ChromeBrowser

    start = ChromeBrowser.__init__

    def start_or_fail(self, *args, **kwargs):
        try:
            start(self, *args, **kwargs)
        except unittest.SkipTest as skip:
            reason = os.environ.get(PROBLEM_VARIABLE) or str(skip)
            message = f"no browser for the test: {reason}"
            raise pytest.fail.Exception(message, pytrace=False) from None

    ChromeBrowser.__init__ = start_or_fail
    yield
    ChromeBrowser.__init__ = start
