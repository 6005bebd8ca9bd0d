"""Debian packages through the system's apt, without touching the system.

apt's own download and signature checks do the work, with lists, cache and sources in
folders of ours; which archive to ask is read from the machine's apt configuration.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .settings import CACHE
from .ui import DevError, Progress, locked, say

DEBS = CACHE / "debs"
APT = CACHE / "apt"
DEBIAN_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ROLLING_SUITES = {"oldstable", "stable", "testing", "unstable", "sid"}


@dataclass(frozen=True)
class Package:
    """A package and the suite of Debian it is taken from."""

    name: str
    suite: str


@dataclass(frozen=True)
class Source:
    """An archive as apt's configuration has it; `signed_by` as written, or empty."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""


def available() -> bool:
    return all(map(shutil.which, ("apt-get", "apt-config", "dpkg-deb")))


def parse_one_line(text: str) -> Iterator[Source]:
    """Read the classic format: ``deb [signed-by=KEY] URI SUITE COMPONENT...``."""
    for line in text.splitlines():
        kind, _, rest = line.partition("#")[0].strip().partition(" ")
        if kind != "deb":
            continue
        options = ""
        if rest.lstrip().startswith("["):
            options, _, rest = rest.lstrip()[1:].partition("]")
        uri, suite, *components = rest.split()
        pairs = dict(
            option.split("=", 1) for option in options.split() if "=" in option
        )
        yield Source(
            uri,
            (suite,),
            tuple(components),
            pairs.get("signed-by", "").replace(",", " "),
        )


def parse_deb822(text: str) -> Iterator[Source]:
    """Read the stanzas of a ``.sources`` file; a key in it takes several lines."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in "\n".join(line.rstrip() for line in lines).split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in stanza.splitlines():
            if line[:1].isspace():
                fields[name] += "\n" + line
            else:
                name, _, value = line.partition(":")
                name = name.lower()
                fields[name] = value.strip()
        if (
            "deb" not in fields.get("types", "").split()
            or fields.get("enabled", "yes") == "no"
        ):
            continue
        for uri in fields.get("uris", "").split():
            yield Source(
                uri,
                tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                fields.get("signed-by", ""),
            )


def machine_sources(folder: Path = Path("/etc/apt")) -> Iterator[Source]:
    for path in (
        folder / "sources.list",
        *sorted((folder / "sources.list.d").glob("*")),
    ):
        if path.suffix == ".list" and path.is_file():
            yield from parse_one_line(path.read_text())
        elif path.suffix == ".sources" and path.is_file():
            yield from parse_deb822(path.read_text())


def release_codename() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    return ""


def choose_archive(sources: Iterable[Source], codename: str) -> Source | None:
    """Pick Debian's own archive; other publishers use Debian's suite names too."""

    def likeness(source: Source) -> int:
        return ("debian-archive" in source.signed_by) + ("debian" in source.uri)

    suites = ROLLING_SUITES | {codename}
    candidates = [
        source
        for source in sources
        if "main" in source.components
        and suites.intersection(source.suites)
        and likeness(source)
    ]
    return max(candidates, key=likeness, default=None)


def archive() -> Source:
    """The archive to download from; DEBIAN_MIRROR replaces the machine's."""
    known = choose_archive(machine_sources(), release_codename())
    if mirror := os.environ.get("DEBIAN_MIRROR"):
        default_key = str(DEBIAN_KEYRING) if DEBIAN_KEYRING.exists() else ""
        return Source(mirror, (), (), known.signed_by if known else default_key)
    if known is None:
        raise DevError(
            "this machine's apt names no Debian archive; "
            "set DEBIAN_MIRROR to one, or ODOO_PATH to an Odoo 19"
        )
    return known


class PrivateApt:
    """apt with everything that it reads or writes in a folder of ours."""

    def __init__(
        self, source: Source, suites: Iterable[str], status: Path | None = None
    ) -> None:
        """Without `status` no package counts as installed."""
        self.uri = source.uri
        self.config = APT / "apt.conf"
        for name in ("lists/partial", "state", "cache/archives/partial"):
            (APT / name).mkdir(parents=True, exist_ok=True)
        empty_status = APT / "state" / "status"
        empty_status.touch()
        (APT / "debian.sources").write_text(self._stanza(source, suites))
        self.config.write_text(self._configuration(status or empty_status))

    @staticmethod
    def _stanza(source: Source, suites: Iterable[str]) -> str:
        lines = ["Types: deb", f"URIs: {source.uri}", f"Suites: {' '.join(suites)}"]
        lines.append("Components: main")
        if source.signed_by:
            lines.append(f"Signed-By: {source.signed_by}")
        return "\n".join(lines) + "\n"

    @staticmethod
    def _configuration(status: Path) -> str:
        """Keep of the machine how it reaches the network (proxies and such)."""
        dump = subprocess.run(
            ["apt-config", "dump"], check=True, capture_output=True, text=True
        ).stdout
        network = [
            line
            for line in dump.splitlines()
            if line.startswith("Acquire::")
            and not line.startswith(("Acquire::IndexTargets", "Acquire::Languages"))
        ]
        own = {
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "APT::Sandbox::User": "root",
            "APT::Update::Error-Mode": "any",
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::Etc::sourcelist": f"{APT}/debian.sources",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Cache": f"{APT}/cache",
            "Dir::State": f"{APT}/state",
            "Dir::State::lists": f"{APT}/lists",
            "Dir::State::status": str(status),
            "Debug::NoLocking": "true",
        }
        return (
            "\n".join([*network, *(f'{key} "{value}";' for key, value in own.items())])
            + "\n"
        )

    def run(
        self, *arguments: str, cwd: Path | None = None, capture: bool = False
    ) -> str:
        result = subprocess.run(
            ["apt-get", *arguments],
            cwd=cwd,
            env={**os.environ, "APT_CONFIG": str(self.config), "LC_ALL": "C"},
            stdout=subprocess.PIPE if capture else None,
            stderr=subprocess.PIPE,
            text=True,
        )
        if result.returncode:
            errors = [
                line for line in result.stderr.splitlines() if line.startswith("E:")
            ]
            reason = (errors or ["no reason given"])[0].removeprefix("E:").strip()
            raise DevError(
                f"apt cannot download from {self.uri} ({reason}); "
                "check the network, or set DEBIAN_MIRROR"
            )
        return result.stdout or ""

    def update(self) -> None:
        say("Reading Debian's package lists ...")
        self.run("update")


def cached(package: Package) -> Path | None:
    return max((DEBS / package.suite).glob(f"{package.name}_*.deb"), default=None)


def fetch(packages: Iterable[Package]) -> list[Path]:
    """Return the packages' files; what no clone has downloaded yet is downloaded."""
    wanted = list(packages)
    with locked("download", CACHE):
        missing = [package for package in wanted if not cached(package)]
        if missing:
            suites = sorted({package.suite for package in missing})
            apt = PrivateApt(archive(), suites)
            apt.update()
            for suite in suites:
                _download(
                    apt,
                    suite,
                    [package.name for package in missing if package.suite == suite],
                )
    return [deb for package in wanted if (deb := cached(package))]


def _download(apt: PrivateApt, suite: str, names: list[str]) -> None:
    """Files enter the cache by renaming: an interrupted download leaves nothing."""
    say(f"Downloading {len(names)} package(s) of Debian {suite} ...")
    final = DEBS / suite
    final.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="download-") as folder:
        apt.run("download", *(f"{name}/{suite}" for name in names), cwd=Path(folder))
        for deb in Path(folder).glob("*.deb"):
            deb.replace(final / deb.name)


def unpack(debs: Iterable[Path], folder: Path) -> None:
    progress = Progress("Unpacking")
    for deb in debs:
        progress.update(deb.name)
        result = subprocess.run(
            ["dpkg-deb", "-x", deb, folder], capture_output=True, text=True
        )
        if result.returncode:
            deb.unlink()
            raise DevError(
                f"{deb.name} cannot be unpacked ({result.stderr.strip()}); "
                "it is removed from the cache, run this again"
            )
    progress.done()
