"""What the server has acknowledged, to be compared with what is there in the end."""

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .rpc import Lost, ServerError

Key = tuple[str, int, str]  # model, id, field


@dataclass
class Write:
    """A value somebody has written: between when and when, and whether it was told."""

    value: Any
    start: float
    end: float = float("inf")
    acknowledged: bool = False


@dataclass
class Ledger:
    """Writes by field. Several clients write the same ones, at the same time."""

    writes: dict[Key, list[Write]] = field(default_factory=lambda: defaultdict(list))
    # fields that somebody else decides on too, such as the planner who cancels
    excused: set[Key] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def created(self, values: Mapping[Key, Any]) -> None:
        """A record was made, with these values."""
        now = time.monotonic()
        with self._lock:
            for key, value in values.items():
                self.writes[key].append(Write(value, now, now, True))

    @contextlib.contextmanager
    def writing(self, values: Mapping[Key, Any]) -> Iterator[None]:
        """What is written in the block is there afterwards, or it is not.

        After an answer that says nothing has changed it is not; without an answer it
        may be, and then nobody can tell when.
        """
        writes = {key: Write(value, time.monotonic()) for key, value in values.items()}
        with self._lock:
            for key, write in writes.items():
                self.writes[key].append(write)
        try:
            yield
        except (Lost, ServerError):
            raise
        except BaseException:
            with self._lock:
                for key, write in writes.items():
                    self.writes[key].remove(write)
            raise
        for write in writes.values():
            write.end = time.monotonic()
            write.acknowledged = True

    def excuse(self, *keys: Key) -> None:
        with self._lock:
            self.excused.update(keys)

    def get_possible(self, key: Key) -> list[Any]:
        """The values that may be there now: not those that were surely overwritten."""
        acknowledged = [write for write in self.writes[key] if write.acknowledged]
        last_start = max((write.start for write in acknowledged), default=0.0)
        return [write.value for write in self.writes[key] if write.end >= last_start]

    def find_lost(self, found: Mapping[Key, Any]) -> list[str]:
        """What was acknowledged and is not there: {key: what is there}"""
        lost = []
        for key in set(self.writes) - self.excused:
            if not any(write.acknowledged for write in self.writes[key]):
                continue  # what was there before is not known
            possible = self.get_possible(key)
            if found.get(key) not in possible:
                model, record_id, name = key
                lost.append(
                    f"{model}({record_id}).{name} is {found.get(key)!r} and was "
                    f"acknowledged as {' or '.join(map(repr, possible))}"
                )
        return sorted(lost)
