# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import os
import time
from collections import Counter
from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from .machine import checks
from .machine.ending import Machine
from .machine.mended import MENDED
from .machine.parked import PARKED
from .machine.shapes import get_shape
from .machine.story import END, Failed, draw_steps, play, shorten
from .machine.world import WorldsCommon
from .properties import SOAK

_logger = logging.getLogger(__name__)

# Stories in an ordinary run, the same ones each time. ATO_STORIES sets another number,
# ATO_SEED the first of them; `make soak` tells new ones each time.
ORDINARY = 36
STORIES = int(os.environ.get("ATO_STORIES") or 0) or ORDINARY * (SOAK or 1)
FIRST = int(os.environ.get("ATO_SEED") or (time.time() if SOAK else 1))
# a fifth of what a story of 20 steps costs is its ending
LENGTH = int(os.environ.get("ATO_LENGTH") or (40 if SOAK else 20))
# a soak goes on, to find as much as it can
MOST_FAILURES = int(os.environ.get("ATO_FAILURES") or (20 if SOAK else 1))
MAIN = {"change", "confirm", "cancel", "produce", "store", "transfer", "ship_by_dialog"}
MAIN |= {"put_back", "bring_back", "scrap", "relocate", "close_short", "settle", "end"}
# a soak tells after each story how many steps there were, as somebody may end it
REPORT, REPORT_EVERY = (logging.WARNING, 1) if SOAK else (logging.INFO, 50)
EVENTS_EVERY = 50


@tagged("post_install", "-at_install")
class TestMachine(WorldsCommon):
    """Whatever people do to mixed lines, in whatever sequence (see `machine`)."""

    def setUp(self):
        super().setUp()
        self.told = set()  # kinds of failures

    def test_any_sequence(self):
        """After each step the invariants hold; a refused one changes nothing."""
        taken, failures, begun = Counter(), [], os.times()
        for seed in range(FIRST, FIRST + STORIES):
            steps, failed = self._tell(seed)
            taken.update(step.event for step in steps)
            if failed:
                failures.append(f"{self._head(seed)}\n{failed}")
                _logger.warning("%s", failures[-1])
            if seed % REPORT_EVERY == 0 or seed == FIRST + STORIES - 1:
                self._report(seed, taken, len(failures), begun)
            if len(failures) == MOST_FAILURES:
                break
        self.assertFalse(failures, "\n\n".join(failures))
        if STORIES >= ORDINARY:
            self.assertLessEqual(MAIN, set(taken), "never done")

    def _report(self, seed, taken, failures, begun):
        """How far it is; the time that `time` knows stands still."""
        now, last = os.times(), FIRST + STORIES - 1
        _logger.log(
            REPORT,
            "Seeds %s to %s: %s steps, %s failures, %.0f s, %.0f s of this process",
            *(FIRST, seed, taken.total(), failures, now.elapsed - begun.elapsed),
            now.user + now.system,
        )
        if seed % EVENTS_EVERY == 0 or seed == last:
            told = ", ".join(f"{name} {times}" for name, times in taken.most_common())
            _logger.log(REPORT, "%s", told)

    def test_mended(self):
        """What went wrong once goes well."""
        for row in MENDED:
            with self.subTest(row.name):
                failed = self._replay(row.shape, row.steps)
                self.assertFalse(failed, failed)

    def test_parked(self):
        """What is known to be broken still is: else it is not left out any more."""
        for row in PARKED:
            with self.subTest(row.name), patch.object(checks, "PARKED", []):
                failed = self._replay(row.shape, row.steps)
                self.assertTrue(failed, "mended: unpark")
                _logger.info("%s\n%s", row.name, failed)

    def _head(self, seed):
        return f"Story {seed}, {get_shape(seed)} (ATO_SEED={seed} ATO_STORIES=1):"

    def _tell(self, seed):
        """Tell one story: (steps taken, Failed or None)"""
        shape = get_shape(seed)
        try:
            with Machine(self._get_world(shape)) as machine:
                steps = play(machine, draw_steps(machine, Random(seed)), LENGTH)
                return steps + play(machine, [END], 1, steps), None
        except Failed as failed:
            return failed.steps, self._shorten(failed, shape)

    def _shorten(self, failed, shape):
        """Tell the first of its kind with as few steps as can be, others as they are.

        What is not mended yet fails again and again, and replays take their time.
        """
        if failed.kind in self.told:
            return failed
        self.told.add(failed.kind)
        return shorten(failed, lambda steps: self._replay(shape, steps))

    def _replay(self, shape, steps):
        """Tell a story again: Failed or None"""
        try:
            with Machine(self._get_world(shape)) as machine:
                play(machine, steps, len(steps))
        except Failed as failed:
            return failed
        return None
