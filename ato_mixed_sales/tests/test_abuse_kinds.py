# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo.tests import tagged

from .kinds import KindsCommon, get_x2many_fields


@tagged("post_install", "-at_install")
class TestAbuseKinds(KindsCommon):
    """Nested commands through every x2many field of every model that we extend."""

    def test_nested_commands(self):
        """By records that a user may change, of what nobody lets them change."""
        for user, owned in self._get_owned().items():
            forbidden = self._get_forbidden(user)
            before, found = self._look(forbidden), []
            for model, records in owned.items():
                for field, command, record in self._get_cases(records, forbidden):
                    harm, _refusal = self._get_harm(
                        forbidden,
                        before,
                        partial(
                            self._rpc,
                            user,
                            model,
                            "write",
                            record.ids,
                            {field.name: [command]},
                        ),
                    )
                    if harm:
                        found.append((str(field), command, harm))
            with self.subTest(user=user.login):
                self.assertFalse(found, "\n".join(map(str, found)))

    def _get_cases(self, records, forbidden):
        for record in records:
            for field in get_x2many_fields(self.env, record._name):
                rows = record.sudo()[field.name]
                for command in self._get_commands(field, rows, forbidden):
                    yield field, command, record
