# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Steps: drawn from a seed, taken, shortened when they fail, and told."""

import os
from collections.abc import Callable
from functools import partial
from random import Random
from traceback import format_tb
from typing import NamedTuple

# how often replays may be tried to leave steps out of a story that fails
REPLAYS = int(os.environ.get("ATO_REPLAYS") or 30)
# how much is told of where it went wrong
FRAMES = 8


class NotNow(Exception):
    """There is nothing to do this to: no step at all, and nothing has changed."""


class TriedInVain(NotNow):
    """The same, found out while it was done."""


class Step(NamedTuple):
    event: str
    figures: dict

    def __str__(self):
        figures = ", ".join(f"{name}={value!r}" for name, value in self.figures.items())
        return f'("{self.event}", dict({figures})),'


END = Step("end", {})  # the order is fulfilled, see `ending`


def event(weight=1, **figures):
    """Mark a method as something that happens.

    :param weight: how often, beside others
    :param figures: {parameter: function of a Random that draws it}
    """

    def mark(method):
        method.weight, method.figures = weight, figures
        return method

    return mark


def one_of(*choices):
    return partial(Random.choice, seq=choices)


def between(low, high):
    return partial(Random.randint, a=low, b=high)


def maybe(draw):
    """None, half of the time."""
    return lambda random: draw(random) if random.random() < 0.5 else None


def several(draw, number=4):
    return lambda random: tuple(draw(random) for _number in range(number))


def get_events(machine):
    """{name: method} of all that happens to a machine."""
    methods = {name: getattr(type(machine), name) for name in dir(type(machine))}
    return {name: m for name, m in methods.items() if hasattr(m, "figures")}


class Failed(Exception):
    """A story that went wrong: its steps, the last one did it."""

    def __init__(self, steps, error):
        super().__init__(f"{type(error).__name__}: {error}")
        self.steps, self.error = steps, error

    @property
    def kind(self):
        """The same check fails, with whatever figures."""
        return type(self.error), str(self.error).rsplit(" : ", 1)[-1][:60]

    def __str__(self):
        steps = "\n".join(f"    {step}" for step in self.steps)
        where = ""
        if not isinstance(self.error, AssertionError):
            where = "".join(format_tb(self.error.__traceback__)[-FRAMES:])
        return f"{steps}\n{where}{super().__str__()}"


def draw_beginning(random):
    first, second = random.randint(3, 12), random.randint(1, 6)
    return Step(
        "begin",
        {
            "first": (first, random.randint(0, first)),
            "second": (second, random.randint(0, second)),
            "stock": random.choice((1, 4, 30)),
        },
    )


def draw_steps(machine, random):
    """Steps without end: in each story, some things happen more often than others."""
    events = get_events(machine)
    weights = [m.weight * random.choice((0.3, 1, 1, 3)) for m in events.values()]
    names = list(events)
    yield draw_beginning(random)
    while True:
        [name] = random.choices(names, weights)
        figures = events[name].figures
        yield Step(name, {key: draw(random) for key, draw in figures.items()})


def play(machine, steps, length, before=()):
    """Take steps until `length` of them were done or refused.

    :param before: what was taken already
    :return: those that were
    :raises Failed: with the steps up to the one that went wrong
    """
    taken = []
    for step in steps:
        if len(taken) == length:
            break
        try:
            if step.event in ("begin", "end"):
                machine.frame(step)
            elif not machine.take(step):
                continue
            taken.append(step)
        except Exception as error:  # whatever it is, it is told with its story
            raise Failed([*before, *taken, step], error) from error
    return taken


def shorten(failed: Failed, replay: Callable) -> Failed:
    """Leave out steps, but the first and the last, as long as the same goes wrong.

    Hypothesis would make numbers smaller as well: by hundreds of replays, each of
    which takes seconds here.

    :param replay: takes a list of steps, returns Failed or None
    """
    best, tried, size = failed, 0, len(failed.steps) - 2
    while size > 0 and tried < REPLAYS:
        start = len(best.steps) - 1 - size
        while start > 1 - size and tried < REPLAYS:
            first = max(start, 1)
            less = best.steps[:first] + best.steps[start + size :]
            again, tried = replay(less), tried + 1
            if again and again.kind == failed.kind:
                best = again
            start -= size
        size //= 2
    return best
