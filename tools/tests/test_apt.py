"""Reading the machine's apt configuration, in both of its formats."""

from devenv.apt import Source, choose_archive, parse_deb822, parse_one_line

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def test_one_line_format():
    text = f"""
    # deb file:/commented/debian bookworm main
    deb-src file:/mirror/debian bookworm main
    deb [arch=amd64 signed-by={KEYRING}] file:/mirror/debian bookworm main contrib # x
    deb file:/mirror/debian-security bookworm-security main
    """
    assert list(parse_one_line(text)) == [
        Source("file:/mirror/debian", ("bookworm",), ("main", "contrib"), KEYRING),
        Source("file:/mirror/debian-security", ("bookworm-security",), ("main",)),
    ]


def test_deb822_format():
    text = f"""\
Types: deb deb-src
# a comment
URIs: file:/one/debian file:/two/debian
Suites: trixie trixie-updates
Components: main
Signed-By: {KEYRING}

Types: deb
URIs: file:/off/debian
Suites: trixie
Components: main
Enabled: no
"""
    assert list(parse_deb822(text)) == [
        Source(f"file:/{name}/debian", ("trixie", "trixie-updates"), ("main",), KEYRING)
        for name in ("one", "two")
    ]


def test_deb822_key_in_line():
    key = "\n -----BEGIN-----\n .\n abc"
    (source,) = parse_deb822(f"Types: deb\nURIs: u\nSuites: s\nSigned-By:{key}\n")
    assert source.signed_by == key


def test_debian_is_told_from_other_publishers():
    security = Source("file:/mirror/debian-security", ("trixie-security",), ("main",))
    other = Source("file:/tool/debian", ("trixie",), ("main",), "/etc/apt/tool.gpg")
    debian = Source("file:/mirror/debian", ("trixie",), ("main",), KEYRING)
    assert choose_archive([security, other, debian], "trixie") == debian
    assert choose_archive([security], "trixie") is None
