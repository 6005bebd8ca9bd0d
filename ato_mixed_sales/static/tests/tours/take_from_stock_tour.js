import {
    checkAssemblyOrderCount,
    checkBar,
    checkChip,
    checkComponents,
    checkDeliveryRow,
    checkLine,
    confirmQuotation,
    createQuotation,
    saveForm,
    showColumn,
    typeToAssemble,
    validateDelivery,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";

const DESK = "Oak Writing Desk";

registry.category("web_tour.tours").add("ato_take_from_stock_sell", {
    steps: () => [
        ...createQuotation("Northwind Offices", DESK, 10),
        ...showColumn("qty_from_stock"),
        ...checkLine(DESK, {
            product_uom_qty: "10.00",
            qty_from_stock: "10.00",
            qty_to_assemble_to_order: "0.00",
        }),
        checkChip(DESK, "4 missing", "4 missing"),
        ...typeToAssemble(DESK, 4),
        ...checkLine(DESK, {
            product_uom_qty: "10.00",
            qty_from_stock: "6.00",
            qty_to_assemble_to_order: "4.00",
        }),
        checkChip(DESK, "6 + 4", "6 in stock + 4 to assemble"),
        ...saveForm(),
        checkAssemblyOrderCount(1),
        ...checkComponents(DESK, {"Table Leg": "16.00", "Table Top": "4.00"}),
        ...confirmQuotation(),
        ...checkLine(DESK, {
            qty_from_stock: "6.00",
            qty_to_assemble_to_order: "4.00",
        }),
        ...checkBar(DESK, {
            reserved: "6 Reserved in stock",
            able: "4 Can be assembled",
        }),
    ],
});

registry.category("web_tour.tours").add("ato_take_from_stock_deliver", {
    steps: () => [
        checkDeliveryRow("From stock", "6.00"),
        checkDeliveryRow("Assembled to order", "4.00"),
        ...validateDelivery(),
    ],
});
