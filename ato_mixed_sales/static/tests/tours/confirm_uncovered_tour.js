import {registry} from "@web/core/registry";

const CONFIRM = ".o_statusbar_buttons button[name='action_confirm']:visible";

function uncovered(product) {
    return `.modal .o_assembly_uncovered li:contains(${product})`;
}

function confirm() {
    return {content: "Confirm the quotation", trigger: CONFIRM, run: "click"};
}

registry.category("web_tour.tours").add("ato_answer_and_confirm", {
    steps: () => [
        confirm(),
        {
            content: "It is asked first, with what is missing",
            trigger: `${uncovered("Oak Writing Desk")}:contains(4 missing)`,
        },
        {
            content: "Go back",
            trigger: ".modal-footer button:contains(Back)",
            run: "click",
        },
        {
            content: "It is still a quotation",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current:text(Quotation)",
        },
        confirm(),
        {
            content: "Have it assembled",
            trigger: `${uncovered("Oak Writing Desk")} [data-action='action_assemble_missing']:contains(4)`,
            run: "click",
        },
        {
            content: "It is done",
            trigger: `${uncovered("Oak Writing Desk")} .o_assembly_done`,
        },
        {
            content: "The title says so as well",
            trigger: ".modal-title:text(Everything is covered)",
        },
        {
            content: "Nothing is missing any more: confirm",
            trigger: ".modal-footer .o_assembly_go_on:text(Confirm)",
            run: "click",
        },
        {
            content: "The quotation is a sales order",
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
    ],
});

registry.category("web_tour.tours").add("ato_confirm_anyway", {
    steps: () => [
        confirm(),
        {
            content: "One line is missing all",
            trigger: `${uncovered("Bespoke Counter")}:contains(3 missing)`,
        },
        {
            content: "So is the other",
            trigger: uncovered("Oak Writing Desk"),
        },
        {
            content: "Both could be assembled at once",
            trigger: ".modal-footer .o_assembly_all",
        },
        {
            content: "One click goes on",
            trigger: ".modal-footer .o_assembly_go_on.btn-primary:text(Confirm Anyway)",
            run: "click",
        },
        {
            content: "The quotation is a sales order",
            trigger: ".o_arrow_button_current:contains(Sales Order)",
        },
    ],
});
