# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One world: who works there, what is sold and made, and how it is found."""

from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssembleToOrderCommon
from .story import NotNow

# what everybody may do who works there
GROUPS = {
    # who has no rights in the warehouse cannot cancel any order beside Odoo's purchases
    "seller": "sales_team.group_sale_salesman,stock.group_stock_user",
    "planner": "mrp.group_mrp_user,stock.group_stock_user,mrp.group_mrp_byproducts",
    "packer": "stock.group_stock_user",
    "keeper": "stock.group_stock_manager",
}
EVERYBODY = "stock.group_stock_multi_locations,stock.group_production_lot"
UNITS_OF_DOZEN = 12


class WorldsCommon(AssembleToOrderCommon):
    """Worlds, each made once, with a neighbour who sells the same product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env,
                login=f"machine_{role}",
                groups=f"{groups},{EVERYBODY}",
                company_id=cls.company.id,
            )
            for role, groups in GROUPS.items()
        }

    def setUp(self):
        super().setUp()
        self.worlds = {}
        self.kept_back = self.env["sale.order"]
        self._keep_back()

    def _keep_back(self):
        """As add-ons do that ask for deliveries themselves, see `Other.keep_back`."""
        Line = self.registry["sale.order.line"]
        launch = Line._action_launch_stock_rule

        def launch_others(lines, **kwargs):
            left = lines.filtered(lambda line: line.order_id not in self.kept_back)
            return launch(left, **kwargs)

        self.patch(Line, "_action_launch_stock_rule", launch_others)

    def _count_held_back(self, line):
        """All of it may be: nobody knows what has been asked for by hand."""
        is_kept_back = line.order_id in self.kept_back
        return self._count_ordered(line)[0] if is_kept_back else 0.0

    def assertUnits(self, line, units, quantity, message):
        """In dozens, Odoo rounds what each transfer has moved, then adds it up."""
        factor = line.product_uom_id.factor / line.product_id.uom_id.factor
        if factor == 1:
            return super().assertUnits(line, units, quantity, message)
        delta = 0.005 * factor * (len(line.move_ids) + 2)
        self.assertAlmostEqual(units, quantity * factor, msg=message, delta=delta)

    def _get_world(self, shape):
        if shape not in self.worlds:
            self.worlds[shape] = World(self, shape)
            self.env.flush_all()
        return self.worlds[shape]


class World:
    """The master data of a shape, and its neighbour: two of three desks are made."""

    def __init__(self, case, shape):
        self.case, self.env, self.shape = case, case.env, shape
        self.warehouse = self._make_warehouse()
        self.stock = self.warehouse.lot_stock_id
        self.bin = self.env["stock.location"].create(
            {"name": "Shelf 1", "location_id": self.stock.id}
        )
        self.uom = case.dozen if shape.dozens else case.unit
        self.component = self._make_component()
        self.product = case._create_product(
            f"Desk ({shape.tracking}, {shape.components})",
            {case.leg: 2, self.component: 1},
            tracking=shape.tracking,
        )
        case._set_stock(case.leg, 5000, self.stock)
        self.receive(self.product, 3)
        self.neighbour = self._make_neighbour()

    def _make_warehouse(self):
        shape = self.shape
        for other, world in self.case.worlds.items():
            if (other.delivery, other.manufacture) == (
                shape.delivery,
                shape.manufacture,
            ):
                return world.warehouse
        return self.case._create_warehouse(
            f"{shape.delivery} {shape.manufacture}",
            f"M{len(self.case.worlds)}",
            delivery_steps=shape.delivery,
            manufacture_steps=shape.manufacture,
        )

    def _make_component(self):
        tracking = self.shape.components
        component = self.case._create_product(f"Top ({tracking})", tracking=tracking)
        self.receive(component, 60 if tracking == "serial" else 500)
        return component

    def receive(self, product, quantity, location=None, package=None):
        """Units arrive: each with a number of its own, or all in one lot."""
        location = location or self.stock
        lots = self.make_lots(product, quantity) or [None]
        each = 1 if product.tracking == "serial" else quantity
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                product, location, each, lot_id=lot, package_id=package
            )

    def make_lots(self, product, quantity):
        """As many serial numbers as units, one lot, or none."""
        number = {"none": 0, "lot": 1, "serial": round(quantity)}[product.tracking]
        lots = self.env["stock.lot"]
        known = lots.search_count([("product_id", "=", product.id)])
        return lots.create(
            [
                {"name": f"{product.id}-{known + n}", "product_id": product.id}
                for n in range(number)
            ]
        )

    def make_order(self, *lines):
        """A quotation with a line for each (units, units to assemble)."""
        return self.env["sale.order"].create(
            {
                "partner_id": self.case.customer.id,
                "warehouse_id": self.warehouse.id,
                "user_id": self.case.users["seller"].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_id": self.uom.id,
                            "product_uom_qty": self.to_ordered(quantity),
                            "qty_to_assemble_to_order": self.to_line_unit(to_assemble),
                        }
                    )
                    for quantity, to_assemble in lines
                ],
            }
        )

    def _make_neighbour(self):
        order = self.make_order((3, 2))
        order.action_confirm()
        production = order.order_line.assembly_order_ids
        self.bring_components(production)
        production.lot_producing_ids = self.make_lots(self.product, 2)
        self.case._produce(production)
        self.store(production)
        return order

    def bring_components(self, production):
        """What a first step of manufacturing has to do."""
        for picking in production.picking_ids.filtered(is_open):
            picking.move_ids._action_assign()
            self.validate(picking)

    store = bring_components  # a last step is a transfer as well

    def validate(self, picking):
        picking.move_ids.filtered("quantity").picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def to_ordered(self, units):
        """Dozens are ordered by quarters: others are no whole units to Odoo."""
        return -(-units // 3) / 4 if self.shape.dozens else units

    def to_line_unit(self, units):
        """As a salesperson types it, with two decimals."""
        return round(units / UNITS_OF_DOZEN, 2) if self.shape.dozens else units

    def to_units(self, quantity):
        """What a figure of the lines' unit stands for."""
        return round(quantity * UNITS_OF_DOZEN) if self.shape.dozens else quantity


def is_open(record):
    return record.state not in ("done", "cancel")


class Machine:
    """One order of two lines of one product, and who works with it.

    What is done to it is rolled back, so that each story starts in the same world.
    """

    def __init__(self, world):
        self.world, self.case, self.env = world, world.case, world.env
        self.product, self.warehouse = world.product, world.warehouse
        self.order = self.env["sale.order"]

    # Found by numbers, so that a story can be told again with steps left out

    def by(self, role, records):
        """`records` as somebody with this role has them."""
        return records.with_user(self.case.users[role])

    def choose(self, records, number):
        """:raises NotNow: when there is none"""
        if not records:
            raise NotNow
        return records[number % len(records)]

    @property
    def lines(self):
        return self.order.order_line.sorted("id")

    @property
    def productions(self):
        return self.lines.assembly_order_ids.sorted("id")

    def get_productions(self, *states):
        return self.productions.filtered(lambda order: order.state in states)

    @property
    def pickings(self):
        """Transfers of the order, the first made first, returns as well."""
        return self.lines.move_ids.picking_id.sorted("id")

    def get_rows(self, picking):
        """What a transfer moves, of our product."""
        return picking.move_ids.filtered(
            lambda m: m.product_id == self.product and is_open(m)
        ).sorted("id")

    def held(self, move):
        return sum(move.move_line_ids.mapped("quantity_product_uom"))

    def units_of(self, line):
        """Q and A in units of the product."""
        return self.case._count_ordered(line)

    def get_quants(self):
        """What lies in the warehouse and is not the neighbour's: {quant: units}"""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id", "child_of", self.warehouse.view_location_id.id),
                ("quantity", ">", 0),
            ],
            order="id",
        )
        theirs = self.world.neighbour.order_line.move_ids.filtered(
            is_open
        ).move_line_ids
        left = {
            quant: quant.quantity
            - sum(
                line.quantity_product_uom
                for line in theirs
                if line._get_place() == quant._get_place()
            )
            for quant in quants
        }
        return {quant: units for quant, units in left.items() if units > 0}
