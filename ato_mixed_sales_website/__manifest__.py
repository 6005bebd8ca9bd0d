# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Mixed Assemble-to-Order: Web Shop",
    "summary": "Sell what is in stock, and what can be assembled, in the web shop",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Website/Website",
    "website": "https://github.com/ato-mixed-sales/ato_mixed_sales",
    "author": "Mixed Assemble-to-Order founders",
    "license": "LGPL-3",
    # website_sale_mrp: Odoo's own, always there beside the two others
    "depends": ["ato_mixed_sales", "website_sale_mrp", "website_sale_stock"],
    "auto_install": True,
    "demo": ["demo/product_demo.xml"],
    "assets": {
        "web.assets_frontend": ["ato_mixed_sales_website/static/src/**/*"],
        "web.assets_tests": ["ato_mixed_sales_website/static/tests/tours/*"],
    },
}
