# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .flow import THREE, TWO, FlowCommon
from .test_roll_up_cost import CostCommon

WAYS = (
    *((TWO, "units"), (TWO, "serial"), (TWO, "dozens")),
    *((THREE, "serial"), (THREE, "dozens")),
)


@tagged("post_install", "-at_install")
class TestWorthInSteps(FlowCommon, CostCommon):
    """Cost and analysis in several steps, by serial number and in dozens (issue 19).

    A unit from stock costs 60.00. Assembled, of legs and a glass top and ten minutes of
    work, 63.00; those with serial numbers 16.00, of legs alone. Sold at 100.00.
    """

    def _get_costs(self, line):
        """What units of both parts cost: {source: (units, cost)}"""
        stock, assembly = self._get_parts(line)
        each = 16 if line.product_id.tracking == "serial" else 63
        return {"stock": (stock, 60 * stock), "assembly": (assembly, each * assembly)}

    def _read_analysis(self, line):
        """{source: (units, cost)} of what has left, and their margin"""
        self.env.flush_all()
        rows = self.env["assembly.sale.report"]._read_group(
            [("sale_line_id", "=", line.id)],
            ["source"],
            ["quantity:sum", "cost:sum", "margin:sum"],
        )
        margin = sum(margin for *_others, margin in rows)
        told = {
            source: (round(quantity, 4), round(cost, 2))
            for source, quantity, cost, _margin in rows
            if round(quantity, 4)
        }
        return told, round(margin, 2)

    def assertWorth(self, line, costs):
        """The line costs as much as both parts together do, and earns the rest."""
        self._roll_up(line, "action_roll_up_cost")
        cost = sum(cost for _units, cost in costs.values())
        self.assertAlmostEqual(line.purchase_price * line.product_uom_qty, cost, 2)
        units = sum(units for units, _cost in costs.values())
        self.assertAlmostEqual(line.margin, 100 * units - cost, 2)

    def _tell(self, line):
        """Estimated, made and delivered, undone and delivered again: always the same"""
        line.product_id.write({"standard_price": 60, "taxes_id": False})
        line.tax_ids = False
        if line.product_id == self.desk:
            self._take_glass(line.with_user(self.seller))
        costs = self._get_costs(line)
        self.assertWorth(line, costs)
        line.order_id.action_confirm()
        made = line.assembly_order_ids
        made.workorder_ids.duration = 10 * made.product_qty
        self._finish(line)
        line.product_id.standard_price = 70  # too late
        self.assertWorth(line, costs)
        self.assertEqual(self._read_analysis(line), (costs, round(line.margin, 2)))
        self._undo_last(line)
        self.assertEqual(self._read_analysis(line), ({}, 0))
        line.product_id.standard_price = 60
        self._finish(line)
        self.assertEqual(self._read_analysis(line), (costs, round(line.margin, 2)))
        self.assertWorth(line, costs)

    def _undo_last(self, line):
        shipped = line.order_id.picking_ids.filtered("is_undoable_shipment")
        shipped.action_undo_assembly_shipment()
        self.assertEqual(line.qty_delivered, 0)

    def test_in_every_way(self):
        self._in_every_way(self._tell, *WAYS, start=self._quote)
