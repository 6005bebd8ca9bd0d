import {
    checkAssemblyOrderCount,
    checkBar,
    checkChip,
    checkDeliveryRow,
    checkLine,
    confirmQuotation,
    createQuotation,
    followSuggestion,
    saveForm,
    showColumn,
    typeToAssemble,
    validateDelivery,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";

const COUNTER = "Bespoke Counter";

registry.category("web_tour.tours").add("ato_make_to_order_quote", {
    steps: () => [
        ...createQuotation("Northwind Offices", COUNTER, 10),
        ...showColumn("qty_from_stock"),
        ...checkLine(COUNTER, {
            product_uom_qty: "10.00",
            qty_from_stock: "0.00",
            qty_to_assemble_to_order: "10.00",
        }),
        ...saveForm(),
        checkAssemblyOrderCount(1),
    ],
});

registry.category("web_tour.tours").add("ato_make_to_order_sell", {
    steps: () => [
        ...showColumn("qty_from_stock"),
        ...typeToAssemble(COUNTER, 6),
        ...checkLine(COUNTER, {
            product_uom_qty: "10.00",
            qty_from_stock: "4.00",
            qty_to_assemble_to_order: "6.00",
        }),
        ...saveForm(),
        ...confirmQuotation(),
        ...checkLine(COUNTER, {
            qty_from_stock: "4.00",
            qty_to_assemble_to_order: "6.00",
        }),
        checkChip(COUNTER, "4 + 6", "4 in stock + 6 to assemble"),
        ...checkBar(COUNTER, {free: "4 Free in stock", able: "6 Can be assembled"}),
        ...followSuggestion(COUNTER, "Reserve 4"),
        ...checkBar(COUNTER, {
            reserved: "4 Reserved in stock",
            able: "6 Can be assembled",
        }),
    ],
});

registry.category("web_tour.tours").add("ato_make_to_order_deliver", {
    steps: () => [
        checkDeliveryRow("From stock", "4.00"),
        checkDeliveryRow("Assembled to order", "6.00"),
        ...validateDelivery(),
    ],
});
