"""pytest plugin: the stories of all tests are checked by `check_invariants`.

    make test ARGS="-p devenv.pytest_invariants -k 'TestPlanner or TestShapes'"

At the end of each test, and wherever a story checks its lines, before anything is
rolled back; a test after which something is broken fails. For who changes a rule.
"""

import pytest


@pytest.fixture(scope="session", autouse=True)
def nothing_is_broken(load_registry):
    from odoo.addons.ato_mixed_sales.tests.common import AssembleToOrderCommon

    check_lines = AssembleToOrderCommon._check_lines
    end = AssembleToOrderCommon.tearDown

    def check(self, lines):
        check_lines(self, lines)
        self.assertNothingBroken()

    def check_and_end(self):
        self.assertNothingBroken()
        end(self)

    AssembleToOrderCommon._check_lines = check
    AssembleToOrderCommon.tearDown = check_and_end
    yield
    AssembleToOrderCommon._check_lines = check_lines
    AssembleToOrderCommon.tearDown = end
