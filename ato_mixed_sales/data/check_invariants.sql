-- What always holds in a database with Mixed Assemble-to-Order (ato_mixed_sales).
--
-- One statement that only reads. It returns a row for each thing that is broken: the
-- rule, the sales order, the id of its line, the product, the document if it is another
-- one, what was found, and what should be; no row when all is well. A rule that starts
-- with "note" is none of the add-on's: Odoo leaves it, and mends it, by itself. Run it
-- on any server or replica, as of one moment, with
--   PGOPTIONS='-c default_transaction_read_only=on' \
--   psql -X -d DATABASE -f check_invariants.sql
--
-- It counts for itself and shares nothing with the add-on's code. Q, A, S, Sa, D, W, R,
-- N, P are those of the design, see the columns of "line". All quantities are in the
-- unit of the product; half of the smallest unit that Odoo counts is no difference.
--
-- Rules: a.. the line, b.. its deliveries, c.. its assembly orders, d.. reservations.
-- No rule is switched off for a line by what has nothing to do with it.

WITH RECURSIVE
precision_of AS (
    SELECT power(10::numeric, -digits) AS step
      FROM decimal_precision WHERE name = 'Product Unit'
),

-- Locations outside: units that are there have left, or have not come yet.
place AS (
    SELECT id, company_id, warehouse_id, usage, parent_path, complete_name,
           usage IN ('customer', 'supplier')
               OR usage = 'transit' AND company_id IS NULL AS is_outside,
           usage IN ('supplier', 'customer', 'inventory', 'production') AS is_unlimited
      FROM stock_location
),

-- Lines that are, or ever were, mixed.
mixed AS (
    SELECT id FROM sale_order_line
     WHERE qty_to_assemble_to_order <> 0 OR qty_given_up <> 0
        OR split_from_line_id IS NOT NULL
    UNION
    SELECT ato_sale_line_id FROM mrp_production WHERE ato_sale_line_id IS NOT NULL
    UNION
    SELECT ato_hold_line_id FROM stock_move WHERE ato_hold_line_id IS NOT NULL
    UNION
    SELECT sale_line_id FROM stock_move
     WHERE ato_supply IS NOT NULL AND sale_line_id IS NOT NULL
),

line_of_product AS (
    SELECT l.id, o.id AS order_id, o.name AS order_name, o.state, o.company_id,
           o.commitment_date, o.date_order, o.validity_date, o.create_date AS quoted,
           l.product_id, p.product_tmpl_id, l.warehouse_id, l.write_date, l.customer_lead,
           l.qty_delivered_method, l.split_from_line_id,
           t.is_storable, t.categ_id,
           l.product_uom_qty * lu.factor / pu.factor AS ordered,
           l.qty_to_assemble_to_order AS typed,
           coalesce(l.qty_to_assemble_to_order, 0) * lu.factor / pu.factor AS assembly,
           coalesce(l.qty_delivered, 0) * lu.factor / pu.factor AS delivered,
           coalesce(l.qty_given_up, 0) AS given_up,
           coalesce(l.qty_held_back, 0) AS held_back,
           -- what follows what is missing may be another figure when it is confirmed
           coalesce(l.assembly_basis->'follows' = 'true'
                    AND CASE WHEN jsonb_typeof(l.assembly_basis->'given') = 'number'
                             THEN abs((l.assembly_basis->>'given')::numeric
                                      - l.qty_to_assemble_to_order) < step / 2
                        END, false) AS follows_missing,
           EXISTS (
               SELECT FROM stock_move asked
                WHERE asked.sale_line_id = l.id AND asked.production_id IS NULL
           ) AS is_launched,
           -- a third of a dozen is typed as 0.33 and means 4 units
           CASE WHEN lu.factor = pu.factor THEN step / 2
                ELSE step * (1 + lu.factor / pu.factor) END AS least_tolerance,
           -- Odoo rounds what each transfer has moved, then adds it up
           CASE WHEN lu.factor = pu.factor THEN 0
                ELSE step / 2 * lu.factor / pu.factor END AS rounding
      FROM mixed
      JOIN sale_order_line l ON l.id = mixed.id
      JOIN sale_order o ON o.id = l.order_id
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom lu ON lu.id = l.product_uom_id
      JOIN uom_uom pu ON pu.id = t.uom_id
     CROSS JOIN precision_of
),

-- Moves that concern the add-on: of mixed lines, of linked assembly orders, holds, and
-- what is labelled on the way between them.
move_id AS (
    SELECT m.id FROM stock_move m JOIN mixed ON mixed.id = m.sale_line_id
    UNION
    SELECT id FROM stock_move
     WHERE ato_supply IS NOT NULL OR ato_hold_line_id IS NOT NULL
    UNION
    SELECT m.id FROM stock_move m
      JOIN mrp_production r ON r.id = m.production_id
     WHERE r.ato_sale_line_id IS NOT NULL
),
move AS (
    SELECT m.id, m.sale_line_id, m.production_id, m.ato_hold_line_id, m.ato_supply,
           m.state, m.product_id, m.picking_id, m.company_id, m.origin_returned_move_id,
           m.to_refund, m.ato_is_undo, m.scrap_id, m.procure_method, m.date, m.create_date, m.write_date,
           m.date_deadline, m.location_id, m.location_dest_id, m.picking_type_id,
           format('%s, move %s', coalesce(m.reference, m.origin, '?'), m.id) AS label,
           m.state NOT IN ('done', 'cancel') AS is_open,
           src.is_outside AS comes_from_outside,
           src.parent_path AS source_path,
           dest.parent_path AS destination_path,
           dest.is_outside AS leaves,
           final.is_outside AS is_to_leave,
           m.product_uom_qty * mu.factor / pu.factor AS demand,
           coalesce(m.quantity, 0) * mu.factor / pu.factor AS quantity,
           coalesce(held.quantity, 0) AS held
      FROM move_id
      JOIN stock_move m ON m.id = move_id.id
      JOIN product_product p ON p.id = m.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom mu ON mu.id = m.product_uom
      JOIN uom_uom pu ON pu.id = t.uom_id
      JOIN place src ON src.id = m.location_id
      JOIN place dest ON dest.id = m.location_dest_id
      JOIN place final ON final.id = coalesce(m.location_final_id, m.location_dest_id)
      LEFT JOIN LATERAL (
           SELECT sum(ml.quantity_product_uom) AS quantity
             FROM stock_move_line ml WHERE ml.move_id = m.id
      ) held ON true
),

-- What linked orders make of their own product: by-products are nobody's, and what is
-- scrapped from an order is made by none.
finished AS (
    SELECT m.*, r.ato_sale_line_id AS line_id, r.name AS order_name,
           r.picking_type_id AS order_type_id
      FROM mrp_production r
      JOIN move m ON m.production_id = r.id AND m.product_id = r.product_id
     WHERE r.ato_sale_line_id IS NOT NULL AND m.state <> 'cancel' AND m.scrap_id IS NULL
),

-- Linked assembly orders: what they have made for their line, and what they still make.
assembly_order AS (
    SELECT r.id, r.name, r.state, r.ato_sale_line_id AS line_id, r.product_id,
           r.company_id, r.bom_id, r.picking_type_id, r.date_deadline,
           r.product_qty * ru.factor / pu.factor AS demand,
           r.qty_producing * ru.factor / pu.factor AS producing,
           CASE WHEN r.state IN ('progress', 'to_close', 'done')
                THEN least(coalesce(f.made, 0), r.product_qty * ru.factor / pu.factor)
                ELSE 0 END AS made,
           CASE WHEN r.state IN ('confirmed', 'progress', 'to_close')
                THEN coalesce(f.open, 0) ELSE 0 END AS open,
           coalesce(f.all_open, 0) AS all_open, coalesce(f.all_made, 0) AS all_made,
           r.state IN ('draft', 'confirmed', 'progress', 'to_close') AS is_open
      FROM mrp_production r
      JOIN product_product p ON p.id = r.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom ru ON ru.id = r.product_uom_id
      JOIN uom_uom pu ON pu.id = t.uom_id
      LEFT JOIN (
           SELECT m.production_id,
                  sum(m.quantity) FILTER (
                      WHERE m.state = 'done' AND m.ato_supply = 'assembly'
                  ) AS made,
                  sum(m.demand) FILTER (
                      WHERE m.is_open AND m.ato_supply = 'assembly'
                  ) AS open,
                  sum(m.quantity) FILTER (WHERE m.state = 'done') AS all_made,
                  sum(m.demand) FILTER (WHERE m.is_open) AS all_open
             FROM finished m
            GROUP BY m.production_id
      ) f ON f.production_id = r.id
     WHERE r.ato_sale_line_id IS NOT NULL
),

-- Which move brings the units of which.
chain AS (
    SELECT link.move_orig_id AS before_id, link.move_dest_id AS after_id
      FROM move_id JOIN stock_move_move_rel link ON link.move_orig_id = move_id.id
    UNION
    SELECT link.move_orig_id, link.move_dest_id
      FROM move_id JOIN stock_move_move_rel link ON link.move_dest_id = move_id.id
),

-- The line that a labelled move serves: its own, or the one of what was made, which is
-- brought from the floor to the shelf.
served AS (
    SELECT m.id, m.sale_line_id AS line_id FROM move m WHERE m.sale_line_id IS NOT NULL
    UNION
    SELECT f.id, f.line_id FROM finished f
    UNION
    SELECT m.id, f.line_id
      FROM finished f
      JOIN chain ON chain.before_id = f.id
      JOIN move m ON m.id = chain.after_id
     WHERE m.sale_line_id IS NULL AND m.ato_supply = 'assembly'
    UNION
    -- what no delivery asks for yet is kept on the shelf
    SELECT m.id, f.line_id
      FROM finished f
      JOIN chain ON chain.before_id = f.id
      JOIN chain stored ON stored.before_id = chain.after_id
      JOIN move m ON m.id = stored.after_id
     WHERE m.sale_line_id IS NULL AND m.ato_supply = 'assembly'
),

-- Backorders, and what was split off, are of the family of their first transfer.
family AS (
    SELECT id AS member_id, id AS elder_id, backorder_id AS next_id
      FROM stock_picking
     WHERE id IN (SELECT picking_id FROM move WHERE is_open)
    UNION
    SELECT family.member_id, elder.id, elder.backorder_id
      FROM family JOIN stock_picking elder ON elder.id = family.next_id
),

-- What leaves for the customer and is asked for now. Of a chain only the last move that
-- is there counts: what is behind it has been asked for by it, or has passed.
open_delivery AS (
    SELECT m.sale_line_id AS line_id,
           sum(m.demand) FILTER (WHERE m.ato_supply = 'assembly') AS assembly,
           sum(m.demand) FILTER (WHERE m.ato_supply IS DISTINCT FROM 'assembly') AS stock
      FROM move m JOIN line_of_product l ON l.id = m.sale_line_id
     WHERE m.is_open AND m.is_to_leave AND m.production_id IS NULL
       AND m.product_id = l.product_id
       AND NOT EXISTS (
               SELECT FROM chain
                 JOIN move next ON next.id = chain.after_id
                WHERE chain.before_id = m.id AND next.is_open
                  AND next.sale_line_id = m.sale_line_id
           )
     GROUP BY m.sale_line_id
),

-- What customers are asked to return: it is sent again if so much is ordered.
coming_back AS (
    SELECT m.sale_line_id AS line_id, sum(m.demand) AS units
      FROM move m JOIN line_of_product l ON l.id = m.sale_line_id
     WHERE m.is_open AND m.comes_from_outside AND NOT m.leaves
       AND m.product_id = l.product_id
       AND (m.to_refund OR m.origin_returned_move_id IS NULL)
     GROUP BY m.sale_line_id
),

passed AS (
    SELECT m.sale_line_id AS line_id,
           sum(m.quantity) FILTER (
               WHERE m.leaves AND (m.origin_returned_move_id IS NULL OR m.to_refund)
           ) AS shipped,
           -- what was undone has never left
           coalesce(sum(m.quantity) FILTER (
               WHERE m.leaves AND m.ato_supply = 'assembly'
           ), 0) - coalesce(sum(m.quantity) FILTER (
               WHERE m.ato_is_undo AND EXISTS (
                         SELECT FROM move back
                          WHERE back.id = m.origin_returned_move_id
                            AND back.ato_supply = 'assembly'
                     )
           ), 0) AS shipped_assembled,
           sum(m.quantity) FILTER (
               WHERE m.comes_from_outside AND NOT m.leaves AND m.to_refund
           ) AS returned,
           count(*) FILTER (WHERE m.leaves OR m.comes_from_outside) AS transfers
      FROM move m JOIN line_of_product l ON l.id = m.sale_line_id
     WHERE m.state = 'done' AND m.production_id IS NULL
       AND m.product_id = l.product_id
     GROUP BY m.sale_line_id
),

-- When the line last asked its stock part anew, for all that it lacked: a first step that
-- was neither split off another nor asked for, together with a return, as its exchange.
asked AS (
    SELECT DISTINCT ON (m.sale_line_id) m.sale_line_id AS line_id,
           m.create_date AS moment, m.id
      FROM move m
      LEFT JOIN stock_picking transfer ON transfer.id = m.picking_id
     WHERE m.is_to_leave AND m.ato_supply IS DISTINCT FROM 'assembly'
       AND m.sale_line_id IS NOT NULL AND m.production_id IS NULL
       AND m.state <> 'cancel' AND m.origin_returned_move_id IS NULL
       AND transfer.backorder_id IS NULL
       AND NOT EXISTS (SELECT FROM chain WHERE chain.after_id = m.id)
       -- looked up in a table of all of them, however many lines there are
       AND (m.sale_line_id, m.create_date) NOT IN (
               SELECT back.sale_line_id, back.create_date FROM move back
                WHERE back.origin_returned_move_id IS NOT NULL
                  AND back.sale_line_id IS NOT NULL
           )
     ORDER BY m.sale_line_id, m.create_date DESC, m.id DESC
),
-- Units that nobody asks for any more, with a reason: they came back, fewer were moved
-- than asked for, or the whole transfer was cancelled or its rest given up; at the point
-- of sale, that demand was set to nothing. A cancelled row of a transfer that goes on is
-- no reason: the line asks for what it lacks. Nor is what was before it asked anew.
given_up AS (
    SELECT m.sale_line_id AS line_id,
           sum(CASE WHEN m.state = 'cancel' AND m.demand = 0 THEN l.ordered
                    WHEN m.state = 'cancel' THEN m.demand
                    WHEN m.comes_from_outside AND NOT m.leaves THEN
                        CASE WHEN m.to_refund AND m.ato_is_undo IS NOT TRUE
                             THEN m.quantity ELSE 0 END
                    ELSE greatest(m.demand - m.quantity, 0) END) AS units
      FROM move m
      JOIN line_of_product l ON l.id = m.sale_line_id
      LEFT JOIN stock_picking transfer ON transfer.id = m.picking_id
      LEFT JOIN asked ON asked.line_id = m.sale_line_id
     WHERE m.product_id = l.product_id AND m.production_id IS NULL
       AND (m.state = 'done'
            OR m.state = 'cancel'
               AND (m.is_to_leave OR m.ato_supply IS NOT NULL AND NOT m.leaves)
               AND transfer.state IN ('done', 'cancel')
               AND (m.demand > 0
                    OR EXISTS (
                           SELECT FROM ir_module_module
                            WHERE name = 'pos_sale' AND state = 'installed'
                       )))
       AND (asked.line_id IS NULL
            OR m.state = 'done' AND m.write_date >= asked.moment
            OR m.state = 'cancel' AND (m.write_date, m.id) > (asked.moment, asked.id))
     GROUP BY m.sale_line_id
),

-- Units that linked orders have made, on their way to the customer. Of them what has
-- left the shelf: somebody may have picked what was not made for the line.
bound AS (
    SELECT served.line_id, sum(m.held) AS held,
           -- in place of what is still to be stored others may have been picked
           sum(m.held) FILTER (
               WHERE m.sale_line_id IS NOT NULL OR m.picking_type_id IS NULL
           ) AS stored,
           sum(m.held) FILTER (WHERE behind.after_id IS NOT NULL) AS picked
      FROM move m JOIN served ON served.id = m.id
      LEFT JOIN (
           SELECT DISTINCT chain.after_id, before.sale_line_id
             FROM chain JOIN move before ON before.id = chain.before_id
            WHERE before.production_id IS NULL
      ) behind ON behind.after_id = m.id AND behind.sale_line_id = m.sale_line_id
     WHERE m.is_open AND m.ato_supply = 'assembly' AND m.production_id IS NULL
       AND m.ato_hold_line_id IS NULL
     GROUP BY served.line_id
),

-- What they make, or have made, and no delivery asks for: somebody has asked for a part
-- of the line only. Moves without transfer keep it.
kept AS (
    SELECT served.line_id, sum(m.demand) AS units
      FROM move m JOIN served ON served.id = m.id
     WHERE m.is_open AND m.ato_supply = 'assembly' AND m.production_id IS NULL
       AND m.sale_line_id IS NULL AND m.picking_type_id IS NULL
     GROUP BY served.line_id
),

reserved_stock AS (
    SELECT coalesce(m.ato_hold_line_id, m.sale_line_id) AS line_id, sum(m.held) AS held,
           sum(least(m.held, m.demand)) AS held_of_demand
      FROM move m
     WHERE m.is_open AND m.state <> 'draft' AND m.production_id IS NULL
       AND m.ato_supply IS DISTINCT FROM 'assembly' AND NOT m.comes_from_outside
     GROUP BY 1
),

ordered AS (
    SELECT line_id, sum(made) AS made, sum(open) AS open,
           count(*) FILTER (WHERE state = 'draft') AS drafts,
           sum(demand) FILTER (WHERE state = 'draft') AS draft,
           count(*) FILTER (
               WHERE state IN ('confirmed', 'progress', 'to_close')
           ) AS making
      FROM assembly_order
     GROUP BY line_id
),

-- Every line that is, or ever was, mixed, with its figures.
line AS (
    SELECT f.*,
           -- O, and N and P: what is still to leave, by source
           f.ordered - f.delivered AS outstanding,
           greatest(f.assembly - f.shipped_assembled, 0) AS open_assembly,
           f.ordered - f.delivered
               - greatest(f.assembly - f.shipped_assembled, 0) AS open_stock,
           -- D, and W: assembled for the line, and waiting for its delivery
           greatest(f.made - f.given_up, 0) AS assembled,
           f.made - f.given_up - f.shipped_assembled AS waiting,
           -- somebody keeps its delivery from being asked for
           f.state = 'sale' AND NOT f.is_launched AND f.making = 0 AND f.made = 0
               AS is_held_back
      FROM (
           -- Q is ordered, A assembly, S delivered, Sa shipped_assembled, R ordered_open
           SELECT l.*, coalesce(o.made, 0) AS made, coalesce(o.open, 0) AS ordered_open,
                  coalesce(o.drafts, 0) AS drafts, coalesce(o.draft, 0) AS draft,
                  coalesce(o.making, 0) AS making,
                  coalesce(d.stock, 0) AS asked_stock,
                  coalesce(d.assembly, 0) AS asked_assembly,
                  coalesce(p.shipped, 0) AS shipped,
                  coalesce(p.shipped_assembled, 0) AS shipped_assembled,
                  coalesce(p.returned, 0) AS returned,
                  l.least_tolerance + l.rounding * coalesce(p.transfers, 0)
                      AS tolerance,
                  coalesce(g.units, 0) AS not_asked_again,
                  coalesce(b.held, 0) AS held_assembly,
                  coalesce(b.stored, 0) AS held_stored,
                  coalesce(b.picked, 0) AS picked_assembly,
                  coalesce(k.units, 0) AS kept,
                  coalesce(c.units, 0) AS coming_back,
                  coalesce(r.held, 0) AS held_stock,
                  coalesce(r.held_of_demand, 0) AS held_of_demand
             FROM line_of_product l
             LEFT JOIN ordered o ON o.line_id = l.id
             LEFT JOIN open_delivery d ON d.line_id = l.id
             LEFT JOIN passed p ON p.line_id = l.id
             LEFT JOIN given_up g ON g.line_id = l.id
             LEFT JOIN bound b ON b.line_id = l.id
             LEFT JOIN kept k ON k.line_id = l.id
             LEFT JOIN coming_back c ON c.line_id = l.id
             LEFT JOIN reserved_stock r ON r.line_id = l.id
      ) f
),

-- Units on hand and reserved at one place: bin, lot, package and owner.
on_hand AS (
    SELECT q.product_id, q.location_id, q.lot_id, q.package_id, q.owner_id,
           sum(q.quantity) AS quantity, sum(q.reserved_quantity) AS reserved
      FROM stock_quant q
      JOIN place ON place.id = q.location_id AND NOT place.is_unlimited
     GROUP BY 1, 2, 3, 4, 5
),
taken AS (
    SELECT ml.product_id, ml.location_id, ml.lot_id, ml.package_id, ml.owner_id,
           sum(ml.quantity_product_uom) AS held,
           bool_or(ml.picked) AS is_picked,
           bool_or(m.ato_supply IS NOT NULL OR m.ato_hold_line_id IS NOT NULL) AS is_ours
      FROM stock_move_line ml
      JOIN stock_move m ON m.id = ml.move_id
      JOIN place ON place.id = ml.location_id AND NOT place.is_unlimited
     WHERE ml.state IN ('assigned', 'partially_available', 'waiting', 'confirmed')
     GROUP BY 1, 2, 3, 4, 5
),
stock AS (
    SELECT product.id AS product_id,
           coalesce(quantity, 0) AS quantity,
           coalesce(reserved, 0) AS reserved, coalesce(held, 0) AS held,
           coalesce(is_picked, false) AS is_picked, coalesce(is_ours, false) AS is_ours,
           product.id IN (SELECT line.product_id FROM line) AS is_mixed,
           concat(location.complete_name, ', lot ' || lot.name) AS label
      FROM (
           SELECT coalesce(h.product_id, k.product_id) AS product_id,
                  coalesce(h.location_id, k.location_id) AS location_id,
                  coalesce(h.lot_id, k.lot_id) AS lot_id,
                  quantity, reserved, held, is_picked, is_ours
             FROM on_hand h
             FULL JOIN taken k
               ON k.product_id = h.product_id AND k.location_id = h.location_id
              AND coalesce(k.lot_id, 0) = coalesce(h.lot_id, 0)
              AND coalesce(k.package_id, 0) = coalesce(h.package_id, 0)
              AND coalesce(k.owner_id, 0) = coalesce(h.owner_id, 0)
      ) places
      JOIN product_product product ON product.id = places.product_id
      JOIN product_template t ON t.id = product.product_tmpl_id AND t.is_storable
      JOIN place location ON location.id = places.location_id
      LEFT JOIN stock_lot lot ON lot.id = places.lot_id
     WHERE NOT EXISTS (  -- kits have no stock of their own
               SELECT FROM mrp_bom b
                WHERE b.type = 'phantom' AND b.active AND b.product_tmpl_id = t.id
           )
),

broken (rule, line_id, product_id, document, found, expected) AS (
    -- The line
    SELECT 'a01: 0 <= A <= Q', id, product_id, NULL::text,
           format('A = %s', round(assembly, 3)), format('0 to %s', round(ordered, 3))
      FROM line
     WHERE assembly < -tolerance
        OR assembly > greatest(ordered, 0) + tolerance
           AND delivered <= ordered + tolerance
    UNION ALL
    SELECT 'a02: order: A is 0, or from D to what did not leave from stock',
           id, product_id, NULL,
           format('A = %s (Q = %s, S = %s, of it %s assembled)', round(assembly, 3),
                  round(ordered, 3), round(delivered, 3), round(shipped_assembled, 3)),
           format('0, or %s to %s', round(assembled, 3), round(upper, 3))
      FROM (
           SELECT *, greatest(
                      least(ordered, ordered - delivered + shipped_assembled),
                      CASE WHEN delivered > ordered THEN assembled END
                  ) AS upper
             FROM line
      ) bounded
     WHERE state = 'sale' AND assembly > tolerance
       AND (assembly < assembled - tolerance OR assembly > upper + tolerance)
    UNION ALL
    -- at the point of sale more is delivered than moves of the line tell, never less
    SELECT 'a03: delivered is what left less what came back', id, product_id, NULL,
           format('S = %s', round(delivered, 3)),
           format('left %s, came back %s', round(shipped, 3), round(returned, 3))
      FROM line
     WHERE qty_delivered_method = 'stock_move'
       AND abs(delivered - shipped + returned) > tolerance
       AND (delivered < shipped - returned
            OR NOT EXISTS (
                   SELECT FROM ir_module_module
                    WHERE name = 'pos_sale' AND state = 'installed'
               ))
    UNION ALL
    SELECT 'a04: no more is given up to stock than linked orders have made',
           id, product_id, NULL, format('given up %s', round(given_up, 3)),
           format('0 to %s', round(made, 3))
      FROM line
     WHERE given_up < -tolerance OR given_up > made + tolerance
    UNION ALL
    -- of every line; none: it is older than the add-on, or cannot be assembled
    SELECT 'a05: the basis of A names the product, quantity and policy of the line',
           l.id, l.product_id, NULL, format('basis %s', l.assembly_basis),
           format('{"product_id": %s, "quantity": number, "to_order": boolean}',
                  l.product_id)
      FROM sale_order_line l
     WHERE l.assembly_basis NOT IN ('null', 'false')
       AND (jsonb_typeof(l.assembly_basis) <> 'object'
            OR l.assembly_basis -> 'product_id' IS DISTINCT FROM to_jsonb(l.product_id)
            OR jsonb_typeof(l.assembly_basis -> 'quantity') IS DISTINCT FROM 'number'
            OR jsonb_typeof(l.assembly_basis -> 'to_order') IS DISTINCT FROM 'boolean')
    UNION ALL
    SELECT 'a06: a line was split from another line of its order', line.id,
           line.product_id, NULL,
           format('split from line %s of order %s', origin.id, origin.order_id),
           format('another line of order %s', line.order_id)
      FROM line JOIN sale_order_line origin ON origin.id = line.split_from_line_id
     WHERE origin.id = line.id OR origin.order_id <> line.order_id
    UNION ALL
    -- what is left of an order is delivered and made of units in stock, not of kits
    SELECT 'a07: the product of a line that is to be assembled is tracked in stock',
           id, product_id, NULL,
           CASE WHEN is_storable THEN 'it is a kit' ELSE 'it is not tracked' END,
           'tracked, and no kit'
      FROM line
     WHERE open_assembly > tolerance AND state IN ('draft', 'sent', 'sale')
       AND (NOT is_storable
            OR EXISTS (
                   SELECT FROM mrp_bom b
                    WHERE b.type = 'phantom' AND b.active
                      AND b.product_tmpl_id = line.product_tmpl_id
                      AND coalesce(b.product_id, line.product_id) = line.product_id
                      AND coalesce(b.company_id, line.company_id) = line.company_id
               ))

    -- Deliveries
    UNION ALL
    SELECT 'b01: order: the assembly part is asked for once, no more, no less',
           id, product_id, NULL,
           format('deliveries ask for %s, %s are kept', round(asked_assembly, 3),
                  round(kept, 3)),
           format('P = %s, of it %s are held back', round(open_assembly, 3),
                  round(least(held_back, open_assembly), 3))
      FROM line
     WHERE state = 'sale' AND NOT is_held_back
       AND (abs(asked_assembly - open_assembly) > tolerance AND held_back = 0
            -- then what is made, or being made, is asked for or kept
            OR asked_assembly > open_assembly + tolerance
            OR asked_assembly < open_assembly - held_back - tolerance
            OR abs(asked_assembly + kept - waiting - ordered_open) > tolerance
               AND held_back > 0)
    UNION ALL
    SELECT 'b02: order: no more of the stock part is asked for than is open',
           id, product_id, NULL,
           format('deliveries ask for %s', round(asked_stock, 3)),
           format('N = %s, %s are to come back', round(open_stock, 3),
                  round(coming_back, 3))
      FROM line
     WHERE state = 'sale'
       AND asked_stock > greatest(open_stock + coming_back, 0) + tolerance
    UNION ALL
    -- what came back, whose delivery somebody gave up, or what was held back when a part
    -- of the line was asked for, waits to be asked for
    SELECT 'b03: order: the open stock part is asked for', id, product_id, NULL,
           format('deliveries ask for %s', round(asked_stock, 3)),
           format('N = %s, of it %s may wait to be asked for', round(open_stock, 3),
                  round(not_asked_again + held_back_stock, 3))
      FROM (
           -- assembled units are asked for first
           SELECT *, greatest(
                      held_back - greatest(open_assembly - asked_assembly, 0), 0
                  ) AS held_back_stock
             FROM line
      ) asking
     WHERE state = 'sale' AND NOT is_held_back
       -- somebody has deleted the whole delivery: nothing of it says so any more
       AND (is_launched OR making > 0)
       AND asked_stock < open_stock - not_asked_again - held_back_stock - tolerance
       -- what became a kit before anything was asked for is delivered as its components
       AND NOT (open_assembly = 0 AND asked_stock = 0 AND delivered = 0 AND EXISTS (
           SELECT FROM stock_move d JOIN mrp_bom_line part ON part.id = d.bom_line_id
             JOIN mrp_bom b ON b.id = part.bom_id AND b.type = 'phantom'
            WHERE d.sale_line_id = asking.id AND d.state <> 'cancel'
              AND b.product_tmpl_id = asking.product_tmpl_id))
    UNION ALL
    SELECT 'b04: a line that is no order asks for no delivery', id, product_id, NULL,
           format('%s: deliveries ask for %s', state,
                  round(asked_stock + asked_assembly, 3)), '0'
      FROM line
     WHERE state <> 'sale' AND asked_stock + asked_assembly > tolerance
    UNION ALL
    SELECT 'b05: each open delivery of a mixed line says where its units come from',
           line.id, line.product_id, m.label, 'no label', 'stock or assembly'
      FROM move m JOIN line ON line.id = m.sale_line_id AND line.assembly > 0
     WHERE m.ato_supply IS NULL AND m.is_open AND m.is_to_leave
       AND m.production_id IS NULL AND m.product_id = line.product_id
    UNION ALL
    SELECT 'b06: the steps of one delivery have one source', m.sale_line_id,
           m.product_id, m.label, m.ato_supply,
           format('%s, as move %s before it', before.ato_supply, before.id)
      FROM move m
      JOIN chain ON chain.after_id = m.id
      JOIN move before ON before.id = chain.before_id
     WHERE m.is_open AND before.sale_line_id = m.sale_line_id
       AND m.origin_returned_move_id IS NULL AND before.state <> 'cancel'
       AND m.ato_supply IS NOT NULL AND before.ato_supply IS NOT NULL
       AND m.ato_supply <> before.ato_supply
    UNION ALL
    -- by an order of the line, or by the step before, of the line or from the floor
    SELECT 'b07: a delivery of assembled units is fed by what is made for its line',
           m.sale_line_id, m.product_id, m.label, 'nothing of the line brings its units',
           'its assembly order, or the step before'
      FROM move m
     WHERE m.is_open AND m.ato_supply = 'assembly' AND m.sale_line_id IS NOT NULL
       AND m.production_id IS NULL AND m.is_to_leave AND m.demand > 0
       AND NOT EXISTS (
               SELECT FROM chain
                 JOIN move before ON before.id = chain.before_id
                 JOIN served ON served.id = before.id
                WHERE chain.after_id = m.id AND before.state <> 'cancel'
                  AND served.line_id = m.sale_line_id
           )
    UNION ALL
    SELECT 'b08: a move has the quantity of its rows', coalesce(
               m.sale_line_id, m.ato_hold_line_id,
               (SELECT min(served.line_id) FROM served WHERE served.id = m.id)
           ), m.product_id, m.label,
           format('quantity %s', round(m.quantity, 3)),
           format('its rows %s', round(m.held, 3))
      FROM move m CROSS JOIN precision_of
     WHERE m.state <> 'cancel' AND abs(m.quantity - m.held) > step
    UNION ALL
    -- Odoo says so of rows that have all they ask for, where the rest is not made
    SELECT 'b09: a delivery of assembled units takes nothing else from stock',
           m.sale_line_id, m.product_id, m.label, m.procure_method, 'make_to_order'
      FROM move m
     WHERE m.is_open AND m.ato_supply = 'assembly' AND m.sale_line_id IS NOT NULL
       AND m.production_id IS NULL AND m.is_to_leave AND m.demand > 0
       AND m.procure_method <> 'make_to_order' AND m.held < m.demand
    UNION ALL
    SELECT 'b10: an open delivery is in a transfer of its order', l.id, m.product_id,
           m.label, format('transfer %s of order %s', transfer.name, transfer.sale_id),
           format('a transfer of order %s', l.order_id)
      FROM move m
      JOIN line_of_product l ON l.id = m.sale_line_id
      LEFT JOIN stock_picking transfer ON transfer.id = m.picking_id
     WHERE m.is_open AND m.state <> 'draft' AND m.production_id IS NULL
       AND m.is_to_leave AND transfer.sale_id IS DISTINCT FROM l.order_id
    UNION ALL
    -- but for backorders, splits and returns, and what came after one was printed
    SELECT 'b11: both parts of a line leave by one transfer', m.sale_line_id,
           m.product_id, m.label, format('transfer %s', transfer.name),
           format('transfer %s, of move %s', other.name, stock_row.id)
      FROM move m
      JOIN move stock_row
        ON stock_row.sale_line_id = m.sale_line_id AND stock_row.ato_supply = 'stock'
       AND stock_row.location_id = m.location_id
       AND stock_row.location_dest_id = m.location_dest_id
       AND stock_row.picking_type_id = m.picking_type_id
       AND stock_row.picking_id <> m.picking_id
      JOIN stock_picking transfer ON transfer.id = m.picking_id
      JOIN stock_picking other ON other.id = stock_row.picking_id
     WHERE m.is_open AND stock_row.is_open AND m.ato_supply = 'assembly'
       AND m.production_id IS NULL AND m.origin_returned_move_id IS NULL
       AND stock_row.origin_returned_move_id IS NULL
       AND NOT EXISTS (
               SELECT FROM family one JOIN family two ON two.elder_id = one.elder_id
                WHERE one.member_id = transfer.id AND two.member_id = other.id
           )
       AND NOT coalesce(transfer.printed, false) AND NOT coalesce(other.printed, false)
       -- a wave takes rows into a transfer of its own, if that module is there
       AND to_jsonb(transfer) ->> 'batch_id' IS NULL
       AND to_jsonb(other) ->> 'batch_id' IS NULL

    -- Assembly orders
    UNION ALL
    SELECT 'c01: order: linked orders still make what remains to be assembled',
           id, product_id, NULL, format('they make %s', round(ordered_open, 3)),
           format('%s (A = %s, D = %s)', round(greatest(assembly - assembled, 0), 3),
                  round(assembly, 3), round(assembled, 3))
      FROM line
     WHERE state = 'sale' AND NOT is_held_back
       AND abs(ordered_open - greatest(assembly - assembled, 0)) > tolerance
       -- of what is held back no more is made before somebody asks for it
       AND NOT (ordered_open < assembly - assembled
                AND assembly - assembled - ordered_open
                    <= least(held_back, open_assembly - asked_assembly) + tolerance)
    UNION ALL
    SELECT 'c02: quotation: the draft order is for what is to be assembled',
           id, product_id, NULL,
           format('%s draft order(s) for %s', drafts, round(draft, 3)),
           format('1 for %s', round(assembly - assembled - ordered_open, 3))
      FROM line
     WHERE state IN ('draft', 'sent') AND drafts > 0
       AND (drafts > 1
            OR abs(draft - (assembly - made + given_up - ordered_open)) > tolerance)
    UNION ALL
    -- lines that were last saved under another setting get it when they are saved again:
    -- unless a reference shows that the quotation had one
    SELECT 'c03: quotation: a line with something to assemble has a draft order',
           line.id, product_id, NULL, 'no draft order',
           format('1 for %s', round(assembly, 3))
      FROM line JOIN res_company company ON company.id = line.company_id
     WHERE line.state IN ('draft', 'sent') AND drafts = 0 AND NOT follows_missing
       AND company.assembly_order_creation = 'quotation'
       -- a cart of the web shop has none; its column is not there without the shop
       AND NOT (line.state = 'draft' AND EXISTS (
               SELECT FROM sale_order cart WHERE cart.id = line.order_id
                  AND to_jsonb(cart) ->> 'website_id' IS NOT NULL
           ) AND EXISTS (
               SELECT FROM ir_module_module
                WHERE name = 'ato_mixed_sales_website' AND state = 'installed'
           ))
       AND (line.write_date >= company.write_date
            OR EXISTS (
                   SELECT FROM stock_reference left_over
                    WHERE left_over.name = line.order_name
                      AND NOT EXISTS (
                              SELECT FROM stock_reference_sale_rel sold
                               WHERE sold.reference_id = left_over.id
                          )
                      AND NOT EXISTS (
                              SELECT FROM stock_reference_production_rel own
                                JOIN assembly_order a ON a.id = own.production_id
                               WHERE own.reference_id = left_over.id
                          )
               ))
       AND assembly - made + given_up - ordered_open > tolerance
    UNION ALL
    -- or of orders that nobody has had delivered yet
    SELECT 'c04: draft orders are of quotations', id, product_id, NULL,
           format('%s: draft order(s) for %s', state, round(draft, 3)),
           CASE WHEN is_held_back THEN format('1 for %s', round(assembly, 3))
                ELSE 'none' END
      FROM line
     WHERE state NOT IN ('draft', 'sent') AND drafts > 0
       AND NOT (is_held_back AND drafts = 1 AND abs(draft - assembly) <= tolerance)
    UNION ALL
    SELECT 'c05: no assembly order makes something for what is no order',
           id, product_id, NULL, format('%s: %s confirmed order(s)', state, making),
           'none'
      FROM line
     WHERE state <> 'sale' AND making > 0
    UNION ALL
    SELECT 'c06: an assembly order fits its line', l.id, l.product_id, a.name,
           format('product %s, company %s', a.product_id, a.company_id),
           format('product %s, company %s', l.product_id, l.company_id)
      FROM assembly_order a JOIN line_of_product l ON l.id = a.line_id
     WHERE a.state NOT IN ('done', 'cancel')
       AND (a.product_id <> l.product_id OR a.company_id <> l.company_id)
    UNION ALL
    SELECT 'c07: an assembly order is linked to the line of a product', a.line_id,
           a.product_id, a.name, format('line %s', a.line_id), 'the line of a product'
      FROM assembly_order a
     WHERE NOT EXISTS (SELECT FROM line_of_product l WHERE l.id = a.line_id)
    UNION ALL
    -- another warehouse may make them by its recipe, or supply the one of the line
    SELECT 'c08: an open assembly order is in the warehouse of its line', l.id,
           l.product_id, a.name, format('warehouse %s', t.warehouse_id),
           format('warehouse %s', l.warehouse_id)
      FROM assembly_order a
      JOIN line_of_product l ON l.id = a.line_id
      JOIN stock_picking_type t ON t.id = a.picking_type_id
      JOIN stock_warehouse w ON w.id = l.warehouse_id
      JOIN stock_rule rule ON rule.id = w.manufacture_pull_id AND rule.active
      LEFT JOIN mrp_bom b ON b.id = a.bom_id
     WHERE a.state IN ('draft', 'confirmed') AND b.picking_type_id IS NULL
       AND t.warehouse_id <> l.warehouse_id
       -- of a confirmed line that has another one since, what was asked for stays
       AND NOT (a.state = 'confirmed' AND EXISTS (
           SELECT FROM stock_move d JOIN stock_location place ON place.id = d.location_id
            WHERE d.sale_line_id = l.id AND d.ato_supply = 'assembly'
              AND d.state NOT IN ('done', 'cancel')
              AND place.warehouse_id = t.warehouse_id))
    UNION ALL
    -- all rows of its product, labelled or not: none is there twice
    SELECT 'c09: an open assembly order makes what it says', a.line_id, a.product_id,
           a.name,
           format('finished product %s, made %s', round(a.all_open, 3),
                  round(a.all_made, 3)),
           format('%s in all', round(a.demand, 3))
      FROM assembly_order a CROSS JOIN precision_of
     WHERE a.is_open AND abs(a.all_open + a.all_made - a.demand) > step
    UNION ALL
    -- or to the step that brings it to the shelf for its own line
    SELECT 'c10: what an assembly order makes goes to its own line', f.line_id,
           f.product_id, f.order_name,
           format('move %s, of line %s', m.id, m.sale_line_id), 'to its own line only'
      FROM finished f
      JOIN chain ON chain.before_id = f.id
      JOIN stock_move m ON m.id = chain.after_id
     WHERE m.state NOT IN ('done', 'cancel')
       -- what was given up is still stored, as ordinary stock
       AND NOT (NOT f.is_open AND m.ato_supply IS NULL AND m.sale_line_id IS NULL
                AND m.raw_material_production_id IS NULL
                AND EXISTS (SELECT FROM sale_order_line s
                             WHERE s.id = f.line_id AND s.qty_given_up > 0))
       AND NOT EXISTS (
               SELECT FROM served WHERE served.id = m.id AND served.line_id = f.line_id
           )
    UNION ALL
    SELECT 'c11: an assembly order has its finished product labelled', f.line_id,
           f.product_id, f.label, coalesce(f.ato_supply, 'no label'), 'assembly'
      FROM finished f
     WHERE f.ato_supply IS DISTINCT FROM 'assembly'
    UNION ALL
    SELECT 'c12: what an assembly order makes is asked for by a delivery', f.line_id,
           f.product_id, f.order_name, 'no delivery waits for it', 'one of its line'
      FROM finished f
      JOIN line ON line.id = f.line_id AND line.state = 'sale'
      JOIN assembly_order a ON a.id = f.production_id AND a.state <> 'draft'
     WHERE f.is_open AND f.demand > 0 AND line.asked_assembly > line.tolerance
       AND NOT EXISTS (
               SELECT FROM chain
                 JOIN served ON served.id = chain.after_id
                WHERE chain.before_id = f.id AND served.line_id = f.line_id
           )
    UNION ALL
    SELECT 'c13: what is assembled comes out in the warehouse that makes it', f.line_id,
           f.product_id, f.order_name, format('it goes to %s', dest.complete_name),
           format('inside warehouse %s', t.warehouse_id)
      FROM (
           SELECT finished.*, location_dest_id AS place_id FROM finished
           UNION ALL
           SELECT finished.*, ml.location_dest_id
             FROM finished JOIN stock_move_line ml ON ml.move_id = finished.id
           UNION ALL
           SELECT finished.*, r.location_dest_id
             FROM finished JOIN mrp_production r ON r.id = finished.production_id
            WHERE finished.is_open
      ) f
      JOIN place dest ON dest.id = f.place_id
      JOIN stock_picking_type t ON t.id = f.order_type_id
     WHERE dest.usage <> 'internal' OR dest.warehouse_id IS DISTINCT FROM t.warehouse_id
    UNION ALL
    SELECT 'c14: an assembly order that is done has put in stock what it made',
           a.line_id, a.product_id, a.name,
           format('in stock %s', round(a.all_made, 3)),
           format('made %s', round(a.producing, 3))
      FROM assembly_order a CROSS JOIN precision_of
     WHERE a.state = 'done' AND abs(a.all_made - a.producing) > step
    UNION ALL
    -- which, and how many, is for its planner and salesperson to say
    SELECT 'c15: an open assembly order uses components', a.line_id, a.product_id,
           a.name,
           format('components %s, asked for %s, cancelled %s', count(m.id),
                  count(*) FILTER (WHERE m.state <> 'cancel' AND m.product_uom_qty > 0),
                  count(*) FILTER (WHERE m.state = 'cancel')),
           'at least one, none cancelled'
      FROM assembly_order a
      LEFT JOIN stock_move m ON m.raw_material_production_id = a.id
     WHERE a.is_open
     GROUP BY a.id, a.line_id, a.product_id, a.name
    HAVING bool_or(m.state = 'cancel')
        OR NOT coalesce(bool_or(m.state <> 'cancel' AND m.product_uom_qty > 0), false)
    UNION ALL
    -- without a promise a quotation is due its lead time after it was last saved
    SELECT 'c16: an open assembly order is due when its line is', a.line_id,
           a.product_id, a.name,
           format('due %s, its finished product %s', a.date_deadline, made.earliest),
           format('both %s to %s', due.earliest, due.latest)
      FROM assembly_order a
      JOIN line_of_product l ON l.id = a.line_id
      LEFT JOIN (
           SELECT f.production_id AS id, min(f.date_deadline) AS earliest,
                  max(f.date_deadline) AS latest
             FROM finished f WHERE f.is_open GROUP BY f.production_id
      ) made ON made.id = a.id
     CROSS JOIN LATERAL (
           SELECT coalesce(l.commitment_date, CASE WHEN l.state = 'sale'
                      THEN l.date_order ELSE l.quoted - interval '1 day' END
                      + l.customer_lead * interval '1 day') AS earliest,
                  coalesce(l.commitment_date, CASE WHEN l.state = 'sale'
                      THEN l.date_order ELSE now() AT TIME ZONE 'UTC' + interval '1 day' END
                      + l.customer_lead * interval '1 day') AS latest
      ) due
     WHERE a.is_open
       AND (made.id IS NOT NULL
            AND (made.earliest IS DISTINCT FROM a.date_deadline
                 OR made.latest IS DISTINCT FROM a.date_deadline)
            OR a.date_deadline < due.earliest - interval '1 minute'
            OR a.date_deadline > due.latest + interval '1 minute'
            OR a.date_deadline IS NULL)
    UNION ALL
    -- a quotation may have none of its own yet: its draft orders bring it
    SELECT 'c17: an open assembly order has the reference of its sales order',
           a.line_id, a.product_id, a.name, 'no common reference',
           format('one of order %s', l.order_name)
      FROM assembly_order a JOIN line l ON l.id = a.line_id
     WHERE a.is_open
       AND NOT EXISTS (
               SELECT FROM stock_reference_production_rel own
                 LEFT JOIN stock_reference_sale_rel sold
                   ON sold.reference_id = own.reference_id
                WHERE own.production_id = a.id
                  AND (sold.sale_id = l.order_id
                       OR sold.sale_id IS NULL
                          AND (l.state IN ('draft', 'sent') OR l.is_held_back))
           )
    UNION ALL
    -- or where a rule pushes it on, once it is there
    SELECT 'c18: what is assembled comes out where the next step takes it', f.line_id,
           f.product_id, f.order_name,
           format('it goes to location %s', f.location_dest_id),
           format('inside location %s, of move %s', m.location_id, m.id)
      FROM finished f
      JOIN chain ON chain.before_id = f.id
      JOIN move m ON m.id = chain.after_id
     WHERE f.is_open AND m.is_open
       AND NOT starts_with(f.destination_path, m.source_path)
       AND NOT EXISTS (
               SELECT FROM stock_rule rule
                -- an archived one too, once the steps of the warehouse have changed
                WHERE rule.action IN ('push', 'pull_push')
                  AND rule.location_src_id = f.location_dest_id
           )
       -- the bins that are set for assembly are wherever in the warehouse
       AND NOT EXISTS (
               SELECT FROM stock_warehouse w
                 JOIN place bin ON bin.id IN (
                          w.ato_shipment_location_id, w.from_assembly_location_id
                      )
                WHERE starts_with(f.destination_path, bin.parent_path)
           )

    -- Reservations
    UNION ALL
    SELECT 'd01: order: units made and not delivered are held for the line',
           id, product_id, NULL,
           format('held %s, of it %s on the shelf', round(held_assembly, 3),
                  round(held_stored, 3)),
           format('%s (made %s, given up %s, shipped %s)',
                  round(greatest(waiting, 0), 3), round(made, 3), round(given_up, 3),
                  round(shipped_assembled, 3))
      FROM line
     WHERE state = 'sale'
       AND (held_assembly < waiting - tolerance
            OR held_stored > greatest(waiting, picked_assembly) + tolerance)
    UNION ALL
    -- a picker may take more than the transfer asks for
    SELECT 'd02: order: no more is reserved than is outstanding', id, product_id, NULL,
           format('reserved in stock %s, P = %s', round(held_stock, 3),
                  round(open_assembly, 3)),
           format('O = %s, %s are to come back', round(outstanding, 3),
                  round(coming_back, 3))
      FROM line
     WHERE state = 'sale'
       AND held_of_demand + open_assembly
           > greatest(outstanding + coming_back, 0) + tolerance
       AND held_of_demand > tolerance
    UNION ALL
    -- or of what no delivery of an order asks for yet: not of one that was cancelled
    SELECT 'd03: holds are of open quotations', l.id, m.product_id, m.label,
           format('%s, held %s', l.state, round(m.held, 3)),
           format('draft or sent, or %s not asked for yet', round(unasked.units, 3))
      FROM move m JOIN line l ON l.id = m.ato_hold_line_id
     CROSS JOIN LATERAL (
           SELECT least(l.open_stock - l.asked_stock,
                        CASE WHEN l.is_launched THEN l.held_back END) AS units
      ) unasked
     WHERE l.state NOT IN ('draft', 'sent')
       AND (l.state <> 'sale' OR m.held > unasked.units + l.tolerance)
    UNION ALL
    SELECT 'd04: quotation: no more is held than is to be taken from stock',
           id, product_id, NULL, format('held %s', round(held_stock, 3)),
           format('N = %s', round(open_stock, 3))
      FROM line
     WHERE state IN ('draft', 'sent') AND held_stock > tolerance
       AND held_stock > greatest(open_stock, 0) + tolerance
    UNION ALL
    SELECT 'd05: a hold is open, has no transfer, and asks for what it has',
           m.ato_hold_line_id, m.product_id, m.label,
           format('%s, transfer %s: asks for %s', m.state, m.picking_id,
                  round(m.demand, 3)),
           format('confirmed, no transfer: %s', round(m.held, 3))
      FROM move m CROSS JOIN precision_of
     WHERE m.ato_hold_line_id IS NOT NULL
       AND (NOT m.is_open OR m.state = 'draft' OR m.picking_id IS NOT NULL
            OR m.held <= 0 OR abs(m.demand - m.held) > step)
    UNION ALL
    SELECT 'd06: a hold fits its line, which has one at most', l.id, l.product_id,
           min(m.label), format('%s hold(s)', count(*)),
           format('1 of product %s, company %s', l.product_id, l.company_id)
      FROM move m JOIN line_of_product l ON l.id = m.ato_hold_line_id
     GROUP BY l.id, l.product_id, l.company_id
    HAVING count(*) > 1
        OR bool_or(m.product_id <> l.product_id OR m.company_id <> l.company_id)
    UNION ALL
    SELECT 'd07: what is reserved has its holder, and the other way round',
           NULL, product_id, label, format('reserved %s', round(reserved, 3)),
           format('held %s', round(held, 3))
      FROM stock CROSS JOIN precision_of
     WHERE is_mixed AND abs(reserved - held) > step / 2
    UNION ALL
    -- only what somebody has picked may be more: it is taken as counted
    SELECT 'd08: no more is reserved for mixed lines than there is',
           NULL, product_id, label, format('reserved %s', round(reserved, 3)),
           format('on hand %s', round(quantity, 3))
      FROM stock CROSS JOIN precision_of
     WHERE is_ours AND NOT is_picked
       AND reserved > greatest(quantity, 0) + step / 2
    UNION ALL
    -- in the line's warehouse, or where a route of the line or its product takes from
    SELECT 'd09: a hold is where the line takes its units from', l.id, m.product_id,
           m.label, format('held in %s', shelf.complete_name),
           format('in warehouse %s', l.warehouse_id)
      FROM move m
      JOIN line_of_product l ON l.id = m.ato_hold_line_id
      JOIN place shelf ON shelf.id = m.location_id
     WHERE shelf.usage <> 'internal'
        OR shelf.warehouse_id IS DISTINCT FROM l.warehouse_id
           AND NOT EXISTS (
                   SELECT FROM stock_rule rule
                    WHERE rule.location_src_id = m.location_id AND rule.active
                      AND rule.route_id IN (
                              SELECT stock_route_id FROM sale_order_line_stock_route_rel
                               WHERE sale_order_line_id = l.id
                              UNION ALL
                              SELECT route_id FROM stock_route_product
                               WHERE product_id = l.product_tmpl_id
                              UNION ALL
                              SELECT route_id FROM stock_route_categ
                               WHERE categ_id = l.categ_id
                          )
               )
    UNION ALL
    SELECT 'd10: what a hold has is in its location', m.ato_hold_line_id, m.product_id,
           m.label, format('rows in %s', bin.complete_name),
           format('inside location %s', m.location_id)
      FROM move m
      JOIN stock_move_line ml ON ml.move_id = m.id
      JOIN place bin ON bin.id = ml.location_id
     WHERE m.ato_hold_line_id IS NOT NULL
       AND NOT starts_with(bin.parent_path, m.source_path)
    UNION ALL
    -- they are let go in the night after, by a job that may fail for a while
    SELECT 'd11: quotations that expired a week ago hold nothing', l.id, m.product_id,
           m.label, format('valid until %s', l.validity_date), 'let go'
      FROM move m JOIN line_of_product l ON l.id = m.ato_hold_line_id
     WHERE l.validity_date < current_date - 7
    UNION ALL
    SELECT 'd12: a hold is no delivery', m.ato_hold_line_id, m.product_id, m.label,
           format('label %s, line %s', m.ato_supply, m.sale_line_id), 'neither'
      FROM move m
     WHERE m.ato_hold_line_id IS NOT NULL
       AND (m.ato_supply IS NOT NULL OR m.sale_line_id IS NOT NULL)

    -- Odoo passes by rows that somebody is writing, and so may let go of too little in
    -- one that has less: free stock looks smaller until its scheduler has counted anew
    UNION ALL
    SELECT 'note n01: more is reserved than anybody holds, of a product never mixed',
           NULL, product_id, label, format('reserved %s', round(reserved, 3)),
           format('held %s', round(held, 3))
      FROM stock CROSS JOIN precision_of
     WHERE NOT is_mixed AND reserved - held > step / 2
)
SELECT broken.rule, o.name AS "order", broken.line_id AS line,
       coalesce(p.default_code, t.name ->> 'en_US') AS product,
       broken.document, broken.found, broken.expected
  FROM broken
  LEFT JOIN sale_order_line l ON l.id = broken.line_id
  LEFT JOIN sale_order o ON o.id = l.order_id
  LEFT JOIN product_product p ON p.id = broken.product_id
  LEFT JOIN product_template t ON t.id = p.product_tmpl_id
 ORDER BY broken.rule, o.name, broken.line_id, broken.document, broken.found;
