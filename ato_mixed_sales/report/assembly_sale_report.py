# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..models.product_template import ASSEMBLY_POLICIES
from ..sent import check_one

# With a WITH, PostgreSQL plans the rows by themselves: merged into what a pivot asks
# for (GROUPING SETS), days would be left out at the very end, when all is added up.
ROWS = """
    WITH by_itself AS (SELECT)
    SELECT
        delivery.id, delivery.date, delivery.picking_id, delivery.source,
        delivery.sale_line_id, delivery.quantity,
        sale.id AS order_id, sale.partner_id, sale.user_id, sale.team_id,
        sale.warehouse_id, sale.company_id, company.currency_id,
        product.id AS product_id, template.id AS product_tmpl_id,
        template.categ_id,
        %(assembly_policy)s AS assembly_policy,
        %(revenue)s AS revenue,
        %(cost)s AS cost,
        %(revenue)s - %(cost)s AS margin,
        CASE
            WHEN delivery.source = 'assembly' AND delivery.quantity > 0
            THEN %(ready)s
        END AS days_to_ready,
        CASE WHEN delivery.quantity > 0 THEN %(delivered)s
        END AS days_to_deliver,
        CASE WHEN delivery.quantity > 0 THEN %(late)s END AS late_share,
        CASE
            WHEN delivery.quantity > 0 AND %(assembly_policy)s = 'assemble_to_order'
            THEN (delivery.source = 'stock')::int
        END AS stock_instead_share
    FROM (%(deliveries)s) delivery
    JOIN sale_order_line line
        ON line.id = delivery.sale_line_id
        -- are the same: PostgreSQL would take that for a rare coincidence
        AND ABS(line.product_id - delivery.product_id) < 1
    JOIN sale_order sale ON sale.id = line.order_id
    JOIN res_company company ON company.id = sale.company_id
    JOIN product_product product ON product.id = line.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
    JOIN uom_uom uom ON uom.id = template.uom_id
    LEFT JOIN (%(made)s) made ON made.sale_line_id = line.id
    WHERE delivery.is_mixed
        OR line.qty_to_assemble_to_order > 0
        OR %(is_assembled)s
"""

# as floats, which are enough for cents, and are several times faster than decimals
DELIVERIES = """
    SELECT
        MIN(move.id) AS id,
        move.date, move.picking_id, move.sale_line_id, move.product_id,
        COALESCE(
            CASE WHEN direction.sign < 0 THEN origin.supply ELSE move.ato_supply END,
            'stock'
        ) AS source,
        BOOL_OR(COALESCE(move.ato_supply, origin.supply) IS NOT NULL) AS is_mixed,
        SUM(
            direction.sign * move.quantity::float8
            * (move_uom.factor / product_uom.factor)::float8
        ) AS quantity,
        SUM(direction.sign * COALESCE(move.value, 0)::float8) AS value
    FROM stock_move move
    JOIN product_product product ON product.id = move.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    JOIN uom_uom move_uom ON move_uom.id = move.product_uom
    JOIN uom_uom product_uom ON product_uom.id = template.uom_id
    LEFT JOIN (%(outside)s) destination ON destination.id = move.location_dest_id
    LEFT JOIN (%(outside)s) departure ON departure.id = move.location_id
    CROSS JOIN LATERAL (SELECT %(sign)s AS sign) direction
    -- few moves are returns: a join would read all of them once more
    CROSS JOIN LATERAL (
        SELECT CASE WHEN move.origin_returned_move_id IS NOT NULL THEN (
            SELECT origin.ato_supply FROM stock_move origin
            WHERE origin.id = move.origin_returned_move_id
        ) END AS supply
    ) origin
    WHERE move.state = 'done'
        AND move.sale_line_id IS NOT NULL
        AND direction.sign <> 0
    GROUP BY
        -- Odoo gives all moves of a transfer its date: who asks for some days has the
        -- others left out before they are added up
        move.date,
        move.sale_line_id, move.picking_id, move.product_id, 6, -- and source
        -- without a transfer each move is a delivery
        CASE WHEN move.picking_id IS NULL THEN move.id END
"""

SIGN = """
    CASE
        WHEN destination.id IS NOT NULL
            AND (move.origin_returned_move_id IS NULL OR move.to_refund)
        THEN 1
        WHEN destination.id IS NOT NULL THEN 0
        WHEN departure.id IS NOT NULL AND move.to_refund THEN -1
        ELSE 0
    END
"""

MADE = """
    SELECT
        finished.sale_line_id,
        MAX(finished.date) AS date,
        SUM(
            (
                COALESCE(raw.value, 0) + COALESCE(work.value, 0)
                + COALESCE(finished.extra_cost, 0) * finished.quantity
            ) * (1 - finished.share / 100)
            * finished.kept / NULLIF(finished.quantity, 0)
        ) / NULLIF(SUM(finished.kept), 0) AS unit_cost
    FROM (%(finished)s) finished
    LEFT JOIN (%(raw)s) raw ON raw.production_id = finished.production_id
    LEFT JOIN (%(work)s) work ON work.production_id = finished.production_id
    GROUP BY finished.sale_line_id
"""

FINISHED = """
    SELECT
        production.id AS production_id,
        production.ato_sale_line_id AS sale_line_id,
        production.date_finished AS date,
        production.extra_cost,
        SUM(
            CASE WHEN move.product_id = production.product_id
            THEN move.quantity::float8 * (move_uom.factor / product_uom.factor)::float8
            ELSE 0 END
        ) AS quantity,
        SUM(
            CASE WHEN move.product_id = production.product_id
            THEN move.quantity::float8 * (move_uom.factor / product_uom.factor)::float8
                - COALESCE(apart.quantity, 0)
            ELSE 0 END
        ) AS kept,
        SUM(
            CASE WHEN move.product_id = production.product_id THEN 0
            ELSE COALESCE(move.cost_share, 0) END
        ) AS share
    FROM mrp_production production
    JOIN stock_move move
        ON move.production_id = production.id AND move.state = 'done'
    JOIN product_product product ON product.id = production.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    JOIN uom_uom move_uom ON move_uom.id = move.product_uom
    JOIN uom_uom product_uom ON product_uom.id = template.uom_id
    LEFT JOIN (%(apart)s) apart ON apart.move_id = move.id
    WHERE production.ato_sale_line_id IS NOT NULL
        AND production.state = 'done'
    GROUP BY production.id
"""

APART = """
    SELECT
        move.origin_returned_move_id AS move_id,
        SUM(move.quantity::float8 * (move_uom.factor / product_uom.factor)::float8)
            AS quantity
    FROM stock_move move
    JOIN product_product product ON product.id = move.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
    JOIN uom_uom move_uom ON move_uom.id = move.product_uom
    JOIN uom_uom product_uom ON product_uom.id = template.uom_id
    WHERE move.unbuild_id IS NOT NULL
        AND move.origin_returned_move_id IS NOT NULL
        AND move.state = 'done'
    GROUP BY move.origin_returned_move_id
"""

WORK = """
    SELECT
        workorder.production_id,
        SUM(
            CASE
                WHEN workorder.cost_mode = 'estimated'
                    AND workorder.duration_expected > 0
                THEN workorder.duration_expected
                ELSE workorder.duration
            END / 60
            * COALESCE(NULLIF(workorder.costs_hour, 0), center.costs_hour, 0)
        ) AS value
    FROM mrp_workorder workorder
    JOIN mrp_workcenter center ON center.id = workorder.workcenter_id
    WHERE workorder.state <> 'cancel'
    GROUP BY workorder.production_id
"""

REVENUE = """
    delivery.quantity * (uom.factor / line_uom.factor)::float8
    * COALESCE(
        line.price_subtotal::float8 / NULLIF(line.product_uom_qty, 0)::float8,
        line.price_unit * (1 - COALESCE(line.discount, 0) / 100)
    )::float8 / COALESCE(NULLIF(sale.currency_rate, 0), 1)::float8
"""

COST = """
    CASE
        WHEN delivery.source = 'assembly' AND made.unit_cost IS NOT NULL
        THEN delivery.quantity * made.unit_cost
        ELSE delivery.value
    END
"""

POLICY = """
    COALESCE(
        (
            SELECT own.policy FROM product_assembly_policy own
            WHERE own.product_tmpl_id = template.id
                AND own.warehouse_id = sale.warehouse_id
                AND COALESCE(own.product_id, product.id) = product.id
            ORDER BY own.product_id NULLS LAST
            LIMIT 1
        ),
        template.assembly_policy
    )
"""

# worked out once for all rows, as there are fewer of these than of deliveries
IS_ASSEMBLED = """
    (product.id, sale.warehouse_id) IN (
        SELECT made.id, warehouse.id
        FROM mrp_bom bom
        LEFT JOIN stock_picking_type picking_type
            ON picking_type.id = bom.picking_type_id
        JOIN product_product made
            ON made.product_tmpl_id = bom.product_tmpl_id
            AND COALESCE(bom.product_id, made.id) = made.id
        JOIN stock_warehouse warehouse
            ON COALESCE(picking_type.warehouse_id, warehouse.id) = warehouse.id
            AND COALESCE(bom.company_id, warehouse.company_id) = warehouse.company_id
        WHERE bom.active AND bom.type = 'normal'
    )
"""

LATE = """
    (
        (delivery.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
        > (
            COALESCE(
                sale.commitment_date,
                sale.date_order
                + line.customer_lead * INTERVAL '1 day'
            ) AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
        )::date
    )::int
"""

RAW = """
    SELECT raw_material_production_id AS production_id, SUM(value::float8) AS value
    FROM stock_move
    WHERE state = 'done' AND raw_material_production_id IS NOT NULL
    GROUP BY raw_material_production_id
"""


class AssemblySaleReport(models.Model):
    """What was delivered of assembled products, by source (R168).

    A row for each delivery of a line and source: units of the product, the company's
    currency. What comes back is a negative row, of the source that had left. The
    units of a line add up to what Odoo says is delivered of it by moves.
    """

    _name = "assembly.sale.report"
    _description = "Assembly Sales Analysis"
    _auto = False
    _rec_name = "date"
    _order = "date desc, id desc"

    # all that is read of what orders and transfers change is flushed before
    _depends = {
        "mrp.bom": [
            *("active", "company_id", "picking_type_id", "product_id"),
            *("product_tmpl_id", "type"),
        ],
        "mrp.production": [
            *("ato_sale_line_id", "date_finished", "extra_cost", "product_id"),
            "state",
        ],
        "mrp.workorder": [
            *("cost_mode", "costs_hour", "duration", "duration_expected"),
            *("production_id", "state", "workcenter_id"),
        ],
        "mrp.workcenter": ["costs_hour"],
        "product.assembly.policy": [
            *("policy", "product_id", "product_tmpl_id", "warehouse_id"),
        ],
        "product.template": ["assembly_policy", "categ_id", "uom_id"],
        "sale.order": [
            *("commitment_date", "company_id", "currency_rate", "date_order"),
            *("partner_id", "team_id", "user_id", "warehouse_id"),
        ],
        "sale.order.line": [
            *("customer_lead", "discount", "order_id", "price_subtotal", "price_unit"),
            *("product_id", "product_uom_id", "product_uom_qty"),
            "qty_to_assemble_to_order",
        ],
        "stock.move": [
            *("ato_supply", "cost_share", "date", "location_dest_id", "location_id"),
            *("origin_returned_move_id", "picking_id", "product_id", "product_uom"),
            *("production_id", "quantity", "raw_material_production_id"),
            *("sale_line_id", "state", "to_refund", "unbuild_id", "value"),
        ],
    }

    date = fields.Datetime(
        string="Delivery Date",
        readonly=True,
        help="When the units were delivered, or came back.",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        readonly=True,
        help="Order that was delivered.",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        readonly=True,
        help="Line that was delivered.",
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        readonly=True,
        help="Transfer by which the units left, or came back.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product Variant",
        readonly=True,
        help="Assembled product that was sold.",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        readonly=True,
        help="Assembled product that was sold, whatever its variant.",
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        readonly=True,
        help="Category of the product.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        help="Customer of the order.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        readonly=True,
        help="Salesperson of the order.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        readonly=True,
        help="Team of the order.",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        readonly=True,
        help="Warehouse that the order is delivered from.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
        help="Company that sold.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        readonly=True,
        help="The company's currency, in which all amounts are.",
    )
    source = fields.Selection(
        selection=[("stock", "From Stock"), ("assembly", "Assembled")],
        readonly=True,
        help="Where the units came from: stock, or assembled for this line.",
    )
    assembly_policy = fields.Selection(
        selection=ASSEMBLY_POLICIES,
        readonly=True,
        help="The product's policy in the warehouse as it is now: beside the source, "
        "it says how often stock was used instead.",
    )
    quantity = fields.Float(
        string="Delivered",
        digits="Product Unit",
        readonly=True,
        help="Units of the product that were delivered; below zero, that came back.",
    )
    revenue = fields.Monetary(
        readonly=True,
        help="The line's untaxed amount for these units, in the company's currency at "
        "the order's rate.",
    )
    cost = fields.Monetary(
        readonly=True,
        help="What the units cost, in the company's currency: assembled ones what "
        "their assembly orders did (components and work), others their inventory "
        "value.",
    )
    margin = fields.Monetary(
        readonly=True,
        help="Revenue less cost, in the company's currency.",
    )
    days_to_ready = fields.Float(
        string="Days until Assembled",
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="Days from the order date until the line's last assembly order was done; "
        "of assembled units only.",
    )
    days_to_deliver = fields.Float(
        string="Days until Delivered",
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="Days from the order date to the delivery.",
    )
    late_share = fields.Float(
        string="Late",
        aggregator="avg",
        readonly=True,
        help="Share of the deliveries that left after the day that was promised, by "
        "the calendar, days off included: the order's delivery date, else its date and "
        "the lead time of the line.",
    )

    stock_instead_share = fields.Float(
        string="Stock Used Instead",
        aggregator="avg",
        readonly=True,
        help="Share of the deliveries that took units from stock, of products that "
        "their warehouse assembles to order.",
    )

    @property
    def _table_query(self):
        return SQL(
            ROWS,
            assembly_policy=self._get_policy(),
            revenue=self._get_revenue(),
            cost=self._get_cost(),
            ready=self._get_days(SQL("made.date")),
            delivered=self._get_days(SQL("delivery.date")),
            late=self._get_late_share(),
            deliveries=self._get_deliveries(),
            made=self._get_made(),
            is_assembled=self._get_is_assembled(),
        )

    @api.model
    def _get_deliveries(self):
        """What has left to customers and come back, as Odoo counts what is delivered.

        :return: SQL of rows with id, date, picking_id, sale_line_id, product_id (that
            of the line counts, no component of a kit), source, is_mixed (whether the
            line has ever been split), quantity and value, in units of the product and
            in the company's currency; what came back is negative
        """
        return SQL(
            DELIVERIES, sign=self._get_sign(), outside=self._get_locations_outside()
        )

    @api.model
    def _get_sign(self):
        """SQL of 1 for a move that delivers, -1 for one that takes back, else 0.

        As `sale.order.line._get_outgoing_incoming_moves` tells them: what comes back
        without being refunded is delivered still, and its replacement is not again.
        `destination` and `departure` are where the move leads and begins, if a
        customer is there.
        """
        return SQL(SIGN)

    @api.model
    def _get_locations_outside(self):
        """The query of where customers are (`stock.location._is_outgoing`)."""
        domain = fields.Domain("usage", "=", "customer")
        between = self.env.ref(
            "stock.stock_location_inter_company", raise_if_not_found=False
        )
        if between:
            domain |= fields.Domain("id", "child_of", between.id)
        locations = self.env["stock.location"].with_context(active_test=False)
        return locations._search(domain, bypass_access=True).select()

    @api.model
    def _get_made(self):
        """What units of a line cost that its assembly orders made.

        What was taken apart again does not count: it went back into stock.

        :return: SQL of rows with sale_line_id, date (when its last order was done) and
            unit_cost, in the company's currency per unit of the product
        """
        return SQL(
            MADE,
            finished=self._get_finished(),
            raw=SQL(RAW),
            work=self._get_work(),
        )

    @api.model
    def _get_finished(self):
        """SQL of what each linked order has made.

        :return: SQL of rows with production_id, sale_line_id, date, extra_cost,
            quantity made, kept (what of it nobody took apart again) and share of the
            by-products
        """
        return SQL(FINISHED, apart=SQL(APART))

    @api.model
    def _get_work(self):
        """SQL of rows with production_id and the value of its work (`_cal_cost`)."""
        return SQL(WORK)

    @api.model
    def _get_revenue(self):
        """SQL of a delivery's share of its line's untaxed amount.

        Nothing was ordered of a line that Odoo has added for what was delivered
        unasked: its price is all that there is.
        """
        return SQL(REVENUE)

    @api.model
    def _get_cost(self):
        return SQL(COST)

    @api.model
    def _get_policy(self):
        """SQL of the policy: of the warehouse and variant where they have their own."""
        return SQL(POLICY)

    @api.model
    def _get_is_assembled(self):
        """SQL of whether the product has a bill of materials by which it is made."""
        return SQL(IS_ASSEMBLED)

    @api.model
    def _get_days(self, date):
        return SQL("EXTRACT(EPOCH FROM %s - sale.date_order) / 86400", date)

    @api.model
    def _get_late_share(self):
        """SQL of 1 after the promised day, as the user's time zone has it, else 0."""
        return SQL(LATE, zone=self.env.tz.zone)

    @api.readonly
    def action_open_order(self):
        """Open the order of a row of the list."""
        check_one(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
