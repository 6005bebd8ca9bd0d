# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import quantity
from . import assembly_order
from . import procurement
from . import route_supply
from . import reservation
from . import hold
from . import availability
from . import promise
from . import suggestion
from . import bin_location
from . import split_by_source
