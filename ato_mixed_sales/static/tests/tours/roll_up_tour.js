import {
    answerByChip,
    checkLine,
    followSuggestion,
    showColumn,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";
import tourUtils from "@sale/js/tours/tour_utils";

const DESK = "Oak Writing Desk";
const PANEL = `.o_assembly_row:has(.o_assembly_title:contains(${DESK}))`;
const LINE = `[name='order_line'] .o_data_row:contains(${DESK})`;

function checkWorth(kind, text) {
    return {
        content: `The panel says of the ${kind}: ${text}`,
        trigger: `${PANEL} .o_assembly_${kind}:contains(${text})`,
    };
}

function typePrice(price) {
    return [
        {
            content: "Go to the price",
            trigger: `${LINE} td[name='price_unit']`,
            run: "click",
        },
        {
            content: `Sell for ${price}`,
            trigger: ".o_selected_row [name='price_unit'] input",
            run: `edit ${price}`,
        },
        ...tourUtils.clickSomewhereElse(),
    ];
}

function decide(question, button) {
    return [
        {
            content: `It is asked: ${question}`,
            trigger: `.modal-body:contains(${question})`,
        },
        {
            content: "Decide",
            trigger: `.modal-footer ${button}`,
            run: "click",
        },
        {
            content: "Wait until it is decided",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

registry.category("web_tour.tours").add("ato_roll_up_price", {
    steps: () => [
        checkWorth("price", "+ 42.00 components"),
        checkWorth("price", "assembled 107.00, from stock 100.00, together 102.80"),
        ...checkLine(DESK, {price_unit: "100.00"}),
        ...followSuggestion(DESK, "Price 102.80"),
        ...checkLine(DESK, {price_unit: "102.80"}),

        // Back in one click
        ...followSuggestion(DESK, "List price 100.00"),
        ...checkLine(DESK, {price_unit: "100.00"}),

        // What somebody typed stays unless he says so
        ...typePrice(95),
        ...followSuggestion(DESK, "Price 102.80"),
        ...decide("95.00, which somebody has typed", ".btn-secondary"),
        ...checkLine(DESK, {price_unit: "95.00"}),
        ...followSuggestion(DESK, "Price 102.80"),
        ...decide("95.00, which somebody has typed", ".btn-primary"),
        ...checkLine(DESK, {price_unit: "102.80"}),
        {
            content: "It is saved",
            trigger: ".o_form_saved .o_assembly_panel",
        },
    ],
});

registry.category("web_tour.tours").add("ato_roll_up_cost", {
    steps: () => [
        checkWorth("cost", "+ 30.00 components"),
        checkWorth("cost", "assembled 63.00, from stock 60.00, together 61.20"),
        ...showColumn("purchase_price"),
        ...checkLine(DESK, {purchase_price: "60.00"}),
        ...answerByChip(DESK, "Cost 61.20"),
        ...checkLine(DESK, {purchase_price: "61.20"}),
        ...followSuggestion(DESK, "Cost of the product"),
        ...checkLine(DESK, {purchase_price: "60.00"}),
        ...followSuggestion(DESK, "Cost 61.20"),
        ...checkLine(DESK, {purchase_price: "61.20"}),
    ],
});
