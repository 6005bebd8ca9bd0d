import {registry} from "@web/core/registry";
import {
    checkLine,
    clickInRow,
    confirmQuotation,
    followSuggestion,
    mendBins,
    showColumn,
} from "./assemble_to_order_tour_utils";

const DESK = "Oak Writing Desk";

registry.category("web_tour.tours").add("ato_mend_the_bin", {
    steps: () => [
        ...showColumn("bin_location_id"),
        ...checkLine(DESK, {bin_location_id: "ASM/Stock/Assembled"}),
        ...mendBins("6 Units", "0 Units of them", "B1 has 6 Units"),
        ...checkLine(DESK, {bin_location_id: "ASM/Stock/B1"}),
        ...confirmQuotation(),
    ],
});

registry.category("web_tour.tours").add("ato_split_by_source", {
    steps: () => [
        ...showColumn("qty_from_stock"),
        ...followSuggestion(DESK, "Split by source"),
        ...checkLine(DESK, {product_uom_qty: "6.00", qty_from_stock: "6.00"}),
        ...checkLine(DESK, {product_uom_qty: "4.00", qty_from_stock: "0.00"}),
        ...clickInRow(DESK, "action_merge_sources"),
        ...checkLine(DESK, {
            product_uom_qty: "10.00",
            qty_from_stock: "6.00",
            qty_to_assemble_to_order: "4.00",
        }),
        ...followSuggestion(DESK, "Split by source"),
        ...checkLine(DESK, {product_uom_qty: "4.00", qty_from_stock: "0.00"}),
    ],
});
