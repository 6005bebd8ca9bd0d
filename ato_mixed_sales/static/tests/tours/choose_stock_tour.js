import {
    checkLine,
    chooseByKeyboard,
    confirmQuotation,
    openReservation,
    reserveChosen,
    saveForm,
    searchStock,
    typeToAssemble,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";

const COUNTER = "Bespoke Counter";

registry.category("web_tour.tours").add("ato_choose_stock", {
    steps: () => [
        ...typeToAssemble(COUNTER, 6),
        ...saveForm(),
        ...openReservation(COUNTER),
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
            reserved_qty: "4.00",
        }),
        ...confirmQuotation(),
        ...checkLine(COUNTER, {
            qty_from_stock: "4.00",
            qty_to_assemble_to_order: "6.00",
            reserved_qty: "10.00",
        }),
    ],
});
