import {registry} from "@web/core/registry";

const CANCEL = ".o_statusbar_buttons button[name='action_cancel']:visible";

function search(text, field) {
    return [
        {
            content: `Search ${text}`,
            trigger: ".o_searchview_input",
            run: `edit ${text}`,
        },
        {
            content: `As ${field}`,
            trigger: `.o_searchview_autocomplete .o-dropdown-item:contains(${field})`,
            run: "click",
        },
    ];
}

function cancelled() {
    return {
        content: "The order is cancelled",
        trigger: ".o_arrow_button_current:contains(Cancelled)",
    };
}

registry.category("web_tour.tours").add("ato_cancel_for_customer", {
    steps: () => [
        {content: "Cancel the order", trigger: CANCEL, run: "click"},
        {
            content: "It is said who waits for what",
            trigger:
                ".modal-body:contains(Northwind Offices is waiting for 4.00 Units of Oak Writing Desk)",
        },
        {
            content: "Keep it",
            trigger: ".modal-footer button:text(Keep It)",
            run: "click",
        },
        {
            content: "It is as before",
            trigger:
                "body:not(:has(.modal)) .o_arrow_button_current:contains(Confirmed)",
        },
        {content: "Cancel the order", trigger: CANCEL, run: "click"},
        {
            content: "Cancel it all the same",
            trigger: ".modal-footer button:text(Cancel the Order)",
            run: "click",
        },
        cancelled(),
    ],
});

registry.category("web_tour.tours").add("ato_cancel_for_stock", {
    steps: () => [
        {content: "Cancel the order", trigger: CANCEL, run: "click"},
        {
            content: "Odoo asks, and says nothing of customers",
            trigger: ".modal-footer button:text(Confirm)",
            run: "click",
        },
        cancelled(),
    ],
});

registry.category("web_tour.tours").add("ato_plan_for_customers", {
    steps: () => [
        ...search("Deco", "Customer"),
        {
            content: "One order is for that customer, with its deadline",
            // What is chosen before the list is narrowed is not chosen any more
            trigger:
                "body:not(:has(.o_data_row:not(:contains(Deco Addict)))) " +
                ".o_data_row:contains(Deco Addict):has([name='date_deadline']:not(:empty))",
        },
        {
            content: "Choose it",
            trigger: ".o_data_row:contains(Deco Addict) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Cancel what is chosen",
            trigger: ".o_control_panel button[name='action_cancel']",
            run: "click",
        },
        {
            content: "Odoo asks",
            trigger: ".modal-footer button:text(Ok)",
            run: "click",
        },
        {
            content: "It is said who waits",
            trigger:
                ".modal-body:contains(Deco Addict is waiting for 3.00 Units of Oak Writing Desk)",
        },
        {
            content: "Cancel it all the same",
            trigger: ".modal-footer button:text(Cancel the Order)",
            run: "click",
        },
        {
            content: "It is not to do any more",
            trigger: "body:not(:has(.modal)):not(:has(.o_data_row:contains(Deco)))",
        },
    ],
});
