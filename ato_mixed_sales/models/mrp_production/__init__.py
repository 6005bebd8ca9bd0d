# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import bill
from . import component
from . import component_changes
from . import delivery
from . import finished
from . import follow
from . import lifecycle
from . import link
from . import make_again
from . import output
from . import owner
from . import planner
from . import quantity
from . import quotation
from . import undo
from . import view
from . import worth
