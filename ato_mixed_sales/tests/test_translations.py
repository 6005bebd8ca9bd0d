# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import trans_export

MODULE = "ato_mixed_sales"


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_template_is_complete(self):
        """What users read is in the template that translators work with."""
        buffer = io.BytesIO()
        trans_export(None, [MODULE], buffer, "po", self.env)
        self.assertEqual(
            {entry.msgid for entry in polib.pofile(buffer.getvalue().decode())},
            {
                entry.msgid
                for entry in polib.pofile(file_path(f"{MODULE}/i18n/{MODULE}.pot"))
            },
        )
