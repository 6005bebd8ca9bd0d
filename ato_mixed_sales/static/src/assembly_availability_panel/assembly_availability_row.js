import {
    formatDay,
    formatQuantity,
    prepareFigure,
} from "../assembly_figures/assembly_figures";
import {AssemblyStatus} from "../assembly_status/assembly_status";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

// What covers a line, best first: solid is certain, pale or striped is not
const SEGMENTS = {
    delivered: "bg-secondary",
    reserved: "bg-success",
    free: "bg-success bg-opacity-50",
    expected: "bg-info bg-opacity-50",
    assembled: "bg-primary",
    able: "bg-primary bg-opacity-75",
    short: "bg-warning progress-bar-striped",
    missing: "bg-danger progress-bar-striped",
};

// What settles something at once stands out from what opens a dialog or is a choice
const ANSWERS = [
    "action_assemble_missing",
    "action_take_from_stock",
    "action_reserve_stock",
    "action_mend_bin",
    "action_roll_up_price",
    "action_roll_up_cost",
];

/**
 * One assembled line of the panel: its bar, its answers and, unfolded, its figures.
 */
export class AssemblyAvailabilityRow extends Component {
    static template = "ato_mixed_sales.AssemblyAvailabilityRow";
    static components = {AssemblyStatus};
    static props = {
        row: Object,
        digits: {type: Array, optional: true},
        isCurrent: Boolean,
        isUnfolded: Boolean,
        isUnknown: Boolean,
        canLetGo: Boolean,
        done: {type: Object, optional: true},
        onToggle: Function,
        onApply: Function,
        onLetGo: Function,
        onUndo: Function,
    };

    get detailsId() {
        return `assembly_availability_${this.props.row.key}`;
    }

    get suggestions() {
        return this.props.row.suggestions.map((suggestion) => ({
            ...suggestion,
            className: ANSWERS.includes(suggestion.action)
                ? "btn-secondary"
                : "btn-link",
        }));
    }

    get segments() {
        const {qty, segments} = this.props.row;
        if (this.props.isUnknown) {
            return [];
        }
        return segments.map((segment) => ({
            ...segment,
            className: SEGMENTS[segment.key] || "bg-secondary",
            share: qty ? (100 * segment.qty) / qty : 0,
            caption: `${this.format(segment.qty)} ${segment.label}`,
        }));
    }

    get barLabel() {
        if (this.props.isUnknown) {
            return _t("Not known yet");
        }
        return this.segments.map(({caption}) => caption).join(", ");
    }

    /**
     * What becomes of the promised day, as far as something of the line is open.
     *
     * @returns {String}
     */
    get promiseText() {
        return this.props.isUnknown ? "" : this.props.row.promise_text || "";
    }

    /**
     * The figures of the line in the words of its fields, by what they are about.
     *
     * What is nothing is left out.
     *
     * @returns {Object[]} `{key, title, figures}`, see `prepareFigure`
     */
    get groups() {
        return this.allGroups
            .map((group) => ({
                ...group,
                figures: group.figures.filter(({isNothing}) => !isNothing),
            }))
            .filter(({figures}) => figures.length);
    }

    get allGroups() {
        const {row, digits} = this.props;
        const prepare = (keys) => keys.map((key) => prepareFigure(row, key, digits));
        return [
            {
                key: "order",
                title: _t("Order"),
                figures: [
                    ...prepare(["qty", "qty_delivered", "missing_qty"]),
                    this.prepareDay("delivery_date", _t("Delivery Date")),
                    this.prepareDay("availability_date", _t("Available On")),
                ],
            },
            {
                key: "stock",
                title: _t("Stock"),
                figures: prepare([
                    "qty_from_stock",
                    "reserved_stock_qty",
                    "free_stock_qty",
                    "expected_stock_qty",
                    "deductible_qty",
                ]),
            },
            {
                key: "assembly",
                title: _t("Assembly"),
                figures: prepare([
                    "qty_to_assemble_to_order",
                    "qty_assembled",
                    "remaining_qty",
                    "able_to_assemble_qty",
                    "components_short_qty",
                ]),
            },
        ];
    }

    prepareDay(key, label) {
        const {row} = this.props;
        return {
            key,
            label,
            text: formatDay(row[key]) || "–",
            isNothing: !row[key],
            isProblem: key === "availability_date" && row.is_late,
        };
    }

    get components() {
        return this.props.row.components.map((component) => ({
            ...component,
            required: `${this.format(component.required_qty)} ${component.uom}`,
            reserved: this.format(component.reserved_qty),
            available: this.format(component.available_qty),
            missing: this.format(component.missing_qty),
            date: formatDay(component.availability_date) || "–",
            canBeMade:
                component.can_be_made_qty === false
                    ? ""
                    : _t("%s can be made", this.format(component.can_be_made_qty)),
            enoughFor: component.is_bottleneck
                ? _t("Enough for %s only", this.format(component.able_to_assemble_qty))
                : "",
        }));
    }

    format(quantity) {
        return formatQuantity(quantity, this.props.digits);
    }
}
