import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("ato_produce", {
    steps: () => [
        {
            content: "The order is marked as assembled to order",
            trigger: ".ribbon:contains(Assemble to Order)",
        },
        {
            content: "Its customer is on it",
            trigger: "[name='ato_partner_id']:contains(Northwind Offices)",
        },
        {
            content: "Produce all",
            trigger: ".o_statusbar_buttons button[name='button_mark_done']:visible",
            run: "click",
        },
        {
            content: "The order is done",
            trigger: ".o_arrow_button_current:contains(Done)",
        },
    ],
});
