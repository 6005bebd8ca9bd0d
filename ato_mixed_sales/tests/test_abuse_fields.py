# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from itertools import cycle

from odoo.fields import Command
from odoo.tests import tagged

from .kinds import MARK, KindsCommon, get_fields, get_models

WRONG = ("text", [4], {"a": 1})
RIGHT = {
    "boolean": True,
    "char": MARK,
    "text": MARK,
    "date": "2031-01-01",
    "datetime": "2031-01-01 12:00:00",
    "float": 3,
    "integer": 3,
    "monetary": 3,
    "json": {"product_id": 1, "quantity": 3, "to_order": True},
}
FIELDS = {
    "assembly.sale.report": """
        assembly_policy categ_id company_id cost currency_id date days_to_deliver
        days_to_ready late_share margin order_id partner_id picking_id product_id
        product_tmpl_id quantity revenue sale_line_id source stock_instead_share
        team_id user_id warehouse_id
    """,
    "assembly.shipment": """
        has_other_products has_tracked_lines line_ids picking_id remarks
    """,
    "assembly.shipment.line": """
        adjustment allowed_range assembly_outstanding_qty assembly_ready_qty lot_ids
        max_qty_from_assembly min_qty_from_assembly needs_lots ordered_qty
        product_id product_uom_id proposed_from_assembly qty_from_assembly
        qty_from_stock qty_to_assemble qty_to_ship remark sale_line_id
        shipment_id shipped_qty stock_outstanding_qty stock_ready_qty
    """,
    "assembly.undo": "has_lots line_ids picking_id remarks",
    "assembly.undo.line": """
        ato_supply comes_back left_lot_ids left_qty lot_ids move_id product_id
        product_uom_id qty_to_undo tracking undo_id
    """,
    "crm.team": "orders_to_decide_count",
    "mrp.production": """
        ato_bom_basis ato_partner_id ato_sale_line_id ato_sale_order_id
        ato_shipment_id can_be_made_again is_assemble_to_order
    """,
    "mrp.unbuild": "ato_places",
    "product.assembly.policy": """
        company_id policy product_id product_tmpl_id warehouse_id
    """,
    "product.product": "able_to_assemble_qty",
    "product.template": "assembly_policy assembly_policy_ids has_assembly_bom",
    "res.company": """
        assembly_order_creation ready_mail_template_id reserve_stock_at_once
        uncovered_confirmation
    """,
    "res.partner": "assembly_single_lot assembly_single_source",
    "res.config.settings": """
        assembly_order_creation ready_mail_template_id reserve_stock_at_once
        uncovered_confirmation
    """,
    "sale.line.reservation": """
        has_lots has_packages held_qty line_ids needed_qty open_qty product_id
        product_uom_id sale_line_id short_qty
    """,
    "sale.line.reservation.line": """
        available_qty location_id lot_id on_hand_qty owner_id package_id
        product_uom_id qty_to_reserve quant_id reservation_id reserved_other_qty
        reserved_qty
    """,
    "sale.report": "qty_delivered_from_assembly qty_to_assemble_to_order",
    "sale.order": """
        assembly_order_count assembly_state assembly_state_text bin_warning
        earliest_promise_date has_assembled_lines
        has_assembly_shipment has_split_lines may_have_assembled_lines
        promise_told typed_figures
    """,
    "sale.order.line": """
        able_to_assemble_qty assembly_basis assembly_bom_id assembly_figures
        assembly_cost assembly_order_ids assembly_policy assembly_price assembly_status
        assembly_status_text
        availability_date awaits_product bin_location_id bin_proposal_id
        bin_warning component_changes components_short_qty deductible_qty hold_move_ids
        is_assembled is_late missing_qty promised_date qty_assembled qty_from_stock
        qty_given_up qty_held_back qty_to_assemble_to_order reserved_qty
        reserved_stock_qty rolled_up_cost rolled_up_price
        split_from_line_id split_line_ids typed_figures
    """,
    "sale.order.template.line": "has_assembly_bom qty_to_assemble_to_order",
    "stock.move": """
        ato_hold_line_id ato_hold_order_id ato_hold_until ato_is_hold ato_is_undo
        ato_supply
    """,
    "stock.backorder.confirmation": "ato_to_assemble",
    "stock.picking": """
        ato_bin_warning ato_qty_to_assemble awaits_assembly has_assembly_part
        is_assembly_shipment is_undoable_shipment
    """,
    "stock.return.picking": "ato_is_undo has_assembly_part",
    "stock.return.picking.line": "ato_supply",
    "stock.warehouse": """
        ato_ship_first ato_shipment_location_id from_assembly_location_id
        to_assembly_location_id
    """,
}
# where our own code links, labels and holds for what is entered
SELLING = ("sale.order", "sale.order.line")


@tagged("post_install", "-at_install")
class TestAbuseFields(KindsCommon):
    """Each field of ours, in `create` and as a default, by each kind of user."""

    def test_fields_of_new_records(self):
        """Links, labels and holds come from the line of an order and nowhere else."""
        users = self.seller | self.stranger | self.packer
        users |= self.planner | self.portal | self.outsider
        last = max(self.env["sale.order.line"].search([]).ids)
        bases = self._get_bases()
        for user in users:
            forbidden = self._get_forbidden(user)
            before, found = self._look(forbidden), []
            links = self._look_for_links()
            for model, field, value in self._get_cases(user):
                base = bases.get(model, {})
                for vals, context in (
                    ({**base, field.name: value}, {}),
                    (base, {f"default_{field.name}": value}),
                ):
                    action = partial(
                        self._create, user, model, vals, context, (links, last)
                    )
                    harm, _refusal = self._get_harm(forbidden, before, action)
                    if harm:
                        found.append((str(field), value, bool(context), harm))
            with self.subTest(user=user.login):
                self.assertFalse(found, "\n".join(map(str, found)))

    def _get_cases(self, user):
        """Fields and values; one value where the user may create nothing anyway."""
        wrong = cycle(WRONG)
        for model in get_models(self.env):
            if self.env[model]._abstract:
                continue
            creates = self.env[model].with_user(user).has_access("create")
            for name in sorted(get_fields(self.env, model)):
                field = self.env[model]._fields[name]
                values = [*self._get_right_values(field), next(wrong)]
                for value in values if creates else values[:1]:
                    yield model, field, value

    def _get_right_values(self, field):
        """Values of the type of the field, of what is not the user's."""
        if field.relational:
            row = self._get_canary(field.comodel_name)
            if field.type == "many2one":
                return [row.id]
            mark = self._mark(field.comodel_name)
            return [
                [Command.link(row.id)],
                [Command.set(row.ids)],
                [Command.update(row.id, mark)],
                [Command.create(mark)],
            ]
        if field.type == "selection":
            return field.get_values(self.env)[:1]
        return [RIGHT[field.type]]

    def _get_bases(self):
        """What a new record has besides: {model: values}"""
        move = {
            "product_id": self.desk.id,
            "product_uom_qty": 2,
            "location_id": self.stock.id,
            "location_dest_id": self.customer.property_stock_customer.id,
        }
        places = {name: move[name] for name in ("location_id", "location_dest_id")}
        return {
            "sale.order": {"partner_id": self.customer.id},
            "sale.order.line": {
                "order_id": self.quotation.id,
                "product_id": self.desk.id,
                "product_uom_qty": 2,
            },
            "mrp.production": {"product_id": self.desk.id, "product_qty": 2},
            "stock.move": move,
            "stock.picking": {
                "picking_type_id": self.warehouse.out_type_id.id,
                **places,
            },
            "sale.line.reservation": {"sale_line_id": self.quotation.order_line.id},
            "assembly.shipment": {"picking_id": self.order.picking_ids.id},
            "assembly.undo": {"picking_id": self.order.picking_ids.id},
        }

    def _create(self, user, model, vals, context, expected):
        self._rpc(user, model, "create", [vals], context=context)
        links, last = expected
        found = self._look_for_links()
        if model in SELLING:
            # those of new lines are as they should be
            found = {link for link in found if link[-1] <= last}
        self.assertEqual(found, links)

    def _look_for_links(self):
        """What is linked, labelled or held: {(table, id, ..., line)}"""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 'move', id, ato_supply, "
            "COALESCE(ato_hold_line_id, sale_line_id, 0) FROM stock_move "
            "WHERE ato_supply IS NOT NULL OR ato_hold_line_id IS NOT NULL "
            "UNION ALL SELECT 'order', id, NULL, ato_sale_line_id FROM mrp_production "
            "WHERE ato_sale_line_id IS NOT NULL "
            "UNION ALL SELECT 'line', id, NULL, split_from_line_id "
            "FROM sale_order_line WHERE split_from_line_id IS NOT NULL"
        )
        return set(self.env.cr.fetchall())

    def test_fields_are_known(self):
        """Whoever adds a field decides here who may enter it, and how it is guarded."""
        found = {model: get_fields(self.env, model) for model in get_models(self.env)}
        self.assertEqual(
            {model: names for model, names in found.items() if names},
            {model: set(names.split()) for model, names in FIELDS.items()},
            "a new field: add it to FIELDS; one that nobody may enter is guarded by "
            "`_guarded_fields`, one of a new type needs a value in RIGHT",
        )
