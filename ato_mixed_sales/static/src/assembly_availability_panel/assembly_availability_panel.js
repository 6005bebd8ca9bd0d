import {Component, toRaw, useEffect, useRef, useState} from "@odoo/owl";
import {AssemblyAvailabilityRow} from "./assembly_availability_row";
import {AssemblyStatus} from "../assembly_status/assembly_status";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {formatQuantity} from "../assembly_figures/assembly_figures";
import {prepareRows} from "./assembly_rows";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useAssemblyAnswers} from "../assembly_figures/assembly_answer";
import {useAssemblyFigures} from "../assembly_figures/assembly_figures_service";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const FEW_ROWS = 5;
const MANY_ROWS = 20;

// What an answer changes of its line, and can be taken back
const CHANGES = {
    action_assemble_missing: "qty_to_assemble_to_order",
    action_take_from_stock: "qty_to_assemble_to_order",
    action_reserve_stock: "reserved_stock_qty",
};

// The same for all lines of the order at once
const ORDER_ANSWERS = {
    action_assemble_missing: {
        action: "action_assemble_all_missing",
        getText: (count) => _t("Assemble all missing (%s)", count),
    },
    action_take_from_stock: {
        action: "action_take_all_from_stock",
        getText: (count) => _t("Take all from stock (%s)", count),
    },
    action_reserve_stock: {
        action: "action_reserve_all_stock",
        getText: (count) => _t("Reserve all (%s)", count),
    },
};

/**
 * How the assembled lines of an order are covered, and what can be done about it.
 *
 * Shown are lines that need a decision and the one that is edited, all on request.
 * Nothing is asked of the server for orders without assembled lines. What is typed has
 * the figures that its line has in the form, saved or not.
 */
export class AssemblyAvailabilityPanel extends Component {
    static template = "ato_mixed_sales.AssemblyAvailabilityPanel";
    static components = {AssemblyAvailabilityRow, AssemblyStatus};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.answers = useAssemblyAnswers();
        this.figures = useAssemblyFigures();
        this.keepLast = new KeepLast();
        this.rootRef = useRef("root");
        this.state = useState({
            rows: [],
            isLoading: false,
            currentKey: false,
            unfolded: {},
            status: false,
            isWhole: false,
            done: null,
        });
        useRecordObserver((record) => this.followRecord(record));
        useEffect(
            () => this.followRecord(this.record),
            () => [this.figures.isAnswering]
        );
        useEffect(
            () => this.restoreFocus(),
            () => [this.state.rows, this.state.done]
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

    /**
     * Whether the figures of what was typed last are still to come.
     */
    get isUnknown() {
        return this.figures.areAwaited;
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
        if (!this.hasAssembledLines) {
            return [];
        }
        return prepareRows(this.lines, this.state.rows, this.record.dirty);
    }

    /**
     * Lines that need a decision, and the one that is edited, or was answered last.
     */
    get pressingRows() {
        const {rows} = this;
        if (rows.length === 1) {
            return rows;
        }
        const {currentKey, done} = this.state;
        const keys = [currentKey, done?.key];
        return rows.filter((row) => row.needsDecision || keys.includes(row.key));
    }

    get shownRows() {
        const {status, isWhole} = this.state;
        if (status) {
            return this.rows.filter((row) => row.status === status);
        }
        return isWhole ? this.rows : this.pressingRows.slice(0, MANY_ROWS);
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
            late: _t("Late"),
            mixed: _t("Two sources"),
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

    /**
     * What can be answered for several lines at once, with how much that is.
     *
     * @returns {Object[]} `{action, text}`
     */
    get orderAnswers() {
        return Object.entries(ORDER_ANSWERS)
            .map(([name, {action, getText}]) => {
                const suggested = this.rows.flatMap(({uom, suggestions}) =>
                    suggestions
                        .filter((suggestion) => suggestion.action === name)
                        .map(({qty}) => ({uom, qty}))
                );
                return {action, suggested, getText};
            })
            .filter(({suggested}) => suggested.length > 1)
            .map(({action, suggested, getText}) => ({
                action,
                text: getText(this.countSuggested(suggested)),
            }));
    }

    /**
     * The sum, by unit where there are several: units and dozens do not add up.
     */
    countSuggested(suggested) {
        const sums = {};
        for (const {uom, qty} of suggested) {
            sums[uom] = (sums[uom] || 0) + qty;
        }
        const isOneUnit = Object.keys(sums).length === 1;
        return Object.entries(sums)
            .map(([uom, qty]) => {
                const text = formatQuantity(qty, this.digits);
                return isOneUnit ? text : `${text} ${uom}`;
            })
            .join(" + ");
    }

    get showAllText() {
        return _t("Show all %s lines", this.rows.length);
    }

    isUnfolded(row) {
        return this.state.unfolded[row.key] ?? row.key === this.state.currentKey;
    }

    // What the record tells

    followRecord(record) {
        const {editedRecord} = record.data.order_line;
        const edited = editedRecord && (editedRecord.resId || editedRecord.id);
        if (edited && edited !== this.state.currentKey) {
            this.state.currentKey = edited;
        }
        // What is answered is read once, at its end
        if (!this.figures.isAnswering) {
            this.load(record);
        }
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
            Object.assign(this.state, {currentKey: false, unfolded: {}, rows: []});
            Object.assign(this.state, {status: false, isWhole: false});
        }
        this.state.done = null;
        if (record.isNew || !record.data.has_assembled_lines) {
            this.state.rows = [];
            return;
        }
        this.state.isLoading = true;
        try {
            this.state.rows = await this.keepLast.add(
                this.orm.call("sale.order", "get_assembly_availability", [record.resId])
            );
        } finally {
            this.state.isLoading = false;
        }
    }

    // What people do

    toggle(row) {
        this.state.unfolded[row.key] = !this.isUnfolded(row);
    }

    choose(status) {
        this.state.status = this.state.status === status ? false : status;
    }

    showAll() {
        this.state.isWhole = true;
    }

    /**
     * The record of a row, where the list has it on its page.
     */
    getLine({key}) {
        return this.lines.records.find(({resId, id}) => key === (resId || id));
    }

    /**
     * What was done last for this row, while it is as it was then.
     */
    getDone(row) {
        const {done} = this.state;
        const isDone = done?.key === row.key && row[done.name] === done.after;
        return isDone ? done : undefined;
    }

    async apply(row, suggestion) {
        const line = this.getLine(row);
        if (!line) {
            if (await this.answers.ask(suggestion)) {
                await this.execute(row, suggestion.action);
            }
            return;
        }
        this.focusedKey = row.key;
        const answered = await this.answers.answer(line, suggestion);
        if (!answered) {
            return;
        }
        await this.load(this.record);
        this.keepDone(row, suggestion, answered);
    }

    /**
     * Remember what was done last, unless taking it back would take back more.
     *
     * @param {Object} row as it was before
     * @param {Object} suggestion that was followed
     * @param {Object} answered record of the line
     */
    keepDone(row, {action, label}, answered) {
        const name = CHANGES[action];
        const key = answered.resId || answered.id;
        const found = this.rows.find((other) => other.key === key);
        // Letting go lets go of everything
        if (!found || !name || (name === "reserved_stock_qty" && row[name])) {
            return;
        }
        this.focusedKey = key;
        const change = {name, before: row[name], after: found[name]};
        this.state.done = {key, text: label, ...change};
    }

    letGo(row) {
        return this.execute(row, "action_unreserve_stock");
    }

    /**
     * Take back what was done last: that, and not what somebody has changed since.
     */
    async undo() {
        const {key, name, before, after} = this.state.done;
        const line = this.getLine({key});
        this.focusedKey = key;
        this.state.done = null;
        if (line?.isNew) {
            await line.update({[name]: before});
            return;
        }
        await this.figures.whileAnswering(async () => {
            if (await this.record.save()) {
                const change = [name, after, before];
                const undone = this.orm.call(
                    "sale.order.line",
                    "undo_answer",
                    [[key], ...change],
                    {context: this.record.context}
                );
                await undone.finally(() => this.record.load());
            }
        });
    }

    /**
     * Call a method of a line as a button of the form: saves before, reloads after.
     */
    async execute(row, action) {
        const {context, evalContext} = this.record;
        const line = {resModel: "sale.order.line", resId: row.line_id};
        this.focusedKey = row.key;
        await this.answers.execute({...line, context, evalContext}, action);
        await this.load(this.record);
    }

    async answerAll(action) {
        await this.answers.execute(this.record, action);
        await this.load(this.record);
    }

    /**
     * The button that was pressed may be gone: stay at the row, for keyboards.
     */
    restoreFocus() {
        const key = this.focusedKey;
        if (!key || this.state.isLoading || this.figures.isAnswering) {
            return;
        }
        this.focusedKey = null;
        const row = this.rootRef.el?.querySelector(`[data-line-id='${key}']`);
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
