"""Names, places and choices that the other modules share."""

import ast
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
ODOO_TREE = LOCAL / "odoo"
CHROMIUM_TREE = LOCAL / "chromium"
WKHTMLTOPDF_TREE = LOCAL / "wkhtmltopdf"
CAIRO_TREE = LOCAL / "cairo"
MAILS = LOCAL / "mail"
PGDATA = LOCAL / "postgresql"
DATA_DIR = LOCAL / "data"

CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ato_mixed_sales"
)

ADDON = "ato_mixed_sales"
ADDON_DIR = ROOT / ADDON
# Odoo installs them by itself where the point of sale, and the web shop, is.
BRIDGE_DIR = ROOT / f"{ADDON}_pos"
SHOP_DIR = ROOT / f"{ADDON}_website"
ADDON_DIRS = (ADDON_DIR, BRIDGE_DIR, SHOP_DIR)

# Installed beside the add-on, in the demo and the tests, as it must get on with them.
EXTRA_MODULES = (
    "account",
    "sale_management",
    "sale_stock",
    "stock_account",
)

# Installed in the tests only, for lines that the add-on has to leave alone, for the
# bridge to the point of sale, and for what lines cost.
TEST_MODULES = (
    "mrp_subcontracting",
    "pos_sale",
    "product_expiry",
    "sale_margin",
    "stock_dropshipping",
)

# The bridge to the web shop is tested on a database of its own: with a website all
# other tests would take longer, and see other screens.
SHOP_MODULES = ("payment_custom", "payment_demo", "website_sale_stock")

DEMO_DB = "demo"
SHOP_DEMO_DB = "demo_shop"
TEST_DB = "test"
TEMPLATE_DB = "test_template"
SHOP_TEST_DB = "test_shop"
SHOP_TEMPLATE_DB = "test_shop_template"


def dependencies() -> list[str]:
    """Everything that is installed before the add-on itself."""
    return sorted({*_read_manifest()["depends"], *EXTRA_MODULES})


def version() -> str:
    """The version of the add-on, as its manifest says."""
    return _read_manifest()["version"]


def _read_manifest() -> dict:
    return ast.literal_eval((ADDON_DIR / "__manifest__.py").read_text())
