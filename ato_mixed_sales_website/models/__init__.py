# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import ir_http
from . import product_product
from . import product_template
from . import sale_order
from . import sale_order_line
from . import stock_quant
from . import website
