import {registry} from "@web/core/registry";
import {saveForm} from "./assemble_to_order_tour_utils";

const START = "div[name='date_start'] .o_field_widget[name='date_start']";

registry.category("web_tour.tours").add("ato_start_later", {
    steps: () => [
        {
            content: "The order of a quotation is a draft",
            trigger: ".o_arrow_button_current:contains(Draft)",
        },
        {
            content: "Go to the start",
            trigger: `${START} :is(button, input)`,
            run: "click",
        },
        {
            content: "Start in a year that is far away",
            trigger: `${START} input`,
            run: "edit 01/15/2035 10:00:00 && press Enter",
        },
        ...saveForm(),
    ],
});
