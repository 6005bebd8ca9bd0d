# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import common
from . import test_confirmation
from . import test_split
from . import test_policy
from . import test_quantity
from . import test_assembly_order
from . import test_components
from . import test_cancellation
from . import test_reservation
from . import test_query_budget
from . import test_order_changes
from . import test_delivery
from . import test_planner
from . import test_rights
from . import test_tours
from . import test_random_walk
from . import test_units
from . import test_order_life
from . import test_warehouse
from . import test_acceptance
from . import test_forecast
from . import test_shapes
from . import test_shipment
from . import test_tracking
from . import test_not_for_us
