"""The generated files are those of the fragments."""

from devenv import readme


def test_generated_files_are_current():
    old = [
        path.name
        for path, text in readme.generate()
        if not path.exists() or path.read_text() != text
    ]
    assert not old, "run tools/readme"
