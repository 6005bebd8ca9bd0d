import {stepUtils} from "@web_tour/tour_utils";
import tourUtils from "@sale/js/tours/tour_utils";

const QUANTITY = ".o_selected_row [name='product_uom_qty'] input";
const TO_ASSEMBLE = "[name='qty_to_assemble_to_order']";

function row(product) {
    return `[name='order_line'] .o_data_row:contains(${product})`;
}

function component(name) {
    return `.modal .o_data_row:contains(${name})`;
}

function deliveryRow(source) {
    return `[name='move_ids'] .o_data_row:has([name='ato_supply']:contains(${source}))`;
}

/**
 * The figures of an order line, as they are read on the screen.
 *
 * @param {String} product
 * @param {Object} figures {field name: text of its cell}
 * @returns {Array} steps
 */
export function checkLine(product, figures) {
    return Object.entries(figures).map(([field, figure]) => ({
        content: `${field} of ${product} is ${figure}`,
        trigger: `${row(product)} td[name='${field}']:text(${figure})`,
    }));
}

export function createQuotation(customer, product, quantity) {
    return [
        ...tourUtils.selectCustomer(customer),
        ...tourUtils.addProduct(product),
        {
            content: "Wait until the product is known",
            trigger: ".o_selected_row td[name='price_subtotal']:contains(100)",
        },
        {
            content: `Order ${quantity}`,
            trigger: QUANTITY,
            run: `edit ${quantity}`,
        },
        ...tourUtils.clickSomewhereElse(),
    ];
}

export function typeToAssemble(product, quantity) {
    return [
        {
            content: "Go to the quantity to assemble",
            trigger: `${row(product)} td${TO_ASSEMBLE}`,
            run: "click",
        },
        {
            content: `Assemble ${quantity} to order`,
            trigger: `.o_selected_row ${TO_ASSEMBLE} input`,
            run: `edit ${quantity}`,
        },
        ...tourUtils.clickSomewhereElse(),
    ];
}

export function checkAssemblyOrderCount(count) {
    return {
        content: `${count} assembly orders are linked`,
        trigger: `button[name='action_view_assembly_orders']:contains(${count})`,
    };
}

/**
 * Open the components of a line, read them and leave them as they are.
 *
 * @param {String} product
 * @param {Object} components {name: text of its quantity}
 * @returns {Array} steps
 */
export function checkComponents(product, components) {
    return [
        {
            content: "Open the components",
            trigger: `${row(product)} button[name='action_open_assembly_components']`,
            run: "click",
        },
        ...Object.entries(components).map(([name, quantity]) => ({
            content: `${quantity} of ${name} are needed`,
            trigger: `${component(name)} td[name='product_uom_qty']:text(${quantity})`,
        })),
        {
            content: "Close the components",
            trigger: ".modal-footer .btn-secondary",
            run: "click",
        },
        {
            content: "Wait until the components are closed",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

export function confirmQuotation() {
    return [
        {
            content: "Confirm the quotation",
            trigger: ".o_statusbar_buttons button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "The quotation is a sales order",
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
    ];
}

export function reserveStock(product) {
    return [
        {
            content: "Reserve from stock",
            trigger: `${row(product)} button[name='action_reserve_stock']`,
            run: "click",
        },
    ];
}

export function openReservation(product) {
    return [
        {
            content: "Choose what to reserve",
            trigger: `${row(product)} button[name='action_open_reservation']`,
            run: "click",
        },
    ];
}

export function searchStock(text, hidden) {
    return [
        {
            content: `Search for ${text}, and go on to what was found`,
            trigger: ".modal input[type='search']",
            run: `edit ${text} && press Enter`,
        },
        {
            content: `${hidden} is out of sight`,
            trigger: `.modal .o_list_table:not(:has(td:contains(${hidden})))`,
        },
    ];
}

/**
 * Type quantities into the rows of the reservation dialog, one after the other.
 *
 * @param {Array} rows [text of the row, quantity]
 * @returns {Array} steps
 */
export function chooseByKeyboard(rows) {
    return rows.map(([place, quantity]) => ({
        content: `Choose ${quantity} of ${place} and go on to the next row`,
        trigger: `.modal .o_selected_row:contains(${place}) [name='qty_to_reserve'] input`,
        run: `edit ${quantity} && press Tab`,
    }));
}

export function reserveChosen() {
    return [
        {
            content: "Reserve what was chosen",
            trigger: ".modal button[name='action_reserve']",
            run: "click",
        },
        {
            content: "Wait until the dialog is closed",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

export function checkDeliveryRow(source, demand) {
    return {
        content: `${demand} units are of the source ${source}`,
        trigger: `${deliveryRow(source)} td[name='product_uom_qty']:text(${demand})`,
    };
}

export function validateDelivery() {
    return [
        {
            content: "Validate the delivery",
            trigger: ".o_statusbar_buttons button[name='button_validate']:visible",
            run: "click",
        },
        {
            content: "The delivery is done",
            trigger: ".o_arrow_button_current:contains(Done)",
        },
    ];
}

/**
 * Open the dialog that assembles and ships, type quantities and ship.
 *
 * @param {String} product
 * @param {Object} quantities {field name: figure to type}, in the order of typing
 * @param {Object} figures {field name: text of its cell before shipping}
 * @returns {Array} steps
 */
export function ship(product, quantities, figures) {
    const shipped = component(product);
    const typing = Object.entries(quantities).map(([field, quantity]) => ({
        content: `Type ${quantity} as ${field}`,
        trigger: `.modal .o_selected_row [name='${field}'] input`,
        run: `edit ${quantity}`,
    }));
    if (typing.length) {
        typing.unshift({
            content: "Go to the row",
            trigger: `${shipped} td[name='qty_to_ship']`,
            run: "click",
        });
        typing.push({
            content: "Leave the row",
            trigger: ".modal .text-muted",
            run: "click",
        });
    }
    return [
        {
            content: "Open the dialog",
            trigger: "button[name='action_open_assembly_shipment']:visible",
            run: "click",
        },
        ...typing,
        ...Object.entries(figures).map(([field, figure]) => ({
            content: `${field} of ${product} is ${figure}`,
            trigger: `${shipped} td[name='${field}']:text(${figure})`,
        })),
        {
            content: "Ship",
            trigger: ".modal-footer button[name='action_ship']",
            run: "click",
        },
        {
            content: "It has been shipped",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

export const saveForm = stepUtils.saveForm;
