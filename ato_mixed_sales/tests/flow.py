# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.fields import Command

from . import oracle
from .chain import PACK, PICK, ChainCommon
from .common import CheckedStories

ONE, TWO, THREE = (
    ("ship_only", "mrp_one_step"),
    ("pick_ship", "pbm"),
    ("pick_pack_ship", "pbm_sam"),
)
# units of both parts: of ten desks, or of two dozens
PARTS = {"units": (6, 4), "serial": (6, 4), "lot": (6, 4), "dozens": (12, 12)}


class FlowCommon(CheckedStories, ChainCommon):
    """Stories that are told in several steps, by serial number and in dozens."""

    def _in_every_way(self, story, *ways, start=None):
        """Tell `story(line)` of a confirmed line, each way by itself.

        :param ways: ((delivery steps, manufacturing steps), kind of `PARTS`)
        :param start: what makes the line of a kind
        """
        for steps, kind in ways:
            with self.subTest(steps=steps, kind=kind):
                with self.env.cr.savepoint() as undo:
                    self._set_steps(*steps)
                    story((start or self._sell)(kind))
                    self.assertNothingBroken()
                    undo.close(rollback=True)
            self.env.invalidate_all()

    def _quote(self, kind, **values):
        """A quotation of both parts, of which the one from stock lies on the shelf."""
        stock, assembly = PARTS[kind]
        product, line_values = self.desk, {}
        if kind in ("serial", "lot"):
            product = self._create_product(
                f"Desk by {kind}", components={self.leg: 4}, tracking=kind
            )
        if kind == "dozens":
            line_values["product_uom_id"] = self.dozen.id
            self._set_stock(product, stock)
            total, assembly = 2, 1
        else:
            total = stock + assembly
            self._stock_units(product, stock)
        vals = self._prepare_line_vals(product, total, assembly, **line_values)
        sale = self._create_order(
            order_line=[Command.create(vals)], user_id=self.seller.id, **values
        )
        return sale.order_line

    def _sell(self, kind, **values):
        line = self._quote(kind, **values)
        line.order_id.action_confirm()
        return line

    def _create_lots(self, product, quantity):
        """A lot for `quantity` units, a number for each of them."""
        number = 1 if product.tracking == "lot" else int(quantity)
        count = self.env["stock.lot"].search_count([("product_id", "=", product.id)])
        return self.env["stock.lot"].create(
            [
                {"name": f"{product.name} {count + n}", "product_id": product.id}
                for n in range(number)
            ]
        )

    def _stock_units(self, product, quantity):
        """Put `quantity` more on the shelf, new lots of them."""
        update = self.env["stock.quant"]._update_available_quantity
        if product.tracking == "none":
            update(product, self.stock, quantity)
            return
        lots = self._create_lots(product, quantity)
        for lot in lots:
            update(product, self.stock, quantity / len(lots), lot_id=lot)

    def _move_ready(self, pickings):
        """Validate those of the transfers, and of what follows, that are ready."""
        for _step in range(3):
            for picking in pickings.filtered(lambda p: p.state == "assigned"):
                self._deliver(picking)

    def _make(self, line, quantity=None, store=True):
        """Bring components, make, and store: what one order of the line makes."""
        order = line.assembly_order_ids.filtered(
            lambda o: o.state not in ("done", "cancel")
        ).sorted("id")[:1]
        self._move_ready(order.picking_ids)
        if order.product_id.tracking != "none":
            order.lot_producing_ids = self._create_lots(
                order.product_id, quantity or order.product_qty
            )
        self._produce(order, quantity)
        if store:
            self._move_ready(order.picking_ids)
        return order

    def _bring_to_output(self, line):
        """All that is there leaves the shelf, and is packed: it is to be shipped."""
        for step in (PICK, PACK):
            if self._get_step(line.order_id, step):
                self._do_step(line.order_id, step)

    def _finish(self, line):
        """Make and deliver all that is left: the whole order has left at last."""
        while line.assembly_order_ids.filtered(oracle.is_open):
            self._make(line)
        for _step in range(3):
            self._deliver_all(line.order_id)
        self.assertEqual(line.qty_delivered, line.product_uom_qty)
        self.assertInvariants(line)

    def _get_lots(self, line, supply):
        """The lots that open moves of one part hold."""
        moves = self._moves(line, supply).filtered(oracle.is_open)
        return moves.move_line_ids.lot_id

    def _lose(self, line, location, units):
        """Of what is held for the line in a bin, `units` are scrapped or counted away.

        One is scrapped, the others are counted away.
        """
        for number in range(units):
            quant = self.env["stock.quant"].search(
                [
                    ("location_id", "=", location.id),
                    ("product_id", "=", line.product_id.id),
                    ("quantity", ">", 0),
                ],
                limit=1,
            )
            if number == 0:
                lot = {"lot_id": quant.lot_id.id}
                self._scrap(line.product_id, 1, location, **lot)
                continue
            left = 1 if quant.lot_id else units - number
            quant.with_context(inventory_mode=True).inventory_quantity = (
                quant.quantity - left
            )
            quant.action_apply_inventory()
            if not quant.lot_id:
                break
        self._check_lines(line)

    def _get_parts(self, line):
        """What was sold of a line of `_quote`, by source, in units of the product."""
        return PARTS["units" if line.product_uom_id == self.unit else "dozens"]

    def _units(self, line, quantity):
        """What the line says, in units of its product."""
        return round(quantity * line.product_uom_id.factor / self.unit.factor)

    def assertParts(self, line, stock, assembly):
        """N + Ss and A of the line, in units of its product."""
        parts = line.qty_from_stock, line.qty_to_assemble_to_order
        self.assertEqual(
            tuple(self._units(line, part) for part in parts), (stock, assembly)
        )
