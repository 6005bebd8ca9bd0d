# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from .. import split
from .decimal_unit import DecimalUnit

TODAY = date(2026, 11, 25)
UNIT = DecimalUnit(0)


def late(days=None, lacking=0.0, is_there=False):
    day = None if days is None else TODAY + timedelta(days=days)
    return split.Lateness(day, lacking, is_there)


@tagged("post_install", "-at_install")
class TestLateness(BaseCase):
    """What is news of a line that is late: no database."""

    def test_news(self):
        """Later, unknown, or more that nothing covers; and nothing else."""
        for now, told, is_news in (
            (late(5), None, True),
            (late(5), late(5), False),
            (late(4), late(5), False),
            (late(6), late(5), True),
            (late(), late(5), True),
            (late(5), late(), False),
            (late(), late(), False),
            (late(5, lacking=2), late(5), True),
            (late(4, lacking=2), late(5, lacking=1), True),
            (late(6, lacking=1), late(5, lacking=2), True),
            (late(5, lacking=1), late(5, lacking=2), False),
            # the day that was told has passed, and then one more day each day
            (late(6, is_there=True), late(5), True),
            (late(7, is_there=True), late(6, is_there=True), False),
            (late(9), late(6, is_there=True), True),
        ):
            with self.subTest(now=now, told=told):
                self.assertEqual(now.is_worse_than(told, UNIT), is_news)

    def test_json(self):
        """What is kept on the order comes back as it was."""
        for lateness in (late(), late(3, 2.5), late(0, is_there=True)):
            kept = lateness.to_json()
            self.assertEqual(split.Lateness.from_json(kept), lateness)
