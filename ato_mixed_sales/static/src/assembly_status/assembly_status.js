import {Component} from "@odoo/owl";

// Colour and shape help; the text says it all
const LOOKS = {
    covered: {color: "text-success", icon: "fa-check-circle"},
    assemble: {color: "text-success", icon: "fa-wrench"},
    could_use_stock: {color: "text-info", icon: "fa-lightbulb-o"},
    components_short: {color: "text-warning", icon: "fa-exclamation-triangle"},
    missing: {color: "text-danger", icon: "fa-exclamation-circle"},
};

/**
 * What covers an assembled line, or what is to be decided, in words and colour.
 */
export class AssemblyStatus extends Component {
    static template = "ato_mixed_sales.AssemblyStatus";
    static props = {status: String, text: String};

    static getColor(status) {
        return LOOKS[status]?.color || "";
    }

    get color() {
        return AssemblyStatus.getColor(this.props.status);
    }

    get icon() {
        return LOOKS[this.props.status]?.icon || "";
    }
}
