# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done where goods are picked, packed, shipped and taken back."""

from odoo.exceptions import UserError
from odoo.tests import Form

from .. import oracle
from .story import NotNow, TriedInVain, between, event, maybe, one_of, several
from .world import Machine, is_open

SOME = several(maybe(between(0, 4)))


class Packer(Machine):
    @event(14, number=between(0, 3), some=SOME, rest=one_of(True, True, True, False))
    def transfer(self, number, some, rest):
        """One step of the delivery: all, or some, of each row that is held.

        :param rest: whether there is a backorder, or the rest is given up
        """
        picking = self.by("packer", self.choose(self.get_ready(), number))
        taken = picking.move_ids.browse()
        for row, quantity in zip(self.get_rows(picking), some * 3, strict=False):
            held = self.held(row)
            quantity = held if quantity is None else min(quantity, held)
            if quantity:
                row.quantity = quantity
                taken |= row
        taken = self.choose(taken, 0) and taken
        (picking.move_ids - taken).picked = False
        taken.picked = True
        left = [] if rest else picking.ids
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=left
        ).button_validate()

    @event(2, number=between(0, 3), row=maybe(between(0, 3)))
    def pack(self, number, row):
        """What is held by a transfer, or by one row of it, is put into a package."""
        rows = self.get_rows(self.choose(self.get_ready(), number))
        if row is not None:
            rows = self.choose(rows, row)
        loose = rows.move_line_ids.filtered(lambda o: not o.result_package_id)
        self.by("packer", self.choose(loose, 0) and loose).action_put_in_pack()

    @event(0.7, number=between(0, 3), row=between(0, 3), surplus=between(1, 3))
    def transfer_too_many(self, number, row, surplus):
        """More than a row asks for, of what is free."""
        picking = self.by("packer", self.choose(self.get_ready(), number))
        row = self.choose(self.get_rows(picking), row)
        quantity = row.product_qty + surplus
        free = self.env["stock.quant"]._get_available_quantity(
            self.product, row.location_id
        )
        if self.product.tracking != "none" or free < quantity - self.held(row):
            raise NotNow
        picking.move_ids.picked = False
        row.quantity = quantity
        row.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    @event(3, number=between(0, 3), ship=maybe(several(between(0, 6))), x=between(0, 6))
    def ship_by_dialog(self, number, ship, x):
        """Assemble and ship: so many of each line; what is possible is not refused."""
        pickings = self.pickings.filtered("is_assembly_shipment")
        picking = self.by("packer", self.choose(pickings, number))
        shipment = self.env["assembly.shipment"].with_env(picking.env)
        shipment = shipment.create({"picking_id": picking.id})
        rows = shipment.line_ids
        for row, quantity in zip(rows, ship or (), strict=False):
            row.qty_to_ship = self.world.to_line_unit(quantity)
            row.qty_from_assembly = self.world.to_line_unit(min(x, quantity))
        is_possible = not shipment.remarks and any(rows.mapped("qty_to_ship"))
        tracked = self.product.tracking != "none" or any(rows.mapped("qty_to_assemble"))
        try:
            shipment.action_ship()
        except UserError as refusal:
            told = f"refused for nothing: {refusal}"
            self.case.assertFalse(is_possible and not tracked, told)
            raise
        for row in rows:
            self.check_shipped(picking, row)

    def put_in_other_packages(self, picking):
        """No package that has left with other units: Odoo would not have it twice."""
        for line in picking.move_line_ids:
            packed = line.result_package_id
            if packed.quant_ids.location_id - line.location_dest_id and (
                packed != line.package_id
            ):
                line.result_package_id = False

    def check_shipped(self, picking, row):
        """What the dialog said has been taken from each source, no more, no less."""
        figures = {"stock": row.qty_from_stock, "assembly": row.qty_from_assembly}
        for source, quantity in figures.items():
            moves = picking.move_ids.filtered(
                lambda m, source=source: m.sale_line_id == row.sale_line_id
                and oracle.is_of(m, source)
                and m.state == "done"
            )
            units = self.world.to_units(quantity)
            self.case.assertAlmostEqual(oracle.units(moves), units, 3, f"X of {source}")

    @event(2, number=between(0, 3), some=maybe(SOME))
    def undo(self, number, some):
        """A delivery, or some of each row of it, is as if it had not left.

        What the dialog has no word against is not refused.
        """
        done = self.pickings.filtered("is_undoable_shipment")
        picking = self.by("packer", self.choose(done, number))
        dialog = self.env["assembly.undo"].with_env(picking.env)
        dialog = dialog.create({"picking_id": picking.id})
        rows = dialog.line_ids
        for row, quantity in zip(rows, some or (), strict=False):
            if quantity is None:
                continue
            if self.product.tracking == "none":
                units = min(quantity, self.world.to_units(row.left_qty))
                row.qty_to_undo = self.world.to_line_unit(units)
            else:
                row.lot_ids = row.lot_ids[:quantity]
        is_possible = not dialog.remarks and any(rows.mapped("qty_to_undo"))
        wanted = {
            row.move_id.with_env(self.env): self.world.to_units(row.qty_to_undo)
            for row in rows
        }
        before = {move: self.count_undone(move) for move in wanted}
        try:
            dialog.action_undo()
        except UserError as refusal:
            self.case.assertFalse(is_possible, f"refused for nothing: {refusal}")
            raise
        for move, units in wanted.items():
            back = self.count_undone(move) - before[move]
            # of a plain line Odoo may have shipped 12.04 for a dozen, as it rounds
            told = self.world.to_units(self.world.to_line_unit(back))
            self.case.assertAlmostEqual(told, units, 3, "what comes back")

    def count_undone(self, move):
        """What of a done move has been undone, in units of the product."""
        return oracle.units(move.returned_move_ids.filtered(oracle.is_undo))

    @event(2, number=between(0, 3), row=between(0, 3), quantity=between(1, 4))
    def put_back(self, number, row, quantity):
        """Units that were picked, or packed, go back to where they came from."""
        self.take_back(self.get_done("internal"), number, row, quantity, False)

    @event(
        2,
        number=between(0, 3),
        row=between(0, 3),
        quantity=between(1, 4),
        exchange=one_of(False, False, True),
    )
    def bring_back(self, number, row, quantity, exchange):
        """The customer returns units, and maybe gets others for them."""
        self.take_back(self.get_done("outgoing"), number, row, quantity, exchange)

    @event(number=between(0, 3), row=between(0, 5), quantity=between(0, 9))
    def correct(self, number, row, quantity):
        """Somebody says afterwards that another quantity was moved: never so."""
        done = self.choose(self.pickings.filtered(lambda p: p.state == "done"), number)
        line = self.choose(done.move_line_ids.filtered("move_id.ato_supply"), row)
        if line.quantity == quantity:
            raise NotNow
        with self.case.assertRaisesRegex(UserError, "afterwards"):
            self.by("packer", line).quantity = quantity

    @event(0.7, number=between(0, 3), row=between(0, 3), quantity=between(1, 4))
    def return_again(self, number, row, quantity):
        """What came back, or was put back, goes out once more: by a return of that."""
        self.take_back(self.get_done(), number, row, quantity, False)

    @event(number=between(0, 3), decide=one_of("let go", "reserve", "reserve"))
    def reserve_transfer(self, number, decide):
        picking = self.choose(self.pickings.filtered(is_open), number)
        picking = self.by("packer", picking)
        if decide == "let go":
            picking.do_unreserve()
        else:
            picking.action_assign()

    @event(0.6, number=between(0, 3))
    def cancel_transfer(self, number):
        """A step of a delivery is cancelled: nobody asks for its units.

        Not a step that stores what a customer is to return: Odoo, which would find no
        next step then, sends that out again.
        """
        picking = self.choose(self.pickings.filtered(is_open), number)
        before = picking.move_ids.browse(picking.move_ids._rollup_move_origs())
        if "customer" in before.location_id.mapped("usage"):
            raise NotNow
        self.by("packer", picking).action_cancel()

    def get_ready(self):
        """Open transfers of which something is held."""
        return self.pickings.filtered(
            lambda p: is_open(p) and any(map(self.held, self.get_rows(p)))
        )

    def get_done(self, code=None):
        """Deliveries, or their first steps, that are done; returns unless told."""
        done = self.pickings.filtered(lambda p: p.state == "done")
        if code is None:
            return done.filtered("return_id")
        return done.filtered(lambda p: p.picking_type_code == code and not p.return_id)

    def take_back(self, pickings, number, row, quantity, exchange):
        picking = self.by("packer", self.choose(pickings, number))
        wizard = Form(
            self.env["stock.return.picking"]
            .with_env(picking.env)
            .with_context(active_id=picking.id, active_model="stock.picking")
        ).save()
        rows = wizard.product_return_moves
        if not rows or self.get_returnable(rows[row % len(rows)].move_id) < quantity:
            raise TriedInVain
        row = rows[row % len(rows)]
        row.quantity = quantity
        name = "action_create_exchanges" if exchange else "action_create_returns"
        back = picking.browse(getattr(wizard, name)()["res_id"])
        rows = back.move_ids
        for move in rows.filtered(lambda m: self.held(m) < m.product_qty):
            if move.location_id.usage == "internal":
                raise TriedInVain  # they are not there any more
            move.quantity = move.product_uom_qty  # they come from outside
        self.name_returned(rows)
        rows.picked = True
        back.with_context(skip_backorder=True).button_validate()

    def get_returnable(self, move):
        """What a done move has brought, and is still there, as far as its steps say."""
        done = oracle.units(move)
        back = move.returned_move_ids.filtered(lambda m: m.state != "cancel")
        onward = move.move_dest_ids.filtered(lambda m: m.state == "done") - back
        return done - oracle.demand(back) - oracle.units(onward)

    def name_returned(self, moves):
        """The numbers of what comes back are those that left."""
        for move in moves.filtered(lambda m: m.has_tracking != "none"):
            left = move.origin_returned_move_id.move_line_ids.lot_id
            back = move.origin_returned_move_id.returned_move_ids.move_line_ids
            left -= (back - move.move_line_ids).lot_id
            lines = move.move_line_ids.filtered(lambda line: not line.lot_id)
            if move.has_tracking == "lot":
                lines.lot_id = move.origin_returned_move_id.move_line_ids.lot_id[:1]
            else:
                for line, lot in zip(lines, left, strict=False):
                    line.lot_id = lot

    def name_asked_back(self, moves):
        """The numbers of what customers are asked to return are of what they have."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id.usage", "=", "customer"),
                ("quantity", ">", 0),
            ],
            order="id",
        )
        for move in moves.filtered(lambda m: m.location_id.usage == "customer"):
            lines = move.move_line_ids.filtered(lambda line: not line.lot_id)
            if move.has_tracking == "lot":
                # of a plain line Odoo asks back what was picked and has never left
                lot = quants.lot_id[:1] or self.world.make_lots(self.product, 1)
                lines.lot_id = lot
            elif move.has_tracking == "serial":
                left = quants.lot_id - moves.move_line_ids.lot_id
                lacking = max(len(lines) - len(left), 0)
                left |= self.world.make_lots(self.product, lacking)
                for line, lot in zip(lines, left, strict=False):
                    line.lot_id = lot
