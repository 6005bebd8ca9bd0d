import {stepUtils} from "@web_tour/tour_utils";
import tourUtils from "@sale/js/tours/tour_utils";

const QUANTITY = ".o_selected_row [name='product_uom_qty'] input";
const TO_ASSEMBLE = "[name='qty_to_assemble_to_order']";

function row(product) {
    return `[name='order_line'] .o_data_row:contains(${product})`;
}

function chip(product) {
    return `${row(product)} .o_assembly_chip_button`;
}

function panelRow(product) {
    return `.o_assembly_row:has(.o_assembly_title:contains(${product}))`;
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

/**
 * The chip of an order line, and the sentence that it stands for.
 *
 * @param {String} product
 * @param {String} words
 * @param {String} [sentence] how it begins
 * @returns {Object} step
 */
export function checkChip(product, words, sentence = "") {
    return {
        content: `The chip of ${product} says: ${words}`,
        trigger: `${chip(product)}[aria-label^='${sentence}'] .o_assembly_chip:text(${words})`,
    };
}

/**
 * Open what the chip of a line opens, and take one of the answers by its words.
 *
 * @param {String} product
 * @param {String} label
 * @returns {Array} steps
 */
export function answerByChip(product, label) {
    return [
        {
            content: `Open the chip of ${product}`,
            trigger: chip(product),
            run: "click",
        },
        {
            content: `Answer "${label}"`,
            trigger: `.o_popover .o_assembly_answer:text(${label})`,
            run: "click",
        },
    ];
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

export function typeQuantity(product, quantity) {
    return [
        {
            content: "Go to the quantity",
            trigger: `${row(product)} td[name='product_uom_qty']`,
            run: "click",
        },
        {
            content: `Order ${quantity}`,
            trigger: QUANTITY,
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

export function openComponents(product) {
    return {
        content: "Open the components",
        trigger: `${panelRow(product)} [data-action='action_open_assembly_components']`,
        run: "click",
    };
}

/**
 * Need another quantity of a component.
 *
 * @param {String} name
 * @param {Number} quantity
 * @param {Number} position of its row, from 0
 * @returns {Array} steps
 */
export function changeComponent(name, quantity, position) {
    const changed = `.modal .o_data_row:eq(${position}).o_selected_row`;
    return [
        {
            content: `Go to the quantity of ${name}`,
            trigger: `${component(name)} td[name='product_uom_qty']`,
            run: "click",
        },
        {
            content: `Use ${quantity}`,
            trigger: `${changed} [name='product_uom_qty'] input`,
            run: `edit ${quantity}`,
        },
    ];
}

/**
 * Add a component to those that are there already.
 *
 * @param {String} name
 * @param {Number} quantity
 * @param {Number} position of the new row, from 0
 * @returns {Array} steps
 */
export function addComponent(name, quantity, position) {
    const added = `.modal .o_data_row:eq(${position}).o_selected_row`;
    return [
        {
            content: "Add a component",
            trigger: ".modal .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: `Search ${name}`,
            trigger: `${added} [name='product_id'] input`,
            run: `edit ${name}`,
        },
        {
            content: `Take ${name}`,
            trigger: `.o-autocomplete--dropdown-item a:contains(${name})`,
            run: "click",
        },
        {
            content: `Use ${quantity}`,
            trigger: `${added} [name='product_uom_qty'] input`,
            run: `edit ${quantity}`,
        },
    ];
}

export function removeComponent(name) {
    return [
        {
            content: `Leave out ${name}`,
            trigger: `${component(name)} .o_list_record_remove button`,
            run: "click",
        },
        {
            content: `Wait until ${name} is left out`,
            trigger: `.modal:not(:has(.o_data_row:contains(${name})))`,
        },
    ];
}

export function saveComponents() {
    return [
        {
            content: "Save the components",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Wait until the components are closed",
            trigger: "body:not(:has(.modal))",
        },
    ];
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
        openComponents(product),
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

/**
 * Show a column of the order lines that is hidden at first.
 *
 * @param {String} field
 * @returns {Array} steps
 */
export function showColumn(field) {
    return [
        {
            content: "Open the list of columns",
            trigger: "[name='order_line'] .o_optional_columns_dropdown button",
            run: "click",
        },
        {
            content: `Show ${field}`,
            trigger: `.o-dropdown--menu input[name='${field}']`,
            run: "click",
        },
    ];
}

/**
 * Read what is wrong with the bins of an order, and have it mended.
 *
 * @param {...String} texts that the warning has in it
 * @returns {Array} steps
 */
export function mendBins(...texts) {
    const warning = ".o_form_view .alert-warning";
    return [
        ...texts.map((text) => ({
            content: `The warning says ${text}`,
            trigger: `${warning}:contains(${text})`,
        })),
        {
            content: "Take the right bins",
            trigger: `${warning} button[name='action_mend_bins']`,
            run: "click",
        },
        {
            content: "Nothing is wrong any more",
            trigger: "body:not(:has(.o_form_view .alert-warning))",
        },
    ];
}

export function clickInRow(product, button) {
    return [
        {
            content: `Click ${button} of ${product}`,
            trigger: `${row(product)} button[name='${button}']`,
            run: "click",
        },
    ];
}

/**
 * What the panel under the lines says of a line, in words.
 *
 * @param {String} product
 * @param {String} text
 * @returns {Object} step
 */
export function checkPanel(product, text) {
    return {
        content: `The panel says of ${product}: ${text}`,
        trigger: `${panelRow(product)} .o_assembly_status:contains(${text})`,
    };
}

/**
 * The pieces of a line's bar, as they are read below it.
 *
 * @param {String} product
 * @param {Object} pieces {key: text}
 * @returns {Array} steps
 */
export function checkBar(product, pieces) {
    return Object.entries(pieces).map(([key, text]) => ({
        content: `The bar of ${product} has: ${text}`,
        trigger: `${panelRow(product)} .o_assembly_legend[data-segment='${key}']:text(${text})`,
    }));
}

/**
 * Follow a suggestion of the panel, by its words.
 *
 * @param {String} product
 * @param {String} label
 * @returns {Array} steps
 */
export function followSuggestion(product, label) {
    return [
        {
            content: `Click "${label}"`,
            trigger: `${panelRow(product)} [data-action]:text(${label})`,
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

export function checkDone(product, label) {
    return {
        content: `The panel has done: ${label}`,
        trigger: `${panelRow(product)} .o_assembly_done:contains(${label})`,
    };
}

export function undo(product) {
    return {
        content: "Take it back",
        trigger: `${panelRow(product)} .o_assembly_undo`,
        run: "click",
    };
}

export function unfold(product) {
    return {
        content: `Unfold ${product}`,
        trigger: `${panelRow(product)} .o_assembly_toggle[aria-expanded='false']`,
        run: "click",
    };
}

/**
 * The figures and the component that limits most, of an unfolded row.
 *
 * @param {String} product
 * @param {Object} figures {key: text}
 * @param {String} bottleneck name of the component
 * @returns {Array} steps
 */
export function checkDetails(product, figures, bottleneck) {
    return [
        ...Object.entries(figures).map(([key, text]) => ({
            content: `${key} of ${product} is ${text}`,
            trigger: `${panelRow(product)} [data-figure='${key}'] dd:text(${text})`,
        })),
        {
            content: `${bottleneck} limits most`,
            trigger: `${panelRow(product)} tbody tr:first:has(.o_assembly_bottleneck):contains(${bottleneck})`,
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
