# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import apply
from . import assembled
from . import assembly_order
from . import availability
from . import bin_location
from . import bin_warning
from . import chosen
from . import component
from . import deadline
from . import events
from . import facts
from . import guard
from . import hold
from . import lifecycle
from . import master
from . import moved
from . import procurement
from . import promise
from . import quantity
from . import reservation
from . import reservation_check
from . import route_supply
from . import split_by_source
from . import status
from . import suggestion
from . import typed_ahead
