import {registry} from "@web/core/registry";
import {ship} from "./assemble_to_order_tour_utils";

const DESK = "Oak Writing Desk";

registry.category("web_tour.tours").add("ato_ship_four_then_six", {
    steps: () => [
        ...ship(
            DESK,
            {qty_to_ship: 4},
            {
                qty_from_assembly: "4.00",
                allowed_range: "1.00 – 4.00",
                qty_from_stock: "0.00",
                qty_to_assemble: "4.00",
            }
        ),
        ...ship(
            DESK,
            {},
            {
                shipped_qty: "4.00",
                qty_to_ship: "6.00",
                qty_from_assembly: "3.00",
                qty_from_stock: "3.00",
            }
        ),
        {
            content: "Nothing is left to ship",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name='action_open_assembly_shipment']))",
        },
    ],
});

registry.category("web_tour.tours").add("ato_ship_stock_first", {
    steps: () => [
        ...ship(
            DESK,
            {qty_to_ship: 3, qty_from_assembly: 0},
            {
                allowed_range: "0.00 – 3.00",
                qty_from_stock: "3.00",
                qty_to_assemble: "0.00",
            }
        ),
        ...ship(
            DESK,
            {},
            {
                shipped_qty: "3.00",
                qty_to_ship: "7.00",
                qty_from_assembly: "7.00",
                allowed_range: "7.00",
                qty_from_stock: "0.00",
            }
        ),
    ],
});
