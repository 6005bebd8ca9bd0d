# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How late a promised line is, and whether that is news."""

from datetime import date
from typing import Any, NamedTuple

from .unit import Unit


class Lateness(NamedTuple):
    """How late one line is that was promised."""

    day: date | None  # when all of it is there; nothing when unknown
    lacking: float = 0.0  # what nothing covers by the promised day
    is_there: bool = False  # by now: each day that passes it is a day later

    def is_worse_than(self, told: "Lateness | None", unit: Unit) -> bool:
        """Whether it is news for somebody who knows what was `told`.

        That one more day has passed is none: nobody is told the same every morning.
        """
        if told is None or unit.compare(self.lacking, told.lacking) > 0:
            return True
        if told.day is None or (self.is_there and told.is_there):
            return False
        return self.day is None or self.day > told.day

    def to_json(self) -> list[str | float | None]:
        day = self.day.isoformat() if self.day else None
        return [day, self.lacking, self.is_there]

    @classmethod
    def from_json(cls, value: list[Any]) -> "Lateness":
        day, lacking, is_there = value
        return cls(day and date.fromisoformat(day), lacking, is_there)
