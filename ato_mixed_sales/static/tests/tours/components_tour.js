import {
    addComponent,
    changeComponent,
    openComponents,
    removeComponent,
    saveComponents,
} from "./assemble_to_order_tour_utils";
import {registry} from "@web/core/registry";

const COUNTER = "Bespoke Counter";

registry.category("web_tour.tours").add("ato_edit_components", {
    steps: () => [
        openComponents(COUNTER),
        ...removeComponent("Bespoke Top"),
        ...addComponent("Bespoke Lamp", 2, 1),
        ...changeComponent("Table Leg", 20, 0),
        ...saveComponents(),
        openComponents(COUNTER),
        ...changeComponent("Bespoke Lamp", 3, 1),
        ...saveComponents(),
    ],
});

registry.category("web_tour.tours").add("ato_add_component", {
    steps: () => [
        openComponents(COUNTER),
        ...changeComponent("Table Leg", 22, 0),
        ...addComponent("Bespoke Top", 4, 2),
        ...saveComponents(),
    ],
});
