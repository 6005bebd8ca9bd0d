# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The moment at which the tests happen: the same whenever they run."""

import os

# a moment in UTC and the time zone of the people; `make soak` sets others
CLOCK = os.environ.get("ATO_CLOCK") or "2026-11-25T10:00:00 UTC"
NOW, ZONE = CLOCK.split()
