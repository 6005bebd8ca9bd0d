# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user


class AssembleToOrderCommon(TransactionCase):
    """A warehouse of our own, a desk assembled from legs and a top, and its seller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.warehouse = cls._create_warehouse("Assembly Hall", "ASM")
        cls.stock = cls.warehouse.lot_stock_id
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.customer = cls.env["res.partner"].create({"name": "Azure Interior"})
        cls.leg = cls._create_product("Table Leg")
        cls.top = cls._create_product("Table Top")
        cls.lamp = cls._create_product("Desk Lamp")
        cls.desk = cls._create_product("Desk", components={cls.leg: 4, cls.top: 1})
        cls.desk_to_order = cls._create_product(
            "Desk to Order",
            components={cls.leg: 4, cls.top: 1},
            assembly_policy="assemble_to_order",
        )
        for component in (cls.leg, cls.top, cls.lamp):
            cls._set_stock(component, 1000)
        cls.seller = new_test_user(
            cls.env,
            login="ato_seller",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )

    @classmethod
    def _create_warehouse(cls, name, code, **values):
        return cls.env["stock.warehouse"].create(
            {"name": name, "code": code, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _create_product(cls, name, components=None, **values):
        """A storable product, with a bill of materials when it has components."""
        policy = values.pop("assembly_policy", None)
        product = cls.env["product.product"].create(
            {"name": name, "is_storable": True, "list_price": 100.0, **values}
        )
        if components:
            cls._create_bom(product, components)
        if policy:
            product.assembly_policy = policy
        return product

    @classmethod
    def _create_bom(cls, product, components, **values):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1.0,
                "bom_line_ids": [
                    Command.create({"product_id": component.id, "product_qty": qty})
                    for component, qty in components.items()
                ],
                **values,
            }
        )

    @classmethod
    def _set_stock(cls, product, quantity, location=None):
        """Put `quantity` of `product` on the shelf, as counted."""
        cls.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": product.id,
                "location_id": (location or cls.stock).id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    @classmethod
    def _create_order(cls, *lines, **values):
        """A quotation with one line for each (product, quantity[, to assemble])."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [
                    Command.create(cls._prepare_line_vals(*line)) for line in lines
                ],
                **values,
            }
        )

    @classmethod
    def _prepare_line_vals(cls, product, quantity, to_assemble=None, **values):
        vals = {"product_id": product.id, "product_uom_qty": quantity, **values}
        if to_assemble is not None:
            vals["qty_to_assemble_to_order"] = to_assemble
        return vals

    def _order_form(self, *lines, user=None):
        """The order form as a salesperson fills it: (product, quantity) by line."""
        model = self.env["sale.order"].with_user(user or self.env.user)
        form = Form(model)
        form.partner_id = self.customer
        form.warehouse_id = self.warehouse
        for product, quantity in lines:
            with form.order_line.new() as line:
                line.product_id = product
                line.product_uom_qty = quantity
        return form

    def _produce(self, order, quantity=None, backorder=True):
        """Make `quantity` of an assembly order, all of it unless told."""
        order.qty_producing = order.product_qty if quantity is None else quantity
        order._set_qty_producing()
        context = {"skip_backorder": True}
        if quantity is not None and backorder:
            context["mo_ids_to_backorder"] = order.ids
        line = order.sudo().ato_sale_line_id
        order.with_context(**context).button_mark_done()
        self._check_lines(line)

    def _deliver(self, picking, **quantities):
        """Validate a delivery: whole, or these quantities by source, the rest later."""
        moves = picking.move_ids
        for supply, quantity in quantities.items():
            part = moves.filtered(lambda m, supply=supply: m.ato_supply == supply)
            if quantity:
                part.quantity = quantity
            else:
                moves -= part
        moves.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self._check_lines(picking.sudo().move_ids.sale_line_id)

    def _check_lines(self, lines):
        """After each step of a story the invariants hold for the lines concerned."""
        for line in lines.filtered(lambda line: line.state == "sale"):
            if line._is_split_by_source():
                self.assertInvariants(line)

    def _moves(self, line, supply):
        return line.move_ids.filtered(
            lambda move: move.ato_supply == supply and move.state != "cancel"
        )

    def _free(self, product):
        product.invalidate_recordset()
        return product.with_context(warehouse_id=self.warehouse.id).free_qty

    @contextmanager
    def assertRefused(self, message):
        """Something is refused with `message`, a pattern, and nothing has changed."""
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            yield
            self.env.flush_all()

    def assertLine(self, line, ordered, from_stock, to_assemble):
        """The three figures of a line, which always add up."""
        self.assertRecordValues(
            line,
            [
                {
                    "product_uom_qty": ordered,
                    "qty_from_stock": from_stock,
                    "qty_to_assemble_to_order": to_assemble,
                }
            ],
        )
        self.assertAlmostEqual(ordered, from_stock + to_assemble)

    def assertComponents(self, order, expected):
        """The components of an assembly order: {product: quantity}."""
        moves = order.move_raw_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves}, expected
        )

    def assertInvariants(self, line):
        """What holds for a confirmed line after every operation, by whomever."""
        self.env.flush_all()
        self.env.invalidate_all()
        stock, assembly = line._get_outstanding_parts()
        shipped_stock = line.qty_delivered - line._get_shipped_assembled()
        ordered, to_assemble = line.product_uom_qty, line.qty_to_assemble_to_order
        if to_assemble:
            self.assertGreaterEqual(to_assemble, line.qty_assembled, "D <= A")
            upper = min(ordered, ordered - shipped_stock)
            if line.qty_delivered > ordered:
                upper = max(upper, line.qty_assembled)  # nobody can take that back
            self.assertLessEqual(to_assemble, upper, "A <= Q - Ss")
        remaining = max(0, to_assemble - line.qty_assembled)
        self.assertUnits(line, line._get_open_assembly_quantity(), remaining, "R")
        lacking = line._get_lacking_parts()
        self.assertUnits(line, self._open_demand(line, "assembly"), assembly, "P")
        self.assertAlmostEqual(lacking.assembly, 0, msg="nothing to ask for")
        demand = self._open_demand(line, "stock") + lacking.stock
        self.assertUnits(line, demand, stock, "N")
        outstanding = ordered - line.qty_delivered
        self.assertGreaterEqual(lacking.stock, min(outstanding, 0), "asked for once")
        self.assertLessEqual(line.reserved_qty, max(outstanding, 0) + 0.001, "V <= O")
        self.assertFalse(line.hold_move_ids, "the delivery holds, not the quotation")
        waiting = line._get_waiting_quantity()
        # from the floor by way of the store, with three steps, to the delivery
        chain = line.move_ids | line.assembly_order_ids.move_finished_ids.move_dest_ids
        held = chain.filtered(
            lambda move: move.ato_supply == "assembly"
            and not move.production_id
            and move.state not in ("done", "cancel")
        )._get_held_quantity()
        self.assertAlmostEqual(held, max(waiting, 0), msg="W is held")

    def assertUnits(self, line, units, quantity, message):
        """`units` of the product are `quantity` as far as the line can count."""
        factor = line.product_uom_id.factor / line.product_id.uom_id.factor
        delta = 0.001 if factor == 1 else 0.01 * factor
        self.assertAlmostEqual(units, quantity * factor, msg=message, delta=delta)

    def _open_demand(self, line, supply):
        """What one part has asked for and not delivered, in whichever step it is."""
        parts = []
        for strict in (False, True):
            moves, _incoming = line._get_outgoing_incoming_moves(strict=strict)
            assembly = moves.filtered(lambda m: m.ato_supply == "assembly")
            moves = assembly if supply == "assembly" else moves - assembly
            if strict:
                moves = moves.filtered(lambda move: move.state == "done")
            parts.append(moves._get_procured_quantity())
        asked, delivered = parts
        return asked - delivered
