import {AssemblyStatus} from "./assembly_status";
import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * The status of a line in words, in lists of lines: as everywhere, see AssemblyStatus.
 */
export class AssemblyStatusField extends Component {
    static template = "ato_mixed_sales.AssemblyStatusField";
    static components = {AssemblyStatus};
    static props = {...standardFieldProps};

    get status() {
        return this.props.record.data.assembly_status;
    }

    get text() {
        return this.props.record.data[this.props.name] || "";
    }
}

registry.category("fields").add("assembly_status", {
    component: AssemblyStatusField,
    supportedTypes: ["char"],
    fieldDependencies: [{name: "assembly_status", type: "selection"}],
});
