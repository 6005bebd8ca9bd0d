# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import assembly_dialog
from . import assembly_shipment
from . import assembly_shipment_line
from . import assembly_shipment_proposal
from . import assembly_undo
from . import assembly_undo_line
from . import change_production_qty
from . import sale_line_reservation
from . import sale_line_reservation_line
from . import stock_backorder_confirmation
from . import stock_return_picking
from . import stock_return_picking_line
