# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import ato_guarded_mixin
from . import crm_team
from . import ir_http
from . import mrp_bom
from . import mrp_production
from . import mrp_unbuild
from . import product_assembly_policy
from . import product_pricelist
from . import product_product
from . import product_template
from . import res_company
from . import res_config_settings
from . import resource_calendar
from . import resource_calendar_attendance
from . import resource_calendar_leaves
from . import sale_order
from . import sale_order_line
from . import stock_location
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import stock_picking_type
from . import stock_quant
from . import stock_rule
from . import stock_warehouse
