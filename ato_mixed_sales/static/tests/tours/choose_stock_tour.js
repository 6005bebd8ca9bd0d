import {
    checkBar,
    checkLine,
    chooseByKeyboard,
    confirmQuotation,
    followSuggestion,
    reserveChosen,
    saveForm,
    searchStock,
    showColumn,
    typeToAssemble,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";

const COUNTER = "Bespoke Counter";

registry.category("web_tour.tours").add("ato_choose_stock", {
    steps: () => [
        ...showColumn("qty_from_stock"),
        ...typeToAssemble(COUNTER, 6),
        ...saveForm(),
        ...followSuggestion(COUNTER, "Choose stock..."),
        // The oldest are chosen already, and stay in sight
        ...searchStock("shelf 7", "Shelf 3"),
        ...chooseByKeyboard([
            ["Shelf 1", 1],
            ["Shelf 7", 3],
        ]),
        ...reserveChosen(),
        ...checkLine(COUNTER, {
            qty_from_stock: "4.00",
            qty_to_assemble_to_order: "6.00",
        }),
        ...checkBar(COUNTER, {
            reserved: "4 Reserved in stock",
            able: "6 Can be assembled",
        }),
        ...confirmQuotation(),
        ...checkLine(COUNTER, {
            qty_from_stock: "4.00",
            qty_to_assemble_to_order: "6.00",
        }),
        ...checkBar(COUNTER, {reserved: "4 Reserved in stock"}),
    ],
});
