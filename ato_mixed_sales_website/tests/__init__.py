# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_sellable
from . import test_shop
from . import test_shop_concurrency
from . import test_shop_tours
