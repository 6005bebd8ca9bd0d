"""The program that prints: with header and footer, and several documents at once."""

import os
import shutil
import subprocess

import pytest
from pypdf import PdfReader

from devenv import printing

PART = """\
<html><body onload="document.body.textContent += document.location.search">
%s</body></html>
"""
OPTIONS = """
--disable-local-file-access --quiet --page-size A4 --margin-top 52 --dpi 90
--zoom 1.0666 --header-spacing 52 --margin-left 0 --margin-bottom 32
--margin-right 0 --javascript-delay 100
""".split()


@pytest.fixture(scope="module")
def program():
    variables, problems = printing.ensure(os.environ["PATH"])
    found = shutil.which("wkhtmltopdf", path=variables["PATH"])
    if not found or os.path.dirname(found) != str(printing.PROGRAM_FOLDER):
        pytest.skip(f"another program prints here: {found} {problems}")
    return found


def print_letters(program, folder, *bodies, parts=("header", "footer")):
    """The pages of a letter for each of the `bodies`."""
    options = []
    for part in parts:
        path = folder / f"report.{part}.tmp.html"
        path.write_text(PART % part.upper())
        options += [f"--{part}-html", path]
    documents = []
    for number, body in enumerate(bodies):
        document = folder / f"report.body.tmp.{number}.x.html"
        document.write_text(f"<html><body>{body}</body></html>")
        documents.append(document)
    output = folder / "report.pdf"
    command = [program, *OPTIONS, *options, *documents, output]
    subprocess.run(command, check=True, capture_output=True)
    return PdfReader(output).pages


def test_header_and_footer(program, tmp_path):
    """Each page has them, and they know which page of which document it is."""
    long = "<p style='page-break-after: always'>first</p><p>second</p>"
    pages = print_letters(program, tmp_path, "one", long)
    texts = [page.extract_text() for page in pages]
    assert len(texts) == 3
    stories = (("one", 0, 1, 1), ("first", 1, 1, 2), ("second", 1, 2, 2))
    for text, (body, document, page, of) in zip(texts, stories, strict=True):
        assert body in text
        assert "HEADER" in text and "FOOTER" in text
        assert text.count(f"sitepage={page}&sitepages={of}&") == 2
        assert text.count(f"report.body.tmp.{document}.x.html") == 2


def test_places(program, tmp_path):
    """The header stands above the text, the footer below it."""
    (page,) = print_letters(program, tmp_path, "BODY")
    heights = {}

    def note(text, matrix, text_matrix, _font, _size):
        for name in ("HEADER", "BODY", "FOOTER"):
            if name in text:
                heights[name] = text_matrix[5] * matrix[3] + matrix[5]

    page.extract_text(visitor_text=note)
    assert heights["HEADER"] > heights["BODY"] > heights["FOOTER"]


def test_failure_is_told(program, tmp_path):
    command = [program, "--no-such-option", tmp_path / "a.html", tmp_path / "a.pdf"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode
    assert "no-such-option" in result.stderr
