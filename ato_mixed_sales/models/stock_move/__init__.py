# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import assign
from . import bins
from . import component
from . import demand
from . import done
from . import figure
from . import hold
from . import label
from . import lifecycle
from . import lost
from . import moved
from . import procurement
from . import revived
from . import slip
from . import step
from . import to_assemble
from . import undo
