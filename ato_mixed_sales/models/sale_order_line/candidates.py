# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...figures_field import set_values
from ...reading import read_columns
from ...snapshot import ask_once, find_once
from .component_changes import CHANGED

# Lines that can still ask for something, in units of their products, and what linked
# orders make of it. `margin` is what rounding to the unit of the line may add.
LINES = """
    opened AS MATERIALIZED (
        SELECT line.id, line.order_id, line.warehouse_id, line.product_id, line.state,
               line.customer_lead, line.component_changes, product.product_tmpl_id,
               own.factor::float8 AS factor,
               line.product_uom_qty::float8 * per.units AS units,
               COALESCE(line.qty_delivered, 0)::float8 * per.units AS delivered,
               COALESCE(line.qty_to_assemble_to_order, 0)::float8 * per.units
                   AS assembled,
               COALESCE(line.qty_given_up, 0)::float8 AS given_up,
               CASE WHEN unit.id = own.id THEN 0
                    ELSE %(step)s * (1 + per.units) END AS margin
          FROM sale_order_line line
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
          JOIN uom_uom own ON own.id = template.uom_id
         CROSS JOIN LATERAL (
               SELECT unit.factor::float8 / own.factor::float8 AS units) per
         WHERE line.display_type IS NULL
           AND line.state IN ('draft', 'sent', 'sale')
           AND line.product_uom_qty > COALESCE(line.qty_delivered, 0)
    ),
    linked AS MATERIALIZED (
        SELECT line_id, SUM(LEAST(COALESCE(made, 0), demanded)) AS made,
               SUM(producing) AS producing, MAX(planned) AS planned
          FROM (
               SELECT opened.id AS line_id,
                      MAX(production.product_qty::float8 * unit.factor::float8
                          / opened.factor)
                          AS demanded,
                      SUM(move.quantity::float8 * moved.factor::float8 / opened.factor)
                          FILTER (WHERE move.state = 'done') AS made,
                      SUM(move.product_qty::float8) FILTER (WHERE move.state != 'done')
                          AS producing,
                      MAX(production.date_finished) FILTER (WHERE production.state IN
                          ('confirmed', 'progress', 'to_close')) AS planned
                 FROM opened
                 JOIN mrp_production production
                   ON production.ato_sale_line_id = opened.id
                  AND production.state != 'cancel'
                 JOIN stock_move move ON move.production_id = production.id
                  AND move.product_id = production.product_id
                  AND move.state != 'cancel'
                 JOIN uom_uom unit ON unit.id = production.product_uom_id
                 JOIN uom_uom moved ON moved.id = move.product_uom
                WHERE opened.assembled > 0
                GROUP BY opened.id, production.id
               ) production
         GROUP BY line_id
    ),
    line AS MATERIALIZED (
        SELECT opened.*, COALESCE(linked.made, 0) AS made,
               COALESCE(linked.producing, 0) AS producing, linked.planned,
               -- what is to be assembled and no linked order makes
               CASE WHEN opened.assembled = 0 THEN 0
                    ELSE opened.assembled + opened.given_up - COALESCE(linked.made, 0)
                         - COALESCE(linked.producing, 0) END AS unlinked
          FROM opened LEFT JOIN linked ON linked.line_id = opened.id
    )
"""

# What each line takes where, at most, beyond what `taking` counts. What cannot be told
# without its own figures takes all: an order that does not make what its line lacks,
# kits, and what was changed, among the components of what has no order yet.
CLAIMS = """
    claim AS MATERIALIZED (
        SELECT id AS line_id, order_id, warehouse_id, product_id,
               CASE WHEN producing > 0 AND unlinked > margin + %(least)s
                    THEN 'Infinity'::float8
                    WHEN state = 'sale' THEN 0
                    WHEN made > 0 OR delivered != 0 THEN units + margin
                    ELSE units - assembled + 2 * margin END AS units
          FROM line
         UNION ALL
        SELECT line.id, line.order_id, location.warehouse_id, move.product_id,
               CASE WHEN location.warehouse_id IS NULL
                      OR line.unlinked > line.margin + %(least)s THEN 'Infinity'::float8
                    ELSE CASE WHEN taking.id IS NULL
                              THEN move.product_qty::float8 ELSE 0 END
                         + move.product_qty::float8 * line.margin / line.producing END
          FROM line
          JOIN mrp_production production ON production.ato_sale_line_id = line.id
           AND production.state IN ('draft', 'confirmed', 'progress', 'to_close')
          JOIN stock_move move ON move.raw_material_production_id = production.id
           AND move.state NOT IN ('done', 'cancel')
          JOIN stock_location location ON location.id = move.location_id
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN taking ON taking.id = move.id
         WHERE line.producing > 0 AND template.is_storable
         UNION ALL
        SELECT line.id, line.order_id,
               COALESCE(operation.warehouse_id, line.warehouse_id), part.product_id,
               CASE WHEN EXISTS (
                         SELECT FROM mrp_bom kit WHERE kit.type = 'phantom'
                            AND kit.product_tmpl_id = product.product_tmpl_id)
                    THEN 'Infinity'::float8
                    ELSE (line.unlinked + line.margin) * line.factor
                         / unit.factor::float8 / bom.product_qty::float8
                         * part.product_qty::float8 * per.factor::float8
                         / own.factor::float8
                         + %(step)s * (1 + per.factor::float8 / own.factor::float8)
                    END
          FROM line
          JOIN mrp_bom bom ON bom.product_tmpl_id = line.product_tmpl_id
           AND bom.type = 'normal'
          JOIN mrp_bom_line part ON part.bom_id = bom.id
          JOIN product_product product ON product.id = part.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = bom.product_uom_id
          JOIN uom_uom per ON per.id = part.product_uom_id
          JOIN uom_uom own ON own.id = template.uom_id
          LEFT JOIN stock_picking_type operation ON operation.id = bom.picking_type_id
         WHERE line.producing = 0 AND line.unlinked + line.margin > %(least)s
           AND (template.is_storable OR template.id IN (
                SELECT product_tmpl_id FROM mrp_bom WHERE type = 'phantom'))
         UNION ALL
        %(changed)s
    )
"""

# Where the claims of an order may be more than there is, whatever comes in.
SHORT = """
    SELECT claim.order_id, claim.warehouse_id, claim.product_id
      FROM claim
      LEFT JOIN place ON place.warehouse_id = claim.warehouse_id
       AND place.product_id = claim.product_id
     GROUP BY claim.order_id, claim.warehouse_id, claim.product_id
    HAVING SUM(claim.units) - COALESCE(MAX(place.free - place.taken), 0) > %(least)s
"""

# Where something is free that could replace what is still to be assembled. What a
# quotation asks for comes first; beside others, days decide which are not looked at.
OFFERED = """
    SELECT line.order_id, line.warehouse_id, line.product_id
      FROM line
      LEFT JOIN (
           SELECT line.id AS line_id,
                  SUM(move.quantity::float8 * unit.factor::float8
                      / line.factor) AS units
             FROM line
             JOIN stock_move move
               ON line.id IN (move.sale_line_id, move.ato_hold_line_id)
             JOIN uom_uom unit ON unit.id = move.product_uom
            WHERE line.assembled > 0 AND move.quantity > 0
              AND move.ato_supply IS DISTINCT FROM 'assembly'
              AND move.state IN
                  ('confirmed', 'waiting', 'partially_available', 'assigned')
            GROUP BY line.id
           ) held ON held.line_id = line.id
      LEFT JOIN place ON place.warehouse_id = line.warehouse_id
       AND place.product_id = line.product_id
     WHERE line.assembled > 0
       AND (line.producing > 0 OR line.unlinked + line.margin > %(least)s)
       AND (place.free > CASE WHEN line.state = 'sale' OR place.taken > 0 THEN 0
                 ELSE GREATEST(line.units - line.assembled - line.delivered
                               - 2 * line.margin - COALESCE(held.units, 0), 0)
                 END + %(least)s
            OR held.units > line.units - line.assembled - line.delivered
                            - 2 * line.margin + %(least)s)
"""

# Who takes something there: by what it asks for, or by its moves.
SHARERS = """
    SELECT claim.line_id FROM claim
      JOIN sought ON sought.order_id = claim.order_id
       AND sought.warehouse_id IS NOT DISTINCT FROM claim.warehouse_id
       AND sought.product_id = claim.product_id
     UNION
    SELECT sale.id FROM sought
      JOIN sale_order_line sale ON sale.order_id = sought.order_id
      JOIN stock_move move ON move.product_id = sought.product_id
       AND move.sale_line_id = sale.id
     WHERE move.state IN ('confirmed', 'waiting', 'partially_available', 'assigned')
"""

# What cannot be there on its day even when nothing lacks.
DATED = """
    SELECT line.id FROM line
      JOIN sale_order sale ON sale.id = line.order_id
     CROSS JOIN LATERAL (SELECT %(promised)s AS day) promised
      LEFT JOIN LATERAL (
           SELECT MAX(lead.day) AS day FROM mrp_bom bom
             JOIN UNNEST(%(leads)s::int[], %(days)s::date[]) AS lead(days, day)
               ON lead.days = COALESCE(bom.produce_delay, 0)
            WHERE bom.product_tmpl_id = line.product_tmpl_id
              AND (line.producing > 0 OR line.unlinked + line.margin > %(least)s)
           ) lead ON TRUE
     WHERE promised.day < GREATEST(lead.day, %(today)s)
        OR promised.day < %(planned)s
"""

# what lines are found by, of what no column holds
FOUND = ("missing_qty", "components_short_qty", "is_late", "deductible_qty")
# no quantity that is written, or said, is smaller
LEAST = 1e-6


def get_step(env):
    """What rounding may add to a quantity, in whichever unit."""
    return 10.0 ** -env["decimal.precision"].precision_get("Product Unit")


class SaleOrderLine(models.Model):
    """Which lines a figure may be more than nothing of: what the database can tell.

    It leaves out what is certainly covered, however it is shared and whenever it is
    asked for: more is free than all moves and the order itself ask for. Of what is left
    the lines' own figures decide, so nothing is worked out by another rule.
    """

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_values(self, name):
        """What the figure `name` is of lines of which it may be more than nothing.

        :param name: one of `FOUND`
        :return: {line: value} of lines that the user may see
        """
        self.env.flush_all()
        # a list opens with several: all are found at once, and each line read once
        figures = find_once(self.env, ("found", self.env), self._find_figures)
        return {line: known.get(name, False) for line, known in figures.items()}

    @api.model
    def _find_figures(self):
        """{line: its figures} of lines of which one of `FOUND` may be more than 0"""
        lines = self.browse(self._find_candidates(FOUND))
        found = self.search(
            self._get_promised_domain() & Domain("id", "in", lines.ids), order="id"
        )
        # what others share of it counts, whoever may read it
        lines = lines._with_documents()
        read_columns(lines)
        orders = found.with_env(lines.env).order_id
        sharing = lines.filtered(lambda line: line.order_id in orders)
        figures = sharing._get_figures_among()
        return {line: figures.get(line, {}) for line in found}

    def _get_figures_among(self):
        """The figures of lines that are all that share what may be too little.

        :return: {line: figures, and whether it `is_late`}
        """
        lines = self._with_documents()
        if not all(lines._ids):  # what is typed changes
            return lines._find_figures_among()
        # two columns of a list may follow from them, and two conditions of a search
        question = "figures", frozenset(lines._ids), lines.env
        return find_once(self.env, question, lines._find_figures_among)

    def _find_figures_among(self):
        figures = self._get_availability(among=True)
        for line, known in figures.items():
            known["is_late"] = line._is_late(known)
        return figures

    def _cache_figures(self):
        """Work out by which day these lines are there, by nothing but each other."""
        lines, figures = self._with_documents(), self._get_figures_among()
        values = {
            "availability_date": lambda line, known: known["availability_date"],
            "assembly_status": lambda line, known: line._get_assembly_status(known),
        }
        with self.env.protecting([self._fields[name] for name in values], self):
            for name, get in values.items():
                known = (line in figures and get(line, figures[line]) for line in lines)
                set_values(lines, name, known)

    @api.model
    def _find_candidates(self, names):
        """Ids of lines of which a figure may be more, and of those that share with it.

        :param names: the figures, of `FOUND`
        :return: ids of whichever user's lines, in one query
        """
        self.env.flush_all()
        least, step = (SQL("%s::float8", n) for n in (LEAST, get_step(self.env)))
        warehouses = self._get_all_warehouses()
        offered = "deductible_qty" in names
        sought = [SHORT] * (set(names) != {"deductible_qty"}) + [OFFERED] * offered
        sought = SQL(" UNION ").join(SQL(text, least=least) for text in sought)
        found = SQL(SHARERS)
        if "is_late" in names:
            dated = self._get_dated(warehouses, least)
            found = SQL("%s UNION %s", found, dated)
        parts = [
            self._get_places_counted(warehouses, step),
            SQL(LINES, step=step),
            SQL(CLAIMS, step=step, least=least, changed=SQL(CHANGED, least=least)),
            SQL("sought AS MATERIALIZED (%s)", sought),
        ]
        rows = ask_once(self.env, SQL("WITH %s %s", SQL(", ").join(parts), found))
        return [line_id for [line_id] in rows]

    @api.model
    def _get_dated(self, warehouses, least):
        """Lines that are late even if nothing lacks: by their day, lead time and plan.

        Where another add-on says when a line is due, each line may be.
        """
        if self._has_dates_of_others():
            return SQL("SELECT id FROM line")
        promised = SQL(
            "COALESCE(sale.commitment_date, CASE WHEN line.state = 'sale' "
            "THEN COALESCE(sale.date_order, %(now)s) ELSE %(now)s END "
            "+ COALESCE(line.customer_lead, 0) * INTERVAL '1 day')",
            # in one request it is the same for as long as the day is
            now=fields.Datetime.now().replace(second=0),
        )
        return SQL(
            DATED,
            promised=self._get_day(promised),
            # see `split.day_of_work`
            planned=self._get_day(SQL("line.planned - INTERVAL '1 hour'")),
            today=fields.Date.context_today(self),
            least=least,
            **self._get_lead_days(warehouses),
        )

    @api.model
    def _get_day(self, moment):
        """The day of `moment` where the user is, both in SQL."""
        return SQL("timezone(%s, timezone('UTC', %s))::date", str(self.env.tz), moment)
