# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done with goods for no order: counted, scrapped, moved about."""

from odoo.fields import Command

from .story import NotNow, between, event
from .world import Machine


class Keeper(Machine):
    @event(2, quantity=between(1, 6))
    def receive(self, quantity):
        """Units are found on the shelf, or bought."""
        self.world.receive(self.product, quantity)

    @event(quantity=between(1, 6))
    def receive_packed(self, quantity):
        """Units arrive on a pallet."""
        pallet = self.env["stock.package"].create({"name": "Pallet"})
        self.world.receive(self.product, quantity, package=pallet)

    @event(number=between(0, 9))
    def unpack(self, number):
        """What lies in a package lies loose."""
        self.by("keeper", self.choose_package(number)).unpack()

    @event(number=between(0, 9))
    def move_package(self, number):
        """A package on the shelf goes to another bin, whoever has reserved of it."""
        package = self.choose_package(number, on_shelf=True)
        self.relocate_quants(package.quant_ids, self.get_other_bin(package))

    @event(number=between(0, 9), quantity=between(1, 4))
    def count_less(self, number, quantity):
        """Fewer are there than were thought: somewhere between shelf and door."""
        quant, quantity = self.choose_quant(number, quantity)
        quant = self.by("keeper", quant).with_context(inventory_mode=True)
        quant.inventory_quantity = quant.quantity - quantity
        quant.action_apply_inventory()

    @event(number=between(0, 9), quantity=between(1, 4))
    def scrap(self, number, quantity):
        """Units break, wherever they are."""
        quant, quantity = self.choose_quant(number, quantity)
        scraps = self.by("keeper", self.env["stock.scrap"])
        scraps.create(
            {
                "product_id": self.product.id,
                "scrap_qty": quantity,
                "location_id": quant.location_id.id,
                "lot_id": quant.lot_id.id,
                "package_id": quant.package_id.id,
            }
        ).do_scrap()

    @event(number=between(0, 9), quantity=between(1, 4))
    def move_inside(self, number, quantity):
        """From one bin to another of the same shelf, by a transfer."""
        quant, quantity = self.choose_quant(number, quantity, on_shelf=True)
        free = quant.quantity - quant.reserved_quantity
        if free < quantity:
            raise NotNow
        type_ = self.warehouse.int_type_id
        move = {
            "product_id": self.product.id,
            "product_uom_qty": quantity,
            "location_id": quant.location_id.id,
            "location_dest_id": self.get_other_bin(quant).id,
        }
        picking = self.by("keeper", self.env["stock.picking"]).create(
            {
                "picking_type_id": type_.id,
                "location_id": quant.location_id.id,
                "location_dest_id": self.get_other_bin(quant).id,
                "move_ids": [Command.create(move)],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self.world.validate(picking)

    @event(number=between(0, 9))
    def relocate(self, number):
        """All of a bin goes to another one, whoever has reserved it."""
        quant, quantity = self.choose_quant(number, 0, on_shelf=True)
        if quantity < quant.quantity:
            raise NotNow  # some of it is the neighbour's
        self.relocate_quants(quant, self.get_other_bin(quant))

    def relocate_quants(self, quants, place):
        """By Odoo's dialog: it fails where a transfer is to take a package as it is.

        As its list of transfers has one that is none.
        """
        taken = self.env["stock.move.line"].search(
            [
                ("result_package_id", "in", quants.package_id.ids),
                ("state", "not in", ("done", "cancel")),
            ]
        )
        if taken:
            raise NotNow
        quants = self.by("keeper", quants)
        wizard = self.env["stock.quant.relocate"].with_env(quants.env)
        wizard.create(
            {"quant_ids": quants.ids, "dest_location_id": place.id}
        ).action_relocate_quants()

    def get_other_bin(self, record):
        """Where on the shelf a quant, or a package, does not lie."""
        return (self.world.stock | self.world.bin) - record.location_id

    def choose_package(self, number, on_shelf=False):
        """One that lies in the warehouse, with nothing of the neighbour's."""
        packages = self.env["stock.package"].browse()
        for quant in self.get_quants():
            if not on_shelf or quant.location_id in self.world.stock | self.world.bin:
                packages |= quant.package_id
        return self.choose(packages, number)

    def choose_quant(self, number, quantity, on_shelf=False):
        """What is not the neighbour's.

        :param quantity: as many of them at most, 0 for all
        :return: (quant, units)
        """
        found = self.get_quants()
        shelf = self.world.stock | self.world.bin
        quants = [
            quant for quant in found if quant.location_id in shelf or not on_shelf
        ]
        if not quants:
            raise NotNow
        quant = quants[number % len(quants)]
        return quant, min(quantity or found[quant], found[quant])
