# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Mixed Assemble-to-Order: Point of Sale",
    "summary": "Settle orders that are partly assembled at the point of sale",
    "version": "19.0.1.2.0",
    "development_status": "Beta",
    "category": "Sales/Point of Sale",
    "website": "https://github.com/ato-mixed-sales/ato_mixed_sales",
    "author": "Mixed Assemble-to-Order founders",
    "license": "LGPL-3",
    "depends": ["ato_mixed_sales", "pos_sale"],
    "auto_install": True,
}
