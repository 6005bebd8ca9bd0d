# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .common import AssembleToOrderCommon

NAME = {"fields": {"display_name": {}}}
ROW = {
    "sale_line_id": NAME,
    "product_id": NAME,
    "ordered_qty": {},
    "qty_to_ship": {},
    "remark": {},
}
SHIPMENT = {"picking_id": NAME, "remarks": {}, "line_ids": {"fields": ROW}}
UNDONE = {"move_id": NAME, "product_id": NAME, "left_qty": {}, "comes_back": {}}
UNDO = {"picking_id": NAME, "remarks": {}, "line_ids": {"fields": UNDONE}}
PLACE = {"location_id": NAME, "lot_id": NAME, "owner_id": NAME, "available_qty": {}}
RESERVATION = {
    "sale_line_id": NAME,
    "product_id": NAME,
    "needed_qty": {},
    "line_ids": {"fields": PLACE},
}


@tagged("post_install", "-at_install")
class TestDialogRights(AssembleToOrderCommon):
    """A dialog shows nothing that its user may not see elsewhere, sent as over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Competitor"})
        sales, work = "sales_team.group_sale_salesman", "stock.group_stock_user"
        cls.stranger = new_test_user(cls.env, "ato_stranger", "base.group_user")
        cls.colleague = new_test_user(cls.env, "ato_colleague", sales)
        cls.portal = new_test_user(cls.env, "ato_portal", "base.group_portal")
        cls.outsider = new_test_user(
            cls.env,
            "ato_outsider",
            f"{sales}_all_leads,{work},mrp.group_mrp_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.packer = new_test_user(cls.env, "ato_packer", work)
        # Odoo lets the warehouse read orders; who sells as well reads their own only
        cls.shipper = new_test_user(cls.env, "ato_shipper", f"{sales},{work}")
        export = cls.env.ref("base.group_allow_export")
        export.user_ids |= cls.stranger | cls.outsider | cls.shipper
        cls._set_stock(cls.desk, 20)
        cls.order = cls._create_order(
            (cls.desk, 10, 4), (cls.desk_to_order, 5, 5), user_id=cls.seller.id
        )
        cls.other = cls._create_order((cls.desk, 6, 2), user_id=cls.seller.id)
        (cls.order | cls.other).action_confirm()
        cls.quotation = cls._create_order((cls.desk, 7, 2), user_id=cls.seller.id)
        cls.secrets = ("Azure", "Desk", "Assembly Hall", "ASM/", cls.order.name)
        cls.env.flush_all()

    def _call(self, user, model, method, *args, **kwargs):
        """As a client calls it, who has read nothing before."""
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, list(args), kwargs)

    def assertClosed(self, user, model, method, *args, **kwargs):
        """The call is refused, or tells nothing."""
        try:
            with self.env.cr.savepoint():
                result = self._call(user, model, method, *args, **kwargs)
                told = json.dumps(result, default=str)
        except UserError as refusal:
            told = str(refusal)
        for secret in self.secrets:
            self.assertNotIn(secret, told)

    def assertRefused403(self, user, model, method, *args, **kwargs):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._call(user, model, method, *args, **kwargs)

    def _ways_to_name(self):
        """(model, values, specification): each names what is not the user's."""
        picking, line = self.order.picking_ids, self.order.order_line[0]
        row = {"sale_line_id": line.id}
        parent = {"picking_id": picking.id, "line_ids": [[0, "virtual_1", row]]}
        quoted = self.quotation.order_line
        return [
            ("assembly.shipment", {"picking_id": picking.id}, SHIPMENT),
            ("assembly.shipment", {"line_ids": [[0, "virtual_1", row]]}, SHIPMENT),
            ("assembly.shipment", parent, SHIPMENT),
            ("assembly.shipment.line", row, ROW),
            ("assembly.shipment.line", {**row, "shipment_id": parent}, ROW),
            (
                "assembly.shipment.line",
                {"shipment_id": {"picking_id": picking.id}},
                {"shipment_id": {"fields": {"picking_id": NAME}}, **ROW},
            ),
            ("assembly.undo", {"picking_id": picking.id}, UNDO),
            ("assembly.undo.line", {"move_id": picking.move_ids[0].id}, UNDONE),
            ("sale.line.reservation", {"sale_line_id": quoted.id}, RESERVATION),
            (
                "sale.line.reservation.line",
                {"reservation_id": {"sale_line_id": quoted.id}},
                {"reservation_id": {"fields": RESERVATION}, **PLACE},
            ),
        ]

    def test_strangers_name_what_is_not_theirs(self):
        """By values, rows, parents, defaults and creation: nothing is told."""
        for user in self.stranger | self.portal | self.outsider | self.colleague:
            for model, values, spec in self._ways_to_name():
                defaults = {f"default_{name}": values[name] for name in values}
                refused = self.assertRefused403
                if list(values) == ["shipment_id"]:
                    refused = self.assertClosed  # for the lack of a line
                with self.subTest(user=user.login, model=model, values=values):
                    refused(user, model, "onchange", [], values, list(values), spec)
                    refused(user, model, "onchange", [], values, [], spec)
                    self.assertClosed(
                        user, model, "onchange", [], {}, [], spec, context=defaults
                    )
                    self.assertRefused403(user, model, "create", [values])
                    self.assertRefused403(user, model, "web_save", [], values, spec)
                    if not isinstance([*values.values()][0], dict):
                        self.assertRefused403(
                            user, model, "create", {}, context=defaults
                        )

    def test_shapes_of_values(self):
        """An id as text or as a number with decimals names no record."""
        picking = self.order.picking_ids
        for value in (
            str(picking.id),
            float(picking.id),
            {"id": picking.id},
            [picking.id],
        ):
            values = {"picking_id": value}
            with self.subTest(value=value):
                with self.assertRaises(UserError):
                    self._call(
                        self.outsider,
                        "assembly.shipment",
                        "onchange",
                        [],
                        values,
                        ["picking_id"],
                        SHIPMENT,
                    )

    def test_shipper_without_rights_on_the_order(self):
        """Opens the dialog of a transfer, edits, ships; lines stay closed to them."""
        self.assertRefused403(
            self.shipper, "sale.order.line", "read", self.order.order_line.ids, ["name"]
        )
        model = self.env["assembly.shipment"].with_user(self.shipper)
        self.env.invalidate_all()
        picking = self.order.picking_ids
        with Form(model.with_context(default_picking_id=picking.id)) as form:
            with form.line_ids.edit(0) as row:
                self.assertEqual(row.product_id.display_name, "Desk")
                self.assertEqual((row.ordered_qty, row.qty_to_ship), (10, 10))
                row.qty_to_ship = 6
                self.assertEqual(row.qty_from_assembly, 4)
            with form.line_ids.edit(1) as row:
                row.qty_to_ship = 1
        form.record.action_ship()
        shipped = self.order.order_line.mapped("qty_delivered")
        self.assertEqual(shipped, [6, 1])

    def test_shipper_searches_through(self):
        """The rows lead to nothing of the order that is closed to who ships."""
        shipment = self._open_by_rpc(self.shipper)
        model = "assembly.shipment.line"
        for path in ("sale_line_id.price_unit", "sale_line_id.order_id.amount_total"):
            found = self._call(self.shipper, model, "search", [(path, ">", 0)])
            self.assertEqual(found, [], path)
        domain = [("line_ids.sale_line_id.order_id.name", "=", self.order.name)]
        found = self._call(self.shipper, "assembly.shipment", "search", domain)
        self.assertEqual(found, [])
        found = self._call(self.shipper, model, "search", [("qty_to_ship", ">", 0)])
        self.assertEqual(len(found), 2, "the rows themselves are the shipper's")
        rows = self.env["assembly.shipment"].browse(shipment).line_ids.ids
        self.assertRefused403(
            self.shipper, model, "export_data", rows, ["sale_line_id/price_unit"]
        )
        self.assertRefused403(
            self.shipper,
            model,
            "web_read",
            rows,
            {"sale_line_id": {"fields": {"price_unit": {}}}},
        )

    def _open_by_rpc(self, user, picking=None, **values):
        picking = picking or self.order.picking_ids
        vals = {"picking_id": picking.id, **values}
        [shipment] = self._call(user, "assembly.shipment", "create", [vals])
        return shipment

    def test_dialogs_are_their_openers(self):
        """Nobody reads, finds, changes, copies or ships by the dialog of another."""
        shipment = self._open_by_rpc(self.packer)
        rows = self.env["assembly.shipment"].browse(shipment).line_ids.ids
        [wizard] = self._call(
            self.seller,
            "sale.line.reservation",
            "create",
            [{"sale_line_id": self.quotation.order_line.id}],
        )
        places = self.env["sale.line.reservation"].browse(wizard).line_ids.ids
        second = new_test_user(
            self.env,
            "ato_second",
            "stock.group_stock_manager,sales_team.group_sale_manager,"
            "base.group_allow_export",
        )
        for user in self.outsider | self.stranger | second:
            for model, ids, name in (
                ("assembly.shipment", [shipment], "picking_id"),
                ("assembly.shipment.line", rows, "sale_line_id"),
                ("sale.line.reservation", [wizard], "sale_line_id"),
                ("sale.line.reservation.line", places, "location_id"),
            ):
                with self.subTest(user=user.login, model=model):
                    for method, *args in (
                        ("read", [name]),
                        ("web_read", {name: NAME}),
                        ("export_data", [f"{name}/display_name"]),
                        ("write", {name: False}),
                        ("copy",),
                        ("unlink",),
                    ):
                        self.assertRefused403(user, model, method, ids, *args)
                    self.assertClosed(user, model, "search_read", [], [name])
                    self.assertClosed(
                        user, model, "formatted_read_group", [], [name], ["__count"]
                    )
        self.assertRefused403(second, "assembly.shipment", "action_ship", [shipment])
        for method in ("action_reserve", "action_auto_reserve"):
            self.assertRefused403(second, "sale.line.reservation", method, [wizard])
        self.assertRefused403(
            second, "assembly.shipment.line", "create", [{"shipment_id": shipment}]
        )
        self.assertRefused403(
            second,
            "assembly.shipment",
            "onchange",
            [],
            {"picking_id": self.order.picking_ids.id, "line_ids": [[4, rows[0]]]},
            ["line_ids"],
            SHIPMENT,
        )

    def test_source_is_taken_away(self):
        """Whoever may not see the source any more does not by an old dialog."""
        [wizard] = self._call(
            self.seller,
            "sale.line.reservation",
            "create",
            [{"sale_line_id": self.quotation.order_line.id}],
        )
        model = "sale.line.reservation"
        places = self.env[model].browse(wizard).line_ids.ids
        self.assertTrue(
            self._call(self.seller, model, "web_read", [wizard], {"product_id": NAME})
        )
        self.quotation.user_id = self.colleague
        for records, ids in ((model, [wizard]), (f"{model}.line", places)):
            self.assertRefused403(self.seller, records, "read", ids, ["display_name"])
            self.assertEqual(self._call(self.seller, records, "search", []), [])

    def test_rows_of_other_transfers(self):
        """A row for a line of another transfer is refused, whoever may read both."""
        other = self.other.order_line
        kept = [Command.create({"sale_line_id": self.order.order_line[0].id})]
        for user in self.packer | self.env.ref("base.user_admin"):
            shipment = self._open_by_rpc(user)
            for model, method, *args in (
                (
                    "assembly.shipment.line",
                    "create",
                    [{"shipment_id": shipment, "sale_line_id": other.id}],
                ),
                (
                    "assembly.shipment",
                    "write",
                    [shipment],
                    {"line_ids": [Command.create({"sale_line_id": other.id})]},
                ),
                (
                    "assembly.shipment",
                    "create",
                    [
                        {
                            "picking_id": self.order.picking_ids.id,
                            "line_ids": [
                                *kept,
                                Command.create({"sale_line_id": other.id}),
                            ],
                        }
                    ],
                ),
            ):
                with self.subTest(user=user.login, method=method):
                    with self.assertRefused("stands for no order line of the transfer"):
                        self._call(user, model, method, *args)

    def test_transfer_of_a_dialog_is_changed(self):
        """The rows of one transfer do not ship another."""
        shipment = self._open_by_rpc(self.packer)
        rows = self.env["assembly.shipment"].browse(shipment).line_ids.ids
        vals = {
            "picking_id": self.other.picking_ids.id,
            "line_ids": [Command.set(rows)],
        }
        with self.assertRefused("stands for no order line of the transfer"):
            self._call(self.packer, "assembly.shipment", "write", [shipment], vals)

    def test_one_line_twice(self):
        """3 and 3 of one line: refused, nothing is shipped (R9)."""
        line = self.order.order_line[0]
        row = {"sale_line_id": line.id, "qty_to_ship": 3, "qty_from_assembly": 0}
        with self.assertRefused("or for one that has a row already"):
            self._open_by_rpc(
                self.packer, line_ids=[Command.create(row), Command.create(row)]
            )
        shipment = self._open_by_rpc(self.packer, line_ids=[Command.create(row)])
        with self.assertRefused("or for one that has a row already"):
            self._call(
                self.packer,
                "assembly.shipment.line",
                "create",
                [{**row, "shipment_id": shipment}],
            )
        self._call(self.packer, "assembly.shipment", "action_ship", [shipment])
        self.assertEqual(line.qty_delivered, 3)

    def test_one_place_twice(self):
        """2 and 2 of one bin: refused, nothing is held."""
        line = self.quotation.order_line
        quant = self.desk.stock_quant_ids.filtered(
            lambda quant: quant.location_id == self.stock
        )
        row = Command.create({"quant_id": quant.id, "qty_to_reserve": 2})
        model = "sale.line.reservation"
        vals = {"sale_line_id": line.id, "line_ids": [row, row]}
        with self.assertRefused("two rows stand for the same stock"):
            self._call(self.seller, model, "create", [vals])
        vals["line_ids"] = [row]
        [wizard] = self._call(self.seller, model, "create", [vals])
        self._call(self.seller, model, "action_reserve", [wizard])
        self.assertEqual(line.reserved_stock_qty, 2)

    def test_lots_of_others(self):
        """A lot is named to whoever may read stock of it, nobody else."""
        company = self.outsider.company_id
        product = self.env["product.product"].create(
            {"name": "Secret", "is_storable": True, "tracking": "lot"}
        )
        lot = self.env["stock.lot"].create(
            {"name": "LOT-SECRET", "product_id": product.id, "company_id": company.id}
        )
        for user in self.seller | self.stranger:
            self.assertRefused403(
                user,
                "sale.line.reservation.line",
                "onchange",
                [],
                {"lot_id": lot.id},
                ["lot_id"],
                PLACE,
            )
