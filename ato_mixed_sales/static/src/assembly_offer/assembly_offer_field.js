import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * What a line is worth by what it is made of: the sentence of a `panel.Offer`.
 */
export class AssemblyOfferField extends Component {
    static template = "ato_mixed_sales.AssemblyOfferField";
    static props = {...standardFieldProps};

    get text() {
        return this.props.record.data[this.props.name]?.text || "";
    }
}

export const assemblyOfferField = {
    component: AssemblyOfferField,
    supportedTypes: ["json"],
};

registry.category("fields").add("assembly_offer", assemblyOfferField);
