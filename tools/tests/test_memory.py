"""What the workers of a load keep in memory, as it is told."""

import os
import threading

import psutil

from devenv import memory
from devenv.memory import Memory, Sample


def test_spans_and_growth():
    told = Memory()
    told.samples[7] = [Sample(age, age, 100 + age) for age in (1, 9, 11, 25)]
    told.samples[8] = [Sample(12, 2, 90)]  # too young to say how it has grown
    assert told.format()[2:] == [
        "| 0 to 10 | 1 | 105 | 109 |",
        "| 10 to 20 | 2 | 100 | 111 |",
        "| 20 to 30 | 1 | 125 | 125 |",
        "Worker 7: 111 MB after 11 minutes, 125 MB after 25.",
    ]


def test_samples_are_of_the_process(monkeypatch):
    monkeypatch.setattr(memory, "EVERY_SECONDS", 0.01)
    own = psutil.Process()
    looks, looked = iter([[own], [own]]), threading.Event()
    told = Memory()

    def find():
        found = next(looks, [])
        if not found:
            looked.set()
        return found

    with told.watched(find):
        assert looked.wait(10)
    assert list(told.samples) == [os.getpid()]
    first, second = told.samples[os.getpid()]
    assert first.size > 1
    assert first.minute <= second.minute < second.age
