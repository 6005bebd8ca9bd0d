# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import AssembleToOrderCommon


@tagged("post_install", "-at_install")
class TestForecast(AssembleToOrderCommon):
    """Forecast report, reordering and scheduler: the two parts, each by its source."""

    def _confirm(self, product, quantity, to_assemble=None):
        sale = self._create_order((product, quantity, to_assemble))
        sale.action_confirm()
        if to_assemble:
            self.assertInvariants(sale.order_line)
        return sale.order_line

    def _report(self, product):
        """The forecast report of `product` in our warehouse."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["stock.forecasted_product_product"]
        values = report.with_context(warehouse_id=self.warehouse.id).get_report_values(
            docids=product.ids
        )
        return values["docs"]

    def _demand_rows(self, product):
        """What the report says of demand: (document, quantity, source) by row."""
        rows = []
        for row in self._report(product)["lines"]:
            if row["document_out"]:
                source = "missing" if not row["replenishment_filled"] else "stock"
                if row["document_in"]:
                    source = row["document_in"]["name"]
                rows.append((row["document_out"]["name"], row["quantity"], source))
        return sorted(rows)

    def _header(self, product, name):
        return self._report(product)["product"][product.id][name]

    def _figures(self, product):
        product.invalidate_recordset()
        product = product.with_context(warehouse_id=self.warehouse.id)
        return {
            name: product[name]
            for name in (
                "qty_available",
                "free_qty",
                "incoming_qty",
                "outgoing_qty",
                "virtual_available",
            )
        }

    def _find_orders(self, product):
        return self.env["mrp.production"].search(
            [("product_id", "=", product.id), ("state", "!=", "cancel")]
        )

    def _create_orderpoint(self, product, **values):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.stock.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
                **values,
            }
        )

    def test_two_parts_and_their_sources(self):
        """6 of 10 from stock, 4 from the assembly order; then all from stock."""
        self._set_stock(self.desk, 6)
        line = self._confirm(self.desk, 10, 4)
        order, sale = line.assembly_order_ids, line.order_id
        self.assertEqual(
            self._demand_rows(self.desk),
            [(sale.name, 4, order.name), (sale.name, 6, "stock")],
        )
        self._produce(order)
        self.assertEqual(
            self._demand_rows(self.desk),
            [(sale.name, 4, "stock"), (sale.name, 6, "stock")],
        )
        self._deliver(sale.picking_ids)
        self.assertFalse(self._demand_rows(self.desk))

    def test_three_steps(self):
        """The same where delivery and assembly take three steps each."""
        self.warehouse.write(
            {"delivery_steps": "pick_pack_ship", "manufacture_steps": "pbm_sam"}
        )
        self._set_stock(self.desk, 6)
        line = self._confirm(self.desk, 10, 4)
        sale, order = line.order_id, line.assembly_order_ids
        self.assertEqual(
            self._demand_rows(self.desk),
            [(sale.name, 4, order.name), (sale.name, 6, "stock")],
        )

    def test_stock_part_is_short(self):
        """2 in stock, 10 ordered, 4 to assemble: 4 are missing, and only they."""
        self._set_stock(self.desk, 2)
        line = self._confirm(self.desk, 10, 4)
        name = line.order_id.name
        self.assertEqual(
            self._demand_rows(self.desk),
            [
                (name, 2, "stock"),
                (name, 4, line.assembly_order_ids.name),
                (name, 4, "missing"),
            ],
        )

    def test_output_is_not_anothers_source(self):
        """An older demand of 5 waits for stock, not for the line's order."""
        other = self._confirm(self.desk, 5)
        line = self._confirm(self.desk, 4, 4)
        self.assertEqual(
            self._demand_rows(self.desk),
            sorted(
                [
                    (other.order_id.name, 5, "missing"),
                    (line.order_id.name, 4, line.assembly_order_ids.name),
                ]
            ),
        )

    def test_quotation(self):
        """Its draft order is draft production, its whole quantity a draft sale."""
        line = self._create_order((self.desk, 10, 4)).order_line
        self.assertEqual(
            self._header(self.desk, "draft_production_qty"), {"in": 4, "out": 0}
        )
        self.assertEqual(self._header(self.desk, "draft_sale_qty")["out"], 10)
        self.assertEqual(
            self._header(self.leg, "draft_production_qty"), {"in": 0, "out": 16}
        )
        self.assertFalse(self._demand_rows(self.desk))
        self.assertEqual(self._figures(self.desk)["virtual_available"], 0)
        line.order_id.action_confirm()
        self.assertEqual(
            self._header(self.desk, "draft_production_qty"), {"in": 0, "out": 0}
        )
        self.assertEqual(self._header(self.desk, "draft_sale_qty")["out"], 0)

    def test_components(self):
        """The assembly order's components are its demand, in the report and on hand."""
        line = self._confirm(self.desk, 10, 7)
        self.assertEqual(
            self._demand_rows(self.leg), [(line.assembly_order_ids.name, 28, "stock")]
        )
        self.assertEqual(self._figures(self.leg)["virtual_available"], 1000 - 28)

    def test_quantities_all_along(self):
        """On hand, free, incoming, outgoing, forecast: from order to delivery."""
        self._set_stock(self.desk, 8)
        line = self._confirm(self.desk, 10, 4)
        names = "qty_available", "free_qty", "incoming_qty", "outgoing_qty"
        for step, *figures in (
            ("confirm", 8, 2, 4, 10, 2),
            ("produce", 12, 2, 0, 10, 2),
            ("deliver", 2, 2, 0, 0, 2),
        ):
            if step == "produce":
                self._produce(line.assembly_order_ids)
            elif step == "deliver":
                self._deliver(line.order_id.picking_ids)
            self.assertInvariants(line)
            self.assertEqual(
                self._figures(self.desk),
                dict(zip((*names, "virtual_available"), figures, strict=True)),
            )

    def test_reordering_rule(self):
        """T230: Q 10, A 7, no stock: 3 to replenish, components of 7."""
        orderpoint = self._create_orderpoint(self.desk, trigger="manual")
        legs = self._create_orderpoint(self.leg, trigger="manual")
        self._set_stock(self.leg, 1)
        line = self._confirm(self.desk, 10, 7)
        self.env.invalidate_all()
        self.assertEqual((orderpoint.qty_forecast, orderpoint.qty_to_order), (-3, 3))
        self.assertEqual((legs.qty_forecast, legs.qty_to_order), (-27, 27))
        orderpoint.action_replenish()
        self.assertInvariants(line)
        order = line.assembly_order_ids
        self.assertEqual(order.product_qty, 7)
        self.assertEqual((self._find_orders(self.desk) - order).product_qty, 3)
        self.assertEqual(self._figures(self.desk)["virtual_available"], 0)

    def test_scheduler(self):
        """T230: the scheduler makes the missing 3, once, and leaves the 7 alone."""
        self._create_orderpoint(self.desk, trigger="auto")
        line = self._confirm(self.desk, 10, 7)
        for _run in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)
            self.assertInvariants(line)
        order = line.assembly_order_ids
        other = self._find_orders(self.desk) - order
        self.assertEqual((order.product_qty, other.product_qty), (7, 3))
        self.assertFalse(other.ato_sale_line_id)
        self.assertFalse(other.move_finished_ids.move_dest_ids & line.move_ids)

    def test_scheduler_after_changes(self):
        """A 7 → 4 makes 6 short, A 4 → 7 gives them back: never made twice."""
        orderpoint = self._create_orderpoint(self.desk, trigger="manual")
        line = self._confirm(self.desk, 10, 7)
        for to_assemble in (4, 7, 0, 10):
            line.qty_to_assemble_to_order = to_assemble
            self.assertEqual(
                self._figures(self.desk)["virtual_available"], to_assemble - 10
            )
            self.env.invalidate_all()
            self.assertEqual(orderpoint.qty_to_order, 10 - to_assemble)

    def test_automatic_rule_during_changes(self):
        """An automatic rule wakes up at each change: it makes the stock part only."""
        self._create_orderpoint(self.desk, trigger="auto")
        self._create_orderpoint(self.desk_to_order, trigger="auto")
        line = self._confirm(self.desk_to_order, 10, 10)
        line.product_uom_qty = 12
        self.assertInvariants(line)
        self.assertEqual(self._find_orders(self.desk_to_order), line.assembly_order_ids)
        line = self._confirm(self.desk, 10, 7)
        others = self._find_orders(self.desk) - line.assembly_order_ids
        self.assertEqual(others.mapped("product_qty"), [3])
        line.product_uom_qty = 12
        self.assertInvariants(line)
        others = self._find_orders(self.desk) - line.assembly_order_ids
        self.assertEqual(sum(others.mapped("product_qty")), 5)
        self.assertEqual(self._figures(self.desk)["virtual_available"], 0)

    def test_scheduler_reserves_the_stock_part_only(self):
        """Stock that arrives is the stock part's; the other waits for its order."""
        line = self._confirm(self.desk, 10, 7)
        self._set_stock(self.desk, 20)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual(self._moves(line, "stock").quantity, 3)
        self.assertEqual(self._moves(line, "assembly").quantity, 0)
        self.assertInvariants(line)

    def _assert_unchained(self, other):
        self.assertFalse(other.move_ids.move_orig_ids)
        self.assertEqual(other.move_ids.procure_method, "make_to_stock")

    def test_competitor_before_and_after(self):
        """Somebody else's demand, older or younger, gets none of the output."""
        older = self._confirm(self.desk, 4)
        line = self._confirm(self.desk, 4, 4)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self._assert_unchained(older)
        self._produce(line.assembly_order_ids)
        younger = self._confirm(self.desk, 4)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        for other in (older, younger):
            other.move_ids._action_assign()
            self._assert_unchained(other)
            self.assertEqual(other.move_ids.quantity, 0)
        self.assertInvariants(line)
        self.assertEqual(self._moves(line, "assembly").quantity, 4)
        self.assertEqual(self._figures(self.desk)["free_qty"], 0)

    def test_competitor_is_more_urgent(self):
        """Priority does not take what was made for another line either."""
        other = self._confirm(self.desk, 4)
        other.move_ids.priority = "1"
        line = self._confirm(self.desk, 4, 4)
        self._produce(line.assembly_order_ids, 2)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual(other.move_ids.quantity, 0)
        self.assertEqual(self._moves(line, "assembly").quantity, 2)
        self.assertInvariants(line)

    def test_competitor_gets_the_surplus(self):
        """What is made beyond the line's demand is free: first come, first served."""
        line = self._confirm(self.desk, 4, 4)
        other = self._confirm(self.desk, 4)
        self._produce(line.assembly_order_ids, 6, backorder=False)
        self.assertInvariants(line)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual(self._moves(line, "assembly").quantity, 4)
        self.assertEqual(other.move_ids.quantity, 2)
        self._assert_unchained(other)

    def test_competitor_with_manual_reservation(self):
        """Nothing is reserved at confirmation: the output is held all the same."""
        self.warehouse.out_type_id.reservation_method = "manual"
        other = self._confirm(self.desk, 4)
        line = self._confirm(self.desk, 4, 4)
        self._produce(line.assembly_order_ids)
        other.order_id.picking_ids.action_assign()
        self.assertEqual(other.move_ids.quantity, 0)
        self.assertInvariants(line)

    def test_competitor_made_to_order(self):
        """Odoo's own make-to-order demand gets its own order, never the line's."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        line = self._confirm(self.desk, 10, 4)
        self.desk.route_ids = route
        other = self._confirm(self.desk, 5)
        own = self._find_orders(self.desk) - line.assembly_order_ids
        self.assertEqual(own.product_qty, 5)
        self.assertEqual(other.move_ids.move_orig_ids, own.move_finished_ids)
        self.assertInvariants(line)

    def test_other_mixed_line(self):
        """Two mixed lines of one product, each with its own supply, in any order."""
        first, second = self._confirm(self.desk, 5, 5), self._confirm(self.desk, 5, 5)
        self._produce(second.assembly_order_ids)
        self.assertEqual(self._moves(first, "assembly").quantity, 0)
        self.assertEqual(self._moves(second, "assembly").quantity, 5)
        self.assertEqual(
            self._demand_rows(self.desk),
            sorted(
                [
                    (first.order_id.name, 5, first.assembly_order_ids.name),
                    (second.order_id.name, 5, "stock"),
                ]
            ),
        )
        for line in (first, second):
            self.assertInvariants(line)
