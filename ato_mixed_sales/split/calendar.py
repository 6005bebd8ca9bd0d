# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Days on which people work, and lead times counted in them."""

from collections.abc import Callable
from datetime import date, timedelta

DAY = timedelta(days=1)
# nobody is off for longer: a calendar without a day of work says nothing
LONGEST_LEAVE = 366


class WorkDays:
    """The working days of whoever assembles and ships.

    :param is_off: whether a day is a day off; none is, unless told
    """

    def __init__(self, is_off: Callable[[date], bool] | None = None) -> None:
        self._is_off = is_off

    def on_or_after(self, day: date) -> date:
        """`day`, or the first working day after it."""
        return self._find(day, DAY)

    def on_or_before(self, day: date) -> date:
        """`day`, or the last working day before it."""
        return self._find(day, -DAY)

    def after(self, day: date, lead: int) -> date:
        """When work is done that begins on `day`, and takes so many working days."""
        if not self._is_off:
            return day + lead * DAY
        found = self.on_or_after(day)
        for _step in range(lead):
            found = self.on_or_after(found + DAY)
        return found

    def before(self, day: date, lead: int) -> date:
        """The last day on which work can begin that is to be done for `day`.

        Nothing leaves on a day off: what is wanted then is wanted on the next day.
        """
        if not self._is_off:
            return day - lead * DAY
        found = self.on_or_after(day)
        for _step in range(lead):
            found = self.on_or_before(found - DAY)
        return found

    def _find(self, day: date, step: timedelta) -> date:
        if not self._is_off:
            return day
        found = day
        for _step in range(LONGEST_LEAVE):
            if not self._is_off(found):
                return found
            found += step
        return day


EVERY_DAY = WorkDays()
