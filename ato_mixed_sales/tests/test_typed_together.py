# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import json_default

from .common import AssembleToOrderCommon

LINE = (
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_to_assemble_to_order",
    "assembly_basis",
    "assembly_figures",
    "assembly_status",
    "assembly_status_text",
    "sequence",
)
TOLD = (
    "able_to_assemble_qty",
    "components",
    "missing_qty",
    "promise_text",
    "status_text",
)


@tagged("post_install", "-at_install")
class TestTypedTogether(AssembleToOrderCommon):
    """Lines that share stock or components are true together while one is typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_stock(cls.desk, 20)

    def _edit(self, order, *quantities):
        """Type the quantities of the lines: what the others say after each."""
        texts = []
        with Form(order.with_user(self.seller)) as form:
            for index, quantity in quantities:
                with form.order_line.edit(index) as line:
                    line.product_uom_qty = quantity
                texts.append(self._read_texts(form, len(order.order_line)))
        return texts

    def _read_texts(self, form, count):
        texts = []
        for index in range(count):
            with form.order_line.edit(index) as line:
                texts.append(line.assembly_status_text)
        return texts

    def test_stock_is_shared(self):
        """20 free, lines of 5 and 15: of 8 and 15, 3 are missing; and back."""
        order = self._create_order(
            (self.desk, 5), (self.desk, 15), user_id=self.seller.id
        )
        texts = self._edit(order, (0, 8), (0, 5), (1, 16), (0, 4))
        self.assertEqual(
            texts,
            [
                ["8 in stock", "3 missing"],
                ["5 in stock", "15 in stock"],
                ["5 in stock", "1 missing"],
                ["4 in stock", "16 in stock"],
            ],
        )
        self.assertEqual(
            order.order_line.mapped("assembly_status_text"),
            ["4 in stock", "16 in stock"],
        )

    def test_components_are_shared(self):
        """Tops for 12: 5 and 7 desks can be assembled, of 8 and 7 only 4."""
        drawer = self._create_product("Drawer")
        desk = self._create_product("Roll-Top Desk", components={drawer: 1})
        self._set_stock(drawer, 12)
        order = self._create_order((desk, 5, 5), (desk, 7, 7), user_id=self.seller.id)
        with Form(order.with_user(self.seller)) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 8
            self.assertEqual(self._read_texts(form, 2)[1], "components short: 4 of 7")

    def test_new_quotation(self):
        """Nothing is saved: lines are known by what the client calls them."""
        order = self.env["sale.order"].with_user(self.seller)
        with Form(order.with_context(default_partner_id=self.customer.id)) as form:
            form.warehouse_id = self.warehouse
            for quantity in (5, 15):
                with form.order_line.new() as line:
                    line.product_id = self.desk
                    line.product_uom_qty = quantity
            self.assertEqual(self._read_texts(form, 2), ["5 in stock", "15 in stock"])
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 8
            self.assertEqual(self._read_texts(form, 2), ["8 in stock", "3 missing"])
            form.order_line.remove(0)
            self.assertEqual(self._read_texts(form, 1), ["15 in stock"])

    def test_no_more_than_needed(self):
        """Only lines whose figures are different now are told, each once.

        Of what is assembled the components are told with them, at first.
        """
        order = self._create_order(
            (self.desk, 5),
            (self.desk, 15),
            (self.desk_to_order, 2),
            (self.lamp, 1),
            user_id=self.seller.id,
        )
        first, second, third, lamp = order.order_line
        figures = self._ask(order, [Command.update(first.id, {"product_uom_qty": 8})])
        self.assertEqual(figures.keys(), {first.id, second.id, third.id})
        self.assertEqual(figures[first.id]["status_text"], "8 in stock")
        self.assertEqual(len(figures[third.id]["components"]), 2)
        self.assertEqual(figures[second.id]["missing_qty"], 3)
        [suggestion] = figures[second.id]["suggestions"][:1]
        self.assertEqual(suggestion["to_assemble"], 3)
        told = [
            Command.update(line, {"assembly_figures": figures[line]})
            for line in figures
        ]
        back = self._ask(order, told)
        self.assertEqual(back.keys(), {first.id, second.id})
        self.assertEqual(back[second.id]["status_text"], "15 in stock")
        self.assertNotIn(lamp.id, figures)

    def test_only_what_shares(self):
        """Desks that are typed say nothing of a bench with components of its own.

        A shelf that is made of one of its boards follows the bench, by that.
        """
        board, iron = self._create_product("Board"), self._create_product("Iron")
        bench = self._create_product("Bench", components={board: 2, iron: 1})
        shelf = self._create_product("Shelf", components={board: 1})
        self._set_stock(board, 9)
        self._set_stock(iron, 9)
        order = self._create_order(
            (self.desk, 5),
            (bench, 3, 3),
            (shelf, 3, 3),
            (self.lamp, 1),
            user_id=self.seller.id,
        )
        desk, first, second, lamp = order.order_line
        command = Command.update(desk.id, {"product_uom_qty": 8})
        self.assertEqual(self._ask(order, [command]).keys(), {desk.id})
        changed = {"product_uom_qty": 4, "qty_to_assemble_to_order": 4}
        figures = self._ask(order, [Command.update(first.id, changed)])
        self.assertEqual(figures.keys(), {first.id, second.id})
        self.assertEqual(figures[second.id]["status_text"], "components short: 1 of 3")
        removed = self._ask(order, [Command.delete(first.id)])
        self.assertEqual(removed.keys(), {second.id})
        self.assertEqual(removed[second.id]["able_to_assemble_qty"], 3)
        self.assertNotIn(lamp.id, figures)

    def test_another_warehouse(self):
        """While another warehouse is typed its components are told, as once saved.

        A draft goes along with what was changed in it; where nothing can be assembled
        nothing is said.
        """
        shop = self._create_warehouse("Shop", "SHP")
        for component, in_shop in ((self.leg, 7), (self.top, 90)):
            self._set_stock(component, 90)
            self._set_stock(component, in_shop, shop.lot_stock_id)
        yard = self._create_warehouse("Yard", "YRD", manufacture_to_resupply=False)
        line = self._create_order((self.desk, 5, 4), user_id=self.seller.id).order_line
        legs = line.assembly_order_ids.move_raw_ids.filtered(
            lambda move: move.product_id == self.leg
        )
        legs.product_uom_qty = 12
        for warehouse, able in ((shop, 2), (self.warehouse, 4)):
            with self.subTest(warehouse=warehouse.name):
                typed = self._type_warehouse(line, warehouse)
                self.assertEqual(typed["able_to_assemble_qty"], able)
                line.order_id.warehouse_id = warehouse
                self.assertEqual(typed, self._get_told(line))
        self.assertFalse(self._type_warehouse(line, yard))

    def test_another_warehouse_with_its_own_bill(self):
        """A draft by a bill of the old warehouse is left behind."""
        shop = self._create_warehouse("Shop", "SHP")
        board = self._create_product("Board")
        shelf = self._create_product("Shelf")
        for warehouse, component in ((self.warehouse, self.leg), (shop, board)):
            bom = self._create_bom(shelf, {component: 1})
            bom.picking_type_id = warehouse.manu_type_id
            self._set_stock(component, 3, warehouse.lot_stock_id)
        order = self._create_order((shelf, 5, 4), user_id=self.seller.id)
        line = order.order_line
        typed = self._type_warehouse(line, shop)
        self.assertEqual(typed["able_to_assemble_qty"], 3)
        order.warehouse_id = shop
        self.assertEqual(line.assembly_order_ids.move_raw_ids.product_id, board)
        self.assertEqual(typed, self._get_told(line))

    def _type_warehouse(self, line, warehouse):
        """What is told of the line while the warehouse of its order is typed."""
        order = line.order_id
        answer = order.with_user(self.seller).onchange(
            {"warehouse_id": warehouse.id},
            ["warehouse_id"],
            {"warehouse_id": {}, "order_line": {"fields": {"assembly_figures": {}}}},
        )
        [[_update, _id, told]] = answer["value"]["order_line"]
        return self._filter_told(told["assembly_figures"])

    def _get_told(self, line):
        """The same of the line as it is saved."""
        line.invalidate_recordset()
        [told] = line._get_summaries(with_components=True).values()
        return self._filter_told(told)

    def _filter_told(self, told):
        told = json.loads(json.dumps(told, default=json_default))
        return told and {name: told[name] for name in TOLD}

    def test_back_as_saved(self):
        """What was told of others is taken back when the line is as it was saved."""
        order = self._create_order(
            (self.desk, 5), (self.desk, 15), user_id=self.seller.id
        )
        first, second = order.order_line
        figures = self._ask(order, [Command.update(first.id, {"product_uom_qty": 8})])
        self.assertEqual(figures[second.id]["missing_qty"], 3)
        back = [
            Command.update(line, {"assembly_figures": of})
            for line, of in figures.items()
        ]
        self.assertEqual(self._ask(order, back)[second.id]["missing_qty"], 0)

    def test_plain_popover(self):
        """Odoo's own popover follows what is typed of a plain line."""
        self._set_stock(self.lamp, 7)
        order = self._create_order(
            (self.lamp, 1), (self.lamp, 2), user_id=self.seller.id
        )
        first, second = order.order_line
        names = {"product_uom_qty", "assembly_figures", "free_qty_today"}
        answer = order.with_user(self.seller).onchange(
            {"order_line": [Command.update(first.id, {"product_uom_qty": 5})]},
            ["order_line"],
            {"order_line": {"fields": {name: {} for name in names}}},
        )
        told = {
            line: values["free_qty_today"]
            for _kind, line, values in answer["value"]["order_line"]
            if "free_qty_today" in values
        }
        self.assertEqual(told, {first.id: 7, second.id: 2})

    def test_without_our_columns(self):
        """A view of lines that has no figures is told none."""
        order = self._create_order(
            (self.desk, 5), (self.desk, 15), user_id=self.seller.id
        )
        line = order.order_line[0]
        command = Command.update(line.id, {"product_uom_qty": 8})
        self.assertFalse(self._ask(order, [command], ("product_uom_qty",)))

    def _ask(self, order, commands, names=LINE):
        """{line id: figures} that the web client gets for what is typed."""
        spec = {"order_line": {"fields": {name: {} for name in names}}}
        answer = call_kw(
            order.browse().with_user(self.seller),
            "onchange",
            [order.ids, {"order_line": commands}, ["order_line"], spec],
            {},
        )
        self.assertNotIn("typed_figures", answer["value"])
        told = {}
        for _kind, line, values in answer["value"].get("order_line", []):
            if "assembly_figures" in values:
                self.assertNotIn(line, told)
                told[line] = values["assembly_figures"]
        return told
