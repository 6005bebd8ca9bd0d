# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from .chain import PACK, PICK, SHIP, ChainCommon
from .common import CheckedStories


@tagged("post_install", "-at_install")
class TestLostOnTheWay(CheckedStories, ChainCommon):
    """What is gone behind the shelf is asked for on the shelf (E5)."""

    def test_assembled_unit_scrapped_in_output(self):
        """1 of 3 in Output: A falls to 3, the line asks stock for 7, seller is told."""
        order, line = self._start(stock=7)
        self._do_step(order, PICK, stock=0, assembly=3)
        shipping = self._get_step(order, SHIP)
        output = self.warehouse.wh_output_stock_loc_id
        self._scrap(self.desk, 1, output, picking_id=shipping.id)
        self.assertLine(line, 10, 7, 3)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (7, 1))
        self.assertEqual(self._count_asked(order, SHIP), (0, 2))
        self.assertIn(line.assembly_order_ids.name, order.activity_ids.note)
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 3))

    def test_assembled_units_counted_away_in_packing(self):
        """Counted 1 where 3 were: A falls to 2."""
        order, line = self._start("pick_pack_ship", stock=8)
        self._do_step(order, PICK, stock=0, assembly=3)
        self._set_stock(self.desk, 1, self.warehouse.wh_pack_stock_loc_id)
        self.assertLine(line, 10, 8, 2)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (8, 1))
        self.assertEqual(self._count_asked(order, PACK), (0, 1))
        self._deliver_all(order)
        self.assertEqual((line.qty_delivered, line.qty_assembled), (10, 2))

    def test_all_assembled_units_lost_in_output(self):
        """Counted 0 where all 4 were: all 10 are taken from stock."""
        order, line = self._start(stock=10)
        self._do_step(order, PICK, stock=0, assembly=4)
        self._set_stock(self.desk, 0, self.warehouse.wh_output_stock_loc_id)
        self.assertLine(line, 10, 10, 0)
        self.assertInvariants(line)
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)

    def test_stock_unit_scrapped_in_output(self):
        """1 of 2 from stock in Output: picked again, and the seller is told."""
        order, line = self._start(stock=7)
        self._do_step(order, PICK, stock=2, assembly=0)
        self._scrap(self.desk, 1, self.warehouse.wh_output_stock_loc_id)
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (5, 4))
        self.assertEqual(self._count_asked(order, SHIP), (1, 0))
        self.assertIn("were picked, are gone", order.activity_ids.note)
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)

    def test_stock_is_not_asked_for_twice(self):
        """What the customer has returned is not asked for when a unit is scrapped."""
        order, line = self._start(stock=7)
        self._do_step(order, PICK, stock=3, assembly=0)
        shipping = self._do_step(order, SHIP, stock=2)
        self._put_back(shipping, stock=1)
        self.assertEqual(line.qty_delivered, 1)
        self._scrap(self.desk, 1, self.warehouse.wh_output_stock_loc_id)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (4, 4))
        self.assertEqual(self._count_asked(order, SHIP), (0, 0))

    def _let_go_in_output(self):
        """3 from stock are in Output, and somebody has let go of them."""
        order, line = self._start(stock=9)
        self._do_step(order, PICK, stock=3, assembly=0)
        self._get_step(order, SHIP).do_unreserve()
        return order, line

    def _check_picked_again(self, order, line, again):
        """`again` of 3 are picked once more, the seller is told, all is delivered."""
        self.assertLine(line, 10, 6, 4)
        self.assertInvariants(line)
        self.assertEqual(self._count_asked(order, PICK), (3 + again, 4))
        self.assertEqual(self._count_asked(order, SHIP), (3 - again, 0))
        self.assertIn(f"{again}.00 Units", order.activity_ids.note)
        self.assertIn("were picked, are gone", order.activity_ids.note)
        self._set_stock(self.desk, 30)
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)

    def test_scrapped_after_somebody_let_go_of_them(self):
        """Odoo has the delivery wait for 2 that are gone; they are picked again."""
        order, line = self._let_go_in_output()
        self._scrap(self.desk, 2, self.warehouse.wh_output_stock_loc_id)
        self._check_picked_again(order, line, 2)

    def test_counted_away_after_somebody_let_go_of_them(self):
        order, line = self._let_go_in_output()
        self._set_stock(self.desk, 0, self.warehouse.wh_output_stock_loc_id)
        self._check_picked_again(order, line, 3)

    def test_shipped_to_somebody_else_after_somebody_let_go_of_them(self):
        """Another customer gets 4 where 2 were picked: 2 of the 3 are theirs."""
        order, line = self._let_go_in_output()
        other, _line = self._start(stock=12)
        self._do_step(other, PICK, stock=2, assembly=0)
        self._do_step(other, SHIP, stock=4, assembly=0)
        self._check_picked_again(order, line, 2)

    def test_two_deliveries_of_one_line_had_let_go_of_them(self):
        """3 in Output, 2 and 1 of two transfers: 1 is scrapped, 1 is picked again."""
        order, line = self._let_go_in_output()
        shipping = self._get_step(order, SHIP)
        shipping.move_ids.filtered("product_uom_qty").quantity = 2
        shipping.action_split_transfer()
        transfers = self._get_step(order, SHIP)
        self.assertEqual(len(transfers), 2)
        transfers.do_unreserve()
        self._scrap(self.desk, 1, self.warehouse.wh_output_stock_loc_id)
        self._check_picked_again(order, line, 1)

    def test_shipped_by_who_has_no_rights_in_sales(self):
        """Who packs lets go of 3, and ships 2 of them to somebody else."""
        packer = new_test_user(
            self.env,
            login="packer_of_others",
            groups="stock.group_stock_user",
            company_id=self.company.id,
        )
        order, line = self._start(stock=9)
        self._do_step(order, PICK, stock=3, assembly=0)
        self._get_step(order, SHIP).with_user(packer).do_unreserve()
        other, _line = self._start(stock=12)
        self._do_step(other, PICK, stock=2, assembly=0)
        shipping = self._get_step(other, SHIP).with_user(packer)
        moves = shipping.move_ids.filtered(lambda move: move.ato_supply == "stock")
        moves.quantity = 4
        moves.picked = True
        shipping.with_context(skip_backorder=True).button_validate()
        self._check_picked_again(order, line, 2)

    def test_scrapped_between_two_lives(self):
        """What a cancelled order had picked is nobody's: the next life asks for all."""
        order, line = self._let_go_in_output()
        order._action_cancel()
        self._scrap(self.desk, 2, self.warehouse.wh_output_stock_loc_id)
        order.action_draft()
        order.action_confirm()
        self.assertInvariants(line)
        self._set_stock(self.desk, 30)
        orders = line.assembly_order_ids.filtered(lambda o: o.state == "confirmed")
        self._produce(orders)
        self._deliver_all(order)
        self.assertEqual(line.qty_delivered, 10)
        self.assertInvariants(line)
