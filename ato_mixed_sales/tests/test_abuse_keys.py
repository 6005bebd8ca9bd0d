# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo.exceptions import UserError
from odoo.tests import tagged

from .kinds import get_context_keys
from .kinds_actions import ActionsCommon

# what our methods tell each other: nothing when a client says it
OURS = {"ato_asked", "ato_by_customer", "ato_losing_moves", "ato_step"}
# Odoo's, which would keep the line from having its moves and orders made
ODOOS = {"ignore_mo_ids", "skip_compute_move_raw_ids", "skip_procurement"}
# Odoo's, which we only set for Odoo, or which a client may well say
LEFT_TO_ODOO = {
    "active_test",
    "avoid_putaway_rules",
    "button_validate_picking_ids",
    "default_",
    "default_sale_line_id",
    "do_not_unreserve",
    "mo_ids_to_backorder",
    "product",
    "quantity",
    "quants_cache",
    "sale_no_log_for_new_lines",
    "skip_backorder",
    "skip_uom_conversion",
    "tz",
    "unit",
    "warehouse_id",
    "with_expiration",
    "workcenter",
}
WRONG = (True, "text", ["x"], [7], {"value": True}, 7)


@tagged("post_install", "-at_install")
class TestAbuseKeys(ActionsCommon):
    """What a client says by a context key: the same comes of it as without."""

    def test_keys_are_known(self):
        """Whoever reads or tells by another key decides here whose it is."""
        self.assertEqual(
            get_context_keys(),
            OURS | ODOOS | LEFT_TO_ODOO,
            "a new key: told by `tell` it is one of OURS, else try what a client can "
            "do with it, and add it to ODOOS or LEFT_TO_ODOO",
        )

    def test_wrong_values(self):
        for number, (user, *call) in enumerate(self._get_actions()):
            keys = OURS | (ODOOS if user == self.seller else set())
            expected, found = self._get_result(user, call, {}), []
            for value in WRONG:
                found += self._search_difference(
                    expected, user, call, dict.fromkeys(sorted(keys), value)
                )
            with self.subTest(number=number, user=user.login, call=call):
                self.assertFalse(found, "\n".join(map(str, found)))

    def _search_difference(self, expected, user, call, context):
        """The keys with which something else comes of it: [(key, what)]"""
        result = self._get_result(user, call, context)
        if result == expected:
            return []
        if len(context) == 1:
            return [(context, result)]
        return [
            found
            for key, value in context.items()
            for found in self._search_difference(expected, user, call, {key: value})
        ] or [(context, result)]

    def _get_result(self, user, call, context):
        """What the tables say after a call, without the ids of what is new, or a word.

        :raises Exception: what is no refusal in a sentence
        """
        told = []
        _seen, refusal = self._try(
            {"sale.order": self.quotation.ids},
            partial(self._do, told, user, call, context),
            refused=UserError,
        )
        return refusal or told

    def _do(self, told, user, call, context):
        self._rpc(user, *call, context=context)
        self.env.cr.execute(
            "SELECT 'move', product_id, ato_supply, state, product_uom_qty, quantity, "
            "ato_hold_line_id IS NULL, procure_method FROM stock_move "
            "UNION ALL SELECT 'order', product_id, NULL, state, product_qty, "
            "qty_producing, ato_sale_line_id IS NULL, NULL FROM mrp_production "
            "UNION ALL SELECT 'line', product_id, NULL, state, product_uom_qty, "
            "qty_to_assemble_to_order, NULL, NULL FROM sale_order_line "
            "UNION ALL SELECT 'told', user_id, NULL, NULL, 0, 0, NULL, NULL "
            "FROM mail_activity "
            "UNION ALL SELECT 'told', author_id, NULL, NULL, 0, 0, NULL, NULL "
            "FROM mail_message"
        )
        told += sorted(map(str, self.env.cr.fetchall()))
