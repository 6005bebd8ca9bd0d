# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import confirmation
from . import expired
from . import figures
from . import guard
from . import lifecycle
from . import promise
from . import reference
from . import state
from . import state_search
from . import tell
from . import together
from . import totals
from . import watch
