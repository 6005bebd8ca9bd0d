import {defineModels, fields, models} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

/**
 * The figures of a line of which 6 are free, and the rest is missing.
 *
 * @param {Number} missing
 * @returns {Object}
 */
export function makeMissingFigures(missing) {
    return {
        missing_qty: missing,
        status: "missing",
        status_text: `${missing} missing`,
        segments: [
            {key: "free", label: "Free in stock", qty: 6},
            {key: "missing", label: "Not covered", qty: missing},
        ],
        suggestions: [
            {
                action: "action_assemble_missing",
                label: `Assemble ${missing}`,
                qty: missing,
                to_assemble: missing,
            },
        ],
    };
}

export class SaleOrder extends models.Model {
    _name = "sale.order";

    name = fields.Char();
    state = fields.Char({default: "draft"});
    locked = fields.Boolean();
    has_assembled_lines = fields.Boolean();
    order_line = fields.One2many({
        relation: "sale.order.line",
        relation_field: "order_id",
    });

    _records = [
        {id: 1, name: "S1", has_assembled_lines: true, order_line: [11, 12]},
        {id: 2, name: "S2", has_assembled_lines: false, order_line: [21]},
    ];
}

export class SaleOrderLine extends models.Model {
    _name = "sale.order.line";

    name = fields.Char();
    order_id = fields.Many2one({relation: "sale.order"});
    product_uom_qty = fields.Float({digits: [16, 2]});
    qty_to_assemble_to_order = fields.Float({digits: [16, 2]});
    is_assembled = fields.Boolean({default: true});
    assembly_figures = fields.Json();
    assembly_price = fields.Json();
    assembly_cost = fields.Json();

    _records = [
        {
            id: 11,
            name: "Desk",
            product_uom_qty: 10,
            assembly_figures: makeMissingFigures(4),
        },
        {id: 12, name: "Counter", product_uom_qty: 5},
        {id: 21, name: "Lamp", product_uom_qty: 2},
    ];

    _onChanges = {
        product_uom_qty(line) {
            line.assembly_figures = makeMissingFigures(line.product_uom_qty - 6);
        },
    };
}

export function defineAvailabilityModels(
    orderModel = SaleOrder,
    lineModel = SaleOrderLine
) {
    defineMailModels();
    defineModels([orderModel, lineModel]);
}

/**
 * A row as `get_assembly_availability` tells it.
 *
 * @param {Object} values what is not as with 10 desks ordered and 6 in stock
 * @returns {Object}
 */
export function makeRow(values = {}) {
    return {
        line_id: 11,
        product: "Desk",
        product_id: 1,
        uom: "Units",
        uom_id: 1,
        qty: 10,
        qty_from_stock: 10,
        qty_to_assemble_to_order: 0,
        qty_assembled: 0,
        qty_delivered: 0,
        reserved_qty: 0,
        reserved_stock_qty: 0,
        free_stock_qty: 6,
        expected_stock_qty: 6,
        able_to_assemble_qty: 0,
        components_short_qty: 0,
        missing_qty: 4,
        deductible_qty: 0,
        stock_needed_qty: 10,
        stock_held_qty: 0,
        stock_on_hand_qty: 6,
        stock_due_qty: 0,
        waiting_qty: 0,
        remaining_qty: 0,
        delivery_date: "2026-11-22",
        availability_date: false,
        is_late: false,
        status: "missing",
        status_text: "4 missing",
        promise_text: "assembled by Nov 27",
        bin_warning: "",
        segments: [
            {key: "free", label: "Free in stock", qty: 6},
            {key: "missing", label: "Not covered", qty: 4},
        ],
        components: [],
        suggestions: [
            {
                action: "action_assemble_missing",
                label: "Assemble 4",
                qty: 4,
                to_assemble: 4,
            },
        ],
        ...values,
    };
}

/**
 * The row of 5 counters to assemble, with components for 2 of them.
 *
 * @param {Object} values
 * @returns {Object}
 */
export function makeShortRow(values = {}) {
    const component = {uom: "Units", reserved_qty: 0, can_be_made_qty: false};
    return makeRow({
        line_id: 12,
        product: "Counter",
        qty: 5,
        qty_from_stock: 0,
        qty_to_assemble_to_order: 5,
        free_stock_qty: 0,
        able_to_assemble_qty: 2,
        components_short_qty: 3,
        missing_qty: 0,
        stock_needed_qty: 0,
        remaining_qty: 5,
        status: "components_short",
        status_text: "components short: 2 of 5",
        segments: [
            {key: "able", label: "Can be assembled", qty: 2},
            {key: "short", label: "Components short", qty: 3},
        ],
        components: [
            {
                ...component,
                product: "Drawer",
                product_id: 7,
                required_qty: 5,
                available_qty: 2,
                missing_qty: 3,
                availability_date: false,
                able_to_assemble_qty: 2,
                can_be_made_qty: 8,
                is_bottleneck: true,
            },
            {
                ...component,
                product: "Table Leg",
                product_id: 8,
                required_qty: 20,
                available_qty: 900,
                missing_qty: 0,
                availability_date: "2026-11-22",
                able_to_assemble_qty: 5,
                is_bottleneck: false,
            },
        ],
        suggestions: [
            {
                action: "action_open_assembly_components",
                label: "Components...",
                qty: 5,
                to_assemble: false,
            },
        ],
        ...values,
    });
}
