import {registry} from "@web/core/registry";

function first(text) {
    return `.o_data_row:first:contains(${text})`;
}

registry.category("web_tour.tours").add("ato_lines_to_promise", {
    steps: () => [
        {
            content: "The soonest is the first, without a zero in it",
            trigger: `${first("Oak Writing Desk")} [name='missing_qty']:contains(3.00)`,
        },
        {
            content: "Nothing is short of components: no figure",
            trigger: `${first("Oak Writing Desk")} [name='components_short_qty']:not(:contains(0))`,
        },
        {
            content: "Have it assembled",
            trigger: `${first("Oak Writing Desk")} button[name='action_assemble_missing']`,
            run: "click",
        },
        {
            content: "The next one is the first now",
            trigger: `${first("Oak Writing Desk")} [name='missing_qty']:contains(5.00)`,
        },
        {
            content: "Click the row",
            trigger: `${first("Oak Writing Desk")} td[name='order_partner_id']`,
            run: "click",
        },
        {
            content: "Its order is open",
            trigger:
                ".o_form_view [name='order_line'] .o_data_row:contains(Oak Writing Desk) td[name='product_uom_qty']:contains(5.00)",
        },
    ],
});
