"""How long a table was locked for those who write in it."""

import contextlib
import time
from collections.abc import Iterable, Iterator

from .again import looking
from .postgres import Server

# What waits for those who read is an access exclusive lock; the others let them read.
LOCKS = """
    SELECT pg_locks.pid, relation::regclass::text, mode FROM pg_locks
      JOIN pg_class ON pg_class.oid = relation
     WHERE granted AND relkind = 'r' AND relation >= 16384
       AND database = (SELECT oid FROM pg_database WHERE datname = %s)
       AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                    'AccessExclusiveLock')
"""
PAUSE = 0.05


class Watch:
    """Looks at the locks in a database from time to time, in a thread of its own."""

    def __init__(self, server: Server, database: str) -> None:
        self.longest: dict[tuple[str, str], float] = {}
        """Seconds that a table was locked for writing at once: {(table, mode): s}"""
        self._server, self._database = server, database
        self._since: dict[tuple[int, str, str], float] = {}

    def _look(self, held: Iterable[tuple[int, str, str]]) -> None:
        now = time.monotonic()
        self._since = {lock: self._since.get(lock, now) for lock in held}
        for lock, start in self._since.items():
            key = lock[1:]
            self.longest[key] = max(self.longest.get(key, 0.0), now - start)

    @contextlib.contextmanager
    def running(self) -> Iterator["Watch"]:
        with contextlib.closing(self._server.connect()) as connection:
            cr = connection.cursor()

            def look() -> None:
                cr.execute(LOCKS, [self._database])
                self._look(cr.fetchall())

            with looking(look, PAUSE):
                yield self
