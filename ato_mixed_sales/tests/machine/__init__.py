# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever people do to mixed lines, in whatever order, in whatever warehouse.

A story is drawn from a number, its seed: a world, then steps by whoever works there.
After each step `checks` counts; a story that fails is shortened, then told.

    shapes.py    the worlds: steps of delivery and of manufacturing, tracking, unit
    world.py     one world: people, records, how they are found
    checks.py    what holds after each step
    snapshot.py  what a refused step, and somebody else's, leaves as it was
    story.py     steps drawn, taken, shortened, told
    seller.py, planner.py, floor.py, packer.py, keeper.py, other.py
                 what each of them does: one method for each event
    ending.py    what is left can always be made and delivered
    parked.py    known defects, each as a story, that are not stepped into
"""
