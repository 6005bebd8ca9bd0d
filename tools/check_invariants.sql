-- What always holds in a database with Mixed Assemble-to-Order (ato_mixed_sales).
--
-- One statement that only reads. It returns a row for each thing that is broken: the
-- rule, the document, and what was found; no row when all is well. A rule that starts
-- with "note" is none of the add-on's: Odoo leaves it, and mends it, by itself. Run it
-- with
--   tools/check_invariants -d DATABASE
-- or, without the development tools, on any server or replica with
--   PGOPTIONS='-c default_transaction_read_only=on' \
--   psql -X -d DATABASE -f check_invariants.sql
--
-- It counts for itself and shares nothing with the add-on's code. Q, A, S ... are those
-- of the design: ordered, to assemble to order, delivered. All quantities are in the
-- unit of the product; half of the smallest unit that Odoo counts is no difference.

WITH
precision_of AS (
    SELECT power(10::numeric, -digits) AS step
      FROM decimal_precision WHERE name = 'Product Unit'
),

-- Locations outside: units that are there have left, or have not come yet.
place AS (
    SELECT id, company_id, usage,
           usage IN ('customer', 'supplier')
               OR usage = 'transit' AND company_id IS NULL AS is_outside,
           usage IN ('supplier', 'customer', 'inventory', 'production') AS is_unlimited
      FROM stock_location
),

line_of_product AS (
    SELECT l.id, o.id AS order_id, o.state, o.company_id, l.product_id, l.warehouse_id,
           format('%s, line %s', o.name, l.id) AS label,
           l.write_date, l.qty_delivered_method,
           lu.factor / pu.factor AS ratio,
           l.product_uom_qty * lu.factor / pu.factor AS ordered,
           l.qty_to_assemble_to_order AS typed,
           coalesce(l.qty_to_assemble_to_order, 0) * lu.factor / pu.factor AS assembly,
           coalesce(l.qty_delivered, 0) * lu.factor / pu.factor AS delivered,
           coalesce(l.qty_given_up, 0) AS given_up,
           -- a third of a dozen is typed as 0.33 and means 4 units
           CASE WHEN lu.factor = pu.factor THEN step / 2
                ELSE step * (1 + lu.factor / pu.factor) END AS tolerance
      FROM sale_order_line l
      JOIN sale_order o ON o.id = l.order_id
      JOIN product_product p ON p.id = l.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom lu ON lu.id = l.product_uom_id
      JOIN uom_uom pu ON pu.id = t.uom_id
     CROSS JOIN precision_of
),

-- Moves that concern the add-on: of lines, of linked assembly orders, holds.
move AS (
    SELECT m.id, m.sale_line_id, m.production_id, m.ato_hold_line_id, m.ato_supply,
           m.state, m.product_id, m.picking_id, m.company_id, m.origin_returned_move_id,
           m.to_refund,
           format('%s, move %s', coalesce(m.reference, m.origin, '?'), m.id) AS label,
           m.state NOT IN ('done', 'cancel') AS is_open,
           src.is_outside AS comes_from_outside,
           dest.is_outside AS leaves,
           final.is_outside AS is_to_leave,
           m.product_uom_qty * mu.factor / pu.factor AS demand,
           m.quantity * mu.factor / pu.factor AS quantity,
           coalesce(held.quantity, 0) AS held
      FROM stock_move m
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
     WHERE m.sale_line_id IS NOT NULL OR m.ato_supply IS NOT NULL
        OR m.ato_hold_line_id IS NOT NULL
        OR EXISTS (
               SELECT FROM mrp_production r
                WHERE r.id = m.production_id AND r.ato_sale_line_id IS NOT NULL
           )
),

-- Linked assembly orders: what they have made for their line, and what they still make.
assembly_order AS (
    SELECT r.id, r.name, r.state, r.ato_sale_line_id AS line_id, r.product_id,
           r.company_id, r.bom_id, r.picking_type_id,
           r.product_qty * ru.factor / pu.factor AS demand,
           CASE WHEN r.state IN ('progress', 'to_close', 'done')
                THEN least(coalesce(f.made, 0), r.product_qty * ru.factor / pu.factor)
                ELSE 0 END AS made,
           CASE WHEN r.state IN ('confirmed', 'progress', 'to_close')
                THEN coalesce(f.open, 0) ELSE 0 END AS open
      FROM mrp_production r
      JOIN product_product p ON p.id = r.product_id
      JOIN product_template t ON t.id = p.product_tmpl_id
      JOIN uom_uom ru ON ru.id = r.product_uom_id
      JOIN uom_uom pu ON pu.id = t.uom_id
      LEFT JOIN LATERAL (
           SELECT sum(m.quantity) FILTER (WHERE m.state = 'done') AS made,
                  sum(m.demand) FILTER (WHERE m.is_open) AS open
             FROM move m
            WHERE m.production_id = r.id AND m.ato_supply = 'assembly'
      ) f ON true
     WHERE r.ato_sale_line_id IS NOT NULL
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
               SELECT FROM stock_move_move_rel link
                 JOIN move next ON next.id = link.move_dest_id
                WHERE link.move_orig_id = m.id AND next.is_open
                  AND next.sale_line_id = m.sale_line_id
           )
     GROUP BY m.sale_line_id
),

passed AS (
    SELECT m.sale_line_id AS line_id,
           sum(m.quantity) FILTER (
               WHERE m.leaves AND (m.origin_returned_move_id IS NULL OR m.to_refund)
           ) AS shipped,
           sum(m.quantity) FILTER (
               WHERE m.leaves AND m.ato_supply = 'assembly'
           ) AS shipped_assembled,
           sum(m.quantity) FILTER (
               WHERE m.comes_from_outside AND NOT m.leaves AND m.to_refund
           ) AS returned,
           sum(greatest(m.demand - m.quantity, 0)) AS left_behind
      FROM move m JOIN line_of_product l ON l.id = m.sale_line_id
     WHERE m.state = 'done' AND m.production_id IS NULL
       AND m.product_id = l.product_id
     GROUP BY m.sale_line_id
),

-- Units that linked orders have made, on their way to the customer.
bound AS (
    SELECT line_id, sum(held) AS held
      FROM (
           SELECT m.id, m.held,
                  coalesce(m.sale_line_id, (
                      SELECT min(a.line_id)
                        FROM stock_move_move_rel link
                        JOIN move made ON made.id = link.move_orig_id
                        JOIN assembly_order a ON a.id = made.production_id
                       WHERE link.move_dest_id = m.id
                  )) AS line_id
             FROM move m
            WHERE m.is_open AND m.ato_supply = 'assembly' AND m.production_id IS NULL
              AND m.ato_hold_line_id IS NULL
      ) chain
     GROUP BY line_id
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
           count(*) FILTER (WHERE state IN ('confirmed', 'progress', 'to_close')) AS making
      FROM assembly_order
     GROUP BY line_id
),

-- Every line that is, or ever was, mixed, with its figures.
line AS (
    SELECT f.*,
           -- N and P: what is still to leave by source
           f.ordered - f.delivered AS outstanding,
           greatest(f.assembly - f.shipped_assembled, 0) AS open_assembly,
           f.ordered - f.delivered
               - greatest(f.assembly - f.shipped_assembled, 0) AS open_stock,
           -- D, and W: assembled for the line, and waiting for its delivery
           greatest(f.made - f.given_up, 0) AS assembled,
           f.made - f.given_up - f.shipped_assembled AS waiting
      FROM (
           SELECT l.*, coalesce(o.made, 0) AS made, coalesce(o.open, 0) AS ordered_open,
                  coalesce(o.drafts, 0) AS drafts, coalesce(o.draft, 0) AS draft,
                  coalesce(o.making, 0) AS making,
                  coalesce(d.stock, 0) AS asked_stock,
                  coalesce(d.assembly, 0) AS asked_assembly,
                  coalesce(p.shipped, 0) AS shipped,
                  coalesce(p.shipped_assembled, 0) AS shipped_assembled,
                  coalesce(p.returned, 0) AS returned,
                  coalesce(p.left_behind, 0) AS left_behind,
                  coalesce(b.held, 0) AS held_assembly,
                  coalesce(r.held, 0) AS held_stock,
                  coalesce(r.held_of_demand, 0) AS held_of_demand
             FROM line_of_product l
             LEFT JOIN ordered o ON o.line_id = l.id
             LEFT JOIN open_delivery d ON d.line_id = l.id
             LEFT JOIN passed p ON p.line_id = l.id
             LEFT JOIN bound b ON b.line_id = l.id
             LEFT JOIN reserved_stock r ON r.line_id = l.id
            WHERE l.typed > 0 OR o.line_id IS NOT NULL
               OR EXISTS (
                      SELECT FROM move m
                       WHERE (m.sale_line_id = l.id AND m.ato_supply IS NOT NULL)
                          OR m.ato_hold_line_id = l.id
                  )
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
    SELECT coalesce(quantity, 0) AS quantity,
           coalesce(reserved, 0) AS reserved, coalesce(held, 0) AS held,
           coalesce(is_picked, false) AS is_picked, coalesce(is_ours, false) AS is_ours,
           EXISTS (SELECT FROM line WHERE line.product_id = product.id) AS is_mixed,
           format('%s in %s%s',
                  coalesce(product.default_code, t.name ->> 'en_US'),
                  location.complete_name, ', lot ' || lot.name) AS label
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
      JOIN stock_location location ON location.id = places.location_id
      LEFT JOIN stock_lot lot ON lot.id = places.lot_id
     WHERE NOT EXISTS (  -- kits have no stock of their own
               SELECT FROM mrp_bom b
                WHERE b.type = 'phantom' AND b.active AND b.product_tmpl_id = t.id
           )
),

broken (rule, document, found) AS (
    -- The line
    SELECT 'a01: 0 <= A <= Q', label,
           format('A = %s of Q = %s', round(assembly, 3), round(ordered, 3))
      FROM line
     WHERE assembly < -tolerance
        OR assembly > greatest(ordered, 0) + tolerance
           AND delivered <= ordered + tolerance
    UNION ALL
    SELECT 'a02: order: A is 0, or from D to what did not leave from stock', label,
           format('A = %s, D = %s, Q = %s, S = %s, of it %s assembled', round(assembly, 3),
                  round(assembled, 3), round(ordered, 3), round(delivered, 3),
                  round(shipped_assembled, 3))
      FROM line
     WHERE state = 'sale' AND assembly > tolerance
       AND (assembly < assembled - tolerance
            OR assembly > greatest(
                   least(ordered, ordered - delivered + shipped_assembled),
                   CASE WHEN delivered > ordered THEN assembled END
               ) + tolerance)
    UNION ALL
    SELECT 'a03: delivered is what left less what came back', label,
           format('S = %s, left %s, came back %s', round(delivered, 3),
                  round(shipped, 3), round(returned, 3))
      FROM line
     WHERE qty_delivered_method = 'stock_move'
       AND abs(delivered - shipped + returned) > tolerance
       AND NOT EXISTS (  -- the point of sale delivers without moves of the line
               SELECT FROM ir_module_module
                WHERE name = 'pos_sale' AND state = 'installed'
           )

    -- Open deliveries
    UNION ALL
    SELECT 'b01: order: the assembly part is asked for once, no more, no less', label,
           format('deliveries ask for %s, P = %s', round(asked_assembly, 3),
                  round(open_assembly, 3))
      FROM line
     WHERE state = 'sale' AND abs(asked_assembly - open_assembly) > tolerance
    UNION ALL
    SELECT 'b02: order: no more of the stock part is asked for than is open', label,
           format('deliveries ask for %s, N = %s', round(asked_stock, 3),
                  round(open_stock, 3))
      FROM line
     WHERE state = 'sale' AND asked_stock > greatest(open_stock, 0) + tolerance
    UNION ALL
    -- what came back, or whose delivery somebody gave up, waits to be asked for
    SELECT 'b03: order: the open stock part is asked for', label,
           format('deliveries ask for %s, N = %s', round(asked_stock, 3),
                  round(open_stock, 3))
      FROM line
     WHERE state = 'sale' AND asked_stock < open_stock - returned - left_behind - tolerance
       AND NOT EXISTS (
               SELECT FROM move m
                WHERE m.sale_line_id = line.id AND m.state = 'cancel'
           )
       AND NOT (SELECT o.locked FROM sale_order o WHERE o.id = line.order_id)
    UNION ALL
    SELECT 'b04: a line that is no order asks for no delivery', label,
           format('%s: deliveries ask for %s', state, round(asked_stock + asked_assembly, 3))
      FROM line
     WHERE state <> 'sale' AND asked_stock + asked_assembly > tolerance
    UNION ALL
    SELECT 'b05: each open delivery of a mixed line says where its units come from',
           m.label, line.label
      FROM move m JOIN line ON line.id = m.sale_line_id AND line.assembly > 0
     WHERE m.ato_supply IS NULL AND m.is_open AND m.is_to_leave
       AND m.production_id IS NULL AND m.product_id = line.product_id
    UNION ALL
    SELECT 'b06: the steps of one delivery have one source', m.label,
           format('%s, before it %s', m.ato_supply, before.ato_supply)
      FROM move m
      JOIN stock_move_move_rel link ON link.move_dest_id = m.id
      JOIN move before ON before.id = link.move_orig_id
     WHERE m.is_open AND before.sale_line_id = m.sale_line_id
       AND m.origin_returned_move_id IS NULL AND before.state <> 'cancel'
       AND m.ato_supply IS NOT NULL AND before.ato_supply IS NOT NULL
       AND m.ato_supply <> before.ato_supply
    UNION ALL
    SELECT 'b07: a delivery of assembled units waits for something', m.label,
           'nothing brings its units'
      FROM move m
     WHERE m.is_open AND m.ato_supply = 'assembly' AND m.sale_line_id IS NOT NULL
       AND m.production_id IS NULL AND m.is_to_leave AND m.demand > 0
       AND NOT EXISTS (
               SELECT FROM stock_move_move_rel link
                 JOIN stock_move before ON before.id = link.move_orig_id
                WHERE link.move_dest_id = m.id AND before.state <> 'cancel'
           )
    UNION ALL
    SELECT 'b08: a move holds what its rows say', m.label,
           format('holds %s, its rows %s', round(m.quantity, 3), round(m.held, 3))
      FROM move m CROSS JOIN precision_of
     WHERE m.is_open AND m.production_id IS NULL
       AND abs(coalesce(m.quantity, 0) - m.held) > step

    -- Assembly orders
    UNION ALL
    SELECT 'c01: order: linked orders still make what remains to be assembled', label,
           format('they make %s, A = %s, D = %s', round(ordered_open, 3),
                  round(assembly, 3), round(assembled, 3))
      FROM line
     WHERE state = 'sale'
       AND abs(ordered_open - greatest(assembly - assembled, 0)) > tolerance
    UNION ALL
    SELECT 'c02: quotation: the draft order is for what is to be assembled', label,
           format('%s draft order(s) for %s, to be made %s', drafts, round(draft, 3),
                  round(assembly - assembled - ordered_open, 3))
      FROM line
     WHERE state IN ('draft', 'sent') AND drafts > 0
       AND (drafts > 1
            OR abs(draft - (assembly - made + given_up - ordered_open)) > tolerance)
    UNION ALL
    -- lines that were last saved under another setting get it when they are saved again
    SELECT 'c03: quotation: a line with something to assemble has a draft order', label,
           format('A = %s', round(assembly, 3))
      FROM line JOIN res_company company ON company.id = line.company_id
     WHERE line.state IN ('draft', 'sent') AND drafts = 0
       AND company.assembly_order_creation = 'quotation'
       AND line.write_date >= company.write_date
       AND assembly - made + given_up - ordered_open > tolerance
    UNION ALL
    SELECT 'c04: draft orders are of quotations', label,
           format('%s: draft order(s) for %s', state, round(draft, 3))
      FROM line
     WHERE state NOT IN ('draft', 'sent') AND drafts > 0
    UNION ALL
    SELECT 'c05: no assembly order makes something for a cancelled order', label,
           format('assembly orders %s', making)
      FROM line
     WHERE state = 'cancel' AND making > 0
    UNION ALL
    SELECT 'c06: an assembly order fits its line', a.name,
           format('product %s and company %s, %s has product %s and company %s',
                  a.product_id, a.company_id, l.label, l.product_id, l.company_id)
      FROM assembly_order a JOIN line_of_product l ON l.id = a.line_id
     WHERE a.state NOT IN ('done', 'cancel')
       AND (a.product_id <> l.product_id OR a.company_id <> l.company_id)
    UNION ALL
    SELECT 'c07: an assembly order is linked to the line of a product', a.name,
           format('line %s', a.line_id)
      FROM assembly_order a
     WHERE NOT EXISTS (SELECT FROM line_of_product l WHERE l.id = a.line_id)
    UNION ALL
    -- another warehouse may make them by its recipe, or supply the one of the line
    SELECT 'c08: an open assembly order is in the warehouse of its line', a.name,
           format('warehouse %s, %s has %s', t.warehouse_id, l.label, l.warehouse_id)
      FROM assembly_order a
      JOIN line_of_product l ON l.id = a.line_id
      JOIN stock_picking_type t ON t.id = a.picking_type_id
      JOIN stock_warehouse w ON w.id = l.warehouse_id
      JOIN stock_rule rule ON rule.id = w.manufacture_pull_id AND rule.active
      LEFT JOIN mrp_bom b ON b.id = a.bom_id
     WHERE a.state IN ('draft', 'confirmed') AND b.picking_type_id IS NULL
       AND t.warehouse_id <> l.warehouse_id
    UNION ALL
    SELECT 'c09: an open assembly order makes what it says', a.name,
           format('to make %s, its finished product %s', round(a.demand, 3),
                  round(a.open, 3))
      FROM assembly_order a CROSS JOIN precision_of
     WHERE a.state = 'confirmed' AND abs(a.open - a.demand) > step
    UNION ALL
    SELECT 'c10: what an assembly order makes goes to its own line', m.label,
           format('%s is of line %s, the move of line %s', a.name, a.line_id,
                  m.sale_line_id)
      FROM assembly_order a
      JOIN move made ON made.production_id = a.id AND made.ato_supply = 'assembly'
      JOIN stock_move_move_rel link ON link.move_orig_id = made.id
      JOIN move m ON m.id = link.move_dest_id
     WHERE m.is_open AND m.sale_line_id <> a.line_id
    UNION ALL
    SELECT 'c11: an assembly order has its finished product labelled', a.name,
           'no finished move is assembled to order'
      FROM assembly_order a
     WHERE a.state NOT IN ('draft', 'cancel')
       AND NOT EXISTS (
               SELECT FROM move m
                WHERE m.production_id = a.id AND m.ato_supply = 'assembly'
           )

    -- Reservations
    UNION ALL
    SELECT 'd01: order: units made and not delivered are held for the line', label,
           format('held %s, waiting %s (made %s, given up %s, shipped %s)',
                  round(held_assembly, 3), round(greatest(waiting, 0), 3),
                  round(made, 3), round(given_up, 3), round(shipped_assembled, 3))
      FROM line
     WHERE state = 'sale' AND abs(held_assembly - greatest(waiting, 0)) > tolerance
    UNION ALL
    -- a picker may take more than the transfer asks for
    SELECT 'd02: order: no more is reserved than is outstanding', label,
           format('reserved in stock %s, P = %s, outstanding %s', round(held_stock, 3),
                  round(open_assembly, 3), round(outstanding, 3))
      FROM line
     WHERE state = 'sale'
       AND held_of_demand + open_assembly > greatest(outstanding, 0) + tolerance
       AND held_of_demand > tolerance
    UNION ALL
    SELECT 'd03: holds are of open quotations', m.label, format('%s: %s', l.label, l.state)
      FROM move m JOIN line_of_product l ON l.id = m.ato_hold_line_id
     WHERE l.state NOT IN ('draft', 'sent')
    UNION ALL
    SELECT 'd04: quotation: no more is held than is to be taken from stock', label,
           format('held %s, N = %s', round(held_stock, 3), round(open_stock, 3))
      FROM line
     WHERE state IN ('draft', 'sent') AND held_stock > tolerance
       AND held_stock > greatest(open_stock, 0) + tolerance
    UNION ALL
    SELECT 'd05: a hold is open, has no transfer, and asks for what it has', m.label,
           format('%s: asks for %s, has %s', m.state, round(m.demand, 3),
                  round(m.held, 3))
      FROM move m CROSS JOIN precision_of
     WHERE m.ato_hold_line_id IS NOT NULL
       AND (NOT m.is_open OR m.picking_id IS NOT NULL OR m.held <= 0
            OR abs(m.demand - m.held) > step)
    UNION ALL
    SELECT 'd06: a hold fits its line, which has one at most', min(m.label),
           format('%s hold(s) of %s', count(*), l.label)
      FROM move m JOIN line_of_product l ON l.id = m.ato_hold_line_id
     GROUP BY l.id, l.label, l.product_id, l.company_id
    HAVING count(*) > 1
        OR bool_or(m.product_id <> l.product_id OR m.company_id <> l.company_id)
    UNION ALL
    SELECT 'd07: what is reserved has its holder, and the other way round', label,
           format('reserved %s, held %s', round(reserved, 3), round(held, 3))
      FROM stock CROSS JOIN precision_of
     WHERE is_mixed AND abs(reserved - held) > step / 2
    UNION ALL
    -- only what somebody has picked may be more: it is taken as counted
    SELECT 'd08: no more is reserved for mixed lines than there is', label,
           format('on hand %s, reserved %s', round(quantity, 3), round(reserved, 3))
      FROM stock CROSS JOIN precision_of
     WHERE is_ours AND NOT is_picked
       AND reserved > greatest(quantity, 0) + step / 2

    -- Odoo passes by rows that somebody is writing, and so may let go of too little in
    -- one that has less: free stock looks smaller until its scheduler has counted anew
    UNION ALL
    SELECT 'note n01: more is reserved than anybody holds, of a product never mixed',
           label, format('reserved %s, held %s', round(reserved, 3), round(held, 3))
      FROM stock CROSS JOIN precision_of
     WHERE NOT is_mixed AND reserved - held > step / 2
)
SELECT rule, document, found FROM broken ORDER BY rule, document, found;
