"""Every text of the template is there in every language."""

import polib
import pytest

from devenv.settings import ADDON_DIR, SHOP_DIR


@pytest.mark.parametrize("language", ["de", "es", "fr", "nl"])
@pytest.mark.parametrize("addon", [ADDON_DIR, SHOP_DIR], ids=lambda path: path.name)
def test_complete(addon, language):
    folder = addon / "i18n"
    texts = polib.pofile(str(folder / f"{addon.name}.pot"))
    translations = polib.pofile(str(folder / f"{language}.po"))
    translated = [entry.msgid for entry in translations if entry.translated()]
    assert translated == [entry.msgid for entry in texts]
