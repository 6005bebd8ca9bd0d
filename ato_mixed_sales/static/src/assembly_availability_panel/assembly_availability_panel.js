import {Component, toRaw, useEffect, useRef, useState} from "@odoo/owl";
import {AssemblyAvailabilityRow} from "./assembly_availability_row";
import {AssemblyStatus} from "../assembly_status/assembly_status";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const FEW_ROWS = 5;
const MANY_ROWS = 20;

// The way back of what is done at one click: what to write or call on the line
const WAYS_BACK = {
    action_assemble_missing: ({qty_to_assemble_to_order}) => ({
        write: {qty_to_assemble_to_order},
    }),
    action_take_from_stock: ({qty_to_assemble_to_order}) => ({
        write: {qty_to_assemble_to_order},
    }),
    // Letting go lets go of everything
    action_reserve_stock: ({reserved_stock_qty}) =>
        reserved_stock_qty ? null : {call: "action_unreserve_stock"},
};

/**
 * How the assembled lines of an order are covered, and what can be done about it.
 *
 * Nothing is asked of the server for orders without assembled lines. While a line is
 * typed its figures are those that the line has; components and suggestions are of what
 * is saved, and dimmed until the rest is.
 */
export class AssemblyAvailabilityPanel extends Component {
    static template = "ato_mixed_sales.AssemblyAvailabilityPanel";
    static components = {AssemblyAvailabilityRow, AssemblyStatus};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.rootRef = useRef("root");
        this.state = useState({
            rows: [],
            isLoading: false,
            currentLineId: false,
            unfolded: {},
            status: false,
            isWhole: false,
            done: null,
        });
        useRecordObserver((record) => this.followRecord(record));
        useEffect(
            () => this.restoreFocus(),
            () => [this.state.rows]
        );
    }

    get record() {
        return this.props.record;
    }

    get lines() {
        return this.record.data.order_line;
    }

    get hasAssembledLines() {
        return Boolean(this.record.data.has_assembled_lines);
    }

    get isOutdated() {
        return this.record.dirty || this.record.isNew;
    }

    get digits() {
        return this.lines.fields.product_uom_qty?.digits;
    }

    get canLetGo() {
        return !this.record.data.locked && this.record.data.state !== "cancel";
    }

    /**
     * Assembled lines of the order as it is on the screen, while it is typed as well.
     */
    get rows() {
        if (!this.hasAssembledLines || this.record.isNew) {
            return [];
        }
        const {currentIds, records} = this.lines;
        const shown = new Set(currentIds);
        const rows = this.state.rows.filter((row) => shown.has(row.line_id));
        if (!this.isOutdated) {
            return rows;
        }
        const typed = Object.fromEntries(records.map(({resId, data}) => [resId, data]));
        return rows.map((row) => ({...row, ...this.getTyped(typed[row.line_id])}));
    }

    /**
     * The figures of a line as it is typed: not its components, nor the suggestions.
     *
     * @param {Object} [data] of a line, unless it is on another page of the list
     * @returns {Object} what is to be different in the row
     */
    getTyped(data) {
        if (!data?.assembly_figures) {
            return {};
        }
        return {
            qty: data.product_uom_qty,
            qty_from_stock: data.qty_from_stock,
            qty_to_assemble_to_order: data.qty_to_assemble_to_order,
            ...data.assembly_figures,
        };
    }

    get filteredRows() {
        const {status} = this.state;
        return status ? this.rows.filter((row) => row.status === status) : this.rows;
    }

    get shownRows() {
        return this.state.isWhole
            ? this.filteredRows
            : this.filteredRows.slice(0, MANY_ROWS);
    }

    get hasManyRows() {
        return this.rows.length > FEW_ROWS;
    }

    /**
     * What is to be decided, by status, for the buttons that choose among many rows.
     */
    get alerts() {
        const texts = {
            missing: _t("Missing"),
            components_short: _t("Components short"),
            could_use_stock: _t("Stock could be used"),
        };
        return Object.entries(texts)
            .map(([status, text]) => ({
                status,
                count: this.rows.filter((row) => row.status === status).length,
                text,
            }))
            .filter(({count}) => count)
            .map(({status, count, text}) => ({status, text: `${text}: ${count}`}));
    }

    get showAllText() {
        return _t("Show all %s lines", this.filteredRows.length);
    }

    isUnfolded(row) {
        const isCurrent = row.line_id === this.state.currentLineId;
        return this.state.unfolded[row.line_id] ?? isCurrent;
    }

    // What the record tells

    followRecord(record) {
        const lines = record.data.order_line;
        const edited = lines.editedRecord?.resId;
        if (edited && edited !== this.state.currentLineId) {
            this.state.currentLineId = edited;
        }
        this.load(record);
    }

    /**
     * Ask for the figures, once for each time that the record comes from the server.
     *
     * @param {Object} record
     * @returns {Promise}
     */
    load(record) {
        // A record that comes from the server has a new list of lines
        const lines = toRaw(record.data.order_line);
        if (lines !== this.loadedLines) {
            const isSameOrder = record.resId === this.loadedId;
            this.loadedLines = lines;
            this.loadedId = record.resId;
            this.loading = this.fetch(record, isSameOrder);
        }
        return this.loading;
    }

    async fetch(record, isSameOrder) {
        if (!isSameOrder) {
            Object.assign(this.state, {currentLineId: false, unfolded: {}, rows: []});
            Object.assign(this.state, {status: false, isWhole: false});
        }
        this.state.done = null;
        const done = this.doing;
        if (record.isNew || !record.data.has_assembled_lines) {
            this.state.rows = [];
            return;
        }
        this.state.isLoading = true;
        try {
            this.state.rows = await this.keepLast.add(
                this.orm.call("sale.order", "get_assembly_availability", [record.resId])
            );
            this.state.done = done || null;
        } finally {
            this.state.isLoading = false;
        }
    }

    // What people do

    toggle(row) {
        this.state.unfolded[row.line_id] = !this.isUnfolded(row);
    }

    choose(status) {
        this.state.status = this.state.status === status ? false : status;
    }

    showAll() {
        this.state.isWhole = true;
    }

    async save() {
        await this.record.save();
    }

    async apply(row, suggestion) {
        if (!(await this.isUpToDate(row, suggestion))) {
            return;
        }
        const back = WAYS_BACK[suggestion.action]?.(row);
        const done = back && {lineId: row.line_id, text: suggestion.label, back};
        await this.execute(row, suggestion.action, done);
    }

    letGo(row) {
        return this.execute(row, "action_unreserve_stock");
    }

    /**
     * Take back what was done last, the way Odoo's own buttons do things.
     */
    async undo() {
        const {lineId, back} = this.state.done;
        if (!(await this.record.save())) {
            return;
        }
        if (back.call) {
            await this.execute({line_id: lineId}, back.call);
            return;
        }
        this.focusedLineId = lineId;
        await this.orm.write("sale.order.line", [lineId], back.write);
        await this.record.load();
    }

    /**
     * Whether the suggestion is still true when what is on the screen is saved.
     */
    async isUpToDate(row, {action, qty}) {
        if (!(await this.record.isDirty())) {
            return true;
        }
        if (!(await this.record.save())) {
            return false;
        }
        await this.load(this.record);
        const saved = this.state.rows.find(({line_id}) => line_id === row.line_id);
        if (saved?.suggestions.some((s) => s.action === action && s.qty === qty)) {
            return true;
        }
        this.notification.add(
            _t("The order is saved and the figures have changed: choose again."),
            {type: "info"}
        );
        return false;
    }

    /**
     * Call a method of a line as a button of the form: saves before, reloads after.
     */
    async execute(row, action, done) {
        this.doing = done;
        this.focusedLineId = row.line_id;
        try {
            await this.env.onClickViewButton({
                clickParams: {type: "object", name: action},
                getResParams: () => ({
                    resModel: "sale.order.line",
                    resId: row.line_id,
                    resIds: [row.line_id],
                    context: this.record.context,
                    evalContext: this.record.evalContext,
                }),
            });
            await this.load(this.record);
        } finally {
            this.doing = null;
        }
    }

    /**
     * The button that was pressed may be gone: stay at the row, for keyboards.
     */
    restoreFocus() {
        const lineId = this.focusedLineId;
        if (!lineId || this.state.isLoading) {
            return;
        }
        this.focusedLineId = null;
        const row = this.rootRef.el?.querySelector(`[data-line-id='${lineId}']`);
        if (row && document.activeElement === document.body) {
            const undo = row.querySelector(".o_assembly_undo");
            (undo || row.querySelector(".o_assembly_toggle")).focus();
        }
    }
}

export const assemblyAvailabilityPanel = {
    component: AssemblyAvailabilityPanel,
    fieldDependencies: [
        {name: "has_assembled_lines", type: "boolean"},
        {name: "locked", type: "boolean"},
        {name: "state", type: "selection"},
    ],
};

registry
    .category("view_widgets")
    .add("assembly_availability_panel", assemblyAvailabilityPanel);
