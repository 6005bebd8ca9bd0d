# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AssembleToOrderCommon, CheckedStories


@tagged("post_install", "-at_install")
class TestMasters(CheckedStories, AssembleToOrderCommon):
    """E17: masters that change under open quotations and open orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Wood Corner"})
        cls._set_stock(cls.desk, 6)

    def _get_changes(self):
        """{what the product becomes: (how, the reason that is told)}"""
        dropship = self.env.ref("stock_dropshipping.route_drop_shipping")
        template, bom = self.desk.product_tmpl_id, self.desk.bom_ids
        seller = Command.create({"partner_id": self.vendor.id, "price": 10})
        return {
            "a kit": (lambda: bom.write({"type": "phantom"}), "sold as a kit"),
            "a kit by another bill": (
                lambda: self._create_bom(self.desk, {self.leg: 4}, type="phantom"),
                "sold as a kit",
            ),
            "subcontracted": (
                lambda: bom.write(
                    {
                        "type": "subcontract",
                        "subcontractor_ids": [Command.link(self.vendor.id)],
                    }
                ),
                "made by a subcontractor",
            ),
            "not tracked": (
                lambda: template.write({"is_storable": False}),
                "inventory is not tracked",
            ),
            "a service": (
                lambda: template.write({"type": "service"}),
                "inventory is not tracked",
            ),
            "dropshipped": (
                lambda: template.write(
                    {
                        "route_ids": [Command.link(dropship.id)],
                        "seller_ids": [seller],
                    }
                ),
                "delivered by its vendor",
            ),
            "made elsewhere": (
                lambda: self.warehouse.write({"manufacture_to_resupply": False}),
                "does not manufacture",
            ),
        }

    def test_under_a_quotation(self):
        """Confirmed all the same: A falls to 0 with a word, nothing is left behind."""
        for what in self._get_changes():
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                self._check_under_a_quotation(*self._get_changes()[what])
                savepoint.rollback()
            self.env.invalidate_all()

    def _check_under_a_quotation(self, change, reason):
        sale = self._create_order((self.desk, 10, 4), (self.desk_to_order, 3))
        line, other = sale.order_line
        line.action_reserve_stock()
        order = line.assembly_order_ids
        change()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.qty_to_assemble_to_order, 4)
        sale.action_confirm()
        self.assertFalse(order.exists())
        self.assertEqual(line.qty_to_assemble_to_order, 0)
        self.assertFalse(line.assembly_order_ids)
        self.assertNotIn("assembly", line.move_ids.mapped("ato_supply"))
        self.assertFalse(line.sudo().hold_move_ids)
        told = "".join(sale.message_ids.mapped("body"))
        self.assertRegex(
            told, f"4.00 Units of Desk are delivered without being assembled.*{reason}"
        )
        self.assertRegex(sale.activity_ids[:1].note, reason)
        if "not manufacture" not in reason:
            self.assertInvariants(other)
        sale._action_cancel()
        quants = self.env["stock.quant"].search([("product_id", "=", self.desk.id)])
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 0)

    def test_kit_is_delivered_as_its_components(self):
        """10 of what became a kit are 40 legs and 10 tops, and are delivered."""
        line = self._create_order((self.desk, 10, 4)).order_line
        line.action_reserve_stock()
        self.desk.bom_ids.type = "phantom"
        line.order_id.action_confirm()
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in line.move_ids},
            {self.leg: 40, self.top: 10},
        )
        quants = self.env["stock.quant"].search([("product_id", "=", self.desk.id)])
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 0)
        self._deliver(line.order_id.picking_ids)
        self.assertEqual(line.qty_delivered, 10)

    def test_under_an_order(self):
        """Refused while it is assembled or delivered; possible afterwards."""
        changes = self._get_changes()
        line = self._create_order((self.desk, 10, 4)).order_line
        sale = line.order_id
        sale.action_confirm()
        for what in changes:
            if what in ("dropshipped", "made elsewhere"):
                continue  # for what is sold from now on: see below
            with self.subTest(what):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    changes[what][0]()
                    self.env.flush_all()
                self.env.invalidate_all()
                self.assertInvariants(line)
        with self.assertRefused(f"Desk.*{sale.name}"):
            self.desk.bom_ids.type = "phantom"
        self._produce(line.assembly_order_ids)
        self._deliver(sale.picking_ids)
        self.desk.bom_ids.type = "phantom"

    def test_routes_under_an_order(self):
        """What is asked for goes its way; more of it is refused with the reason."""
        for what in ("dropshipped", "made elsewhere"):
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                change, reason = self._get_changes()[what]
                line = self._create_order((self.desk, 10, 4)).order_line
                line.order_id.action_confirm()
                change()
                self.assertInvariants(line)
                order = line.assembly_order_ids
                self._produce(order)
                with self.assertRefused(reason):
                    line.qty_to_assemble_to_order = 5
                self.assertInvariants(line)
                self._deliver(line.order_id.picking_ids)
                self.assertEqual(line.qty_delivered, 10)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_unit(self):
        """The unit of a product that is being assembled, or quoted, stays."""
        line = self._create_order((self.desk, 10, 4)).order_line
        for confirmed in (False, True):
            with self.subTest(confirmed=confirmed):
                if confirmed:
                    line.order_id.action_confirm()
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self.desk.uom_id = self.dozen
                    self.env.flush_all()
                self.env.invalidate_all()
                self.assertLine(line, 10, 6, 4)
                self.assertEqual(line.assembly_order_ids.product_uom_id, self.unit)

    def test_tracking(self):
        """By lots from now on: quoted and confirmed lines are made with a lot."""
        desk = self._create_product("Desk in Lots", components={self.leg: 4})
        quoted = self._create_order((desk, 10, 4)).order_line
        confirmed = self._create_order((desk, 10, 4)).order_line
        confirmed.order_id.action_confirm()
        desk.tracking = "lot"
        quoted.order_id.action_confirm()
        for line in quoted | confirmed:
            self.assertInvariants(line)
            order = line.assembly_order_ids
            order.lot_producing_ids = self.env["stock.lot"].create(
                {"name": order.name, "product_id": desk.id}
            )
            self._produce(order)
            self.assertInvariants(line)
            moves = self._moves(line, "assembly")
            self.assertEqual(moves.move_line_ids.lot_id.name, order.name)

    def test_policy_of_the_warehouse(self):
        """What was decided stays, on quotations and on orders."""
        sale = self._create_order((self.desk_to_order, 10), (self.desk, 10, 4))
        self.env["product.assembly.policy"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "warehouse_id": self.warehouse.id,
                    "policy": policy,
                }
                for product, policy in (
                    (self.desk_to_order, "assemble_to_stock"),
                    (self.desk, "assemble_to_order"),
                )
            ]
        )
        sale.order_line.product_uom_qty = 11
        self.assertEqual(sale.order_line.mapped("qty_to_assemble_to_order"), [11, 4])
        sale.action_confirm()
        for line in sale.order_line:
            self.assertInvariants(line)

    def test_bin_archived(self):
        """The bin of a line is gone: quoted and confirmed lines go on without it."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self.warehouse.from_assembly_location_id = shelf
        quoted = self._create_order((self.desk, 10, 4)).order_line
        confirmed = self._create_order((self.desk, 10, 4)).order_line
        confirmed.order_id.action_confirm()
        shelf.active = False
        quoted.order_id.action_confirm()
        for line in quoted | confirmed:
            self._produce(line.assembly_order_ids)
            self.assertInvariants(line)
            self.assertEqual(self._moves(line, "assembly").quantity, 4)
