import {
    checkBar,
    checkChip,
    checkDetails,
    checkDone,
    checkLine,
    checkPanel,
    createQuotation,
    followSuggestion,
    showColumn,
    typeQuantity,
    typeToAssemble,
    undo,
    unfold,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";
import tourUtils from "@sale/js/tours/tour_utils";

const DESK = "Oak Writing Desk";
const COUNTER = "Bespoke Counter";
const CABINET = "Filing Cabinet";

function isNew() {
    return {
        content: "The quotation is not saved",
        trigger: ".o_form_dirty, .o_form_status_indicator_buttons:not(.invisible)",
    };
}

registry.category("web_tour.tours").add("ato_answer", {
    steps: () => [
        // What is missing is assembled, taken back, and assembled again
        ...showColumn("qty_from_stock"),
        checkChip(DESK, "4 missing", "4 missing"),
        checkPanel(DESK, "4 missing"),
        ...checkBar(DESK, {free: "6 Free in stock", missing: "4 Not covered"}),
        ...followSuggestion(DESK, "Assemble 4"),
        checkDone(DESK, "Assemble 4"),
        ...checkLine(DESK, {qty_from_stock: "6.00", qty_to_assemble_to_order: "4.00"}),
        undo(DESK),
        ...checkLine(DESK, {qty_to_assemble_to_order: "0.00"}),
        checkPanel(DESK, "4 missing"),
        ...followSuggestion(DESK, "Assemble 4"),
        checkPanel(DESK, "6 in stock + 4 to assemble"),

        // Stock that is free is taken instead of assembled
        checkChip(COUNTER, "3 free", "3 in stock could be used"),
        ...followSuggestion(COUNTER, "Take 3 from stock"),
        checkDone(COUNTER, "Take 3 from stock"),
        ...checkLine(COUNTER, {
            qty_from_stock: "3.00",
            qty_to_assemble_to_order: "2.00",
        }),

        // What is short, and of what
        checkPanel(CABINET, "components short: 2 of 5"),
        unfold(CABINET),
        ...checkDetails(
            CABINET,
            {able_to_assemble_qty: "2", components_short_qty: "3"},
            "Drawer"
        ),

        // While typing, line and panel say it before it is saved, and what to do
        ...typeQuantity(DESK, 12),
        checkChip(DESK, "2 missing", "2 missing"),
        checkPanel(DESK, "2 missing"),
        {
            content: "The order is not saved",
            trigger: ".o_form_status_indicator_buttons:not(.invisible)",
        },
        ...followSuggestion(DESK, "Assemble 2"),
        ...checkLine(DESK, {qty_to_assemble_to_order: "6.00"}),
    ],
});

registry.category("web_tour.tours").add("ato_answer_on_phone", {
    steps: () => [
        {
            content: "The card of the line says what is missing",
            trigger: `.o_kanban_record:contains(${DESK}) .o_assembly_chip.text-danger:contains(4 missing)`,
        },
        ...followSuggestion(DESK, "Assemble 4"),
        checkDone(DESK, "Assemble 4"),
        unfold(DESK),
        {
            content: "The row is no wider than the screen",
            trigger: ".o_assembly_details",
            run: ({anchor}) => {
                if (anchor.getBoundingClientRect().right > window.innerWidth) {
                    console.error("The panel is wider than the screen");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("ato_answer_unsaved", {
    steps: () => [
        // A new quotation says what is missing, and takes the answer, before it is saved
        ...createQuotation("Northwind Offices", DESK, 10),
        ...showColumn("qty_from_stock"),
        checkPanel(DESK, "4 missing"),
        ...followSuggestion(DESK, "Assemble 4"),
        ...checkLine(DESK, {qty_from_stock: "6.00", qty_to_assemble_to_order: "4.00"}),
        checkPanel(DESK, "6 in stock + 4 to assemble"),
        undo(DESK),
        ...checkLine(DESK, {qty_to_assemble_to_order: "0.00"}),
        checkPanel(DESK, "4 missing"),
        isNew(),

        // All lines at once: it is saved first, as by Odoo's own buttons
        ...tourUtils.addProduct(COUNTER),
        {
            content: "Wait until the product is known",
            trigger: ".o_selected_row td[name='price_subtotal']:contains(100)",
        },
        ...tourUtils.clickSomewhereElse(),
        ...typeToAssemble(COUNTER, 0),
        checkPanel(COUNTER, "1 missing"),
        checkPanel(DESK, "4 missing"),
        isNew(),
        {
            content: "Assemble all that is missing",
            trigger:
                ".o_assembly_answer_all:contains(Assemble all missing):contains(5)",
            run: "click",
        },
        ...checkLine(DESK, {qty_to_assemble_to_order: "4.00"}),
        ...checkLine(COUNTER, {qty_to_assemble_to_order: "1.00"}),
        {
            content: "The quotation is saved",
            trigger: ".o_form_saved .o_assembly_panel",
        },
    ],
});
