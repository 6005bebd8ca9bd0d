# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    assembly_sale_report,
    report_stock_reception,
    sale_report,
    stock_forecasted,
)
