# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .chain import PACK, PICK, SHIP, ChainCommon
from .test_tracking import TrackingCommon

STEPS = {
    "ship_only": (SHIP,),
    "pick_ship": (PICK, SHIP),
    "pick_pack_ship": (PICK, PACK, SHIP),
}


@tagged("post_install", "-at_install")
class TestCorrected(TrackingCommon, ChainCommon):
    """What is done is undone, or goes on: its quantity is not changed afterwards.

    Which part still asks for what has followed from it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = new_test_user(
            cls.env,
            login="corrector",
            groups="stock.group_stock_user,mrp.group_mrp_user",
            company_id=cls.company.id,
        )

    def _do(self, steps, last):
        """10, 6 from stock and 4 assembled, go through the steps up to `last`."""
        self._set_stock(self.desk, 0)
        order, line = self._start(steps)
        for step in STEPS[steps]:
            picking = self._do_step(order, step)
            if step == last:
                break
        return line, picking.with_user(self.worker)

    def _get_refusal(self, picking):
        quantities = {"stock": "6.00", "assembly": "4.00"}
        return {
            supply: f"{picking.name} has moved {quantity} Units of Desk for S.*Undo"
            for supply, quantity in quantities.items()
        }

    def test_of_deliveries(self):
        """Fewer, none or more, of each step and source, by move, line or a new line."""
        for steps, names in STEPS.items():
            for last in names:
                line, picking = self._do(steps, last)
                for supply, refusal in self._get_refusal(picking).items():
                    with self.subTest(steps=steps, last=last, supply=supply):
                        move = picking.move_ids.filtered(
                            lambda m, s=supply: m.ato_supply == s
                        )
                        for quantity in (0, 3, 7):
                            with self.assertRefused(refusal):
                                move.move_line_ids.quantity = quantity
                            with self.assertRefused(refusal):
                                move.quantity = quantity
                        with self.assertRefused(refusal):
                            move.move_line_ids = [Command.create({"quantity": 1})]
                        self.assertInvariants(line)
                self._deliver_all(line.order_id)
                self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_as_the_client_does(self):
        """Unlocked, the quantity of a row is typed: the reason is told."""
        line, picking = self._do("ship_only", SHIP)
        picking.action_toggle_is_locked()
        refusal = self._get_refusal(picking)["stock"]
        with self.assertRefused(refusal), Form(picking) as form:
            number = picking.move_ids.mapped("ato_supply").index("stock")
            with form.move_ids.edit(number) as row:
                row.quantity = 5
        with self.assertRefused(refusal):
            move = picking.move_ids.filtered(lambda m: m.ato_supply == "stock")
            picking.web_save(
                {"move_ids": [Command.update(move.id, {"quantity": 5})]}, {}
            )
        self.assertInvariants(line)

    def test_of_put_backs(self):
        """Of what was put back, undone, stored or made, likewise."""
        self._set_steps("pick_ship", "pbm_sam")
        order, line = self._start("pick_ship", made=0)
        made = line.assembly_order_ids
        self._validate(made.picking_ids.filtered(lambda p: p.state == "assigned"))
        self._produce(made)
        store = made.picking_ids.filtered(lambda p: p.state == "assigned")
        self._validate(store)
        done = store.move_ids
        pick = self._do_step(order, PICK)
        done |= self._put_back(pick, assembly=2).move_ids
        done |= made.move_finished_ids
        for move in done.with_user(self.worker):
            with self.subTest(move=move.reference):
                with self.assertRefused(f"for {order.name}, which cannot.*afterwards"):
                    move.move_line_ids.quantity = 1
                with self.assertRefused("afterwards"):
                    move.quantity = 5
        made.is_locked = False
        with self.assertRefused(
            f"{made.name} has made 4.00 Units of Desk for S.*Again"
        ):
            made.with_user(self.worker).web_save({"qty_producing": 3}, {})
        self.assertInvariants(line)
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 4))

    def test_way_out(self):
        """Fewer had left: they are undone, and asked for again."""
        line, picking = self._do("ship_only", SHIP)
        dialog = self.env["assembly.undo"].create({"picking_id": picking.id})
        for row in dialog.line_ids:
            row.qty_to_undo = 1 if row.move_id.ato_supply == "assembly" else 0
        dialog.action_undo()
        self.assertEqual((line.qty_delivered, line.qty_to_assemble_to_order), (9, 4))
        self.assertInvariants(line)

    def test_others(self):
        """Transfers of plain lines are corrected as ever."""
        self._set_stock(self.desk, 10)
        order = self._create_order((self.desk, 5, 0))
        order.action_confirm()
        self._deliver_all(order)
        moves = order.picking_ids.move_ids
        self.assertFalse(any(moves.mapped("ato_supply")))
        moves.with_user(self.worker).quantity = 4
        self.assertEqual(order.order_line.qty_delivered, 4)

    def test_other_number(self):
        """N1 was said to be picked, it was N2: the line keeps all three."""
        clock = self._create_tracked("Clock", "serial", {self.leg: 1})
        self.warehouse.delivery_steps = "pick_ship"
        line = self._sell_mixed(3, 3, clock)
        order = line.order_id
        lots = self._produce_lots(line.assembly_order_ids, "N1", "N2", "N3")
        pick = self._get_step(order, PICK)
        pick.move_line_ids[1:].unlink()
        self._deliver(pick)
        self.assertEqual(pick.move_line_ids.lot_id, lots[0])
        pick.move_line_ids.lot_id = lots[1]
        self.assertLine(line, 3, 0, 3)
        self.assertFalse(self._get_warnings(order))
        rest, ship = self._get_step(order, PICK), self._get_step(order, SHIP)
        self.assertEqual(rest.move_line_ids.lot_id, lots[0] | lots[2])
        self.assertEqual(ship.move_line_ids.lot_id, lots[1])
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (3, 3))
        self.assertInvariants(line)
        self.assertNothingBroken()
