# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Mixed Assemble-to-Order",
    "summary": "Sell one order line from stock and from assembly: take 6, make 4",
    "version": "19.0.1.1.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "website": "https://github.com/ato-mixed-sales/ato_mixed_sales",
    "author": "Mixed Assemble-to-Order founders",
    "license": "LGPL-3",
    "depends": ["sale_management", "sale_mrp"],
    "data": [
        "security/ir.model.access.csv",
        "security/mrp_production_security.xml",
        "security/product_assembly_policy_security.xml",
        "data/ir_cron.xml",
        "wizards/sale_line_reservation_views.xml",
        "views/product_template_views.xml",
        "views/mrp_production_views.xml",
        "views/sale_order_views.xml",
        "views/stock_move_views.xml",
        "views/sale_order_line_views.xml",
        "views/stock_picking_views.xml",
        "views/stock_warehouse_views.xml",
        "views/res_config_settings_views.xml",
        "wizards/assembly_shipment_views.xml",
    ],
    "demo": [
        "demo/product_demo.xml",
        "demo/sale_order_demo.xml",
    ],
    "assets": {
        "web.assets_backend": ["ato_mixed_sales/static/src/**/*"],
        "web.assets_unit_tests": ["ato_mixed_sales/static/tests/*.js"],
        "web.assets_tests": ["ato_mixed_sales/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
