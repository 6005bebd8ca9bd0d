# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from pytz import UTC

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import Form, HttpCase, TransactionCase, freeze_time, new_test_user
from odoo.tools import file_open

from . import oracle
from .clock import NOW, ZONE

# What always holds in a database: it counts for itself.
CHECK_STATEMENT = "ato_mixed_sales/data/check_invariants.sql"


@freeze_time(NOW)
class AssembleToOrderCommon(TransactionCase):
    """A warehouse of our own, a desk assembled from legs and a top, and its seller.

    Time stands still. Who waits needs a clock that goes, and what is said there holds
    at any hour: a browser has one, tests with threads set `freeze_time` to None.
    """

    def __init_subclass__(cls):
        res = super().__init_subclass__()
        if issubclass(cls, HttpCase):
            cls.freeze_time = None
        return res

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.freeze_time:
            # when records were created, too: the database has a clock of its own
            cls.env.cr._now = datetime.now(UTC).replace(tzinfo=None)
        context = dict(cls.env.context, tracking_disable=True, tz=ZONE)
        cls.env = cls.env(context=context)
        cls.today = Date.context_today(cls.env["sale.order"])
        cls.company = cls.env.company
        cls.company.resource_calendar_id = cls._create_calendar(range(7))
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
    def _create_calendar(cls, weekdays):
        """Working hours on these days of the week: tests say if there are weekends."""
        return cls.env["resource.calendar"].create(
            {
                "name": "Assembly Hours",
                "tz": ZONE,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 16,
                        }
                    )
                    for day in weekdays
                ],
            }
        )

    def _day(self, days):
        return self.today + timedelta(days=days)

    def _noon(self, days):
        """When it is noon where the people are, in so many days, as it is stored."""
        noon = datetime.combine(self._day(days), time(12))
        return self.env.tz.localize(noon).astimezone(UTC).replace(tzinfo=None)

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

    def _set_steps(self, delivery="ship_only", manufacture="mrp_one_step"):
        """In how many steps the warehouse delivers and makes from now on."""
        self.warehouse.write(
            {"delivery_steps": delivery, "manufacture_steps": manufacture}
        )

    def _sell_mixed(self, quantity=10, to_assemble=4, product=None, stock=0, **values):
        """A confirmed line of a seller, with `stock` counted on the shelf before."""
        product = product or self.desk
        if stock:
            self._set_stock(product, stock)
        order = self._create_order(
            (product, quantity, to_assemble), user_id=self.seller.id, **values
        )
        order.action_confirm()
        return order.order_line

    def _scrap(self, product, quantity, location, user=None, **values):
        """Units are broken, and thrown away from where they are."""
        scrap = (
            self.env["stock.scrap"]
            .with_user(user or self.env.user)
            .create(
                {
                    "product_id": product.id,
                    "scrap_qty": quantity,
                    "location_id": location.id,
                    **values,
                }
            )
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")

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

    def _import_order(self, *lines):
        """What Odoo says to a file with an order of these lines, its cells as texts.

        :param lines: (product, quantity), or (product, quantity, to assemble)
        """
        columns = [
            "partner_id/.id",
            "warehouse_id/.id",
            "order_line/product_id/.id",
            "order_line/product_uom_qty",
            "order_line/qty_to_assemble_to_order",
        ]
        rows = [["", "", product.id, *figures] for product, *figures in lines]
        rows[0][:2] = self.customer.id, self.warehouse.id
        return self.env["sale.order"].load(columns[: len(rows[0])], rows)

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

    def _create_boards(self):
        """A board in two colours: its variants, black and white"""
        template = self._create_choice("Board", "Colour", ("Black", "White"))
        return template.product_variant_ids

    def _create_choice(self, name, attribute, values, **how):
        """A storable product.template that is chosen in one of `values`.

        :param how: of the attribute, as whether variants are made
        """
        attribute = self.env["product.attribute"].create(
            {
                "name": attribute,
                "value_ids": [Command.create({"name": value}) for value in values],
                **how,
            }
        )
        chosen = {
            "attribute_id": attribute.id,
            "value_ids": [Command.set(attribute.value_ids.ids)],
        }
        return self.env["product.template"].create(
            {
                "name": name,
                "is_storable": True,
                "attribute_line_ids": [Command.create(chosen)],
            }
        )

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

    def _get_warnings(self, order):
        """What somebody was told of the order, but that something is ready to leave."""
        ready = self.env.ref("ato_mixed_sales.mail_activity_type_ready")
        return order.activity_ids.filtered(lambda o: o.activity_type_id != ready)

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
        """What holds for a confirmed line after every operation, by whomever.

        Counted from its documents alone, see `oracle`.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        self._check_line(line)

    def _check_line(self, line):
        """The same, of what is in the database or has been read from there."""
        line = line.sudo()
        parts, returned = oracle.count_parts(line), oracle.count_returned(line)
        made, coming = oracle.count_made(line)
        self.assertGreaterEqual(made, line.qty_given_up, "given up what was made")
        assembled, left = made - line.qty_given_up, parts["assembly"].delivered
        ordered, to_assemble = self._count_ordered(line)
        elsewhere = line._get_units_delivered_elsewhere()
        shipped = left + parts["stock"].delivered - returned + elsewhere
        self.assertUnits(line, shipped, line.qty_delivered, "S")
        self.assertUnits(line, assembled, line.qty_assembled, "D")
        if to_assemble:
            upper = min(ordered, ordered - (shipped - left))
            stuck = left + oracle.count_stuck(line, "assembly")
            if shipped > ordered:
                upper = max(upper, assembled)  # nobody can take that back
            self.assertLessEqual(assembled, to_assemble + 0.001, "D <= A")
            self.assertLessEqual(to_assemble, max(upper, stuck) + 0.001, "A <= Q - Ss")
        waiting, held_back = assembled - left, self._count_held_back(line)
        remaining = max(to_assemble - assembled, 0)
        # where nobody asks for it yet, it is made when somebody does
        asked = parts["assembly"].open - waiting if held_back else remaining
        self.assertLessEqual(coming, remaining + 0.001, "R")
        self.assertGreaterEqual(coming, min(asked, remaining) - 0.001, "R")
        assembly = max(to_assemble - left, 0)
        stock = max(ordered - shipped - assembly, 0)
        # as in Odoo, what came back, or was given up, is asked for when the line is
        # changed; what of it has left the shelf is nobody's
        dropped = oracle.count_given_up(line)
        passed = dropped + line.qty_given_up
        self._check_part(parts["assembly"], assembly, held_back, passed, "P")
        unasked = returned + dropped + self._count_returned_elsewhere(line)
        unasked += held_back
        # what comes back is sent again, if so much is ordered
        returning = oracle.count_returning(line)
        wanted = max(ordered - shipped - assembly + returning, 0)
        unasked += returning
        if shipped + returned > ordered:
            # as in Odoo, what is exchanged is sent, though too much had left
            wanted = max(wanted, oracle.count_brought_back(line))
            unasked += wanted
        self._check_part(parts["stock"], wanted, unasked, passed, "N")
        # somebody may have picked for it what was not made for it
        most = max(waiting, oracle.count_stuck(line, "assembly"), 0)
        most += oracle.count_surplus_to_store(line)
        held = oracle.count_held_assembly(line)
        self.assertGreaterEqual(held, waiting - 0.001, "W is held")
        self.assertLessEqual(held, most + 0.001, "W is held")
        held = parts["stock"].held + oracle.units(line.hold_move_ids)
        reserved = min(held, stock) + assembly
        self.assertUnits(line, reserved, line.reserved_qty, "V")
        # what is on its way stays so, though a return of a return has taken its place
        most = max(ordered - shipped, oracle.count_stuck(line, "assembly"), 0)
        self.assertLessEqual(reserved, most + 0.001, "V <= O")
        if not held_back:
            self.assertFalse(line.hold_move_ids, "the delivery holds")
        self._check_orders(line)

    def _count_held_back(self, line):
        """What somebody keeps from being delivered: a hook for whoever does."""
        return 0.0

    def _count_returned_elsewhere(self, line):
        """What customers brought back by no move of the line: a hook for bridges."""
        return 0.0

    def _count_ordered(self, line):
        """Q and A in whole units of the product, as the figures on the line say."""
        factor = line.product_uom_id.factor / line.product_id.uom_id.factor
        digits = 0 if factor != 1 else 6
        quantities = line.product_uom_qty, line.qty_to_assemble_to_order
        return [round(quantity * factor, digits) for quantity in quantities]

    def _check_part(self, part, wanted, unasked, passed, name):
        """A part asks for `wanted` at each step; `unasked` may be missing.

        :param passed: what may have left the shelf for nobody
        """
        for number, quantity in enumerate(part.stages):
            step = f"{name} in step {number + 1}"
            self.assertLessEqual(quantity, wanted + passed + 0.001, step)
            self.assertGreaterEqual(quantity, wanted - unasked - 0.001, step)
        self.assertLessEqual(part.open, wanted + 0.001, name)
        self.assertGreaterEqual(part.open, wanted - unasked - 0.001, name)

    def _check_orders(self, line):
        """Each open order makes one thing, for this line alone, of something."""
        for order in line.assembly_order_ids.filtered(oracle.is_open):
            finished = order.move_finished_ids.filtered(
                lambda m, order=order: m.product_id == order.product_id
                and oracle.is_open(m)
            )
            self.assertEqual(finished.mapped("ato_supply"), ["assembly"], order.name)
            fed = finished.move_dest_ids.filtered(oracle.is_open)
            self.assertLessEqual(fed.sale_line_id, line, "feeds no stranger")
            components = order.move_raw_ids.filtered(lambda m: m.state != "cancel")
            self.assertTrue(components, "made of something")

    def _get_broken(self):
        """What `check_invariants` finds in the whole database, its rows as they are."""
        self.env.flush_all()
        with file_open(CHECK_STATEMENT) as file:
            statement = file.read()
        now = datetime.now(UTC)
        statement = statement.replace("now()", f"timestamptz '{now}'")
        statement = statement.replace("current_date", f"date '{now.date()}'")
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

    def assertNothingBroken(self):
        """What holds for every line, quotation, order and hold, by plain SQL."""
        broken = [row for row in self._get_broken() if not row[0].startswith("note ")]
        self.assertFalse(broken, "\n".join(map(str, broken)))

    def assertUnits(self, line, units, quantity, message):
        """`units` of the product are `quantity` as far as the line can count."""
        factor = line.product_uom_id.factor / line.product_id.uom_id.factor
        delta = 0.001 if factor == 1 else 0.01 * factor
        self.assertAlmostEqual(units, quantity * factor, msg=message, delta=delta)


class CheckedStories:
    """Stories after each of which nothing in the whole database is broken."""

    def tearDown(self):
        self.assertNothingBroken()
        super().tearDown()
