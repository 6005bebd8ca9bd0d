# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...snapshot import ask_once, find_once
from ..product_product import OPEN_STATES
from ..sale_order_line.candidates import LEAST, LINES, get_step

# Products that have a bill, and what says of them whether they are assembled: all that
# have one that anybody may use are alike, the others are looked at one by one.
MADE = """
    made AS MATERIALIZED (
        SELECT product.id AS product_id,
               CASE WHEN COUNT(*) = 1 AND BOOL_AND(bom.active AND bom.type = 'normal'
                                                   AND bom.product_id IS NULL)
                    THEN CONCAT_WS(',', 'alike', template.is_storable,
                                   COALESCE(MIN(bom.company_id), 0),
                                   COALESCE(MIN(bom.picking_type_id), 0),
                                   COALESCE(template.categ_id, 0), %(routes)s)
                    ELSE product.id::text END AS kind
          FROM mrp_bom bom
          JOIN product_template template ON template.id = bom.product_tmpl_id
          JOIN product_product product ON product.product_tmpl_id = template.id
         GROUP BY product.id, template.id
        HAVING BOOL_OR(bom.type = 'normal')
    )
"""

# Lines of which nothing is assembled, and one that stands for all of its kind: what
# says whether they can be assembled is the same.
KINDS = """
    SELECT MIN(line.id) FROM sale_order_line line
      JOIN made ON made.product_id = line.product_id
     WHERE line.display_type IS NULL AND COALESCE(line.qty_to_assemble_to_order, 0) = 0
       AND line.state != 'cancel'
     GROUP BY %(kind)s
"""

# Assembled lines, by these.
ASSEMBLED = """
    WITH %(made)s
    SELECT line.id, line.order_id FROM sale_order_line line
      LEFT JOIN made ON made.product_id = line.product_id
     WHERE line.state != 'cancel' AND line.display_type IS NULL
       AND (line.qty_to_assemble_to_order > 0 OR %(kind)s IN (
            SELECT %(kind)s FROM sale_order_line line
              JOIN made ON made.product_id = line.product_id
             WHERE line.id = ANY(%(kinds)s)))
"""

# What each open order is waiting for: to be decided where the figures of a line say so,
# else, where nothing can be missing, short or late, by `remaining`, which is R and what
# rounding may add to it. Nothing is said where only the order's own figures tell: of
# plain lines, what nobody asks for, what Odoo makes to order.
OPENED = """
    SELECT line.order_id,
           CASE WHEN BOOL_OR(line.id = ANY(%(decided)s)) THEN 'to_decide'
                WHEN BOOL_OR(line.id = ANY(%(doubted)s)) THEN NULL
                WHEN BOOL_OR(line.remaining > line.margin + %(least)s)
                     THEN 'to_assemble'
                WHEN BOOL_OR(line.remaining + line.margin > %(least)s) THEN NULL
                WHEN BOOL_AND(line.is_assembled AND (
                              line.state != 'sale' AND line.id NOT IN %(replenished)s
                              OR line.is_free)) THEN 'ready'
           END
      FROM (
           SELECT line.*, assembled.id IS NOT NULL AS is_assembled,
                  CASE WHEN line.assembled = 0 THEN -line.margin
                       ELSE line.assembled + line.given_up - line.made
                       END AS remaining,
                  moves.is_free
             FROM line
             JOIN product_template template ON template.id = line.product_tmpl_id
             LEFT JOIN assembled ON assembled.id = line.id
             LEFT JOIN LATERAL (
                  SELECT BOOL_AND(COALESCE(move.ato_supply, '') = 'assembly'
                                  OR move.procure_method = 'make_to_stock'
                                  AND move.state != 'waiting') AS is_free
                    FROM stock_move move
                   WHERE move.sale_line_id = line.id AND move.state IN %(open)s
                      AND move.production_id IS NULL
                  ) moves ON TRUE
            WHERE template.type = 'consu'
           ) line
     GROUP BY line.order_id
    HAVING BOOL_OR(line.is_assembled)
        OR EXISTS (SELECT FROM assembled WHERE assembled.order_id = line.order_id)
"""


class SaleOrder(models.Model):
    """Orders by what they are waiting for: what the database can tell.

    It leaves to the orders' own figures what it cannot tell for certain.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _search_assembly_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["assembly_state"], "read")
        self.env.flush_all()
        question = "assembly_state", self.env
        opened, assembled = find_once(self.env, question, self._find_opened)
        found = defaultdict(list)
        for order_id, state in opened.items():
            found[state].append(order_id)
        domains = {state: Domain("id", "in", ids) for state, ids in found.items()}
        closed = self._get_assembled_domain(assembled)
        closed &= Domain("id", "not in", list(opened))
        domains["shipped"] = domains.get("shipped", Domain.FALSE) | closed
        wanted = Domain.OR(domains.get(state, Domain.FALSE) for state in value if state)
        domains.pop(None, None)
        return wanted | (
            ~Domain.OR(domains.values()) if False in value else Domain.FALSE
        )

    @api.model
    def _get_assembled_domain(self, assembled):
        """Orders that have an assembled line, and are not cancelled.

        :param assembled: SQL of assembled lines
        """
        return Domain("state", "!=", "cancel") & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT order_id FROM (%s) AS assembled)",
                model._field_to_sql(alias, "id", query),
                assembled,
            ),
            predicate=lambda order: order.has_assembled_lines,
        )

    @api.model
    def _find_opened(self):
        """Orders of which something may be open, whoever may read them.

        :return: ({id of the order: its state}, SQL of the assembled lines of all)
        """
        lines = self.env["sale.order.line"]._with_documents()
        kinds = self._find_kinds(lines)
        doubted, decided = lines._get_lines_to_decide(beside=kinds)
        assembled = self._get_assembled_lines(kinds)
        parts = SQL(LINES, step=SQL("%s::float8", get_step(self.env)))
        found = SQL(
            OPENED,
            doubted=doubted.ids,
            decided=decided.ids,
            replenished=self._get_replenished(lines),
            least=SQL("%s::float8", LEAST),
            open=OPEN_STATES,
        )
        rows = ask_once(
            self.env,
            SQL("WITH %s, assembled AS MATERIALIZED (%s) %s", parts, assembled, found),
        )
        opened = dict(rows)
        unknown = [order_id for order_id, state in rows if not state]
        orders = self._with_documents().browse(unknown)
        opened.update(
            (order.id, state) for order, state in orders._get_assembly_states().items()
        )
        return opened, assembled

    @api.model
    def _find_kinds(self, lines):
        """One line of each kind of those of which nothing is assembled."""
        kinds = SQL(KINDS, kind=self._get_kind(lines))
        rows = ask_once(self.env, SQL("WITH %s %s", self._get_made(lines), kinds))
        return lines.browse(line_id for [line_id] in rows)

    @api.model
    def _get_assembled_lines(self, kinds):
        """SQL of (id, order) of assembled lines, by one of each kind."""
        assembled = kinds.filtered("is_assembled")
        kind, made = self._get_kind(kinds), self._get_made(kinds)
        return SQL(ASSEMBLED, made=made, kind=kind, kinds=assembled.ids)

    @api.model
    def _get_made(self, lines):
        """SQL of products that have a bill, see `MADE`."""
        templates = lines.product_id.product_tmpl_id
        return SQL(MADE, routes=self._get_routes_text(templates, "template"))

    @api.model
    def _get_kind(self, lines):
        """What says of a line that it is assembled, as one text in SQL.

        Whoever lets `_can_have_assembly_part` depend on more adds it here.
        """
        names = ["warehouse_id", "company_id", "is_expense", "is_downpayment"]
        names += [n for n in lines._get_chosen_fields() if lines._fields[n].store]
        columns = [
            SQL("COALESCE(%s::text, '')", SQL.identifier("line", name))
            for name in names
        ]
        columns += [SQL("made.kind"), self._get_routes_text(lines, "line")]
        return SQL("CONCAT_WS('/', %s)", SQL(", ").join(columns))

    @api.model
    def _get_routes_text(self, records, alias):
        """The routes of `records`, which are `alias` in a query, as one text in SQL."""
        routes = records._fields["route_ids"]
        return SQL(
            "(SELECT STRING_AGG(%(route)s::text, ',' ORDER BY %(route)s) "
            "FROM %(table)s WHERE %(record)s = %(id)s)",
            route=SQL.identifier(routes.column2),
            table=SQL.identifier(routes.relation),
            record=SQL.identifier(routes.column1),
            id=SQL.identifier(alias, "id"),
        )

    @api.model
    def _get_replenished(self, lines):
        """SQL of the ids of lines that Odoo may buy or make for each order."""
        lines = lines.with_context(active_test=False)
        routes = lines.env["stock.warehouse"].search(Domain.TRUE).mto_pull_id.route_id
        domain = Domain.OR(
            Domain(name, "in", routes.ids)
            for name in (
                "route_ids",
                "product_id.route_ids",
                "product_id.categ_id.total_route_ids",
            )
        )
        quotations = Domain("state", "in", ("draft", "sent"))
        return lines._search(quotations & domain).subselect()
