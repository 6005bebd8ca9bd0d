import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/**
 * From stock and assembled: "6 + 4", or "6" where nothing is assembled.
 */
function formatParts(stock, assembly) {
    return assembly === "0" ? stock : `${stock} + ${assembly}`;
}

// Colour and shape help; the words say it all. They are for `status_parts`
const LOOKS = {
    covered: {color: "success", icon: "fa-check-circle", words: formatParts},
    assemble: {color: "success", icon: "fa-wrench", words: formatParts},
    could_use_stock: {
        color: "info",
        icon: "fa-lightbulb-o",
        words: (quantity) => _t("%s free", quantity),
    },
    mixed: {
        color: "warning",
        icon: "fa-random",
        words: (count) => _t("%s sources", count),
    },
    late: {
        color: "warning",
        icon: "fa-clock-o",
        words: (quantity) => _t("%s late", quantity),
    },
    components_short: {
        color: "warning",
        icon: "fa-exclamation-triangle",
        words: (quantity) => _t("%s short", quantity),
    },
    missing: {
        color: "danger",
        icon: "fa-exclamation-circle",
        words: (quantity) => _t("%s missing", quantity),
    },
};

const UNKNOWN = {color: "muted", icon: ""};

/**
 * How a status looks, wherever it is shown.
 *
 * @param {String|false} status as `assembly_status` of the line
 * @returns {Object} `{color, icon}`: a colour of Bootstrap and an icon
 */
export function getLook(status) {
    return LOOKS[status] || UNKNOWN;
}

/**
 * A status in as few words as can be.
 *
 * @param {String} status
 * @param {String[]} parts its quantities, formatted
 * @returns {String}
 */
export function getWords(status, parts) {
    return LOOKS[status]?.words(...parts) || "";
}

/**
 * What covers an assembled line, or what is to be decided, in words and colour.
 */
export class AssemblyStatus extends Component {
    static template = "ato_mixed_sales.AssemblyStatus";
    static props = {status: String, text: String};

    get color() {
        return `text-${getLook(this.props.status).color}`;
    }

    get icon() {
        return getLook(this.props.status).icon;
    }
}
