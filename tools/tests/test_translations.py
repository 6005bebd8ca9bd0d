"""Every text of the template is there in every language."""

import polib
import pytest

from devenv.settings import ADDON, ADDON_DIR

FOLDER = ADDON_DIR / "i18n"
TEXTS = [entry.msgid for entry in polib.pofile(str(FOLDER / f"{ADDON}.pot"))]


@pytest.mark.parametrize("language", ["de", "es", "fr", "nl"])
def test_complete(language):
    translations = polib.pofile(str(FOLDER / f"{language}.po"))
    assert [entry.msgid for entry in translations if entry.translated()] == TEXTS
